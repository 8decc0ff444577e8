"""The words of a practitioner's own pages: reasons, dates, waiting work, and what they can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from directory.cases.terms import Kind
from directory.credentials.keeping.upcoming import Event, Upcoming
from directory.http.locale import gettext, ngettext
from directory.http.locale import lazy_gettext as _l
from directory.search.levers import Lever
from directory.web.presenters import papers

CASES: Final[Mapping[Kind, Any]] = {
    Kind.PROFILE_CLAIM: _l("Whose profile this is"),
    Kind.CONTROL: _l("That you are the person whom the papers name"),
    Kind.LICENCE: _l("A licence, registration or membership"),
    Kind.CERTIFICATION: _l("A national certification"),
    Kind.EDUCATION: _l("Your education"),
    Kind.INDEMNITY: _l("Your indemnity insurance"),
    Kind.TRAINING: _l("A training"),
    Kind.RLS_CASELOAD: _l("What you say about RLS"),
    Kind.PREGNANCY_DECLARATION: _l("Your pregnancy declaration"),
    Kind.PHOTO: _l("Your photo"),
    Kind.SENSITIVE_EDIT: _l("A change of your profile"),
    Kind.PLAUSIBILITY: _l("A number that we would like to understand"),
    Kind.FEEDBACK: _l("Your answer to words about your service"),
    Kind.HOLD_REVIEW: _l("Why your profile is hidden, by a second person"),
    Kind.APPEAL: _l("A decision about your profile, by another person"),
}
"""What our staff look at."""

EVENTS: Final[Mapping[Event, Any]] = {
    Event.SEARCHERS_WARNED: _l("Searchers are told that your profile was not confirmed lately"),
    Event.HIDDEN: _l("Last day on the list without a new confirmation"),
    Event.COVER_ENDS: _l("Your indemnity insurance ends"),
    Event.DECLARATION_ENDS: _l("Your pregnancy declaration stops counting"),
}

LEVERS: Final[Mapping[Lever, tuple[Any, Any]]] = {
    Lever.ATTEST: (
        _l("Confirm again what you say about RLS"),
        _l("What was last confirmed more than a year ago counts less and less."),
    ),
    Lever.CASELOAD: (
        _l("Have the number of people with RLS you have seen confirmed"),
        _l("By a colleague, a clinic or a supervisor; never by anything that names a patient. It counts up to 40."),
    ),
    Lever.YEARS: (
        _l("Have your years with RLS confirmed"),
        _l("The same person can confirm both. They count up to eight."),
    ),
    Lever.TRAINING: (
        _l("Show us hours of training about RLS or sleep"),
        _l("A certificate is enough. They count up to 30 hours, newer ones more."),
    ),
    Lever.OUTCOMES: (
        _l("Follow results with a recognised scale"),
        _l("Used with every patient, and reported together where you can."),
    ),
    Lever.LIAISON: (
        _l("Write to your patients' doctors, and have one of them confirm it"),
        _l("A short letter from a practice or a sleep clinic that knows your letters is enough."),
    ),
    Lever.PUBLICATIONS: (
        _l("Publish or teach about RLS"),
        _l("They count up to four."),
    ),
    Lever.PREGNANCY_TRAINING: (
        _l("Show us more maternity training"),
        _l("It counts up to 40 hours."),
    ),
    Lever.PREGNANCY_CASELOAD: (
        _l("See more people who are pregnant"),
        _l("Say so in your next declaration. They count up to 50 in 24 months."),
    ),
    Lever.PREGNANCY_LIAISON: (
        _l("Write to midwives and obstetric teams, and have one of them confirm it"),
        _l("The same sort of letter as for doctors."),
    ),
    Lever.CERTIFICATION: (
        _l("Have a national certification checked"),
        _l("One of NCBAHM, or of ABMA for physicians, that is active."),
    ),
}
"""What to do, and what counts as having done it."""


def case(kind: Kind) -> str:
    """What our staff look at."""
    return str(CASES[kind])


def event(what: Upcoming) -> str:
    """What happens on that day."""
    if what.paper is not None:
        return str(gettext("Runs out: %(paper)s", paper=papers.what(what.paper)))
    return str(EVENTS[what.event])


def how_soon(on: date, *, today: date) -> str:
    """How far away a day is, in words."""
    days = (on - today).days
    if days == 0:
        return str(gettext("today"))
    if days < 0:
        return str(ngettext("%(num)s day ago", "%(num)s days ago", -days))
    return str(ngettext("in %(num)s day", "in %(num)s days", days))
