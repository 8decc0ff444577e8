"""People who have signed in, for tests of any page: a session in the database, its name in the cookie."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import cast

from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.accounts import queries, service, sessions
from directory.accounts.models import Account, AccountRole, AccountSession
from directory.accounts.rules import secret_hash
from directory.accounts.terms import Factor, Role
from directory.app import DirectoryApp
from directory.http.site import EXTENSION, Site
from directory.http.who import SID
from directory.practitioners.models import Practitioner
from tests.web.client import Client

PASSWORD = "a quiet river in november"
"""Of everybody who is made here."""


def sign_in(
    client: Client,
    *,
    email: str = "someone@example.org",
    roles: Collection[Role] = (Role.PRACTITIONER,),
    second_factor: bool = True,
    fresh: bool = True,
    practitioner_id: int | None = None,
) -> int:
    """Sign this client in as whoever has the address, who is made with these roles where there is nobody; the
    account's id. ``practitioner_id`` is whose profile the account keeps from now on."""
    app = cast("DirectoryApp", client.app)
    now = cast("Site", app.extensions[EXTENSION]).clock()
    with Session(app.database.engine, expire_on_commit=False) as session:
        account = queries.by_email(session, email) or service.create(
            session, email, roles=roles, now=now, password=PASSWORD
        )
        have(account, roles, session)
        if practitioner_id is not None:
            session.execute(
                update(Practitioner).where(Practitioner.id == practitioner_id).values(account_id=account.id)
            )
        sid = sessions.begin(
            session, account, device="Firefox on Linux", now=now, second_factor=Factor.TOTP if second_factor else None
        )
        if not fresh:
            session.execute(
                update(AccountSession)
                .where(AccountSession.sid_hash == secret_hash(sid))
                .values(proved_at=now - timedelta(hours=1))
            )
        session.commit()
        account_id = account.id
    with client.inner.session_transaction(base_url=client.base) as cookie:
        cookie[SID] = sid
    return account_id


def have(account: Account, roles: Collection[Role], session: Session) -> None:
    """Give an account the roles it lacks."""
    for role in set(roles) - account.roles:
        account.granted.append(AccountRole(role=role, granted_at=account.created_at))
    session.flush()
