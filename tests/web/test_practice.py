"""A practitioner's own pages: where things stand, as patients see it, why here, how often, and leaving."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.cases import service as cases
from directory.cases.models import Case, Contact
from directory.cases.terms import Kind
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.terms import Outcome
from directory.credentials.evidence.store import Store
from directory.credentials.models import Credential
from directory.credentials.registration.models import Registration
from directory.crypto import keyring
from directory.db import make_engine
from directory.desk import deciding
from directory.figures import service as figures
from directory.figures.models import SearchAppearance
from directory.figures.rules import Count
from directory.practitioners.drafts import PersonDraft
from directory.practitioners.models import Practitioner
from directory.practitioners.publication import service as publication
from directory.practitioners.service import register
from directory.privacy import service as privacy
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client, Page
from tests.web.conftest import Clock

PAGES = (
    "/practice",
    "/practice/preview",
    "/practice/rank",
    "/practice/rank?place=97214",
    "/practice/figures",
    "/practice/export",
    "/practice/leave",
)


@pytest.fixture(scope="module")
def settled(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the population, which nobody changes."""
    keyring.install(config.encryption_keys)
    file = tmp_path_factory.mktemp("practice") / "site.db"
    engine = ready.with_population(f"sqlite:///{file}")
    with Session(engine) as session:
        register(session, PersonDraft(display_name="Only Begun"), now=population.NOW)
        session.commit()
    engine.dispose()
    return file


@pytest.fixture
def engine(settled: Path, tmp_path: Path) -> Iterator[Engine]:
    """A copy of it for one test."""
    engine = make_engine(f"sqlite:///{copy(settled, tmp_path)}")
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(config: Config, engine: Engine, clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> DirectoryApp:
    return create_app(replace(config, var_dir=tmp_path_factory.mktemp("var")), engine=engine, clock=clock)


def number(engine: Engine, slug: str) -> int:
    with Session(engine) as session:
        return session.scalars(select(Practitioner.id).where(Practitioner.slug == slug)).one()


As = Callable[..., Client]


@pytest.fixture
def as_(app: DirectoryApp, engine: Engine) -> As:
    """A client signed in as whoever has this address."""

    def signed_in(slug: str, *, fresh: bool = True) -> Client:
        client = Client(app)
        sign_in(client, email=f"{slug}@example.org", practitioner_id=number(engine, slug), fresh=fresh)
        return client

    return signed_in


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements of a page besides those that ask who is signed in."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN") and "FROM account_session" not in statement:
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("slug", ["whole-pregnancy", "lapsed-yesterday", "only-begun"])
def test_every_page_keeps_within_a_few_statements(as_: As, engine: Engine, slug: str) -> None:
    client = as_(slug)
    for path in PAGES:
        client.get(path)
        with counted(engine) as sent:
            client.get(path)
        # The first page asks besides whether letters reach them, by a key, and how many requests wait, by an index; the
        # preview what the public page asks, which is how soon they answer and what is said of their service.
        assert len(sent) <= (7 if path in ("/practice", "/practice/preview") else 5), (path, sent)


def test_nobody_else_sees_them(app: DirectoryApp) -> None:
    stranger = Client(app)
    for path in PAGES:
        assert "/account/sign-in" in stranger.get(path, 303).response.headers["Location"]
    patient = Client(app)
    sign_in(patient, email="patient@example.org", roles=[Role.PATIENT])
    for path in PAGES:
        patient.get(path, 404)


def test_whoever_has_no_profile_begins_one(app: DirectoryApp) -> None:
    client = Client(app)
    sign_in(client, email="new@example.org")
    assert client.get("/practice", 303).response.headers["Location"] == "/registration"
    client.get("/practice/preview", 404)


# --- where things stand -----------------------------------------------------------------------------------------------


def test_whoever_is_listed_reads_where_and_what_falls_due(as_: As) -> None:
    words = as_("whole-pregnancy").get("/practice").words()
    assert "You are on the list" in words
    assert "Burnside Clinic" in words
    due = words[words.index("What falls due") :]
    assert "Searchers are told that your profile was not confirmed lately" in due
    assert re.search("in 80 days.*in 110 days.*in 200 days", due)
    assert "Runs out: Oregon acupuncture license" in due
    assert "Your pregnancy declaration stops counting" in due


def test_whoever_is_hidden_reads_the_one_reason(as_: As) -> None:
    words = as_("lapsed-yesterday").get("/practice").words()
    assert "You are not on the list today" in words
    assert "The paper you have for here is past its date." in words
    assert "2 days ago" in words


def test_whoever_is_held_reads_it_and_where_to_answer(as_: As, engine: Engine) -> None:
    person = number(engine, "whole-pregnancy")
    with Session(engine) as session:
        publication.hold(session, person, now=population.NOW)
        session.commit()
    page = as_("whole-pregnancy").get("/practice")
    assert "You are not on the list today" in page.words()
    assert "/practice/appeal" in [each.get("href") for each in page.all("a")]


def test_whoever_is_asked_something_reads_it_and_where_to_answer(as_: As, engine: Engine) -> None:
    person = number(engine, "whole-pregnancy")
    with Session(engine) as session:
        paper = session.scalars(select(Credential.id).where(Credential.practitioner_id == person)).first()
        cases.open_for(session, Kind.LICENCE, f"credential:{paper}", about=person, now=population.NOW)
        session.commit()
        case = session.scalars(select(Case).where(Case.about == person)).one()
        ask = Verdict(outcome=Outcome.MORE_INFORMATION, questions=("Which name stands on it?",), took_seconds=90)
        deciding.decide(session, case.id, ask, by=999, now=population.NOW)
        session.commit()
    client = as_("whole-pregnancy")
    page = client.get("/practice")
    assert "We have asked you something, and it waits for your answer." in page.words()
    assert "/practice/questions" in [each.get("href") for each in page.all("a")]
    assert "Which name stands on it?" in client.get("/practice/questions").words()


def test_a_registration_that_is_not_finished_leads_on(as_: As, engine: Engine) -> None:
    client = as_("only-begun")
    page = client.get("/practice")
    assert "Your registration is not finished" in page.words()
    assert "/registration" in page.links()
    assert "Nothing has a date yet" in page.words()
    with Session(engine) as session:
        session.add(
            Registration(
                practitioner_id=number(engine, "only-begun"),
                begun_at=population.NOW,
                submitted_at=population.NOW,
                signed_as_sealed="Only Begun",
            )
        )
        contact = Contact(name="Only Begun", email="o@example.org")
        cases.open_case(
            session, Kind.PROFILE_CLAIM, f"practitioner:{number(engine, 'only-begun')}", contact, now=population.NOW
        )
        session.commit()
    words = client.get("/practice").words()
    assert "Your registration is with us" in words
    assert "Whose profile this is" in words
    assert "With our staff, who look at it by November 25, 2026." in words


def test_what_nobody_has_checked_waits(as_: As) -> None:
    words = as_("whole-pregnancy").get("/practice").words()
    waits = words[words.index("What waits to be checked") : words.index("From here")]
    assert "Oregon College of Oriental Medicine: acupuncture education" in waits
    assert "acupuncture license" not in waits


# --- as patients see it -----------------------------------------------------------------------------------------------


PATIENTS_BUTTONS = (" Save contact", " Add to shortlist Ask for a talk")


def main_words(page: Page) -> str:
    """What the profile says; the buttons that only a patient needs left out."""
    article = next(each for each in page.all("article") if each.get("class") == "profile")
    words = page.words(article)
    for buttons in PATIENTS_BUTTONS:
        words = words.replace(buttons, "")
    return words


@pytest.mark.parametrize("slug", ["whole-pregnancy", "under-order", "hidden-home", "just-arrived"])
def test_the_preview_is_the_public_page_word_for_word(as_: As, slug: str) -> None:
    client = as_(slug)
    preview = client.get("/practice/preview")
    assert main_words(preview) == main_words(client.get(f"/practitioners/{slug}"))
    assert "Only you see this preview." in preview.words()
    assert "This is what patients see today." in preview.words()


def test_the_preview_card_is_that_of_a_list(as_: As, app: DirectoryApp, engine: Engine) -> None:
    slug = Client(app).get("/search?place=97214").slugs()[2]
    client = as_(slug)
    mine = number(engine, slug)
    preview = client.get("/practice/preview").by_id(f"preview-{mine}")
    listed = client.get("/search?place=97214").by_id(f"practitioner-{mine}")
    known = [each for card in (preview, listed) for each in card.iter("ul") if each.get("class") == "known"]
    page = client.get("/practice/preview")
    assert page.words(known[0]) == page.words(known[1])


def test_before_publishing_the_preview_says_what_is_only_said(as_: As, engine: Engine) -> None:
    with Session(engine) as session:
        session.execute(update(Credential).values(verified_on=None, check_method=None, identity_match=False))
        session.commit()
    client = as_("not-published")
    page = client.get("/practice/preview")
    assert "Your profile is not shown to patients at the moment." in page.words()
    assert "Oregon acupuncture license" in main_words(page)
    assert "their own statement, not checked by us" in main_words(page).lower()
    client.get("/practitioners/not-published", 404)


def test_without_a_place_there_is_nothing_to_preview(as_: As) -> None:
    assert "There is nothing to show yet" in as_("only-begun").get("/practice/preview").words()


# --- why here ---------------------------------------------------------------------------------------------------------


def tables(page: Page, key: str) -> list[float]:
    """The points of a sum, and last the sum itself."""
    sheet = page.by_id(key)
    cells = [each for each in sheet.iter("td") if each.get("class") == "number"]
    return [float(words.removeprefix("= ")) for each in cells if not (words := page.words(each)).startswith("×")]


def arithmetic_of(page: Page, id_: str) -> list[float]:
    card = page.by_id(id_)
    sheet = next(each for each in card.iter("details") if each.get("class") == "arithmetic")
    cells = [page.words(each) for each in sheet.iter("td") if each.get("class") == "number"]
    return [float(words.removeprefix("= ")) for words in cells if not words.startswith("×")]


@pytest.mark.parametrize("preset", ["balanced", "nearest", "most_experienced"])
def test_the_sum_is_the_one_that_patients_are_shown(as_: As, app: DirectoryApp, engine: Engine, preset: str) -> None:
    slug = "whole-pregnancy"
    page = as_(slug).get(f"/practice/rank?place=97214&preset={preset}")
    patient = Client(app)
    for told, key in (("no", "not"), ("yes", "pregnant")):
        answer = {"place": "97214", "pregnancy": told} | ({"weeks": "21"} if told == "yes" else {})
        patient.submit(patient.get("/"), "/", answer)
        shown = patient.get(f"/search?place=97214&preset={preset}")
        while (id_ := f"practitioner-{number(engine, slug)}") not in shown.text:
            shown = patient.get(shown.next_page() or "")
        theirs = arithmetic_of(shown, id_)
        assert tables(page, f"sum-{key}") == theirs
        assert sum(theirs[:-1]) == pytest.approx(theirs[-1], abs=1e-9)


def test_the_place_in_the_list_is_that_of_the_list(as_: As, app: DirectoryApp) -> None:
    listed = Client(app).get("/search?place=97214").slugs()
    for place in (1, 4, 12):
        slug = listed[place - 1]
        assert f"Number {place} of " in as_(slug).get("/practice/rank?place=97214").words()


def test_nobody_else_is_named(as_: As) -> None:
    page = as_("whole-pregnancy").get("/practice/rank?place=97214")
    assert "people just above you have on average" in page.words()
    assert not [
        name
        for name in (someone.name for someone in population.people())
        if name.strip() in page.words() and name != "Whole Pregnancy"
    ]


def test_whoever_is_not_in_the_list_reads_why(as_: As) -> None:
    words = as_("practitioner-01").get("/practice/rank?place=97214").words()
    assert "You have not said that you see pregnant patients." in words
    words = as_("closed-list").get("/practice/rank?place=97214").words()
    assert "You said that you take no new patients." in words
    words = as_("from-afar").get("/practice/rank?place=97214").words()
    assert re.search(r"Your nearest practice is 12\d miles away in a straight line", words)
    words = as_("only-begun").get("/practice/rank?place=97214").words()
    assert "You have no place at which patients come to you." in words


def test_the_levers_are_honest_and_nothing_can_be_bought(as_: As) -> None:
    words = as_("just-arrived").get("/practice/rank?place=97214").words()
    for said in (
        "Show us hours of training",
        "Follow results with a recognized scale",
        "Have a national certification",
        "No place in a list can be bought",
        "A supervisor whom you name adds no points",
    ):
        assert said in words
    assert "at most +0.150" in words, "the share of caseload, .30, times the weight of RLS, .50"


def test_no_health_fact_is_asked_or_stands_in_an_address(as_: As) -> None:
    page = as_("whole-pregnancy").get("/practice/rank?place=97214")
    form = page.form("/practice/rank")
    assert set(page.fields(form)) == {"place", "radius", "preset"}
    assert not [link for link in page.links() if re.search("pregnan|week", link)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("place=nowhere+at+all", "do not know"),
        ("place=Portland", "Which Portland?"),
        ("place=", "Please"),
        ("place=97214&radius=far", "plain number"),
        ("place=97214&preset=best", "Please choose one of the answers offered."),
    ],
)
def test_a_place_that_means_nothing_is_asked_again(as_: As, query: str, said: str) -> None:
    page = as_("whole-pregnancy").get(f"/practice/rank?{query}", 422)
    assert said in page.words()


def test_the_form_begins_with_ones_own_town(as_: As) -> None:
    assert as_("whole-pregnancy").get("/practice/rank").by_id("place").get("value") == "Portland, OR"


# --- how often --------------------------------------------------------------------------------------------------------


def drawn(page: Page) -> list[str]:
    """The kinds of the columns of every drawing."""
    found = [each.get("class", "") for each in page.root.iter() if str(each.tag).endswith("}rect")]
    return [each.rpartition("--")[2] for each in found]


def test_figures_are_drawn_and_stand_in_a_table(as_: As, engine: Engine) -> None:
    mine, today = number(engine, "whole-pregnancy"), population.TODAY
    last_week = today - timedelta(days=7)
    with Session(engine) as session:
        figures.write(session, {(mine, last_week): Count(40, 120, 0, 7), (mine, today): Count(3, 9, 0, 2)})
        session.commit()
    page = as_("whole-pregnancy").get("/practice/figures")
    row = next(each for each in page.all("tr") if "November 16" in page.words(each))
    assert page.words(
        row
    ) == "November 16, 2026 40 3 7 fewer than 5" or "November 16, 20264037fewer than 5" in page.words(row)
    this = next(each for each in page.all("tr") if "(so far)" in page.words(each))
    assert page.words(this).count("fewer than 5") == 3
    assert [drawn(page).count(kind) for kind in ("told", "now", "few")] == [3, 0, 24]
    assert "There have been no requests through this site yet." in page.words()
    assert "style=" not in page.text


def test_whoever_was_never_shown_reads_so(as_: As) -> None:
    page = as_("only-begun").get("/practice/figures")
    assert "There is nothing to tell yet" in page.words()
    assert drawn(page) == []


def test_ones_own_visits_do_not_count(as_: As, engine: Engine, clock: Clock) -> None:
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    client = as_("whole-pregnancy")
    client.get("/practitioners/whole-pregnancy", headers=browser)
    with Session(engine) as session:
        assert not session.scalars(select(SearchAppearance)).all()
    client.get("/practitioners/practitioner-01", headers=browser)
    with Session(engine) as session:
        assert len(session.scalars(select(SearchAppearance)).all()) == 1


# --- taking everything along, and leaving -----------------------------------------------------------------------------


def test_everything_can_be_downloaded_after_a_fresh_proof(as_: As) -> None:
    client = as_("whole-pregnancy")
    answer = client.submit(client.get("/practice/export"), "/practice/export", status=200).response
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="stillpoint-2026-11-23')
    assert "no-store" in answer.headers["Cache-Control"]
    told = json.loads(answer.get_data(as_text=True))
    assert told["person"][0]["display_name"] == "Whole Pregnancy"
    stale = as_("practitioner-01", fresh=False)
    page = stale.submit(stale.get("/practice/export"), "/practice/export", status=303)
    assert page.response.headers["Location"].startswith("/account/again")


def test_leaving_hides_signs_out_and_can_be_taken_back(as_: As, app: DirectoryApp) -> None:
    client, elsewhere = as_("whole-pregnancy"), as_("whole-pregnancy")
    page = client.get("/practice/leave")
    assert "December 23, 2026" in page.words()
    unsure = client.submit(page, "/practice/leave", status=422)
    assert "Please tick this box" in unsure.words()
    assert client.get("/practitioners/whole-pregnancy").status == 200
    left = client.follow(client.submit(page, "/practice/leave", {"confirm": "y"}))
    assert "Your profile is closed" in left.words()
    client.get("/practitioners/whole-pregnancy", 410)
    for browser in (client, elsewhere):
        assert "/account/sign-in" in browser.get("/practice", 303).response.headers["Location"]
    again = as_("whole-pregnancy")
    home = again.get("/practice")
    assert "You have closed your profile" in home.words()
    assert "December 23, 2026" in again.get("/practice/leave").words()
    assert "You are on the list" in again.follow(again.submit(home, "/practice/come-back")).words()
    again.submit(home, "/practice/come-back")
    again.get("/practitioners/whole-pregnancy")


def test_an_old_sign_in_cannot_leave(as_: As) -> None:
    client = as_("whole-pregnancy", fresh=False)
    page = client.submit(client.get("/practice/leave"), "/practice/leave", {"confirm": "y"})
    assert page.response.headers["Location"].startswith("/account/again")
    client.get("/practitioners/whole-pregnancy")


def test_the_address_of_whoever_was_erased_says_that_it_is_gone(
    app: DirectoryApp, engine: Engine, tmp_path: Path
) -> None:
    mine = number(engine, "whole-pregnancy")
    with Session(engine) as session:
        privacy.leave(session, mine, grace_days=0, by=None, now=population.NOW)
        privacy.settle(session, Store(tmp_path), mine, today=population.TODAY, now=population.NOW)
        session.commit()
    page = Client(app).get("/practitioners/whole-pregnancy", 410)
    assert "not listed at the moment" in page.words() or "here once" in page.words()
    assert "Whole Pregnancy" not in page.text
