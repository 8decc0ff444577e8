"""What people type, and the place it means."""

from __future__ import annotations

import time

import pytest
from geopy.distance import geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from directory.errors import InvalidInput
from directory.geo.geocoders import GazetteerGeocoder
from directory.geo.names import fold
from directory.geo.places import SEARCH_COUNTRIES, AmbiguousPlace, Gazetteer, Place, Precision, UnknownPlace, gazetteer


@pytest.fixture(scope="module")
def atlas() -> Gazetteer:
    shipped = gazetteer()
    shipped.warm()
    return shipped


POSTCODE, AREA, LOCALITY, CITY = Precision.POSTCODE, Precision.AREA, Precision.LOCALITY, Precision.CITY

# typed, country, first-level part, jurisdiction, precision, postal code
KNOWN = [
    ("97214", "US", "OR", "US-OR", POSTCODE, "97214"),
    ("  97214 ", "US", "OR", "US-OR", POSTCODE, "97214"),
    ("97214-1234", "US", "OR", "US-OR", POSTCODE, "97214"),
    ("972141234", "US", "OR", "US-OR", POSTCODE, "97214"),
    ("97214 USA", "US", "OR", "US-OR", POSTCODE, "97214"),
    ("97214, OR", "US", "OR", "US-OR", POSTCODE, "97214"),
    ("97214 (Portland, Oregon)", "US", "OR", "US-OR", POSTCODE, "97214"),
    ("20001", "US", "DC", "US-DC", POSTCODE, "20001"),
    ("36104", "US", "AL", "US-AL", POSTCODE, "36104"),
    ("00501", "US", "NY", "US-NY", POSTCODE, "00501"),
    ("00969", "PR", "061", None, POSTCODE, "00969"),
    ("96910", "GU", None, None, POSTCODE, "96910"),
    ("NW3 2QG", "GB", "ENG", "GB-LDN", POSTCODE, "NW3"),
    ("nw3 2qg", "GB", "ENG", "GB-LDN", POSTCODE, "NW3"),
    ("NW32QG", "GB", "ENG", "GB-LDN", POSTCODE, "NW3"),
    ("SW1A 2AA", "GB", "ENG", "GB-LDN", POSTCODE, "SW1A"),
    ("sw1a", "GB", "ENG", "GB-LDN", POSTCODE, "SW1A"),
    ("SW1A 2AA, UK", "GB", "ENG", "GB-LDN", POSTCODE, "SW1A"),
    ("EC1", "GB", "ENG", "GB-LDN", POSTCODE, "EC1"),
    ("W12 7RJ", "GB", "ENG", "GB-LDN", POSTCODE, "W12"),
    ("LS1 4DY", "GB", "ENG", "GB-ENG", POSTCODE, "LS1"),
    ("CF10 1EP", "GB", "WLS", "GB-WLS", POSTCODE, "CF10"),
    ("EH1 1YZ", "GB", "SCT", "GB-SCT", POSTCODE, "EH1"),
    ("BT1 5GS", "GB", "NIR", "GB-NIR", POSTCODE, "BT1"),
    ("JE2 3QA", "JE", None, None, POSTCODE, "JE2"),
    ("IM1 1AE", "IM", None, None, POSTCODE, "IM1"),
    ("M5V 2T6", "CA", "ON", "CA-ON", POSTCODE, "M5V"),
    ("m5v2t6", "CA", "ON", "CA-ON", POSTCODE, "M5V"),
    ("M5V-2T6", "CA", "ON", "CA-ON", POSTCODE, "M5V"),
    ("M5V", "CA", "ON", "CA-ON", POSTCODE, "M5V"),
    ("T0A 1A0", "CA", "AB", "CA-AB", AREA, "T0A"),
    ("V6B 1A1", "CA", "BC", "CA-BC", POSTCODE, "V6B"),
    ("H2X 1Y4", "CA", "QC", "CA-QC", POSTCODE, "H2X"),
    ("A1C 5S7", "CA", "NL", "CA-NL", POSTCODE, "A1C"),
    ("B3H 1A1", "CA", "NS", "CA-other", POSTCODE, "B3H"),
    ("X0A 0H0", "CA", "NU", "CA-other", AREA, "X0A"),
    ("2000 AU", "AU", "NSW", "AU", POSTCODE, "2000"),
    ("AU 2000", "AU", "NSW", "AU", POSTCODE, "2000"),
    ("2000, NSW", "AU", "NSW", "AU", POSTCODE, "2000"),
    ("Sydney NSW 2000", "AU", "NSW", "AU", POSTCODE, "2000"),
    ("Hobart 7000", "AU", "TAS", "AU", POSTCODE, "7000"),
    ("6011 NZ", "NZ", "G2", "NZ", POSTCODE, "6011"),
    ("6011, New Zealand", "NZ", "G2", "NZ", POSTCODE, "6011"),
    ("Wellington 6011", "NZ", "G2", "NZ", POSTCODE, "6011"),
    ("D02 AF30", "IE", "L", "IE", POSTCODE, "D02"),
    ("d02af30", "IE", "L", "IE", POSTCODE, "D02"),
    ("D02", "IE", "L", "IE", POSTCODE, "D02"),
    ("D6W", "IE", "L", "IE", POSTCODE, "D6W"),
    ("Dublin 2", "IE", "L", "IE", POSTCODE, "D02"),
    ("Dublin 6W", "IE", "L", "IE", POSTCODE, "D6W"),
    ("123 Main St, Portland, OR 97214", "US", "OR", "US-OR", POSTCODE, "97214"),
    ("123 Main St, Portland, OR 97214-1234, USA", "US", "OR", "US-OR", POSTCODE, "97214"),
    ("10 Downing Street, London SW1A 2AA", "GB", "ENG", "GB-LDN", POSTCODE, "SW1A"),
    ("290 Bremner Blvd, Toronto ON M5V 3L9, Canada", "CA", "ON", "CA-ON", POSTCODE, "M5V"),
    ("12345 Main Street, Portland, OR", "US", "OR", "US-OR", CITY, None),
    ("12 High Street, Leeds, England", "GB", "ENG", "GB-ENG", CITY, None),
    ("PO Box 12345, Portland, OR", "US", "OR", "US-OR", CITY, None),
    ("75001 Paris, France", "FR", None, None, CITY, None),
    ("Portland, OR", "US", "OR", "US-OR", CITY, None),
    ("portland or", "US", "OR", "US-OR", CITY, None),
    ("PORTLAND, OREGON, USA", "US", "OR", "US-OR", CITY, None),
    ("Portland, Maine", "US", "ME", "US-ME", LOCALITY, None),
    ("Washington, IN", "US", "IN", "US-IN", LOCALITY, None),
    ("Washington, Indiana", "US", "IN", "US-IN", LOCALITY, None),
    ("Washington, DC", "US", "DC", "US-DC", CITY, None),
    ("Washington D.C.", "US", "DC", "US-DC", CITY, None),
    ("Salem, IN", "US", "IN", "US-IN", LOCALITY, None),
    ("Springfield, Sangamon, Illinois", "US", "IL", "US-IL", CITY, None),
    ("Ft Worth", "US", "TX", "US-TX", CITY, None),
    ("Mt. Vernon, NY", "US", "NY", "US-NY", LOCALITY, None),
    ("St. Louis", "US", "MO", "US-MO", CITY, None),
    ("Saint Louis, Missouri", "US", "MO", "US-MO", CITY, None),
    ("New York", "US", "NY", "US-NY", CITY, None),
    ("NYC", "US", "NY", "US-NY", CITY, None),
    ("Chicago", "US", "IL", "US-IL", CITY, None),
    ("Birmingham, AL", "US", "AL", "US-AL", CITY, None),
    ("Athens, Georgia", "US", "GA", "US-GA", CITY, None),
    ("San Juan, PR", "PR", "127", None, CITY, None),
    ("Leeds", "GB", "ENG", "GB-ENG", CITY, None),
    ("Leeds, England", "GB", "ENG", "GB-ENG", CITY, None),
    ("Leeds, Yorkshire", "GB", "ENG", "GB-ENG", CITY, None),
    ("London", "GB", "ENG", "GB-LDN", CITY, None),
    ("London, UK", "GB", "ENG", "GB-LDN", CITY, None),
    ("London, Ontario", "CA", "ON", "CA-ON", CITY, None),
    ("Richmond, London", "GB", "ENG", "GB-LDN", LOCALITY, None),
    ("Hampstead, London", "GB", "ENG", "GB-LDN", LOCALITY, None),
    ("Biggin Hill", "GB", "ENG", "GB-LDN", LOCALITY, None),
    ("Reeth, North Yorkshire", "GB", "ENG", "GB-ENG", LOCALITY, None),
    ("Newport, Wales", "GB", "WLS", "GB-WLS", CITY, None),
    ("Cardiff", "GB", "WLS", "GB-WLS", CITY, None),
    ("Edinburgh", "GB", "SCT", "GB-SCT", CITY, None),
    ("Belfast", "GB", "NIR", "GB-NIR", CITY, None),
    ("Douglas, Isle of Man", "IM", None, None, LOCALITY, None),
    ("St Helier", "JE", None, None, LOCALITY, None),
    ("Toronto, ON", "CA", "ON", "CA-ON", CITY, None),
    ("Toronto, CA", "CA", "ON", "CA-ON", CITY, None),
    ("Montréal", "CA", "QC", "CA-QC", CITY, None),
    ("montreal", "CA", "QC", "CA-QC", CITY, None),
    ("Halifax, Nova Scotia", "CA", "NS", "CA-other", CITY, None),
    ("Vancouver, BC", "CA", "BC", "CA-BC", CITY, None),
    ("Vancouver, WA", "US", "WA", "US-WA", CITY, None),
    ("Sydney", "AU", "NSW", "AU", CITY, None),
    ("Sydney, NSW", "AU", "NSW", "AU", CITY, None),
    ("Perth, WA", "AU", "WA", "AU", CITY, None),
    ("Adelaide, SA", "AU", "SA", "AU", CITY, None),
    ("Manly, Sydney", "AU", "NSW", "AU", LOCALITY, None),
    ("Auckland", "NZ", "E7", "NZ", CITY, None),
    ("Hamilton, NZ", "NZ", "G1", "NZ", CITY, None),
    ("Dublin", "IE", "L", "IE", CITY, None),
    ("Cork, Ireland", "IE", "M", "IE", CITY, None),
    ("Galway", "IE", "C", "IE", LOCALITY, None),
    ("Paris", "FR", None, None, CITY, None),
    ("Paris, France", "FR", None, None, CITY, None),
    ("Paris, TX", "US", "TX", "US-TX", LOCALITY, None),
    ("Zürich", "CH", None, None, CITY, None),
    ("ZURICH", "CH", None, None, CITY, None),
    ("Tbilisi, Georgia", "GE", None, None, CITY, None),
    ("Tokyo", "JP", None, None, CITY, None),
    ("45.5152, -122.6784", "US", "OR", "US-OR", Precision.EXACT, None),
    ("45.5152 -122.6784", "US", "OR", "US-OR", Precision.EXACT, None),
    ("51.5074° N, 0.1278° W", "GB", "ENG", "GB-LDN", Precision.EXACT, None),
    ("\N{MINUS SIGN}33.8688, 151.2093", "AU", "NSW", "AU", Precision.EXACT, None),
    ("-33.87, 151.21 (near Sydney, New South Wales)", "AU", "NSW", "AU", Precision.EXACT, None),
    ("0, 0", "", "", None, Precision.EXACT, None),
    ("90, 180", "", "", None, Precision.EXACT, None),
]


@pytest.mark.parametrize(("typed", "country", "admin1", "jurisdiction", "precision", "code"), KNOWN)
def test_what_people_type(
    atlas: Gazetteer,
    typed: str,
    country: str,
    admin1: str | None,
    jurisdiction: str | None,
    precision: Precision,
    code: str | None,
) -> None:
    place = atlas.resolve(typed)
    assert place.country == country
    assert admin1 is None or place.admin1 == admin1
    assert (place.jurisdiction, place.precision, place.postal_code) == (jurisdiction, precision, code)
    assert place.about is (precision is not Precision.EXACT)
    assert place.timezone


@pytest.mark.parametrize(
    ("typed", "latitude", "longitude", "km"),
    [
        ("97214", 45.515, -122.644, 3),
        ("NW3 2QG", 51.55, -0.17, 3),
        ("Washington, IN", 38.66, -87.17, 5),
        ("Leeds", 53.80, -1.55, 5),
        ("Alton, Hampshire", 51.15, -0.98, 10),
        ("Newport, Wales", 51.59, -3.0, 5),
        ("Juneau, Alaska", 58.30, -134.42, 10),
        ("Portland, Maine", 43.66, -70.26, 5),
        ("2000 AU", -33.87, 151.21, 3),
        ("00501", 40.8, -73.0, 10),
    ],
)
def test_the_point_is_where_the_place_is(
    atlas: Gazetteer, typed: str, latitude: float, longitude: float, km: float
) -> None:
    place = atlas.resolve(typed)
    assert geodesic((place.latitude, place.longitude), (latitude, longitude)).km < km


@pytest.mark.parametrize(
    "code",
    [
        "NW3",
        "SW1A",
        "E17",
        "CR0",
        "TW9",
        "BR1",
        "HA1",
        "EN1",
        "KT1",
        "RM1",
        "SM1",
        "UB8",
        "IG1",
        "E4",
        "W1A",
        "WC2N",
        "DA5",
        "TW14",
    ],
)
def test_greater_london(atlas: Gazetteer, code: str) -> None:
    assert atlas.resolve(f"{code}, UK").jurisdiction == "GB-LDN"


@pytest.mark.parametrize(
    "code", ["WD17", "KT13", "DA1", "CR3", "TW15", "IG10", "EN6", "BR8", "SM7", "RM15", "LS1", "M1"]
)
def test_around_greater_london(atlas: Gazetteer, code: str) -> None:
    assert atlas.resolve(f"{code}, UK").jurisdiction == "GB-ENG"


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("Springfield", "Springfield, Illinois"),
        ("Portland", "Portland, Maine"),
        ("Washington", "Washington, District of Columbia"),
        ("Richmond", "Richmond, Greater London"),
        ("Cambridge", "Cambridge, Massachusetts"),
        ("Birmingham", "Birmingham, Alabama"),
        ("Newcastle", "Newcastle upon Tyne, Tyne and Wear"),
        ("Hamilton", "Hamilton, New Zealand"),
        ("Oregon", "Portland, Oregon"),
        ("OR", "Portland, Oregon"),
        ("Canada", "Toronto, Ontario"),
        ("Isle of Wight", "Newport, Isle of Wight"),
        ("Norfolk", "Norwich, Norfolk"),
        ("Norfolk", "Norfolk, Virginia"),
        ("Surrey", "Surrey, British Columbia"),
        ("6011", "6011 (Mount Victoria, New Zealand)"),
        ("N1C", "N1C (Camden, Greater London)"),
        ("W12", "W12 (Newbridge, Ireland)"),
    ],
)
def test_an_ambiguous_name_asks(atlas: Gazetteer, typed: str, among: str) -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        atlas.resolve(typed)
    assert caught.value.field == "place"
    assert 2 <= len(caught.value.choices) <= 8
    assert any(f"{choice.label}, ".startswith(f"{among}, ") for choice in caught.value.choices)
    chosen = [atlas.resolve(choice.query) for choice in caught.value.choices]
    assert len({(place.latitude, place.longitude) for place in chosen}) == len(chosen)


def test_choices_name_their_country_where_there_are_several(atlas: Gazetteer) -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        atlas.resolve("Portland")
    labels = [choice.label for choice in caught.value.choices]
    assert {"Portland, Oregon, United States", "Portland, Victoria, Australia"} <= set(labels)
    assert not caught.value.whole_region
    with pytest.raises(AmbiguousPlace) as caught:
        atlas.resolve("Germany")
    assert caught.value.whole_region
    assert all(choice.label.count("Germany") == 1 for choice in caught.value.choices)


@pytest.mark.parametrize(
    ("typed", "country", "admin1"),
    [
        ("6011", "NZ", "G2"),
        ("6011", "AU", "WA"),
        ("W12", "IE", "L"),
        ("N1C", "CA", "ON"),
        ("Cambridge", "NZ", "G1"),
        ("London", "ca", "ON"),
        ("Hamilton", "NZ", "G1"),
        ("Surrey", "CA", "BC"),
        ("97214", "AU", "OR"),
        ("Bristol", "uk", "ENG"),
    ],
)
def test_a_chosen_country_decides(atlas: Gazetteer, typed: str, country: str, admin1: str) -> None:
    assert atlas.resolve(typed, country=country).admin1 == admin1


def test_a_name_may_be_ambiguous_within_the_chosen_country(atlas: Gazetteer) -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        atlas.resolve("Richmond", country="US")
    assert {atlas.resolve(choice.query).country for choice in caught.value.choices} == {"US"}


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Portlnd, OR", "Portland, Oregon"),
        ("Sprngfield, Illinois", "Springfield, Illinois"),
        ("Edinburg, Scotland", "Edinburgh, Scotland"),
        ("Seatle", "Seattle, Washington"),
        ("Melborne", "Melbourne, Victoria"),
        ("Leeds, Narnia", "Leeds, West Yorkshire"),
        ("97299", "97298 (Portland, Oregon)"),
    ],
)
def test_an_unknown_name_offers_near_ones(atlas: Gazetteer, typed: str, near: str) -> None:
    with pytest.raises(UnknownPlace) as caught:
        atlas.resolve(typed)
    assert near in [choice.label for choice in caught.value.near]
    assert all(isinstance(atlas.resolve(choice.query), Place) for choice in caught.value.near)


@pytest.mark.parametrize(
    "typed",
    [
        "09001",
        "<script>alert(1)</script>",
        "'; DROP TABLE practitioner; --",
        "東京",
        "!!!",
        "BX1 1AA",
        "0000",
        "{{7*7}}",
    ],
)
def test_what_is_no_place_is_unknown(atlas: Gazetteer, typed: str) -> None:
    with pytest.raises(UnknownPlace):
        atlas.resolve(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "place_empty"),
        (" \N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE} ", "place_empty"),
        ("x" * 201, "place_too_long"),
        ("Port\x00land", "place_unreadable"),
        ("Leeds\nEngland", "place_unreadable"),
        ("\ud800", "place_unreadable"),
        ("91, 0", "place_outside_the_map"),
        ("0, 180.5", "place_outside_the_map"),
        ("nan, 0", "place_outside_the_map"),
        ("inf, 1", "place_outside_the_map"),
        ("1e400, 0", "place_outside_the_map"),
    ],
)
def test_unreadable_text_is_refused_plainly(atlas: Gazetteer, typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        atlas.resolve(typed)
    assert (caught.value.code, caught.value.field) == (code, "place")


@given(
    st.one_of(
        st.text(max_size=220),
        st.from_regex(r"[A-Za-z0-9 ,.°()+-]{0,40}", fullmatch=True),
        st.tuples(st.floats(), st.floats()).map(lambda pair: f"{pair[0]}, {pair[1]}"),
    ),
    st.sampled_from([None, "US", "GB", "CA", "AU", "NZ", "IE", "XX", ""]),
)
@example(", , ,", None)
@example("1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", None)
@example("Ⅻ", None)
@example("٩٧٢١٤", None)
def test_anything_typed_is_a_place_or_a_plain_refusal(text: str, country: str | None) -> None:
    try:
        place = gazetteer().resolve(text, country=country)
    except InvalidInput:
        return
    assert -90 <= place.latitude <= 90
    assert -180 <= place.longitude <= 180
    assert place.label
    assert place.timezone


@given(st.sampled_from(SEARCH_COUNTRIES), st.floats(0, 1, exclude_max=True))
def test_every_label_typed_back_is_the_same_place(country: str, where: float) -> None:
    shipped = gazetteer()
    points = list(shipped.codes(country))
    point = points[int(where * len(points))]
    place = shipped.resolve(point.code, country=country)
    assert (place.latitude, place.longitude) == (point.latitude, point.longitude)
    assert shipped.resolve(place.label, country=country) == place


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_typed_back_is_the_same_point(latitude: float, longitude: float) -> None:
    place = gazetteer().nearest(latitude, longitude)
    again = gazetteer().resolve(place.label)
    assert (again.latitude, again.longitude) == pytest.approx((latitude, longitude), abs=0.001)


def test_the_codes_of_a_part(atlas: Gazetteer) -> None:
    codes = list(atlas.codes("US", "OR"))
    assert len(codes) == 481
    assert all(point.code.startswith("97") for point in codes)
    assert sum(1 for _ in atlas.codes("US")) == 41_481 - 509
    assert not list(atlas.codes("FR"))


def test_a_known_place_takes_about_a_millisecond(atlas: Gazetteer) -> None:
    typed = ["97214", "NW3 2QG", "Portland, OR", "Richmond, London", "45.5, -122.6", "Leeds"]
    atlas.resolve("Richmond, London")
    start = time.process_time()
    for _ in range(20):
        for text in typed:
            atlas.resolve(text)
    # Twenty times the work that it is; of work and not of a clock, because the machine may be busy.
    assert (time.process_time() - start) / 120 < 0.02


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("St. Louis", "saint louis"),
        ("SAINT-JÉRÔME", "saint jerome"),
        ("King's Lynn", "kings lynn"),
        ("Washington, D.C.", "washington dc"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("  Mt.  Vernon ", "mount vernon"),
        ("!!!", ""),
    ],
)
def test_names_are_folded(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_geopy_sees_a_geocoder() -> None:
    geocoder = GazetteerGeocoder()
    location = geocoder.geocode("97214")
    assert location is not None
    assert not isinstance(location, list)
    assert location.raw == gazetteer().resolve("97214")
    assert (location.latitude, location.longitude) == (location.raw.latitude, location.raw.longitude)
    assert geocoder.geocode("Nowhere at all") is None
    with pytest.raises(AmbiguousPlace):
        geocoder.geocode("Springfield")
    assert len(geocoder.geocode("Springfield", exactly_one=False)) == 8
    assert geocoder.reverse((51.5, -0.12)).raw.jurisdiction == "GB-LDN"
    assert geocoder.reverse("51.5, -0.12", exactly_one=False)[0].raw.country == "GB"
    with pytest.raises(InvalidInput):
        geocoder.reverse("not a point")
