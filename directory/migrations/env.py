"""What Alembic runs for every command; ``directory.migrations`` hands it the connection and owns the transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from directory.db import Base


def _plainly(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain ones they are stored as, so that no revision imports our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    # Only its naming convention counts here; the tables are loaded by whoever writes a new revision.
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_plainly,
    # The caller has begun the transaction, and on SQLite too everything in it is undone together.
    transactional_ddl=True,
)
context.run_migrations()
