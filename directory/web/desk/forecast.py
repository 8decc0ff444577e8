"""What comes: whose papers end in the next sixty days, in people and in hours of this desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import render_template

from directory.desk.forecast import queries
from directory.desk.forecast.rules import Forecast
from directory.jurisdictions.names import name_of
from directory.web import headers
from directory.web.desk.blueprint import pages
from directory.web.locale import gettext, ngettext, number
from directory.web.site import session, site

HEIGHT: Final = 100.0
COLUMN: Final = 10.0
_BAR: Final = 7.0
_LEAST: Final = 2.0
"""How high a bar stands of the smallest number."""
MANY: Final = 20
"""From so many papers of one register on one day it is marked as a day on which many renew."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, in the drawing's units; ``y`` falls."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    """"told", or "now" for a day on which many of one register renew."""


@dataclass(frozen=True, slots=True)
class Line:
    """One day of one jurisdiction."""

    on: date
    place: str
    people: str
    papers: str
    hours: str
    many: bool


@pages.get("/forecast")
def forecast() -> str:
    """A drawing of the days and the same as a table."""
    headers.personal()
    found = queries.forecast(session(), site().clock().date())
    top = max([sum(each.papers for each in found.on(load.on)) for load in found.loads], default=0)
    return render_template(
        "desk/forecast.html",
        found=found,
        bars=_bars(found, top),
        width=COLUMN * ((found.last - found.first).days + 1),
        top=number(top),
        summed=_summed(found),
        each_takes=_each_takes(found),
        lines=[
            Line(
                each.on,
                name_of(each.jurisdiction) or str(gettext("national certifications")),
                number(each.people),
                number(each.papers),
                number(round(each.hours, 1)),
                each.papers >= MANY,
            )
            for each in found.loads
        ],
    )


def _bars(found: Forecast, top: int) -> list[Bar]:
    bars = []
    for at in range((found.last - found.first).days + 1):
        loads = found.on(found.first + timedelta(days=at))
        papers = sum(each.papers for each in loads)
        if papers:
            height = round(max(_LEAST, HEIGHT * papers / top), 2)
            kind = "now" if any(each.papers >= MANY for each in loads) else "told"
            bars.append(Bar(round(at * COLUMN + (COLUMN - _BAR) / 2, 2), HEIGHT - height, _BAR, height, kind))
    return bars


def _summed(found: Forecast) -> str:
    papers = ngettext("%(num)s paper ends", "%(num)s papers end", found.papers)
    return str(
        gettext(
            "%(papers)s; that is about %(hours)s hours of work.", papers=papers, hours=number(round(found.hours, 1))
        )
    )


def _each_takes(found: Forecast) -> str:
    minutes = number(round(found.seconds_a_check / 60, 1))
    if found.measured:
        return str(
            gettext("A check takes %(minutes)s minutes: half of those of the last 90 days took less.", minutes=minutes)
        )
    return str(
        gettext("We reckon with %(minutes)s minutes a check, until enough decisions have been timed.", minutes=minutes)
    )
