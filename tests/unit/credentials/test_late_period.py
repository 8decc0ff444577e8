"""Past its date and still in force: what the law of a register lets go on, and for how long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.credentials.rules import LatePeriod, in_force, late_period
from directory.credentials.terms import PERMITS_PRACTICE, CredentialKind, CredentialStatus
from directory.jurisdictions.rules import Jurisdiction
from tests.unit.credentials.people import RULES, ask, paper, person

AUSTRALIA = RULES["AU"]
EXPIRES = date(2026, 11, 30)
REGISTRATION = paper(
    CredentialKind.STATUTORY_REGISTRATION, jurisdiction="AU", expires=EXPIRES, last_checked_on=date(2026, 11, 1)
)


@pytest.mark.parametrize(
    ("today", "late"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), LatePeriod(date(2026, 12, 31))),
        (date(2026, 12, 31), LatePeriod(date(2026, 12, 31))),
        (date(2027, 1, 1), None),
    ],
)
def test_an_australian_registration_goes_on_to_the_end_of_december(today: date, late: LatePeriod | None) -> None:
    assert late_period(REGISTRATION, AUSTRALIA, today=today) == late
    permit = ask(person(REGISTRATION, attested_on=today - timedelta(days=5)), "AU", today=today)
    assert permit.allowed is (today <= date(2026, 12, 31))
    assert [each for _, each in permit.late] == ([late] if late else [])


def test_while_a_renewal_is_assessed_the_paper_goes_on_for_a_month_from_the_last_look() -> None:
    looked = paper(
        CredentialKind.STATUTORY_REGISTRATION,
        jurisdiction="AU",
        expires=EXPIRES,
        renewal_pending=True,
        last_checked_on=date(2026, 12, 20),
    )
    assert late_period(looked, AUSTRALIA, today=date(2027, 1, 5)) == LatePeriod(date(2027, 1, 20), assessed=True)
    assert late_period(looked, AUSTRALIA, today=date(2027, 1, 21)) is None


def test_elsewhere_and_on_a_temporary_paper_there_is_none() -> None:
    oregon = paper(expires=EXPIRES)
    assert late_period(oregon, RULES["US-OR"], today=date(2026, 12, 1)) is None
    assert late_period(oregon, AUSTRALIA, today=date(2026, 12, 1)) is None
    temporary = paper(
        CredentialKind.STATUTORY_REGISTRATION, jurisdiction="AU", expires=EXPIRES, status=CredentialStatus.TEMPORARY
    )
    assert late_period(temporary, AUSTRALIA, today=date(2026, 12, 1)) is None


_DAYS = st.dates(date(2026, 10, 1), date(2027, 3, 31))


@given(
    rule=st.sampled_from([AUSTRALIA, RULES["US-OR"], RULES["NZ"]]),
    status=st.sampled_from([*PERMITS_PRACTICE, CredentialStatus.EXPIRED_GRACE, CredentialStatus.SUSPENDED]),
    expires=_DAYS,
    late_until=st.none() | _DAYS,
    pending=st.booleans(),
    today=_DAYS,
)
def test_whoever_is_told_of_a_late_period_has_a_paper_in_force_past_its_date(
    rule: Jurisdiction, status: CredentialStatus, expires: date, late_until: date | None, pending: bool, today: date
) -> None:
    held = paper(
        CredentialKind.STATUTORY_REGISTRATION,
        jurisdiction=rule.code,
        status=status,
        expires=expires,
        late_until=late_until,
        renewal_pending=pending,
        verified_on=date(2026, 9, 1),
    )
    late = late_period(held, rule, today=today)
    counts = in_force(held, today=today, late_days=rule.late_days)
    assert (late is not None) is (counts and today > expires)
    assert late is None or today <= late.until
