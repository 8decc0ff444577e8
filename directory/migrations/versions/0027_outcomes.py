"""Whether it worked, and what patients say about a service

Revision: 0027, after 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_KINDS = (
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
_KIND = "feedback"
_OF_A_KIND = ("work_case", "decision", "desk_question")
_CONTACTS = ("reached", "no_answer", "wrong_number", "not_taking")
_STANDS = ("waiting", "published", "refused")
_REFUSAL = "a decision is never changed nor removed"
_REFUSE = "FOR EACH ROW EXECUTE FUNCTION decision_refuse()"
_PROTECTION = {
    "sqlite": (
        f"CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        f"CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        f"CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision {_REFUSE}",
        f"CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision {_REFUSE}",
    ),
}
_OPENED = {
    "sqlite": ("DROP TRIGGER decision_no_update", "DROP TRIGGER decision_no_delete"),
    "postgresql": ("DROP TRIGGER decision_no_update ON decision", "DROP TRIGGER decision_no_delete ON decision"),
}
"""SQLite makes a table anew to change a CHECK, and its triggers go with the old one."""


def upgrade() -> None:
    _each(_OPENED)
    _kinds((*_KINDS, _KIND))
    _each(_PROTECTION)
    op.create_table(
        "contact_outcome",
        sa.Column("id", _id(), nullable=False),
        sa.Column("consultation_id", _id(), nullable=False),
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("place_id", _id(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=8), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact", _enum("contact", _CONTACTS), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailbox", sa.String(length=64), nullable=True),
        sa.Column("network", sa.String(length=64), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(contact IS NULL) = (told_at IS NULL)", name=op.f("ck_contact_outcome_told_has_time")),
        sa.CheckConstraint("contact IS NOT NULL OR network IS NULL", name=op.f("ck_contact_outcome_network_of_a_word")),
        sa.CheckConstraint("contact IS NOT NULL OR case_id IS NULL", name=op.f("ck_contact_outcome_case_of_a_word")),
        _of("contact_outcome", "consultation_id", "consultation"),
        _of("contact_outcome", "practitioner_id", "practitioner"),
        _of("contact_outcome", "place_id", "practice_place"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_outcome")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_contact_outcome_consultation_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_contact_outcome_token_hash")),
    )
    op.create_index(
        op.f("ix_contact_outcome_practitioner_id_told_at"), "contact_outcome", ["practitioner_id", "told_at"]
    )
    op.create_index(op.f("ix_contact_outcome_place_id"), "contact_outcome", ["place_id"])
    op.create_index(op.f("ix_contact_outcome_told_at"), "contact_outcome", ["told_at"])
    op.create_table(
        "service_story",
        sa.Column("id", _id(), nullable=False),
        sa.Column("outcome_id", _id(), nullable=True),
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("place_id", _id(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("price_first", sa.Boolean(), nullable=True),
        sa.Column("listened", sa.Boolean(), nullable=True),
        sa.Column("as_described", sa.Boolean(), nullable=True),
        sa.Column("wrote_to_doctor", sa.Boolean(), nullable=True),
        sa.Column("words_sealed", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stand", _enum("stand", _STANDS), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_sealed", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_stand", _enum("reply_stand", _STANDS), nullable=True),
        sa.Column("reply_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (stand = 'waiting')", name=op.f("ck_service_story_decided_has_time")
        ),
        sa.CheckConstraint(
            "(reply_sealed IS NULL) = (reply_stand IS NULL)", name=op.f("ck_service_story_reply_has_stand")
        ),
        sa.CheckConstraint(
            "(reply_sealed IS NULL) = (replied_at IS NULL)", name=op.f("ck_service_story_reply_has_time")
        ),
        sa.CheckConstraint(
            "reply_decided_at IS NULL OR reply_stand <> 'waiting'", name=op.f("ck_service_story_reply_decided")
        ),
        sa.CheckConstraint(
            "reply_sealed IS NULL OR stand = 'published'", name=op.f("ck_service_story_reply_to_what_is_shown")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["contact_outcome.id"],
            name=op.f("fk_service_story_outcome_id_contact_outcome"),
            ondelete="SET NULL",
        ),
        _of("service_story", "practitioner_id", "practitioner"),
        _of("service_story", "place_id", "practice_place"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_story")),
        sa.UniqueConstraint("outcome_id", name=op.f("uq_service_story_outcome_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_service_story_token_hash")),
    )
    op.create_index(
        op.f("ix_service_story_practitioner_id_stand"), "service_story", ["practitioner_id", "stand", "decided_at"]
    )
    op.create_index(op.f("ix_service_story_place_id"), "service_story", ["place_id"])
    op.create_index(op.f("ix_service_story_decided_at"), "service_story", ["decided_at"])


def downgrade() -> None:
    op.drop_table("service_story")
    op.drop_table("contact_outcome")
    _each(_OPENED)
    decision = sa.table("decision", sa.column("id"), sa.column("kind"))
    gone = sa.select(decision.c.id).where(decision.c.kind == _KIND)
    for table in ("decision_note", "appeal", "desk_question"):
        hanging = sa.table(table, sa.column("decision_id"))
        op.execute(sa.delete(hanging).where(hanging.c.decision_id.in_(gone)))
    for table in ("decision", "work_case"):
        known = sa.table(table, sa.column("kind"))
        op.execute(sa.delete(known).where(known.c.kind == _KIND))
    _kinds(_KINDS)
    _each(_PROTECTION)


def _each(statements: dict[str, tuple[str, str]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


def _kinds(known: tuple[str, ...]) -> None:
    for table in _OF_A_KIND:
        name = op.f(f"ck_{table}_kind")
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(name, type_="check")
            changed.create_check_constraint(name, sa.table(table, sa.column("kind")).c.kind.in_(known))


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=48)
