"""Saying that all is still true: over the link in a letter, or signed in. The page names what is confirmed, and has one
button; that a letter's link is opened, by a person or a scanner, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.credentials import queries as credentials
from directory.credentials.rules import permits
from directory.geo.timezones import is_zone
from directory.http import headers, who
from directory.http.locale import day, gettext
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import rule_for
from directory.practitioners import still_true
from directory.practitioners.models import Practitioner
from directory.practitioners.rules import ATTESTATION_DAYS, WARN_DAYS
from directory.search import listings
from directory.search.listings import Listing
from directory.search.visible import Open
from directory.web.forms.still_true import TakingForm
from directory.web.practice.blueprint import pages
from directory.web.presenters import papers, profiles

ASK_DAYS: Final = WARN_DAYS - 15
"""From how many days on the own pages ask by themselves."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a practitioner's own pages say when it is time again."""

    said: str
    href: str
    urgent: bool
    """Whether searchers are told to ask already."""


def prompt(found: Sequence[Listing], *, today: date) -> Prompt | None:
    """That it is time to say that all is still true, for somebody with these places; ``None`` while it is not."""
    said = [each.person.attested_on for each in found]
    if not said:
        return None
    oldest = min(said, key=lambda on: on or date.min)
    age = ATTESTATION_DAYS + 1 if oldest is None else (today - oldest).days
    if age < ASK_DAYS:
        return None
    if age > ATTESTATION_DAYS:
        words = gettext("Nobody has confirmed for long that all is still true, so patients do not see you everywhere.")
    elif age >= WARN_DAYS:
        words = gettext("Patients are told that nobody has confirmed lately what stands here.")
    else:
        words = gettext("It is time to say whether all is still true.")
    return Prompt(str(words), url_for("practice.confirm"), age >= WARN_DAYS)


@pages.get("/still-true/<token>")
def still_true_link(token: str) -> ResponseReturnValue:
    """What is to be confirmed; or that it was, and when."""
    headers.personal()
    asked = still_true.read(token, now=site().clock())
    person = still_true.whose(session(), asked)
    answered = still_true.answered_at(session(), asked)
    if answered is not None:
        return render_template("practice/confirmed.html", person=person, answered=answered.date())
    found = _places(person)
    return _page(person, found, _forms(found), action=url_for("practice.send_still_true", token=token), linked=True)


@pages.post("/still-true/<token>")
def send_still_true(token: str) -> ResponseReturnValue:
    """Confirm. Sent again, nothing more happens."""
    headers.personal()
    now = site().clock()
    asked = still_true.read(token, now=now)
    person = still_true.whose(session(), asked)
    back = url_for("practice.still_true_link", token=token)
    if still_true.answered_at(session(), asked) is not None:
        return redirect(back, 303)
    return _confirm(person, back=back, action=request.path, linked=True, now=now)


@pages.get("/confirm")
def confirm() -> ResponseReturnValue:
    """The same for somebody who has signed in."""
    headers.personal()
    person = who.practitioner()
    if person.published_at is None:
        return redirect(url_for("registration.overview"), 303)
    found = _places(person)
    return _page(person, found, _forms(found), action=url_for("practice.send_confirm"), linked=False)


@pages.post("/confirm")
def send_confirm() -> ResponseReturnValue:
    """Confirm, and see where one is listed."""
    headers.personal()
    person = who.practitioner()
    if person.published_at is None:
        return redirect(url_for("registration.overview"), 303)
    return _confirm(person, back=url_for("practice.listed"), action=request.path, linked=False, now=site().clock())


def _confirm(person: Practitioner, *, back: str, action: str, linked: bool, now: datetime) -> ResponseReturnValue:
    found = _places(person)
    forms = _forms(found)
    wrong = [form for form in forms.values() if not form.validate()]
    if wrong:
        return _page(person, found, forms, action=action, linked=linked), 422
    still_true.confirm(session(), person.id, {key: form.answer for key, form in forms.items()}, now=now)
    return redirect(back, 303)


def _places(person: Practitioner) -> list[Listing]:
    return sorted(listings.read(session(), practitioner_ids=[person.id]), key=lambda each: each.place.id)


def _forms(found: Sequence[Listing]) -> dict[int, TakingForm]:
    return {each.place.id: TakingForm(prefix=f"place-{each.place.id}") for each in found}


def _page(
    person: Practitioner, found: Sequence[Listing], forms: Mapping[int, TakingForm], *, action: str, linked: bool
) -> str:
    rules = jurisdictions.all_rules(session())
    now = site().clock()
    shown = []
    for each in found:
        today = (now.astimezone(ZoneInfo(each.place.timezone)) if is_zone(each.place.timezone) else now).date()
        permit = permits(each.person, rule_for(each.place.jurisdiction, rules), place_id=each.place.id, today=today)
        shown.append(Open(each, permit, today))
    said = [each.person.attested_on for each in found]
    return render_template(
        "practice/still_true.html",
        person=person,
        places=_facts(person, shown, rules) if shown else (),
        forms=forms,
        dates=_dates(person),
        action=action,
        linked=linked,
        last=None if None in said or not said else min(each for each in said if each is not None),
    )


def _facts(person: Practitioner, shown: Sequence[Open], rules: Mapping[str, Any]) -> Sequence[Any]:
    return profiles.view(
        person,
        shown,
        on_file=(),
        covers=(),
        way=None,
        rules=rules,
    ).places


def _dates(person: Practitioner) -> list[tuple[str, str]]:
    """The papers with the dates that stand on the profile."""
    filed = credentials.papers_on_file(session(), person.id)
    found = [(papers.what(each.paper), papers.valid_to(each.paper)) for each in filed if each.paper.expires is not None]
    for cover in credentials.covers_on_file(session(), person.id)[:1]:
        end = gettext("valid to %(day)s", day=day(cover.expires))
        found.append((str(gettext("Indemnity insurance")), str(end)))
    return found
