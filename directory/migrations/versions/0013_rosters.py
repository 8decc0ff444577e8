"""Rosters: what boards publish of their licensees, and the files it came in

Revision: 0013, after 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STATUSES = (
    "active",
    "active_with_conditions",
    "probation",
    "expired_grace",
    "temporary",
    "pending",
    "inactive",
    "exempt",
    "registered_not_practising",
    "delinquent",
    "expired",
    "lapsed",
    "retired",
    "cancelled",
    "closed",
    "deceased",
    "suspended",
    "interim_suspended",
    "revoked",
    "surrendered",
    "denied",
    "unknown",
)


def upgrade() -> None:
    op.create_table(
        "roster_file",
        sa.Column("id", _id(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("reader", sa.Integer(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=8), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("state", _enum("state", ("applied", "refused")), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("rejects", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state = 'refused' OR (jurisdiction IS NOT NULL AND refusal IS NULL)",
            name=op.f("ck_roster_file_applied_has_board"),
        ),
        sa.CheckConstraint("state = 'applied' OR refusal IS NOT NULL", name=op.f("ck_roster_file_refused_has_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_file")),
    )
    op.create_index(op.f("ix_roster_file_sha256"), "roster_file", ["sha256"])
    op.create_index(op.f("ix_roster_file_jurisdiction_as_of"), "roster_file", ["jurisdiction", "as_of"])
    op.create_table(
        "roster_entry",
        sa.Column("id", _id(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=8), nullable=False),
        sa.Column("licence_type", sa.String(length=120), nullable=False),
        sa.Column("number_key", sa.String(length=150), nullable=False),
        sa.Column("number", sa.String(length=150), nullable=False),
        sa.Column("written_name", sa.String(length=620), nullable=False),
        sa.Column("name_key", sa.String(length=300), nullable=False),
        sa.Column("family_key", sa.String(length=150), nullable=False),
        sa.Column("given_key", sa.String(length=150), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("suffix", sa.String(length=150), nullable=False),
        sa.Column("city", sa.String(length=300), nullable=False),
        sa.Column("region", sa.String(length=150), nullable=False),
        sa.Column("status", _enum("status", _STATUSES), nullable=False),
        sa.Column("raw_status", sa.String(length=200), nullable=False),
        sa.Column("issued", sa.Date(), nullable=True),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("discipline", sa.String(length=300), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("first_file_id", _id(), nullable=False),
        sa.Column("last_file_id", _id(), nullable=False),
        sa.Column("gone_since", sa.Date(), nullable=True),
        sa.Column("status_before", _enum("status_before", _STATUSES), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["first_file_id"], ["roster_file.id"], name=op.f("fk_roster_entry_first_file_id_roster_file")
        ),
        sa.ForeignKeyConstraint(
            ["last_file_id"], ["roster_file.id"], name=op.f("fk_roster_entry_last_file_id_roster_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_entry")),
    )
    for column in ("number_key", "family_key", "given_key"):
        op.create_index(op.f(f"ix_roster_entry_jurisdiction_{column}"), "roster_entry", ["jurisdiction", column])


def downgrade() -> None:
    op.drop_table("roster_entry")
    op.drop_table("roster_file")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=48)
