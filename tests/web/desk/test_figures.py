"""The desk's own figures."""

from __future__ import annotations

from directory.accounts.terms import Role
from tests.web.accounts import sign_in
from tests.web.client import Client


def test_what_was_never_taken_in_is_not_checked(client: Client) -> None:
    sign_in(client, email="verifier-of-figures@example.org", roles=[Role.VERIFIER])
    words = client.get("/desk/figures").words()
    assert "OIG exclusion list" in words
    assert "none yet: not checked" in words
    assert "No decision was looked at a second time yet." in words


def test_practitioners_do_not_see_them(client: Client) -> None:
    sign_in(client, email="practitioner-of-figures@example.org")
    client.get("/desk/figures", status=404)
