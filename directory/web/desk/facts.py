"""What the page of a case says of something, before it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is said, with what there is to know about it."""

    name: str
    said: str
    note: str = ""
    """How far it was checked, or what it would mean."""
    odd: bool = False
    """It asks for a second thought."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Everything that is claimed in one case."""

    intro: str = ""
    """What is asked, where the kind of the case does not say it."""
    facts: Sequence[Fact] = ()
    changes: Sequence[Change] = ()
    words: Sequence[str] = ()
    """In the claimant's own words, at length."""
    photos: bool = False
    nothing: str = ""
    """Why there is nothing to show."""
    warnings: Sequence[str] = field(default_factory=list)
