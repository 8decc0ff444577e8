"""What of a changed declaration may stand at once: only what claims less."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.credentials.rules import admits_pregnancy
from directory.credentials.stating.declared import (
    PREGNANCY_ITEMS,
    RLS_ITEMS,
    Change,
    PregnancyStated,
    RlsStated,
    checked_pregnancy,
    checked_rls,
    payload,
    pregnancy_changes,
    rls_changes,
    with_payload,
)
from directory.credentials.terms import Liaison, OutcomeTracking, PointPolicy, Verification
from directory.errors import InvalidInput
from directory.screening.rules import Weeks
from directory.search.ranking import Standing, rls_standing, rls_value
from tests.unit.credentials.people import RULES, TODAY, declaration, person

OWN_WORDS = st.sampled_from([Liaison.NONE, Liaison.SELF_ATTESTED])
TEXTS = st.none() | st.sampled_from(["A School", "Another School", "doi:10.1/x", "doi:10.1/x\ndoi:10.1/y"])
RLS = st.builds(
    RlsStated,
    patients_24m=st.integers(0, 500),
    visits_per_week=st.none() | st.integers(0, 100),
    years=st.floats(0, 60),
    training_hours=st.floats(0, 100),
    training_on=st.dates(date(1990, 1, 1), TODAY),
    training_provider=TEXTS,
    outcomes=st.sampled_from(OutcomeTracking),
    scale=st.sampled_from(["IRLS", "RLS-6"]),
    scale_permitted=st.just(True),
    liaison=OWN_WORDS,
    liaison_with=TEXTS,
    publications=st.integers(0, 10),
    publications_listed=TEXTS,
    supervisor=TEXTS,
).map(lambda stated: checked_rls(stated, today=TODAY))
WEEK = st.none() | st.integers(0, 42)


@st.composite
def pregnancies(draw: st.DrawFn) -> PregnancyStated:
    first, last = draw(WEEK), draw(WEEK)
    if first is not None and last is not None and first > last:
        first, last = last, first
    return checked_pregnancy(
        PregnancyStated(
            treats=draw(st.booleans()),
            min_week=first,
            max_week=last,
            training_provider=draw(TEXTS),
            training_hours=draw(st.floats(0, 60)),
            point_policy=draw(st.sampled_from(PointPolicy)),
            written_consent=draw(st.booleans()),
            emergency_red_flags=draw(st.booleans()),
            emergency_contact=draw(st.booleans()),
            emergency_stops=draw(st.booleans()),
            liaison=draw(OWN_WORDS),
            patients_24m=draw(st.integers(0, 90)),
        )
    )


def _only(old: Any, new: Any, items: dict[str, tuple[str, ...]], how: dict[str, Change], wanted: Change) -> Any:
    """The old declaration with just those items of the new one that changed in the wanted way."""
    names = [name for item, change in how.items() if change is wanted for name in items[item]]
    return replace(old, **{name: getattr(new, name) for name in names})


def _score(stated: RlsStated, verification: Verification) -> float:
    items = ("patients", "years", "training", "outcomes", "liaison", "publications")
    standing = rls_standing(
        patients=stated.patients_24m,
        years=stated.years,
        training_hours=stated.training_hours,
        training_on=stated.training_on,
        outcomes=stated.outcomes,
        liaison=stated.liaison,
        publications=stated.publications,
        attested_on=TODAY,
        **{f"{item}_verification": verification for item in items},  # type: ignore[arg-type]
    )
    row = Standing(
        rls_own=np.array([standing.own]),
        rls_own_training=np.array([standing.own_training]),
        rls_checked=np.array([standing.checked]),
        rls_checked_training=np.array([standing.checked_training]),
        training_day=np.array([standing.training_day]),
        attested_day=np.array([standing.attested_day]),
        pregnancy=np.zeros(1),
        certified_until=np.zeros(1, dtype=int),
        penalty=np.zeros(1),
    )
    return float(rls_value(row, TODAY.toordinal())[0])


@given(RLS, RLS, st.sampled_from(Verification))
def test_what_stands_at_once_never_scores_more(old: RlsStated, new: RlsStated, verification: Verification) -> None:
    less = _only(old, new, dict(RLS_ITEMS), rls_changes(old, new), Change.NARROWER)
    assert _score(less, verification) <= _score(old, verification) + 1e-9


@given(pregnancies(), pregnancies(), st.integers(0, 42), st.booleans())
def test_what_stands_at_once_admits_nobody_new(
    old: PregnancyStated, new: PregnancyStated, week: int, checked: bool
) -> None:
    less = _only(old, new, dict(PREGNANCY_ITEMS), pregnancy_changes(old, new), Change.NARROWER)
    if _admits(less, week, checked=checked):
        assert _admits(old, week, checked=checked)


def _admits(stated: PregnancyStated, week: int, *, checked: bool) -> bool:
    declared = declaration(
        treats=stated.treats,
        min_week=stated.min_week,
        max_week=stated.max_week,
        training_hours=stated.training_hours,
        training_verification=Verification.DOCUMENT_CHECKED if checked else Verification.SELF_ATTESTED,
        point_policy=stated.point_policy,
        written_consent=stated.written_consent,
        emergency_policy=stated.emergency_red_flags and stated.emergency_contact and stated.emergency_stops,
    )
    who = replace(person(), declaration=declared)
    return not admits_pregnancy(who, RULES["US-OR"], weeks=Weeks(week, week), today=TODAY)


@given(RLS, RLS)
def test_a_waiting_change_comes_back_out_of_json_as_it_went_in(old: RlsStated, new: RlsStated) -> None:
    how = rls_changes(old, new)
    changed = [item for item, change in how.items() if change is not Change.SAME]
    held = json.loads(json.dumps(payload(new, RLS_ITEMS, changed)))
    assert rls_changes(with_payload(old, RLS_ITEMS, held), new) == dict.fromkeys(RLS_ITEMS, Change.SAME)


@given(pregnancies(), pregnancies())
def test_a_waiting_pregnancy_change_comes_back_too(old: PregnancyStated, new: PregnancyStated) -> None:
    held = json.loads(json.dumps(payload(new, PREGNANCY_ITEMS, PREGNANCY_ITEMS)))
    assert with_payload(old, PREGNANCY_ITEMS, held) == new


def test_a_payload_cannot_carry_what_is_no_item() -> None:
    said = RlsStated(patients_24m=3)
    assert (
        with_payload(said, RLS_ITEMS, {"patients": {"patients_24m": 5, "patients_verification": "x"}}).patients_24m == 5
    )
    assert with_payload(said, RLS_ITEMS, {"nonsense": {"patients_24m": 5}}) == said


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"patients_24m": -1}, "patients_24m"),
        ({"patients_24m": 10**9}, "patients_24m"),
        ({"years": float("nan")}, "years"),
        ({"years": 81}, "years"),
        ({"training_hours": 3}, "training_on"),
        ({"training_hours": 3, "training_on": date(2027, 1, 1)}, "training_on"),
        ({"outcomes": OutcomeTracking.VALIDATED_SCALE_ROUTINE}, "scale"),
        ({"outcomes": OutcomeTracking.AGGREGATE_REPORTED, "scale": "IRLS"}, "scale_permitted"),
        ({"supervisor": "x" * 201}, "supervisor"),
        ({"publications": 1, "publications_listed": "\ufffd"}, "publications_listed"),
        ({"visits_per_week": -3}, "visits_per_week"),
    ],
)
def test_rls_experience_that_cannot_be_kept(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_rls(RlsStated(**facts), today=TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"min_week": 44, "max_week": 45}, "min_week"),
        ({"min_week": 20, "max_week": 10}, "max_week"),
        ({"training_hours": -1}, "training_hours"),
        ({"patients_24m": -1}, "patients_24m"),
    ],
)
def test_a_pregnancy_declaration_that_cannot_be_kept(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_pregnancy(PregnancyStated(treats=True, **facts))
    assert refused.value.field == field


def test_an_answer_taken_back_takes_its_details_along() -> None:
    stated = RlsStated(
        outcomes=OutcomeTracking.OWN_DIARY,
        scale="IRLS",
        scale_permitted=True,
        liaison_with="A sleep clinic",
        publications_listed="doi:10.1/x",
        supervisor_reach="someone@example.org",
        training_on=TODAY,
    )
    assert checked_rls(stated, today=TODAY) == RlsStated(outcomes=OutcomeTracking.OWN_DIARY)


def test_who_stops_treating_says_nothing_about_the_rest() -> None:
    old = PregnancyStated(treats=True, min_week=4, max_week=40, written_consent=True)
    how = pregnancy_changes(old, PregnancyStated(treats=False))
    assert {item for item, change in how.items() if change is not Change.SAME} == {"treats"}
    assert how["treats"] is Change.NARROWER


def test_fewer_publications_narrow_only_where_none_is_new() -> None:
    old = RlsStated(publications=2, publications_listed="a\nb")
    assert rls_changes(old, RlsStated(publications=1, publications_listed="b"))["publications"] is Change.NARROWER
    assert rls_changes(old, RlsStated(publications=1, publications_listed="c"))["publications"] is Change.OTHER
