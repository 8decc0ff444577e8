"""Objects out of the JSON in which a statement brings what there are several of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, Boolean, Date, Enum

from directory.crypto import EncryptedText, keyring
from directory.db import UTCDateTime

_Model = TypeVar("_Model")


def rows(model: type[_Model], columns: Sequence[Any], lines: Iterable[Sequence[Any]]) -> list[_Model]:
    """Each row as an object of this table."""
    return [
        model(**{column.key: _value(column, raw) for column, raw in zip(columns, row, strict=True)}) for row in lines
    ]


def by_id(lines: list[Any]) -> list[Any]:
    """The oldest first."""
    return sorted(lines, key=lambda each: int(each.id))


def _value(column: Any, raw: Any) -> Any:
    """A value of this column as the database wrote it into JSON."""
    if raw is None:
        return None
    match column.type:
        case EncryptedText():
            return opened(raw)
        case UTCDateTime():
            return instant(raw)
        case Date():
            return date.fromisoformat(raw)
        case Enum() as listed:
            return listed.enum_class(raw) if listed.enum_class is not None else raw
        case Boolean():
            return bool(raw)
        case JSON():
            return json.loads(raw) if isinstance(raw, str) else raw
        case _:
            return raw


def opened(sealed: str) -> str:
    """What an encrypted column holds; ``RuntimeError`` where no key of ours opens it."""
    plain = keyring.open(sealed)
    if plain is None:
        raise RuntimeError("an encrypted column cannot be opened with the keys installed")
    return plain


def instant(raw: str) -> datetime:
    """A moment as either database writes it."""
    found = datetime.fromisoformat(raw)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
