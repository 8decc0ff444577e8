"""The CapabilityStatement is true: everything it lists is called, and finds whoever is known to be there."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from directory.api.fhir.kinds import HAS
from directory.api.fhir.table import TABLE
from directory.app import DirectoryApp
from tests.web import population
from tests.web.conftest import Clock

LATITUDE, LONGITUDE = population.PORTLAND
KNOWN: dict[str, dict[str, str]] = {
    "Practitioner": {
        "name": "whole",
        "family": "pregnancy",
        "given": "whole",
        "active": "true",
        "identifier": "whole-pregnancy",
        "gender": "http://hl7.org/fhir/administrative-gender|female",
        "communication": "urn:ietf:bcp:47|ar",
        "qualification-code": "http://nucc.org/provider-taxonomy|171100000X",
        "address": "100 burnside",
        "address-city": "portland",
        "address-state": "OR",
        "address-postalcode": "97214",
        "address-country": "us",
        "address-use": "work",
        "verification-status": "complete",
    },
    "PractitionerRole": {
        "practitioner": "Practitioner/1",
        "organization": "Organization/1",
        "location": "1",
        "service": "HealthcareService/1",
        "role": "os",
        "specialty": "http://nucc.org/provider-taxonomy|171100000X",
        "active": "true",
        "new-patient": "newpt",
        "verification-status": "incomplete",
    },
    "Location": {
        "address": "100 burnside",
        "address-city": "portland",
        "address-state": "OR",
        "address-postalcode": "97214",
        "address-country": "us",
        "name": "burnside",
        "organization": "Organization/1",
        "type": "PROFF",
        "status": "active",
        "accessibility": "handiaccess",
        "address-use": "work",
        "new-patient": "newpt",
        "near": f"{LATITUDE}|{LONGITUDE}|5|km",
        "verification-status": "incomplete",
    },
    "Organization": {
        "address": "100 burnside",
        "address-city": "portland",
        "address-state": "OR",
        "address-postalcode": "97214",
        "address-country": "us",
        "name": "burnside",
        "address-use": "work",
        "type": "prvgrp",
        "active": "true",
        "verification-status": "incomplete",
    },
    "HealthcareService": {
        "location": "Location/1",
        "organization": "Organization/1",
        "name": "acupuncture at",
        "service-category": "prov",
        "service-type": "13",
        "specialty": "171100000X",
        "active": "true",
        "new-patient": "newpt",
        "verification-status": "incomplete",
    },
    "VerificationResult": {
        "target": "Practitioner/1",
        "attestation-who": "Practitioner/1",
        "status": "validated",
        "primarysource-type": "lic-board",
        "primarysource-validation-status": "successful",
    },
}
OF_ALL = {"_id": "1", "_lastUpdated": "ge1970", "_tag": "HTEST", "_security": "HTEST"}
NOT_HERE = {("PractitionerRole", "identifier"), ("Location", "identifier"), ("Organization", "identifier"),
            ("HealthcareService", "identifier"), ("HealthcareService", "eligibility"),
            ("HealthcareService", "program"), ("Location", "contains")}  # fmt: skip
"""Parameters of elements that no resource of the type has."""


@pytest.fixture
def fhir(site: DirectoryApp, shared_clock: Clock) -> FlaskClient:
    shared_clock.now = population.NOW
    return site.test_client(use_cookies=False)


@pytest.fixture
def listed(fhir: FlaskClient) -> dict[str, dict[str, Any]]:
    """What the statement says of each type."""
    told = json.loads(fhir.get("/fhir/metadata").data)
    return {each["type"]: each for each in told["rest"][0]["resource"]}


def total(fhir: FlaskClient, kind: str, **pairs: str) -> int:
    answer = fhir.get(f"/fhir/{kind}?{urlencode(pairs)}", headers={"Prefer": "handling=strict"})
    assert answer.status_code == 200, answer.text
    found: int = json.loads(answer.data)["total"]
    return found


def nobody(kind: str, name: str) -> bool:
    """Whether no resource of the type has such an element."""
    return (kind, name) in NOT_HERE or TABLE[kind].parameters[name].nobody_refers


def known(kind: str, name: str) -> str | None:
    """A value that somebody has."""
    return TABLE[kind].profiles[0] if name == "_profile" else (OF_ALL | KNOWN[kind]).get(name)


@pytest.mark.parametrize("kind", TABLE)
def test_every_parameter_that_is_listed_finds_somebody_known(
    fhir: FlaskClient, listed: dict[str, dict[str, Any]], kind: str
) -> None:
    for name in (each["name"] for each in listed[kind]["searchParam"] if each["name"] != HAS):
        if nobody(kind, name):
            target = TABLE[kind].parameters[name].target
            assert total(fhir, kind, **{name: f"{target[0]}/1" if target else "x"}) == 0
        else:
            assert total(fhir, kind, **{name: known(kind, name) or ""}) > 0, name


@pytest.mark.parametrize("kind", TABLE)
def test_every_way_back_that_is_listed_finds_whom_somebody_known_refers_to(
    fhir: FlaskClient, listed: dict[str, dict[str, Any]], kind: str
) -> None:
    told = [each for each in listed[kind]["searchParam"] if each["name"] == HAS]
    assert len(told) == bool(TABLE[kind].revincludes)
    for way in TABLE[kind].revincludes:
        assert f"{HAS}:{way}:" in told[0]["documentation"]
        source, _, reference = way.partition(":")
        if source not in TABLE:
            assert total(fhir, kind, **{f"{HAS}:{way}:anything": "1"}) == 0
            continue
        for name in TABLE[source].parameters:
            value = known(source, name) or "Organization/1"
            found = total(fhir, kind, **{f"{HAS}:{way}:{name}": value if not nobody(source, name) else "1"})
            assert (found > 0) is not (nobody(source, name) or nobody(source, reference)), (way, name)


@pytest.mark.parametrize("kind", TABLE)
def test_every_modifier_that_is_listed_can_be_asked(
    fhir: FlaskClient, listed: dict[str, dict[str, Any]], kind: str
) -> None:
    everybody = total(fhir, kind)
    for parameter in listed[kind]["searchParam"]:
        name, says = parameter["name"], parameter["documentation"]
        value = (None if name == HAS else known(kind, name)) or "1"
        if ":missing" in says:
            lacking = total(fhir, kind, **{f"{name}:missing": "true"})
            assert lacking + total(fhir, kind, **{f"{name}:missing": "false"}) == everybody
            assert (lacking == everybody) is nobody(kind, name)
        if ":not" in says:
            assert total(fhir, kind, **{name: value}) + total(fhir, kind, **{f"{name}:not": value}) == everybody
        if ":exact" in says:
            assert total(fhir, kind, **{f"{name}:exact": "nobody is called so"}) == 0
            assert total(fhir, kind, **{f"{name}:contains": value}) >= total(fhir, kind, **{name: value})


@pytest.mark.parametrize("kind", TABLE)
def test_every_chain_that_is_listed_can_be_asked(
    fhir: FlaskClient, listed: dict[str, dict[str, Any]], kind: str
) -> None:
    for parameter in listed[kind]["searchParam"]:
        reference = TABLE[kind].parameters.get(parameter["name"])
        for chain in () if reference is None else reference.chains:
            name = f"{parameter['name']}.{chain}"
            assert name in parameter["documentation"]
            target = TABLE[kind].parameters[parameter["name"]].target[0]
            if nobody(kind, parameter["name"]) or nobody(target, chain):
                value = known(target, chain) if target in TABLE else None
                assert total(fhir, kind, **{name: value or "1"}) == 0
            else:
                assert total(fhir, kind, **{name: known(target, chain) or ""}) > 0, name


@pytest.mark.parametrize("kind", TABLE)
def test_every_include_that_is_listed_brings_what_it_names(
    fhir: FlaskClient, listed: dict[str, dict[str, Any]], kind: str
) -> None:
    for way, names in (("_include", "searchInclude"), ("_revinclude", "searchRevInclude")):
        for include in listed[kind].get(names, []):
            query = urlencode({way: include, "_count": "3"})
            answer = fhir.get(f"/fhir/{kind}?{query}", headers={"Prefer": "handling=strict"})
            assert answer.status_code == 200
            modes = {each["search"]["mode"] for each in json.loads(answer.data)["entry"]}
            source, _, name = include.partition(":")
            assert ("include" in modes) is (source in TABLE and not nobody(source, name)), include


def test_what_the_guides_demand_is_listed(listed: dict[str, dict[str, Any]]) -> None:
    demanded = {
        "Practitioner": "_id _lastUpdated name family given active identifier gender qualification-code"
        " qualification-issuer endpoint verification-status",
        "PractitionerRole": "_id _lastUpdated practitioner organization location service network endpoint role"
        " specialty active identifier new-patient verification-status",
        "Location": "_id _lastUpdated address address-city address-state address-postalcode organization partof"
        " type endpoint identifier name status near accessibility address-country address-use contains"
        " verification-status",
        "Organization": "_id _lastUpdated name address address-city address-country address-postalcode address-state"
        " address-use type partof endpoint coverage-area active identifier verification-status",
        "HealthcareService": "_id _lastUpdated location organization name service-category service-type specialty"
        " coverage-area endpoint active identifier new-patient new-patient-from-network eligibility program"
        " verification-status",
        "VerificationResult": "_id _lastUpdated target attestation-who status primarysource-type"
        " primarysource-validation-status",
    }
    for kind, names in demanded.items():
        assert set(names.split()) <= {each["name"] for each in listed[kind]["searchParam"]}
    includes = {
        "PractitionerRole": {"practitioner", "organization", "location", "service", "network", "endpoint"},
        "Location": {"organization", "partof", "endpoint"},
        "HealthcareService": {"location", "organization", "coverage-area", "endpoint", "new-patient-from-network"},
        "Organization": {"partof", "endpoint", "coverage-area"},
        "Practitioner": {"endpoint", "qualification-issuer"},
        "VerificationResult": {"target", "attestation-who"},
    }
    for kind, wanted in includes.items():
        assert {f"{kind}:{each}" for each in wanted} <= set(listed[kind]["searchInclude"])
    reverse = {
        "Practitioner": "PractitionerRole:practitioner",
        "Location": "PractitionerRole:location HealthcareService:location HealthcareService:coverage-area"
        " InsurancePlan:coverage-area OrganizationAffiliation:location",
        "Organization": "PractitionerRole:organization PractitionerRole:network HealthcareService:organization"
        " Location:organization Endpoint:organization InsurancePlan:administered-by InsurancePlan:owned-by"
        " OrganizationAffiliation:primary-organization OrganizationAffiliation:participating-organization",
        "HealthcareService": "PractitionerRole:service OrganizationAffiliation:service",
    }
    for kind, names in reverse.items():
        assert set(names.split()) <= set(listed[kind]["searchRevInclude"])


def test_types_are_search_types_and_the_units_are_told(listed: dict[str, dict[str, Any]]) -> None:
    types = {each["type"] for told in listed.values() for each in told["searchParam"]}
    assert types <= {"number", "date", "string", "token", "reference", "composite", "quantity", "uri", "special"}
    (near,) = [each for each in listed["Location"]["searchParam"] if each["name"] == "near"]
    assert "40 km" in near["documentation"]
    assert "several of one person each by itself" in near["documentation"]


@pytest.mark.parametrize("kind", TABLE)
def test_what_interactions_are_listed_are_there(
    fhir: FlaskClient, listed: dict[str, dict[str, Any]], kind: str
) -> None:
    first = json.loads(fhir.get(f"/fhir/{kind}?_count=1").data)["entry"][0]["resource"]
    one = f"/fhir/{kind}/{first['id']}"
    ways = {
        "read": one,
        "vread": f"{one}/_history/{first['meta']['versionId']}",
        "history-instance": f"{one}/_history",
        "history-type": f"/fhir/{kind}/_history",
        "search-type": f"/fhir/{kind}",
    }
    assert {each["code"] for each in listed[kind]["interaction"]} == ways.keys()
    for address in ways.values():
        assert fhir.get(address).status_code == 200, address
