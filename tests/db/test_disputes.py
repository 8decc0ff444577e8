"""Two say that they are the same one: both hidden, and two of the desk find out whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from directory.cases.terms import State
from directory.credentials.decisions import queries as decisions
from directory.credentials.decisions.service import NeedsAnother
from directory.credentials.decisions.terms import Outcome
from directory.crypto import keyring
from directory.desk import disputes
from directory.errors import Conflict, InvalidInput
from directory.practitioners import queries as people
from directory.practitioners.terms import AccountStatus
from tests.factories import NOW, Listed, listed, reference

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.fixture
def two(session: Session) -> tuple[Listed, Listed]:
    keyring.install([Fernet.generate_key().decode()])
    reference(session)
    return listed(session), listed(session)


def test_two_who_find_the_same_settle_it(session: Session, two: tuple[Listed, Listed]) -> None:
    holder, rival = two
    case = disputes.begin(session, holder.id, rival.id, now=NOW)
    assert disputes.begin(session, holder.id, rival.id, now=NOW) is case
    assert [people.practitioner(session, each.id).held_since for each in two] == [NOW, NOW]
    with pytest.raises(InvalidInput):
        disputes.settle(session, case.id, holder=rival.id, note=" ", by=7, now=NOW)
    assert not disputes.settle(session, case.id, holder=rival.id, note="The board knows her", by=7, now=NOW)
    with pytest.raises(NeedsAnother):
        disputes.settle(session, case.id, holder=rival.id, note="Again", by=7, now=NOW)
    assert disputes.settle(session, case.id, holder=rival.id, note="I rang her", by=8, now=NOW)
    first, second = (people.practitioner(session, each.id) for each in two)
    assert (first.account_status, first.held_since) == (AccountStatus.SUSPENDED, None)
    assert (second.account_status, second.held_since) == (AccountStatus.PUBLISHED, None)
    assert case.state is State.CLOSED
    written = decisions.of_subject(session, f"practitioner:{holder.id}")
    assert [each.outcome for each in written] == [Outcome.SUSPENDED]


def test_two_who_find_otherwise_begin_anew(session: Session, two: tuple[Listed, Listed]) -> None:
    holder, rival = two
    case = disputes.begin(session, holder.id, rival.id, now=NOW)
    assert not disputes.settle(session, case.id, holder=rival.id, note="One", by=7, now=NOW)
    assert not disputes.settle(session, case.id, holder=holder.id, note="Other", by=8, now=NOW)
    assert disputes.proposed(session, case) is None
    assert case.state is State.OPEN
    assert not disputes.settle(session, case.id, holder=holder.id, note="One", by=8, now=NOW)
    assert disputes.settle(session, case.id, holder=holder.id, note="Yes", by=7, now=NOW)


def test_whoever_was_not_proved_to_be_the_holder_is_not_shown(session: Session, two: tuple[Listed, Listed]) -> None:
    case = disputes.begin(session, two[0].id, two[1].id, now=NOW)
    people.practitioner(session, two[1].id).holder_proved_on = None
    with pytest.raises(Conflict, match="proved"):
        disputes.settle(session, case.id, holder=two[1].id, note="I think so", by=7, now=NOW)
