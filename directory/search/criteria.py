"""What a search asks. Frozen values only; whoever builds them has already understood the input."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from directory.credentials.terms import Mode
from directory.practitioners.terms import Availability, Gender, Technique
from directory.screening.rules import Patient

LEAST_RADIUS_KM = 1.0
LARGEST_RADIUS_KM = 500.0
DEFAULT_RADIUS_KM = 40.0
PAGE_SIZE = 20


class Preset(StrEnum):
    """Ready-made weightings the patient may choose."""

    BALANCED = "balanced"
    NEAREST = "nearest"
    EXPERIENCED = "most_experienced"


class Part(StrEnum):
    """What a score is made of."""

    PREGNANCY = "pregnancy"
    RLS = "rls"
    DISTANCE = "distance"
    FIT = "fit"
    TRUST = "trust"


Weights: TypeAlias = tuple[tuple[Part, float], ...]
"""Parts with their weights, which sum to one."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where the patient is: degrees, the jurisdiction and time zone there. ``precision`` is the place's own word."""

    latitude: float
    longitude: float
    country: str
    jurisdiction: str | None
    timezone: str
    label: str = ""
    about: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Filters when they are musts, soft preferences when they are wishes. An empty field asks for nothing."""

    languages: frozenset[str] = frozenset()
    techniques: frozenset[Technique] = frozenset()
    gender: Gender | None = None
    availability: frozenset[Availability] = frozenset()
    payers: frozenset[str] = frozenset()
    max_price: Decimal | None = None
    currency: str | None = None
    """Of ``max_price``; a price in another currency, or none, does not meet it."""
    step_free: bool = False
    step_free_or_home_visit: bool = False
    home_visit: bool = False
    remote_first_talk: bool = False
    accepting_confirmed: bool = False

    def asked(self) -> tuple[str, ...]:
        """The names of the fields that ask for something; ``currency`` goes with ``max_price``."""
        return tuple(name for name in WISH_NAMES if getattr(self, name))

    def without(self, name: str) -> Wishes:
        """The same wishes with one of them dropped."""
        return replace(self, **{name: getattr(Wishes(), name)})


WISH_NAMES = (
    "languages",
    "techniques",
    "gender",
    "availability",
    "payers",
    "max_price",
    "step_free",
    "step_free_or_home_visit",
    "home_visit",
    "remote_first_talk",
    "accepting_confirmed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """One search."""

    point: Point
    radius_km: float = DEFAULT_RADIUS_KM
    mode: Mode = Mode.IN_PERSON
    """``IN_PERSON`` finds practice places and home visits; ``REMOTE`` finds remote consultations only."""
    patient: Patient = field(default_factory=Patient)
    musts: Wishes = field(default_factory=Wishes)
    wishes: Wishes = field(default_factory=Wishes)
    waitlist_ok: bool = False
    preset: Preset = Preset.BALANCED
    leaning: int | None = None
    """Between the presets: 0 is the nearest, 50 the balanced, 100 the most experienced. ``None`` takes the preset."""
    weights: Weights | None = None
    """The patient's own weights; ``None`` takes the leaning's or the preset's."""


@dataclass(frozen=True, slots=True)
class PageKey:
    """The last row of the page before: its band (falling), its turn within the band (falling), its lot, its id."""

    band: int
    turn: int
    lot: int
    practitioner_id: int


@dataclass(frozen=True, slots=True)
class Page:
    """Which page: the day whose rotation and decay count, and the row to go on after."""

    day: date | None = None
    """``None`` is today at the patient's place."""
    after: PageKey | None = None
    size: int = PAGE_SIZE
