"""Find whoever asks for an NPI by its number

Revision: 0022, after 0021
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_registration_npi_claimed", "registration", ["npi_claimed"])


def downgrade() -> None:
    op.drop_index("ix_registration_npi_claimed", table_name="registration")
