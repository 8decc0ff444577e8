"""What the desk's decisions about feedback do. Nothing that was decided here is a rating, and none of it is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from directory.cases.terms import Kind
from directory.consultations import post
from directory.consultations.feedback import letters, queries, rules, service
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.feedback.terms import Stand
from directory.consultations.models import Consultation, ConsultationRequest
from directory.consultations.outcomes.models import ContactOutcome
from directory.credentials.decisions.handling import Deed, Handler, Matter
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.service import OwnRecord
from directory.credentials.decisions.terms import Outcome
from directory.errors import Conflict
from directory.guide.words import N_
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import rule_for
from directory.practitioners.models import Practitioner


def is_reply(subject: str) -> bool:
    """Whether the case of this subject is about an answer, and not about a patient's words."""
    return subject.startswith(f"{service.REPLY}:")


def _state(session: Session, matter: Matter) -> str | None:
    row = queries.story(session, matter.row_id)
    stand = row.reply_stand if is_reply(matter.subject) else row.stand
    return None if stand is None else stand.value


def _apply(session: Session, deed: Deed) -> None:
    row = queries.story(session, deed.matter.row_id, lock=True)
    person = session.get_one(Practitioner, row.practitioner_id)
    if person.account_id == deed.by:
        raise OwnRecord(N_("This is about yourself. Somebody else has to decide it."))
    publish = deed.verdict.outcome is Outcome.VERIFIED
    law = jurisdictions.all_rules(session)
    if publish and not rules.may_be_shown(rule_for(row.place.jurisdiction, law)):
        raise Conflict(N_("Where this practice is, the law does not let words of patients be shown."))
    stand = Stand.PUBLISHED if publish else Stand.REFUSED
    if not is_reply(deed.matter.subject):
        row.stand, row.decided_at = stand, deed.now
    elif row.reply_stand is None:
        raise Conflict(N_("The answer was taken back."))
    else:
        row.reply_stand, row.reply_decided_at = stand, deed.now
    session.flush()


def _told(session: Session, deed: Deed, _decision: Decision) -> None:
    row = queries.story(session, deed.matter.row_id)
    person = session.get_one(Practitioner, row.practitioner_id)
    publish = deed.verdict.outcome is Outcome.VERIFIED
    if is_reply(deed.matter.subject):
        letter = letters.reply_shown() if publish else letters.reply_not_shown(deed.verdict.words)
        post.to_practitioner(session, person, letter, now=deed.now)
        return
    _tell_patient(session, row, deed, publish=publish)
    if publish:
        post.to_practitioner(session, person, letters.somebody_wrote(), now=deed.now)


def _tell_patient(session: Session, row: ServiceStory, deed: Deed, *, publish: bool) -> None:
    """By the mailbox of their request, as long as that is not erased. We keep no link but its hash, so the letter names
    the earlier one."""
    outcome = None if row.outcome_id is None else session.get(ContactOutcome, row.outcome_id)
    consultation = None if outcome is None else session.get(Consultation, outcome.consultation_id)
    request = None if consultation is None else session.get(ConsultationRequest, consultation.request_id)
    if request is None:
        return
    letter = letters.shown() if publish else letters.not_shown(deed.verdict.words)
    post.to_patient(session, request, letter, now=deed.now)


HANDLERS: Final[Mapping[Kind, Handler]] = {
    Kind.FEEDBACK: Handler(state=_state, apply=_apply, afterwards=_told),
}
"""The kind whose rows lie in this package."""
