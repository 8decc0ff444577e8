"""What pages say of themselves to others: one address, the other language, and a picture that keeps quiet."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from config import Config
from directory.web.presenters import pictures
from directory.web.presenters.pictures import Words
from tests.web import population
from tests.web.client import Client, Page


def canonical(page: Page) -> str | None:
    found = [each.get("href") for each in page.all("link") if each.get("rel") == "canonical"]
    assert len(found) <= 1
    return found[0] if found else None


def alternates(page: Page) -> dict[str, str]:
    return {each.get("hreflang", ""): each.get("href", "") for each in page.all("link") if each.get("hreflang")}


def og(page: Page, name: str) -> str:
    return next(each.get("content", "") for each in page.all("meta") if each.get("property") == f"og:{name}")


def test_a_list_has_one_address_whatever_page_and_day_it_was_made_for(client: Client, config: Config) -> None:
    first = client.get("/search?place=97214&preset=nearest&utm_source=x")
    here = f"{config.site_url}/search?place=97214&preset=nearest"
    assert canonical(first) == here
    following = first.next_page()
    assert following is not None
    assert "after=" in following
    assert canonical(client.get(following)) == here


def test_what_somebody_told_makes_no_other_address(client: Client, config: Config) -> None:
    client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes", "weeks": "12"})
    page = client.get("/search?place=97214")
    assert "Pregnant: yes" in page.words()
    assert canonical(page) == f"{config.site_url}/search?place=97214"
    assert not [each for each in page.all("meta") if "pregnan" in each.get("content", "").casefold()]


@pytest.mark.parametrize(
    "path",
    ["/about-you", "/about-you/1", "/urgent?place=97214", "/compare", "/search/map?place=97214", "/account/sign-in"],
)
def test_pages_of_health_and_of_somebody_have_none(client: Client, path: str) -> None:
    page = Page(client.inner.get(path))
    assert page.status in (200, 422)
    assert canonical(page) is None
    assert "og:" not in page.text
    assert not alternates(page)


@pytest.mark.parametrize(
    ("path", "status"), [("/practitioners/lapsed-yesterday", 410), ("/practitioners/nobody", 404), ("/guide/no", 404)]
)
def test_a_refusal_is_not_the_page_of_its_address(client: Client, path: str, status: int) -> None:
    page = client.get(path, status)
    assert canonical(page) is None
    assert "og:" not in page.text


def test_a_page_that_exists_in_spanish_says_where(client: Client, config: Config) -> None:
    page = client.get("/practitioners/whole-pregnancy")
    here = f"{config.site_url}/practitioners/whole-pregnancy"
    assert canonical(page) == here
    assert alternates(page) == {"en": here, "es": f"{here}?lang=es", "x-default": here}
    assert alternates(client.get("/search?place=97214"))["es"] == f"{config.site_url}/search?place=97214&lang=es"
    assert alternates(client.get("/about")) == {}, "nobody has translated it"


def test_the_address_in_spanish_is_in_spanish_and_leads_on_in_it(client: Client, config: Config) -> None:
    page = client.get("/practitioners/whole-pregnancy?lang=es")
    assert page.root.get("lang") == "es" or next(page.all("html")).get("lang") == "es"
    assert canonical(page) == f"{config.site_url}/practitioners/whole-pregnancy?lang=es"
    assert alternates(page)["en"] == f"{config.site_url}/practitioners/whole-pregnancy"
    assert "/practitioners?lang=es" in page.links()
    found = client.get("/search?place=97214&lang=es")
    assert canonical(found) == f"{config.site_url}/search?place=97214&lang=es"
    assert alternates(found)["en"] == f"{config.site_url}/search?place=97214"
    assert 'lang="en' in client.get("/about?lang=es").text
    assert (og(found, "locale"), og(found, "locale:alternate")) == ("es_ES", "en_US")
    english = client.get("/search?place=97214")
    assert (og(english, "locale"), og(english, "locale:alternate")) == ("en_US", "es_ES")
    assert "og:locale:alternate" not in client.get("/about").text


def test_a_choice_made_here_goes_before_the_address(client: Client) -> None:
    page = client.get("/practitioners?lang=es")
    action = "/about-you/language"
    client.submit(page, action, {"language": "en"})
    assert 'lang="en-US"' in client.get("/practitioners?lang=es").text


@pytest.mark.parametrize("nonsense", ["xx", "", "en", "es-ES", "%00", "../../x"])
def test_another_language_is_none(client: Client, nonsense: str) -> None:
    assert 'lang="en-US"' in client.get(f"/practitioners?lang={nonsense}").text


# --- pictures ---------------------------------------------------------------------------------------------------------


def picture(client: Client, page: Page, config: Config) -> bytes:
    address = og(page, "image")
    assert address.startswith(f"{config.site_url}/")
    answer = client.inner.get(address.removeprefix(config.site_url))
    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    content = answer.get_data()
    image = Image.open(io.BytesIO(content))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    return content


def test_a_profile_is_passed_on_with_a_name_a_title_and_a_town(client: Client, config: Config) -> None:
    page = client.get("/practitioners/whole-pregnancy")
    assert og(page, "title") == "Whole Pregnancy – Stillpoint"
    assert og(page, "type") == "profile"
    assert og(page, "description").endswith("Fictional person: nobody of this name practices here.")
    alt = og(page, "image:alt")
    assert alt == "Fictional person. Whole Pregnancy. Licensed Acupuncturist · Portland, Oregon"
    assert [each.get("content") for each in page.all("meta") if each.get("name") == "twitter:image:alt"] == [alt]
    assert picture(client, page, config) != picture(client, client.get("/practitioners/practitioner-01"), config)


def test_every_other_page_has_the_picture_of_the_site(client: Client, config: Config) -> None:
    pictures_of = {picture(client, client.get(path), config) for path in ("/", "/about", "/search?place=97214")}
    assert len(pictures_of) == 1


def test_an_address_that_is_no_longer_the_pictures_own_is_not_kept(client: Client) -> None:
    answer = client.inner.get("/practitioners/whole-pregnancy/picture-0000000000000000.png")
    assert answer.headers["Cache-Control"] == "no-cache"
    gone = {"lapsed-yesterday": 410, "under-a-ban": 410, "not-published": 404, "nobody": 404}
    for slug, status in gone.items():
        assert client.inner.get(f"/practitioners/{slug}/picture-0000000000000000.png").status_code == status, slug


def test_who_has_a_picture_need_not_read_it_again(client: Client, config: Config) -> None:
    for path in ("/practitioners/whole-pregnancy", "/about"):
        address = og(client.get(path), "image").removeprefix(config.site_url)
        tag = client.inner.get(address).headers["ETag"]
        again = client.inner.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.get_data()) == (304, b"")
        assert again.headers["Cache-Control"] == "public, max-age=86400"
        assert again.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def words(name: str, line: str = "Acupuncturist · Portland") -> Words:
    return Words(site="Stillpoint", head=name, instead="A practitioner’s profile", line=line, foot="A foot.")


@pytest.mark.parametrize("name", [population.RTL_NAME, "李小龍", "Ελένη", "नाम", "\u202egnp", "Zoë\x00", "", "🦵"])
def test_a_name_that_our_letters_cannot_write_is_left_out_and_not_drawn_as_boxes(name: str) -> None:
    assert not pictures.legible(name)
    assert pictures.drawn(words(name)) == pictures.drawn(words("A practitioner’s profile"))


def test_a_hyphen_that_keeps_together_and_an_accent_of_its_own_are_drawn_as_any_other() -> None:
    assert pictures.drawn(words("Anne\u2011Marie O’Neil")) == pictures.drawn(words("Anne-Marie O’Neil"))
    assert pictures.drawn(words("Zoe\u0308 Bru\u0308ller")) == pictures.drawn(words("Zoë Brüller"))


def test_a_long_name_goes_on_after_its_hyphen() -> None:
    """The second half is drawn and not cut off: another one is another picture."""
    first, second = (f"Hazel V. Featherstonehaugh-Cholmondeley-War{each}" for each in ("rington", "wicker"))
    assert pictures.drawn(words(first)) != pictures.drawn(words(second))


@pytest.mark.parametrize("name", ["Łukasz Wiśniewski", "Zoë O’Brien-Åström", "Ștefan Țîrlea", population.HTML_NAME])
def test_a_name_in_latin_letters_is_drawn(name: str) -> None:
    assert pictures.legible(name)
    assert pictures.drawn(words(name)) != pictures.drawn(words("A practitioner’s profile"))


def test_the_longest_name_stays_inside(config: Config) -> None:
    image = Image.open(io.BytesIO(pictures.drawn(words(population.LONG_NAME, "A" * 300)))).convert("RGB")
    ground = image.getpixel((2, 2))
    edge = [image.getpixel((x, y)) for x in range(1180, 1200) for y in range(0, 630, 3)]
    assert set(edge) == {ground}


def test_another_word_is_another_address() -> None:
    assert words("A").mark != words("B").mark
    assert words("A").mark == words("A").mark
