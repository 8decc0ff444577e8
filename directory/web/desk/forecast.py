"""What comes: whose papers end in the next sixty days, in people and in hours of this desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import render_template

from directory.desk.forecast import queries
from directory.desk.forecast.rules import Forecast
from directory.http import headers
from directory.http.locale import gettext, ngettext, number
from directory.http.site import session, site
from directory.jurisdictions.names import name_of
from directory.web.desk.blueprint import pages
from directory.web.presenters.charts import COLUMN, columns

MANY: Final = 20
"""From so many papers of one register on one day it is marked as a day on which many renew."""


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
    days = [found.on(found.first + timedelta(days=at)) for at in range((found.last - found.first).days + 1)]
    papers = [sum(each.papers for each in loads) for loads in days]
    return render_template(
        "desk/forecast.html",
        found=found,
        bars=columns(papers, [any(each.papers >= MANY for each in loads) for loads in days]),
        width=COLUMN * len(days),
        top=number(max(papers)),
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
