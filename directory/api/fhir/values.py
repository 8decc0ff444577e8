"""Where the values stand that a search looks at: for each element of a resource, the columns that say it.

It says of the tables what ``resources`` makes of a listing; a test compares the two over everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final


from directory.api.fhir import near
from directory.api.fhir.sources import (
    Codes,
    Identifier,
    Identifiers,
    Instant,
    Nearby,
    Nobody,
    Number,
    Reference,
    Text,
)
from directory.credentials.models import Credential
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import Accepting, Gender

PLAN_NET: Final = "http://hl7.org/fhir/us/davinci-pdex-plan-net/CodeSystem"
NDH: Final = "http://hl7.org/fhir/us/ndh/CodeSystem"

# --- everybody ----------------------------------------------------------------------------------------------------

LAST_UPDATED: Final[Any] = Practitioner.updated_at
PAPER_SHOWN: Final[Any] = Credential.verified_on.is_not(None)
UPDATED: Final = Instant(LAST_UPDATED)
TAGS: Final = Codes({("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST"): Practitioner.fictional.is_(True)})
ACTIVE: Final = Codes({("", "true"): True, ("", "false"): False})
VERIFIED: Final = Codes({(f"{NDH}/NdhVerificationStatusCS", "complete"): True})
NOBODY: Final = Nobody()
PERSON: Final = Number(Practitioner.id)
PLACE: Final = Number(PracticePlace.id)
PAPER: Final = Number(Credential.id)

# --- people -------------------------------------------------------------------------------------------------------


def split_name(name: str) -> tuple[str, list[str]]:
    """The family name and the given names."""
    *given, family = name.split() or [name]
    return family, given


def _names(name: str) -> Iterator[str]:
    family, given = split_name(name)
    yield name
    yield family
    yield from given


NAME: Final = Text((Practitioner.display_name,), _names)
FAMILY: Final = Text((Practitioner.display_name,), lambda name: [split_name(name)[0]])
GIVEN: Final = Text(
    (Practitioner.display_name,),
    lambda name: split_name(name)[1],
    present=Practitioner.display_name.contains(" "),
)
GENDER: Final = Codes(
    {
        ("http://hl7.org/fhir/administrative-gender", "female"): Practitioner.gender == Gender.FEMALE,
        ("http://hl7.org/fhir/administrative-gender", "male"): Practitioner.gender == Gender.MALE,
        ("http://hl7.org/fhir/administrative-gender", "other"): Practitioner.gender == Gender.NON_BINARY,
    }
)
PERSON_IDENTIFIER: Final = Identifiers(
    (
        Identifier(
            "http://hl7.org/fhir/sid/us-npi", lambda value: Practitioner.npi == value, Practitioner.npi.is_not(None)
        ),
        Identifier("{base}/NamingSystem/profile", lambda value: Practitioner.slug == value, True),
    )
)

# --- places -------------------------------------------------------------------------------------------------------

_ADDRESS = (
    PracticePlace.hidden_home,
    PracticePlace.street,
    PracticePlace.locality,
    PracticePlace.admin1,
    PracticePlace.postal_code,
    PracticePlace.country,
)


def _address(
    hidden: bool, street: str | None, city: str, state: str | None, postal_code: str | None, country: str
) -> list[str]:
    shown = [None if hidden else street, city, state, postal_code, country]
    return [each for each in shown if each]


LABEL: Final = Text((PracticePlace.label,), lambda label: [label])
ADDRESS: Final = Text(_ADDRESS, _address)
CITY: Final = Text((PracticePlace.locality,), lambda city: [city])
STATE: Final = Text((PracticePlace.admin1,), lambda state: [state or ""], present=PracticePlace.admin1.is_not(None))
POSTAL_CODE: Final = Text(
    (PracticePlace.postal_code,), lambda code: [code or ""], present=PracticePlace.postal_code.is_not(None)
)
COUNTRY: Final = Text((PracticePlace.country,), lambda country: [country])
NEAR: Final = Nearby(near.read)
PLACE_IDENTIFIER: Final = Identifiers()
ACCESSIBILITY: Final = Codes({(f"{PLAN_NET}/AccessibilityCS", "handiaccess"): PracticePlace.step_free.is_(True)})
NEW_PATIENTS: Final = Codes(
    {
        (f"{PLAN_NET}/AcceptingPatientsCS", "newpt"): PracticePlace.accepting == Accepting.YES,
        (f"{PLAN_NET}/AcceptingPatientsCS", "nopt"): PracticePlace.accepting == Accepting.CLOSED,
    }
)
LOCATION_STATUS: Final = Codes({("http://hl7.org/fhir/location-status", "active"): True})
LOCATION_TYPE: Final = Codes({("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "PROFF"): True})
ORGANIZATION_TYPE: Final = Codes({(f"{PLAN_NET}/OrgTypeCS", "prvgrp"): True})
CATEGORY: Final = Codes({(f"{PLAN_NET}/HealthcareServiceCategoryCS", "prov"): True})
SERVICE_TYPE: Final = Codes({("http://terminology.hl7.org/CodeSystem/service-type", "13"): True})
SPECIALTY: Final = Codes({("http://nucc.org/provider-taxonomy", "171100000X"): True})
ROLE: Final = Codes({})

# --- references ---------------------------------------------------------------------------------------------------

TO_PERSON: Final = Reference({"Practitioner": Practitioner.id})
TO_ORGANIZATION: Final = Reference({"Organization": PracticePlace.id})
TO_LOCATION: Final = Reference({"Location": PracticePlace.id})
TO_SERVICE: Final = Reference({"HealthcareService": PracticePlace.id})
TO_ENDPOINT: Final = Reference({"Endpoint": None})
TO_NETWORK: Final = Reference({"Organization": None})
TO_AREA: Final = Reference({"Location": None})
OF_PAPER: Final = Reference({"Practitioner": Credential.practitioner_id})
