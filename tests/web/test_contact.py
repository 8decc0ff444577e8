"""A practitioner as a contact: two readers of vCards agree with the profile, and nothing is said about health."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from directory.web.presenters import contact_card
from tests.web import population
from tests.web.client import Client

Lines = dict[str, list[str]]


def named(client: Client, name: str) -> list[str]:
    """The addresses of those who bear the name."""
    links = client.get("/practitioners?" + urlencode({"name": name})).links()
    found = (link.removeprefix("/practitioners/") for link in links if link.startswith("/practitioners/"))
    return list(dict.fromkeys(found))


def read(client: Client, slug: str, status: int = 200) -> str:
    answer = client.inner.get(f"/practitioners/{slug}.vcf", base_url="http://localhost")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def unfolded(card: str) -> list[str]:
    """The lines as RFC 6350, 3.2 puts them together."""
    assert card.endswith("\r\n")
    assert "\n" not in card.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))
    return re.sub("\r\n[ \t]", "", card).rstrip("\r\n").split("\r\n")


def values(card: str) -> Lines:
    """What each property says, without its parameters and group."""
    found: Lines = {}
    for line in unfolded(card):
        name, _, value = line.partition(":") if '"' not in line.partition(":")[0] else _quoted(line)
        found.setdefault(name.partition(";")[0].rpartition(".")[2], []).append(value)
    return found


def _quoted(line: str) -> tuple[str, str, str]:
    match = re.fullmatch(r'((?:[^":]|"[^"]*")+):(.*)', line)
    assert match is not None
    return match[1], ":", match[2]


def test_a_contact_reaches_the_practice(client: Client) -> None:
    said = values(read(client, "whole-pregnancy"))
    assert list(said)[:2] == ["BEGIN", "VERSION"]
    assert said["VERSION"] == ["4.0"]
    assert said["KIND"] == ["individual"]
    assert said["FN"] == ["Whole Pregnancy"]
    assert said["N"] == [";Whole Pregnancy;;;"]
    assert said["ORG"] == ["Burnside Clinic"]
    assert said["TITLE"] == ["Licensed Acupuncturist"]
    assert said["ADR"] == [";;100 Burnside Street;Portland;OR;97214;US"]
    assert said["GEO"] == ["geo:45.51450,-122.61733"]
    assert said["TEL"] == ["+1 503 555 0142"]
    assert said["URL"][0].endswith("/practitioners/whole-pregnancy")
    assert re.fullmatch(r"\d{8}T\d{6}Z", said["REV"][0])
    assert said["NOTE"][0].startswith("Fictional person: nobody of this name practices here. Saved from Stillpoint.")
    assert "CATEGORIES" not in said


def test_it_is_a_file_to_save_that_search_engines_leave_alone(client: Client) -> None:
    answer = client.inner.get("/practitioners/whole-pregnancy.vcf")
    assert answer.content_type == "text/vcard; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="whole-pregnancy.vcf"'
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_the_profile_leads_to_it(client: Client) -> None:
    page = client.get("/practitioners/whole-pregnancy")
    link = next(each for each in page.all("a") if page.words(each) == "Save contact")
    assert link.get("href") == "/practitioners/whole-pregnancy.vcf"


def test_another_reader_agrees(client: Client) -> None:
    card = vobject.readOne(read(client, "whole-pregnancy"))
    assert card.fn.value == "Whole Pregnancy"
    assert card.adr.value.city == "Portland"
    assert card.tel.value == "+1 503 555 0142"
    assert card.org.value == ["Burnside Clinic"]


def test_of_a_hidden_home_the_town_alone_is_told(client: Client) -> None:
    said = values(read(client, "hidden-home"))
    assert said["ADR"] == [";;;Portland;OR;;US"]
    assert "GEO" not in said
    assert "geo:" not in read(client, "hidden-home")


def test_nothing_in_it_speaks_of_health(client: Client) -> None:
    card = read(client, "practitioner-02").casefold()
    assert not [word for word in ("restless", "rls", "pregnan", "acupuncture ") if word in card]


@pytest.mark.parametrize("slug", ["lapsed-yesterday", "under-a-ban"])
def test_whoever_is_not_shown_is_no_contact(client: Client, slug: str) -> None:
    read(client, slug, 410)


@pytest.mark.parametrize("slug", ["not-published", "nobody-at-all", "%0d%0aFN", "x" * 500])
def test_a_draft_and_nobody_look_the_same(client: Client, slug: str) -> None:
    read(client, slug, 404)


def test_hostile_and_foreign_names_stay_one_value(client: Client) -> None:
    for name in (population.HTML_NAME, population.RTL_NAME, population.LONG_NAME.strip()):
        (slug,) = named(client, name)
        assert unescaped(values(read(client, slug))["FN"][0]) == name


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text)


PRINTED = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)


@given(PRINTED)
def test_any_text_comes_back(text: str) -> None:
    folded = contact_card.folded(f"NOTE:{contact_card.escaped(text)}") + "\r\n"
    (line,) = unfolded(folded)
    assert unescaped(line.removeprefix("NOTE:")) == text.strip()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_begins_a_line_of_its_own(text: str) -> None:
    assert len(unfolded(contact_card.folded(f"NOTE:{contact_card.escaped(text)}") + "\r\n")) == 1
