"""The index against brute force, with distances worked out here and not by the code under test."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.credentials.terms import Mode
from directory.search.building import Row, build, with_changes
from directory.search.index import Table, Term, Vocabulary, km
from tests.examples import examples
from tests.unit.search.rows import row

A, B = 6378.137, 6356.752314245


def km_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Through the earth between two points of the WGS 84 ellipsoid, then over a sphere of its mean radius."""

    def place(latitude: float, longitude: float) -> tuple[float, float, float]:
        # By reduced latitude, which the code under test does not use.
        beta = math.atan2(B * math.sin(math.radians(latitude)), A * math.cos(math.radians(latitude)))
        lam = math.radians(longitude)
        return A * math.cos(beta) * math.cos(lam), A * math.cos(beta) * math.sin(lam), B * math.sin(beta)

    chord = math.dist(place(*one), place(*other))
    return 2 * 6371.0088 * math.asin(min(1.0, chord / (2 * 6371.0088)))


anywhere = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
edges = st.tuples(
    st.sampled_from([-90.0, -89.99, -84.9, -0.01, 0.0, 0.05, 45.5, 84.9, 85.1, 89.999, 90.0]),
    st.sampled_from([-180.0, -179.999, -0.001, 0.0, 122.6, 179.999, 180.0]),
)
points = anywhere | edges
radii = st.sampled_from([1.0, 5.0, 40.0, 160.0, 500.0, 20_040.0]) | st.floats(1, 500)


@st.composite
def around(draw: st.DrawFn, centre: tuple[float, float], radius: float) -> tuple[float, float]:
    """A point that lies about as far from the centre as the radius reaches, in any direction."""
    bearing, share = draw(st.floats(0, 2 * math.pi)), draw(st.floats(0, 1.3))
    angle = min(share * radius / 6371.0, math.pi)
    phi, lam = (math.radians(each) for each in centre)
    sine = math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing)
    latitude = math.asin(max(-1.0, min(1.0, sine)))
    longitude = lam + math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(latitude)
    )
    return math.degrees(latitude), (math.degrees(longitude) + 540) % 360 - 180


@st.composite
def searches(draw: st.DrawFn) -> tuple[tuple[float, float], float, list[tuple[float, float]]]:
    """A centre, a radius, and places anywhere and close to the rim."""
    centre, radius = draw(points), draw(radii)
    places = draw(st.lists(points | around(centre, radius), min_size=1, max_size=25))
    return centre, radius, places


@settings(max_examples=examples(250))
@given(search=searches(), mode=st.sampled_from([Mode.IN_PERSON, Mode.HOME_VISIT]))
def test_near_finds_exactly_what_lies_within_the_radius(
    search: tuple[tuple[float, float], float, list[tuple[float, float]]], mode: Mode
) -> None:
    centre, radius, places = search
    modes = list(Mode)
    rows = [row(number, *place, mode=modes[number % 3], reach_km=9.0) for number, place in enumerate(places, start=1)]
    rows += [row(number, *place, mode=mode) for number, place in enumerate(places, start=1000)]
    table = build(rows, Vocabulary.empty())
    found, squared = table.near(mode, *centre, radius)
    by_hand = {each.practitioner: km_between(centre, (each.latitude, each.longitude)) for each in rows}
    got = dict(zip(table.practitioner[found].tolist(), km(squared).tolist(), strict=True))
    assert len(got) == len(found), "no row twice"
    for each in rows:
        distance = by_hand[each.practitioner]
        if each.mode is not mode or distance > radius + 1e-4:
            assert each.practitioner not in got
        elif distance < radius - 1e-4:
            assert got[each.practitioner] == pytest.approx(distance, abs=1e-4)


@pytest.mark.parametrize("radius", [1.0, 500.0, 20_040.0])
@pytest.mark.parametrize("centre", [(90.0, 0.0), (-90.0, 17.0), (0.0, 180.0), (0.0, -180.0), (51.9, 179.99)])
def test_the_same_place_is_near_itself_and_the_whole_earth_is_within_half_its_girth(
    centre: tuple[float, float], radius: float
) -> None:
    twins = [(centre[0], -centre[1])] if abs(centre[1]) == 180 else []
    places = [centre, *twins, (-centre[0], centre[1] - 180 if centre[1] > 0 else centre[1] + 180)]
    table = build([row(number, *place) for number, place in enumerate(places, start=1)], Vocabulary.empty())
    found, squared = table.near(Mode.IN_PERSON, *centre, radius)
    expected = len(places) if radius > 20_000 else len(places) - 1
    assert len(found) == expected
    assert km(squared).min() == pytest.approx(0, abs=1e-6)


def test_places_on_both_sides_of_the_date_line_are_neighbours() -> None:
    table = build([row(1, -16.8, 179.98), row(2, -16.8, -179.98), row(3, -16.8, 178.0)], Vocabulary.empty())
    for longitude in (179.99, -179.99, 180.0, -180.0):
        found, squared = table.near(Mode.IN_PERSON, -16.8, longitude, 10)
        assert sorted(table.practitioner[found].tolist()) == [1, 2]
        assert km(squared).max() < 5


def test_an_empty_table_answers() -> None:
    table = build([], Vocabulary.empty())
    assert len(table) == 0
    assert table.sound()
    found, squared = table.near(Mode.IN_PERSON, 0, 0, 20_040)
    assert len(found) == len(squared) == len(table.remote(0)) == 0
    assert table.largest_reach_km == 0
    assert table.term_counts(found).sum() == 0


def test_remote_rows_are_found_by_jurisdiction_and_by_no_circle() -> None:
    vocabulary = Vocabulary.empty()
    codes = ["US-OR", "US-WA", "AU", "US-OR"]
    rows = [row(number, mode=Mode.REMOTE, jurisdiction=code) for number, code in enumerate(codes, start=1)]
    table = build([*rows, row(9), row(10, mode=Mode.HOME_VISIT)], vocabulary)
    for code in set(codes):
        number = vocabulary.jurisdictions.known(code)
        assert number is not None
        expected = [each.practitioner for each in rows if each.jurisdiction == code]
        assert table.practitioner[table.remote(number)].tolist() == expected
    found, _ = table.near(Mode.IN_PERSON, 45.5, -122.6, 20_040)
    assert table.practitioner[found].tolist() == [9]


# --- terms -----------------------------------------------------------------------------------------------------------

TERMS: list[Term] = [("languages", f"l{number}") for number in range(150)]
held = st.lists(st.sets(st.integers(0, 149), max_size=6), min_size=1, max_size=20)


@settings(max_examples=examples(60))
@given(sets=held, people=st.integers(1, 6), asked=st.sets(st.integers(0, 149), max_size=5))
def test_counts_and_any_of_agree_with_sets(sets: list[set[int]], people: int, asked: set[int]) -> None:
    vocabulary = Vocabulary.empty()
    rows = [
        row(1 + number % people, place=number, terms=frozenset(TERMS[each] for each in numbers))
        for number, numbers in enumerate(sets)
    ]
    table = build(rows, vocabulary)
    every = np.arange(len(table))
    counts = table.term_counts(every)
    held_by: dict[int, set[int]] = {number: set() for number in range(150)}
    for each in rows:
        for _, name in each.terms:
            held_by[int(name[1:])].add(each.practitioner)
    for number, term in enumerate(TERMS):
        known = vocabulary.terms.known(term)
        assert (0 if known is None else counts[known]) == len(held_by[number])
    numbers = [known for each in asked if (known := vocabulary.terms.known(TERMS[each])) is not None]
    by_place = {each.place: bool(each.terms & {TERMS[one] for one in asked}) for each in rows}
    assert table.holds(every, numbers).tolist() == [by_place[place] for place in table.place.tolist()]


def test_a_vocabulary_may_grow_past_any_number_of_words() -> None:
    vocabulary = Vocabulary.empty()
    table = build([row(1, terms=frozenset(TERMS[:1]))], vocabulary)
    before = table
    for number in range(1, 150):
        table = with_changes(table, [], [row(number + 1, terms=frozenset({TERMS[number]}))], vocabulary)
    assert len(table.terms) == 3
    assert table.term_counts(np.arange(150))[:150].tolist() == [1] * 150
    for number in (0, 63, 64, 127, 128, 149):
        holding = table.practitioner[table.holds(np.arange(150), [number])]
        assert holding.tolist() == [number + 1]
    assert before.holds(np.arange(1), [149]).tolist() == [False], "an old table knows nothing of new terms"
    assert len(before.terms) == 1


def test_two_places_of_one_person_count_once() -> None:
    both = frozenset({("languages", "es")})
    table = build([row(1, place=1, terms=both), row(1, place=2, terms=both), row(2, terms=both)], Vocabulary.empty())
    assert table.term_counts(np.arange(3))[0] == 2


# --- changes ---------------------------------------------------------------------------------------------------------

small_rows = st.builds(
    row,
    st.integers(1, 12),
    st.floats(-90, 90),
    st.floats(-180, 180),
    place=st.integers(1, 10**6),
    mode=st.sampled_from(Mode),
    jurisdiction=st.sampled_from(["US-OR", "US-WA", "AU"]),
    timezone=st.sampled_from(["America/Los_Angeles", "Australia/Perth"]),
    reach_km=st.floats(0, 500),
    terms=st.frozensets(st.sampled_from(TERMS[:70]), max_size=4),
)


def meaning(table: Table, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Every row in words, whatever numbers its codes have."""
    names = vocabulary.terms.names()
    zones, places = vocabulary.timezones.names(), vocabulary.jurisdictions.names()
    found = []
    for at in range(len(table)):
        words = {
            each.name: getattr(table, each.name)[at].item()
            for each in fields(Table)
            if each.name not in ("terms", "key", "person", "timezone", "jurisdiction", "price")
        }
        held = [names[number] for number in range(len(names)) if table.holds(np.array([at]), [number])[0]]
        words |= {
            "terms": frozenset(held),
            "zone": zones[table.timezone[at]],
            "code": places[table.jurisdiction[at]],
        }
        found.append(words)
    return sorted(found, key=lambda words: (words["place"], words["practitioner"], words["mode"], words["x"]))


@settings(max_examples=examples(60))
@given(
    first=st.lists(small_rows, max_size=15, unique_by=lambda each: each.place),
    second=st.lists(small_rows, max_size=6, unique_by=lambda each: each.place),
    gone=st.sets(st.integers(1, 12), max_size=4),
)
def test_a_changed_table_is_the_table_built_anew(first: list[Row], second: list[Row], gone: set[int]) -> None:
    vocabulary = Vocabulary.empty()
    table = build(first, vocabulary)
    added = [each._replace(place=each.place + 10**7) for each in second]
    stale = gone | {each.practitioner for each in added}
    changed = with_changes(table, stale, added, vocabulary)
    kept: Sequence[Row] = [each for each in first if each.practitioner not in stale]
    anew = Vocabulary.empty()
    assert meaning(changed, vocabulary) == meaning(build([*kept, *added], anew), anew)
    assert changed.sound()
    assert len(table) == len(first), "who holds the old table keeps it"


@pytest.mark.parametrize(
    "damage",
    [
        lambda table: {"key": table.key[::-1].copy()},
        lambda table: {"key": np.where(table.key == table.key[1], np.nan, table.key)},
        lambda table: {"x": table.x[:-1]},
        lambda table: {"terms": table.terms[:, :-1]},
        lambda table: {"practitioner": np.append(table.practitioner, 1)},
    ],
)
def test_damage_is_noticed(damage: Any) -> None:
    table = build([row(number, latitude=number) for number in range(1, 6)], Vocabulary.empty())
    assert table.sound()
    assert not replace(table, **damage(table)).sound()
