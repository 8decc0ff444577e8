"""Places and ways of working

Prices of shared rooms and without insurance, visits by appointment only, places where we know no rules, and how
somebody says they work.

Revision: 0009, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None

_HAS_CURRENCY = "ck_practice_place_price_has_currency"
_SAME = "ck_practice_place_same_without_insurance"
_DOOR = "ck_practice_place_door_width_cm"
_THREE_PRICES = (
    "price_currency IS NOT NULL OR (price_first_talk IS NULL AND price_first_visit IS NULL AND price_follow_up IS NULL)"
)
_FIVE_PRICES = (
    "price_currency IS NOT NULL OR (price_first_talk IS NULL AND price_first_visit IS NULL AND price_follow_up IS NULL"
    " AND price_shared_room IS NULL AND price_without_insurance IS NULL)"
)
_CHECKS = {
    _HAS_CURRENCY: _FIVE_PRICES,
    _SAME: "price_without_insurance IS NULL OR same_without_insurance IS NULL OR NOT same_without_insurance",
    _DOOR: "door_width_cm IS NULL OR door_width_cm BETWEEN 20 AND 500",
}
_NEW = ("appointment_only", "price_shared_room", "price_without_insurance", "same_without_insurance")


def upgrade() -> None:
    # A door that cannot be is what nobody has said.
    op.execute("UPDATE practice_place SET door_width_cm = NULL WHERE door_width_cm NOT BETWEEN 20 AND 500")
    op.add_column(
        "practice_place", sa.Column("appointment_only", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("practice_place", sa.Column("price_shared_room", sa.Numeric(precision=9, scale=2), nullable=True))
    op.add_column(
        "practice_place", sa.Column("price_without_insurance", sa.Numeric(precision=9, scale=2), nullable=True)
    )
    op.add_column("practice_place", sa.Column("same_without_insurance", sa.Boolean(), nullable=True))
    with op.batch_alter_table("practice_place") as table:
        table.drop_constraint(op.f(_HAS_CURRENCY), type_="check")
        table.alter_column("jurisdiction", existing_type=sa.String(length=12), nullable=True)
        table.alter_column("admin1", existing_type=sa.String(length=20), type_=sa.String(length=80))
        for name, text in _CHECKS.items():
            table.create_check_constraint(op.f(name), text)
    op.create_table(
        "working_way",
        sa.Column("practitioner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asks_ferritin", sa.Boolean(), nullable=True),
        sa.Column("reads_medicines", sa.Boolean(), nullable=True),
        sa.Column("writes_to_doctors", sa.Boolean(), nullable=True),
        sa.Column("single_use_needles", sa.Boolean(), nullable=True),
        sa.Column("may_move", sa.Boolean(), nullable=True),
        sa.Column("seated_or_standing", sa.Boolean(), nullable=True),
        sa.Column("visit_minutes", sa.Integer(), nullable=True),
        sa.Column("needle_minutes", sa.Integer(), nullable=True),
        sa.Column("visits_a_week", sa.Integer(), nullable=True),
        sa.Column("first_weeks", sa.Integer(), nullable=True),
        sa.Column("review_after_visits", sa.Integer(), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.CheckConstraint("visit_minutes BETWEEN 5 AND 480", name=op.f("ck_working_way_visit_minutes")),
        sa.CheckConstraint("needle_minutes BETWEEN 0 AND 240", name=op.f("ck_working_way_needle_minutes")),
        sa.CheckConstraint("visits_a_week BETWEEN 1 AND 7", name=op.f("ck_working_way_visits_a_week")),
        sa.CheckConstraint("first_weeks BETWEEN 1 AND 52", name=op.f("ck_working_way_first_weeks")),
        sa.CheckConstraint("review_after_visits BETWEEN 1 AND 60", name=op.f("ck_working_way_review_after_visits")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_working_way_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_working_way")),
    )


def downgrade() -> None:
    op.drop_table("working_way")
    # Where no rules are known nobody could be before: such a place is closed, because its rules must be somebody's.
    op.execute("UPDATE practice_place SET admin1 = NULL WHERE length(admin1) > 20")
    op.execute(
        "UPDATE practice_place SET active = false, jurisdiction = (SELECT min(code) FROM jurisdiction)"
        " WHERE jurisdiction IS NULL"
    )
    with op.batch_alter_table("practice_place") as table:
        for name in _CHECKS:
            table.drop_constraint(op.f(name), type_="check")
        table.alter_column("jurisdiction", existing_type=sa.String(length=12), nullable=False)
        table.alter_column("admin1", existing_type=sa.String(length=80), type_=sa.String(length=20))
        table.create_check_constraint(op.f(_HAS_CURRENCY), _THREE_PRICES)
    for column in reversed(_NEW):
        op.drop_column("practice_place", column)
