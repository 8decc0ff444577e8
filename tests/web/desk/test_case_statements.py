"""However much there is beside a case, its page takes six statements, whatever the kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from config import Config
from directory.accounts import queries as accounts
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.complaints import service as complaints
from directory.complaints.terms import Field
from directory.credentials import service as credentials
from directory.credentials.control import service as control
from directory.credentials.control.rules import Asking, Seen, Source
from directory.credentials.control.terms import Look, Origin, Paper
from directory.credentials.decisions import service as decisions
from directory.credentials.decisions.service import Draft
from directory.credentials.decisions.terms import Outcome
from directory.credentials.edits import service as edits
from directory.credentials.edits.terms import FieldClass
from directory.credentials.models import Indemnity
from directory.crypto import keyring
from directory.registries.rosters.models import RosterFile
from directory.registries.rosters.terms import FileState
from tests.factories import Changes, Listed, listed, pregnancy_draft, reference, rls_draft
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client, Page

NOW = population.NOW
MOST = 6
"""Beside the one that finds who is asking, with their session, and the beginning of the transaction."""


@dataclass(frozen=True, slots=True)
class Crowded:
    """Somebody about whom there is something of every kind."""

    person: int
    verifier: int
    subjects: dict[Kind, str]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("statements")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        reference(session)
        session.commit()
    yield create_app(config, engine=engine, clock=lambda: NOW)
    engine.dispose()


@pytest.fixture(scope="module")
def verifier(app: DirectoryApp) -> Client:
    client = Client(app)
    sign_in(client, email="vera@example.org", roles=(Role.VERIFIER,))
    return client


@pytest.fixture(scope="module")
def crowded(app: DirectoryApp, verifier: Client) -> Crowded:
    licence = {"jurisdiction": "US-MD", "number": "U00717", "check": None}
    with Session(app.database.engine) as session:
        person = listed(session, Changes(person={"display_name": "Ana Lopez"}, licence=licence), now=NOW)
        listed(session, Changes(person={"display_name": "Ana Lopez"}, licence={"number": "U00717"}), now=NOW)
        session.commit()
    sign_in(Client(app), email="ana@example.org", practitioner_id=person.id)
    with Session(app.database.engine) as session:
        found = _crowded(session, person)
        session.commit()
    return found


def _crowded(session: Session, person: Listed) -> Crowded:
    vera, ana = (accounts.by_email(session, f"{name}@example.org") for name in ("vera", "ana"))
    assert vera is not None
    assert ana is not None
    _roster(session)
    credentials.declare_rls(session, rls_draft(person.id))
    credentials.declare_pregnancy(session, pregnancy_draft(person.id, min_week=4, max_week=30))
    shut, harm = (
        complaints.report(session, field, words, about=person.id, language="en_GB", harm_hours=24, now=NOW)
        for field, words in ((Field.HOURS, "The door is shut."), (Field.HARM, "A needle broke."))
    )
    seen = Seen(paper=Paper.PASSPORT, look=Look.VIDEO, on=NOW.date(), is_them=True)
    control.record_look(session, person.id, seen, by=vera.id, now=NOW)
    nppes = Source(origin=Origin.NPPES, name="NPPES 1234567893", day=NOW.date())
    control.make_letter(session, person.id, nppes, ["Ana Lopez", "1 Main St"], by=vera.id, now=NOW)
    asks = Asking(to="rolls@board.example", body="The board", page="https://board.example")
    control.ask_certifier(session, person.id, asks, by=vera.id, now=NOW)
    hold = decisions.append(session, _draft(Kind.HARM, f"practitioner:{person.id}", person.id, vera.id), now=NOW)
    appeal = complaints.appeal(session, person.id, hold.id, "It was not so.", by=ana.id, now=NOW)
    was, wanted = {"display_name": "Ana Lopez"}, {"display_name": "Ana Lopez-Diaz"}
    edit = edits.propose(session, person.id, "person", was, wanted, FieldClass.REVERIFY, now=NOW)
    cover = session.scalars(select(Indemnity.id).where(Indemnity.practitioner_id == person.id)).one()
    assert edit is not None
    paper = f"credential:{person.licence_id}"
    subjects = dict.fromkeys(Kind, f"practitioner:{person.id}") | {
        Kind.LICENCE: paper,
        Kind.CERTIFICATION: paper,
        Kind.EDUCATION: paper,
        Kind.TRAINING: paper,
        Kind.REGISTER_NEWS: paper,
        Kind.INDEMNITY: f"indemnity:{cover}",
        Kind.RLS_CASELOAD: f"rls:{person.id}",
        Kind.PLAUSIBILITY: f"rls:{person.id}",
        Kind.PREGNANCY_DECLARATION: f"pregnancy:{person.id}",
        Kind.PROFILE_CLAIM: f"practitioner:{person.id} by {person.id}",
        Kind.SENSITIVE_EDIT: f"edit:{edit.id}",
        Kind.COMPLAINT: f"complaint:{shut.id}",
        Kind.HARM: f"complaint:{harm.id}",
        Kind.APPEAL: f"appeal:{appeal.id}",
        Kind.SECOND_LOOK: f"decision:{hold.id}",
    }
    return Crowded(person.id, vera.id, subjects)


def _draft(kind: Kind, subject: str, person: int, by: int, **besides: Any) -> Draft:
    return Draft(
        kind=kind, subject=subject, practitioner_id=person, outcome=Outcome.HELD, by=by, words="For now.", **besides
    )


def _roster(session: Session) -> None:
    """A file of Maryland's, however empty: it is asked about every licence of Maryland's."""
    session.add(
        RosterFile(
            sha256="c" * 64,
            file_name="md.csv",
            reader=1,
            jurisdiction="US-MD",
            as_of=NOW.date() - timedelta(days=3),
            state=FileState.APPLIED,
            taken_at=NOW,
            counts={},
            rejects=[],
        )
    )


@pytest.mark.parametrize("waits", [False, True], ids=["new", "waits for a second person"])
@pytest.mark.parametrize("kind", list(Kind))
def test_the_page_of_a_case_takes_six_statements(
    app: DirectoryApp, verifier: Client, crowded: Crowded, kind: Kind, waits: bool
) -> None:
    subject = crowded.subjects[kind]
    with Session(app.database.engine) as session:
        case = cases.open_for(session, kind, subject, about=crowded.person, now=NOW)
        case.not_by = crowded.verifier if waits else None
        if waits:
            draft = _draft(kind, subject, crowded.person, crowded.verifier, case_id=case.id, takes_effect=False)
            decisions.append(session, draft, now=NOW)
        session.commit()
        path = f"/desk/cases/{case.id}"
    page, asked = _asked(app, verifier, path)
    assert page.status == 200
    assert "Ana Lopez" in page.words()
    assert len(asked) <= MOST, "\n\n".join(asked)


def test_a_report_that_is_settled_takes_no_more(app: DirectoryApp, verifier: Client, crowded: Crowded) -> None:
    with Session(app.database.engine) as session:
        case = cases.open_for(session, Kind.HARM, crowded.subjects[Kind.HARM], about=crowded.person, now=NOW)
        case.not_by = None
        session.commit()
        path = f"/desk/reports/{case.id}"
    page, asked = _asked(app, verifier, path)
    for told in ("A needle broke.", "Reported before", "Oregon"):
        assert told in page.words()
    assert len(asked) <= MOST, "\n\n".join(asked)


def _asked(app: DirectoryApp, client: Client, path: str) -> tuple[Page, list[str]]:
    """The page, and what it asked of the database beside whose session it is."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            seen.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", note)
    try:
        page = client.get(path)
    finally:
        event.remove(app.database.engine, "before_cursor_execute", note)
    assert "account_session" in seen[0]
    return page, seen[1:]
