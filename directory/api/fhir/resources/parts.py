"""What several resources of one entry share: who they are of, when they changed, addresses, hours, new patients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any, Final

from directory.api.fhir import identifiers
from directory.api.fhir import terminology as codes
from directory.api.fhir.elements import (
    Element,
    coding,
    concept,
    extension,
    instant,
    line,
    made,
    narrative,
    telecom,
    version,
    web_address,
)
from directory.api.fhir.entries import Entry
from directory.api.fhir.resources import words
from directory.practitioners.models import PracticePlace
from directory.practitioners.rules import Interval, accepting_now
from directory.practitioners.terms import Accepting
from directory.search.listings import absence
from directory.search.visible import Open

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHECKED, STATED = ("complete", "Complete"), ("incomplete", "Incomplete")
"""Verification as NDH says it: looked up at its source, or the practitioner's word that nobody has looked up."""


def resource(
    kind: str, number: int, entry: Entry, *, profiles: Iterable[str], says: Iterable[str | None], body: Element
) -> Element:
    """A whole resource with what all of them carry."""
    fictional = entry.practitioner.fictional
    label = coding(codes.ACT_REASON, codes.TEST_DATA, "test health data")
    return {
        "resourceType": kind,
        "id": str(number),
        "meta": made(
            versionId=version(entry.last_updated),
            lastUpdated=instant(entry.last_updated),
            profile=list(profiles),
            security=[label] if fictional else [],
            tag=[label] if fictional else [],
        ),
        "language": words.LANGUAGE,
        "text": narrative([*words.notes(entry), *says]),
        **body,
    }


def everything_is_american(entry: Entry) -> bool:
    """Whether each paper with a place names a state of the United States, as Plan-Net's binding for it demands."""
    return all((filed.paper.jurisdiction or "US-").startswith("US-") for filed in entry.papers)


def verification(status: tuple[str, str]) -> Element:
    """How far a resource was checked."""
    found = concept(coding(codes.VERIFICATION_STATUS_CODES, *status))
    return extension(codes.VERIFICATION_STATUS, {"valueCodeableConcept": found})


def address(place: PracticePlace) -> Element:
    """The address that everybody may read: of a hidden home, that of its area."""
    street = None if place.hidden_home else line(place.street)
    return made(
        use="work",
        type="physical",
        text=line(words.address(place)),
        line=[street] if street else [],
        city=line(place.locality),
        state=line(place.admin1),
        postalCode=line(place.postal_code),
        country=place.country,
    )


def position(place: PracticePlace) -> Element:
    """The public point."""
    return {"longitude": place.longitude, "latitude": place.latitude}


def geolocation(place: PracticePlace) -> Element:
    """The same as an extension of an address."""
    return extension(
        codes.GEOLOCATION,
        parts=[
            extension("latitude", {"valueDecimal": place.latitude}),
            extension("longitude", {"valueDecimal": place.longitude}),
        ],
    )


def reach(place: PracticePlace, entry: Entry, base: str) -> list[Element]:
    """The telephone of a place where there is one, and the page with everything else."""
    page = identifiers.profile_address(base, entry.practitioner.slug)
    return [*telecom("phone", place.telephone, rank=1), *telecom("url", page, rank=2)]


def website(entry: Entry) -> list[Element]:
    """The practitioner's own."""
    return telecom("url", web_address(entry.practitioner.website), rank=1)


def new_patients(shown: Open) -> list[Element]:
    """Whether new patients are taken at a place, as far as that is known today."""
    place = shown.listing.place
    answer = accepting_now(place.accepting, place.accepting_confirmed_on, today=shown.today)
    if answer is Accepting.UNKNOWN:
        return []
    parts = [
        extension(
            "acceptingPatients",
            {"valueCodeableConcept": concept(coding(codes.ACCEPTING_CODES, *codes.ACCEPTS[answer]))},
        )
    ]
    if answer is Accepting.YES:
        parts.append(extension("characteristics", {"valueString": youngest(shown)}))
    return [extension(codes.NEW_PATIENTS, parts=parts)]


def youngest(shown: Open) -> str:
    """From what age patients are taken."""
    return f"Patients aged {shown.listing.practitioner.min_patient_age} and older"


def accepting_said(shown: Open) -> str:
    """The same in words, also where nobody knows."""
    place = shown.listing.place
    on = place.accepting_confirmed_on
    said_on = f" (their own word, on {words.day(on)})" if on is not None else ""
    match accepting_now(place.accepting, on, today=shown.today):
        case Accepting.YES:
            return f"Takes new patients{said_on}"
        case Accepting.CLOSED:
            return f"Says their list is closed; they may keep a waiting list{said_on}"
    return "We do not know whether they take new patients: ask"


def hours(intervals: Sequence[Interval], opens: str, closes: str) -> list[Element]:
    """Opening hours, the days that are alike together; the two names are those of the element's times."""
    days: dict[tuple[time, time], list[str]] = {}
    for each in intervals:
        days.setdefault((each.opens, each.closes), []).append(DAYS[each.weekday])
    return [
        {"daysOfWeek": named, opens: begin.isoformat("seconds"), closes: end.isoformat("seconds")}
        for (begin, end), named in days.items()
    ]


def away(place: PracticePlace) -> list[Element]:
    """The absence that was told, if any."""
    told = absence(place)
    if told is None:
        return []
    during = {"start": told.first.isoformat(), "end": told.last.isoformat()}
    return [{"description": "Away; their own word", "during": during}]


def away_said(place: PracticePlace) -> str | None:
    """The same in words, for a resource that has no element for it."""
    told = absence(place)
    if told is None:
        return None
    return f"Away from {words.day(told.first)} to {words.day(told.last)}; their own word"


def languages_of(rows: Iterable[Any]) -> list[Element]:
    """Languages as concepts, each once."""
    seen: dict[str, Element] = {}
    for each in rows:
        seen.setdefault(each.code, concept(coding(codes.LANGUAGES, each.code, each.name), says=each.name))
    return list(seen.values())
