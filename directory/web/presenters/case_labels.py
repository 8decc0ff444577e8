"""Cases and decisions in words: kinds, why they matter, risks, piles, and what was decided, how and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from directory.cases.terms import Kind, Risk
from directory.credentials.decisions.letters import REASONS
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.terms import CredentialStatus, Verification
from directory.desk.criteria import Pile
from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.practitioners.terms import AccountStatus

Words = Mapping[Any, Any]
"""From a code to a lazily translated word."""

KINDS: Final[Words] = {
    Kind.HARM: _l("Harmed or felt unsafe"),
    Kind.HOLD_REVIEW: _l("Review of a hold"),
    Kind.APPEAL: _l("Appeal"),
    Kind.DISPUTE: _l("Two people say it is them"),
    Kind.COMPLAINT: _l("Complaint"),
    Kind.EXCLUSION: _l("Exclusion list"),
    Kind.REGISTER_NEWS: _l("News from a register"),
    Kind.PROFILE_CLAIM: _l("Profile claim"),
    Kind.CONTROL: _l("Who is at the keyboard"),
    Kind.LICENCE: _l("Licence"),
    Kind.CERTIFICATION: _l("Certification"),
    Kind.EDUCATION: _l("Education, clean needle technique"),
    Kind.INDEMNITY: _l("Insurance"),
    Kind.TRAINING: _l("Training"),
    Kind.RLS_CASELOAD: _l("RLS caseload"),
    Kind.PREGNANCY_DECLARATION: _l("Pregnancy declaration"),
    Kind.SENSITIVE_EDIT: _l("Change of a profile"),
    Kind.PHOTO: _l("Photo"),
    Kind.PLAUSIBILITY: _l("Hard to believe"),
    Kind.FEEDBACK: _l("Words about a service"),
    Kind.DUPLICATE: _l("Perhaps the same person"),
    Kind.CLOSING: _l("Retired, died or closed"),
    Kind.SECOND_LOOK: _l("Second look"),
}
"""In the order in which they are listed."""

WHY: Final[Words] = {
    Kind.HARM: _l("somebody may be hurt"),
    Kind.HOLD_REVIEW: _l("somebody is hidden until it is looked at"),
    Kind.APPEAL: _l("somebody says that we were wrong"),
    Kind.DISPUTE: _l("one of the two is not who they say"),
    Kind.COMPLAINT: _l("patients may be misled"),
    Kind.EXCLUSION: _l("somebody listed may be excluded"),
    Kind.REGISTER_NEWS: _l("somebody listed may have lost a licence"),
    Kind.PROFILE_CLAIM: _l("somebody else may take a profile over"),
    Kind.CONTROL: _l("a licence does not show who sits at the keyboard"),
    Kind.LICENCE: _l("nobody is listed before it was checked"),
    Kind.CERTIFICATION: _l("nobody is listed before it was checked"),
    Kind.EDUCATION: _l("it is shown as not checked meanwhile"),
    Kind.INDEMNITY: _l("nobody is listed before it was checked"),
    Kind.TRAINING: _l("it is shown as not checked meanwhile"),
    Kind.RLS_CASELOAD: _l("it counts for little meanwhile"),
    Kind.PREGNANCY_DECLARATION: _l("nobody pregnant is sent there meanwhile"),
    Kind.SENSITIVE_EDIT: _l("patients see what was there before"),
    Kind.PHOTO: _l("it is not shown meanwhile"),
    Kind.PLAUSIBILITY: _l("it may still be right"),
    Kind.FEEDBACK: _l("it is not shown meanwhile"),
    Kind.DUPLICATE: _l("both are shown meanwhile"),
    Kind.CLOSING: _l("patients may go to a closed door"),
    Kind.SECOND_LOOK: _l("the decision holds meanwhile"),
}
"""Why a case of this kind has the risk that it has, or what holds while it waits."""

RISKS: Final[Words] = {
    Risk.URGENT: _l("Urgent"),
    Risk.HIGH: _l("High"),
    Risk.USUAL: _l("Usual"),
    Risk.LOW: _l("Low"),
}
PILES: Final[Words] = {
    Pile.OPEN: _l("To do"),
    Pile.OVERDUE: _l("Overdue"),
    Pile.WAITING: _l("Waiting for an answer"),
    Pile.MINE: _l("Taken by me"),
    Pile.ASSIGNED: _l("Given to me"),
    Pile.SECOND: _l("For a second person"),
    Pile.DECIDED: _l("Decided lately"),
}
OUTCOMES: Final[Mapping[Outcome, Any]] = {
    Outcome.VERIFIED: _l("Confirmed: it was read, and agrees"),
    Outcome.NOT_CHECKED: _l("Not checked: the source was away"),
    Outcome.MORE_INFORMATION: _l("A question to the practitioner"),
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
    (Kind.FEEDBACK, Outcome.VERIFIED): _l("It may be shown"),
    (Kind.FEEDBACK, Outcome.REJECTED): _l("It is not shown"),
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
