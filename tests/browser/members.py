"""People who sign in, in the browser: made beside the running site, and let in through its own door."""

from __future__ import annotations

import base64
import fcntl
import os
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from passlib.totp import TOTP
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from directory import db
from directory.accounts import factors, service
from directory.accounts.terms import Role
from directory.consultations.models import Consultation
from directory.crypto import keyring
from directory.figures import service as figures
from directory.figures.rules import Count
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import AccountStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site

PASSWORD = "a quiet river in november"
_numbers = count(1)
A_SEAT_SECONDS = 5 * 60
"""Well below the ten minutes after which the desk asks anew who somebody is."""
_SEATS: dict[tuple[str, str], tuple[float, list[Any], str]] = {}


def newcomer(page: Page, site: Site) -> None:
    """Sign in as a practitioner who has just begun to register."""
    _member(page, site, "/registration/who")
    page.get_by_label("Your name, as patients see it").fill("Juniper Underhill")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/registration/education")


def listed(page: Page, site: Site) -> None:
    """Sign in as somebody who is on the list and was shown in the weeks before."""
    _member(page, site, "/practice", keeps=True, counted=True)
    page.wait_for_url("**/practice")


def verifier(page: Page, site: Site, path: str) -> str:
    """Sign in as somebody new at the desk, second proof and all, and stand on this page; their address."""
    return _staff(page, site, path, Role.VERIFIER)


def administrator(page: Page, site: Site, path: str) -> str:
    """Sign in as a new administrator, as ``verifier`` does."""
    return _staff(page, site, path, Role.ADMINISTRATOR)


def asked(page: Page, site: Site, path: str) -> None:
    """Sign in, second proof and all, as the demonstration's practitioner whom patients have asked, and stand on this
    page of theirs. A code counts once, so each visit gets an account of its own; and one profile has one account, so
    each test worker has the profile for as long as its visit lasts."""
    held = (site.database.parent / "asked").open("w")
    fcntl.flock(held, fcntl.LOCK_EX)
    page.context.on("close", lambda _: held.close())
    email = f"asked-{os.getpid()}-{next(_numbers)}@example.org"
    keyring.install(Config.from_environment({}, cwd=site.database.parent.parent).encryption_keys)
    engine = db.make_engine(f"sqlite:///{site.database}", timeout_seconds=30)
    now = datetime.now(UTC)
    with Session(engine) as session:
        db.writing(session)
        made = service.create(session, email, roles=[Role.PRACTITIONER], now=now, password=PASSWORD)
        factors.set_up_totp(session, made, factors.secret_of(_key(email)), now=now)
        whom = select(Consultation.practitioner_id).join(Practitioner).where(Practitioner.account_id.is_not(None))
        person = session.get_one(Practitioner, session.scalars(whom.order_by(Consultation.id).limit(1)).one())
        person.account_id = made.id
        session.commit()
    engine.dispose()
    _enter(page, email, path)
    _prove(page, email)


def seated(page: Page, site: Site, path: str, role: Role = Role.VERIFIER) -> None:
    """Stand on a page of the desk as somebody who signed in there a few minutes ago at most, whichever test let them
    in: for pages that are only looked at, and look the same to everybody of this role."""

    def enter() -> None:
        _staff(page, site, path, role)
        page.wait_for_url(f"**{path}")

    kept(page, site, role.value, enter)
    if not page.url.endswith(path):
        page.goto(path)


def kept(page: Page, site: Site, who: str, enter: Callable[[], None]) -> str:
    """Let somebody in, unless a test of this worker let them in a few minutes ago at most and kept their cookies;
    where they stood then. For people whose pages are only looked at."""
    entered, cookies, where = _SEATS.get((site.origin, who), (float("-inf"), [], ""))
    if time.monotonic() - entered < A_SEAT_SECONDS:
        page.context.add_cookies(cookies)
        return where
    enter()
    names = ("name", "value", "domain", "path", "expires", "httpOnly", "secure", "sameSite")
    cookies = [{name: each[name] for name in names if name in each} for each in page.context.cookies()]
    _SEATS[site.origin, who] = time.monotonic(), cookies, page.url
    return page.url


def _staff(page: Page, site: Site, path: str, role: Role) -> str:
    email = f"{role.value}-{os.getpid()}-{next(_numbers)}@example.org"
    keyring.install(Config.from_environment({}, cwd=site.database.parent.parent).encryption_keys)
    engine = db.make_engine(f"sqlite:///{site.database}", timeout_seconds=30)
    now = datetime.now(UTC)
    with Session(engine) as session:
        db.writing(session)
        made = service.create(session, email, roles=[role], now=now, password=PASSWORD)
        factors.set_up_totp(session, made, factors.secret_of(_key(email)), now=now)
        session.commit()
    engine.dispose()
    _enter(page, email, path)
    _prove(page, email)
    return email


def _key(email: str) -> str:
    """The key of the authenticator app of this account."""
    return base64.b32encode(email.encode()[:20].ljust(20, b"-")).decode()


def _prove(page: Page, email: str) -> None:
    page.get_by_label("Code", exact=True).fill(TOTP(key=_key(email), format="base32").generate(time.time()).token)
    page.get_by_role("button", name="Go on").click()


def _member(page: Page, site: Site, path: str, *, keeps: bool = False, counted: bool = False) -> None:
    email = f"member-{os.getpid()}-{next(_numbers)}@example.org"
    keyring.install(Config.from_environment({}, cwd=site.database.parent.parent).encryption_keys)
    engine = db.make_engine(f"sqlite:///{site.database}", timeout_seconds=30)
    with Session(engine) as session:
        db.writing(session)
        made = service.create(session, email, roles=[Role.PRACTITIONER], now=datetime.now(UTC), password=PASSWORD)
        if keeps:
            with_two_places = (
                select(PracticePlace.practitioner_id)
                .join(Practitioner, Practitioner.id == PracticePlace.practitioner_id)
                .where(Practitioner.account_status == AccountStatus.PUBLISHED, Practitioner.account_id.is_(None))
                .group_by(PracticePlace.practitioner_id)
                .having(func.count() == 2)
                .limit(1)
            )
            person = session.get(Practitioner, session.scalars(with_two_places).one())
            assert person is not None
            person.account_id = made.id
            if counted:
                weeks = ((datetime.now(UTC) - timedelta(weeks=each)).date() for each in range(12))
                figures.write(
                    session,
                    {(person.id, day): Count(8 * each, 40 * each, 0, 3 * each) for each, day in enumerate(weeks)},
                )
        session.commit()
    engine.dispose()
    _enter(page, email, path)


def _enter(page: Page, email: str, path: str) -> None:
    page.goto(f"/account/sign-in?next={path}")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def with_a_place(page: Page, site: Site, **typed: str) -> None:
    """A newcomer who gave an address, and looks at its pin."""
    newcomer(page, site)
    address = {
        "What patients call this place": "Fern Rooms",
        "Street and number": "12 Fern Way",
        "Town": "Portland",
        "ZIP code": "97214",
    }
    page.goto("/registration/places/new")
    page.get_by_label("Country").select_option("US")
    for label, text in (address | typed).items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Save and go on").click()
