"""Nobody is listed who offers only what a condition forbids

Revision: 0031, after 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_STATE = sa.table("eligibility_state", sa.column("refusal"))
_LEDGER = sa.table("entry_ledger", sa.column("token"))
_NEW = "nothing_to_offer"
_OLD = (
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
    behind = _OLD.index("ordered_to_stop") + 1
    _allow((*_OLD[:behind], _NEW, *_OLD[behind:]))


def downgrade() -> None:
    # Whoever looks next finds them again, by the rules of then.
    op.execute(_STATE.delete().where(_STATE.c.refusal == _NEW))
    _allow(_OLD)


def _allow(refusals: tuple[str, ...]) -> None:
    with op.batch_alter_table("eligibility_state") as table:
        table.drop_constraint(op.f("ck_eligibility_state_refusal"), type_="check")
        table.create_check_constraint(op.f("ck_eligibility_state_refusal"), _STATE.c.refusal.in_(refusals))
    # Everybody is looked at once more, so that copies learn who is shown under the rules that hold from now on.
    op.execute(_LEDGER.update().values(token=""))
