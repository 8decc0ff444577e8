"""Saying that one practises no longer: the profile goes, nothing is erased, and nobody is told why."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.errors import InvalidInput
from directory.http import headers, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners.closing import queries, service
from directory.practitioners.closing.terms import Closing
from directory.practitioners.models import Practitioner
from directory.web.forms.practice import OwnClosingForm
from directory.web.practice.blueprint import pages


@pages.get("/no-longer")
def no_longer() -> ResponseReturnValue:
    """What it means, and the form; for whoever has said so, since when."""
    return _page(who.practitioner(), OwnClosingForm())


@pages.post("/no-longer")
def send_no_longer() -> ResponseReturnValue:
    """Close one's own profile. Doing it twice is doing it once."""
    person, form = who.practitioner(), OwnClosingForm()
    if not form.validate():
        return _page(person, form)
    try:
        service.close(
            session(),
            person.id,
            Closing.RETIRED,
            on=form.on.data,
            by=who.account().id,
            tell=True,
            now=site().clock(),
        )
    except InvalidInput as error:
        form.on.errors = [*form.on.errors, gettext(str(error))]
        return _page(person, form)
    return redirect(url_for("practice.no_longer"), 303)


def _page(person: Practitioner, form: OwnClosingForm) -> ResponseReturnValue:
    headers.personal()
    page = render_template(
        "practice/no_longer.html", person=person, closed=queries.closing(session(), person.id), form=form
    )
    return (page, 422) if form.errors else page
