"""The list: who fits, why, and how to ask differently."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory.errors import InvalidInput
from directory.guide import emergency, evidence
from directory.jurisdictions.names import name_of
from directory.screening.rules import Patient
from directory.screening.terms import PregnancyStatus
from directory.search import service
from directory.search.criteria import Criteria, Page, PageKey
from directory.search.results import Results
from directory.web import addresses, cards, counting, facts, filters, headers, journeys, picks, places
from directory.web.facts import Facts
from directory.web.forms.about_you import AboutYouForm
from directory.web.forms.search import SearchForm
from directory.web.forms.texts import cleaned
from directory.web.locale import gettext, ngettext
from directory.web.map import drawing, looks, streets
from directory.web.site import session, site

pages = Blueprint("search", __name__, url_prefix="/search")


@pages.get("")
def results() -> ResponseReturnValue:
    """The list for the place in the address and the facts in the cookie; 422 with the form when it means nothing."""
    told = facts.read()
    return _answer(told, AboutYouForm(formdata=None, data=_answers(told), today=site().clock().date()))


@pages.get("/map")
def on_map() -> ResponseReturnValue:
    """The people on one page of the list on a map, in the same order and behind the same gates."""
    told = facts.read()
    about = AboutYouForm(formdata=None, data=_answers(told), today=site().clock().date())
    asked = _asked(told)
    understood, found = asked.understood, asked.found
    if understood is None or found is None or found.interstitial:
        return _page_of(asked, told, about)
    look, trouble = None, ""
    try:
        look = looks.read_look(request.args["look"]) if request.args.get("look") else None
    except InvalidInput as error:
        trouble = str(error)
    address = _map_address(asked)
    drawn = drawing.drawn(found.matches, understood.criteria, address, look=look)
    page = render_template(
        "search/map.html",
        map=drawn,
        map_address=address,
        list_address=addresses.of(asked.asks, page=_this_page(asked)),
        here_address=addresses.of(asked.asks, change={"place": look.place} if look else None),
        look_error=trouble,
        tiles=streets.offered(site().config),
        about=about,
        told=told,
        criteria=understood.criteria,
        state=pregnancy_state(told, understood.criteria.patient),
        address=lambda **changes: addresses.of(asked.asks, **changes),
    )
    headers.allow_images(streets.origin(site().config))
    return make_response(page, 422 if trouble else 200)


@pages.post("/about-you")
def about_you() -> ResponseReturnValue:
    """Keep the answer to the pregnancy question and go back to the same list."""
    told = facts.read()
    form = AboutYouForm(today=places.today(cleaned(request.args.get("place"))))
    if not form.validate():
        return _answer(told, form)
    response = _back()
    facts.keep(response, form.facts(told))
    return response


@pages.post("/forget")
def forget() -> ResponseReturnValue:
    """Drop everything the visitor told us, and go back to the same list."""
    response = _back()
    facts.forget(response)
    return response


@dataclass(frozen=True, slots=True)
class _Understood:
    """A search that can be run."""

    criteria: Criteria
    page: Page
    today: date


@dataclass(frozen=True, slots=True)
class _Asked:
    """An address, what it means, and what was found; the last two are ``None`` when it means nothing."""

    asks: MultiDict[str, str]
    form: SearchForm
    understood: _Understood | None
    found: Results | None


def _asked(told: Facts) -> _Asked:
    asks = addresses.asked(request.args)
    form = SearchForm(asks, resolve=places.find, known=known)
    understood = _understood(form, told) if form.validate() else None
    found = None
    if understood is not None:
        found = service.find(session(), understood.criteria, understood.page, now=site().clock(), holder=site().index)
    return _Asked(asks, form, understood, found)


def _answer(told: Facts, about: AboutYouForm) -> Response:
    return _page_of(_asked(told), told, about)


def _page_of(asked: _Asked, told: Facts, about: AboutYouForm) -> Response:
    """The list; help instead of it, or the form again, where there is none."""
    asks, form, found = asked.asks, asked.form, asked.found
    page = render_template(
        "search/results.html",
        plain=not any(asks.getlist(name) for name in asks if name != "place"),
        form=form,
        about=about,
        told=told,
        filters=filters.groups(form, found),
        chips=filters.chips(form, asks, found),
        weight_inputs=filters.weight_inputs(form, found),
        radius_options=filters.radius_options(form),
        mode_options=filters.mode_options(form),
        preset_options=filters.preset_options(form),
        address=lambda **changes: addresses.of(asks, **changes),
        evidence=evidence,
        emergency=emergency,
        help=emergency.help_in(form.found.country if form.found else None),
        pregnant=told.pregnancy in (PregnancyStatus.YES, PregnancyStatus.MAYBE),
        map_address=_map_address(asked) if found is not None and found.matches else "",
        picked=picks.read(),
        this_page=_this_page(asked),
        **_list(asked.understood, found, told, form, asks),
    )
    if found is not None and found.matches:
        headers.allow_images(streets.origin(site().config))
        counting.listed(found)
    return make_response(page, 200 if found is not None and not about.errors else 422)


def _map_address(asked: _Asked) -> str:
    return addresses.of(asked.asks, endpoint="search.on_map", page=_this_page(asked))


def _this_page(asked: _Asked) -> tuple[date, PageKey] | None:
    """The page of the list that is shown, as its links say it; ``None`` for the first."""
    if asked.found is None or asked.understood is None or asked.understood.page.after is None:
        return None
    return asked.found.day, asked.understood.page.after


def _list(
    understood: _Understood | None, found: Results | None, told: Facts, form: SearchForm, asks: MultiDict[str, str]
) -> dict[str, object]:
    if understood is None or found is None:
        return {"found": None, "criteria": None}
    criteria, today = understood.criteria, understood.today
    first_page = understood.page.after is None
    return {
        "found": found,
        "criteria": criteria,
        "hidden_place": name_of(criteria.point.jurisdiction),
        "state": pregnancy_state(told, criteria.patient),
        "cards": cards.cards(found.matches, criteria, today=today),
        "newcomers": cards.cards(found.newcomers, criteria, today=today),
        "relaxations": [
            (
                filters.step_said(step, criteria),
                filters.step_change(step, criteria),
                step,
                cards.cards(step.matches, criteria, today=today),
            )
            for step in found.relaxations
        ],
        "next_page": (found.day, found.next_key) if found.next_key is not None else None,
        "first_page": first_page,
        "journey": journeys.view(criteria, found, address=partial(addresses.of, asks)) if first_page else None,
        "weights_said": filters.weights_said(criteria),
        "slider": filters.slider(form, asks, criteria),
    }


def _understood(form: SearchForm, told: Facts) -> _Understood | None:
    """The criteria and the page; ``None``, with the error at its field, when the page link means nothing."""
    if form.found is None:
        return None
    now = site().clock()
    today = now.astimezone(ZoneInfo(form.found.timezone)).date()
    criteria = form.criteria(told.patient(today=today))
    try:
        return _Understood(criteria, _page(form, criteria), today)
    except InvalidInput as error:
        field = form[error.field or "after"]
        field.errors = [*field.errors, gettext(str(error))]
        return None


def _page(form: SearchForm, criteria: Criteria) -> Page:
    day = None
    if form.day.data:
        first, last = service.rotation_days(criteria, now=site().clock())
        try:
            day = date.fromisoformat(form.day.data)
        except ValueError as error:
            raise InvalidInput("The day in this link cannot be read.", field="day") from error
        if not first <= day <= last:
            raise InvalidInput("This link is from another time. Please start the list again.", field="day")
    after = addresses.read_key(form.after.data) if form.after.data else None
    return Page(day=day, after=after)


def known(group: str) -> Collection[str]:
    """The codes of languages or payers that exist."""
    labels = site().index.current(session(), now=site().clock()).labels
    return {code for kind, code in labels if kind == group}


def pregnancy_state(told: Facts, patient: Patient) -> str:
    """What a list was made for, as the answer to "pregnant?"."""
    weeks = patient.weeks
    if told.pregnancy is PregnancyStatus.NO:
        return str(gettext("no"))
    if told.pregnancy is PregnancyStatus.MAYBE:
        return str(gettext("maybe, which counts as the first three months"))
    if told.pregnancy is PregnancyStatus.POSTPARTUM:
        return str(gettext("no, after a birth"))
    if told.pregnancy is PregnancyStatus.YES and weeks is not None:
        return str(ngettext("yes, %(num)s week today", "yes, %(num)s weeks today", weeks.first))
    if told.pregnancy is PregnancyStatus.YES:
        return str(gettext("yes, week not given, so only people who take on every week are listed"))
    return str(gettext("not answered yet"))


def _answers(told: Facts) -> dict[str, object]:
    """What the form about the patient shows as already answered."""
    answered = told.pregnancy in (PregnancyStatus.NO, PregnancyStatus.YES, PregnancyStatus.MAYBE)
    return {"pregnancy": told.pregnancy.value if answered else "", "due": told.due}


def _back() -> Response:
    asks = addresses.asked(request.args)
    return make_response(redirect(addresses.of(asks) if asks.get("place") else url_for("home.ask"), 303))
