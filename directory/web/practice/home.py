"""Where things stand, at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.cases.terms import Kind
from directory.consultations import queries as requests
from directory.credentials.edits import queries as edits
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.keeping.upcoming import upcoming
from directory.credentials.keeping.waiting import Waiting, waiting
from directory.credentials.registration import queries as registrations
from directory.credentials.rules import Paper
from directory.http import who
from directory.http.locale import day, gettext
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction
from directory.mail import suppression
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus
from directory.privacy import queries as privacy
from directory.privacy.models import Departure
from directory.search import listings
from directory.search import standing as table
from directory.search.listings import Listing
from directory.search.visible import Open, open_places
from directory.web.practice import listed, still_true, words
from directory.web.practice.blueprint import pages
from directory.web.practice.still_true import Prompt
from directory.web.presenters import papers
from directory.web.registration import wishes

SOON_DAYS: Final = 30
"""From how many days before a date it is marked."""


class Standing(StrEnum):
    """What is said first."""

    LEAVING = "leaving"
    UNFINISHED = "unfinished"
    SENT_IN = "sent_in"
    LISTED = "listed"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Date:
    """One line of the calendar."""

    on: date
    said: str
    how_soon: str
    tone: str
    """"past", "soon" or "later"."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits, and on whom."""

    said: str
    more: str
    asked: bool = False
    """Whether it waits for an answer of theirs."""
    code: bool = False
    """Whether the code of a letter on paper may answer it."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Why nobody sees them, and where that is mended; the last two are empty where they can do nothing."""

    said: str
    mend: str
    mend_href: str


@dataclass(frozen=True, slots=True)
class Home:
    """Everything the page shows."""

    standing: Standing
    hidden: Hidden | None
    places: Sequence[str]
    """Where they are listed today."""
    unreachable: bool
    """Letters to their address came back, so nothing is sent there any more."""
    prompt: Prompt | None
    """That it is time to say that all is still true."""
    requests: int
    """How many requests wait for their answer."""
    departure: Departure | None
    dates: Sequence[Date]
    waits: Sequence[Wait]


@pages.get("")
def home() -> ResponseReturnValue:
    """The page that a practitioner comes back to. Who has not begun to register begins there."""
    person = people.of_account(session(), who.account().id)
    if person is None:
        return redirect(url_for("registration.overview"), 303)
    return render_template("practice/home.html", person=person, view=_view(person))


def _view(person: Practitioner) -> Home:
    now = site().clock()
    published = person.account_status is AccountStatus.PUBLISHED
    own = tuple(listings.read(session(), practitioner_ids=[person.id]))
    rules = jurisdictions.all_rules(session()) if person.published_at is not None else {}
    departure = None if published else privacy.departure(session(), person.id)
    handed_in = person.published_at is None and _handed_in(person)
    changes = edits.waiting(session(), person.id) if person.published_at is not None else {}
    shown = open_places(own, rules, now=now)
    cases = waiting(session(), person.id)
    standing = _standing(person, departure, shown, handed_in=handed_in)
    return Home(
        standing=standing,
        hidden=_hidden(own, rules, person, now) if standing is Standing.HIDDEN else None,
        places=[each.listing.place.label for each in shown],
        unreachable=suppression.of(session(), who.account().email) is not None,
        prompt=still_true.prompt(own, today=now.date()) if published else None,
        requests=requests.waiting_for(session(), person.id),
        departure=departure,
        dates=_dates(own, now.date()),
        waits=[*_wishes(changes.values()), *_cases(cases), *_papers(own, cases)],
    )


def _handed_in(person: Practitioner) -> bool:
    found = registrations.registration(session(), person.id)
    return found is not None and found.submitted_at is not None


def _standing(person: Practitioner, departure: Departure | None, shown: Sequence[Open], *, handed_in: bool) -> Standing:
    if departure is not None:
        return Standing.LEAVING
    if shown:
        return Standing.LISTED
    if person.published_at is not None:
        return Standing.HIDDEN
    return Standing.SENT_IN if handed_in else Standing.UNFINISHED


def _wishes(waiting_edits: Iterable[ProposedEdit]) -> Iterator[Wait]:
    for each in waiting_edits:
        wish = wishes.shown(each)
        changed = ", ".join(change.label for change in wish.changes)
        yield Wait(f"{wish.about}: {changed}" if changed else wish.about, wish.why)


def _cases(open_cases: Iterable[Waiting]) -> Iterator[Wait]:
    """What our staff have in hand; a proposed change has told of itself above."""
    for each in open_cases:
        if each.kind is not Kind.SENSITIVE_EDIT:
            said = words.case(each.kind) if each.paper is None else _named(each.paper)
            if each.asked:
                yield Wait(said, str(gettext("We have asked you something, and it waits for your answer.")), asked=True)
                continue
            more = str(gettext("With our staff, who look at it by %(day)s.", day=day(each.due.date())))
            yield Wait(said, more, code=each.kind is Kind.CONTROL)


def _papers(own: Sequence[Listing], open_cases: Iterable[Waiting]) -> Iterator[Wait]:
    """What nobody has looked at and nobody has in hand: it opens no gate and counts for nothing until then."""
    in_hand = {_named(each.paper) for each in open_cases if each.paper is not None}
    unchecked = {_named(paper) for each in own for paper in each.person.papers if paper.verified_on is None}
    for said in sorted(unchecked - in_hand):
        yield Wait(said, str(gettext("Not checked. Until it is, patients see it as your own word.")))


def _named(paper: Paper) -> str:
    return " ".join(part for part in (papers.what(paper), paper.number or "") if part)


def _hidden(own: Sequence[Listing], rules: Mapping[str, Jurisdiction], person: Practitioner, now: datetime) -> Hidden:
    """The reason of the first line of the table of listings that is refused."""
    line = next((each for each in table.lines(own, rules, now=now) if each.refusal is not None), None)
    if line is None or line.refusal is None:
        return Hidden(str(gettext("You have no place of work at the moment.")), "", "")
    where = next(each.place.label for each in own if each.place.id == line.place_id)
    said = gettext("%(place)s: %(why)s", place=where, why=listed.reason(line, person))
    return Hidden(str(said), *listed.mend(line.refusal, person))


def _dates(own: Sequence[Listing], today: date) -> list[Date]:
    found = upcoming((each.person for each in own), today=today)
    return [
        Date(each.on, words.event(each), words.how_soon(each.on, today=today), _tone(each.on, today)) for each in found
    ]


def _tone(on: date, today: date) -> str:
    if on < today:
        return "past"
    return "soon" if (on - today).days <= SOON_DAYS else "later"
