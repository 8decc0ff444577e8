"""Writing accounts on both databases: what counts once, what must not race, and the commands ``stillpoint admin``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from directory import db
from directory.accounts import demonstration, factors, queries, rules, service, sessions, throttle
from directory.accounts.models import (
    Account,
    AccountAttempt,
    AccountDevice,
    AccountEvent,
    AccountLink,
    AccountSession,
    PasskeyChallenge,
)
from directory.accounts.terms import Action, Happening, Purpose, Role, Scope
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.cli import main
from directory.crypto import keyring, new_key
from directory.db import make_engine
from directory.errors import Conflict, NotFound
from directory.mail import outbox
from directory.mail.letters import Worded

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
PASSWORD = "a quiet river in november"
OTHER = "four grey herons asleep"


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([new_key()])


def someone(session: Session, email: str = "ann@example.org", *roles: Role) -> Account:
    return service.create(session, email, roles=roles or [Role.PATIENT], password=PASSWORD, now=NOW)


def paths(session: Session) -> dict[str, str]:
    """Where the newest letter to each address leads."""
    found: dict[str, str] = {}
    for row in outbox.newest(session, limit=50):
        found.setdefault(str(row.recipient_sealed), Worded.from_json(str(row.text_sealed)).path)
    return found


def token(session: Session, email: str) -> str:
    return paths(session)[email].rpartition("/")[2]


def test_an_address_has_one_account_however_it_is_spelled(session: Session) -> None:
    someone(session, "Ann@Example.org")
    with pytest.raises(Conflict):
        someone(session, " ann@EXAMPLE.org")
    found = queries.by_email(session, "ANN@example.ORG")
    assert found is not None
    assert found.email == "Ann@Example.org"


def test_secrets_never_reach_the_database_as_they_are(session: Session) -> None:
    account = someone(session)
    sid = sessions.begin(session, account, device="", now=NOW)
    codes = factors.new_recovery_codes(session, account, now=NOW)
    factors.set_up_totp(session, account, factors.secret_of("KRSXG5CTMVRXEZLUKN2XAZLS"), now=NOW)
    link = service.recovery_link(session, account, now=NOW)
    session.flush()
    stored = [
        str(row)
        for name in ("account", "account_session", "account_recovery_code", "account_link")
        for row in session.connection().exec_driver_sql(f"SELECT * FROM {name}").all()
    ]
    whole = "\n".join(stored)
    for secret in (PASSWORD, sid, codes[0], rules.code_key(codes[0]), "KRSXG5CTMVRXEZLUKN2XAZLS", link):
        assert secret not in whole


def test_a_link_is_for_one_thing_once_and_in_time(session: Session) -> None:
    service.ask_to_register(session, "new@example.org", Role.PRACTITIONER, locale="en_GB", now=NOW)
    found = token(session, "new@example.org")
    assert queries.link(session, found, Purpose.RECOVER, now=NOW) is None
    assert service.recover(session, found, OTHER, now=NOW) is None
    late = NOW + rules.LINK_LIVES[Purpose.REGISTER]
    assert service.finish_registering(session, found, PASSWORD, now=late) is None
    made = service.finish_registering(session, found, PASSWORD, now=late - timedelta(seconds=1))
    assert made is not None
    assert (made.locale, made.roles) == ("en_GB", {Role.PRACTITIONER})
    assert service.finish_registering(session, found, PASSWORD, now=NOW) is None


def test_whoever_was_faster_has_the_address(session: Session) -> None:
    service.ask_to_register(session, "twice@example.org", Role.PATIENT, locale="en_US", now=NOW)
    found = token(session, "twice@example.org")
    someone(session, "TWICE@example.org")
    assert service.finish_registering(session, found, OTHER, now=NOW) is None


def test_a_changed_address_can_be_taken_back_through_a_chain_of_changes(session: Session) -> None:
    account = someone(session, "first@example.org")
    for old, new in (("first@example.org", "second@example.org"), ("second@example.org", "third@example.org")):
        service.ask_to_change_email(session, account, new, now=NOW)
        assert account.email == old
        assert service.change_email(session, account, token(session, new), now=NOW)
    sessions.begin(session, account, device="", now=NOW)
    assert service.keep_email(session, token(session, "first@example.org"), now=NOW)
    assert account.email == "first@example.org"
    assert account.password is None
    assert not queries.sessions_of(session, account.id)
    assert not service.keep_email(session, token(session, "second@example.org"), now=NOW)
    assert service.recover(session, token(session, "first@example.org"), OTHER, now=NOW) is account


def test_somebody_looks_at_a_practitioners_new_address_and_at_nobody_elses(session: Session) -> None:
    for email, role in (("ann@example.org", Role.PRACTITIONER), ("bob@example.org", Role.PATIENT)):
        account = someone(session, email, role)
        service.ask_to_change_email(session, account, f"new-{email}", now=NOW)
        assert service.change_email(session, account, token(session, f"new-{email}"), now=NOW)
    waiting = [(each.kind, each.subject) for each in cases.open_cases(session)]
    ann = queries.by_email(session, "new-ann@example.org")
    assert ann is not None
    assert waiting == [(Kind.SENSITIVE_EDIT, f"account:{ann.id}")]


def test_an_address_that_somebody_took_meanwhile_cannot_be_taken_back(session: Session) -> None:
    account = someone(session, "moved@example.org")
    service.ask_to_change_email(session, account, "gone@example.org", now=NOW)
    assert service.change_email(session, account, token(session, "gone@example.org"), now=NOW)
    back = token(session, "moved@example.org")
    someone(session, "moved@example.org")
    assert not service.keep_email(session, back, now=NOW)
    assert account.email == "gone@example.org"


def test_a_number_to_sign_and_a_recovery_code_count_once_and_in_time(session: Session) -> None:
    account, other = someone(session), someone(session, "bob@example.org")
    challenge = factors.new_challenge(session, now=NOW)
    late = factors.new_challenge(session, now=NOW)
    assert factors.use_challenge(session, challenge, now=NOW)
    assert not factors.use_challenge(session, challenge, now=NOW)
    assert not factors.use_challenge(session, late, now=NOW + rules.CHALLENGE_LIVES)
    assert not factors.use_challenge(session, b"made up", now=NOW)
    code, *rest = factors.new_recovery_codes(session, account, now=NOW)
    assert not factors.use_recovery_code(session, other, code)
    assert factors.use_recovery_code(session, account, code)
    assert not factors.use_recovery_code(session, account, code)
    factors.new_recovery_codes(session, account, now=NOW)
    assert not factors.use_recovery_code(session, account, rest[0])


def test_a_passkey_is_somebodys_alone(session: Session) -> None:
    account, other = someone(session), someone(session, "bob@example.org")

    def add(to: Account) -> None:
        factors.add_passkey(
            session, to, credential_id=b"one", public_key=b"key", sign_count=0, name="key", transports=["usb"], now=NOW
        )

    add(account)
    with pytest.raises(Conflict):
        add(other)
    (kept,) = account.passkeys
    with pytest.raises(NotFound):
        factors.remove_passkey(session, other, kept.id)
    factors.new_recovery_codes(session, account, now=NOW)
    factors.remove_passkey(session, account, kept.id)
    assert queries.recovery_codes_left(session, account.id) == 0


def test_a_session_under_a_new_name_is_dead_under_the_old_one(session: Session) -> None:
    account = someone(session)
    first = sessions.begin(session, account, device="", now=NOW, pending=True)
    row = queries.session_of(session, first)
    assert row is not None
    second = sessions.renew(session, row, now=NOW + timedelta(minutes=1))
    assert queries.session_of(session, first) is None
    assert row.pending is False
    assert row.began_at == NOW + timedelta(minutes=1)
    sessions.renew(session, row, now=NOW + timedelta(minutes=9))
    assert row.began_at == NOW + timedelta(minutes=1)
    assert queries.session_of(session, second) is None


def test_the_last_administrator_stays(session: Session) -> None:
    ann, bob = someone(session, "a@x.org", Role.ADMINISTRATOR), someone(session, "b@x.org", Role.ADMINISTRATOR)
    service.disable(session, bob, now=NOW)
    with pytest.raises(Conflict):
        service.withdraw(session, ann, Role.ADMINISTRATOR, now=NOW)
    with pytest.raises(Conflict):
        service.disable(session, ann, now=NOW)
    service.enable(session, bob, now=NOW)
    assert service.withdraw(session, ann, Role.ADMINISTRATOR, now=NOW)
    assert not service.withdraw(session, ann, Role.ADMINISTRATOR, now=NOW)


def test_what_is_of_no_more_use_is_deleted_and_nothing_else(session: Session) -> None:
    account = someone(session)
    sessions.begin(session, account, device="", now=NOW)
    service.recovery_link(session, account, now=NOW)
    factors.new_challenge(session, now=NOW)
    sessions.know_device(session, account.id, "token", now=NOW)
    throttle.count(session, Action.SIGN_IN, {Scope.PAIR: "x"}, now=NOW)
    kinds = (AccountSession, AccountLink, PasskeyChallenge, AccountDevice, AccountAttempt, AccountEvent)

    def left(at: timedelta) -> list[int]:
        service.forget(session, kept=timedelta(days=31), now=NOW + at)
        return [session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]

    assert left(timedelta(0)) == [1] * 6
    assert left(timedelta(hours=1)) == [1, 0, 0, 1, 1, 1]
    assert left(timedelta(days=1)) == [1, 0, 0, 1, 0, 1]
    assert left(timedelta(days=31)) == [0, 0, 0, 1, 0, 1]
    assert left(timedelta(days=400)) == [0] * 6


# Several at once


@pytest.fixture
def engine_of_its_own(upgraded_database: str) -> Iterator[Engine]:
    engine = make_engine(upgraded_database, timeout_seconds=30)
    yield engine
    engine.dispose()


def at_once(engine: Engine, work: Callable[[Session], bool], times: int = 6) -> int:
    """How many of several transactions that begin together say that it worked."""
    start = threading.Barrier(times)

    def one(_: int) -> bool:
        start.wait()
        with Session(engine, expire_on_commit=False) as session:
            db.writing(session)
            try:
                worked = work(session)
            except Conflict:
                return False
            session.commit()
            return worked

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(one, range(times)))


def test_of_several_tries_at_once_no_more_pass_than_may(engine_of_its_own: Engine) -> None:
    limit = rules.TRIES[Action.SIGN_IN, Scope.PAIR].most

    def guess(session: Session) -> bool:
        subjects = {Scope.PAIR: "somebody"}
        if throttle.must_wait(session, Action.SIGN_IN, subjects, now=NOW):
            return False
        throttle.count(session, Action.SIGN_IN, subjects, now=NOW)
        return True

    assert at_once(engine_of_its_own, guess, times=limit + 4) == limit


def test_of_several_who_use_one_link_one_gets_an_account(engine_of_its_own: Engine) -> None:
    with Session(engine_of_its_own) as session:
        service.ask_to_register(session, "new@example.org", Role.PATIENT, locale="en_US", now=NOW)
        session.commit()
        found = token(session, "new@example.org")
    used = at_once(
        engine_of_its_own, lambda session: service.finish_registering(session, found, PASSWORD, now=NOW) is not None
    )
    assert used == 1


def test_of_several_who_use_one_recovery_code_or_number_one_passes(engine_of_its_own: Engine) -> None:
    with Session(engine_of_its_own, expire_on_commit=False) as session:
        account = someone(session)
        code = factors.new_recovery_codes(session, account, now=NOW)[0]
        challenge = factors.new_challenge(session, now=NOW)
        session.commit()
    assert at_once(engine_of_its_own, lambda session: factors.use_recovery_code(session, account, code)) == 1
    assert at_once(engine_of_its_own, lambda session: factors.use_challenge(session, challenge, now=NOW)) == 1


def test_two_administrators_cannot_withdraw_each_other(engine_of_its_own: Engine) -> None:
    with Session(engine_of_its_own, expire_on_commit=False) as session:
        emails = [someone(session, f"{name}@x.org", Role.ADMINISTRATOR).email for name in "ab"]
        session.commit()
    waiting = list(emails)

    def withdraw(session: Session) -> bool:
        account = queries.by_email(session, waiting.pop())
        assert account is not None
        return service.withdraw(session, account, Role.ADMINISTRATOR, now=NOW)

    assert at_once(engine_of_its_own, withdraw, times=2) == 1


# Commands


@pytest.fixture
def command(
    upgraded_database: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    monkeypatch.chdir(tmp_path_factory.mktemp("admin"))
    monkeypatch.setenv("DATABASE_URL", upgraded_database)
    engine = make_engine(upgraded_database)
    engine.dispose()

    def run(*arguments: str, given: str = "") -> tuple[int, str]:
        done = CliRunner().invoke(main, ["admin", *arguments], input=given)
        return done.exit_code, done.stdout if done.exit_code == 0 else done.stderr

    return run


def test_the_first_administrator_is_made_at_the_machine(
    command: Callable[..., tuple[int, str]], upgraded_database: str
) -> None:
    status, told = command("create", "root@example.org", given="passwordpassword\n")
    assert status == 1
    assert "tried first" in told
    assert command("list") == (0, "0 in all.\n")
    status, told = command("create", "root@example.org", given=f"{PASSWORD}\n")
    assert (status, told) == (0, "root@example.org is an administrator.\n")
    assert command("create", "Root@example.org") == (0, "Root@example.org is an administrator already.\n")
    status, told = command("create", "no address")
    assert (status, told) == (1, "Error: This is not an email address.\n")
    engine = make_engine(upgraded_database)
    with Session(engine) as session:
        account = queries.by_email(session, "root@example.org")
        assert account is not None
        assert str(account.password).startswith("$argon2id$")
    engine.dispose()


def test_or_whoever_opens_a_link_chooses_the_password(
    command: Callable[..., tuple[int, str]], upgraded_database: str
) -> None:
    status, told = command("create", "link@example.org", "--link")
    assert status == 0
    found = told.strip().rpartition("/account/recover/")[2]
    engine = make_engine(upgraded_database)
    with Session(engine) as session:
        assert service.recover(session, found, PASSWORD, now=datetime.now(UTC)) is not None
        assert service.recover(session, found, PASSWORD, now=datetime.now(UTC)) is None
    engine.dispose()


def test_what_administrators_do_about_accounts(command: Callable[..., tuple[int, str]], upgraded_database: str) -> None:
    command("create", "root@example.org", given=f"{PASSWORD}\n")
    engine = make_engine(upgraded_database)
    with Session(engine, expire_on_commit=False) as session:
        account = someone(session)
        sessions.begin(session, account, device="Firefox/Linux", now=datetime.now(UTC))
        factors.set_up_totp(session, account, factors.secret_of("KRSXG5CTMVRXEZLUKN2XAZLS"), now=NOW)
        session.commit()
    assert command("grant", "ann@example.org", "verifier") == (0, "ann@example.org is a verifier now.\n")
    assert command("grant", "nobody@example.org", "verifier") == (
        1,
        "Error: There is no account of nobody@example.org.\n",
    )
    assert "ann@example.org  patient, verifier, second proof" in command("list", "--role", "verifier")[1]
    assert "Firefox/Linux" in command("sessions", "ann@example.org", "--end")[1]
    assert command("sessions", "ann@example.org")[1].startswith("0 open")
    command("reset-second-factor", "ann@example.org")
    command("disable", "ann@example.org")
    assert command("disable", "root@example.org")[0] == 1
    assert command("withdraw", "root@example.org", "administrator")[0] == 1
    assert command("withdraw", "ann@example.org", "verifier") == (0, "ann@example.org is no verifier any more.\n")
    assert command("end-all-sessions", "--yes") == (0, "0 ended.\n")
    with Session(engine) as session:
        kept = queries.by_email(session, "ann@example.org")
        assert kept is not None
        assert (kept.active, kept.roles, kept.totp_since) == (False, {Role.PATIENT}, None)
        assert {Happening.DISABLED, Happening.ROLE_GRANTED} <= {
            each.happening for each in queries.events_of(session, kept.id)
        }
    engine.dispose()


def test_fictional_people_are_made_once(session: Session) -> None:
    made = demonstration.make(session, now=NOW)
    assert {account.id for account in demonstration.make(session, now=NOW).values()} == {
        account.id for account in made.values()
    }
    assert all(account.fictional for account in queries.fictional(session))
