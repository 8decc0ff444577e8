"""The page of one case: what is claimed, what shows it, what registers say, and what it would change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from config import Config
from directory.access_log import AccessEntry
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.cases import service as cases
from directory.cases.models import Contact
from directory.cases.terms import Kind
from directory.complaints import service as complaints
from directory.complaints.terms import Field
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
from directory.credentials.terms import CredentialStatus
from directory.crypto import keyring
from directory.practitioners import queries as people
from directory.registries.rosters.layouts import BY_JURISDICTION
from directory.registries.rosters.models import RosterEntry, RosterFile
from directory.registries.rosters.terms import FileState
from tests import files
from tests.factories import Changes, Listed, listed, pregnancy_draft, reference, rls_draft
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client, Page

NOW = population.NOW
WAYS = {
    Kind.DUPLICATE: "/desk/duplicates/",
    Kind.DISPUTE: "/desk/disputes/",
    Kind.COMPLAINT: "/desk/reports/",
    Kind.HARM: "/desk/reports/",
    Kind.CLOSING: "/closing",
    Kind.REGISTER_NEWS: "/closing",
    Kind.EXCLUSION: "/decision",
}
"""Where a case is dealt with that has a page of its own."""


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


@contextmanager
def statements(app: DirectoryApp) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("PRAGMA"):
            seen.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(app.database.engine, "before_cursor_execute", note)


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
    with statements(app) as seen:
        page = verifier.get(path)
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
    before = len(session.scalars(select(AccessEntry).where(AccessEntry.what == "evidence.read")).all())
    answer = verifier.inner.get(f"/evidence/view/{code}", base_url=verifier.base)
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'self'"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    session.rollback()
    after = len(session.scalars(select(AccessEntry).where(AccessEntry.what == "evidence.read")).all())
    assert after == before + 1
    owner = Client(app)
    sign_in(owner, email="owner@example.org", practitioner_id=person.id)
    owner.get(f"/evidence/view/{code}", 404)
    owner.get(path, 404)
    Client(app).get(path, 303)


def test_every_kind_has_a_page(session: Session, verifier: Client) -> None:
    person = somebody(session)
    report = complaints.report(
        session, Field.HOURS, "The door is shut.", about=person.id, language="en_GB", harm_hours=24, now=NOW
    )
    harm = complaints.report(
        session, Field.HARM, "A needle broke.", about=person.id, language="en_GB", harm_hours=24, now=NOW
    )
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
        Kind.COMPLAINT: f"complaint:{report.id}",
        Kind.HARM: f"complaint:{harm.id}",
        Kind.REGISTER_NEWS: f"credential:{person.licence_id}",
    }
    told, pages = {}, {}
    for kind in Kind:
        path = opened(session, kind, about.get(kind, f"practitioner:{person.id}"), person.id)
        pages[kind] = verifier.get(path)
        assert pages[kind].status == 200, kind
        told[kind] = pages[kind].words()
    assert "moss@example.org" in told[Kind.RLS_CASELOAD]
    assert "weeks 4 to 30" in told[Kind.PREGNANCY_DECLARATION]
    assert "More than 400 people" in told[Kind.PLAUSIBILITY]
    assert "Says that this profile of ours is theirs: Juniper Underhill" in told[Kind.PROFILE_CLAIM]
    for kind in (Kind.EDUCATION, Kind.INDEMNITY, Kind.SENSITIVE_EDIT, Kind.SECOND_LOOK):
        assert "not there any more" in told[kind]
    assert "The door is shut." in told[Kind.COMPLAINT]
    assert "A needle broke." in told[Kind.HARM]
    for kind, way in WAYS.items():
        assert any(way in str(each.get("href")) for each in pages[kind].all("a")), kind
    for kind in (Kind.DISPUTE, Kind.COMPLAINT, Kind.HARM):
        assert not any(str(each.get("action")).endswith("/decision") for each in pages[kind].all("form")), kind


def test_a_roster_is_shown_with_both_names_and_why_or_is_not_checked(session: Session, verifier: Client) -> None:
    licence = {"jurisdiction": "US-MD", "number": "U00717", "check": None}
    person = somebody(session, person={"display_name": "Ana Lopez"}, licence=licence)
    path = opened(session, Kind.LICENCE, f"credential:{person.licence_id}", person.id, jurisdiction="US-MD")
    assert "Not checked: no file was taken in." in roster_in(verifier.get(path))
    roster(session, NOW.date() - timedelta(days=3))
    said = roster_in(verifier.get(path))
    for told in (
        "LOPEZ-DIAZ, ANA",
        "Ana Lopez",
        "U0717",
        "Annapolis",
        "written differently",
        "The number is the same.",
    ):
        assert told in said
    session.execute(update(RosterFile).values(as_of=NOW.date() - timedelta(days=80)))
    session.commit()
    assert "Not checked: the newest file is of" in roster_in(verifier.get(path))
    session.execute(update(RosterEntry).values(status=CredentialStatus.REVOKED, raw_status="R"))
    session.commit()
    assert "Revoked or given up" in roster_in(verifier.get(path))


def roster(session: Session, as_of: date) -> None:
    """A file of Maryland's that names one licence."""
    file = RosterFile(
        sha256="c" * 64,
        file_name="md.csv",
        reader=1,
        jurisdiction="US-MD",
        as_of=as_of,
        state=FileState.APPLIED,
        taken_at=NOW,
        counts={},
        rejects=[],
    )
    session.add(file)
    session.flush()
    session.add(
        RosterEntry(
            jurisdiction="US-MD",
            licence_type="Acupuncturist",
            number_key=BY_JURISDICTION["US-MD"].number_key("U00717"),
            number="U0717",
            written_name="LOPEZ-DIAZ, ANA",
            name_key="lopez diaz ana",
            family_key="lopez",
            given_key="ana",
            names=[["lopez diaz", "ana", ""]],
            suffix="",
            city="Annapolis",
            region="MD",
            status=CredentialStatus.ACTIVE,
            raw_status="A",
            expires=NOW.date() + timedelta(days=300),
            discipline="",
            rows=1,
            first_file_id=file.id,
            last_file_id=file.id,
        )
    )
    session.commit()


def roster_in(page: Page) -> str:
    """What the first source of the section about registers says: the roster of the paper at hand."""
    return page.words(next(each for each in page.all("div") if each.get("class") == "source"))


def test_a_decision_that_cannot_stand_comes_back_beside_the_evidence(
    session: Session, config: Config, verifier: Client
) -> None:
    person, path = paper_case(session)
    code = shows(session, config, person.id, f"credential:{person.licence_id}")
    target = f"{path}/decision"
    back = verifier.submit(verifier.get(path), target, {"outcome": "verified", "name_read": "Nobody"}, 422)
    assert back.by_id("name_read").get("value") == "Nobody"
    assert f"/evidence/view/{code}" in back.text
    assert "frame-src 'self'" in back.response.headers["Content-Security-Policy"]
    assert back.errors_at()


def test_after_a_decision_the_next_case_is_what_the_page_is_for(session: Session, verifier: Client) -> None:
    _, path = paper_case(session)
    fields = {"outcome": "more_information", "question_1": "Which name stands on it?"}
    sent = verifier.submit(verifier.get(path), f"{path}/decision", fields)
    done = verifier.get(sent.response.headers["Location"])
    first = [each for each in done.all("button") if each.get("autofocus") is not None]
    assert [done.words(each).split(" n")[0] for each in first] == ["Next case"]


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
