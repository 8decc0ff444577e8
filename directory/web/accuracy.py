"""How true the directory is: a page for people, and the same numbers for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from directory.accuracy import queries
from directory.accuracy.queries import Report
from directory.accuracy.rules import CALLS_COUNT_FOR, FEW, RECENT_DAYS, Measured, share
from directory.consultations.outcomes import queries as outcomes
from directory.consultations.outcomes.queries import Tally
from directory.consultations.outcomes.rules import KEPT
from directory.consultations.outcomes.terms import Contact
from directory.http.locale import gettext, number, percent
from directory.http.site import session, site
from directory.jurisdictions.names import name_of

pages = Blueprint("accuracy", __name__, url_prefix="/accuracy")

SCHEMA: Final = "stillpoint-accuracy-1"

DEFINITIONS: Final[Mapping[str, str]] = {
    "listed": "people whom a patient can find today, after every check of licence, insurance and confirmation",
    "licence_checked_share": f"of them, whose licence was read at its source within {RECENT_DAYS} days",
    "licence_check_median_age_days": "days since the licences were last read at their source, in the middle",
    "confirmed_share": f"of them, who said within {RECENT_DAYS} days that their entry is still true",
    "rls_caseload_checked_share": "of those who say that they have seen people with restless legs syndrome, how many"
    " showed it by a signed statement or a colleague",
    "pregnancy_training_checked_share": "of those who say that they see pregnant patients, whose training was checked",
    "calls": f"calls to printed numbers, drawn by lot, in the last {CALLS_COUNT_FOR.days} days",
    "reached_share": "of those calls, how many reached the practice",
}
"""What each number means; a share is ``null`` where it would speak of fewer than ``FEW`` people or calls."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    name: str
    listed: str
    checked: str
    age: str
    confirmed: str
    reached: str


@pages.get("")
def index() -> ResponseReturnValue:
    """The newest measurement."""
    report = queries.newest(session())
    said = outcomes.tally(session(), now=site().clock())
    return render_template(
        "accuracy/index.html",
        report=report,
        few=FEW,
        days=RECENT_DAYS,
        everywhere=None if report is None else _told(report.everywhere),
        lines=[] if report is None else [_line(each) for each in report.jurisdictions],
        percent=_percent,
        patients=_patients(said),
    )


@pages.get("/figures.json")
def machine() -> ResponseReturnValue:
    """The same for machines. Before anything was measured, ``measured_on`` is null."""
    return jsonify(schema=SCHEMA, **figures())


def figures() -> dict[str, object]:
    """The newest measurement as plain values, with what each number means."""
    report = queries.newest(session())
    return {
        "measured_on": None if report is None else report.day.isoformat(),
        "fewest_told": FEW,
        "definitions": DEFINITIONS,
        "patients": _patients(outcomes.tally(session(), now=site().clock())),
        "everywhere": None if report is None else _told(report.everywhere),
        "jurisdictions": [] if report is None else _by_jurisdiction(report),
    }


def _patients(tally: Tally) -> dict[str, float | int | str | None]:
    """What patients told us after a request of theirs, apart from our own calls."""
    shares = {f"{each.value}_share": _rounded(share(tally.by_contact[each], tally.said)) for each in Contact}
    meaning = f"whether patients reached somebody after a request, in their own words of the last {KEPT.days} days"
    return {"meaning": meaning, "told": tally.said, **shares}


def _by_jurisdiction(report: Report) -> list[dict[str, object]]:
    return [{"jurisdiction": each.jurisdiction, **_told(each)} for each in report.jurisdictions]


def _told(one: Measured) -> dict[str, float | int | None]:
    enough = one.median_age is not None and one.listed >= FEW
    return {
        "listed": one.listed,
        "licence_checked_share": _rounded(share(one.checked_recently, one.listed)),
        "licence_check_median_age_days": one.median_age if enough else None,
        "confirmed_share": _rounded(share(one.attested_recently, one.listed)),
        "rls_caseload_checked_share": _rounded(share(one.rls_checked, one.say_rls)),
        "pregnancy_training_checked_share": _rounded(share(one.pregnancy_checked, one.say_pregnancy)),
        "calls": one.called,
        "reached_share": _rounded(share(one.reached, one.called)),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _line(one: Measured) -> Line:
    told = _told(one)
    age = told["licence_check_median_age_days"]
    return Line(
        name=name_of(one.jurisdiction),
        listed=number(one.listed),
        checked=_percent(told["licence_checked_share"]),
        age="–" if age is None else number(round(age)),
        confirmed=_percent(told["confirmed_share"]),
        reached=_percent(told["reached_share"]),
    )


def _percent(value: float | None) -> str:
    return str(gettext("too few to tell")) if value is None else percent(value)
