"""From a place to a person: by keyboard alone, without script, with names that mean several places or none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.finding import HERE, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.watch import Watch

ENOUGH_TABS = 150
STILL = {"reduced_motion": "reduce"}
"""Nothing glides, so where something is can be asked at once."""

# What has the focus, and whether somebody who looks can tell. A link that runs on into a second line is two boxes.
FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  const box = at.getClientRects()[0] ?? at.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width, 20) / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, 20) / 2, 0), innerHeight - 1);
  const seen = document.elementFromPoint(x, y);
  return {
    name: at.id || at.textContent.trim().slice(0, 40) || at.tagName,
    body: at === document.body,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    uncovered: seen !== null && (at.contains(seen) || seen.contains(at)),
  };
}"""


def tab(page: Page, keys: str = "Tab") -> dict[str, object]:
    """Move the focus once; wherever it lands it can be seen."""
    page.keyboard.press(keys)
    focus: dict[str, object] = page.evaluate(FOCUS)
    if not focus["body"]:
        assert focus["outlined"], f"no outline: {focus}"
        assert focus["inside"], f"out of sight: {focus}"
        assert focus["uncovered"], f"behind something: {focus}"
    return focus


def tab_to(page: Page, target: Locator, keys: str = "Tab") -> int:
    """Move the focus forwards, or backwards with other keys, until it is there; how often that was."""
    for times in range(1, ENOUGH_TABS + 1):
        tab(page, keys)
        if target.evaluate("it => it === document.activeElement"):
            return times
    raise AssertionError(f"{ENOUGH_TABS} presses of the Tab key do not lead to {target}")


def people(page: Page) -> list[str]:
    """The addresses of the people in the list, in order."""
    page.wait_for_load_state()
    links = page.locator("ol.cards .card__title a")
    return [link.get_attribute("href") or "" for link in links.all()]


def how_many(page: Page) -> int:
    """The number in the heading of the list."""
    found = re.match(r"\d+", page.locator("#list").inner_text().replace(",", ""))
    assert found is not None
    return int(found[0])


def test_from_search_to_profile_by_keyboard_alone(visitor: Callable[..., Page]) -> None:
    page = visitor(**STILL)
    page.goto("/")
    assert tab(page)["name"] == "Skip to the content"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert tab_to(page, page.get_by_label("Where do you need someone?")) == 1
    page.keyboard.type("97214")
    assert tab_to(page, page.get_by_role("button", name="Use my location")) == 1
    tab(page)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Yes", exact=True)).to_be_checked()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("97214")
    expect(page.locator("#made-for")).to_contain_text("Pregnant: yes")
    tab_to(page, page.get_by_role("link", name="go to the list"))
    page.keyboard.press("Enter")
    arithmetic = page.locator("ol.cards .arithmetic summary").first
    tab_to(page, page.locator("ol.cards .card__title a").first)
    tab_to(page, arithmetic)
    page.keyboard.press("Enter")
    expect(page.get_by_text("How this fits what you asked, not a rating").first).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_text("How this fits what you asked, not a rating").first).to_be_hidden()
    tab_to(page, page.locator("ol.cards .to-ask summary").first, "Shift+Tab")
    name = page.locator("ol.cards .card__title a").first
    tab_to(page, name, "Shift+Tab")
    person = name.inner_text()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(person)
    assert "/practitioners/" in page.url


def test_the_keyboard_is_caught_nowhere_and_always_seen(visitor: Callable[..., Page]) -> None:
    page = visitor(**STILL, viewport={"width": 390, "height": 844})
    page.goto(HERE)
    page.locator("ol.cards .card__title a").first.click()
    page.wait_for_load_state()
    for keys in ("Tab", "Shift+Tab"):
        visited = [tab(page, keys)]
        while not visited[-1]["body"] and len(visited) < ENOUGH_TABS:
            visited.append(tab(page, keys))
        assert len(visited) > 15
        assert visited[-1]["body"], f"the focus never leaves the page: {visited[-3:]}"


def test_without_script_the_answer_changes_the_list_and_can_be_forgotten(
    visitor: Callable[..., Page], watch: Watch
) -> None:
    page = visitor(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("Where do you need someone?").fill("97214")
    page.get_by_role("button", name="Show people near me").click()
    expect(page.locator("#made-for")).to_contain_text("not answered yet")
    everybody, first = how_many(page), people(page)

    tell(page, "Yes", "12")
    expect(page.locator("#made-for")).to_contain_text("Pregnant: yes, 12 weeks today")
    expect(page.get_by_text("Only people who take on these weeks of pregnancy", exact=False)).to_be_visible()
    assert 0 < how_many(page) < everybody
    assert people(page) != first
    for card in page.locator("ol.cards .card").all():
        expect(card).to_contain_text(re.compile(r"Takes on weeks \d+ to \d+ of pregnancy"))
        expect(card.locator(".reasons")).to_contain_text("Practice in pregnancy")
    expect(page.locator("#help-now")).to_contain_text("pregnant")

    chosen = people(page)[0]
    page.locator("ol.cards .card__title a").first.click()
    expect(page.get_by_role("heading", name="Work in pregnancy")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Forget what I told you").click()
    expect(page.locator("#made-for")).to_contain_text("not answered yet")
    assert how_many(page) == everybody
    assert people(page) == first
    assert set(watch.asked) == {"/", HERE, "/search/about-you?place=97214", chosen, "/search/forget?place=97214"}


def test_after_forgetting_the_back_button_shows_nothing_of_it(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto(HERE)
    tell(page, "Yes", "12")
    page.locator("ol.cards .card__title a").first.click()
    page.wait_for_load_state()
    page.go_back()
    expect(page.locator("#made-for")).to_contain_text("12 weeks")
    page.get_by_role("button", name="Forget what I told you").click()
    expect(page.locator("#made-for")).to_contain_text("not answered yet")
    assert "about_you" not in {cookie.get("name") for cookie in page.context.cookies()}
    for _ in range(3):
        page.go_back()
        expect(page.get_by_text("12 weeks")).to_have_count(0)
        expect(page.get_by_text("You told us that you are")).to_have_count(0)


def test_what_was_told_is_sealed_and_hidden_from_scripts(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto(HERE)
    tell(page, "Yes", "12")
    kept = {str(cookie["name"]): cookie for cookie in page.context.cookies()}["about_you"]
    assert kept["httpOnly"]
    assert kept["sameSite"] == "Lax"
    assert not re.search(r"yes|12|202\d-", str(kept["value"])[:12])
    assert page.evaluate("document.cookie") == ""


def test_a_name_of_several_places_offers_choices_that_lead_to_people(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/")
    page.get_by_label("Where do you need someone?").fill("Portland")
    page.get_by_label("No", exact=True).check()
    page.keyboard.press("Enter")
    choices = page.get_by_role("group", name="Choose one of these").get_by_role("button")
    expect(choices.first).to_be_visible()
    assert choices.count() >= 2
    expect(page.get_by_label("No", exact=True)).to_be_checked()
    choices.filter(has_text="Oregon").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Portland")
    expect(page.locator("#made-for")).to_contain_text("Pregnant: no")
    assert people(page)


def test_a_place_nobody_knows_is_said_at_its_field_and_kept(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/")
    place = page.get_by_label("Where do you need someone?")
    place.fill("Nowhereville <b>&")
    page.get_by_role("button", name="Show people near me").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Please check")
    expect(place).to_have_value("Nowhereville <b>&")
    expect(place).to_have_attribute("aria-invalid", "true")
    described = (place.get_attribute("aria-describedby") or "").split()
    said = [page.locator(f"#{id_}").inner_text() for id_ in described]
    complaint = summary.get_by_role("link").first.inner_text().removeprefix("Where do you need someone? ")
    assert any(complaint in text for text in said)
    summary.get_by_role("link").first.click()
    expect(place).to_be_focused()
