"""What would raise a score: worked out by the ranking itself, never promising what it does not give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.credentials.terms import Liaison, OutcomeTracking, Verification
from directory.search import ranking
from directory.search.criteria import Part, Preset
from directory.search.levers import (
    Lever,
    PregnancyItems,
    Raise,
    RlsItems,
    levers,
    pregnancy_items,
    rls_confirmed,
    rls_items,
    rls_most,
)

TODAY = date(2026, 11, 23)
BALANCED = tuple(ranking.WEIGHTS[Preset.BALANCED].items())
PREGNANT = tuple(ranking.WEIGHTS_PREGNANT[Preset.BALANCED].items())
_checked = st.sampled_from(Verification)
_past = st.dates(TODAY - timedelta(days=4000), TODAY)

items = st.builds(
    RlsItems,
    patients=st.integers(0, 80),
    patients_verification=_checked,
    years=st.floats(0, 30),
    years_verification=_checked,
    training_hours=st.floats(0, 60),
    training_on=st.none() | _past,
    training_verification=_checked,
    outcomes=st.sampled_from(OutcomeTracking),
    outcomes_verification=_checked,
    liaison=st.sampled_from(Liaison),
    liaison_verification=_checked,
    publications=st.integers(0, 9),
    publications_verification=_checked,
    attested_on=st.none() | _past,
)
pregnancies = st.builds(
    PregnancyItems,
    hours=st.floats(0, 90),
    verification=_checked,
    patients=st.integers(0, 90),
    liaison=st.sampled_from(Liaison),
)


def found(rls: RlsItems, pregnancy: PregnancyItems | None = None, *, certified: bool = True) -> dict[Lever, Raise]:
    raised = levers(rls, pregnancy or PregnancyItems(), certified=certified, weights=PREGNANT, day=TODAY)
    return {each.lever: each for each in raised}


@given(rls=items, pregnancy=pregnancies, certified=st.booleans(), weights=st.sampled_from([BALANCED, PREGNANT]))
def test_no_lever_lowers_and_none_promises_more_than_its_part_has_left(
    rls: RlsItems, pregnancy: PregnancyItems, certified: bool, weights: tuple[tuple[Part, float], ...]
) -> None:
    shares = dict(weights)
    now = {Part.RLS: rls.value(TODAY), Part.PREGNANCY: pregnancy.value(), Part.TRUST: ranking.TRUST_START}
    raised = levers(rls, pregnancy, certified=certified, weights=weights, day=TODAY)
    for each in raised:
        assert 0 <= each.as_stated <= each.at_most + 1e-9
        assert each.at_most <= shares[each.part] * (1 - now[each.part]) + 1e-9
    assert [each.at_most for each in raised] == sorted((each.at_most for each in raised), reverse=True)
    assert (Lever.CERTIFICATION in {each.lever for each in raised}) is not certified


@given(rls=items, lever=st.sampled_from([Lever.CASELOAD, Lever.TRAINING, Lever.OUTCOMES, Lever.LIAISON]))
def test_the_points_told_are_what_the_score_gains(rls: RlsItems, lever: Lever) -> None:
    rls = replace(rls, attested_on=TODAY)
    gained = dict(PREGNANT)[Part.RLS] * (rls_most(rls, lever, day=TODAY).value(TODAY) - rls.value(TODAY))
    told = found(rls).get(lever)
    assert gained == pytest.approx(told.at_most, abs=1e-9) if told else gained < 0.001


@given(rls=items, lever=st.sampled_from(list(Lever)[1:7]))
def test_having_something_confirmed_never_costs_anything(rls: RlsItems, lever: Lever) -> None:
    assert rls_confirmed(rls, lever).value(TODAY) >= rls.value(TODAY) - 1e-9


def test_a_newcomer_sees_training_outcomes_and_liaison_and_nothing_for_what_was_not_stated() -> None:
    told = found(RlsItems(), certified=False)
    assert {Lever.TRAINING, Lever.OUTCOMES, Lever.LIAISON, Lever.CASELOAD, Lever.CERTIFICATION} <= told.keys()
    assert all(each.as_stated == 0 for each in told.values())
    assert told[Lever.CASELOAD].at_most == pytest.approx(0.25 * ranking.RLS_SHARES["patients"])
    assert Lever.ATTEST not in told


def test_whoever_has_everything_has_no_lever() -> None:
    whole = RlsItems(
        patients=40,
        patients_verification=Verification.INDEPENDENTLY_CONFIRMED,
        years=8,
        years_verification=Verification.INDEPENDENTLY_CONFIRMED,
        training_hours=30,
        training_on=TODAY,
        training_verification=Verification.INDEPENDENTLY_CONFIRMED,
        outcomes=OutcomeTracking.AGGREGATE_REPORTED,
        outcomes_verification=Verification.INDEPENDENTLY_CONFIRMED,
        liaison=Liaison.CONFIRMED,
        liaison_verification=Verification.INDEPENDENTLY_CONFIRMED,
        publications=4,
        publications_verification=Verification.INDEPENDENTLY_CONFIRMED,
        attested_on=TODAY,
    )
    pregnancy = PregnancyItems(
        hours=40, verification=Verification.INDEPENDENTLY_CONFIRMED, patients=50, liaison=Liaison.CONFIRMED
    )
    assert found(whole, pregnancy) == {}
    stale = replace(whole, attested_on=TODAY - timedelta(days=900))
    assert set(found(stale, pregnancy)) == {Lever.ATTEST}


def test_what_somebody_only_says_gains_by_being_confirmed_as_it_stands() -> None:
    said = RlsItems(patients=12, patients_verification=Verification.SELF_ATTESTED, attested_on=TODAY)
    caseload = found(said)[Lever.CASELOAD]
    assert 0 < caseload.as_stated < caseload.at_most


def test_pregnancy_counts_only_in_the_list_of_somebody_pregnant() -> None:
    raised = levers(RlsItems(), PregnancyItems(), certified=True, weights=BALANCED, day=TODAY)
    assert not {each.lever for each in raised} & {Lever.PREGNANCY_TRAINING, Lever.PREGNANCY_LIAISON}
    assert Lever.PREGNANCY_TRAINING in found(RlsItems())


def test_nothing_declared_has_no_items() -> None:
    assert rls_items(None) == RlsItems()
    assert pregnancy_items(None) == PregnancyItems()
