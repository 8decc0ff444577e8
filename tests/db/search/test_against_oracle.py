"""``find`` against asking the rules about everybody: who, how many, and how many each further wish would leave."""

from __future__ import annotations

import itertools
import random
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from directory.credentials.terms import Mode
from directory.practitioners.terms import Availability, Gender, Technique
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import Condition, PregnancyStatus
from directory.search import service
from directory.search.criteria import Criteria, Page, Preset, Wishes
from directory.search.loader import IndexHolder
from directory.search.results import Match, Results
from tests.db.search.oracle import World
from tests.db.search.people import LANGUAGES, NOW, PAYERS, PORTLAND, VANCOUVER, crowd

SEARCHES = 24


def every_page(session: Session, criteria: Criteria, holder: IndexHolder, now: datetime) -> tuple[Results, list[Match]]:
    first = found = service.find(session, criteria, Page(size=7), now=now, holder=holder)
    matches = list(found.matches)
    while found.next_key is not None:
        page = Page(day=found.day, after=found.next_key, size=7)
        found = service.find(session, criteria, page, now=now, holder=holder)
        assert found.matches, "a page that is promised has somebody on it"
        matches += found.matches
    return first, matches


def some(chance: random.Random, odds: float, value: object, otherwise: object) -> object:
    return value if chance.random() < odds else otherwise


def random_wishes(chance: random.Random) -> Wishes:
    odds = chance.choice([0.0, 0.1, 0.25])
    return Wishes(
        languages=frozenset(chance.sample(LANGUAGES, 1 if chance.random() < odds else 0)),
        techniques=frozenset({chance.choice(list(Technique)[:3])} if chance.random() < odds else ()),
        gender=chance.choice(list(Gender)) if chance.random() < odds else None,
        availability=frozenset({chance.choice(list(Availability))} if chance.random() < odds else ()),
        payers=frozenset(chance.sample(PAYERS, chance.choice([1, 2])) if chance.random() < odds else ()),
        max_price=Decimal(80) if chance.random() < odds else None,
        currency=chance.choice(["USD", "USD", "CAD", "EUR"]),
        step_free=chance.random() < odds / 2,
        step_free_or_home_visit=chance.random() < odds,
        home_visit=chance.random() < odds / 2,
        remote_first_talk=chance.random() < odds,
        accepting_confirmed=chance.random() < odds,
    )


def random_criteria(chance: random.Random) -> Criteria:
    weeks = chance.randrange(2, 41)
    return Criteria(
        point=chance.choice([PORTLAND, VANCOUVER]),
        radius_km=chance.choice([5.0, 40.0, 100.0, 500.0]),
        mode=chance.choice([Mode.IN_PERSON, Mode.IN_PERSON, Mode.IN_PERSON, Mode.REMOTE]),
        patient=Patient(
            pregnancy=chance.choice([PregnancyStatus.NO, *PregnancyStatus]),
            weeks=chance.choice([None, Weeks(weeks, weeks + 1)]),
            age=chance.choice([None, None, 15, 17, 18, 70]),
            conditions=frozenset(chance.sample(list(Condition)[:6], chance.choice([0, 0, 0, 1]))),
        ),
        musts=random_wishes(chance),
        wishes=random_wishes(chance),
        waitlist_ok=chance.random() < 0.3,
        preset=chance.choice(list(Preset)),
    )


@pytest.mark.parametrize("seed", range(2))
def test_who_how_many_and_facets_are_those_of_asking_about_everybody(
    town: Session, holder: IndexHolder, seed: int
) -> None:
    chance = random.Random(seed)
    crowd(town, 70, chance)
    world = World(town)
    for number in range(SEARCHES):
        criteria = random_criteria(chance)
        now = NOW + timedelta(hours=3 * number - 40)
        ways = world.ways(criteria, now=now)
        expected = {way.practitioner_id for way in ways}
        first, matches = every_page(town, criteria, holder, now)
        assert sorted(each.practitioner_id for each in matches) == sorted(expected)
        assert first.total == len(expected)
        possible = {(way.practitioner_id, way.place_id, way.mode) for way in ways}
        assert {(each.practitioner_id, each.place_id, each.mode) for each in matches} <= possible
        for each in matches:
            assert sum(part.points for part in each.score.parts) == pytest.approx(each.score.total)
        assert all(a.key.band >= b.key.band for a, b in itertools.pairwise(matches))
        for each in (*first.matches, *first.newcomers, *(one for plan in first.relaxations for one in plan.matches)):
            assert each.permit.allowed
        if number % 6 == 0:
            _facets_agree(world, criteria, first, now)
        for plan in first.relaxations:
            musts = (
                Wishes() if plan.wish == "all" else criteria.musts.without(plan.wish) if plan.wish else criteria.musts
            )
            relaxed = world.ids(
                Criteria(
                    point=criteria.point,
                    radius_km=plan.radius_km,
                    mode=criteria.mode,
                    patient=criteria.patient,
                    musts=musts,
                    waitlist_ok=criteria.waitlist_ok,
                ),
                now=now,
            )
            assert plan.total == len(relaxed) > 0
            assert {each.practitioner_id for each in plan.matches} <= relaxed


def _facets_agree(world: World, criteria: Criteria, found: Results, now: datetime) -> None:
    for group in ("languages", "techniques", "availability", "payers", "gender"):
        for each in found.facets[group]:
            assert each.count == world.facet(criteria, group, each.value, now=now), (group, each)
    for name in ("step_free", "home_visit", "remote_first_talk", "accepting_confirmed"):
        asked = Criteria(
            point=criteria.point,
            radius_km=criteria.radius_km,
            mode=criteria.mode,
            patient=criteria.patient,
            musts=Wishes(
                **{field: getattr(criteria.musts, field) for field in Wishes.__dataclass_fields__} | {name: True}
            ),
            waitlist_ok=criteria.waitlist_ok,
        )
        assert found.facets[name][0].count == len(world.ids(asked, now=now)), name


def test_an_index_kept_up_by_changes_answers_like_one_built_anew(town: Session, holder: IndexHolder) -> None:
    chance = random.Random(11)
    crowd(town, 15, chance)
    for round_of_edits in range(6):
        crowd(town, 5, chance)
        town.commit()
        criteria, now = random_criteria(chance), NOW + timedelta(hours=7 * round_of_edits)
        kept_up, ours = every_page(town, criteria, holder, now)
        anew, theirs = every_page(town, criteria, IndexHolder(), now)
        assert kept_up.total == anew.total
        assert [(each.practitioner_id, each.place_id, each.key) for each in ours] == [
            (each.practitioner_id, each.place_id, each.key) for each in theirs
        ]
        assert kept_up.facets == anew.facets
