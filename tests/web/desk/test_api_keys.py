"""The room in which an administrator gives keys to programs."""

from __future__ import annotations

import re

from sqlalchemy import text

from directory.accounts.terms import Role
from directory.app import DirectoryApp
from tests.web.accounts import sign_in
from tests.web.client import Client

ASKED = "/api/v1/places?text=97214"


def test_a_key_is_given_shown_once_and_revoked(site: DirectoryApp) -> None:
    chief = Client(site)
    sign_in(chief, email="chief-of-keys@example.org", roles=[Role.ADMINISTRATOR])
    page = chief.get("/desk/api-keys")
    refused = chief.submit(page, "/desk/api-keys", {"name": "", "contact": "nobody", "per_day": "many"}, status=422)
    assert set(refused.errors_at()) == {"name", "contact", "per_day"}
    typed = {"name": "RLS <b>charity</b>", "contact": "it-of-keys@example.org", "per_day": "1200"}
    given = chief.submit(page, "/desk/api-keys", typed, status=200)
    (secret,) = re.findall(r"sp_[A-Za-z0-9_-]{43}", given.words())
    assert given.response.headers["Cache-Control"] == "private, no-store"
    again = chief.get("/desk/api-keys")
    assert secret not in again.text
    assert "RLS <b>charity</b>" in again.words()
    assert f"…{secret[-4:]}" in again.words()
    with site.database.engine.connect() as connection:
        held = str(connection.execute(text("SELECT * FROM api_key")).all())
        logged = str(connection.execute(text("SELECT action, subject FROM audit_entry")).all())
    assert secret not in held
    assert "it-of-keys@example.org" not in held
    assert "api_key.issued" in logged
    visitor, headers = site.test_client(), {"Authorization": f"Bearer {secret}"}
    assert visitor.get(ASKED, headers=headers).headers["RateLimit-Policy"] == '"key";q=1200;w=86400'
    (action,) = {each.get("action", "") for each in again.all("form") if each.get("action", "").endswith("/revoke")}
    chief.follow(chief.submit(again, action))
    assert visitor.get(ASKED, headers=headers).status_code == 401
    assert "Revoked on" in chief.get("/desk/api-keys").words()


def test_nobody_but_an_administrator_comes_in(site: DirectoryApp) -> None:
    vera = Client(site)
    sign_in(vera, email="vera-of-keys@example.org", roles=[Role.VERIFIER])
    vera.get("/desk/api-keys", status=404)
    Client(site).get("/desk/api-keys", status=303)
