"""Proving who keeps a profile, over each way, as the desk, the practitioner and the certifier walk it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from directory.access_log import AccessEntry
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.cli.import_nppes import take_in
from directory.credentials.control import queries
from directory.credentials.control.terms import Channel
from directory.crypto import keyring
from directory.mail.models import OutgoingLetter
from directory.practitioners import queries as people
from tests import nppes
from tests.factories import Changes, listed, reference
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client

NOW = population.NOW


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryApp]:
    folder: Path = tmp_path_factory.mktemp("control")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        reference(session)
        session.commit()
    rows = [nppes.person(1, telephone="5035550100"), nppes.person(2)]
    take_in(engine, nppes.write(folder / nppes.WEEK, rows), reach=None, allow_older=False, now=NOW)
    yield create_app(config, engine=engine, clock=lambda: NOW)
    engine.dispose()


@pytest.fixture
def session(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine) as session:
        yield session


@pytest.fixture
def verifier(app: DirectoryApp) -> Client:
    client = Client(app)
    sign_in(client, email="vera@example.org", roles=(Role.VERIFIER,))
    return client


def waits(session: Session, **person: Any) -> tuple[int, str]:
    """Somebody whom nobody has proved to be who they are; their number, and the page of their case."""
    row = listed(session, Changes(person=person), now=NOW)
    people.practitioner(session, row.id).holder_proved_on = None
    case = cases.open_for(session, Kind.CONTROL, f"practitioner:{row.id}", about=row.id, now=NOW)
    page = f"/desk/cases/{case.id}"
    session.commit()
    return row.id, page


def send(client: Client, path: str, sent: dict[str, str], status: int = 303, *, at: str = "") -> str:
    """Send the form that stands at this address as a browser would; the words of the answer."""
    return client.submit(client.get(at or path), path, sent, status=status).words()


def read(client: Client, path: str) -> str:
    return client.get(path).words()


def proved(session: Session, who: int) -> frozenset[Channel]:
    session.rollback()
    return queries.proved_by(session, who, now=NOW)


def test_the_registers_number_is_shown_to_whoever_calls_and_that_is_written_down(
    session: Session, verifier: Client
) -> None:
    who, page = waits(session, npi=nppes.npi(1), display_name="Juniper Underhill")
    assert "Nothing is on record yet" in read(verifier, page)
    assert "5550100" not in re.sub(r"\D", "", read(verifier, page))
    assert "5550100" in re.sub(r"\D", "", read(verifier, f"{page}/telephone"))
    noted = session.scalars(select(AccessEntry.what).where(AccessEntry.subject == f"case:{page.rpartition('/')[2]}"))
    assert "control.telephone_read" in noted.all()
    send(verifier, f"{page}/telephone", {"origin": "nppes"}, 422)
    said = {"origin": "nppes", "answer": "themselves", "said": "It is hers."}
    send(verifier, f"{page}/telephone", said, 303)
    assert proved(session, who) == {Channel.REGISTER_TELEPHONE}
    assert "It is hers." in read(verifier, page)


def test_an_entry_in_another_name_is_no_way_to_this_person(session: Session, verifier: Client) -> None:
    who, page = waits(session, npi=nppes.npi(2), display_name="Mallory Fern")
    assert "names somebody else" in read(verifier, f"{page}/telephone")
    said = {"origin": "nppes", "answer": "themselves", "said": "It is hers."}
    send(verifier, f"{page}/telephone", said, 422)
    told = read(verifier, f"{page}/letter")
    assert "names somebody else" in told
    assert "12 FERN WAY" not in told.upper()
    assert proved(session, who) == frozenset()


def test_a_letter_is_printed_once_and_its_code_typed_by_whoever_got_it(
    app: DirectoryApp, session: Session, verifier: Client
) -> None:
    who, page = waits(session, display_name="Juniper Alder")
    keeper = Client(app)
    sign_in(keeper, email="alder@example.org", practitioner_id=who)
    assert "no letter" in read(keeper, "/practice/code")
    send(verifier, f"{page}/letter", {"address": "One line"}, 422)
    where = {
        "address": "Juniper Alder\n1 Elm St\nSalem OR",
        "source": "https://board.example/1",
        "read_on": "2026-05-01",
    }
    where["read_on"] = NOW.date().isoformat()
    printed = send(verifier, f"{page}/letter", where, 200)
    assert "1 Elm St" in printed
    code = re.search(r"\b[2-9A-Z]{4} [2-9A-Z]{4} [2-9A-Z]{4}\b", printed)
    assert code is not None
    assert "4 tries are left" in send(keeper, "/practice/code", {"code": "wrong"}, 422)
    assert "3 tries are left" in send(keeper, "/practice/code", {"code": "wrong"}, 422)
    assert "code was right" in send(keeper, "/practice/code", {"code": code.group().lower()}, 200)
    assert proved(session, who) == {Channel.LETTER_CODE}


def test_a_certifier_answers_over_its_own_mailbox(app: DirectoryApp, session: Session, verifier: Client) -> None:
    who, page = waits(session, display_name="Juniper Rowan", email="rowan@rowan-rooms.example")
    sign_in(Client(app), email="juniper@example.org", practitioner_id=who)
    asks = {"body": "The board", "page": "https://board.example/contact"}
    nothing = send(verifier, f"{page}/certifier", {}, 422)
    for lacks in ("name of the body", "page of the body", "not an email address"):
        assert lacks in nothing, "everything that is lacking is told at once"
    near = send(verifier, f"{page}/certifier", asks | {"to": "me@mail.rowan-rooms.example"}, 422)
    assert "same domain" in near
    send(verifier, f"{page}/certifier", asks | {"to": "roll@board.example"}, 303)
    text = session.scalars(select(OutgoingLetter.text_sealed).where(OutgoingLetter.purpose == "ask_certifier")).one()
    token = (text or "").partition("/control/")[2].partition('"')[0]
    certifier = Client(app)
    told = read(certifier, f"/control/{token}")
    assert "Juniper Rowan" in told
    assert "juniper@example.org" in told
    send(certifier, f"/control/{token}", {}, 422)
    send(certifier, f"/control/{token}", {"confirms": "yes"}, 303)
    assert "Thank you" in read(certifier, "/control/answered")
    certifier.get(f"/control/{token}", 410)
    assert proved(session, who) == {Channel.CERTIFIER_MAILBOX}


def test_a_look_at_a_paper_is_put_on_record_and_the_case_decided_on_it(session: Session, verifier: Client) -> None:
    who, page = waits(session, display_name="Juniper Hazel")
    day = NOW.date().isoformat()
    decides = {"outcome": "verified", "method": "identity_check", "read_on": day}
    assert "Nothing on record" in send(verifier, f"{page}/decision", decides, 422, at=page)
    send(verifier, f"{page}/identity", {"paper": "passport"}, 422)
    look = {"paper": "passport", "look": "video", "seen_on": day, "is_them": "yes"}
    send(verifier, f"{page}/identity", look, 303)
    assert "A passport" in read(verifier, page)
    send(verifier, f"{page}/decision", decides, at=page)
    session.rollback()
    assert people.practitioner(session, who).holder_proved_on == NOW.date()
    verifier.get(f"{page}/identity", 409)
