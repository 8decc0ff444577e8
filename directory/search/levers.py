"""What would raise somebody's score, in which part, and by how much at most: the ranking's formulas, asked "what if".


Only what anybody can earn is here. Nearness is the patient's question and wishes are the patient's own; money, visits
and the length of a profile are no arguments of any formula, so there is nothing to ask about them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

import numpy as np

from directory.credentials.terms import Liaison, OutcomeTracking, Verification
from directory.search import ranking
from directory.search.criteria import Part, Weights


class Lever(StrEnum):
    """What somebody can do."""

    ATTEST = "attest"
    """Say again that the statement about RLS is true."""
    CASELOAD = "caseload"
    YEARS = "years"
    TRAINING = "training"
    OUTCOMES = "outcomes"
    LIAISON = "liaison"
    PUBLICATIONS = "publications"
    PREGNANCY_TRAINING = "pregnancy_training"
    PREGNANCY_CASELOAD = "pregnancy_caseload"
    PREGNANCY_LIAISON = "pregnancy_liaison"
    CERTIFICATION = "certification"


@dataclass(frozen=True, slots=True)
class Raise:
    """One lever for one question; points are of the same kind as those of the score."""

    lever: Lever
    part: Part
    as_stated: float
    """What comes from having confirmed what is stated already, and nothing else."""
    at_most: float
    """What comes from the most that the formula counts, confirmed."""


class RlsStated(Protocol):
    """What somebody declares about RLS, as a row or a value has it."""

    patients_24m: int
    patients_verification: Verification
    years: float
    years_verification: Verification
    training_hours: float
    training_on: date | None
    training_verification: Verification
    outcomes: OutcomeTracking
    outcomes_verification: Verification
    liaison: Liaison
    liaison_verification: Verification
    publications: int
    publications_verification: Verification
    attested_on: date | None


class PregnancyStated(Protocol):
    """What somebody declares about work in pregnancy."""

    training_hours: float
    training_verification: Verification
    patients_24m: int
    liaison: Liaison


@dataclass(frozen=True, slots=True, kw_only=True)
class RlsItems:
    """What counts about RLS; what nobody has stated is nothing, and nothing is checked."""

    patients: int = 0
    patients_verification: Verification = Verification.NONE
    years: float = 0.0
    years_verification: Verification = Verification.NONE
    training_hours: float = 0.0
    training_on: date | None = None
    training_verification: Verification = Verification.NONE
    outcomes: OutcomeTracking = OutcomeTracking.NONE
    outcomes_verification: Verification = Verification.NONE
    liaison: Liaison = Liaison.NONE
    liaison_verification: Verification = Verification.NONE
    publications: int = 0
    publications_verification: Verification = Verification.NONE
    attested_on: date | None = None

    def value(self, day: date) -> float:
        """The part's value on a day, 0..1."""
        standing = ranking.rls_standing(
            patients=self.patients,
            patients_verification=self.patients_verification,
            years=self.years,
            years_verification=self.years_verification,
            training_hours=self.training_hours,
            training_on=self.training_on,
            training_verification=self.training_verification,
            outcomes=self.outcomes,
            outcomes_verification=self.outcomes_verification,
            liaison=self.liaison,
            liaison_verification=self.liaison_verification,
            publications=self.publications,
            publications_verification=self.publications_verification,
            attested_on=self.attested_on,
        )
        row = ranking.Standing(
            rls_own=np.array([standing.own]),
            rls_own_training=np.array([standing.own_training]),
            rls_checked=np.array([standing.checked]),
            rls_checked_training=np.array([standing.checked_training]),
            training_day=np.array([standing.training_day]),
            attested_day=np.array([standing.attested_day]),
            pregnancy=np.zeros(1),
            certified_until=np.zeros(1, dtype=np.int64),
            penalty=np.zeros(1),
        )
        return min(1.0, float(ranking.rls_value(row, day.toordinal())[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class PregnancyItems:
    """What counts about work in pregnancy."""

    hours: float = 0.0
    verification: Verification = Verification.NONE
    patients: int = 0
    liaison: Liaison = Liaison.NONE

    def value(self) -> float:
        """The part's value, 0..1."""
        return ranking.pregnancy_value(
            hours=self.hours, verification=self.verification, patients=self.patients, liaison=self.liaison
        )


def rls_items(stated: RlsStated | None) -> RlsItems:
    """The items of a declaration."""
    if stated is None:
        return RlsItems()
    return RlsItems(
        patients=stated.patients_24m,
        patients_verification=stated.patients_verification,
        years=stated.years,
        years_verification=stated.years_verification,
        training_hours=stated.training_hours,
        training_on=stated.training_on,
        training_verification=stated.training_verification,
        outcomes=stated.outcomes,
        outcomes_verification=stated.outcomes_verification,
        liaison=stated.liaison,
        liaison_verification=stated.liaison_verification,
        publications=stated.publications,
        publications_verification=stated.publications_verification,
        attested_on=stated.attested_on,
    )


def pregnancy_items(stated: PregnancyStated | None) -> PregnancyItems:
    """The items of a declaration."""
    if stated is None:
        return PregnancyItems()
    return PregnancyItems(
        hours=stated.training_hours,
        verification=stated.training_verification,
        patients=stated.patients_24m,
        liaison=stated.liaison,
    )


def levers(
    rls: RlsItems, pregnancy: PregnancyItems, *, certified: bool, weights: Weights, day: date
) -> tuple[Raise, ...]:
    """Every lever that would still raise this score, the strongest first. Each is told alone; caps make several of
    them together come to less than their sum, never to more."""
    shares = dict(weights)
    found = [
        *_rls(rls, shares.get(Part.RLS, 0.0), day),
        *_pregnancy(pregnancy, shares.get(Part.PREGNANCY, 0.0)),
        *([] if certified else [_certification(shares.get(Part.TRUST, 0.0))]),
    ]
    useful = [each for each in found if max(each.as_stated, each.at_most) >= LEAST_TOLD]
    return tuple(sorted(useful, key=lambda each: (-each.at_most, each.lever)))


LEAST_TOLD = 0.0005
"""What rounds to nothing is not told."""

_SURE = Verification.INDEPENDENTLY_CONFIRMED


def rls_most(rls: RlsItems, lever: Lever, *, day: date) -> RlsItems:
    """The same items with one of them at the most that counts, confirmed."""
    most: dict[Lever, Callable[[], RlsItems]] = {
        Lever.CASELOAD: lambda: replace(
            rls, patients=max(rls.patients, ranking.PATIENTS_CAP), patients_verification=_SURE
        ),
        Lever.YEARS: lambda: replace(rls, years=max(rls.years, ranking.YEARS_CAP), years_verification=_SURE),
        Lever.TRAINING: lambda: replace(
            rls,
            training_hours=max(rls.training_hours, ranking.TRAINING_CAP_HOURS),
            training_on=day,
            training_verification=_SURE,
        ),
        Lever.OUTCOMES: lambda: replace(rls, outcomes=OutcomeTracking.AGGREGATE_REPORTED, outcomes_verification=_SURE),
        Lever.LIAISON: lambda: replace(rls, liaison=Liaison.CONFIRMED, liaison_verification=_SURE),
        Lever.PUBLICATIONS: lambda: replace(
            rls, publications=max(rls.publications, ranking.PUBLICATIONS_CAP), publications_verification=_SURE
        ),
    }
    return most[lever]()


def rls_confirmed(rls: RlsItems, lever: Lever) -> RlsItems:
    """The same items with one of them confirmed as it was stated."""
    match lever:
        case Lever.CASELOAD:
            return replace(rls, patients_verification=_SURE)
        case Lever.YEARS:
            return replace(rls, years_verification=_SURE)
        case Lever.TRAINING:
            return replace(rls, training_verification=_SURE)
        case Lever.OUTCOMES:
            return replace(rls, outcomes_verification=_SURE)
        case Lever.LIAISON:
            stated = rls.liaison is not Liaison.NONE
            return replace(rls, liaison=Liaison.CONFIRMED if stated else rls.liaison, liaison_verification=_SURE)
    return replace(rls, publications_verification=_SURE)


_OF_RLS = (Lever.CASELOAD, Lever.YEARS, Lever.TRAINING, Lever.OUTCOMES, Lever.LIAISON, Lever.PUBLICATIONS)


def _rls(rls: RlsItems, share: float, day: date) -> Iterator[Raise]:
    if not share:
        return
    attested = replace(rls, attested_on=day)
    fresh = share * (attested.value(day) - rls.value(day))
    yield Raise(Lever.ATTEST, Part.RLS, fresh, fresh)
    # Nothing counts without a dated statement, so whoever confirms an item is taken to have made one.
    now = attested.value(day)
    for lever in _OF_RLS:
        as_stated = share * (rls_confirmed(attested, lever).value(day) - now)
        at_most = share * (rls_most(attested, lever, day=day).value(day) - now)
        yield Raise(lever, Part.RLS, max(0.0, as_stated), max(0.0, at_most))


def _pregnancy(stated: PregnancyItems, share: float) -> Iterator[Raise]:
    if not share:
        return
    now = stated.value()
    training = replace(stated, hours=max(stated.hours, ranking.MATERNITY_CAP_HOURS), verification=_SURE)
    confirmed = replace(stated, verification=_SURE)
    seen = replace(stated, patients=max(stated.patients, ranking.MATERNITY_PATIENTS_CAP))
    liaison = replace(stated, liaison=Liaison.CONFIRMED)
    at_once = liaison if stated.liaison is not Liaison.NONE else stated
    for lever, as_stated, at_most in (
        (Lever.PREGNANCY_TRAINING, confirmed, training),
        (Lever.PREGNANCY_CASELOAD, stated, seen),
        (Lever.PREGNANCY_LIAISON, at_once, liaison),
    ):
        yield Raise(lever, Part.PREGNANCY, share * (as_stated.value() - now), share * (at_most.value() - now))


def _certification(share: float) -> Raise:
    return Raise(Lever.CERTIFICATION, Part.TRUST, 0.0, share * ranking.TRUST_CERTIFIED)
