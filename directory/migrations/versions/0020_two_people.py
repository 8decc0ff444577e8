"""What two people decide: the first one's verdict waits sealed, and a registration may count as training

Revision: 0020, after 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SEALED = ("words_sealed", "proposed_sealed")


def upgrade() -> None:
    with op.batch_alter_table("decision_note") as table:
        for name in _SEALED:
            table.add_column(sa.Column(name, sa.Text(), nullable=True))
    with op.batch_alter_table("pregnancy_declaration") as table:
        table.add_column(
            sa.Column("second_registration_counts", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("pregnancy_declaration") as table:
        table.drop_column("second_registration_counts")
    with op.batch_alter_table("decision_note") as table:
        for name in reversed(_SEALED):
            table.drop_column(name)
