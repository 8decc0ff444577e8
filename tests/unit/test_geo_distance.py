"""Distances against Karney's geodesic, which geopy carries."""

from __future__ import annotations

import math

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from directory.geo.distance import KM_PER_MILE, MILES_PER_KM, arc_km, chord_km, distance_km, ecef
from directory.geo.timezones import timezone_at

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


@given(latitudes, longitudes, st.floats(0, 360), st.floats(0.001, 160))
@example(90.0, 0.0, 180.0, 100.0)
@example(-90.0, 12.0, 0.0, 160.0)
@example(0.0, 180.0, 90.0, 50.0)
@example(10.0, -180.0, 270.0, 5.0)
def test_short_distances_agree_with_the_geodesic(lat: float, lon: float, bearing: float, km: float) -> None:
    there = geodesic(kilometers=km).destination((lat, lon), bearing)
    measured = distance_km(lat, lon, there.latitude, there.longitude)
    assert measured == pytest.approx(geodesic((lat, lon), there).km, rel=1e-5, abs=1e-6)


@given(latitudes, longitudes, latitudes, longitudes)
def test_long_distances_are_reasonable(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    true = geodesic((lat1, lon1), (lat2, lon2)).km
    allowed = 0.0015 if true <= 10_000 else 0.045
    assert distance_km(lat1, lon1, lat2, lon2) == pytest.approx(true, rel=allowed, abs=1e-6)


@given(latitudes, longitudes, latitudes, longitudes)
def test_there_is_as_far_as_back(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    there, back = distance_km(lat1, lon1, lat2, lon2), distance_km(lat2, lon2, lat1, lon1)
    assert there == pytest.approx(back, abs=1e-6)
    assert there >= 0
    assert distance_km(lat1, lon1, lat1, lon1) == 0


@given(st.floats(0, 20_000))
def test_a_chord_bends_back_into_its_arc(arc: float) -> None:
    # Near the antipodes a chord hardly grows any more, so that rounding shows there.
    assert arc_km(chord_km(arc)) == pytest.approx(arc, abs=1e-3)


def test_both_sides_of_the_date_line_are_neighbours() -> None:
    assert distance_km(0, 180, 0, -180) == pytest.approx(0, abs=1e-9)
    assert distance_km(-17, 179.99, -17, -179.99) < 2.2


def test_every_longitude_is_the_same_point_at_a_pole() -> None:
    assert distance_km(90, -120, 90, 77) == pytest.approx(0, abs=1e-9)
    assert ecef(90.0, 33.0)[2] == pytest.approx(6356.752, abs=0.001)


def test_arrays_give_what_single_points_give() -> None:
    lats, lons = np.array([51.5, -33.9, 90.0]), np.array([-0.1, 151.2, 0.0])
    rows = distance_km(45.5, -122.6, lats, lons)
    singles = [distance_km(45.5, -122.6, float(lat), float(lon)) for lat, lon in zip(lats, lons, strict=True)]
    assert rows.tolist() == pytest.approx(singles)
    assert not math.isnan(float(arc_km(20_000.0)))


def test_miles_and_kilometres() -> None:
    assert pytest.approx(1) == KM_PER_MILE * MILES_PER_KM


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (45.51, -122.64, "America/Los_Angeles"),
        (51.5, -0.1, "Europe/London"),
        (-33.87, 151.21, "Australia/Sydney"),
        (-41.3, 174.8, "Pacific/Auckland"),
        (53.34, -6.25, "Europe/Dublin"),
        (38.65, -87.17, "America/Indiana/Vincennes"),
    ],
)
def test_the_zone_of_a_point(latitude: float, longitude: float, zone: str) -> None:
    assert timezone_at(latitude, longitude) == zone


@given(latitudes, longitudes)
@example(90.0, 180.0)
@example(-90.0, -180.0)
@example(0.0, 180.0)
def test_every_point_has_a_zone(latitude: float, longitude: float) -> None:
    assert timezone_at(latitude, longitude)
