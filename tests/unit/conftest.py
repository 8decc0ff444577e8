"""The wall around this storey: what decides must be tested, and must work, without any database."""

from __future__ import annotations

from typing import NoReturn

import pytest
from sqlalchemy import Engine


class DatabaseTouched(RuntimeError):
    """A unit test made a database engine or asked one for a connection."""


def _refuse(*_: object, **__: object) -> NoReturn:
    raise DatabaseTouched("tests/unit knows no database; a test that needs one belongs in tests/db")


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a new engine nor a connection of an old one is to be had."""
    for way in ("__init__", "connect", "begin", "raw_connection"):
        monkeypatch.setattr(Engine, way, _refuse)
