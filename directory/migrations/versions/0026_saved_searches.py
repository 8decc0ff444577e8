"""Searches that somebody saved to be told of new people

Revision: 0026, after 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ATTEMPT = sa.table("account_attempt", sa.column("action"))
_OLD_ACTIONS = (
    "sign_in",
    "second_factor",
    "register",
    "recover",
    "change_email",
    "challenge",
    "report",
    "report_harm",
    "ask_for_talk",
    "ask_for_link",
)


def upgrade() -> None:
    with op.batch_alter_table("account_attempt") as table:
        table.drop_constraint(op.f("ck_account_attempt_action"), type_="check")
        table.create_check_constraint(
            op.f("ck_account_attempt_action"), _ATTEMPT.c.action.in_((*_OLD_ACTIONS, "save_search"))
        )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("token_sealed", sa.Text(), nullable=False),
        sa.Column("mailbox_hash", sa.String(length=64), nullable=False),
        sa.Column("email_sealed", sa.Text(), nullable=False),
        sa.Column("search_sealed", sa.Text(), nullable=False),
        sa.Column("facts_sealed", sa.Text(), nullable=True),
        sa.Column("facts_consent", sa.String(length=40), nullable=True),
        sa.Column("known_sealed", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(facts_sealed IS NULL) = (facts_consent IS NULL)", name=op.f("ck_saved_search_facts_with_consent")
        ),
        sa.CheckConstraint(
            "asked_again_at IS NULL OR confirmed_at IS NOT NULL",
            name=op.f("ck_saved_search_asked_again_when_confirmed"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_saved_search_token_hash")),
    )
    op.create_index("ix_saved_search_mailbox_hash", "saved_search", ["mailbox_hash"])
    op.create_index("ix_saved_search_looked_at", "saved_search", ["looked_at"])


def downgrade() -> None:
    op.drop_table("saved_search")
    op.execute(sa.delete(_ATTEMPT).where(_ATTEMPT.c.action.not_in(_OLD_ACTIONS)))
    with op.batch_alter_table("account_attempt") as table:
        table.drop_constraint(op.f("ck_account_attempt_action"), type_="check")
        table.create_check_constraint(op.f("ck_account_attempt_action"), _ATTEMPT.c.action.in_(_OLD_ACTIONS))
