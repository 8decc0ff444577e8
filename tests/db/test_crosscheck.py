"""What NPPES says of our own people opens a case once, and hides nobody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from directory.cases.models import Case
from directory.cases.terms import Risk
from directory.crypto import keyring, new_key
from directory.practitioners.models import Practitioner
from directory.registries.crosscheck import crosscheck, same_person
from directory.registries.models import RegistryEntry
from directory.registries.naming import of_parts
from directory.registries.terms import Standing
from tests import factories
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NPIS = ("2004498111", "2029487610", "2053977320")


def told(npi: str, last: str, first: str, standing: Standing = Standing.SHOWN) -> RegistryEntry:
    gone = standing is not Standing.SHOWN
    return RegistryEntry(
        npi=npi,
        standing=standing,
        standing_since=date(2026, 11, 1),
        last_name=last,
        first_name=first,
        middle_name="",
        suffix="",
        name_key=last.lower(),
        city="" if gone else "PORTLAND",
        region="" if gone else "OR",
        country="US",
        as_of=date(2026, 11, 10),
        digest="d" * 64,
    )


def test_a_deactivated_number_and_another_name_are_cases_and_hide_nobody(session: Session) -> None:
    keyring.install([new_key()])
    factories.reference(session)
    people = [
        factories.listed(session, factories.Changes(person={"display_name": name, "npi": npi})).id
        for name, npi in zip(("Ana Lee", "Bob Moe, L.Ac.", "Cy Roe"), NPIS, strict=True)
    ]
    session.add_all(
        [
            told(NPIS[0], "LEE", "ANA", Standing.DEACTIVATED),
            told(NPIS[1], "MOE", "ROBERT"),
            told(NPIS[2], "SOMEBODY", "ELSE"),
        ]
    )
    session.flush()
    first, second = (crosscheck(session, now=NOW) for _ in range(2))
    assert (first.deactivated, first.other_name, first.opened, second.opened) == (1, 1, 2, 0)
    found = session.execute(select(Case.about, Case.risk).where(Case.subject.like("npi_%")).order_by(Case.about)).all()
    assert [tuple(each) for each in found] == [(people[0], Risk.HIGH), (people[2], Risk.USUAL)]
    states = session.execute(select(Practitioner.account_status, Practitioner.held_since)).all()
    assert {(each[0].value, each[1]) for each in states} == {("published", None)}


@pytest.mark.parametrize(("name", "same"), [("Dr. Bob O’Moe", True), ("Rob Moe", False), ("Cher", True)])
def test_only_a_name_that_can_be_read_is_another(name: str, same: bool) -> None:
    assert same_person(name, of_parts("O'MOE", "ROBERT")) is same
