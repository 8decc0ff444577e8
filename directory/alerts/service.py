"""Saving a search, saying yes to its letters, being told, and being forgotten."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session, undefer

from directory.accounts.rules import email_key, subject
from directory.alerts import letters, queries, rules
from directory.alerts.models import SavedSearch
from directory.alerts.rules import Asked, Told
from directory.alerts.terms import FACTS_CONSENT
from directory.mail import outbox, suppression
from directory.screening.rules import Patient
from directory.search import service as search
from directory.search.loader import IndexHolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A search to be saved. ``told`` is given only where keeping it was agreed to."""

    email: str
    asked: Asked
    told: Told | None
    language: str


def save(session: Session, draft: Draft, *, secret: str, known: Collection[int], now: datetime) -> SavedSearch | None:
    """Keep a search and ask its mailbox for a yes. ``known`` are the people who fit now.

    ``None``, and no letter, where this mailbox has been asked often today or has as many searches as one may have:
    nobody shall learn from our answer what somebody else saved. ``InvalidInput`` (field ``email``) for what is no
    address.
    """
    to = outbox.address(draft.email)
    mailbox = mailbox_hash(secret, to)
    _in_turn(session, mailbox)
    saved, lately = session.execute(
        select(
            func.count(),
            func.count().filter(SavedSearch.confirmed_at.is_(None), SavedSearch.saved_at > now - rules.LOOK_EVERY),
        ).where(SavedSearch.mailbox_hash == mailbox)
    ).one()
    if saved >= rules.MOST_OF_ONE_MAILBOX or lately >= rules.MOST_UNCONFIRMED_A_DAY:
        return None
    token = secrets.token_urlsafe(24)
    row = SavedSearch(
        token_hash=queries.hashed(token),
        token_sealed=token,
        mailbox_hash=mailbox,
        email_sealed=to,
        search_sealed=draft.asked.to_json(),
        facts_sealed=draft.told.to_json() if draft.told else None,
        facts_consent=FACTS_CONSENT if draft.told else None,
        known_sealed=json.dumps(sorted(known)),
        language=draft.language,
        saved_at=now,
        looked_at=now,
    )
    session.add(row)
    letter = letters.confirm(token, days=rules.UNCONFIRMED_KEPT.days)
    outbox.send(session, to=to, letter=letter, language=draft.language, now=now)
    session.flush()
    return row


def mailbox_hash(secret: str, address: str) -> str:
    """What the searches of one mailbox are counted under."""
    return subject(secret, "saved search", email_key(address))


def _in_turn(session: Session, mailbox: str) -> None:
    """Let two that save for one mailbox at once count each other; SQLite has one writer at a time."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"saved search:{mailbox}", 0))))


def confirm(session: Session, token: str, *, now: datetime) -> SavedSearch:
    """The mailbox says yes, at first or again after a year; saying it twice does no harm. ``Gone`` where it is late."""
    row = queries.by_token(session, token, lock=True)
    if row.confirmed_at is None or row.asked_again_at is not None:
        row.confirmed_at, row.asked_again_at = now, None
    session.flush()
    return row


def forget_facts(session: Session, token: str) -> None:
    """Take back the consent to keep what the patient told us; the search itself stays."""
    row = queries.by_token(session, token, lock=True)
    row.facts_sealed = row.facts_consent = None
    session.flush()


def stop(session: Session, token: str) -> None:
    """Delete the search behind this link; nothing happens where it is gone already."""
    session.execute(delete(SavedSearch).where(SavedSearch.token_hash == queries.hashed(token)))


def look(session: Session, search_id: int, *, holder: IndexHolder, site_url: str, now: datetime) -> int:
    """Look whether somebody new fits a search that is due, and write one letter if so; how many letters.

    What was told is remembered in the same transaction as the letter, so a second look finds nobody new.
    """
    row = session.get(
        SavedSearch,
        search_id,
        with_for_update=True,
        populate_existing=True,
        options=[
            undefer(SavedSearch.token_sealed),
            undefer(SavedSearch.email_sealed),
            undefer(SavedSearch.known_sealed),
        ],
    )
    if row is None or row.confirmed_at is None or not _due(row, now):
        return 0
    row.looked_at = now
    if rules.asks_again(row.confirmed_at, row.asked_again_at, now=now):
        row.asked_again_at = now
        letter = letters.still_wanted(row.token_sealed, days=rules.ANSWER_WITHIN.days)
        outbox.send(session, to=row.email_sealed, letter=letter, language=row.language, now=now)
        return 1
    told = Told.from_json(row.facts_sealed) if row.facts_sealed else None
    zone = ZoneInfo(Asked.from_json(row.search_sealed, Patient()).criteria.point.timezone)
    today = now.astimezone(zone).date()
    asked = Asked.from_json(row.search_sealed, told.patient(today=today) if told else Patient())
    known = set(json.loads(row.known_sealed))
    fitting = search.fitting(session, asked.criteria, known=known, most=rules.MOST_NAMED, now=now, holder=holder)
    if not fitting.new:
        return 0
    row.known_sealed = json.dumps(sorted(known | fitting.everybody))
    letter = letters.somebody_new(
        row.token_sealed,
        fitting.new,
        more=len(fitting.everybody - known) - len(fitting.new),
        site_url=site_url,
        knows_patient=told is not None,
        out_of_date=told is not None and told.out_of_date(today=today),
    )
    outbox.send(session, to=row.email_sealed, letter=letter, language=row.language, now=now)
    session.flush()
    return 1


def _due(row: SavedSearch, now: datetime) -> bool:
    return rules.look_due(row.looked_at, now=now) or row.looked_at > now + rules.LOOK_EVERY


def forget(session: Session, *, now: datetime) -> int:
    """Delete what nobody said yes to in time, at first or after a year, and what is for a mailbox that letters do not
    reach; how many."""
    late = delete(SavedSearch).where(
        or_(
            and_(SavedSearch.confirmed_at.is_(None), SavedSearch.saved_at <= now - rules.UNCONFIRMED_KEPT),
            SavedSearch.asked_again_at <= now - rules.ANSWER_WITHIN,
        )
    )
    gone = int(session.execute(late.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
    unreachable = {suppression.hashed(each.address_sealed) for each in suppression.suppressed(session)}
    return gone + _delete(session, lambda address: suppression.hashed(address) in unreachable)


def erase(session: Session, addresses: Collection[str]) -> int:
    """Delete every search of these mailboxes, given as they are compared (``email_key``); how many."""
    return _delete(session, lambda address: email_key(address) in addresses)


def _delete(session: Session, meant: Callable[[str], bool]) -> int:
    """Addresses are sealed, so each is opened to be compared."""
    rows = session.execute(select(SavedSearch.id, SavedSearch.email_sealed))
    ids = [number for number, address in rows if meant(address)]
    session.execute(delete(SavedSearch).where(SavedSearch.id.in_(ids)))
    return len(ids)
