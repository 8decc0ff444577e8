"""Writing papers: what a check changes, what conditions mean, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from directory import changes
from directory.credentials import service as credentials
from directory.credentials.models import Credential, CredentialCondition, Indemnity, PregnancyDeclaration, RlsExperience
from directory.credentials.service import Check, IndemnityDraft
from directory.credentials.terms import CheckMethod, ConditionCode, CredentialStatus
from directory.errors import InvalidInput, NotFound
from tests.factories import (
    NOW,
    TODAY,
    Listed,
    licence_draft,
    listed,
    pregnancy_draft,
    reference,
    rls_draft,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.fixture
def somebody(session: Session) -> Listed:
    reference(session)
    return listed(session)


def _codes(session: Session, credential_id: int) -> set[ConditionCode]:
    return set(
        session.scalars(select(CredentialCondition.code).where(CredentialCondition.credential_id == credential_id))
    )


def test_conditions_are_read_and_only_added_to(session: Session, somebody: Listed) -> None:
    draft = licence_draft(
        somebody.id,
        conditions_text="must not treat pregnant patients",
        codes=frozenset({ConditionCode.SUPERVISED_ONLY}),
    )
    row = credentials.record(session, draft, now=NOW)
    assert _codes(session, row.id) == {ConditionCode.EXCLUDES_PREGNANCY, ConditionCode.SUPERVISED_ONLY}
    strange = credentials.record(session, replace(draft, conditions_text="see file", codes=frozenset()), now=NOW)
    assert _codes(session, strange.id) == {ConditionCode.OTHER}


def test_a_paper_without_a_check_is_unverified(session: Session, somebody: Listed) -> None:
    row = credentials.record(session, licence_draft(somebody.id, check=None), now=NOW)
    assert (row.verified_on, row.check_method, row.identity_match) == (None, None, False)


def test_a_check_keeps_what_the_register_said(session: Session, somebody: Listed) -> None:
    check = Check(
        verified_on=TODAY,
        method=CheckMethod.TELEPHONE,
        status=CredentialStatus.PROBATION,
        expires=TODAY + timedelta(days=9),
        raw_status="Stayed suspension",
    )
    row = credentials.record_check(session, somebody.licence_id, check, now=NOW)
    assert (row.status, row.expires, row.verified_on) == (CredentialStatus.PROBATION, check.expires, TODAY)
    assert row.raw_status == "Stayed suspension"
    assert row.last_checked_at is not None
    assert row.last_checked_at.date() == TODAY


def test_a_register_that_cannot_be_read_takes_nothing_away_yet(session: Session, somebody: Listed) -> None:
    before = session.get_one(Credential, somebody.licence_id)
    verified, expires = before.verified_on, before.expires
    unread = Check(verified_on=TODAY, status=CredentialStatus.UNKNOWN)
    row = credentials.record_check(session, somebody.licence_id, unread, now=NOW)
    credentials.record_check(session, somebody.licence_id, unread, now=NOW + timedelta(days=3))
    assert (row.status, row.last_known_status) == (CredentialStatus.UNKNOWN, CredentialStatus.ACTIVE)
    assert (row.unknown_since, row.verified_on, row.expires) == (NOW, verified, expires)
    credentials.record_check(
        session, row.id, Check(verified_on=TODAY, status=CredentialStatus.ACTIVE), now=NOW + timedelta(days=4)
    )
    assert (row.status, row.unknown_since) == (CredentialStatus.ACTIVE, None)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("expires", {"valid_from": TODAY, "expires": TODAY - timedelta(days=1)}),
        ("number", {"number": "9" * 81}),
        ("body", {"body": "Board\nof"}),
    ],
)
def test_a_paper_that_cannot_be_is_refused_at_its_field(
    session: Session, somebody: Listed, field: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        credentials.record(session, licence_draft(somebody.id, **facts), now=NOW)
    assert refusal.value.field == field


def test_declarations_replace_each_other_and_covers_add_up(session: Session, somebody: Listed) -> None:
    for patients in (5, 9):
        credentials.declare_rls(session, rls_draft(somebody.id, patients_24m=patients))
        credentials.declare_pregnancy(session, pregnancy_draft(somebody.id, patients_24m=patients))
    assert session.scalars(select(RlsExperience.patients_24m)).all() == [9]
    assert session.scalars(select(PregnancyDeclaration.patients_24m)).all() == [9]
    credentials.record_indemnity(session, IndemnityDraft(practitioner_id=somebody.id, expires=TODAY), now=NOW)
    assert len(session.scalars(select(Indemnity)).all()) == 2


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("max_week", {"min_week": 30, "max_week": 12}),
        ("min_week", {"min_week": -1}),
        ("max_week", {"max_week": 44}),
        ("training_hours", {"training_hours": float("nan")}),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_at_its_field(
    session: Session, somebody: Listed, field: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        credentials.declare_pregnancy(session, pregnancy_draft(somebody.id, **facts))
    assert refusal.value.field == field


def test_rls_numbers_are_not_negative(session: Session, somebody: Listed) -> None:
    with pytest.raises(InvalidInput) as refusal:
        credentials.declare_rls(session, rls_draft(somebody.id, years=-0.5))
    assert refusal.value.field == "years"


def test_every_change_is_told_to_the_search(session: Session, somebody: Listed) -> None:
    session.commit()
    for write in (
        lambda: credentials.record(session, licence_draft(somebody.id), now=NOW),
        lambda: credentials.record_check(session, somebody.licence_id, Check(verified_on=TODAY), now=NOW),
        lambda: credentials.declare_rls(session, rls_draft(somebody.id)),
        lambda: credentials.declare_pregnancy(session, pregnancy_draft(somebody.id)),
    ):
        before = changes.position(session).newest
        write()
        session.commit()
        assert changes.position(session, after=before).changed == {somebody.id}


def test_a_paper_that_is_not_there_cannot_be_checked(session: Session) -> None:
    with pytest.raises(NotFound):
        credentials.record_check(session, 999, Check(verified_on=TODAY), now=NOW)
