"""Who may do what when, how long an answer may take, which times can be."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.consultations import ages, consent, rules
from directory.consultations.rules import Capacity, Told
from directory.consultations.terms import Act, Closed, Purpose, Shared, State, Talk
from directory.errors import InvalidInput
from directory.jurisdictions.days_off import days_off
from directory.screening.terms import OF_PREGNANCY, Concern, Condition, PregnancyStatus

PORTLAND = ZoneInfo("America/Los_Angeles")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
FRIDAY = datetime(2026, 11, 27, 20, tzinfo=UTC)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
NONE = days_off(None, None)
holidays = st.frozensets(st.dates(date(2026, 1, 1), date(2030, 1, 31)), max_size=40)
"""As many as a year has anywhere, and they may lie next to each other."""
zones = st.sampled_from(["America/Los_Angeles", "Europe/London", "Asia/Kathmandu", "Pacific/Chatham", "UTC"])


# --- states ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(State), max_size=12))
def test_nothing_follows_what_is_over(wanted: list[State]) -> None:
    state = State.QUEUED
    for each in wanted:
        if rules.may_become(state, each):
            assert state not in rules.OVER
            state = each
    assert not any(rules.may_become(state, each) for each in State) or state in rules.UNDER_WAY


def test_everything_under_way_can_end_and_only_a_yes_can_be_agreed() -> None:
    for state in rules.UNDER_WAY:
        assert any(rules.may_become(state, each) for each in rules.OVER), state
    assert {state for state in State if rules.may_become(state, State.CONFIRMED)} == {State.ACCEPTED, State.PAUSED}
    assert {state for state in State if rules.may_become(state, State.CANCELLED)} == {State.CONFIRMED, State.PAUSED}


@pytest.mark.parametrize(
    ("states", "nothing"),
    [
        ((State.DECLINED,), True),
        ((State.LAPSED, State.WITHDRAWN), True),
        ((State.DECLINED, State.CANCELLED), True),
        ((State.DECLINED, State.ASKED), False),
        ((State.LAPSED, State.QUEUED), False),
        ((State.DECLINED, State.PAUSED), False),
        ((State.DECLINED, State.HAPPENED), False),
        ((State.WITHDRAWN,), False),
    ],
)
def test_somebody_else_is_offered_when_everybody_has_said_no_or_nothing(
    states: tuple[State, ...], *, nothing: bool
) -> None:
    assert rules.came_to_nothing(states) is nothing


def test_a_link_decides_only_what_its_letter_was_about() -> None:
    assert Act.CONFIRM not in rules.MAY[Purpose.REQUEST]
    assert Act.CANCEL not in rules.MAY[Purpose.ANSWER]
    assert Act.DISOWN not in rules.MAY[Purpose.MEETING]
    assert all(Act.ERASE in acts for acts in rules.MAY.values())
    assert Act.CONFIRM not in rules.REPEATABLE


# --- how long --------------------------------------------------------------------------------------------------------


def test_two_working_days_leap_over_the_weekend() -> None:
    assert rules.working_days_after(FRIDAY, 2, PORTLAND, NONE) == FRIDAY + timedelta(days=4)


def test_public_holidays_are_leapt_over_as_well() -> None:
    wednesday = datetime(2026, 11, 25, 20, tzinfo=UTC)
    oregon, california = days_off("US", "OR"), days_off("US", "CA")
    assert rules.working_days_after(wednesday, 1, PORTLAND, NONE) == wednesday + timedelta(days=1)
    assert rules.working_days_after(wednesday, 1, PORTLAND, oregon) == wednesday + timedelta(days=2), "Thanksgiving"
    assert rules.working_days_after(wednesday, 1, PORTLAND, california) == wednesday + timedelta(days=5)
    assert rules.lapses_at(wednesday, PORTLAND, oregon, limit_hours=24) == wednesday + timedelta(days=1)


def test_whose_weekend_it_is_depends_on_the_clock_there() -> None:
    # Late on Friday in Portland it is Saturday in Kathmandu.
    late = datetime(2026, 11, 28, 4, tzinfo=UTC)
    assert rules.working_days_after(late, 1, PORTLAND, NONE) == late + timedelta(days=3)
    assert rules.working_days_after(late, 1, KATHMANDU, NONE) == late + timedelta(days=2)


@given(instants, st.integers(1, 6), zones, holidays)
def test_an_answer_is_due_on_a_working_day_at_the_same_time_of_day(
    begun: datetime, days: int, name: str, off: frozenset[date]
) -> None:
    zone = ZoneInfo(name)
    due = rules.working_days_after(begun, days, zone, off)
    assert due > begun
    day = due.astimezone(zone).date()
    assert day.weekday() < 5
    assert day not in off
    assert rules.working_days_after(begun, days + 1, zone, off) > due


@given(instants, zones, holidays)
def test_no_working_day_later_is_now(begun: datetime, name: str, off: frozenset[date]) -> None:
    assert rules.working_days_after(begun, 0, ZoneInfo(name), off) == begun


@given(instants, st.integers(0, 6), zones, holidays, holidays)
def test_a_holiday_more_never_makes_an_answer_due_sooner(
    begun: datetime, days: int, name: str, off: frozenset[date], more: frozenset[date]
) -> None:
    zone = ZoneInfo(name)
    without = rules.working_days_after(begun, days, zone, off)
    assert rules.working_days_after(begun, days, zone, off | more) >= without


@given(instants, st.timedeltas(timedelta(0), timedelta(days=9)), st.integers(0, 6), zones, holidays)
def test_who_is_asked_later_never_has_to_answer_on_an_earlier_day(
    begun: datetime, later: timedelta, days: int, name: str, off: frozenset[date]
) -> None:
    zone = ZoneInfo(name)
    first = rules.working_days_after(begun, days, zone, off).astimezone(zone).date()
    assert rules.working_days_after(begun + later, days, zone, off).astimezone(zone).date() >= first


@given(instants, st.integers(1, 6), zones, holidays)
def test_so_many_working_days_lie_between(begun: datetime, days: int, name: str, off: frozenset[date]) -> None:
    zone = ZoneInfo(name)
    first = begun.astimezone(zone).date()
    last = rules.working_days_after(begun, days, zone, off).astimezone(zone).date()
    between = [first + timedelta(days=each) for each in range(1, (last - first).days + 1)]
    assert sum(each.weekday() < 5 and each not in off for each in between) == days


def test_reminders_come_after_one_and_two_days_and_none_after_the_end() -> None:
    asked = datetime(2026, 11, 23, 20, tzinfo=UTC)
    ends = rules.lapses_at(asked, PORTLAND, NONE, limit_hours=None)
    assert ends == asked + timedelta(days=3)
    moments = [timedelta(hours=23), timedelta(days=1), timedelta(days=2), timedelta(days=9)]
    assert [rules.nudges_due(asked, PORTLAND, NONE, lapses=ends, now=asked + each) for each in moments] == [0, 1, 2, 2]
    short = rules.lapses_at(asked, PORTLAND, NONE, limit_hours=24)
    assert rules.nudges_due(asked, PORTLAND, NONE, lapses=short, now=asked + timedelta(days=9)) == 0


def test_no_reminder_comes_on_a_holiday() -> None:
    asked, oregon = datetime(2026, 11, 25, 20, tzinfo=UTC), days_off("US", "OR")
    ends = rules.lapses_at(asked, PORTLAND, oregon, limit_hours=None)
    assert ends == datetime(2026, 12, 1, 20, tzinfo=UTC)
    moments = [timedelta(days=1), timedelta(days=2), timedelta(days=4), timedelta(days=5)]
    assert [rules.nudges_due(asked, PORTLAND, oregon, lapses=ends, now=asked + each) for each in moments] == [
        0,
        1,
        1,
        2,
    ]


# --- times -----------------------------------------------------------------------------------------------------------


def test_a_clock_leaps_in_spring_and_repeats_in_autumn() -> None:
    assert rules.instant(date(2027, 3, 14), time(2, 30), PORTLAND) is None
    assert rules.instant(date(2026, 11, 1), time(1, 30), PORTLAND) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


@given(st.dates(date(2026, 1, 1), date(2029, 1, 1)), st.times(), zones)
def test_an_instant_shows_the_wall_clock_it_was_made_from(day: date, at: time, name: str) -> None:
    found = rules.instant(day, at, ZoneInfo(name))
    if found is not None:
        assert found.astimezone(ZoneInfo(name)).replace(tzinfo=None) == datetime.combine(day, at)


@given(instants, st.integers(0, 40), st.integers(1, 8), st.integers(1, 8))
def test_talks_share_a_quarter_exactly_when_they_overlap(begun: datetime, after: int, one: int, other: int) -> None:
    first = begun.replace(minute=0, second=0, microsecond=0)
    second = first + after * rules.QUARTER
    shared = set(rules.quarters(first, one * 15)) & set(rules.quarters(second, other * 15))
    assert bool(shared) is (second < first + timedelta(minutes=one * 15))


@pytest.mark.parametrize(
    ("offset", "possible"),
    [
        (timedelta(hours=3), False),
        (timedelta(hours=4), True),
        (timedelta(hours=4, minutes=7), False),
        (timedelta(days=60), True),
        (timedelta(days=60, minutes=15), False),
        (timedelta(days=-1), False),
    ],
)
def test_with_notice_and_not_too_far_ahead(offset: timedelta, possible: bool) -> None:
    assert rules.can_be_agreed(FRIDAY + offset, now=FRIDAY) is possible


# --- what a patient told ---------------------------------------------------------------------------------------------


everything_told = st.builds(
    Told,
    pregnancy=st.sampled_from(PregnancyStatus),
    due=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    age=st.none() | st.integers(0, 120),
    conditions=st.frozensets(st.sampled_from(Condition)),
    concerns=st.frozensets(st.sampled_from(Concern)),
)
ticks = st.frozensets(st.sampled_from(Shared))
ASKED_NOW = (Shared.HEALTH, Shared.NEEDLES, Shared.EXPECTING)


@given(everything_told)
def test_what_was_told_comes_back_as_it_was(told: Told) -> None:
    assert Told.from_json(told.to_json()) == told


def test_what_was_sealed_before_concerns_were_kept_is_read_and_shown_as_then() -> None:
    old = json.dumps({"pregnancy": "no", "due": None, "age": 44, "conditions": ["epilepsy", "needle_phobia"]})
    told = Told.from_json(old)
    assert told.concerns == frozenset()
    assert told.shown({Shared.CONDITIONS}) == Told(conditions=frozenset({Condition.EPILEPSY, Condition.NEEDLE_PHOBIA}))


@given(everything_told, ticks, ticks)
def test_a_tick_shows_what_it_says_and_never_hides_anything(
    told: Told, some: frozenset[Shared], more: frozenset[Shared]
) -> None:
    fewer, all_of_it = told.shown(some), told.shown(some | more)
    assert fewer.conditions <= all_of_it.conditions <= told.conditions
    assert fewer.concerns <= all_of_it.concerns <= told.concerns
    assert (fewer.age is None) or Shared.AGE in some
    assert fewer.pregnancy is PregnancyStatus.NOT_ANSWERED or Shared.PREGNANCY in some
    assert fewer.due is None or Shared.PREGNANCY in some
    assert told.shown(()) == Told()


def test_every_answer_stands_under_exactly_one_tick() -> None:
    for each in (*Condition, *Concern):
        assert sum(each in rules.COVERS[tick] for tick in ASKED_NOW) == 1, each


@given(everything_told, ticks)
def test_what_was_ticked_about_a_pregnancy_is_shown_by_its_own_tick_alone(
    told: Told, shared: frozenset[Shared]
) -> None:
    seen = told.shown(shared).concerns & frozenset(OF_PREGNANCY)
    assert seen == (told.concerns & frozenset(OF_PREGNANCY) if Shared.EXPECTING in shared else frozenset())


@given(everything_told, ticks)
def test_a_concern_is_kept_only_where_it_is_shared_and_the_gates_lose_nothing(
    told: Told, shared: frozenset[Shared]
) -> None:
    kept = told.kept(shared)
    assert kept.shown(shared) == told.shown(shared)
    assert kept.concerns == told.shown(shared).concerns
    day = date(2026, 11, 27)
    assert kept.patient(first=day, last=day) == told.patient(first=day, last=day)


def test_what_was_ticked_about_a_pregnancy_ends_with_it() -> None:
    ticked = frozenset({Concern.TWINS_OR_MORE, Concern.CANCER})
    told = Told(pregnancy=PregnancyStatus.YES, due=date(2026, 11, 27), concerns=ticked)
    assert told.with_pregnancy(PregnancyStatus.YES, date(2026, 12, 1)).concerns == ticked
    assert told.with_pregnancy(PregnancyStatus.POSTPARTUM, None).concerns == {Concern.CANCER}


def test_weeks_are_those_of_the_days_of_the_talk() -> None:
    due = date(2027, 3, 1)
    told = Told(pregnancy=PregnancyStatus.YES, due=due)
    begins = due - timedelta(days=280)
    patient = told.patient(first=begins + timedelta(days=90), last=begins + timedelta(days=98))
    assert patient.gestation is not None
    assert (patient.gestation.first, patient.gestation.last) == (12, 14)


def test_a_talk_from_afar_is_judged_a_week_further() -> None:
    starts = [FRIDAY, FRIDAY + timedelta(days=2)]
    assert rules.days_judged(starts, PORTLAND, Talk.IN_PERSON) == (date(2026, 11, 27), date(2026, 11, 29))
    assert rules.days_judged(starts, PORTLAND, Talk.PHONE) == (date(2026, 11, 27), date(2026, 12, 6))


def test_the_question_is_asked_again_on_the_day_after_the_due_date() -> None:
    told = Told(pregnancy=PregnancyStatus.YES, due=date(2026, 11, 27))
    assert not told.must_be_asked_again(today=date(2026, 11, 27))
    assert told.must_be_asked_again(today=date(2026, 11, 28))
    after = told.with_pregnancy(PregnancyStatus.POSTPARTUM, None)
    assert not after.must_be_asked_again(today=date(2026, 11, 28))


# --- how many --------------------------------------------------------------------------------------------------------


def test_nobody_takes_more_than_they_say() -> None:
    capacity = Capacity(most_open=2, most_a_week=3)
    day = date(2026, 11, 27)

    def why(**facts: int) -> Closed | None:
        counts = {"waiting": 0, "this_week": 0} | facts
        return rules.closed(capacity, read=True, today=day, **counts)

    assert why() is None
    assert why(waiting=1, this_week=2) is None
    assert why(waiting=2) is Closed.FULL
    assert why(this_week=3) is Closed.FULL_THIS_WEEK


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=30)), max_size=9))
def test_a_median_is_one_of_them_and_in_the_middle(spans: list[timedelta]) -> None:
    middle = rules.median(spans)
    if len(spans) < 3:
        assert middle is None
    else:
        assert middle in spans
        assert sum(each < middle for each in spans) <= len(spans) / 2
        assert sum(each > middle for each in spans) <= len(spans) / 2


def test_a_mailbox_is_counted_however_it_is_written() -> None:
    assert rules.mailbox("secret", " Maria@Example.org ") == rules.mailbox("secret", "maria@example.org")
    assert rules.mailbox("secret", "maria@example.org") != rules.mailbox("another", "maria@example.org")


# --- reference -------------------------------------------------------------------------------------------------------


def test_the_age_of_consent_is_eighteen_unless_a_law_says_otherwise() -> None:
    assert {ages.age_of_consent(code) for code in ("US-OR", "IE", "AU", None, "XX")} == {18}
    assert (ages.age_of_consent("GB-SCT"), ages.age_of_consent("CA-QC")) == (16, 14)
    assert all(each.source for each in ages.read(ages.SOURCE).values())


def test_a_line_without_a_source_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("ages") / "ages.csv"
    file.write_text("jurisdiction,age,source,url,read\nGB-ENG,9,A law,https://example.org,no\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="Line 2"):
        ages.read(file)


def test_the_wording_that_is_asked_is_one_that_is_kept() -> None:
    assert consent.known(consent.CURRENT)
    assert not consent.known("")
