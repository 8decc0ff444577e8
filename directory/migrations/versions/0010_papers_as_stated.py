"""Papers as their holders state them

Revision: 0010, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_EMERGENCY = ("emergency_red_flags", "emergency_contact", "emergency_stops")


def upgrade() -> None:
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.add_column(sa.Column("no_expiry", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("completed_year", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("given_up_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint("completed_year", "completed_year BETWEEN 1900 AND 2200")
        batch_op.create_check_constraint("no_expiry", "NOT no_expiry OR expires IS NULL")
    with op.batch_alter_table("indemnity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("covers_acupuncture", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
    with op.batch_alter_table("rls_experience", schema=None) as batch_op:
        batch_op.add_column(sa.Column("visits_per_week", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("training_provider", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("training_title", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("scale", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("scale_permitted", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("liaison_with", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("publications_listed", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("supervisor", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("supervisor_reach_sealed", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "supervisor_verification",
                sa.Enum(
                    "none",
                    "self_attested",
                    "document_checked",
                    "independently_confirmed",
                    name="supervisor_verification",
                    native_enum=False,
                    create_constraint=True,
                    length=48,
                ),
                server_default="none",
                nullable=False,
            )
        )
        batch_op.create_check_constraint("visits_per_week", "visits_per_week >= 0")
    with op.batch_alter_table("pregnancy_declaration", schema=None) as batch_op:
        for name in _EMERGENCY:
            batch_op.add_column(sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("second_registration", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("signed_name", sa.String(length=200), nullable=True))
    declaration = sa.table("pregnancy_declaration", *(sa.column(name) for name in ("emergency_policy", *_EMERGENCY)))
    op.execute(
        sa.update(declaration).where(declaration.c.emergency_policy).values(dict.fromkeys(_EMERGENCY, sa.true()))
    )


def downgrade() -> None:
    with op.batch_alter_table("pregnancy_declaration", schema=None) as batch_op:
        for name in ("signed_name", "second_registration", *_EMERGENCY):
            batch_op.drop_column(name)
    with op.batch_alter_table("rls_experience", schema=None) as batch_op:
        batch_op.drop_constraint("visits_per_week", type_="check")
        batch_op.drop_constraint("supervisor_verification", type_="check")
        for name in (
            "supervisor_verification",
            "supervisor_reach_sealed",
            "supervisor",
            "publications_listed",
            "liaison_with",
            "scale_permitted",
            "scale",
            "training_title",
            "training_provider",
            "visits_per_week",
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("indemnity", schema=None) as batch_op:
        batch_op.drop_column("ended_on")
        batch_op.drop_column("covers_acupuncture")
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.drop_constraint("no_expiry", type_="check")
        batch_op.drop_constraint("completed_year", type_="check")
        for name in ("given_up_on", "completed_year", "no_expiry"):
            batch_op.drop_column(name)
