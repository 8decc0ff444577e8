"""Location, Organization and HealthcareService: where it is, the practice, and what is offered there."""

from __future__ import annotations

from directory.api.fhir import terminology as codes
from directory.api.fhir.elements import Element, coding, concept, extension, line, made, reference
from directory.api.fhir.entries import Entry
from directory.api.fhir.resources import parts, people, words
from directory.practitioners.models import PracticePlace
from directory.practitioners.terms import SpokenBy
from directory.search.visible import Open

NOBODY_IS_SEEN_HERE = "Base for home visits or remote consultations; patients are not seen here"


def location(entry: Entry, shown: Open, base: str) -> Element:
    """The place. A hidden home is an area with its middle, and has no street."""
    place = shown.listing.place
    return parts.resource(
        "Location",
        place.id,
        entry,
        profiles=[
            codes.plan_net_profile("Location"),
            codes.mcsd_profile("Location"),
            codes.mcsd_profile("LocationDistance"),
        ],
        says=[
            name(place),
            words.address(place),
            *words.about_the_point(place),
            *words.access(place),
            parts.accepting_said(shown),
        ],
        body=made(
            extension=[parts.verification(parts.STATED), *parts.new_patients(shown), *_accessibility(place)],
            status="active",
            name=name(place),
            description=line(" ".join([*words.about_the_point(place), *(f"{each}." for each in words.access(place))])),
            type=[_type(place)],
            telecom=parts.reach(place, entry, base),
            address=parts.address(place),
            physicalType=_form(place),
            position=parts.position(place),
            managingOrganization=reference("Organization", place.id, place.label),
            hoursOfOperation=parts.hours(shown.listing.hours, "openingTime", "closingTime"),
            availabilityExceptions=parts.away_said(place),
        ),
    )


def organization(entry: Entry, shown: Open, base: str) -> Element:
    """The practice under whose name somebody works at a place."""
    place = shown.listing.place
    return parts.resource(
        "Organization",
        place.id,
        entry,
        profiles=[codes.plan_net_profile("Organization"), codes.mcsd_profile("Organization")],
        says=[name(place), words.address(place)],
        body=made(
            extension=[parts.verification(parts.STATED)],
            active=True,
            type=[concept(coding(codes.ORGANIZATION_CODES, "prvgrp", "Provider Group"), says="Practice")],
            name=name(place),
            telecom=parts.reach(place, entry, base),
            address=[{"extension": [parts.geolocation(place)], **parts.address(place)}],
        ),
    )


def service(entry: Entry, shown: Open, base: str) -> Element:
    """What is offered at a place, by whom and for whom: what was checked, and what is their own word, said as such."""
    listing, place = shown.listing, shown.listing.place
    facts = _facts(entry, shown)
    details = [*words.prices(place), *words.payers(listing), *words.way(entry.way)]
    own_words = line(entry.practitioner.words)
    return parts.resource(
        "HealthcareService",
        place.id,
        entry,
        profiles=[codes.plan_net_profile("HealthcareService"), codes.mcsd_profile("HealthcareService")],
        says=[
            f"Acupuncture at {name(place)}, by {people.display(entry)}",
            *words.meeting(place),
            parts.accepting_said(shown),
            *facts,
            *words.languages(listing),
            *details,
            words.PAPERS_NOT_SKILL,
        ],
        body=made(
            extension=[parts.verification(parts.STATED), *parts.new_patients(shown), *_delivery(place)],
            active=True,
            providedBy=reference("Organization", place.id, place.label),
            category=[concept(coding(codes.CATEGORY_CODES, "prov", "Medical Provider"))],
            type=[concept(coding(codes.SERVICE_TYPE, codes.SERVICE_IS_ACUPUNCTURE, "Acupuncture"))],
            specialty=people.specialty(entry),
            location=[reference("Location", place.id, place.label)],
            name=f"Acupuncture at {name(place)}",
            comment=f"Their own words: {own_words}" if own_words else None,
            extraDetails="\n\n".join(line(each) or "" for each in details),
            telecom=parts.reach(place, entry, base),
            eligibility=[{"code": {"text": parts.youngest(shown)}}],
            characteristic=[concept(says=each) for each in facts],
            communication=parts.languages_of(listing.languages),
            appointmentRequired=True if place.appointment_only else None,
            availableTime=parts.hours(listing.hours, "availableStartTime", "availableEndTime"),
            notAvailable=parts.away(place),
        ),
    )


def name(place: PracticePlace) -> str:
    """What the place is called; its town where no letter of that can be said here."""
    return line(place.label) or line(place.locality) or place.country


def _facts(entry: Entry, shown: Open) -> list[str]:
    """What may decide for a patient: experience with RLS, pregnancy, ways of working, languages of others there."""
    facts = list(words.rls(shown.listing.experience))
    expecting = words.pregnancy(shown, entry.rules)
    if expecting:
        facts.append(expecting)
    facts += (words.TECHNIQUES[each] for each in words.TECHNIQUES if each in shown.listing.techniques)
    others = [each for each in shown.listing.languages if each.spoken_by != SpokenBy.PRACTITIONER]
    facts += (f"{each.name} is spoken by {words.SPEAKERS[SpokenBy(each.spoken_by)]}" for each in others)
    return facts


def _type(place: PracticePlace) -> Element:
    if not place.in_person:
        return concept(says=NOBODY_IS_SEEN_HERE)
    return concept(coding(codes.ROLE_CODE, codes.PROVIDERS_OFFICE, "Provider's Office"))


def _form(place: PracticePlace) -> Element:
    """An area where no street is told, else a building."""
    if place.hidden_home or not line(place.street):
        return concept(coding(codes.PHYSICAL_TYPE, "area", "Area"))
    return concept(coding(codes.PHYSICAL_TYPE, "bu", "Building"))


def _accessibility(place: PracticePlace) -> list[Element]:
    """What is said about getting in, under the codes that say no more than that. None of them is a verdict."""
    found = []
    if place.step_free:
        found.append(("handiaccess", "handicap accessible", "Says it is step-free from street to table"))
    helps = {
        "a table that can be lowered": place.adjustable_table,
        "help with moving onto the table": place.transfer_help,
        "treatment in your own chair": place.treatment_in_own_chair,
    }
    if any(helps.values()):
        said = ", ".join(each for each, holds in helps.items() if holds)
        found.append(("mobility", "mobility", f"Says there is {said}"))
    return [
        extension(
            codes.ACCESSIBILITY,
            {"valueCodeableConcept": concept(coding(codes.ACCESSIBILITY_CODES, code, display), says=says)},
        )
        for code, display, says in found
    ]


def _delivery(place: PracticePlace) -> list[Element]:
    found = []
    if place.in_person or place.home_visit_radius_km > 0:
        found.append(concept(coding(codes.DELIVERY_CODES, "physical", "Physical")))
    if place.remote_consultation:
        found.append(concept(coding(codes.DELIVERY_CODES, "virtual", "Virtual"), says=words.NOT_REMOTE))
    return [
        extension(codes.DELIVERY_METHOD, parts=[extension("type", {"valueCodeableConcept": each})]) for each in found
    ]
