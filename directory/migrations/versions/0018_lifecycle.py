"""Profiles that are closed or merged, pairs that may be one person, and jurisdictions that are hidden

Revision: 0018, after 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OLD_STATES = ("draft", "published", "paused", "suspended_by_admin")
_NEW_STATES = (*_OLD_STATES, "closed")
_STATES = {
    ("practitioner", "ck_practitioner_account_status"): sa.table("practitioner", sa.column("account_status")),
    ("departure", "ck_departure_status_before"): sa.table("departure", sa.column("status_before")),
}


def upgrade() -> None:
    for (table, name), known in _STATES.items():
        # Decisions speak of people by number, also of those who are gone, so that no number comes a second time.
        options = {"sqlite_autoincrement": table == "practitioner"}
        with op.batch_alter_table(table, table_kwargs=options) as changed:
            changed.drop_constraint(op.f(name), type_="check")
            changed.create_check_constraint(op.f(name), next(iter(known.c)).in_(_NEW_STATES))
    op.create_table(
        "jurisdiction_switch",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("closed_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("reason_sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["jurisdiction.code"], name=op.f("fk_jurisdiction_switch_code_jurisdiction")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_jurisdiction_switch")),
    )
    op.create_table(
        "practitioner_closing",
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("why", _enum("why", ("retired", "died", "closed", "moved")), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=True),
        sa.Column("status_before", _enum("status_before", _NEW_STATES), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_practitioner_closing_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_practitioner_closing")),
    )
    op.create_table(
        "duplicate_pair",
        sa.Column("id", _id(), nullable=False),
        sa.Column("first_id", _id(), nullable=False),
        sa.Column("second_id", _id(), nullable=False),
        sa.Column("answer", _enum("answer", ("open", "not_the_same")), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_pair_order")),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["practitioner.id"],
            name=op.f("fk_duplicate_pair_first_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["practitioner.id"],
            name=op.f("fk_duplicate_pair_second_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_duplicate_pair_first_id_second_id")),
    )
    op.create_index(op.f("ix_duplicate_pair_second_id"), "duplicate_pair", ["second_id"])
    op.create_table(
        "practitioner_merge",
        sa.Column("id", _id(), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("into_id", sa.BigInteger(), nullable=False),
        sa.Column("slug_hash", sa.String(length=64), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("from_id <> into_id", name=op.f("ck_practitioner_merge_two")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner_merge")),
        sa.UniqueConstraint("from_id", name=op.f("uq_practitioner_merge_from_id")),
    )
    op.create_index(op.f("ix_practitioner_merge_into_id"), "practitioner_merge", ["into_id"])
    op.create_index(op.f("ix_practitioner_merge_slug_hash"), "practitioner_merge", ["slug_hash"])
    op.create_table(
        "practitioner_merge_note",
        sa.Column("merge_id", _id(), nullable=False),
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("before_sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["practitioner_merge.id"], name=op.f("fk_practitioner_merge_note_merge_id_practitioner_merge")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_practitioner_merge_note_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merge_id", name=op.f("pk_practitioner_merge_note")),
    )
    op.create_index(op.f("ix_practitioner_merge_note_practitioner_id"), "practitioner_merge_note", ["practitioner_id"])


def downgrade() -> None:
    for table in (
        "practitioner_merge_note",
        "practitioner_merge",
        "duplicate_pair",
        "practitioner_closing",
        "jurisdiction_switch",
    ):
        op.drop_table(table)
    for (table, name), known in _STATES.items():
        column = next(iter(known.c))
        op.execute(sa.update(known).where(column == "closed").values({column.name: "suspended_by_admin"}))
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(op.f(name), type_="check")
            changed.create_check_constraint(op.f(name), column.in_(_OLD_STATES))
            if table == "practitioner" and op.get_bind().dialect.name == "sqlite":
                # Numbers that never come again have no name for their key.
                changed.create_primary_key(op.f("pk_practitioner"), ["id"])


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=48)
