"""What the pages of a request share: who asks, whom, and what stands in the way before anything is asked at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from directory.consultations import queries as consultations
from directory.consultations import rules
from directory.consultations.queries import Availability
from directory.http import headers
from directory.http.site import session, site
from directory.screening.terms import PregnancyStatus
from directory.search.chosen import Chosen, chosen
from directory.search.criteria import Criteria
from directory.web import addresses, facts, lists, picks, places
from directory.web.facts import Facts
from directory.web.forms.search import SearchForm

pages = Blueprint("match", __name__, url_prefix="/match")

WHO: Final = "who"
"""The parameter that names somebody; as often as there are people."""
BEEN: Final = "been"
"""The parameter that names somebody who was asked before and is not offered again."""


@pages.before_request
def _personal() -> None:
    headers.personal()


@pages.after_request
def _keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and where they are; ``criteria`` is ``None`` where the address names no place that is known."""

    asks: MultiDict[str, str]
    form: SearchForm
    known: Facts
    criteria: Criteria | None
    today: date

    @property
    def must_answer(self) -> bool:
        """Whether the pregnancy question is open: then nothing is sent."""
        return self.known.pregnancy is PregnancyStatus.NOT_ANSWERED or self.known.asks_again(self.today)

    @property
    def zone(self) -> ZoneInfo:
        """By whose clock the patient's times are meant."""
        return ZoneInfo(self.criteria.point.timezone if self.criteria else "UTC")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who could be asked."""

    chosen: Chosen
    available: Availability | None

    @property
    def open(self) -> bool:
        """Whether a request may be sent to them now."""
        return self.chosen.fits and self.available is not None and self.available.open


def asking() -> Asking:
    """Who asks with this request."""
    asks, known = addresses.asked(request.args), facts.read()
    form = SearchForm(asks, resolve=places.find, known=lists.known)
    valid = bool(asks.get("place")) and form.validate()
    now: datetime = site().clock()
    today = now.astimezone(ZoneInfo(form.found.timezone)).date() if form.found else now.date()
    criteria = form.criteria(known.patient(today=today)) if valid and form.found else None
    return Asking(asks, form, known, criteria, today)


def named() -> tuple[str, ...]:
    """Whom the address names, each once; one more than may be asked, so that too many are noticed."""
    slugs = dict.fromkeys(request.args.getlist(WHO))
    return tuple(slug for slug in slugs if picks.readable(slug))[: rules.MOST_PEOPLE + 1]


def been() -> tuple[str, ...]:
    """Who was asked before, as the address says."""
    slugs = dict.fromkeys(request.args.getlist(BEEN))
    return tuple(slug for slug in slugs if picks.readable(slug))[: rules.MOST_PEOPLE]


def people(slugs: Sequence[str], who: Asking) -> tuple[Person, ...]:
    """These people as this patient may ask them; five statements."""
    now = site().clock()
    table = site().index.current(session(), now=now).rules
    found = chosen(session(), slugs, who.known.patient(today=who.today), who.criteria, table, now=now)
    available = availability(found)
    return tuple(Person(each, available.get(each.match.practitioner_id if each.match else 0)) for each in found)


def availability(found: Sequence[Chosen]) -> Mapping[int, Availability]:
    """Who of these takes a request now."""
    ids = [each.match.practitioner_id for each in found if each.match]
    return consultations.open_to_requests(session(), ids, now=site().clock())


def address(endpoint: str, who: Asking, slugs: Sequence[str] = ()) -> str:
    """A page of this flow with the same place and wishes, and these people."""
    base = addresses.of(who.asks, endpoint=endpoint)
    before = been() if endpoint.startswith("match.") else ()
    whom = "&".join([*(f"{BEEN}={slug}" for slug in before), *(f"{WHO}={slug}" for slug in slugs)])
    return base if not whom else f"{base}{'&' if '?' in base else '?'}{whom}"
