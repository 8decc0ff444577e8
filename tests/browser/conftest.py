"""Chromium for tests: one browser for each worker, a context of its own for each test, and axe-core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import chromium, server
from tests.browser.waiting import PATIENCE_MILLISECONDS
from tests.browser.watch import Watch
from tests.completeness import leave_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.browser.server import Site

expect.set_options(timeout=PATIENCE_MILLISECONDS)
STRICT = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""All that axe-core checks by itself, best practices among it, and the size of targets, new in WCAG 2.2."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from this machine; where there is none the test is left out, and with CI=true it fails."""
    program = chromium.find()
    if program is None:
        leave_out("there is no Chromium or Chrome on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(chromium.FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts with Playwright's options (a phone, without script …); each is closed after the test."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"locale": "en-US", "timezone_id": "America/Los_Angeles", **options})
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of a new visitor at a desk."""
    return new_context().new_page()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    """The real server over the demonstration people, one for all test workers."""
    mine = tmp_path_factory.getbasetemp()
    folder = (mine if worker_id == "master" else mine.parent) / "site"
    server.populated(folder)
    # Browsers keep the cores busy on which the server and its jobs write to one SQLite file.
    patient = {"DATABASE_TIMEOUT_SECONDS": "45", "REQUEST_DEADLINE_SECONDS": "90"}
    with server.shared(folder, mine / "server.log", **patient) as site:
        yield site


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """Sees what every visitor's browser does, and after the test refuses what no page of ours may ever do."""
    watch = Watch(site.origin)
    yield watch
    assert watch.faults == []


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext], site: Site, watch: Watch) -> Callable[..., Page]:
    """A new visitor of the site, with Playwright's options; short addresses lead to the site."""

    def arrive(**options: Any) -> Page:
        context = new_context(base_url=site.origin, **options)
        watch.follow(context)
        return context.new_page()

    return arrive


@pytest.fixture(scope="session")
def barriers() -> Callable[..., list[str]]:
    """What axe-core finds on a page, by all its rules or some: a line for each element that keeps people out."""
    axe = Axe()

    def find(page: Page, *rules: str) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe.axe_script)
        options = {**STRICT, "runOnly": rules} if rules else STRICT
        violations = page.evaluate("options => axe.run('html', options).then(found => found.violations)", options)
        return [f"{rule['id']}: {node['html'][:200]}" for rule in violations for node in rule["nodes"]]

    return find
