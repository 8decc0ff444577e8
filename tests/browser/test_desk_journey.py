"""A licence's whole way: handed in, asked about, answered, decided, found by a patient, and gone the night after its
last day. Three people in three browsers, by a clock that only the test moves."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from passlib.totp import TOTP
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from config import Config
from directory import db, logs, migrations
from directory.accounts import factors
from directory.accounts import service as accounts
from directory.accounts.terms import Role
from directory.credentials import service as credentials
from directory.credentials.registration import service as registrations
from directory.credentials.registration.terms import StepKey
from directory.credentials.service import IndemnityDraft, RlsDraft
from directory.credentials.terms import CredentialKind, Verification
from directory.crypto import keyring
from directory.practitioners.premises import service as premises
from tests import factories
from tests.browser import server
from tests.browser.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page
    from sqlalchemy import Engine

PASSWORD = "a quiet river in november"
PRACTITIONER = "juniper@practice.example.org"
VERIFIER = "vera@desk.example.org"
NAME = "Juniper Underhill"
LAST_DAY = date(2026, 12, 31)
LATE_UNTIL = date(2027, 1, 14)
INSURED_UNTIL = date(2027, 6, 30)
REGISTER = "https://omb.oregon.gov/verify"
PORTLAND = ZoneInfo("America/Los_Angeles")


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = factories.NOW

    def __call__(self) -> datetime:
        return self.now

    def on(self, minutes: int) -> None:
        """Later."""
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A new site with nobody but a verifier, and a practitioner who has filled in everything and handed in nothing."""
    (tmp_path / server.DATABASE).parent.mkdir()
    config = Config.from_environment({}, cwd=tmp_path)
    logs.configure("error")
    keyring.install(config.encryption_keys)
    engine = db.make_engine(config.database_url, timeout_seconds=30)
    migrations.upgrade(engine)
    with Session(engine) as session:
        factories.reference(session)
        for email, role in ((VERIFIER, Role.VERIFIER), (PRACTITIONER, Role.PRACTITIONER)):
            made = accounts.create(session, email, roles=[role], now=factories.NOW, password=PASSWORD)
            factors.set_up_totp(session, made, factors.secret_of(secret(email)), now=factories.NOW)
        fill_in(session, made.id)
        session.commit()
    yield engine
    engine.dispose()


def fill_in(session: Session, account_id: int) -> None:
    """Everything that a registration asks, as its pages store it."""
    person = registrations.begin(session, account_id, factories.person_draft(display_name=NAME), now=factories.NOW)
    premises.add_place(session, factories.place_draft(person.id))
    licence = factories.licence_draft(person.id, check=None, number="AC154201", expires=LAST_DAY)
    degree = factories.licence_draft(person.id, check=None, kind=CredentialKind.EDUCATION, expires=None)
    for paper in (licence, degree):
        credentials.record(session, paper, now=factories.NOW)
    cover = IndemnityDraft(
        practitioner_id=person.id, expires=INSURED_UNTIL, covers_acupuncture=True, insurer="Example Mutual"
    )
    credentials.record_indemnity(session, cover, now=factories.NOW)
    caseload = RlsDraft(practitioner_id=person.id, patients_24m=12, patients_verification=Verification.SELF_ATTESTED)
    credentials.declare_rls(session, caseload)
    for step in StepKey:
        registrations.saved(session, person.id, step, now=factories.NOW)


def secret(email: str) -> str:
    return base64.b32encode(email.encode()[:20].ljust(20, b"-")).decode()


def enter(page: Page, email: str, path: str, clock: Clock) -> None:
    """Sign in with the password and a code of the app."""
    page.goto(f"/account/sign-in?next={path}")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    code = TOTP(key=secret(email), format="base32").generate(clock.now).token
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Go on").click()


def hand_in(page: Page) -> None:
    page.get_by_label("Everything in it is true").check()
    page.get_by_label("Nothing I wrote or sent names or shows a patient").check()
    page.get_by_label("You may ask the registers").check()
    page.get_by_label("Your full name, as a signature").fill(NAME)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it.")


def open_case(page: Page, kind: str, clock: Clock) -> None:
    """From the queue to a case of this kind, taken; and read for a minute."""
    page.goto(f"/desk?state=open&kind={kind}")
    page.locator(".case__open", has_text=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    take = page.get_by_role("button", name="Take it")
    if take.count():
        take.click()
    expect(page.get_by_role("button", name="Release")).to_be_visible()
    clock.on(minutes=1)


def record(page: Page) -> None:
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("It is recorded")


def ask(page: Page, question: str, clock: Clock) -> None:
    open_case(page, "licence", clock)
    page.get_by_label("A question to the practitioner").check()
    page.get_by_label("Question", exact=True).fill(question)
    record(page)


def answer(page: Page, question: str, said: str) -> None:
    page.goto("/practice/questions")
    asked = page.locator(".asked", has_text=question)
    asked.get_by_role("textbox").fill(said)
    asked.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("region", name="What you have answered")).to_contain_text(said)


def confirm(page: Page, method: str, clock: Clock) -> None:
    page.get_by_role("group", name="What you decide").get_by_role("radio").first.check()
    page.get_by_label(method).check()
    page.get_by_label("Day on which it was read or heard").fill(clock.now.astimezone(PORTLAND).date().isoformat())


def named(page: Page) -> None:
    """The source names whoever handed in."""
    page.get_by_label("Name, as you read it").fill(NAME)
    page.get_by_role("group", name="Is this the same person?").get_by_label("Yes").check()


def confirm_licence(page: Page, said: str, clock: Clock) -> None:
    open_case(page, "licence", clock)
    expect(page.get_by_role("region", name="What we asked")).to_contain_text(said)
    confirm(page, "On the register’s own page", clock)
    page.get_by_label("Where", exact=True).fill(REGISTER)
    named(page)
    page.get_by_label("Status, as you read it").select_option(label="In force")
    page.get_by_label("Last day, as you read it").fill(LAST_DAY.isoformat())
    page.get_by_label("Late period, to the day").fill(LATE_UNTIL.isoformat())
    record(page)


def confirm_insurance(page: Page, clock: Clock) -> None:
    open_case(page, "indemnity", clock)
    confirm(page, "From a document alone", clock)
    named(page)
    page.get_by_label("Last day, as you read it").fill(INSURED_UNTIL.isoformat())
    page.get_by_role("group", name="Does the policy cover acupuncture?").get_by_label("Yes").check()
    page.get_by_role("group", name="Does it cover pregnancy in words?").get_by_label("No").check()
    record(page)


def confirm_control(page: Page, clock: Clock) -> None:
    open_case(page, "control", clock)
    page.get_by_role("link", name="Put a look at an identity paper on record").click()
    for asked in ("What you saw", "How you saw it"):
        page.get_by_role("group", name=asked).get_by_role("radio").first.check()
    page.get_by_label("When", exact=True).fill(clock.now.astimezone(PORTLAND).date().isoformat())
    page.get_by_role("group", name="Were the name and the face those of this person?").get_by_label("Yes").check()
    page.get_by_role("button", name="Put it on record").click()
    open_case(page, "control", clock)
    confirm(page, "By looking at an identity paper", clock)
    record(page)


def search(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Where do you need someone?").fill("97214")
    page.get_by_label("Where do you need someone?").press("Enter")
    expect(page.locator("#list")).to_be_visible()


def profile(page: Page) -> str:
    """What a patient who searches nearby reads on the page of the person."""
    search(page)
    page.get_by_role("link", name=NAME).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    return page.get_by_role("main").inner_text()


def test_from_handing_in_to_the_night_after_the_last_day(
    new_context: Callable[..., BrowserContext], engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    with server.serving_by(clock, tmp_path, engine) as site:
        watch = Watch(site.origin)

        def somebody() -> Page:
            context = new_context(base_url=site.origin)
            watch.follow(context)
            return context.new_page()

        patient, practitioner, verifier = somebody(), somebody(), somebody()
        enter(practitioner, PRACTITIONER, "/registration/review", clock)
        hand_in(practitioner)

        enter(verifier, VERIFIER, "/desk", clock)
        ask(verifier, "Which name does the register print?", clock)
        clock.on(minutes=10)
        practitioner.goto("/practice")
        answer(practitioner, "Which name does the register print?", "The one on my profile.")
        confirm_licence(verifier, "The one on my profile.", clock)
        confirm_insurance(verifier, clock)
        search(patient)
        expect(patient.get_by_role("main")).not_to_contain_text(NAME)
        confirm_control(verifier, clock)

        found = profile(patient)
        assert "Checked with the public register on November 23, 2026" in found
        assert "checked with Oregon Medical Board on November 23, 2026" in found
        assert "valid to December 31, 2026" in found
        assert "Insurance document of Example Mutual seen on November 23, 2026, valid to June 30, 2027." in found
        assert "On November 23, 2026 it was shown that the person behind this profile holds the papers above." in found

        midnight = datetime.combine(LATE_UNTIL + timedelta(days=1), time(), tzinfo=PORTLAND)
        clock.now = midnight - timedelta(minutes=1)
        found = profile(patient)
        assert "registration continues by law to January 14, 2027." in found
        assert "Next check" not in found, "that day has passed"
        address = patient.url
        clock.now = midnight
        search(patient)
        expect(patient.get_by_role("main")).not_to_contain_text(NAME)
        gone = patient.goto(address)
        assert gone is not None
        assert gone.status == 410
    assert watch.faults == []
