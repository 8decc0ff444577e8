"""The list that an address and a visitor's facts mean together: understood, found, and in the end said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.datastructures import MultiDict

from directory.errors import InvalidInput
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.search import service
from directory.search.criteria import Criteria, Page, PageKey
from directory.search.results import Results
from directory.web import addresses, places
from directory.web.facts import Facts
from directory.web.forms.search import SearchForm


@dataclass(frozen=True, slots=True)
class Understood:
    """A search that can be run; ``today`` is the day at the patient's place."""

    criteria: Criteria
    page: Page
    today: date


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, what it means, and what was found; the last two are ``None`` when it means nothing."""

    asks: MultiDict[str, str]
    form: SearchForm
    understood: Understood | None
    found: Results | None


def asked(told: Facts) -> Asked:
    """The list for the address of this request and these facts."""
    asks = addresses.asked(request.args)
    form = SearchForm(asks, resolve=places.find, known=known)
    understood = _understood(form, told) if form.validate() else None
    found = None
    if understood is not None:
        found = service.find(session(), understood.criteria, understood.page, now=site().clock(), holder=site().index)
    return Asked(asks, form, understood, found)


def known(group: str) -> Collection[str]:
    """The codes of languages or payers that exist."""
    return names(group).keys()


def names(group: str) -> dict[str, str]:
    """The codes of languages or payers that exist, with their names."""
    labels = site().index.current(session(), now=site().clock()).labels
    return {code: name for (kind, code), name in labels.items() if kind == group}


def _understood(form: SearchForm, told: Facts) -> Understood | None:
    """The criteria and the page; ``None``, with the error at its field, when the page link means nothing."""
    if form.found is None:
        return None
    now = site().clock()
    today = now.astimezone(ZoneInfo(form.found.timezone)).date()
    criteria = form.criteria(told.patient(today=today))
    try:
        return Understood(criteria, _page(form, criteria), today)
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


def this_page(asked: Asked) -> tuple[date, PageKey] | None:
    """The page of the list that is shown, as its links say it; ``None`` for the first."""
    if asked.found is None or asked.understood is None or asked.understood.page.after is None:
        return None
    return asked.found.day, asked.understood.page.after
