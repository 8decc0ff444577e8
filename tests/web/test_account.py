"""Signing in, and who may see what."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config import Config
from directory import migrations
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring
from directory.db import make_engine
from tests.web.accounts import PASSWORD, sign_in
from tests.web.client import Client
from tests.web.conftest import Clock


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, config: Config, shared_clock: Clock) -> Iterator[DirectoryApp]:
    keyring.install(config.encryption_keys)
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('accounts') / 'site.db'}")
    migrations.upgrade(engine)
    yield create_app(config, engine=engine, clock=shared_clock)
    engine.dispose()


@pytest.fixture
def visitor(app: DirectoryApp) -> Client:
    return Client(app)


def test_whoever_has_not_signed_in_is_asked_to_and_comes_back(visitor: Client) -> None:
    asked = visitor.get("/account", 303)
    assert asked.response.headers["Location"] == "/account/sign-in?next=/account"


def test_whoever_has_signed_in_sees_their_account(visitor: Client) -> None:
    sign_in(visitor, email="one@example.org")
    page = visitor.get("/account")
    assert "one@example.org" in page.words()
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_a_copied_cookie_is_worth_nothing_after_signing_out(visitor: Client) -> None:
    sign_in(visitor, email="two@example.org")
    page = visitor.get("/account")
    copied = visitor.inner.get_cookie("session")
    assert copied is not None
    visitor.submit(page, "/account/sign-out")
    visitor.inner.set_cookie("session", copied.value)
    visitor.get("/account", 303)


def test_address_and_password_open_a_session(visitor: Client) -> None:
    sign_in(Client(visitor.app), email="three@example.org")
    form = visitor.get("/account/sign-in?next=/about")
    wrong = visitor.submit(form, "/account/sign-in", {"email": "three@example.org", "password": "wrong"}, 422)
    again = visitor.submit(wrong, "/account/sign-in", {"password": PASSWORD})
    assert again.response.headers["Location"] == "/about"
    visitor.get("/account")
