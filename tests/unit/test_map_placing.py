"""The map of a pin: steps that stay on the earth, words for where it stands, and nothing exact of a hidden home."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.geo.distance import distance_km
from directory.practitioners.rules import telephone_looks_usual
from directory.web.map import placing

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
reaches = st.floats(0.01, 20_000)


@given(points, reaches, st.sampled_from(sorted(placing.WAYS)))
def test_a_step_stays_on_the_earth(point: tuple[float, float], around_km: float, way: str) -> None:
    latitude, longitude = placing.moved(point, around_km, way)
    assert abs(latitude) <= 90
    assert abs(longitude) <= 180


@pytest.mark.parametrize(("way", "back"), [("north", "south"), ("east", "west")])
@pytest.mark.parametrize("point", [(45.5, -122.6), (-41.3, 174.8), (0.0, 180.0), (64.1, -21.9)])
def test_a_step_and_back_is_no_step(way: str, back: str, point: tuple[float, float]) -> None:
    gone = placing.moved(point, 2.0, way)
    assert 0.1 < distance_km(*point, *gone) < 0.3
    assert distance_km(*point, *placing.moved(gone, 2.0, back)) < 0.001


@given(reaches)
def test_looking_closer_and_further_has_ends(around_km: float) -> None:
    for found in (placing.closer(around_km), placing.further(around_km)):
        assert placing.CLOSEST_KM <= found <= placing.FURTHEST_KM


@pytest.mark.parametrize(
    ("point", "country", "words"),
    [
        ((45.5142, -122.6364), "US", "The pin is in the middle of 97214."),
        ((45.5187, -122.6364), "US", "The pin is about 0.3 miles north of 97214."),
        ((48.8534, 2.3588), "FR", "The pin is about 0.7 km east of Paris."),
        ((0.0, -150.0), "US", "The pin is far from any town we know."),
        ((89.9, 0.0), "US", "The pin is far from any town we know."),
        (None, "US", "The pin is not placed yet."),
    ],
)
def test_where_a_pin_stands_is_said(point: tuple[float, float] | None, country: str, words: str) -> None:
    assert placing.said(point, country) == words


def test_what_is_drawn_of_an_area_has_no_pin_and_no_postal_code() -> None:
    shown = placing.drawn((45.51, -122.64), 4.0, pin=(45.51, -122.64), country="US")
    area = placing.drawn((45.51, -122.64), 4.0, pin=None, country="US", area=True)
    assert shown is not None
    assert area is not None
    assert shown.pin == (0.0, 0.0)
    assert shown.ring is None
    assert any(label.spot.name == "97214" for label in shown.labels)
    assert (area.pin, area.ring) == (None, pytest.approx(area.sheet.units(1.1)))
    assert not any(label.spot.name.isdigit() for label in area.labels)
    assert all(len(mark) == 3 for mark in json.loads(shown.marks))
    assert placing.drawn((89.0, 0.0), 4.0, pin=None, country="US") is None


@pytest.mark.parametrize(
    ("telephone", "country", "usual"),
    [
        ("(503) 555-0101", "US", True),
        ("1 503 555 0101", "US", True),
        ("555 0101", "US", False),
        ("+1 503 555 0101", "US", True),
        ("0113 496 0123", "GB", True),
        ("0044 113 496 0123", "GB", True),
        ("12345", "GB", False),
        ("+123", "FR", False),
        ("01 23 45 67 89", "FR", True),
    ],
)
def test_an_odd_number_is_noticed_and_no_more(telephone: str, country: str, usual: bool) -> None:
    assert telephone_looks_usual(telephone, country) is usual
