"""How the desk is doing: what waits how long, how long decisions take, what comes, and whether colleagues agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template

from directory.desk.dashboard import queries
from directory.desk.dashboard.rules import Age, Week
from directory.http.locale import gettext, ngettext, number
from directory.http.site import session, site
from directory.web.desk.blueprint import pages
from directory.web.presenters.charts import COLUMN, columns


@dataclass(frozen=True, slots=True)
class AgeLine:
    """One class of age."""

    said: str
    cases: str
    overdue: str


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week."""

    monday: date
    closed: str
    median: str
    late: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One register: how old what we have of it is."""

    name: str
    as_of: date | None
    age: str
    is_late: bool


@pages.get("/figures")
def figures() -> str:
    """Drawings, and the same numbers as tables."""
    now = site().clock()
    found = queries.dashboard(session(), now=now)
    return render_template(
        "desk/figures.html",
        found=found,
        age_bars=columns([each.cases for each in found.ages], [each.overdue > 0 for each in found.ages]),
        age_lines=[_age(each) for each in found.ages],
        week_bars=columns([each.median_hours or 0 for each in found.weeks], [False] * len(found.weeks)),
        week_lines=[_week(each) for each in reversed(found.weeks)],
        most_waiting=number(max(each.cases for each in found.ages)),
        longest=_hours(max((each.median_hours or 0 for each in found.weeks), default=0)),
        sources=[
            SourceLine(
                each.name,
                each.as_of,
                "–" if each.as_of is None else _days((now.date() - each.as_of).days),
                each.is_late(now.date()),
            )
            for each in found.sources
        ],
        hours=number(round(found.expiring_hours, 1)),
        column=COLUMN,
    )


def _age(each: Age) -> AgeLine:
    if each.up_to is None:
        said = gettext("more than %(days)s", days=_days(each.after.days))
    elif each.after == timedelta(0):
        said = gettext("up to %(days)s", days=_days(each.up_to.days))
    else:
        said = gettext("%(first)s to %(last)s", first=number(each.after.days), last=_days(each.up_to.days))
    return AgeLine(str(said), number(each.cases), number(each.overdue))


def _week(each: Week) -> WeekLine:
    return WeekLine(each.monday, number(each.closed), _hours(each.median_hours), _hours(each.late_hours))


def _hours(hours: float | None) -> str:
    if hours is None:
        return "–"
    return str(gettext("%(hours)s h", hours=number(round(hours, 1))))


def _days(days: int) -> str:
    return str(ngettext("%(num)s day", "%(num)s days", days))
