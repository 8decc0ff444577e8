"""One row, read without a session, to learn that nothing else need be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Dialect, Engine, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


class Glance:
    """A statement that reads one row by itself, over and over, to learn that nothing else need be read.

    It goes straight to the driver: a session and a transaction of its own would take ten times as long as the database
    does. Where the session has begun its transaction, it is asked in there. Values are bound by name, none of them a
    list.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._spoken: dict[str, _Spoken] = {}

    def row(self, session: Session, **values: Any) -> tuple[Any, ...] | None:
        """The first row; ``DBAPIError`` as any statement has it."""
        engine = session.get_bind()
        if session.in_transaction() or not isinstance(engine, Engine):
            found = session.connection().execute(self._statement, values).first()
            return None if found is None else tuple(found)
        dialect = engine.dialect
        spoken = self._spoken.get(dialect.name)
        if spoken is None:
            spoken = self._spoken[dialect.name] = _spoken(self._statement, dialect)
        connection = engine.raw_connection()
        driver: Any = dialect.loaded_dbapi
        try:
            cursor = connection.cursor()
            cursor.execute(spoken.text, spoken.given(values))
            row = cursor.fetchone()
            cursor.close()
        except driver.Error as error:
            told: Any = error
            raise DBAPIError.instance(
                spoken.text, None, told, driver.Error, hide_parameters=True, dialect=dialect
            ) from error
        finally:
            connection.close()
        return None if row is None else tuple(_changed(*each) for each in zip(spoken.results, row, strict=True))


_Change: TypeAlias = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A statement as one driver takes it."""

    text: str
    order: tuple[str, ...] | None
    """Of the values, where the driver wants them in order and not by name."""
    fixed: Mapping[str, Any]
    named: Mapping[str, _Change]
    results: Sequence[_Change]

    def given(self, values: Mapping[str, Any]) -> Any:
        """The values for the driver."""
        bound = {**self.fixed, **{name: _changed(change, values[name]) for name, change in self.named.items()}}
        return bound if self.order is None else tuple(bound[name] for name in self.order)


def _spoken(statement: Select[Any], dialect: Dialect) -> _Spoken:
    compiled: Any = statement.compile(dialect=dialect)
    changes = {
        name: (each, each.type.dialect_impl(dialect).bind_processor(dialect))
        for each, name in compiled.bind_names.items()
    }
    return _Spoken(
        text=str(compiled),
        order=None if compiled.positiontup is None else tuple(compiled.positiontup),
        fixed={name: _changed(change, each.value) for name, (each, change) in changes.items() if not each.required},
        named={name: change for name, (each, change) in changes.items() if each.required},
        results=[
            each.type.dialect_impl(dialect).result_processor(dialect, None) for each in statement.selected_columns
        ],
    )


def _changed(change: _Change, value: Any) -> Any:
    return value if change is None else change(value)
