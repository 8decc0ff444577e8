"""The description is made of what answers; the examples are answers; and whatever it allows makes no error of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy import Engine

from config import Config
from directory.api.v1 import openapi
from directory.api.v1.operations import OPERATIONS
from directory.app import DirectoryApp, create_app
from directory.web.addresses import KEPT
from directory.web.forms.search import SearchForm
from tests.web import population
from tests.web.client import Client

API = "/api/v1"
TOO_STRICT: list[Any] = [positive_data_acceptance]
"""A text of the right shape may still name no place."""


@pytest.fixture(scope="module")
def document(site: DirectoryApp) -> Any:
    return site.test_client().get(f"{API}/openapi.json").json


def test_the_description_and_the_routes_agree(site: Flask, document: Any) -> None:
    described = {(method.upper(), f"{API}{path}") for path, item in document["paths"].items() for method in item}
    routed = {
        (method, rule.rule.replace("<int:", "<").replace("<", "{").replace(">", "}"))
        for rule in site.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint not in ("api.index", "api.openapi")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routed
    assert {item[method]["operationId"] for item in document["paths"].values() for method in item} == {
        each.name for each in OPERATIONS
    }


def test_the_description_refers_to_nothing_that_is_not_there(document: Any) -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name == "$ref":
                    yield inner
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    found = set(references(document))
    assert len(found) > 20
    for reference in found:
        here: Any = document
        for part in reference.removeprefix("#/").split("/"):
            here = here[part]
    assert document["openapi"].startswith("3.1")


def test_every_object_of_an_answer_is_closed_and_people_carry_their_flag(document: Any) -> None:
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        assert schema.get("additionalProperties") is False, name
    for name in ("Match", "Practitioner", "PracticePlace"):
        assert "fictional" in schemas[name]["required"]


def test_a_search_takes_what_the_page_takes() -> None:
    get, post = (next(each for each in OPERATIONS if each.name == name) for name in ("search", "send_search"))
    assert post.body is not None
    fields = set(SearchForm(resolve=lambda _: None, known=lambda _: ()).data) - {"day", "after"}
    assert fields == set(KEPT)
    assert {each.name for each in get.parameters} == fields | {"limit", "page"}
    assert set(post.body.model_fields) == fields | {"limit", "page", "about"}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_the_example_is_an_answer(site: Flask, operation: Any) -> None:
    example = openapi.example_of(operation)
    assert example is not None
    operation.answer.model_validate_json(json.dumps(example))
    visitor, address = site.test_client(), f"{API}{operation.example_path}"
    answer = (
        visitor.get(address) if operation.example_body is None else visitor.post(address, json=operation.example_body)
    )
    assert answer.status_code == 200
    assert answer.json.keys() == example.keys()


def test_the_page_tells_every_operation_with_what_to_type(client: Client) -> None:
    page = client.get("/api")
    words = page.words()
    for operation in OPERATIONS:
        assert f"{operation.method} {operation.path}" in words
        assert operation.said.partition(".")[0] in words
    for field in ("matches[].explanation.parts[].points", "about.pregnancy", "practitioner.places[].point.precision"):
        assert field in words
    assert words.count("curl ") == len(OPERATIONS)
    assert "CC BY 4.0" in words
    assert f"{API}/openapi.json" in page.links()
    assert any(each.get("href") == "/api" for each in client.get("/").all("a"))


# --- whatever the description allows ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def described(config: Config, town: Engine) -> Any:
    """The site without a limit that its many requests would meet, as its description tells it."""
    app = create_app(replace(config, api_requests_per_hour=1_000_000), engine=town, clock=lambda: population.NOW)
    return schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app)


def sendings() -> Iterator[Any]:
    """Each operation, asked as it is described and otherwise; what takes nothing cannot be asked otherwise."""
    for operation in OPERATIONS:
        takes = operation.parameters or operation.of_path or operation.body
        for mode in GenerationMode if takes else (GenerationMode.POSITIVE,):
            yield pytest.param(operation, mode, id=f"{operation.name}-{mode.value}")


@pytest.mark.parametrize(("operation", "mode"), list(sendings()))
def test_nothing_that_may_be_sent_makes_an_error_of_ours(described: Any, operation: Any, mode: GenerationMode) -> None:
    """What the description allows, and what it does not."""
    told = described[operation.path][operation.method]

    @given(case=told.as_strategy(generation_mode=mode))
    @settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
    def sends(case: schemathesis.Case) -> None:
        if mode is GenerationMode.POSITIVE:
            for asked in (case.query, case.body):
                if isinstance(asked, dict) and "place" in asked:
                    asked["place"] = "97214"
        case.call_and_validate(excluded_checks=TOO_STRICT, headers={"Accept-Encoding": "identity"})

    sends()
