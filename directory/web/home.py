"""The first page: one place, one question, one button. Answers go into the sealed cookie, the place into an address."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.errors import InvalidInput
from directory.geo.places import AmbiguousPlace, Choice, UnknownPlace
from directory.guide import evidence
from directory.http.locale import gettext
from directory.http.site import site
from directory.web import facts, places
from directory.web.forms.home import HomeForm
from directory.web.forms.texts import cleaned, which

pages = Blueprint("home", __name__)


@pages.get("/")
def ask() -> ResponseReturnValue:
    """The empty form."""
    return _page(HomeForm(today=site().clock().date()))


@pages.post("/")
def begin() -> ResponseReturnValue:
    """Keep the answers, go on to the list; a form that cannot be used comes back with 422 as it was typed."""
    meant = request.form.get("meant")
    form = HomeForm(today=places.today(cleaned(meant or request.form.get("place"))))
    if meant:
        form.place.data = cleaned(meant)
    usable = form.validate()
    choices: Sequence[Choice] = ()
    asked_back = ""
    try:
        places.find(form.place.data)
    except InvalidInput as error:
        if isinstance(error, AmbiguousPlace):
            choices, asked_back = error.choices, which(form.place.data, error)
        elif isinstance(error, UnknownPlace):
            choices = error.near
        form.place.errors = [*form.place.errors, gettext(str(error))]
        usable = False
    if not usable:
        return _page(form, suggestions=choices, which=asked_back), 422
    response = make_response(redirect(url_for("search.results", place=form.place.data), 303))
    facts.keep(response, form.facts(facts.read()))
    return response


def _page(form: HomeForm, *, suggestions: Sequence[Choice] = (), which: str = "") -> str:
    return render_template(
        "home/index.html", form=form, suggestions=suggestions, which=which, evidence=evidence, told=facts.read()
    )
