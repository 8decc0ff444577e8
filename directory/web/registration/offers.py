"""The step about what somebody offers: languages, methods, whom they decline; and for each place prices and insurers.

All of it is free: what is saved is shown at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from directory.credentials.registration.terms import StepKey
from directory.http import headers, who
from directory.http.locale import current, gettext, money
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import PRICES
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.terms import Protocol, Technique
from directory.screening.terms import Condition
from directory.web.forms.registration.answers import as_answer
from directory.web.forms.registration.offers import EMPTY_ROWS, MOST_LANGUAGES, OffersForm, PricesForm, as_price
from directory.web.registration import flow
from directory.web.registration.blueprint import step


@dataclass(frozen=True, slots=True)
class PricesOf:
    """A place whose prices may be changed."""

    label: str
    href: str
    said: str


@step("/offers", "offers")
def offers() -> ResponseReturnValue:
    """Languages, methods, whom they decline, protocols."""
    person = who.practitioner()
    names = _languages()
    screen = flow.Screen(
        step=StepKey.OFFERS,
        form=OffersForm,
        stored=_stored(person),
        save=lambda form: _save(person, form),
        prepare=lambda form: form.offer(names),
        person=person,
        context={
            "prices_of": [_prices_of(row) for row in people.places_of(session(), person.id)],
            "language_complaints": lambda form: [each for each in form.languages.errors if isinstance(each, str)],
            "room": lambda form: len(form.languages) < MOST_LANGUAGES + EMPTY_ROWS,
        },
    )
    if request.method == "POST" and request.form.get("more"):
        headers.personal()
        form = screen.form()
        for _ in range(EMPTY_ROWS):
            if len(form.languages) < MOST_LANGUAGES + EMPTY_ROWS:
                form.languages.append_entry()
        screen.prepare(form)
        return flow.page(screen, form)
    return flow.answer(screen)


def _languages() -> list[tuple[str, str]]:
    """Every language by its name in the visitor's own."""
    words = current().languages
    named = [(each.code, words.get(each.code, each.name)) for each in people.languages(session())]
    return sorted(named, key=lambda each: each[1].casefold())


def _stored(person: Practitioner) -> dict[str, Any]:
    spoken = people.spoken_by(session(), person.id)
    return {
        "languages": [{"code": each.code, "level": each.level.value, "by": each.by.value} for each in spoken],
        "techniques": sorted(people.techniques_of(session(), person.id)),
        "declines": sorted(people.declines_of(session(), person.id) - {Condition.PREGNANCY}),
        "protocols": sorted(people.protocols_of(session(), person.id)),
    }


def _save(person: Practitioner, form: OffersForm) -> None:
    now = site().clock()
    kept = people.declines_of(session(), person.id) & {Condition.PREGNANCY}
    practitioners.set_languages(session(), person.id, form.spoken, now=now)
    practitioners.set_techniques(session(), person.id, [Technique(each) for each in form.techniques.data], now=now)
    practitioners.set_declines(session(), person.id, {*map(Condition, form.declines.data), *kept}, now=now)
    practitioners.set_protocols(session(), person.id, [Protocol(each) for each in form.protocols.data], now=now)


def _prices_of(row: PracticePlace) -> PricesOf:
    amount = row.price_follow_up if row.price_follow_up is not None else row.price_first_visit
    if amount is None or row.price_currency is None:
        said = gettext("no price stated yet")
    else:
        said = gettext("a visit costs %(price)s", price=money(amount, row.price_currency))
    return PricesOf(row.label, url_for("registration.prices", place_id=row.id), str(said))


@step("/offers/<int:place_id>", "prices")
def prices(place_id: int) -> ResponseReturnValue:
    """What visits at one place cost, and who has paid for them."""
    person = who.practitioner()
    row = people.own_place(session(), person.id, place_id)
    stated = people.stated_payers(session(), row.id)
    payers = people.payers_in(session(), row.country)
    return flow.answer(
        flow.Screen(
            step=StepKey.OFFERS,
            form=PricesForm,
            stored=_stored_prices(row) | {"payers": sorted(set(stated) & set(payers))},
            save=lambda form: _save_prices(row, form),
            prepare=lambda form: form.offer(row.country, payers.items(), stored=row.price_currency),
            template="registration/prices.html",
            after=url_for("registration.offers"),
            person=person,
            context={
                "place": row,
                "said_on": min(stated.values(), default=None),
                "back": url_for("registration.offers"),
            },
        )
    )


def _stored_prices(row: PracticePlace) -> dict[str, Any]:
    amounts = {name: as_price(getattr(row, name)) for name in PRICES}
    return amounts | {
        "price_currency": row.price_currency,
        "sliding_scale": as_answer(row.sliding_scale),
        "same_without_insurance": as_answer(row.same_without_insurance),
    }


def _save_prices(row: PracticePlace, form: PricesForm) -> None:
    today = site().clock().date()
    premises.set_prices(session(), row.id, form.prices)
    stated = people.stated_payers(session(), row.id)
    offered = {choice.value for choice in form.payers.choices}
    elsewhere = {code: on for code, on in stated.items() if code not in offered}
    ticked = {code: today if form.payers_today.data else stated.get(code, today) for code in form.payers.data}
    premises.set_payers(session(), row.id, elsewhere | ticked)
