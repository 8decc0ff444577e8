"""The gates of a statutory state once more, in SQL, against what the search answers."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from directory.credentials.models import Credential, CredentialCondition, Indemnity
from directory.credentials.terms import (
    ORDERED_TO_STOP,
    PERMITS_PRACTICE,
    STATUTORY_ACUPUNCTURE,
    CheckMethod,
    ConditionCode,
)
from directory.practitioners.models import PracticePlace, Practitioner, ProfileAttestation
from directory.practitioners.terms import Accepting, AccountStatus
from directory.search import service
from directory.search.criteria import Page
from directory.search.loader import IndexHolder
from tests.db.search.people import NOW, PORTLAND, crowd, here


def listed(now: datetime) -> Select[tuple[int]]:
    """Who may be listed at a practice in Oregon or Washington on this instant's local day."""
    today = now.astimezone(ZoneInfo(PORTLAND.timezone)).date()
    recorded = today + timedelta(days=1)
    person, place = Practitioner, PracticePlace
    newer = aliased(Credential)
    forbids = exists().where(
        CredentialCondition.credential_id == Credential.id, CredentialCondition.code == ConditionCode.FORBIDS_PRACTICE
    )
    mine_here = (
        Credential.practitioner_id == person.id,
        Credential.jurisdiction == place.jurisdiction,
        ~exists().where(newer.supersedes_id == Credential.id),
    )
    licence = exists().where(
        *mine_here,
        ~forbids,
        Credential.kind.in_(STATUTORY_ACUPUNCTURE),
        Credential.status.in_(PERMITS_PRACTICE),
        Credential.expires >= today,
        or_(Credential.valid_from.is_(None), Credential.valid_from <= today),
        Credential.identity_match,
        Credential.verified_on <= recorded,
        Credential.check_method != CheckMethod.DOCUMENT_ONLY,
    )
    stopped = exists().where(*mine_here, or_(Credential.status.in_(ORDERED_TO_STOP), forbids))
    insured = exists().where(
        Indemnity.practitioner_id == person.id, Indemnity.expires >= today, Indemnity.verified_on <= recorded
    )
    attested = (
        select(func.max(ProfileAttestation.attested_at))
        .where(ProfileAttestation.place_id == place.id)
        .correlate(place)
        .scalar_subquery()
    )
    oldest = datetime.combine(today - timedelta(days=120), time(), tzinfo=UTC)
    return (
        select(person.id)
        .distinct()
        .join(place, place.practitioner_id == person.id)
        .where(
            person.account_status == AccountStatus.PUBLISHED,
            person.held_since.is_(None),
            person.holder_proved_on <= recorded,
            attested >= oldest,
            place.active,
            place.in_person,
            place.accepting != Accepting.CLOSED,
            or_(place.away_from.is_(None), today < place.away_from, place.away_until < today),
            insured,
            licence,
            ~stopped,
        )
    )


@pytest.mark.parametrize("seed", [21, 22])
def test_the_search_lists_whom_sql_lists(town: Session, holder: IndexHolder, seed: int) -> None:
    crowd(town, 80, random.Random(seed))
    for place in town.scalars(select(PracticePlace)):
        place.timezone, place.home_visit_radius_km = PORTLAND.timezone, 0.0
    town.flush()
    for hours in (-60, -12, 0, 11, 12, 13, 40, 24 * 50):
        now = NOW + timedelta(hours=hours)
        found = service.find(town, here(radius_km=500), Page(size=200), now=now, holder=holder)
        assert {each.practitioner_id for each in found.matches} == set(town.scalars(listed(now)))
        assert found.total == len(found.matches)
