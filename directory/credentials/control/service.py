"""Proving who somebody is: calls, codes on paper, a certifier's answer, a look at an identity paper.

Nothing here publishes anybody. A proof lets the desk decide (``decisions.effects``), and only while the profile has the
name and the account of that day.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.rules import secret_hash
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials.control import letters, queries, rules
from directory.credentials.control.models import ControlLetter, ControlProof, ControlQuestion, Told, sealed
from directory.credentials.control.rules import Asking, Call, Seen, Source
from directory.credentials.control.terms import Channel, LetterState, Tried
from directory.credentials.registration import queries as registrations
from directory.errors import Conflict, Gone, InvalidInput, NotFound
from directory.guide.words import N_
from directory.mail import outbox
from directory.mail.letters import DEFAULT_LANGUAGE
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.practitioners.publication import service as publication

SPENT = N_("This link has been used, or it was never ours.")


class Refused(InvalidInput):
    """What cannot be put on record; ``fields`` has a sentence for each place where it can be mended."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        field, sentence = next(iter(fields.items()))
        super().__init__(sentence, field=field)
        self.fields = dict(fields)


# --- calls -----------------------------------------------------------------------------------------------------------


def record_call(session: Session, practitioner_id: int, call: Call, *, by: int, now: datetime) -> ControlProof:
    """Put a call on record, whatever came of it. ``Refused`` names what is lacking."""
    person = _held(session, practitioner_id, by)
    _refuse(rules.complaints_call(call, today=now.date()))
    told = Told(
        name=person.display_name,
        **_of(call.source),
        reach=call.number.strip(),
        answer=str(call.answer),
        said=call.said.strip(),
    )
    return _add(session, person, Channel.REGISTER_TELEPHONE, told, proves=rules.call_proves(call), by=by, now=now)


def renamed(session: Session, practitioner_id: int, *, was: str, now: datetime) -> None:
    """Somebody has another name than before: where that is not who was proved, it has to be proved anew."""
    person = people.practitioner(session, practitioner_id)
    published = person.published_at is not None
    if person.holder_proved_on is None or rules.outlives(was=was, name=person.display_name, published=published):
        return
    publication.unprove_holder(session, practitioner_id, now=now)
    _note(session, "control.undone", person, person.account_id, now)
    registration = registrations.registration(session, practitioner_id)
    if registration is not None and registration.submitted_at is not None:
        cases.open_for(session, Kind.CONTROL, f"practitioner:{practitioner_id}", about=practitioner_id, now=now)


# --- letters ---------------------------------------------------------------------------------------------------------


def make_letter(
    session: Session, practitioner_id: int, source: Source, lines: Sequence[str], *, by: int, now: datetime
) -> str:
    """A new code for a letter to this address. It is told this once; any earlier one is dead from now on."""
    person = _held(session, practitioner_id, by)
    lines = [each.strip() for each in lines if each.strip()]
    _refuse(rules.complaints_letter(source, lines, today=now.date()))
    code = rules.code(secrets.choice)
    earlier = session.get(ControlLetter, practitioner_id)
    if earlier is not None:
        session.delete(earlier)
        session.flush()
    session.add(
        ControlLetter(
            practitioner_id=practitioner_id,
            account_id=person.account_id,
            code_hash=_code_hash(practitioner_id, code),
            made_at=now,
            made_by=by,
            wrong=0,
            told_sealed=sealed(Told(name=person.display_name, **_of(source), reach="\n".join(lines))),
        )
    )
    _note(session, "control.letter_made", person, by, now)
    return code


def try_code(session: Session, practitioner_id: int, typed: str, *, now: datetime) -> Tried:
    """What came of typing a code. A wrong try counts, so the caller keeps the transaction also when it was wrong."""
    person = session.get(Practitioner, practitioner_id, with_for_update=True, populate_existing=True)
    letter = session.get(ControlLetter, practitioner_id, with_for_update=True, populate_existing=True)
    if person is None or letter is None or letter.account_id != person.account_id:
        return Tried.NONE
    state = rules.letter_state(made_at=letter.made_at, wrong=letter.wrong, used_at=letter.used_at, now=now)
    right = secrets.compare_digest(letter.code_hash, _code_hash(practitioner_id, rules.read_code(typed)))
    if state is LetterState.USED:
        return Tried.RIGHT if right else Tried.NONE
    if state is not LetterState.LIVE:
        return Tried.DEAD if state is LetterState.DEAD else Tried.EXPIRED
    if not right:
        letter.wrong += 1
        session.flush()
        return Tried.DEAD if letter.wrong >= rules.MOST_TRIES else Tried.WRONG
    letter.used_at = now
    _add(session, person, Channel.LETTER_CODE, letter.told, proves=True, by=None, now=now)
    return Tried.RIGHT


# --- certifiers ------------------------------------------------------------------------------------------------------


def ask_certifier(session: Session, practitioner_id: int, asking: Asking, *, by: int, now: datetime) -> ControlQuestion:
    """Write to a certifying body. ``Refused`` where the applicant gave the address, ``Conflict`` while one waits."""
    person = _held(session, practitioner_id, by)
    email = queries.account_email(session, person)
    if not email:
        raise Conflict(N_("Nobody has this profile yet, so there is no address to ask about."))
    found = rules.complaints_asking(asking, queries.supplied(session, person))
    try:
        to = outbox.address(asking.to)
    except InvalidInput as error:
        told = {"to": N_("That is not an email address. It has the form name@example.org.")}
        raise Refused(found | told) from error
    _refuse(found)
    if any(_is_open(each, now) for each in queries.questions(session, practitioner_id)):
        raise Conflict(N_("A certifier was asked already, and the link in that letter still works."))
    token = secrets.token_urlsafe(32)
    question = ControlQuestion(
        practitioner_id=practitioner_id,
        account_id=person.account_id,
        token_hash=secret_hash(token),
        asked_at=now,
        asked_by=by,
        told_sealed=sealed(
            Told(
                name=person.display_name,
                origin="certifier",
                source=f"{asking.body.strip()}, {asking.page.strip()}",
                day=now.date().isoformat(),
                reach=to,
                shown=email,
            )
        ),
    )
    session.add(question)
    outbox.send(session, to=to, letter=letters.ask_certifier(token), language=DEFAULT_LANGUAGE, now=now)
    _note(session, "control.certifier_asked", person, by, now)
    return question


def question(session: Session, token: str, *, now: datetime, answering: bool = False) -> ControlQuestion:
    """What a certifier's link asks; ``Gone`` when it is spent, too old, or about what has changed since."""
    asked = select(ControlQuestion).where(ControlQuestion.token_hash == secret_hash(token))
    if answering:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(asked)
    person = None if found is None else session.get(Practitioner, found.practitioner_id)
    if found is None or person is None:
        raise Gone(SPENT)
    if not _is_open(found, now):
        raise Gone(N_("This link was good for 14 days, and they are over."))
    told = found.told
    now_so = (person.account_id, person.display_name, queries.account_email(session, person))
    if now_so != (found.account_id, told.name, told.shown):
        raise Gone(N_("What we asked about has changed since, so there is nothing to answer any more."))
    return found


def answer(session: Session, token: str, *, confirms: bool, now: datetime) -> ControlProof:
    """A certifier's answer, once; the link is spent."""
    found = question(session, token, now=now, answering=True)
    found.token_hash, found.answered_at, found.confirms = None, now, confirms
    person = session.get_one(Practitioner, found.practitioner_id)
    return _add(session, person, Channel.CERTIFIER_MAILBOX, found.told, proves=confirms, by=None, now=now)


# --- identity papers -------------------------------------------------------------------------------------------------


def record_look(session: Session, practitioner_id: int, seen: Seen, *, by: int, now: datetime) -> ControlProof:
    """Put on record that an identity paper was seen: what kind, how and when, and nothing that stands in it."""
    person = _held(session, practitioner_id, by)
    _refuse(rules.complaints_seen(seen, today=now.date()))
    told = Told(
        name=person.display_name,
        day="" if seen.on is None else seen.on.isoformat(),
        paper=str(seen.paper),
        look=str(seen.look),
    )
    return _add(session, person, Channel.IDENTITY_CHECK, told, proves=bool(seen.is_them), by=by, now=now)


# --- forgetting ------------------------------------------------------------------------------------------------------


def forget(session: Session, *, kept: timedelta, now: datetime) -> int:
    """Delete letters and questions that are over, ``kept`` after that; how many. What they proved stays on record."""
    over = session.scalars(
        delete(ControlLetter)
        .where(ControlLetter.made_at <= now - kept - timedelta(days=rules.CODE_DAYS))
        .returning(ControlLetter.practitioner_id)
    ).all()
    asked = session.scalars(
        delete(ControlQuestion)
        .where(ControlQuestion.asked_at <= now - kept - timedelta(days=rules.QUESTION_DAYS))
        .returning(ControlQuestion.id)
    ).all()
    return len(over) + len(asked)


# --- steps -----------------------------------------------------------------------------------------------------------


def _held(session: Session, practitioner_id: int, by: int) -> Practitioner:
    """The person, whom nobody else changes meanwhile. Nobody proves who they are themselves."""
    person = session.get(Practitioner, practitioner_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound(N_("There is no such practitioner."))
    if person.account_id == by:
        raise Conflict(N_("This is about yourself. Somebody else has to do it."))
    return person


def _refuse(complaints: Mapping[str, str]) -> None:
    if complaints:
        raise Refused(complaints)


def _of(source: Source) -> dict[str, str]:
    day = "" if source.day is None else source.day.isoformat()
    return {"origin": str(source.origin), "source": source.name.strip(), "day": day}


def _add(
    session: Session,
    person: Practitioner,
    channel: Channel,
    told: Told,
    *,
    proves: bool,
    by: int | None,
    now: datetime,
) -> ControlProof:
    proof = ControlProof(
        practitioner_id=person.id,
        channel=channel,
        proves=proves,
        account_id=person.account_id,
        done_at=now,
        done_by=by,
        told_sealed=sealed(told),
    )
    session.add(proof)
    _note(session, f"control.{channel}{'' if proves else '_failed'}", person, by, now)
    return proof


def _note(session: Session, action: str, person: Practitioner, by: int | None, now: datetime) -> None:
    session.flush()
    actor = person.account_id if by is None and action == f"control.{Channel.LETTER_CODE}" else by
    audit.record(session, action=action, actor=actor, subject=f"practitioner:{person.id}", now=now)


def _is_open(asked: ControlQuestion, now: datetime) -> bool:
    return asked.answered_at is None and now < asked.asked_at + timedelta(days=rules.QUESTION_DAYS)


def _code_hash(practitioner_id: int, code: str) -> str:
    """Bound to the person, so that one guess is never a guess at everybody's."""
    return secret_hash(f"{practitioner_id}:{code}")
