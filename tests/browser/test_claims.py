"""The list under a text says in the browser what the server would say, of every phrase and in every dress."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from directory.guide import claims
from directory.paths import STATIC
from directory.web.presenters.claims import for_script
from tests.unit.test_claims import DRESSED, FACTS, HONEST, REFUSED, TRICKS

if TYPE_CHECKING:
    from playwright.sync_api import Page

EVERYWHERE = ("AU", "GB-ENG", "US-OR")


def type_in(page: Page, text: str) -> list[str]:
    """What stands in the list once this was typed."""
    listed = escape(for_script(EVERYWHERE), quote=True)
    page.set_content(
        f'<div id="claims-list" hidden data-list="{listed}" data-heading="No:" data-show="Show"></div>'
        f'<textarea id="words">{escape(text)}</textarea><div role="status" data-claims-of="words"></div>'
    )
    page.add_script_tag(path=STATIC / "claims.js", type="module")
    page.wait_for_function("document.getElementById('words').dataset.looked !== undefined")
    return [each.strip("“”") for each in page.locator(".claims__words").all_inner_texts()]


def test_the_browser_finds_what_the_server_finds(page: Page) -> None:
    phrases = [text for text, _ in REFUSED] + [*HONEST, *FACTS, *TRICKS] + [f"I can {each} you" for each in DRESSED]
    text = ".\n\n".join(phrases)
    expected = [hit.words for hit in claims.check(text, EVERYWHERE)]
    assert len(expected) > 60
    assert type_in(page, text) == [" ".join(words.split()) for words in expected]


def test_a_fact_shows_nothing_and_a_claim_leads_back_to_its_words(page: Page) -> None:
    assert type_in(page, "") == []
    area, status = page.locator("#words"), page.locator("[data-claims-of]")
    area.fill("I have seen 12 people with RLS.")
    area.press_sequentially(" I cure it.")
    expect(status).to_contain_text("cure")
    expect(status).to_contain_text("CAP Code")
    status.get_by_role("button").click()
    expect(area).to_be_focused()
    start, end = area.evaluate("each => [each.selectionStart, each.selectionEnd]")
    assert area.input_value()[start:end] == "cure"
    area.fill("I have seen 12 people with RLS.")
    expect(status).to_be_empty()
