"""What can be searched, in one table: each type of resource with its parameters, chains and includes.

Routes, the reading of requests and the CapabilityStatement are made of it, so that none can say what another does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from directory.api.fhir import terminology as codes
from directory.api.fhir import values
from directory.api.fhir.kinds import FHIR, MCSD, NDH, PLAN_NET, Kind, Of, Parameter
from directory.api.fhir.sources import Reference, Source
from directory.search.criteria import DEFAULT_RADIUS_KM

_R4: Final = "http://hl7.org/fhir/SearchParameter"
_PLAN_NET: Final = "http://hl7.org/fhir/us/davinci-pdex-plan-net/SearchParameter"
_NDH: Final = "http://hl7.org/fhir/us/ndh/SearchParameter"

_NOBODY_HAS: Final = "Nobody here has one, so the answer is always empty."
_NEAR_SAYS: Final = (
    "latitude|longitude|distance|units, in degrees and UCUM units (km, m, [mi_us], [mi_i] and others; km where none is "
    f"said). Without a distance it is {DEFAULT_RADIUS_KM:.0f} km. Every place shown within the distance is found, "
    "several of one person each by itself; a hidden home by the middle of its area. The nearest come first, and each "
    "entry's search carries the extension location-distance, in kilometres. The page for patients lists each person "
    "once, leaves out who takes no new patients and ranks by more than distance; this does not."
)


def _string(name: str, expression: str, source: Source, *standards: str, definition: str = "") -> Parameter:
    return Parameter(name, "string", expression, standards, source, definition=definition)


def _token(
    name: str, expression: str, source: Source, *standards: str, definition: str = "", says: str = ""
) -> Parameter:
    return Parameter(name, "token", expression, standards, source, definition=definition, says=says)


def _reference(
    name: str,
    expression: str,
    source: Reference,
    *standards: str,
    definition: str = "",
    chains: tuple[str, ...] = (),
) -> Parameter:
    nobody = all(column is None for column in source.columns.values())
    return Parameter(
        name,
        "reference",
        expression,
        standards,
        source,
        definition=definition,
        chains=chains,
        target=tuple(source.columns),
        says=_NOBODY_HAS if nobody else "",
    )


def _of_all(kind: str, number: Source) -> list[Parameter]:
    return [
        Parameter("_id", "token", f"{kind}.id", (FHIR, PLAN_NET, MCSD), number, definition=f"{_R4}/Resource-id"),
        Parameter(
            "_lastUpdated",
            "date",
            f"{kind}.meta.lastUpdated",
            (FHIR, PLAN_NET, MCSD),
            values.UPDATED,
            definition=f"{_R4}/Resource-lastUpdated",
            says="What is gone since is told by the history of the type and of the whole, with _since.",
        ),
        _token("_tag", f"{kind}.meta.tag", values.TAGS, FHIR, definition=f"{_R4}/Resource-tag",
               says="HTEST marks people who were made up for a demonstration."),
    ]  # fmt: skip


def _addresses(kind: str, *standards: str) -> list[Parameter]:
    """The address and its parts."""
    where = f"{kind}.address"
    definition = f"{_R4}/{kind}-address"
    return [
        _string("address", where, values.ADDRESS, *standards, definition=definition),
        _string("address-city", f"{where}.city", values.CITY, *standards, NDH, definition=f"{definition}-city"),
        _string("address-state", f"{where}.state", values.STATE, *standards, NDH, definition=f"{definition}-state"),
        _string("address-postalcode", f"{where}.postalCode", values.POSTAL_CODE, *standards, NDH,
                definition=f"{definition}-postalcode"),
        _string("address-country", f"{where}.country", values.COUNTRY, NDH, definition=f"{definition}-country"),
    ]  # fmt: skip


def _kind(
    name: str,
    of: Of,
    one_each: str,
    parameters: Iterable[Parameter],
    *,
    number: Source,
    includes: Mapping[str, str] | None = None,
    revincludes: tuple[str, ...] = (),
    sorts: tuple[str, ...] = (),
    profiles: tuple[str, ...] = (),
) -> Kind:
    known = [*_of_all(name, number), *parameters]
    return Kind(
        name=name,
        of=of,
        one_each=one_each,
        parameters={each.name: each for each in known},
        includes=includes or {},
        revincludes=revincludes,
        sorts=("_id", "_lastUpdated", *sorts),
        profiles=profiles or (codes.plan_net_profile(name), codes.mcsd_profile(name)),
    )


def _status(kind: str, source: Source = values.STATED) -> Parameter:
    expression = f"{kind}.extension(verification-status)"
    says = "complete: papers were checked at their source; incomplete: the practitioner's own word."
    return _token("verification-status", expression, source, NDH, says=says)


_PRACTITIONER = _kind(
    "Practitioner",
    Of.PERSON,
    "Somebody who may be shown at one of their places at least.",
    [
        _string("name", "Practitioner.name", values.NAME, PLAN_NET, MCSD, definition=f"{_R4}/Practitioner-name"),
        _string("family", "Practitioner.name.family", values.FAMILY, PLAN_NET, MCSD,
                definition=f"{_R4}/individual-family"),
        _string("given", "Practitioner.name.given", values.GIVEN, PLAN_NET, MCSD,
                definition=f"{_R4}/individual-given"),
        _token("active", "Practitioner.active", values.ACTIVE, MCSD, NDH, definition=f"{_R4}/Practitioner-active"),
        _token("identifier", "Practitioner.identifier", values.PERSON_IDENTIFIER, MCSD, NDH,
               definition=f"{_R4}/Practitioner-identifier"),
        _token("gender", "Practitioner.gender", values.GENDER, NDH, definition=f"{_R4}/individual-gender"),
        _token("communication", "Practitioner.communication", values.COMMUNICATION, FHIR,
               definition=f"{_R4}/Practitioner-communication"),
        _status("Practitioner", values.CHECKED),
    ],
    number=values.PERSON,
    revincludes=("PractitionerRole:practitioner", "VerificationResult:target"),
)  # fmt: skip

_ROLE = _kind(
    "PractitionerRole",
    Of.PLACE,
    "Somebody's work at one of their places.",
    [
        _reference("practitioner", "PractitionerRole.practitioner", values.TO_PERSON, PLAN_NET, MCSD,
                   definition=f"{_R4}/PractitionerRole-practitioner", chains=("name", "family", "given", "identifier")),
        _reference("organization", "PractitionerRole.organization", values.TO_ORGANIZATION, PLAN_NET, MCSD,
                   definition=f"{_R4}/PractitionerRole-organization", chains=("name", "address", "partof", "type")),
        _reference("location", "PractitionerRole.location", values.TO_LOCATION, PLAN_NET, MCSD,
                   definition=f"{_R4}/PractitionerRole-location",
                   chains=("address", "address-postalcode", "address-city", "address-state", "address-country",
                           "organization", "type", "near", "accessibility", "name")),
        _reference("service", "PractitionerRole.healthcareService", values.TO_SERVICE, PLAN_NET, MCSD,
                   definition=f"{_R4}/PractitionerRole-service",
                   chains=("service-category", "organization", "location")),
        _reference("network", "PractitionerRole.extension(network-reference)", values.TO_NETWORK, PLAN_NET,
                   definition=f"{_PLAN_NET}/practitionerrole-network", chains=("name",)),
        _reference("endpoint", "PractitionerRole.endpoint", values.TO_ENDPOINT, PLAN_NET,
                   definition=f"{_R4}/PractitionerRole-endpoint"),
        _token("role", "PractitionerRole.code", values.ROLE, PLAN_NET, MCSD,
               definition=f"{_R4}/PractitionerRole-role"),
        _token("specialty", "PractitionerRole.specialty", values.SPECIALTY, PLAN_NET, MCSD,
               definition=f"{_R4}/PractitionerRole-specialty"),
        _token("active", "PractitionerRole.active", values.ACTIVE, MCSD, NDH,
               definition=f"{_R4}/PractitionerRole-active"),
        _token("identifier", "PractitionerRole.identifier", values.NOBODY, NDH,
               definition=f"{_R4}/PractitionerRole-identifier"),
        _token("new-patient", "PractitionerRole.extension(newpatients).acceptingPatients", values.NEW_PATIENTS, NDH,
               definition=f"{_NDH}/practitionerrole-new-patient"),
        _status("PractitionerRole"),
    ],
    number=values.PLACE,
    includes={
        "practitioner": "practitioner",
        "organization": "organization",
        "location": "location",
        "service": "healthcareService",
        "network": "",
        "endpoint": "endpoint",
    },
    sorts=("near",),
)  # fmt: skip

_LOCATION = _kind(
    "Location",
    Of.PLACE,
    "A place where somebody works; a hidden home as its area.",
    [
        *_addresses("Location", PLAN_NET),
        _string("name", "Location.name", values.LABEL, MCSD, NDH, definition=f"{_R4}/Location-name"),
        _reference("organization", "Location.managingOrganization", values.TO_ORGANIZATION, PLAN_NET, MCSD,
                   definition=f"{_R4}/Location-organization", chains=("name", "address", "partof", "type")),
        _reference("partof", "Location.partOf", values.TO_AREA, PLAN_NET, definition=f"{_R4}/Location-partof"),
        _reference("endpoint", "Location.endpoint", values.TO_ENDPOINT, PLAN_NET,
                   definition=f"{_R4}/Location-endpoint"),
        _token("type", "Location.type", values.LOCATION_TYPE, PLAN_NET, MCSD, definition=f"{_R4}/Location-type"),
        _token("status", "Location.status", values.LOCATION_STATUS, MCSD, definition=f"{_R4}/Location-status"),
        _token("identifier", "Location.identifier", values.NOBODY, MCSD, NDH,
               definition=f"{_R4}/Location-identifier"),
        _token("accessibility", "Location.extension(accessibility)", values.ACCESSIBILITY, NDH),
        Parameter("near", "special", "Location.position", (NDH, MCSD), values.NEAR,
                  definition=f"{_R4}/Location-near", says=_NEAR_SAYS),
        _status("Location"),
    ],
    number=values.PLACE,
    includes={"organization": "managingOrganization", "partof": "partOf", "endpoint": "endpoint"},
    revincludes=("PractitionerRole:location", "HealthcareService:location"),
    sorts=("near",),
)  # fmt: skip

_ORGANIZATION = _kind(
    "Organization",
    Of.PLACE,
    "The practice at one place.",
    [
        *_addresses("Organization", PLAN_NET),
        _string("name", "Organization.name", values.LABEL, PLAN_NET, MCSD, definition=f"{_R4}/Organization-name"),
        _token("type", "Organization.type", values.ORGANIZATION_TYPE, PLAN_NET, MCSD,
               definition=f"{_R4}/Organization-type"),
        _token("active", "Organization.active", values.ACTIVE, MCSD, NDH, definition=f"{_R4}/Organization-active"),
        _token("identifier", "Organization.identifier", values.NOBODY, MCSD, NDH,
               definition=f"{_R4}/Organization-identifier"),
        _reference("partof", "Organization.partOf", values.TO_NETWORK, PLAN_NET, MCSD,
                   definition=f"{_R4}/Organization-partof"),
        _reference("endpoint", "Organization.endpoint", values.TO_ENDPOINT, PLAN_NET,
                   definition=f"{_R4}/Organization-endpoint"),
        _reference("coverage-area", "Organization.extension(location-reference)", values.TO_AREA, PLAN_NET,
                   definition=f"{_PLAN_NET}/organization-coverage-area"),
        _status("Organization"),
    ],
    number=values.PLACE,
    includes={"partof": "partOf", "endpoint": "endpoint", "coverage-area": ""},
    revincludes=("PractitionerRole:organization", "HealthcareService:organization", "Location:organization"),
)  # fmt: skip

_SERVICE = _kind(
    "HealthcareService",
    Of.PLACE,
    "What somebody offers at one place.",
    [
        _reference("location", "HealthcareService.location", values.TO_LOCATION, PLAN_NET, MCSD,
                   definition=f"{_R4}/HealthcareService-location",
                   chains=("address", "address-postalcode", "address-city", "address-state", "address-country",
                           "organization", "type", "near", "accessibility", "name")),
        _reference("organization", "HealthcareService.providedBy", values.TO_ORGANIZATION, PLAN_NET, MCSD,
                   definition=f"{_R4}/HealthcareService-organization", chains=("name", "address", "partof", "type")),
        _string("name", "HealthcareService.name", values.SERVICE_NAME, PLAN_NET, MCSD,
                definition=f"{_R4}/HealthcareService-name"),
        _token("service-category", "HealthcareService.category", values.CATEGORY, PLAN_NET,
               definition=f"{_R4}/HealthcareService-service-category"),
        _token("service-type", "HealthcareService.type", values.SERVICE_TYPE, PLAN_NET, MCSD,
               definition=f"{_R4}/HealthcareService-service-type"),
        _token("specialty", "HealthcareService.specialty", values.SPECIALTY, PLAN_NET,
               definition=f"{_R4}/HealthcareService-specialty"),
        _reference("coverage-area", "HealthcareService.coverageArea", values.TO_AREA, PLAN_NET,
                   definition=f"{_R4}/HealthcareService-coverage-area"),
        _reference("endpoint", "HealthcareService.endpoint", values.TO_ENDPOINT, PLAN_NET,
                   definition=f"{_R4}/HealthcareService-endpoint"),
        _token("active", "HealthcareService.active", values.ACTIVE, MCSD, NDH,
               definition=f"{_R4}/HealthcareService-active"),
        _token("identifier", "HealthcareService.identifier", values.NOBODY, MCSD,
               definition=f"{_R4}/HealthcareService-identifier"),
        _token("new-patient", "HealthcareService.extension(newpatients).acceptingPatients", values.NEW_PATIENTS, NDH,
               definition=f"{_NDH}/healthcareservice-new-patient"),
        _status("HealthcareService"),
    ],
    number=values.PLACE,
    includes={
        "location": "location",
        "organization": "providedBy",
        "coverage-area": "coverageArea",
        "endpoint": "endpoint",
    },
    revincludes=("PractitionerRole:service",),
    sorts=("near",),
)  # fmt: skip

_RESULT = _kind(
    "VerificationResult",
    Of.PAPER,
    "A check of somebody's licence with whoever keeps the register.",
    [
        _reference("target", "VerificationResult.target", values.OF_PAPER, FHIR,
                   definition=f"{_R4}/VerificationResult-target", chains=("name", "family", "given", "identifier")),
    ],
    number=values.PAPER,
    includes={"target": "target"},
    profiles=(codes.NDH_VERIFICATION,),
)  # fmt: skip

TABLE: Final[Mapping[str, Kind]] = {
    each.name: each for each in (_PRACTITIONER, _ROLE, _LOCATION, _ORGANIZATION, _SERVICE, _RESULT)
}
