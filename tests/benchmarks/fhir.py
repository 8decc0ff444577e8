"""FHIR searches of fifty entries against the page for people, asked in turn of the same server."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Final
from urllib.parse import quote

from tests.benchmarks import report, site

TURNS = 40
PAGE: Final = "/search?place=10001"
NEAR: Final = quote("40.75|-73.99|40|km")
SEARCHES: Final[Mapping[str, str]] = {
    "near, 50 places": f"/fhir/Location?near={NEAR}&_count=50",
    "near, 50 roles": f"/fhir/PractitionerRole?location.near={NEAR}&_count=50",
    "near, 50 roles with 4 includes": f"/fhir/PractitionerRole?location.near={NEAR}&_count=50&_include=*",
    "50 people by name": "/fhir/Practitioner?name=ma&_count=50",
    "50 places of a city": "/fhir/Location?address-city=new&_count=50",
    "50 people of everybody": "/fhir/Practitioner?_count=50",
    "50 roles who take patients": "/fhir/PractitionerRole?new-patient=newpt&_count=50",
    "50 by the last change": "/fhir/Practitioner?_lastUpdated=ge2020&_sort=-_lastUpdated&_count=50",
    "50 checks of everybody": "/fhir/VerificationResult?_count=50",
    "near, 50 places in XML": f"/fhir/Location?near={NEAR}&_count=50&_format=xml",
    "the number only": f"/fhir/Location?near={NEAR}&_summary=count",
}


def run(places: int) -> None:
    """Print the table: each search as so many times the page."""
    folder = site.furnished(places)
    report.heading(f"FHIR searches at {site.places_in(folder):,} places (SQLite), one visitor")
    with site.serving(folder, WORKERS="1") as (port, _):
        connection = HTTPConnection("127.0.0.1", port, timeout=site.PATIENCE_SECONDS)
        asked = {"the page (20 people)": PAGE} | SEARCHES
        taken: dict[str, list[float]] = {name: [] for name in asked}
        found: dict[str, str] = {}
        with report.bar("Asking", TURNS) as shown:
            for turn in range(TURNS + 2):
                for name, address in asked.items():
                    seconds, body = _asked(connection, address)
                    if turn >= 2:  # the first are to warm up
                        taken[name].append(seconds)
                    found.setdefault(name, _told(body))
                shown.update(1 if turn >= 2 else 0)
    whole = report.spread(taken["the page (20 people)"])[0]
    rows = []
    for name, each in taken.items():
        median, late, _ = report.spread(each)
        rows.append([name, found[name], report.ms(median), report.ms(late), report.times(median / whole)])
    report.table(["asked", "found", "median ms", "p95 ms", "of the page"], rows)


def _asked(connection: HTTPConnection, address: str) -> tuple[float, bytes]:
    began = time.perf_counter()
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    return time.perf_counter() - began, body


def _told(body: bytes) -> str:
    """How many entries of how many."""
    if not body.startswith(b"{"):
        return ""
    told = json.loads(body)
    return f"{len(told.get('entry', ())):,} of {told['total']:,}"
