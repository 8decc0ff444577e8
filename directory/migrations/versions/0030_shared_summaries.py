"""Summaries that patients hand over for a time

Revision: 0030, after 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_LASTS = ("talk", "week", "month")


def upgrade() -> None:
    op.create_table(
        "shared_summary",
        sa.Column("id", _id(), nullable=False),
        sa.Column("consultation_id", _id(), nullable=False),
        sa.Column("content_sealed", sa.Text(), nullable=False),
        sa.Column(
            "lasts",
            sa.Enum(*_LASTS, name="lasts", native_enum=False, create_constraint=True, length=48),
            nullable=False,
        ),
        sa.Column("consent_version", sa.String(length=16), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_shared_summary_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_summary")),
    )
    for column in ("consultation_id", "shared_at"):
        op.create_index(op.f(f"ix_shared_summary_{column}"), "shared_summary", [column])


def downgrade() -> None:
    op.drop_table("shared_summary")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
