"""Declaring one's work: what stands at once, what waits, and what stays of a check."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials import service as credentials
from directory.credentials.edits import queries as waiting_edits
from directory.credentials.edits import service as edits
from directory.credentials.models import Credential, PregnancyDeclaration, RlsExperience
from directory.credentials.owner import declaring
from directory.credentials.owner import service as owner
from directory.credentials.rules import admits_pregnancy
from directory.credentials.stating import declarations
from directory.credentials.stating.declared import PregnancyStated, RlsStated
from directory.credentials.stating.plausibility import Doubt
from directory.credentials.stating.stated import StatedPaper
from directory.credentials.terms import CredentialKind, Liaison, OutcomeTracking, PointPolicy, Verification
from directory.crypto import keyring, new_key
from directory.errors import InvalidInput, NotFound
from directory.jurisdictions.queries import all_rules
from directory.practitioners import service as practitioners
from directory.screening.rules import Weeks
from directory.search import listings
from tests.examples import examples
from tests.factories import NOW, TODAY, Listed, listed, person_draft, pregnancy_draft, reference, rls_draft

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NAME = "Juniper Underhill"
CHECKED = Verification.DOCUMENT_CHECKED
OWN = Verification.SELF_ATTESTED


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def newcomer(session: Session) -> int:
    reference(session)
    return practitioners.register(session, person_draft(), now=NOW).id


@pytest.fixture
def somebody(session: Session) -> Listed:
    """Published, with twelve people in three years, all checked, and a declaration that passes the gate."""
    reference(session)
    found = listed(session)
    credentials.declare_rls(session, rls_draft(found.id))
    credentials.declare_pregnancy(session, pregnancy_draft(found.id))
    return found


def _rls(session: Session, person: int, *, attested: bool = True, **facts: Any) -> declaring.Declared:
    stated = replace(declaring.rls_as_stated(session, person), **facts)
    return declaring.declare_rls(session, person, stated, attested=attested, today=TODAY, now=NOW)


def _pregnancy(session: Session, person: int, *, signed: str | None = None, **facts: Any) -> declaring.Declared:
    stated = replace(declaring.pregnancy_as_stated(session, person), **facts)
    return declaring.declare_pregnancy(session, person, stated, signed_name=signed, today=TODAY, now=NOW)


def _row(session: Session, person: int) -> RlsExperience:
    row = declarations.rls_row(session, person)
    assert row is not None
    return row


def _declaration(session: Session, person: int) -> PregnancyDeclaration:
    row = declarations.pregnancy_row(session, person)
    assert row is not None
    return row


def _waiting(session: Session, person: int, subject: str) -> dict[str, Any]:
    found = waiting_edits.waiting(session, person).get(subject)
    return found.after if found is not None else {}


def _accept(session: Session, person: int, subject: str) -> None:
    edits.accept(session, waiting_edits.waiting(session, person)[subject].id, now=NOW)


def _admitted(session: Session, person: int, week: int = 20) -> bool:
    found = next(iter(listings.read(session, practitioner_ids=[person])))
    rule = all_rules(session)[found.place.jurisdiction]
    return not admits_pregnancy(found.person, rule, weeks=Weeks(week, week), today=TODAY)


# --- restless legs ---------------------------------------------------------------------------------------------------


def test_a_draft_is_written_as_it_is_said(session: Session, newcomer: int) -> None:
    done = _rls(
        session,
        newcomer,
        patients_24m=12,
        years=2.5,
        training_hours=8.0,
        training_on=TODAY - timedelta(days=90),
        training_provider="A sleep clinic",
        outcomes=OutcomeTracking.VALIDATED_SCALE_ROUTINE,
        scale="A scale",
        scale_permitted=True,
        liaison=Liaison.SELF_ATTESTED,
        publications=1,
        publications_listed="doi:10.1000/1",
        supervisor="Rowan Ash",
        supervisor_reach="rowan@example.org",
    )
    session.flush()
    session.expire_all()
    row = _row(session, newcomer)
    assert done.waiting == frozenset()
    assert (row.patients_24m, row.scale, row.supervisor, row.attested_on) == (12, "A scale", "Rowan Ash", TODAY)
    assert row.supervisor_reach_sealed == "rowan@example.org"
    items = ("patients", "years", "training", "outcomes", "liaison", "publications", "supervisor")
    assert {getattr(row, f"{item}_verification") for item in items} == {OWN}
    assert _rls(session, newcomer).applied == frozenset()


def test_what_is_not_claimed_is_not_even_somebodys_word(session: Session, newcomer: int) -> None:
    _rls(session, newcomer, years=1.0)
    row = _row(session, newcomer)
    assert (row.years_verification, row.patients_verification) == (OWN, Verification.NONE)
    assert (row.outcomes_verification, row.liaison_verification) == (Verification.NONE, Verification.NONE)


def test_a_draft_without_the_sentence_that_it_is_true_counts_for_nothing(session: Session, newcomer: int) -> None:
    _rls(session, newcomer, patients_24m=3)
    assert _row(session, newcomer).attested_on == TODAY
    _rls(session, newcomer, patients_24m=4, attested=False)
    assert _row(session, newcomer).attested_on is None


def test_more_waits_and_what_was_checked_stays_live(session: Session, somebody: Listed) -> None:
    done = _rls(session, somebody.id, patients_24m=30)
    row = _row(session, somebody.id)
    assert done.waiting == {"patients"}
    assert (row.patients_24m, row.patients_verification, row.years_verification) == (12, CHECKED, CHECKED)
    assert declaring.rls_as_stated(session, somebody.id).patients_24m == 30
    assert {case.kind for case in cases.open_cases(session)} == {Kind.SENSITIVE_EDIT}
    _accept(session, somebody.id, "rls")
    assert (row.patients_24m, row.patients_verification, row.years_verification) == (30, OWN, CHECKED)


def test_less_stands_at_once_and_a_lowered_number_keeps_its_check(session: Session, somebody: Listed) -> None:
    done = _rls(session, somebody.id, patients_24m=10)
    row = _row(session, somebody.id)
    assert (done.applied, done.waiting) == ({"patients"}, frozenset())
    assert (row.patients_24m, row.patients_verification, row.attested_on) == (10, CHECKED, TODAY)
    assert waiting_edits.waiting(session, somebody.id) == {}


def test_taking_a_claim_back_leaves_nothing_to_check(session: Session, somebody: Listed) -> None:
    _rls(session, somebody.id, patients_24m=0)
    assert _row(session, somebody.id).patients_verification is Verification.NONE


def test_a_later_word_replaces_what_waited(session: Session, somebody: Listed) -> None:
    _rls(session, somebody.id, patients_24m=30, years=5.0)
    assert set(_waiting(session, somebody.id, "rls")) == {"patients", "years"}
    _rls(session, somebody.id, patients_24m=11)
    assert set(_waiting(session, somebody.id, "rls")) == {"years"}
    assert _row(session, somebody.id).patients_24m == 11


def test_after_publication_nothing_is_declared_without_the_sentence_that_it_is_true(
    session: Session, somebody: Listed
) -> None:
    with pytest.raises(InvalidInput) as refused:
        _rls(session, somebody.id, patients_24m=10, attested=False)
    assert refused.value.field == "attested"


def test_a_confirmed_liaison_stays_confirmed_when_it_is_said_again(session: Session, somebody: Listed) -> None:
    row = _row(session, somebody.id)
    row.liaison, row.liaison_verification = Liaison.CONFIRMED, Verification.INDEPENDENTLY_CONFIRMED
    _rls(session, somebody.id)
    assert (row.liaison, row.liaison_verification) == (Liaison.CONFIRMED, Verification.INDEPENDENTLY_CONFIRMED)
    _rls(session, somebody.id, liaison=Liaison.NONE)
    assert (row.liaison, row.liaison_verification) == (Liaison.NONE, Verification.NONE)


def test_a_caseload_hard_to_believe_is_kept_and_looked_at(session: Session, newcomer: int) -> None:
    done = _rls(session, newcomer, patients_24m=900)
    assert done.doubts == {Doubt.MANY_PATIENTS}
    assert _row(session, newcomer).patients_24m == 900
    assert [(case.kind, case.subject) for case in cases.open_cases(session)] == [(Kind.PLAUSIBILITY, f"rls:{newcomer}")]
    _rls(session, newcomer, patients_24m=90)
    assert cases.open_cases(session) == []


def test_years_are_refused_only_where_a_checked_day_of_issue_rules_them_out(session: Session, somebody: Listed) -> None:
    licence = session.get_one(Credential, somebody.licence_id)
    licence.valid_from = TODAY - timedelta(days=4 * 365)
    with pytest.raises(InvalidInput) as refused:
        _rls(session, somebody.id, years=20.0)
    assert refused.value.field == "years"
    older = StatedPaper(
        kind=CredentialKind.STATUTORY_LICENCE,
        jurisdiction="US-WA",
        number="AC60000001",
        valid_from=TODAY - timedelta(days=25 * 365),
    )
    owner.state(session, somebody.id, older, today=TODAY, now=NOW)
    done = _rls(session, somebody.id, years=20.0)
    assert done.doubts == frozenset()
    assert "years" in done.waiting
    # Longer than any paper says, also the one only stated: kept, and looked at.
    assert _rls(session, somebody.id, years=40.0).doubts == {Doubt.LONGER_THAN_LICENSED}


def test_nobody_declares_for_somebody_who_is_not_there(session: Session, newcomer: int) -> None:
    with pytest.raises(NotFound):
        declaring.declare_rls(session, newcomer + 1, RlsStated(), attested=True, today=TODAY, now=NOW)


# --- pregnancy -------------------------------------------------------------------------------------------------------

WHOLE = {
    "treats": True,
    "min_week": 14,
    "max_week": 42,
    "training_provider": "A course",
    "training_title": "Maternity acupuncture",
    "training_hours": 20.0,
    "point_policy": PointPolicy.AVOID_TRADITIONAL_LIST,
    "written_consent": True,
    "emergency_red_flags": True,
    "emergency_contact": True,
    "emergency_stops": True,
}


def test_a_signed_draft_is_the_practitioners_word_until_the_training_was_checked(
    session: Session, newcomer: int
) -> None:
    _pregnancy(session, newcomer, signed="juniper  UNDERHILL", **WHOLE)
    row = _declaration(session, newcomer)
    assert (row.signed_on, row.signed_name, row.truth_declared) == (TODAY, "juniper UNDERHILL", True)
    assert (row.emergency_policy, row.training_verification) == (True, OWN)


def test_a_draft_need_not_be_signed_and_a_change_unsigns_it(session: Session, newcomer: int) -> None:
    _pregnancy(session, newcomer, **WHOLE)
    assert _declaration(session, newcomer).signed_on is None
    _pregnancy(session, newcomer, signed=NAME)
    assert _declaration(session, newcomer).signed_on == TODAY
    _pregnancy(session, newcomer)
    assert _declaration(session, newcomer).signed_on == TODAY
    _pregnancy(session, newcomer, written_consent=False)
    assert _declaration(session, newcomer).signed_on is None


def test_no_is_an_answer_and_keeps_what_was_typed(session: Session, newcomer: int) -> None:
    _pregnancy(session, newcomer, **WHOLE)
    _pregnancy(session, newcomer, treats=False)
    row = _declaration(session, newcomer)
    assert (row.treats, row.training_hours, row.signed_on) == (False, 20.0, None)


@pytest.mark.parametrize(
    ("signed", "facts", "field"),
    [("Somebody Else", {}, "signed_name"), (NAME, {"min_week": None, "max_week": None}, "min_week")],
)
def test_a_signature_that_cannot_be(
    session: Session, newcomer: int, signed: str, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        _pregnancy(session, newcomer, signed=signed, **(WHOLE | facts))
    assert refused.value.field == field


def test_a_name_in_another_script_signs(session: Session) -> None:
    reference(session)
    person = practitioners.register(session, person_draft(display_name="ليلى حداد"), now=NOW).id
    _pregnancy(session, person, signed="ليلى حداد", **WHOLE)
    assert _declaration(session, person).signed_on == TODAY


def test_stopping_to_treat_acts_at_once_and_unsigned(session: Session, somebody: Listed) -> None:
    assert _admitted(session, somebody.id)
    _pregnancy(session, somebody.id, signed=NAME, patients_24m=9)
    assert set(_waiting(session, somebody.id, "pregnancy")) == {"patients", "signature"}
    done = _pregnancy(session, somebody.id, treats=False)
    assert done.applied == {"treats"}
    assert not _admitted(session, somebody.id)
    assert waiting_edits.waiting(session, somebody.id) == {}


def test_fewer_weeks_act_at_once(session: Session, somebody: Listed) -> None:
    done = _pregnancy(session, somebody.id, min_week=14, max_week=36)
    assert done.waiting == frozenset()
    assert (_admitted(session, somebody.id, 20), _admitted(session, somebody.id, 40)) == (True, False)


def test_more_weeks_wait_under_a_signature(session: Session, somebody: Listed) -> None:
    _pregnancy(session, somebody.id, min_week=14, max_week=36)
    with pytest.raises(InvalidInput) as refused:
        _pregnancy(session, somebody.id, max_week=42)
    assert refused.value.field == "signed_name"
    done = _pregnancy(session, somebody.id, signed=NAME, max_week=42)
    assert done.waiting == {"weeks", "signature"}
    assert not _admitted(session, somebody.id, 40)
    assert declaring.pregnancy_as_stated(session, somebody.id).max_week == 42
    _accept(session, somebody.id, "pregnancy")
    assert _admitted(session, somebody.id, 40)
    row = _declaration(session, somebody.id)
    assert (row.signed_on, row.signed_name, row.training_verification) == (TODAY, NAME, CHECKED)


def test_changed_training_is_their_own_word_again_when_it_is_accepted(session: Session, somebody: Listed) -> None:
    _pregnancy(session, somebody.id, signed=NAME, training_hours=60.0)
    assert _admitted(session, somebody.id)
    _accept(session, somebody.id, "pregnancy")
    assert _declaration(session, somebody.id).training_verification is OWN
    assert not _admitted(session, somebody.id)


def test_signing_in_time_renews_at_once_and_signing_late_waits(session: Session, somebody: Listed) -> None:
    row = _declaration(session, somebody.id)
    done = _pregnancy(session, somebody.id, signed=NAME)
    assert (row.signed_on, done.waiting) == (TODAY, frozenset())
    row.signed_on = TODAY - timedelta(days=400)
    session.flush()
    done = _pregnancy(session, somebody.id, signed=NAME)
    assert done.waiting == {"signature"}
    assert not _admitted(session, somebody.id)
    _accept(session, somebody.id, "pregnancy")
    assert row.signed_on == TODAY
    assert _admitted(session, somebody.id)


def test_stopping_after_asking_for_more_is_not_undone_by_the_answer(session: Session, somebody: Listed) -> None:
    """The wish is taken back with the word that replaces it, so there is nothing left to accept."""
    _pregnancy(session, somebody.id, signed=NAME, max_week=43)
    wish = waiting_edits.waiting(session, somebody.id)["pregnancy"]
    _pregnancy(session, somebody.id, treats=False)
    with pytest.raises(Exception, match="decided"):
        edits.accept(session, wish.id, now=NOW)
    assert not _admitted(session, somebody.id)


SAID = st.fixed_dictionaries(
    {},
    optional={
        "treats": st.booleans(),
        "min_week": st.sampled_from([0, 4, 14, 28]),
        "max_week": st.sampled_from([28, 36, 42]),
        "training_hours": st.sampled_from([0.0, 5.0, 12.0, 40.0]),
        "point_policy": st.sampled_from(PointPolicy),
        "written_consent": st.booleans(),
        "emergency_contact": st.booleans(),
        "patients_24m": st.integers(0, 9),
    },
)


@pytest.fixture
def world(session: Session) -> Session:
    """Jurisdictions and languages, which every example finds."""
    reference(session)
    return session


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    said=st.lists(st.tuples(SAID, st.sampled_from([None, NAME])), min_size=1, max_size=5),
    lack=st.sampled_from(
        [
            {"training_verification": OWN},
            {"written_consent": False},
            {"signed_on": TODAY - timedelta(days=500)},
            {"treats": False},
            {"max_week": 10},
        ]
    ),
)
def test_nobody_admits_themselves(
    world: Session, said: list[tuple[dict[str, Any], str | None]], lack: dict[str, Any]
) -> None:
    session = world
    with session.begin_nested() as savepoint:
        found = listed(session)
        credentials.declare_pregnancy(session, pregnancy_draft(found.id, **lack))
        assert not _admitted(session, found.id)
        for facts, signed in said:
            try:
                _pregnancy(session, found.id, signed=signed, **facts)
            except InvalidInput:
                continue
            assert not _admitted(session, found.id)
        savepoint.rollback()


def test_a_first_declaration_of_a_published_profile_waits(session: Session) -> None:
    reference(session)
    found = listed(session)
    stated = PregnancyStated(**WHOLE)  # type: ignore[arg-type]
    declaring.declare_pregnancy(session, found.id, stated, signed_name=NAME, today=TODAY, now=NOW)
    assert not _declaration(session, found.id).treats
    _accept(session, found.id, "pregnancy")
    row = _declaration(session, found.id)
    assert (row.treats, row.emergency_policy, row.training_verification) == (True, True, OWN)
