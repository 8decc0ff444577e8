"""What decisions do to what somebody declared of their work with RLS and in pregnancy, and to doubtful numbers."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from directory import changes
from directory.cases.terms import Kind
from directory.credentials.decisions import letters
from directory.credentials.decisions.effects.papers import PAPER
from directory.credentials.decisions.effects.telling import evidence_decided, tell_of_claim
from directory.credentials.decisions.handling import Deed, Handler, Matter
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.rules import CHECKED, Claim
from directory.credentials.decisions.terms import Outcome
from directory.credentials.stating import declarations
from directory.credentials.stating.declared import RLS_ITEMS
from directory.credentials.terms import (
    Liaison,
    OutcomeTracking,
    Verification,
)
from directory.errors import NotFound
from directory.guide.words import N_
from directory.practitioners import queries as people


def _rls_claim(session: Session, matter: Matter) -> Claim:
    row = declarations.rls_row(session, matter.row_id)
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    claimed = frozenset(item for item, names in RLS_ITEMS.items() if getattr(row, names[0]) not in _NOTHING)
    return Claim(kind=matter.kind, items=claimed)


_NOTHING: Final = (None, "", 0, 0.0, OutcomeTracking.NONE, Liaison.NONE)


def _rls_state(session: Session, matter: Matter) -> str | None:
    row = declarations.rls_row(session, matter.row_id)
    if row is None:
        return None
    checked = [item for item in RLS_ITEMS if getattr(row, f"{item}_verification") in CHECKED]
    return f"checked:{len(checked)}"


def _decide_rls(session: Session, deed: Deed) -> None:
    practitioner_id, verdict = deed.matter.row_id, deed.verdict
    row = declarations.rls_row(session, practitioner_id)
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    if verdict.outcome is Outcome.VERIFIED:
        for item, level in verdict.items.items():
            setattr(row, f"{item}_verification", level)
            if item == "liaison":
                independent = level is Verification.INDEPENDENTLY_CONFIRMED
                row.liaison = Liaison.CONFIRMED if independent else Liaison.SELF_ATTESTED
            evidence_decided(session, deed, practitioner_id, f"rls:{item}")
    elif verdict.outcome is Outcome.REJECTED:
        for item in _rls_claim(session, deed.matter).items:
            setattr(row, f"{item}_verification", Verification.NONE)
            evidence_decided(session, deed, practitioner_id, f"rls:{item}")
    session.flush()
    changes.record(session, practitioner_id)


def _pregnancy_claim(session: Session, matter: Matter) -> Claim:
    row = declarations.pregnancy_row(session, matter.row_id)
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    return Claim(
        kind=matter.kind,
        name=people.practitioner(session, matter.row_id).display_name,
        trained=row.training_hours > 0,
        second_registration=bool(row.second_registration),
    )


def _pregnancy_state(session: Session, matter: Matter) -> str | None:
    row = declarations.pregnancy_row(session, matter.row_id)
    if row is None:
        return None
    return "registration_counts" if row.second_registration_counts else str(row.training_verification)


def _decide_pregnancy(session: Session, deed: Deed) -> None:
    practitioner_id, verdict = deed.matter.row_id, deed.verdict
    row = declarations.pregnancy_row(session, practitioner_id)
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    if verdict.outcome is Outcome.VERIFIED:
        if verdict.training is not None:
            row.training_verification = verdict.training
        row.second_registration_counts = verdict.second_registration_counts or row.second_registration_counts
    elif verdict.outcome is Outcome.REJECTED:
        row.training_verification, row.second_registration_counts = Verification.NONE, False
    else:
        return
    session.flush()
    changes.record(session, practitioner_id)
    evidence_decided(session, deed, practitioner_id, "pregnancy:training")


def _declaration_told(session: Session, deed: Deed, _decision: Decision) -> None:
    tell_of_claim(session, deed, deed.matter.row_id, letters.about(deed.matter.kind))


def _decide_number(session: Session, deed: Deed) -> None:
    """A number that is hard to believe: believed, asked about, or left uncounted."""
    if deed.verdict.outcome is not Outcome.REJECTED:
        return
    if deed.matter.is_of("rls"):
        _decide_rls(session, deed)
    elif deed.matter.is_of("pregnancy"):
        _decide_pregnancy(session, deed)
    else:
        PAPER.apply(session, deed)


def _number_told(session: Session, deed: Deed, _decision: Decision) -> None:
    if deed.matter.about is not None and deed.verdict.outcome is Outcome.REJECTED:
        tell_of_claim(session, deed, deed.matter.about, letters.about(Kind.PLAUSIBILITY))


RLS: Final = Handler(claim=_rls_claim, state=_rls_state, apply=_decide_rls, afterwards=_declaration_told)
PREGNANCY: Final = Handler(
    claim=_pregnancy_claim, state=_pregnancy_state, apply=_decide_pregnancy, afterwards=_declaration_told
)
NUMBER: Final = Handler(apply=_decide_number, afterwards=_number_told)
"""Decisions on a number that is hard to believe, of whatever it is."""
