"""The list, its pages, its counts and its newcomers, against looking at every row in plain Python."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.credentials.terms import Mode
from directory.practitioners.terms import Gender
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import PregnancyStatus
from directory.search import ranking
from directory.search.building import Row, build
from directory.search.criteria import Criteria, Part, Point, Preset, Wishes
from directory.search.index import ALWAYS, NEVER, Vocabulary
from directory.search.loader import Snapshot
from directory.search.selection import NEAREST_OFFERED, NEWCOMERS_DRAWN_FROM, NEWCOMERS_SHOWN, Selection
from tests.examples import examples
from tests.unit.search.rows import row
from tests.unit.search.test_index import km_between

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TODAY = NOW.date().toordinal()
HOME = Point(45.5, -122.6, "US", "US-OR", "America/Los_Angeles")

_TERMS = [("fact", "step_free"), ("gender", "female"), ("languages", "es"), ("languages", "vi"), ("payers", "us-one")]
terms = st.builds(
    lambda held, rare: frozenset(held) | rare,
    st.sets(st.sampled_from(_TERMS), min_size=1),
    st.sampled_from(
        [frozenset(), frozenset(), frozenset({("fact", "closed")}), frozenset({("declines", "pregnancy")})]
    ),
)
# Few different values, so that equals and near-equals are common; distances far from every radius asked for.
rows_of_people = st.lists(
    st.builds(
        row,
        st.integers(1, 9),
        st.sampled_from([45.5, 45.52, 45.6, 45.8, 46.5]),
        st.sampled_from([-122.6, -122.62, -122.9]),
        place=st.integers(1, 10**6),
        mode=st.sampled_from([Mode.IN_PERSON, Mode.IN_PERSON, Mode.HOME_VISIT, Mode.REMOTE]),
        reach_km=st.sampled_from([5.0, 80.0]),
        last_day=st.sampled_from([ALWAYS, ALWAYS, TODAY, TODAY - 1]),
        price=st.sampled_from([50.0, 90.0]),
        currency=st.just("USD"),
        accepting_day=st.sampled_from([NEVER, TODAY - 3, TODAY - 60]),
        pregnancy_last_day=st.sampled_from([NEVER, ALWAYS, ALWAYS]),
        max_week=st.sampled_from([20, 43]),
        rls_checked=st.sampled_from([0.0, 0.3, 0.301]),
        attested_day=st.just(TODAY),
        pregnancy=st.sampled_from([0.15, 0.6]),
        terms=terms,
    ),
    min_size=4,
    max_size=30,
    unique_by=lambda each: each.place,
)
_ASKED: dict[str, list[Any]] = {
    "languages": [frozenset({"es"}), frozenset({"vi"}), frozenset({"es", "vi"})],
    "payers": [frozenset({"us-one"})],
    "gender": [Gender.FEMALE],
    "max_price": [Decimal(60)],
    "step_free": [True],
    "home_visit": [True],
    "remote_first_talk": [True],
    "accepting_confirmed": [True],
}
wishes = st.lists(st.sampled_from(list(_ASKED)), max_size=2, unique=True).flatmap(
    lambda names: st.builds(Wishes, currency=st.just("USD"), **{name: st.sampled_from(_ASKED[name]) for name in names})
)
criteria = st.builds(
    Criteria,
    point=st.just(HOME),
    radius_km=st.sampled_from([20.0, 50.0, 500.0]),
    mode=st.sampled_from([Mode.IN_PERSON, Mode.IN_PERSON, Mode.REMOTE]),
    patient=st.sampled_from(
        [Patient(), Patient(pregnancy=PregnancyStatus.YES, weeks=Weeks(18, 19)), Patient(pregnancy=PregnancyStatus.NO)]
    ),
    musts=wishes,
    wishes=wishes,
    waitlist_ok=st.booleans(),
    preset=st.sampled_from(Preset),
)


def people_are_themselves(rows: list[Row]) -> list[Row]:
    """What is a person's and not a place's is the same on all of their rows."""
    first: dict[int, Row] = {}
    for each in rows:
        first.setdefault(each.practitioner, each)
    return [each._replace(rls_checked=first[each.practitioner].rls_checked) for each in rows]


def selection_of(rows: list[Row], asked: Criteria) -> Selection:
    vocabulary = Vocabulary.empty()
    for code in ("US-OR", "US-WA"):
        vocabulary.jurisdictions.number(code)
    snapshot = Snapshot(
        table=build(rows, vocabulary),
        vocabulary=vocabulary,
        rules={},
        labels={},
        token="",
        seq=0,
        mark=None,
        start=NOW.date(),
        read_at=NOW,
    )
    return Selection(snapshot, asked, now=NOW)


def far(each: Row) -> float:
    return (
        0.0
        if each.mode is Mode.REMOTE
        else km_between((HOME.latitude, HOME.longitude), (each.latitude, each.longitude))
    )


def suits(each: Row, asked: Criteria, *, pregnancy: bool = True) -> bool:
    if asked.mode is Mode.REMOTE:
        reached = each.mode is Mode.REMOTE
    else:
        reached = each.mode is not Mode.REMOTE and far(each) <= (
            asked.radius_km if each.mode is Mode.IN_PERSON else each.reach_km
        )
    weeks = asked.patient.gestation if pregnancy else None
    return (
        reached
        and each.first_day <= TODAY <= each.last_day
        and (asked.waitlist_ok or ("fact", "closed") not in each.terms)
        and (
            weeks is None
            or (
                each.pregnancy_last_day >= TODAY
                and each.min_week <= weeks.first
                and weeks.last <= each.max_week
                and ("declines", "pregnancy") not in each.terms
            )
        )
    )


def meets(each: Row, wishes: Wishes, name: str, rows: list[Row]) -> bool:
    visits = each.mode is Mode.HOME_VISIT
    match name:
        case "languages" | "payers":
            return any((name, code) in each.terms for code in getattr(wishes, name))
        case "gender":
            return ("gender", "female") in each.terms
        case "max_price":
            return each.price <= 60
        case "step_free":
            return ("fact", "step_free") in each.terms and not visits
        case "home_visit":
            return visits
        case "remote_first_talk":
            return any(
                one.practitioner == each.practitioner and one.mode is Mode.REMOTE and one.last_day >= TODAY
                for one in rows
            )
        case "accepting_confirmed":
            return 0 <= TODAY - each.accepting_day <= 30
    raise KeyError(name)


def by_hand(rows: list[Row], asked: Criteria) -> list[tuple[int, tuple[int, int], Row]]:
    """Everybody in order: practitioner, band and turn, and their best row."""
    fitting = [each for each in rows if suits(each, asked)]
    fitting = [each for each in fitting if all(meets(each, asked.musts, name, rows) for name in asked.musts.asked())]
    seed = ranking.seed_for(NOW.date(), f"45.50|-122.60|{asked.radius_km:.1f}|{asked.mode}")
    best: dict[int, tuple[Any, tuple[int, int], Row]] = {}
    for each in fitting:
        names = asked.wishes.asked()
        steps = [1.0 if meets(each, asked.wishes, name, rows) else -1.0 for name in names]
        worth = ranking.settled(
            ranking.Standing(
                **{name: np.array([getattr(each, name)]) for name in ranking.Standing.__dataclass_fields__}
            ),
            day=TODAY,
        )
        columns = ranking.Columns(
            rls=worth[Part.RLS],
            pregnancy=worth[Part.PREGNANCY],
            trust=worth[Part.TRUST],
            km=np.array([far(each)]),
            visits_home=np.array([asked.musts.home_visit and each.mode is Mode.HOME_VISIT]),
            fit=np.array([np.mean(steps) if steps else 0.0]),
        )
        ranks = ranking.rank(columns, ranking.weights_for(asked), radius_km=asked.radius_km, seed=seed)
        height = (int(ranks.band[0]), int(ranks.turn[0]))
        order = (-height[0], -height[1], round(far(each), 6), list(Mode).index(each.mode), each.place)
        if each.practitioner not in best or order < best[each.practitioner][0]:
            best[each.practitioner] = (order, height, each)
    lots = {each: int(ranking.lots(np.array([each]), seed)[0]) for each in best}
    listed = sorted(best, key=lambda each: (*best[each][0][:2], lots[each], each))
    return [(each, best[each][1], best[each][2]) for each in listed]


@settings(max_examples=examples(150))
@given(rows=rows_of_people, asked=criteria, size=st.integers(1, 6))
def test_the_list_and_its_pages_are_those_of_looking_at_every_row(rows: list[Row], asked: Criteria, size: int) -> None:
    rows = people_are_themselves(rows)
    expected = by_hand(rows, asked)
    selection = selection_of(rows, asked)
    ranked = selection.ranked
    assert len(ranked) == len(expected)
    found: list[tuple[int, int]] = []
    after, left = None, len(expected)
    while True:
        positions, remaining = ranked.first(size, after=after)
        assert remaining == left
        if not positions:
            break
        for position in positions:
            at = ranked.hits.rows[position]
            found.append((int(selection.table.practitioner[at]), int(selection.table.place[at])))
        after, left = ranked.keys(positions)[-1], left - len(positions)
    assert [who for who, _ in found] == [who for who, *_ in expected]
    near_ties = {who for who, _, best in expected if sum(one.practitioner == who for one in rows) > 1}
    assert {pair for pair in found if pair[0] not in near_ties} == {
        (who, best.place) for who, _, best in expected if who not in near_ties
    }


@settings(max_examples=examples(100))
@given(rows=rows_of_people, asked=criteria)
def test_counts_are_those_of_asking_about_everybody(rows: list[Row], asked: Criteria) -> None:
    selection = selection_of(rows, asked)
    facets = selection.facets()

    def people(musts: Wishes, *, pregnancy: bool = True) -> set[int]:
        return {
            each.practitioner
            for each in rows
            if suits(each, asked, pregnancy=pregnancy) and all(meets(each, musts, name, rows) for name in musts.asked())
        }

    for group, codes in (("languages", ("es", "vi")), ("payers", ("us-one",))):
        counted = {each.value: each.count for each in facets[group]}
        for code in codes:
            musts = Wishes(
                **{name: getattr(asked.musts, name) for name in Wishes.__dataclass_fields__}
                | {group: frozenset({code})}
            )
            assert counted.get(code, 0) == len(people(musts))
    for name in ("step_free", "home_visit", "remote_first_talk", "accepting_confirmed"):
        musts = Wishes(**{field: getattr(asked.musts, field) for field in Wishes.__dataclass_fields__} | {name: True})
        assert facets[name][0].count == len(people(musts))
    without = selection.without_pregnancy()
    if asked.patient.gestation is None:
        assert without is None
    else:
        assert without == len(people(asked.musts, pregnancy=False)) - len(people(asked.musts))


@settings(max_examples=examples(100))
@given(rows=rows_of_people, asked=criteria, shown=st.integers(0, 3))
def test_newcomers_are_near_without_evidence_and_not_on_the_page(rows: list[Row], asked: Criteria, shown: int) -> None:
    rows = people_are_themselves(rows)
    selection = selection_of(rows, asked)
    ranked = selection.ranked
    page, _ = ranked.first(shown) if shown else ([], 0)
    practitioners = selection.table.practitioner[ranked.hits.rows]
    found = ranked.newcomers(page)
    listed = by_hand(rows, asked)
    on_page = {int(practitioners[each]) for each in page}
    without = {who: far(best) for who, _, best in listed if best.rls_checked == 0 and who not in on_page}
    assert len(found) == min(NEWCOMERS_SHOWN, len(without))
    limit = sorted(without.values())[:NEWCOMERS_DRAWN_FROM][-1] if without else 0
    for each in found:
        assert without[int(practitioners[each])] <= limit + 1e-3
    assert len({int(practitioners[each]) for each in found}) == len(found)


@settings(max_examples=examples(80))
@given(rows=rows_of_people, asked=criteria, musts=st.booleans())
def test_the_nearest_are_those_of_the_whole_earth(rows: list[Row], asked: Criteria, musts: bool) -> None:
    """However the circles grow: the round radius that reaches the tenth nearest person, and all within it."""
    if asked.mode is Mode.REMOTE:
        return
    everywhere = [each for each in rows if suits(each, replace(asked, radius_km=20_040.0))]
    names = asked.musts.asked() if musts else ()
    everywhere = [each for each in everywhere if all(meets(each, asked.musts, name, rows) for name in names)]
    nearest: dict[int, float] = {}
    for each in sorted(everywhere, key=far):
        nearest.setdefault(each.practitioner, far(each))
    found = selection_of(rows, asked).nearest(musts=musts)
    if not nearest:
        assert found is None
        return
    assert found is not None
    reach = sorted(nearest.values())[:NEAREST_OFFERED][-1]
    assert found.radius_km >= reach - 1e-3
    assert len(found) == len({each.practitioner for each in everywhere if far(each) <= found.radius_km})
    assert found.radius_km <= max(5.0, 2 * reach), "no wider than it must be"
