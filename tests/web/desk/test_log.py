"""The room of the audit log, for administrators alone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.terms import Role
from directory.app import DirectoryApp
from directory.jobs.models import JobRun, Outcome
from directory.web.desk.log import PAGE
from tests.web import population
from tests.web.accounts import sign_in
from tests.web.client import Client

ABOUT = "practitioner:987001"


def _fill(site: DirectoryApp) -> None:
    now = population.NOW
    with Session(site.database.engine) as session:
        for number in range(PAGE + 3):
            audit.record(session, action="log.seen", actor=987_654, subject=ABOUT, now=now + timedelta(minutes=number))
        audit.record(
            session,
            action="logs.others",
            actor=None,
            subject=ABOUT,
            from_state="active",
            to_state="expired",
            now=now + timedelta(days=40),
        )
        session.merge(
            JobRun(
                name="audit",
                due_at=now + timedelta(hours=5),
                started_at=now - timedelta(hours=3),
                finished_at=now - timedelta(hours=2),
                outcome=Outcome.FAILED,
                done=0,
                failures=1,
                trouble="Conflict",
            )
        )
        session.commit()


def _rows(words: str) -> int:
    return words.count(ABOUT)


def test_administrators_read_it_page_by_page_and_narrow_it(site: DirectoryApp, client: Client) -> None:
    sign_in(client, email="administrator-of-log@example.org", roles=[Role.ADMINISTRATOR])
    _fill(site)
    first = client.get(f"/desk/log?subject={ABOUT}&action=&actor=&day=")
    words = first.words()
    assert "2 hours ago, failed (0) – Conflict" in words
    newest = [first.words(each) for each in first.all("td")][1:6]
    assert newest == ["the site itself", "logs.others", ABOUT, "active", "expired"]
    assert _rows(words) == PAGE
    older = client.get(first.next_page() or "")
    assert _rows(older.words()) == 4
    assert "Show older entries" not in older.words()
    assert _rows(client.get("/desk/log?action=logs.").words()) == 1
    assert _rows(client.get(f"/desk/log?actor=987654&action=log_&subject={ABOUT}").words()) == 0
    day = (population.NOW + timedelta(days=40)).date()
    assert _rows(client.get(f"/desk/log?subject={ABOUT}&day={day}").words()) == 1
    assert "No entry fits" in client.get("/desk/log?subject=practitioner:987002").words()


def test_what_cannot_be_asked_is_said_at_its_field(client: Client) -> None:
    sign_in(client, email="administrator-of-no-log@example.org", roles=[Role.ADMINISTRATOR])
    page = client.get("/desk/log?subject=Zoe&action=%25&actor=99999999999999999999&day=soon&below=x", status=422)
    assert set(page.errors_at()) == {"subject", "action", "actor", "day", "below"}


def test_verifiers_do_not_see_it(client: Client) -> None:
    sign_in(client, email="verifier-of-log@example.org", roles=[Role.VERIFIER])
    client.get("/desk/log", status=404)
