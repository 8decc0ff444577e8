"""Every address is in the access inventory, and every page follows the rules for addresses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from config import Config
from directory.app import create_app
from directory.db import make_engine
from directory.http.access import INVENTORY, SAFE_METHODS
from directory.paths import PACKAGE, TEMPLATES

WITHOUT_TEMPLATES = {"static", "health", "crawlers", "feeds"}
"""What is for machines alone."""
FOR_PROGRAMS = {"fhir": "/fhir/", "fhir_files": "/fhir/"}
"""Answers that are no pages, by their blueprint, with the address below which they lie."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("routes")
    return create_app(Config.from_environment({}, cwd=folder), engine=make_engine("sqlite://"))


def test_every_route_is_in_the_inventory_and_the_other_way_round(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(INVENTORY)


def test_an_endpoint_either_reads_or_is_sent_to(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"OPTIONS"}
        assert methods <= SAFE_METHODS or not methods & SAFE_METHODS, rule


def test_only_what_is_sent_to_may_write(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if INVENTORY[rule.endpoint].writes or INVENTORY[rule.endpoint].writes_itself:
            assert not (rule.methods or set()) & (SAFE_METHODS - {"OPTIONS"}), rule


def test_the_first_segment_of_an_address_is_its_module_and_its_folder_of_templates(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        module = rule.endpoint.partition(".")[0]
        if module in WITHOUT_TEMPLATES:
            continue
        if module in FOR_PROGRAMS:
            assert rule.rule.startswith(FOR_PROGRAMS[module]), rule
            continue
        page = (PACKAGE / "web" / f"{module}.py").is_file() or (PACKAGE / "web" / module).is_dir()
        assert page or (PACKAGE / module).is_dir(), rule
        assert (TEMPLATES / module).is_dir(), rule
        assert rule.rule == "/" or rule.rule.split("/")[1].replace("-", "_") == module, rule


def test_no_parameter_of_an_address_is_named_after_a_health_fact() -> None:
    forms = (PACKAGE / "web" / "addresses.py").read_text()
    assert not re.search(r'"(pregnan\w*|weeks?|due|age|condition\w*|trimester|red_flags?)"', forms)


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_a_form_that_posts_carries_its_token(template: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", template.read_text(), flags=re.S):
        if re.search(r'method="post"', form, flags=re.I):
            assert 'name="csrf_token" value="{{ csrf_token() }}"' in form
