"""Clients that others wrote read and page through the directory, over a real connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from fhirclient import client as smart
from fhirclient.models import bundle, location, practitioner, practitionerrole
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound
from werkzeug.serving import make_server

from directory.app import DirectoryApp
from tests.web import population
from tests.web.conftest import Clock

LATITUDE, LONGITUDE = population.PORTLAND


@pytest.fixture(scope="module")
def address(site: DirectoryApp, shared_clock: Clock) -> Iterator[str]:
    """Where the site answers, as a client is told."""
    shared_clock.now = population.NOW
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/fhir"
    server.shutdown()
    thread.join()
    server.server_close()


# --- fhirpy -------------------------------------------------------------------------------------------------------


@pytest.fixture
def fhirpy(address: str, shared_clock: Clock) -> SyncFHIRClient:
    shared_clock.now = population.NOW
    return SyncFHIRClient(address)


def test_fhirpy_pages_through_everybody(fhirpy: SyncFHIRClient) -> None:
    everybody = fhirpy.resources("Practitioner")
    found = everybody.limit(7).fetch_all()
    assert len(found) == everybody.count() == len({each.id for each in found}) > 50


def test_fhirpy_searches_and_follows_references(fhirpy: SyncFHIRClient) -> None:
    roles = fhirpy.resources("PractitionerRole").search(
        **{"location.near": f"{LATITUDE}|{LONGITUDE}|3|km", "specialty": "171100000X"}
    )
    found = roles.include("PractitionerRole", "practitioner").fetch_raw()
    people = [each.resource for each in found.entry if each.resource.resource_type == "Practitioner"]
    assert people
    role = next(each.resource for each in found.entry if each.search.mode == "match")
    person = role.practitioner.to_resource()
    assert person.id in {each.id for each in people}
    assert person.get_by_path(["name", 0, "family"])


def test_fhirpy_asks_by_what_refers_to_somebody(fhirpy: SyncFHIRClient) -> None:
    near = f"{LATITUDE}|{LONGITUDE}|3|km"
    people = fhirpy.resources("Practitioner").has("PractitionerRole", "practitioner", **{"location.near": near})
    roles = fhirpy.resources("PractitionerRole").search(**{"location.near": near}).fetch_all()
    found = {each.id for each in people.fetch_all()}
    assert found == {each.practitioner.id for each in roles}
    assert 0 < len(found) < fhirpy.resources("Practitioner").count()


def test_fhirpy_is_told_why_not(fhirpy: SyncFHIRClient) -> None:
    with pytest.raises(OperationOutcome) as refused:
        fhirpy.resources("Location").search(near="here").fetch()
    assert "latitude" in str(refused.value)
    with pytest.raises(ResourceNotFound):
        fhirpy.resources("Practitioner").search(_id="999999").get()


def test_fhirpy_reads_what_the_server_can(fhirpy: SyncFHIRClient) -> None:
    told = fhirpy.execute("metadata", method="get")
    assert told["fhirVersion"] == "4.0.1"


# --- fhirclient, whose models refuse whatever R4 does not know ------------------------------------------------------


@pytest.fixture
def server(address: str, shared_clock: Clock) -> smart.FHIRServer:
    shared_clock.now = population.NOW
    return smart.FHIRClient(settings={"app_id": "directory", "api_base": address}).server


def test_fhirclient_pages_through_every_role(server: smart.FHIRServer) -> None:
    seen: list[str] = []
    search = practitionerrole.PractitionerRole.where({"_count": "9", "active": "true"})
    for page in search.perform_iter(server):
        assert isinstance(page, bundle.Bundle)
        assert page.total > 50
        seen += [each.resource.id for each in page.entry]
    assert len(seen) == len(set(seen)) == page.total


def test_fhirclient_includes_people_and_reads_them(server: smart.FHIRServer) -> None:
    search = practitionerrole.PractitionerRole.where({"_count": "3"}).include("practitioner")
    page = next(search.perform_iter(server))
    people = [each.resource for each in page.entry if each.search.mode == "include"]
    assert len(people) == 3
    read = practitioner.Practitioner.read(people[0].id, server)
    assert read.as_json() == people[0].as_json()


def test_fhirclient_finds_what_is_near(server: smart.FHIRServer) -> None:
    search = location.Location.where({"near": f"{LATITUDE}|{LONGITUDE}|3|km"})
    page = next(search.perform_iter(server))
    km = [each.search.extension[0].valueDistance.value for each in page.entry]
    assert km == sorted(km)
    assert all(each.resource.position.latitude for each in page.entry)
