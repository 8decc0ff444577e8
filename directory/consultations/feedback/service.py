"""Taking what a patient says about the service and what a practitioner answers, taking it back, and forgetting it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.consultations.feedback import queries, rules
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.feedback.terms import Aspect, Stand
from directory.consultations.outcomes import rules as outcomes
from directory.consultations.outcomes.models import ContactOutcome
from directory.consultations.outcomes.terms import Contact
from directory.errors import Conflict, InvalidInput
from directory.guide import claims
from directory.guide.words import N_
from directory.jurisdictions.rules import Jurisdiction, rule_for

STORY = "story"
"""Begins the subject of the case in which a patient's words are read."""
REPLY = "story_reply"
"""Begins that of an answer."""


class NotHere(Conflict):
    """The law of the place does not let words of patients be shown."""

    code = "not_here"


class NotYet(Conflict):
    """Nothing has come of the contact that could be told of."""

    code = "not_yet"


class Unfit(InvalidInput):
    """Words that cannot be shown whoever says them; ``words`` are the ones meant."""

    def __init__(self, sentence: str, words: str) -> None:
        super().__init__(sentence, field="words")
        self.words = words


def may_tell(outcome: ContactOutcome, law: Mapping[str, Jurisdiction], *, now: datetime) -> bool:
    """Whether this patient may say something about the service: they reached somebody, an agreed talk is over, and the
    law of the place allows it."""
    talk = outcome.consultation
    met = outcomes.met(talk.state, talk.starts_at, talk.minutes, now=now)
    allowed = rules.may_be_shown(rule_for(outcome.place.jurisdiction, law))
    return outcome.contact is Contact.REACHED and met and allowed


def send(
    session: Session,
    outcome: ContactOutcome,
    answers: Mapping[Aspect, bool],
    words: str,
    law: Mapping[str, Jurisdiction],
    *,
    now: datetime,
) -> ServiceStory:
    """Take what a patient says, and open the case in which it is read. Sent again while it waits, the newer one counts.

    ``NotHere`` and ``NotYet`` where nothing may be said, ``Conflict`` once it was decided, ``InvalidInput`` and
    ``Unfit`` for the words.
    """
    if not rules.may_be_shown(rule_for(outcome.place.jurisdiction, law)):
        raise NotHere(N_("Where this practice is, the law does not let words of patients be shown."))
    if not may_tell(outcome, law, now=now):
        raise NotYet(N_("This is for afterwards: when you have met."))
    if not answers and not words.strip():
        raise InvalidInput(N_("Please answer a question, or write a few words."), field="words")
    said = _fit(words, outcome.place.jurisdiction)
    row = session.scalars(
        select(ServiceStory).where(ServiceStory.token_hash == outcome.token_hash).with_for_update()
    ).one_or_none()
    if row is not None and row.stand is not Stand.WAITING:
        raise Conflict(N_("You have told us already. You can take it back."))
    if row is None:
        row = ServiceStory(
            outcome_id=outcome.id,
            practitioner_id=outcome.practitioner_id,
            place_id=outcome.place_id,
            token_hash=outcome.token_hash,
            stand=Stand.WAITING,
        )
        session.add(row)
    for aspect in Aspect:
        setattr(row, aspect.value, answers.get(aspect))
    row.words_sealed, row.sent_at = said or None, now
    session.flush()
    cases.open_for(
        session, Kind.FEEDBACK, f"{STORY}:{row.id}", jurisdiction=outcome.place.jurisdiction, working_days=5, now=now
    )
    return row


def withdraw(session: Session, row: ServiceStory, *, now: datetime) -> None:
    """Take back what a patient said: it is gone at once, with the answer to it."""
    _close(session, row.id, now=now)
    session.delete(row)
    session.flush()


def reply(session: Session, practitioner_id: int, story_id: int, words: str, *, now: datetime) -> ServiceStory:
    """Answer what is shown, once; a refused answer may be written anew. It is read before it is shown.

    ``NotFound`` for words about somebody else, ``Conflict`` where an answer waits or stands, ``Unfit``.
    """
    row = queries.own(session, practitioner_id, story_id)
    if row.reply_stand in (Stand.WAITING, Stand.PUBLISHED):
        raise Conflict(N_("You have answered this already."))
    if not words.strip():
        raise InvalidInput(N_("Please write a few words."), field="words")
    place = queries.story(session, story_id).place
    row.reply_sealed = _fit(words, place.jurisdiction)
    row.replied_at, row.reply_stand, row.reply_decided_at = now, Stand.WAITING, None
    session.flush()
    cases.open_for(
        session,
        Kind.FEEDBACK,
        f"{REPLY}:{row.id}",
        about=practitioner_id,
        jurisdiction=place.jurisdiction,
        working_days=5,
        now=now,
    )
    return row


def take_reply_back(session: Session, practitioner_id: int, story_id: int, *, now: datetime) -> None:
    """Erase an answer, wherever it stands. ``NotFound`` for words about somebody else."""
    row = queries.own(session, practitioner_id, story_id)
    row.reply_sealed = row.replied_at = row.reply_stand = row.reply_decided_at = None
    cases.withdraw(session, Kind.FEEDBACK, f"{REPLY}:{row.id}", now=now)
    session.flush()


def forget(session: Session, *, now: datetime) -> int:
    """Erase what was shown long enough and what was refused; how many."""
    old = (ServiceStory.stand == Stand.PUBLISHED) & (ServiceStory.decided_at <= now - rules.SHOWN_FOR)
    refused = (ServiceStory.stand == Stand.REFUSED) & (ServiceStory.decided_at <= now - rules.REFUSED_KEPT)
    ids = session.scalars(select(ServiceStory.id).where(old | refused)).all()
    for each in ids:
        _close(session, each, now=now)
    session.execute(delete(ServiceStory).where(ServiceStory.id.in_(ids)))
    session.flush()
    return len(ids)


def erase_about(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Close what waits about somebody who is erased; the words go with their row."""
    for each in session.scalars(select(ServiceStory.id).where(ServiceStory.practitioner_id == practitioner_id)):
        _close(session, each, now=now)


def _close(session: Session, story_id: int, *, now: datetime) -> None:
    for subject in (f"{STORY}:{story_id}", f"{REPLY}:{story_id}"):
        if session.scalar(select(Case.id).where(Case.subject == subject).limit(1)) is not None:
            cases.withdraw(session, Kind.FEEDBACK, subject, now=now)


def _fit(words: str, jurisdiction: str | None) -> str:
    """The words, when nothing in them is more than anybody may say here."""
    said = words.strip()
    if len(said) > rules.LONGEST:
        raise InvalidInput(N_("That is too long. There is room for 300 characters."), field="words")
    treatment = rules.speaks_of_treatment(said)
    if treatment is not None:
        raise Unfit(
            N_("This speaks of health, or of what a treatment did. Please write about the service only."), treatment
        )
    if rules.names_a_way(said):
        raise InvalidInput(N_("Please leave out links, addresses and telephone numbers."), field="words")
    hits = claims.check(said, [] if jurisdiction is None else [jurisdiction])
    if hits:
        raise Unfit(hits[0].reason, hits[0].words)
    return said
