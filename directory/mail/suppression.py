"""Addresses that letters do not reach: nothing more is sent there until somebody lifts it.

What cannot be mended by waiting (there is nobody of that name) counts at once; what may pass (a full mailbox, a server
that refuses for a reason of its own) only when it happened to several letters within ``rules.SOFT_WITHIN``.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session, undefer

from directory.errors import NotFound
from directory.mail import rules
from directory.mail.models import MailSuppression, OutgoingLetter, State, Why


def hashed(address: str) -> str:
    """What an address is found under."""
    return hashlib.sha256(unicodedata.normalize("NFKC", address).strip().casefold().encode()).hexdigest()


def of(session: Session, address: str) -> MailSuppression | None:
    """Since when and why nothing is sent to this address; ``None`` where letters may go there."""
    row = session.get(MailSuppression, hashed(address))
    return row if row is not None and row.suppressed_at is not None else None


def keeps(session: Session, address: str) -> bool:
    """Whether nothing is sent to this address, for whoever need not know since when."""
    session.flush()
    return session.connection().execute(_SUPPRESSED, {"address_hash": hashed(address)}).first() is not None


_SUPPRESSED = select(MailSuppression.address_hash).where(
    MailSuppression.address_hash == bindparam("address_hash"), MailSuppression.suppressed_at.is_not(None)
)


def note(session: Session, address: str, *, status: str, for_good: bool, why: Why, now: datetime) -> bool:
    """A letter did not reach this address; whether nothing more is sent there from now on."""
    row = session.get(MailSuppression, hashed(address), with_for_update=True)
    if row is None:
        row = MailSuppression(
            address_hash=hashed(address), address_sealed=address, first_at=now, last_at=now, soft=0, status=""
        )
        session.add(row)
    if now - row.last_at > rules.SOFT_WITHIN:
        row.soft = 0
    row.last_at, row.status = now, status[:16]
    row.soft += not for_good
    if row.suppressed_at is None and (for_good or row.soft >= rules.MOST_SOFT):
        row.suppressed_at, row.why = now, why if for_good else Why.OFTEN
    session.flush()
    return row.suppressed_at is not None


def bounced(session: Session, mark: str, *, status: str, for_good: bool, now: datetime) -> bool:
    """A letter of ours came back; whether that was news.

    Believed of a letter that was sent and nobody told us of before. ``NotFound`` for one that we never sent, or whose
    address is erased already.
    """
    row = session.scalar(
        select(OutgoingLetter)
        .where(OutgoingLetter.mark == mark, OutgoingLetter.state.in_((State.SENT, State.BOUNCED)))
        .options(undefer(OutgoingLetter.recipient_sealed))
        .with_for_update()
    )
    if row is None or row.recipient_sealed is None:
        raise NotFound("No letter of ours that is still kept has this Message-ID.")
    if row.state is State.BOUNCED:
        return False
    row.state, row.trouble = State.BOUNCED, f"bounced {status}"[:80]
    note(session, row.recipient_sealed, status=status, for_good=for_good, why=Why.BOUNCED, now=now)
    return True


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget addresses from which a letter came back once and none since; how many."""
    gone = session.execute(
        delete(MailSuppression)
        .where(MailSuppression.suppressed_at.is_(None), MailSuppression.last_at < now - rules.SOFT_WITHIN)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def masked(address: str) -> str:
    """An address as those may see it who only need to recognise it."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def suppressed(session: Session, *, limit: int | None = None) -> Sequence[MailSuppression]:
    """Every address to which nothing is sent, opened, the newest first."""
    return session.scalars(
        select(MailSuppression)
        .where(MailSuppression.suppressed_at.is_not(None))
        .order_by(MailSuppression.suppressed_at.desc(), MailSuppression.address_hash)
        .options(undefer(MailSuppression.address_sealed))
        .limit(limit)
    ).all()


def count(session: Session) -> int:
    """To how many addresses nothing is sent."""
    return session.scalar(select(func.count()).where(MailSuppression.suppressed_at.is_not(None))) or 0


def lift(session: Session, address: str) -> None:
    """Let letters go to this address again. ``NotFound`` where nothing keeps them."""
    row = session.get(MailSuppression, hashed(address))
    if row is None:
        raise NotFound("Letters are sent to this address.")
    session.delete(row)
    session.flush()


def forget(session: Session, addresses: Sequence[str]) -> None:
    """Forget all of these addresses: whoever had them is erased."""
    keys = [hashed(each) for each in addresses]
    session.execute(delete(MailSuppression).where(MailSuppression.address_hash.in_(keys)))
