"""Which places are named on a map, and on which side of their point, so that no name lies on another.

Larger places come first. A place whose name fits only when the map is looked at two, four or eight times larger is
named from there on. The same places in the same order always give the same names.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from directory.web.map.frame import HALF_HEIGHT, HALF_WIDTH, SIDE

SIZE: Final = 13.0
"""Height of the letters in units; the stylesheet sets the same."""
ZOOMS: Final = (1, 2, 4, 8)
MOST: Final = {1: 14, 2: 24, 4: 36, 8: 48}
"""How many names there may be in all, by how closely one looks."""
_GAP: Final = 7.0
_BESIDE_A_SIGN: Final = 25.0
_AIR: Final = 3.0
_WIDE: Final = frozenset("WF")


class Box(NamedTuple):
    """An upright rectangle, in units."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def moved(self, x: float, y: float) -> Box:
        """The same rectangle elsewhere."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)


Taken: TypeAlias = tuple[float, float, Box]
"""A point, and what is drawn around it in a size that stays the same however closely one looks."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that may be named."""

    name: str
    x: float
    y: float
    large: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside its point. ``anchor`` is where the text is held, ``dx`` and ``dy`` how far from the point."""

    spot: Spot
    anchor: str
    dx: float
    dy: float
    zoom: int
    """From how much closer a look on it is shown."""
    box: Box
    """What it covers, measured from its point."""

    def at(self, zoom: int) -> Box:
        """What it covers on a map looked at so much larger."""
        return self.box.moved(self.spot.x * zoom, self.spot.y * zoom)


def placed(spots: Sequence[Spot], taken: Sequence[Taken] = ()) -> list[Label]:
    """The names to write, the most important first, beside what is taken."""
    labels: list[Label] = []
    named: set[str] = set()
    for zoom in ZOOMS:
        for spot in spots:
            if len(labels) >= MOST[zoom]:
                break
            if spot.name in named:
                continue
            label = next((each for each in _ways(spot, zoom, taken) if _fits(each, labels, taken)), None)
            if label is not None:
                labels.append(label)
                named.add(spot.name)
    return labels


def width(text: str) -> float:
    """About how wide a text is, in units, rather too wide than too narrow."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in _WIDE else 0.56 for sign in text) * SIZE


def _ways(spot: Spot, zoom: int, taken: Sequence[Taken]) -> Iterator[Label]:
    """The name right of its point, left, above and below; where a sign stands on the point, beside the sign."""
    wide, half = width(spot.name), SIZE / 2
    left, right = -wide / 2 - _AIR, wide / 2 + _AIR
    hidden = any(_holds(box.moved(x * zoom, y * zoom), spot.x * zoom, spot.y * zoom) for x, y, box in taken)
    gap, near = (_BESIDE_A_SIGN, _BESIDE_A_SIGN - _AIR) if hidden else (_GAP, -_AIR)
    level = half * 0.7
    yield Label(spot, "start", gap, level, zoom, Box(near, -half - _AIR, gap + wide + _AIR, half + _AIR))
    yield Label(spot, "end", -gap, level, zoom, Box(-gap - wide - _AIR, -half - _AIR, -near, half + _AIR))
    yield Label(spot, "middle", 0.0, -gap, zoom, Box(left, -gap - SIZE - _AIR, right, -near))
    yield Label(spot, "middle", 0.0, gap + SIZE * 0.8, zoom, Box(left, near, right, gap + SIZE + _AIR))


def _holds(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _fits(label: Label, labels: Sequence[Label], taken: Sequence[Taken]) -> bool:
    if label.zoom == 1 and not _whole(label.at(1)):
        return False
    # Two names beside one another may meet again when their points move apart, so every closer look is tried.
    for zoom in (zoom for zoom in ZOOMS if zoom >= label.zoom):
        box = label.at(zoom)
        if any(box.meets(other.at(zoom)) for other in labels):
            return False
        if any(box.meets(other.moved(x * zoom, y * zoom)) for x, y, other in taken):
            return False
    return True


def _whole(box: Box) -> bool:
    """Within the square that every window shows, or where only wide windows look, but never cut by its edge."""
    half = SIDE / 2
    if not (box.left > -HALF_WIDTH and box.right < HALF_WIDTH and box.top > -HALF_HEIGHT and box.bottom < HALF_HEIGHT):
        return False
    square = Box(-half, -half, half, half)
    inside = (
        square.left <= box.left and box.right <= square.right and square.top <= box.top and box.bottom <= square.bottom
    )
    return inside or not box.meets(square)
