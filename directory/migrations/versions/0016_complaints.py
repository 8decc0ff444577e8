"""Reports, appeals, and who was listed where when somebody last looked

Revision: 0016, after 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

_ATTEMPT = sa.table("account_attempt", sa.column("action"))
_OLD_ACTIONS = ("sign_in", "second_factor", "register", "recover", "change_email", "challenge")
_NEW_ACTIONS = ("report", "report_harm")
_FIELDS = (
    "name",
    "licence",
    "address",
    "telephone",
    "hours",
    "prices",
    "languages",
    "accepting",
    "photo",
    "words",
    "access",
    "medicine",
    "claims",
    "other",
    "harm",
)
_RESULTS = ("corrected", "asked", "nothing_found", "passed_on", "hidden")
_REFUSALS = (
    "not_published",
    "held",
    "holder_not_proved",
    "not_attested",
    "no_indemnity",
    "dry_needling",
    "no_rule_for_jurisdiction",
    "closed_jurisdiction",
    "hidden_jurisdiction",
    "ordered_to_stop",
    "no_licence",
    "no_membership",
    "no_certification",
    "no_local_papers",
    "pregnancy_not_treated",
    "week_outside_window",
    "declaration_not_current",
    "training_not_checked",
    "no_point_policy",
    "no_written_consent",
    "no_emergency_policy",
    "no_pregnancy_cover",
    "condition_excludes_pregnancy",
)


def upgrade() -> None:
    with op.batch_alter_table("account_attempt") as table:
        table.drop_constraint(op.f("ck_account_attempt_action"), type_="check")
        table.create_check_constraint(
            op.f("ck_account_attempt_action"), _ATTEMPT.c.action.in_(_OLD_ACTIONS + _NEW_ACTIONS)
        )
    op.create_table(
        "complaint",
        sa.Column("id", _id(), nullable=False),
        sa.Column("practitioner_id", _id(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("field", _enum("field", _FIELDS), nullable=False),
        sa.Column("text_sealed", sa.Text(), nullable=True),
        sa.Column("whom_sealed", sa.Text(), nullable=True),
        sa.Column("email_sealed", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", _enum("result", _RESULTS), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decided_at IS NULL OR result IS NOT NULL", name=op.f("ck_complaint_decided_has_result")),
        sa.CheckConstraint(
            "text_sealed IS NOT NULL OR decided_at IS NOT NULL", name=op.f("ck_complaint_open_has_text")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_complaint_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index(op.f("ix_complaint_practitioner_id_reported_at"), "complaint", ["practitioner_id", "reported_at"])
    op.create_index(op.f("ix_complaint_reported_at"), "complaint", ["reported_at"])
    op.create_index(op.f("ix_complaint_decided_at"), "complaint", ["decided_at"])
    op.create_table(
        "appeal",
        sa.Column("id", _id(), nullable=False),
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("decision_id", _id(), nullable=False),
        sa.Column("text_sealed", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name=op.f("ck_appeal_decided_has_answer")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_appeal_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index(op.f("ix_appeal_practitioner_id"), "appeal", ["practitioner_id"])
    op.create_index(op.f("ix_appeal_decision_id"), "appeal", ["decision_id"], unique=True)
    op.create_table(
        "eligibility_state",
        sa.Column("place_id", _id(), autoincrement=False, nullable=False),
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("refusal", _enum("refusal", _REFUSALS), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("listed = (refusal IS NULL)", name=op.f("ck_eligibility_state_says_why")),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["practice_place.id"],
            name=op.f("fk_eligibility_state_place_id_practice_place"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_eligibility_state_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_eligibility_state")),
    )
    op.create_index(op.f("ix_eligibility_state_practitioner_id"), "eligibility_state", ["practitioner_id"])


def downgrade() -> None:
    op.drop_table("eligibility_state")
    op.drop_table("appeal")
    op.drop_table("complaint")
    op.execute(sa.delete(_ATTEMPT).where(_ATTEMPT.c.action.not_in(_OLD_ACTIONS)))
    with op.batch_alter_table("account_attempt") as table:
        table.drop_constraint(op.f("ck_account_attempt_action"), type_="check")
        table.create_check_constraint(op.f("ck_account_attempt_action"), _ATTEMPT.c.action.in_(_OLD_ACTIONS))


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=48)
