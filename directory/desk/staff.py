"""The people who work at the desk: who they are, and what one action does when somebody leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts import permissions, queries, sessions
from directory.accounts import service as accounts
from directory.accounts.models import Account, AccountRole, AccountSession, Passkey
from directory.accounts.terms import Role
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import State
from directory.credentials.decisions.models import Decision
from directory.errors import Conflict, NotFound

LATELY = timedelta(days=30)
_WORKS_HERE = select(AccountRole.account_id).where(AccountRole.role.in_(permissions.PRIVILEGED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody with a role at the desk."""

    id: int
    email: str
    roles: frozenset[Role]
    ends_at: datetime | None
    """For somebody who is an administrator in an emergency only."""
    active: bool
    second_factor: bool
    last_seen_at: datetime | None
    cases: int
    """What they have taken, or were given."""
    decisions: int
    """In the last thirty days."""


def colleagues(session: Session, *, now: datetime) -> list[Colleague]:
    """Everybody with a role at the desk, by address; six statements however many they are."""
    people = session.scalars(select(Account).where(Account.id.in_(_WORKS_HERE)).order_by(Account.email)).all()
    return _told(session, people, now=now)


def _told(session: Session, people: Sequence[Account], *, now: datetime) -> list[Colleague]:
    ids = [each.id for each in people]
    seen = {
        row.account_id: row.seen
        for row in session.execute(
            select(AccountSession.account_id, func.max(AccountSession.last_seen_at).label("seen"))
            .where(AccountSession.account_id.in_(ids))
            .group_by(AccountSession.account_id)
        )
    }
    keyed = set(session.scalars(select(Passkey.account_id).where(Passkey.account_id.in_(ids))))
    held: dict[int, int] = dict.fromkeys(ids, 0)
    for claimed_by, claimed_until, assigned_to in session.execute(
        select(Case.claimed_by, Case.claimed_until, Case.assigned_to).where(
            Case.state == State.OPEN, Case.claimed_by.in_(ids) | Case.assigned_to.in_(ids)
        )
    ):
        holds = claimed_by if claimed_until is not None and now < claimed_until else None
        for account_id in {assigned_to, holds}:
            if account_id in held:
                held[account_id] += 1
    decided = {
        row.decided_by: row.number
        for row in session.execute(
            select(Decision.decided_by, func.count().label("number"))
            .where(Decision.decided_by.in_(ids), Decision.decided_at >= now - LATELY)
            .group_by(Decision.decided_by)
        )
    }
    found = []
    for each in people:
        each.at(now)
        found.append(
            Colleague(
                id=each.id,
                email=each.email,
                roles=each.roles & permissions.PRIVILEGED,
                ends_at=next((row.ends_at for row in each.granted if row.ends_at is not None), None),
                active=each.active,
                second_factor=each.totp_since is not None or each.id in keyed,
                last_seen_at=seen.get(each.id),
                cases=held[each.id],
                decisions=decided.get(each.id, 0),
            )
        )
    return found


def colleague(session: Session, account_id: int, *, now: datetime) -> Colleague:
    """One of them; ``NotFound`` for whoever has no role at the desk."""
    return _told(session, [somebody(session, account_id)], now=now)[0]


def somebody(session: Session, account_id: int) -> Account:
    """The account of somebody with a role at the desk; ``NotFound`` for anybody else's."""
    theirs = select(Account).where(Account.id == account_id, Account.id.in_(_WORKS_HERE))
    found = session.scalars(theirs).one_or_none()
    if found is None:
        raise NotFound("Nobody with this number works here.")
    return found


def leave(session: Session, account_id: int, *, to: int | None, by: int, now: datetime) -> int:
    """Somebody works here no longer: their roles at the desk and their sessions end, what they had taken is free, and
    what was given to them goes to ``to`` or to nobody; how many cases that were.

    ``Conflict`` for the last administrator, and for oneself. Whoever is nothing else here cannot sign in any more.
    """
    account = queries.account(session, account_id)
    if account_id == by:
        raise Conflict("Somebody else has to do this for you.", code="own_role")
    if to == account_id:
        raise Conflict("Choose somebody who stays.", code="leaves_too")
    for role in sorted(permissions.PRIVILEGED):
        accounts.withdraw(session, account, role, now=now, by=by)
    if not account.roles:
        accounts.disable(session, account, now=now, by=by)
    sessions.end_all(session, account_id)
    freed = cases.let_go_of_all(session, by=account_id, to=to)
    audit.record(session, action="account.left", actor=by, subject=f"account:{account_id}", now=now)
    return freed


def heirs(session: Session, leaving: int) -> list[tuple[int, str]]:
    """Who can take on what somebody leaves behind: their numbers and addresses, by address."""
    verifies = select(AccountRole.account_id).where(AccountRole.role == Role.VERIFIER)
    others = select(Account.id, Account.email).where(Account.id != leaving, Account.active, Account.id.in_(verifies))
    return [(number, email) for number, email in session.execute(others.order_by(Account.email))]
