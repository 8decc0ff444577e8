"""What the profiles that our resources claim demand, in one table, and a checker that holds a resource against it.

``fhir.resources`` knows the elements of FHIR and their types, and neither profiles nor the codes they bind. Sources:
HL7/davinci-pdex-plan-net (input/fsh, 1.1) with the US Core profiles it is made of, IHE/ITI.mCSD (input/fsh) and
HL7/fhir-us-ndh (input/fsh). The elements are those of R4 (4.0.1, https://hl7.org/fhir/R4/).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

Resource = Mapping[str, Any]
Rule = Callable[[Resource], Iterator[str]]

PLAN_NET = "http://hl7.org/fhir/us/davinci-pdex-plan-net"
NDH = "http://hl7.org/fhir/us/ndh"
MCSD = "https://profiles.ihe.net/ITI/mCSD/StructureDefinition/IHE.mCSD"
HL7 = "http://terminology.hl7.org/CodeSystem"
NUCC = "http://nucc.org/provider-taxonomy"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# fmt: off
STATES = _set(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR"
    " PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI UM FM MH PW")
ROLES = _set(
    "ap apn at au bh ba bt cnw crnp ch cs co dp de drr dn om em ho lpn mt ma nh na nu ot op oo os rx pt ph pa po py rn"
    " rt sw sp sh te")
_DOMAIN = "resourceType id meta implicitRules language text contained extension modifierExtension"
ELEMENTS = {
    "Practitioner": "identifier active name telecom address gender birthDate photo qualification communication",
    "PractitionerRole": "identifier active period practitioner organization code specialty location healthcareService"
        " telecom availableTime notAvailable availabilityExceptions endpoint",
    "Location": "identifier status operationalStatus name alias description mode type telecom address physicalType"
        " position managingOrganization partOf hoursOfOperation availabilityExceptions endpoint",
    "Organization": "identifier active type name alias telecom address partOf contact endpoint",
    "HealthcareService": "identifier active providedBy category type specialty location name comment extraDetails photo"
        " telecom coverageArea serviceProvisionCode eligibility program characteristic communication referralMethod"
        " appointmentRequired availableTime notAvailable availabilityExceptions endpoint",
    "VerificationResult": "target targetLocation need status statusDate validationType validationProcess frequency"
        " lastPerformed nextScheduled failureAction primarySource attestation validator",
}
"""Of R4, beside those that every resource may have."""
# fmt: on

CODES: Mapping[str, frozenset[str] | None] = {
    f"{PLAN_NET}/CodeSystem/AcceptingPatientsCS": _set("nopt newpt existptonly existptfam"),
    f"{PLAN_NET}/CodeSystem/AccessibilityCS": _set("cultcomp handiaccess adacomp pubtrans anssrvc cognitive mobility"),
    f"{PLAN_NET}/CodeSystem/DeliveryMethodCS": frozenset({"virtual", "physical"}),
    f"{PLAN_NET}/CodeSystem/HealthcareServiceCategoryCS": _set(
        "behav dent dme emerg group home hosp lab other outpat prov pharm trans urg vis"
    ),
    f"{PLAN_NET}/CodeSystem/OrgTypeCS": _set("fac prvgrp payer atyprv bus"),
    f"{PLAN_NET}/CodeSystem/ProviderRoleCS": ROLES,
    f"{PLAN_NET}/CodeSystem/LanguageProficiencyCS": _set("00 10 20 30 40 50"),
    f"{NDH}/CodeSystem/NdhVerificationStatusCS": _set("complete incomplete not-required"),
    f"{HL7}/need": _set("none initial periodic"),
    f"{HL7}/validation-type": _set("nothing primary multiple"),
    f"{HL7}/validation-process": _set("edit-check valueset primary multi standalone in-context"),
    f"{HL7}/failure-action": _set("fatal warn rec-only none"),
    f"{HL7}/primary-source-type": _set("lic-board prim cont-ed post-serv rel-own reg-auth legal issuer auth-source"),
    f"{HL7}/validation-status": _set("successful failed unknown"),
    f"{HL7}/verificationresult-communication-method": _set("manual portal pull push"),
    f"{HL7}/can-push-updates": _set("yes no undetermined"),
    f"{HL7}/service-type": frozenset({"13"}),
    f"{HL7}/v3-RoleCode": frozenset({"PROFF"}),
    f"{HL7}/location-physical-type": frozenset({"bu", "area"}),
    f"{HL7}/v3-ActReason": frozenset({"HTEST"}),
    f"{HL7}/v2-0203": frozenset({"NPI", "LN"}),
    f"{HL7}/v2-0360": frozenset({"MD", "DO"}),
    NUCC: frozenset({"171100000X"}),
    "https://www.usps.com/": STATES,
    "urn:iso:std:iso:3166": None,
    "urn:iso:std:iso:3166:-2": None,
    "urn:ietf:bcp:47": None,
}
"""Every system that a coding of ours may name, with its codes, or those of them that we may use. ``None``: any."""

EXTENSIONS: Mapping[str, str | tuple[str, ...]] = {
    f"{PLAN_NET}/StructureDefinition/newpatients": ("acceptingPatients", "characteristics"),
    f"{PLAN_NET}/StructureDefinition/accessibility": "valueCodeableConcept",
    f"{PLAN_NET}/StructureDefinition/delivery-method": ("type", "virtualModalities"),
    f"{PLAN_NET}/StructureDefinition/practitioner-qualification": ("status", "whereValid"),
    f"{PLAN_NET}/StructureDefinition/communication-proficiency": "valueCodeableConcept",
    f"{NDH}/StructureDefinition/base-ext-verification-status": "valueCodeableConcept",
    "http://hl7.org/fhir/StructureDefinition/geolocation": ("latitude", "longitude"),
}
"""What each extension holds: the name of its value, or the parts it may have."""


def at(resource: Any, path: str) -> list[Any]:
    """Everything that stands at a path, lists taken apart: ``qualification.code.coding``."""
    found = [resource]
    for name in path.split(".") if path else []:
        found = [inner for each in found if isinstance(each, Mapping) for inner in _many(each.get(name))]
    return found


def _many(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def some(holder: str, *names: str, most: int | None = None) -> Rule:
    """Each of these stands at least once in every holder, and at most so often."""

    def check(resource: Resource) -> Iterator[str]:
        for each in at(resource, holder):
            for name in names:
                count = len(_many(each.get(name)))
                if count == 0 or (most is not None and count > most):
                    yield f"{holder or resource['resourceType']}.{name} stands {count} times"

    return check


def is_(path: str, value: Any) -> Rule:
    """What stands there has this value."""

    def check(resource: Resource) -> Iterator[str]:
        found = at(resource, path)
        if found != [value]:
            yield f"{path} is {found} and not {value}"

    return check


def bound(path: str, system: str, codes: Iterable[str] | None = None, *, one_of_them: bool = False) -> Rule:
    """A required binding: each concept there has a code of the system; with ``one_of_them`` at least one concept."""
    allowed = CODES[system] if codes is None else frozenset(codes)

    def fits(concept: Mapping[str, Any]) -> bool:
        return any(
            each.get("system") == system and (allowed is None or each.get("code") in allowed)
            for each in concept.get("coding", ())
        )

    def check(resource: Resource) -> Iterator[str]:
        concepts = at(resource, path)
        wrong = [each for each in concepts if not fits(each)]
        if (one_of_them and len(wrong) == len(concepts)) or (wrong and not one_of_them):
            yield f"{path} has no code of {system}: {wrong[:1]}"

    return check


def without(*names: str) -> Rule:
    """These do not stand in the resource."""
    return lambda resource: (f"{name} must not be there" for name in names if name in resource)


def in_extension(url: str, part: str, system: str, *, holder: str = "") -> Rule:
    """A required binding of a part of an extension, wherever the extension stands in the holder."""

    def check(resource: Resource) -> Iterator[str]:
        for found in at(resource, f"{holder}.extension" if holder else "extension"):
            if found["url"] != url:
                continue
            for each in found.get("extension", ()):
                if each["url"] == part:
                    yield from bound("valueCodeableConcept", system)(each)

    return check


_ACCEPTING = in_extension(
    f"{PLAN_NET}/StructureDefinition/newpatients", "acceptingPatients", f"{PLAN_NET}/CodeSystem/AcceptingPatientsCS"
)
_QUALIFICATION = f"{PLAN_NET}/StructureDefinition/practitioner-qualification"


def _qualifications(resource: Resource) -> Iterator[str]:
    """Plan-Net: a status, fixed as active, and only states of the United States as places."""
    for each in at(resource, "qualification.extension"):
        if each["url"] != _QUALIFICATION:
            continue
        states = [part.get("valueCode") for part in each["extension"] if part["url"] == "status"]
        if states != ["active"]:
            yield f"the status of a qualification is {states}"
        for part in each["extension"]:
            if part["url"] == "whereValid":
                yield from bound("valueCodeableConcept", "https://www.usps.com/")(part)


def _someone(resource: Resource) -> Iterator[str]:
    if not any(resource.get(each) for each in ("practitioner", "organization", "healthcareService", "location")):
        yield "a role of nobody and nowhere"


_LANGUAGES = bound("communication", "urn:ietf:bcp:47")
PROFILES: Mapping[str, tuple[str, Sequence[Rule]]] = {
    f"{PLAN_NET}/StructureDefinition/plannet-Practitioner": (
        "Practitioner",
        (
            some("", "meta", "identifier", "name"),
            some("meta", "lastUpdated", most=1),
            some("identifier", "system", "value", most=1),
            some("name", "family", most=1),
            some("", "qualification"),
            some("qualification", "code", most=1),
            is_("active", True),
            _qualifications,
            _LANGUAGES,
        ),
    ),
    f"{PLAN_NET}/StructureDefinition/plannet-PractitionerRole": (
        "PractitionerRole",
        (
            some("meta", "lastUpdated", most=1),
            some("", "practitioner", "organization", most=1),
            some("", "telecom"),
            some("telecom", "system", "value", most=1),
            is_("active", True),
            bound("code", f"{PLAN_NET}/CodeSystem/ProviderRoleCS"),
            bound("specialty", NUCC),
            _ACCEPTING,
            _someone,
        ),
    ),
    f"{PLAN_NET}/StructureDefinition/plannet-Location": (
        "Location",
        (
            some("meta", "lastUpdated", most=1),
            some("", "name", "managingOrganization", most=1),
            some("position", "latitude", "longitude", most=1),
            is_("status", "active"),
            without("mode"),
            _ACCEPTING,
        ),
    ),
    f"{PLAN_NET}/StructureDefinition/plannet-Organization": (
        "Organization",
        (
            some("meta", "lastUpdated", most=1),
            some("", "type", "address"),
            some("", "name", most=1),
            is_("active", True),
            bound("type", f"{PLAN_NET}/CodeSystem/OrgTypeCS"),
        ),
    ),
    f"{PLAN_NET}/StructureDefinition/plannet-HealthcareService": (
        "HealthcareService",
        (
            some("meta", "lastUpdated", most=1),
            some("", "category", "location"),
            is_("active", True),
            bound("category", f"{PLAN_NET}/CodeSystem/HealthcareServiceCategoryCS", {"prov", "outpat"}),
            bound("specialty", NUCC),
            _ACCEPTING,
            in_extension(
                f"{PLAN_NET}/StructureDefinition/delivery-method", "type", f"{PLAN_NET}/CodeSystem/DeliveryMethodCS"
            ),
            _LANGUAGES,
        ),
    ),
    f"{MCSD}.Practitioner": ("Practitioner", (some("", "name"),)),
    f"{MCSD}.PractitionerRole": ("PractitionerRole", (some("", "code"),)),
    f"{MCSD}.Location": (
        "Location",
        (
            some("", "type"),
            some("", "name", "status", most=1),
            without("implicitRules", "modifierExtension"),
        ),
    ),
    f"{MCSD}.LocationDistance": ("Location", (some("", "position", most=1),)),
    f"{MCSD}.Organization": (
        "Organization",
        (some("", "type"), some("", "name", most=1), without("implicitRules", "modifierExtension")),
    ),
    f"{MCSD}.HealthcareService": ("HealthcareService", (some("", "type"), some("", "name", most=1))),
    f"{NDH}/StructureDefinition/ndh-Verification": (
        "VerificationResult",
        (
            some("", "target", "validationProcess"),
            some("", "need", "status", "statusDate", "validationType", "failureAction", "attestation", most=1),
            some("attestation", "who", "communicationMethod", "date", most=1),
            some("primarySource", "type", "who"),
            some("validator", "organization", most=1),
            bound("need", f"{HL7}/need"),
            bound("validationType", f"{HL7}/validation-type"),
            bound("validationProcess", f"{HL7}/validation-process"),
            bound("failureAction", f"{HL7}/failure-action"),
            bound("primarySource.type", f"{HL7}/primary-source-type"),
            bound("primarySource.validationStatus", f"{HL7}/validation-status"),
        ),
    ),
}
"""By its address: the type of resource that a profile is for, and what it demands."""

EXPECTED = {
    "Practitioner": f"{MCSD}.Practitioner",
    "PractitionerRole": f"{MCSD}.PractitionerRole",
    "Location": f"{PLAN_NET}/StructureDefinition/plannet-Location",
    "Organization": f"{PLAN_NET}/StructureDefinition/plannet-Organization",
    "HealthcareService": f"{PLAN_NET}/StructureDefinition/plannet-HealthcareService",
    "VerificationResult": f"{NDH}/StructureDefinition/ndh-Verification",
}
"""What each resource claims at least."""


@dataclass(frozen=True)
class Fault:
    """Something a resource does not keep."""

    resource: str
    says: str

    def __str__(self) -> str:
        return f"{self.resource}: {self.says}"


def faults(resource: Resource) -> list[Fault]:
    """Everything that is wrong with a resource: its elements, its codes, its extensions, its text, its profiles."""
    name = f"{resource.get('resourceType')}/{resource.get('id')}"
    found = [
        *_elements(resource),
        *_values(resource, ""),
        *_extensions(resource),
        *_narrative(resource),
        *_profiles(resource),
    ]
    return [Fault(name, each) for each in found]


def _elements(resource: Resource) -> Iterator[str]:
    known = {*_DOMAIN.split(), *ELEMENTS[resource["resourceType"]].split()}
    yield from (f"R4 has no element {name} here" for name in resource if name not in known)
    if not re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", resource["id"]):
        yield "the id is none"


def _values(value: Any, path: str) -> Iterator[str]:
    """Nothing is empty, no text begins or ends in the void, and every coding is of a system that is known here."""
    if value is None or value in ("", [], {}):
        yield f"{path} is empty"
    elif isinstance(value, str):
        if value != value.strip():
            yield f"{path} has blanks around it"
        if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", value):
            yield f"{path} holds what no XML can say"
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _values(each, f"{path}[{number}]")
    elif isinstance(value, Mapping):
        if {"system", "code"} <= value.keys():
            yield from _coding(value, path)
        for name, each in value.items():
            yield from _values(each, f"{path}.{name}")


def _coding(coding: Mapping[str, Any], path: str) -> Iterator[str]:
    if coding["system"] not in CODES:
        yield f"{path}: nobody knows the system {coding['system']}"
        return
    codes = CODES[coding["system"]]
    if codes is not None and coding["code"] not in codes:
        yield f"{path}: {coding['system']} has no code {coding['code']}"


def _extensions(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _extensions(each)
        return
    if not isinstance(value, Mapping):
        return
    for name, inner in value.items():
        if name != "extension":
            yield from _extensions(inner)
            continue
        for each in inner:
            yield from _extension(each)


def _extension(found: Mapping[str, Any]) -> Iterator[str]:
    holds = EXTENSIONS.get(found["url"])
    if holds is None:
        yield f"nobody knows the extension {found['url']}"
    elif isinstance(holds, str):
        if set(found) != {"url", holds}:
            yield f"{found['url']} holds {sorted(found)}"
    else:
        parts = [each["url"] for each in found.get("extension", ())]
        if set(found) != {"url", "extension"} or not set(parts) <= set(holds) or holds[0] not in parts:
            yield f"{found['url']} holds {sorted(found)} with {parts}"


def _narrative(resource: Resource) -> Iterator[str]:
    text = resource.get("text", {})
    if text.get("status") != "generated":
        yield "the text is not said to be generated"
    try:
        root = ElementTree.fromstring(text.get("div", ""))
    except ElementTree.ParseError as error:
        yield f"the text is no XHTML: {error}"
        return
    if {each.tag.rpartition("}")[2] for each in root.iter()} - {"div", "p"} or any(each.attrib for each in root.iter()):
        yield "the text holds more than paragraphs"
    if not "".join(root.itertext()).strip():
        yield "the text says nothing"


def _profiles(resource: Resource) -> Iterator[str]:
    claimed = resource["meta"].get("profile", [])
    if EXPECTED[resource["resourceType"]] not in claimed:
        yield f"it claims only {claimed}"
    for url in claimed:
        kind, rules = PROFILES[url]
        if kind != resource["resourceType"]:
            yield f"{url} is of {kind}"
        for rule in rules:
            yield from (f"{each} ({url.rpartition('/')[2]})" for each in rule(resource))


def references(resource: Any) -> Iterator[str]:
    """Every other resource that this one names."""
    if isinstance(resource, list):
        for each in resource:
            yield from references(each)
    elif isinstance(resource, Mapping):
        if isinstance(resource.get("reference"), str):
            yield resource["reference"]
        for each in resource.values():
            yield from references(each)
