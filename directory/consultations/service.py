"""Sending a request: everything is looked at before anything is written, and then it goes out at once."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from directory.consultations import drafts, gates, links, post, queries, rules, turns
from directory.consultations.drafts import AskDraft, Whom
from directory.consultations.gates import Asking
from directory.consultations.letters import patients, practitioners
from directory.consultations.models import Consultation, ConsultationRequest, ProposedTime
from directory.consultations.queries import Availability, SentLately
from directory.consultations.terms import Bar, Order, Purpose, Side, State, Talk
from directory.credentials.terms import Mode
from directory.errors import Conflict, InvalidInput
from directory.guide.words import N_
from directory.jurisdictions import queries as jurisdictions
from directory.mail import suppression
from directory.practitioners.models import PracticePlace, Practitioner
from directory.search import listings
from directory.search.listings import Listing

_CODE_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH: Final = 12


class CannotAsk(Conflict):
    """Some of the people chosen cannot be asked; ``whom`` says who and why. Nothing was sent to anybody."""

    code = "cannot_ask"

    def __init__(self, whom: Mapping[int, Bar]) -> None:
        super().__init__("Some of the people you chose cannot be asked now.")
        self.whom = whom


class TooManyRequests(Conflict):
    """This mailbox sent as many requests today as we send in a day."""

    code = "too_many_requests"


@dataclass(frozen=True, slots=True)
class Sent:
    """One of the people asked."""

    practitioner_id: int
    name: str
    state: State
    answer_by: datetime | None
    """Two working days on, where they work; ``None`` for whoever waits for their turn."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft against which nothing speaks, until the transaction that looked ends."""

    draft: AskDraft
    email: str
    found: Mapping[int, Listing]
    """By practitioner: the place as it is listed."""
    available: Mapping[int, Availability]
    before: Asked | None = None
    """The same request, where it went out a moment ago."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that went out."""

    request_id: int
    code: str
    people: tuple[Sent, ...]


def ask(session: Session, draft: AskDraft, *, now: datetime) -> Asked:
    """Send a request: ``look`` and ``send`` at once, with what they raise."""
    return send(session, look(session, draft, now=now), now=now)


def look(session: Session, draft: AskDraft, *, now: datetime) -> Looked:
    """See in the transaction that will send it whether anything speaks against a request; nothing is written.

    ``InvalidInput`` for what can be mended in the form; ``CannotAsk`` where somebody takes none or must not be asked;
    ``TooManyRequests`` from one mailbox.
    """
    email = drafts.usable(draft, now=now)
    _in_turn(session, draft)
    sent = queries.sent_lately(session, draft.mailbox, now=now)
    again = _same(session, draft, sent, now=now)
    if again is not None:
        return Looked(draft, email, {}, {}, again)
    if suppression.keeps(session, email):
        raise InvalidInput(N_("Letters to this address come back. Please give another one."), field="email")
    if len(sent) >= rules.MOST_A_DAY_FROM_A_MAILBOX:
        raise TooManyRequests("That is as many requests as one person can send in a day.")
    return Looked(draft, email, *_possible(session, draft, now=now))


def send(session: Session, looked: Looked, *, now: datetime) -> Asked:
    """Send it. The same one sent twice, within a quarter of an hour, is one."""
    if looked.before is not None:
        return looked.before
    draft = looked.draft
    request = _request(draft, looked.email, now=now)
    session.add(request)
    session.flush()
    minutes = max(looked.available[each.practitioner_id].minutes for each in draft.people)
    session.add_all(
        ProposedTime(request_id=request.id, side=Side.PATIENT, starts_at=starts_at, minutes=minutes, proposed_at=now)
        for starts_at in sorted(set(draft.starts))
    )
    people = []
    for position, whom in enumerate(draft.people):
        listing, available = looked.found[whom.practitioner_id], looked.available[whom.practitioner_id]
        one = _consultation(request.id, whom, listing, available, position)
        if position == 0 or draft.order is Order.AT_ONCE:
            turns.begin(one, listing.place, limit_hours=draft.limit_hours, now=now)
        session.add(one)
        people.append(_sent(one, listing.practitioner, listing.place))
        if people[-1].answer_by is not None:
            letter = practitioners.asked(one.code, answer_by=people[-1].answer_by.date())
            post.to_practitioner(session, listing.practitioner, letter, now=now)
    asked = Asked(request.id, request.code, tuple(people))
    _confirm(session, request, asked, now=now)
    session.flush()
    return asked


# --- looking before sending ------------------------------------------------------------------------------------------


def _in_turn(session: Session, draft: AskDraft) -> None:
    """Have others wait who ask the same people or from the same mailbox: what is counted must not change meanwhile.
    SQLite has one writer at a time."""
    if session.get_bind().dialect.name != "postgresql":
        return
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:mailbox, 0))"), {"mailbox": draft.mailbox})
    ids = sorted(each.practitioner_id for each in draft.people)
    session.execute(
        select(Practitioner.id)
        .where(Practitioner.id.in_(ids))
        .order_by(Practitioner.id)
        .with_for_update(key_share=True)
    ).all()


def _same(session: Session, draft: AskDraft, sent: Sequence[SentLately], *, now: datetime) -> Asked | None:
    """The request that went out a moment ago, where this is the same one again."""
    for one in sent:
        if one.erased or one.created_at <= now - rules.SAME_WITHIN:
            continue
        theirs = queries.of_request(session, one.request_id)
        times = frozenset(each.starts_at for each in queries.times_of(session, one.request_id))
        if _what(theirs, times) == _wanted(draft):
            return _asked(theirs)
    return None


def _what(theirs: Sequence[Consultation], times: frozenset[datetime]) -> tuple[object, ...]:
    request = theirs[0].request
    people = [each.practitioner_id for each in theirs]
    return people, times, request.talk, request.words_sealed or "", request.facts_sealed, request.name_sealed


def _wanted(draft: AskDraft) -> tuple[object, ...]:
    people = [each.practitioner_id for each in draft.people]
    return people, frozenset(draft.starts), draft.talk, draft.words.strip(), _facts(draft), draft.name.strip()


def _facts(draft: AskDraft) -> str:
    return draft.told.kept(draft.shared).to_json()


def _possible(
    session: Session, draft: AskDraft, *, now: datetime
) -> tuple[dict[int, Listing], dict[int, Availability]]:
    """Each one's place as it is listed, and how they talk. ``CannotAsk`` where somebody cannot be asked."""
    available = queries.open_to_requests(session, [each.practitioner_id for each in draft.people], now=now)
    found = {
        (each.practitioner.id, each.place.id): each
        for each in listings.read(session, place_ids=[each.place_id for each in draft.people])
    }
    codes = [draft.jurisdiction, *(each.place.jurisdiction for each in found.values())]
    table = jurisdictions.rules_at(session, codes)
    barred: dict[int, Bar] = {}
    for whom in draft.people:
        listing = found.get((whom.practitioner_id, whom.place_id))
        taking = available.get(whom.practitioner_id)
        if listing is None or taking is None:
            barred[whom.practitioner_id] = Bar.NOT_LISTED
            continue
        why = gates.bar(listing, _asking(draft, whom), table, now=now)
        if why is None and not taking.open:
            why = Bar.CLOSED
        if why is None and not _talks(draft.talk, taking, whom.mode):
            why = Bar.TALK
        if why is not None:
            barred[whom.practitioner_id] = why
    if barred:
        raise CannotAsk(barred)
    return {listing.practitioner.id: listing for listing in found.values()}, available


def _talks(talk: Talk, taking: Availability, mode: Mode) -> bool:
    return talk in taking.talks and not (talk is Talk.IN_PERSON and mode is Mode.REMOTE)


def _asking(draft: AskDraft, whom: Whom) -> Asking:
    return Asking(
        mode=whom.mode,
        talk=draft.talk,
        told=draft.told,
        starts=draft.starts,
        timezone=draft.timezone,
        jurisdiction=draft.jurisdiction,
        point=_rounded(draft.point),
        waitlist_ok=draft.waitlist_ok,
    )


def _rounded(point: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if point is None else (round(point[0], 2), round(point[1], 2))


# --- writing ---------------------------------------------------------------------------------------------------------


def _request(draft: AskDraft, email: str, *, now: datetime) -> ConsultationRequest:
    point = _rounded(draft.point)
    return ConsultationRequest(
        code=_code(),
        created_at=now,
        asking_order=draft.order,
        limit_hours=draft.limit_hours,
        talk=draft.talk,
        locale=draft.locale,
        timezone=draft.timezone,
        jurisdiction=draft.jurisdiction,
        email_hash=draft.mailbox,
        waitlist_ok=draft.waitlist_ok,
        consent_version=draft.consent,
        consented_at=now,
        name_sealed=draft.name.strip(),
        email_sealed=email,
        telephone_sealed=draft.telephone.strip() or None,
        guardian_sealed=draft.guardian.strip() or None,
        point_sealed=None if point is None else json.dumps(point),
        facts_sealed=_facts(draft),
        shared_sealed=json.dumps(sorted(draft.shared)),
        words_sealed=draft.words.strip() or None,
    )


def _consultation(
    request_id: int, whom: Whom, listing: Listing, available: Availability, position: int
) -> Consultation:
    price = listing.place.price_first_talk
    return Consultation(
        code=_code(),
        request_id=request_id,
        practitioner_id=whom.practitioner_id,
        place_id=whom.place_id,
        mode=whom.mode,
        position=position,
        state=State.QUEUED,
        minutes=available.minutes,
        price_amount=price,
        price_currency=None if price is None else listing.place.price_currency,
        uid=str(uuid.uuid4()),
    )


def _confirm(session: Session, request: ConsultationRequest, asked: Asked, *, now: datetime) -> None:
    letter = patients.sent(
        [each.name for each in asked.people],
        answer_by=max(each.answer_by for each in asked.people if each.answer_by is not None).date(),
        in_order=request.asking_order is Order.IN_ORDER,
        path=links.make(session, request, Purpose.REQUEST, now=now),
    )
    post.to_patient(session, request, letter, now=now)


def _asked(theirs: Sequence[Consultation]) -> Asked:
    request = theirs[0].request
    return Asked(
        request.id,
        request.code,
        tuple(_sent(each, each.practitioner, each.place) for each in theirs),
    )


def _sent(one: Consultation, person: Practitioner, place: PracticePlace) -> Sent:
    due = None if one.asked_at is None else turns.answer_due(one.asked_at, place, lapses=one.due_at)
    return Sent(person.id, person.display_name, one.state, due)


def _code() -> str:
    return "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))
