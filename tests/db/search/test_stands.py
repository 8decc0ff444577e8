"""Where somebody stands: what a patient's list shows of them, neither more nor less, and nobody else by name."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from directory import changes
from directory.credentials.terms import Refusal, Verification
from directory.practitioners.models import PracticePlace
from directory.practitioners.terms import Accepting, AccountStatus
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import PregnancyStatus
from directory.search import service
from directory.search.criteria import Criteria, Page, Preset
from directory.search.loader import IndexHolder
from directory.search.results import Match
from directory.search.stands import Absence, Lacking, Stand
from tests.db.search import people
from tests.db.search.conftest import counted
from tests.db.search.people import NOW, here

PREGNANT = Patient(pregnancy=PregnancyStatus.YES, weeks=Weeks(20, 20))


def stand(session: Session, holder: IndexHolder, who: int, **facts: object) -> Stand:
    _, (found,) = service.stands(session, who, lambda _: [here(**facts)], now=NOW, holder=holder)
    return found


def whole_list(session: Session, holder: IndexHolder, criteria: Criteria) -> list[Match]:
    """The list as a patient turns its pages."""
    found: list[Match] = []
    page = Page(size=7)
    while True:
        results = service.find(session, criteria, page, now=NOW, holder=holder)
        assert results.before == len(found)
        found += results.matches
        if results.next_key is None:
            return found
        page = replace(page, day=results.day, after=results.next_key)


def test_everybody_sees_of_themselves_what_the_patient_sees(town: Session, holder: IndexHolder) -> None:
    people.crowd(town, 150, random.Random(4))
    for preset, patient in product(Preset, (Patient(), PREGNANT)):
        criteria = here(preset=preset, patient=patient, radius_km=200.0)
        found = whole_list(town, holder, criteria)
        assert len(found) > 5
        for number, match in enumerate(found, start=1):
            _, (mine,) = service.stands(town, match.practitioner_id, _only(criteria), now=NOW, holder=holder)
            assert mine.match == match
            assert (mine.position, mine.total) == (number, len(found))
            assert mine.absence is None
            total = math.fsum(part.points for part in match.score.parts)
            assert total == pytest.approx(match.score.total, abs=1e-12)
            assert mine.weights == tuple((part.part, part.weight) for part in match.score.parts)


def _only(criteria: Criteria) -> Callable[[object], list[Criteria]]:
    return lambda _: [criteria]


def test_those_just_above_are_told_as_an_average_of_at_least_three(town: Session, holder: IndexHolder) -> None:
    for patients in (40, 30, 20, 10):
        people.add(town, rls={"patients_24m": patients})
    last = people.add(town)
    found = stand(town, holder, last)
    assert (found.position, found.total, found.above) == (5, 5, 4)
    above = whole_list(town, holder, here())[:4]
    for number, mean in enumerate(found.means):
        assert mean.value == pytest.approx(sum(each.score.parts[number].value for each in above) / 4)
    third = stand(town, holder, above[2].practitioner_id)
    assert (third.above, third.means) == (2, ())


def test_an_edit_that_nobody_has_checked_changes_nothing(town: Session, holder: IndexHolder) -> None:
    ada = people.add(town)
    before = stand(town, holder, ada)
    people.add_paper(town, ada, jurisdiction="US-WA", verified_on=None, check_method=None)
    after = stand(town, holder, ada)
    assert after.match is not None
    assert before.match is not None
    assert after.match.score == before.match.score


@pytest.mark.parametrize(
    ("facts", "place", "asked", "reason"),
    [
        ({"account_status": AccountStatus.PAUSED}, {}, {}, (Lacking.NOT_LISTED, Refusal.NOT_PUBLISHED)),
        ({"attested_at": NOW - timedelta(days=130)}, {}, {}, (Lacking.NOT_LISTED, Refusal.NOT_ATTESTED)),
        ({"licence": None}, {}, {}, (Lacking.NOT_LISTED, Refusal.NO_LICENCE)),
        ({}, {"accepting": Accepting.CLOSED}, {}, (Lacking.LIST_CLOSED, None)),
        ({}, {"in_person": False}, {}, (Lacking.NO_PLACE, None)),
        ({}, {}, {"patient": PREGNANT}, (Lacking.PREGNANCY, Refusal.PREGNANCY_NOT_TREATED)),
        (
            {"pregnancy": {"training_verification": Verification.SELF_ATTESTED}},
            {},
            {"patient": PREGNANT},
            (Lacking.PREGNANCY, Refusal.TRAINING_NOT_CHECKED),
        ),
    ],
)
def test_whoever_is_not_in_the_list_is_told_the_one_reason(
    town: Session,
    holder: IndexHolder,
    facts: dict[str, object],
    place: dict[str, object],
    asked: dict[str, object],
    reason: tuple[Lacking, Refusal | None],
) -> None:
    people.add(town)
    ada = people.add(town, place=place, **facts)
    found = stand(town, holder, ada, **asked)
    assert found.absence is not None
    line = found.absence.line
    assert (found.absence.lacking, line.refusal if line else None) == reason
    assert (found.position, found.match, found.means) == (None, None, ())
    assert found.total == (0 if asked else 1)


def test_a_practice_beyond_the_circle_says_how_far_it_is(town: Session, holder: IndexHolder) -> None:
    ada = people.add(town, place={"latitude": 44.05, "longitude": -123.09})
    found = stand(town, holder, ada)
    assert found.absence is not None
    assert found.absence.lacking is Lacking.TOO_FAR
    assert found.absence.km == pytest.approx(167, abs=3)


def test_whoever_has_no_place_yet_is_told_so(town: Session, holder: IndexHolder) -> None:
    ada = people.add(town)
    town.execute(update(PracticePlace).values(active=False))
    changes.record(town, ada)
    town.flush()
    assert stand(town, holder, ada).absence == Absence(Lacking.NO_PLACE)


def test_two_questions_take_two_statements(town: Session, holder: IndexHolder) -> None:
    ada = people.add(town, pregnancy={})
    town.commit()
    service.ready(town, holder, now=NOW)
    with counted(town) as sent:
        own, found = service.stands(town, ada, lambda _: [here(), here(patient=PREGNANT)], now=NOW, holder=holder)
    assert len(sent) == 2, sent
    assert [each.position for each in found] == [1, 1]
    assert [each.practitioner.id for each in own] == [ada]
