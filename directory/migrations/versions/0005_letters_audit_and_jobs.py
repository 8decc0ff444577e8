"""Letters, audit and jobs

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PROTECTION = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry WHEN OLD.hash IS NOT NULL"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"
        ),
        (
            "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RAISE EXCEPTION ''the audit log is only ever added to'' USING ERRCODE = ''restrict_violation''; END'"
        ),
        (
            "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry FOR EACH ROW"
            " WHEN (OLD.hash IS NOT NULL) EXECUTE FUNCTION audit_entry_refuse()"
        ),
        (
            "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry FOR EACH ROW"
            " EXECUTE FUNCTION audit_entry_refuse()"
        ),
        (
            "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT"
            " EXECUTE FUNCTION audit_entry_refuse()"
        ),
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("reason_salt", sa.String(length=32), nullable=True),
        sa.Column("reason_hash", sa.String(length=64), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(seq IS NULL AND hash IS NULL AND previous IS NULL) OR (seq IS NOT NULL AND hash IS NOT NULL AND previous IS NOT NULL)",
            name=op.f("ck_audit_entry_placed_whole"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("seq", name=op.f("uq_audit_entry_seq")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)

    for statement in _PROTECTION[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("done", "failed", "stopped", name="outcome", native_enum=False, create_constraint=True, length=48),
            nullable=True,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=200), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(lease IS NULL) = (lease_until IS NULL)", name=op.f("ck_job_run_lease_has_end")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "outgoing_letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=48), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "sent", "failed", name="state", native_enum=False, create_constraint=True, length=48),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("recipient_sealed", sa.Text(), nullable=True),
        sa.Column("text_sealed", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (finished_at IS NULL)", name=op.f("ck_outgoing_letter_finished_has_time")
        ),
        sa.CheckConstraint(
            "state <> 'waiting' OR (recipient_sealed IS NOT NULL AND text_sealed IS NOT NULL)",
            name=op.f("ck_outgoing_letter_waiting_is_whole"),
        ),
        sa.CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name=op.f("ck_outgoing_letter_lease_has_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_letter")),
        sa.UniqueConstraint("mark", name=op.f("uq_outgoing_letter_mark")),
    )
    with op.batch_alter_table("outgoing_letter", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_letter_finished_at", ["finished_at"], unique=False)
        batch_op.create_index("ix_outgoing_letter_state_next_try_at", ["state", "next_try_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outgoing_letter", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_letter_state_next_try_at")
        batch_op.drop_index("ix_outgoing_letter_finished_at")

    op.drop_table("outgoing_letter")
    op.drop_table("job_run")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))

    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_refuse()")
