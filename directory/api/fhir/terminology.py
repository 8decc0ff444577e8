"""Addresses and codes of the standards that our resources speak: HL7's own, Plan-Net (Da Vinci PDex), mCSD (IHE), NDH.

Sources: HL7/davinci-pdex-plan-net (input/fsh), HL7/fhir-us-ndh (input/fsh), IHE/ITI.mCSD (input/fsh), and
https://terminology.hl7.org for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from directory.credentials.terms import CheckMethod, CredentialKind
from directory.practitioners.terms import Accepting, Gender, LanguageLevel, Profession

FHIR_VERSION: Final = "4.0.1"

PLAN_NET: Final = "http://hl7.org/fhir/us/davinci-pdex-plan-net"
NDH: Final = "http://hl7.org/fhir/us/ndh"
MCSD: Final = "https://profiles.ihe.net/ITI/mCSD/StructureDefinition"
HL7: Final = "http://terminology.hl7.org/CodeSystem"

# --- profiles -----------------------------------------------------------------------------------------------------


def plan_net_profile(kind: str) -> str:
    """The address of Plan-Net's profile of this type."""
    return f"{PLAN_NET}/StructureDefinition/plannet-{kind}"


def mcsd_profile(kind: str) -> str:
    """The address of mCSD's profile of this type."""
    return f"{MCSD}/IHE.mCSD.{kind}"


NDH_VERIFICATION: Final = f"{NDH}/StructureDefinition/ndh-Verification"

# --- extensions ---------------------------------------------------------------------------------------------------

NEW_PATIENTS: Final = f"{PLAN_NET}/StructureDefinition/newpatients"
ACCESSIBILITY: Final = f"{PLAN_NET}/StructureDefinition/accessibility"
DELIVERY_METHOD: Final = f"{PLAN_NET}/StructureDefinition/delivery-method"
PRACTITIONER_QUALIFICATION: Final = f"{PLAN_NET}/StructureDefinition/practitioner-qualification"
PROFICIENCY: Final = f"{PLAN_NET}/StructureDefinition/communication-proficiency"
VERIFICATION_STATUS: Final = f"{NDH}/StructureDefinition/base-ext-verification-status"
GEOLOCATION: Final = "http://hl7.org/fhir/StructureDefinition/geolocation"

# --- code systems -------------------------------------------------------------------------------------------------

NUCC: Final = "http://nucc.org/provider-taxonomy"
ACUPUNCTURIST: Final = "171100000X"
NPI: Final = "http://hl7.org/fhir/sid/us-npi"
STATES: Final = "https://www.usps.com/"
COUNTRIES: Final = "urn:iso:std:iso:3166"
SUBDIVISIONS: Final = "urn:iso:std:iso:3166:-2"
LANGUAGES: Final = "urn:ietf:bcp:47"
SERVICE_TYPE: Final = f"{HL7}/service-type"
SERVICE_IS_ACUPUNCTURE: Final = "13"
ROLE_CODE: Final = f"{HL7}/v3-RoleCode"
PROVIDERS_OFFICE: Final = "PROFF"
PHYSICAL_TYPE: Final = f"{HL7}/location-physical-type"
ACT_REASON: Final = f"{HL7}/v3-ActReason"
TEST_DATA: Final = "HTEST"
IDENTIFIER_TYPE: Final = f"{HL7}/v2-0203"
DEGREE: Final = f"{HL7}/v2-0360"
OBSERVATION_VALUE: Final = f"{HL7}/v3-ObservationValue"
SUBSETTED: Final = "SUBSETTED"

ACCEPTING_CODES: Final = f"{PLAN_NET}/CodeSystem/AcceptingPatientsCS"
ACCESSIBILITY_CODES: Final = f"{PLAN_NET}/CodeSystem/AccessibilityCS"
DELIVERY_CODES: Final = f"{PLAN_NET}/CodeSystem/DeliveryMethodCS"
CATEGORY_CODES: Final = f"{PLAN_NET}/CodeSystem/HealthcareServiceCategoryCS"
ORGANIZATION_CODES: Final = f"{PLAN_NET}/CodeSystem/OrgTypeCS"
ROLE_CODES: Final = f"{PLAN_NET}/CodeSystem/ProviderRoleCS"
PROFICIENCY_CODES: Final = f"{PLAN_NET}/CodeSystem/LanguageProficiencyCS"
VERIFICATION_STATUS_CODES: Final = f"{NDH}/CodeSystem/NdhVerificationStatusCS"

NEED: Final = f"{HL7}/need"
VALIDATION_TYPE: Final = f"{HL7}/validation-type"
VALIDATION_PROCESS: Final = f"{HL7}/validation-process"
FAILURE_ACTION: Final = f"{HL7}/failure-action"
PRIMARY_SOURCE_TYPE: Final = f"{HL7}/primary-source-type"
VALIDATION_STATUS: Final = f"{HL7}/validation-status"
COMMUNICATION_METHOD: Final = f"{HL7}/verificationresult-communication-method"
CAN_PUSH: Final = f"{HL7}/can-push-updates"

# --- from our words to theirs -------------------------------------------------------------------------------------

GENDERS: Final[Mapping[Gender, str]] = {
    Gender.FEMALE: "female",
    Gender.MALE: "male",
    Gender.NON_BINARY: "other",
}
ACCEPTS: Final[Mapping[Accepting, tuple[str, str]]] = {
    Accepting.YES: ("newpt", "Accepting"),
    Accepting.CLOSED: ("nopt", "Not Accepting"),
}
"""``UNKNOWN`` has no code: what nobody knows is left out."""

PROFICIENCIES: Final[Mapping[LanguageLevel, tuple[str, str]]] = {
    LanguageLevel.BASIC: ("10", "Elementary proficiency"),
    LanguageLevel.CONVERSATIONAL: ("20", "Limited working proficiency"),
    LanguageLevel.FLUENT: ("40", "Advanced professional proficiency"),
    LanguageLevel.NATIVE: ("50", "Functional native proficiency"),
}

DOCTOR_OF_ORIENTAL_MEDICINE: Final = ("om", "Doctor of Oriental Medicine")
OTHER_SERVICE_PROVIDER: Final = ("os", "Other Service Provider")
"""The grouping under which the NUCC taxonomy itself lists acupuncturists; Plan-Net has no role of that name."""
ROLES: Final[Mapping[Profession, tuple[str, str]]] = {
    Profession.ACUPUNCTURIST: OTHER_SERVICE_PROVIDER,
    Profession.PHYSICIAN: ("ph", "Physician"),
    Profession.PHYSIOTHERAPIST: ("pt", "Physical Therapist"),
    Profession.NURSE: ("nu", "Nursing Service Related Providers"),
    Profession.MIDWIFE: OTHER_SERVICE_PROVIDER,
}

_BY_LAW: Final = frozenset({"US-NM"})
"""Where the licence to practise acupuncture is a licence as Doctor of Oriental Medicine."""
_BY_TITLE: Final = frozenset({"US-NV"})
"""Where it may be one, and the title in use says whether it is."""


def role(profession: Profession, jurisdiction: str | None, title: str | None) -> tuple[str, str]:
    """The role of somebody who may be shown there: ``om`` only where it is true."""
    if profession is Profession.ACUPUNCTURIST and (
        jurisdiction in _BY_LAW
        or (jurisdiction in _BY_TITLE and "doctor of oriental medicine" in (title or "").lower())
    ):
        return DOCTOR_OF_ORIENTAL_MEDICINE
    return ROLES.get(profession, OTHER_SERVICE_PROVIDER)


SOURCES: Final[Mapping[CredentialKind, tuple[str, str]]] = {
    CredentialKind.STATUTORY_LICENCE: ("lic-board", "License Board"),
    CredentialKind.STATUTORY_REGISTRATION: ("lic-board", "License Board"),
    CredentialKind.CERTIFICATION_STATE: ("lic-board", "License Board"),
    CredentialKind.STATUTORY_OTHER_PROFESSION: ("lic-board", "License Board"),
    CredentialKind.ACCREDITED_REGISTER: ("reg-auth", "Registration Authority"),
    CredentialKind.PROFESSIONAL_BODY: ("reg-auth", "Registration Authority"),
    CredentialKind.LOCAL_AUTHORITY_REGISTRATION: ("reg-auth", "Registration Authority"),
    CredentialKind.SPECIAL_PROCEDURE_LICENCE: ("reg-auth", "Registration Authority"),
    CredentialKind.PREMISES_APPROVAL: ("reg-auth", "Registration Authority"),
    CredentialKind.EDUCATION: ("prim", "Primary Education"),
    CredentialKind.CLEAN_NEEDLE_TECHNIQUE: ("cont-ed", "Continuing Education"),
    CredentialKind.MATERNITY_TRAINING: ("cont-ed", "Continuing Education"),
    CredentialKind.RLS_TRAINING: ("cont-ed", "Continuing Education"),
}
ISSUING_SOURCE: Final = ("issuer", "Issuing source")

PROCESSES: Final[Mapping[CheckMethod, str]] = {
    CheckMethod.PRIMARY_SOURCE: "The register was looked up",
    CheckMethod.ROSTER_FILE: "The list that the register publishes was read",
    CheckMethod.TELEPHONE: "The register confirmed it by telephone",
}
