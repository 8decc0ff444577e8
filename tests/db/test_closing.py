"""Somebody practises no longer: shown nowhere, reminded of nothing, and taken back by two alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from directory.accounts import service as accounts
from directory.cases import service as cases
from directory.cases.terms import Kind, State
from directory.credentials.keeping import reminding
from directory.crypto import keyring
from directory.desk import closing as desk
from directory.errors import Conflict, InvalidInput
from directory.jurisdictions import queries as jurisdictions
from directory.mail.models import OutgoingLetter
from directory.practitioners.closing import service
from directory.practitioners.closing.terms import Closing
from directory.practitioners.models import Practitioner
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import AccountStatus
from directory.privacy import service as privacy
from directory.search import listings
from directory.search.visible import open_places
from tests.factories import NOW, TODAY, Changes, listed, reference

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories import Listed


@pytest.fixture
def somebody(session: Session) -> Listed:
    keyring.install([Fernet.generate_key().decode()])
    reference(session)
    return listed(session, Changes(licence={"expires": TODAY + timedelta(days=30)}))


def _shown(session: Session, who: Listed) -> bool:
    rules = jurisdictions.all_rules(session)
    return bool(open_places(listings.read(session, practitioner_ids=[who.id]), rules, now=NOW))


def _status(session: Session, who: Listed) -> AccountStatus:
    return session.get_one(Practitioner, who.id, populate_existing=True).account_status


def test_who_is_closed_is_shown_and_reminded_no_more_and_cannot_publish(session: Session, somebody: Listed) -> None:
    account = accounts.create(session, "ada@example.org", roles=(), now=NOW, password="a quiet river in november")
    account.confirmed_at = NOW
    publication.give_to(session, somebody.id, account.id, now=NOW)
    licence = cases.open_for(session, Kind.LICENCE, f"credential:{somebody.licence_id}", about=somebody.id, now=NOW)
    harm = cases.open_for(session, Kind.HARM, "complaint:1", about=somebody.id, now=NOW)
    told = cases.open_for(session, Kind.CLOSING, f"practitioner:{somebody.id}", about=somebody.id, now=NOW)
    assert _shown(session, somebody)
    assert somebody.id in reminding.perhaps_due(session, now=NOW)
    service.close(session, somebody.id, Closing.DIED, on=TODAY, by=7, now=NOW)
    service.close(session, somebody.id, Closing.RETIRED, on=TODAY, by=8, now=NOW)
    assert not _shown(session, somebody)
    assert reminding.perhaps_due(session, now=NOW) == []
    assert (licence.state, licence.waiting_since) == (State.OPEN, NOW)
    assert harm.waiting_since is None
    assert told.state is State.CLOSED
    assert session.scalars(select(OutgoingLetter)).all() == []
    with pytest.raises(Conflict):
        publication.publish(session, somebody.id, now=NOW)
    with pytest.raises(Conflict):
        publication.pause(session, somebody.id, now=NOW)
    publication.suspend(session, somebody.id, now=NOW)
    privacy.leave(session, somebody.id, grace_days=30, by=None, now=NOW)
    privacy.come_back(session, somebody.id, by=None, now=NOW)
    assert _status(session, somebody) is AccountStatus.CLOSED


def test_one_letter_goes_to_the_account_where_it_is_wished(session: Session, somebody: Listed) -> None:
    account = accounts.create(session, "ada@example.org", roles=(), now=NOW, password="a quiet river in november")
    publication.give_to(session, somebody.id, account.id, now=NOW)
    service.close(session, somebody.id, Closing.RETIRED, on=TODAY, by=account.id, tell=True, now=NOW)
    assert [each.purpose for each in session.scalars(select(OutgoingLetter))] == ["profile_ended"]


def test_a_day_ahead_is_refused(session: Session, somebody: Listed) -> None:
    with pytest.raises(InvalidInput):
        service.close(session, somebody.id, Closing.RETIRED, on=TODAY + timedelta(days=2), by=None, now=NOW)
    assert _status(session, somebody) is AccountStatus.PUBLISHED


def test_two_of_the_desk_take_it_back_and_then_the_holder_publishes(session: Session, somebody: Listed) -> None:
    service.close(session, somebody.id, Closing.MOVED, on=TODAY, by=7, now=NOW)
    case = cases.open_for(session, Kind.LICENCE, f"credential:{somebody.licence_id}", about=somebody.id, now=NOW)
    assert not desk.reopen(session, somebody.id, reason="Another of this name", by=7, now=NOW)
    with pytest.raises(Conflict):
        desk.reopen(session, somebody.id, reason="Again", by=7, now=NOW)
    assert _status(session, somebody) is AccountStatus.CLOSED
    assert desk.reopen(session, somebody.id, reason="I rang them", by=8, now=NOW)
    assert _status(session, somebody) is AccountStatus.PAUSED
    assert case.waiting_since is None
    assert not _shown(session, somebody)
    publication.publish(session, somebody.id, now=NOW)
    assert _shown(session, somebody)
    with pytest.raises(Conflict):
        desk.reopen(session, somebody.id, reason="Once more", by=9, now=NOW)


def test_an_earlier_word_does_not_count_for_a_later_closing(session: Session, somebody: Listed) -> None:
    service.close(session, somebody.id, Closing.MOVED, on=TODAY, by=7, now=NOW)
    desk.reopen(session, somebody.id, reason="A mistake", by=7, now=NOW)
    desk.reopen(session, somebody.id, reason="Yes", by=8, now=NOW)
    later = NOW + timedelta(days=1)
    service.close(session, somebody.id, Closing.RETIRED, on=TODAY, by=7, now=later)
    assert desk.asked(session, somebody.id) is None
    assert not desk.reopen(session, somebody.id, reason="Again", by=8, now=later)


def test_nobody_decides_about_their_own_profile(session: Session, somebody: Listed) -> None:
    account = accounts.create(session, "ada@example.org", roles=(), now=NOW, password="a quiet river in november")
    publication.give_to(session, somebody.id, account.id, now=NOW)
    service.close(session, somebody.id, Closing.MOVED, on=TODAY, by=7, now=NOW)
    with pytest.raises(Conflict, match="about yourself"):
        desk.reopen(session, somebody.id, reason="It is me", by=account.id, now=NOW)
