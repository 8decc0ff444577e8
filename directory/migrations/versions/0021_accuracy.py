"""What the directory measures of itself, and whose number is called

Revision: 0021, after 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_REACHED = ("practice", "no_answer", "wrong_number", "out_of_service", "no_longer_here")
_COUNTS = (
    "listed",
    "checked_recently",
    "attested_recently",
    "say_rls",
    "rls_checked",
    "say_pregnancy",
    "pregnancy_checked",
    "called",
    "reached",
)


def upgrade() -> None:
    op.create_table(
        "accuracy_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=8), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS[:2]),
        sa.Column("median_age", sa.Double(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS[2:]),
        sa.PrimaryKeyConstraint("day", "jurisdiction", name=op.f("pk_accuracy_day")),
    )
    op.create_table(
        "contact_test",
        sa.Column("id", _id(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("place_id", _id(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=8), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(*_REACHED, name="outcome", native_enum=False, create_constraint=True, length=48),
            nullable=True,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(outcome IS NULL) = (done_on IS NULL)", name=op.f("ck_contact_test_done_has_outcome")),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["practice_place.id"],
            name=op.f("fk_contact_test_place_id_practice_place"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_test")),
        sa.UniqueConstraint("month", "place_id", name=op.f("uq_contact_test_month_place_id")),
    )
    op.create_index(op.f("ix_contact_test_done_on"), "contact_test", ["done_on"])


def downgrade() -> None:
    op.drop_table("contact_test")
    op.drop_table("accuracy_day")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
