"""What the values of a FHIR search mean: dates with prefixes, what is near, lists with escapes, strings folded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.api.fhir import near, paging, preferences
from directory.api.fhir.escapes import plain, split
from directory.api.fhir.outcomes import Refused, outcome
from directory.api.fhir.preferences import Handling
from directory.api.fhir.prefixes import PREFIXES, NotADate, read
from directory.api.fhir.sources import numbered, token
from directory.api.fhir.strings import folded
from directory.geo.distance import distance_km
from directory.search.criteria import DEFAULT_RADIUS_KM

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
INSTANTS = st.integers(631_152_000, 3_786_912_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def holds(text: str, at: datetime) -> bool:
    return bool(read(text).clause(at, now=NOW))


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("2026", "2026-01-01T00:00:00", "2027-01-01T00:00:00"),
        ("2026-12", "2026-12-01T00:00:00", "2027-01-01T00:00:00"),
        ("2024-02-29", "2024-02-29T00:00:00", "2024-03-01T00:00:00"),
        ("2026-11-23T20:00", "2026-11-23T20:00:00", "2026-11-23T20:01:00"),
        ("2026-11-23T20:00:05Z", "2026-11-23T20:00:05", "2026-11-23T20:00:06"),
        ("2026-11-23T20:00:05+01:00", "2026-11-23T19:00:05", "2026-11-23T19:00:06"),
        ("2026-11-23T20:00:05 01:00", "2026-11-23T19:00:05", "2026-11-23T19:00:06"),
        ("2026-11-23T20:00:05.25-08:00", "2026-11-24T04:00:05.250000", "2026-11-24T04:00:05.260000"),
    ],
)
def test_a_date_stands_for_every_instant_it_can_mean(text: str, first: str, end: str) -> None:
    span = read(text)
    assert span.first == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert span.end == datetime.fromisoformat(end).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "26", "2026-13", "2026-02-30", "2026-1-1", "2026-11-23T25:00", "zz2026", "ge", "٢٠٢٦",
     "2026-11-23T20:00:00+99:00"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        read(text)


@given(at=INSTANTS, other=INSTANTS)
def test_prefixes_agree_with_each_other(at: datetime, other: datetime) -> None:
    for text in (f"{other:%Y}", f"{other:%Y-%m}", f"{other:%Y-%m-%d}", f"{other:%Y-%m-%dT%H:%M:%SZ}"):
        found = {prefix: holds(prefix + text, at) for prefix in PREFIXES}
        assert found["eq"] is not found["ne"]
        assert found["ge"] is (found["eq"] or found["gt"])
        assert found["le"] is (found["eq"] or found["lt"])
        assert [found["lt"], found["eq"], found["gt"]].count(True) == 1
        assert found["sa"] is found["gt"]
        assert found["eb"] is found["lt"]
        assert found["ap"] or not found["eq"]


def test_about_a_day_is_a_tenth_of_the_time_that_lies_between() -> None:
    assert holds("ap2026-11-13", NOW - timedelta(days=11))
    assert not holds("ap2026-11-13", NOW - timedelta(days=14))


def test_the_end_of_the_calendar_is_a_date_too() -> None:
    assert holds("le9999-12-31", NOW)
    assert holds("ap9999", NOW) in (True, False)


# --- near ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "km"),
    [
        ("45.5|-122.6|10|km", 10),
        ("45.5|-122.6|10", 10),
        ("45.5|-122.6", DEFAULT_RADIUS_KM),
        ("45.5|-122.6||", DEFAULT_RADIUS_KM),
        ("45.5|-122.6|500|m", 0.5),
        ("45.5|-122.6|1|[mi_i]", 1.609344),
        ("45.5|-122.6|1|[mi_us]", 1.609347),
        ("45.5|-122.6|1|[nmi_i]", 1.852),
        ("45.5|-122.6|3|[ft_i]", 0.0009144),
        ("45.5|-122.6|1e3|m", 1),
        ("+45.5|-1.226e2|0|km", 0),
    ],
)
def test_near_is_a_point_and_a_distance(text: str, km: float) -> None:
    found = near.read(text, "near")
    assert (found.latitude, found.longitude) == (45.5, -122.6)
    assert found.km == pytest.approx(km, rel=1e-6)


@pytest.mark.parametrize(
    "text",
    ["", "45.5", "a|b", "45.5|-122.6|10|parsec", "45.5|-122.6|10|miles", "91|0", "0|181", "nan|0", "inf|0",
     "45.5|-122.6|-1|km",
     "45.5|-122.6||km", "45.5|-122.6|10|km|x", "45.5,-122.6,10", "٤٥|0", "1e99|0|1|km", "45.5|-122.6|1e400|km"],
)  # fmt: skip
def test_what_is_not_near_anything_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused) as refused:
        near.read(text, "near")
    issue = outcome(refused.value.issues)["issue"][0]
    assert issue["code"] == "invalid"
    assert issue["details"]["text"]
    assert issue["expression"] == ["http.near"]


def test_all_round_the_earth_is_far_enough_for_the_antipodes() -> None:
    assert near.read("0|0|1000000|km", "near").km >= distance_km(0.0, 0.0, 0.0, 180.0)


# --- lists, tokens, strings ---------------------------------------------------------------------------------------


@given(st.lists(st.text(alphabet="ab,|$\\ é", min_size=1), min_size=1, max_size=5))
def test_what_is_escaped_comes_back_whole(values: list[str]) -> None:
    def escaped(text: str) -> str:
        return "".join(f"\\{each}" if each in ",|$\\" else each for each in text)

    assert [plain(each) for each in split(",".join(map(escaped, values)), ",")] == values


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("c", {("s", "c"), ("t", "c"), ("", "c")}),
        ("s|c", {("s", "c")}),
        ("|c", {("", "c")}),
        ("s|", {("s", "c"), ("s", "d")}),
    ],
)
def test_a_token_fits_what_it_names(text: str, fits: set[tuple[str, str]]) -> None:
    every = [("s", "c"), ("s", "d"), ("t", "c"), ("", "c"), ("", "d")]
    assert {each for each in every if token(text, "x").fits(*each)} == fits


@pytest.mark.parametrize("text", ["", "|", "a|b|c"])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        token(text, "x")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoë", "zoe"),
        ("O’Neil", "o'neil"),
        ("Straße", "STRASSE"),
        ("Łukasz", "łukasz"),
        ("د. سلمى", "د سلمى"),
        ("Mary-Jane", "mary jane"),
        ("ﬁne", "Fine"),
    ],
)
def test_strings_are_compared_without_case_accents_and_small_signs(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = folded(text) or ""
    assert folded(once) == once


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("07", None), ("-1", None), ("", None), ("9" * 30, None), ("٧", None)]
)
def test_only_our_own_numbers_are_ids(text: str, number: int | None) -> None:
    assert numbered(text) == number


# --- preferences and pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "handling"),
    [
        ("handling=strict", Handling.STRICT),
        ("return=minimal; handling=strict", Handling.STRICT),
        ("respond-async, handling=lenient", Handling.LENIENT),
        ("", Handling.LENIENT),
        ("handling", Handling.LENIENT),
    ],
)
def test_how_what_is_unknown_is_handled(header: str, handling: Handling) -> None:
    assert preferences.handling([header]) is handling


ASKED = [("name", "li"), ("_count", "10")]


@given(value=st.floats(0, 1e16), number=st.integers(0, 2**62), back=st.booleans())
def test_a_page_goes_on_where_the_one_before_ended_and_back(value: float, number: int, back: bool) -> None:
    bound = paging.Bound((value, number), back=back)
    sealed = paging.written(bound, ASKED, kind="Location", secret="s")
    assert paging.read(sealed, ASKED, kind="Location", secret="s") == bound
    assert paging.read(sealed, [("name", "li"), ("_count", "50")], kind="Location", secret="s") == bound


@given(st.data())
def test_a_page_altered_or_of_another_search_is_refused(data: st.DataObject) -> None:
    sealed = paging.written(paging.Bound((1.5, 7)), ASKED, kind="Location", secret="s")
    at = data.draw(st.integers(0, len(sealed) - 2))
    sign = data.draw(st.sampled_from([each for each in "AzQ9-_%é" if each != sealed[at]]))
    for text, asks, kind, secret in (
        (sealed[:at] + sign + sealed[at + 1 :], ASKED, "Location", "s"),
        (sealed, [("name", "lo")], "Location", "s"),
        (sealed, ASKED, "Practitioner", "s"),
        (sealed, ASKED, "Location", "t"),
        (sealed[:at], ASKED, "Location", "s"),
        (data.draw(st.text(max_size=600)), ASKED, "Location", "s"),
    ):
        with pytest.raises(Refused):
            paging.read(text, asks, kind=kind, secret=secret)
