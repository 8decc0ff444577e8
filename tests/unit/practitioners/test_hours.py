"""Opening hours as people type them: what is read, what is asked back, and that what we write is read again."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import InvalidInput
from directory.practitioners.hours import DAY_ENDS, LONGEST_TEXT, MOST_SPANS, read, written


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("  closed ", []),
        ("–", []),
        ("9-17", [("09:00", "17:00")]),
        ("9–12:30, 14–18", [("09:00", "12:30"), ("14:00", "18:00")]),
        ("14–18; 9.00 – 12.30", [("09:00", "12:30"), ("14:00", "18:00")]),
        ("9am-5pm", [("09:00", "17:00")]),
        ("9-5pm", [("09:00", "17:00")]),
        ("1-5 p.m.", [("13:00", "17:00")]),
        ("12-2pm", [("12:00", "14:00")]),
        ("10 a.m. to noon and 1:30-6pm", [("10:00", "12:00"), ("13:30", "18:00")]),
        ("from 8h30 until 12h", [("08:30", "12:00")]),
        ("0900-1730", [("09:00", "17:30")]),
        ("20:00-24:00", [("20:00", "23:59")]),
        ("6pm – midnight", [("18:00", "23:59")]),
        ("0-24", [("00:00", "23:59")]),
        ("９：００－１７：００", [("09:00", "17:00")]),
        ("٩-١٧", [("09:00", "17:00")]),
        ("9-12,12-17", [("09:00", "12:00"), ("12:00", "17:00")]),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, spans: list[tuple[str, str]]) -> None:
    assert [(f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in read(text)] == spans


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9-5", "hours_backwards"),
        ("17-9", "hours_backwards"),
        ("9-9", "hours_backwards"),
        ("9-12, 11-14", "hours_overlap"),
        ("9", "hours_unreadable"),
        ("mornings", "hours_unreadable"),
        ("9-25", "hours_unreadable"),
        ("9:60-12", "hours_unreadable"),
        ("13pm-14", "hours_unreadable"),
        ("0am-5am", "hours_unreadable"),
        ("9-12-14", "hours_unreadable"),
        (",", "hours_unreadable"),
        ("<script>", "hours_unreadable"),
        ("9-10," * 30, "hours_too_long"),
        (",".join(f"{hour}-{hour + 1}" for hour in range(8, 8 + MOST_SPANS + 1)), "hours_too_many"),
    ],
)
def test_what_has_no_meaning_is_asked_back(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read(text)
    assert refusal.value.code == code


_MINUTES = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=2 * MOST_SPANS, unique=True)


@given(_MINUTES, st.booleans())
def test_what_is_written_is_read_again(minutes: list[int], halves: bool) -> None:
    ordered = [time(*divmod(each, 60)) for each in sorted(minutes)]
    spans = tuple(zip(ordered[::2], ordered[1::2], strict=False))
    text = written(spans, halves=halves)
    if len(text) <= LONGEST_TEXT:
        assert read(text) == spans


@given(st.text(max_size=LONGEST_TEXT + 10))
def test_any_text_is_hours_or_is_asked_back(text: str) -> None:
    try:
        spans = read(text)
    except InvalidInput:
        return
    assert len(spans) <= MOST_SPANS
    ends = time(0)
    for opens, closes in spans:
        assert ends <= opens < closes <= DAY_ENDS
        ends = closes
