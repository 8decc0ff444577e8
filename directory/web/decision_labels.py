"""Decisions in words, for the people who take them and those who read them later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from directory.cases.terms import Kind
from directory.credentials.decisions.letters import REASONS
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.terms import CredentialStatus, Verification
from directory.practitioners.terms import AccountStatus
from directory.web.locale import gettext
from directory.web.locale import lazy_gettext as _l

OUTCOMES: Final[Mapping[Outcome, Any]] = {
    Outcome.VERIFIED: _l("Confirmed: it was read, and agrees"),
    Outcome.NOT_CHECKED: _l("Not checked: the source was away"),
    Outcome.MORE_INFORMATION: _l("Ask the practitioner"),
    Outcome.REJECTED: _l("Not confirmed"),
    Outcome.SUSPENDED: _l("Suspended"),
    Outcome.REVOKED: _l("Revoked"),
    Outcome.RESTORED: _l("Restored"),
    Outcome.HELD: _l("Hidden while it is looked into"),
    Outcome.RELEASED: _l("No longer hidden"),
    Outcome.NO_ACTION: _l("Looked at, nothing has to change"),
}
_OF_KIND: Final[Mapping[tuple[Kind, Outcome], Any]] = {
    (Kind.PHOTO, Outcome.VERIFIED): _l("The photo may be shown"),
    (Kind.PHOTO, Outcome.REJECTED): _l("The photo is not shown"),
    (Kind.SENSITIVE_EDIT, Outcome.VERIFIED): _l("The change is made"),
    (Kind.SENSITIVE_EDIT, Outcome.REJECTED): _l("Everything stays as it is"),
    (Kind.PLAUSIBILITY, Outcome.NO_ACTION): _l("The number is believable"),
    (Kind.PLAUSIBILITY, Outcome.REJECTED): _l("The number does not count"),
    (Kind.CONTROL, Outcome.VERIFIED): _l("Proved: whoever has the account is the person on the papers"),
    (Kind.CONTROL, Outcome.NOT_CHECKED): _l("Nobody could be reached"),
    (Kind.PROFILE_CLAIM, Outcome.VERIFIED): _l("It is theirs"),
    (Kind.PROFILE_CLAIM, Outcome.REJECTED): _l("It is not shown to be theirs"),
    (Kind.EXCLUSION, Outcome.NO_ACTION): _l("It is somebody else, or nothing has to change"),
    (Kind.REGISTER_NEWS, Outcome.NO_ACTION): _l("It is somebody else, or nothing has to change"),
    (Kind.REGISTER_NEWS, Outcome.VERIFIED): _l("Recorded as the register says it, and in force"),
    (Kind.REGISTER_NEWS, Outcome.REJECTED): _l("Recorded as the register says it, and not in force"),
}
METHODS: Final[Mapping[Method, Any]] = {
    Method.PRIMARY_SOURCE: _l("On the register’s own page"),
    Method.ROSTER_FILE: _l("In a file that the register published"),
    Method.TELEPHONE: _l("By telephone, with whoever keeps the register"),
    Method.DOCUMENT_ONLY: _l("From a document alone"),
    Method.REGISTER_TELEPHONE: _l("By the telephone number that a register prints"),
    Method.LETTER_CODE: _l("By a code sent on paper to the address that a register prints"),
    Method.CERTIFIER_MAILBOX: _l("By way of whoever certifies them"),
    Method.IDENTITY_CHECK: _l("By looking at an identity paper, as we have written down"),
}
STATUSES: Final[Mapping[CredentialStatus, Any]] = {
    CredentialStatus.ACTIVE: _l("In force"),
    CredentialStatus.ACTIVE_WITH_CONDITIONS: _l("In force, with conditions"),
    CredentialStatus.PROBATION: _l("In force, on probation"),
    CredentialStatus.TEMPORARY: _l("Temporary"),
    CredentialStatus.EXPIRED_GRACE: _l("Past its date, in a late period"),
    CredentialStatus.PENDING: _l("Applied for"),
    CredentialStatus.INACTIVE: _l("Inactive"),
    CredentialStatus.EXEMPT: _l("Exempt"),
    CredentialStatus.REGISTERED_NOT_PRACTISING: _l("Registered, not practising"),
    CredentialStatus.DELINQUENT: _l("Delinquent"),
    CredentialStatus.EXPIRED: _l("Expired"),
    CredentialStatus.LAPSED: _l("Lapsed"),
    CredentialStatus.RETIRED: _l("Retired"),
    CredentialStatus.CANCELLED: _l("Cancelled"),
    CredentialStatus.CLOSED: _l("Closed"),
    CredentialStatus.DECEASED: _l("Deceased"),
    CredentialStatus.SUSPENDED: _l("Suspended"),
    CredentialStatus.INTERIM_SUSPENDED: _l("Suspended for the time being"),
    CredentialStatus.REVOKED: _l("Revoked"),
    CredentialStatus.SURRENDERED: _l("Surrendered"),
    CredentialStatus.DENIED: _l("Denied"),
    CredentialStatus.UNKNOWN: _l("Could not be read"),
}
LEVELS: Final[Mapping[Verification, Any]] = {
    Verification.SELF_ATTESTED: _l("Their own word only"),
    Verification.DOCUMENT_CHECKED: _l("A document shows it"),
    Verification.INDEPENDENTLY_CONFIRMED: _l("Somebody else confirmed it to us"),
}
ITEMS: Final[Mapping[str, Any]] = {
    "patients": _l("People with RLS in 24 months"),
    "years": _l("Years with RLS"),
    "training": _l("Training about RLS or sleep"),
    "outcomes": _l("How results are followed"),
    "liaison": _l("Writing to doctors"),
    "publications": _l("Publications and teaching"),
    "supervisor": _l("Supervisor"),
}

KINDS: Final[Mapping[Kind, Any]] = {
    Kind.PROFILE_CLAIM: _l("Whose profile it is"),
    Kind.CONTROL: _l("Whether the account’s holder is the person on the papers"),
    Kind.LICENCE: _l("A licence, registration or membership"),
    Kind.CERTIFICATION: _l("A national certification"),
    Kind.EDUCATION: _l("Education or clean needle technique"),
    Kind.INDEMNITY: _l("Indemnity insurance"),
    Kind.TRAINING: _l("A training"),
    Kind.RLS_CASELOAD: _l("What is declared about RLS"),
    Kind.PREGNANCY_DECLARATION: _l("The training behind a pregnancy declaration"),
    Kind.PHOTO: _l("A photo"),
    Kind.SENSITIVE_EDIT: _l("A change of a profile"),
    Kind.PLAUSIBILITY: _l("A number that is hard to believe"),
    Kind.COMPLAINT: _l("A report about an entry"),
    Kind.HARM: _l("Somebody was harmed or felt unsafe"),
    Kind.HOLD_REVIEW: _l("A hold to be looked at by a second person"),
    Kind.APPEAL: _l("Somebody does not agree with a decision"),
    Kind.REGISTER_NEWS: _l("A register says something new"),
    Kind.EXCLUSION: _l("An exclusion list names somebody"),
    Kind.DISPUTE: _l("Two people say they are the same one"),
    Kind.DUPLICATE: _l("Two profiles may be of one person"),
    Kind.CLOSING: _l("Somebody has retired, died or closed"),
    Kind.SECOND_LOOK: _l("A decision to be looked at again"),
}

ACCOUNT_STATUSES: Final[Mapping[AccountStatus, Any]] = {
    AccountStatus.DRAFT: _l("never published"),
    AccountStatus.PUBLISHED: _l("published"),
    AccountStatus.PAUSED: _l("hidden by its owner"),
    AccountStatus.SUSPENDED: _l("taken off the list by us"),
    AccountStatus.CLOSED: _l("closed, practises no longer"),
}


def outcome(kind: Kind, what: Outcome) -> str:
    """What was decided about a case of this kind."""
    return str(_OF_KIND.get((kind, what), OUTCOMES[what]))


def reason(code: ReasonCode) -> str:
    """Why."""
    return str(gettext(REASONS[code]))


def kind(what: Kind) -> str:
    """What a case is about."""
    return str(KINDS[what])
