"""Demonstration people state payers that exist where they work, and none that pays for no acupuncture in RLS."""

from __future__ import annotations

import csv
from random import Random

from directory.cli.demo.density import regions
from directory.cli.demo.payers import Payers
from directory.jurisdictions.rules import read
from directory.paths import SEEDS
from directory.practitioners.rules import payer_code


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _dealt(country: str, region: str) -> list[list[str]]:
    payers = Payers()
    return [payers.deal(country, region, Random(seed)) for seed in range(600)]


def test_every_payer_is_in_the_list_of_payers() -> None:
    known = {(row["country_code"], row["name"]) for row in _rows("insurers.csv")}
    chosen = [(row["country_code"], row["name"]) for row in _rows("demo/payers.csv")]
    assert set(chosen) <= known
    assert len(set(chosen)) == len(chosen)


def test_every_region_is_one_people_are_placed_in() -> None:
    placed = {(each.country, each.admin1) for each in regions(read(SEEDS / "jurisdictions.csv"))}
    australian = {("AU", "QLD"), ("AU", "WA")}
    named = {(row["country_code"], region) for row in _rows("demo/payers.csv") for region in row["regions"].split()}
    assert named <= placed | australian


def test_programmes_that_do_not_pay_for_it_are_left_out() -> None:
    names = " ".join(row["name"] for row in _rows("demo/payers.csv"))
    assert not any(each in names for each in ("Medicare", "Veterans", "VA Community", "TRICARE"))


def test_portland_states_no_other_regions_payers_and_one_of_its_own_at_most() -> None:
    regional = {payer_code("US", row["name"]): row["regions"].split() for row in _rows("demo/payers.csv")}
    dealt = _dealt("US", "OR")
    assert {payer_code("US", "Regence"), payer_code("US", "Moda Health")} <= {code for each in dealt for code in each}
    assert all("OR" in regional[code] for each in dealt for code in each if regional[code])
    assert max(sum(bool(regional[code]) for code in each) for each in dealt) == 1


def test_many_state_none_and_nobody_one_twice() -> None:
    for country, region in (("US", "OR"), ("GB", "ENG"), ("CA", "BC"), ("AU", "WA")):
        dealt = _dealt(country, region)
        assert 0.3 < sum(map(bool, dealt)) / len(dealt) < 0.5
        assert all(len(set(each)) == len(each) <= 5 for each in dealt)
    assert not any(_dealt("NZ", "E7"))
