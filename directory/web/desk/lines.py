"""A line of the queue as it is read: whom, what, and how it stands against the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_skeleton, format_time

from directory.cases.rules import risk_of
from directory.cases.terms import Risk
from directory.credentials.rules import Paper
from directory.credentials.terms import CredentialStatus
from directory.desk.criteria import Clock, clock
from directory.desk.queue import Line
from directory.http.locale import current, gettext, ngettext
from directory.jurisdictions.names import name_of
from directory.web.presenters import case_labels, papers
from directory.web.presenters.case_labels import KINDS, RISKS, WHY

_HOURS_UP_TO: Final = timedelta(hours=48)
"""Beyond this a time is said in days."""

_ICONS: Final = {
    Clock.OVERDUE: "alert",
    Clock.SOON: "clock",
    Clock.LATER: "clock",
    Clock.WAITING: "talk",
    Clock.STOPPED: "checked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The words of one line."""

    line: Line
    kind: str
    whom: str
    named: str
    """Kind and person, for whoever hears a button and does not see where it stands."""
    where: str
    what: str
    since: str
    clock: Clock
    icon: str
    due: str
    risk: str
    why: str
    holder: str
    """Who has it and until when; empty where nobody has."""
    mine: bool
    theirs: bool
    """Somebody else works on it."""

    @property
    def free(self) -> bool:
        """Whether it can be taken."""
        return not self.mine and not self.theirs and self.line.closed_at is None


def shown(line: Line, *, by: int, now: datetime) -> Shown:
    """A line in words, for this account at this moment."""
    stands = clock(due=line.due, waiting_since=line.waiting_since, closed_at=line.closed_at, now=now)
    held = line.held_at(now)
    kind, whom = str(KINDS[line.kind]), line.person or _unnamed(line)
    return Shown(
        line=line,
        kind=kind,
        whom=whom,
        named=f"{kind}, {whom}",
        where=_where(line),
        what=_what(line),
        since=gettext("since %(when)s", when=_day_of(line.opened_at)),
        clock=stands,
        icon=_ICONS[stands],
        due=_due(line, stands, now),
        risk=str(RISKS[Risk(line.risk)]),
        why=_why(line),
        holder=_holder(line, by=by, now=now),
        mine=held and line.claimed_by == by,
        theirs=held and line.claimed_by != by,
    )


def time_of_day(value: datetime) -> str:
    """A time of day, UTC."""
    return str(gettext("%(time)s UTC", time=format_time(value, "HH:mm", locale=current())))


def _day_of(value: datetime) -> str:
    return _short_day(value.date(), current())


# A page of the queue says the same few days over and over.
@lru_cache(maxsize=512)
def _short_day(value: date, locale: Locale) -> str:
    return str(format_skeleton("MMMd", value, locale=locale))


def _unnamed(line: Line) -> str:
    scheme, _, rest = line.subject.partition(":")
    if scheme == "npi":
        return str(gettext("NPI %(number)s", number=rest))
    if scheme == "account":
        return str(gettext("An account"))
    return str(gettext("Nobody of ours"))


def _where(line: Line) -> str:
    return ", ".join(part for part in (line.locality, line.country) if part)


def _what(line: Line) -> str:
    """The paper, or whatever else it is about, with number and register."""
    if line.paper is not None:
        paper = Paper(kind=line.paper, status=CredentialStatus.UNKNOWN, jurisdiction=line.jurisdiction, body=line.body)
        number = gettext("number %(number)s", number=line.number) if line.number else ""
        return ", ".join(part for part in (papers.what(paper), number) if part)
    if line.insurer:
        return line.insurer
    if line.edit_of is not None:
        of_place = line.edit_of.startswith("place:")
        return str(gettext("what they say of a practice place") if of_place else gettext("what they say of themselves"))
    if line.looked_at is not None:
        return str(gettext("a decision about: %(kind)s", kind=KINDS[line.looked_at]))
    if line.subject.startswith("npi:") and line.person:
        return str(gettext("NPI %(number)s", number=line.subject.removeprefix("npi:")))
    return name_of(line.jurisdiction)


def _why(line: Line) -> str:
    raised = line.risk < risk_of(line.kind)
    why = str(WHY[line.kind])
    return str(gettext("%(why)s; more pressing than usual", why=why)) if raised else why


def _due(line: Line, stands: Clock, now: datetime) -> str:
    if stands is Clock.STOPPED:
        if line.outcome is None:
            return str(gettext("Closed without a decision"))
        return case_labels.outcome(line.kind, line.outcome)
    if stands is Clock.WAITING and line.waiting_since is not None:
        return str(gettext("Waiting for the practitioner since %(when)s", when=_day_of(line.waiting_since)))
    if stands is Clock.OVERDUE:
        return str(gettext("Overdue by %(span)s", span=span(now - line.due)))
    return str(gettext("Due in %(span)s", span=span(line.due - now)))


def span(length: timedelta) -> str:
    """How long, roughly: minutes, hours or days."""
    if length < timedelta(hours=1):
        minutes = max(1, length // timedelta(minutes=1))
        return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))
    if length < _HOURS_UP_TO:
        return str(ngettext("%(num)s hour", "%(num)s hours", length // timedelta(hours=1)))
    return str(ngettext("%(num)s day", "%(num)s days", length // timedelta(days=1)))


def _holder(line: Line, *, by: int, now: datetime) -> str:
    if line.held_at(now) and line.claimed_until is not None:
        until = time_of_day(line.claimed_until)
        if line.claimed_by == by:
            return str(gettext("Yours until %(time)s", time=until))
        return str(gettext("With %(who)s until %(time)s", who=line.holder or gettext("somebody"), time=until))
    if line.assigned_to == by:
        return str(gettext("Given to you"))
    if line.assigned_to is not None:
        return str(gettext("Given to %(who)s", who=line.assignee or gettext("somebody")))
    if line.not_by == by:
        return str(gettext("For somebody else than you"))
    return ""
