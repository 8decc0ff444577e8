"""What a search engine reads on a profile: extruct finds it, and it says no more than was checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import extruct
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.web.presenters.structured import as_script
from tests.web import population
from tests.web.client import Client
from tests.web.conftest import Clock
from tests.web.test_contact import named

_THING = frozenset({"name", "url", "identifier", "description", "disambiguatingDescription", "alternateName"})
_PLACE_OR_BODY = _THING | {"address", "telephone", "openingHoursSpecification", "makesOffer"}
VOCABULARY = {
    "Person": _THING | {"jobTitle", "mainEntityOfPage", "worksFor", "knowsLanguage", "hasCredential"},
    "MedicalClinic": _PLACE_OR_BODY | {"geo", "availableService", "isAcceptingNewPatients"},
    "MedicalBusiness": _PLACE_OR_BODY | {"geo"},
    "MedicalOrganization": _PLACE_OR_BODY | {"isAcceptingNewPatients"},
    "MedicalTherapy": _THING | {"medicineSystem"},
    "Offer": _THING | {"itemOffered"},
    "Service": _THING | {"serviceType"},
    "PostalAddress": {"addressCountry", "addressLocality", "addressRegion", "postalCode", "streetAddress"},
    "GeoCoordinates": {"latitude", "longitude"},
    "OpeningHoursSpecification": {"dayOfWeek", "opens", "closes"},
    "Language": _THING,
    "Organization": _THING,
    "AdministrativeArea": _THING,
    "PropertyValue": {"propertyID", "value"},
    "EducationalOccupationalCredential": _THING
    | {"credentialCategory", "recognizedBy", "validIn", "expires", "temporalCoverage"},
}
"""Of each type, those of our words that schema.org has for it (its release 30.1)."""

HEALTH = ("restless", "rls", "pregnan", "specialist", "safe", "verified", "cure", "heal")


def read(client: Client, slug: str) -> dict[str, Any]:
    """The one node that the profile holds, as extruct reads it."""
    page = client.get(f"/practitioners/{slug}")
    found = extruct.extract(page.text, base_url="http://localhost/", syntaxes=["json-ld"])["json-ld"]
    assert len(found) == 1
    node: dict[str, Any] = found[0]
    return node


def test_a_profile_says_who_where_and_which_papers_were_checked(client: Client) -> None:
    node = read(client, "whole-pregnancy")
    assert (node["@type"], node["name"]) == ("Person", "Whole Pregnancy")
    assert node["jobTitle"] == "Licensed Acupuncturist"
    (licence,) = node["hasCredential"]
    assert licence["credentialCategory"] == "license"
    assert licence["recognizedBy"] == {"@type": "Organization", "name": "Oregon Medical Board"}
    assert licence["validIn"] == {"@type": "AdministrativeArea", "name": "Oregon"}
    assert licence["description"].startswith("active, checked with Oregon Medical Board on November 3, 2026, valid to ")
    (place,) = node["worksFor"]
    assert place["@type"] == "MedicalClinic"
    assert place["address"]["streetAddress"] == "100 Burnside Street"
    assert place["availableService"]["medicineSystem"] == "https://schema.org/TraditionalChinese"
    assert place["telephone"] == "+1 503 555 0142"
    assert "Fictional person" in node["disambiguatingDescription"]
    assert "Fictional person" in place["disambiguatingDescription"], "also of the practice alone"
    assert date.fromisoformat(licence["expires"]) > population.TODAY


def nodes(found: object) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        yield found
        found = list(found.values())
    if isinstance(found, list):
        for each in found:
            yield from nodes(each)


def test_schema_org_has_every_word_for_the_thing_of_which_it_is_said(client: Client) -> None:
    listed = client.inner.get("/sitemap-people-1.xml").get_data(as_text=True)
    met = set()
    for slug in re.findall(r"/practitioners/([^<]+)</loc>", listed):
        for node in nodes(read(client, slug)):
            types = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
            known = frozenset().union(*(VOCABULARY[each] for each in types))
            assert {word for word in node if not word.startswith("@")} <= known, (slug, types)
            met.update(types)
    assert met == set(VOCABULARY) - {"PropertyValue"}, "what the people here are and have"


def test_what_is_no_clinic_offers_a_service(client: Client) -> None:
    (place,) = read(client, "hidden-home")["worksFor"]
    assert place["makesOffer"]["itemOffered"] == {"@type": "Service", "serviceType": "Acupuncture"}
    assert "availableService" not in place


def test_a_school_that_nobody_was_asked_about_is_no_credential(client: Client) -> None:
    assert "Oregon College of Oriental Medicine" in client.get("/practitioners/whole-pregnancy").words()
    assert "Oregon College" not in json.dumps(read(client, "whole-pregnancy"))


def test_everybody_who_can_be_seen_is_read_back_and_nothing_is_said_of_health(client: Client) -> None:
    listed = client.inner.get("/sitemap-people-1.xml").get_data(as_text=True)
    slugs = re.findall(r"/practitioners/([^<]+)</loc>", listed)
    assert len(slugs) > population.CROWD
    for slug in slugs:
        node = read(client, slug)
        assert node["url"].endswith(f"/practitioners/{slug}")
        assert node["hasCredential"]
        assert node["worksFor"]
        told = {**node, "name": "", "url": "", "@id": "", "mainEntityOfPage": "", "worksFor": "", "hasCredential": ""}
        said = json.dumps([told, *(each["description"] for each in node["hasCredential"])]).casefold()
        assert not [word for word in HEALTH if word in said]


def test_of_a_hidden_home_there_is_an_area_and_no_point(client: Client) -> None:
    (place,) = read(client, "hidden-home")["worksFor"]
    assert "streetAddress" not in place["address"]
    assert "geo" not in place
    assert place["address"]["addressLocality"] == "Portland"
    assert "MedicalClinic" not in place["@type"]


def test_new_patients_are_told_of_only_where_something_was_said(client: Client, shared_clock: Clock) -> None:
    def taking(slug: str) -> bool | None:
        found: bool | None = read(client, slug)["worksFor"][0].get("isAcceptingNewPatients")
        return found

    assert (taking("practitioner-01"), taking("closed-list"), taking("nobody-knows")) == (True, False, None)
    shared_clock.now = population.NOW + timedelta(days=100)
    assert taking("practitioner-01") is None, "a yes of long ago"


def test_hours_are_told_by_days_that_have_the_same(client: Client) -> None:
    (hours,) = read(client, "practitioner-03")["worksFor"][0]["openingHoursSpecification"]
    assert [each.rpartition("/")[2] for each in hours["dayOfWeek"]] == ["Tuesday", "Wednesday", "Friday"]
    assert (hours["opens"], hours["closes"]) == ("09:00", "20:00")


def test_an_order_is_not_left_out(client: Client) -> None:
    (licence,) = read(client, "under-order")["hasCredential"]
    assert "probation" in licence["description"]


def test_languages_are_the_practitioners_own(client: Client) -> None:
    assert {"@type": "Language", "name": "Spanish", "alternateName": "es"} in read(client, "practitioner-05")[
        "knowsLanguage"
    ]


@pytest.mark.parametrize("slug", ["lapsed-yesterday", "under-a-ban"])
def test_whoever_is_not_shown_is_in_no_data(client: Client, slug: str) -> None:
    assert "ld+json" not in client.get(f"/practitioners/{slug}", 410).text


def test_no_name_ends_the_block(client: Client) -> None:
    (hostile,) = named(client, population.HTML_NAME)
    page = client.get(f"/practitioners/{hostile}")
    assert read(client, hostile)["name"] == population.HTML_NAME
    block = page.text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(block)["name"] == population.HTML_NAME


@given(st.text(max_size=60))
def test_any_name_comes_back_as_it_was_and_as_text(name: str) -> None:
    written = str(as_script({"name": f"</script><!--{name}\u2028"}))
    assert json.loads(written)["name"] == f"</script><!--{name}\u2028"
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(written)
