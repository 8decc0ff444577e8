"""What a profile says in the words of schema.org: only what was checked, or is plain contact, and no judgement.

A practitioner is a ``Person`` who works for a ``MedicalBusiness``, never a ``Physician``, who is a doctor
(https://schema.org/Person, https://schema.org/MedicalClinic). The experience somebody states, prices and praise are
left out: here they would stand without the words beside them that say how far they were checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from directory.credentials.rules import Paper, checked_at_source, in_force
from directory.credentials.terms import STATUTORY_ACUPUNCTURE, CredentialKind
from directory.http.locale import gettext
from directory.jurisdictions import words
from directory.jurisdictions.names import name_of
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners.models import PracticePlace
from directory.practitioners.rules import Interval, accepting_now
from directory.practitioners.terms import Accepting, LanguageLevel, PointPrecision, Profession, SpokenBy
from directory.search.listings import Listing
from directory.search.visible import Open
from directory.web.presenters import labels, papers, reach

Node = dict[str, Any]

FICTIONAL: Final = "Fictional person: nobody of this name practises here"

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CATEGORIES: Final[Mapping[CredentialKind, str]] = {
    CredentialKind.STATUTORY_LICENCE: "license",
    CredentialKind.STATUTORY_REGISTRATION: "registration",
    CredentialKind.CERTIFICATION_STATE: "certification",
    CredentialKind.ACCREDITED_REGISTER: "registration",
    CredentialKind.PROFESSIONAL_BODY: "membership",
    CredentialKind.STATUTORY_OTHER_PROFESSION: "registration",
    CredentialKind.LOCAL_AUTHORITY_REGISTRATION: "registration",
    CredentialKind.SPECIAL_PROCEDURE_LICENCE: "license",
    CredentialKind.NATIONAL_CERTIFICATION: "certification",
    CredentialKind.EDUCATION: "degree",
    CredentialKind.CLEAN_NEEDLE_TECHNIQUE: "certificate",
}
"""Training for one group of patients is not among them: it says less about a person than a search engine would make of
it."""
_LEARNT: Final = frozenset({CredentialKind.EDUCATION, CredentialKind.CLEAN_NEEDLE_TECHNIQUE})


def job_title(shown: Open, rules: Mapping[str, Jurisdiction]) -> str:
    """The title somebody uses at a place, where a checked licence of that place or its law grants it; otherwise the
    plain name of the profession. Titles are protected, and not the same ones everywhere."""
    listing = shown.listing
    title = (listing.place.title or "").strip()
    rule = rule_for(listing.place.jurisdiction, rules)
    licences = [paper for paper in shown.permit.basis if paper.kind in STATUTORY_ACUPUNCTURE]
    granted = {(paper.title or "").strip().casefold() for paper in licences}
    if licences and rule is not None:
        granted |= _protected(words.told(rule, rules).titles or "")
    if title and title.casefold() in granted:
        return title
    return labels.word(labels.PROFESSIONS, listing.practitioner.profession)


def profile(shown: Sequence[Open], rules: Mapping[str, Jurisdiction], *, address: str) -> Node:
    """One person at the places that are shown; ``address`` is that of their page, in full."""
    listing = shown[0].listing
    person = listing.practitioner
    node: Node = {
        "@context": "https://schema.org",
        "@type": "Person",
        "@id": f"{address}#person",
        "name": person.display_name,
        "jobTitle": job_title(shown[0], rules),
        "url": address,
        "mainEntityOfPage": address,
        "worksFor": [_place(each, rules, address) for each in shown],
    }
    if person.fictional:
        node["disambiguatingDescription"] = str(gettext(FICTIONAL))
    if languages := list(_languages(listing)):
        node["knowsLanguage"] = languages
    if credentials := list(_credentials(shown, rules)):
        node["hasCredential"] = credentials
    if person.npi:
        node["identifier"] = {"@type": "PropertyValue", "propertyID": "NPI", "value": person.npi}
    return node


def as_script(node: Node) -> Markup:
    """The text between the tags of a data block: no sign in it can end the block, whatever somebody is called."""
    return htmlsafe_json_dumps(node, ensure_ascii=True, sort_keys=False)


def _protected(titles: str) -> set[str]:
    parts = titles.replace(",", ";").replace(" / ", ";").split(";")
    return {part.split("(")[0].strip().casefold() for part in parts} - {""}


def _languages(listing: Listing) -> Iterator[Node]:
    """What the person speaks well enough to talk about one's health; an interpreter's language is not theirs."""
    own = (
        each
        for each in listing.languages
        if each.spoken_by == SpokenBy.PRACTITIONER and each.level != LanguageLevel.BASIC
    )
    for code, name in dict.fromkeys((each.code, each.name) for each in own):
        yield {"@type": "Language", "name": name, "alternateName": code}


def _credentials(shown: Sequence[Open], rules: Mapping[str, Jurisdiction]) -> Iterator[Node]:
    """The papers that their source confirmed and that are in force, those first on which the listing rests."""
    first = shown[0]
    today = first.today
    basis = [paper for each in shown for paper in each.permit.basis]
    others = [paper for paper in first.listing.person.papers if _counts(paper, rules, first)]
    for paper in dict.fromkeys((*basis, *others)):
        if paper.kind in _CATEGORIES and checked_at_source(paper, today=today):
            yield _credential(paper, rules)


def _counts(paper: Paper, rules: Mapping[str, Jurisdiction], shown: Open) -> bool:
    if paper.superseded or paper.given_up:
        return False
    if paper.kind in _LEARNT:
        return True
    rule = rules.get(paper.jurisdiction or "")
    late_days = rule.late_days if rule is not None else 0
    return in_force(paper, today=shown.today, late_days=late_days, needs_expiry=False)


def _credential(paper: Paper, rules: Mapping[str, Jurisdiction]) -> Node:
    rule = rules.get(paper.jurisdiction or "")
    body = paper.body or (words.told(rule, rules).body if rule is not None else None)
    said = (papers.status(paper), papers.checked(paper, whom=body), papers.valid_to(paper))
    node: Node = {
        "@type": "EducationalOccupationalCredential",
        "name": papers.what(paper),
        "credentialCategory": _CATEGORIES[paper.kind],
        "description": ", ".join(part for part in said if part),
    }
    if paper.number:
        node["identifier"] = paper.number
    if body:
        node["recognizedBy"] = {"@type": "Organization", "name": body}
    if paper.jurisdiction:
        node["validIn"] = {"@type": "AdministrativeArea", "name": name_of(paper.jurisdiction)}
    if paper.expires is not None:
        node["expires"] = paper.expires.isoformat()
    if paper.valid_from is not None:
        # schema.org knows no first day of a credential, but from when until when a work holds.
        node["temporalCoverage"] = f"{paper.valid_from.isoformat()}/{paper.expires or '..'}"
    return node


def _place(shown: Open, rules: Mapping[str, Jurisdiction], address: str) -> Node:
    place = shown.listing.place
    clinic = place.in_person and not place.hidden_home
    node: Node = {
        # An organisation as well, because only that says what it offers and whether it takes new patients.
        "@type": "MedicalClinic" if clinic else ["MedicalBusiness", "MedicalOrganization"],
        "@id": f"{address}#place-{place.id}",
        "name": place.label,
        "url": f"{address}#place-{place.id}",
        "address": _address(place),
    }
    if shown.listing.practitioner.fictional:
        # Whoever takes the practice out of the person takes this with it.
        node["disambiguatingDescription"] = str(gettext(FICTIONAL))
    if clinic:
        node["availableService"] = _therapy(shown.listing)
    else:
        # Only a clinic, a hospital or a doctor has an available service.
        node["makesOffer"] = {"@type": "Offer", "itemOffered": {"@type": "Service", "serviceType": "Acupuncture"}}
    if telephone := reach.telephone(place.telephone, place.country):
        node["telephone"] = telephone
    if not place.hidden_home and place.point_precision is PointPrecision.EXACT:
        node["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": round(place.latitude, 5),
            "longitude": round(place.longitude, 5),
        }
    if shown.listing.hours:
        node["openingHoursSpecification"] = list(_hours(shown.listing.hours))
    taking = accepting_now(place.accepting, place.accepting_confirmed_on, today=shown.today)
    if taking is not Accepting.UNKNOWN:
        node["isAcceptingNewPatients"] = taking is Accepting.YES
    return node


def _address(place: PracticePlace) -> Node:
    """Of a hidden home only the area, and no point: on somebody's map it would look like the house."""
    node: Node = {"@type": "PostalAddress", "addressCountry": place.country, "addressLocality": place.locality}
    if region := reach.region(place.country, place.admin1):
        node["addressRegion"] = region
    if place.postal_code:
        node["postalCode"] = place.postal_code
    if place.street and not place.hidden_home:
        node["streetAddress"] = place.street
    return node


def _therapy(listing: Listing) -> Node:
    node: Node = {"@type": "MedicalTherapy", "name": "Acupuncture"}
    if listing.practitioner.profession is Profession.ACUPUNCTURIST:
        node["medicineSystem"] = "https://schema.org/TraditionalChinese"
    return node


def _hours(hours: Sequence[Interval]) -> Iterator[Node]:
    same: dict[tuple[str, str], list[str]] = {}
    for opens, closes, day in sorted((each.opens, each.closes, each.weekday) for each in hours):
        same.setdefault((f"{opens:%H:%M}", f"{closes:%H:%M}"), []).append(f"https://schema.org/{_DAYS[day]}")
    for (opens_at, closes_at), days in same.items():
        yield {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": days,
            "opens": opens_at,
            "closes": closes_at,
        }
