"""Keys and counters in both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.api_keys import queries, service
from directory.accounts.api_keys.models import ApiUse
from directory.accounts.api_keys.rules import of_key
from directory.crypto import keyring, new_key
from directory.errors import NotFound

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([new_key()])


def _issue(session: Session, name: str = "A charity") -> tuple[int, str]:
    row, secret = service.issue(session, name=name, contact="it@example.org", per_day=100, by=5, now=NOW)
    return row.id, secret


def test_a_key_opens_until_it_is_revoked_and_both_are_in_the_log(session: Session) -> None:
    key_id, secret = _issue(session)
    assert queries.quota_of(session, secret) == of_key(key_id, 100)
    assert queries.quota_of(session, secret[:-1] + "_") is None
    service.revoke(session, key_id, by=6, now=NOW)
    service.revoke(session, key_id, by=7, now=NOW + timedelta(days=1))
    assert queries.quota_of(session, secret) is None
    (row,) = queries.keys(session)
    assert (row.revoked_by, row.revoked_at, row.contact_sealed) == (6, NOW, "it@example.org")
    session.commit()
    assert audit.verify(session).entries == 2
    with pytest.raises(NotFound):
        service.revoke(session, 4711, by=6, now=NOW)


def test_counts_of_several_processes_add_up_and_are_forgotten(session: Session) -> None:
    key_id, _ = _issue(session)
    row = of_key(key_id, 100).counted_as("secret", NOW)
    other = ("f" * 64, NOW + timedelta(hours=1))
    assert service.write(session, [(row, 3), (other, 1)]) == sorted([(row, 3), (other, 1)])
    assert service.write(session, [(row, 4)]) == [(row, 7)]
    assert queries.used(session, *row) == 7
    assert queries.used_today(session, queries.keys(session), secret="secret", now=NOW) == {key_id: 7}
    assert service.forget(session, now=NOW + timedelta(hours=1)) == 1
    assert session.scalars(select(ApiUse.subject)).all() == [row[0]]


def test_keys_in_use_stand_before_those_that_are_revoked(session: Session) -> None:
    first, second, third = (_issue(session, name)[0] for name in ("one", "two", "three"))
    service.revoke(session, third, by=6, now=NOW)
    assert [each.id for each in queries.keys(session)] == [second, first, third]
