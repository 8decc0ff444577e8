"""Addresses: what the gazetteer knows of them, where to look for the rest, and on which side of a border a pin is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import InvalidInput
from directory.geo.addresses import PostalAddress, known_place, standing, start
from directory.geo.distance import distance_km
from directory.geo.places import AmbiguousPlace, Precision, gazetteer


@pytest.mark.parametrize(
    ("facts", "near", "precision"),
    [
        ({"country": "US", "locality": "Portland", "postal_code": "97214"}, (45.51, -122.64), Precision.POSTCODE),
        ({"country": "US", "locality": "Portland", "region": "Oregon"}, (45.52, -122.68), Precision.CITY),
        ({"country": "US", "locality": "Springfield", "region": "IL"}, (39.80, -89.64), Precision.CITY),
        ({"country": "US", "locality": "Springfield", "postal_code": "62701"}, (39.80, -89.65), Precision.POSTCODE),
        ({"country": "GB", "locality": "Leeds", "postal_code": "LS1 4AP"}, (53.80, -1.55), Precision.POSTCODE),
        ({"country": "CA", "locality": "Vancouver", "postal_code": "V6B 1A1"}, (49.28, -123.12), Precision.POSTCODE),
        ({"country": "IE", "locality": "Dublin", "postal_code": "D02 AF30"}, (53.34, -6.25), Precision.POSTCODE),
        ({"country": "NZ", "locality": "Auckland", "postal_code": "1010"}, (-36.85, 174.76), Precision.POSTCODE),
        ({"country": "FR", "locality": "Paris", "postal_code": "75001"}, (48.85, 2.35), Precision.CITY),
        ({"country": "US", "locality": "Nowhere at All", "postal_code": "97214"}, (45.51, -122.64), Precision.POSTCODE),
    ],
)
def test_an_address_is_found_by_its_code_or_its_town(
    facts: dict[str, str], near: tuple[float, float], precision: Precision
) -> None:
    found = known_place(gazetteer(), PostalAddress(**facts))
    assert found is not None
    assert distance_km(found.latitude, found.longitude, *near) < 15
    assert (found.country, found.precision) == (facts["country"], precision)


@pytest.mark.parametrize(
    ("facts", "near", "around_km"),
    [
        ({"country": "US", "locality": "Xyzzyville", "region": "Oregon"}, (45.52, -122.68), 150),
        ({"country": "FR", "locality": "Xyzzyville", "region": "Oregon"}, (48.85, 2.35), 700),
        ({"country": "BV", "locality": "Xyzzyville"}, (25.0, 0.0), 5000),
        ({"country": "US", "locality": "97214"}, (45.51, -122.64), 4),
        ({"country": "US", "locality": "45.5, -122.6"}, (40.71, -74.0), 700),
    ],
)
def test_what_nobody_knows_is_looked_for_from_the_best_level_known(
    facts: dict[str, str], near: tuple[float, float], around_km: float
) -> None:
    address = PostalAddress(**facts)
    begin = start(gazetteer(), address, known_place(gazetteer(), address))
    assert distance_km(begin.latitude, begin.longitude, *near) < 30
    assert begin.around_km == around_km


def test_contradictions_and_several_towns_are_asked_back() -> None:
    with pytest.raises(InvalidInput, match="far apart"):
        known_place(gazetteer(), PostalAddress(country="US", locality="Boston", region="MA", postal_code="97214"))
    with pytest.raises(AmbiguousPlace):
        known_place(gazetteer(), PostalAddress(country="US", locality="Springfield"))


def test_a_border_runs_where_the_postal_code_says() -> None:
    across = standing(gazetteer(), 45.6, -122.7, country="US", postal_code="98660")
    assert (across.jurisdiction, across.latitude, across.longitude) == ("US-WA", 45.6, -122.7)
    assert standing(gazetteer(), 45.6, -122.7, country="US", postal_code="").jurisdiction == "US-OR"
    far = standing(gazetteer(), 42.36, -71.06, country="US", postal_code="98660")
    assert far.jurisdiction == "US-MA"
    assert standing(gazetteer(), 0.0, -180.0, country="US", postal_code="98660").jurisdiction is None
    assert standing(gazetteer(), 51.5, -0.1, country="GB", postal_code="TN8 5AA").jurisdiction == "GB-LDN"


_WORDS = st.text(max_size=30)


@given(st.sampled_from(["US", "GB", "CA", "AU", "NZ", "IE", "FR", "JP", "BV"]), _WORDS, _WORDS, _WORDS)
def test_any_words_are_an_address_somewhere_or_asked_back(country: str, town: str, region: str, code: str) -> None:
    address = PostalAddress(country=country, locality=town, region=region, postal_code=code)
    try:
        found = known_place(gazetteer(), address)
    except InvalidInput:
        return
    assert found is None or found.country == country
    begin = start(gazetteer(), address, found)
    assert abs(begin.latitude) <= 90
    assert abs(begin.longitude) <= 180
    assert begin.around_km > 0
