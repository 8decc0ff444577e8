"""A request's whole way: sent to three at once, reminded, answered, agreed, moved, met, and told of; what was told is
read, shown, answered and read again. Five browsers, by a clock that only the test moves, and with the real jobs."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from passlib.totp import TOTP
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from config import Config
from directory import db, logs, migrations
from directory.accounts import factors
from directory.accounts import service as accounts
from directory.accounts.terms import Role
from directory.crypto import keyring
from directory.jobs.runner import Work
from directory.jobs.table import JOBS
from directory.practitioners.publication import service as publication
from tests import factories
from tests.browser import asking, server
from tests.browser.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page
    from sqlalchemy import Engine

PASSWORD = "a quiet river in november"
VERIFIER = "vera@desk.example.org"
PATIENT = "maria@example.org"
NAMES = {"Ada Second": "ada@example.org", "Bea Third": "bea@example.org", "Cy Fourth": "cy@example.org"}
FIRST = "2026-11-27T10:30"
"""Friday of the week of whose Monday ``factories.NOW`` is the noon."""
WORDS = "Rang when she said she would."
ANSWER = "Thank you for saying so."


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = factories.NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A new site with three who are listed and read requests, and a verifier."""
    (tmp_path / server.DATABASE).parent.mkdir()
    config = Config.from_environment({}, cwd=tmp_path)
    logs.configure("error")
    keyring.install(config.encryption_keys)
    engine = db.make_engine(config.database_url, timeout_seconds=30)
    migrations.upgrade(engine)
    with Session(engine) as session:
        factories.reference(session)
        for number, (name, email) in enumerate(NAMES.items(), 1):
            changes = factories.Changes(
                person={"display_name": name, "fictional": False}, licence={"number": f"AC15420{number}"}
            )
            made = factories.listed(session, changes)
            roles = [Role.PRACTITIONER]
            account = accounts.create(session, email, roles=roles, now=factories.NOW, password=PASSWORD)
            factors.set_up_totp(session, account, factors.secret_of(secret(email)), now=factories.NOW)
            publication.give_to(session, made.id, account.id, now=factories.NOW)
        vera = accounts.create(session, VERIFIER, roles=[Role.VERIFIER], now=factories.NOW, password=PASSWORD)
        factors.set_up_totp(session, vera, factors.secret_of(secret(VERIFIER)), now=factories.NOW)
        session.commit()
    yield engine
    engine.dispose()


def run(job: str, engine: Engine, folder: Path, clock: Clock) -> int:
    """Have a job do what is due."""
    config = Config.from_environment({}, cwd=folder)
    work = Work(engine=engine, config=config, clock=clock, stopping=lambda: False)
    return next(each for each in JOBS if each.name == job).run(work)


def letters(page: Page, address: str) -> list[str]:
    """The subjects of every letter to an address, the newest first."""
    page.goto("/mailbox")
    return page.locator(".mailbox__letter", has_text=address).locator("a").all_inner_texts()


def secret(email: str) -> str:
    return base64.b32encode(email.encode()[:20].ljust(20, b"-")).decode()


def enter(page: Page, email: str, path: str, clock: Clock) -> None:
    """Sign in with the password and a code of the app."""
    page.goto(f"/account/sign-in?next={path}")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code", exact=True).fill(TOTP(key=secret(email), format="base32").generate(clock.now).token)
    page.get_by_role("button", name="Go on").click()


def ask_three(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Where do you need someone?").fill("97214")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Show people near me").click()
    page.get_by_role("link", name="Match for me").click()
    for box in page.locator("input[name=who]").all():
        box.check()
    page.get_by_role("button", name="Write the request").click()
    page.get_by_label("Your name", exact=False).first.fill("Maria")
    page.get_by_label("Your email address").fill(PATIENT)
    page.get_by_label("By telephone").check()
    page.get_by_label("Your telephone number").fill("503 555 0100")
    page.get_by_label("A time that suits you").fill(FIRST)
    page.get_by_label("or older").check()
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your request is sent")


def say_yes(page: Page) -> None:
    page.get_by_role("link", name="Maria").click()
    page.get_by_label("November 27").check()
    page.get_by_label("How you come together").first.fill("I ring you.")
    page.get_by_role("button", name="Yes, at this time").click()
    expect(page.get_by_text("Waits for the other side to decide")).to_be_visible()


def let_be_shown(page: Page, clock: Clock) -> None:
    """Take the one case about words, read it for a minute, and let them be shown."""
    page.goto("/desk?state=open&kind=feedback")
    page.locator(".case__open").first.click()
    take = page.get_by_role("button", name="Take it")
    if take.count():
        take.click()
    expect(page.get_by_role("button", name="Release")).to_be_visible()
    clock.now += timedelta(minutes=1)
    page.get_by_label("It may be shown").check()
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is recorded")


def test_from_asking_three_to_an_answer_to_what_was_said_of_one(
    new_context: Callable[..., BrowserContext], engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    with server.serving_by(clock, tmp_path, engine) as site:
        watch = Watch(site.origin)

        def somebody() -> Page:
            context = new_context(base_url=site.origin)
            watch.follow(context)
            return context.new_page()

        patient, another_device, ada, bea, mailbox = (somebody() for _ in range(5))
        ask_three(patient)
        assert letters(mailbox, PATIENT) == ["What was sent, and your link to it"]
        first_link = asking.link(mailbox, PATIENT, "visits")

        clock.now = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
        assert run("requests", engine, tmp_path, clock) == 3
        for email in NAMES.values():
            assert letters(mailbox, email)[0] == "Somebody still waits for your answer"

        enter(ada, NAMES["Ada Second"], "/practice/requests", clock)
        say_yes(ada)
        enter(bea, NAMES["Bea Third"], "/practice/requests", clock)
        expect(bea.get_by_text("Waits for your answer")).to_be_visible()

        answer = asking.link(mailbox, PATIENT, "visits")
        patient.goto(answer)
        another_device.goto(answer)
        another_device.get_by_role("button", name="Agree to this time").click()
        expect(another_device.get_by_text("Agreed.")).to_be_visible()
        patient.get_by_role("button", name="Agree to this time").click()
        expect(patient.get_by_role("heading", level=1)).to_have_text("This link cannot be used any more")
        bea.reload()
        expect(bea.get_by_text("A time was found elsewhere")).to_be_visible()
        assert letters(mailbox, NAMES["Cy Fourth"])[0] == "A request has ended"

        patient.goto(first_link)
        expect(patient.get_by_text("Ended, because you agreed a time with somebody else.").first).to_be_visible()
        patient.goto(asking.link(mailbox, PATIENT, "visits"))
        patient.get_by_text("Ask for another time").click()
        patient.get_by_label("First day").fill("2026-11-28")
        patient.get_by_label("At").first.select_option("11:00")
        patient.get_by_role("button", name="Propose these").click()
        ada.reload()
        ada.get_by_label("November 28").check()
        ada.get_by_role("button", name="Move it to this time").click()
        expect(ada.locator(".talk__time")).to_contain_text("November 28")
        assert letters(mailbox, PATIENT)[0] == "Your talk is set"

        clock.now = datetime(2026, 11, 27, 20, tzinfo=UTC)
        assert run("requests", engine, tmp_path, clock) == 1
        assert letters(mailbox, PATIENT)[0] == "A talk is near"
        clock.now = datetime(2026, 11, 29, 20, tzinfo=UTC)
        assert run("requests", engine, tmp_path, clock) == 1
        assert run("ask_outcomes", engine, tmp_path, clock) == 1
        patient.goto(asking.link(mailbox, PATIENT, "outcome"))
        patient.get_by_role("button", name="I reached them").click()
        patient.get_by_role("link", name="Say something about the service").click()
        patient.get_by_label("In your words").fill("It cured my legs.")
        patient.get_by_role("button", name="Send", exact=True).click()
        expect(patient.get_by_role("alert")).to_contain_text("Please write about the service only.")
        patient.get_by_label("In your words").fill(WORDS)
        patient.get_by_role("button", name="Send", exact=True).click()
        expect(patient.get_by_text("Thank you, we have it.")).to_be_visible()

        verifier = somebody()
        enter(verifier, VERIFIER, "/desk", clock)
        let_be_shown(verifier, clock)
        enter(ada, NAMES["Ada Second"], "/practice/feedback", clock)
        ada.get_by_label("Your answer").fill(ANSWER)
        ada.get_by_role("button", name="Send", exact=True).click()
        expect(ada.get_by_text("Your answer waits to be read:")).to_be_visible()
        patient.goto("/practitioners?name=Ada+Second")
        patient.locator(".card__title a").first.click()
        profile = patient.get_by_role("main")
        expect(profile).to_contain_text(WORDS)
        expect(profile).not_to_contain_text(ANSWER)
        let_be_shown(verifier, clock)
        patient.reload()
        expect(profile).to_contain_text(ANSWER)
        assert letters(mailbox, PATIENT)[0] == "What you sent us is shown now"
    assert watch.faults == []
