"""Between the days that ``turning_days`` names, no answer about anybody changes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from directory.credentials.rules import (
    Paper,
    Person,
    admits_pregnancy,
    in_force,
    nationally_certified,
    permits,
    turning_days,
)
from directory.credentials.terms import CheckMethod, CredentialKind, CredentialStatus, Mode
from directory.practitioners.terms import AccountStatus, Profession
from directory.screening.rules import Weeks
from tests.examples import examples
from tests.unit.credentials.people import RULES, cover, day, declaration

S = CredentialStatus
K = CredentialKind

CODES = ["US-OR", "AU", "GB-WLS", "GB-SCT", "GB-LDN", "US-OK"]
near = st.integers(-60, 60).map(day)
maybe = st.none() | near

papers = st.builds(
    Paper,
    kind=st.sampled_from(list(K)),
    status=st.sampled_from([*S, S.ACTIVE, S.ACTIVE, S.EXPIRED, S.UNKNOWN]),
    jurisdiction=st.sampled_from([None, "US-OR", "AU", "GB-WLS", "GB-SCT", "US-OK"]),
    place_id=st.sampled_from([None, 1]),
    body=st.sampled_from([None, "BAcC", "NCBAHM", "ABMA", "AACP"]),
    title=st.sampled_from([None, "MD", "HCPC"]),
    valid_from=st.none() | near,
    expires=maybe,
    late_until=maybe,
    renewal_pending=st.booleans(),
    last_checked_on=maybe,
    verified_on=maybe,
    check_method=st.sampled_from([CheckMethod.PRIMARY_SOURCE] * 4 + [CheckMethod.DOCUMENT_ONLY]),
    identity_match=st.sampled_from([True, True, True, False]),
    superseded=st.sampled_from([False, False, False, True]),
    unknown_since=maybe,
    last_known_status=st.sampled_from([None, S.ACTIVE, S.EXPIRED, S.REVOKED]),
)
covers = st.builds(cover, expires=near, verified_on=maybe, covers_pregnancy=st.booleans())
people = st.builds(
    Person,
    profession=st.sampled_from(list(Profession)),
    account_status=st.sampled_from([AccountStatus.PUBLISHED] * 4 + [AccountStatus.PAUSED]),
    held=st.sampled_from([False, False, False, True]),
    holder_proved_on=maybe,
    attested_on=st.none() | st.integers(-150, 30).map(day),
    papers=st.lists(papers, max_size=4).map(tuple),
    covers=st.lists(covers, max_size=2).map(tuple),
    declaration=st.none() | st.builds(declaration, signed_on=st.integers(-380, 30).map(day)),
)


@settings(max_examples=examples(120))
@given(
    who=people, code=st.sampled_from(["US-OR", "AU", "GB-WLS", "GB-SCT", "GB-LDN", "US-OK"]), mode=st.sampled_from(Mode)
)
def test_between_turning_days_no_answer_changes(who: Person, code: str, mode: Mode) -> None:
    rule = RULES[code]
    turning = set(turning_days(who, late_days=rule.late_days))
    before: tuple[object, ...] | None = None
    for offset in range(-70, 130):
        today = day(offset)
        answer = (
            permits(who, rule, place_id=1, mode=mode, today=today),
            admits_pregnancy(who, rule, weeks=Weeks(10, 11), today=today),
            nationally_certified(who, today=today),
        )
        assert before is None or today in turning or answer == before, today
        before = answer


@settings(max_examples=examples(60))
@given(held=papers, days=st.integers(0, 400))
def test_a_document_alone_or_another_name_is_never_in_force(held: Paper, days: int) -> None:
    for change in ({"check_method": CheckMethod.DOCUMENT_ONLY}, {"identity_match": False}, {"superseded": True}):
        assert not in_force(replace(held, **change), today=day(days - 200), late_days=31, needs_expiry=False)
