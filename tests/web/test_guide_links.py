"""Where the guide is led to from, and where it leads."""

from __future__ import annotations

import pytest

from directory.guide.library.pages import shipped
from directory.web.guide import ONWARD
from tests.web.client import Client

SLUGS = {page.slug for page in shipped()}
ELSEWHERE = (
    "/",
    "/search?place=97214",
    "/practitioners/whole-pregnancy",
    "/about-you/3?place=97214",
    "/urgent",
    "/urgent/talk",
    "/diary",
    *(f"/care/{name}" for name in ("prepare", "bring", "letter", "questions", "superbill", "after", "plan", "review")),
)


def slugs(links: list[str]) -> set[str]:
    return {link.removeprefix("/guide/").partition("?")[0] for link in links if link.startswith("/guide/")}


def test_every_page_is_reached_from_somewhere_that_is_not_the_guide(client: Client) -> None:
    found = {slug for address in ELSEWHERE for slug in slugs(client.get(address).links())}
    assert SLUGS - found == set()
    assert found <= SLUGS


def test_the_titles_that_lead_to_a_page_are_its_own(client: Client) -> None:
    titles = {f"/guide/{page.slug}": page.title for page in shipped()}
    page = client.get("/practitioners/whole-pregnancy")
    led = [each for each in page.all("a") if each.get("href") in titles and each.get("lang")]
    assert len(led) > 6
    for each in led:
        assert page.words(each) == titles[each.get("href", "")]


@pytest.mark.parametrize("slug", sorted(SLUGS))
def test_every_page_ends_in_something_to_do_and_no_link_is_dead(client: Client, slug: str) -> None:
    assert ONWARD.keys() == SLUGS
    page = client.get(f"/guide/{slug}")
    buttons = [each.get("href", "") for each in page.all("a") if "button" in (each.get("class") or "").split()]
    assert buttons
    ours = {link.partition("#")[0] for link in page.links() if link.startswith("/")}
    for address in sorted(each for each in ours if each and "/guide/" not in each and not each.startswith("/account")):
        assert client.inner.get(address, base_url=client.base).status_code in (200, 303), address


def test_a_plan_is_made_from_the_prices_of_a_profile(client: Client) -> None:
    assert "/care/plan/whole-pregnancy" in client.get("/practitioners/whole-pregnancy").links()
