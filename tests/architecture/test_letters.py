"""No letter tells a bystander what it is about: subjects stand in the source as they are sent, and are discreet."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from directory.mail.letters import discreet
from directory.paths import PACKAGE, TRANSLATIONS
from tests.architecture.messages import ROOT

LETTER = "Letter"


def _called(node: ast.Call) -> str:
    function = node.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def subjects(tree: ast.AST) -> Iterator[tuple[int, str | None]]:
    """Line and subject of each letter that a module makes; ``None`` where the subject cannot be read off."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == LETTER:
            given = next((each.value for each in node.keywords if each.arg == "subject"), None)
            plain = (
                isinstance(given, ast.Call)
                and _called(given) == "N_"
                and len(given.args) == 1
                and isinstance(given.args[0], ast.Constant)
            )
            yield node.lineno, str(given.args[0].value) if plain else None  # type: ignore[union-attr]


def _letters() -> list[tuple[Path, int, str | None]]:
    return [
        (path, line, subject)
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, subject in subjects(ast.parse(path.read_text(encoding="utf-8")))
    ]


def test_every_subject_is_written_out_and_discreet() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {subject}"
        for path, line, subject in _letters()
        if subject is None or not discreet(subject)
    ]
    assert not wrong, wrong


@pytest.mark.parametrize(
    "catalogue", sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")), ids=lambda path: path.parts[-3]
)
def test_every_translated_subject_is_discreet(catalogue: Path) -> None:
    with catalogue.open("rb") as file:
        messages = read_po(file)
    for _, _, subject in _letters():
        message = messages.get(subject) if subject else None
        if message is not None and message.string:
            assert discreet(str(message.string)), message.string


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('Letter(purpose="x", subject=N_("Hello"), paragraphs=())', [(1, "Hello")]),
        ('letters.Letter(subject=_(f"Hello"))', [(1, None)]),
        ("Letter(purpose=x, subject=subject)", [(1, None)]),
        ("Letter(**told)", [(1, None)]),
    ],
)
def test_a_subject_that_is_put_together_is_found_out(source: str, found: list[tuple[int, str | None]]) -> None:
    assert list(subjects(ast.parse(source))) == found
