"""Paging through a FHIR search, forth and back, while people come and go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config import Config
from directory.app import create_app
from directory.db import writing
from directory.practitioners.publication import service as publication
from tests.web import population, ready

LATITUDE, LONGITUDE = population.PORTLAND
ORDERS = ("", "_sort=-_id", "_sort=-_lastUpdated", f"near={LATITUDE}%7C{LONGITUDE}%7C300%7Ckm")


@pytest.fixture(scope="module")
def engine(config: Config, town: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A population of which people are held and released."""
    engine = ready.with_population(f"sqlite:///{tmp_path_factory.mktemp('fhir') / 'pages.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def fhir(config: Config, engine: Engine) -> FlaskClient:
    app = create_app(config, engine=engine, clock=lambda: population.NOW)
    return app.test_client(use_cookies=False)


@pytest.fixture
def hide(engine: Engine) -> Iterator[Callable[[int], None]]:
    """Take somebody out of every list; they are back when the test is over."""
    hidden: list[int] = []

    def one(number: int) -> None:
        with Session(engine) as session:
            writing(session)
            publication.hold(session, number, now=population.NOW)
            session.commit()
        hidden.append(number)

    yield one
    for number in hidden:
        show(engine, number)


def show(engine: Engine, number: int) -> None:
    with Session(engine) as session:
        writing(session)
        publication.release(session, number, now=population.NOW)
        session.commit()


def told(fhir: FlaskClient, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    answer = fhir.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.data)
    return found


def numbers(bundle: dict[str, Any]) -> list[int]:
    return [int(each["resource"]["id"]) for each in bundle.get("entry", []) if each["search"]["mode"] == "match"]


def link(bundle: dict[str, Any], relation: str) -> str:
    return next((each["url"] for each in bundle["link"] if each["relation"] == relation), "")


def onwards(fhir: FlaskClient, bundle: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield bundle
    while url := link(bundle, "next"):
        bundle = told(fhir, url)
        yield bundle


@pytest.mark.parametrize("order", ORDERS)
def test_the_way_back_shows_the_same_pages(fhir: FlaskClient, order: str) -> None:
    there = list(onwards(fhir, told(fhir, f"/fhir/Location?{order}&_count=9")))
    assert len(there) > 4
    assert [bool(link(each, "previous")) for each in there] == [False, *[True] * (len(there) - 1)]
    page, back = there[-1], [numbers(there[-1])]
    while url := link(page, "previous"):
        page = told(fhir, url)
        assert told(fhir, link(page, "self")) == page
        back.append(numbers(page))
    assert back[::-1] == [numbers(each) for each in there]
    assert numbers(told(fhir, link(page, "next"))) == numbers(there[1])


@pytest.mark.parametrize("order", ORDERS)
def test_who_leaves_between_two_pages_is_on_none_and_nobody_else_is_lost(
    fhir: FlaskClient, hide: Callable[[int], None], order: str
) -> None:
    everybody = [number for each in onwards(fhir, told(fhir, f"/fhir/Location?{order}")) for number in numbers(each)]
    first = told(fhir, f"/fhir/Location?{order}&_count=9")
    seen, total = numbers(first), first["total"]
    second = told(fhir, link(first, "next"))
    # The place of each person of this population has the number of the person.
    for gone in (seen[-1], numbers(second)[0], everybody[30]):
        hide(gone)
    following = [number for each in onwards(fhir, told(fhir, link(first, "next"))) for number in numbers(each)]
    left = [each for each in everybody if each not in (seen[-1], everybody[9], everybody[30])]
    assert [*seen[:-1], *following] == left
    again = told(fhir, link(first, "next"))
    assert again["total"] == total - 3
    assert numbers(told(fhir, link(again, "previous"))) == seen[:-1]


def test_who_comes_between_two_pages_is_passed_once_at_most(
    fhir: FlaskClient, engine: Engine, hide: Callable[[int], None]
) -> None:
    hide(3)
    hide(30)
    first = told(fhir, "/fhir/Practitioner?_count=9")
    show(engine, 3)
    show(engine, 30)
    following = [number for each in onwards(fhir, told(fhir, link(first, "next"))) for number in numbers(each)]
    assert 3 not in [*numbers(first), *following]
    assert following.count(30) == 1
    assert not set(numbers(first)) & set(following)
    back = told(fhir, link(told(fhir, link(first, "next")), "previous"))
    assert numbers(back) == [2, 3, *numbers(first)[2:]]


def test_the_way_back_ends_where_nobody_is_left(fhir: FlaskClient, hide: Callable[[int], None]) -> None:
    first = told(fhir, "/fhir/Practitioner?_count=2")
    second = told(fhir, link(first, "next"))
    for number in numbers(first):
        hide(number)
    page = told(fhir, link(second, "previous"))
    assert numbers(page) == numbers(second)
    assert link(page, "previous") == ""


def test_a_link_outlives_the_process(config: Config, engine: Engine, fhir: FlaskClient) -> None:
    first = told(fhir, "/fhir/Location?address-city=portland&_count=9")
    later = create_app(config, engine=engine, clock=lambda: population.NOW).test_client(use_cookies=False)
    assert told(later, link(first, "next")) == told(fhir, link(first, "next"))
    stranger = create_app(replace(config, secret_key="x" * 64), engine=engine, clock=lambda: population.NOW)
    parts = urlsplit(link(first, "next"))
    refused = stranger.test_client(use_cookies=False).get(f"{parts.path}?{parts.query}")
    assert refused.status_code == 400
    assert json.loads(refused.data)["issue"][0]["expression"] == ["http._page"]
