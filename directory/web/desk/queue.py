"""What waits for the desk, what is riskiest and due first."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from directory.cases import service as cases
from directory.web.desk.blueprint import pages
from directory.web.site import session


@pages.get("")
def queue() -> ResponseReturnValue:
    """Every open case."""
    return render_template("desk/queue.html", cases=cases.open_cases(session()))
