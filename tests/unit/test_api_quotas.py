"""Windows, and the counts of one process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from directory.accounts.api_keys import meter
from directory.accounts.api_keys.meter import WRITE_EVERY, Meter
from directory.accounts.api_keys.rules import is_key, new_key, of_key, of_network

NOW = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)
INSTANTS = st.integers(0, 2_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(INSTANTS, st.sampled_from([of_network("192.0.2.7", 9), of_key(1, 9)]))
def test_a_window_ends_later_and_within_its_length(now: datetime, quota: object) -> None:
    ends_at = quota.ends_at(now)
    assert timedelta(0) < ends_at - now <= quota.window
    assert quota.ends_at(ends_at) - ends_at == quota.window


def test_a_row_tells_nobody_apart_from_one_window_to_the_next() -> None:
    quota = of_network("192.0.2.7", 9)
    here, later = quota.counted_as("secret", NOW), quota.counted_as("secret", NOW + timedelta(hours=1))
    assert here[0] != later[0]
    assert here == quota.counted_as("secret", NOW + timedelta(minutes=49))
    assert here[0] != quota.counted_as("another", NOW)[0]
    assert here[0] != of_network("192.0.2.8", 9).counted_as("secret", NOW)[0]


def test_keys_look_like_keys() -> None:
    first, second = new_key(), new_key()
    assert is_key(first)
    assert first != second
    assert not any(is_key(each) for each in ("", first[:-1], first + "a", first.replace("sp_", "xx_"), first + "\n"))


@given(st.integers(1, 40), st.integers(0, 60))
def test_exactly_so_many_pass_and_what_others_used_counts(most: int, used: int) -> None:
    quota, counts = of_network("192.0.2.7", most), Meter()
    row = quota.counted_as("secret", NOW)
    passed = [counts.take(row, quota, now=NOW, used=lambda: used).allowed for _ in range(60)]
    assert sum(passed) == max(0, min(60, most - used))
    assert passed == sorted(passed, reverse=True)


def test_what_is_due_is_written_once_and_by_a_few_at_a_time() -> None:
    quota, counts = of_network("192.0.2.7", 1000), Meter()
    row = quota.counted_as("secret", NOW)

    def take(now: datetime) -> None:
        counts.take(row, quota, now=now, used=lambda: 0)

    for _ in range(WRITE_EVERY - 1):
        take(NOW)
    assert counts.due(now=NOW) == []
    take(NOW)
    assert counts.due(now=NOW) == [(row, WRITE_EVERY)]
    assert counts.due(now=NOW + timedelta(hours=1)) == []
    take(NOW)
    assert counts.due(now=NOW + meter.WRITE_AFTER) == [(row, 1)]
    counts.learn(row, 990)
    assert counts.take(row, quota, now=NOW, used=lambda: 0).left == 9


def test_a_crowd_is_forgotten_when_its_windows_are_over() -> None:
    counts = Meter()
    for number in range(meter.MOST_KNOWN + 10):
        quota = of_network(str(number), 5)
        counts.take(quota.counted_as("secret", NOW), quota, now=NOW, used=lambda: 0)
    assert len(counts.due(now=NOW + timedelta(hours=2))) == meter.MOST_KNOWN + 10
    assert counts._counts == {}
