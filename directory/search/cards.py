"""From a listing to the frozen card that a page, the API and the map show."""

from __future__ import annotations

from datetime import date

from directory.credentials.models import PregnancyDeclaration, RlsExperience
from directory.credentials.rules import Permit, admits_pregnancy, nationally_certified
from directory.credentials.terms import Mode
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.rules import accepting_now
from directory.screening.rules import Weeks
from directory.search.criteria import PageKey
from directory.search.listings import Listing, absence
from directory.search.results import Match, PregnancyFacts, RlsFacts, Score


def card(
    listing: Listing,
    *,
    permit: Permit,
    rule: Jurisdiction,
    mode: Mode,
    today: date,
    there: date,
    km: float,
    wishes_met: tuple[str, ...],
    wishes_unmet: tuple[str, ...],
    protocols_met: tuple[str, ...],
    score: Score,
    key: PageKey,
) -> Match:
    """Everything a result says about one practitioner at one place today: ``today`` is the day where they meet the
    patient, ``there`` that at the practice."""
    place, practitioner = listing.place, listing.practitioner
    away = absence(place)
    return Match(
        practitioner_id=practitioner.id,
        slug=practitioner.slug,
        name=practitioner.display_name,
        profession=practitioner.profession,
        gender=practitioner.gender,
        fictional=practitioner.fictional,
        place_id=place.id,
        place_label=place.label,
        locality=place.locality,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        point_precision=place.point_precision,
        title=place.title,
        jurisdiction=rule.code,
        telephone=place.telephone,
        mode=mode,
        distance_km=km,
        accepting=accepting_now(place.accepting, place.accepting_confirmed_on, today=today),
        accepting_confirmed_on=place.accepting_confirmed_on,
        away_until=away.last if away is not None and away.covers(there) else None,
        said_true_on=listing.person.attested_on,
        price_currency=place.price_currency,
        price_first_talk=place.price_first_talk,
        price_first_visit=place.price_first_visit,
        price_follow_up=place.price_follow_up,
        remote_consultation=place.remote_consultation,
        home_visit_radius_km=place.home_visit_radius_km,
        step_free=place.step_free,
        availability=listing.availability,
        languages=listing.languages,
        techniques=listing.techniques,
        payers=tuple(name for _, name in listing.payers),
        min_patient_age=practitioner.min_patient_age,
        rls=rls_facts(listing.experience),
        pregnancy=pregnancy_facts(listing, rule, today),
        nationally_certified=nationally_certified(listing.person, today=today),
        permit=permit,
        wishes_met=wishes_met,
        wishes_unmet=wishes_unmet,
        protocols_met=protocols_met,
        score=score,
        key=key,
    )


def rls_facts(declared: RlsExperience | None) -> RlsFacts | None:
    """What was declared about RLS, as a plain value."""
    if declared is None:
        return None
    return RlsFacts(
        patients_24m=declared.patients_24m,
        patients_verification=declared.patients_verification,
        years=declared.years,
        training_hours=declared.training_hours,
        training_on=declared.training_on,
        training_verification=declared.training_verification,
        outcomes=declared.outcomes,
        outcomes_verification=declared.outcomes_verification,
        liaison=declared.liaison,
        publications=declared.publications,
        attested_on=declared.attested_on,
    )


def pregnancy_facts(listing: Listing, rule: Jurisdiction, today: date) -> PregnancyFacts | None:
    """Only a declaration that passes the gate for the weeks it names is spoken of."""
    declared: PregnancyDeclaration | None = listing.declaration
    if declared is None or declared.min_week is None or declared.max_week is None or declared.signed_on is None:
        return None
    weeks = Weeks(declared.min_week, declared.max_week)
    if admits_pregnancy(listing.person, rule, weeks=weeks, today=today):
        return None
    return PregnancyFacts(
        min_week=declared.min_week,
        max_week=declared.max_week,
        training_hours=declared.training_hours,
        training_verification=declared.training_verification,
        patients_24m=declared.patients_24m,
        liaison=declared.liaison,
        signed_on=declared.signed_on,
    )
