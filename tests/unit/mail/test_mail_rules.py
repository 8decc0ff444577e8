"""When a letter is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from directory.mail import rules

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def test_the_first_retry_is_soon_and_the_last_after_days() -> None:
    assert rules.next_try(1, now=NOW) == NOW + timedelta(minutes=1)
    assert sum(rules.PAUSES, timedelta()) > timedelta(days=2)
    assert list(rules.PAUSES) == sorted(rules.PAUSES)


@given(st.integers(0, 100))
def test_it_ends(tries: int) -> None:
    again = rules.next_try(tries, now=NOW)
    assert (again is None) == (tries >= rules.MOST_TRIES)
    assert again is None or again > NOW


def test_a_letter_is_too_old_after_five_days() -> None:
    assert not rules.too_old(NOW - timedelta(days=5), now=NOW)
    assert rules.too_old(NOW - timedelta(days=5, seconds=1), now=NOW)
