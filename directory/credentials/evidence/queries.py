"""Reading what was shown, for its owner and for those who decide on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, aliased, undefer

from directory.credentials.evidence import rules
from directory.credentials.evidence.models import Evidence, ProfilePhoto, Told
from directory.credentials.evidence.terms import EvidenceState, MediaType, PhotoState, Verdict, Way
from directory.credentials.models import Credential, Indemnity, PregnancyDeclaration, RlsExperience
from directory.credentials.terms import CredentialKind
from directory.errors import NotFound
from directory.practitioners.models import Practitioner, WorkingWay


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One piece of evidence as a list shows it."""

    code: str
    subject: str
    way: Way
    state: EvidenceState
    media_type: MediaType | None
    pages: int | None
    size: int | None
    told: Told | None
    sent_at: datetime
    answered_at: datetime | None
    delete_after: datetime
    scanned: bool
    decided: bool
    """Whether somebody has decided on it."""
    may_be_opened: bool
    may_be_withdrawn: bool


def attachments(session: Session, practitioner_id: int) -> Mapping[str, Sequence[Attachment]]:
    """All that a practitioner shows, by claim, the oldest first, in one statement. What is erased is not among it."""
    found: defaultdict[str, list[Attachment]] = defaultdict(list)
    rows = select(Evidence).where(Evidence.practitioner_id == practitioner_id, Evidence.state != EvidenceState.ERASED)
    for each in session.scalars(rows.options(undefer(Evidence.told_sealed)).order_by(Evidence.id)):
        found[each.subject].append(_attachment(each))
    return found


def shown_for(session: Session, practitioner_id: int, subject: str) -> Sequence[Attachment]:
    """What a practitioner shows for one claim."""
    return attachments(session, practitioner_id).get(subject, [])


def by_code(session: Session, code: str) -> Evidence:
    """The piece with this code, whoever's it is; ``NotFound`` where there is none or it is erased."""
    evidence = session.scalar(
        select(Evidence)
        .where(Evidence.code == code, Evidence.state != EvidenceState.ERASED)
        .options(undefer(Evidence.told_sealed))
    )
    if evidence is None:
        raise NotFound("There is nothing at this address.")
    return evidence


def paper_of(session: Session, credential_id: int) -> tuple[CredentialKind, str]:
    """What sort of paper this is, and with whom; ``NotFound`` where there is none."""
    found = session.execute(
        select(Credential.kind, Credential.body, Credential.title).where(Credential.id == credential_id)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such claim.")
    return found.kind, found.body or found.title or ""


def insurer_of(session: Session, indemnity_id: int) -> str:
    """Who insures; empty where it is not known."""
    return session.scalar(select(Indemnity.insurer).where(Indemnity.id == indemnity_id)) or ""


def patients_declared(session: Session, practitioner_id: int) -> Mapping[str, int]:
    """How many patients somebody says they have seen in 24 months, by the name of the claim."""
    rls = select(RlsExperience.patients_24m).where(RlsExperience.practitioner_id == practitioner_id)
    pregnant = select(PregnancyDeclaration.patients_24m).where(PregnancyDeclaration.practitioner_id == practitioner_id)
    return {"rls:patients": session.scalar(rls) or 0, "pregnancy:patients": session.scalar(pregnant) or 0}


def live_photo(session: Session, practitioner_id: int) -> ProfilePhoto | None:
    """The photo that everybody may see while the profile is visible."""
    return _photo(session, practitioner_id, PhotoState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as a page about them begins: with how they say they work, and the photo that everybody may see."""

    person: Practitioner
    way: WorkingWay | None
    photo: ProfilePhoto | None


def profile(session: Session, slug: str) -> Profile:
    """Whoever is at this address, in one statement; ``NotFound`` when there is nobody."""
    found = session.execute(_profiles().where(Practitioner.slug == slug)).one_or_none()
    if found is None:
        raise NotFound("There is no practitioner at this address.")
    return Profile(*found)


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """The same as its owner sees it, with the photo that is not shown: it waits, or was refused."""

    person: Practitioner
    way: WorkingWay | None
    photo: ProfilePhoto | None
    newer: ProfilePhoto | None


def own_profile(session: Session, account_id: int) -> OwnProfile:
    """Whoever keeps their profile with this account, in one statement; ``NotFound`` where there is none yet."""
    newer = aliased(ProfilePhoto)
    statement = (
        _profiles()
        .add_columns(newer)
        .outerjoin(newer, and_(newer.practitioner_id == Practitioner.id, newer.state != PhotoState.ACCEPTED))
        .where(Practitioner.account_id == account_id)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        raise NotFound("You have no profile yet.")
    person, way, photo, waiting = found
    return OwnProfile(person, way, photo, waiting)


def _profiles() -> Select[Practitioner, WorkingWay, ProfilePhoto]:
    return (
        select(Practitioner, WorkingWay, ProfilePhoto)
        .outerjoin(WorkingWay, WorkingWay.practitioner_id == Practitioner.id)
        .outerjoin(
            ProfilePhoto,
            and_(ProfilePhoto.practitioner_id == Practitioner.id, ProfilePhoto.state == PhotoState.ACCEPTED),
        )
    )


def newer_photo(session: Session, practitioner_id: int) -> ProfilePhoto | None:
    """The newest photo that is not shown: it waits, or was refused and its owner has not sent another."""
    return session.scalar(
        select(ProfilePhoto).where(
            ProfilePhoto.practitioner_id == practitioner_id, ProfilePhoto.state != PhotoState.ACCEPTED
        )
    )


def _photo(session: Session, practitioner_id: int, state: PhotoState) -> ProfilePhoto | None:
    return session.scalar(
        select(ProfilePhoto).where(ProfilePhoto.practitioner_id == practitioner_id, ProfilePhoto.state == state)
    )


def _attachment(evidence: Evidence) -> Attachment:
    return Attachment(
        code=evidence.code,
        subject=evidence.subject,
        way=evidence.way,
        state=evidence.state,
        media_type=evidence.media_type,
        pages=evidence.pages,
        size=evidence.size,
        told=evidence.told,
        sent_at=evidence.sent_at,
        answered_at=evidence.answered_at,
        delete_after=evidence.delete_after,
        scanned=evidence.verdict is Verdict.NOTHING_FOUND,
        decided=evidence.decided_at is not None,
        may_be_opened=evidence.way is Way.FILE and rules.may_be_opened(evidence.state),
        may_be_withdrawn=rules.may_be_withdrawn(evidence.state, evidence.decided_at),
    )
