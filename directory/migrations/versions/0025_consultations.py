"""Requests for a talk, and what became of them

Revision: 0025, after 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ATTEMPT = sa.table("account_attempt", sa.column("action"))
_OLD_ACTIONS = ("sign_in", "second_factor", "register", "recover", "change_email", "challenge", "report", "report_harm")
_NEW_ACTIONS = ("ask_for_talk", "ask_for_link")
_ORDERS = ("at_once", "in_order")
_TALKS = ("phone", "video", "in_person")
_MODES = ("in_person", "home_visit", "telehealth_consult")
_STATES = (
    "queued",
    "asked",
    "accepted",
    "confirmed",
    "declined",
    "lapsed",
    "withdrawn",
    "cancelled",
    "elsewhere",
    "paused",
    "happened",
)
_SIDES = ("patient", "practitioner")
_DECLINING = ("no_room", "times", "not_for_me", "too_far", "language", "other")
_PURPOSES = ("request", "answer", "meeting")


def upgrade() -> None:
    _actions(_OLD_ACTIONS + _NEW_ACTIONS)
    op.create_table(
        "consultation_setting",
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("most_open", sa.Integer(), nullable=False),
        sa.Column("most_a_week", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in _TALKS),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("most_open BETWEEN 1 AND 50", name=op.f("ck_consultation_setting_most_open")),
        sa.CheckConstraint("most_a_week BETWEEN 1 AND 50", name=op.f("ck_consultation_setting_most_a_week")),
        sa.CheckConstraint(
            "minutes BETWEEN 15 AND 120 AND minutes % 15 = 0", name=op.f("ck_consultation_setting_minutes")
        ),
        sa.CheckConstraint("phone OR video OR in_person", name=op.f("ck_consultation_setting_some_talk")),
        _of_practitioner("consultation_setting"),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_consultation_setting")),
    )
    op.create_table(
        "consultation_request",
        sa.Column("id", _id(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asking_order", _enum("asking_order", _ORDERS), nullable=False),
        sa.Column("limit_hours", sa.Integer(), nullable=True),
        sa.Column("talk", _enum("talk", _TALKS), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("jurisdiction", sa.String(length=12), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("waitlist_ok", sa.Boolean(), nullable=False),
        sa.Column("consent_version", sa.String(length=16), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.Column(f"{name}_sealed", sa.Text(), nullable=True)
            for name in ("name", "email", "telephone", "guardian", "point", "facts", "shared", "words")
        ),
        sa.CheckConstraint(
            "(asking_order = 'in_order') = (limit_hours IS NOT NULL)", name=op.f("ck_consultation_request_limit")
        ),
        sa.CheckConstraint("limit_hours BETWEEN 1 AND 336", name=op.f("ck_consultation_request_limit_hours")),
        sa.CheckConstraint(
            "(erased_at IS NULL) = (name_sealed IS NOT NULL AND email_sealed IS NOT NULL AND facts_sealed IS NOT NULL)",
            name=op.f("ck_consultation_request_whole_or_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_request")),
        sa.UniqueConstraint("code", name=op.f("uq_consultation_request_code")),
    )
    for columns in (["email_hash", "created_at"], ["created_at"]):
        op.create_index(op.f(f"ix_consultation_request_{'_'.join(columns)}"), "consultation_request", columns)
    op.create_table(
        "consultation",
        sa.Column("id", _id(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("request_id", _id(), nullable=False),
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("place_id", _id(), nullable=False),
        sa.Column("mode", _enum("mode", _MODES), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", _enum("state", _STATES), nullable=False),
        sa.Column("paused_from", _enum("paused_from_state", _STATES), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price_currency", sa.String(length=3), nullable=True),
        sa.Column("price_amount", sa.Numeric(precision=9, scale=2), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudges", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declining", _enum("declining_reason", _DECLINING), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("how_sealed", sa.Text(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", _enum("closed_by", _SIDES), nullable=True),
        sa.CheckConstraint(
            "(price_amount IS NULL) OR (price_currency IS NOT NULL)", name=op.f("ck_consultation_price_has_currency")
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'happened') OR starts_at IS NOT NULL",
            name=op.f("ck_consultation_agreed_has_time"),
        ),
        sa.CheckConstraint("state <> 'paused' OR paused_from IS NOT NULL", name=op.f("ck_consultation_paused_from")),
        sa.CheckConstraint("minutes BETWEEN 15 AND 120", name=op.f("ck_consultation_minutes")),
        sa.CheckConstraint("declining IS NULL OR state = 'declined'", name=op.f("ck_consultation_declining")),
        _of("consultation", "request_id", "consultation_request"),
        _of_practitioner("consultation"),
        _of("consultation", "place_id", "practice_place"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("code", name=op.f("uq_consultation_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_consultation_uid")),
        sa.UniqueConstraint("request_id", "practitioner_id", name=op.f("uq_consultation_request_id_practitioner_id")),
    )
    for columns in (["practitioner_id", "state"], ["state", "due_at"], ["place_id"]):
        op.create_index(op.f(f"ix_consultation_{'_'.join(columns)}"), "consultation", columns)
    op.create_table(
        "proposed_time",
        sa.Column("id", _id(), nullable=False),
        sa.Column("request_id", _id(), nullable=False),
        sa.Column("consultation_id", _id(), nullable=True),
        sa.Column("side", _enum("side", _SIDES), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        _of("proposed_time", "request_id", "consultation_request"),
        _of("proposed_time", "consultation_id", "consultation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_time")),
        sa.UniqueConstraint(
            "request_id",
            "consultation_id",
            "side",
            "starts_at",
            name=op.f("uq_proposed_time_request_id_consultation_id_side_starts_at"),
        ),
    )
    op.create_index(op.f("ix_proposed_time_consultation_id"), "proposed_time", ["consultation_id"])
    op.create_table(
        "booked_quarter",
        sa.Column("practitioner_id", _id(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consultation_id", _id(), nullable=False),
        _of_practitioner("booked_quarter"),
        _of("booked_quarter", "consultation_id", "consultation"),
        sa.PrimaryKeyConstraint("practitioner_id", "starts_at", name=op.f("pk_booked_quarter")),
    )
    op.create_index(op.f("ix_booked_quarter_consultation_id"), "booked_quarter", ["consultation_id"])
    op.create_table(
        "consultation_message",
        sa.Column("id", _id(), nullable=False),
        sa.Column("consultation_id", _id(), nullable=False),
        sa.Column("side", _enum("side", _SIDES), nullable=False),
        sa.Column("text_sealed", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        _of("consultation_message", "consultation_id", "consultation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_message")),
    )
    op.create_index(
        op.f("ix_consultation_message_consultation_id_sent_at"), "consultation_message", ["consultation_id", "sent_at"]
    )
    op.create_table(
        "consultation_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("request_id", _id(), nullable=False),
        sa.Column("purpose", _enum("purpose", _PURPOSES), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_for", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "(used_at IS NULL) = (used_for IS NULL)", name=op.f("ck_consultation_link_used_for_something")
        ),
        _of("consultation_link", "request_id", "consultation_request"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_consultation_link")),
    )
    op.create_index(op.f("ix_consultation_link_request_id"), "consultation_link", ["request_id"])


def downgrade() -> None:
    for table in (
        "consultation_link",
        "consultation_message",
        "booked_quarter",
        "proposed_time",
        "consultation",
        "consultation_request",
        "consultation_setting",
    ):
        op.drop_table(table)
    op.execute(sa.delete(_ATTEMPT).where(_ATTEMPT.c.action.not_in(_OLD_ACTIONS)))
    _actions(_OLD_ACTIONS)


def _actions(known: tuple[str, ...]) -> None:
    with op.batch_alter_table("account_attempt") as table:
        table.drop_constraint(op.f("ck_account_attempt_action"), type_="check")
        table.create_check_constraint(op.f("ck_account_attempt_action"), _ATTEMPT.c.action.in_(known))


def _of_practitioner(table: str) -> sa.ForeignKeyConstraint:
    return _of(table, "practitioner_id", "practitioner")


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=48)
