"""Land and borders as the paths of a drawing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from directory.geo.distance import Array
from directory.geo.mercator import Sheet
from directory.geo.outlines import Kind, Outlines, Window
from directory.web.map.frame import HALF_HEIGHT, HALF_WIDTH

FINENESS: Final = 4
"""Steps of a unit in which points are written: fine enough to be looked at eight times larger, and short."""
_EDGE: Final = np.array([HALF_WIDTH, HALF_HEIGHT], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Ground:
    """Path data, in steps of 1/``FINENESS`` unit; empty where there is nothing of the kind."""

    land: str
    counties: str
    states: str
    countries: str


def ground(sheet: Sheet, outlines: Outlines) -> Ground:
    """What lies within the frame of this sheet."""
    found: dict[Kind, list[str]] = defaultdict(list)
    for cell in outlines.within(window(sheet)):
        points = np.stack([sheet.x(cell.longitude), sheet.y(cell.latitude)], axis=1)
        ends = [*cell.starts[1:].tolist(), len(points)]
        low, high = np.minimum.reduceat(points, cell.starts), np.maximum.reduceat(points, cell.starts)
        near, inside = (
            np.all((low <= _EDGE) & (high >= -_EDGE), axis=1),
            np.all(np.abs([low, high]) <= _EDGE, axis=(0, 2)),
        )
        for part in np.flatnonzero(near).tolist():
            piece, kind = points[cell.starts[part] : ends[part]], cell.kinds[part]
            if kind is not Kind.LAND:
                found[kind] += [
                    _path(line, closed=False) for line in ([piece] if inside[part] else _touching_frame(piece))
                ]
            elif len(ring := piece if inside[part] else _within_frame(piece)) > 2:
                found[kind].append(_path(ring, closed=True))
    paths = {kind: "".join(parts) for kind, parts in found.items()}
    return Ground(*(paths.get(kind, "") for kind in Kind))


def window(sheet: Sheet) -> Window:
    """The part of the earth that the frame of a sheet shows."""
    north, west = sheet.point(-HALF_WIDTH, -HALF_HEIGHT)
    south, _ = sheet.point(HALF_WIDTH, HALF_HEIGHT)
    return Window(south, north, west, 2 * HALF_WIDTH / sheet.per_degree)


def _within_frame(ring: Array) -> Array:
    """The part of a ring within the frame (Sutherland and Hodgman's way, one side of the frame after the other)."""
    for axis, edge in ((0, HALF_WIDTH), (1, HALF_HEIGHT)):
        for sign in (1.0, -1.0):
            if len(ring) == 0:
                return ring
            inside = edge - sign * ring[:, axis]
            following, inside_next = np.roll(ring, -1, axis=0), np.roll(inside, -1)
            crosses = (inside >= 0) != (inside_next >= 0)
            share = np.divide(inside, inside - inside_next, out=np.zeros_like(inside), where=crosses)
            crossing = ring + share[:, None] * (following - ring)
            ring = np.stack([ring, crossing], axis=1)[np.stack([inside >= 0, crosses], axis=1)]
    return ring


def _touching_frame(line: Array) -> Iterator[Array]:
    """The stretches of a line that come near the frame."""
    low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
    near = np.all((low <= _EDGE) & (high >= -_EDGE), axis=1)
    turns = np.flatnonzero(np.diff(near, prepend=False, append=False))
    for start, end in zip(turns[::2], turns[1::2], strict=True):
        yield line[start : end + 1]


def _path(points: Array, *, closed: bool) -> str:
    """The points as one stretch of path data, each told from the one before."""
    steps: npt.NDArray[np.int64] = np.rint(points * FINENESS).astype(np.int64)
    moves = np.diff(steps, axis=0)
    moves = moves[np.any(moves != 0, axis=1)]
    told = " ".join(map(str, moves.ravel().tolist())).replace(" -", "-")
    if not told:
        return ""
    return f"M{steps[0][0]} {steps[0][1]}l{told}{'z' if closed else ''}".replace(" -", "-")
