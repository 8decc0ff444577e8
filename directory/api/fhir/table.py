"""What can be searched, in one table: each type of resource with its parameters, chains and includes.

Routes, the reading of requests and the CapabilityStatement are made of it, so that none can say what another does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from directory.api.fhir import terminology as codes
from directory.api.fhir import values
from directory.api.fhir.conditions import Of
from directory.api.fhir.kinds import FHIR, MCSD, NDH, PLAN_NET, Kind, Parameter
from directory.api.fhir.sources import Reference, Source
from directory.search.criteria import DEFAULT_RADIUS_KM

_R4: Final = "http://hl7.org/fhir/SearchParameter"
_PLAN_NET: Final = "http://hl7.org/fhir/us/davinci-pdex-plan-net/SearchParameter"
_NDH: Final = "http://hl7.org/fhir/us/ndh/SearchParameter"

_NOBODY_HAS: Final = "Nobody here has one, so the answer is always empty."
_BEHIND_OTHERS: Final[Mapping[str, tuple[str, ...]]] = {"Endpoint": ("identifier", "connection-type", "organization")}
"""What the guides let follow behind a reference to what is not here."""
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
) -> Parameter:
    return Parameter(
        name,
        "reference",
        expression,
        standards,
        source,
        definition=definition,
        target=tuple(source.columns),
        says="" if source.present else _NOBODY_HAS,
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
        _token("_security", f"{kind}.meta.security", values.TAGS, FHIR, definition=f"{_R4}/Resource-security",
               says="The same labels as in _tag."),
        Parameter("_profile", "uri", f"{kind}.meta.profile", (FHIR,), values.profiles(kind),
                  definition=f"{_R4}/Resource-profile"),
    ]  # fmt: skip


def _addresses_of_person() -> list[Parameter]:
    """The addresses of a person, one for each of their places."""
    where, definition = "Practitioner.address", f"{_R4}/individual-address"
    return [
        _string("address", where, values.ONE_ADDRESS, FHIR, definition=definition),
        _string("address-city", f"{where}.city", values.ONE_CITY, FHIR, definition=f"{definition}-city"),
        _string("address-state", f"{where}.state", values.ONE_STATE, FHIR, definition=f"{definition}-state"),
        _string("address-postalcode", f"{where}.postalCode", values.ONE_POSTAL_CODE, FHIR,
                definition=f"{definition}-postalcode"),
        _string("address-country", f"{where}.country", values.ONE_COUNTRY, FHIR, definition=f"{definition}-country"),
        _token("address-use", f"{where}.use", values.ONE_ADDRESS_USE, FHIR, definition=f"{definition}-use"),
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
        _token("address-use", f"{where}.use", values.ADDRESS_USE, NDH, definition=f"{definition}-use"),
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
    return _token("verification-status", expression, source, NDH, definition=f"{_NDH}/verification-status", says=says)


def _from_network(kind: str) -> Parameter:
    return _reference("new-patient-from-network", f"{kind}.extension(newpatients).fromNetwork", values.TO_NETWORK, NDH,
                      definition=f"{_NDH}/{kind.lower()}-new-patient-from-network")  # fmt: skip


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
        _token("qualification-code", "Practitioner.qualification.code", values.QUALIFICATION, NDH,
               definition=f"{_NDH}/practitioner-qualification-code"),
        _reference("qualification-issuer", "Practitioner.qualification.issuer.reference", values.TO_ISSUER, NDH,
                   definition=f"{_NDH}/practitioner-qualification-issuer"),
        _reference("endpoint", "Practitioner.extension(endpoint-reference)", values.TO_ENDPOINT, NDH,
                   definition=f"{_NDH}/practitioner-endpoint"),
        *_addresses_of_person(),
        _status("Practitioner", values.CHECKED),
    ],
    number=values.PERSON,
    includes={"qualification-issuer": "", "endpoint": ""},
    revincludes=("PractitionerRole:practitioner", "VerificationResult:target", "VerificationResult:attestation-who"),
)  # fmt: skip

_ROLE = _kind(
    "PractitionerRole",
    Of.PLACE,
    "Somebody's work at one of their places.",
    [
        _reference("practitioner", "PractitionerRole.practitioner", values.TO_PERSON, PLAN_NET, MCSD,
                   definition=f"{_R4}/PractitionerRole-practitioner"),
        _reference("organization", "PractitionerRole.organization", values.TO_ORGANIZATION, PLAN_NET, MCSD,
                   definition=f"{_R4}/PractitionerRole-organization"),
        _reference("location", "PractitionerRole.location", values.TO_LOCATION, PLAN_NET, MCSD,
                   definition=f"{_R4}/PractitionerRole-location"),
        _reference("service", "PractitionerRole.healthcareService", values.TO_SERVICE, PLAN_NET, MCSD,
                   definition=f"{_R4}/PractitionerRole-service"),
        _reference("network", "PractitionerRole.extension(network-reference)", values.TO_NETWORK, PLAN_NET,
                   definition=f"{_PLAN_NET}/practitionerrole-network"),
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
        _from_network("PractitionerRole"),
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
                   definition=f"{_R4}/Location-organization"),
        _reference("partof", "Location.partOf", values.TO_AREA, PLAN_NET, definition=f"{_R4}/Location-partof"),
        _reference("endpoint", "Location.endpoint", values.TO_ENDPOINT, PLAN_NET,
                   definition=f"{_R4}/Location-endpoint"),
        _token("type", "Location.type", values.LOCATION_TYPE, PLAN_NET, MCSD, definition=f"{_R4}/Location-type"),
        _token("status", "Location.status", values.LOCATION_STATUS, MCSD, definition=f"{_R4}/Location-status"),
        _token("identifier", "Location.identifier", values.NOBODY, MCSD, NDH,
               definition=f"{_R4}/Location-identifier"),
        _token("accessibility", "Location.extension(accessibility)", values.ACCESSIBILITY, NDH,
               definition=f"{_NDH}/location-accessibility"),
        _token("new-patient", "Location.extension(newpatients).acceptingPatients", values.NEW_PATIENTS, NDH,
               definition=f"{_NDH}/location-new-patient"),
        _from_network("Location"),
        Parameter("contains", "special", "Location.extension(location-boundary-geojson)", (NDH,), values.NOBODY,
                  definition=f"{_NDH}/location-contains", says=_NOBODY_HAS),
        Parameter("near", "special", "Location.position", (NDH, MCSD), values.NEAR,
                  definition=f"{_R4}/Location-near", says=_NEAR_SAYS),
        _status("Location"),
    ],
    number=values.PLACE,
    includes={"organization": "managingOrganization", "partof": "partOf", "endpoint": "endpoint"},
    revincludes=("PractitionerRole:location", "HealthcareService:location", "HealthcareService:coverage-area",
                 "InsurancePlan:coverage-area", "OrganizationAffiliation:location"),
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
    revincludes=("PractitionerRole:organization", "HealthcareService:organization", "Location:organization",
                 "PractitionerRole:network", "HealthcareService:new-patient-from-network",
                 "Practitioner:qualification-issuer", "Endpoint:organization", "InsurancePlan:administered-by",
                 "InsurancePlan:owned-by", "OrganizationAffiliation:participating-organization",
                 "OrganizationAffiliation:primary-organization", "OrganizationAffiliation:network"),
)  # fmt: skip

_SERVICE = _kind(
    "HealthcareService",
    Of.PLACE,
    "What somebody offers at one place.",
    [
        _reference("location", "HealthcareService.location", values.TO_LOCATION, PLAN_NET, MCSD,
                   definition=f"{_R4}/HealthcareService-location"),
        _reference("organization", "HealthcareService.providedBy", values.TO_ORGANIZATION, PLAN_NET, MCSD,
                   definition=f"{_R4}/HealthcareService-organization"),
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
        _from_network("HealthcareService"),
        _token("eligibility", "HealthcareService.eligibility.code.coding", values.NOBODY, NDH,
               definition=f"{_NDH}/healthcareservice-eligibility", says="It is told in words and without a code."),
        _token("program", "HealthcareService.program", values.NOBODY, NDH,
               definition=f"{_R4}/HealthcareService-program"),
        _status("HealthcareService"),
    ],
    number=values.PLACE,
    includes={
        "location": "location",
        "organization": "providedBy",
        "coverage-area": "coverageArea",
        "endpoint": "endpoint",
        "new-patient-from-network": "",
    },
    revincludes=("PractitionerRole:service", "OrganizationAffiliation:service"),
    sorts=("near",),
)  # fmt: skip

_RESULT = _kind(
    "VerificationResult",
    Of.PAPER,
    "A check of somebody's licence with whoever keeps the register.",
    [
        _reference("target", "VerificationResult.target", values.OF_PAPER, FHIR,
                   definition=f"{_R4}/VerificationResult-target"),
        _reference("attestation-who", "VerificationResult.attestation.who", values.OF_PAPER, NDH,
                   definition=f"{_NDH}/verificationresult-attestation-who"),
        _token("status", "VerificationResult.status", values.VALIDATION, NDH,
               definition=f"{_NDH}/verificationresult-status"),
        _token("primarysource-type", "VerificationResult.primarySource.type", values.SOURCE_TYPE, NDH,
               definition=f"{_NDH}/verificationresult-primarysource-type"),
        _token("primarysource-validation-status", "VerificationResult.primarySource.validationStatus",
               values.VALIDATION_STATUS, NDH,
               definition=f"{_NDH}/verificationresult-primarysource-validation-status"),
    ],
    number=values.PAPER,
    includes={"target": "target", "attestation-who": "attestation.who"},
    profiles=(codes.NDH_VERIFICATION,),
)  # fmt: skip


def _chained(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The same, where behind each reference every parameter may follow that what it refers to has."""

    def behind(parameter: Parameter) -> Parameter:
        known = (kinds[each].parameters if each in kinds else _BEHIND_OTHERS.get(each, ()) for each in parameter.target)
        return replace(parameter, chains=tuple(dict.fromkeys(name for names in known for name in names)))

    return {
        name: replace(kind, parameters={key: behind(each) for key, each in kind.parameters.items()})
        for name, kind in kinds.items()
    }


TABLE: Final[Mapping[str, Kind]] = _chained(
    {each.name: each for each in (_PRACTITIONER, _ROLE, _LOCATION, _ORGANIZATION, _SERVICE, _RESULT)}
)
