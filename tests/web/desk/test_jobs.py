"""The room of jobs: what ran, what is next, and whom letters do not reach, for administrators alone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from directory.accounts.terms import Role
from directory.app import DirectoryApp
from directory.jobs.models import JobRun, Outcome
from directory.mail import suppression
from directory.mail.models import Why
from tests.web import population
from tests.web.accounts import sign_in
from tests.web.client import Client


def test_administrators_see_jobs_and_masked_addresses(site: DirectoryApp, client: Client) -> None:
    sign_in(client, email="administrator-of-jobs@example.org", roles=[Role.ADMINISTRATOR])
    empty = client.get("/desk/jobs").words()
    assert "None, as far as we know." in empty
    assert "never yet" in empty
    now = population.NOW
    with Session(site.database.engine) as session:
        for row in (
            JobRun(
                name="audit",
                due_at=now + timedelta(hours=5),
                started_at=now - timedelta(hours=3),
                finished_at=now - timedelta(hours=2),
                outcome=Outcome.FAILED,
                done=0,
                failures=2,
                trouble="<b>broken</b>",
            ),
            JobRun(
                name="reminders",
                due_at=now,
                started_at=now,
                done=0,
                failures=0,
                lease="a" * 32,
                lease_until=now + timedelta(minutes=40),
            ),
        ):
            session.merge(row)
        suppression.note(session, "zoe.quill@example.net", status="5.1.1", for_good=True, why=Why.BOUNCED, now=now)
        session.commit()
    words = client.get("/desk/jobs").words()
    for told in (
        "2 hours ago",
        "in 5 hours",
        "<b>broken</b>",
        "running, for 40 minutes more at most",
        "z…@example.net",
    ):
        assert told in words
    assert "zoe.quill" not in words


def test_verifiers_do_not_see_it(client: Client) -> None:
    sign_in(client, email="verifier-of-jobs@example.org", roles=[Role.VERIFIER])
    client.get("/desk/jobs", status=404)
