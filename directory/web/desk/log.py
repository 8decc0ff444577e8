"""The audit log, the newest entry first: who did what to whom and when, as numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory import audit
from directory.audit import Filter
from directory.http import headers
from directory.http.site import session, site
from directory.jobs.models import JobRun
from directory.web.desk import jobs
from directory.web.desk.blueprint import pages
from directory.web.forms.desk.log import LogForm, in_address

PAGE: Final = 50


@pages.get("/log")
def log() -> ResponseReturnValue:
    """One page of it; 422 where something in the address cannot be used, with everything else still holding."""
    headers.personal()
    form = LogForm(request.args)
    status = 200 if form.validate() else 422
    wanted = form.wanted()
    below = None if form.below.errors else form.below.data
    found = audit.newest(session(), wanted, below=below, limit=PAGE + 1)
    entries = found[:PAGE]
    page = render_template(
        "desk/log.html",
        form=form,
        entries=entries,
        checked=jobs.line("audit", session().get(JobRun, "audit"), site().clock()),
        narrowed=bool(in_address(wanted)),
        first_page=_address(wanted) if below is not None else None,
        next_page=_address(wanted, below=entries[-1].seq) if len(found) > PAGE else None,
        about={each.subject: _address(replace(wanted, subject=each.subject)) for each in entries},
    )
    return page, status


def _address(wanted: Filter, *, below: int | None = None) -> str:
    query = urlencode(in_address(wanted, below=below))
    return f"{url_for('desk.log')}?{query}" if query else url_for("desk.log")
