"""What demonstration people declare about RLS and pregnancy, and their insurance: mostly modest, as in life."""

from __future__ import annotations

import math
from datetime import date, timedelta
from random import Random

from directory.credentials.service import IndemnityDraft, PregnancyDraft, RlsDraft
from directory.credentials.terms import Liaison, OutcomeTracking, PointPolicy, Verification

NOBODY = 0

_EVIDENCE = (
    (Verification.NONE, 45),
    (Verification.SELF_ATTESTED, 38),
    (Verification.DOCUMENT_CHECKED, 12),
    (Verification.INDEPENDENTLY_CONFIRMED, 5),
)
_WINDOWS = (
    ((0, 42), 62),
    ((0, 36), 12),
    ((12, 40), 10),
    ((14, 42), 8),
    ((14, 36), 3),
    ((28, 42), 3),
    ((16, 34), 2),
)
"""First and last week: most take people from the start, some only when the first trimester is over."""
_CHECKED = (Verification.DOCUMENT_CHECKED, Verification.INDEPENDENTLY_CONFIRMED)
_POLICIES = (PointPolicy.AVOID_TRADITIONAL_LIST, PointPolicy.RISK_BENEFIT_CONSENT)
_PASSES, _TRIES = 0.18, 0.28
_GOLDEN = (math.sqrt(5) - 1) / 2
"""Its multiples spread evenly between whole numbers, however few of them are taken (Weyl's sequence)."""
_INSURERS = ("Example Mutual", "Fictional Indemnity", "Sample Underwriters")


def rls(today: date, random: Random) -> RlsDraft:
    """Nothing for nearly half of all people, a checked caseload for one in six."""
    level = random.choices([each for each, _ in _EVIDENCE], [share for _, share in _EVIDENCE])[0]
    if level is Verification.NONE:
        return RlsDraft(practitioner_id=NOBODY)
    known = _CHECKED.index(level) + 1 if level in _CHECKED else 0
    trained = random.random() < 0.35 + 0.25 * known
    return RlsDraft(
        practitioner_id=NOBODY,
        patients_24m=min(90, int(random.expovariate(1 / (4 + 8 * known)))),
        patients_verification=level,
        years=round(random.uniform(0, 6 + 5 * known), 1),
        years_verification=level,
        training_hours=float(random.choice((4, 6, 8, 12, 16, 24, 32))) if trained else 0.0,
        training_on=today - timedelta(days=random.randint(60, 2800)) if trained else None,
        training_verification=level if trained else Verification.NONE,
        outcomes=random.choices(list(OutcomeTracking), (46 - 12 * known, 38, 14 + 8 * known, 2 + 4 * known))[0],
        outcomes_verification=level,
        liaison=random.choices(list(Liaison), (60 - 15 * known, 35, 5 + 15 * known))[0],
        liaison_verification=level,
        publications=1 if known and random.random() < 0.06 * known else 0,
        publications_verification=level if known else Verification.NONE,
        attested_on=today - timedelta(days=int(random.triangular(0, 700, 90))),
    )


def pregnancy(today: date, number: int, random: Random) -> PregnancyDraft | None:
    """A declaration that passes the gate for nearly one in five, one that falls short somewhere for one in ten.

    Whose it is goes by the person's number and not by chance, so that people of one region, whose numbers follow one
    another, have their share of them even where they are few.
    """
    drawn = number * _GOLDEN % 1
    if drawn > _TRIES:
        return None
    first, last = random.choices([window for window, _ in _WINDOWS], [share for _, share in _WINDOWS])[0]
    lacks = None if drawn < _PASSES else random.choice(("hours", "checked", "policy", "consent", "emergency", "signed"))
    return PregnancyDraft(
        practitioner_id=NOBODY,
        treats=True,
        min_week=first,
        max_week=last,
        training_provider="Fictional Maternity School",
        training_title="Acupuncture in pregnancy",
        training_hours=float(8 if lacks == "hours" else random.choice((12, 16, 20, 28, 40, 60))),
        training_verification=Verification.SELF_ATTESTED if lacks == "checked" else random.choices(_CHECKED, (3, 1))[0],
        point_policy=PointPolicy.NONE if lacks == "policy" else random.choice(_POLICIES),
        written_consent=lacks != "consent",
        emergency_policy=lacks != "emergency",
        positions_adapted=True,
        liaison=random.choices(list(Liaison), (45, 40, 15))[0],
        not_offered_as_induction=True,
        adverse_event_log=random.random() < 0.5,
        truth_declared=True,
        patients_24m=min(120, int(random.expovariate(1 / 14))),
        signed_on=today - timedelta(days=random.randint(380, 700) if lacks == "signed" else random.randint(1, 330)),
    )


def indemnity(today: date, declared: PregnancyDraft | None, random: Random) -> IndemnityDraft:
    """A checked cover that still runs; it names pregnancy for those who declare to work in it."""
    return IndemnityDraft(
        practitioner_id=NOBODY,
        insurer=random.choice(_INSURERS),
        expires=today + timedelta(days=random.randint(15, 365)),
        covers_pregnancy=declared is not None,
        verified_on=today - timedelta(days=random.randint(1, 200)),
    )
