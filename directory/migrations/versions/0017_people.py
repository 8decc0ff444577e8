"""From which state to which, decisions that stay as they are, and who looked at what

Revision: 0017, after 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_REFUSAL = "a decision is never changed nor removed"
_PROTECTION = {
    "sqlite": (
        f"CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        f"CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        (
            "CREATE FUNCTION decision_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" 'BEGIN RAISE EXCEPTION ''{_REFUSAL}'' USING ERRCODE = ''restrict_violation''; END'"
        ),
        "CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_refuse()",
        "CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision FOR EACH ROW EXECUTE FUNCTION decision_refuse()",
        "CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION decision_refuse()",
    ),
}
_OPENED = {
    "sqlite": ("DROP TRIGGER decision_no_update", "DROP TRIGGER decision_no_delete"),
    "postgresql": (
        "DROP TRIGGER decision_no_update ON decision",
        "DROP TRIGGER decision_no_delete ON decision",
        "DROP TRIGGER decision_no_truncate ON decision",
        "DROP FUNCTION decision_refuse()",
    ),
}


def upgrade() -> None:
    for name in ("from_state", "to_state"):
        op.add_column("audit_entry", sa.Column(name, sa.String(length=80), nullable=True))
    for statement in _PROTECTION[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "access_entry",
        sa.Column("id", _id(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entry")),
    )
    for name in ("at", "about"):
        op.create_index(op.f(f"ix_access_entry_{name}"), "access_entry", [name])


def downgrade() -> None:
    op.drop_table("access_entry")
    for statement in _OPENED[op.get_bind().dialect.name]:
        op.execute(statement)
    for name in ("to_state", "from_state"):
        op.drop_column("audit_entry", name)


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
