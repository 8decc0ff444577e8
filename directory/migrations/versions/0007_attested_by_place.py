"""Attested place by place, absences, and the reminders that were sent

Revision: 0007, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reminder_sent",
        sa.Column("practitioner_id", _ID, nullable=False),
        sa.Column("occasion", sa.String(length=80), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_reminder_sent_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practitioner_id", "occasion", name=op.f("pk_reminder_sent")),
    )
    with op.batch_alter_table("practice_place", schema=None) as batch_op:
        batch_op.add_column(sa.Column("away_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_practice_place_away"),
            "(away_from IS NULL) = (away_until IS NULL) AND (away_from IS NULL OR away_from <= away_until)",
        )
    with op.batch_alter_table("profile_attestation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place_id", _ID, nullable=True))
    # What was said of the whole profile was said of each place; what was said without one shows nobody.
    op.execute(
        "INSERT INTO profile_attestation (practitioner_id, place_id, attested_at)"
        " SELECT said.practitioner_id, place.id, said.attested_at FROM profile_attestation said"
        " JOIN practice_place place ON place.practitioner_id = said.practitioner_id"
    )
    op.execute("DELETE FROM profile_attestation WHERE place_id IS NULL")
    with op.batch_alter_table("profile_attestation", schema=None) as batch_op:
        batch_op.alter_column("place_id", existing_type=_ID, nullable=False)
        batch_op.create_index("ix_profile_attestation_place_id_attested_at", ["place_id", "attested_at"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_profile_attestation_place_id_practice_place"),
            "practice_place",
            ["place_id"],
            ["id"],
            ondelete="CASCADE",
        )


def downgrade() -> None:
    with op.batch_alter_table("profile_attestation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_profile_attestation_place_id_practice_place"), type_="foreignkey")
        batch_op.drop_index("ix_profile_attestation_place_id_attested_at")
        batch_op.drop_column("place_id")
    with op.batch_alter_table("practice_place", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_practice_place_away"), type_="check")
        batch_op.drop_column("away_until")
        batch_op.drop_column("away_from")
    op.drop_table("reminder_sent")
