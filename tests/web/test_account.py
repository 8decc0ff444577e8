"""Accounts through the door people take: who gets in, what nobody learns, and what ends when it should."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from passlib.totp import TOTP
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from config import Config
from directory import logs
from directory.accounts import demonstration, factors, queries, service
from directory.accounts.models import Account, AccountAttempt, AccountSession
from directory.accounts.terms import Happening, Permission, Role
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring
from directory.http.access import Access, Who
from directory.mail import outbox
from directory.mail.letters import Worded
from tests.web import population, ready
from tests.web.accounts import PASSWORD, sign_in
from tests.web.client import Client, Page
from tests.web.conftest import Clock

OTHER_PASSWORD = "four grey herons asleep"
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}
ANOTHER_PLACE = {"REMOTE_ADDR": "203.0.113.9"}
KEY = "KRSXG5CTMVRXEZLUKN2XAZLS"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, config: Config, shared_clock: Clock) -> Iterator[DirectoryApp]:
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(f"sqlite:///{tmp_path_factory.mktemp('accounts') / 'site.db'}")
    yield create_app(config, engine=engine, clock=shared_clock)
    engine.dispose()


@pytest.fixture
def clock(shared_clock: Clock) -> Clock:
    shared_clock.now = population.NOW
    return shared_clock


@pytest.fixture(autouse=True)
def _unthrottled(app: DirectoryApp) -> None:
    """Nobody waits for what another test tried."""
    with app.database.engine.begin() as connection:
        connection.execute(delete(AccountAttempt))


@pytest.fixture
def session(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def visitor(app: DirectoryApp, clock: Clock) -> Client:
    return Client(app)


def made(
    app: DirectoryApp, email: str, *, app_key: str | None = None, roles: tuple[Role, ...] = (Role.PATIENT,)
) -> int:
    """Somebody with an account, who is signed in nowhere."""
    with Session(app.database.engine) as session:
        account = service.create(session, email, roles=roles, password=PASSWORD, now=population.NOW)
        if app_key is not None:
            factors.set_up_totp(session, account, factors.secret_of(app_key), now=population.NOW)
        session.commit()
        return account.id


def enter(client: Client, email: str, password: str = PASSWORD, status: int = 303, **options: Any) -> Page:
    """Send the form of signing in."""
    form = client.get("/account/sign-in")
    return client.submit(form, "/account/sign-in", {"email": email, "password": password}, status, **options)


def letters(session: Session) -> list[tuple[str, Worded]]:
    """Everything in the outbox, the newest first."""
    session.rollback()
    rows = outbox.newest(session, limit=100)
    return [(str(row.recipient_sealed), Worded.from_json(str(row.text_sealed))) for row in rows]


def newest_to(session: Session, email: str) -> Worded:
    """The newest letter to somebody."""
    return next(letter for to, letter in letters(session) if to == email)


def happened(session: Session, account_id: int) -> list[Happening]:
    """The log of an account, the newest first."""
    session.rollback()
    return [each.happening for each in queries.events_of(session, account_id)]


def code(clock: Clock, key: str = KEY) -> str:
    """What an authenticator app with this key shows now."""
    return str(TOTP(key=key, format="base32").generate(clock.now.timestamp()).token)


def cookie_of(client: Client) -> str:
    found = client.inner.get_cookie("session")
    assert found is not None
    return found.value


# Registering and recovering


def register(client: Client, email: str, role: str = "practitioner", status: int = 303, **options: Any) -> Page:
    form = client.get("/account/register")
    return client.submit(form, "/account/register", {"email": email, "role": role}, status, **options)


@pytest.mark.usefixtures("passwords_as_shipped")
def test_an_account_comes_of_a_letter_and_a_password_and_its_link_works_once(visitor: Client, session: Session) -> None:
    answer = register(visitor, "new@example.org")
    assert "mailbox" in visitor.follow(answer).words()
    assert queries.by_email(session, "new@example.org") is None
    letter = newest_to(session, "new@example.org")
    page = visitor.get(letter.path)
    visitor.get(letter.path)
    weak = visitor.submit(page, letter.path, {"password": "short"}, 422)
    assert "15 characters" in weak.errors_at()["password"]
    known = visitor.submit(weak, letter.path, {"password": "new@example.org 12"}, 422)
    assert "address" in known.errors_at()["password"]
    done = visitor.submit(known, letter.path, {"password": PASSWORD})
    assert done.response.headers["Location"] == "/registration"
    assert "new@example.org" in visitor.get("/account").words()
    session.rollback()
    account = queries.by_email(session, "NEW@example.org")
    assert account is not None
    assert account.roles == {Role.PRACTITIONER}
    assert str(account.password).startswith("$argon2id$v=19$m=19456")
    visitor.get(letter.path, 410)


def test_registering_says_nothing_about_who_has_an_account(
    app: DirectoryApp, visitor: Client, session: Session
) -> None:
    made(app, "known@example.org")
    known, unknown = register(visitor, "Known@example.org"), register(Client(app), "unknown@example.org")
    assert known.response.headers["Location"] == unknown.response.headers["Location"]
    assert known.text == unknown.text
    assert newest_to(session, "known@example.org").subject == "You already have an account"
    assert newest_to(session, "unknown@example.org").subject == "Finish making your account"


def test_nobody_registers_as_more_than_they_may(visitor: Client, session: Session) -> None:
    refused = register(visitor, "more@example.org", role="administrator", status=422)
    assert "choose" in refused.errors_at()["role"]


def test_a_link_to_register_has_its_time_and_a_newer_one_replaces_it(
    visitor: Client, session: Session, clock: Clock
) -> None:
    register(visitor, "late@example.org")
    first = newest_to(session, "late@example.org").path
    register(visitor, "late@example.org")
    second = newest_to(session, "late@example.org").path
    visitor.get(first, 410)
    clock.now += timedelta(hours=24)
    visitor.get(second, 410)
    visitor.get("/account/welcome/none-of-ours", 410)


def test_a_mailbox_is_not_flooded_and_the_answer_stays_the_same(visitor: Client, session: Session) -> None:
    for _ in range(5):
        assert register(visitor, "flooded@example.org").status == 303
    assert [to for to, _ in letters(session)].count("flooded@example.org") == 3


def test_a_new_password_by_letter_ends_sessions_and_leaves_the_second_factor(
    app: DirectoryApp, visitor: Client, session: Session, clock: Clock
) -> None:
    account_id = made(app, "forgot@example.org", app_key=KEY)
    inside = Client(app)
    sign_in(inside, email="forgot@example.org")
    form = visitor.get("/account/recover")
    known = visitor.submit(form, "/account/recover", {"email": "forgot@example.org"})
    unknown = visitor.submit(form, "/account/recover", {"email": "nobody@example.org"})
    assert known.text == unknown.text
    assert all(to != "nobody@example.org" for to, _ in letters(session))
    path = newest_to(session, "forgot@example.org").path
    page = visitor.get(path)
    visitor.submit(page, path, {"password": "passwordpassword"}, 422)
    visitor.submit(page, path, {"password": OTHER_PASSWORD})
    visitor.get(path, 410)
    inside.get("/account", 303)
    enter(visitor, "forgot@example.org", PASSWORD, 422)
    answer = enter(visitor, "forgot@example.org", OTHER_PASSWORD)
    assert answer.response.headers["Location"].startswith("/account/second-factor")
    visitor.get("/account", 303)
    assert Happening.PASSWORD_RECOVERED in happened(session, account_id)


def test_a_link_to_recover_lives_for_half_an_hour(
    app: DirectoryApp, visitor: Client, session: Session, clock: Clock
) -> None:
    made(app, "slow@example.org")
    visitor.submit(visitor.get("/account/recover"), "/account/recover", {"email": "slow@example.org"})
    path = newest_to(session, "slow@example.org").path
    clock.now += timedelta(minutes=30)
    visitor.get(path, 410)


# Signing in and out


def test_whoever_has_not_signed_in_is_asked_to_and_comes_back(app: DirectoryApp, visitor: Client) -> None:
    made(app, "back@example.org")
    asked = visitor.get("/account/password", 303)
    assert asked.response.headers["Location"] == "/account/sign-in?next=/account/password"
    form = visitor.get("/account/sign-in?next=/account/password")
    done = visitor.submit(form, "/account/sign-in", {"email": "back@example.org", "password": PASSWORD})
    assert done.response.headers["Location"] == "/account/password"
    page = visitor.get("/account")
    assert page.response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/account\\..\\x",
        " //evil.example",
        "/%09/evil.example\t",
        "javascript:alert(1)",
        "/search?place=97214",
        "/a\r\nSet-Cookie: x=1",
    ],
)
def test_nobody_is_sent_to_another_site(app: DirectoryApp, visitor: Client, target: str) -> None:
    sign_in(Client(app), email="led@example.org")
    form = visitor.get("/account/sign-in", query_string={"next": target})
    fields = {"email": "led@example.org", "password": PASSWORD, "next": target}
    assert visitor.submit(form, "/account/sign-in", fields).response.headers["Location"] == "/account"


def test_a_wrong_password_and_an_unknown_address_look_the_same(app: DirectoryApp, visitor: Client) -> None:
    made(app, "wrong@example.org")
    wrong, unknown = (
        enter(visitor, "wrong@example.org", "not this one at all", 422),
        enter(visitor, "nobody-at-all@example.org", "not this one at all", 422),
    )
    assert wrong.words() == unknown.words()
    assert wrong.errors_at() == unknown.errors_at()
    assert dict(wrong.response.headers).keys() == dict(unknown.response.headers).keys()


def test_the_last_byte_of_a_long_password_matters(app: DirectoryApp, visitor: Client, session: Session) -> None:
    long = "é " * 60 + "the very last sign"
    sign_in(visitor, email="long@example.org")
    page = visitor.get("/account/password")
    visitor.submit(page, "/account/password", {"current": PASSWORD, "password": long})
    other = Client(app)
    enter(other, "long@example.org", long[:-1], 422)
    enter(other, "long@example.org", long.replace("é", "e\N{COMBINING ACUTE ACCENT}"))


def test_a_session_from_before_signing_in_is_not_the_one_after(app: DirectoryApp, visitor: Client) -> None:
    made(app, "victim@example.org")
    attacker = Client(app)
    sign_in(attacker, email="attacker@example.org")
    planted = cookie_of(attacker)
    visitor.inner.set_cookie("session", planted)
    enter(visitor, "victim@example.org")
    assert cookie_of(visitor) != planted
    attacker.get("/account", 303)
    assert "victim@example.org" in visitor.get("/account").words()


def test_a_copied_cookie_is_worth_nothing_after_signing_out(visitor: Client) -> None:
    sign_in(visitor, email="copied@example.org")
    page = visitor.get("/account")
    copied = cookie_of(visitor)
    out = visitor.submit(page, "/account/sign-out")
    assert out.response.headers["Clear-Site-Data"] == '"cache"'
    visitor.inner.set_cookie("session", copied)
    visitor.get("/account", 303)


@pytest.mark.parametrize(
    ("role", "idle", "absolute"),
    [
        (Role.PATIENT, timedelta(hours=2), timedelta(hours=24)),
        (Role.ADMINISTRATOR, timedelta(minutes=30), timedelta(hours=12)),
    ],
)
def test_sessions_end_by_themselves(
    visitor: Client, clock: Clock, role: Role, idle: timedelta, absolute: timedelta
) -> None:
    sign_in(visitor, email=f"{role}-limits@example.org", roles=[role])
    while clock.now < population.NOW + absolute - idle:
        clock.now += idle - timedelta(seconds=1)
        if clock.now < population.NOW + absolute:
            visitor.get("/account")
    clock.now = population.NOW + absolute
    visitor.get("/account", 303)
    sign_in(visitor, email=f"{role}-limits@example.org", roles=[role])
    clock.now += idle
    visitor.get("/account", 303)


def test_a_closed_account_is_out_with_the_next_request(app: DirectoryApp, visitor: Client, session: Session) -> None:
    account_id = sign_in(visitor, email="closed@example.org")
    visitor.get("/account")
    service.disable(session, queries.account(session, account_id), now=population.NOW)
    session.commit()
    visitor.get("/account", 303)
    enter(visitor, "closed@example.org", PASSWORD, 422)


def test_nobody_signs_in_to_production_as_a_fictional_person(
    app: DirectoryApp, config: Config, clock: Clock, session: Session
) -> None:
    demonstration.make(session, now=clock.now)
    session.commit()
    production = replace(config, environment="production", site_url="https://localhost")
    site = create_app(production, engine=app.database.engine, clock=clock)
    client = Client(site, base="https://localhost")
    enter(client, demonstration.PATIENT.email, demonstration.PASSWORD, 422)
    client.get("/account/demo", 404)
    developer = Client(app)
    enter(developer, demonstration.PATIENT.email, demonstration.PASSWORD)
    developer.get("/account/demo")


def test_cookies_belong_to_this_host_and_to_no_script(
    app: DirectoryApp, config: Config, clock: Clock, session: Session
) -> None:
    made(app, "cookies@example.org")
    production = replace(config, environment="production", site_url="https://localhost")
    client = Client(create_app(production, engine=app.database.engine, clock=clock), base="https://localhost")
    given = enter(client, "cookies@example.org").response.headers.getlist("Set-Cookie")
    assert sorted(each.partition("=")[0] for each in given) == ["__Host-device", "__Host-session"]
    for each in given:
        flags = {part.strip() for part in each.split(";")[1:]}
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= flags
        assert not any(flag.startswith("Domain") for flag in flags)


# Second factors


def test_a_code_of_the_app_works_once(app: DirectoryApp, visitor: Client, session: Session, clock: Clock) -> None:
    account_id = made(app, "totp@example.org", app_key=KEY)
    enter(visitor, "totp@example.org")
    visitor.get("/account", 303)
    pending = cookie_of(visitor)
    page = visitor.get("/account/second-factor")
    shown = code(clock)
    visitor.submit(page, "/account/second-factor", {"code": f"{shown[:3]} {shown[3:]}"})
    visitor.get("/account")
    assert cookie_of(visitor) != pending
    second = Client(app)
    enter(second, "totp@example.org")
    page = second.get("/account/second-factor")
    again = second.submit(page, "/account/second-factor", {"code": shown}, 422)
    assert "used already" in again.errors_at()["code"]
    clock.now += timedelta(seconds=30)
    second.submit(again, "/account/second-factor", {"code": code(clock)})
    second.inner.set_cookie("session", pending)
    second.get("/account", 303)
    assert happened(session, account_id)[:2] == [Happening.NEW_DEVICE, Happening.SIGNED_IN]


def test_setting_up_an_app_gives_codes_of_which_each_works_once(
    app: DirectoryApp, visitor: Client, session: Session, clock: Clock
) -> None:
    account_id = sign_in(visitor, email="setup@example.org", second_factor=False)
    page = visitor.get("/account/authenticator")
    key = "".join(page.words(next(each for each in page.all("p") if each.get("class") == "secret")).split("-"))
    assert '<path class="qrline"' in page.text
    wrong = visitor.submit(page, "/account/authenticator", {"code": "000000"}, 422)
    assert "clock" in wrong.errors_at()["code"]
    before = cookie_of(visitor)
    shown = visitor.submit(wrong, "/account/authenticator", {"code": code(clock, key)}, 200)
    assert cookie_of(visitor) != before
    codes = [shown.words(each) for each in shown.all("li") if shown.words(each).count("-") == 3]
    assert len(codes) == 10
    assert newest_to(session, "setup@example.org").subject == "How you sign in was changed"
    second = Client(app)
    enter(second, "setup@example.org")
    page = second.get("/account/second-factor")
    second.submit(page, "/account/second-factor", {"code": codes[0].replace("-", " ").upper()})
    session.rollback()
    assert queries.recovery_codes_left(session, account_id) == 9
    third = Client(app)
    enter(third, "setup@example.org")
    page = third.get("/account/second-factor")
    third.submit(page, "/account/second-factor", {"code": codes[0]}, 422)


def test_somebody_elses_secret_cannot_be_slipped_in(app: DirectoryApp, visitor: Client, clock: Clock) -> None:
    other = Client(app)
    sign_in(other, email="thief@example.org")
    page = other.get("/account/authenticator")
    sealed = page.fields(page.form("/account/authenticator"))["secret"]
    sign_in(visitor, email="robbed@example.org")
    own = visitor.get("/account/authenticator")
    answer = visitor.submit(own, "/account/authenticator", {"secret": sealed, "code": "000000"}, 303)
    assert answer.response.headers["Location"].startswith("/account/authenticator")


def test_a_failed_set_up_does_not_make_an_old_code_good_again(app: DirectoryApp, visitor: Client, clock: Clock) -> None:
    made(app, "reuse@example.org", app_key=KEY)
    enter(visitor, "reuse@example.org")
    shown = code(clock)
    visitor.submit(visitor.get("/account/second-factor"), "/account/second-factor", {"code": shown})
    visitor.submit(visitor.get("/account/authenticator"), "/account/authenticator", {"code": "000000"}, 422)
    second = Client(app)
    enter(second, "reuse@example.org")
    second.submit(second.get("/account/second-factor"), "/account/second-factor", {"code": shown}, 422)


def test_codes_cannot_be_guessed(app: DirectoryApp, visitor: Client, clock: Clock) -> None:
    made(app, "guessed@example.org", app_key=KEY)
    enter(visitor, "guessed@example.org")
    page = visitor.get("/account/second-factor")
    for number in range(8):
        visitor.submit(page, "/account/second-factor", {"code": f"00000{number}"}, 422)
    stopped = visitor.submit(page, "/account/second-factor", {"code": code(clock)}, 429)
    assert 0 < int(stopped.response.headers["Retry-After"]) <= 15 * 60


def test_a_role_granted_meanwhile_asks_for_the_second_factor_at_once(
    visitor: Client, session: Session, clock: Clock
) -> None:
    account_id = sign_in(visitor, email="promoted@example.org", roles=[Role.PATIENT], second_factor=False)
    visitor.get("/registration/review", 404)
    service.grant(session, queries.account(session, account_id), Role.PRACTITIONER, now=clock.now)
    session.commit()
    asked = visitor.get("/registration/review", 303)
    assert asked.response.headers["Location"] == "/account/second-factor?next=/registration/review"
    offered = visitor.get(asked.response.headers["Location"], 303)
    assert offered.response.headers["Location"].startswith("/account/second-factors")


@pytest.mark.parametrize("permission", [Permission.READ_REQUESTS, Permission.VERIFY_CLAIMS, Permission.ADMINISTER])
def test_whatever_reaches_other_people_asks_for_it_on_every_page(permission: Permission) -> None:
    assert Access(Who.HOLDER, needs=permission).asks_second_factor


def test_the_only_second_factor_of_an_administrator_stays(visitor: Client, session: Session, clock: Clock) -> None:
    account_id = sign_in(visitor, email="stays@example.org", roles=[Role.ADMINISTRATOR])
    account = queries.account(session, account_id)
    factors.set_up_totp(session, account, factors.secret_of(KEY), now=clock.now)
    session.commit()
    page = visitor.get("/account/second-factors")
    assert not [each for each in page.all("form") if each.get("action") == "/account/authenticator/remove"]
    token = page.fields(next(iter(page.all("form"))))["csrf_token"]
    visitor.post("/account/authenticator/remove", 409, data={"csrf_token": token})


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{",
        "[]",
        "null",
        '{"id": 1}',
        json.dumps({"rawId": "AA", "response": {"clientDataJSON": "e30"}}),
        "x" * 20_000,
    ],
)
def test_what_is_no_passkey_opens_nothing(visitor: Client, answer: str) -> None:
    page = visitor.get("/account/sign-in")
    visitor.submit(page, "/account/sign-in/passkey", {"credential": answer}, 422)
    sign_in(visitor, email="no-passkey@example.org")
    page = visitor.get("/account/passkeys/new")
    visitor.submit(page, "/account/passkeys/new", {"name": "key", "credential": answer}, 422)


def test_options_for_passkeys_name_no_accounts_to_strangers(visitor: Client) -> None:
    token = visitor.get("/account/sign-in").fields(visitor.get("/account/sign-in").form("/account/sign-in"))[
        "csrf_token"
    ]
    told = visitor.post("/account/challenge", 200, headers={"X-CSRFToken": token})
    options = json.loads(told.text)
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"
    assert options["rpId"] == "localhost"


# Throttles


def test_guessing_is_slowed_down_and_locks_nobody_else_out(app: DirectoryApp, visitor: Client, clock: Clock) -> None:
    made(app, "target@example.org")
    owner = Client(app)
    enter(owner, "target@example.org", environ_base=ANOTHER_PLACE)
    for _ in range(8):
        enter(visitor, "target@example.org", "a wrong guess of mine", 422, environ_base=ELSEWHERE)
    stopped = enter(visitor, "target@example.org", PASSWORD, 429, environ_base=ELSEWHERE)
    assert "wait" in stopped.words()
    assert int(stopped.response.headers["Retry-After"]) > 0
    enter(owner, "target@example.org", environ_base=ANOTHER_PLACE)
    enter(Client(app), "target@example.org", environ_base=ANOTHER_PLACE)
    clock.now += timedelta(minutes=15)
    enter(visitor, "target@example.org", environ_base=ELSEWHERE)


def test_an_attack_from_many_networks_slows_strangers_and_not_the_owner(app: DirectoryApp, clock: Clock) -> None:
    made(app, "wide@example.org")
    owner = Client(app)
    enter(owner, "wide@example.org", environ_base=ANOTHER_PLACE)
    for number in range(40):
        enter(
            Client(app),
            "wide@example.org",
            "a wrong guess of mine",
            422,
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        )
    enter(Client(app), "wide@example.org", "a wrong guess of mine", 429, environ_base={"REMOTE_ADDR": "192.0.2.99"})
    enter(owner, "wide@example.org", environ_base=ANOTHER_PLACE)
    clock.now += timedelta(minutes=1)
    enter(Client(app), "wide@example.org", environ_base={"REMOTE_ADDR": "192.0.2.99"})


def test_one_network_does_not_try_everybody(app: DirectoryApp, clock: Clock) -> None:
    place = {"REMOTE_ADDR": "2001:db8:1:2::1"}
    neighbour = {"REMOTE_ADDR": "2001:db8:1:2:ffff::1"}
    visitor = Client(app)
    for number in range(40):
        enter(visitor, f"person{number}@example.org", "a wrong guess of mine", 422, environ_base=place)
    enter(visitor, "person41@example.org", "a wrong guess of mine", 429, environ_base=neighbour)


# Keeping an account


def test_what_decides_who_gets_in_asks_again_after_a_while(app: DirectoryApp, visitor: Client, clock: Clock) -> None:
    sign_in(visitor, email="stale@example.org", fresh=False)
    asked = visitor.get("/account/email", 303)
    assert asked.response.headers["Location"] == "/account/again?next=/account/email"
    page = visitor.get("/account/again?next=/account/email")
    before = cookie_of(visitor)
    visitor.submit(page, "/account/again", {"password": "not mine"}, 422)
    done = visitor.submit(page, "/account/again", {"password": PASSWORD})
    assert done.response.headers["Location"] == "/account/email"
    assert cookie_of(visitor) != before
    visitor.get("/account/email")
    other = Client(app)
    other.inner.set_cookie("session", before)
    other.get("/account", 303)


def test_a_changed_password_needs_the_old_one_and_ends_the_other_sessions(
    app: DirectoryApp, visitor: Client, session: Session
) -> None:
    account_id = sign_in(visitor, email="change@example.org")
    other = Client(app)
    sign_in(other, email="change@example.org")
    page = visitor.get("/account/password")
    wrong = visitor.submit(page, "/account/password", {"current": "wrong", "password": OTHER_PASSWORD}, 422)
    assert "current" in wrong.errors_at()
    visitor.submit(wrong, "/account/password", {"current": PASSWORD, "password": OTHER_PASSWORD})
    visitor.get("/account")
    other.get("/account", 303)
    assert newest_to(session, "change@example.org").subject == "Your password was changed"
    assert Happening.PROOF_FAILED in happened(session, account_id)


def test_a_new_address_counts_when_it_was_confirmed_and_the_old_one_can_take_it_back(
    app: DirectoryApp, visitor: Client, session: Session
) -> None:
    sign_in(visitor, email="old@example.org")
    visitor.submit(visitor.get("/account/email"), "/account/email", {"email": "next@example.org"})
    path = newest_to(session, "next@example.org").path
    assert newest_to(session, "old@example.org").subject == "Somebody asked to change your email address"
    assert "old@example.org" in visitor.get("/account").words()
    stranger = Client(app)
    stranger.get(path, 303)
    sign_in(stranger, email="stranger@example.org")
    stranger.get(path, 410)
    page = visitor.get(path)
    visitor.submit(page, path)
    visitor.submit(page, path, None, 410)
    assert "next@example.org" in visitor.get("/account").words()
    back = newest_to(session, "old@example.org").path
    taking_back = Client(app)
    taking_back.submit(taking_back.get(back), back)
    visitor.get("/account", 303)
    enter(visitor, "old@example.org", PASSWORD, 422)
    recover = newest_to(session, "old@example.org").path
    taking_back.submit(taking_back.get(recover), recover, {"password": OTHER_PASSWORD})
    enter(taking_back, "old@example.org", OTHER_PASSWORD)


def test_changing_to_somebodys_address_tells_nobody(app: DirectoryApp, visitor: Client, session: Session) -> None:
    made(app, "taken@example.org")
    sign_in(visitor, email="wants@example.org")
    free = visitor.submit(visitor.get("/account/email"), "/account/email", {"email": "free@example.org"})
    taken = visitor.submit(visitor.get("/account/email"), "/account/email", {"email": "taken@example.org"})
    assert free.text == taken.text
    assert newest_to(session, "taken@example.org").path == "/account/sign-in"


def test_sessions_are_listed_and_ended_by_their_owner_alone(
    app: DirectoryApp, visitor: Client, session: Session
) -> None:
    account_id = sign_in(visitor, email="sessions@example.org")
    other, stranger = Client(app), Client(app)
    sign_in(other, email="sessions@example.org")
    sign_in(stranger, email="no-friend@example.org")
    ids = [each.id for each in queries.sessions_of(session, account_id)]
    token = stranger.get("/account").fields(next(iter(stranger.get("/account").all("form"))))["csrf_token"]
    stranger.post(f"/account/sessions/{ids[0]}/end", 404, data={"csrf_token": token})
    page = visitor.get("/account/sessions")
    assert page.words().count("Firefox on Linux") >= 2
    visitor.submit(page, f"/account/sessions/{max(ids)}/end")
    other.get("/account", 303)
    sign_in(other, email="sessions@example.org")
    visitor.submit(visitor.get("/account/sessions"), "/account/sessions/end-others")
    other.get("/account", 303)
    assert "All other browsers were signed out" in visitor.get("/account/log").words()


def test_a_new_browser_is_told_of_once(app: DirectoryApp, visitor: Client, session: Session) -> None:
    made(app, "device@example.org")
    enter(visitor, "device@example.org")
    assert all(to != "device@example.org" for to, _ in letters(session))
    enter(visitor, "device@example.org")
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    enter(Client(app), "device@example.org", headers={"User-Agent": windows})
    told = [letter for to, letter in letters(session) if to == "device@example.org"]
    assert [each.subject for each in told] == ["A new browser signed in to your account"]
    assert "Firefox, Windows" in told[0].paragraphs[0]


# What it costs, what is written down, and what nobody may do


class Statements:
    """Counts what a request asks of the database."""

    def __init__(self, app: DirectoryApp) -> None:
        self.seen: list[str] = []
        event.listen(app.database.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            self.seen.append(statement)


def test_knowing_who_asks_costs_one_statement_and_nothing_where_nobody_wants_to_know(
    app: DirectoryApp, visitor: Client
) -> None:
    statements = Statements(app)
    page = visitor.get("/about")
    assert statements.seen == []
    assert "Set-Cookie" not in page.response.headers
    assert "no-store" not in page.response.headers["Cache-Control"]
    assert "Sign in" in page.words()
    sign_in(visitor, email="cheap@example.org")
    statements.seen.clear()
    visitor.get("/account/password")
    assert len(statements.seen) == 1
    statements.seen.clear()
    page = visitor.get("/about")
    assert statements.seen == []
    assert "My account" in page.words()
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_that_a_session_was_used_is_known_to_the_minute(visitor: Client, session: Session, clock: Clock) -> None:
    account_id = sign_in(visitor, email="seen@example.org")
    clock.now += timedelta(seconds=59)
    visitor.get("/account")
    asked = select(func.max(AccountSession.last_seen_at)).where(AccountSession.account_id == account_id)
    assert session.scalar(asked) == population.NOW
    clock.now += timedelta(seconds=1)
    visitor.get("/account")
    session.rollback()
    assert session.scalar(asked) == clock.now


def test_every_event_is_in_both_logs_and_no_address_in_ours(
    app: DirectoryApp, visitor: Client, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    account_id = made(app, "logged@example.org")
    logs.configure("info")
    try:
        enter(visitor, "logged@example.org", "not this one at all", 422)
        enter(visitor, "nobody-logged@example.org", "not this one at all", 422)
        enter(visitor, "logged@example.org")
        visitor.submit(visitor.get("/account"), "/account/sign-out")
    finally:
        logs.configure("error")
    written = capsys.readouterr().err
    assert "logged@" not in written
    assert PASSWORD not in written
    told = [json.loads(line) for line in written.splitlines() if '"happening"' in line]
    assert [(each["happening"], each["account"]) for each in told] == [
        ("sign_in_failed", account_id),
        ("sign_in_failed", None),
        ("signed_in", account_id),
        ("signed_out", account_id),
    ]
    assert happened(session, account_id)[:3] == [Happening.SIGNED_OUT, Happening.SIGNED_IN, Happening.SIGN_IN_FAILED]
    assert logging.getLogger().handlers


@pytest.mark.parametrize(
    "path",
    [
        "/account/sign-in",
        "/account/sign-out",
        "/account/register",
        "/account/recover",
        "/account/password",
        "/account/email",
        "/account/again",
        "/account/second-factor",
        "/account/challenge",
        "/account/authenticator",
        "/account/passkeys/new",
        "/account/recovery-codes",
        "/account/sessions/end-others",
        "/account/practise",
    ],
)
def test_nothing_is_done_for_a_form_without_its_token(visitor: Client, path: str) -> None:
    sign_in(visitor, email="csrf@example.org")
    visitor.post(path, 400, data={"email": "csrf@example.org", "password": PASSWORD})


def test_no_field_that_is_not_asked_for_does_anything(visitor: Client, session: Session) -> None:
    register(visitor, "mass@example.org", "patient")
    path = newest_to(session, "mass@example.org").path
    extra = {
        "password": PASSWORD,
        "role": "administrator",
        "roles": "administrator",
        "fictional": "1",
        "email": "x@y.zz",
    }
    visitor.submit(visitor.get(path), path, extra)
    session.rollback()
    account = queries.by_email(session, "mass@example.org")
    assert account is not None
    assert account.roles == {Role.PATIENT}
    assert session.scalar(select(func.count()).select_from(Account).where(Account.email == "x@y.zz")) == 0


def test_a_patient_can_become_a_practitioner_too(visitor: Client) -> None:
    sign_in(visitor, email="both@example.org", roles=[Role.PATIENT])
    done = visitor.submit(visitor.get("/account"), "/account/practise")
    assert done.response.headers["Location"] == "/registration"
    visitor.get("/registration")
