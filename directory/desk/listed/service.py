"""Looking who is listed, comparing with the last look, and telling what changed, each change once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.consultations import rounds
from directory.credentials.terms import Refusal
from directory.desk.listed import letters, rules
from directory.desk.listed.models import EligibilityState
from directory.desk.listed.rules import Change, Look
from directory.geo.timezones import is_zone
from directory.jurisdictions import queries as jurisdictions
from directory.mail import outbox
from directory.practitioners.models import Practitioner
from directory.search import listings, visible

Hook: TypeAlias = Callable[[Session, Sequence[Change], datetime], None]


def _write(session: Session, changed: Sequence[Change], now: datetime) -> None:
    """Tell the practitioner where they are not listed any more, in one letter."""
    stopped = [each.look for each in changed if each.stopped and each.look.refusal not in letters.TOLD_OTHERWISE]
    if not stopped:
        return
    account = session.scalars(
        select(Account)
        .join(Practitioner, Practitioner.account_id == Account.id)
        .where(Practitioner.id == stopped[0].practitioner_id, Account.active, Account.confirmed_at.is_not(None))
    ).one_or_none()
    if account is not None:
        letter = letters.not_listed(stopped, day=now.date())
        outbox.send(session, to=account.email, letter=letter, language=account.locale, now=now)


def _look_at_requests(session: Session, changed: Sequence[Change], now: datetime) -> None:
    """Put on hold what must not go on, and let go on what may again."""
    rounds.look_again(session, changed[0].look.practitioner_id, now=now)


HOOKS: Final[tuple[Hook, ...]] = (_write, _look_at_requests)
"""Called with the changes of one person, in the transaction in which they are noted, each change once.

Whatever pauses or goes on when somebody stops or begins to be listed adds its function here: it gets the session, the
changes (``stopped`` says which way), and the instant. It flushes, does not commit, and tells both sides in neutral
words.
"""


def changed(session: Session, *, now: datetime) -> list[int]:
    """Who stands otherwise than at the last look, or was never looked at; two statements for everybody."""
    rows = session.execute(select(EligibilityState.place_id, EligibilityState.listed))
    before = {row.place_id: row.listed for row in rows}
    found = {
        look.practitioner_id
        for look in _looks(session, None, now=now)
        if before.get(look.place_id) is not (look.refusal is None)
    }
    return sorted(found)


def tell(session: Session, practitioner_id: int, *, now: datetime) -> int:
    """Note how this person's places stand now and tell what changed; how many changes there were.

    Looks anew with the person's row held, so that two who come at once tell it once.
    """
    if session.get(Practitioner, practitioner_id, with_for_update=True) is None:
        return 0
    known = {
        each.place_id: each
        for each in session.scalars(select(EligibilityState).where(EligibilityState.practitioner_id == practitioner_id))
    }
    looks = list(_looks(session, practitioner_id, now=now))
    found = rules.changes(looks, {key: row.listed for key, row in known.items()})
    for look in looks:
        _note(session, known.get(look.place_id), look, now)
    session.flush()
    if found:
        for hook in HOOKS:
            hook(session, found, now)
    return len(found)


def _note(session: Session, row: EligibilityState | None, look: Look, now: datetime) -> None:
    listed = look.refusal is None
    if row is None:
        session.add(
            EligibilityState(
                place_id=look.place_id,
                practitioner_id=look.practitioner_id,
                listed=listed,
                refusal=look.refusal,
                since=now,
            )
        )
        return
    if row.listed is not listed:
        row.since = now
    row.listed, row.refusal = listed, look.refusal


def _looks(session: Session, practitioner_id: int | None, *, now: datetime) -> Iterator[Look]:
    table = jurisdictions.all_rules(session)
    ids = None if practitioner_id is None else [practitioner_id]
    for listing in listings.read(session, practitioner_ids=ids):
        if listing.practitioner.published_at is None or not is_zone(listing.place.timezone):
            continue
        today = now.astimezone(ZoneInfo(listing.place.timezone)).date()
        permit = visible.permit(listing, table, today)
        refusals = (Refusal.NO_RULE,) if permit is None else permit.refusals
        yield Look(listing.practitioner.id, listing.place.id, listing.place.label, refusals[0] if refusals else None)
