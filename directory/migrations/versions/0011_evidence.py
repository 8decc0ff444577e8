"""Evidence

Revision: 0011, after 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("practitioner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column(
            "way",
            sa.Enum("file", "statement", "colleague", name="way", native_enum=False, create_constraint=True, length=48),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting_scan",
                "clean",
                "asked",
                "confirmed",
                "declined",
                "refused",
                "erased",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=48,
            ),
            nullable=False,
        ),
        sa.Column(
            "media_type",
            sa.Enum(
                "application/pdf",
                "image/jpeg",
                "image/png",
                "image/heic",
                name="media_type",
                native_enum=False,
                create_constraint=True,
                length=48,
            ),
            nullable=True,
        ),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("stored_sha256", sa.String(length=64), nullable=True),
        sa.Column("file", sa.String(length=32), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "not_asked",
                "nothing_found",
                "found",
                "away",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=48,
            ),
            nullable=True,
        ),
        sa.Column("found", sa.String(length=200), nullable=True),
        sa.Column("told_sealed", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delete_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'erased') = (erased_at IS NOT NULL)", name=op.f("ck_evidence_erased_has_time")),
        sa.CheckConstraint("(way = 'file') = (media_type IS NOT NULL)", name=op.f("ck_evidence_file_has_type")),
        sa.CheckConstraint("(way = 'file') = (sha256 IS NOT NULL)", name=op.f("ck_evidence_file_has_hash")),
        sa.CheckConstraint(
            "state <> 'erased' OR (told_sealed IS NULL AND token_hash IS NULL)",
            name=op.f("ck_evidence_erased_tells_nothing"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('clean', 'waiting_scan') OR way <> 'file' OR file IS NOT NULL",
            name=op.f("ck_evidence_has_file"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('refused', 'erased') OR file IS NULL", name=op.f("ck_evidence_erased_has_no_file")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_evidence_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("code", name=op.f("uq_evidence_code")),
        sa.UniqueConstraint("file", name=op.f("uq_evidence_file")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_evidence_token_hash")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_practitioner_id_subject", ["practitioner_id", "subject"], unique=False)
        batch_op.create_index("ix_evidence_state_delete_after", ["state", "delete_after"], unique=False)

    op.create_table(
        "profile_photo",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("practitioner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting_scan",
                "waiting",
                "accepted",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=48,
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("large_file", sa.String(length=32), nullable=True),
        sa.Column("small_file", sa.String(length=32), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "not_asked",
                "nothing_found",
                "found",
                "away",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=48,
            ),
            nullable=False,
        ),
        sa.Column("reason_sealed", sa.Text(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'refused') = (large_file IS NULL)", name=op.f("ck_profile_photo_refused_has_no_large_file")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (small_file IS NULL)", name=op.f("ck_profile_photo_refused_has_no_small_file")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_profile_photo_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_photo")),
        sa.UniqueConstraint("large_file", name=op.f("uq_profile_photo_large_file")),
        sa.UniqueConstraint("small_file", name=op.f("uq_profile_photo_small_file")),
    )
    with op.batch_alter_table("profile_photo", schema=None) as batch_op:
        batch_op.create_index(
            "uq_profile_photo_accepted",
            ["practitioner_id"],
            unique=True,
            sqlite_where=sa.text("state = 'accepted'"),
            postgresql_where=sa.text("state = 'accepted'"),
        )
        batch_op.create_index(
            "uq_profile_photo_waiting",
            ["practitioner_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'accepted'"),
            postgresql_where=sa.text("state <> 'accepted'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("profile_photo", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_profile_photo_waiting",
            sqlite_where=sa.text("state <> 'accepted'"),
            postgresql_where=sa.text("state <> 'accepted'"),
        )
        batch_op.drop_index(
            "uq_profile_photo_accepted",
            sqlite_where=sa.text("state = 'accepted'"),
            postgresql_where=sa.text("state = 'accepted'"),
        )

    op.drop_table("profile_photo")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_state_delete_after")
        batch_op.drop_index("ix_evidence_practitioner_id_subject")

    op.drop_table("evidence")
