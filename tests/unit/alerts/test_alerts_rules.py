"""What a saved search remembers comes back as it was, and its days are counted as they are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.alerts import letters, rules
from directory.alerts.rules import Asked, Told
from directory.credentials.terms import Mode
from directory.mail.letters import INDISCREET, Letter
from directory.practitioners.terms import Availability, Gender, Technique
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import Condition, PregnancyStatus
from directory.search.criteria import Criteria, Point, Wishes

TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
PORTLAND = Point(45.5, -122.6, "US", "US-OR", "America/Los_Angeles", "97214 (Portland, Oregon)", about=True)


@st.composite
def wishes(draw: st.DrawFn) -> Wishes:
    price = draw(st.none() | st.decimals(1, 500, places=2))
    return Wishes(
        languages=draw(st.frozensets(st.sampled_from(["es", "zh", "ar"]))),
        techniques=draw(st.frozensets(st.sampled_from(Technique))),
        gender=draw(st.none() | st.sampled_from(Gender)),
        availability=draw(st.frozensets(st.sampled_from(Availability))),
        payers=draw(st.frozensets(st.sampled_from(["us-aetna", "gb-bupa"]))),
        max_price=price,
        currency=None if price is None else "USD",
        step_free=draw(st.booleans()),
        step_free_or_home_visit=draw(st.booleans()),
        home_visit=draw(st.booleans()),
        remote_first_talk=draw(st.booleans()),
        accepting_confirmed=draw(st.booleans()),
    )


@given(wishes(), wishes(), st.sampled_from([Mode.IN_PERSON, Mode.REMOTE]), st.booleans(), st.floats(1, 500))
def test_a_search_comes_back_as_it_was_saved(
    musts: Wishes, soft: Wishes, mode: Mode, waitlist_ok: bool, radius_km: float
) -> None:
    patient = Patient(pregnancy=PregnancyStatus.YES, weeks=Weeks(20, 21), age=16)
    criteria = Criteria(
        point=PORTLAND,
        radius_km=radius_km,
        mode=mode,
        patient=patient,
        musts=musts,
        wishes=soft,
        waitlist_ok=waitlist_ok,
    )
    asked = Asked({"place": ("97214",), "language": ("es", "zh")}, criteria)
    assert Asked.from_json(asked.to_json(), patient) == asked


def test_a_search_remembers_nothing_of_the_patient() -> None:
    patient = Patient(
        pregnancy=PregnancyStatus.YES, weeks=Weeks(20, 21), age=16, conditions=frozenset({Condition.ANTICOAGULANT})
    )
    bare = Asked({}, Criteria(point=PORTLAND)).to_json()
    assert Asked({}, Criteria(point=PORTLAND, patient=patient)).to_json() == bare


@given(
    st.sampled_from(PregnancyStatus),
    st.none() | st.dates(date(2026, 11, 1), date(2027, 8, 1)),
    st.none() | st.integers(0, 17),
    st.frozensets(st.sampled_from(Condition)),
)
def test_what_was_told_comes_back_as_it_was(
    pregnancy: PregnancyStatus, due: date | None, age: int | None, conditions: frozenset[Condition]
) -> None:
    told = Told(pregnancy=pregnancy, due=due, age=age, conditions=conditions)
    assert Told.from_json(told.to_json()) == told


def test_the_weeks_of_a_kept_pregnancy_go_on_and_end() -> None:
    told = Told(pregnancy=PregnancyStatus.YES, due=TODAY + timedelta(days=140))
    assert told.patient(today=TODAY).gestation == Weeks(20, 21)
    assert told.patient(today=TODAY + timedelta(days=70)).gestation == Weeks(30, 31)
    last = TODAY + timedelta(days=140) + rules.DUE_PAST
    assert told.patient(today=last).gestation is not None
    assert told.out_of_date(today=last + timedelta(days=1))
    assert told.patient(today=last + timedelta(days=1)).pregnancy is PregnancyStatus.NOT_ANSWERED


@pytest.mark.parametrize(("hours", "due"), [(0, False), (23, False), (24, True), (500, True)])
def test_a_search_is_looked_at_once_a_day(hours: int, due: bool) -> None:
    assert rules.look_due(NOW - timedelta(hours=hours), now=NOW) is due


def test_the_question_comes_once_a_year() -> None:
    assert not rules.asks_again(NOW - timedelta(days=364), None, now=NOW)
    assert rules.asks_again(NOW - timedelta(days=365), None, now=NOW)
    assert not rules.asks_again(NOW - timedelta(days=380), NOW - timedelta(days=15), now=NOW)


@pytest.mark.parametrize(
    "letter",
    [
        letters.confirm("token", days=7),
        letters.somebody_new(
            "token", [], more=3, site_url="https://example.org", knows_patient=False, out_of_date=False
        ),
        letters.still_wanted("token", days=30),
    ],
)
def test_every_letter_can_be_stopped_and_tells_a_bystander_nothing(letter: Letter) -> None:
    assert letter.stop == "/saved/token/one-click"
    assert letter.link is not None
    assert letter.link.path == "/saved/token"
    assert not INDISCREET.search(letter.subject)


def test_a_price_is_kept_to_the_penny() -> None:
    asked = Asked({}, Criteria(point=PORTLAND, musts=Wishes(max_price=Decimal("89.90"), currency="USD")))
    assert Asked.from_json(asked.to_json(), Patient()).criteria.musts.max_price == Decimal("89.90")
