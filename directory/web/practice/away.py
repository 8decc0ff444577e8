"""When one is away, place by place. It begins and ends by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.geo.timezones import is_zone
from directory.http import headers, who
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners.models import PracticePlace
from directory.practitioners.premises import service as premises
from directory.web.forms.away import AwayForm
from directory.web.practice.blueprint import pages


@pages.get("/away")
def away() -> str:
    """Two days for each place."""
    headers.personal()
    places = people.places_of(session(), who.practitioner().id)
    return _page(places, {each.id: _form(each) for each in places})


@pages.post("/away")
def send_away() -> ResponseReturnValue:
    """Keep them; patients are told from the first day to the last."""
    headers.personal()
    places = people.places_of(session(), who.practitioner().id)
    forms = {each.id: _form(each) for each in places}
    wrong = [each for each in places if not forms[each.id].checked(today=_today(each))]
    if wrong:
        return _page(places, forms), 422
    for each in places:
        premises.set_absence(session(), each.id, forms[each.id].absence)
    return redirect(url_for("practice.listed"), 303)


def _form(place: PracticePlace) -> AwayForm:
    over = place.away_until is None or place.away_until < _today(place)
    stored = {} if over else {"first": place.away_from, "last": place.away_until}
    return AwayForm(prefix=f"place-{place.id}", data=stored)


def _today(place: PracticePlace) -> date:
    zone = ZoneInfo(place.timezone if is_zone(place.timezone) else "UTC")
    return site().clock().astimezone(zone).date()


def _page(places: Sequence[PracticePlace], forms: Mapping[int, AwayForm]) -> str:
    return render_template("practice/away.html", places=places, forms=forms)
