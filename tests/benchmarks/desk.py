"""The desk's queue over a hundred thousand open cases, against an empty page of the desk, asked in turn."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from random import Random

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from config import Config
from directory import db
from directory.accounts import demonstration, queries, sessions
from directory.accounts.terms import Factor
from directory.app import create_app
from directory.cases.models import Case
from directory.cases.rules import due_after, risk_of
from directory.cases.terms import Kind, State
from directory.credentials.casework import kind_of
from directory.credentials.models import Credential
from directory.crypto import keyring
from directory.http.headers import cookie_name
from directory.http.who import SID
from tests.benchmarks import report, site

CASES = 100_000
PLACES = 3_300
TURNS = 200
EMPTY = "/desk/views"
PAGES = (
    ("/desk", "the queue"),
    ("/desk?state=overdue", "what is overdue"),
    ("/desk?state=open&kind=licence&jurisdiction=US-CA", "licences of California"),
    ("/desk?state=waiting", "what waits for an answer"),
    ("/desk?state=decided", "what was decided lately"),
)
_OTHERS = (Kind.CONTROL, Kind.INDEMNITY, Kind.RLS_CASELOAD, Kind.PHOTO, Kind.SENSITIVE_EDIT, Kind.COMPLAINT,
           Kind.PREGNANCY_DECLARATION, Kind.SECOND_LOOK, Kind.REGISTER_NEWS, Kind.EXCLUSION)  # fmt: skip


def run() -> None:
    """Print the table."""
    folder = site.furnished(PLACES)
    cookie = _filled(folder)
    report.heading(f"The desk at {CASES:,} open cases (SQLite), one verifier at a time")
    pages = (*PAGES, (_case(folder), "a licence beside what shows it"))
    with site.serving(folder) as (port, _):
        rows = []
        with report.bar("Asking", len(pages) * TURNS) as shown:
            for path, words in pages:
                taken: dict[str, list[float]] = {path: [], EMPTY: []}
                for turn in range(TURNS + 10):
                    for each in (path, EMPTY):
                        seconds = _asked(port, each, cookie)
                        if turn >= 10:  # the first are to warm up
                            taken[each].append(seconds)
                    shown.update(turn >= 10)
                (p50, p95, _), (empty_p50, empty_p95, _) = report.spread(taken[path]), report.spread(taken[EMPTY])
                rows.append([words, report.ms(p50), report.ms(p95), report.ms(empty_p50), report.ms(empty_p95),
                             report.times(p50 / empty_p50), report.times(p95 / empty_p95)])  # fmt: skip
    report.table(
        ["page", "p50 ms", "p95 ms", "empty p50", "empty p95", "p50 / empty", "p95 / empty"],
        rows,
    )


def _case(folder: Path) -> str:
    """The address of the first licence that waits."""
    engine = db.make_engine(Config.from_environment({}, cwd=folder).database_url)
    with Session(engine) as session:
        licence = select(func.min(Case.id)).where(Case.state == State.OPEN, Case.kind == Kind.LICENCE)
        found = session.scalar(licence)
    engine.dispose()
    return f"/desk/cases/{found}"


def _asked(port: int, path: str, cookie: str) -> float:
    began = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip", "Accept-Language": "en-US"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return time.perf_counter() - began


def _filled(folder: Path) -> str:
    """Put the cases where there are not as many yet, and sign the verifier in; the cookie of that session."""
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = db.make_engine(config.database_url, timeout_seconds=60)
    now = datetime.now(UTC)
    with Session(engine) as session:
        db.writing(session)
        there = session.scalar(select(func.count()).select_from(Case).where(Case.state == State.OPEN)) or 0
        if there < CASES:
            report.say(f"Opening {CASES - there:,} cases, this once.")
            session.execute(insert(Case), _cases(session, CASES - there, now))
        verifier = queries.by_email(session, demonstration.VERIFIER.email)
        if verifier is None:
            verifier = demonstration.make(session, now=now)[demonstration.VERIFIER]
        sid = sessions.begin(session, verifier, device="a benchmark", now=now, second_factor=Factor.TOTP)
        session.commit()
    app = create_app(config, engine=engine)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    engine.dispose()
    return f"{cookie_name('session', config)}={signer.dumps({SID: sid})}"


def _cases(session: Session, number: int, now: datetime) -> list[dict[str, object]]:
    """Cases about the papers and people of the demonstration: most of them late, a tenth waiting, some decided."""
    papers = session.execute(
        select(Credential.id, Credential.kind, Credential.jurisdiction, Credential.practitioner_id)
    ).all()
    random = Random(20261126)
    rows: list[dict[str, object]] = []
    for each in range(number + number // 20):
        paper_id, paper, jurisdiction, person = papers[random.randrange(len(papers))]
        of_paper = random.random() < 0.6
        kind = kind_of(paper) if of_paper else random.choice(_OTHERS)
        opened = now - timedelta(minutes=random.randrange(60 * 24 * 30))
        decided = each >= number
        rows.append(
            {
                "kind": kind,
                "subject": f"credential:{paper_id}" if of_paper else f"practitioner:{person}",
                "state": State.CLOSED if decided else State.OPEN,
                "opened_at": opened,
                "due": due_after(opened),
                "closed_at": now if decided else None,
                "risk": int(risk_of(kind)),
                "about": person,
                "jurisdiction": jurisdiction if of_paper else None,
                "waiting_since": opened if not decided and random.random() < 0.1 else None,
            }
        )
    return rows
