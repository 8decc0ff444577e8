"""The list: who fits, why, and how to ask differently."""

from __future__ import annotations

from datetime import date
from functools import partial

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory.errors import InvalidInput
from directory.guide import emergency, evidence
from directory.http import counting, headers
from directory.http.site import site
from directory.jurisdictions.names import name_of
from directory.search.results import Results
from directory.web import addresses, facts, filters, lists, picks, places
from directory.web.facts import Facts
from directory.web.forms.about_you import AboutYouForm, BornForm, pregnancy_answered
from directory.web.forms.search import SearchForm
from directory.web.forms.texts import cleaned
from directory.web.lists import Asked, Understood
from directory.web.map import drawing, looks, streets
from directory.web.presenters import cards, journeys, told

pages = Blueprint("search", __name__, url_prefix="/search")


@pages.get("")
def results() -> ResponseReturnValue:
    """The list for the place in the address and the facts in the cookie; 422 with the form when it means nothing."""
    known = facts.read()
    return _answer(known, AboutYouForm(formdata=None, data=pregnancy_answered(known, today=_today()), today=_today()))


@pages.get("/map")
def on_map() -> ResponseReturnValue:
    """The people on one page of the list on a map, in the same order and behind the same gates."""
    known = facts.read()
    about = AboutYouForm(formdata=None, data=pregnancy_answered(known, today=_today()), today=_today())
    asked = lists.asked(known)
    understood, found = asked.understood, asked.found
    if understood is None or found is None or found.interstitial:
        return _page_of(asked, known, about)
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
        list_address=addresses.of(asked.asks, page=lists.this_page(asked)),
        here_address=addresses.of(asked.asks, change={"place": look.place} if look else None),
        look_error=trouble,
        tiles=streets.offered(site().config),
        about=about,
        told=known,
        criteria=understood.criteria,
        **_of_the_patient(known, understood.today),
        address=lambda **changes: addresses.of(asked.asks, **changes),
    )
    headers.allow_images(streets.origin(site().config))
    return make_response(page, 422 if trouble else 200)


@pages.post("/about-you")
def about_you() -> ResponseReturnValue:
    """Keep the answer to the pregnancy question and go back to the same list."""
    known = facts.read()
    form = AboutYouForm(today=_today())
    if not form.validate():
        return _answer(known, form)
    response = _back()
    facts.keep(response, form.facts(known))
    return response


@pages.post("/forget")
def forget() -> ResponseReturnValue:
    """Drop everything the visitor known us, and go back to the same list."""
    response = _back()
    facts.forget(response)
    return response


def _answer(known: Facts, about: AboutYouForm) -> Response:
    return _page_of(lists.asked(known), known, about)


def _page_of(asked: Asked, known: Facts, about: AboutYouForm) -> Response:
    """The list; help instead of it, or the form again, where there is none."""
    asks, form, found = asked.asks, asked.form, asked.found
    page = render_template(
        "search/results.html",
        plain=not any(asks.getlist(name) for name in asks if name != "place"),
        form=form,
        about=about,
        told=known,
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
        pregnant=known.expecting,
        map_address=_map_address(asked) if found is not None and found.matches else "",
        this_page=lists.this_page(asked),
        picked=picks.read(),
        **_list(asked.understood, found, known, form, asks),
    )
    if found is not None and found.matches:
        headers.allow_images(streets.origin(site().config))
        counting.listed(found)
    return make_response(page, 200 if found is not None and not about.errors else 422)


def _map_address(asked: Asked) -> str:
    return addresses.of(asked.asks, endpoint="search.on_map", page=lists.this_page(asked))


def _list(
    understood: Understood | None, found: Results | None, known: Facts, form: SearchForm, asks: MultiDict[str, str]
) -> dict[str, object]:
    if understood is None or found is None:
        return {"found": None, "criteria": None}
    criteria, today = understood.criteria, understood.today
    first_page = understood.page.after is None
    return {
        "found": found,
        "criteria": criteria,
        "hidden_place": name_of(criteria.point.jurisdiction),
        **_of_the_patient(known, today),
        "cards": cards.cards(found.matches, criteria, told=known, today=today),
        "newcomers": cards.cards(found.newcomers, criteria, told=known, today=today),
        "relaxations": [
            (
                filters.step_said(step, criteria),
                filters.step_change(step, criteria),
                step,
                cards.cards(step.matches, criteria, told=known, today=today),
            )
            for step in found.relaxations
        ],
        "next_page": (found.day, found.next_key) if found.next_key is not None else None,
        "first_page": first_page,
        "journey": journeys.view(criteria, found, address=partial(addresses.of, asks)) if first_page else None,
        "weights_said": filters.weights_said(criteria),
        "slider": filters.slider(form, asks, criteria),
    }


def _of_the_patient(known: Facts, today: date) -> dict[str, object]:
    """For whom a list was made, what was told of them, and whether the pregnancy has to be asked about again."""
    return {
        "state": told.pregnancy_state(known, today=today),
        "told_chips": told.chips(known, today=today),
        "born": BornForm(formdata=None) if known.asks_again(today) else None,
    }


def _today() -> date:
    """The day at the place in the address, by which weeks and dates are understood."""
    return places.today(cleaned(request.args.get("place")))


def _back() -> Response:
    asks = addresses.asked(request.args)
    return make_response(redirect(addresses.of(asks) if asks.get("place") else url_for("home.ask"), 303))
