"""Whatever the table of FHIR searches allows, and what it does not, makes no error of ours: schemathesis asks it by a
description in OpenAPI that is made of the same table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from sqlalchemy import Engine

from config import Config
from directory.api.fhir import preferences
from directory.api.fhir.kinds import HAS, Kind
from directory.api.fhir.table import TABLE
from directory.app import create_app
from tests.examples import THOROUGH
from tests.web import population

EXAMPLES = 40 if THOROUGH else 5
LONGEST = 60
SOME = 5
"""One of so many chains and ways back is described: the walk through the CapabilityStatement asks them all."""
VALUES: dict[str, dict[str, Any]] = {
    "date": {"type": "string", "pattern": "^(eq|ne|gt|lt|ge|le|sa|eb|ap)?20[0-9]{2}(-(0[1-9]|1[0-2]))?$"},
    "special": {
        "type": "string",
        "pattern": r"^-?[1-8]?[0-9](\.[0-9]{1,4})?\|-?[1-9]?[0-9]\|[1-9][0-9]{0,2}(\|(km|m))?$",
    },
    "reference": {"type": "string", "pattern": "^[1-9][0-9]{0,3}$"},
    "token": {"type": "string", "pattern": r"^[A-Za-z0-9:/.-]{0,20}\|?[A-Za-z0-9-]{1,12}$"},
    "string": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    "uri": {"type": "string", "format": "uri", "maxLength": LONGEST},
}
SHAPING: dict[str, dict[str, Any]] = {
    "_count": {"type": "integer", "minimum": 0, "maximum": 500},
    "_summary": {"enum": ["true", "text", "data", "count", "false"]},
    "_total": {"enum": list(preferences.TOTALS)},
    "_format": {"enum": ["json", "xml"]},
    "_pretty": {"enum": ["true", "false"]},
}
OTHERS = {
    "/metadata": {},
    "/_history": {"_since": {"type": "string", "format": "date-time"}, "_count": {"type": "integer", "minimum": 1}},
    "/$export": {
        "_type": {"enum": [*TABLE, f"{','.join(TABLE)}"]},
        "_since": {"type": "string", "format": "date-time"},
        "_outputFormat": {"enum": ["ndjson", "application/fhir+ndjson"]},
    },
}


def names_of(kind: Kind) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way to write a parameter of a search, with what it takes."""
    for parameter in kind.parameters.values():
        yield parameter.name, VALUES[parameter.type]
        for modifier in parameter.modifiers:
            yield (
                f"{parameter.name}:{modifier}",
                {"enum": ["true", "false"]} if modifier == "missing" else VALUES[parameter.type],
            )
        for chained in parameter.chains[::SOME]:
            known = [TABLE[each].parameters[chained].type for each in parameter.target if each in TABLE]
            yield f"{parameter.name}.{chained}", VALUES[known[0] if known else "string"]
    for way in kind.revincludes:
        source = TABLE.get(way.partition(":")[0])
        for each in () if source is None else list(source.parameters.values())[::SOME]:
            yield f"{HAS}:{way}:{each.name}", VALUES[each.type]
    yield from SHAPING.items()
    yield "_sort", {"enum": [sign + each for each in kind.sorts if each != "near" for sign in ("", "-")]}
    if kind.includes:
        yield "_include", {"enum": [*(f"{kind.name}:{each}" for each in kind.includes), "*"]}
    if kind.revincludes:
        yield "_revinclude", {"enum": [*kind.revincludes, "*"]}


def described() -> dict[str, Any]:
    """The description of everything below /fhir that is asked."""
    paths: dict[str, Any] = {}

    def add(path: str, named: dict[str, dict[str, Any]], *, of_path: tuple[str, ...] = (), form: bool = False) -> None:
        query = [{"name": name, "in": "query", "schema": schema} for name, schema in named.items()]
        inside = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[1-9][0-9]{0,4}$"}}
            for name in of_path
        ]
        told = {"responses": {"200": {"description": "An answer."}}}
        paths[path] = {"get": told | {"parameters": inside + query}}
        if form:
            body = {"schema": {"type": "object", "properties": named, "additionalProperties": False}}
            content = {"application/x-www-form-urlencoded": body}
            paths[f"{path}/_search"] = {"post": told | {"requestBody": {"required": True, "content": content}}}

    for kind in TABLE.values():
        add(f"/{kind.name}", dict(names_of(kind)), form=True)
        add(f"/{kind.name}/{{id}}", {"_format": SHAPING["_format"], "_summary": SHAPING["_summary"]}, of_path=("id",))
        add(f"/{kind.name}/{{id}}/_history/{{version}}", {}, of_path=("id", "version"))
        add(f"/{kind.name}/{{id}}/_history", OTHERS["/_history"], of_path=("id",))
        add(f"/{kind.name}/_history", OTHERS["/_history"])
    for path, named in OTHERS.items():
        add(path, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "FHIR", "version": "1"},
        "servers": [{"url": "/fhir"}],
        "paths": paths,
    }


DOCUMENT = described()
ASKED = [(path, method) for path, item in DOCUMENT["paths"].items() for method in item]


@pytest.fixture(scope="module")
def api(config: Config, town: Engine) -> Any:
    app = create_app(replace(config, api_requests_per_hour=1_000_000), engine=town, clock=lambda: population.NOW)
    found = schemathesis.openapi.from_dict(DOCUMENT)
    found.app = app
    return found


def sound(answer: Any) -> None:
    """No error of ours; whatever is refused says why; nothing found says why as well."""
    assert answer.status_code < 500, answer.text
    if answer.status_code in (202, 304):
        return
    kind = answer.headers["content-type"]
    kind = kind if isinstance(kind, str) else kind[0]
    assert kind.startswith(("application/fhir+json", "application/fhir+xml")), kind
    if not kind.startswith("application/fhir+json"):
        return
    told = json.loads(answer.content)
    get_fhir_model_class(told["resourceType"]).model_validate(told)
    if answer.status_code >= 400:
        assert told["resourceType"] == "OperationOutcome"
        assert all(each["details"]["text"] for each in told["issue"])
        return
    if told["resourceType"] == "Bundle" and told["type"] == "searchset":
        entries = told.get("entry", [])
        listed = [each for each in entries if each["search"]["mode"] == "match"]
        outcomes = [each for each in entries if each["search"]["mode"] == "outcome"]
        assert listed or outcomes or told.get("total", 1), "nobody found, and nobody says why"


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda each: each.value)
@pytest.mark.parametrize(("path", "method"), ASKED, ids=[f"{method} {path}" for path, method in ASKED])
def test_nothing_that_may_be_asked_makes_an_error_of_ours(api: Any, path: str, method: str, mode: Any) -> None:
    told = api[path][method]
    if mode is GenerationMode.NEGATIVE and not (DOCUMENT["paths"][path][method].get("parameters") or method == "post"):
        pytest.skip("what takes nothing cannot be asked otherwise")

    @given(
        case=told.as_strategy(generation_mode=mode),
        accept=st.sampled_from(["application/fhir+json", "application/fhir+xml"]),
    )
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    def asks(case: schemathesis.Case, accept: str) -> None:
        sound(case.call(headers={"Accept": accept, "Accept-Encoding": "identity"}))

    asks()


def test_the_description_names_every_parameter_of_the_table() -> None:
    for kind in TABLE.values():
        named = {each["name"] for each in DOCUMENT["paths"][f"/{kind.name}"]["get"]["parameters"]}
        assert named >= kind.parameters.keys()
        assert (
            named
            == DOCUMENT["paths"][f"/{kind.name}/_search"]["post"]["requestBody"]["content"][
                "application/x-www-form-urlencoded"
            ]["schema"]["properties"].keys()
        )
