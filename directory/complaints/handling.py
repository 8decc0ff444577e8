"""What decisions about reports, holds and appeals do, for the desk's table of handlers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.terms import Kind, Risk
from directory.complaints import letters, queries, rules, service
from directory.credentials.decisions import queries as decisions
from directory.credentials.decisions import rules as deciding
from directory.credentials.decisions.effects.people import (
    decide_person,
    decide_person_concerned,
    state_of_person_concerned,
    tell_person,
    tell_person_concerned,
)
from directory.credentials.decisions.effects.telling import tell
from directory.credentials.decisions.handling import Deed, Handler, Matter
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.service import NeedsAnother
from directory.credentials.decisions.terms import Outcome
from directory.guide.words import N_

_ABOUT_PEOPLE: Final = frozenset({Kind.COMPLAINT, Kind.HARM, Kind.HOLD_REVIEW, Kind.EXCLUSION})
_LIFTS: Final = frozenset({Outcome.RELEASED, Outcome.RESTORED})


# --- reports ---------------------------------------------------------------------------------------------------------


def _report_told(session: Session, deed: Deed, _decision: Decision) -> None:
    """What the practitioner is told is for them alone: the reporter hears the result in our own fixed words."""
    tell_person_concerned(session, deed)
    outcome = deed.verdict.outcome
    if outcome in deciding.STAYS_OPEN:
        return
    row = queries.complaint(session, deed.matter.row_id)
    service.settle(
        session,
        row,
        rules.result_of(outcome, row.result),
        erased_after_days=deed.tools.retention_days,
        now=deed.now,
    )


# --- holds -----------------------------------------------------------------------------------------------------------


def _review(session: Session, deed: Deed) -> None:
    if deed.matter.about is not None and deed.verdict.outcome is not Outcome.HELD:
        decide_person(session, deed.matter.about, deed)


def _reviewed(session: Session, deed: Deed, _decision: Decision) -> None:
    """A hold that stays is looked at again some days later, by somebody else than whoever confirmed it."""
    about, verdict = deed.matter.about, deed.verdict
    if about is None:
        return
    if verdict.outcome is not Outcome.HELD:
        tell_person(session, about, deed)
        return
    tell(session, about, letters.hold_confirmed(verdict.words), deed)
    cases.open_for(
        session,
        Kind.HOLD_REVIEW,
        f"practitioner:{about}",
        about=about,
        risk=Risk.HIGH,
        working_days=rules.LOOKED_AT_AGAIN_AFTER,
        not_by=deed.by,
        now=deed.now,
    )


# --- appeals ---------------------------------------------------------------------------------------------------------


def _is_appeal(matter: Matter) -> bool:
    """An appeal, and not what waits under the same kind for the second of two people."""
    return matter.subject.startswith("appeal:")


def _hear(session: Session, deed: Deed) -> None:
    if not _is_appeal(deed.matter):
        decide_person_concerned(session, deed)
        return
    row = queries.appeal(session, deed.matter.row_id)
    against = decisions.decision(session, row.decision_id)
    if deed.by in queries.deciders(session, against):
        raise NeedsAnother(N_("You had a part in the decision, so somebody else has to look at the appeal."))
    outcome = deed.verdict.outcome
    if outcome in deciding.STAYS_OPEN:
        return
    row.decided_at, row.granted = deed.now, outcome in _LIFTS
    if outcome in deciding.ON_A_PERSON and not (row.granted and not _on_person(against)):
        decide_person_concerned(session, deed)


def _heard(session: Session, deed: Deed, _decision: Decision) -> None:
    if not _is_appeal(deed.matter):
        tell_person_concerned(session, deed)
        return
    row = queries.appeal(session, deed.matter.row_id)
    if row.granted is None:
        return
    against = decisions.decision(session, row.decision_id)
    if row.granted and not _on_person(against):
        # A claim that was wrongly refused is decided anew: an appeal has read no register.
        cases.open_for(
            session,
            against.kind,
            against.subject,
            about=against.practitioner_id,
            risk=Risk.HIGH,
            working_days=1,
            not_by=against.decided_by,
            now=deed.now,
        )
    elif deed.verdict.outcome in _LIFTS:
        cases.withdraw(session, Kind.HOLD_REVIEW, f"practitioner:{row.practitioner_id}", now=deed.now)
    letter = letters.appeal_decided(deed.verdict.words, granted=row.granted)
    tell(session, row.practitioner_id, letter, deed)


def _on_person(decision: Decision) -> bool:
    if decision.outcome is Outcome.HELD:
        return True
    return decision.outcome in deciding.ON_A_PERSON and (
        decision.subject.startswith("practitioner:")
        or decision.kind in _ABOUT_PEOPLE
        or (decision.kind is Kind.REGISTER_NEWS and not decision.subject.startswith("credential:"))
    )


_REPORT: Final = Handler(state=state_of_person_concerned, apply=decide_person_concerned, afterwards=_report_told)
HANDLERS: Final[Mapping[Kind, Handler]] = {
    Kind.COMPLAINT: _REPORT,
    Kind.HARM: _REPORT,
    Kind.HOLD_REVIEW: Handler(state=state_of_person_concerned, apply=_review, afterwards=_reviewed),
    Kind.APPEAL: Handler(state=state_of_person_concerned, apply=_hear, afterwards=_heard),
}
"""The kinds whose rows lie in this package."""
