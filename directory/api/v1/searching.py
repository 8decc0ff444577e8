"""Searching: the same fields, gates and order as the page has, because it is the page's own form that reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import url_for
from werkzeug.datastructures import MultiDict
from wtforms import Form

from directory.api.problems import Fault, unusable
from directory.api.v1 import lookups, matches, tokens, words
from directory.api.v1.models.parts import Links
from directory.api.v1.models.searches import About, Search, SearchAnswer, Stop
from directory.api.v1.table import Prepared
from directory.entries import queries as entries
from directory.errors import InvalidInput
from directory.guide import emergency, evidence
from directory.http import conditional
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.screening.rules import stop_for
from directory.screening.terms import PregnancyStatus
from directory.screening.terms import Stop as Screened
from directory.search import service
from directory.search.criteria import PAGE_SIZE, Criteria, Page
from directory.search.results import Results
from directory.search.results import Stop as NoList
from directory.web import addresses, lists
from directory.web import places as finding
from directory.web.facts import NOTHING_TOLD, Facts
from directory.web.forms.about_you import AboutYouForm, AgeForm, HealthForm, NeedlesForm, SignsForm
from directory.web.forms.search import SearchForm
from directory.web.presenters import told

HEALTH_NAMES: Final = frozenset(
    {
        "about",
        "age",
        "condition",
        "conditions",
        "due",
        "due_date",
        "health",
        "needles",
        "pregnancy",
        "pregnant",
        "red_flags",
        "sign",
        "signs",
        "symptoms",
        "trimester",
        "week",
        "weeks",
    }
)
"""What somebody may try to put into an address; it never belongs there."""

_WEIGHED_BY: Final = ("preset", "leaning", "weights")
_QUARTER: Final = 900


@dataclass(frozen=True, slots=True)
class _Asked:
    """A search that can be run."""

    form: SearchForm
    criteria: Criteria
    page: Page
    known: Facts
    today: date
    search: tuple[tuple[str, str], ...]
    """What stands in an address of it, without the page."""
    token: str | None
    """Of the page that is asked."""


def health_in_address(asked: MultiDict[str, str]) -> list[Fault]:
    """A fault for each health fact that somebody put into an address."""
    said = (
        "Health facts never stand in an address, where others may read them. "
        "Send them in the body of POST /api/v1/search."
    )
    return [Fault(detail=said, parameter=name) for name in asked if name.casefold() in HEALTH_NAMES]


def search(*, asked: MultiDict[str, str]) -> Prepared:
    """A search without any health fact."""
    made = _understood(_fields(asked), asked.get("page"), int(asked.get("limit", PAGE_SIZE)), NOTHING_TOLD, {})
    return Prepared(
        tag=conditional.tag(entries.tag_of_all(session(), now=_now()), _quarter(_now())),
        make=lambda: _found(made, by_get=True),
    )


def send_search(*, asked: MultiDict[str, str], sent: Search) -> Prepared:
    """A search with whatever a patient tells of themselves."""
    fields = _fields_of(sent)
    names = {name: f"#/{name}" for name in Search.model_fields}
    about = sent.about or About()
    today = finding.today(sent.place)
    facts = _facts(about, today=today)
    made = _understood(fields, sent.page, sent.limit, facts, names)
    stop = stop_for(about.signs)
    if stop is not None:
        return Prepared(make=lambda: _stopped(made, stop))
    return Prepared(make=lambda: _found(made, by_get=False))


# --- what is asked ---------------------------------------------------------------------------------------------------


def _fields(asked: MultiDict[str, str]) -> MultiDict[str, str]:
    fields: MultiDict[str, str] = MultiDict()
    for name in addresses.KEPT:
        fields.setlist(name, asked.getlist(name))
    return fields


def _fields_of(sent: Search) -> MultiDict[str, str]:
    """A body as the page's form takes it."""
    fields: MultiDict[str, str] = MultiDict()
    for name in addresses.KEPT:
        value = getattr(sent, name)
        if isinstance(value, list):
            fields.setlist(name, value)
        elif isinstance(value, bool):
            fields.setlist(name, ["yes"] if value else [])
        elif value is not None:
            fields.setlist(name, [str(value).removesuffix(".0")])
    return fields


def _understood(
    fields: MultiDict[str, str], token: str | None, size: int, known: Facts, names: Mapping[str, str]
) -> _Asked:
    """The search these fields mean; ``Refused`` naming each that means nothing. ``names`` are pointers, for a body."""
    weighed = [name for name in _WEIGHED_BY if fields.get(name)]
    if len(weighed) > 1:
        raise unusable(_fault(name, "Give one of preset, leaning and weights.", names) for name in weighed)
    form = SearchForm(fields, resolve=finding.find, known=lists.known)
    if not form.validate() or form.found is None:
        raise unusable(_faults(form, names))
    today = _now().astimezone(ZoneInfo(form.found.timezone)).date()
    search = tuple((name, value) for name in addresses.KEPT for value in fields.getlist(name))
    criteria = form.criteria(known.patient(today=today))
    try:
        page = Page(size=size) if token is None else tokens.read(token, search, size=size)
    except InvalidInput as error:
        raise unusable([_fault("page", str(error), names)]) from error
    first, last = service.rotation_days(criteria, now=_now())
    if page.day is not None and not first <= page.day <= last:
        said = gettext("This page token is from another time. Begin the list again.")
        raise unusable([_fault("page", said, names)])
    return _Asked(form, criteria, page, known, today, search, token)


def _facts(about: About, *, today: date) -> Facts:
    """What was told, read by the forms that ask for it on pages."""
    known, faults = NOTHING_TOLD, list[Fault]()

    def read(form: Form, names: Mapping[str, str]) -> bool:
        if form.validate():
            return True
        faults.extend(_faults(form, names))
        return False

    if about.pregnancy in (None, PregnancyStatus.NO) and (about.weeks is not None or about.due is not None):
        said = "Weeks and a due date go with pregnancy yes alone."
        faults.append(Fault(detail=said, pointer="#/about/pregnancy"))
    none = {"csrf": False}
    pregnancy = AboutYouForm(_sent(pregnancy=about.pregnancy, weeks=about.weeks, due=about.due), today=today, meta=none)
    if read(pregnancy, _pointers("pregnancy", "weeks", "due")):
        known = pregnancy.facts(known)
    health = HealthForm(_sent(health=about.conditions), told=known, meta=none)
    if read(health, {"health": "#/about/conditions"}):
        known = health.facts(known)
    needles = NeedlesForm(_sent(needles=about.needles), meta=none)
    if read(needles, _pointers("needles")):
        known = needles.facts(known)
    age = AgeForm(_sent(years=about.age), meta=none)
    if read(age, {"years": "#/about/age"}):
        known = age.facts(known)
    signs = SignsForm(_sent(signs=about.signs), told=known, meta=none)
    read(signs, _pointers("signs"))
    if faults:
        raise unusable(faults)
    return replace(known, stopped=bool(about.signs))


def _sent(**values: Any) -> MultiDict[str, str]:
    fields: MultiDict[str, str] = MultiDict()
    for name, value in values.items():
        fields.setlist(name, value if isinstance(value, list) else [] if value is None else [str(value)])
    return fields


def _pointers(*names: str) -> dict[str, str]:
    return {name: f"#/about/{name}" for name in names}


def _faults(form: Form, names: Mapping[str, str]) -> Iterable[Fault]:
    for name, said in form.errors.items():
        for each in said:
            yield _fault(name or "place", str(each), names)


def _fault(name: str, said: str, names: Mapping[str, str]) -> Fault:
    return Fault(detail=said, pointer=names[name]) if name in names else Fault(detail=said, parameter=name)


# --- what is found ---------------------------------------------------------------------------------------------------


def _found(asked: _Asked, *, by_get: bool) -> SearchAnswer:
    found = service.find(session(), asked.criteria, asked.page, now=_now(), holder=site().index)
    onward = tokens.written(found.day, found.next_key, asked.search) if found.next_key is not None else None
    return _answer(asked, found, stop=_no_list(found.stop), onward=onward, by_get=by_get)


def _answer(
    asked: _Asked, found: Results | None, *, stop: Stop | None, onward: str | None = None, by_get: bool = False
) -> SearchAnswer:
    criteria, place = asked.criteria, asked.form.found
    if place is None:
        raise InvalidInput("The place is not known.", field="place")
    in_words = matches.Teller(criteria, told=asked.known, today=asked.today)
    return SearchAnswer(
        made_for=str(gettext("Pregnant: %(state)s", state=told.pregnancy_state(asked.known, today=asked.today))),
        limits=" ".join(str(gettext(each.text)) for each in (evidence.PAPERS_NOT_SKILL, evidence.NOT_CLEARANCE)),
        place=lookups.place(place),
        radius_km=round(criteria.radius_km, 3),
        day=asked.today if found is None else found.day,
        total=0 if found is None else found.total,
        weights=() if found is None else matches.weights(found.weights),
        stop=stop,
        matches=() if found is None else in_words.all(found.matches),
        newcomers=() if found is None else in_words.all(found.newcomers),
        relaxations=() if found is None else tuple(in_words.relaxation(each) for each in found.relaxations),
        without_pregnancy=None if found is None else found.without_pregnancy,
        facets=() if found is None else matches.facets(found.facets, asked.form),
        next_page=onward,
        links=_links(asked, onward, by_get=by_get),
    )


def _links(asked: _Asked, onward: str | None, *, by_get: bool) -> Links:
    here = url_for("api.search")
    if not by_get:
        # A search by POST has no address: what it asks stands in its body alone.
        return Links(self=words.address(here))
    values: dict[str, Sequence[str]] = {}
    for name, value in asked.search:
        values[name] = [*values.get(name, ()), value]

    def at(page: str | None) -> str:
        size = str(asked.page.size) if asked.page.size != PAGE_SIZE else None
        return words.address(url_for("api.search", **values, limit=size, page=page))  # type: ignore[arg-type]

    return Links(
        self=at(asked.token),
        page=words.address(url_for("search.results", **values)),  # type: ignore[arg-type]
        next=None if onward is None else at(onward),
    )


def _stopped(asked: _Asked, screened: Screened) -> SearchAnswer:
    """Whom to call, and nobody else."""
    here = emergency.help_in(asked.criteria.point.country)
    said = emergency.TALK if screened is Screened.TALK else emergency.STOPPED
    services = here.shown(pregnant=asked.known.expecting)
    return _answer(
        asked,
        None,
        stop=Stop(
            code=screened.value,
            said=str(gettext(said.text)),
            call=tuple(matches.call(each) for each in services),
        ),
    )


_SAID: Final = {
    NoList.JURISDICTION_CLOSED: evidence.CLOSED,
    NoList.JURISDICTION_HIDDEN: evidence.CLOSED,
    NoList.JURISDICTION_UNKNOWN: evidence.UNKNOWN_PLACE,
}


def _no_list(stop: NoList | None) -> Stop | None:
    if stop is None:
        return None
    return Stop(code=stop.value, said=str(gettext(_SAID[stop].text)) if stop in _SAID else "", call=())


def _now() -> datetime:
    return site().clock()


def _quarter(now: datetime) -> int:
    """The quarter of an hour: somewhere a day may begin with each of them, and with it another list."""
    return int(now.timestamp()) // _QUARTER
