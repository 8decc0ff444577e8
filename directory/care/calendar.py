"""A plan of visits, and what comes after one, as calendar files (RFC 5545).

Their words name no condition: calendars are read over shoulders.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from icalendar import Alarm, Calendar, Event

from directory.care.planning import Plan
from directory.care.preparing import prompts

PROMPT_LASTS: Final = timedelta(minutes=10)
REMIND_BEFORE: Final = timedelta(days=1)


def as_calendar(made: Plan, *, title: str, review: str, reminder: str, product: str, now: datetime) -> bytes:
    """The visits with a reminder the day before each, and the day of the review.

    ``title``, ``review`` and ``reminder`` are the words of a visit, of the review and of the reminder. The same plan
    taken twice has the same names of events, so that a calendar keeps each once.
    """
    calendar = _calendar(product)
    for visit in made.visits:
        event = _event(f"{title} ({visit.number})", f"{visit.starts_at.isoformat()}/{visit.number}", now)
        event.add("dtstart", visit.starts_at)
        event.add("dtend", visit.ends_at)
        event.add_component(_reminder(reminder, REMIND_BEFORE))
        calendar.add_component(event)
    day = _event(review, f"{made.review_on.isoformat()}/review", now)
    day.add("dtstart", made.review_on)
    day.add("dtend", made.review_on + timedelta(days=1))
    day.add("transp", "TRANSPARENT")
    calendar.add_component(day)
    content: bytes = calendar.to_ical()
    return content


def after_visit(visit: datetime, *, titles: tuple[str, str], product: str, now: datetime) -> bytes:
    """Two prompts, one day and three days after a visit, each with a reminder when it begins.

    ``visit`` is without a zone, by the clock where the patient is, and so are the prompts. ``titles`` are their words.
    """
    calendar = _calendar(product)
    for title, at in zip(titles, prompts(visit), strict=True):
        event = _event(title, f"{visit.isoformat()}/{at.isoformat()}", now)
        event.add("dtstart", at)
        event.add("dtend", at + PROMPT_LASTS)
        event.add("transp", "TRANSPARENT")
        event.add_component(_reminder(title, timedelta(0)))
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _calendar(product: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{product}//visit plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _event(summary: str, name: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, name)}@visit-plan")
    event.add("dtstamp", now)
    event.add("summary", summary)
    event.add("class", "PRIVATE")
    return event


def _reminder(words: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -before)
    return alarm
