"""The shipped outlines: land, and the borders of countries, states and counties, read cell by cell.

``seeds/outlines/outlines.npz`` (made by ``.ci/outlines.py``; public-domain data of Natural Earth and the United States
Census Bureau) holds three levels of detail. Each is cut into square cells of so many degrees, named by their south-west
corners. A cell's pieces are rings of land or lines, their points in steps of 1/4096 of the cell from its corner, each
written as the difference to the one before:

``<level>_corners``  longitude and latitude of each cell, in order
``<level>_counts``   how many pieces each cell has
``<level>_kinds``    the kind of each piece
``<level>_lengths``  how many points each piece has
``<level>_x``, ``<level>_y``  the points
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from directory.geo.distance import Array
from directory.paths import SEEDS

Whole: TypeAlias = npt.NDArray[np.int64]

_STEPS: Final = 4096


class Kind(IntEnum):
    """What a piece is: the edge of land, or a border that is no shore."""

    LAND = 0
    COUNTY = 1
    STATE = 2
    COUNTRY = 3


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the earth between two parallels, ``width`` degrees to the east from ``west``."""

    south: float
    north: float
    west: float
    width: float


@dataclass(frozen=True, slots=True)
class Cell:
    """The pieces of one cell. Holes in land run the other way round."""

    kinds: Sequence[Kind]
    starts: Whole
    """Where each piece's points begin among those of the cell."""
    longitude: Array
    latitude: Array


class _Level:
    """One level of detail in memory."""

    def __init__(self, arrays: dict[str, npt.NDArray[np.integer]], name: str, side: int) -> None:
        self.side = side
        self._number_of = {
            (int(west), int(south)): each for each, (west, south) in enumerate(arrays[f"{name}_corners"])
        }
        self._parts = _ends(arrays[f"{name}_counts"])
        self._points = _ends(arrays[f"{name}_lengths"])
        self._kinds = arrays[f"{name}_kinds"]
        self._x, self._y = arrays[f"{name}_x"], arrays[f"{name}_y"]

    def cell(self, west: int, south: int) -> Cell | None:
        """What is drawn in one cell; nothing in the sea."""
        number = self._number_of.get((west, south))
        if number is None:
            return None
        parts = slice(int(self._parts[number]), int(self._parts[number + 1]))
        ends = self._points[parts.start : parts.stop + 1]
        points, starts = slice(int(ends[0]), int(ends[-1])), ends[:-1] - ends[0]
        step = self.side / _STEPS
        return Cell(
            [Kind(kind) for kind in self._kinds[parts].tolist()],
            starts,
            _degrees(self._x[points], starts, west, step),
            _degrees(self._y[points], starts, south, step),
        )


def _ends(counts: npt.NDArray[np.integer]) -> Whole:
    ends = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=ends[1:])
    return ends


def _degrees(differences: npt.NDArray[np.integer], starts: Whole, corner: int, step: float) -> Array:
    """The points of several pieces from the differences between them; each piece begins anew."""
    sums = np.cumsum(differences, dtype=np.int64)
    before = np.where(starts > 0, sums[starts - 1], 0)
    steps = sums - np.repeat(before, np.diff(starts, append=len(sums)))
    degrees: Array = corner + steps.astype(np.float64) * step
    return degrees


# The name of each level, the side of its cells in degrees, and up to how wide a window it is drawn.
_LEVELS: Final = (("fine", 1, 4.5), ("middle", 5, 18.0), ("coarse", 20, math.inf))


class Outlines:
    """The outlines of one file, loaded on first use."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def _levels(self) -> list[_Level]:
        with np.load(self._file, allow_pickle=False) as arrays:
            found = dict(arrays)
        return [_Level(found, name, side) for name, side, _ in _LEVELS]

    def within(self, window: Window) -> Iterator[Cell]:
        """Every cell that the window touches, in as much detail as its width deserves."""
        level = next(
            level for level, (_, _, widest) in zip(self._levels, _LEVELS, strict=True) if window.width <= widest
        )
        side = level.side
        first, last = math.floor(window.west / side), math.floor((window.west + min(window.width, 359)) / side)
        for column in range(first, last + 1):
            west = (column * side + 180) % 360 - 180
            for row in range(math.floor(window.south / side), math.floor(window.north / side) + 1):
                cell = level.cell(west, row * side)
                if cell is not None:
                    yield cell


@cache
def outlines() -> Outlines:
    """The shipped outlines, one for the process."""
    return Outlines(SEEDS / "outlines" / "outlines.npz")
