"""Counts of appearances, and leaving

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_appearance",
        sa.Column("practitioner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("appearances", sa.Integer(), nullable=False),
        sa.Column("sum_of_rank", sa.Integer(), nullable=False),
        sa.Column("apart", sa.Integer(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "appearances >= 0 AND sum_of_rank >= appearances AND apart >= 0 AND views >= 0",
            name=op.f("ck_search_appearance_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_search_appearance_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practitioner_id", "day", name=op.f("pk_search_appearance")),
    )
    with op.batch_alter_table("search_appearance", schema=None) as batch_op:
        batch_op.create_index("ix_search_appearance_day", ["day"], unique=False)

    op.create_table(
        "departure",
        sa.Column("practitioner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erase_on", sa.Date(), nullable=False),
        sa.Column(
            "status_before",
            sa.Enum(
                "draft",
                "published",
                "paused",
                "suspended_by_admin",
                name="status_before",
                native_enum=False,
                create_constraint=True,
                length=48,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_departure_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_departure")),
    )
    with op.batch_alter_table("departure", schema=None) as batch_op:
        batch_op.create_index("ix_departure_erase_on", ["erase_on"], unique=False)

    op.create_table(
        "legal_hold",
        sa.Column("practitioner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_legal_hold_practitioner_id_practitioner")
        ),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_legal_hold")),
    )
    op.create_table(
        "tombstone",
        sa.Column(
            "practitioner_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("slug_hash", sa.String(length=64), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_tombstone")),
    )
    with op.batch_alter_table("tombstone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tombstone_slug_hash"), ["slug_hash"], unique=False)


def downgrade() -> None:
    op.drop_table("tombstone")
    op.drop_table("legal_hold")
    op.drop_table("departure")
    op.drop_table("search_appearance")
