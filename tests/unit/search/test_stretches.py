"""What the index knows of the future against asking the rules on every single day."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.credentials.rules import Person, admits_pregnancy, nationally_certified, permits
from directory.credentials.terms import CredentialStatus, Mode
from directory.screening.rules import Weeks
from directory.search.eligibility import stretches
from directory.search.ranking import trust_penalty
from tests.examples import examples
from tests.unit.credentials.people import RULES, certificate, cover, day, declaration, paper, person

near = st.integers(-40, 40).map(day)
licences = st.builds(
    paper,
    status=st.sampled_from([CredentialStatus.ACTIVE, CredentialStatus.ACTIVE, CredentialStatus.PROBATION]),
    jurisdiction=st.sampled_from(["US-OR", "AU"]),
    valid_from=st.none() | near,
    expires=near,
    late_until=st.none() | near,
    verified_on=near,
    last_checked_on=near,
    renewal_pending=st.booleans(),
)
certificates = st.builds(certificate, valid_from=st.none() | near, expires=near, verified_on=st.just(day(-60)))
people = st.builds(
    lambda licences, certificates, covers, declared, attested: person(
        *licences, *certificates, covers=tuple(covers), declaration=declared, attested_on=attested
    ),
    st.lists(licences, min_size=1, max_size=3),
    st.lists(certificates, max_size=2),
    st.lists(st.builds(cover, expires=near, verified_on=near, covers_pregnancy=st.booleans()), min_size=1, max_size=3),
    st.none() | st.builds(declaration, signed_on=st.integers(-390, 20).map(day), min_week=st.sampled_from([None, 4])),
    st.integers(-140, 10).map(day),
)


@settings(max_examples=examples(100))
@given(who=people, code=st.sampled_from(["US-OR", "AU"]), mode=st.sampled_from(Mode))
def test_each_day_is_as_the_rules_say_on_that_day(who: Person, code: str, mode: Mode) -> None:
    rule, start = RULES[code], day(-20)
    found = list(stretches(who, rule, place_id=1, mode=mode, start=start))
    for offset in range(-20, 160):
        today = day(offset)
        number = today.toordinal()
        permit = permits(who, rule, place_id=1, mode=mode, today=today)
        holding = [each for each in found if each.first <= number <= each.last]
        assert len(holding) == int(permit.allowed), today
        for stretch in holding:
            admitted = not admits_pregnancy(who, rule, weeks=Weeks(4, 40), today=today)
            assert (number <= stretch.pregnancy_last) is admitted, today
            assert (number <= stretch.certified_last) is nationally_certified(who, today=today), today
            assert stretch.penalty == trust_penalty(permit.basis), today


def test_two_gaps_at_once_are_both_known() -> None:
    """A licence that comes back before the insurance for pregnancy does: each on its own day."""
    who = person(
        paper(expires=day(0)),
        paper(valid_from=day(10), number="renewed"),
        covers=(cover(covers_pregnancy=False), cover(expires=day(0)), cover(verified_on=day(31), expires=day(300))),
    )
    found = list(stretches(who, RULES["US-OR"], place_id=1, mode=Mode.IN_PERSON, start=day(-1)))
    assert [(each.first, each.last) for each in found] == [
        (day(-1).toordinal(), day(0).toordinal()),
        (day(10).toordinal(), day(29).toordinal()),
        (day(30).toordinal(), day(115).toordinal()),
    ]
    assert [each.pregnancy_last >= each.first for each in found] == [True, False, True]


@pytest.mark.parametrize("change", [{"held": True}, {"holder_proved_on": None}, {"covers": ()}])
def test_who_will_never_be_listed_has_no_stretch(change: dict[str, object]) -> None:
    assert not list(stretches(person(**change), RULES["US-OR"], place_id=1, mode=Mode.IN_PERSON, start=day(0)))
