"""Reporting an entry, and telling of harm: help first, nothing typed is lost, and a flood ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from config import Config
from directory.app import DirectoryApp, create_app
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.complaints.models import Complaint
from directory.complaints.terms import Field
from directory.crypto import keyring
from tests.web import population, ready
from tests.web.client import Client
from tests.web.conftest import Clock
from tests.web.population import Someone

WORDS = "He would not stop, although I asked him to."
DRAFT = "Somebody Unpublished"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("report")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        everybody = [Someone(name="Juniper Underhill"), Someone(name=DRAFT, published=False)]
        slugs.update(population.settle(session, everybody))
        session.commit()
    yield create_app(config, engine=engine, clock=Clock())
    engine.dispose()


slugs: dict[str, str] = {}


@pytest.fixture
def visitor(app: DirectoryApp) -> Client:
    return Client(app)


@pytest.fixture
def db(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine) as session:
        yield session


def newest(db: Session) -> Complaint:
    row = select(Complaint).order_by(Complaint.id.desc()).limit(1)
    return db.scalars(row.options(undefer(Complaint.text_sealed), undefer(Complaint.email_sealed))).one()


def test_help_comes_before_the_form_and_the_board_of_the_place_is_named(visitor: Client) -> None:
    page = visitor.get(f"/report/{slugs['Juniper Underhill']}/harm")
    words = page.words()
    order = [words.index(each) for each in ("Call 911", "988", "Oregon Medical Board", "What happened?")]
    assert order == sorted(order)
    assert "no-store" in page.response.headers["Cache-Control"]


def test_whoever_comes_from_anywhere_finds_their_country_first(visitor: Client) -> None:
    page = visitor.get("/report/harm", headers={"Accept-Language": "en-GB"})
    words = page.words()
    assert words.index("Call 999") < words.index("Call 911") < words.index("Call 112 Call the emergency number")
    assert words.index("0808 500 2222") < words.index("1-800-656-4673")


def test_harm_is_taken_without_an_account_and_without_an_address(visitor: Client, db: Session) -> None:
    page = visitor.get("/report/harm")
    sent = visitor.follow(visitor.submit(page, "/report/harm", {"text": WORDS, "whom": "Oak, in Salem"}))
    assert "A person here reads it within 24 hours" in sent.words()
    row = newest(db)
    assert (row.field, row.text_sealed, row.email_sealed, row.practitioner_id) == (Field.HARM, WORDS, None, None)
    assert db.get_one(Case, row.case_id).kind is Kind.HARM


def test_what_was_typed_comes_back_with_what_is_wrong_at_its_field(visitor: Client) -> None:
    address = f"/report/{slugs['Juniper Underhill']}"
    page = visitor.submit(visitor.get(address), address, {"text": WORDS, "email": "not an address"}, 422)
    assert set(page.errors_at()) == {"about", "email"}
    assert f"{WORDS}</textarea>" in page.text
    address = f"{address}/harm"
    page = visitor.submit(visitor.get(address), address, {"text": "", "email": "me@example.org"}, 422)
    assert set(page.errors_at()) == {"text"}
    assert page.fields(page.form(address))["email"] == "me@example.org"


def test_many_messages_from_one_network_have_to_wait_and_harm_is_counted_apart(visitor: Client) -> None:
    slug = slugs["Juniper Underhill"]
    page = visitor.get(f"/report/{slug}")
    fields = {"about": "hours", "text": "Closed on Mondays."}
    for _ in range(10):
        visitor.submit(page, f"/report/{slug}", fields)
    page = visitor.submit(page, f"/report/{slug}", fields, 429)
    assert "Closed on Mondays.</textarea>" in page.text
    assert int(page.response.headers["Retry-After"]) > 0
    harm = f"/report/{slug}/harm"
    visitor.submit(visitor.get(harm), harm, {"text": "I was harmed."})


def test_nobody_is_reported_who_was_never_shown(visitor: Client) -> None:
    visitor.get(f"/report/{slugs[DRAFT]}", 404)
    visitor.get("/report/nobody-of-that-name/harm", 404)
