"""The exact number comes first, the name says whose it is, and a name alone is only ever a question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.cases.terms import Risk
from directory.credentials.terms import CredentialStatus as Status
from directory.registries.naming import of_parts
from directory.registries.rosters import matching, rules
from directory.registries.rosters.matching import Entry, Finding, Register, claim
from directory.registries.rosters.terms import News, Reason, Seen

TODAY = date(2026, 1, 15)
YESTERDAY = TODAY - timedelta(days=1)


def entry(family: str = "LOPEZ", given: str = "ANA", middle: str = "", number: str = "717", **facts: Any) -> Entry:
    standard: dict[str, Any] = {
        "jurisdiction": "US-MD",
        "licence_type": "acupuncturist",
        "number": f"U00{number}",
        "number_key": number,
        "written_name": " ".join(filter(None, (given, middle, family))),
        "names": (of_parts(family, given, middle),),
        "status": Status.ACTIVE,
        "raw_status": "A",
        "expires": date(2027, 1, 31),
    }
    return Entry(**standard | facts)


def seen(name: str, *entries: Entry, number: str = "717", today: date = TODAY, **facts: Any) -> Finding:
    return Register(entries).look_up(claim(number, name, **facts), today=today)


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Ana Lopez", entry()),
        ("Ana López", entry()),
        ("LOPEZ, ANA", entry()),
        ("Ana M. Lopez", entry()),
        ("Ana Lopez", entry(middle="MARIA")),
        ("Dr. Ana Lopez, L.Ac.", entry()),
        ("Mary-Ann O'Brien", entry("OBRIEN", "MARYANN")),
        ("Linh J Do", entry("DO", "LINH", "J")),
        ("Li Ma", entry("MA", "LI")),
        ("Wang Fang", entry("WANG", "FANG")),
        ("Ana de la Cruz", entry("DE LA CRUZ", "ANA")),
    ],
)
def test_what_is_the_same_name(name: str, what: Entry) -> None:
    found = seen(name, what)
    assert (found.seen, found.is_theirs) == (Seen.MATCH, True)


@pytest.mark.parametrize(
    ("name", "what", "why"),
    [
        ("Ana Lopez", entry("LOPEZ-KIM"), Reason.NAME_PART),
        ("Ana Lopez", entry("KIM-LOPEZ"), Reason.NAME_PART),
        ("Ana Lopez", entry("LOPEZ", written_name="ANA LOPEZ JR"), Reason.GENERATION),
        ("Judy Lopez", entry("LOPEZ", "JUDITH"), Reason.NAME_SHORT_FORM),
        ("J. Lopez", entry("LOPEZ", "JUDITH"), Reason.NAME_INITIAL),
        ("Ana Figueroa", entry("FIGEROA"), Reason.NAME_SPELLING),
        ("Ana Schmidt", entry("LOPEZ"), Reason.OTHER_FAMILY_NAME),
        ("Ana B Lopez", entry(middle="C"), Reason.OTHER_MIDDLE_NAME),
        ("Jenny Lopez", entry("LOPEZ", "JING", "JENNY"), Reason.NAME_SHORT_FORM),
    ],
)
def test_what_is_another_form_of_a_name(name: str, what: Entry, why: Reason) -> None:
    found = seen(name, what)
    assert (found.seen, found.is_theirs) == (Seen.NAME_VARIANT, True)
    assert why in found.reasons


@pytest.mark.parametrize("name", ["Bela Nagy", "Bela Lopez", "Li Lin"])
def test_a_number_under_another_name_is_a_question_and_hides_nobody(name: str) -> None:
    found = seen(name, entry(status=Status.REVOKED))
    assert (found.seen, found.is_theirs, found.asks) == (Seen.QUESTION, False, True)
    assert found.facts == {Seen.QUESTION}
    assert Reason.OTHER_PERSON in found.reasons


def test_a_first_name_alone_carries_a_licence_in_force_and_no_revocation() -> None:
    assert seen("Ana Schmidt", entry()).seen is Seen.NAME_VARIANT
    assert seen("Ana Schmidt", entry(status=Status.REVOKED)).seen is Seen.QUESTION


def test_a_name_alone_is_a_question_with_everybody_it_could_be() -> None:
    two = entry(number="1", status=Status.REVOKED), entry(number="2", city="TOWSON")
    found = seen("Ana Lopez", *two, number="99")
    assert (found.seen, found.entry, found.asks) == (Seen.ABSENT, None, True)
    assert {each.number_key for each in found.others} == {"1", "2"}
    assert Reason.NAMESAKES in found.reasons
    assert found.facts == {Seen.ABSENT}
    without = seen("Ana Lopez", *two, number="", cities=["Towson"])
    assert (without.seen, without.others[0].number_key) == (Seen.QUESTION, "2")
    assert not seen("Bela Nagy", *two, number="99").asks


def test_of_two_people_with_one_number_the_one_of_the_name_is_taken() -> None:
    other = entry("ZOLTAN", "KISS", status=Status.REVOKED)
    found = seen("Ana Lopez", other, entry())
    assert (found.seen, found.entry, found.others) == (Seen.MATCH, entry(), (other,))
    assert Reason.SEVERAL_PEOPLE in found.reasons


# --- what an entry says ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "what", "also"),
    [
        ({"status": Status.REVOKED, "expires": YESTERDAY, "discipline": "Y"}, Seen.REVOKED, set()),
        ({"status": Status.SURRENDERED}, Seen.REVOKED, set()),
        ({"status": Status.SUSPENDED}, Seen.SUSPENDED, set()),
        ({"status": Status.DELINQUENT}, Seen.EXPIRED, set()),
        ({"expires": YESTERDAY}, Seen.EXPIRED, set()),
        ({"expires": YESTERDAY, "discipline": "Y"}, Seen.EXPIRED, {Seen.DISCIPLINED}),
        ({"status": Status.INACTIVE}, Seen.INACTIVE, set()),
        ({"status": Status.PROBATION}, Seen.DISCIPLINED, set()),
        ({"discipline": "Stipulation"}, Seen.DISCIPLINED, set()),
        ({"status": Status.UNKNOWN}, Seen.QUESTION, set()),
        ({"expires": None}, Seen.MATCH, set()),
    ],
)
def test_what_is_seen_of_a_licence(facts: dict[str, Any], what: Seen, also: set[Seen]) -> None:
    found = seen("Ana Lopez", entry(**facts))
    assert (found.seen, found.facts) == (what, {what} | also)


def test_a_licence_ends_with_its_last_day() -> None:
    last = entry(expires=TODAY)
    assert seen("Ana Lopez", last).seen is Seen.MATCH
    after = seen("Ana Lopez", last, today=TODAY + timedelta(days=1))
    assert (after.seen, after.reasons[-1]) == (Seen.EXPIRED, Reason.DATE_PASSED)


def test_an_order_to_stop_counts_among_several_rows_and_otherwise_the_one_that_runs_longest() -> None:
    old, new = entry(expires=date(2019, 1, 1), status=Status.EXPIRED), entry(licence_type="licensed acupuncturist")
    assert seen("Ana Lopez", old, new).seen is Seen.MATCH
    stopped = replace(old, status=Status.REVOKED, licence_type="x")
    assert seen("Ana Lopez", old, new, stopped).seen is Seen.REVOKED


_NAMES = st.sampled_from(["Ana Lopez", "Bela Nagy", "Li Ma", "J. Lopez"])


@given(
    claimed=st.integers(1, 999),
    named=_NAMES,
    entries=st.lists(
        st.builds(
            entry,
            st.sampled_from(["LOPEZ", "NAGY", "MA"]),
            st.sampled_from(["ANA", "BELA", "LI"]),
            number=st.integers(1, 999).map(str),
            status=st.sampled_from(list(Status)),
        ),
        max_size=6,
    ),
    order=st.randoms(use_true_random=False),
)
def test_whatever_the_file_holds(claimed: int, named: str, entries: list[Entry], order: Any) -> None:
    found = seen(named, *entries, number=str(claimed))
    numbered = [each for each in entries if each.number_key == str(claimed)]
    if not numbered:
        assert found.entry is None
        assert found.facts == {Seen.ABSENT}
    else:
        assert found.entry in numbered
    assert matching.match(claim(str(claimed), named), entries, (), today=TODAY).entry in (found.entry, None)
    shuffled = list(entries)
    order.shuffle(shuffled)
    again = seen(named, *shuffled, number=str(claimed))
    assert (again.seen, again.facts, again.is_theirs) == (found.seen, found.facts, found.is_theirs)


# --- news ------------------------------------------------------------------------------------------------------------


def news(
    after: Finding, before: Finding | None = None, recorded: set[Seen] | None = None, **facts: bool
) -> News | None:
    return rules.news(after, before, frozenset(recorded or ()), checked=facts.get("checked", True))


def test_what_is_news() -> None:
    fine, revoked = seen("Ana Lopez", entry()), seen("Ana Lopez", entry(status=Status.REVOKED))
    expired, gone = seen("Ana Lopez", entry(expires=YESTERDAY)), seen("Ana Lopez")
    other = seen("Bela Nagy", entry(status=Status.REVOKED))
    assert news(fine) is None
    assert news(revoked, fine) is news(revoked) is news(revoked, checked=False) is News.REVOKED
    assert news(revoked, revoked) is news(revoked, None, {Seen.REVOKED}) is None
    assert news(expired, fine) is News.EXPIRED
    assert news(expired, None, {Seen.EXPIRED}) is news(expired, fine, checked=False) is None
    assert news(gone, fine) is news(gone) is News.VANISHED
    assert news(gone, gone) is news(gone, checked=False) is None
    assert news(other, seen("Bela Nagy")) is News.OTHER_NAME
    assert news(other, other) is None
    assert {rules.RISKS[each] for each in News} == {Risk.URGENT, Risk.HIGH, Risk.USUAL}


def test_a_file_that_lost_a_third_is_not_believed() -> None:
    assert rules.lost_too_many(60, 100)
    assert not rules.lost_too_many(95, 100)
    assert not rules.lost_too_many(1, 8)
