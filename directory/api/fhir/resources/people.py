"""Practitioner and PractitionerRole."""

from __future__ import annotations

from directory.api.fhir import identifiers, names
from directory.api.fhir import terminology as codes
from directory.api.fhir.elements import (
    Element,
    coding,
    concept,
    extension,
    line,
    made,
    named,
    period,
    reference,
    telecom,
)
from directory.api.fhir.entries import Entry, Filed
from directory.api.fhir.resources import parts, words
from directory.credentials.rules import Paper
from directory.credentials.terms import STATUTORY_ACUPUNCTURE, CredentialKind
from directory.jurisdictions.names import name_of
from directory.practitioners.terms import LanguageLevel, Profession, SpokenBy
from directory.search.visible import Open

_OF_ACUPUNCTURE = STATUTORY_ACUPUNCTURE | {CredentialKind.NATIONAL_CERTIFICATION}


def practitioner(entry: Entry, base: str) -> Element:
    """The person, with their papers that were checked."""
    person = entry.practitioner
    first = entry.places[0].listing
    profiles = [codes.mcsd_profile("Practitioner")]
    if parts.everything_is_american(entry):
        profiles.insert(0, codes.plan_net_profile("Practitioner"))
    page = identifiers.profile_address(base, person.slug)
    spoken = [each for each in first.languages if each.spoken_by == SpokenBy.PRACTITIONER]
    return parts.resource(
        "Practitioner",
        person.id,
        entry,
        profiles=profiles,
        says=[
            display(entry),
            first.place.title or words.PROFESSIONS[person.profession],
            *(words.paper_said(filed, entry.rules, entry.today) for filed in entry.papers),
            *words.rls(first.experience),
            words.PAPERS_NOT_SKILL,
        ],
        body=made(
            extension=[parts.verification(parts.CHECKED)],
            identifier=identifiers.of_person(person, base),
            active=True,
            name=[_name(entry)],
            telecom=[*parts.website(entry), *telecom("url", page, rank=2)],
            address=_addresses(entry),
            gender=codes.GENDERS.get(person.gender),
            qualification=[_qualification(filed, entry, base) for filed in entry.papers],
            communication=[_spoken(each.code, each.name, LanguageLevel(each.level)) for each in spoken],
        ),
    )


def role(entry: Entry, shown: Open, base: str) -> Element:
    """The person at one of their places."""
    place, person = shown.listing.place, entry.practitioner
    profiles = [codes.mcsd_profile("PractitionerRole")]
    if parts.everything_is_american(entry):
        profiles.insert(0, codes.plan_net_profile("PractitionerRole"))
    title = line(place.title) or words.PROFESSIONS[person.profession]
    return parts.resource(
        "PractitionerRole",
        place.id,
        entry,
        profiles=profiles,
        says=[f"{display(entry)}, {title}, at {line(place.label)}", parts.accepting_said(shown)],
        body=made(
            extension=[parts.verification(parts.STATED), *parts.new_patients(shown)],
            active=True,
            practitioner=reference("Practitioner", person.id, display(entry)),
            organization=reference("Organization", place.id, place.label),
            code=[
                concept(
                    coding(codes.ROLE_CODES, *codes.role(person.profession, place.jurisdiction, place.title)),
                    says=title,
                )
            ],
            specialty=specialty(entry),
            location=[reference("Location", place.id, place.label)],
            healthcareService=[reference("HealthcareService", place.id)],
            telecom=parts.reach(place, entry, base),
            availableTime=parts.hours(shown.listing.hours, "availableStartTime", "availableEndTime"),
            notAvailable=parts.away(place),
        ),
    )


def display(entry: Entry) -> str:
    """The name as its bearer writes it; the name in their address where no letter of it can be said here."""
    return line(entry.practitioner.display_name) or entry.practitioner.slug


def specialty(entry: Entry) -> list[Element]:
    """The code of the profession, only of those whose profession it is: the others have a title of their own."""
    if entry.practitioner.profession is not Profession.ACUPUNCTURIST:
        return []
    return [concept(coding(codes.NUCC, codes.ACUPUNCTURIST, "Acupuncturist"))]


def _name(entry: Entry) -> Element:
    written = display(entry)
    split = names.split(written)
    return made(
        use="official",
        text=written,
        family=split.family,
        given=list(split.given),
        prefix=list(split.prefix),
        suffix=list(split.suffix),
    )


def _addresses(entry: Entry) -> list[Element]:
    return [
        {"extension": [parts.geolocation(each.listing.place)], **parts.address(each.listing.place)}
        for each in entry.places
    ]


def _qualification(filed: Filed, entry: Entry, base: str) -> Element:
    paper = filed.paper
    authority = line(words.authority(paper, entry.rules))
    says = words.short(paper)
    status = [extension("status", {"valueCode": "active"})]
    return made(
        extension=[extension(codes.PRACTITIONER_QUALIFICATION, parts=[*status, *_where_valid(paper)])],
        identifier=identifiers.of_paper(paper, base, authority=authority, says=words.what(paper)),
        code=concept(*_codes(paper, entry), says=says),
        period=period(paper.valid_from, paper.expires),
        issuer=named(authority),
    )


def _codes(paper: Paper, entry: Entry) -> list[Element]:
    """What the paper makes of somebody, where the value sets have a code for it."""
    if paper.kind in _OF_ACUPUNCTURE and entry.practitioner.profession is Profession.ACUPUNCTURIST:
        return [coding(codes.NUCC, codes.ACUPUNCTURIST, "Acupuncturist")]
    if paper.kind is CredentialKind.STATUTORY_OTHER_PROFESSION and paper.title in _DEGREES:
        return [coding(codes.DEGREE, paper.title, _DEGREES[paper.title])]
    return []


_DEGREES = {"MD": "Doctor of Medicine", "DO": "Doctor of Osteopathy"}


def _where_valid(paper: Paper) -> list[Element]:
    """The state or country in which the paper counts; nothing for one that knows no place."""
    if paper.jurisdiction is None:
        return []
    return [extension("whereValid", {"valueCodeableConcept": place_of(paper.jurisdiction)})]


def place_of(jurisdiction: str) -> Element:
    """A jurisdiction as the postal service of the United States names it, or as ISO 3166 does."""
    country, _, region = jurisdiction.partition("-")
    name = name_of(jurisdiction)
    if country == "US":
        return concept(coding(codes.STATES, region, name))
    if jurisdiction == "GB-LDN":
        return concept(coding(codes.SUBDIVISIONS, "GB-ENG", "England"), says=name)
    if not region or region == "other":
        return concept(coding(codes.COUNTRIES, country, name), says=name)
    return concept(coding(codes.SUBDIVISIONS, jurisdiction, name), says=name)


def _spoken(code: str, name: str, level: LanguageLevel) -> Element:
    proficiency = concept(coding(codes.PROFICIENCY_CODES, *codes.PROFICIENCIES[level]), says=words.LEVELS[level])
    return {
        "extension": [extension(codes.PROFICIENCY, {"valueCodeableConcept": proficiency})],
        **concept(coding(codes.LANGUAGES, code, name), says=name),
    }
