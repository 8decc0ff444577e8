"""Where demonstration people are placed."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from directory.cli.demo.density import regions, shared_out, spots_of
from directory.jurisdictions.rules import read
from directory.paths import SEEDS

RULES = read(SEEDS / "jurisdictions.csv")
OPEN = [code for code, rule in RULES.items() if rule.open]
REGIONS = regions(OPEN)


@given(st.integers(0, 100_000))
def test_everybody_is_shared_out_and_nobody_twice(size: int) -> None:
    numbers = shared_out(size, REGIONS)
    assert sum(numbers) == size
    assert min(numbers) >= 0


def test_a_national_population_follows_the_real_numbers() -> None:
    numbers = dict(zip([(each.country, each.admin1) for each in REGIONS], shared_out(35_000, REGIONS), strict=True))
    assert numbers["US", "CA"] > numbers["US", "NY"] > numbers["US", "OR"] > 100
    assert 0.6 < sum(number for (country, _), number in numbers.items() if country == "US") / 35_000 < 0.8


def test_nobody_is_placed_where_nobody_may_be_listed() -> None:
    assert ("US", "AL") not in {(each.country, each.admin1) for each in REGIONS}
    assert ("US", "OK") in {(each.country, each.admin1) for each in REGIONS}
    assert {spot.jurisdiction for spot in spots_of("US", OPEN)[""].spots} <= set(OPEN)


def test_portland_has_a_list_at_the_size_of_a_first_start() -> None:
    at_home = {
        (each.country, each.admin1): number for each, number in zip(REGIONS, shared_out(3000, REGIONS), strict=True)
    }
    oregon = spots_of("US", OPEN)["OR"]
    weights = [after - before for before, after in pairwise((0.0, *oregon.running))]
    near = sum(
        weight
        for spot, weight in zip(oregon.spots, weights, strict=True)
        if abs(spot.point.latitude - 45.515) < 0.25 and abs(spot.point.longitude + 122.645) < 0.36
    )
    assert at_home["US", "OR"] * near / oregon.running[-1] > 25


def test_people_live_where_cities_are() -> None:
    oregon = spots_of("US", OPEN)["OR"]
    random = Random(1)
    picked = [oregon.pick(random).point for _ in range(400)]
    near_portland = sum(abs(p.latitude - 45.5) < 0.4 and abs(p.longitude + 122.65) < 0.6 for p in picked)
    assert 150 < near_portland < 350
    first = oregon.pick(random)
    second = oregon.near(first, random)
    assert abs(first.point.latitude - second.point.latitude) < 0.3
