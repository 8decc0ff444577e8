"""The days around a visit: what to do before it, and what to look at one and three days after."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from directory.care import preparing
from directory.care.calendar import after_visit
from directory.guide import emergency, evidence
from directory.http import headers
from directory.http.locale import gettext
from directory.http.site import site
from directory.screening.terms import PregnancyStatus
from directory.web import countries, facts
from directory.web.care.blueprint import calendar_file, pages, today_in
from directory.web.facts import Facts
from directory.web.forms.care.after import AfterForm
from directory.web.presenters import told

_ZONE: Final = "UTC"


@pages.get("/prepare")
def prepare() -> str:
    """What to tick the day before and on the day, made for what was told about a pregnancy."""
    known, today = facts.read(), today_in(_ZONE)
    pregnant = known.patient(today=today).gestation is not None
    return render_template(
        "care/prepare.html",
        told=known,
        state=_state(known, today),
        parts=preparing.checklist(pregnant=pregnant),
        pregnant=pregnant,
        unanswered=known.pregnancy is PregnancyStatus.NOT_ANSWERED,
        put_off=preparing.PUT_OFF,
        to_tell=told.to_tell(known),
        evidence=evidence,
    )


def _state(known: Facts, today: date) -> str:
    """What the list was made for. A week that was not given changes nothing here."""
    unknown_week = known.pregnancy is PregnancyStatus.YES and known.patient(today=today).weeks is None
    return gettext("yes") if unknown_week else told.pregnancy_state(known, today=today)


@pages.get("/after")
def after() -> str:
    """Urgent signs first, then what to look at, and a private question that nobody gets the answer to."""
    return _after(AfterForm())


@pages.post("/after")
def after_calendar() -> ResponseReturnValue:
    """The two prompts as a calendar file; 422 with what was typed when they cannot be made."""
    headers.personal()
    form = AfterForm()
    form.on(today_in(_ZONE))
    if not form.validate():
        return _after(form), 422
    return _calendar(form)


def _calendar(form: AfterForm) -> Response:
    content = after_visit(
        form.visit,
        titles=(gettext("A short look back"), gettext("A second look back")),
        product=site().config.site_name,
        now=site().clock(),
    )
    return calendar_file(content, "look-back.ics")


def _after(form: AfterForm) -> str:
    known, here = facts.read(), countries.of_visitor()
    help_now = emergency.help_in(here.code)
    return render_template(
        "care/after.html",
        form=form,
        pregnant=known.patient(today=today_in(_ZONE)).gestation is not None,
        help=help_now,
        country=countries.name(help_now.country),
        from_place=here.from_place,
        emergency=emergency,
        evidence=evidence,
        parts=(preparing.AFTER_A_DAY, preparing.AFTER_THREE_DAYS),
    )
