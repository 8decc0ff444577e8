"""The exclusion list, and addresses that letters do not reach

Revision: 0014, after 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_LETTER = sa.table("outgoing_letter", sa.column("state"))
_OLD_STATES = ("waiting", "sent", "failed")
_NEW_STATES = ("bounced", "suppressed")


def upgrade() -> None:
    op.create_table(
        "exclusion_file",
        sa.Column("id", _id(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("reader", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_exclusion_file_sha256")),
    )
    words = ("last_name", "first_name", "middle_name", "business", "general", "specialty")
    place = ("address", "city", "state", "postal_code", "basis")
    op.create_table(
        "exclusion_entry",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("npi", sa.String(length=10), nullable=True),
        *(sa.Column(name, sa.String(length=200), nullable=False) for name in words),
        sa.Column("born", sa.Date(), nullable=True),
        *(sa.Column(name, sa.String(length=200), nullable=False) for name in place),
        sa.Column("excluded_on", sa.Date(), nullable=True),
        sa.Column("reinstated_on", sa.Date(), nullable=True),
        sa.Column("waived_on", sa.Date(), nullable=True),
        sa.Column("waived_in", sa.String(length=200), nullable=False),
        sa.Column("first_as_of", sa.Date(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_exclusion_entry")),
    )
    op.create_index(op.f("ix_exclusion_entry_npi"), "exclusion_entry", ["npi"])
    op.create_table(
        "exclusion_hit",
        sa.Column("practitioner_id", _id(), autoincrement=False, nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.Column("by", _enum("by", "number", "name"), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("standing", _enum("standing", "excluded", "reinstated", "waived"), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_exclusion_hit_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_key"],
            ["exclusion_entry.key"],
            name=op.f("fk_exclusion_hit_entry_key_exclusion_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practitioner_id", "entry_key", name=op.f("pk_exclusion_hit")),
    )
    op.create_index(op.f("ix_exclusion_hit_entry_key"), "exclusion_hit", ["entry_key"])
    op.create_table(
        "mail_suppression",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("address_sealed", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("soft", sa.Integer(), nullable=False),
        sa.Column("suppressed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", _enum("why", "refused", "bounced", "often"), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.CheckConstraint("(suppressed_at IS NULL) = (why IS NULL)", name=op.f("ck_mail_suppression_has_reason")),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_mail_suppression")),
    )
    with op.batch_alter_table("outgoing_letter") as table:
        table.drop_constraint(op.f("ck_outgoing_letter_state"), type_="check")
        table.create_check_constraint(op.f("ck_outgoing_letter_state"), _LETTER.c.state.in_(_OLD_STATES + _NEW_STATES))


def downgrade() -> None:
    op.execute("UPDATE outgoing_letter SET state = 'failed' WHERE state IN ('bounced', 'suppressed')")
    with op.batch_alter_table("outgoing_letter") as table:
        table.drop_constraint(op.f("ck_outgoing_letter_state"), type_="check")
        table.create_check_constraint(op.f("ck_outgoing_letter_state"), _LETTER.c.state.in_(_OLD_STATES))
    op.drop_table("mail_suppression")
    op.drop_table("exclusion_hit")
    op.drop_table("exclusion_entry")
    op.drop_table("exclusion_file")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=48)
