"""What a patient sends, as it was typed, and whether it can be used. Nothing here asks the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from directory.consultations import ages, consent, rules
from directory.consultations.rules import Told
from directory.consultations.terms import Order, Shared, Talk
from directory.credentials.terms import Mode
from directory.errors import InvalidInput
from directory.geo.timezones import is_zone
from directory.guide.words import N_
from directory.mail import outbox
from directory.screening.rules import matching_stops
from directory.screening.terms import PregnancyStatus


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody to ask, at the place and by the way of meeting at which they were found."""

    practitioner_id: int
    place_id: int
    mode: Mode = Mode.IN_PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDraft:
    """What a patient sends. ``InvalidInput`` names the field of this class that cannot be used."""

    people: tuple[Whom, ...]
    """One to three, in the order in which they are asked."""
    order: Order = Order.AT_ONCE
    limit_hours: int | None = None
    """In order only."""
    talk: Talk
    starts: tuple[datetime, ...]
    """One to three times, each a full quarter of an hour."""
    name: str
    email: str
    mailbox: str
    """``rules.mailbox(secret_key, email)``."""
    telephone: str = ""
    words: str = ""
    told: Told
    red_flags: frozenset[str] = frozenset()
    shared: frozenset[Shared] = frozenset()
    of_age: bool = False
    """Said by whoever gave no age: old enough to ask by themselves where they are."""
    guardian: str = ""
    """Name of the parent or guardian who sends it."""
    waitlist_ok: bool = False
    timezone: str
    """By whose clock the times are meant; not always that of the place."""
    jurisdiction: str | None = None
    """Where the patient is."""
    point: tuple[float, float] | None = None
    """Degrees; kept to 0.01°, for visits at home and to find somebody else should nothing come of it."""
    consent: str = ""
    """The version agreed to; empty where the box was not ticked."""
    locale: str


def usable(draft: AskDraft, *, now: datetime) -> str:
    """The address, when everything in the draft can be used; ``InvalidInput`` names the field that cannot."""
    _people(draft)
    _told(draft, today=now.date())
    _typed(draft)
    if not is_zone(draft.timezone):
        raise InvalidInput(N_("Please choose a time zone."), field="timezone")
    if not 1 <= len(set(draft.starts)) <= rules.MOST_TIMES:
        raise InvalidInput(N_("Please give one to three times."), field="starts")
    if not all(rules.can_be_agreed(each, now=now) for each in draft.starts):
        raise InvalidInput(
            N_("Please choose times from a few hours ahead to two months ahead, on a quarter of an hour."),
            field="starts",
        )
    if not consent.known(draft.consent):
        raise InvalidInput(N_("Without this we cannot send it to anybody."), field="consent")
    return outbox.address(draft.email)


def _people(draft: AskDraft) -> None:
    if not 1 <= len(draft.people) <= rules.MOST_PEOPLE:
        raise InvalidInput(N_("Please choose one to three people."), field="people")
    if len({each.practitioner_id for each in draft.people}) != len(draft.people):
        raise InvalidInput(N_("You chose somebody twice."), field="people")
    in_order = draft.order is Order.IN_ORDER
    within = draft.limit_hours is not None and rules.LEAST_LIMIT_HOURS <= draft.limit_hours <= rules.MOST_LIMIT_HOURS
    if in_order is not (draft.limit_hours is not None) or (in_order and not within):
        raise InvalidInput(N_("Please choose how long each one has."), field="limit_hours")


def _told(draft: AskDraft, *, today: date) -> None:
    told = draft.told
    if matching_stops(draft.red_flags):
        raise InvalidInput(N_("Please see the help first: what you ticked should not wait."), field="red_flags")
    if told.pregnancy is PregnancyStatus.NOT_ANSWERED:
        words = N_("Please answer the question about pregnancy first; “no” and “maybe” are answers.")
        raise InvalidInput(words, field="pregnancy")
    if told.must_be_asked_again(today=today):
        raise InvalidInput(N_("The due date has passed. Please answer again."), field="pregnancy", code="due_passed")
    needed = ages.age_of_consent(draft.jurisdiction)
    if told.age is None and not draft.of_age and not draft.guardian.strip():
        raise InvalidInput(N_("Please say how old the person is."), field="age")
    if told.age is not None and told.age < needed and not draft.guardian.strip():
        raise InvalidInput(
            N_("At this age a parent or guardian sends the request. Please give their name."), field="guardian"
        )


def _typed(draft: AskDraft) -> None:
    for field, name in (("name", draft.name), ("guardian", draft.guardian), ("telephone", draft.telephone)):
        if name.strip() and not rules.one_line(name):
            raise InvalidInput(N_("Please write this on one line, with ordinary letters."), field=field)
        if len(name.strip()) > rules.LONGEST_NAME:
            raise InvalidInput(N_("That is too long. There is room for 80 characters."), field=field)
    if not draft.name.strip():
        raise InvalidInput(N_("Please give a name. It need not be your full one."), field="name")
    if len(draft.words) > rules.LONGEST_WORDS:
        raise InvalidInput(N_("That is too long. There is room for 1,500 characters."), field="words")
    if rules.too_many_links(draft.words):
        raise InvalidInput(N_("There are too many web addresses in this."), field="words")
