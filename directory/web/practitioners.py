"""The public page of one practitioner, shown while the rules allow it at one of their places and not a day longer, and
the way to it by name."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from directory.credentials import queries as credentials
from directory.credentials.rules import admits_pregnancy
from directory.errors import NotFound
from directory.guide import emergency, evidence
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.search import listings
from directory.search.by_name import find_by_name
from directory.search.visible import Open, open_places
from directory.web import facts, gone, named, profiles
from directory.web.forms.practitioners import NameForm
from directory.web.locale import gettext
from directory.web.site import session, site

pages = Blueprint("practitioners", __name__, url_prefix="/practitioners")


@pages.get("")
def find() -> ResponseReturnValue:
    """Who bears a name, among those who may be shown today; 422 with what was typed when it is no name."""
    asked = "name" in request.args
    form = NameForm(request.args if asked else None)
    found = None
    if asked and form.validate():
        found = find_by_name(session(), form.name.data, now=site().clock(), holder=site().names)
    page = render_template(
        "practitioners/find.html",
        form=form,
        asked=asked,
        found=found,
        heading_of_named=named.heading(found) if found is not None else "",
        named=named.lines(found.named) if found is not None else [],
        close=named.lines(found.close) if found is not None else [],
        evidence=evidence,
    )
    return page, 422 if form.errors else 200


@pages.get("/<slug>")
def profile(slug: str) -> ResponseReturnValue:
    """Everything a patient may know about somebody: 404 when never published, 410 when not allowed to show now."""
    practitioner = people.by_slug(session(), slug)
    if practitioner.published_at is None:
        raise NotFound(gettext("There is no practitioner at this address."))
    rules = jurisdictions.all_rules(session())
    shown = open_places(listings.read(session(), practitioner_ids=[practitioner.id]), rules, now=site().clock())
    if not shown:
        return _gone(practitioner, rules)
    place_ids = [each.listing.place.id for each in shown]
    return render_template(
        "practitioners/profile.html",
        person=practitioner,
        view=profiles.view(
            practitioner,
            shown,
            on_file=credentials.papers_on_file(session(), practitioner.id),
            covers=credentials.covers_on_file(session(), practitioner.id),
            hours=people.hours_of(session(), place_ids),
            payers=people.payers_of(session(), place_ids),
            rules=rules,
            today=site().clock().date(),
        ),
        told_pregnant=_told_pregnant(shown, rules),
        evidence=evidence,
        emergency=emergency,
        help=emergency.help_in(shown[0].listing.place.country),
    )


def _gone(practitioner: Practitioner, rules: Mapping[str, Jurisdiction]) -> ResponseReturnValue:
    """Who was shown once and is not now. The page names nobody, whoever the address does."""
    places = people.whereabouts(session(), practitioner.id)
    return render_template("practitioners/gone.html", view=gone.view(places, rules), evidence=evidence), 410


def _told_pregnant(shown: list[Open], rules: Mapping[str, Jurisdiction]) -> str | None:
    """A warning for a visitor who told us of a pregnancy that this person does not, or may not, take on."""
    told = facts.read()
    for each in shown:
        patient = told.patient(today=each.today)
        rule = rule_for(each.listing.place.jurisdiction, rules)
        if patient.gestation is None or rule is None:
            return None
        if not admits_pregnancy(each.listing.person, rule, weeks=patient.gestation, today=each.today):
            return None
    return str(
        gettext(
            "You told us that you are or may be pregnant. This person is not in your list, because not everything we "
            "ask for in pregnancy is in place for these weeks."
        )
    )
