"""What the list refuses: each thing that cannot be understood gets its complaint at its field, and never a fault."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.web.client import Client

HERE = "/search?place=97214"
HUGE = "x" * 10_000

ODD = [
    "",
    " ",
    HUGE,
    "-5",
    "0",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "1e309",
    "1e3",
    "0x10",
    "٥",
    "5 miles",
    "1,5",
    "5;5",
    "\x00",
    "\x1b[31m",
    "'; DROP TABLE practitioner;--",
    "<script>alert(1)</script>",
    "999999",
    "501",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "🦵",
]


@pytest.mark.parametrize(
    "place",
    [
        "",
        " ",
        HUGE,
        "zzzzqqqq",
        "\x00\x01",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "91, 0",
        "0, 181",
        "-90.1, 0",
        "nan, nan",
        "inf, 0",
        "1e309, 0",
        "99999",
        "ZZ99 9ZZ",
        "Germany",
        "\u202e97214\u0007",
        "٩٧٢١٤٠٠",
        "%",
        "_",
        "(",
        "\\",
    ],
)
def test_a_place_that_means_nothing_is_refused_at_its_field(client: Client, place: str) -> None:
    page = client.get("/search?" + urlencode({"place": place}), 422)
    assert page.errors_at()["place"]
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("place", ["90, 0", "-90, 0", "0, 180", "0, -180", "45.5, 180", "0, 0", "-16.5, 179.99"])
def test_poles_and_the_date_line_are_places(client: Client, place: str) -> None:
    client.get("/search?" + urlencode({"place": place}))


def test_no_place_at_all_is_a_question_not_a_fault(client: Client) -> None:
    page = client.get("/search", 422)
    assert page.errors_at()["place"]


def test_an_ambiguous_place_asks_with_links_that_keep_the_filters(client: Client) -> None:
    page = client.get("/search?place=Portland&gender=female", 422)
    assert page.words(next(page.all("h1"))) == "Which Portland?"
    assert "Error" not in page.words()
    assert "/search?place=Portland,+Oregon&gender=female" in page.links()
    client.get("/search?place=Portland,+Oregon&gender=female")


@pytest.mark.parametrize("radius", [each for each in ODD if each.strip()])
def test_a_radius_that_is_none_is_refused_at_its_field(client: Client, radius: str) -> None:
    page = client.get("/search?" + urlencode({"place": "97214", "radius": radius}), 422)
    assert page.errors_at()["radius"]


@pytest.mark.parametrize("price", [each for each in ODD if each.strip() and each not in ("501", "999999")])
def test_a_price_that_is_none_is_refused_at_its_field(client: Client, price: str) -> None:
    page = client.get("/search?" + urlencode({"place": "97214", "max_price": price}), 422)
    assert page.errors_at()["max_price"]


@pytest.mark.parametrize("name", ["mode", "preset", "gender", "language", "technique", "availability", "payer"])
@pytest.mark.parametrize("code", [HUGE, "unknown", "\x00", "<b>", "' OR 1=1", "YES", "🦵"])
def test_an_unknown_code_is_refused_at_its_field(client: Client, name: str, code: str) -> None:
    page = client.get("/search?" + urlencode({"place": "97214", name: code}), 422)
    assert page.errors_at()[name]


@pytest.mark.parametrize("name", ["accepting", "waitlist", "remote", "step_free", "home_visit"])
@pytest.mark.parametrize("answer", ["maybe", HUGE, "1", "\x00"])
def test_a_yes_or_no_that_is_neither_is_refused(client: Client, name: str, answer: str) -> None:
    page = client.get("/search?" + urlencode({"place": "97214", name: answer}), 422)
    assert page.errors_at()["matters"]


@pytest.mark.parametrize(
    "weights",
    [
        "rls",
        "rls:",
        "rls:-1",
        "rls:101",
        "rls:0,distance:0",
        "rls:nan",
        "rls:inf",
        "rls:1e2",
        "money:50",
        "rls:50,rls:50",
        "rls:50;distance:50",
        HUGE,
        "rls:" + "9" * 60,
        ":::",
        "rls:.",
        "rls:1.",
        "RLS:50",
    ],
)
def test_weights_that_weigh_nothing_are_refused_at_their_field(client: Client, weights: str) -> None:
    page = client.get("/search?" + urlencode({"place": "97214", "weights": weights}), 422)
    assert page.errors_at()["weights"]


def test_own_weights_without_any_are_refused(client: Client) -> None:
    page = client.get(f"{HERE}&preset=own&weight_rls=0&weight_distance=0&weight_fit=0&weight_trust=0", 422)
    assert page.errors_at()["weights"]


def test_many_values_at_once_are_refused(client: Client) -> None:
    page = client.get(HERE + "&language=es" * 1 + "".join(f"&language=x{number}" for number in range(500)), 422)
    assert page.errors_at()["language"]


def test_parameters_nobody_asked_for_are_ignored(client: Client) -> None:
    page = client.get(f"{HERE}&utm_source=x&pregnancy=yes&weeks=12&page=7&sort=price&lat=nan")
    assert len(page.slugs()) == 20
    assert "not answered yet" in page.words()


def test_the_same_parameter_twice_takes_the_first(client: Client) -> None:
    client.get("/search?place=97214&place=Sydney&radius=10&radius=banana")
