"""The words of a practitioner's own pages: reasons, dates, waiting work, and what they can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from directory.cases import Kind
from directory.credentials.rules import LEAST_MATERNITY_HOURS
from directory.credentials.terms import Refusal
from directory.credentials.upcoming import Event, Upcoming
from directory.search.levers import Lever
from directory.web import papers
from directory.web.locale import gettext, ngettext
from directory.web.locale import lazy_gettext as _l

REFUSALS: Final[Mapping[Refusal, Any]] = {
    Refusal.NOT_PUBLISHED: _l("Your profile is not published."),
    Refusal.HELD: _l("We are looking into something about this profile, so it is not shown meanwhile."),
    Refusal.HOLDER_NOT_PROVED: _l("It is not proved yet that you are the person whom the papers name."),
    Refusal.NOT_ATTESTED: _l("You have not confirmed within 120 days that everything is still true."),
    Refusal.NO_INDEMNITY: _l("We have seen no indemnity insurance that runs today."),
    Refusal.DRY_NEEDLING: _l("We list acupuncture and not dry needling."),
    Refusal.NO_RULE: _l("We know no rules for the place where you practise yet."),
    Refusal.CLOSED_JURISDICTION: _l("We list nobody yet where you practise."),
    Refusal.ORDERED_TO_STOP: _l("A register says that you may not practise at the moment."),
    Refusal.NO_LICENCE: _l("No current licence for the place where you practise was checked with its register."),
    Refusal.NO_MEMBERSHIP: _l("No current membership that counts where you practise was checked."),
    Refusal.NO_CERTIFICATION: _l("No current national certification was checked."),
    Refusal.NO_LOCAL_PAPERS: _l("A local paper that is asked for where you practise was not checked."),
    Refusal.PREGNANCY_NOT_TREATED: _l("You have not said that you treat during pregnancy."),
    Refusal.WEEK_OUTSIDE_WINDOW: _l("This week of pregnancy lies outside the weeks that you take on."),
    Refusal.DECLARATION_NOT_CURRENT: _l("Your pregnancy declaration was signed more than twelve months ago."),
    Refusal.TRAINING_NOT_CHECKED: _l("Maternity training of at least %(hours)s hours was not checked."),
    Refusal.NO_POINT_POLICY: _l("Your pregnancy declaration names no policy on points."),
    Refusal.NO_WRITTEN_CONSENT: _l("Your pregnancy declaration does not say that you ask for written consent."),
    Refusal.NO_EMERGENCY_POLICY: _l("Your pregnancy declaration names no policy for emergencies."),
    Refusal.NO_PREGNANCY_COVER: _l("No insurance that names pregnancy was checked."),
    Refusal.CONDITION_EXCLUDES_PREGNANCY: _l("A register's condition excludes pregnancy."),
}

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


def refusal(reason: Refusal) -> str:
    """The one reason, as a sentence."""
    said = str(REFUSALS[reason])
    return said % {"hours": LEAST_MATERNITY_HOURS} if reason is Refusal.TRAINING_NOT_CHECKED else said


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
