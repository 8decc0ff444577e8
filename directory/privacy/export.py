"""Everything we hold about somebody, as one document they can take along.

The document is a JSON object; docs/export.md describes it. Its ``schema`` changes whenever a name in it does. It leaves
out what would let whoever finds the file sign in (hashes of passwords, keys, names of sessions), and the names of those
who checked papers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session, undefer

from directory import access_log
from directory.accounts.models import (
    Account,
    AccountDevice,
    AccountEvent,
    AccountLink,
    AccountRole,
    AccountSession,
    Passkey,
    RecoveryCode,
)
from directory.accounts.permissions import PRIVILEGED
from directory.accounts.rules import email_key
from directory.accuracy.models import ContactTest
from directory.alerts import queries as alerts
from directory.audit import AuditEntry
from directory.cases.models import Case, DeskView
from directory.complaints.models import Appeal
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.feedback.terms import Stand
from directory.consultations.models import (
    BookedQuarter,
    Consultation,
    ConsultationMessage,
    ConsultationSetting,
    ProposedTime,
)
from directory.consultations.terms import Side
from directory.credentials.control.models import ControlLetter, ControlProof, ControlQuestion
from directory.credentials.decisions.models import Decision, DecisionNote, Question
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.evidence.models import Evidence, ProfilePhoto
from directory.credentials.keeping.waiting import is_about
from directory.credentials.models import (
    Credential,
    CredentialCondition,
    Indemnity,
    PregnancyDeclaration,
    RlsExperience,
)
from directory.credentials.registration.models import PrefilledField, Registration, RegistrationStep
from directory.db import Base
from directory.figures import queries as figures
from directory.figures.rules import KEEP_DAYS
from directory.kept import KeptInput
from directory.mail import suppression
from directory.mail.models import OutgoingLetter
from directory.practitioners.closing.models import PractitionerClosing
from directory.practitioners.merging.models import PractitionerMergeNote
from directory.practitioners.models import (
    PlaceHours,
    PlacePayer,
    PlaceRemoteJurisdiction,
    PracticePlace,
    Practitioner,
    PractitionerDecline,
    PractitionerLanguage,
    PractitionerProtocol,
    PractitionerTechnique,
    ProfileAttestation,
    ReminderSent,
    WorkingWay,
)
from directory.privacy.models import Departure, LegalHold
from directory.privacy.queries import addresses_of
from directory.registries.exclusions.models import ExclusionHit

SCHEMA: Final = "stillpoint-export/1"


@dataclass(frozen=True, slots=True)
class Section:
    """One list of the document: rows of a table whose ``of`` is somebody's."""

    name: str
    model: type[Base]
    of: InstrumentedAttribute[Any]
    whose: str = "practitioner"
    """"practitioner", "account", or "place", "credential", "decision" and "consultation" for what hangs on those."""
    hidden: frozenset[str] = frozenset()
    """Columns that are left out."""
    only: ColumnElement[bool] | None = None
    """Which of those rows are told, where the others are somebody else's."""


ACCOUNT_SECRETS: Final = frozenset(
    {"email_key", "password", "fs_uniquifier", "fs_webauthn_user_handle", "tf_totp_secret", "totp_last_counter"}
)

SECTIONS: Final = (
    Section("account", Account, Account.id, "account", ACCOUNT_SECRETS),
    Section("roles", AccountRole, AccountRole.account_id, "account"),
    Section("sessions", AccountSession, AccountSession.account_id, "account", frozenset({"sid_hash"})),
    Section("passkeys", Passkey, Passkey.account_id, "account", frozenset({"credential_id", "public_key"})),
    Section("recovery_codes", RecoveryCode, RecoveryCode.account_id, "account", frozenset({"code_hash"})),
    Section("links_in_letters", AccountLink, AccountLink.account_id, "account", frozenset({"token_hash", "email_key"})),
    Section("known_browsers", AccountDevice, AccountDevice.account_id, "account", frozenset({"token_hash"})),
    Section("account_log", AccountEvent, AccountEvent.account_id, "account"),
    Section("person", Practitioner, Practitioner.id),
    Section("languages", PractitionerLanguage, PractitionerLanguage.practitioner_id),
    Section("techniques", PractitionerTechnique, PractitionerTechnique.practitioner_id),
    Section("ways_of_working", WorkingWay, WorkingWay.practitioner_id),
    Section("declines", PractitionerDecline, PractitionerDecline.practitioner_id),
    Section("protocols", PractitionerProtocol, PractitionerProtocol.practitioner_id),
    Section("attestations", ProfileAttestation, ProfileAttestation.practitioner_id),
    Section("reminders", ReminderSent, ReminderSent.practitioner_id),
    Section("places", PracticePlace, PracticePlace.practitioner_id),
    Section("hours", PlaceHours, PlaceHours.place_id, "place"),
    Section("payers", PlacePayer, PlacePayer.place_id, "place"),
    Section("calls_to_the_number", ContactTest, ContactTest.place_id, "place", hidden=frozenset({"done_by"})),
    Section("remote_jurisdictions", PlaceRemoteJurisdiction, PlaceRemoteJurisdiction.place_id, "place"),
    Section("papers", Credential, Credential.practitioner_id),
    Section("paper_conditions", CredentialCondition, CredentialCondition.credential_id, "credential"),
    Section("insurance", Indemnity, Indemnity.practitioner_id),
    Section("evidence", Evidence, Evidence.practitioner_id, hidden=frozenset({"file", "token_hash"})),
    Section("steps_to_prove_you", ControlProof, ControlProof.practitioner_id, hidden=frozenset({"done_by"})),
    Section(
        "letters_with_a_code",
        ControlLetter,
        ControlLetter.practitioner_id,
        hidden=frozenset({"code_hash", "made_by"}),
    ),
    Section(
        "questions_to_certifiers",
        ControlQuestion,
        ControlQuestion.practitioner_id,
        hidden=frozenset({"token_hash", "asked_by"}),
    ),
    Section("photos", ProfilePhoto, ProfilePhoto.practitioner_id, hidden=frozenset({"large_file", "small_file"})),
    Section("rls_experience", RlsExperience, RlsExperience.practitioner_id),
    Section("pregnancy_declarations", PregnancyDeclaration, PregnancyDeclaration.practitioner_id),
    Section("registration", Registration, Registration.practitioner_id),
    Section("registration_steps", RegistrationStep, RegistrationStep.practitioner_id),
    Section("taken_from_registers", PrefilledField, PrefilledField.practitioner_id),
    Section("proposed_changes", ProposedEdit, ProposedEdit.practitioner_id),
    Section("evidence", Evidence, Evidence.practitioner_id, hidden=frozenset({"file", "token_hash", "stored_sha256"})),
    Section("photos", ProfilePhoto, ProfilePhoto.practitioner_id, hidden=frozenset({"large_file", "small_file"})),
    Section("desk_views", DeskView, DeskView.account_id, "account"),
    Section("unsent_forms", KeptInput, KeptInput.account_id, "account"),
    Section("closing", PractitionerClosing, PractitionerClosing.practitioner_id, hidden=frozenset({"noted_by"})),
    Section("merged", PractitionerMergeNote, PractitionerMergeNote.practitioner_id),
    Section("decisions", Decision, Decision.practitioner_id, hidden=frozenset({"decided_by"})),
    Section(
        "words_of_decisions",
        DecisionNote,
        DecisionNote.decision_id,
        "decision",
        hidden=frozenset({"text_sealed", "proposed_sealed"}),
    ),
    Section("questions", Question, Question.practitioner_id),
    Section("appeals", Appeal, Appeal.practitioner_id),
    Section("exclusion_list", ExclusionHit, ExclusionHit.practitioner_id),
    Section("requests_taken", ConsultationSetting, ConsultationSetting.practitioner_id),
    Section("requests", Consultation, Consultation.practitioner_id, hidden=frozenset({"uid"})),
    Section("times_given_away", BookedQuarter, BookedQuarter.practitioner_id),
    Section(
        "times_proposed",
        ProposedTime,
        ProposedTime.consultation_id,
        "consultation",
        only=ProposedTime.side == Side.PRACTITIONER,
    ),
    Section(
        "words_to_patients",
        ConsultationMessage,
        ConsultationMessage.consultation_id,
        "consultation",
        only=ConsultationMessage.side == Side.PRACTITIONER,
    ),
    Section(
        "words_about_the_service",
        ServiceStory,
        ServiceStory.practitioner_id,
        hidden=frozenset({"outcome_id", "token_hash"}),
        only=ServiceStory.stand == Stand.PUBLISHED,
    ),
    Section("departure", Departure, Departure.practitioner_id),
    Section("legal_hold", LegalHold, LegalHold.practitioner_id, hidden=frozenset({"reason_sealed"})),
)

TOLD_OTHERWISE: Final[Mapping[str, str]] = {
    "shared_summary": "what a patient handed over is theirs: they see and erase it over the link in their letters",
    "duplicate_pair": "a question about two profiles, one of which may be somebody else's",
    "contact_outcome": "whether somebody reached them is the word of patients, shown to nobody as one person's",
    "complaint": "what others reported is theirs; what was decided on it is told under decisions",
    "eligibility_state": "whether a place was listed at the last look; the page of one’s own says how it is now",
    "search_appearance": "told by week under figures, because small numbers may speak of somebody else",
}
"""Tables with something of a person that no section copies row by row, and why."""


def document(session: Session, practitioner_id: int, *, now: datetime) -> dict[str, Any]:
    """The whole of it, ready for ``json.dumps``."""
    person = session.get_one(Practitioner, practitioner_id)
    whose: dict[str, Any] = {
        "practitioner": [practitioner_id],
        "account": [] if person.account_id is None else [person.account_id],
        "place": select(PracticePlace.id).where(PracticePlace.practitioner_id == practitioner_id),
        "credential": select(Credential.id).where(Credential.practitioner_id == practitioner_id),
        "decision": select(Decision.id).where(Decision.practitioner_id == practitioner_id),
        "consultation": select(Consultation.id).where(Consultation.practitioner_id == practitioner_id),
    }
    told: dict[str, Any] = {"schema": SCHEMA, "made_at": _plain(now)}
    for section in SECTIONS:
        told[section.name] = _rows(session, section, section.of.in_(whose[section.whose]))
    told["cases"] = _cases(session, practitioner_id)
    told["letters"] = _letters(session, person)
    told["looks"] = _looks(session, practitioner_id)
    told["unreachable_addresses"] = _unreachable(session, person)
    told["saved_searches"] = _saved_searches(session, person)
    told["log"] = _log(session, practitioner_id, person.account_id)
    weeks = figures.weeks(session, practitioner_id, today=now.date(), count=KEEP_DAYS // 7 + 1)
    told["figures"] = [{name: _plain(value) for name, value in asdict(week).items()} for week in weeks]
    return told


def _rows(session: Session, section: Section, mine: ColumnElement[bool]) -> list[dict[str, Any]]:
    mapper = inspect(section.model)
    names = [each.key for each in mapper.column_attrs if each.key not in section.hidden]
    key = [mapper.get_property_by_column(column).class_attribute for column in mapper.primary_key]
    deferred = [undefer(each.class_attribute) for each in mapper.column_attrs if each.deferred and each.key in names]
    told = mine if section.only is None else mine & section.only
    statement = select(section.model).where(told).order_by(*key).options(*deferred)
    return [{name: _plain(getattr(row, name)) for name in names} for row in session.scalars(statement)]


def _cases(session: Session, practitioner_id: int) -> list[dict[str, Any]]:
    """What waits, or waited, about this person: what it was, and when. Who wrote in a case may be somebody else."""
    rows = session.execute(
        select(Case.kind, Case.subject, Case.state, Case.opened_at, Case.due, Case.closed_at)
        .where(is_about(practitioner_id))
        .order_by(Case.id)
    )
    return [{name: _plain(value) for name, value in row.items()} for row in rows.mappings()]


def _letters(session: Session, person: Practitioner) -> list[dict[str, Any]]:
    """The letters to this person whose address is not erased yet: what for, and when. Addresses are sealed, so each has
    to be opened to be compared."""
    mine = addresses_of(session, person)
    rows = session.execute(
        select(
            OutgoingLetter.recipient_sealed,
            OutgoingLetter.purpose,
            OutgoingLetter.state,
            OutgoingLetter.created_at,
            OutgoingLetter.finished_at,
        )
        .where(OutgoingLetter.recipient_sealed.is_not(None))
        .order_by(OutgoingLetter.id),
        execution_options={"yield_per": 500},
    )
    return [
        {"purpose": purpose, "state": _plain(state), "written_at": _plain(made), "finished_at": _plain(finished)}
        for to, purpose, state, made, finished in rows
        if to is not None and email_key(to) in mine
    ]


def _looks(session: Session, practitioner_id: int) -> list[dict[str, Any]]:
    """Who of the desk looked at what was sent in: as what they work here now, and not who they are."""
    looks = access_log.about(session, practitioner_id)
    roles: dict[int, list[str]] = {}
    theirs = select(AccountRole).where(AccountRole.account_id.in_({each.actor for each in looks}))
    for each in session.scalars(theirs.order_by(AccountRole.role)):
        if each.role in PRIVILEGED:
            roles.setdefault(each.account_id, []).append(each.role.value)
    return [
        {"at": _plain(each.at), "what": each.what, "subject": each.subject, "roles": roles.get(each.actor, [])}
        for each in looks
    ]


def _unreachable(session: Session, person: Practitioner) -> list[dict[str, Any]]:
    """Addresses of theirs to which nothing is sent, because letters came back."""
    account = None if person.account_id is None else session.get(Account, person.account_id)
    addresses = {each for each in (account.email if account else None, person.email) if each}
    found = ((each, suppression.of(session, each)) for each in sorted(addresses))
    return [
        {"address": address, "since": _plain(row.suppressed_at), "why": _plain(row.why)}
        for address, row in found
        if row is not None
    ]


def _saved_searches(session: Session, person: Practitioner) -> list[dict[str, Any]]:
    """Searches saved for an address of theirs, as the page behind each letter shows them."""
    mine = addresses_of(session, person)
    return [
        {
            "saved_at": _plain(row.saved_at),
            "confirmed_at": _plain(row.confirmed_at),
            "search": row.search_sealed,
            "about_you": row.facts_sealed,
        }
        for row in alerts.everything(session)
        if email_key(row.email_sealed) in mine
    ]


def _log(session: Session, practitioner_id: int, account_id: int | None) -> list[dict[str, Any]]:
    """What was done to the profile and the account, and when; not by whom, save what they did themselves."""
    subjects = [f"practitioner:{practitioner_id}"] + ([] if account_id is None else [f"account:{account_id}"])
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.action, AuditEntry.subject, AuditEntry.actor)
        .where(AuditEntry.subject.in_(subjects))
        .order_by(AuditEntry.id)
    )
    return [
        {"at": _plain(at), "action": action, "subject": subject, "by_you": actor is not None and actor == account_id}
        for at, action, subject, actor in rows
    ]


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case frozenset() | set() | tuple() | list():
            return [_plain(each) for each in value]
    return value
