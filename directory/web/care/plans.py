"""A plan of visits, made when it is asked for and kept nowhere, and the page at its review point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from directory.care.calendar import as_calendar
from directory.care.planning import Plan, plan
from directory.credentials.rules import admits_pregnancy
from directory.http import headers
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import rule_for
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.screening.rules import Weeks, completed_weeks
from directory.search import listings
from directory.search.listings import Listing
from directory.search.visible import open_places
from directory.web import facts
from directory.web.care.blueprint import calendar_file, pages, today_in
from directory.web.forms.care.plan import PlanForm
from directory.web.forms.registration.offers import as_price

_ELSEWHERE: Final = "UTC"
"""The zone of a plan that is not for somebody listed here. Its hours are those of the practice all the same."""


@dataclass(frozen=True, slots=True)
class With:
    """The practitioner whose prices and hours a plan begins with."""

    person: Practitioner
    place: Listing


@pages.get("/plan")
@pages.get("/plan/<slug>", endpoint="plan_with")
def empty_plan(slug: str | None = None) -> str:
    """The form, filled with what a practitioner states where one is named."""
    chosen = _with(slug)
    form = PlanForm(data=_stated(chosen) if chosen else None)
    _offer(form, chosen)
    return render_template("care/plan.html", form=form, chosen=chosen, made=None)


@pages.post("/plan")
@pages.post("/plan/<slug>", endpoint="make_plan_with")
def make_plan(slug: str | None = None) -> ResponseReturnValue:
    """The plan below its form, or as a calendar file; 422 with what was typed when it cannot be made."""
    headers.personal()
    chosen = _with(slug)
    form = PlanForm()
    _offer(form, chosen)
    if not form.validate():
        return render_template("care/plan.html", form=form, chosen=chosen, made=None), 422
    made = plan(form.wanted)
    if request.form.get("as") == "calendar":
        return _calendar(made)
    return render_template(
        "care/plan.html", form=form, chosen=chosen, made=made, beyond_gate=_beyond_gate(made, chosen) if chosen else 0
    )


def _beyond_gate(made: Plan, chosen: With) -> int:
    """How many visits fall into weeks of the visitor's pregnancy for which this person could not be shown to them."""
    due = facts.read().due
    rule = rule_for(chosen.place.place.jurisdiction, jurisdictions.all_rules(session()))
    if due is None or rule is None:
        return 0
    weeks = [(visit.day, completed_weeks(due, on=visit.day)) for visit in made.visits if visit.day <= due]
    return sum(
        bool(admits_pregnancy(chosen.place.person, rule, weeks=Weeks(week, week), today=day))
        for day, week in weeks
        if week >= 0
    )


@pages.get("/review")
def review() -> str:
    """Four ways on after the visits that were planned."""
    return render_template("care/review.html")


def _calendar(made: Plan) -> Response:
    content = as_calendar(
        made,
        title=gettext("Visit"),
        review=gettext("Look at the notes: go on, change or end?"),
        reminder=gettext("Visit tomorrow"),
        product=site().config.site_name,
        now=site().clock(),
    )
    return calendar_file(content, "visits.ics")


def _with(slug: str | None) -> With | None:
    """Somebody who may be shown today, at their oldest place; 404 for everybody else."""
    if slug is None:
        return None
    person = people.by_slug(session(), slug)
    rules = jurisdictions.all_rules(session())
    shown = open_places(listings.read(session(), practitioner_ids=[person.id]), rules, now=site().clock())
    if not shown:
        abort(404)
    return With(person, shown[0].listing)


def _offer(form: PlanForm, chosen: With | None) -> None:
    zone = chosen.place.place.timezone if chosen else _ELSEWHERE
    currency = chosen.place.place.price_currency if chosen else None
    form.offer(today=today_in(zone), timezone=zone, stated=[currency] if currency else [])


def _stated(chosen: With) -> dict[str, object]:
    """What the practitioner states, as the form holds it."""
    place = chosen.place.place
    way = people.way_of(session(), chosen.person.id)
    usual = way.review_after_visits if way else None
    return {
        "price_first": as_price(place.price_first_visit),
        "price_later": as_price(place.price_follow_up),
        "minutes": way.visit_minutes if way else None,
        "a_week": str(way.visits_a_week) if way and way.visits_a_week in (1, 2) else "1",
        "review_after": str(usual) if usual and 6 <= usual <= 10 else "8",
    }
