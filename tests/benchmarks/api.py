"""The JSON interface: an answer in full against the same one that is only recognised, asked in turn."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.benchmarks import report, site

TURNS = 200
WARM = 10
SEARCH = "/api/v1/search?place=97214"
SETTINGS = {"API_REQUESTS_PER_HOUR": "1000000"}


def run(places: int) -> None:
    """Print the table."""
    folder = site.furnished(places)
    report.heading(f"The JSON interface at {site.places_in(folder):,} places (SQLite), one client at a time")
    with site.serving(folder, **SETTINGS) as (port, _):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        _, _, body = _asked(connection, SEARCH)
        first = json.loads(body)["matches"][0]
        person = urlsplit(first["links"]["self"]).path
        asked = (
            (SEARCH, "a search, 20 results"),
            (person, "one practitioner"),
            (f"/api/v1/practice-places/{first['place_id']}", "one place of practice"),
        )
        rows = []
        with report.bar("Asking", len(asked) * TURNS) as shown:
            for path, words in asked:
                full: list[float] = []
                known: list[float] = []
                for turn in range(TURNS + WARM):
                    seconds, tag, _ = _asked(connection, path)
                    again, _, _ = _asked(connection, path, tag)
                    if turn >= WARM:
                        full.append(seconds)
                        known.append(again)
                        shown.update(1)
                (p50, p95, _), (known_p50, known_p95, _) = report.spread(full), report.spread(known)
                rows.append([words, report.ms(p50), report.ms(p95), report.ms(known_p50), report.ms(known_p95),
                             report.times(p50 / known_p50)])  # fmt: skip
        connection.close()
    report.table(["answer", "200 p50 ms", "200 p95 ms", "304 p50 ms", "304 p95 ms", "200 / 304"], rows)


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
