"""No fee, click, review, sponsorship or profile length can enter the rank: the search has no name for them."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from directory.paths import PACKAGE
from directory.search import building, criteria, index, ranking, tallies
from directory.search.listings import Listing

FORBIDDEN = re.compile(
    r"(^|_)(fees?|clicks?|views|viewed|impressions?|reviews?|ratings?|stars?|sponsor\w*|promot\w*|boost\w*|featured|"
    r"payments?|paid|pays|subscri\w*|premium|bids?|adverts?|ads?|popularity|bookings?|length|words)($|_)",
    re.I,
)
SOURCES = sorted((PACKAGE / "search").glob("*.py"))


def names_in(source: Path) -> set[str]:
    """Every name a module binds or asks for: variables, parameters, attributes, keywords, functions, classes."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, (ast.arg, ast.keyword)) and node.arg:
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_no_name_of_the_search_is_one_of_money_or_applause(source: Path) -> None:
    # ``names`` and ``lengths`` of arrays, and the 64-bit words of the bit matrix, have nothing to do with anybody.
    harmless = {"words", "word", "length", "lengths"}
    wrong = {name for name in names_in(source) - harmless if FORBIDDEN.search(name)}
    assert not wrong


def test_the_search_knows_those_words_when_it_sees_them() -> None:
    for name in ("fee", "review_count", "is_sponsored", "click", "paid_until", "star_rating", "profile_length"):
        assert FORBIDDEN.search(name), name
    for name in ("payers", "preview", "started", "interviews", "adds", "unpaid_x"):
        assert not FORBIDDEN.search(name), name


def test_the_rank_reads_these_columns_and_no_others() -> None:
    """Whoever adds one must come here and say so."""
    assert {each.name for each in dataclasses.fields(ranking.Columns)} == {
        "rls",
        "pregnancy",
        "trust",
        "km",
        "visits_home",
        "fit",
    }
    assert {each.name for each in dataclasses.fields(ranking.Standing)} == {
        "rls_own",
        "rls_own_training",
        "rls_checked",
        "rls_checked_training",
        "training_day",
        "attested_day",
        "pregnancy",
        "certified_until",
        "penalty",
    }


def test_nothing_that_a_profile_says_at_length_reaches_the_index() -> None:
    columns = {*building.Row._fields, *(each.name for each in dataclasses.fields(index.Table))}
    assert not columns & {"words", "website", "email", "display_name", "slug", "fictional", "created_at", "updated_at"}
    asked = {name for kind in (criteria.Criteria, criteria.Wishes, criteria.Page) for name in kind.__annotations__}
    assert not {name for name in asked if FORBIDDEN.search(name)}
    assert not {each.name for each in dataclasses.fields(Listing) if FORBIDDEN.search(each.name)}


@pytest.mark.parametrize("module", [ranking, criteria, index, building, tallies])
def test_what_ranks_knows_no_database(module: object) -> None:
    imported = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(ast.parse(inspect.getsource(module)))  # type: ignore[arg-type]
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    assert not {name for name in imported if name.partition(".")[0] in {"sqlalchemy", "psycopg", "sqlite3", "flask"}}
