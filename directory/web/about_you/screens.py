"""The screens: each is read by GET, kept by POST, and leads on to the next."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from directory.guide import emergency
from directory.http.locale import gettext
from directory.screening.rules import stop_for
from directory.screening.terms import Stop
from directory.web import addresses, facts, lists, places
from directory.web.about_you.blueprint import STEPS, after, back_to, before, go, list_address, pages, step_address
from directory.web.facts import Facts
from directory.web.forms.about_you import (
    AboutYouForm,
    AgeForm,
    BornForm,
    HealthForm,
    NeedlesForm,
    SignsForm,
    pregnancy_answered,
    stopped,
)
from directory.web.forms.texts import cleaned
from directory.web.forms.wishes import FLAGS, VALUES, WishesForm
from directory.web.presenters import told


@pages.get("")
def overview() -> str:
    """What was told so far, the screens, and whom it is about."""
    known, today = facts.read(), _today()
    return render_template(
        "about_you/overview.html",
        told=known,
        chips=told.chips(known, today=today),
        to_raise=told.to_tell(known),
        steps=[(name, title, step_address(name)) for name, title in STEPS.items()],
        list_address=list_address(),
        address=_address,
    )


@pages.get("/1")
def pregnancy() -> ResponseReturnValue:
    """The pregnancy question."""
    known, today = facts.read(), _today()
    form = AboutYouForm(formdata=None, data=pregnancy_answered(known, today=today), today=today)
    return _screen("pregnancy", form, known)


@pages.post("/1")
def send_pregnancy() -> ResponseReturnValue:
    """Keep the answer; 422 with what was typed where it cannot be."""
    known = facts.read()
    form = AboutYouForm(today=_today())
    return _kept("pregnancy", form.facts(known)) if form.validate() else _screen("pregnancy", form, known)


@pages.get("/2")
def signs() -> ResponseReturnValue:
    """Signs that cannot wait. None is ever shown as ticked, because none is kept."""
    known = facts.read()
    return _screen("signs", SignsForm(formdata=None, told=known), known)


@pages.post("/2")
def send_signs() -> ResponseReturnValue:
    """On to the next screen, or to whom to call."""
    known = facts.read()
    form = SignsForm(told=known)
    if not form.validate():
        return _screen("signs", form, known)
    stop = stop_for(form.ticked)
    if stop is None:
        return _kept("signs", stopped(known, None))
    page = "urgent.talk" if stop is Stop.TALK else "urgent.now"
    response = go(addresses.of(addresses.asked(request.args), endpoint=page))
    facts.keep(response, stopped(known, stop))
    return response


@pages.get("/3")
def health() -> ResponseReturnValue:
    """What makes needling a question."""
    known = facts.read()
    return _screen("health", HealthForm(formdata=None, data=HealthForm.answered(known), told=known), known)


@pages.post("/3")
def send_health() -> ResponseReturnValue:
    """Keep the ticks."""
    known = facts.read()
    form = HealthForm(told=known)
    return _kept("health", form.facts(known)) if form.validate() else _screen("health", form, known)


@pages.get("/4")
def needles() -> ResponseReturnValue:
    """How somebody is with needles."""
    known = facts.read()
    return _screen("needles", NeedlesForm(formdata=None, data=NeedlesForm.answered(known)), known)


@pages.post("/4")
def send_needles() -> ResponseReturnValue:
    """Keep the answer."""
    known = facts.read()
    form = NeedlesForm()
    return _kept("needles", form.facts(known)) if form.validate() else _screen("needles", form, known)


@pages.get("/5")
def age() -> ResponseReturnValue:
    """Whether a guardian has to consent."""
    known = facts.read()
    return _screen("age", AgeForm(formdata=None, data=AgeForm.answered(known)), known)


@pages.post("/5")
def send_age() -> ResponseReturnValue:
    """Keep the answer."""
    known = facts.read()
    form = AgeForm()
    return _kept("age", form.facts(known)) if form.validate() else _screen("age", form, known)


@pages.get("/6")
def wishes() -> ResponseReturnValue:
    """What matters besides: it goes into the address of the list and not into the cookie."""
    form = WishesForm(formdata=None, data=WishesForm.answered(_asks()), languages=_languages())
    return _screen("wishes", form, facts.read())


@pages.post("/6")
def send_wishes() -> ResponseReturnValue:
    """On to the list that these wishes ask for."""
    asks = _asks()
    form = WishesForm(languages=_languages())
    valid = form.validate()
    wanted = form.asks(asks)
    if valid and not wanted.get("place"):
        form.place.errors = [gettext("Please say where, so that we can make the list.")]
        valid = False
    return go(addresses.of(wanted)) if valid else _screen("wishes", form, facts.read())


@pages.post("/remove")
def remove() -> ResponseReturnValue:
    """Take one fact back, and return to the page on which its chip stood."""
    response = back_to(request.form.get("then"))
    facts.keep(response, told.without(facts.read(), request.form.get("fact", "")))
    return response


@pages.post("/born")
def send_born() -> ResponseReturnValue:
    """Keep whether the baby is born; without an answer the pregnancy screen asks."""
    known = facts.read()
    form = BornForm()
    if not form.validate():
        return go(step_address("pregnancy"))
    asks = form.born.data == "other"
    response = go(step_address("pregnancy")) if asks else back_to(request.form.get("then"))
    facts.keep(response, form.facts(known, today=_today()))
    return response


def _kept(step: str, known: Facts) -> ResponseReturnValue:
    """Keep the facts and go on; straight to the list where that was asked for."""
    response = go(list_address() if request.form.get("then") == "list" else after(step))
    facts.keep(response, known)
    return response


def _screen(step: str, form: FlaskForm, known: Facts) -> ResponseReturnValue:
    names = list(STEPS)
    page = render_template(
        f"about_you/{step}.html",
        form=form,
        told=known,
        title=STEPS[step],
        number=names.index(step) + 1,
        of=len(names),
        here=step_address(step),
        back=before(step),
        skip=after(step),
        list_address=list_address(),
        has_list=bool(_asks().get("place")),
        emergency=emergency,
        flags=FLAGS,
        values=VALUES,
    )
    return page, 422 if form.errors else 200


def _asks() -> Any:
    """What the list is asked besides; parameters that mean nothing to it are left out."""
    return addresses.asked(request.args)


def _address(**changes: Any) -> str:
    return addresses.of(_asks(), **changes)


def _today() -> Any:
    return places.today(cleaned(request.args.get("place")))


def _languages() -> list[tuple[str, str]]:
    """The languages of people who are listed, besides English, by name."""
    return sorted(((code, name) for code, name in lists.names("languages").items() if code != "en"), key=_by_name)


def _by_name(language: tuple[str, str]) -> str:
    return language[1]
