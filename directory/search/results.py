"""What a search answers: small frozen values, ready to be shown. Nothing here touches the database again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from directory.credentials.rules import Permit
from directory.credentials.terms import Liaison, Mode, OutcomeTracking, Verification
from directory.practitioners.terms import Accepting, Availability, Gender, PointPrecision, Profession, Technique
from directory.search.criteria import PageKey, Part


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of a score: its weight, its value in 0..1, and their product."""

    part: Part
    weight: float
    value: float

    @property
    def points(self) -> float:
        """What this part adds to the score."""
        return self.weight * self.value


@dataclass(frozen=True, slots=True)
class Score:
    """The parts in their order; they sum to ``total``."""

    parts: tuple[ScorePart, ...]
    total: float


@dataclass(frozen=True, slots=True)
class RlsFacts:
    """What a practitioner declares about RLS, with how far it was checked."""

    patients_24m: int
    patients_verification: Verification
    years: float
    training_hours: float
    training_on: date | None
    training_verification: Verification
    outcomes: OutcomeTracking
    outcomes_verification: Verification
    liaison: Liaison
    publications: int
    attested_on: date | None


@dataclass(frozen=True, slots=True)
class PregnancyFacts:
    """What a result may say about work in pregnancy; only filled for a declaration that passes the gate."""

    min_week: int
    max_week: int
    training_hours: float
    training_verification: Verification
    patients_24m: int
    liaison: Liaison
    signed_on: date


@dataclass(frozen=True, slots=True)
class Language:
    """A language with its level and whose it is, as codes."""

    code: str
    name: str
    level: str
    spoken_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One practitioner at the best eligible place, with everything a card says."""

    practitioner_id: int
    slug: str
    name: str
    profession: Profession
    gender: Gender
    fictional: bool
    place_id: int
    place_label: str
    locality: str
    country: str
    latitude: float
    longitude: float
    point_precision: PointPrecision
    title: str | None
    jurisdiction: str
    telephone: str | None
    mode: Mode
    distance_km: float
    """Straight line; for a remote consultation it is not shown."""
    accepting: Accepting
    """As far as it is still known today; a yes of long ago is ``UNKNOWN``."""
    accepting_confirmed_on: date | None
    away_until: date | None
    """The last day of an absence that lasts today."""
    said_true_on: date | None
    """When the practitioner last said that the profile is true at this place."""
    price_currency: str | None
    price_first_talk: Decimal | None
    price_first_visit: Decimal | None
    price_follow_up: Decimal | None
    remote_consultation: bool
    home_visit_radius_km: float
    step_free: bool | None
    availability: frozenset[Availability]
    languages: tuple[Language, ...]
    techniques: frozenset[Technique]
    payers: tuple[str, ...]
    min_patient_age: int
    rls: RlsFacts | None
    pregnancy: PregnancyFacts | None
    nationally_certified: bool
    permit: Permit
    """What the listing rests on: papers with body, number, dates and the day they were checked."""
    wishes_met: tuple[str, ...]
    wishes_unmet: tuple[str, ...]
    protocols_met: tuple[str, ...]
    score: Score
    key: PageKey


class Step(StrEnum):
    """How an empty list was widened. Licence and pregnancy are not among the steps and never will be."""

    RADIUS = "radius"
    MUST = "must"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What one step of widening would give."""

    step: Step
    wish: str | None
    """The name of the must that was dropped (``criteria.WISH_NAMES``)."""
    radius_km: float
    """The radius this step looked within."""
    total: int
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many results the current list would keep if this value were asked for as well."""

    value: str
    label: str
    count: int
    chosen: bool


class Stop(StrEnum):
    """Why there is no list at all."""

    RED_FLAG = "red_flag"
    JURISDICTION_CLOSED = "jurisdiction_closed"
    JURISDICTION_HIDDEN = "jurisdiction_hidden"
    JURISDICTION_UNKNOWN = "jurisdiction_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The answer to one search."""

    day: date
    """The day whose rotation and decay this list is made with; page links carry it."""
    total: int
    matches: tuple[Match, ...]
    next_key: PageKey | None
    weights: tuple[tuple[Part, float], ...]
    facets: dict[str, tuple[FacetCount, ...]]
    """By name of the must: languages, techniques, gender, availability, payers, and the yes/no musts (value "yes")."""
    relaxations: tuple[Relaxation, ...] = ()
    newcomers: tuple[Match, ...] = ()
    before: int = 0
    """How many people stand on the pages before this one."""
    without_pregnancy: int | None = None
    """How many people more would fit were it not for the pregnancy gate; ``None`` where that gate does not apply. It is
    there to say what the list left out, never to offer it."""
    stop: Stop | None = None
    """RED_FLAG: show where to call. The jurisdiction reasons come with an empty main list and a sentence."""

    @property
    def interstitial(self) -> bool:
        """Whether help must be shown instead of a list."""
        return self.stop is Stop.RED_FLAG
