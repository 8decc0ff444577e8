"""How a score is made, in one place. Pure arithmetic over columns; the page "How ranking works" is printed from here.

``score = Σ weight × value`` with weights that sum to one and every value in 0..1. Values are kept as whole millionths,
so that the order never hangs on the last bit of a float and two equal people are exactly equal.

What is not here cannot count: there is no fee, click, review, profile length or sponsorship among the columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from directory.credentials.rules import Paper
from directory.credentials.terms import CredentialStatus, Liaison, Mode, OutcomeTracking, Verification
from directory.search.criteria import Criteria, Part, Preset, Weights

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Values: TypeAlias = npt.NDArray[np.int32]
"""Of a part, in millionths."""

VERSION: Final = "2026-11-23"
"""Changes whenever a number on this page does; see CHANGELOG.md."""

# --- weights -----------------------------------------------------------------------------------------------------

WEIGHTS: Final[Mapping[Preset, Mapping[Part, float]]] = {
    Preset.BALANCED: {Part.RLS: 0.50, Part.DISTANCE: 0.25, Part.FIT: 0.15, Part.TRUST: 0.10},
    Preset.NEAREST: {Part.RLS: 0.25, Part.DISTANCE: 0.50, Part.FIT: 0.15, Part.TRUST: 0.10},
    Preset.EXPERIENCED: {Part.RLS: 0.65, Part.DISTANCE: 0.10, Part.FIT: 0.15, Part.TRUST: 0.10},
}
WEIGHTS_PREGNANT: Final[Mapping[Preset, Mapping[Part, float]]] = {
    Preset.BALANCED: {Part.PREGNANCY: 0.35, Part.RLS: 0.25, Part.DISTANCE: 0.20, Part.FIT: 0.10, Part.TRUST: 0.10},
    Preset.NEAREST: {Part.PREGNANCY: 0.25, Part.RLS: 0.15, Part.DISTANCE: 0.40, Part.FIT: 0.10, Part.TRUST: 0.10},
    Preset.EXPERIENCED: {Part.PREGNANCY: 0.40, Part.RLS: 0.30, Part.DISTANCE: 0.10, Part.FIT: 0.10, Part.TRUST: 0.10},
}

LEANINGS: Final[Mapping[Preset, int]] = {Preset.NEAREST: 0, Preset.BALANCED: 50, Preset.EXPERIENCED: 100}
"""Where the presets stand on the slider "nearer ↔ more experienced"; between two of them weights change evenly."""

# --- RLS experience (declared, checked, decaying) ------------------------------------------------------------------

RLS_SHARES: Final = {
    "patients": 0.30,
    "years": 0.15,
    "training": 0.20,
    "outcomes": 0.20,
    "liaison": 0.10,
    "publications": 0.05,
}
PATIENTS_CAP: Final = 40
YEARS_CAP: Final = 8
TRAINING_CAP_HOURS: Final = 30
TRAINING_HALF_LIFE_MONTHS: Final = 60
PUBLICATIONS_CAP: Final = 4
OUTCOME_VALUES: Final = {
    OutcomeTracking.NONE: 0.0,
    OutcomeTracking.OWN_DIARY: 0.4,
    OutcomeTracking.VALIDATED_SCALE_ROUTINE: 0.8,
    OutcomeTracking.AGGREGATE_REPORTED: 1.0,
}
LIAISON_VALUES: Final = {Liaison.NONE: 0.0, Liaison.SELF_ATTESTED: 0.5, Liaison.CONFIRMED: 1.0}
VERIFICATION_VALUES: Final = {
    Verification.NONE: 0.0,
    Verification.SELF_ATTESTED: 0.5,
    Verification.DOCUMENT_CHECKED: 0.85,
    Verification.INDEPENDENTLY_CONFIRMED: 1.0,
}
SELF_ATTESTED_CAP: Final = 0.25
FRESH_MONTHS: Final = 12
STALE_MONTHS: Final = 36

# --- pregnancy practice (only among those who pass the gate) -------------------------------------------------------

PREGNANCY_SHARES: Final = {"training": 0.40, "patients": 0.25, "liaison": 0.20, "declaration": 0.15}
MATERNITY_CAP_HOURS: Final = 40
MATERNITY_PATIENTS_CAP: Final = 50

# --- distance, fit, trust ------------------------------------------------------------------------------------------

DISTANCE_SCALE: Final = 0.8
"""``exp(-km / (0.8 × radius))``"""
FIT_START: Final = 0.5
FIT_SPAN: Final = 0.5
PERINATAL_STEP: Final = 0.5
TRUST_START: Final = 0.8
TRUST_CERTIFIED: Final = 0.2
TRUST_PROBATION: Final = -0.5
TRUST_DISCIPLINE: Final = -0.25

# --- order ---------------------------------------------------------------------------------------------------------

BAND: Final = 0.01
MILLION: Final = 1_000_000
DAYS_IN_MONTH: Final = 365.25 / 12
_TURN_LOW, _TURN_HIGH = 500, 1500


def weights_for(criteria: Criteria) -> Weights:
    """The weights this search uses: the patient's own, or else the slider's or the preset's, summing to one.

    Parts that cannot count are left out. Distance has no part in a remote consultation; pregnancy practice counts only
    for somebody pregnant or maybe so, and keeps the preset's share when the patient's own weights do not name it.
    """
    pregnant = criteria.patient.gestation is not None
    table = WEIGHTS_PREGNANT if pregnant else WEIGHTS
    preset = dict(table[criteria.preset]) if criteria.leaning is None else _leaning(table, criteria.leaning)
    own = dict(criteria.weights or ())
    chosen = {part: weight for part, weight in own.items() if weight > 0} or preset
    if pregnant and Part.PREGNANCY not in own | chosen:
        share = preset[Part.PREGNANCY]
        total = sum(chosen.values())
        chosen = {part: weight / total * (1 - share) for part, weight in chosen.items()} | {Part.PREGNANCY: share}
    if not pregnant:
        chosen.pop(Part.PREGNANCY, None)
    if criteria.mode is Mode.REMOTE:
        chosen.pop(Part.DISTANCE, None)
    chosen = {part: weight for part, weight in chosen.items() if weight > 0} or {
        part: weight for part, weight in preset.items() if not (criteria.mode is Mode.REMOTE and part is Part.DISTANCE)
    }
    total = sum(chosen.values())
    return tuple((part, chosen[part] / total) for part in Part if part in chosen)


def _leaning(table: Mapping[Preset, Mapping[Part, float]], position: int) -> dict[Part, float]:
    """The weights at a place of the slider: on the straight line between the two presets beside it."""
    middle = LEANINGS[Preset.BALANCED]
    low, high = (Preset.NEAREST, Preset.BALANCED) if position <= middle else (Preset.BALANCED, Preset.EXPERIENCED)
    share = (position - LEANINGS[low]) / (LEANINGS[high] - LEANINGS[low])
    return {part: table[low][part] * (1 - share) + table[high][part] * share for part in table[low]}


@dataclass(frozen=True, slots=True)
class RlsStanding:
    """What of somebody's RLS experience stands still, split by whether it was checked, and the dates it decays from."""

    own: float = 0.0
    own_training: float = 0.0
    checked: float = 0.0
    checked_training: float = 0.0
    training_day: int = 0
    attested_day: int = 0


def rls_standing(
    *,
    patients: int,
    patients_verification: Verification,
    years: float,
    years_verification: Verification,
    training_hours: float,
    training_on: date | None,
    training_verification: Verification,
    outcomes: OutcomeTracking,
    outcomes_verification: Verification,
    liaison: Liaison,
    liaison_verification: Verification,
    publications: int,
    publications_verification: Verification,
    attested_on: date | None,
) -> RlsStanding:
    """Each item's capped value × its share × how far it was checked.

    Patients count by logarithm up to forty; years up to eight, halved without a patient in 24 months; training needs
    its date. Nothing counts without a dated attestation.
    """
    if attested_on is None:
        return RlsStanding()
    tenure = min(1.0, years / YEARS_CAP) * (1.0 if patients else 0.5)
    items = (
        ("patients", min(1.0, np.log1p(patients) / np.log1p(PATIENTS_CAP)), patients_verification),
        ("years", tenure, years_verification),
        ("outcomes", OUTCOME_VALUES[outcomes], outcomes_verification),
        ("liaison", LIAISON_VALUES[liaison], liaison_verification),
        ("publications", min(1.0, publications / PUBLICATIONS_CAP), publications_verification),
    )
    own = checked = 0.0
    for name, value, verification in items:
        amount = RLS_SHARES[name] * float(value) * VERIFICATION_VALUES[verification]
        if verification is Verification.SELF_ATTESTED:
            own += amount
        else:
            checked += amount
    training = 0.0
    if training_on is not None:
        hours = min(1.0, training_hours / TRAINING_CAP_HOURS)
        training = RLS_SHARES["training"] * hours * VERIFICATION_VALUES[training_verification]
    is_own = training_verification is Verification.SELF_ATTESTED
    return RlsStanding(
        own=own,
        own_training=training if is_own else 0.0,
        checked=checked,
        checked_training=0.0 if is_own else training,
        training_day=training_on.toordinal() if training_on else 0,
        attested_day=attested_on.toordinal(),
    )


def pregnancy_value(*, hours: float, verification: Verification, patients: int, liaison: Liaison) -> float:
    """Depth of pregnancy practice, 0..1; only ever used for somebody who passes the pregnancy gate."""
    checked = VERIFICATION_VALUES[verification]
    seen = min(1.0, float(np.log1p(patients) / np.log1p(MATERNITY_PATIENTS_CAP)))
    return (
        PREGNANCY_SHARES["training"] * min(1.0, hours / MATERNITY_CAP_HOURS) * checked
        + PREGNANCY_SHARES["patients"] * seen * checked
        + PREGNANCY_SHARES["liaison"] * LIAISON_VALUES[liaison]
        + PREGNANCY_SHARES["declaration"]
    )


def trust_penalty(basis: tuple[Paper, ...]) -> float:
    """What public orders on the papers of a listing take from trust: probation, or any other discipline on record."""
    if any(paper.status is CredentialStatus.PROBATION for paper in basis):
        return TRUST_PROBATION
    return TRUST_DISCIPLINE if any(paper.discipline for paper in basis) else 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts about practitioners whoever asks, one array each; days are proleptic ordinals, 0 where there is
    none."""

    rls_own: Floats
    rls_own_training: Floats
    rls_checked: Floats
    rls_checked_training: Floats
    training_day: npt.NDArray[np.integer]
    attested_day: npt.NDArray[np.integer]
    pregnancy: Floats
    certified_until: npt.NDArray[np.integer]
    penalty: Floats


@dataclass(frozen=True, slots=True)
class Columns:
    """The facts of the rows being ranked, one array each: first the values that ``settled`` knows, in millionths."""

    rls: Values
    pregnancy: Values
    trust: Values
    km: Floats
    visits_home: npt.NDArray[np.bool_]
    """The patient asked for a home visit and this row's practitioner comes: there is no way to travel."""
    fit: Floats
    """Sum of steps already divided by how many were asked; see ``matching``."""


def rls_value(standing: Standing, day: int) -> Floats:
    """RLS experience on a day: training fades by half in sixty months, all of it between one and three years after
    the attestation, and what nobody checked counts for at most a quarter."""
    decay = 0.5 ** (np.maximum(day - standing.training_day, 0) / DAYS_IN_MONTH / TRAINING_HALF_LIFE_MONTHS)
    age = (day - standing.attested_day) / DAYS_IN_MONTH
    fresh = np.clip((STALE_MONTHS - age) / (STALE_MONTHS - FRESH_MONTHS), 0.0, 1.0)
    own = np.minimum(SELF_ATTESTED_CAP, standing.rls_own + standing.rls_own_training * decay)
    total: Floats = (own + standing.rls_checked + standing.rls_checked_training * decay) * fresh
    return total


def distance_value(columns: Columns, radius_km: float) -> Floats:
    """Nearness by the chosen radius; one where the practitioner comes to a patient who asked for that."""
    near: Floats = np.exp(-columns.km / (DISTANCE_SCALE * radius_km))
    return np.where(columns.visits_home, 1.0, near)


def fit_value(columns: Columns) -> Floats:
    """How far soft wishes and protocols for this patient are met, from the middle up or down."""
    return FIT_START + FIT_SPAN * columns.fit


def trust_value(standing: Standing, day: int) -> Floats:
    """Standing: a checked national certification adds, a public order takes."""
    return TRUST_START + np.where(day <= standing.certified_until, TRUST_CERTIFIED, 0.0) + standing.penalty


def settled(standing: Standing, *, day: int) -> dict[Part, Values]:
    """The values, on a day, of the parts in which all who ask are equal: worked out once for everybody."""
    return {
        Part.RLS: _millionths(rls_value(standing, day)),
        Part.PREGNANCY: _millionths(standing.pregnancy),
        Part.TRUST: _millionths(trust_value(standing, day)),
    }


def parts(columns: Columns, weights: Weights, *, radius_km: float) -> Iterator[tuple[Part, float, Values]]:
    """Name, weight and value (in millionths) of every part: the ranking sums this and the page prints it."""
    values: dict[Part, Callable[[], Values]] = {
        Part.PREGNANCY: lambda: columns.pregnancy,
        Part.RLS: lambda: columns.rls,
        Part.DISTANCE: lambda: _millionths(distance_value(columns, radius_km)),
        Part.FIT: lambda: _millionths(fit_value(columns)),
        Part.TRUST: lambda: columns.trust,
    }
    for part, weight in weights:
        yield part, weight, values[part]()


def _millionths(value: Floats) -> Values:
    return np.rint(np.clip(value, 0.0, 1.0) * MILLION).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores and the three keys of the order, one entry a row: band and turn fall, lot and id rise."""

    weights: Weights
    values: tuple[Values, ...]
    score: Floats
    band: Ints
    turn: Ints


def rank(columns: Columns, weights: Weights, *, radius_km: float, seed: bytes) -> Ranking:
    """Score every row and say in which order equals stand.

    The score is cut into bands of 0.01. Inside a band, the day and the search draw one positive whole number for each
    part, and rows stand by the sum of value × number: somebody whom another equals or beats on every part can never
    stand above them, whatever is drawn, and all others take turns from day to day.
    """
    named = tuple(parts(columns, weights, radius_km=radius_km))
    draws = np.random.default_rng(int.from_bytes(seed[:8], "big")).integers(_TURN_LOW, _TURN_HIGH, len(Part))
    score = np.zeros(len(columns.km))
    turn = np.zeros(len(columns.km), dtype=np.int64)
    order = list(Part)
    for part, weight, value in named:
        score += weight * (value / MILLION)
        turn += value * np.int64(draws[order.index(part)])
    band = np.floor(np.round(score, 9) / BAND + 1e-7).astype(np.int64)
    return Ranking(weights=weights, values=tuple(value for _, _, value in named), score=score, band=band, turn=turn)


def seed_for(day: date, search: str) -> bytes:
    """What draws are made from: the day and the search as asked, nothing about the people ranked."""
    return hashlib.blake2b(f"{day.isoformat()}|{search}".encode(), digest_size=16).digest()


def lots(ids: Ints, seed: bytes) -> Ints:
    """A lot for each practitioner, the same all day, for rows that are equal on every part (splitmix64)."""
    with np.errstate(over="ignore"):
        z = ids.astype(np.uint64) + np.uint64(int.from_bytes(seed[8:16], "big"))
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(2)).astype(np.int64)
