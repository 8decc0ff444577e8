"""The results page under load, against the same page with no search, and what each page weighs on the wire."""

from __future__ import annotations

import asyncio
import gzip
import re
import statistics
import time
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

import numpy as np

from tests.benchmarks import report, site

CONNECTIONS = 16
SECONDS = 4.0
REPETITIONS = 5
LIST = "/search?place=10001"
PAGES = ("/", LIST, "/about/ranking")
BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Sec-Fetch-Site": "none", "Accept-Language": "en-US"}


def run(places: int) -> None:
    """Print both tables."""
    folder = site.furnished(places)
    report.heading(f"Pages at {site.places_in(folder):,} places (SQLite), {CONNECTIONS} connections")
    code = "from tests.benchmarks.render_only import run; run()"
    with site.serving(folder) as (whole, _), site.serving(folder, code=code) as (rendered, _):
        loads: dict[str, list[tuple[float, float, float]]] = {"list": [], "render only": []}
        with report.bar("Loading", 2 * REPETITIONS) as shown:
            for turn in range(REPETITIONS + 1):
                for name, port in (("list", whole), ("render only", rendered)):
                    found = asyncio.run(_load(port, LIST, SECONDS if turn else 1.0))
                    if turn:  # the first is to warm up
                        loads[name].append(found)
                        shown.update(1)
        rows = []
        for name, label in (("list", LIST), ("render only", "the same with no search and no read")):
            rate, p50, p99 = (statistics.median(each) for each in zip(*loads[name], strict=True))
            rows.append([label, f"{rate:.0f}", report.ms(p50), report.ms(p99), report.times(p99 / p50)])
        report.table(["page", "per second", "p50 ms", "p99 ms", "p99 / p50"], rows)
        shares = [a[0] / b[0] for a, b in zip(loads["list"], loads["render only"], strict=True)]
        report.say(
            f"\nThe list runs at {statistics.median(shares):.0%} of the rate of rendering alone"
            f" (median of {REPETITIONS} repetitions in turn: {', '.join(f'{each:.0%}' for each in shares)})."
        )
        rows = [_weight(whole, page) for page in PAGES]
        report.say("")
        report.table(["page", "kB over the wire", "of which the page", "kB uncompressed", "answers"], rows)


async def _load(port: int, path: str, seconds: float) -> tuple[float, float, float]:
    """Answers a second, and median and 99th percentile of their seconds, over connections that are kept open."""
    head = "".join(f"{name}: {value}\r\n" for name, value in BROWSER.items())
    asking = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode()
    ends = time.perf_counter() + seconds
    taken: list[float] = []

    async def visitor() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < ends:
            began = time.perf_counter()
            writer.write(asking)
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
            if " 200 " not in lines[0]:
                raise RuntimeError(f"an answer was {lines[0]}")
            fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            await reader.readexactly(int(fields["content-length"]))
            taken.append(time.perf_counter() - began)
            if fields.get("connection") == "close":
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(visitor() for _ in range(CONNECTIONS)))
    spent = time.perf_counter() - began
    return len(taken) / spent, float(np.median(taken)), float(np.percentile(taken, 99))


class _Loaded(HTMLParser):
    """What a page makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        address = (
            given.get("href") if tag in ("link", "use") else given.get("src") if tag in ("script", "img") else None
        )
        if address and not address.startswith(("#", "data:")) and given.get("rel") not in ("canonical", "alternate"):
            self.addresses.append(urlsplit(address)._replace(fragment="").geturl())


def _weight(port: int, page: str) -> list[str]:
    size, body = _fetched(port, page)
    parser = _Loaded()
    parser.feed(body.decode())
    total, plain, seen = size, len(body), {page}
    waiting = [urljoin(page, each) for each in parser.addresses]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        more, content = _fetched(port, address)
        total, plain = total + more, plain + len(content)
        if urlsplit(address).path.endswith(".css"):
            waiting += [urljoin(address, each) for each in _named_by(content.decode(), body.decode())]
    return [page, f"{total / 1000:.1f}", f"{size / 1000:.1f}", f"{plain / 1000:.1f}", str(len(seen))]


def _named_by(css: str, page: str) -> list[str]:
    """What a style sheet makes a browser load for this page: a font only when one of its signs is on the page."""
    signs = {ord(sign) for sign in page}
    named = []
    for rule in css.split("}"):
        ranges = re.findall(r"U\+([0-9A-F?]+)(?:-([0-9A-F]+))?", rule.partition("unicode-range:")[2], re.IGNORECASE)
        spans = [(int(low.replace("?", "0"), 16), int(high or low.replace("?", "F"), 16)) for low, high in ranges]
        if spans and not any(low <= sign <= high for sign in signs for low, high in spans):
            continue
        named += [each.strip("\"'") for each in re.findall(r"url\(([^)]+)\)", rule)]
    return [each for each in named if not each.startswith("data:")]


def _fetched(port: int, path: str) -> tuple[int, bytes]:
    """Bytes on the wire, headers and all, and what they unpack to."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=BROWSER)
    answer = connection.getresponse()
    body = answer.read()
    size = len(body) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 19
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return size, gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body
