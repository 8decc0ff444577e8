"""For whom somebody looks: for themselves, or for one person after the other."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from directory.web import facts
from directory.web.about_you.blueprint import back_to, go, pages, step_address
from directory.web.facts import Facts


@pages.post("/someone-else")
def someone_else() -> ResponseReturnValue:
    """Begin with somebody else of whom nothing is known yet; one's own answers wait until one comes back to them."""
    response = back_to(request.form.get("then"))
    facts.keep(response, Facts(someone_else=True))
    return response


@pages.post("/next-person")
def next_person() -> ResponseReturnValue:
    """Drop what was told about this person and ask about the next one."""
    response = go(step_address("overview"))
    facts.keep(response, Facts(someone_else=True))
    return response


@pages.post("/myself")
def myself() -> ResponseReturnValue:
    """Drop what was told about somebody else; one's own answers count again."""
    response = back_to(request.form.get("then"))
    facts.leave_someone_else(response)
    return response
