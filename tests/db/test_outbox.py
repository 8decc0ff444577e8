"""The outbox: letters come and go with transactions, are sealed, and are nobody's twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from directory.crypto import keyring, new_key
from directory.errors import InvalidInput
from directory.mail import outbox, rules
from directory.mail.letters import Letter, Link
from directory.mail.models import OutgoingLetter, State

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
LETTER = Letter(
    purpose="confirm_address",
    subject="Please confirm this address",
    paragraphs=("Somebody gave this address to us.",),
    link=Link("Confirm", "/account/confirm/secret-part"),
)


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([new_key()])


def _send(session: Session, to: str = "zoe@example.org", now: datetime = NOW) -> OutgoingLetter:
    return outbox.send(session, to=to, letter=LETTER, language="en_GB", now=now)


def test_a_letter_falls_with_its_transaction(session: Session) -> None:
    session.commit()
    _send(session)
    session.rollback()
    assert outbox.take(session, now=NOW) is None


def test_address_and_words_lie_sealed(session: Session) -> None:
    _send(session)
    table = OutgoingLetter.__table__
    (row,) = session.execute(
        select(*(type_coerce(each, Text) if each.name.endswith("_sealed") else each for each in table.columns))
    ).all()
    told = " ".join(map(str, row))
    assert "zoe" not in told
    assert "secret-part" not in told
    assert "confirm this" not in told


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "zoe",
        "zoe@",
        "@example.org",
        "zoe@example",
        "zoe@example.org, b@example.org",
        "Zoë <zoe@example.org>",
        "zoe@example.org\r\nBcc: b@example.org",
        "zoe@exam ple.org",
        "zoe@[127.0.0.1]",
        "z" * 65 + "@example.org",
        "zoe@" + "e" * 250 + ".org",
        "\ud800@example.org",
        "zoe@example.org\x00",
    ],
)
def test_what_is_no_address_is_refused_at_its_field(session: Session, raw: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        _send(session, raw)
    assert caught.value.field == "email"
    assert raw[:8] not in str(caught.value) or not raw


def test_spaces_around_an_address_are_no_fault(session: Session) -> None:
    assert _send(session, " Zoe@EXAMPLE.org ").recipient_sealed == "Zoe@example.org"


def test_who_waits_longest_is_next_and_what_is_taken_is_nobody_elses(session: Session) -> None:
    _send(session, "second@example.org", NOW)
    _send(session, "first@example.org", NOW - timedelta(hours=1))
    taken = [outbox.take(session, now=NOW) for _ in range(3)]
    assert [each and each.recipient for each in taken] == ["first@example.org", "second@example.org", None]
    backlog = outbox.backlog(session)
    assert (backlog.waiting, backlog.oldest, backlog.failed) == (2, NOW - timedelta(hours=1), 0)


def test_who_comes_back_after_the_lease_changes_nothing(session: Session) -> None:
    _send(session)
    late = outbox.take(session, now=NOW)
    assert late is not None
    now = NOW + rules.LEASE
    other = outbox.take(session, now=now)
    assert other is not None
    assert (other.mark, other.tries) == (late.mark, 2)
    assert not outbox.handed_over(session, late, now=now)
    assert outbox.refused(session, late, trouble="rcpt 550", for_good=True, now=now) is None
    outbox.put_back(session, late, trouble="away", now=now)
    assert outbox.handed_over(session, other, now=now)


def test_a_letter_on_which_every_process_dies_is_given_up(session: Session) -> None:
    row = _send(session)
    now = NOW
    for _ in range(rules.MOST_TRIES):
        assert outbox.take(session, now=now) is not None
        now += rules.LEASE
    assert outbox.take(session, now=now) is None
    assert (row.state, row.trouble) == (State.FAILED, "died at every try")
    assert outbox.backlog(session).failed == 1


def test_a_clock_that_was_set_back_keeps_no_letter_waiting(session: Session) -> None:
    _send(session, now=NOW + timedelta(days=400))
    ahead = outbox.take(session, now=NOW + timedelta(days=400))
    assert ahead is not None
    taken = outbox.take(session, now=NOW)
    assert taken is not None
    assert outbox.refused(session, taken, trouble="rcpt 450", for_good=False, now=NOW) is State.WAITING


def test_laid_back_it_does_not_count_as_a_try(session: Session) -> None:
    _send(session)
    for _ in range(3):
        taken = outbox.take(session, now=NOW)
        assert taken is not None
        assert taken.tries == 1
        outbox.put_back(session, taken, trouble=None, now=NOW)
