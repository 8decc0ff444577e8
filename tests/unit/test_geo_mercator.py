"""The flat map: there and back, distances at its middle, the date line, the poles, and the eight directions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from directory.geo.distance import distance_km
from directory.geo.mercator import FURTHEST_LATITUDE, Compass, Sheet, compass

latitudes = st.floats(-FURTHEST_LATITUDE, FURTHEST_LATITUDE)
longitudes = st.floats(-180, 180)
radii = st.floats(1, 500)

ADAK = (51.88, -176.66)
SUVA = (-18.14, 178.44)


@given(latitudes, longitudes, radii, st.floats(-400, 400), st.floats(-300, 300))
@example(*ADAK, 300.0, -400.0, 0.0)
@example(*SUVA, 300.0, 400.0, 10.0)
def test_a_point_of_the_sheet_leads_back_to_itself(lat: float, lon: float, km: float, x: float, y: float) -> None:
    sheet = Sheet.around(lat, lon, km=km, units=160)
    there = sheet.point(x, y)
    if abs(there[0]) < 85 and abs(x / sheet.per_degree) < 179:
        assert sheet.place(*there) == pytest.approx((x, y), abs=1e-4)


@given(st.floats(-75, 75), longitudes, radii)
@example(*ADAK, 500.0)
@example(*SUVA, 500.0)
@example(0.0, 180.0, 1.0)
def test_the_circle_of_a_search_fits_its_square_and_is_as_large_as_it_says(lat: float, lon: float, km: float) -> None:
    sheet = Sheet.around(lat, lon, km=km, units=160)
    circle = sheet.circle(lat, lon, km=km, corners=36)
    assert 150 < max(abs(y) for _, y in circle) < 161
    assert 130 < max(abs(x) for x, _ in circle) < 161
    for corner in circle[::9]:
        assert distance_km(lat, lon, *sheet.point(*corner)) == pytest.approx(km, rel=0.01)


@given(st.floats(-80, 80), longitudes, st.floats(1, 50))
def test_lengths_at_the_middle_are_those_of_the_ground(lat: float, lon: float, km: float) -> None:
    sheet = Sheet.around(lat, lon, km=50, units=160)
    east = sheet.place(*_beyond(lat, lon, km, 90))
    assert math.hypot(*east) == pytest.approx(sheet.units(km), rel=0.03)


def test_the_date_line_is_a_line_like_any_other() -> None:
    sheet = Sheet.around(*SUVA, km=300, units=160)
    near, far = sheet.place(-18.14, 179.9), sheet.place(-18.14, -179.9)
    assert 0 < near[0] < far[0] < 160
    columns = sheet.x(np.array([179.9, -179.9]))
    assert columns[1] - columns[0] == pytest.approx(0.2 * sheet.per_degree)


@pytest.mark.parametrize("latitude", [84.1, -84.1, 90.0, -90.0])
def test_there_is_no_flat_map_of_a_pole(latitude: float) -> None:
    with pytest.raises(ValueError, match="pole"):
        Sheet.around(latitude, 0.0, km=40, units=160)


def test_a_large_circle_beside_the_pole_stays_finite() -> None:
    sheet = Sheet.around(FURTHEST_LATITUDE, 12.0, km=500, units=160)
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in sheet.circle(84.0, 12.0, km=500, corners=24))


@pytest.mark.parametrize(
    ("bearing", "expected"),
    [
        (0, Compass.NORTH),
        (22, Compass.NORTH),
        (23, Compass.NORTH_EAST),
        (90, Compass.EAST),
        (135, Compass.SOUTH_EAST),
        (180, Compass.SOUTH),
        (225, Compass.SOUTH_WEST),
        (270, Compass.WEST),
        (315, Compass.NORTH_WEST),
        (338, Compass.NORTH),
    ],
)
@pytest.mark.parametrize("start", [(45.5, -122.6), SUVA, ADAK, (0.0, 180.0)])
def test_directions_are_those_people_name(start: tuple[float, float], bearing: float, expected: Compass) -> None:
    assert compass(*start, *_beyond(*start, 20, bearing)) is expected


def _beyond(lat: float, lon: float, km: float, bearing: float) -> tuple[float, float]:
    there = geodesic(kilometers=km).destination((lat, lon), bearing)
    return there.latitude, there.longitude
