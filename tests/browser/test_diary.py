"""The diary in a real browser: kept at once, without a network, against clocks, files and full disks."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

TEN_YEARS = 3652
LAST = date(2026, 11, 25)
STATUS = "#diary-status"


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    """A visitor with a browser of their own."""
    return visitor()


def opened(page: Page) -> Page:
    page.goto("/diary")
    expect(page.locator("#diary")).to_be_visible()
    return page


@contextmanager
def keeping(page: Page) -> Iterator[None]:
    """Make one change inside; it is kept at the end. What was said of an earlier change does not count."""
    page.locator(STATUS).evaluate("it => { it.textContent = ''; }")
    yield
    expect(page.locator(STATUS)).to_have_text("Kept on this device.")


def a_file(nights: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    content = json.dumps({"format": "stillpoint-diary", "version": 1, "nights": nights} | more).encode()
    return {"name": "nights.json", "mimeType": "application/json", "buffer": content}


def some(count: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {
            "date": (LAST - timedelta(days=number)).isoformat(),
            "changed": 1000 + number,
            "intensity": number % 11,
            "awake": number % 90,
            "treatment": number % 7 == 0,
        }
        | more
        for number in range(count)
    ]


def test_an_answer_is_kept_before_the_tab_can_close(page: Page) -> None:
    opened(page)
    with keeping(page):
        page.check("#intensity-7")
    with keeping(page):
        page.check("#eased-walking")
    with keeping(page):
        page.fill("#note", "half a sent")
    other = page.context.new_page()
    page.close(run_before_unload=False)
    opened(other)
    expect(other.locator("#intensity-7")).to_be_checked()
    expect(other.locator("#eased-walking")).to_be_checked()
    expect(other.locator("#note")).to_have_value("half a sent")


def test_it_opens_and_keeps_without_a_network(page: Page) -> None:
    opened(page)
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("() => caches.keys().then((names) => names.length > 0)")
    page.context.set_offline(True)
    opened(page)
    page.check("#intensity-3")
    expect(page.locator(STATUS)).to_have_text("Kept on this device.")
    page.reload()
    expect(page.locator("#intensity-3")).to_be_checked()
    page.context.set_offline(False)


def test_nothing_that_was_noted_leaves_the_device(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url} {request.post_data or ''}"))
    opened(page)
    with keeping(page):
        page.fill("#note", "canary-3141")
    with keeping(page):
        page.check("#intensity-9")
    assert not any("canary-3141" in each or each.startswith("POST") for each in sent)


def test_a_file_taken_in_twice_changes_nothing_and_runs_nothing(page: Page) -> None:
    opened(page)
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    hostile = some(40, note="<img src=x onerror=alert(1)><script>alert(2)</script>", onset="__proto__")
    page.set_input_files("#open-file", a_file(hostile))
    expect(page.locator(STATUS)).to_have_text("Nights taken from the file: 40. Already here: 0.")
    page.set_input_files("#open-file", a_file(hostile))
    expect(page.locator(STATUS)).to_have_text("Nights taken from the file: 0. Already here: 40.")
    expect(page.locator("#diary-count")).to_have_text("Nights with a note: 40")
    assert ran == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{", "This file cannot be read."),
        (b"[]", "This file is no diary of ours."),
        (b'{"format": "stillpoint-diary", "version": 2, "nights": 7}', "This file is no diary of ours."),
        (b'{"format": "stillpoint-diary", "version": 3, "nights": []}', "This file comes from a newer diary"),
        (a_file([{"date": "2026-02-30"}])["buffer"], "Nothing in this file can be read."),
    ],
)
def test_a_file_that_is_none_changes_nothing(page: Page, content: bytes, complaint: str) -> None:
    opened(page)
    page.set_input_files("#open-file", {"name": "x.json", "mimeType": "application/json", "buffer": content})
    expect(page.locator("#diary-trouble")).to_contain_text(complaint)
    expect(page.locator("#diary-none")).to_be_visible()


def test_a_full_device_is_said_and_loses_nothing_else(page: Page) -> None:
    opened(page)
    page.check("#intensity-2")
    expect(page.locator(STATUS)).to_have_text("Kept on this device.")
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    page.check("#intensity-8")
    expect(page.locator("#diary-trouble")).to_contain_text("There is no room left on this device")
    page.reload()
    expect(page.locator("#intensity-2")).to_be_checked()


def test_a_clock_set_back_does_not_make_the_newer_answer_older(page: Page) -> None:
    opened(page)
    page.check("#intensity-2")
    expect(page.locator(STATUS)).to_have_text("Kept on this device.")
    page.evaluate("() => { Date.now = () => 1000; }")
    with keeping(page):
        page.check("#intensity-6")
    with page.expect_download() as saved:
        page.click("#save-file")
    content = json.loads(saved.value.path().read_text(encoding="utf-8"))
    page.set_input_files("#open-file", a_file([content["nights"][0] | {"intensity": 1, "changed": 2000}]))
    expect(page.locator(STATUS)).to_contain_text("Already here: 1.")
    page.reload()
    expect(page.locator("#intensity-6")).to_be_checked()


@pytest.mark.parametrize("changed", [2**53 - 1, 8_640_000_000_000_000])
def test_a_file_from_the_end_of_time_does_not_undo_what_is_noted_afterwards(page: Page, changed: int) -> None:
    opened(page)
    hostile = a_file([some(1)[0] | {"intensity": 1, "changed": changed}])
    page.set_input_files("#open-file", hostile)
    expect(page.locator(STATUS)).to_contain_text("from the file: 1.")
    page.click(".diary-other summary")
    page.fill("#date", LAST.isoformat())
    expect(page.locator("#intensity-1")).to_be_checked()
    page.check("#intensity-9")
    expect(page.locator(STATUS)).to_have_text("Kept on this device.")
    page.set_input_files("#open-file", hostile)
    expect(page.locator(STATUS)).to_have_text("Nights taken from the file: 0. Already here: 1.")
    expect(page.locator("#intensity-9")).to_be_checked()


def test_a_clock_set_forward_and_back_again_loses_nothing(page: Page) -> None:
    page.clock.install(time="2041-01-01T22:00:00-08:00")
    opened(page)
    page.check("#intensity-4")
    expect(page.locator(STATUS)).to_have_text("Kept on this device.")
    page.clock.set_system_time("2026-11-25T22:00:00-08:00")
    page.reload()
    page.check("#intensity-6")
    expect(page.locator(STATUS)).to_have_text("Kept on this device.")
    expect(page.locator("#diary-count")).to_have_text("Nights with a note: 2")


def test_a_file_that_is_too_large_is_not_read(page: Page) -> None:
    opened(page)
    page.evaluate("() => { File.prototype.text = () => { throw new Error('read'); }; }")
    page.evaluate("() => Object.defineProperty(File.prototype, 'size', { get: () => 20_000_001 })")
    page.set_input_files("#open-file", a_file(some(1)))
    expect(page.locator("#diary-trouble")).to_contain_text("too large")


def test_ten_years_of_nights_are_there_and_drawn(page: Page) -> None:
    """That it takes less than a second is measured by ``make bench``, not asserted here."""
    opened(page)
    page.set_input_files("#open-file", a_file(some(TEN_YEARS)))
    expect(page.locator("#diary-count")).to_have_text(f"Nights with a note: {TEN_YEARS}", timeout=20_000)
    page.reload()
    expect(page.locator("#chart-weeks svg")).to_be_visible()
    assert page.locator("#chart-nights rect").count() == 28


def test_a_table_holds_no_formula(page: Page) -> None:
    opened(page)
    page.fill("#note", '=HYPERLINK("http://example.org")')
    # Drawn while typing: a button below must not move away when a press on it ends the typing.
    expect(page.locator("#diary-none")).to_be_hidden()
    with page.expect_download() as saved:
        page.click("#save-table")
    text = saved.value.path().read_text(encoding="utf-8")
    assert '"\'=HYPERLINK(""http://example.org"")"' in text


def test_everything_is_erased_with_one_question(page: Page) -> None:
    opened(page)
    page.check("#intensity-5")
    expect(page.locator(STATUS)).to_have_text("Kept on this device.")
    page.click("#ask-erase")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.reload()
    expect(page.locator("#intensity-5")).to_be_checked()
    page.click("#ask-erase")
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.locator(STATUS)).to_have_text("Everything was erased from this device.")
    page.reload()
    expect(page.locator("#diary-none")).to_be_visible()
    expect(page.locator("#intensity-5")).not_to_be_checked()


def test_the_numbers_of_eight_weeks_become_a_pdf(page: Page) -> None:
    opened(page)
    page.set_input_files("#open-file", a_file(some(60)))
    expect(page.locator(STATUS)).to_contain_text("from the file: 60.")
    with page.expect_download() as saved:
        page.click("#make-pdf")
    assert saved.value.path().read_bytes().startswith(b"%PDF-")
