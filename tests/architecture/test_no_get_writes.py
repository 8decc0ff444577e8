"""A GET changes nothing: mail scanners, prefetchers and search engines follow every link."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect, select
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.rules import secret_hash
from directory.accounts.terms import Role
from directory.api.fhir import seals
from directory.app import DirectoryApp, create_app
from directory.care import handing
from directory.care.handing import Handed
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.cli.import_nppes import take_in
from directory.complaints import service as complaints
from directory.complaints.terms import Field
from directory.consultations import consent
from directory.consultations import service as requests
from directory.consultations.drafts import AskDraft, Whom
from directory.consultations.models import Consultation, ConsultationLink, ConsultationRequest, SharedSummary
from directory.consultations.outcomes.models import ContactOutcome
from directory.consultations.outcomes.terms import Contact
from directory.consultations.rules import Told
from directory.consultations.terms import Lasts, Talk
from directory.consultations.terms import State as TalkState
from directory.credentials import service as credentials
from directory.credentials.decisions.rules import Verdict as Decided
from directory.credentials.decisions.terms import Outcome
from directory.credentials.evidence import photos
from directory.credentials.evidence import service as evidence
from directory.credentials.evidence.rules import subject
from directory.credentials.evidence.scanner import Scan
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import MediaType, Verdict
from directory.credentials.evidence.workbench import Portrait, Renewed
from directory.credentials.models import Credential, Indemnity
from directory.credentials.service import CredentialDraft
from directory.credentials.terms import CredentialKind, CredentialStatus
from directory.crypto import keyring
from directory.db import Base
from directory.desk import deciding
from directory.http.access import INVENTORY, Who
from directory.mail import outbox
from directory.mail.letters import Letter, Link
from directory.practitioners import queries as people
from directory.practitioners import still_true
from directory.practitioners.models import PracticePlace
from directory.screening.terms import PregnancyStatus
from tests import nppes
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client

APPEND_ONLY = {"access_entry", "api_use", "audit_entry", "geocode_cache", "search_appearance"}
"""Tables to which a GET may append in a transaction of its own."""

VALUES: dict[str, Any] = {
    "slug": "whole-pregnancy",
    "filename": "site.css",
    "npi": nppes.npi(1),
    "token": "none-of-ours",
    "letter_id": 1,
    "subject": "pregnancy:training",
    "code": "a-piece-of-evidence",
    "photo_id": 1,
    "call_id": 1,
    "role": "verifier",
    "case_id": 1,
    "mark": hashlib.sha256(b"large").hexdigest()[:8],
    "jurisdiction": "US-OR",
    "what": "licence",
    "decision_id": 1,
    "number": 1,
    "id": 1,
    "name": "Location",
    "version": "0",
}
OTHER_VALUES: dict[str, dict[str, Any]] = {
    "api.jurisdiction": {"code": "US-OR"},
    "guide.page": {"slug": "preparing"},
    "evidence.statement": {"subject": "rls:patients"},
    "evidence.colleague": {"subject": "rls:patients"},
    "desk.duplicates": {"case_id": 9001},
    "desk.dispute": {"case_id": 9002},
    "desk.report": {"case_id": 9100},
    "desk.telephone": {"case_id": 9003},
    "desk.letter": {"case_id": 9003},
    "desk.certifier": {"case_id": 9003},
    "desk.identity": {"case_id": 9003},
    "practice.request_page": {"code": "a-request"},
    "practice.request_calendar": {"code": "a-request"},
    "practice.request_summary": {"code": "a-request"},
    "care.summary_for": {"token": "a-link-in-a-letter", "code": "a-request"},
    "visits.visit": {"token": "a-link-in-a-letter"},
    "outcome.index": {"token": "a-word-about-a-talk"},
    "feedback.index": {"token": "a-word-about-another-talk"},
    "visits.visit_calendar": {"token": "a-link-in-a-letter", "code": "a-request"},
}
"""Where the same name stands for something else."""
HERE = (200, 202, 410, 422)
ELSEWHERE = (*HERE, 303)
QUERIES = {
    "api.search": [{"place": "97214"}, {"place": "97214", "language": "es", "limit": "3"}],
    "api.places": [{"text": "Portland"}],
    "search.results": [{"place": "97214"}, {"place": "97214", "language": "es"}, {"place": "nowhere at all"}],
    "about_you.sheet": [{"place": "97214"}, {"place": "97214", "person": "whole-pregnancy"}],
    "practice.rank": [{}, {"place": "97214"}, {"place": "nowhere at all"}],
    "practitioners.find": [{"name": "Practitioner"}, {"name": "Nobody Whatsoever"}],
    "search.on_map": [{"place": "97214"}, {"place": "97214", "look": "45.5,-122.6,4"}, {"place": "97214", "look": "x"}],
    "desk.queue": [{}, {"state": "decided", "kind": "licence"}, {"name": "an", "risk": "high"}, {"state": "no such"}],
    "registry.index": [{}, {"name": "Underhill", "state": "OR"}, {"npi": "1"}],
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("reading")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        population.settle(session)
        letter = Letter(purpose="hello", subject="A short word", paragraphs=("Hello.",), link=Link("Look", "/about"))
        outbox.send(session, to="zoe@example.org", letter=letter, language="en_US", now=population.NOW)
        _show(session, Store(config.evidence_dir))
        session.commit()
    file = nppes.write(folder / nppes.WEEK, [nppes.person(1)])
    take_in(engine, file, reach=None, allow_older=False, now=population.NOW)
    yield create_app(config, engine=engine, clock=lambda: population.NOW)
    engine.dispose()


def _show(session: Session, store: Store) -> None:
    """A school, evidence and a photo of whoever is looked at, and a photo of somebody else that waits."""
    seen = Scan(Verdict.NOTHING_FOUND)
    shown = people.by_slug(session, VALUES["slug"]).id
    school = CredentialDraft(
        practitioner_id=shown, kind=CredentialKind.EDUCATION, status=CredentialStatus.UNKNOWN, body="A school"
    )
    credentials.record(session, school, now=population.NOW)
    piece = evidence.add_file(
        session,
        store,
        practitioner_id=shown,
        subject=subject("pregnancy:training"),
        renewed=Renewed(media_type=MediaType.PDF, content=b"%PDF-1.7", pages=1, sent_sha256="a" * 64),
        scan=seen,
        now=population.NOW,
    )
    piece.code = VALUES["code"]
    for number, practitioner_id in enumerate((1, shown), 1):
        portrait = Portrait(large=b"large", small=b"small", sent_sha256="b" * 64)
        photo = photos.add_photo(
            session, store, practitioner_id=practitioner_id, portrait=portrait, scan=seen, now=population.NOW
        )
        assert photo.id == number
    photos.accept_photo(session, store, 2, now=population.NOW)
    _decide(session)
    _two_of_one(session)
    _reported(session)
    _asked_for_a_talk(session, shown)


def _two_of_one(session: Session) -> None:
    """Two profiles that may be of one person, and two people who say that they are the same one."""
    for kind, endpoint in ((Kind.DUPLICATE, "desk.duplicates"), (Kind.DISPUTE, "desk.dispute")):
        case = cases.open_for(session, kind, "practitioner:1 by 2", about=2, now=population.NOW)
        case.id = OTHER_VALUES[endpoint]["case_id"]
    control = cases.open_for(session, Kind.CONTROL, "practitioner:2", about=2, now=population.NOW)
    control.id = OTHER_VALUES["desk.telephone"]["case_id"]
    session.flush()


def _reported(session: Session) -> None:
    """Somebody says that an entry is wrong."""
    row = complaints.report(
        session, Field.HOURS, "Closed.", about=2, language="en_GB", harm_hours=24, now=population.NOW
    )
    case = session.scalars(select(Case).where(Case.subject == f"complaint:{row.id}")).one()
    case.id = OTHER_VALUES["desk.report"]["case_id"]
    session.flush()


def _asked_for_a_talk(session: Session, practitioner_id: int) -> None:
    """Somebody asks whoever is looked at for a talk, and it is agreed."""
    at = population.NOW + timedelta(days=2)
    draft = AskDraft(
        people=(Whom(practitioner_id, people.places_of(session, practitioner_id)[0].id),),
        talk=Talk.PHONE,
        starts=(at,),
        name="Maria",
        email="maria@example.org",
        mailbox="m" * 64,
        told=Told(pregnancy=PregnancyStatus.NO, age=44),
        timezone="America/Los_Angeles",
        jurisdiction="US-OR",
        consent=consent.CURRENT,
        locale="en_GB",
    )
    requests.ask(session, draft, now=population.NOW)
    talk = session.scalars(select(Consultation)).one()
    talk.code, talk.state, talk.starts_at = OTHER_VALUES["practice.request_page"]["code"], TalkState.CONFIRMED, at
    session.add(
        SharedSummary(
            consultation_id=talk.id,
            content_sealed=handing.write(Handed(None, (), (), "I sleep badly.")),
            lasts=Lasts.WEEK,
            consent_version="2026-11",
            shared_at=population.NOW,
        )
    )
    session.scalars(select(ConsultationLink)).one().token_hash = secret_hash(OTHER_VALUES["visits.visit"]["token"])
    for number, page in enumerate(("outcome.index", "feedback.index")):
        told = ContactOutcome(
            consultation_id=_another_talk(session, talk, number).id,
            practitioner_id=practitioner_id,
            place_id=talk.place_id,
            jurisdiction="US-OR",
            token_hash=secret_hash(OTHER_VALUES[page]["token"]),
            asked_at=population.NOW,
            contact=Contact.REACHED,
            told_at=population.NOW,
        )
        session.add(told)
    session.flush()


def _another_talk(session: Session, talk: Consultation, number: int) -> Consultation:
    """One that is over, of a request of its own, with the same person."""
    request = session.get_one(ConsultationRequest, talk.request_id)
    columns = {each.key: getattr(request, each.key) for each in inspect(ConsultationRequest).column_attrs}
    other = ConsultationRequest(**columns | {"id": None, "code": f"request-{number}"})
    session.add(other)
    session.flush()
    columns = {each.key: getattr(talk, each.key) for each in inspect(Consultation).column_attrs}
    over = {
        "id": None,
        "request_id": other.id,
        "code": f"talk-{number}",
        "uid": f"talk-{number}",
        "state": TalkState.HAPPENED,
        "starts_at": population.NOW - timedelta(days=2),
    }
    made = Consultation(**columns | over)
    session.add(made)
    session.flush()
    return made


def _decide(session: Session) -> None:
    """A decision about somebody, beside the case about a photo."""
    held = Decided(outcome=Outcome.HELD, words="We are looking into something.")
    decision = deciding.act_on_person(session, 1, held, by=99, now=population.NOW)
    deciding.act_on_person(session, 1, Decided(outcome=Outcome.RELEASED), by=99, now=population.NOW)
    assert decision.id == VALUES["decision_id"]


def _own(session: Session, practitioner_id: int) -> dict[str, int]:
    """Papers, cover and place of a practitioner, by the names they have in addresses."""

    def first(model: type[Any], *where: Any) -> int:
        return session.scalars(select(model.id).where(model.practitioner_id == practitioner_id, *where)).first() or 0

    return {
        "credential_id": first(Credential, Credential.kind == CredentialKind.STATUTORY_LICENCE),
        "school_id": first(Credential, Credential.kind == CredentialKind.EDUCATION),
        "indemnity_id": first(Indemnity),
        "place_id": first(PracticePlace),
    }


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but those that may grow."""
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in Base.metadata.sorted_tables
            if table.name not in APPEND_ONLY
        }


def test_a_get_of_every_address_leaves_every_table_as_it_was(app: DirectoryApp) -> None:
    engine = app.database.engine
    holder, visitor = Client(app), Client(app)
    with Session(engine) as session:
        somebody = people.by_slug(session, "whole-pregnancy").id
        values = VALUES | _own(session, somebody)
    values["account_id"] = sign_in(holder, roles=Role, practitioner_id=somebody)
    values |= {"account_id": sign_in(holder, roles=Role, practitioner_id=somebody)}
    before = everything(engine)
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        verb, *words = statement.split()[:3]
        if verb.upper() not in ("SELECT", "BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE") and APPEND_ONLY.isdisjoint(words):
            written.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    asked = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        known = values | OTHER_VALUES.get(rule.endpoint, {}) | dict(rule.defaults or {})
        if rule.endpoint == "practice.still_true_link":
            known |= {"token": still_true.token(somebody, now=population.NOW)}
        if rule.endpoint == "fhir_files.export_status":
            order = {"asked": "http://localhost/fhir/$export", "at": "2026-11-23", "since": None, "kinds": ["Location"]}
            known |= {"token": seals.sealed(order, purpose="export", secret=str(app.config["SECRET_KEY"]))}
        for query in QUERIES.get(rule.endpoint, [{}]):
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments}, **query)
            for client, method in product((holder, visitor), ("GET", "HEAD")):
                with client.inner.open(address, method=method) as answer:
                    known_only = INVENTORY[rule.endpoint].who in (Who.HOLDER, Who.HALFWAY)
                    assert answer.status_code in (ELSEWHERE if known_only else HERE), address
                    asked += 1
    assert asked > 20
    assert written == []
    assert everything(engine) == before
