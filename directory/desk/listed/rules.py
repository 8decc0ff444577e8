"""What changed since the last look. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from directory.credentials.terms import Refusal


@dataclass(frozen=True, slots=True)
class Look:
    """A place as it stands now; ``refusal`` is the first reason why it is not listed, ``None`` where it is."""

    practitioner_id: int
    place_id: int
    label: str
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Change:
    """A place that was listed at the last look and is not now, or the other way round."""

    look: Look
    stopped: bool


def changes(looks: Iterable[Look], before: Mapping[int, bool]) -> list[Change]:
    """What is different from ``before`` (whether listed, by place). A place seen for the first time is no change."""
    return [
        Change(look, stopped=before[look.place_id])
        for look in looks
        if look.place_id in before and before[look.place_id] is not (look.refusal is None)
    ]
