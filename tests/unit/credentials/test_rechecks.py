"""When a paper is looked at again, and that no night brings a flood."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.cases.terms import Risk
from directory.credentials.keeping.rechecks import (
    MOST_WAITING,
    SWEEP_DAYS,
    Cluster,
    Paper,
    Recheck,
    Why,
    batches,
    cluster_of,
    due,
    next_check,
)

CHECKED = date(2026, 1, 10)
AUSTRALIA = Cluster(11, 30)


@pytest.mark.parametrize(
    ("expires", "on", "why"),
    [
        (None, date(2026, 2, 9), Why.SWEEP),
        (date(2027, 6, 1), date(2026, 2, 9), Why.SWEEP),
        (date(2026, 3, 31), date(2026, 1, 30), Why.ENDS_IN_60),
        (date(2026, 2, 25), date(2026, 1, 26), Why.ENDS_IN_30),
        (date(2026, 1, 20), date(2026, 1, 13), Why.ENDS_IN_7),
        (date(2026, 1, 12), date(2026, 1, 12), Why.ENDS),
        (date(2026, 1, 1), date(2026, 2, 9), Why.SWEEP),
    ],
)
def test_the_next_look_is_the_first_that_is_planned(expires: date | None, on: date, why: Why) -> None:
    assert next_check(checked_on=CHECKED, expires=expires, cluster=None) == Recheck(on, why)


@pytest.mark.parametrize(
    ("code", "day", "today", "expected"),
    [
        ("AU", "11-30", date(2026, 11, 30), date(2026, 11, 30)),
        ("AU", "11-30", date(2026, 12, 1), date(2027, 11, 30)),
        ("US-OH", None, date(2026, 2, 1), date(2028, 1, 31)),
        ("US-FL", None, date(2026, 2, 1), date(2026, 2, 28)),
        ("US-WI", None, date(2026, 7, 2), date(2027, 7, 1)),
    ],
)
def test_cluster_days_of_every_and_of_every_other_year(code: str, day: str | None, today: date, expected: date) -> None:
    cluster = cluster_of(code, day)
    assert cluster is not None
    assert cluster.next_from(today) == expected


def test_most_registers_have_no_such_day() -> None:
    assert cluster_of("US-OR", None) is None
    assert cluster_of(None, "") is None


_DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
_CLUSTERS = st.sampled_from([None, AUSTRALIA, Cluster(1, 31, odd=False), Cluster(7, 1, odd=True)])


@given(checked=_DAYS, expires=st.none() | _DAYS, cluster=_CLUSTERS, later=st.integers(0, 800))
def test_a_look_is_due_from_its_day_on_and_never_before(
    checked: date, expires: date | None, cluster: Cluster | None, later: int
) -> None:
    today = checked + timedelta(days=later)
    planned = next_check(checked_on=checked, expires=expires, cluster=cluster)
    found = due(checked_on=checked, expires=expires, cluster=cluster, today=today)
    assert checked < planned.on <= checked + timedelta(days=SWEEP_DAYS)
    assert (found is not None) is (planned.on <= today)
    assert found is None or found.on <= today
    tomorrow = due(checked_on=checked, expires=expires, cluster=cluster, today=today + timedelta(days=1))
    assert found is None or (tomorrow is not None and tomorrow.risk <= found.risk)


@given(
    st.lists(st.tuples(st.sampled_from(["AU", "US-OR", ""]), st.sampled_from(list(Why))), max_size=60),
    st.integers(1, 8),
    st.integers(1, 20),
    st.sampled_from([0, MOST_WAITING]),
)
def test_a_night_holds_its_share_and_what_hangs_most_comes_first(
    asked: list[tuple[str, Why]], of_a_register: int, a_night: int, waiting: int
) -> None:
    papers = [Paper(key, register, Recheck(CHECKED, why)) for key, (register, why) in enumerate(asked)]
    chosen = batches(papers, waiting=waiting, of_a_register=of_a_register, a_night=a_night)
    assert len(chosen) <= a_night
    for register in ("AU", "US-OR", ""):
        mine = [each for each in chosen if each.register == register]
        assert len(mine) <= of_a_register
        left = [each for each in papers if each.register == register and each not in chosen]
        if mine and left:
            assert max(each.recheck.risk for each in mine) <= min(each.recheck.risk for each in left)
    if waiting:
        assert all(each.recheck.risk < Risk.LOW for each in chosen)
    risks = [(each.recheck.risk, each.register) for each in chosen]
    assert risks == sorted(risks)
