"""What lies in the file of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from directory.cases.models import Case
from directory.complaints.models import Appeal, Complaint
from directory.credentials.control.models import ControlLetter, ControlProof, ControlQuestion
from directory.credentials.decisions.models import Question
from directory.credentials.decisions.queries import Told
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.evidence.models import Evidence, ProfilePhoto
from directory.credentials.models import Credential, Indemnity, PregnancyDeclaration, RlsExperience
from directory.credentials.registration.models import Registration
from directory.credentials.terms import CredentialKind
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus
from directory.registries.exclusions.models import ExclusionEntry, ExclusionFile, ExclusionHit
from directory.registries.models import RegistryEntry, RegistryLead


@dataclass(frozen=True, slots=True, kw_only=True)
class SameNumber:
    """Somebody else's paper with the number of one of this person's."""

    practitioner_id: int
    name: str
    slug: str
    kind: CredentialKind
    jurisdiction: str
    number: str
    checked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake:
    """Somebody else whose name is written alike, at one of their places."""

    practitioner_id: int
    name: str
    slug: str
    status: AccountStatus
    locality: str | None
    country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SameNpi:
    """Somebody else who has, or asks for, the same NPI."""

    practitioner_id: int
    name: str
    slug: str
    has_it: bool
    """It stands in their profile; otherwise they ask for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCase:
    """What else is open about this person."""

    id: int
    kind: str
    subject: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One case with everything on file about it."""

    case: Case
    holder: str | None
    """The address of whoever took it."""
    person: Practitioner | None
    email: str | None
    """Of their account."""
    registration: Registration | None
    edit: ProposedEdit | None
    rls: RlsExperience | None
    pregnancy: PregnancyDeclaration | None
    entry: RegistryEntry | None
    """What NPPES says of the number that is theirs, or that is asked for."""
    leads: Sequence[RegistryLead]
    nppes_as_of: date | None
    """The day of the newest NPPES file that was taken in; ``None`` where there is none."""
    papers: Sequence[Credential]
    covers: Sequence[Indemnity]
    evidence: Sequence[Evidence]
    live_photo: ProfilePhoto | None
    newer_photo: ProfilePhoto | None
    decisions: Sequence[Told]
    """About this subject and this person, the newest first."""
    questions: Sequence[Question]
    open_cases: Sequence[OtherCase]
    """What else is open about this person, the oldest first; not all of it where there is a lot."""
    more_open: bool
    same_number: Sequence[SameNumber]
    same_npi: Sequence[SameNpi]
    namesakes: Sequence[Namesake]
    proofs: Sequence[ControlProof]
    """What was tried to prove who keeps the profile, the newest first; of a case about that alone."""
    letter: ControlLetter | None
    """With a code; of a case about who keeps the profile, and only where it was sent to whoever keeps it now."""
    certifiers: Sequence[ControlQuestion]
    """What certifiers were asked, the newest first; of a case about who keeps the profile alone."""
    complaint: Complaint | None
    """The report that this is about, with its words."""
    complaints: Sequence[Complaint]
    """What else was reported of this person, the newest first and without its words; of a report, hold or appeal."""
    appeal: Appeal | None
    """The appeal that this is about, with its words."""
    exclusion_file: ExclusionFile | None
    exclusions: Sequence[tuple[ExclusionHit, ExclusionEntry]]
    rules: Mapping[str, Jurisdiction]
    """Of every place and register that this is about."""
