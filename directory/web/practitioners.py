"""The public page of one practitioner: shown while the rules allow it at one of their places, and not a day longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from directory.credentials import queries as credentials
from directory.credentials.rules import Permit, admits_pregnancy, permits
from directory.credentials.terms import Mode
from directory.errors import Gone, NotFound
from directory.guide import emergency, evidence
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.search import listings
from directory.search.listings import Listing
from directory.web import facts, profiles
from directory.web.profiles import Open
from directory.web.site import session, site

pages = Blueprint("practitioners", __name__, url_prefix="/practitioners")


@pages.get("/<slug>")
def profile(slug: str) -> ResponseReturnValue:
    """Everything a patient may know about somebody: 404 when never published, 410 when not allowed to show now."""
    practitioner = people.by_slug(session(), slug)
    if practitioner.published_at is None:
        raise NotFound(gettext("There is no practitioner at this address."))
    rules = jurisdictions.all_rules(session())
    shown = _open_places(session(), practitioner, rules)
    if not shown:
        raise Gone(
            gettext(
                "This person was listed here and is not at the moment. That may have an ordinary reason, such as a "
                "renewal that has not reached us yet. The public register says whether somebody may practise today."
            )
        )
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


def _open_places(session: Session, practitioner: Practitioner, rules: Mapping[str, Jurisdiction]) -> list[Open]:
    """The places at which the rules allow this person to be shown today, by the clock of each."""
    found = []
    for listing in sorted(listings.read(session, practitioner_ids=[practitioner.id]), key=lambda each: each.place.id):
        today = site().clock().astimezone(ZoneInfo(listing.place.timezone)).date()
        permit = _permit(listing, rules, today)
        if permit is not None and permit.allowed:
            found.append(Open(listing, permit, today))
    return found


def _permit(listing: Listing, rules: Mapping[str, Jurisdiction], today: date) -> Permit | None:
    """What allows this place to be shown: the practice itself, or else where somebody comes or talks to."""
    place, person = listing.place, listing.person
    if place.in_person:
        return permits(person, rules.get(place.jurisdiction), place_id=place.id, today=today)
    reached = [(Mode.HOME_VISIT, place.jurisdiction)] if place.home_visit_radius_km > 0 else []
    if place.remote_consultation:
        reached += [(Mode.REMOTE, code) for code in sorted(listing.remote_jurisdictions)]
    answers = [permits(person, rules.get(code), place_id=None, mode=mode, today=today) for mode, code in reached]
    return next((answer for answer in answers if answer.allowed), None)


def _told_pregnant(shown: list[Open], rules: Mapping[str, Jurisdiction]) -> str | None:
    """A warning for a visitor who told us of a pregnancy that this person does not, or may not, take on."""
    told = facts.read()
    for each in shown:
        patient = told.patient(today=each.today)
        rule = rules.get(each.listing.place.jurisdiction)
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
