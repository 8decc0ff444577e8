"""Closing the profile of somebody who practises no longer: quietly, and for good."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.desk import closing as desk
from directory.errors import InvalidInput
from directory.http import headers, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners.closing import queries, service
from directory.practitioners.closing.terms import Closing
from directory.practitioners.models import Practitioner
from directory.web.desk.blueprint import pages
from directory.web.forms.desk.closing import WHY, CloseProfileForm, ReopenForm


@pages.get("/people/<slug>/closing")
def closing(slug: str) -> ResponseReturnValue:
    """The form; for somebody who is closed, since when and how it is taken back."""
    return _page(people.by_slug(session(), slug), CloseProfileForm(), ReopenForm())


@pages.post("/people/<slug>/closing")
def send_closing(slug: str) -> ResponseReturnValue:
    """Close the profile. Doing it twice is doing it once."""
    person, form = people.by_slug(session(), slug), CloseProfileForm()
    if not form.validate():
        return _page(person, form, ReopenForm(formdata=None))
    try:
        service.close(
            session(),
            person.id,
            Closing(form.why.data),
            on=form.on.data,
            by=who.account().id,
            tell=form.tell.data,
            now=site().clock(),
        )
    except InvalidInput as error:
        form.on.errors = [*form.on.errors, gettext(str(error))]
        return _page(person, form, ReopenForm(formdata=None))
    return redirect(url_for("desk.closing", slug=slug), 303)


@pages.post("/people/<slug>/reopen")
def send_reopen(slug: str) -> ResponseReturnValue:
    """Say that the closing was a mistake; with the second voice it is undone."""
    person, form = people.by_slug(session(), slug), ReopenForm()
    if not form.validate():
        return _page(person, CloseProfileForm(formdata=None), form)
    desk.reopen(session(), person.id, reason=form.reason.data, by=who.account().id, now=site().clock())
    return redirect(url_for("desk.closing", slug=slug), 303)


def _page(person: Practitioner, form: CloseProfileForm, reopening: ReopenForm) -> ResponseReturnValue:
    headers.personal()
    closed = queries.closing(session(), person.id)
    asked = desk.asked(session(), person.id) if closed is not None else None
    page = render_template(
        "desk/closing.html",
        person=person,
        closed=closed,
        why=WHY[closed.why] if closed is not None else "",
        asked=asked,
        asked_by_me=asked is not None and asked.decided_by == who.account().id,
        form=form,
        reopening=reopening,
    )
    return (page, 422) if form.errors or reopening.errors else page
