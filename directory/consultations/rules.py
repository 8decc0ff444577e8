"""What decides about requests: who may do what when, how long an answer may take, which times can be. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from directory.accounts import rules as accounts
from directory.consultations.terms import Act, Closed, Purpose, Shared, State, Talk
from directory.screening.rules import DAYS_TO_A_VISIT, Patient, Weeks, completed_weeks
from directory.screening.terms import OF_PREGNANCY, Concern, Condition, PregnancyStatus

MOST_PEOPLE: Final = 3
MOST_TIMES: Final = 3
LONGEST_NAME: Final = 80
LONGEST_WORDS: Final = 1500
LONGEST_MESSAGE: Final = 2000
LONGEST_HOW: Final = 500
MOST_MESSAGES: Final = 40
"""From each side, about one talk."""
QUARTER: Final = timedelta(minutes=15)
NOTICE: Final = timedelta(hours=4)
"""How long before its beginning a talk is agreed at the latest."""
HORIZON: Final = timedelta(days=60)
"""How far ahead a time may lie."""

REPLY_DAYS: Final = 2
"""Working days within which an answer is due."""
NUDGE_DAYS: Final = (1, 2)
"""After how many working days a practitioner is reminded."""
LAPSE_DAYS: Final = 3
"""After how many nobody waits any longer: the day after the last reminder."""
CHOOSING: Final = timedelta(days=3)
"""How long a patient may think about a yes."""
LEAST_LIMIT_HOURS: Final = 4
MOST_LIMIT_HOURS: Final = 336

MOST_A_DAY_FROM_A_MAILBOX: Final = 3
MOST_A_DAY_TO_ONE: Final = 12
"""Requests to one practitioner within a day, however quickly each is answered."""
SAME_WITHIN: Final = timedelta(minutes=15)
"""So soon after each other the same request is one that was sent twice."""
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)

LINK_LIVES: Final = timedelta(days=45)
FEWEST_FOR_A_MEDIAN: Final = 3
MEDIAN_WITHIN: Final = timedelta(days=365)
_SATURDAY: Final = 5


# --- what a patient told ---------------------------------------------------------------------------------------------

_NEEDLES: Final[frozenset[Condition | Concern]] = frozenset({Condition.NEEDLE_PHOBIA, Concern.NEEDLE_NERVES})
_EXPECTING: Final[frozenset[Condition | Concern]] = frozenset(OF_PREGNANCY)
COVERS: Final[Mapping[Shared, frozenset[Condition | Concern]]] = {
    Shared.CONDITIONS: frozenset(Condition),
    Shared.HEALTH: frozenset({*Condition, *Concern}) - _NEEDLES - _EXPECTING,
    Shared.NEEDLES: _NEEDLES,
    Shared.EXPECTING: _EXPECTING,
}
"""What of the ticks a patient shows with each of these; no tick of a new request stands under two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the rules need to know about a patient, and what the patient lets others see. Codes, a day and an age:
    nothing that names anybody."""

    pregnancy: PregnancyStatus = PregnancyStatus.NOT_ANSWERED
    due: date | None = None
    """Only when pregnant, where it is known."""
    age: int | None = None
    """Of whoever the talk is for."""
    conditions: frozenset[Condition] = frozenset()
    concerns: frozenset[Concern] = frozenset()
    """No gate asks for these: they are kept only as far as they are shared."""

    def patient(self, *, first: date, last: date) -> Patient:
        """As the gates take it, for every day from ``first`` to ``last``."""
        pregnant = self.pregnancy is PregnancyStatus.YES and self.due is not None
        weeks = weeks_on(self.due, first=first, last=last) if pregnant and self.due is not None else None
        return Patient(pregnancy=self.pregnancy, weeks=weeks, age=self.age, conditions=self.conditions)

    def must_be_asked_again(self, *, today: date) -> bool:
        """Whether what was said about pregnancy cannot be so any more: the day of birth was expected before today."""
        return self.pregnancy is PregnancyStatus.YES and self.due is not None and self.due < today

    def with_pregnancy(self, pregnancy: PregnancyStatus, due: date | None) -> Told:
        """The same person with a newer answer; what was ticked about a pregnancy ends with it."""
        expecting = pregnancy in (PregnancyStatus.YES, PregnancyStatus.MAYBE)
        return replace(
            self,
            pregnancy=pregnancy,
            due=due if pregnancy is PregnancyStatus.YES else None,
            concerns=self.concerns if expecting else self.concerns - frozenset(OF_PREGNANCY),
        )

    def shown(self, shared: Collection[Shared]) -> Told:
        """What the people asked may see of it; everything else as if it had not been told."""
        covered = frozenset().union(*(COVERS.get(each, ()) for each in shared))
        pregnancy = Shared.PREGNANCY in shared
        return Told(
            pregnancy=self.pregnancy if pregnancy else PregnancyStatus.NOT_ANSWERED,
            due=self.due if pregnancy else None,
            age=self.age if Shared.AGE in shared else None,
            conditions=frozenset(each for each in self.conditions if each in covered),
            concerns=frozenset(each for each in self.concerns if each in covered),
        )

    def kept(self, shared: Collection[Shared]) -> Told:
        """What is kept of it with a request: all that the gates need, and of the concerns those that are shared."""
        return replace(self, concerns=self.shown(shared).concerns)

    def to_json(self) -> str:
        """For the sealed column."""
        return json.dumps(
            {
                "pregnancy": self.pregnancy.value,
                "due": self.due.isoformat() if self.due else None,
                "age": self.age,
                "conditions": sorted(self.conditions),
                "concerns": sorted(self.concerns),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Told:
        """Out of the sealed column; of a request that is older than concerns are, without any."""
        values = json.loads(text)
        return cls(
            pregnancy=PregnancyStatus(values["pregnancy"]),
            due=date.fromisoformat(values["due"]) if values["due"] else None,
            age=values["age"],
            conditions=frozenset(Condition(each) for each in values["conditions"]),
            concerns=frozenset(Concern(each) for each in values.get("concerns", ())),
        )


def weeks_on(due: date, *, first: date, last: date) -> Weeks:
    """The completed weeks from one day to another; never fewer than none."""
    return Weeks(max(0, completed_weeks(due, on=first)), max(0, completed_weeks(due, on=last)))


def days_judged(starts: Sequence[datetime], zone: ZoneInfo, talk: Talk) -> tuple[date, date]:
    """From which to which day the gates are judged: the days of the talk, where the rules look at.

    A talk from afar comes before a visit, so the week after it counts as well, as it does for a list.
    """
    days = sorted(each.astimezone(zone).date() for each in starts)
    after = timedelta(0) if talk is Talk.IN_PERSON else timedelta(days=DAYS_TO_A_VISIT)
    return days[0], days[-1] + after


def mailbox(secret: str, email: str) -> str:
    """What requests of one mailbox are counted under; ``secret`` is the site's own key."""
    return accounts.subject(secret, "consultation", "mailbox", accounts.email_key(email))


# --- capacity --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """How many requests somebody takes, and how they talk."""

    most_open: int = 5
    most_a_week: int | None = None
    talks: frozenset[Talk] = frozenset({Talk.PHONE, Talk.IN_PERSON})
    minutes: int = 30
    not_before: date | None = None


STANDARD: Final = Capacity()
"""Of whoever has said nothing."""


def closed(capacity: Capacity, *, read: bool, waiting: int, this_week: int, today: date) -> Closed | None:
    """Why no further request is taken; ``None`` where one is. ``read`` says whether anybody would read it."""
    if not read:
        return Closed.NOT_HERE
    if capacity.not_before is not None and today < capacity.not_before:
        return Closed.NOT_NOW
    if waiting >= capacity.most_open:
        return Closed.FULL
    if capacity.most_a_week is not None and this_week >= capacity.most_a_week:
        return Closed.FULL_THIS_WEEK
    return None


# --- states ----------------------------------------------------------------------------------------------------------

OPEN: Final = frozenset({State.ASKED, State.ACCEPTED})
"""What counts against how many requests somebody takes at a time."""
UNDER_WAY: Final = OPEN | {State.QUEUED, State.CONFIRMED, State.PAUSED}
OVER: Final = frozenset(State) - UNDER_WAY

_NEXT: Final[Mapping[State, frozenset[State]]] = {
    State.QUEUED: frozenset({State.ASKED, State.WITHDRAWN, State.ELSEWHERE, State.LAPSED}),
    State.ASKED: frozenset(
        {State.ACCEPTED, State.DECLINED, State.LAPSED, State.WITHDRAWN, State.ELSEWHERE, State.PAUSED}
    ),
    State.ACCEPTED: frozenset(
        {
            State.ASKED,
            State.CONFIRMED,
            State.DECLINED,
            State.LAPSED,
            State.WITHDRAWN,
            State.ELSEWHERE,
            State.PAUSED,
        }
    ),
    State.CONFIRMED: frozenset({State.CANCELLED, State.HAPPENED, State.PAUSED}),
    State.PAUSED: frozenset(
        {
            State.ASKED,
            State.ACCEPTED,
            State.CONFIRMED,
            State.DECLINED,
            State.LAPSED,
            State.WITHDRAWN,
            State.ELSEWHERE,
            State.CANCELLED,
        }
    ),
}


def may_become(state: State, following: State) -> bool:
    """Whether the one state follows the other. Nothing follows what is over."""
    return following in _NEXT.get(state, frozenset())


def came_to_nothing(states: Collection[State]) -> bool:
    """Whether somebody said no or was silent, of all whom one request went to, and nobody talks or has talked."""
    over = all(each in OVER and each is not State.HAPPENED for each in states)
    return over and any(each in (State.DECLINED, State.LAPSED) for each in states)


def can_be_read(state: State) -> bool:
    """Whether the practitioner may see what the patient wrote: once they are asked."""
    return state is not State.QUEUED


_WITH_THE_REQUEST: Final = frozenset({Act.PROVE, Act.DISOWN, Act.WRITE, Act.WITHDRAW, Act.SHARE, Act.ERASE})
MAY: Final[Mapping[Purpose, frozenset[Act]]] = {
    Purpose.REQUEST: _WITH_THE_REQUEST,
    Purpose.ANSWER: (_WITH_THE_REQUEST - {Act.DISOWN}) | {Act.CONFIRM, Act.REFUSE, Act.PROPOSE},
    Purpose.MEETING: frozenset({Act.WRITE, Act.CONFIRM, Act.REFUSE, Act.PROPOSE, Act.CANCEL, Act.SHARE, Act.ERASE}),
}
"""What a link is good for."""
REPEATABLE: Final = frozenset({Act.PROVE, Act.WRITE, Act.SHARE})
"""What leaves a link unused: it decides nothing."""


# --- time ------------------------------------------------------------------------------------------------------------


def working_days_after(begun: datetime, days: int, zone: ZoneInfo, off: Container[date]) -> datetime:
    """The same time of day so many working days later by this clock. Neither Saturdays and Sundays nor the days ``off``
    count; no working day later is the moment itself."""
    if not days:
        return begun
    local = begun.astimezone(zone)
    day = local.date()
    left = days
    while left:
        day += DAY
        left -= day.weekday() < _SATURDAY and day not in off
    return datetime.combine(day, local.time(), tzinfo=zone).astimezone(UTC)


def lapses_at(asked_at: datetime, zone: ZoneInfo, off: Container[date], *, limit_hours: int | None) -> datetime:
    """When nobody waits for this practitioner any longer. A limit in hours knows no holidays: the patient set it."""
    if limit_hours is not None:
        return asked_at + timedelta(hours=limit_hours)
    return working_days_after(asked_at, LAPSE_DAYS, zone, off)


def answer_by(asked_at: datetime, zone: ZoneInfo, off: Container[date], *, lapses: datetime | None) -> datetime:
    """When an answer is due by the norm, or when nobody waits any longer where that is sooner."""
    by_norm = working_days_after(asked_at, REPLY_DAYS, zone, off)
    return by_norm if lapses is None else min(by_norm, lapses)


def nudges_due(asked_at: datetime, zone: ZoneInfo, off: Container[date], *, lapses: datetime, now: datetime) -> int:
    """How many reminders should have gone out by now; those of the norm that fall before the end of waiting."""
    moments = (working_days_after(asked_at, days, zone, off) for days in NUDGE_DAYS)
    return sum(moment <= now for moment in moments if moment < lapses)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """A wall clock's time as an instant in UTC; ``None`` where that clock leaps over it. A time that comes twice is the
    first of the two."""
    local = datetime.combine(day, at, tzinfo=zone)
    utc = local.astimezone(UTC)
    return utc if utc.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def is_quarter(at: datetime) -> bool:
    """Whether this is a full quarter of an hour."""
    return at.minute % 15 == 0 and at.second == 0 and at.microsecond == 0


def can_be_agreed(at: datetime, *, now: datetime) -> bool:
    """Whether a talk may be agreed for this time: a quarter of an hour, with notice, and not too far ahead."""
    return is_quarter(at) and now + NOTICE <= at <= now + HORIZON


def quarters(starts_at: datetime, minutes: int) -> list[datetime]:
    """The quarters of an hour that a talk takes; whatever overlaps with it shares one of them."""
    return [starts_at + number * QUARTER for number in range(-(-minutes // 15))]


def choose_by(starts: Collection[datetime], *, now: datetime) -> datetime:
    """By when a patient decides about these times: some days, and an hour before the last of them at the latest."""
    return min(now + CHOOSING, max(starts) - timedelta(hours=1)) if starts else now + CHOOSING


# --- what people type ------------------------------------------------------------------------------------------------

_LINK: Final = re.compile(r"https?://|www\.", re.IGNORECASE)
MOST_LINKS: Final = 3


def too_many_links(words: str) -> bool:
    """Whether this is rather an advertisement than a word to somebody. Links are shown as text in any case."""
    return len(_LINK.findall(words)) > MOST_LINKS


def one_line(name: str) -> bool:
    """Whether a name is one line of letters and signs, so that it can begin nothing of its own in a letter."""
    return name.isprintable() and bool(name.strip())


def median(spans: Collection[timedelta]) -> timedelta | None:
    """The middle of these, the later of the two middle ones where there are two; ``None`` where there are too few."""
    if len(spans) < FEWEST_FOR_A_MEDIAN:
        return None
    return sorted(spans)[len(spans) // 2]
