"""The forecast of the desk: a drawing and the same as a table."""

from __future__ import annotations

from directory.accounts.terms import Role
from tests.web.accounts import sign_in
from tests.web.client import Client


def test_days_are_told_with_people_papers_and_hours(client: Client) -> None:
    sign_in(client, email="verifier-of-forecast@example.org", roles=[Role.VERIFIER])
    words = client.get("/desk/forecast").words()
    assert "What comes in the next 60 days" in words
    assert "No paper ends in these days" in words
