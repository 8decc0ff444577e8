"""Searches that are saved to be told of new people: the form, and the page behind the link of every letter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory.accounts import rules as limits
from directory.accounts import throttle
from directory.accounts.terms import Action, Scope
from directory.alerts import queries, rules, service
from directory.alerts.models import SavedSearch
from directory.alerts.rules import Asked, Told
from directory.alerts.service import Draft
from directory.errors import Gone, InvalidInput
from directory.http import headers
from directory.http.locale import current, gettext
from directory.http.site import session, site
from directory.screening.rules import Patient
from directory.search import service as searching
from directory.search.criteria import Criteria
from directory.web import addresses, facts, filters, lists, places
from directory.web.facts import Facts
from directory.web.forms.saved import SaveSearchForm
from directory.web.forms.search import SearchForm
from directory.web.presenters import told

pages = Blueprint("saved", __name__, url_prefix="/saved")


@pages.before_request
def _personal() -> None:
    headers.personal()


@pages.after_request
def _keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@dataclass(frozen=True, slots=True)
class Question:
    """A search that can be saved: what its address asks, in words and as the search takes it."""

    asks: MultiDict[str, str]
    criteria: Criteria
    chips: tuple[str, ...]
    today: date


@pages.get("/new")
def new() -> ResponseReturnValue:
    """What would be saved, and where to write; back to the list where its address means nothing."""
    question = _question(addresses.asked(request.args), facts.read())
    if question is None:
        return _nothing_to_save()
    return _form(question, SaveSearchForm())


@pages.post("/new")
def send_new() -> ResponseReturnValue:
    """Save it and ask the mailbox; what cannot be used comes back with 422 as it was typed."""
    known = facts.read()
    question, form = _question(addresses.asked(request.args), known), SaveSearchForm()
    if question is None:
        return _nothing_to_save()
    if not form.validate():
        return _form(question, form), 422
    refused = _too_often(question, form)
    if refused is not None:
        return refused
    now, holder = site().clock(), site().index
    # A letter that knows nothing about somebody names everybody who fits somebody.
    kept = _to_keep(known)
    keeps = bool(form.keep_facts.data) and kept != Told()
    criteria = question.criteria if keeps else _of_anybody(question.criteria)
    fitting = searching.fitting(session(), criteria, known=(), most=0, now=now, holder=holder)
    asks = {name: tuple(question.asks.getlist(name)) for name in addresses.KEPT if question.asks.getlist(name)}
    draft = Draft(
        email=form.email.data,
        asked=Asked(asks, criteria),
        told=kept if keeps else None,
        language=str(current()),
    )
    site().database.keep_refusal()
    try:
        with session().begin_nested():
            service.save(session(), draft, secret=site().config.secret_key, known=fitting.everybody, now=now)
    except InvalidInput as error:
        form.email.errors = [gettext(str(error))]
        return _form(question, form), 422
    return redirect(url_for("saved.asked"), 303)


@pages.get("/asked")
def asked() -> str:
    """Look into your mailbox."""
    return render_template("saved/asked.html", days=rules.UNCONFIRMED_KEPT.days, most=rules.MOST_OF_ONE_MAILBOX)


@pages.get("/<token>", endpoint="search")
def search_page(token: str) -> ResponseReturnValue:
    """What is kept, and a button: yes, where the mailbox has not said so yet, or stop. 410 where there is nothing."""
    return _kept(_row(token), token)


@pages.post("/<token>/confirm")
def send_confirm(token: str) -> ResponseReturnValue:
    """The mailbox says yes."""
    _row(token)
    service.confirm(session(), token, now=site().clock())
    return redirect(url_for("saved.search", token=token), 303)


@pages.post("/<token>/forget-facts")
def send_forget_facts(token: str) -> ResponseReturnValue:
    """Take back the consent to keep what was told."""
    _row(token)
    service.forget_facts(session(), token)
    return redirect(url_for("saved.search", token=token), 303)


@pages.post("/<token>/stop")
def send_stop(token: str) -> ResponseReturnValue:
    """No more letters; everything about this search is deleted."""
    service.stop(session(), token)
    return redirect(url_for("saved.stopped"), 303)


@pages.post("/<token>/one-click")
def one_click(token: str) -> ResponseReturnValue:
    """The same at the press of a mail program's own button (RFC 8058)."""
    service.stop(session(), token)
    return Response(status=204, mimetype="text/plain")


@pages.get("/stopped")
def stopped() -> str:
    """It is gone."""
    return render_template("saved/stopped.html")


def _row(token: str) -> SavedSearch:
    try:
        return queries.by_token(session(), token)
    except Gone as error:
        raise Gone(gettext(str(error))) from error


def _kept(row: SavedSearch, token: str) -> str:
    about = Told.from_json(row.facts_sealed) if row.facts_sealed else None
    kept = Asked.from_json(row.search_sealed, Patient())
    asks = MultiDict([(name, value) for name, values in kept.asks.items() for value in values])
    question = _question(asks, Facts())
    return render_template(
        "saved/search.html",
        token=token,
        row=row,
        place=kept.criteria.point.label,
        radius_km=kept.criteria.radius_km,
        country=kept.criteria.point.country,
        remote=kept.criteria.mode == "telehealth_consult",
        chips=question.chips if question else (),
        facts=_said(about, site().clock().date()) if about else (),
        list_address=addresses.of(asks),
        waits=row.confirmed_at is None or row.asked_again_at is not None,
        days=rules.UNCONFIRMED_KEPT.days,
    )


def _question(asks: MultiDict[str, str], known: Facts) -> Question | None:
    form = SearchForm(asks, resolve=places.find, known=lists.known)
    if not form.validate() or form.found is None:
        return None
    today = site().clock().astimezone(ZoneInfo(form.found.timezone)).date()
    criteria = form.criteria(known.patient(today=today))
    names = {code: name for (_, code), name in site().index.current(session(), now=site().clock()).labels.items()}
    chips = tuple(names.get(text, text) for text, _, _ in filters.chips(form, asks, None))
    return Question(asks, criteria, chips, today)


def _form(question: Question, form: SaveSearchForm) -> str:
    criteria = question.criteria
    return render_template(
        "saved/new.html",
        form=form,
        place=criteria.point.label,
        radius_km=criteria.radius_km,
        country=criteria.point.country,
        remote=criteria.mode == "telehealth_consult",
        chips=question.chips,
        facts=_said(_to_keep(facts.read()), question.today),
        action=addresses.of(question.asks, endpoint="saved.send_new"),
        list_address=addresses.of(question.asks),
    )


def _nothing_to_save() -> ResponseReturnValue:
    return render_template("saved/nothing.html"), 422


def _of_anybody(criteria: Criteria) -> Criteria:
    return Criteria(
        point=criteria.point,
        radius_km=criteria.radius_km,
        mode=criteria.mode,
        musts=criteria.musts,
        wishes=criteria.wishes,
        waitlist_ok=criteria.waitlist_ok,
    )


def _to_keep(known: Facts) -> Told:
    """What may be kept with a search; nothing of what was told about somebody else, which ends with the browser."""
    if known.someone_else:
        return Told()
    return Told(pregnancy=known.pregnancy, due=known.due, age=known.age, conditions=known.conditions)


def _said(kept: Told, today: date) -> tuple[str, ...]:
    """What is kept about somebody, in words."""
    facts_of = Facts(pregnancy=kept.pregnancy, due=kept.due, age=kept.age, conditions=kept.conditions)
    return tuple(chip.said for chip in told.chips(facts_of, today=today))


def _too_often(question: Question, form: SaveSearchForm) -> Response | None:
    """429 with what was typed, where this network has sent many in a short time; otherwise this one is counted."""
    network = limits.network(request.remote_addr)
    who = limits.subject(site().config.secret_key, Action.SAVE_SEARCH, Scope.NETWORK, network)
    subjects = {Scope.NETWORK: who}
    waiting = throttle.must_wait(session(), Action.SAVE_SEARCH, subjects, now=site().clock())
    if not waiting:
        throttle.count(session(), Action.SAVE_SEARCH, subjects, now=site().clock())
        return None
    seconds = max(1, math.ceil(waiting.total_seconds()))
    form.form_errors.append(
        gettext(
            "Many searches were saved from your network in a short time. Please wait %(minutes)s min and try again.",
            minutes=max(1, math.ceil(seconds / 60)),
        )
    )
    response = make_response(_form(question, form), 429)
    response.headers["Retry-After"] = str(seconds)
    return response
