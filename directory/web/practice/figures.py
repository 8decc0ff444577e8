"""How often one was shown: by week, never by whom, and never a number so small that it speaks of one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import render_template

from directory.figures import queries
from directory.figures.rules import FEW, Week
from directory.http import who
from directory.http.locale import gettext, number
from directory.http.site import session, site
from directory.web.practice.blueprint import pages
from directory.web.presenters.charts import COLUMN, HEIGHT, Bar, bar

FEW_HEIGHT: Final = 6.0
"""How high a column stands that is not told: above nothing, below five of anything."""
RANK_HEIGHT: Final = 4.0


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing and what it says."""

    key: str
    title: str
    said: str
    bars: Sequence[Bar]
    top: str
    """The number at the upper edge."""
    bottom: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """One week of the table."""

    monday: date
    over: bool
    appearances: str
    mean_rank: str
    views: str
    apart: str


@pages.get("/figures")
def figures() -> str:
    """Three drawings and one table of the same numbers."""
    person = who.practitioner()
    weeks = queries.weeks(session(), person.id, today=site().clock().date())
    return render_template(
        "practice/figures.html",
        person=person,
        few=FEW,
        charts=charts(weeks),
        lines=[_line(each) for each in reversed(weeks)],
        first=weeks[0].monday,
        last=weeks[-1].monday,
        empty=all(each.appearances is None and each.views is None and each.apart is None for each in weeks),
    )


def charts(weeks: Sequence[Week]) -> list[Chart]:
    """Appearances, views and the mean place in lists, each for the same weeks."""
    return [
        _columns("appearances", str(gettext("Appearances in lists")), weeks, lambda each: each.appearances),
        _columns("views", str(gettext("Profile opened")), weeks, lambda each: each.views),
        _ranks(weeks),
    ]


def _columns(key: str, title: str, weeks: Sequence[Week], of: Callable[[Week], int | None]) -> Chart:
    told = [of(each) or 0 for each in weeks]
    top = _round_up(max(*told, FEW))
    bars = []
    for at, week in enumerate(weeks):
        value = of(week)
        height = FEW_HEIGHT if value is None else max(FEW_HEIGHT, HEIGHT * value / top)
        kind = "few" if value is None else "told" if week.over else "now"
        bars.append(bar(at, height, kind))
    return Chart(key, title, _last_said(weeks, of), bars, number(top), "0", COLUMN * len(weeks))


def _ranks(weeks: Sequence[Week]) -> Chart:
    """The mean place: the first of a list is at the upper edge."""
    told = [each.mean_rank for each in weeks if each.mean_rank is not None]
    lowest = _round_up(max(10, round(max(told, default=1.0))))
    bars = []
    for at, each in enumerate(weeks):
        if each.mean_rank is not None:
            y = (HEIGHT - RANK_HEIGHT) * (each.mean_rank - 1) / (lowest - 1)
            bars.append(bar(at, RANK_HEIGHT, "told" if each.over else "now", y=y))
    last = next((each for each in reversed(weeks) if each.over and each.mean_rank is not None), None)
    said = (
        gettext("Place %(rank)s on average in the last week that can be told.", rank=number(last.mean_rank))
        if last is not None and last.mean_rank is not None
        else gettext("No week can be told yet.")
    )
    return Chart("rank", str(gettext("Mean place in lists")), str(said), bars, "1", number(lowest), COLUMN * len(weeks))


def _last_said(weeks: Sequence[Week], of: Callable[[Week], int | None]) -> str:
    last = next((each for each in reversed(weeks) if each.over), None)
    value = of(last) if last is not None else None
    if value is None:
        return str(gettext("Fewer than %(few)s last week.", few=FEW))
    return str(gettext("%(number)s last week.", number=number(value)))


def _round_up(value: int) -> int:
    """The next number that reads well at an edge."""
    step = int(10 ** (len(str(value)) - 1))
    return next(each * step for each in (1, 2, 5, 10) if each * step >= value)


def _line(week: Week) -> Line:
    def said(value: int | None) -> str:
        return str(gettext("fewer than %(few)s", few=FEW)) if value is None else number(value)

    return Line(
        monday=week.monday,
        over=week.over,
        appearances=said(week.appearances),
        mean_rank="–" if week.mean_rank is None else number(week.mean_rank),
        views=said(week.views),
        apart=said(week.apart),
    )
