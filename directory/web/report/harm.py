"""I was harmed or felt unsafe: help first, then whoever can act on it, and then us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.terms import Action
from directory.cases.service import TooMany
from directory.complaints import service as complaints
from directory.complaints.terms import Field
from directory.guide import emergency, evidence, unsafe
from directory.guide.emergency import HelpNow
from directory.guide.numbers import Service
from directory.http.locale import current
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.web.forms.report import HarmForm
from directory.web.presenters import gone
from directory.web.presenters.gone import Register
from directory.web.report.blueprint import pages, too_many, too_often, whom

_PAGE = "report/harm.html"


@dataclass(frozen=True, slots=True)
class Country:
    """Whom to call in one country, and who looks into conduct there."""

    code: str | None
    name: str
    help: HelpNow
    to_talk: Service | None
    police: Service | None
    registers: tuple[Register, ...]


@pages.get("/harm")
def harm() -> ResponseReturnValue:
    """The page for whoever comes from anywhere: every country, and the form with room to say whom it is about."""
    return _page(None, HarmForm(), 200)


@pages.post("/harm")
def send_harm() -> ResponseReturnValue:
    """Take what somebody tells us about anybody."""
    return _take(None)


@pages.get("/<slug>/harm")
def harm_by(slug: str) -> ResponseReturnValue:
    """The same about one person, with the help and the bodies of the place where they work."""
    return _page(whom(slug), HarmForm(), 200)


@pages.post("/<slug>/harm")
def send_harm_by(slug: str) -> ResponseReturnValue:
    """Take what somebody tells us about one person."""
    return _take(whom(slug))


@pages.get("/harm/sent")
def harm_sent() -> str:
    """What happens next, and the numbers once more."""
    return render_template("report/harm_sent.html", hours=site().config.harm_look_hours, countries=_every_country({}))


def _take(person: Practitioner | None) -> ResponseReturnValue:
    form = HarmForm()
    if not form.validate():
        return _page(person, form, 422)
    refused = too_often(Action.REPORT_HARM, _PAGE, form, **_values(person))
    if refused is not None:
        return refused
    places = [] if person is None else people.whereabouts(session(), person.id)
    try:
        complaints.report(
            session(),
            Field.HARM,
            form.text.data,
            about=None if person is None else person.id,
            email=form.email.data,
            whom=form.whom.data,
            jurisdiction=next((each.jurisdiction for each in places if each.jurisdiction), None),
            language=str(current()),
            harm_hours=site().config.harm_look_hours,
            now=site().clock(),
        )
    except TooMany:
        too_many(form)
        return _page(person, form, 429)
    return redirect(url_for("report.harm_sent"), 303)


def _page(person: Practitioner | None, form: HarmForm, status: int) -> ResponseReturnValue:
    return render_template(_PAGE, form=form, **_values(person)), status


def _values(person: Practitioner | None) -> dict[str, object]:
    rules = jurisdictions.all_rules(session())
    if person is None:
        countries = _every_country(rules)
    else:
        places = people.whereabouts(session(), person.id)
        codes: list[str | None] = list(dict.fromkeys(each.country for each in places)) or [None]
        countries = [
            _country(code, gone.registers([each.jurisdiction for each in places if each.country == code], rules))
            for code in codes
        ]
    return {
        "person": person,
        "countries": countries,
        "hours": site().config.harm_look_hours,
        "unsafe": unsafe,
        "emergency": emergency,
        "evidence": evidence,
    }


def _every_country(rules: Mapping[str, Jurisdiction]) -> list[Country]:
    """Each country, the one of the language first, and last what holds anywhere else."""
    mine = current().territory
    return [
        *(
            _country(code, tuple(gone.register(rule, rules) for rule in rules.values() if rule.country == code))
            for code in sorted(emergency.COUNTRIES, key=lambda each: each != mine)
        ),
        _country(None, ()),
    ]


def _country(code: str | None, registers: tuple[Register, ...]) -> Country:
    name = "" if code is None else str(current().territories.get(code, code))
    return Country(code, name, emergency.help_in(code), unsafe.to_talk(code), unsafe.police(code), registers)
