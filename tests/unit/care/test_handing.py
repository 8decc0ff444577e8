"""What somebody hands over: only what is named, within its bounds, and back as it was."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.care import handing, handing_paper
from directory.care.handing import Answer, Handed, Medicine, Night, Period
from directory.care.nights import Spread
from directory.errors import InvalidInput

FIRST = date(2026, 10, 1)
WORDS = handing_paper.Words(
    **{name: f"<{name}>" for name in handing_paper.Words.__slots__ if name not in ("day", "number")},
    day=lambda day: day.isoformat(),
    number=lambda number: f"{number:g}",
)


def a_summary() -> dict[str, Any]:
    night = {"date": "2026-10-02", "intensity": 7, "awake": None, "medicine": True, "iron": False, "treatment": False}
    return {
        "version": 1,
        "diary": {"from": "2026-10-01", "to": "2026-10-28", "nights": [night]},
        "medicines": [{"name": "Pramipexole", "dose": "0.125 mg at nine", "reason": ""}],
        "answers": [{"question": "May I stand up?", "answer": ""}],
        "words": "<script>alert(1)</script>",
    }


def test_a_summary_is_read_as_it_was_put_together() -> None:
    told = handing.read(json.dumps(a_summary()))
    assert told.period is not None
    assert told.period.nights == (Night(date(2026, 10, 2), 7, None, medicine=True, iron=False, treatment=False),)
    assert told.medicines == (Medicine("Pramipexole", "0.125 mg at nine", ""),)
    assert told.answers == (Answer("May I stand up?", ""),)
    assert told.words == "<script>alert(1)</script>"


def _set(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(given: Any) -> None:
        for step in path[:-1]:
            given = given[step]
        given[path[-1]] = value

    return change


NIGHT = ("diary", "nights", 0)


@pytest.mark.parametrize(
    "change",
    [
        _set("version", value=2),
        _set("version", value=True),
        _set("more", value="anything"),
        _set("diary", value=[]),
        _set("diary", "nights", value=[]),
        _set("diary", "nights", value={}),
        _set("diary", "to", value="2027-10-28"),
        _set("diary", "to", value="2026-09-28"),
        _set("diary", "from", value="20261001"),
        _set(*NIGHT, "note", value="words of the diary stay on the device"),
        _set(*NIGHT, "date", value="2026-09-30"),
        _set(*NIGHT, "date", value="2026-02-30"),
        _set(*NIGHT, "intensity", value=11),
        _set(*NIGHT, "intensity", value=True),
        _set(*NIGHT, "intensity", value=2.5),
        _set(*NIGHT, "awake", value=721),
        _set(*NIGHT, "iron", value=1),
        _set("medicines", value="a text"),
        _set("medicines", value=[{"name": "x", "dose": "", "reason": ""}] * 41),
        _set("medicines", 0, "name", value=""),
        _set("medicines", 0, "name", value="x" * 201),
        _set("medicines", 0, "dose", value=None),
        _set("answers", 0, "question", value=" "),
        _set("answers", 0, "answer", value="x" * 1001),
        _set("words", value="x" * 2001),
        _set("words", value="\x00"),
        _set("words", value="\ud800"),
        _set("words", value="abc\u202edef"),
        _set("words", value={"toString": "x"}),
    ],
)
def test_whatever_else_is_in_it_nothing_of_it_is_taken(change: Callable[[dict[str, Any]], None]) -> None:
    given = copy.deepcopy(a_summary())
    change(given)
    with pytest.raises(InvalidInput):
        handing.read(json.dumps(given))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "NaN", '{"version": NaN}', "[" * 40_000, '"' + "x" * 60_000 + '"', "\ud800"]
)
def test_what_is_no_summary_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        handing.read(text)
    assert str(refused.value)


def test_a_night_that_stands_there_twice_is_refused() -> None:
    given = a_summary()
    given["diary"]["nights"] *= 2
    with pytest.raises(InvalidInput):
        handing.read(json.dumps(given))


def test_nothing_ticked_is_nothing_to_hand_over() -> None:
    empty = {"version": 1, "diary": None, "medicines": [], "answers": [], "words": " "}
    with pytest.raises(InvalidInput, match="at least one"):
        handing.read(json.dumps(empty))


def _text(longest: int) -> st.SearchStrategy[str]:
    letters = st.characters(
        exclude_categories=("Cs", "Cc"), exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    return st.text(letters, max_size=longest).map(str.strip)


def _needed(longest: int) -> st.SearchStrategy[str]:
    return _text(longest).filter(bool)


def _night(day: int) -> st.SearchStrategy[Night]:
    return st.builds(
        Night,
        st.just(FIRST + timedelta(days=day)),
        st.none() | st.integers(0, 10),
        st.none() | st.integers(0, 720),
        medicine=st.booleans(),
        iron=st.booleans(),
        treatment=st.booleans(),
    )


_periods = (
    st.sets(st.integers(0, 91), min_size=1, max_size=8)
    .flatmap(lambda days: st.tuples(*(_night(day) for day in sorted(days))))
    .map(lambda nights: Period(FIRST, FIRST + timedelta(days=91), nights))
)
_summaries = st.builds(
    Handed,
    st.none() | _periods,
    st.lists(st.builds(Medicine, _needed(200), _text(200), _text(200)), max_size=3).map(tuple),
    st.lists(st.builds(Answer, _needed(1000), _text(1000)), max_size=3).map(tuple),
    _text(2000),
).filter(lambda told: told.period or told.medicines or told.answers or told.words)


@given(_summaries)
def test_what_is_kept_is_what_was_read(told: Handed) -> None:
    assert handing.read(handing.write(told)) == told


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    )
)
def test_any_json_at_all_is_a_summary_or_refused(given: Any) -> None:
    try:
        handing.read(json.dumps(given))
    except InvalidInput:
        return
    raise AssertionError("nothing that was made at random is a summary")


def test_the_middle_and_the_half_of_the_nights() -> None:
    nights = tuple(
        Night(FIRST + timedelta(days=number), value, None, medicine=number == 1, iron=False, treatment=True)
        for number, value in enumerate((2, 8, None, 4, 6))
    )
    period = Period(FIRST, FIRST + timedelta(days=27), nights)
    assert period.intensity == Spread(4, 5.0, 3.5, 6.5)
    assert period.awake is None
    assert [period.count(name) for name in ("medicine", "iron", "treatment")] == [1, 0, 5]


def _words_of(content: bytes) -> str:
    with pikepdf.open(io.BytesIO(content)) as opened:
        return "".join(bytes(page.Contents.read_bytes()).decode("latin-1") for page in opened.pages)


def test_the_paper_holds_what_was_ticked_and_no_more() -> None:
    told = handing.read(json.dumps(a_summary() | {"answers": [], "diary": None, "words": "Nights – as they were"}))
    text = _words_of(handing_paper.pages(told, WORDS))
    assert "Pramipexole" in text
    assert "Nights - as they were" in text
    assert "<answers>" not in text
    assert "<diary>" not in text


def test_a_long_summary_goes_over_several_pages() -> None:
    night = a_summary()["diary"]["nights"][0]
    nights = [night | {"date": (FIRST + timedelta(days=number)).isoformat()} for number in range(84)]
    given = a_summary() | {"diary": {"from": "2026-10-01", "to": "2026-12-23", "nights": nights}}
    given["medicines"] = [{"name": "M" * 200, "dose": "d" * 200, "reason": "r " * 90}] * 40
    content = handing_paper.pages(handing.read(json.dumps(given)), WORDS)
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert len(opened.pages) > 3


def test_no_name_of_a_medicine_becomes_question_marks() -> None:
    given = a_summary() | {"medicines": [{"name": "プラミペキソール", "dose": "", "reason": ""}]}
    with pytest.raises(InvalidInput, match="Print it"):
        handing_paper.pages(handing.read(json.dumps(given, ensure_ascii=False)), WORDS)
