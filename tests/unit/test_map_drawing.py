"""What is drawn on a map: everybody in one sign, no name on another, nothing of a hidden home but its area."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.geo.mercator import Sheet
from directory.geo.outlines import outlines
from directory.web.map import labels, pins
from directory.web.map.frame import HALF_HEIGHT, HALF_WIDTH
from directory.web.map.ground import FINENESS, ground, window
from directory.web.map.labels import Box, Spot
from tests.examples import examples

coordinates = st.floats(-400, 400)
spots = st.lists(st.tuples(coordinates, coordinates), max_size=20)


# --- clusters --------------------------------------------------------------------------------------------------------


@given(spots, st.floats(0, 200))
@example([(0.0, 0.0)] * 20, 44.0)
@example([(float(x), 0.0) for x in range(0, 800, 40)], 44.0)
def test_everybody_is_in_exactly_one_sign(found: list[tuple[float, float]], apart: float) -> None:
    groups = pins.grouped(found, apart=apart)
    assert sorted(member for group in groups for member in group.members) == list(range(len(found)))
    assert [group.members[0] for group in groups] == sorted(group.members[0] for group in groups)


@given(spots)
def test_no_two_signs_are_closer_than_a_finger(found: list[tuple[float, float]]) -> None:
    groups = pins.grouped(found, apart=pins.APART)
    for index, one in enumerate(groups):
        assert all(math.hypot(one.x - other.x, one.y - other.y) >= pins.APART for other in groups[:index])


@given(spots)
def test_a_sign_stands_in_the_middle_of_those_it_stands_for(found: list[tuple[float, float]]) -> None:
    for group in pins.grouped(found, apart=pins.APART):
        xs, ys = zip(*(found[member] for member in group.members), strict=True)
        assert (group.x, group.y) == pytest.approx((math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)))


@given(spots)
def test_who_stands_far_from_everybody_stands_alone(found: list[tuple[float, float]]) -> None:
    groups = pins.grouped([*found, (5000.0, 5000.0)], apart=pins.APART)
    assert (len(found),) in [group.members for group in groups]


# --- names -----------------------------------------------------------------------------------------------------------

few = settings(max_examples=examples(50))
"""Names are many pairs to compare, and the rule is the same for all."""
names = st.text(alphabet="abcdeéñ 東京", min_size=1, max_size=24)
places = st.lists(st.builds(Spot, names, coordinates, st.floats(-300, 300)), max_size=40)


@few
@given(places, spots)
def test_no_name_lies_on_another_or_on_a_sign_however_closely_one_looks(
    towns: list[Spot], signs: list[tuple[float, float]]
) -> None:
    sign = Box(-18, -18, 18, 18)
    written = labels.placed(towns, [(x, y, sign) for x, y in signs])
    for zoom in labels.ZOOMS:
        shown = [label for label in written if label.zoom <= zoom]
        assert len(shown) <= labels.MOST[zoom]
        for index, label in enumerate(shown):
            assert not any(label.at(zoom).meets(other.at(zoom)) for other in shown[:index])
            assert not any(label.at(zoom).meets(sign.moved(x * zoom, y * zoom)) for x, y in signs)
    assert len({label.spot.name for label in written}) == len(written)


@few
@given(places)
def test_a_name_written_at_first_is_cut_by_no_edge(towns: list[Spot]) -> None:
    for box in (label.at(1) for label in labels.placed(towns) if label.zoom == 1):
        across = (box.left < -180 < box.right) or (box.left < 180 < box.right)
        down = (box.top < -180 < box.bottom) or (box.top < 180 < box.bottom)
        assert not (across and box.top < 180 and box.bottom > -180)
        assert not (down and box.left < 180 and box.right > -180)


def test_the_larger_of_two_neighbours_is_named_and_the_other_on_looking_closer() -> None:
    large, small = labels.placed([Spot("Portland", 0, 0), Spot("Lloyd", 0, 10)])
    assert (large.spot.name, large.zoom, large.anchor) == ("Portland", 1, "start")
    assert (small.spot.name, small.zoom, small.anchor) == ("Lloyd", 2, "start")
    (beside,) = labels.placed([Spot("Bozeman", 2, 2)], [(0, 0, Box(-18, -18, 18, 18))])
    assert beside.dx > 18
    (inwards,) = labels.placed([Spot("Gresham", 170, 0)])
    assert (inwards.zoom, inwards.anchor) == (1, "end")
    crowd = [Spot(f"Town {number}", number % 5, number // 5) for number in range(25)]
    written = labels.placed(crowd)
    assert [label.zoom for label in written] == sorted(label.zoom for label in written)
    assert written[0].spot.name == "Town 0"
    assert {label.zoom for label in written} > {1}


# --- ground ----------------------------------------------------------------------------------------------------------

ADAK = (51.88, -176.66)
CHATHAM = (-43.95, -176.55)
PORTLAND = (45.52, -122.68)


@pytest.mark.parametrize("km", [1, 40, 160, 500])
@pytest.mark.parametrize("at", [PORTLAND, ADAK, CHATHAM, (51.5, -0.12), (69.65, 18.96)])
def test_land_stays_within_the_frame(at: tuple[float, float], km: float) -> None:
    drawn = ground(Sheet.around(*at, km=km, units=160), outlines())
    points = np.array([point for ring in _rings(drawn.land) for point in ring]) / FINENESS
    assert len(points)
    assert np.abs(points[:, 0]).max() <= HALF_WIDTH + 1
    assert np.abs(points[:, 1]).max() <= HALF_HEIGHT + 1


def test_a_frame_in_the_middle_of_land_is_all_land_and_one_at_sea_is_none() -> None:
    inland = _rings(ground(Sheet.around(47.3, -109.4, km=1, units=160), outlines()).land)
    assert _area(inland) == pytest.approx(4 * HALF_WIDTH * HALF_HEIGHT * FINENESS**2, rel=0.01)
    assert ground(Sheet.around(30.0, -150.0, km=40, units=160), outlines()).land == ""


@pytest.mark.parametrize("at", [ADAK, CHATHAM, (51.9, 179.9)])
def test_a_sheet_shows_the_part_of_the_earth_its_frame_covers(at: tuple[float, float]) -> None:
    part = window(Sheet.around(*at, km=300, units=160))
    assert part.south < at[0] < part.north
    assert 0 < (at[1] - part.west) % 360 < part.width < 30


def _rings(path: str) -> list[list[tuple[int, int]]]:
    """The points of path data made of M, relative l and z."""
    rings = []
    for start, rest in re.findall(r"M([^l]+)l([^Mz]+)", path):
        x, y = map(int, re.findall(r"-?\d+", start))
        ring = [(x, y)]
        moves = list(map(int, re.findall(r"-?\d+", rest)))
        for dx, dy in zip(moves[::2], moves[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    return rings


def _area(rings: list[list[tuple[int, int]]]) -> float:
    total = 0.0
    for ring in rings:
        following = [*ring[1:], ring[0]]
        total += sum(x * y2 - x2 * y for (x, y), (x2, y2) in zip(ring, following, strict=True)) / 2
    return abs(total)
