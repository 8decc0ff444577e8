"""The desk's queue: an index for each way of listing and counting it, and the views that somebody keeps

Revision: 0019, after 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_INDEXES = {
    "queue": ["state", "waiting_since", "risk", "due", "id"],
    "queue_of_kind": ["state", "waiting_since", "kind", "risk", "due", "id"],
    "queue_of_place": ["state", "jurisdiction", "waiting_since", "risk", "due", "id"],
    "waiting_of_kind": ["state", "kind", "waiting_since"],
    "closed_of_kind": ["state", "kind", "closed_at"],
    "claimed_by": ["claimed_by", "claimed_until"],
    "assigned_to": ["assigned_to"],
    "not_by": ["state", "not_by", "kind"],
    "closed_at": ["state", "closed_at", "id"],
}
_REPLACED = {
    "state_risk_due": ["state", "risk", "due", "id"],
    "state_kind_risk_due": ["state", "kind", "risk", "due", "id"],
}


def upgrade() -> None:
    for name in _REPLACED:
        op.drop_index(op.f(f"ix_work_case_{name}"), "work_case")
    for name, columns in _INDEXES.items():
        op.create_index(op.f(f"ix_work_case_{name}"), "work_case", columns)
    op.create_table(
        "desk_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("default_for", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("default_for IS NULL OR default_for = account_id", name=op.f("ck_desk_view_default_is_own")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_view")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_desk_view_account_id_name")),
        sa.UniqueConstraint("default_for", name=op.f("uq_desk_view_default_for")),
    )


def downgrade() -> None:
    op.drop_table("desk_view")
    for name in _INDEXES:
        op.drop_index(op.f(f"ix_work_case_{name}"), "work_case")
    for name, columns in _REPLACED.items():
        op.create_index(op.f(f"ix_work_case_{name}"), "work_case", columns)
