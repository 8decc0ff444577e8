"""What Alembic runs for every command; ``directory.migrations`` hands it the connection and owns the transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.sql.elements import False_, True_
from sqlalchemy.types import TypeDecorator

from directory.db import Base


def _plainly(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write what a revision says so that it needs none of our code and fits both databases."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    if kind == "server_default" and isinstance(getattr(item, "arg", None), (True_, False_)):
        # Alembic would write what they are called in the database at hand: 1 and 0 in SQLite.
        return f"sa.{item.arg}()"
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
