"""Answers in full against the same ones that are only recognised, asked in turn: every kind that has a tag."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Final
from urllib.parse import quote, urlsplit

from tests.benchmarks import report, site

TURNS = 200
WARM = 10
LONG_SECONDS: Final = 0.2
"""What takes longer than this is asked ``LONG_TURNS`` times."""
LONG_TURNS = 10
SEARCH = "/api/v1/search?place=97214"
NEAR: Final = quote("40.75|-73.99|40|km")
SETTINGS = {"API_REQUESTS_PER_HOUR": "1000000", "WORKERS": "1"}


def run(places: int) -> None:
    """Print the table."""
    folder = site.furnished(places)
    site.jobs_done(folder)
    report.heading(
        f"Answers and recognised answers at {site.places_in(folder):,} places (SQLite), one client at a time"
    )
    with site.serving(folder, **SETTINGS) as (port, _):
        connection = HTTPConnection("127.0.0.1", port, timeout=site.PATIENCE_SECONDS)
        asked = _kinds(connection)
        rows = []
        with report.bar("Asking", len(asked)) as shown:
            for words, path in asked.items():
                full, known = _both(connection, path)
                (p50, p95, _), (known_p50, known_p95, _) = report.spread(full), report.spread(known)
                rows.append([words, report.ms(p50), report.ms(p95), report.ms(known_p50), report.ms(known_p95),
                             report.times(p50 / known_p50)])  # fmt: skip
                shown.update(1)
        connection.close()
    report.table(["answer", "200 p50 ms", "200 p95 ms", "304 p50 ms", "304 p95 ms", "200 / 304"], rows)


def _kinds(connection: HTTPConnection) -> Mapping[str, str]:
    """An address of each kind, by what the table calls it."""
    _, _, body = _asked(connection, SEARCH)
    first = json.loads(body)["matches"][0]
    _, _, body = _asked(connection, "/fhir/Practitioner?_count=1")
    person = json.loads(body)["entry"][0]["resource"]["id"]
    return {
        "JSON: a search, 20 results": SEARCH,
        "JSON: one practitioner": urlsplit(first["links"]["self"]).path,
        "JSON: one place of practice": f"/api/v1/practice-places/{first['place_id']}",
        "JSON: what a text means as a place": "/api/v1/places?text=97214",
        "JSON: all jurisdictions": "/api/v1/jurisdictions",
        "JSON: one jurisdiction": "/api/v1/jurisdictions/US-OR",
        "JSON: accuracy": "/api/v1/accuracy",
        "JSON: the description": "/api/v1/openapi.json",
        "FHIR: one person": f"/fhir/Practitioner/{person}",
        "FHIR: 50 places near a point": f"/fhir/Location?near={NEAR}&_count=50",
        "FHIR: 50 people by name": "/fhir/Practitioner?name=ma&_count=50",
        "FHIR: their number only": f"/fhir/Location?near={NEAR}&_summary=count",
        "FHIR: what changed, 50": "/fhir/Practitioner/_history?_count=50",
        "vCard": f"/practitioners/{first['slug']}.vcf",
        "Atom feed": "/feeds/newly-checked.atom",
        "sitemap, its index": "/sitemap.xml",
        "sitemap, a page of people": "/sitemap-people-1.xml",
        "CSV of everybody": "/data/practitioners.csv",
    }


def _both(connection: HTTPConnection, path: str) -> tuple[list[float], list[float]]:
    """Seconds of full answers and of recognised ones, in turn."""
    full: list[float] = []
    known: list[float] = []
    seconds, tag, _ = _asked(connection, path)
    turns, warm = (LONG_TURNS, 1) if seconds > LONG_SECONDS else (TURNS, WARM)
    for turn in range(turns + warm):
        seconds, tag, _ = _asked(connection, path)
        again, _, _ = _asked(connection, path, tag)
        if turn >= warm:
            full.append(seconds)
            known.append(again)
    return full, known


def _asked(connection: HTTPConnection, path: str, tag: str | None = None) -> tuple[float, str, bytes]:
    """Seconds, tag and body of an answer that must be 304 where a tag is sent, and 200 otherwise."""
    headers = {"Accept-Language": "en-US"} | ({} if tag is None else {"If-None-Match": tag})
    began = time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    spent = time.perf_counter() - began
    if answer.status != (200 if tag is None else 304):
        raise RuntimeError(f"{path} answered {answer.status}")
    return spent, answer.headers["ETag"], body
