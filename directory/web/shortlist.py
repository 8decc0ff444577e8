"""The buttons of the shortlist: pick somebody, take them off, empty it. Each leads back to where it was pressed."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.errors import InvalidInput
from directory.http.locale import gettext
from directory.search.chosen import MOST
from directory.search.criteria import PageKey
from directory.web import addresses, compare, picks
from directory.web.forms.shortlist import FROM_COMPARISON, FROM_PROFILE, PickForm

pages = Blueprint("shortlist", __name__, url_prefix="/shortlist")


@pages.post("/add")
def add() -> ResponseReturnValue:
    """Put somebody on the shortlist; 422 with what is on it when there is no more room."""
    form, picked = PickForm(), picks.read()
    if not form.validate():
        return compare.page(gettext("There is no practitioner of that name.")), 422
    if form.who.data in picked:
        return _back(form)
    if len(picked) >= MOST:
        full = gettext("Your shortlist holds %(number)s people. Take somebody off before you add another.", number=MOST)
        return compare.page(full), 422
    return _back(form, (*picked, form.who.data))


@pages.post("/remove")
def remove() -> ResponseReturnValue:
    """Take somebody off it."""
    form = PickForm()
    form.validate()
    return _back(form, tuple(each for each in picks.read() if each != form.who.data))


@pages.post("/empty")
def empty() -> ResponseReturnValue:
    """Take everybody off it."""
    return _back(PickForm(), ())


def _back(form: PickForm, picked: tuple[str, ...] | None = None) -> ResponseReturnValue:
    response = make_response(redirect(_where(form), 303))
    if picked is not None:
        picks.keep(response, picked)
    return response


def _where(form: PickForm) -> str:
    asks, slug = addresses.asked(request.args), form.who.data or ""
    if form.page.data == FROM_PROFILE and picks.readable(slug):
        return url_for("practitioners.profile", slug=slug, _anchor="pick")
    if form.page.data == FROM_COMPARISON or not asks.get("place"):
        return addresses.of(asks, endpoint="compare.side_by_side")
    anchor = f"#pick-{slug}" if picks.readable(slug) else ""
    return addresses.of(asks, page=_page(asks.get("day"), asks.get("after"))) + anchor


def _page(day: str | None, after: str | None) -> tuple[date, PageKey] | None:
    """The page of the list on which the button was; the first where the address names none that can be read."""
    try:
        return (date.fromisoformat(day), addresses.read_key(after)) if day and after else None
    except (ValueError, InvalidInput):
        return None
