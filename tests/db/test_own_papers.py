"""Practitioners and their own papers: nothing they write opens anything, and only what claims less acts at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from directory import changes
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.credentials import service as credentials
from directory.credentials.evidence import service as evidence
from directory.credentials.evidence.models import Evidence
from directory.credentials.evidence.terms import EvidenceState, Way
from directory.credentials.models import Credential, CredentialCondition, Indemnity
from directory.credentials.owner import service as owner
from directory.credentials.queries import papers_on_file
from directory.credentials.rules import admits_pregnancy, permits
from directory.credentials.service import Check
from directory.credentials.stating.stated import StatedCover, StatedPaper
from directory.credentials.terms import STATABLE, ConditionCode, CredentialKind, CredentialStatus, Refusal
from directory.crypto import keyring, new_key
from directory.errors import Conflict, InvalidInput, NotFound
from directory.jurisdictions.queries import all_rules
from directory.mail.models import OutgoingLetter
from directory.practitioners import service as practitioners
from directory.practitioners.premises import service as premises
from directory.screening.rules import Weeks
from directory.search import listings
from tests.examples import examples
from tests.factories import (
    NOW,
    TODAY,
    Changes,
    Listed,
    licence_draft,
    listed,
    person_draft,
    place_draft,
    pregnancy_draft,
    reference,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RENEWED = TODAY + timedelta(days=900)


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def somebody(session: Session) -> Listed:
    reference(session)
    credentials.declare_pregnancy(session, pregnancy_draft((found := listed(session)).id))
    return found


@pytest.fixture
def newcomer(session: Session) -> int:
    reference(session)
    return practitioners.register(session, person_draft(), now=NOW).id


def licence(**facts: Any) -> StatedPaper:
    standard: dict[str, Any] = {
        "kind": CredentialKind.STATUTORY_LICENCE,
        "jurisdiction": "US-OR",
        "number": "AC123456",
        "expires": RENEWED,
    }
    return StatedPaper(**(standard | facts))


def school(**facts: Any) -> StatedPaper:
    return StatedPaper(**({"kind": CredentialKind.EDUCATION, "body": "A College", "completed_year": 2010} | facts))


def _state(session: Session, person: int, stated: StatedPaper) -> Credential:
    return owner.state(session, person, stated, today=TODAY, now=NOW)


def _refusals(session: Session, person: int) -> tuple[Refusal, ...]:
    rules = all_rules(session)
    found = next(iter(listings.read(session, practitioner_ids=[person])))
    rule = rules[found.place.jurisdiction]
    return (
        *permits(found.person, rule, place_id=found.place.id, today=TODAY).refusals,
        *admits_pregnancy(found.person, rule, weeks=Weeks(20, 20), today=TODAY),
    )


def _cases(session: Session) -> set[tuple[Kind, str]]:
    return {(case.kind, case.subject) for case in cases.open_cases(session)}


def test_what_is_stated_is_kept_and_nothing_of_it_counts_as_checked(session: Session, newcomer: int) -> None:
    row = _state(
        session,
        newcomer,
        licence(
            raw_status="Active - Renewed",
            name_on_record="Juniper A. Underhill",
            conditions_text="must work under supervision",
            valid_from=TODAY - timedelta(days=900),
        ),
    )
    session.expire_all()
    assert (row.raw_status, row.status) == ("Active - Renewed", CredentialStatus.ACTIVE)
    assert (row.verified_on, row.check_method, row.identity_match, row.last_checked_at) == (None, None, False, None)
    code = session.scalar(select(CredentialCondition.code).where(CredentialCondition.credential_id == row.id))
    assert code is ConditionCode.SUPERVISED_ONLY


def test_the_same_statement_twice_is_one_paper(session: Session, newcomer: int) -> None:
    first, second = (_state(session, newcomer, licence(number=" AC123456 ")) for _ in range(2))
    assert first.id == second.id
    assert len(owner.papers_of(session, newcomer)) == 1


def test_a_draft_opens_no_case_and_a_published_paper_does(session: Session, somebody: Listed) -> None:
    draft = practitioners.register(session, person_draft(), now=NOW).id
    _state(session, draft, licence(number="AC1"))
    assert _cases(session) == set()
    row = _state(session, somebody.id, school())
    assert _cases(session) == {(Kind.EDUCATION, f"credential:{row.id}")}


def test_what_nobody_looked_at_is_changed_in_place(session: Session, newcomer: int) -> None:
    row = _state(session, newcomer, licence(conditions_text="must not treat pregnant patients"))
    again = owner.correct(session, newcomer, row.id, licence(number="AC654321"), today=TODAY, now=NOW)
    assert (again.id, again.number) == (row.id, "AC654321")
    codes = select(func.count()).select_from(CredentialCondition).where(CredentialCondition.credential_id == row.id)
    assert session.scalar(codes) == 0


def test_a_changed_licence_stands_beside_the_old_one_until_it_was_checked(session: Session, somebody: Listed) -> None:
    before = _refusals(session, somebody.id)
    newer = owner.correct(session, somebody.id, somebody.licence_id, licence(), today=TODAY, now=NOW)
    assert newer.id != somebody.licence_id
    assert newer.supersedes_id == somebody.licence_id
    assert _refusals(session, somebody.id) == before == ()
    assert (Kind.LICENCE, f"credential:{newer.id}") in _cases(session)
    assert somebody.licence_id in {row.id for row in session.scalars(select(Credential))}
    assert [filed.paper.verified_on is not None for filed in papers_on_file(session, somebody.id)] == [True]
    credentials.record_check(session, newer.id, Check(verified_on=TODAY), now=NOW)
    assert _refusals(session, somebody.id) == ()
    assert [filed.paper.expires for filed in papers_on_file(session, somebody.id)] == [RENEWED]


def test_a_change_on_top_of_a_waiting_change_is_that_change(session: Session, somebody: Listed) -> None:
    first = owner.correct(session, somebody.id, somebody.licence_id, licence(), today=TODAY, now=NOW)
    second = owner.correct(session, somebody.id, somebody.licence_id, licence(number="AC777777"), today=TODAY, now=NOW)
    assert (first.id, first.number) == (second.id, "AC777777")


def test_a_checked_paper_said_again_unchanged_makes_nothing_new(session: Session, somebody: Listed) -> None:
    row = session.get_one(Credential, somebody.licence_id)
    row.number = "AC1"
    same = licence(number="AC1", expires=row.expires)
    assert owner.correct(session, somebody.id, row.id, same, today=TODAY, now=NOW).id == row.id
    assert len(owner.papers_of(session, somebody.id)) == 1


def test_giving_a_licence_up_hides_at_once_what_it_carried(session: Session, somebody: Listed) -> None:
    waiting = owner.correct(session, somebody.id, somebody.licence_id, licence(), today=TODAY, now=NOW)
    noted = changes.position(session).newest
    owner.give_up(session, somebody.id, somebody.licence_id, today=TODAY, now=NOW)
    assert Refusal.NO_LICENCE in _refusals(session, somebody.id)
    assert session.get(Credential, waiting.id) is None
    assert (Kind.LICENCE, f"credential:{somebody.licence_id}") in _cases(session)
    session.commit()
    assert changes.position(session).newest > noted
    # What the register says afterwards does not bring it back.
    credentials.record_check(session, somebody.licence_id, Check(verified_on=TODAY), now=NOW)
    assert Refusal.NO_LICENCE in _refusals(session, somebody.id)


def test_giving_up_sheds_no_order(session: Session) -> None:
    reference(session)
    found = listed(session, Changes(licence={"status": CredentialStatus.SUSPENDED}))
    credentials.record(session, licence_draft(found.id, number="OTHER"), now=NOW)
    assert Refusal.ORDERED_TO_STOP in _refusals(session, found.id)
    owner.give_up(session, found.id, found.licence_id, today=TODAY, now=NOW)
    assert Refusal.ORDERED_TO_STOP in _refusals(session, found.id)


def test_an_order_is_not_replaced_by_what_its_holder_says(session: Session) -> None:
    reference(session)
    found = listed(session, Changes(licence={"status": CredentialStatus.SUSPENDED}))
    newer = owner.correct(session, found.id, found.licence_id, licence(), today=TODAY, now=NOW)
    assert newer.supersedes_id is None
    credentials.record_check(session, newer.id, Check(verified_on=TODAY), now=NOW)
    assert Refusal.ORDERED_TO_STOP in _refusals(session, found.id)


@pytest.mark.parametrize("act", ["correct", "take_back"])
def test_a_word_of_the_register_on_an_unchecked_paper_is_not_the_holders_to_change(
    session: Session, somebody: Listed, act: str
) -> None:
    """An import may know of an order before anybody checked the paper."""
    suspended = licence_draft(
        somebody.id, status=CredentialStatus.SUSPENDED, identity_match=True, check=None, number="S"
    )
    row = credentials.record(session, suspended, now=NOW)
    assert Refusal.ORDERED_TO_STOP in _refusals(session, somebody.id)
    if act == "correct":
        owner.correct(session, somebody.id, row.id, licence(number="S"), today=TODAY, now=NOW)
    else:
        with pytest.raises(Conflict):
            owner.take_back(session, somebody.id, row.id, now=NOW)
    assert Refusal.ORDERED_TO_STOP in _refusals(session, somebody.id)


def test_what_nobody_looked_at_can_be_taken_back(session: Session, somebody: Listed) -> None:
    row = _state(session, somebody.id, school())
    owner.take_back(session, somebody.id, row.id, now=NOW)
    assert session.get(Credential, row.id) is None
    assert _cases(session) == set()
    with pytest.raises(Conflict):
        owner.take_back(session, somebody.id, somebody.licence_id, now=NOW)


def test_papers_of_others_are_not_found(session: Session, somebody: Listed) -> None:
    stranger = practitioners.register(session, person_draft(), now=NOW).id
    with pytest.raises(NotFound):
        owner.correct(session, stranger, somebody.licence_id, licence(), today=TODAY, now=NOW)
    with pytest.raises(NotFound):
        owner.give_up(session, stranger, somebody.licence_id, today=TODAY, now=NOW)
    with pytest.raises(NotFound):
        owner.take_back(session, stranger, somebody.licence_id, now=NOW)
    with pytest.raises(NotFound):
        owner.state(session, 10**9, licence(), today=TODAY, now=NOW)
    cover = session.scalars(select(Indemnity)).one()
    with pytest.raises(NotFound):
        owner.end_cover(session, stranger, cover.id, today=TODAY, now=NOW)
    assert _refusals(session, somebody.id) == ()


def test_a_place_of_somebody_else_and_a_jurisdiction_nobody_knows_are_refused(
    session: Session, somebody: Listed
) -> None:
    stranger = practitioners.register(session, person_draft(), now=NOW).id
    approval = licence(kind=CredentialKind.PREMISES_APPROVAL, jurisdiction="GB-WLS")
    with pytest.raises(InvalidInput) as refused:
        _state(session, stranger, replace(approval, place_id=somebody.place_id))
    assert refused.value.field == "place_id"
    own = premises.add_place(session, place_draft(stranger))
    assert _state(session, stranger, replace(approval, place_id=own.id)).place_id == own.id
    with pytest.raises(InvalidInput) as refused:
        _state(session, stranger, licence(jurisdiction="ZZ-ZZ"))
    assert refused.value.field == "jurisdiction"


def test_somebody_elses_number_is_kept_as_a_claim_and_looked_at(session: Session, somebody: Listed) -> None:
    session.get_one(Credential, somebody.licence_id).number = "AC-123456"
    stranger = practitioners.register(session, person_draft(), now=NOW).id
    row = _state(session, stranger, licence(number="ac 123456"))
    assert _cases(session) == {(Kind.PLAUSIBILITY, f"credential:{row.id}")}
    assert _refusals(session, somebody.id) == ()


@pytest.mark.parametrize(
    "other", [{"number": "AC999"}, {"jurisdiction": "US-WA"}, {"kind": CredentialKind.STATUTORY_OTHER_PROFESSION}]
)
def test_another_number_place_or_kind_is_no_claim(session: Session, somebody: Listed, other: dict[str, Any]) -> None:
    session.get_one(Credential, somebody.licence_id).number = "AC123456"
    stranger = practitioners.register(session, person_draft(), now=NOW).id
    _state(session, stranger, licence(**other))
    assert _cases(session) == set()


def test_one_person_cannot_fill_the_table(session: Session, newcomer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "MOST_PAPERS", 2)
    for number in ("1", "2"):
        _state(session, newcomer, licence(number=number))
    with pytest.raises(Conflict):
        _state(session, newcomer, licence(number="3"))


# --- covers ----------------------------------------------------------------------------------------------------------


def cover(**facts: Any) -> StatedCover:
    standard: dict[str, Any] = {
        "insurer": "Example Mutual",
        "expires": RENEWED,
        "covers_acupuncture": True,
        "covers_pregnancy": True,
    }
    return StatedCover(**(standard | facts))


def test_a_stated_cover_opens_nothing(session: Session) -> None:
    reference(session)
    found = listed(session, Changes(indemnity_expires=None))
    row = owner.state_cover(session, found.id, cover(), today=TODAY, now=NOW)
    assert owner.state_cover(session, found.id, cover(), today=TODAY, now=NOW).id == row.id
    assert Refusal.NO_INDEMNITY in _refusals(session, found.id)
    assert _cases(session) == {(Kind.INDEMNITY, f"indemnity:{row.id}")}


def test_a_checked_cover_stays_while_another_waits(session: Session, somebody: Listed) -> None:
    checked = session.scalars(select(Indemnity)).one()
    row = owner.correct_cover(session, somebody.id, checked.id, cover(), today=TODAY, now=NOW)
    assert row.id != checked.id
    again = owner.correct_cover(session, somebody.id, row.id, cover(covers_pregnancy=False), today=TODAY, now=NOW)
    assert (again.id, again.covers_pregnancy, again.verified_on) == (row.id, False, None)
    assert _refusals(session, somebody.id) == ()


def test_ending_a_cover_acts_at_once(session: Session, somebody: Listed) -> None:
    checked = session.scalars(select(Indemnity)).one()
    waiting = owner.state_cover(session, somebody.id, cover(), today=TODAY, now=NOW)
    owner.end_cover(session, somebody.id, waiting.id, today=TODAY, now=NOW)
    assert session.get(Indemnity, waiting.id) is None
    assert _cases(session) == set()
    owner.end_cover(session, somebody.id, checked.id, today=TODAY, now=NOW)
    assert Refusal.NO_INDEMNITY in _refusals(session, somebody.id)
    assert Refusal.NO_PREGNANCY_COVER in _refusals(session, somebody.id)


# --- whatever an owner does ------------------------------------------------------------------------------------------


@pytest.fixture
def world(session: Session) -> Session:
    """Jurisdictions and languages, which every example finds."""
    reference(session)
    return session


TEXTS = st.none() | st.sampled_from(["no restrictions", "must work under supervision", "Dr. A", "Clear", "x"])
PAPERS = st.builds(
    licence,
    kind=st.sampled_from(sorted({*CredentialKind} - {CredentialKind.PREMISES_APPROVAL})),
    jurisdiction=st.sampled_from(["US-OR", "US-WA"]),
    body=st.sampled_from(["NCBAHM", "BAcC", "A College"]),
    title=TEXTS,
    number=st.sampled_from(["AC123456", "AC654321"]),
    name_on_record=TEXTS,
    raw_status=TEXTS,
    status=st.sampled_from(STATABLE),
    valid_from=st.sampled_from([None, TODAY - timedelta(days=50)]),
    expires=st.sampled_from([None, TODAY - timedelta(days=3), RENEWED]),
    conditions_text=st.none() | st.sampled_from(["must work under supervision", "must not use electro-acupuncture"]),
)
WIDENING = st.tuples(st.sampled_from(["state", "correct", "take_back"]), PAPERS, st.integers(0, 9))
COVERING = st.tuples(st.just("cover"), st.builds(cover, covers_pregnancy=st.booleans()), st.integers(0, 9))
NARROWING = st.tuples(st.sampled_from(["give_up", "end_cover"]), PAPERS, st.integers(0, 9))


def _act(session: Session, person: int, step: tuple[str, Any, int]) -> None:
    name, stated, which = step
    papers, covers = owner.papers_of(session, person), owner.covers_of(session, person)
    row = papers[which % len(papers)].id if papers else 0
    try:
        match name:
            case "state":
                owner.state(session, person, stated, today=TODAY, now=NOW)
            case "correct":
                owner.correct(session, person, row, stated, today=TODAY, now=NOW)
            case "take_back":
                owner.take_back(session, person, row, now=NOW)
            case "cover":
                owner.state_cover(session, person, stated, today=TODAY, now=NOW)
            case "give_up":
                owner.give_up(session, person, row, today=TODAY, now=NOW)
            case "end_cover":
                owner.end_cover(session, person, covers[which % len(covers)].id if covers else 0, today=TODAY, now=NOW)
    except (Conflict, NotFound):
        pass


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(WIDENING | COVERING | NARROWING, max_size=6), lack=st.sampled_from(["licence", "cover", "both"]))
def test_nobody_opens_their_own_listing(world: Session, steps: list[tuple[str, Any, int]], lack: str) -> None:
    session = world
    with session.begin_nested() as savepoint:
        found = listed(
            session,
            Changes(
                licence={"check": None} if lack != "cover" else {},
                indemnity_expires=None if lack != "licence" else TODAY + timedelta(days=9),
            ),
        )
        refused = set(_refusals(session, found.id))
        assert refused & {Refusal.NO_LICENCE, Refusal.NO_INDEMNITY}
        for step in steps:
            _act(session, found.id, step)
        assert refused <= set(_refusals(session, found.id))
        savepoint.rollback()


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(WIDENING | COVERING, max_size=6))
def test_nothing_but_giving_up_costs_a_listing(world: Session, steps: list[tuple[str, Any, int]]) -> None:
    session = world
    with session.begin_nested() as savepoint:
        found = listed(session)
        credentials.declare_pregnancy(session, pregnancy_draft(found.id))
        for step in steps:
            _act(session, found.id, step)
        assert _refusals(session, found.id) == ()
        savepoint.rollback()


def test_every_case_about_papers_names_one_that_is_there(session: Session, somebody: Listed) -> None:
    row = _state(session, somebody.id, licence(number="AC1"))
    owner.give_up(session, somebody.id, row.id, today=TODAY, now=NOW)
    closed = session.scalars(select(Case).where(Case.state == State.CLOSED)).all()
    assert [case.subject for case in closed] == [f"credential:{row.id}"]


# --- who is told -----------------------------------------------------------------------------------------------------


@pytest.fixture
def reachable(session: Session) -> Listed:
    """Published, with an address that was known before whatever happens next."""
    reference(session)
    return listed(session, Changes(person={"email": "juniper@example.org"}))


def _letters(session: Session) -> list[str]:
    return list(session.scalars(select(OutgoingLetter.purpose).order_by(OutgoingLetter.id)))


def test_the_old_address_hears_of_what_is_asked_and_of_what_is_gone(session: Session, reachable: Listed) -> None:
    owner.correct(session, reachable.id, reachable.licence_id, licence(), today=TODAY, now=NOW)
    assert _letters(session) == ["profile_change_wished"]
    owner.give_up(session, reachable.id, reachable.licence_id, today=TODAY, now=NOW)
    owner.give_up(session, reachable.id, reachable.licence_id, today=TODAY, now=NOW)
    checked = session.scalars(select(Indemnity)).one()
    owner.end_cover(session, reachable.id, checked.id, today=TODAY, now=NOW)
    assert _letters(session)[1:] == ["profile_changed_at_once", "profile_changed_at_once"]


def test_nobody_hears_of_a_draft(session: Session) -> None:
    reference(session)
    person = practitioners.register(session, person_draft(email="juniper@example.org"), now=NOW).id
    row = _state(session, person, licence())
    owner.give_up(session, person, row.id, today=TODAY, now=NOW)
    assert _letters(session) == []


def test_what_was_shown_for_a_paper_goes_with_it(session: Session, newcomer: int) -> None:
    row = _state(session, newcomer, licence())
    subject = evidence.own_subject(session, newcomer, f"credential:{row.id}")
    shown = Evidence(
        practitioner_id=newcomer,
        subject=subject.text,
        code="0" * 22,
        way=Way.STATEMENT,
        state=EvidenceState.CLEAN,
        sent_at=NOW,
        delete_after=NOW + timedelta(days=365),
    )
    session.add(shown)
    session.flush()
    owner.take_back(session, newcomer, row.id, now=NOW)
    session.refresh(shown)
    assert shown.delete_after == NOW


def test_a_claim_to_somebody_elses_number_ends_when_it_is_taken_back(session: Session, somebody: Listed) -> None:
    session.get_one(Credential, somebody.licence_id).number = "AC123456"
    stranger = practitioners.register(session, person_draft(), now=NOW).id
    row = _state(session, stranger, licence())
    owner.take_back(session, stranger, row.id, now=NOW)
    assert _cases(session) == set()
