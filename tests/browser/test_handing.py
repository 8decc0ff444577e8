"""What is kept around visits in a real browser: a summary seen before it is sent, answers, and nights side by side."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_diary import STATUS, a_file, opened, some

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
FIRST_TREATMENT = date(2026, 10, 20)


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    """A visitor with a browser of their own."""
    return visitor()


def with_nights(page: Page, nights: list[dict[str, Any]]) -> None:
    opened(page)
    page.set_input_files("#open-file", a_file(nights))
    expect(page.locator(STATUS)).to_contain_text(f"from the file: {len(nights)}.")


def maker(page: Page) -> None:
    page.goto("/care/summary")
    expect(page.locator("#summary")).to_be_visible()


def content(page: Page) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(page.locator("[name=content]").first.input_value())
    return given


def test_a_summary_holds_what_was_ticked_and_is_seen_before_anything_is_sent(page: Page) -> None:
    with_nights(page, some(60, note="words of the diary"))
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method != "GET" else None)
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    maker(page)
    assert page.locator("#parts input[type=checkbox]:checked").count() == 0
    page.get_by_role("button", name="Show what would be handed over").click()
    expect(page.locator("#summary-trouble")).to_contain_text("Nothing is ticked yet")
    page.click("#add-medicines")
    page.locator("#medicines").get_by_label("Name").fill("Pramipexole")
    page.locator("#medicines").get_by_label("Hand this over").check()
    page.click("#add-medicines")
    page.locator("#medicines").get_by_label("Name").nth(1).fill("Not this one")
    page.click("#add-answers")
    page.locator("#answers").get_by_label("Question").fill(SCRIPT)
    page.locator("#answers").get_by_label("Hand this over").check()
    page.check("#with-diary")
    page.get_by_role("button", name="Show what would be handed over").click()
    expect(page.locator("#preview")).to_be_visible()
    given = content(page)
    assert [each["name"] for each in given["medicines"]] == ["Pramipexole"]
    assert len(given["diary"]["nights"]) == 28
    assert "words of the diary" not in json.dumps(given)
    paper = page.locator("#paper")
    expect(paper).to_contain_text("Pramipexole")
    expect(paper).to_contain_text(SCRIPT)
    expect(paper).not_to_contain_text("Not this one")
    assert ran == []
    assert posts == []
    page.locator("#medicines").get_by_label("Name").first.fill("Another")
    expect(page.locator("#preview")).to_be_hidden()
    assert page.locator("[name=content]").first.input_value() == ""


def test_what_was_typed_for_it_stays_on_the_device_and_goes_with_the_diary(page: Page) -> None:
    maker(page)
    page.click("#add-medicines")
    page.locator("#medicines").get_by_label("Name").fill("Iron")
    page.fill("#words", "I cannot lie still")
    page.wait_for_function(
        """() => new Promise((resolve) => { const open = indexedDB.open("papers", 1); open.onsuccess = () => {
          const got = open.result.transaction("kept").objectStore("kept").get("words");
          got.onsuccess = () => { open.result.close(); resolve(got.result?.value === "I cannot lie still"); }; }; })"""
    )
    maker(page)
    expect(page.locator("#medicines").get_by_label("Name")).to_have_value("Iron")
    expect(page.locator("#words")).to_have_value("I cannot lie still")
    opened(page)
    page.click("#ask-erase")
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.locator(STATUS)).to_have_text("Everything was erased from this device.")
    maker(page)
    expect(page.locator("#words")).to_have_value("")
    assert page.locator("#medicines .summary-row").count() == 0


def test_the_pdf_comes_from_what_was_seen(page: Page) -> None:
    maker(page)
    page.fill("#words", "I cannot lie still")
    page.check("#with-words")
    page.get_by_role("button", name="Show what would be handed over").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Make a PDF").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF-")


def test_answers_are_kept_in_the_table_and_can_be_handed_over(page: Page) -> None:
    page.goto("/care/questions")
    room = page.locator(".question-table__answer").first
    room.fill("At the college in Portland")
    expect(page.locator("#answers-status")).to_have_text("Kept on this device.")
    page.reload()
    expect(page.locator(".question-table__answer").first).to_have_value("At the college in Portland")
    maker(page)
    expect(page.locator("#answers").get_by_label("Answer")).to_have_value("At the college in Portland")


def test_whether_one_felt_listened_to_stays_on_the_device(page: Page) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method != "GET" else None)
    page.goto("/care/after")
    expect(page.locator("#listened-hint")).to_contain_text("stays on this device")
    page.check("#listened-partly")
    expect(page.locator("#listened-status")).to_have_text("Kept on this device.")
    page.reload()
    expect(page.locator("#listened-partly")).to_be_checked()
    assert posts == []


def before_and_after(count: int, *, later: int) -> list[dict[str, Any]]:
    """Nights of intensity 8 before the first treatment, of ``later`` after it."""
    return [
        {
            "date": (FIRST_TREATMENT + timedelta(days=number)).isoformat(),
            "changed": 1,
            "intensity": 8 if number < 0 else later,
        }
        | {"treatment": number == 0}
        for number in range(-count, count + 1)
    ]


def test_before_and_after_lie_side_by_side_and_nothing_is_said_of_why(page: Page) -> None:
    with_nights(page, before_and_after(20, later=3))
    page.goto("/care/review")
    expect(page.locator("#review-nights")).to_be_visible()
    expect(page.locator("#before-nights")).to_have_text("20")
    expect(page.locator("#before-intensity")).to_contain_text("8")
    expect(page.locator("#after-intensity")).to_contain_text("3")
    expect(page.locator("#review-intensity")).to_contain_text("It does not say why")
    expect(page.locator("#review-awake")).to_contain_text("too few notes")
    assert page.locator("#before-chart svg").count() == 1


def test_few_nights_are_said_to_be_few(page: Page) -> None:
    with_nights(page, before_and_after(4, later=3))
    page.goto("/care/review")
    expect(page.locator("#review-intensity")).to_contain_text("too few notes")
    expect(page.locator("#before-nights")).to_have_text("4")


def test_without_a_treatment_or_without_nights_it_says_what_is_missing(page: Page) -> None:
    page.goto("/care/review")
    expect(page.locator("#review-none")).to_contain_text("no nights")
    with_nights(page, some(9, treatment=False))
    page.goto("/care/review")
    expect(page.locator("#review-none")).to_contain_text("no day with a treatment yet")
    expect(page.locator("#review-nights")).to_be_hidden()


def test_without_scripts_the_review_is_plain_guidance(visitor: Callable[..., Page]) -> None:
    page = visitor(java_script_enabled=False)
    page.goto("/care/review")
    expect(page.get_by_text("With fewer than seven nights on either side, nobody can tell.")).to_be_visible()
    expect(page.locator("#review-nights")).to_be_hidden()


@pytest.mark.parametrize(("ago", "said"), [(1, "How was the night"), (3, "Three days on")])
def test_a_day_and_three_days_after_a_treatment_the_diary_asks(page: Page, ago: int, said: str) -> None:
    page.clock.set_fixed_time("2026-11-25T20:00:00-08:00")
    night = {"date": (date(2026, 11, 25) - timedelta(days=ago)).isoformat(), "changed": 1, "treatment": True}
    with_nights(page, [night])
    expect(page.locator("#look-back")).to_contain_text(said)


@pytest.mark.parametrize("ago", [0, 5])
def test_on_the_day_itself_and_later_it_does_not(page: Page, ago: int) -> None:
    page.clock.set_fixed_time("2026-11-25T20:00:00-08:00")
    night = {"date": (date(2026, 11, 25) - timedelta(days=ago)).isoformat(), "changed": 1, "treatment": True}
    with_nights(page, [night])
    expect(page.locator("#diary-some")).to_be_visible()
    expect(page.locator("#look-back")).to_be_hidden()
