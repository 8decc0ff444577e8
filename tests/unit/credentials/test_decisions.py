"""What may be decided, on what, and by how many: the rules behind the desk, without a database."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.cases.terms import Kind
from directory.credentials.decisions import rules
from directory.credentials.decisions.rules import CHECKED, Claim, Reading, Verdict
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.rules import Paper, in_force
from directory.credentials.terms import (
    PERMITS_PRACTICE,
    CheckMethod,
    CredentialKind,
    CredentialStatus,
    Verification,
)

TODAY = date(2026, 11, 23)
EXPIRES = TODAY + timedelta(days=365)
CLAIM = Claim(kind=Kind.LICENCE, name="Juniper Underhill", status=CredentialStatus.ACTIVE, dated=True, expires=EXPIRES)
SEEN = Verdict(
    outcome=Outcome.VERIFIED,
    method=Method.PRIMARY_SOURCE,
    read_on=TODAY,
    reading=Reading(status=CredentialStatus.ACTIVE, expires=EXPIRES, name="UNDERHILL, Juniper"),
    identity_match=True,
    source="https://register.example/1",
)

days = st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=800))
readings = st.builds(
    Reading,
    status=st.none() | st.sampled_from(CredentialStatus),
    raw_status=st.none() | st.text(max_size=5),
    expires=st.none() | days,
    no_expiry=st.booleans(),
    late_until=st.none() | days,
    name=st.sampled_from([None, "", "Juniper Underhill", "Juniper Overhill"]),
    conditions=st.none() | st.just("Supervised."),
    covers_pregnancy=st.none() | st.booleans(),
    covers_acupuncture=st.none() | st.booleans(),
)
verdicts = st.builds(
    Verdict,
    outcome=st.sampled_from(Outcome),
    method=st.none() | st.sampled_from(Method),
    read_on=st.none() | days,
    reading=readings,
    identity_match=st.none() | st.booleans(),
    name_reason=st.sampled_from(["", "Maiden name."]),
    as_read=st.booleans(),
    source=st.none() | st.just("https://register.example/1"),
    reason_code=st.none() | st.sampled_from(ReasonCode),
    words=st.sampled_from(["", "Words."]),
    note=st.sampled_from(["", "A note."]),
    questions=st.lists(st.sampled_from(["", "Why?"]), max_size=6).map(tuple),
    items=st.dictionaries(st.sampled_from(list(rules.ITEM_LEVELS)), st.sampled_from(Verification), max_size=3),
    training=st.none() | st.sampled_from(Verification),
    second_registration_counts=st.booleans(),
    agrees=st.none() | st.booleans(),
    took_seconds=st.none() | st.integers(0, 10_000),
    draw=st.floats(0, 1),
)
claims = st.builds(
    Claim,
    kind=st.sampled_from([Kind.LICENCE, Kind.CERTIFICATION]),
    name=st.just("Juniper Underhill"),
    status=st.sampled_from(CredentialStatus),
    dated=st.just(True),
    expires=st.none() | days,
    read_at_source=st.booleans(),
    has_conditions=st.booleans(),
)


def test_what_was_read_and_agrees_can_be_verified() -> None:
    assert rules.complaints(CLAIM, SEEN, today=TODAY) == {}


@given(claims, verdicts)
def test_nothing_is_verified_that_was_not_read_whole_and_of_this_person(claim: Claim, verdict: Verdict) -> None:
    verdict = replace(verdict, outcome=Outcome.VERIFIED)
    if rules.complaints(claim, verdict, today=TODAY):
        return
    read = verdict.reading
    assert read.status not in (None, CredentialStatus.UNKNOWN)
    assert (read.expires is not None) is not read.no_expiry
    assert read.name
    assert verdict.identity_match
    assert verdict.method is Method.DOCUMENT_ONLY or verdict.source
    assert verdict.read_on is not None
    if not verdict.as_read:
        assert read.expires == claim.expires
        assert claim.status is not None
        assert rules.same_status(claim.status, read.status)
    if rules.may_practise_as_claimed(claim.status or CredentialStatus.UNKNOWN):
        assert rules.may_practise(read.status, read.late_until)
    if not rules.same_name(read.name, claim.name):
        assert verdict.name_reason


@given(claims, verdicts)
def test_a_document_alone_never_settles_nor_opens_a_licence(claim: Claim, verdict: Verdict) -> None:
    verdict = replace(verdict, method=Method.DOCUMENT_ONLY)
    assert not (
        verdict.outcome in rules.OPENS and rules.is_settled(verdict.outcome, kind=claim.kind, method=verdict.method)
    )
    if verdict.outcome is Outcome.VERIFIED and not rules.complaints(claim, verdict, today=TODAY):
        assert not claim.read_at_source
        paper = Paper(
            kind=CredentialKind.STATUTORY_LICENCE,
            status=verdict.reading.status or CredentialStatus.ACTIVE,
            expires=verdict.reading.expires,
            late_until=verdict.reading.late_until,
            verified_on=verdict.read_on,
            check_method=CheckMethod(verdict.method),
            identity_match=True,
        )
        assert not in_force(paper, today=TODAY, needs_expiry=False)


@dataclass
class Desk:
    """What a subject has been through, as one question: may it be seen?"""

    open: bool = True
    revoked: bool = False
    waits_after: int | None = None
    """Who decided first, where it waits for a second."""

    def step(self, by: int, outcome: Outcome, *, colleague: bool, counts: bool, agrees: bool) -> None:
        """One account sends one decision."""
        verdict = Verdict(outcome=outcome, second_registration_counts=counts)
        if self.waits_after is not None:
            if not rules.may_look_again(by, [self.waits_after]):
                return
            self.waits_after = None
            if agrees:
                self._take(outcome=Outcome.RESTORED)
            return
        if rules.needs_another(verdict, was_revoked=self.revoked, of_a_colleague=colleague):
            self.waits_after = by
            return
        self._take(outcome)

    def _take(self, outcome: Outcome) -> None:
        if outcome in rules.OPENS:
            self.open = True
            self.revoked = self.revoked and outcome is not Outcome.RESTORED
        elif outcome in (Outcome.REVOKED, Outcome.SUSPENDED, Outcome.HELD, Outcome.REJECTED):
            self.open = False
            self.revoked = self.revoked or outcome is Outcome.REVOKED


steps = st.lists(st.tuples(st.sampled_from(Outcome), st.booleans(), st.booleans()), max_size=12)


@given(steps)
def test_no_sequence_of_one_person_alone_opens_what_was_revoked(sent: list[tuple[Outcome, bool, bool]]) -> None:
    desk = Desk(open=False, revoked=True)
    for outcome, counts, agrees in sent:
        desk.step(1, outcome, colleague=False, counts=counts, agrees=agrees)
        assert not desk.open


@given(steps)
def test_no_sequence_of_one_person_alone_opens_a_colleagues_record(sent: list[tuple[Outcome, bool, bool]]) -> None:
    desk = Desk(open=False)
    for outcome, counts, agrees in sent:
        desk.step(1, outcome, colleague=True, counts=counts, agrees=agrees)
        assert not desk.open


def test_two_people_open_it() -> None:
    desk = Desk(open=False, revoked=True)
    desk.step(1, Outcome.RESTORED, colleague=True, counts=False, agrees=False)
    desk.step(2, Outcome.RESTORED, colleague=True, counts=False, agrees=True)
    assert desk.open


@pytest.mark.parametrize("outcome", [Outcome.HELD, Outcome.MORE_INFORMATION, Outcome.NOT_CHECKED])
def test_hiding_for_safety_and_asking_never_need_two(outcome: Outcome) -> None:
    assert not rules.needs_another(Verdict(outcome=outcome), was_revoked=True, of_a_colleague=True)


@given(verdicts)
def test_a_verdict_that_waits_comes_back_as_it_was(verdict: Verdict) -> None:
    assert Verdict.from_plain(json.loads(json.dumps(verdict.to_plain()))) == verdict


def test_every_kind_has_outcomes() -> None:
    assert rules.OUTCOMES.keys() == set(Kind)


@pytest.mark.parametrize(
    ("claimed", "read", "same"),
    [
        (CredentialStatus.INACTIVE, CredentialStatus.REGISTERED_NOT_PRACTISING, True),
        (CredentialStatus.SUSPENDED, CredentialStatus.INTERIM_SUSPENDED, True),
        (CredentialStatus.EXPIRED, CredentialStatus.LAPSED, True),
        (CredentialStatus.ACTIVE, CredentialStatus.ACTIVE_WITH_CONDITIONS, False),
        (CredentialStatus.ACTIVE, CredentialStatus.TEMPORARY, False),
    ],
)
def test_practitioners_have_one_word_where_registers_have_several(
    claimed: CredentialStatus, read: CredentialStatus, same: bool
) -> None:
    assert rules.same_status(claimed, read) is same


@pytest.mark.parametrize(
    ("read", "same"),
    [
        ("UNDERHILL, JUNIPER", True),
        ("Juniper  Ünderhill", True),
        ("J. Underhill", False),
        ("", False),
    ],
)
def test_names_are_the_same_in_any_order_case_and_accent(read: str, same: bool) -> None:
    assert rules.same_name(read, "Juniper Underhill") is same


@given(st.none() | days, days)
def test_a_paper_is_read_again_within_a_month_and_before_it_ends(expires: date | None, today: date) -> None:
    found = rules.next_check(expires, today=today)
    assert today < found <= today + timedelta(days=30)
    if expires is not None and expires > today:
        assert found <= expires


@given(st.sampled_from(Outcome), st.floats(0, 1), st.none() | st.integers(0, 100))
def test_haste_always_comes_back_and_chance_one_time_in_twenty(
    outcome: Outcome, draw: float, seconds: int | None
) -> None:
    back = rules.comes_back(outcome=outcome, draw=draw, took_seconds=seconds)
    hasty = seconds is not None and seconds < 20
    assert back == (outcome not in rules.STAYS_OPEN and (hasty or draw < 0.05))


def test_no_document_shows_how_many_patients_there_were() -> None:
    assert CHECKED & set(rules.ITEM_LEVELS["patients"]) == {Verification.INDEPENDENTLY_CONFIRMED}
    assert set(rules.ITEM_LEVELS["training"]) >= CHECKED


def test_no_status_with_which_nobody_may_practise_passes_for_one_that_does() -> None:
    for status in set(CredentialStatus) - PERMITS_PRACTICE - {CredentialStatus.UNKNOWN}:
        verdict = replace(SEEN, reading=replace(SEEN.reading, status=status), as_read=True)
        assert "status_read" in rules.complaints(CLAIM, verdict, today=TODAY)
