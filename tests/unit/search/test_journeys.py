"""What a long way adds up to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.journeys import LONG_KM, Journey, is_long, journey

ways = st.floats(min_value=0, max_value=20_040)


@pytest.mark.parametrize(
    ("km", "in_miles", "expected"),
    [
        (190.0, False, Journey(190, 2280, 3800, False)),
        (190.4, False, Journey(190, 2280, 3800, False)),
        (189.9, True, Journey(118, 1416, 2360, True)),
        (80.0, False, None),
        (0.0, True, None),
    ],
)
def test_six_to_ten_visits_there_and_back(km: float, in_miles: bool, expected: Journey | None) -> None:
    assert journey(km, in_miles=in_miles) == expected


@given(ways, st.booleans())
def test_only_a_long_way_is_added_up(km: float, in_miles: bool) -> None:
    assert (journey(km, in_miles=in_miles) is not None) == is_long(km) == (km > LONG_KM)


@given(ways.filter(is_long), st.booleans())
def test_the_sum_adds_up_as_it_is_shown(km: float, in_miles: bool) -> None:
    way = journey(km, in_miles=in_miles)
    assert way is not None
    assert way.fewest == 12 * way.one_way
    assert way.most == 20 * way.one_way
    shown_in_km = way.one_way * (1.609344 if in_miles else 1.0)
    assert abs(shown_in_km - km) <= 0.81


@given(ways.filter(is_long), ways.filter(is_long), st.booleans())
def test_farther_never_adds_up_to_less(one: float, other: float, in_miles: bool) -> None:
    nearer, farther = (journey(km, in_miles=in_miles) for km in sorted((one, other)))
    assert nearer is not None
    assert farther is not None
    assert nearer.fewest <= farther.fewest
    assert nearer.most <= farther.most
