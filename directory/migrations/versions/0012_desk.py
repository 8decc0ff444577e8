"""The desk: cases that are taken, risky and about somebody, and decisions

Revision: 0012, after 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CASE = sa.table("work_case", sa.column("kind"))
_OLD_KINDS = (
    "profile_claim",
    "control",
    "licence",
    "certification",
    "education",
    "indemnity",
    "training",
    "rls_caseload",
    "pregnancy_declaration",
    "photo",
    "sensitive_edit",
    "plausibility",
)
_NEW_KINDS = (
    "complaint",
    "harm",
    "hold_review",
    "appeal",
    "register_news",
    "exclusion",
    "dispute",
    "duplicate",
    "closing",
    "second_look",
)
_WHAT_IS_KNOWN = (
    "UPDATE work_case SET risk = 1 WHERE kind IN ('profile_claim', 'control')",
    "UPDATE work_case SET risk = 3 WHERE kind IN ('photo', 'education', 'training')",
    (
        "UPDATE work_case SET about = (SELECT id FROM practitioner WHERE work_case.subject = 'practitioner:' || id)"
        " WHERE subject LIKE 'practitioner:%'"
    ),
    (
        "UPDATE work_case SET about = (SELECT id FROM practitioner WHERE work_case.subject = 'rls:' || id)"
        " WHERE subject LIKE 'rls:%'"
    ),
    (
        "UPDATE work_case SET about = (SELECT id FROM practitioner WHERE work_case.subject = 'pregnancy:' || id)"
        " WHERE subject LIKE 'pregnancy:%'"
    ),
    (
        "UPDATE work_case SET about = (SELECT practitioner_id FROM indemnity WHERE work_case.subject = 'indemnity:' || id)"
        " WHERE subject LIKE 'indemnity:%'"
    ),
    (
        "UPDATE work_case SET about = (SELECT practitioner_id FROM proposed_edit WHERE work_case.subject = 'edit:' || id)"
        " WHERE subject LIKE 'edit:%'"
    ),
    (
        "UPDATE work_case SET about = (SELECT practitioner_id FROM credential WHERE work_case.subject = 'credential:' || id)"
        " WHERE subject LIKE 'credential:%'"
    ),
    (
        "UPDATE work_case SET jurisdiction ="
        " (SELECT credential.jurisdiction FROM credential WHERE work_case.subject = 'credential:' || credential.id)"
        " WHERE subject LIKE 'credential:%'"
    ),
)
_CHECKS = {
    "ck_work_case_risk": "risk BETWEEN 0 AND 3",
    "ck_work_case_claimed_has_end": "(claimed_by IS NULL) = (claimed_until IS NULL)",
}
_COLUMNS = ("about", "jurisdiction", "claimed_by", "claimed_until", "assigned_to", "not_by", "waiting_since")
_OUTCOMES = (
    "verified",
    "not_checked",
    "more_information",
    "rejected",
    "suspended",
    "revoked",
    "restored",
    "held",
    "released",
    "no_action",
)
_METHODS = (
    "primary_source",
    "roster_file",
    "telephone",
    "document_only",
    "register_telephone",
    "letter_code",
    "certifier_mailbox",
    "identity_check",
)
_STATUSES = (
    "active",
    "active_with_conditions",
    "probation",
    "expired_grace",
    "temporary",
    "pending",
    "inactive",
    "exempt",
    "registered_not_practising",
    "delinquent",
    "expired",
    "lapsed",
    "retired",
    "cancelled",
    "closed",
    "deceased",
    "suspended",
    "interim_suspended",
    "revoked",
    "surrendered",
    "denied",
    "unknown",
)
_REASONS = (
    "not_found",
    "name_differs",
    "number_differs",
    "not_in_force",
    "wrong_kind",
    "unreadable",
    "not_proved",
    "somebody_elses",
    "no_answer",
    "discipline",
    "safety",
    "misleading",
    "duplicate",
    "other",
)


def upgrade() -> None:
    with op.batch_alter_table("work_case") as table:
        table.drop_constraint(op.f("ck_work_case_kind"), type_="check")
        table.create_check_constraint(op.f("ck_work_case_kind"), _CASE.c.kind.in_(_OLD_KINDS + _NEW_KINDS))
        table.add_column(sa.Column("risk", sa.SmallInteger(), server_default="2", nullable=False))
        table.add_column(sa.Column("about", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("jurisdiction", sa.String(length=8), nullable=True))
        table.add_column(sa.Column("claimed_by", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("assigned_to", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("not_by", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
        for name, text in _CHECKS.items():
            table.create_check_constraint(op.f(name), text)
    for statement in _WHAT_IS_KNOWN:
        op.execute(statement)
    op.create_index(op.f("ix_work_case_about"), "work_case", ["about"])
    op.create_index(op.f("ix_work_case_state_risk_due"), "work_case", ["state", "risk", "due", "id"])
    op.create_index(op.f("ix_work_case_state_kind_risk_due"), "work_case", ["state", "kind", "risk", "due", "id"])
    _create_decision()
    op.create_table(
        "decision_note",
        sa.Column("decision_id", _id(), nullable=False),
        sa.Column("text_sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_note_decision_id_decision")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision_note")),
    )
    op.create_table(
        "desk_question",
        sa.Column("id", _id(), nullable=False),
        sa.Column("decision_id", _id(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _enum("kind", _OLD_KINDS + _NEW_KINDS), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("text_sealed", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_sealed", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer_sealed IS NULL)", name=op.f("ck_desk_question_answered_has_answer")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_desk_question_decision_id_decision")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_desk_question_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_question")),
    )
    op.create_index(op.f("ix_desk_question_case_id"), "desk_question", ["case_id"])
    op.create_index(op.f("ix_desk_question_practitioner_id"), "desk_question", ["practitioner_id"])


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", _id(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", _enum("kind", _OLD_KINDS + _NEW_KINDS), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("practitioner_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", _enum("outcome", _OUTCOMES), nullable=False),
        sa.Column("method", _enum("method", _METHODS), nullable=True),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("status_read", _enum("status_read", _STATUSES), nullable=True),
        sa.Column("raw_status", sa.String(length=200), nullable=True),
        sa.Column("expires_read", sa.Date(), nullable=True),
        sa.Column("name_read", sa.String(length=200), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=True),
        sa.Column("reason_code", _enum("reason_code", _REASONS), nullable=True),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_seconds", sa.Integer(), nullable=True),
        sa.Column("takes_effect", sa.Boolean(), nullable=False),
        sa.Column("second_of", _id(), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.CheckConstraint("second_of IS NULL OR agrees IS NOT NULL", name=op.f("ck_decision_second_says")),
        sa.CheckConstraint("took_seconds >= 0", name=op.f("ck_decision_took_seconds")),
        sa.CheckConstraint(
            "snapshot_hash IS NULL OR length(snapshot_hash) = 64", name=op.f("ck_decision_snapshot_hash")
        ),
        sa.CheckConstraint(
            "outcome NOT IN ('rejected', 'suspended', 'revoked') OR reason_code IS NOT NULL",
            name=op.f("ck_decision_has_reason"),
        ),
        sa.ForeignKeyConstraint(["second_of"], ["decision.id"], name=op.f("fk_decision_second_of_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    for columns in ("subject", "practitioner_id", "case_id", "decided_at"):
        op.create_index(op.f(f"ix_decision_{columns}"), "decision", [columns])


def downgrade() -> None:
    op.drop_table("desk_question")
    op.drop_table("decision_note")
    op.drop_table("decision")
    for index in ("about", "state_risk_due", "state_kind_risk_due"):
        op.drop_index(op.f(f"ix_work_case_{index}"), "work_case")
    op.execute(sa.delete(_CASE).where(_CASE.c.kind.not_in(_OLD_KINDS)))
    with op.batch_alter_table("work_case") as table:
        for name in _CHECKS:
            table.drop_constraint(op.f(name), type_="check")
        for column in (*_COLUMNS, "risk"):
            table.drop_column(column)
        table.drop_constraint(op.f("ck_work_case_kind"), type_="check")
        table.create_check_constraint(op.f("ck_work_case_kind"), _CASE.c.kind.in_(_OLD_KINDS))


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=48)
