"""A letter that comes back is noted once, and nothing more is sent to an address that letters do not reach."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from directory import db
from directory.cli import main
from directory.crypto import keyring, new_key
from directory.errors import InvalidInput, NotFound
from directory.mail import bounces, delivery, outbox, rules, suppression
from directory.mail.letters import Letter
from directory.mail.models import OutgoingLetter, State, Why
from tests.mailserver import mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
LETTER = Letter(purpose="confirm_address", subject="Please confirm this address", paragraphs=("Hello.",))
ZOE = "zoe@example.org"


@pytest.fixture
def house(upgraded_database: str) -> Iterator[Engine]:
    keyring.install([new_key()])
    engine = db.make_engine(upgraded_database)
    yield engine
    engine.dispose()


def write(engine: Engine, to: str = ZOE) -> str:
    with Session(engine) as session:
        mark = outbox.send(session, to=to, letter=LETTER, language="en_GB", now=NOW).mark
        session.commit()
    return mark


def report(mark: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.net\nTo: hello@example.org\nSubject: Returned mail\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
        f"Final-Recipient: rfc822; somebody-else@example.com\nAction: {action}\nStatus: {status}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{mark}@example.org>\nSubject: x\n\n--b--\n"
    ).encode()


def take_back(engine: Engine, raw: bytes) -> bool:
    found = bounces.read(raw)
    assert found is not None
    with Session(engine) as session:
        news = suppression.bounced(session, found.mark, status=found.status, for_good=found.for_good, now=NOW)
        session.commit()
    return news


def states(engine: Engine) -> list[State]:
    with Session(engine) as session:
        return list(session.scalars(select(OutgoingLetter.state).order_by(OutgoingLetter.id)))


def out_of_reach(engine: Engine, address: str = ZOE) -> Why | None:
    with Session(engine) as session:
        found = suppression.of(session, address)
        return None if found is None else found.why


def deliver(engine: Engine) -> None:
    delivery.keep(engine, clock=lambda: NOW)


def test_a_letter_that_came_back_for_good_is_the_last_until_somebody_lifts_it(house: Engine) -> None:
    mark = write(house)
    deliver(house)
    assert take_back(house, report(mark))
    assert not take_back(house, report(mark))
    assert out_of_reach(house, " ZOE@example.org ") is Why.BOUNCED
    write(house)
    deliver(house)
    assert states(house) == [State.BOUNCED, State.SUPPRESSED]
    with Session(house) as session:
        suppression.lift(session, ZOE)
        session.commit()
    write(house)
    deliver(house)
    assert states(house)[-1] is State.SENT


def test_a_reason_that_may_pass_counts_only_again_and_again(house: Engine) -> None:
    for already in range(rules.MOST_SOFT):
        assert out_of_reach(house) is None, already
        mark = write(house)
        deliver(house)
        take_back(house, report(mark, status="5.2.2"))
    assert out_of_reach(house) is Why.OFTEN


def test_a_forged_report_changes_nothing(house: Engine) -> None:
    waiting = write(house)
    for mark in ("0" * 32, waiting):
        with pytest.raises(NotFound):
            take_back(house, report(mark))
    assert out_of_reach(house, "somebody-else@example.com") is None
    assert states(house) == [State.WAITING]


def test_what_is_no_report_of_a_failure_is_said_to_be_none() -> None:
    assert bounces.read(report("a" * 32, action="delayed", status="4.4.1")) is None
    for raw in (b"", b"Subject: holiday\n\nI am away.", b"\xff" * 100, b"x" * (bounces.MOST_BYTES + 1)):
        with pytest.raises(InvalidInput):
            bounces.read(raw)


def test_a_server_that_knows_nobody_of_that_name_is_believed_and_one_that_dislikes_us_is_not(
    house: Engine, tmp_path: Path
) -> None:
    said = {ZOE: "550 5.1.1 no such user", "li@example.org": "550 5.7.1 listed as unwanted"}
    with mail_server() as server:
        server.answer_recipient = lambda address: said[address]
        settings = Config.from_environment({**server.settings(), "SMTP_TLS": "none"}, cwd=tmp_path)
        for address in said:
            write(house, address)
        delivery.deliver(house, settings, clock=lambda: NOW)
    assert states(house) == [State.FAILED, State.FAILED]
    assert (out_of_reach(house), out_of_reach(house, "li@example.org")) == (Why.REFUSED, None)


def test_the_mail_system_pipes_reports_into_a_command(
    house: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key = new_key()
    keyring.install([key])
    runner = CliRunner(env={"DATABASE_URL": upgraded_database, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": key})
    mark = write(house)
    deliver(house)
    for raw, said in (
        (b"Subject: I am away\n\nBack on Monday.\n", "Nothing was changed."),
        (report(mark, action="delayed"), "The letter is late or has arrived."),
        (report("nobody-wrote-this"), "Nothing was changed."),
        (report(mark), "Noted."),
        (report(mark), "This was known already."),
    ):
        done = runner.invoke(main, ["mail", "bounced"], input=raw)
        assert (done.exit_code, said in done.output) == (0, True), (said, done.output)
    listed = runner.invoke(main, ["mail", "suppressed"]).output
    assert "bounced" in listed
    assert ZOE in listed
    assert runner.invoke(main, ["mail", "suppressed", "--lift", ZOE]).exit_code == 0
    assert "Letters reach everybody" in runner.invoke(main, ["mail", "suppressed"]).output
