"""Papers that contradict each other or say too little: whom the search hides, and whom nobody else's paper may hide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from directory.credentials import service as credentials
from directory.credentials.models import Credential
from directory.credentials.queries import papers_on_file
from directory.credentials.service import Check, CredentialDraft
from directory.credentials.terms import CheckMethod, CredentialKind, CredentialStatus
from directory.search import service
from directory.search.loader import IndexHolder
from tests.db.search.people import NOW, TODAY, add, add_paper, day, here


@pytest.fixture
def listed(town: Session, holder: IndexHolder) -> Callable[[], set[int]]:
    """Whom a search in Portland lists."""

    def ask() -> set[int]:
        town.commit()
        return {match.practitioner_id for match in service.find(town, here(), now=NOW, holder=holder).matches}

    return ask


def _register(town: Session, person: int, *, number: str, checked: bool) -> None:
    check = Check(
        status=CredentialStatus.ACTIVE, verified_on=TODAY, method=CheckMethod.PRIMARY_SOURCE, expires=day(300)
    )
    credentials.record(
        town,
        CredentialDraft(
            practitioner_id=person,
            kind=CredentialKind.STATUTORY_LICENCE,
            jurisdiction="US-OR",
            number=number,
            status=CredentialStatus.ACTIVE,
            expires=day(300),
            identity_match=checked,
            check=check if checked else None,
        ),
        now=NOW,
    )


def test_two_people_with_one_checked_number_are_both_hidden(town: Session, listed: Callable[[], set[int]]) -> None:
    first = add(town, licence={"number": "AC1"})
    assert listed() == {first}
    second = add(town, licence=None)
    _register(town, second, number="AC1", checked=True)
    assert listed() == set()


def test_a_number_somebody_only_claims_hides_nobody(town: Session, listed: Callable[[], set[int]]) -> None:
    first = add(town, licence={"number": "AC1"})
    second = add(town, licence=None)
    _register(town, second, number="AC1", checked=False)
    assert listed() == {first}


def test_the_same_number_in_another_jurisdiction_is_another_licence(
    town: Session, listed: Callable[[], set[int]]
) -> None:
    first = add(town, licence={"number": "AC1"})
    add(town, licence={"number": "AC1", "jurisdiction": "US-WA"})
    assert listed() == {first}


def test_a_renewal_just_typed_in_hides_nobody(town: Session, listed: Callable[[], set[int]]) -> None:
    person = add(town, licence=None)
    old = add_paper(town, person)
    typed_in = add_paper(town, person, number="AC2", supersedes_id=old, verified_on=None, check_method=None)
    assert listed() == {person}
    shown = [each.paper.number for each in papers_on_file(town, person)]
    assert len(shown) == 1, "the profile goes on showing what was checked"
    assert shown != ["AC2"]
    paper = town.get_one(Credential, typed_in)
    paper.verified_on, paper.check_method = TODAY, CheckMethod.PRIMARY_SOURCE
    assert [each.paper.number for each in papers_on_file(town, person)] == ["AC2"]


def test_a_renewal_just_typed_in_lifts_no_order(town: Session, listed: Callable[[], set[int]]) -> None:
    person = add(town)
    revoked = add_paper(town, person, status=CredentialStatus.REVOKED)
    add_paper(town, person, supersedes_id=revoked, verified_on=None, check_method=None)
    assert listed() == set()


def test_an_order_against_somebody_of_the_same_name_hides_nobody(town: Session, listed: Callable[[], set[int]]) -> None:
    person = add(town)
    add_paper(town, person, status=CredentialStatus.REVOKED, identity_match=False)
    assert listed() == {person}


def test_a_place_with_an_unknown_time_zone_is_left_out_and_stops_nobody_else(
    town: Session, listed: Callable[[], set[int]]
) -> None:
    add(town, place={"timezone": "Mars/Olympus_Mons"})
    other = add(town)
    assert listed() == {other}
