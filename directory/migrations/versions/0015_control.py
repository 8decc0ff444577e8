"""How it was proved who somebody is: steps, letters with a code, questions to certifiers

Revision: 0015, after 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CHANNELS = ("register_telephone", "letter_code", "certifier_mailbox", "identity_check")


def upgrade() -> None:
    op.create_table(
        "control_proof",
        sa.Column("id", _id(), nullable=False),
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(*_CHANNELS, name="channel", native_enum=False, create_constraint=True, length=48),
            nullable=False,
        ),
        sa.Column("proves", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.Column("told_sealed", sa.Text(), nullable=False),
        _of("control_proof"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_proof")),
    )
    op.create_index(op.f("ix_control_proof_practitioner_id_done_at"), "control_proof", ["practitioner_id", "done_at"])
    op.create_table(
        "control_letter",
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_sealed", sa.Text(), nullable=False),
        sa.CheckConstraint("wrong BETWEEN 0 AND 5", name=op.f("ck_control_letter_wrong")),
        _of("control_letter"),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_control_letter")),
    )
    op.create_table(
        "control_question",
        sa.Column("id", _id(), nullable=False),
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirms", sa.Boolean(), nullable=True),
        sa.Column("told_sealed", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (confirms IS NULL)", name=op.f("ck_control_question_answered_says_what")
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR token_hash IS NULL", name=op.f("ck_control_question_answered_has_no_link")
        ),
        _of("control_question"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_question")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_control_question_token_hash")),
    )
    op.create_index(op.f("ix_control_question_practitioner_id"), "control_question", ["practitioner_id"])


def downgrade() -> None:
    op.drop_table("control_question")
    op.drop_table("control_letter")
    op.drop_table("control_proof")


def _of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practitioner_id"],
        ["practitioner.id"],
        name=op.f(f"fk_{table}_practitioner_id_practitioner"),
        ondelete="CASCADE",
    )


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
