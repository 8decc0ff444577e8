"""Marks of changes

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("search_change", sa.Column("mark", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("search_change", "mark")
