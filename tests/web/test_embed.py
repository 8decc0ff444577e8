"""The search box for other sites: plain, without a cookie, and the only page that others may show in a frame."""

from __future__ import annotations

from urllib.parse import urlsplit

import html5lib
import pytest

from config import Config
from directory.app import DirectoryApp
from tests.web.client import Client, Page


def code(page: Page, which: str) -> str:
    return page.words(page.by_id(f"{which}-code"))


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", ["narrow", "wide"])
def test_the_form_to_copy_asks_for_a_place_and_for_nothing_else(
    client: Client, config: Config, language: str, size: str
) -> None:
    page = client.get(f"/embed?language={language}&size={size}")
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    found = parser.parseFragment(code(page, "plain"))
    assert not parser.errors
    (form,) = found.iter("form")
    assert (form.get("action"), form.get("method")) == (f"{config.site_url}/search", "get")
    assert "noreferrer" in form.get("rel", "")
    assert (form.get("lang"), form.get("dir")) == (language, "ltr"), "also on a page that is read from the right"
    fields = {each.get("name"): each.get("value") for each in form.iter("input")}
    assert fields == {"place": None} | ({"lang": "es"} if language == "es" else {})
    assert not [each for each in found.iter() if each.tag in ("script", "img", "style", "link", "iframe")]
    assert not [each for each in found.iter() if each.get("style") or each.get("onclick")]
    assert 'referrerpolicy="no-referrer"' in code(page, "plain")
    assert ("not an endorsement" if language == "en" else "no respalda a nadie") in " ".join(found.itertext())


def test_what_the_form_sends_opens_a_list_that_asks_about_pregnancy(client: Client) -> None:
    english = client.get("/search?place=97214")
    assert "Pregnant: not answered yet" in english.words()
    assert english.by_id("about-you") is not None
    spanish = client.get("/search?lang=es&place=97214")
    assert next(spanish.all("html")).get("lang") == "es"


def test_the_frame_to_copy_shows_the_box(client: Client, config: Config) -> None:
    page = client.get("/embed?language=es&size=narrow")
    (frame,) = html5lib.parseFragment(code(page, "framed"), namespaceHTMLElements=False).iter("iframe")
    assert frame.get("src") == f"{config.site_url}/embed/box?language=es"
    assert frame.get("referrerpolicy") == "no-referrer"
    assert frame.get("title")
    (preview,) = page.all("iframe")
    assert preview.get("src") == "/embed/box?language=es"
    assert "frame-src 'self'" in page.response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("size", "width", "style"), [("narrow", "300", ""), ("wide", None, "; width: 100%")])
def test_a_width_is_pixels_or_a_style(client: Client, size: str, width: str | None, style: str) -> None:
    page = client.get(f"/embed?size={size}")
    (frame,) = html5lib.parseFragment(code(page, "framed"), namespaceHTMLElements=False).iter("iframe")
    assert (frame.get("width"), frame.get("style")) == (width, f"border: 0{style}")
    (preview,) = page.all("iframe")
    assert (preview.get("width"), preview.get("style")) == (width, None), "our own policy allows no style in a page"


def test_the_box_may_be_framed_by_anybody_and_sets_no_cookie(client: Client) -> None:
    box = client.get("/embed/box?language=es")
    assert "frame-ancestors *" in box.response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in box.response.headers
    assert "Set-Cookie" not in box.response.headers
    assert next(box.all("html")).get("lang") == "es"
    form = box.form("/search")
    assert {each.get("name") for each in form.iter("input")} == {"lang", "place"}
    assert form.get("target") == "_top"
    assert not list(box.all("script"))


def test_the_box_is_the_same_for_everybody(client: Client) -> None:
    before = client.get("/embed/box").text
    client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes"})
    after = client.get("/embed/box")
    assert after.text == before
    assert "Set-Cookie" not in after.response.headers


def test_no_other_page_may_be_framed(client: Client, site: DirectoryApp) -> None:
    asked = 0
    for rule in site.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments or rule.endpoint == "embed.box":
            continue
        answer = client.inner.get(rule.rule)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], rule
        assert answer.headers["X-Frame-Options"] == "DENY", rule
        asked += 1
    assert asked > 50


@pytest.mark.parametrize("query", ["language=xx", "size=huge", "language=%00&size=", "language=en&language=xx&size=1"])
def test_a_choice_that_is_none_is_told_at_its_field(client: Client, query: str) -> None:
    page = client.get(f"/embed?{query}", 422)
    assert page.errors_at()
    assert "Error:" in page.words(next(page.all("title")))


@pytest.mark.parametrize("language", ["xx", "", "%00", "en-GB", "<b>"])
def test_the_box_in_a_language_of_nobody_is_in_english(client: Client, language: str) -> None:
    box = client.get(f"/embed/box?language={language}")
    assert next(box.all("html")).get("lang") == "en"


def test_the_page_is_found_from_every_page_and_leads_on(client: Client) -> None:
    assert "/embed" in client.get("/about").links()
    assert {urlsplit(each).path for each in client.get("/embed").links()} >= {"/about/ranking", "/about/privacy"}
