"""How the desk is doing: what waits how long, how long decisions take, what comes, and whether colleagues agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import render_template

from directory.desk.dashboard import queries
from directory.desk.dashboard.rules import Age, Week
from directory.web.desk.blueprint import pages
from directory.web.locale import gettext, ngettext, number
from directory.web.site import session, site

HEIGHT: Final = 100.0
COLUMN: Final = 10.0
_BAR: Final = 7.0
_LEAST: Final = 3.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of a drawing, in its own units; ``y`` falls."""

    x: float
    y: float
    height: float
    kind: str
    """"told", or "now" for what needs attention."""


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
        age_bars=_columns([each.cases for each in found.ages], [each.overdue > 0 for each in found.ages]),
        age_lines=[_age(each) for each in found.ages],
        week_bars=_columns([each.median_hours or 0 for each in found.weeks], [False] * len(found.weeks)),
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
        bar=_BAR,
        column=COLUMN,
    )


def _columns(values: Sequence[float], marked: Sequence[bool]) -> list[Bar]:
    top = max(values, default=0)
    bars = []
    for at, (value, mark) in enumerate(zip(values, marked, strict=True)):
        if value:
            height = round(max(_LEAST, HEIGHT * value / top), 2)
            bars.append(
                Bar(
                    round(at * COLUMN + (COLUMN - _BAR) / 2, 2),
                    round(HEIGHT - height, 2),
                    height,
                    "now" if mark else "told",
                )
            )
    return bars


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
