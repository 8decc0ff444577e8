"""Requests for a talk on the embedded default: sent through the real server, form and all, at a steady rate.

Each comes from a mailbox and a network of its own to somebody who still has room, so that what is measured is the work
of taking a request and not the limits that end a flood.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from tests.benchmarks import report, site

PER_SECOND = 50
SECONDS = 10
TO_EACH = 4
"""Fewer than somebody takes at a time."""
PEOPLE = 3_000
HERE = urlencode({"place": "Los Angeles, CA", "radius": "200"})
"""Where most of the people of a demonstration are."""
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who has answered and may send: their cookies and the token of their forms."""

    cookies: str
    token: str


def run() -> None:
    """Print the table, and say how many requests are in the database afterwards."""
    folder = _copy(site.furnished(round(PEOPLE * site.PLACES_EACH)))
    site.jobs_done(folder)
    report.heading(f"Requests for a talk (SQLite, {site.places_in(folder):,} places), {PER_SECOND} offered a second")
    wanted = PER_SECOND * SECONDS
    # Each request comes from a network of its own, which a proxy in front of the site names. Jobs run beside the
    # server, as they do unless somebody says otherwise.
    with site.serving(folder, PROXY_COUNT="1", JOBS="embedded") as (port, _):
        visitor = _answered(port)
        people = _askable(folder, port, visitor, -(-wanted // TO_EACH))
        whom = [people[number % len(people)] for number in range(wanted)]
        began = time.perf_counter()
        answers = asyncio.run(_send_all(port, visitor, whom))
        spent = time.perf_counter() - began
    taken = [seconds for status, seconds in answers if status == 303]
    others = Counter(status for status, _ in answers if status != 303)
    p50, p99 = float(np.median(taken)), float(np.percentile(taken, 99))
    rate = f"{len(taken) / spent:.0f}"
    report.table(
        ["sent", "taken", "a second", "refused or failed", "p50 ms", "p99 ms"],
        [[str(wanted), str(len(taken)), rate, str(others.total()), report.ms(p50), report.ms(p99)]],
    )
    with sqlite3.connect(folder / "var" / "stillpoint.db") as connection:
        kept = connection.execute("SELECT count(*) FROM consultation_request").fetchone()[0]
    report.say(f"\n{kept} requests are in the database{f'; other answers: {dict(others)}' if others else ''}.")


def _copy(furnished: Path) -> Path:
    """A copy that may be written to, so that the next run begins as this one did."""
    folder = furnished.parent / "requests"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(furnished / "var", folder / "var")
    return folder


def _answered(port: int) -> Visitor:
    """A visitor who has said that they are not pregnant."""
    jar: dict[str, str] = {}
    page = _asked(port, "GET", f"/match?{HERE}", jar)
    form = {"csrf_token": _token(page), "pregnancy": "no"}
    _asked(port, "POST", f"/match/about-you?{HERE}", jar, urlencode(form))
    token = _token(_asked(port, "GET", f"/search?{HERE}", jar))
    return Visitor("; ".join(f"{name}={value}" for name, value in jar.items()), token)


def _token(page: str) -> str:
    found = _TOKEN.search(page)
    if found is None:
        raise RuntimeError("a page has no form")
    return found[1]


def _asked(port: int, method: str, path: str, jar: dict[str, str], body: str | None = None) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    heads = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    if body is not None:
        heads["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, heads)
    answer = connection.getresponse()
    page = answer.read().decode()
    for name, value in answer.getheaders():
        if name.lower() == "set-cookie":
            key, _, kept = value.partition(";")[0].partition("=")
            jar[key] = kept
    connection.close()
    if answer.status not in (200, 303):
        raise RuntimeError(f"{path} answered {answer.status}")
    return page


def _askable(folder: Path, port: int, visitor: Visitor, number: int) -> list[str]:
    """People who may be asked by this visitor: those for whom the form opens."""
    with sqlite3.connect(folder / "var" / "stillpoint.db") as connection:
        rows = connection.execute(
            "SELECT DISTINCT slug FROM practitioner JOIN practice_place ON practitioner_id = practitioner.id"
            " WHERE account_status = 'published' AND jurisdiction = 'US-CA' ORDER BY slug"
        ).fetchall()
    found: list[str] = []
    for (slug,) in rows:
        connection_ = HTTPConnection("127.0.0.1", port, timeout=60)
        connection_.request("GET", f"/match/write?{HERE}&who={slug}", headers={"Cookie": visitor.cookies})
        answer = connection_.getresponse()
        answer.read()
        connection_.close()
        if answer.status == 200:
            found.append(str(slug))
        if len(found) == number:
            return found
    raise RuntimeError(f"only {len(found)} people may be asked here")


async def _send_all(port: int, visitor: Visitor, whom: Sequence[str]) -> list[tuple[int, float]]:
    """Status and seconds of each, begun at a steady rate however long the others take."""
    began = time.perf_counter()

    async def one(number: int, slug: str) -> tuple[int, float]:
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
        return await _send(port, visitor, slug, number)

    return await asyncio.gather(*(one(number, slug) for number, slug in enumerate(whom)))


async def _send(port: int, visitor: Visitor, slug: str, number: int) -> tuple[int, float]:
    at = (datetime.now(UTC) + timedelta(days=3 + number % 20)).date().isoformat()
    form = {
        "csrf_token": visitor.token,
        "name": f"Maria {number}",
        "email": f"maria.{number}@example.org",
        "telephone": "213 555 0100",
        "talk": "phone",
        "first": f"{at}T10:30",
        "words": "My legs keep me awake.",
        "of_age": "y",
        "order": "at_once",
        "consent": "y",
    }
    body = urlencode(form)
    head = (
        f"POST /match/write?{HERE}&who={slug} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {visitor.cookies}\r\n"
        f"X-Forwarded-For: 10.{number // 65536}.{number // 256 % 256}.{number % 256}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write((head + body).encode())
    line = (await reader.readline()).decode("latin-1")
    await reader.read()
    writer.close()
    return int(line.split()[1]) if line else 0, time.perf_counter() - began
