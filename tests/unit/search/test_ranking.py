"""The score and the order: numbers worked out by hand, and what must hold whatever the numbers are."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.credentials.rules import Paper
from directory.credentials.terms import CredentialKind, CredentialStatus, Liaison, Mode, OutcomeTracking, Verification
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import PregnancyStatus
from directory.search import ranking
from directory.search.criteria import Criteria, Part, Point, Preset
from directory.search.ranking import (
    Columns,
    RlsStanding,
    Standing,
    pregnancy_value,
    rls_standing,
    rls_value,
    weights_for,
)
from tests.examples import examples

DAY = date(2026, 11, 23)
V = Verification
HOME = Point(45.5, -122.6, "US", "US-OR", "America/Los_Angeles")

NOTHING: dict[str, Any] = {
    "patients": 0,
    "patients_verification": V.NONE,
    "years": 0.0,
    "years_verification": V.NONE,
    "training_hours": 0.0,
    "training_on": None,
    "training_verification": V.NONE,
    "outcomes": OutcomeTracking.NONE,
    "outcomes_verification": V.NONE,
    "liaison": Liaison.NONE,
    "liaison_verification": V.NONE,
    "publications": 0,
    "publications_verification": V.NONE,
    "attested_on": DAY,
}
VERIFICATIONS = [name for name in NOTHING if name.endswith("_verification")]
CONFIRMED = dict.fromkeys(VERIFICATIONS, V.INDEPENDENTLY_CONFIRMED)
FULL = (
    NOTHING
    | CONFIRMED
    | {
        "patients": 40,
        "years": 8.0,
        "training_hours": 30.0,
        "training_on": DAY,
        "outcomes": OutcomeTracking.AGGREGATE_REPORTED,
        "liaison": Liaison.CONFIRMED,
        "publications": 4,
    }
)


def standing(*standings: RlsStanding, **facts: Any) -> Standing:
    """Rows with these standings and otherwise equal facts; a fact may be one value or one a row."""
    size = len(standings)
    standard: dict[str, Any] = {"pregnancy": 0.0, "certified_until": 0, "penalty": 0.0}
    filled = {name: np.broadcast_to(np.asarray(value), (size,)) for name, value in (standard | facts).items()}
    return Standing(
        rls_own=np.array([each.own for each in standings]),
        rls_own_training=np.array([each.own_training for each in standings]),
        rls_checked=np.array([each.checked for each in standings]),
        rls_checked_training=np.array([each.checked_training for each in standings]),
        training_day=np.array([each.training_day for each in standings]),
        attested_day=np.array([each.attested_day for each in standings]),
        **filled,
    )


def columns(*standings: RlsStanding, **facts: Any) -> Columns:
    """The same, seen by one patient on ``DAY``."""
    standard: dict[str, Any] = {"km": 5.0, "visits_home": False, "fit": 0.0}
    asked = {name: facts.pop(name, value) for name, value in standard.items()}
    worth = ranking.settled(standing(*standings, **facts), day=DAY.toordinal())
    filled = {name: np.broadcast_to(np.asarray(value), (len(standings),)) for name, value in asked.items()}
    return Columns(rls=worth[Part.RLS], pregnancy=worth[Part.PREGNANCY], trust=worth[Part.TRUST], **filled)


def rls(on: date = DAY, **facts: Any) -> float:
    """The RLS value of somebody with these facts on a day."""
    return float(rls_value(standing(rls_standing(**(NOTHING | facts))), on.toordinal())[0])


def months(number: float) -> timedelta:
    return timedelta(days=round(number * ranking.DAYS_IN_MONTH))


# --- by hand ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ({}, 0.0),
        (FULL, 1.0),
        (FULL | dict.fromkeys(VERIFICATIONS, V.DOCUMENT_CHECKED), 0.85),
        (FULL | dict.fromkeys(VERIFICATIONS, V.SELF_ATTESTED), 0.25),
        (FULL | dict.fromkeys(VERIFICATIONS, V.NONE), 0.0),
        (FULL | {"patients": 400, "years": 80.0, "training_hours": 999.0, "publications": 99}, 1.0),
        (CONFIRMED | {"patients": 12}, 0.3 * math.log(13) / math.log(41)),
        (CONFIRMED | {"patients": 1, "years": 4.0}, 0.3 * math.log(2) / math.log(41) + 0.15 * 0.5),
        (CONFIRMED | {"years": 4.0}, 0.15 * 0.25),
        (CONFIRMED | {"training_hours": 15.0, "training_on": DAY}, 0.2 * 0.5),
        (CONFIRMED | {"training_hours": 15.0}, 0.0),
        (CONFIRMED | {"outcomes": OutcomeTracking.OWN_DIARY}, 0.2 * 0.4),
        (CONFIRMED | {"outcomes": OutcomeTracking.VALIDATED_SCALE_ROUTINE}, 0.2 * 0.8),
        (CONFIRMED | {"liaison": Liaison.SELF_ATTESTED}, 0.1 * 0.5),
        (CONFIRMED | {"liaison": Liaison.CONFIRMED}, 0.1),
        (CONFIRMED | {"publications": 1}, 0.05 / 4),
        ({"patients": 40, "patients_verification": V.SELF_ATTESTED}, 0.15),
        (FULL | {"attested_on": None}, 0.0),
    ],
)
def test_rls_experience_by_hand(facts: dict[str, Any], value: float) -> None:
    assert rls(**facts) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(("age", "fresh"), [(0, 1.0), (12, 1.0), (18, 0.75), (24, 0.5), (30, 0.25), (36, 0.0), (50, 0)])
def test_an_attestation_fades_between_one_and_three_years(age: int, fresh: float) -> None:
    assert rls(DAY + months(age), **(FULL | {"training_hours": 0.0})) == pytest.approx(0.8 * fresh, abs=0.002)


@pytest.mark.parametrize(("age", "left"), [(0, 1.0), (60, 0.5), (120, 0.25), (-24, 1.0)])
def test_training_halves_in_sixty_months(age: int, left: float) -> None:
    facts = CONFIRMED | {"training_hours": 30.0, "training_on": DAY - months(age)}
    assert rls(**facts) == pytest.approx(0.2 * left, abs=1e-4)


@pytest.mark.parametrize(
    ("hours", "checked", "patients", "liaison", "value"),
    [
        (40, V.INDEPENDENTLY_CONFIRMED, 50, Liaison.CONFIRMED, 1.0),
        (400, V.INDEPENDENTLY_CONFIRMED, 500, Liaison.CONFIRMED, 1.0),
        (12, V.DOCUMENT_CHECKED, 0, Liaison.NONE, 0.4 * 0.3 * 0.85 + 0.15),
        (20, V.DOCUMENT_CHECKED, 10, Liaison.SELF_ATTESTED, 0.17 + 0.25 * 0.85 * math.log(11) / math.log(51) + 0.25),
    ],
)
def test_pregnancy_practice_by_hand(
    hours: float, checked: Verification, patients: int, liaison: Liaison, value: float
) -> None:
    found = pregnancy_value(hours=hours, verification=checked, patients=patients, liaison=liaison)
    assert found == pytest.approx(value, abs=1e-12)


def test_distance_falls_with_the_chosen_radius() -> None:
    there = columns(RlsStanding(), RlsStanding(), RlsStanding(), km=[0.0, 32.0, 32.0], visits_home=[False, False, True])
    assert ranking.distance_value(there, 40.0) == pytest.approx([1.0, math.exp(-1), 1.0])
    assert ranking.distance_value(there, 80.0)[1] == pytest.approx(math.exp(-0.5))


def test_trust_by_hand() -> None:
    today = DAY.toordinal()
    rows = standing(*[RlsStanding()] * 4, certified_until=[0, today, today, today - 1], penalty=[0, 0, -0.5, -0.25])
    assert ranking.trust_value(rows, today) == pytest.approx([0.8, 1.0, 0.5, 0.55])


@pytest.mark.parametrize(
    ("status", "discipline", "penalty"),
    [
        (CredentialStatus.ACTIVE, None, 0.0),
        (CredentialStatus.ACTIVE, "reprimand 2024", -0.25),
        (CredentialStatus.PROBATION, None, -0.5),
        (CredentialStatus.PROBATION, "stayed suspension", -0.5),
    ],
)
def test_public_orders_take_from_trust(status: CredentialStatus, discipline: str | None, penalty: float) -> None:
    paper = Paper(kind=CredentialKind.STATUTORY_LICENCE, status=status, discipline=discipline)
    assert ranking.trust_penalty((paper,)) == penalty
    assert ranking.trust_penalty(()) == 0


def test_fit_starts_in_the_middle() -> None:
    assert ranking.fit_value(columns(*[RlsStanding()] * 3, fit=[-1.0, 0.0, 1.0])).tolist() == [0.0, 0.5, 1.0]


# --- better evidence never lowers ------------------------------------------------------------------------------------

LADDERS: dict[str, list[Any]] = {
    "patients": [0, 1, 2, 5, 12, 39, 40, 41, 400],
    "years": [0.0, 0.5, 2.0, 7.9, 8.0, 30.0],
    "training_hours": [0.0, 4.0, 12.0, 30.0, 100.0],
    "training_on": [None, *(DAY - timedelta(days=days) for days in (4000, 1800, 400, 0))],
    "outcomes": [
        OutcomeTracking.NONE,
        OutcomeTracking.OWN_DIARY,
        OutcomeTracking.VALIDATED_SCALE_ROUTINE,
        OutcomeTracking.AGGREGATE_REPORTED,
    ],
    "liaison": [Liaison.NONE, Liaison.SELF_ATTESTED, Liaison.CONFIRMED],
    "publications": [0, 1, 4, 9],
    "attested_on": [None, *(DAY - timedelta(days=days) for days in (1500, 900, 500, 366, 10, 0))],
} | {name: [V.NONE, V.SELF_ATTESTED, V.DOCUMENT_CHECKED, V.INDEPENDENTLY_CONFIRMED] for name in VERIFICATIONS}
evidence = st.fixed_dictionaries({name: st.sampled_from(steps) for name, steps in LADDERS.items()})


@settings(max_examples=examples(150))
@given(facts=evidence, name=st.sampled_from(sorted(LADDERS)), ahead=st.integers(0, 1200))
def test_a_step_up_in_evidence_never_lowers(facts: dict[str, Any], name: str, ahead: int) -> None:
    """Also from one's own word to a checked one: the cap on one's own word must not make checking costly."""
    on = DAY + timedelta(days=ahead)
    values = [rls(on, **(facts | {name: step})) for step in LADDERS[name]]
    assert all(lower <= higher + 1e-12 for lower, higher in itertools.pairwise(values)), values
    assert all(0 <= value <= 1 + 1e-12 for value in values)


@settings(max_examples=examples(60))
@given(facts=evidence)
def test_ones_own_word_alone_never_passes_a_quarter(facts: dict[str, Any]) -> None:
    assert rls(**(facts | dict.fromkeys(VERIFICATIONS, V.SELF_ATTESTED))) <= 0.25 + 1e-12


@settings(max_examples=examples(60))
@given(
    hours=st.floats(0, 200),
    more=st.floats(0, 50),
    patients=st.integers(0, 200),
    others=st.integers(0, 50),
    liaison=st.sampled_from(Liaison),
)
def test_more_pregnancy_practice_never_lowers(
    hours: float, more: float, patients: int, others: int, liaison: Liaison
) -> None:
    def value(hours: float, checked: Verification, patients: int, liaison: Liaison) -> float:
        return pregnancy_value(hours=hours, verification=checked, patients=patients, liaison=liaison)

    base = value(hours, V.DOCUMENT_CHECKED, patients, liaison)
    assert 0.15 <= base <= 1 + 1e-12
    assert value(hours + more, V.DOCUMENT_CHECKED, patients, liaison) >= base
    assert value(hours, V.INDEPENDENTLY_CONFIRMED, patients, liaison) >= base
    assert value(hours, V.DOCUMENT_CHECKED, patients + others, liaison) >= base
    assert value(hours, V.DOCUMENT_CHECKED, patients, Liaison.CONFIRMED) >= base


# --- weights ---------------------------------------------------------------------------------------------------------

patients = st.builds(
    Patient,
    pregnancy=st.sampled_from(PregnancyStatus),
    weeks=st.none() | st.builds(Weeks, st.integers(0, 20), st.integers(20, 41)),
)
own_weights = st.none() | st.lists(
    st.tuples(st.sampled_from(Part), st.just(0.0) | st.floats(0.001, 50)), max_size=5, unique_by=lambda pair: pair[0]
).map(tuple)


@settings(max_examples=examples(120))
@given(patient=patients, preset=st.sampled_from(Preset), mode=st.sampled_from(Mode), weights=own_weights)
def test_weights_always_sum_to_one(
    patient: Patient, preset: Preset, mode: Mode, weights: tuple[tuple[Part, float], ...] | None
) -> None:
    found = dict(weights_for(Criteria(point=HOME, patient=patient, preset=preset, mode=mode, weights=weights)))
    assert sum(found.values()) == pytest.approx(1.0)
    assert all(weight > 0 for weight in found.values())
    assert list(found) == [part for part in Part if part in found]
    assert mode is not Mode.REMOTE or Part.DISTANCE not in found
    assert patient.gestation is not None or Part.PREGNANCY not in found
    if patient.gestation is not None and Part.PREGNANCY not in dict(weights or ()):
        assert Part.PREGNANCY in found, "somebody pregnant is always ranked by pregnancy practice too"


def test_the_published_weights() -> None:
    plain = Criteria(point=HOME)
    assert dict(weights_for(plain)) == pytest.approx(
        {Part.RLS: 0.50, Part.DISTANCE: 0.25, Part.FIT: 0.15, Part.TRUST: 0.10}
    )
    pregnant = replace(plain, patient=Patient(pregnancy=PregnancyStatus.MAYBE))
    assert dict(weights_for(pregnant)) == pytest.approx(
        {Part.PREGNANCY: 0.35, Part.RLS: 0.25, Part.DISTANCE: 0.20, Part.FIT: 0.10, Part.TRUST: 0.10}
    )
    for published in (ranking.WEIGHTS, ranking.WEIGHTS_PREGNANT):
        assert set(published) == set(Preset)
        assert all(sum(weights.values()) == pytest.approx(1) for weights in published.values())


def test_the_patients_own_weights_count() -> None:
    own = Criteria(point=HOME, weights=((Part.RLS, 3.0), (Part.DISTANCE, 1.0)))
    assert dict(weights_for(own)) == pytest.approx({Part.RLS: 0.75, Part.DISTANCE: 0.25})
    pregnant = replace(own, patient=Patient(pregnancy=PregnancyStatus.YES))
    assert dict(weights_for(pregnant)) == pytest.approx(
        {Part.PREGNANCY: 0.35, Part.RLS: 0.75 * 0.65, Part.DISTANCE: 0.25 * 0.65}
    )


def test_weights_of_nothing_but_zeros_are_the_presets() -> None:
    zeros = tuple((part, 0.0) for part in Part if part is not Part.PREGNANCY)
    for patient in (Patient(), Patient(pregnancy=PregnancyStatus.YES)):
        asked = Criteria(point=HOME, weights=zeros, patient=patient)
        assert weights_for(asked) == weights_for(replace(asked, weights=None))


# --- order -----------------------------------------------------------------------------------------------------------


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Columns, np.ndarray]:
    """Rows from few different values, so that equals and near-equals are common, and their ids."""
    size = draw(st.integers(1, 14))

    def some(values: list[float]) -> list[float]:
        return draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))

    facts = {
        "km": some([0.0, 1.0, 1.0001, 1.5, 12.0, 39.9]),
        "visits_home": [False] * size,
        "pregnancy": some([0.15, 0.4, 0.4000001, 0.9]),
        "certified_until": some([0, 10**6]),
        "penalty": some([0.0, -0.25, -0.5]),
        "fit": some([-1.0, -0.5, 0.0, 0.5, 1.0]),
    }
    standings = [
        RlsStanding(own=own, checked=checked, attested_day=DAY.toordinal())
        for own, checked in zip(some([0.0, 0.1, 0.4]), some([0.0, 0.2, 0.201, 0.7]), strict=True)
    ]
    ids = draw(st.lists(st.integers(1, 10**6), min_size=size, max_size=size, unique=True))
    return columns(*standings, **facts), np.array(ids, dtype=np.int64)


def ordered(rows: Columns, ids: np.ndarray, criteria: Criteria, seed: bytes) -> tuple[ranking.Ranking, list[int]]:
    ranks = ranking.rank(rows, weights_for(criteria), radius_km=criteria.radius_km, seed=seed)
    order = np.lexsort((ids, ranking.lots(ids, seed), -ranks.turn, -ranks.band))
    return ranks, [int(each) for each in order]


criteria = st.builds(
    Criteria,
    point=st.just(HOME),
    patient=patients,
    preset=st.sampled_from(Preset),
    mode=st.sampled_from([Mode.IN_PERSON, Mode.REMOTE]),
    weights=own_weights,
    radius_km=st.sampled_from([1.0, 40.0, 500.0]),
)
seeds = st.integers(0, 400).map(lambda days: ranking.seed_for(DAY + timedelta(days=days), "45.50|-122.60"))


@settings(max_examples=examples(120))
@given(crowd=crowds(), asked=criteria, seed=seeds)
def test_nobody_stands_below_one_whom_they_equal_or_beat_on_every_part(
    crowd: tuple[Columns, np.ndarray], asked: Criteria, seed: bytes
) -> None:
    rows, ids = crowd
    ranks, order = ordered(rows, ids, asked, seed)
    values = np.stack(ranks.values)
    for above, position in enumerate(order):
        for other in order[above + 1 :]:
            better = np.all(values[:, other] >= values[:, position]) and np.any(values[:, other] > values[:, position])
            assert not better
    assert all(ranks.band[a] >= ranks.band[b] for a, b in itertools.pairwise(order))


@settings(max_examples=examples(60))
@given(crowd=crowds(), asked=criteria, seed=seeds)
def test_the_parts_sum_to_the_score(crowd: tuple[Columns, np.ndarray], asked: Criteria, seed: bytes) -> None:
    rows, ids = crowd
    ranks, _ = ordered(rows, ids, asked, seed)
    summed = sum(
        weight * value / ranking.MILLION for (_, weight), value in zip(ranks.weights, ranks.values, strict=True)
    )
    assert ranks.score == pytest.approx(summed)
    assert all(value.min() >= 0 and value.max() <= ranking.MILLION for value in ranks.values)
    assert np.all((ranks.score >= -1e-9) & (ranks.score <= 1 + 1e-9))
    assert np.all(np.abs(ranks.band * ranking.BAND + 0.005 - ranks.score) <= 0.00501)


@settings(max_examples=examples(60))
@given(crowd=crowds(), asked=criteria, seed=seeds, shuffle=st.randoms(use_true_random=False))
def test_the_order_knows_neither_the_order_of_rows_nor_strangers(
    crowd: tuple[Columns, np.ndarray], asked: Criteria, seed: bytes, shuffle: Any
) -> None:
    rows, ids = crowd
    _, order = ordered(rows, ids, asked, seed)
    people = [int(ids[each]) for each in order]
    kept = list(range(len(ids)))
    shuffle.shuffle(kept)
    kept = kept[: max(1, len(kept) - 2)]
    fewer = Columns(**{name: getattr(rows, name)[kept] for name in Columns.__dataclass_fields__})
    _, again = ordered(fewer, ids[kept], asked, seed)
    assert [int(ids[kept][each]) for each in again] == [each for each in people if each in set(ids[kept].tolist())]


@settings(max_examples=examples(60))
@given(km=st.floats(0, 600), nearer=st.floats(0, 1), asked=criteria, seed=seeds)
def test_nearer_never_lowers(km: float, nearer: float, asked: Criteria, seed: bytes) -> None:
    ranks, _ = ordered(columns(RlsStanding(), RlsStanding(), km=[km, km * nearer]), np.array([1, 2]), asked, seed)
    assert ranks.score[1] >= ranks.score[0]
    assert ranks.band[1] >= ranks.band[0]


def test_equals_tie_exactly_and_take_turns() -> None:
    twins = columns(*[rls_standing(**FULL)] * 2, km=[3.3, 3.3])
    ids = np.array([7, 8])
    firsts = set()
    for days in range(40):
        seed = ranking.seed_for(DAY + timedelta(days=days), "here")
        ranks, order = ordered(twins, ids, Criteria(point=HOME), seed)
        assert ranks.band[0] == ranks.band[1]
        assert ranks.turn[0] == ranks.turn[1]
        firsts.add(order[0])
    assert firsts == {0, 1}


def test_the_same_day_and_search_draw_the_same_lots() -> None:
    ids = np.arange(1, 200, dtype=np.int64)
    seed = ranking.seed_for(DAY, "here")
    assert ranking.lots(ids, seed).tolist() == ranking.lots(ids, ranking.seed_for(DAY, "here")).tolist()
    assert ranking.lots(ids, seed).min() >= 0
    assert len(set(ranking.lots(ids, seed).tolist())) == len(ids)
    assert ranking.seed_for(DAY, "here") != ranking.seed_for(DAY + timedelta(days=1), "here")
    assert ranking.seed_for(DAY, "here") != ranking.seed_for(DAY, "there")


def test_what_is_equal_but_for_the_last_bit_of_a_float_is_equal() -> None:
    tenths = 0.1 + 0.2
    rows = columns(
        RlsStanding(checked=tenths, attested_day=DAY.toordinal()),
        RlsStanding(checked=0.3, attested_day=DAY.toordinal()),
    )
    ranks, _ = ordered(rows, np.array([1, 2]), Criteria(point=HOME), ranking.seed_for(DAY, ""))
    assert tenths != 0.3
    assert ranks.score[0] == ranks.score[1]
    assert ranks.turn[0] == ranks.turn[1]


@pytest.mark.parametrize("pregnancy", [PregnancyStatus.NO, PregnancyStatus.MAYBE])
def test_the_presets_stand_on_the_slider(pregnancy: PregnancyStatus) -> None:
    patient = Patient(pregnancy=pregnancy)
    for preset, position in ranking.LEANINGS.items():
        slid = weights_for(Criteria(point=HOME, patient=patient, leaning=position))
        assert slid == weights_for(Criteria(point=HOME, patient=patient, preset=preset))


@given(
    st.integers(0, 99),
    st.sampled_from([PregnancyStatus.NO, PregnancyStatus.MAYBE]),
    st.sampled_from([Mode.IN_PERSON, Mode.REMOTE]),
)
def test_further_along_the_slider_nearness_counts_less_and_experience_more(
    position: int, pregnancy: PregnancyStatus, mode: Mode
) -> None:
    def at(leaning: int) -> dict[Part, float]:
        return dict(weights_for(Criteria(point=HOME, patient=Patient(pregnancy=pregnancy), mode=mode, leaning=leaning)))

    before, after = at(position), at(position + 1)
    assert math.fsum(after.values()) == pytest.approx(1)
    assert after[Part.RLS] > before[Part.RLS]
    if mode is Mode.IN_PERSON:
        assert after[Part.DISTANCE] < before[Part.DISTANCE]
    assert all(weight > 0 for weight in after.values())


def test_weights_of_ones_own_outweigh_the_slider() -> None:
    own = ((Part.TRUST, 1.0),)
    assert weights_for(Criteria(point=HOME, leaning=0, weights=own)) == own
