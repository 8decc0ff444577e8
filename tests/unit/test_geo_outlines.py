"""The shipped outlines: where there is land and where water, at each scale, and that the date line parts nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from directory.geo.distance import Array
from directory.geo.outlines import Kind, Outlines, Window, outlines
from directory.paths import SEEDS

FILE = SEEDS / "outlines" / "outlines.npz"


def _around(latitude: float, longitude: float, degrees: float) -> Window:
    return Window(latitude - degrees / 2, latitude + degrees / 2, longitude - degrees / 2, degrees)


def _winding(longitude: Array, latitude: Array, at: tuple[float, float]) -> int:
    """How often a ring goes around a point (Sunday's way)."""
    x, y = longitude - at[1], latitude - at[0]
    x_next, y_next = np.roll(x, -1), np.roll(y, -1)
    left = x * y_next - x_next * y
    up, down = (y <= 0) & (y_next > 0) & (left > 0), (y > 0) & (y_next <= 0) & (left < 0)
    return int(up.sum() - down.sum())


def _is_land(at: tuple[float, float], degrees: float) -> bool:
    rings = (points for kind, points in _pieces(_around(*at, degrees)) if kind is Kind.LAND)
    return sum(_winding(*ring, at) for ring in rings) != 0


def _pieces(window: Window) -> Iterator[tuple[Kind, tuple[Array, Array]]]:
    """Each piece with its longitudes and latitudes."""
    for cell in outlines().within(window):
        starts = cell.starts[1:]
        yield from zip(
            cell.kinds,
            zip(np.split(cell.longitude, starts), np.split(cell.latitude, starts), strict=True),
            strict=True,
        )


@pytest.mark.parametrize("degrees", [1.0, 10.0, 30.0], ids=["fine", "middle", "coarse"])
@pytest.mark.parametrize(
    ("where", "at", "land"),
    [
        ("Montana", (47.0, -109.5), True),
        ("London", (51.51, -0.12), True),
        ("Sydney, inland", (-33.8, 150.5), True),
        ("Viti Levu, Fiji", (-17.8, 178.0), True),
        ("Christchurch, inland", (-43.5, 171.8), True),
        ("Lake Michigan", (43.5, -87.0), False),
        ("Lake Ontario, Canadian half", (43.75, -78.0), False),
        ("Irish Sea", (53.7, -5.0), False),
        ("the date line at sea", (-30.0, 180.0), False),
        ("the Pacific", (40.0, -135.0), False),
    ],
)
def test_land_is_land_and_water_water(where: str, at: tuple[float, float], land: bool, degrees: float) -> None:
    assert _is_land(at, degrees) is land, where


@pytest.mark.parametrize(
    "at", [(40.705, -74.02), (46.2, -123.85), (43.63, -79.37)], ids=["New York", "Astoria", "Toronto"]
)
def test_a_city_on_the_water_has_both(at: tuple[float, float]) -> None:
    steps = np.linspace(-0.15, 0.15, 7)
    assert {_is_land((at[0] + north, at[1] + east), 1.0) for north in steps for east in steps} == {True, False}


def test_a_border_is_where_it_is() -> None:
    pieces = list(_pieces(_around(49.0, -110.0, 1.0)))
    country = [latitudes for kind, (_, latitudes) in pieces if kind is Kind.COUNTRY]
    assert country
    assert all(abs(latitude - 49.0) < 0.02 for latitudes in country for latitude in latitudes)
    assert Kind.COUNTY in {kind for kind, _ in pieces}
    # Counties are too many for a map of half a continent.
    assert Kind.COUNTY not in {kind for kind, _ in _pieces(_around(45.0, -100.0, 15.0))}


def test_the_date_line_parts_nothing() -> None:
    across = Window(-20.0, -15.0, 177.0, 4.0)
    longitudes = np.concatenate([each.longitude for each in outlines().within(across)])
    assert longitudes.min() < -179
    assert longitudes.max() > 178


def test_the_file_stays_small_and_is_read_without_running_anything() -> None:
    assert FILE.stat().st_size < 2_500_000
    with np.load(FILE, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "iu" for name in arrays)


def test_outlines_are_loaded_when_they_are_first_asked_for() -> None:
    with pytest.raises(FileNotFoundError):
        list(Outlines(SEEDS / "nowhere.npz").within(_around(0, 0, 1)))
