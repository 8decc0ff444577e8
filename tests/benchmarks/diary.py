"""Ten years of nights in the diary, opened and drawn in Chromium, beside one month of them in the same browser."""

from __future__ import annotations

import json
import logging
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from config import Config
from directory import logs
from directory.app import create_app
from tests.benchmarks import report
from tests.browser import chromium

RUNS = 15
MONTH, TEN_YEARS = 28, 3652
WATCH = """
addEventListener("DOMContentLoaded", () => {
  const drawn = () => document.querySelector("#chart-nights svg") && document.querySelector("#chart-awake svg");
  new MutationObserver((_, watch) => {
    if (!drawn()) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.drawnAt = performance.now(); }));
  }).observe(document.body, { childList: true, subtree: true });
});
"""
"""Milliseconds from the beginning of the navigation until the frame with the last chart is painted."""


def run() -> None:
    """Print the table."""
    report.heading("The diary: from opening its page to the last chart (Chromium)")
    logs.configure("error")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    program = chromium.find()
    if program is None:
        report.say("There is no Chromium or Chrome on this machine.")
        return
    with _served() as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(chromium.FLAGS))
        rows = [_measured(browser, origin, count) for count in (MONTH, TEN_YEARS)]
        browser.close()
    report.table(["nights", "median, ms", "slowest of 15, ms"], rows)


def _measured(browser: Browser, origin: str, count: int) -> list[str]:
    page = browser.new_context().new_page()
    page.add_init_script(WATCH)
    page.goto(f"{origin}/diary")
    page.set_input_files("#open-file", _file(count))
    page.wait_for_selector("#chart-awake svg", timeout=120_000)
    seconds = []
    with report.bar(f"{count:,} nights", RUNS) as shown:
        for _ in range(RUNS):
            page.goto(f"{origin}/diary")
            page.wait_for_function("() => window.drawnAt", timeout=120_000)
            seconds.append(page.evaluate("() => window.drawnAt") / 1000)
            shown.update(1)
    page.context.close()
    return [f"{count:,}", report.ms(statistics.median(seconds)), report.ms(max(seconds))]


def _file(count: int) -> Any:
    last = datetime.now(UTC).date() - timedelta(days=1)
    nights = [
        {
            "date": (last - timedelta(days=number)).isoformat(),
            "changed": 1,
            "intensity": number * 7 % 11,
            "awake": number * 13 % 240,
            "eased": ["walking", "cold"],
            "treatment": number % 9 == 0,
            "note": "A few words about the night.",
        }
        for number in range(count)
    ]
    content = json.dumps({"format": "stillpoint-diary", "version": 1, "nights": nights}).encode()
    return {"name": "nights.json", "mimeType": "application/json", "buffer": content}


@contextmanager
def _served() -> Iterator[str]:
    """The site without a database: the diary needs none."""
    with tempfile.TemporaryDirectory() as folder:
        server = make_server("127.0.0.1", 0, create_app(Config.from_environment({}, cwd=Path(folder))), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
