"""Where one stands in the lists of patients near a place, and what would really change that.

No health fact of anybody is asked: the list of somebody who is not pregnant and that of somebody who is are both shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory.credentials.rules import nationally_certified
from directory.http import who
from directory.http.locale import distance, gettext, ngettext
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import PregnancyStatus
from directory.search import levers, service
from directory.search.criteria import Criteria, Part
from directory.search.levers import Raise
from directory.search.listings import Listing
from directory.search.results import ScorePart
from directory.search.stands import Absence, Lacking, Stand
from directory.web import addresses, filters, places
from directory.web.forms.search import SearchForm
from directory.web.practice import listed, words
from directory.web.practice.blueprint import pages
from directory.web.presenters import cards, labels
from directory.web.presenters.cards import Card

ANY_WEEK: Final = 20
"""The week asked about where somebody has named none they take on."""


@dataclass(frozen=True, slots=True)
class Above:
    """The average of those just above in one part, beside one's own."""

    label: str
    mine: float
    theirs: float


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would raise the sum."""

    what: str
    how: str
    part: str
    as_stated: float
    at_most: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stands in one list."""

    key: str
    heading: str
    said: str
    weights: str
    """What counts how much in it."""
    absent: str
    """Why one is not in it; empty when one is."""
    card: Card | None
    above: Sequence[Above]
    above_said: str
    steps: Sequence[Step]


@pages.get("/rank")
def rank() -> ResponseReturnValue:
    """The form, and for a place the two lists; 422 with the form when the place means nothing."""
    person = who.practitioner()
    asks: MultiDict[str, str] = MultiDict(
        (name, request.args[name]) for name in ("place", "radius", "preset") if name in request.args
    )
    asked = "place" in asks
    form = SearchForm(
        asks if asked else None,
        data=None if asked else {"place": _own_town(person)},
        resolve=places.find,
        known=lambda _: (),
    )
    found: list[Place] = []
    criteria = None
    if asked and form.validate():
        criteria = form.criteria(Patient())
        found = _places(person, criteria)
    return render_template(
        "practice/rank.html",
        person=person,
        form=form,
        criteria=criteria,
        places=found,
        radius_options=filters.radius_options(form),
        preset_options=[each for each in filters.preset_options(form) if each.value in labels.PRESETS],
        list_address=addresses.of(asks) if criteria is not None else "",
        suggested=lambda query: url_for("practice.rank", **{**asks.to_dict(), "place": query}),
    ), 422 if form.errors else 200


def _own_town(person: Practitioner) -> str:
    """The town of the first practice, to begin with."""
    places = people.whereabouts(session(), person.id)
    return ", ".join(part for part in (places[0].locality, places[0].admin1) if part) if places else ""


def _places(person: Practitioner, criteria: Criteria) -> list[Place]:
    now = site().clock()
    today = now.astimezone(ZoneInfo(criteria.point.timezone)).date()

    def questions(own: Sequence[Listing]) -> list[Criteria]:
        week = _week(own)
        return [criteria, replace(criteria, patient=Patient(pregnancy=PregnancyStatus.YES, weeks=Weeks(week, week)))]

    own, stands = service.stands(session(), person.id, questions, now=now, holder=site().index)
    headings = (
        gettext("For somebody who is not pregnant"),
        gettext("For somebody in week %(week)s of pregnancy", week=_week(own)),
    )
    return [
        _place(key, str(heading), asked, stand, own, person, today)
        for key, heading, asked, stand in zip(("not", "pregnant"), headings, questions(own), stands, strict=True)
    ]


def _week(own: Sequence[Listing]) -> int:
    """The middle of the weeks that somebody takes on: the list in which they may hope to be."""
    declared = own[0].declaration if own else None
    if declared is None or not declared.treats or declared.min_week is None or declared.max_week is None:
        return ANY_WEEK
    return (declared.min_week + declared.max_week) // 2


def _place(
    key: str,
    heading: str,
    criteria: Criteria,
    stand: Stand,
    own: Sequence[Listing],
    person: Practitioner,
    today: date,
) -> Place:
    match = stand.match
    said = (
        gettext("Number %(position)s of %(total)s", position=stand.position, total=stand.total)
        if match is not None
        else ngettext(
            "You are not in this list, in which there is %(num)s person.",
            "You are not in this list, in which there are %(num)s people.",
            stand.total,
        )
    )
    return Place(
        key=key,
        heading=heading,
        said=str(said),
        weights=filters.weights_said(criteria),
        absent=_absent(stand.absence, criteria, own, person) if stand.absence is not None else "",
        card=cards.card(match, criteria, today=today) if match is not None else None,
        above=[_above(mine, mean) for mine, mean in zip(match.score.parts, stand.means, strict=False)] if match else [],
        above_said=_above_said(stand),
        steps=_steps(stand, own, today),
    )


def _absent(absence: Absence, criteria: Criteria, own: Sequence[Listing], person: Practitioner) -> str:
    if absence.line is not None:
        why = listed.reason(absence.line, person)
        where = next(each.place.label for each in own if each.place.id == absence.line.place_id)
        return str(gettext("%(place)s: %(why)s", place=where, why=why))
    if absence.km is not None:
        far = distance(absence.km, criteria.point.country)
        radius = distance(criteria.radius_km, criteria.point.country)
        return str(
            gettext(
                "Your nearest practice is %(far)s away in a straight line, and this list reaches %(radius)s.",
                far=far,
                radius=radius,
            )
        )
    return str(_ABSENT[absence.lacking])


_ABSENT: Final[Mapping[Lacking, Any]] = {
    Lacking.NO_PLACE: _l("You have no place at which patients come to you."),
    Lacking.NOT_LISTED: _l("Your profile is not shown at the moment."),
    Lacking.LIST_CLOSED: _l("You said that you take no new patients."),
    Lacking.OTHER: _l("You are shown for other ways of meeting, and not for a visit at your practice."),
}


def _above(mine: ScorePart, mean: ScorePart) -> Above:
    return Above(labels.word(labels.PARTS, mine.part), mine.points, mean.points)


def _above_said(stand: Stand) -> str:
    if stand.match is None:
        return ""
    if stand.position == 1:
        return str(gettext("Nobody stands above you in this list."))
    if not stand.means:
        return str(
            ngettext(
                "%(num)s person stands above you: too few to tell an average without telling of somebody. You see them "
                "as patients do in the list itself.",
                "%(num)s people stand above you: too few to tell an average without telling of somebody. You see them "
                "as patients do in the list itself.",
                stand.above,
            )
        )
    return str(
        gettext(
            "What the %(number)s people just above you have on average, from what their pages show.", number=stand.above
        )
    )


def _steps(stand: Stand, own: Sequence[Listing], today: date) -> list[Step]:
    first = own[0] if own else None
    raised: Sequence[Raise] = levers.levers(
        levers.rls_items(first.experience if first else None),
        levers.pregnancy_items(first.declaration if first else None),
        certified=first is not None and nationally_certified(first.person, today=today),
        weights=stand.weights,
        day=today,
    )
    return [
        Step(
            what=str(words.LEVERS[each.lever][0]),
            how=str(words.LEVERS[each.lever][1]),
            part=labels.word(labels.PARTS, each.part),
            as_stated=each.as_stated,
            at_most=each.at_most,
        )
        for each in raised
        if each.part is not Part.PREGNANCY or stand.match is not None
    ]
