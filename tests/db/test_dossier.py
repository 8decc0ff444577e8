"""What the desk reads of one case in one statement says the same on both databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials import service as credentials
from directory.credentials.decisions import service as decisions
from directory.credentials.decisions.service import Draft
from directory.credentials.decisions.terms import Method, Outcome
from directory.credentials.registration.models import Registration
from directory.credentials.terms import Refusal
from directory.crypto import keyring, new_key
from directory.desk import review
from directory.desk.dossier import queries as dossier
from directory.errors import NotFound
from directory.practitioners.models import Practitioner
from tests import nppes
from tests.factories import NOW, Changes, listed, pregnancy_draft, reference, rls_draft

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_everything_about_a_case_comes_in_one_statement(session: Session) -> None:
    keyring.install([new_key()])
    reference(session)
    twin = listed(session, Changes(licence={"number": "AC777777"}), now=NOW)
    person = listed(session, Changes(licence={"number": "AC777777", "check": None}), now=NOW)
    credentials.declare_rls(session, rls_draft(person.id))
    credentials.declare_pregnancy(session, pregnancy_draft(person.id, min_week=4, max_week=30))
    about = f"credential:{person.licence_id}"
    draft = Draft(
        kind=Kind.LICENCE,
        subject=about,
        practitioner_id=person.id,
        outcome=Outcome.NOT_CHECKED,
        method=Method.PRIMARY_SOURCE,
        by=None,
        note="The page was away.",
    )
    decisions.append(session, draft, now=NOW)
    npi = nppes.npi(7)
    session.get_one(Practitioner, twin.id).npi = npi
    session.add(Registration(practitioner_id=person.id, begun_at=NOW, npi_claimed=npi))
    case = cases.open_for(session, Kind.LICENCE, about, about=person.id, jurisdiction="US-OR", now=NOW).id
    other = cases.open_for(session, Kind.CONTROL, f"practitioner:{person.id}", about=person.id, now=NOW).id
    session.flush()
    session.expire_all()
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))
    file = dossier.read(session, case)
    assert len(asked) == 1, asked
    assert file.person is not None
    assert (file.case.id, file.person.id) == (case, person.id)
    (paper,) = [each for each in file.papers if each.id == person.licence_id]
    assert (paper.number, paper.verified_on, type(paper.expires)) == ("AC777777", None, date)
    assert [each.decision.outcome for each in file.decisions] == [Outcome.NOT_CHECKED]
    assert file.decisions[0].note == "The page was away."
    assert file.decisions[0].decision.decided_at == NOW
    assert [each.id for each in file.open_cases] == [other]
    assert [(each.practitioner_id, each.number) for each in file.same_number] == [(twin.id, "AC777777")]
    assert [(each.practitioner_id, each.has_it) for each in file.same_npi] == [(twin.id, True)]
    assert {each.practitioner_id for each in file.namesakes} == {twin.id}
    assert "US-OR" in file.rules
    assert file.rls is not None
    assert file.pregnancy is not None
    found = review.review(session, case, now=NOW)
    assert [each.before for each in found.places] == [(Refusal.NO_LICENCE,)]
    # Their number is checked for somebody else too, and a number that two people have lists neither of them.
    assert [each.after for each in found.places] == [(Refusal.NO_LICENCE,)]
    assert found.rosters == []


def test_a_case_that_is_not_there_is_not_found(session: Session) -> None:
    for number in (1, 2**63):
        with pytest.raises(NotFound):
            dossier.read(session, number)


def test_granting_a_licence_that_nobody_else_has_lists_the_place(session: Session) -> None:
    keyring.install([new_key()])
    reference(session)
    person = listed(session, Changes(licence={"number": "AC777777", "check": None}), now=NOW)
    about = f"credential:{person.licence_id}"
    case = cases.open_for(session, Kind.LICENCE, about, about=person.id, jurisdiction="US-OR", now=NOW).id
    (then,) = review.review(session, case, now=NOW).places
    assert (then.before, then.after, then.opens) == ((Refusal.NO_LICENCE,), (), True)
