"""Reading what was proved about who somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from directory.accounts.models import Account
from directory.accounts.rules import email_key
from directory.credentials.control import rules
from directory.credentials.control.models import ControlLetter, ControlProof, ControlQuestion
from directory.credentials.control.rules import Stands, Supplied
from directory.credentials.control.terms import Channel
from directory.credentials.evidence.models import Evidence
from directory.credentials.evidence.terms import Way
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner


def steps(session: Session, practitioner_id: int) -> Sequence[ControlProof]:
    """Everything that was tried, the newest first."""
    return session.scalars(
        select(ControlProof).where(ControlProof.practitioner_id == practitioner_id).order_by(ControlProof.id.desc())
    ).all()


def proof_for(session: Session, practitioner_id: int, channel: Channel, *, now: datetime) -> ControlProof | None:
    """The newest proof over this channel that speaks for the person as they are today; ``None`` where there is none."""
    person = people.practitioner(session, practitioner_id)
    return next(
        (each for each in steps(session, practitioner_id) if each.channel is channel and _stands(each, person, now)),
        None,
    )


def proved_by(session: Session, practitioner_id: int, *, now: datetime) -> frozenset[Channel]:
    """The channels over which somebody is proved to be who they say."""
    person = people.practitioner(session, practitioner_id)
    return frozenset(each.channel for each in steps(session, practitioner_id) if _stands(each, person, now))


def speaks(proof: ControlProof, person: Practitioner, *, now: datetime) -> bool:
    """Whether this step proves who the person is, as they are today."""
    return _stands(proof, person, now)


def letter(session: Session, practitioner_id: int) -> ControlLetter | None:
    """The newest letter with a code; one that was sent while somebody else had the profile is nobody's."""
    found = session.get(ControlLetter, practitioner_id)
    if found is None or found.account_id != people.practitioner(session, practitioner_id).account_id:
        return None
    return found


def questions(session: Session, practitioner_id: int) -> Sequence[ControlQuestion]:
    """What certifiers were asked, the newest first."""
    return session.scalars(
        select(ControlQuestion)
        .where(ControlQuestion.practitioner_id == practitioner_id)
        .order_by(ControlQuestion.id.desc())
    ).all()


def account_email(session: Session, person: Practitioner) -> str:
    """The address of whoever has the profile; empty where nobody has it."""
    account = None if person.account_id is None else session.get(Account, person.account_id)
    return "" if account is None else account.email


def supplied(session: Session, person: Practitioner) -> Supplied:
    """Every address and page that the applicant gave us."""
    own = [account_email(session, person), person.email or ""]
    asked = session.scalars(
        select(Evidence)
        .where(Evidence.practitioner_id == person.id, Evidence.way == Way.COLLEAGUE)
        .options(undefer(Evidence.told_sealed))
    )
    named = [each.told.email for each in asked if each.told is not None]
    return Supplied(
        emails=frozenset(email_key(each) for each in own if each),
        sites=frozenset({rules.host_of(person.website)} if person.website else ()),
        others=frozenset(email_key(each) for each in named if each),
    )


def _stands(proof: ControlProof, person: Practitioner, now: datetime) -> bool:
    stands = Stands(proves=proof.proves, name=proof.told.name, account_id=proof.account_id, at=proof.done_at)
    return rules.stands(stands, name=person.display_name, account_id=person.account_id, now=now)
