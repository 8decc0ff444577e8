"""From nothing to handed in, as a practitioner does it on a phone: real letters from a real mail server over TLS, an
authenticator app, papers with a document, on both databases."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from passlib.totp import TOTP
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from directory import db, migrations
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials.registration.models import Registration
from directory.credentials.rules import Refusal
from directory.crypto import keyring
from directory.jurisdictions import queries as jurisdictions
from directory.mail.models import OutgoingLetter
from directory.practitioners.models import Practitioner
from directory.search import listings, standing
from tests import factories, files
from tests.browser import server
from tests.browser.watch import Watch
from tests.mailserver import MailServer, Received, certificates, mail_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

EMAIL = "juniper@practice.example.org"
PASSWORD = "four grey herons asleep"
PATIENCE_SECONDS = 120


def letter(mail: MailServer) -> Received:
    """The first letter to the practitioner, when it has come."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not mail.to(EMAIL):
        assert time.monotonic() < until, "no letter came"
        time.sleep(0.2)
    return mail.to(EMAIL)[0]


def onward(page: Page, step: int) -> None:
    """Save a step and stand on the next."""
    page.get_by_role("main").get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("link", name=f"Step {step} of 10")).to_be_visible()


def list_done(page: Page, step: int) -> None:
    """Leave a step that is a list."""
    page.get_by_role("main").get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_role("link", name=f"Step {step} of 10")).to_be_visible()


def set_up_app(page: Page) -> None:
    """An authenticator app, on the way to handing in."""
    page.get_by_role("link", name="Set up an app").click()
    totp = TOTP(key=page.locator(".secret").inner_text(), format="base32")
    page.get_by_label("Code", exact=True).fill(totp.generate(time.time()).token)
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()


def register(page: Page, mail: MailServer) -> None:
    page.goto("/account/register")
    page.get_by_label("I am an acupuncturist and want to be found here").check()
    page.get_by_label("Your email address").fill(EMAIL)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
    received = letter(mail)
    assert received.over_tls
    page.goto(received.link("/account/"))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Be listed")


def fill_in(page: Page, document: Path) -> None:
    page.get_by_role("link", name="Begin").click()
    page.get_by_label("Your name, as patients see it").fill("Juniper Underhill")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Are you here already?")
    page.get_by_role("link", name="None of these is me, go on").click()

    page.get_by_role("link", name="Add a school").click()
    page.get_by_label("School").fill("Oregon College of Needles")
    page.get_by_label("Year you finished").fill("2014")
    page.get_by_role("button", name="Save", exact=True).click()
    list_done(page, 3)

    page.get_by_role("link", name="Choose where").click()
    page.get_by_label("State, province or country").select_option(label="Oregon")
    page.get_by_role("button", name="Show what is asked for").click()
    page.get_by_role("main").get_by_role("link", name="Add").first.click()
    page.get_by_label("Number", exact=True).fill("AC154201")
    page.get_by_label("Last day it is valid").fill("2031-06-30")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Add your insurance").click()
    page.get_by_label("Insurer").fill("Example Mutual")
    page.get_by_label("Last day it is valid").fill("2031-01-31")
    page.get_by_label("The policy covers acupuncture").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Example Mutual").first.click()
    page.get_by_role("main").get_by_role("link", name="Add a file").first.click()
    page.locator("input[type=file]").set_input_files(document)
    page.locator("main input[type=checkbox]").check()
    page.get_by_role("button", name="Send the file").click()
    expect(page.locator(".attachment")).to_contain_text("PDF")
    page.goto("/registration/licences")
    list_done(page, 4)

    page.goto("/registration/places/new")
    page.get_by_label("What patients call this place").fill("Fern Rooms")
    page.get_by_label("Street and number").fill("12 Fern Way")
    page.get_by_label("Town").fill("Portland")
    page.get_by_label("State, province or county").fill("OR")
    page.get_by_label("ZIP code").fill("97214")
    page.get_by_role("main").get_by_role("button", name="Save and go on").click()
    expect(page.locator("#pin[data-ready]")).to_be_visible()
    page.goto("/registration/places")
    page.get_by_role("link", name="Go on", exact=True).click()

    page.get_by_label("People with restless legs you have seen in the last 24 months").fill("12")
    page.get_by_label("For how many years have you seen people with restless legs?").fill("3")
    page.get_by_label("What I say here about my work is true").check()
    onward(page, 6)
    page.get_by_label("No", exact=True).check()
    onward(page, 7)
    page.get_by_role("group", name="Do you ask whether ferritin was measured?").get_by_label("Yes").check()
    onward(page, 8)
    page.get_by_label("Language", exact=True).first.select_option(label="English")
    page.get_by_label("Needles by hand").check()
    onward(page, 9)
    page.get_by_label("In a sentence or two").fill("I have seen people with restless legs since 2019.")
    page.get_by_role("main").get_by_role("button", name="Save and go on").click()


def hand_in(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("App, passkeys and codes")
    set_up_app(page)
    page.goto("/registration/review")
    page.get_by_label("Everything in it is true").check()
    page.get_by_label("Nothing I wrote or sent names or shows a patient").check()
    page.get_by_label("You may ask the registers").check()
    page.get_by_label("Your full name, as a signature").fill("Juniper Underhill")
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it.")


def test_a_practitioner_with_papers_at_hand_registers_in_one_sitting(
    new_context: Callable[..., BrowserContext], fresh_database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    (folder / "var").mkdir(parents=True)
    settings = {"DATABASE_URL": fresh_database}
    config = Config.from_environment(settings, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = db.make_engine(config.database_url)
    migrations.upgrade(engine)
    with Session(engine) as session:
        factories.reference(session)
        # Somebody is there already, so that the site makes no crowd of its own.
        factories.listed(session)
        session.commit()
    document = tmp_path / "policy.pdf"
    document.write_bytes(files.pdf())

    tls = certificates(tmp_path)
    with (
        mail_server(tls) as mail,
        server.serving(folder, tmp_path / "server.log", **settings, **mail.settings(), **tls.trust()) as site,
    ):
        context = new_context(base_url=site.origin, viewport={"width": 390, "height": 844})
        watch = Watch(site.origin)
        watch.follow(context)
        page = context.new_page()
        register(page, mail)
        fill_in(page, document)
        hand_in(page)
        page.goto("/practice/listed")
        expect(page.get_by_role("main")).to_contain_text("Fern Rooms")
    assert watch.faults == []

    with Session(engine) as session:
        registered = session.scalars(select(Registration)).one()
        assert registered.submitted_at is not None
        person = session.get_one(Practitioner, registered.practitioner_id)
        waiting = {each.kind for each in cases.open_cases(session)}
        assert waiting == {Kind.CONTROL, Kind.EDUCATION, Kind.LICENCE, Kind.INDEMNITY, Kind.RLS_CASELOAD}
        found = listings.read(session, practitioner_ids=[person.id])
        lines = standing.lines(found, jurisdictions.all_rules(session), now=factories.NOW)
        assert {each.refusal for each in lines} <= set(Refusal)
        assert not any(each.listed for each in lines), "nothing that a practitioner says about themselves lists them"
        assert session.scalars(select(OutgoingLetter)).first() is not None
    engine.dispose()
