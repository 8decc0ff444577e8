"""Whether this process can do its work: ``/healthz`` for load balancers, ``/readyz`` for people and monitors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from flask import Blueprint, Response, jsonify
from sqlalchemy import func, select

from directory import db, migrations
from directory.http.site import session, site
from directory.jobs.models import JobRun
from directory.mail import outbox

pages = Blueprint("health", __name__)
LATE_MAIL: Final = timedelta(hours=1)
LATE_JOBS: Final = timedelta(minutes=15)
_log = structlog.get_logger("stillpoint.web")


@pages.get("/healthz")
def healthz() -> Response:
    """200 once ``/search`` would answer."""
    well = all(why is None for why in _state().values())
    return Response("ok\n" if well else "not ready\n", 200 if well else 503, content_type="text/plain; charset=utf-8")


@pages.get("/readyz")
def readyz() -> Response:
    """The same, part by part. The words are general: whoever may ask this may be anybody."""
    state = _state()
    well = all(why is None for why in state.values())
    # What happens beside the pages can go wrong without this process being at fault: it is said, and nothing more.
    told = {**state, **(_beside() if well else {})}
    response = jsonify(
        ready=well, **{part: {"ok": why is None, **({"why": why} if why else {})} for part, why in told.items()}
    )
    response.status_code = 200 if well else 503
    return response


def _state() -> dict[str, str | None]:
    """Each part with what is wrong with it, ``None`` when it is well. After the first failure nothing more is asked."""
    parts: dict[str, tuple[Callable[[], None], str]] = {
        "database": (_database, "does not answer"),
        "migrations": (_migrations, "the tables are not those of this version"),
        "index": (_index, "cannot be loaded"),
    }
    state: dict[str, str | None] = {}
    for part, (ask, complaint) in parts.items():
        if any(state.values()):
            state[part] = "not asked"
            continue
        try:
            ask()
        except Exception as error:  # noqa: BLE001 -- whatever it is, this process cannot do its work
            _log.warning("not ready", part=part, error=type(error).__qualname__)
            state[part] = complaint
        else:
            state[part] = None
    return state


def _beside() -> dict[str, str | None]:
    """Letters and jobs, with what is wrong with them."""
    now = site().clock()
    oldest = outbox.backlog(session()).oldest
    ran = session().scalar(select(func.max(JobRun.finished_at)))
    return {
        "mail": None if oldest is None or now - oldest < LATE_MAIL else "letters have waited for long",
        "jobs": None if ran is not None and now - ran < LATE_JOBS else "have not run lately",
    }


def _database() -> None:
    db.ping(session().connection())


def _migrations() -> None:
    found = migrations.current(site().database.engine)
    if found != migrations.head():
        raise LookupError(f"the database is at revision {found}")


def _index() -> None:
    site().index.current(session(), now=site().clock())
