"""Typing the code of a letter that we sent on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import render_template
from flask.typing import ResponseReturnValue

from directory.credentials.control import queries, rules, service
from directory.credentials.control.terms import LetterState, Tried
from directory.http import headers, who
from directory.http.locale import gettext, ngettext
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.web.forms.code import CodeForm
from directory.web.practice.blueprint import pages

_SAID: Final[Mapping[Tried, Any]] = {
    Tried.DEAD: _l("That was wrong five times, so this code does not count any more. Ask us for another letter."),
    Tried.EXPIRED: _l("This code was good for 30 days, and they are over. Ask us for another letter."),
    Tried.NONE: _l("We have sent you no letter with this code."),
}


@pages.get("/code")
def code() -> ResponseReturnValue:
    """The form, and how the letter stands."""
    return _page(CodeForm(), 200)


@pages.post("/code")
def send_code() -> ResponseReturnValue:
    """Try a code. A wrong one counts also though its answer is a refusal."""
    form = CodeForm()
    if not form.validate():
        return _page(form, 422)
    person = who.practitioner()
    tried = service.try_code(session(), person.id, form.code.data, now=site().clock())
    if tried is Tried.RIGHT:
        return _page(CodeForm(formdata=None), 200)
    site().database.keep_refusal()
    form.code.errors = [*form.code.errors, _said(tried, person.id)]
    return _page(form, 422)


def _said(tried: Tried, practitioner_id: int) -> str:
    if tried is not Tried.WRONG:
        return str(_SAID[tried])
    letter = queries.letter(session(), practitioner_id)
    left = rules.MOST_TRIES - (0 if letter is None else letter.wrong)
    return str(
        ngettext("That is not the code. One try is left.", "That is not the code. %(num)s tries are left.", left)
    )


def _page(form: CodeForm, status: int) -> ResponseReturnValue:
    headers.personal()
    letter = queries.letter(session(), who.practitioner().id)
    state = None
    if letter is not None:
        state = rules.letter_state(
            made_at=letter.made_at, wrong=letter.wrong, used_at=letter.used_at, now=site().clock()
        )
    page = render_template(
        "practice/code.html",
        form=form,
        live=state is LetterState.LIVE,
        used=state is LetterState.USED,
        over=gettext("This code does not count any more. Ask us for another letter.")
        if state in (LetterState.DEAD, LetterState.EXPIRED)
        else "",
    )
    return page, status
