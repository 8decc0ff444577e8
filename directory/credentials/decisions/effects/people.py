"""What decisions do to a person as a whole."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials.decisions import letters, queries, rules
from directory.credentials.decisions.effects.telling import tell
from directory.credentials.decisions.handling import Deed, Handler, Matter
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.terms import Outcome
from directory.errors import Conflict
from directory.guide.words import N_
from directory.practitioners import queries as people
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import AccountStatus


def _person_state(session: Session, matter: Matter) -> str | None:
    return _state_of(session, matter.row_id)


def _state_of(session: Session, practitioner_id: int) -> str:
    person = people.practitioner(session, practitioner_id)
    return f"{person.account_status}{'+held' if person.held_since is not None else ''}"


def decide_person(session: Session, practitioner_id: int, deed: Deed) -> None:
    """Hide somebody, take them off the list, or end that. What it takes to be seen besides is not touched."""
    outcome = deed.verdict.outcome
    if outcome is Outcome.HELD:
        publication.hold(session, practitioner_id, now=deed.now)
    elif outcome is Outcome.RELEASED:
        publication.release(session, practitioner_id, now=deed.now)
    elif outcome in (Outcome.SUSPENDED, Outcome.REVOKED):
        publication.suspend(session, practitioner_id, now=deed.now)
    elif outcome is Outcome.RESTORED:
        publication.lift_suspension(session, practitioner_id, now=deed.now)
        if _was_shown(session, practitioner_id):
            publication.publish(session, practitioner_id, now=deed.now)


def _was_shown(session: Session, practitioner_id: int) -> bool:
    """Whether the profile was published when it was taken off the list; who had paused it themselves stays so."""
    hidden = (Outcome.SUSPENDED, Outcome.REVOKED)
    before = next(
        (
            each.from_state or ""
            for each in queries.of_practitioner(session, practitioner_id)
            if each.takes_effect
            and each.outcome in hidden
            and not each.subject.startswith("credential:")
            and not (each.from_state or "").startswith(_SUSPENDED)
        ),
        "",
    )
    return before.startswith(AccountStatus.PUBLISHED)


_SUSPENDED: Final = AccountStatus.SUSPENDED.value


def state_of_person_concerned(session: Session, matter: Matter) -> str | None:
    """How the profile stands that a case of another subject is about; ``None`` where it is about nobody of ours."""
    return None if matter.about is None else _state_of(session, matter.about)


def decide_person_concerned(session: Session, deed: Deed) -> None:
    """What a verdict about something else does to the profile it is about, if anything."""
    if deed.verdict.outcome not in rules.ON_A_PERSON:
        return
    if deed.matter.about is None:
        raise Conflict(N_("This is about nobody who is listed here, so there is no profile to act on."))
    decide_person(session, deed.matter.about, deed)


def tell_person_concerned(session: Session, deed: Deed) -> None:
    """The letter about such a profile. Whoever is shown again needs no second look at why they were not."""
    about, outcome = deed.matter.about, deed.verdict.outcome
    if about is None or outcome not in rules.ON_A_PERSON:
        return
    tell_person(session, about, deed)
    if outcome in (Outcome.RELEASED, Outcome.RESTORED):
        cases.withdraw(session, Kind.HOLD_REVIEW, f"practitioner:{about}", now=deed.now)


def tell_person(session: Session, practitioner_id: int, deed: Deed) -> None:
    """The letter about a decision on a whole profile, and the second look that a hold must have."""
    verdict = deed.verdict
    if verdict.outcome in (Outcome.HELD, Outcome.SUSPENDED, Outcome.REVOKED):
        tell(
            session,
            practitioner_id,
            letters.taken_off(verdict.outcome, verdict.reason_code, verdict.words),
            deed,
        )
    elif verdict.outcome in (Outcome.RELEASED, Outcome.RESTORED):
        shown = people.practitioner(session, practitioner_id).account_status is AccountStatus.PUBLISHED
        tell(session, practitioner_id, letters.given_back(verdict.outcome, verdict.words, shown=shown), deed)
    if verdict.outcome is Outcome.HELD:
        cases.open_for(
            session,
            Kind.HOLD_REVIEW,
            f"practitioner:{practitioner_id}",
            about=practitioner_id,
            not_by=deed.by,
            now=deed.now,
        )


def _person_apply(session: Session, deed: Deed) -> None:
    decide_person(session, deed.matter.row_id, deed)


def _person_told(session: Session, deed: Deed, _decision: Decision) -> None:
    tell_person(session, deed.matter.row_id, deed)


PERSON: Final = Handler(state=_person_state, apply=_person_apply, afterwards=_person_told)
"""Decisions on a whole profile, whatever led to them."""
