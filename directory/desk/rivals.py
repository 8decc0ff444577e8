"""Whoever comes second may be the rightful one: then both are hidden and the desk finds out, and nothing changes hands.

A decision that would give a number to somebody while another profile has it, which is shown or whose keeper is proved,
begins a dispute (``disputes``) instead of moving anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from directory.cases.terms import Kind
from directory.credentials.decisions.effects.handlers import HANDLERS as OWN_HANDLERS
from directory.credentials.decisions.effects.telling import tell
from directory.credentials.decisions.handling import Deed, Handler
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.terms import Outcome
from directory.credentials.models import Credential
from directory.credentials.registration.models import Registration
from directory.credentials.stating.stated import LEARNT
from directory.credentials.terms import CheckMethod
from directory.desk import disputes
from directory.mail.letters import N_, Letter, Link
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus


def of(session: Session, practitioner_id: int) -> list[int]:
    """Who is shown, or proved to be who they are, with a licence number of this person that was checked for both, or
    with the NPI for which this person asks."""
    holder, mine, theirs = aliased(Practitioner), aliased(Credential), aliased(Credential)
    taken = or_(holder.holder_proved_on.is_not(None), holder.account_status == AccountStatus.PUBLISHED)
    asked = select(Registration.npi_claimed).where(
        Registration.practitioner_id == practitioner_id, Registration.npi_claimed.is_not(None)
    )
    same_paper = (
        select(theirs.practitioner_id)
        .join(
            mine,
            and_(
                mine.kind == theirs.kind,
                mine.number == theirs.number,
                or_(
                    mine.jurisdiction == theirs.jurisdiction,
                    and_(mine.jurisdiction.is_(None), theirs.jurisdiction.is_(None), mine.body == theirs.body),
                ),
            ),
        )
        .where(
            mine.practitioner_id == practitioner_id,
            mine.kind.not_in(LEARNT),
            *(
                condition
                for each in (mine, theirs)
                for condition in (
                    each.verified_on.is_not(None),
                    each.identity_match,
                    each.check_method != CheckMethod.DOCUMENT_ONLY,
                )
            ),
        )
    )
    return list(
        session.scalars(
            select(holder.id)
            .where(holder.id != practitioner_id, taken, or_(holder.npi.in_(asked), holder.id.in_(same_paper)))
            .order_by(holder.id)
        )
    )


def two_people() -> Letter:
    """To both whose profiles are hidden because each says that the number is theirs."""
    return Letter(
        purpose="profile_disputed",
        subject=N_("Your profile is not shown at the moment"),
        paragraphs=(
            N_(
                "Somebody else has shown us the same number as you. Until two of our staff have found out whose it is, "
                "neither of the two profiles is shown. That says nothing against you."
            ),
            N_("Nothing was changed or given to anybody. If you can show us whose it is, please do."),
        ),
        link=Link(N_("Read it and answer"), "/practice/questions"),
    )


# --- proving somebody, and checking their papers ---------------------------------------------------------------------


def _with_the_same(session: Session, deed: Deed) -> list[int]:
    """Who else has what was just found to be this person's."""
    about = deed.matter.about
    if about is None or deed.verdict.outcome is not Outcome.VERIFIED:
        return []
    person = people.practitioner(session, about)
    # A renewal of somebody who is shown already is no second arrival.
    arrives = deed.matter.kind is Kind.CONTROL or person.published_at is None
    return of(session, about) if arrives and person.holder_proved_on is not None else []


def _contested(handler: Handler) -> Handler:
    """The handler of a kind that shows whose a number is, which ends in a dispute where it is somebody else's too."""

    def apply(session: Session, deed: Deed) -> None:
        handler.apply(session, deed)
        for other in _with_the_same(session, deed):
            disputes.begin(session, other, deed.matter.about or 0, now=deed.now)

    def afterwards(session: Session, deed: Deed, decision: Decision) -> None:
        handler.afterwards(session, deed, decision)
        _tell(session, deed, _with_the_same(session, deed))

    return replace(handler, apply=apply, afterwards=afterwards)


# --- claims on a profile or a number ---------------------------------------------------------------------------------


def _whose(session: Session, deed: Deed) -> Practitioner | None:
    """Who is shown, or proved to be who they are, with what is claimed here; ``None`` where it can be given away."""
    matter, about = deed.matter, deed.matter.about
    if about is None or deed.verdict.outcome is not Outcome.VERIFIED:
        return None
    scheme, _, rest = matter.subject.partition(":")
    other = people.of_npi(session, rest) if scheme == "npi" else session.get(Practitioner, matter.row_id)
    if other is None or other.id == about:
        return None
    taken = other.holder_proved_on is not None or other.account_status is AccountStatus.PUBLISHED
    # A whole profile that nobody keeps is made one with the claimant's, side by side.
    return other if taken and (scheme == "npi" or other.account_id is not None) else None


def _claim_apply(session: Session, deed: Deed) -> None:
    other = _whose(session, deed)
    if other is None or deed.matter.about is None:
        OWN_HANDLERS[Kind.PROFILE_CLAIM].apply(session, deed)
    else:
        disputes.begin(session, other.id, deed.matter.about, now=deed.now)


def _claim_told(session: Session, deed: Deed, decision: Decision) -> None:
    other = _whose(session, deed)
    if other is None:
        OWN_HANDLERS[Kind.PROFILE_CLAIM].afterwards(session, deed, decision)
    else:
        _tell(session, deed, [other.id])


def _tell(session: Session, deed: Deed, others: list[int]) -> None:
    """Write to everybody who is hidden by it."""
    for each in others and [*others, deed.matter.about or 0]:
        tell(session, each, two_people(), deed)


HANDLERS: Final[Mapping[Kind, Handler]] = {
    kind: _contested(OWN_HANDLERS[kind]) for kind in (Kind.CONTROL, Kind.LICENCE, Kind.CERTIFICATION)
} | {Kind.PROFILE_CLAIM: replace(OWN_HANDLERS[Kind.PROFILE_CLAIM], apply=_claim_apply, afterwards=_claim_told)}
"""What may end in a dispute."""
