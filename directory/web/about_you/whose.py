"""For whom somebody looks, themselves or one person after the other, and in which language they read."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from directory.http import headers, locale
from directory.http.site import site
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


@pages.post("/language")
def send_language() -> ResponseReturnValue:
    """Remember, until the browser is closed, in which language these pages are read."""
    response = back_to(request.form.get("then"))
    code = request.form.get("language", "")
    if code in locale.languages():
        config = site().config
        response.set_cookie(
            headers.cookie_name(locale.LANGUAGE_COOKIE, config),
            code,
            path="/",
            secure=config.production,
            httponly=True,
            samesite="Lax",
        )
    return response
