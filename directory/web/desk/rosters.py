"""How new what we have of each board is, what its newest file changed, and which files were refused."""

from __future__ import annotations

from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

from directory.http.site import session, site
from directory.registries.rosters import queries, rules
from directory.web.desk.blueprint import pages

_COMMAND: Final = "stillpoint import-roster FILE --as-of YYYY-MM-DD"


@pages.get("/rosters")
def rosters() -> ResponseReturnValue:
    """Every board whose layout we can read."""
    today = site().clock().date()
    boards = queries.freshness(session())
    return render_template(
        "desk/rosters.html",
        boards=boards,
        stale={each.jurisdiction for each in boards if each.as_of and rules.is_stale(each.as_of, today=today)},
        ages={each.jurisdiction: (today - each.as_of).days for each in boards if each.as_of},
        relied_on=rules.CHECKED_FOR.days,
        command=_COMMAND,
        refused=queries.refused(session()),
    )
