"""The desk in the browser: a verifier works the queue with keys alone, and can switch the keys off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.members import verifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site


def test_the_queue_is_worked_with_keys_alone(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    verifier(page, site, "/desk")
    page.goto("/desk?state=open&kind=education")
    lines = page.locator("[data-line]")
    names = lines.locator(".case__open")

    page.keyboard.press("j")
    expect(names.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(lines.nth(1).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("t")
    expect(lines.nth(1)).to_contain_text("Yours until")
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("r")
    expect(lines.nth(1)).not_to_contain_text("Yours until")

    page.keyboard.press("/")
    typed = page.get_by_label("Name of the person")
    expect(typed).to_be_focused()
    page.keyboard.type("jotnrx?/")
    expect(typed).to_have_value("jotnrx?/")
    expect(page).to_have_url(re.compile(r"kind=education$|#case-\d+$"))

    page.keyboard.press("Escape")
    typed.blur()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("j")
    dialog.get_by_label("Use these keys in this browser").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.reload()
    for key in "jn?":
        page.keyboard.press(key)
    expect(dialog).to_be_hidden()
    expect(names.nth(1)).to_be_focused()
    page.get_by_role("button", name="Keys").click()
    dialog.get_by_label("Use these keys in this browser").check()
    dialog.get_by_role("button", name="Close").click()

    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.keyboard.press("n")
    assert sent.value.status == 303
    assert re.fullmatch(r"/desk/cases/\d+\?state=open&kind=education", sent.value.headers["location"])


VISITED = """() => {
  const main = document.querySelector('main'), stops = 'a[href], button, input, select, textarea, summary, iframe';
  const shown = [...main.querySelectorAll(stops)].filter((it) => it.checkVisibility() && it.type !== 'hidden');
  const group = (it) => [...(it.form ?? main).querySelectorAll(`[type=radio][name="${it.name}"]`)];
  const reached = (it) => it.dataset.reached || it.type === 'radio' && group(it).some((one) => one.dataset.reached);
  return shown.filter((it) => !reached(it)).map((it) => it.outerHTML.slice(0, 120));
}"""
"""What is in sight and was never reached; of radio buttons that belong together one is enough, arrows do the rest."""


def _walk(page: Page) -> None:
    """Go on with the Tab key until it leaves the page's main part again."""
    page.evaluate("""() => {
      document.addEventListener('focusin', (event) => { event.target.dataset.reached = 'yes'; });
      const main = document.querySelector('main');
      main.tabIndex = -1;
      main.focus();
    }""")
    for _ in range(400):
        page.keyboard.press("Tab")
        if not page.evaluate("() => document.querySelector('main').contains(document.activeElement)"):
            return


def test_the_tab_key_reaches_everything_of_the_queue_and_of_a_case(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    verifier(page, site, "/desk")
    for address in ("/desk?state=open&kind=photo", f"/desk/cases/{site.case('licence', 'image/jpeg')}"):
        page.goto(address)
        _walk(page)
        assert page.evaluate(VISITED) == []


def test_a_case_is_worked_with_keys_alone(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    verifier(page, site, "/desk")
    page.goto(f"/desk/cases/{site.case('licence', 'image/jpeg')}?state=open&kind=licence")
    expect(page.get_by_role("button", name="Next case").locator("kbd")).to_have_text("n")
    for key, place in (("e", "What shows it"), ("g", "Registers"), ("d", "Decide")):
        page.keyboard.press(key)
        expect(page.get_by_role("heading", name=place, exact=True)).to_be_in_viewport()
        assert page.evaluate("location.hash") == {"e": "#evidence", "g": "#registers", "d": "#decide"}[key]
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Release")).to_be_visible()
    here = page.url.partition("?")[0].partition("#")[0]
    page.wait_for_load_state()
    page.keyboard.press("r")
    expect(page.get_by_role("main")).not_to_contain_text("Yours until")

    page.goto(f"{here}?state=open&kind=licence")
    page.keyboard.press("n")
    page.wait_for_url(re.compile(r"/desk/cases/\d+\?"))
    page.wait_for_url(lambda address: not address.startswith(f"{here}?"))
    expect(page.get_by_text("Yours until")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("r")
    expect(page.get_by_role("main")).not_to_contain_text("Yours until")


def test_without_a_script_buttons_do_all_of_it(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor(java_script_enabled=False)
    verifier(page, site, "/desk")
    page.goto("/desk?state=open&kind=indemnity")
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()
    first = page.locator("[data-line]").first
    first.get_by_role("button", name="Take").click()
    expect(first).to_contain_text("Yours until")
    first.get_by_role("checkbox").check()
    page.get_by_role("button", name="Release those ticked").click()
    expect(first).not_to_contain_text("Yours until")
