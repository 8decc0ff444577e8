"""Columns of a drawing, in its own units; the words and the table beside it belong to the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 100.0
COLUMN: Final = 10.0
"""How wide a column is with the space around it."""
_BAR: Final = 7.0
_LEAST: Final = 2.0
"""How high the smallest number stands that is not nothing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One column; ``y`` falls."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    """"told", "few" for what is not told, or "now" for what stands out."""


def bar(at: int, height: float, kind: str, *, y: float | None = None) -> Bar:
    """The column in this place; it stands on the lower edge where ``y`` is not given."""
    x = round(at * COLUMN + (COLUMN - _BAR) / 2, 2)
    return Bar(x, round(HEIGHT - height if y is None else y, 2), _BAR, round(height, 2), kind)


def columns(values: Sequence[float], marked: Sequence[bool]) -> list[Bar]:
    """A column for each number but nothing, the largest one as high as the drawing; what is marked stands out."""
    top = max(values, default=0)
    return [
        bar(at, max(_LEAST, HEIGHT * value / top), "now" if mark else "told")
        for at, (value, mark) in enumerate(zip(values, marked, strict=True))
        if value
    ]
