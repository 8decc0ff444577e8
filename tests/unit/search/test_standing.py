"""Where somebody is listed: every place with every way of meeting, and the first reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.credentials.rules import Person, permits
from directory.credentials.terms import (
    CheckMethod,
    ConditionCode,
    CredentialKind,
    CredentialStatus,
    Mode,
    Refusal,
    Verification,
)
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import Accepting, AccountStatus, PointPrecision, Technique
from directory.screening.terms import Condition
from directory.search.listings import Listing
from directory.search.standing import MEND_FIRST, Line, Service, Why, lines
from tests.unit.credentials.people import RULES, cover, day, declaration, membership, paper, person

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def at(who: Person, place_id: int = 1, **facts: Any) -> Listing:
    """Somebody at a practice in Oregon that differs in these facts."""
    about = {name: facts.pop(name) for name in ("techniques", "declines", "remote_jurisdictions") if name in facts}
    standard: dict[str, Any] = {
        "id": place_id,
        "jurisdiction": "US-OR",
        "country": "US",
        "timezone": "America/Los_Angeles",
        "point_precision": PointPrecision.EXACT,
        "in_person": True,
        "home_visit_radius_km": 0.0,
        "remote_consultation": bool(about.get("remote_jurisdictions")),
        "accepting": Accepting.YES,
    }
    said: dict[str, Any] = {
        "techniques": frozenset({Technique.MANUAL}),
        "declines": frozenset(),
        "remote_jurisdictions": frozenset(),
    }
    return Listing(
        place=PracticePlace(**(standard | facts)),
        practitioner=Practitioner(id=1),
        person=who,
        experience=None,
        declaration=None,
        languages=(),
        protocols=frozenset(),
        availability=frozenset(),
        payers=(),
        hours=(),
        payers_stated={},
        **(said | about),
    )


def table(*found: Listing) -> dict[tuple[int, Service, str], Line]:
    return {(each.place_id, each.service, each.jurisdiction): each for each in lines(found, RULES, now=NOW)}


def first(who: Person, service: Service = Service.IN_PERSON, **facts: Any) -> Line:
    return next(each for each in lines([at(who, **facts)], RULES, now=NOW) if each.service is service)


def test_each_way_of_meeting_has_a_line_and_what_is_not_offered_has_none() -> None:
    everything = at(person(), home_visit_radius_km=5.0, remote_jurisdictions=frozenset({"US-OR", "US-WA"}))
    assert [(each.service, each.jurisdiction) for each in lines([everything], RULES, now=NOW)] == [
        (Service.IN_PERSON, "US-OR"),
        (Service.HOME_VISIT, "US-OR"),
        (Service.REMOTE, "US-OR"),
        (Service.REMOTE, "US-WA"),
        (Service.PREGNANCY, "US-OR"),
    ]
    only_remote = at(person(), in_person=False, remote_jurisdictions=frozenset({"US-OR"}))
    assert [each.service for each in lines([only_remote], RULES, now=NOW)] == [Service.REMOTE]


def test_losing_one_licence_hides_only_what_it_carried() -> None:
    oregon, washington = paper(), paper(jurisdiction="US-WA")
    places = [
        ({"place_id": 1, "home_visit_radius_km": 10.0, "remote_jurisdictions": frozenset({"US-OR", "US-WA"})}),
        ({"place_id": 2, "jurisdiction": "US-WA"}),
    ]
    before = table(*(at(person(oregon, washington), **dict(each)) for each in places))
    after = table(*(at(person(oregon), **dict(each)) for each in places))
    assert all(line.listed for line in before.values())
    assert {key for key, line in after.items() if not line.listed} == {key for key in before if key[2] == "US-WA"}
    assert {line.refusal for key, line in after.items() if key[2] == "US-WA"} == {Refusal.NO_LICENCE}


def test_one_place_may_be_confirmed_and_another_not() -> None:
    found = table(at(person()), at(person(attested_on=day(-121)), place_id=2))
    assert found[1, Service.IN_PERSON, "US-OR"].listed
    lapsed = found[2, Service.IN_PERSON, "US-OR"]
    assert (lapsed.refusal, lapsed.why) == (Refusal.NOT_ATTESTED, Why.LAPSED)


UNCHECKED: dict[str, Any] = {"verified_on": None, "check_method": None, "identity_match": False}


@pytest.mark.parametrize(
    ("who", "refusal", "why"),
    [
        (person(paper(**UNCHECKED)), Refusal.NO_LICENCE, Why.WAITING),
        (person(paper(**UNCHECKED, status=CredentialStatus.UNKNOWN)), Refusal.NO_LICENCE, Why.WAITING),
        (person(paper(check_method=CheckMethod.DOCUMENT_ONLY)), Refusal.NO_LICENCE, Why.WAITING),
        (person(paper(expires=day(-1))), Refusal.NO_LICENCE, Why.LAPSED),
        (person(paper(jurisdiction="US-CA")), Refusal.NO_LICENCE, Why.LACKING),
        (person(paper(status=CredentialStatus.REVOKED)), Refusal.ORDERED_TO_STOP, Why.LACKING),
        (person(covers=()), Refusal.NO_INDEMNITY, Why.LACKING),
        (person(covers=(cover(verified_on=None),)), Refusal.NO_INDEMNITY, Why.WAITING),
        (person(covers=(cover(expires=day(-1)),)), Refusal.NO_INDEMNITY, Why.LAPSED),
        (person(holder_proved_on=None), Refusal.HOLDER_NOT_PROVED, Why.WAITING),
        (person(attested_on=None), Refusal.NOT_ATTESTED, Why.LACKING),
        (person(account_status=AccountStatus.PAUSED), Refusal.NOT_PUBLISHED, Why.LACKING),
        (person(held=True), Refusal.HELD, Why.LACKING),
    ],
)
def test_the_one_reason_says_who_can_mend_it(who: Person, refusal: Refusal, why: Why) -> None:
    line = first(who)
    assert (line.listed, line.refusal, line.why) == (False, refusal, why)


@pytest.mark.parametrize(
    ("facts", "refusal", "why"),
    [
        ({"treats": False}, Refusal.PREGNANCY_NOT_TREATED, Why.LACKING),
        ({"signed_on": day(-400)}, Refusal.DECLARATION_NOT_CURRENT, Why.LAPSED),
        ({"training_verification": Verification.SELF_ATTESTED}, Refusal.TRAINING_NOT_CHECKED, Why.WAITING),
        ({"training_hours": 8}, Refusal.TRAINING_NOT_CHECKED, Why.LACKING),
    ],
)
def test_pregnancy_has_a_line_and_reasons_of_its_own(facts: dict[str, Any], refusal: Refusal, why: Why) -> None:
    who = replace(person(), declaration=declaration(**facts))
    line = first(who, Service.PREGNANCY)
    assert (line.refusal, line.why) == (refusal, why)
    assert first(who).listed


def test_who_declines_pregnancy_is_not_listed_for_it() -> None:
    line = first(person(), Service.PREGNANCY, declines=frozenset({Condition.PREGNANCY}))
    assert line.refusal is Refusal.PREGNANCY_NOT_TREATED


def test_of_several_reasons_the_one_to_mend_first_is_told() -> None:
    nothing = person(paper(jurisdiction="US-CA"), covers=(), attested_on=None, account_status=AccountStatus.DRAFT)
    assert first(nothing).refusal is Refusal.NO_LICENCE
    assert first(nothing, jurisdiction="US-AL").refusal is Refusal.CLOSED_JURISDICTION


def test_every_refusal_has_its_turn() -> None:
    assert sorted(MEND_FIRST) == sorted(Refusal)


def test_a_closed_list_or_an_absence_is_listed_for_those_who_wait() -> None:
    assert first(person(), accepting=Accepting.CLOSED).waiting_list_only
    assert first(person(), away_from=day(-1), away_until=day(1)).waiting_list_only
    assert not first(person(), away_from=day(1), away_until=day(2)).waiting_list_only


def test_how_long_it_lasts_is_the_first_date_that_ends_it() -> None:
    assert first(person()).lasts_until == day(115)
    assert first(person(paper(expires=day(20)))).lasts_until == day(20)


def test_electricity_alone_under_a_condition_against_it_is_nothing() -> None:
    paper_against_it = paper(codes=frozenset({ConditionCode.NO_ELECTRO}))
    forbidden = first(person(paper_against_it, techniques=frozenset({Technique.ELECTRO})))
    assert not forbidden.listed
    assert (forbidden.refusal, forbidden.why) == (Refusal.NOTHING_TO_OFFER, Why.LACKING)
    assert first(person(paper_against_it, techniques=frozenset({Technique.ELECTRO, Technique.MANUAL}))).listed
    assert first(person(paper(), techniques=frozenset({Technique.ELECTRO}))).listed


PAPERS = st.builds(
    paper,
    st.sampled_from([CredentialKind.STATUTORY_LICENCE, CredentialKind.NATIONAL_CERTIFICATION]),
    jurisdiction=st.sampled_from(["US-OR", "US-WA", "AU"]),
    expires=st.integers(-40, 40).map(day),
    verified_on=st.integers(-40, 3).map(day),
    status=st.sampled_from(list(CredentialStatus)),
)


@given(
    st.lists(PAPERS, min_size=1, max_size=3),
    st.integers(-130, 2).map(day),
    st.sampled_from(list(AccountStatus)),
    st.sampled_from(["US-OR", "US-WA", "AU", "GB-ENG", "US-AL"]),
)
def test_the_table_says_what_the_gate_says(papers: list[Any], said: Any, status: AccountStatus, code: str) -> None:
    who = person(*papers, membership("BAcC"), attested_on=said, account_status=status)
    line = first(who, jurisdiction=code)
    today = day(0)
    permit = permits(who, RULES[code], place_id=1, mode=Mode.IN_PERSON, today=today)
    assert line.listed is permit.allowed
    assert (line.refusal is None) is permit.allowed
    assert line.refusal is None or line.refusal in permit.refusals
    if line.lasts_until is not None:
        after = date_after(line)
        assert not permits(who, RULES[code], place_id=1, mode=Mode.IN_PERSON, today=after).allowed


def date_after(line: Line) -> Any:
    assert line.lasts_until is not None
    return type(line.lasts_until).fromordinal(line.lasts_until.toordinal() + 1)
