"""Who stands too close to be told apart: pins, and clusters of them. The script of the map groups in the same way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Spot = tuple[float, float]

APART: Final = 44.0
"""The least distance between the middles of two signs, so that a finger meets one and not the other."""


@dataclass(frozen=True, slots=True)
class Group:
    """One sign on the map: the numbers of those it stands for, in order, and its middle."""

    members: tuple[int, ...]
    x: float
    y: float


def grouped(spots: Sequence[Spot], *, apart: float) -> list[Group]:
    """Everybody in exactly one group, no two groups closer than ``apart``.

    The two nearest groups are put together, at the middle of all their members, until the nearest are far enough apart;
    of equals, the first. The groups come in the order of their first members.
    """
    groups = [Group((number,), x, y) for number, (x, y) in enumerate(spots)]
    while len(groups) > 1:
        far, first, second = min(
            (math.hypot(one.x - other.x, one.y - other.y), index, index + 1 + later)
            for index, one in enumerate(groups)
            for later, other in enumerate(groups[index + 1 :])
        )
        if far >= apart:
            break
        groups[first] = _together(groups[first], groups.pop(second), spots)
    return groups


def _together(one: Group, other: Group, spots: Sequence[Spot]) -> Group:
    members = tuple(sorted(one.members + other.members))
    xs, ys = zip(*(spots[member] for member in members), strict=True)
    return Group(members, math.fsum(xs) / len(xs), math.fsum(ys) / len(ys))
