"""What comes in the next weeks, in people and in hours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.desk.forecast.rules import LEAST_MEASURED, USUAL_SECONDS, Falling, forecast, seconds_a_check

TODAY = date(2026, 11, 1)


def test_a_cluster_day_is_told_in_people_and_hours() -> None:
    cluster = date(2026, 11, 30)
    falling = [Falling(cluster, "AU", person) for person in range(30)]
    falling += [Falling(cluster, "AU", 0), Falling(cluster, "US-OR", 99), Falling(date(2026, 12, 31), "NZ", 5)]
    found = forecast(falling, [600] * LEAST_MEASURED, today=TODAY)
    assert found.measured
    assert [(each.jurisdiction, each.people, each.papers) for each in found.on(cluster)] == [
        ("AU", 30, 31),
        ("US-OR", 1, 1),
    ]
    assert found.on(cluster)[0].hours == pytest.approx(31 / 6)
    assert (found.papers, found.last) == (32, date(2026, 12, 30))


def test_few_decisions_measure_nothing_and_one_slow_one_does_not_count_much() -> None:
    assert seconds_a_check([5] * (LEAST_MEASURED - 1)) == (USUAL_SECONDS, False)
    assert seconds_a_check([60] * LEAST_MEASURED + [86_400]) == (60.0, True)


@given(
    st.lists(
        st.builds(
            Falling,
            on=st.dates(TODAY - timedelta(days=10), TODAY + timedelta(days=90)),
            jurisdiction=st.sampled_from(["AU", "NZ"]),
            person=st.integers(1, 5),
        ),
        max_size=40,
    ),
    st.integers(1, 90),
)
def test_every_paper_of_these_days_is_counted_once(falling: list[Falling], days: int) -> None:
    found = forecast(falling, [], today=TODAY, days=days)
    inside = [each for each in falling if TODAY <= each.on < TODAY + timedelta(days=days)]
    assert found.papers == len(inside)
    assert found.hours == pytest.approx(len(inside) * USUAL_SECONDS / 3600)
    assert all(1 <= each.people <= each.papers for each in found.loads)
