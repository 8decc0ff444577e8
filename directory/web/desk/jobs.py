"""What the product does by itself: when each job ran, how it went, when it runs next; and whom letters do not reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import render_template
from sqlalchemy import select

from directory.http.locale import gettext, ngettext, number
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.jobs.models import JobRun, Outcome
from directory.jobs.table import JOBS
from directory.mail import outbox, suppression
from directory.mail.models import Why
from directory.web.desk.blueprint import pages

MOST_ADDRESSES: Final = 50
_OUTCOMES: Final[Mapping[Outcome, Any]] = {
    Outcome.DONE: _l("done"),
    Outcome.FAILED: _l("failed"),
    Outcome.STOPPED: _l("stopped, goes on"),
}
_WHY: Final[Mapping[Why, Any]] = {
    Why.REFUSED: _l("the mail server knows nobody of that name"),
    Why.BOUNCED: _l("a letter came back: there is nobody of that name"),
    Why.OFTEN: _l("letters came back again and again"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One job."""

    name: str
    last: str
    result: str
    trouble: str
    upcoming: str
    held: str
    """Who is at it, in time; empty where nobody is."""


@pages.get("/jobs")
def jobs() -> str:
    """Every job, and the newest addresses to which nothing is sent."""
    now = site().clock()
    rows = {row.name: row for row in session().scalars(select(JobRun))}
    addresses = suppression.suppressed(session(), limit=MOST_ADDRESSES)
    return render_template(
        "desk/jobs.html",
        lines=[line(job.name, rows.get(job.name), now) for job in JOBS],
        backlog=outbox.backlog(session()),
        suppressed=suppression.count(session()),
        addresses=[
            (suppression.masked(row.address_sealed), row.suppressed_at, "" if row.why is None else _WHY[row.why])
            for row in addresses
        ],
    )


def line(name: str, row: JobRun | None, now: datetime) -> Line:
    """How a job went, from its row; without one it never ran."""
    never = str(gettext("never yet"))
    if row is None:
        return Line(name=name, last=never, result="–", trouble="", upcoming=str(gettext("now")), held="")
    ended = row.finished_at
    return Line(
        name=name,
        last=never if ended is None else str(gettext("%(span)s ago", span=_span(now - ended))),
        result="–" if row.outcome is None else f"{_OUTCOMES[row.outcome]} ({number(row.done)})",
        trouble=(row.trouble or "") if row.failures else "",
        upcoming=str(gettext("in %(span)s", span=_span(row.due_at - now)) if row.due_at > now else gettext("now")),
        held=_held(row, now),
    )


def _held(row: JobRun, now: datetime) -> str:
    if row.lease_until is None:
        return ""
    if row.lease_until <= now:
        return str(gettext("its process died; another takes over"))
    return str(gettext("running, for %(span)s more at most", span=_span(row.lease_until - now)))


def _span(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    if seconds >= _DAY:
        return str(ngettext("%(num)s day", "%(num)s days", seconds // _DAY))
    if seconds >= _HOUR:
        return str(ngettext("%(num)s hour", "%(num)s hours", seconds // _HOUR))
    if seconds >= _MINUTE:
        return str(ngettext("%(num)s minute", "%(num)s minutes", seconds // _MINUTE))
    return str(ngettext("%(num)s second", "%(num)s seconds", seconds))


_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400
