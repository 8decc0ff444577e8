"""Statements compiled once for all engines of a process.

SQLAlchemy keeps what it compiled for each engine, and nearly every test that needs a database of its own makes an
engine of its own. What a statement compiles to hangs on the kind of database, which is the same for all of a kind.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_MOST = 5_000


def compile_each_once() -> None:
    """Let every engine made from now on use what was compiled for another one of its kind."""
    for kind in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        kind.__eq__ = _alike  # type: ignore[method-assign,assignment]
        kind.__hash__ = _of_kind  # type: ignore[method-assign,assignment]
    Engine._compiled_cache = property(_compiled_of, _nothing)  # type: ignore[assignment]


def _alike(one: Dialect, other: object) -> bool:
    return type(one) is type(other)


def _of_kind(one: Dialect) -> int:
    return hash(type(one))


def _compiled_of(engine: Engine) -> LRUCache[Any, Any]:
    return _compiled(type(engine.dialect))


def _nothing(engine: Engine, own: object) -> None:
    """What an engine would have kept for itself is not needed."""


@cache
def _compiled(_kind: type[Dialect]) -> LRUCache[Any, Any]:
    return LRUCache(_MOST)
