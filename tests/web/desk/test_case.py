"""The page of one case: what is claimed, what shows it, what registers say, and what it would change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.audit import AuditEntry
from directory.cases import service as cases
from directory.cases.models import Contact
from directory.cases.terms import Kind
from directory.credentials import service as credentials
from directory.credentials.decisions import service as decisions
from directory.credentials.decisions.service import Draft
from directory.credentials.decisions.terms import Method, Outcome
from directory.credentials.evidence import service as evidence
from directory.credentials.evidence.rules import subject
from directory.credentials.evidence.scanner import Scan
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import MediaType, Verdict
from directory.credentials.evidence.workbench import Renewed
from directory.credentials.models import RlsExperience
from directory.crypto import keyring
from directory.practitioners import queries as people
from tests import files
from tests.factories import Changes, Listed, listed, pregnancy_draft, reference, rls_draft
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client

NOW = population.NOW


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("review")
    (folder / "var").mkdir()
    return Config.from_environment({}, cwd=folder)


@pytest.fixture(scope="module")
def app(config: Config) -> Iterator[DirectoryApp]:
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        reference(session)
        session.commit()
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


def somebody(session: Session, **changes: object) -> Listed:
    return listed(session, Changes(**changes), now=NOW)  # type: ignore[arg-type]


def opened(session: Session, kind: Kind, about: str, person: int | None, **facts: str) -> str:
    case = cases.open_for(session, kind, about, about=person, jurisdiction=facts.get("jurisdiction"), now=NOW)
    session.commit()
    return f"/desk/cases/{case.id}"


def paper_case(session: Session, **licence: object) -> tuple[Listed, str]:
    """A licence that waits to be looked at."""
    person = somebody(session, licence={"check": None, **licence})
    about = f"credential:{person.licence_id}"
    return person, opened(session, Kind.LICENCE, about, person.id, jurisdiction="US-OR")


def shows(session: Session, config: Config, person: int, about: str) -> str:
    """A PDF for a claim; its code."""
    row = evidence.add_file(
        session,
        Store(config.evidence_dir),
        practitioner_id=person,
        subject=subject(about),
        renewed=Renewed(content=files.pdf(), media_type=MediaType.PDF, sent_sha256="a" * 64, pages=1),
        scan=Scan(Verdict.NOTHING_FOUND),
        now=NOW,
    )
    session.commit()
    return row.code


def test_a_licence_with_everything_beside_it_takes_six_statements(
    app: DirectoryApp, session: Session, config: Config, verifier: Client
) -> None:
    other = somebody(session, licence={"number": "AC777777"})
    person, path = paper_case(session, number="AC777777", raw_status="Active", name_on_record="Juniper Old")
    shows(session, config, person.id, f"credential:{person.licence_id}")
    draft = Draft(
        kind=Kind.LICENCE,
        subject=f"credential:{person.licence_id}",
        practitioner_id=person.id,
        outcome=Outcome.NOT_CHECKED,
        method=Method.PRIMARY_SOURCE,
        by=None,
        note="The page was away.",
    )
    decisions.append(session, draft, now=NOW)
    session.commit()
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("PRAGMA"):
            seen.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", note)
    page = verifier.get(path)
    event.remove(app.database.engine, "before_cursor_execute", note)
    assert page.status == 200
    assert len(seen) <= 6, seen
    words = page.words()
    for told in ("AC777777", "Juniper Old", "Oregon Medical Board", "OMB Licensee Search", "The page was away."):
        assert told in words
    assert "Same number" in words
    assert people.practitioner(session, other.id).display_name in words
    assert "Not checked: no list was taken in." in words
    assert "frame-src 'self'" in page.response.headers["Content-Security-Policy"]
    assert [str(each.get("src")).startswith("/evidence/view/") for each in page.all("iframe")] == [True]


def test_it_says_what_granting_would_change(session: Session, verifier: Client) -> None:
    _, path = paper_case(session)
    assert "Would be listed here." in verifier.get(path).words()
    person = somebody(session, licence={"check": None}, indemnity_expires=None)
    path = opened(session, Kind.LICENCE, f"credential:{person.licence_id}", person.id)
    words = verifier.get(path).words()
    assert "Would not be listed here. It still lacks:" in words
    assert "checked insurance that runs" in words


def test_a_file_is_shown_inside_the_page_and_each_look_is_written_down(
    app: DirectoryApp, session: Session, config: Config, verifier: Client
) -> None:
    person, path = paper_case(session)
    code = shows(session, config, person.id, f"credential:{person.licence_id}")
    assert f"/evidence/view/{code}" in verifier.get(path).text
    before = len(session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence.read")).all())
    answer = verifier.inner.get(f"/evidence/view/{code}", base_url=verifier.base)
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'self'"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    session.rollback()
    after = len(session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence.read")).all())
    assert after == before + 1
    owner = Client(app)
    sign_in(owner, email="owner@example.org", practitioner_id=person.id)
    owner.get(f"/evidence/view/{code}", 404)
    owner.get(path, 404)
    Client(app).get(path, 303)


def test_every_kind_has_a_page(session: Session, verifier: Client) -> None:
    person = somebody(session)
    credentials.declare_rls(session, rls_draft(person.id))
    credentials.declare_pregnancy(session, pregnancy_draft(person.id, min_week=4, max_week=30))
    row = session.scalars(select(RlsExperience).where(RlsExperience.practitioner_id == person.id)).one()
    row.patients_24m, row.supervisor, row.supervisor_reach_sealed = 900, "Mentor Moss", "moss@example.org"
    about = {
        Kind.RLS_CASELOAD: f"rls:{person.id}",
        Kind.PREGNANCY_DECLARATION: f"pregnancy:{person.id}",
        Kind.PLAUSIBILITY: f"rls:{person.id}",
        Kind.CERTIFICATION: f"credential:{person.licence_id}",
        Kind.EDUCATION: "credential:999999",
        Kind.INDEMNITY: "indemnity:999999",
        Kind.SENSITIVE_EDIT: "edit:999999",
        Kind.SECOND_LOOK: "decision:999999",
        Kind.PROFILE_CLAIM: f"practitioner:{person.id} by {person.id}",
    }
    told = {}
    for kind in Kind:
        page = verifier.get(opened(session, kind, about.get(kind, f"practitioner:{person.id}"), person.id))
        assert page.status == 200, kind
        told[kind] = page.words()
    assert "moss@example.org" in told[Kind.RLS_CASELOAD]
    assert "weeks 4 to 30" in told[Kind.PREGNANCY_DECLARATION]
    assert "More than 400 people" in told[Kind.PLAUSIBILITY]
    assert "Says that this profile of ours is theirs: Juniper Underhill" in told[Kind.PROFILE_CLAIM]
    for kind in (Kind.EDUCATION, Kind.INDEMNITY, Kind.SENSITIVE_EDIT, Kind.SECOND_LOOK):
        assert "not there any more" in told[kind]


def test_a_claim_from_outside_shows_who_wrote(session: Session, verifier: Client) -> None:
    contact = Contact(name="Zoë Amari", email="zoe@example.org", note="That is my number.")
    case = cases.open_case(session, Kind.PROFILE_CLAIM, "npi:1234567893", contact, now=NOW)
    session.commit()
    words = verifier.get(f"/desk/cases/{case.id}").words()
    for told in ("NPI 1234567893", "zoe@example.org", "That is my number."):
        assert told in words


def test_what_does_not_exist_is_not_found(verifier: Client) -> None:
    verifier.get("/desk/cases/999999", 404)
    verifier.get(f"/desk/cases/{2**63}", 404)
