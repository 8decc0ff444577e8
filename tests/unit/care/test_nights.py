"""What a diary hands over for one page: read with care, and put on paper."""

from __future__ import annotations

import copy
import io
import json
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.care import nights, paper
from directory.errors import InvalidInput

LAST = date(2026, 11, 25)
WORDS = paper.Words(
    **{name: f"“{name}” – 夜" for name in paper.Words.__slots__ if name not in ("day", "number")},
    day=lambda day: day.isoformat(),
    number=lambda number: f"{number:g}",
)


def given_summary() -> dict[str, Any]:
    def span(last: date) -> dict[str, Any]:
        return {
            "from": (last - timedelta(days=27)).isoformat(),
            "to": last.isoformat(),
            "nights": 20,
            "intensity": {"nights": 20, "middle": 5, "low": 4, "high": 6.5},
            "awake": None,
            "restless": 18,
            "medicine": 3,
            "iron": 0,
            "treatments": 4,
        }

    return {
        "recent": span(LAST),
        "earlier": span(LAST - timedelta(days=28)),
        "days": [
            {"date": (LAST - timedelta(days=27 - number)).isoformat(), "intensity": number % 11, "awake": None}
            for number in range(28)
        ],
    }


def test_a_summary_is_read_as_it_was_sent() -> None:
    told = nights.summary(given_summary())
    assert told.recent.last == LAST
    assert told.recent.intensity == nights.Spread(20, 5.0, 4.0, 6.5)
    assert told.earlier.awake is None
    assert [night.intensity for night in told.nights][:3] == [0, 1, 2]


def test_minutes_are_said_in_whole_numbers() -> None:
    given = given_summary()
    given["recent"]["awake"] = {"nights": 11, "middle": 23.2, "low": 9.5, "high": 40.75}
    told = nights.summary(given)
    assert told.recent.awake is not None
    assert told.recent.awake.in_whole == nights.Spread(11, 23.0, 10.0, 41.0)
    with pikepdf.open(io.BytesIO(paper.one_page(told, WORDS))) as opened:
        assert b"23 \\(10 - 41\\)" in opened.pages[0].Contents.read_bytes()


def test_the_paper_is_one_page_with_every_number_on_it() -> None:
    content = paper.one_page(nights.summary(given_summary()), WORDS)
    document = pikepdf.open(io.BytesIO(content))
    assert len(document.pages) == 1
    words = document.pages[0].Contents.read_bytes()
    for expected in (b"5 \\(4 - 6.5\\)", b"18", LAST.isoformat().encode()):
        assert expected in words


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("recent", "nights"), 29),
        (("recent", "nights"), True),
        (("recent", "restless"), 21),
        (("recent", "intensity", "high"), 11),
        (("recent", "intensity", "low"), 6),
        (("recent", "intensity", "middle"), float("nan")),
        (("recent", "intensity", "middle"), "5"),
        (("recent", "from"), "2026-02-30"),
        (("recent", "to"), "2026-11-24"),
        (("earlier", "to"), "2026-10-27"),
        (("days",), []),
        (("days", 3, "intensity"), 11),
        (("days", 3, "date"), "2026-11-02"),
        (("recent",), None),
        (("days", 3), "night"),
    ],
)
def test_numbers_that_cannot_be_are_refused(where: tuple[Any, ...], value: object) -> None:
    changed = copy.deepcopy(given_summary())
    place: Any = changed
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    with pytest.raises(InvalidInput):
        nights.summary(changed)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@given(value=_JSON)
def test_whatever_is_sent_is_a_summary_or_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput):
        nights.summary(value)


@given(key=st.sampled_from(sorted(given_summary())), value=_JSON)
def test_a_part_that_is_something_else_is_refused(key: str, value: object) -> None:
    with pytest.raises(InvalidInput):
        nights.summary(given_summary() | {key: value})


def test_what_was_sent_can_be_json() -> None:
    assert nights.summary(json.loads(json.dumps(given_summary()))) == nights.summary(given_summary())
