"""What the device keeps, carried to another one: all of it, twice, from a hostile file, and taken back again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_diary import STATUS, a_file, keeping, opened, some

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
QUESTION = "Where did you study, and is the programme accredited?"
PAPERS: list[dict[str, Any]] = [
    {"name": "medicines", "value": [{"name": "Pramipexole", "dose": "8 pm", "reason": SCRIPT, "changed": 5}]},
    {"name": "answers", "value": [{"who": "", "question": QUESTION, "answer": "Portland", "changed": 5}]},
    {"name": "listened", "value": [{"date": "2026-11-01", "felt": "partly", "changed": 5}]},
    {"name": "ticks", "value": [{"list": "prepare", "item": "Leave alcohol out.", "changed": 5}]},
    {"name": "words", "value": "I cannot lie still", "changed": 5},
    {"name": "reactions", "value": "Plasters", "changed": 5},
]


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    """A visitor with a browser of their own."""
    return visitor()


def take_in(page: Page, nights: list[dict[str, Any]], papers: Any, said: str) -> None:
    page.set_input_files("#open-file", a_file(nights, version=2, papers=papers))
    expect(page.locator(STATUS)).to_have_text(said)


def saved(page: Page) -> dict[str, Any]:
    with page.expect_download() as file:
        page.click("#save-file")
    content: dict[str, Any] = json.loads(file.value.path().read_text(encoding="utf-8"))
    return content


def papers_in(content: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in content["papers"]}


def test_the_file_carries_all_that_the_device_keeps_and_twice_is_once(page: Page, visitor: Callable[..., Page]) -> None:
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    opened(page)
    take_in(
        page,
        some(3),
        PAPERS,
        "Nights taken from the file: 3. Already here: 0. From lists, answers and words: 6. Already here: 0.",
    )
    first = saved(page)
    assert papers_in(first) == papers_in({"papers": PAPERS})
    take_in(
        page,
        first["nights"],
        first["papers"],
        "Nights taken from the file: 0. Already here: 3. From lists, answers and words: 0. Already here: 6.",
    )
    assert saved(page) == first
    page.goto("/care/bring")
    expect(page.locator("#line_1_name")).to_have_value("Pramipexole")
    expect(page.locator("#line_1_reason")).to_have_value(SCRIPT)
    expect(page.locator("#reactions")).to_have_value("Plasters")
    page.goto("/care/prepare")
    expect(page.get_by_label("Leave alcohol out.")).to_be_checked()
    page.goto("/care/after")
    expect(page.locator("#listened-earlier")).to_contain_text("In part")
    page.goto("/care/summary")
    expect(page.locator("#words")).to_have_value("I cannot lie still")
    expect(page.locator("#answers").get_by_label("Answer")).to_have_value("Portland")
    other = opened(visitor())
    take_in(
        other,
        first["nights"],
        first["papers"],
        "Nights taken from the file: 3. Already here: 0. From lists, answers and words: 6. Already here: 0.",
    )
    assert saved(other) == first
    assert ran == []


def test_a_hostile_file_is_refused_piece_by_piece_and_what_it_changed_can_be_taken_back(page: Page) -> None:
    opened(page)
    take_in(
        page,
        some(2),
        PAPERS,
        "Nights taken from the file: 2. Already here: 0. From lists, answers and words: 6. Already here: 0.",
    )
    before = saved(page)
    hostile = [
        {"name": "__proto__", "value": [{"name": "x"}]},
        {"name": "medicines", "value": [7, None, {"name": {"toString": 1}}, {"name": "pramipexole", "changed": 2**53}]},
        {"name": "listened", "value": [{"date": "2026-02-30", "felt": "yes"}, {"date": "2026-11-02", "felt": "<b>"}]},
        {"name": "words", "value": ["no text"]},
        {"name": "answers", "value": [{"who": "", "question": f"{number}?"} for number in range(300)]},
        None,
    ]
    nights = [{"date": "2026-02-30"}, some(1)[0] | {"intensity": 10, "changed": 2**53, "note": "y"}, "night"]
    take_in(
        page,
        nights,
        hostile,
        "Nights taken from the file: 1. Already here: 0. From lists, answers and words: 200. Already here: 0. "
        "Left out, because we cannot read it: 111.",
    )
    after = papers_in(saved(page))
    assert after["words"] == "I cannot lie still"
    assert {"Portland"} == {each["answer"] for each in after["answers"] if each["question"] == QUESTION}
    assert len(after["listened"]) == 1
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(STATUS)).to_have_text("Taken back.")
    assert saved(page) == before


def test_the_version_that_was_changed_last_stays(page: Page) -> None:
    page.goto("/care/bring")
    page.fill("#line_1_name", "Iron")
    page.fill("#line_1_dose", "65 mg")
    expect(page.locator("#bring-status")).to_have_text("Kept on this device.")
    opened(page)
    older = [{"name": "medicines", "value": [{"name": "iron", "dose": "25 mg", "reason": "", "changed": 5}]}]
    take_in(
        page,
        [],
        older,
        "Nights taken from the file: 0. Already here: 0. From lists, answers and words: 0. Already here: 1.",
    )
    page.goto("/care/bring")
    expect(page.locator("#line_1_dose")).to_have_value("65 mg")
    expect(page.locator("#line_2_name")).to_have_value("")


def test_the_list_to_bring_fills_from_the_device_and_prints_without_being_sent(page: Page) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method != "GET" else None)
    opened(page)
    many = [{"name": f"Number {number}", "dose": "", "reason": ""} for number in range(14)]
    page.set_input_files("#open-file", a_file([], version=2, papers=[{"name": "medicines", "value": many}]))
    expect(page.locator(STATUS)).to_contain_text("14")
    page.goto("/care/bring")
    expect(page.locator("#line_12_name")).to_have_value("Number 11")
    expect(page.locator("#bring-longer")).to_be_visible()
    page.fill("#line_1_dose", "at night")
    expect(page.locator("#bring-status")).to_have_text("Kept on this device.")
    page.emulate_media(media="print")
    expect(page.locator(".medicines--empty tbody tr").first).to_contain_text("Number 0")
    expect(page.locator(".medicines--empty tbody tr").first).to_contain_text("at night")
    page.emulate_media(media="screen")
    page.goto("/care/summary")
    expect(page.locator("#medicines .summary-row")).to_have_count(14)
    assert posts == []


def test_ticks_stay_until_one_starts_again(page: Page) -> None:
    page.goto("/care/prepare")
    expect(page.locator("#ticks-hint")).to_contain_text("stays on this device")
    expect(page.locator("#ticks-again")).to_be_hidden()
    page.get_by_label("Go to the toilet just before.").check()
    expect(page.locator("#ticks-status")).to_have_text("Kept on this device.")
    page.reload()
    expect(page.get_by_label("Go to the toilet just before.")).to_be_checked()
    page.get_by_role("button", name="Start again").click()
    expect(page.locator("#ticks-status")).to_have_text("Kept on this device.")
    page.reload()
    expect(page.locator("#ticks-hint")).to_contain_text("stays on this device")
    expect(page.get_by_label("Go to the toilet just before.")).not_to_be_checked()


def test_a_full_device_takes_in_neither_part_of_a_file(page: Page) -> None:
    opened(page)
    with keeping(page):
        page.check("#intensity-2")
    page.evaluate(
        """() => { const put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (value) {
          if (this.name === "nights") throw new DOMException("full", "QuotaExceededError");
          return put.call(this, value); }; }"""
    )
    page.set_input_files("#open-file", a_file(some(3), version=2, papers=PAPERS))
    expect(page.locator("#diary-trouble")).to_contain_text("Nothing of the file was taken in")
    opened(page)
    content = saved(page)
    assert [night["intensity"] for night in content["nights"]] == [2]
    assert content["papers"] == []


def test_the_answer_that_found_no_room_goes_into_the_file_that_one_saves(page: Page) -> None:
    opened(page)
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    page.check("#intensity-8")
    expect(page.locator("#diary-trouble")).to_contain_text("There is no room left on this device")
    assert [night["intensity"] for night in saved(page)["nights"]] == [8]
    page.click("#earlier-night")
    expect(page.locator("#intensity-8")).to_be_checked()


def test_two_open_tabs_do_not_undo_each_other(page: Page) -> None:
    opened(page)
    other = opened(page.context.new_page())
    with keeping(page):
        page.check("#intensity-7")
    with keeping(other):
        other.fill("#note", "from the other tab")
    other.reload()
    expect(other.locator("#intensity-7")).to_be_checked()
    expect(other.locator("#note")).to_have_value("from the other tab")
    page.click("#ask-erase")
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.locator(STATUS)).to_have_text("Everything was erased from this device.")


def test_a_page_left_open_means_the_new_night(page: Page) -> None:
    page.clock.install(time="2026-11-25T22:00:00-08:00")
    opened(page)
    with keeping(page):
        page.check("#intensity-4")
    page.clock.fast_forward("24:00:00")
    expect(page.locator("#intensity-4")).not_to_be_checked()
    with keeping(page):
        page.check("#intensity-6")
    assert [(night["date"], night["intensity"]) for night in saved(page)["nights"]] == [
        ("2026-11-25", 4),
        ("2026-11-26", 6),
    ]


def test_one_night_can_be_emptied_and_brought_back(page: Page) -> None:
    opened(page)
    with keeping(page):
        page.check("#intensity-9")
    page.click(".diary-other summary")
    page.get_by_role("button", name="Empty the night shown above").click()
    expect(page.locator("#diary-none")).to_be_visible()
    expect(page.locator("#intensity-9")).not_to_be_checked()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#intensity-9")).to_be_checked()


def test_the_diary_is_installed_as_itself(page: Page) -> None:
    opened(page)
    assert page.locator("link[rel=manifest]").evaluate_all("them => them.map((it) => it.getAttribute('href'))") == [
        "/diary/app.webmanifest"
    ]
