"""The ledger of public entries: what is shown since when, changed when, and gone when

Revision: 0028, after 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry_ledger",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _instant("began_at"),
        _instant("looked_at"),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("seq", _id(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_entry_ledger_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_ledger")),
    )
    op.create_table(
        "entry",
        _number("practitioner_id"),
        _instant("first_shown_at"),
        _instant("changed_at"),
        _instant("gone_at", nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint("gone_at IS NULL OR digest IS NULL", name=op.f("ck_entry_gone_has_no_digest")),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_entry")),
    )
    op.create_index(op.f("ix_entry_changed_at"), "entry", ["changed_at", "practitioner_id"])
    op.create_index(op.f("ix_entry_first_shown_at"), "entry", ["first_shown_at", "practitioner_id"])
    op.create_table(
        "entry_place",
        _number("place_id"),
        sa.Column("practitioner_id", _id(), nullable=False),
        _instant("changed_at"),
        _instant("gone_at", nullable=True),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_entry_place")),
    )
    op.create_index(op.f("ix_entry_place_practitioner_id"), "entry_place", ["practitioner_id"])
    op.create_index(op.f("ix_entry_place_changed_at"), "entry_place", ["changed_at", "place_id"])
    op.create_table(
        "entry_look",
        _number("practitioner_id"),
        _instant("due_at"),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_entry_look")),
    )
    op.create_index(op.f("ix_entry_look_due_at"), "entry_look", ["due_at"])


def downgrade() -> None:
    op.drop_table("entry_look")
    op.drop_table("entry_place")
    op.drop_table("entry")
    op.drop_table("entry_ledger")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, _id(), autoincrement=False, nullable=False)


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
