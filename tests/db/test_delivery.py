"""Letters reach a real mail server: once when all goes well, at least once when something dies, and none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config import Config
from directory import db, migrations
from directory.crypto import keyring, new_key
from directory.mail import delivery, outbox, rules
from directory.mail.letters import Letter, Link, say
from directory.mail.models import OutgoingLetter, State
from directory.paths import CONFIG
from tests.mailserver import CUT, CUT_AFTER, HOLD, Certificates, MailServer, certificates, free_port, mail_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
LETTER = Letter(
    purpose="confirm_address",
    subject="Please confirm this address",
    paragraphs=(say("Hello %(name)s.", name="Zoë 楊"), "Somebody gave this address to us."),
    link=Link("Confirm", "/account/confirm/abc-123"),
    closing=("If it was not you, do nothing.",),
)
PATIENCE_SECONDS = 300


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusted(tls: Certificates, monkeypatch: pytest.MonkeyPatch) -> Certificates:
    for name, value in tls.trust().items():
        monkeypatch.setenv(name, value)
    return tls


@pytest.fixture
def house(upgraded_database: str) -> Iterator[Engine]:
    keyring.install([new_key()])
    engine = db.make_engine(upgraded_database)
    migrations.models().create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Config]:
    def build(server: MailServer, **more: str) -> Config:
        return Config.from_environment({**server.settings(), **more}, cwd=tmp_path)

    return build


def _write(engine: Engine, *to: str, now: datetime = NOW) -> None:
    with Session(engine) as session:
        db.writing(session)
        for each in to:
            outbox.send(session, to=each, letter=LETTER, language="en_GB", now=now)
        session.commit()


def _states(engine: Engine) -> list[tuple[State, int, str | None]]:
    with Session(engine) as session:
        rows = session.scalars(select(OutgoingLetter).order_by(OutgoingLetter.id)).all()
        return [(row.state, row.tries, row.trouble) for row in rows]


def _deliver(engine: Engine, config: Config, *, now: datetime = NOW) -> delivery.Delivery:
    return delivery.deliver(engine, config, clock=lambda: now)


def test_a_letter_arrives_over_starttls_as_it_was_written(
    house: Engine, trusted: Certificates, settings: Callable[..., Config]
) -> None:
    _write(house, "zoe@example.org")
    with mail_server(trusted) as server:
        told = _deliver(house, settings(server))
    assert (told.sent, told.away) == (1, None)
    (received,) = server.received
    assert received.over_tls
    assert received.sender == "hello@directory.example.org"
    assert received.recipients == ("zoe@example.org",)
    message = received.message
    assert message["Subject"] == "Please confirm this address"
    assert message["To"] == "zoe@example.org"
    assert message["Reply-To"] == "hello@example.org"
    assert message["Date"].datetime == NOW
    assert "Hello Zoë 楊." in received.text
    assert received.link("/account/") == "/account/confirm/abc-123"
    assert _states(house) == [(State.SENT, 1, None)]
    assert _deliver(house, settings(server)).sent == 0


def test_it_arrives_over_tls_from_the_first_byte_signed_in(
    house: Engine, trusted: Certificates, settings: Callable[..., Config]
) -> None:
    _write(house, "zoe@example.org")
    with mail_server(trusted, implicit=True, sign_in=True) as server:
        wrong = settings(server, SMTP_TLS="implicit", SMTP_USER="stillpoint", SMTP_PASSWORD="open barley")
        told = _deliver(house, wrong)
        assert told.away is not None
        assert "sign in" in told.away
        right = settings(server, SMTP_TLS="implicit", SMTP_USER="stillpoint", SMTP_PASSWORD="open sesame")
        assert _deliver(house, right, now=NOW + rules.AWAY_PAUSE).sent == 1
    assert server.signed_in
    assert len(server.received) == 1


def test_a_server_that_cannot_prove_its_name_gets_nothing(
    house: Engine, tls: Certificates, settings: Callable[..., Config]
) -> None:
    _write(house, "zoe@example.org")
    with mail_server(tls) as server:
        told = _deliver(house, settings(server))
    assert told.away == "its certificate is not to be trusted"
    assert server.received == []
    assert _states(house) == [(State.WAITING, 0, told.away)]


def test_a_server_without_tls_gets_nothing(house: Engine, settings: Callable[..., Config]) -> None:
    _write(house, "zoe@example.org")
    with mail_server() as server:
        told = _deliver(house, settings(server))
        assert told.away is not None
        assert "does not offer" in told.away
        assert server.received == []
        assert _deliver(house, settings(server, SMTP_TLS="none"), now=NOW + rules.AWAY_PAUSE).sent == 1


def test_a_server_that_is_away_for_a_day_loses_nothing(
    house: Engine, trusted: Certificates, settings: Callable[..., Config]
) -> None:
    _write(house, "a@example.org", "b@example.org")
    nobody = MailServer(free_port())
    now = NOW
    for _ in range(30):
        assert _deliver(house, settings(nobody), now=now).away is not None
        now += timedelta(minutes=48)
    assert [(state, tries) for state, tries, _ in _states(house)] == [(State.WAITING, 0)] * 2
    with mail_server(trusted, port=nobody.port) as server:
        assert _deliver(house, settings(server), now=now).sent == 2
    assert [each.recipients for each in server.received] == [("a@example.org",), ("b@example.org",)]


def test_after_five_days_of_nobody_there_a_letter_is_given_up(house: Engine, settings: Callable[..., Config]) -> None:
    _write(house, "a@example.org")
    nobody = settings(MailServer(free_port()))
    late = NOW + rules.GIVE_UP_AFTER + timedelta(minutes=1)
    assert _deliver(house, nobody, now=late).away is not None
    ((state, _, trouble),) = _states(house)
    assert state is State.FAILED
    assert trouble is not None
    assert "cannot be reached" in trouble


def test_no_for_now_is_tried_again_later_and_later_and_given_up_in_the_end(
    house: Engine, settings: Callable[..., Config]
) -> None:
    _write(house, "full@example.org", "fine@example.org")
    tries: list[datetime] = []
    now = NOW
    with mail_server() as server:
        server.answer_recipient = lambda to: "450 4.2.2 full@example.org is full" if to.startswith("full") else "250 OK"
        config = settings(server, SMTP_TLS="none")
        told = _deliver(house, config)
        assert (told.sent, told.put_off, told.failed) == (1, 1, 0)
        tries.append(now)
        while _states(house)[0][0] is State.WAITING:
            # By the minute where pauses are of minutes, and by the half-hour where they are of hours.
            now += timedelta(minutes=1) if now < NOW + timedelta(minutes=30) else timedelta(minutes=30)
            told = _deliver(house, config, now=now)
            if told.put_off or told.failed:
                tries.append(now)
    assert len(tries) == rules.MOST_TRIES
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses == sorted(pauses)
    assert sum(pauses, timedelta()) > timedelta(days=2)
    # What the server said is not kept: it names the person.
    assert _states(house)[0] == (State.FAILED, rules.MOST_TRIES, "rcpt 450")


def test_it_signs_in_inside_starttls(house: Engine, trusted: Certificates, settings: Callable[..., Config]) -> None:
    _write(house, "zoe@example.org")
    with mail_server(trusted, sign_in=True) as server:
        assert _deliver(house, settings(server)).put_off == 1
        right = settings(server, SMTP_USER="stillpoint", SMTP_PASSWORD="open sesame")
        assert _deliver(house, right, now=NOW + rules.PAUSES[0]).sent == 1
    assert server.received[0].over_tls


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_no_for_ever_is_not_tried_again_and_keeps_nobody_else_waiting(
    house: Engine, settings: Callable[..., Config], step: str
) -> None:
    _write(house, "gone@example.org", "fine@example.org")
    with mail_server() as server:
        if step == "rcpt":
            server.answer_recipient = lambda to: "550 5.1.1 no such person" if to.startswith("gone") else "250 OK"
        else:
            server.answer_data = lambda letter: (
                "554 5.7.1 we do not like it" if letter.rcpt_tos == ["gone@example.org"] else "250 OK"
            )
        told = _deliver(house, settings(server, SMTP_TLS="none"))
    assert (told.sent, told.put_off, told.failed) == (1, 0, 1)
    assert [state for state, *_ in _states(house)] == [State.FAILED, State.SENT]


def test_no_to_us_is_no_fault_of_the_letter(house: Engine, settings: Callable[..., Config]) -> None:
    _write(house, "a@example.org")
    with mail_server() as server:
        server.answer_sender = lambda _: "550 5.7.1 you may not send from here"
        told = _deliver(house, settings(server, SMTP_TLS="none"))
        assert (told.put_off, told.failed) == (1, 0)
        server.answer_sender = lambda _: "250 OK"
        assert _deliver(house, settings(server, SMTP_TLS="none"), now=NOW + rules.PAUSES[0]).sent == 1


def test_a_connection_cut_in_the_middle_of_a_letter_delays_that_letter_alone(
    house: Engine, settings: Callable[..., Config]
) -> None:
    _write(house, "cut@example.org", "fine@example.org", "also@example.org")
    with mail_server() as server:
        server.answer_data = lambda letter: CUT if letter.rcpt_tos == ["cut@example.org"] else "250 OK"
        config = settings(server, SMTP_TLS="none")
        told = _deliver(house, config)
        assert (told.sent, told.put_off, told.away) == (2, 1, None)
        server.answer_data = lambda _: "250 OK"
        assert _deliver(house, config, now=NOW + rules.PAUSES[0]).sent == 1
    assert Counter(each.recipients[0] for each in server.received) == {
        "cut@example.org": 1,
        "fine@example.org": 1,
        "also@example.org": 1,
    }


def test_a_server_that_always_breaks_off_counts_as_away(house: Engine, settings: Callable[..., Config]) -> None:
    _write(house, *(f"p{number}@example.org" for number in range(6)))
    with mail_server() as server:
        server.answer_recipient = lambda _: CUT
        told = _deliver(house, settings(server, SMTP_TLS="none"))
    assert told.away is not None
    assert told.put_off == delivery.MOST_BREAKS


def test_a_letter_cut_off_after_it_was_taken_comes_twice_and_can_be_told_to_be_one(
    house: Engine, settings: Callable[..., Config]
) -> None:
    _write(house, "a@example.org")
    with mail_server() as server:
        server.answer_data = lambda _: CUT_AFTER
        config = settings(server, SMTP_TLS="none")
        _deliver(house, config)
        server.answer_data = lambda _: "250 OK"
        _deliver(house, config, now=NOW + rules.PAUSES[0])
    first, second = server.received
    assert first.raw == second.raw
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_several_at_once_hand_each_letter_over_once(house: Engine, settings: Callable[..., Config]) -> None:
    addresses = [f"p{number}@example.org" for number in range(24)]
    _write(house, *addresses)
    url = house.url.render_as_string(hide_password=False)

    def work(_: int) -> int:
        own = db.make_engine(url)
        try:
            return _deliver(own, config).sent
        finally:
            own.dispose()

    with mail_server() as server, ThreadPoolExecutor(4) as pool:
        config = settings(server, SMTP_TLS="none")
        sent = list(pool.map(work, range(4)))
    assert sum(sent) == len(addresses)
    assert Counter(each.recipients[0] for each in server.received) == dict.fromkeys(addresses, 1)


def test_killed_in_the_middle_it_is_handed_over_by_another_when_the_lease_is_over(
    upgraded_database: str, trusted: Certificates, settings: Callable[..., Config], tmp_path: Path
) -> None:
    key = new_key()
    keyring.install([key])
    engine = db.make_engine(upgraded_database)
    now = datetime.now(UTC)
    _write(engine, "a@example.org", now=now)
    with mail_server(trusted) as server:
        server.answer_data = lambda _: HOLD
        process = subprocess.Popen(
            [sys.executable, "-c", "from directory.cli import main; main()", "jobs", "run", "--once"],
            cwd=tmp_path,
            env={
                **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
                **trusted.trust(),
                **server.settings(),
                "SMTP_TIMEOUT_SECONDS": "60",
                "PYTHONPATH": str(CONFIG.parent),
                "DATABASE_URL": upgraded_database,
                "ENCRYPTION_KEYS": key,
                "SECRET_KEY": "s" * 40,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not server.held and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
        assert server.held, said
        server.answer_data = lambda _: "250 OK"
        config = settings(server)
        assert _deliver(engine, config, now=now + rules.LEASE / 2).sent == 0
        assert _deliver(engine, config, now=datetime.now(UTC) + rules.LEASE + timedelta(seconds=1)).sent == 1
    assert _states(engine) == [(State.SENT, 2, None)]
    engine.dispose()


@contextmanager
def _nobody_else_writes(url: str) -> Iterator[None]:
    """As when the disk is full: whoever wants to note anything cannot."""
    engine = db.make_engine(url)
    with engine.connect().execution_options(**db.WRITES) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE outgoing_letter IN ACCESS EXCLUSIVE MODE")
        yield
    engine.dispose()


@pytest.fixture
def impatient(house: Engine, upgraded_database: str) -> Iterator[Engine]:
    engine = db.make_engine(upgraded_database, timeout_seconds=1)
    yield engine
    engine.dispose()


def test_what_cannot_be_noted_first_is_not_sent(
    impatient: Engine, upgraded_database: str, settings: Callable[..., Config]
) -> None:
    _write(impatient, "a@example.org")
    with mail_server() as server:
        config = settings(server, SMTP_TLS="none")
        with _nobody_else_writes(upgraded_database), pytest.raises(OperationalError):
            _deliver(impatient, config)
        assert server.received == []
        assert _deliver(impatient, config).sent == 1


def test_what_cannot_be_crossed_off_at_once_is_not_sent_twice(
    impatient: Engine, upgraded_database: str, settings: Callable[..., Config]
) -> None:
    _write(impatient, "a@example.org")
    locked, sent = threading.Event(), threading.Event()

    def lock() -> None:
        sent.wait(PATIENCE_SECONDS)
        with _nobody_else_writes(upgraded_database):
            locked.set()
            time.sleep(2.5)

    def answer(_: object) -> str:
        sent.set()
        locked.wait(PATIENCE_SECONDS)
        return "250 OK"

    thread = threading.Thread(target=lock)
    thread.start()
    with mail_server() as server:
        server.answer_data = answer
        assert _deliver(impatient, settings(server, SMTP_TLS="none")).sent == 1
        thread.join()
        assert _deliver(impatient, settings(server, SMTP_TLS="none"), now=NOW + 2 * rules.LEASE).sent == 0
        assert len(server.received) == 1
    assert _states(impatient) == [(State.SENT, 1, None)]


def test_told_to_stop_it_finishes_the_letter_at_hand(house: Engine, settings: Callable[..., Config]) -> None:
    _write(house, "a@example.org", "b@example.org")
    with mail_server() as server:
        told = delivery.deliver(
            house, settings(server, SMTP_TLS="none"), clock=lambda: NOW, stopping=lambda: bool(server.received)
        )
    assert told.sent == 1
    assert [state for state, *_ in _states(house)] == [State.SENT, State.WAITING]


def test_an_address_outside_ascii_arrives(house: Engine, settings: Callable[..., Config]) -> None:
    _write(house, "zoë@exämple.org", "plain@exämple.org")
    with mail_server() as server:
        assert _deliver(house, settings(server, SMTP_TLS="none")).sent == 2
    assert [each.recipients for each in server.received] == [("zoë@exämple.org",), ("plain@xn--exmple-cua.org",)]


def test_without_a_mail_server_letters_stay_in_the_mailbox(house: Engine) -> None:
    _write(house, "a@example.org")
    assert delivery.keep(house, clock=lambda: NOW) == 1
    with Session(house) as session:
        (row,) = outbox.newest(session, limit=5)
        assert row.state is State.SENT
        assert row.recipient_sealed == "a@example.org"
