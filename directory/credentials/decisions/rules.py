"""What may be decided about a claim, on what, and who must agree. Pure.

The desk's forms begin empty: what the register says is typed as it was read, and compared here with what was claimed.
A sentence for each field that cannot stand comes back by the field's name, so that a form can show them all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from typing import Any, Final

from directory.cases.terms import Kind
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.evidence.rules import subject as evidence_subject
from directory.credentials.evidence.terms import Way
from directory.credentials.terms import (
    ORDERED_TO_STOP,
    PERMITS_IN_LATE_PERIOD,
    PERMITS_PRACTICE,
    CredentialStatus,
    Verification,
)
from directory.geo.names import fold
from directory.guide.words import N_

SECOND_LOOK_SHARE: Final = 0.05
"""The share of decisions that come back by chance."""
HASTY_SECONDS: Final = 20
"""A decision sent sooner than this after its page was opened comes back in any case."""
MOST_QUESTIONS: Final = 5
LONGEST_QUESTION: Final = 1_000
LONGEST_WORDS: Final = 280
"""What stands in a letter. More belongs on a page."""
LONGEST_NOTE: Final = 2_000
OLDEST_READING: Final = timedelta(days=62)
"""A source read longer ago than this says nothing of today."""
MONTHLY: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=1)
"""East of Greenwich it is tomorrow already."""

_PAPER: Final = (
    Outcome.VERIFIED,
    Outcome.NOT_CHECKED,
    Outcome.MORE_INFORMATION,
    Outcome.REJECTED,
    Outcome.SUSPENDED,
    Outcome.REVOKED,
    Outcome.RESTORED,
)
_CLAIM: Final = (Outcome.VERIFIED, Outcome.NOT_CHECKED, Outcome.MORE_INFORMATION, Outcome.REJECTED)
_LOOKED_AT: Final = (Outcome.VERIFIED, Outcome.MORE_INFORMATION, Outcome.REJECTED)
_PERSON: Final = (Outcome.HELD, Outcome.RELEASED, Outcome.SUSPENDED, Outcome.REVOKED, Outcome.RESTORED)
_REPORT: Final = (Outcome.NO_ACTION, Outcome.MORE_INFORMATION, *_PERSON)
_NEWS_OF_A_PAPER: Final = (
    Outcome.NO_ACTION,
    Outcome.VERIFIED,
    Outcome.MORE_INFORMATION,
    Outcome.REJECTED,
    Outcome.SUSPENDED,
    Outcome.REVOKED,
    Outcome.RESTORED,
    Outcome.HELD,
)

OUTCOMES: Final[Mapping[Kind, tuple[Outcome, ...]]] = {
    Kind.LICENCE: _PAPER,
    Kind.CERTIFICATION: _PAPER,
    Kind.EDUCATION: _CLAIM,
    Kind.TRAINING: _CLAIM,
    Kind.INDEMNITY: _CLAIM,
    Kind.RLS_CASELOAD: _LOOKED_AT,
    Kind.PREGNANCY_DECLARATION: _LOOKED_AT,
    Kind.PHOTO: (Outcome.VERIFIED, Outcome.REJECTED),
    Kind.SENSITIVE_EDIT: _LOOKED_AT,
    Kind.PLAUSIBILITY: (Outcome.NO_ACTION, Outcome.MORE_INFORMATION, Outcome.REJECTED),
    Kind.PROFILE_CLAIM: _LOOKED_AT,
    Kind.CONTROL: _CLAIM,
    Kind.FEEDBACK: (Outcome.VERIFIED, Outcome.REJECTED),
    Kind.SECOND_LOOK: (Outcome.NO_ACTION,),
    Kind.COMPLAINT: _REPORT,
    Kind.HARM: _REPORT,
    Kind.HOLD_REVIEW: (Outcome.HELD, Outcome.RELEASED, Outcome.SUSPENDED, Outcome.REVOKED),
    Kind.APPEAL: (*_REPORT, Outcome.REJECTED),
    Kind.REGISTER_NEWS: _REPORT,
    Kind.EXCLUSION: _REPORT,
    Kind.DISPUTE: _REPORT,
    Kind.DUPLICATE: (Outcome.VERIFIED, Outcome.NO_ACTION, Outcome.MORE_INFORMATION),
    Kind.CLOSING: (Outcome.VERIFIED, Outcome.NO_ACTION, Outcome.MORE_INFORMATION, Outcome.HELD),
}
"""What may come of a case of each kind, what is chosen most often first."""

ON_A_PERSON: Final = _PERSON
"""What may be decided of a person where no case asked for it."""

_AT_SOURCE: Final = (Method.PRIMARY_SOURCE, Method.ROSTER_FILE, Method.TELEPHONE)
METHODS: Final[Mapping[Kind, tuple[Method, ...]]] = {
    Kind.LICENCE: (*_AT_SOURCE, Method.DOCUMENT_ONLY),
    Kind.CERTIFICATION: (*_AT_SOURCE, Method.DOCUMENT_ONLY),
    Kind.EDUCATION: (Method.DOCUMENT_ONLY, *_AT_SOURCE),
    Kind.TRAINING: (Method.DOCUMENT_ONLY, *_AT_SOURCE),
    Kind.INDEMNITY: (Method.DOCUMENT_ONLY, Method.PRIMARY_SOURCE, Method.TELEPHONE),
    Kind.RLS_CASELOAD: (Method.DOCUMENT_ONLY, Method.TELEPHONE, Method.PRIMARY_SOURCE),
    Kind.PREGNANCY_DECLARATION: (Method.DOCUMENT_ONLY, *_AT_SOURCE),
    Kind.REGISTER_NEWS: (Method.ROSTER_FILE, Method.PRIMARY_SOURCE, Method.TELEPHONE),
    Kind.CONTROL: (
        Method.REGISTER_TELEPHONE,
        Method.LETTER_CODE,
        Method.CERTIFIER_MAILBOX,
        Method.IDENTITY_CHECK,
    ),
    Kind.PROFILE_CLAIM: (
        Method.REGISTER_TELEPHONE,
        Method.LETTER_CODE,
        Method.CERTIFIER_MAILBOX,
        Method.IDENTITY_CHECK,
    ),
}
"""How a claim of each kind may be checked; a kind that is not here is looked at and nothing more."""

_NAMES_ITS_SOURCE: Final = frozenset({*_AT_SOURCE, Method.REGISTER_TELEPHONE, Method.CERTIFIER_MAILBOX})

GATES: Final = frozenset({Kind.LICENCE, Kind.CERTIFICATION})
"""Kinds whose papers open a listing. A document alone never does."""

STAYS_OPEN: Final = frozenset({Outcome.MORE_INFORMATION, Outcome.NOT_CHECKED})
"""Outcomes after which somebody still has to decide."""

HAS_REASON: Final = frozenset({Outcome.REJECTED, Outcome.SUSPENDED, Outcome.REVOKED})
TELLS_WORDS: Final = frozenset({*HAS_REASON, Outcome.HELD})
"""What is never sent to anybody without words of a person."""
TAKES_AWAY: Final = frozenset({Outcome.SUSPENDED, Outcome.REVOKED, Outcome.RESTORED})
"""What takes somebody off the list or puts them back: asked of a person who has just proved who they are."""
OPENS: Final = frozenset({Outcome.VERIFIED, Outcome.RESTORED, Outcome.RELEASED})
"""What may let somebody be seen who was not."""

_CLASSES: Final = (
    frozenset({CredentialStatus.INACTIVE, CredentialStatus.EXEMPT, CredentialStatus.REGISTERED_NOT_PRACTISING}),
    frozenset(
        {
            CredentialStatus.EXPIRED,
            CredentialStatus.EXPIRED_GRACE,
            CredentialStatus.LAPSED,
            CredentialStatus.DELINQUENT,
        }
    ),
    ORDERED_TO_STOP,
)
"""Words of registers for which a practitioner has one word."""

ITEM_LEVELS: Final[Mapping[str, tuple[Verification, ...]]] = {
    item: (
        Verification.SELF_ATTESTED,
        *((Verification.DOCUMENT_CHECKED,) if Way.FILE in evidence_subject(f"rls:{item}").ways else ()),
        Verification.INDEPENDENTLY_CONFIRMED,
    )
    for item in ("patients", "years", "training", "outcomes", "liaison", "publications")
} | {"supervisor": (Verification.SELF_ATTESTED, Verification.INDEPENDENTLY_CONFIRMED)}
"""How far each item of the RLS declaration may be found checked. No document shows how many patients there were."""

CHECKED: Final = frozenset({Verification.DOCUMENT_CHECKED, Verification.INDEPENDENTLY_CONFIRMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read at the source. Nothing of it is ever filled in for whoever reads."""

    status: CredentialStatus | None = None
    raw_status: str | None = None
    """The register's own word."""
    expires: date | None = None
    no_expiry: bool = False
    """It was read that no last day is printed."""
    late_until: date | None = None
    """The last day on which the register itself says that practice may go on after expiry."""
    name: str | None = None
    conditions: str | None = None
    """In the register's own words."""
    covers_pregnancy: bool | None = None
    covers_acupuncture: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What somebody decides about a case."""

    outcome: Outcome
    method: Method | None = None
    read_on: date | None = None
    reading: Reading = field(default_factory=Reading)
    identity_match: bool | None = None
    """Whether whoever is named there is this person; ``None`` where nobody said."""
    name_reason: str = ""
    """Why another name is the same person's, such as a maiden name with its evidence."""
    as_read: bool = False
    """Put on record what was read, where it differs from what was claimed."""
    source: str | None = None
    snapshot_hash: str | None = None
    reason_code: ReasonCode | None = None
    words: str = ""
    """What the practitioner is told."""
    note: str = ""
    """Why, for those who look at it later."""
    questions: tuple[str, ...] = ()
    items: Mapping[str, Verification] = field(default_factory=dict)
    """Of the RLS declaration: how far each item was found checked."""
    training: Verification | None = None
    """Of the pregnancy declaration."""
    second_registration_counts: bool = False
    """A current registration as a midwife or in obstetrics counts as the maternity training."""
    agrees: bool | None = None
    """Of a second person or a second look."""
    took_seconds: int | None = None
    draw: float = 1.0
    """A number from 0 to 1 that chance drew for this decision."""

    def to_plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_plain(cls, told: Mapping[str, Any]) -> Verdict:
        """Out of JSON again."""
        known = {each.name: told[each.name] for each in fields(cls) if each.name in told}
        reading = dict(told["reading"])
        for name in ("expires", "late_until"):
            reading[name] = _day(reading[name])
        reading["status"] = _enum(CredentialStatus, reading["status"])
        return cls(
            **known
            | {
                "outcome": Outcome(told["outcome"]),
                "method": _enum(Method, told["method"]),
                "read_on": _day(told["read_on"]),
                "reading": Reading(**reading),
                "reason_code": _enum(ReasonCode, told["reason_code"]),
                "questions": tuple(told["questions"]),
                "items": {item: Verification(level) for item, level in told["items"].items()},
                "training": _enum(Verification, told["training"]),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is claimed, as far as a decision is compared with it."""

    kind: Kind
    name: str | None = None
    """The name on the profile; ``None`` where no name is compared."""
    name_on_record: str | None = None
    """The name under which a register knows them, as they say."""
    status: CredentialStatus | None = None
    """``None`` where no status is read, as of a diploma."""
    dated: bool = False
    """Whether a last day is read."""
    expires: date | None = None
    read_at_source: bool = False
    """Whether it was read at its source before."""
    has_conditions: bool = False
    covers_pregnancy: bool | None = None
    """``None`` where no cover is read."""
    items: frozenset[str] = frozenset()
    """Items that are claimed and can be found checked."""
    trained: bool = False
    """Whether maternity training is claimed."""
    second_registration: bool = False
    """Whether a second registration is named."""


# --- what cannot stand -----------------------------------------------------------------------------------------------


def outcomes(claim: Claim) -> tuple[Outcome, ...]:
    """What may come of a case about this claim. News of a paper is decided of the paper, other news of the person."""
    return _NEWS_OF_A_PAPER if _is_news_of_a_paper(claim) else OUTCOMES[claim.kind]


def methods(claim: Claim) -> tuple[Method, ...]:
    """How this claim may be checked; none where there is nothing to read."""
    if claim.kind is Kind.REGISTER_NEWS and not _is_news_of_a_paper(claim):
        return ()
    return METHODS.get(claim.kind, ())


def _is_news_of_a_paper(claim: Claim) -> bool:
    return claim.kind is Kind.REGISTER_NEWS and claim.status is not None


def complaints(claim: Claim, verdict: Verdict, *, today: date) -> dict[str, str]:
    """Why this verdict cannot stand, by the field where it can be mended; empty when it can."""
    if verdict.outcome not in outcomes(claim):
        return {"outcome": N_("That cannot come of a case of this kind.")}
    found: dict[str, str] = {}
    found |= _reasons(verdict)
    found |= _questions(verdict)
    if claim.kind is Kind.SECOND_LOOK:
        found |= _second_look(verdict)
    if verdict.outcome is Outcome.NOT_CHECKED or _is_read(claim, verdict):
        found |= _how(claim, verdict, today)
    if verdict.outcome in (Outcome.VERIFIED, Outcome.RESTORED) and claim.kind is not Kind.SECOND_LOOK:
        found |= _verified(claim, verdict)
    return found


def complaints_on_person(verdict: Verdict) -> dict[str, str]:
    """Why this cannot be decided of a whole profile, by field."""
    if verdict.outcome not in ON_A_PERSON:
        return {"outcome": N_("Please choose what is decided.")}
    return _reasons(verdict)


def _is_read(claim: Claim, verdict: Verdict) -> bool:
    """Whether the outcome rests on something that was read or heard."""
    if not methods(claim):
        return False
    return verdict.outcome in (Outcome.VERIFIED, Outcome.RESTORED) or verdict.reading != Reading()


def _reasons(verdict: Verdict) -> dict[str, str]:
    found = {}
    if verdict.outcome in HAS_REASON and verdict.reason_code is None:
        found["reason_code"] = N_("Please choose the reason.")
    if verdict.outcome in TELLS_WORDS and not verdict.words.strip():
        found["words"] = N_("Please write what the practitioner is told.")
    if len(verdict.words) > LONGEST_WORDS:
        found["words"] = N_("That is too long for a letter. 280 characters fit.")
    if len(verdict.note) > LONGEST_NOTE:
        found["note"] = N_("That is too long. There is room for 2,000 characters.")
    return found


def _questions(verdict: Verdict) -> dict[str, str]:
    asked = [each for each in verdict.questions if each.strip()]
    if verdict.outcome is Outcome.MORE_INFORMATION:
        if not asked:
            return {"questions": N_("Please write at least one question.")}
        if len(asked) > MOST_QUESTIONS or any(len(each) > LONGEST_QUESTION for each in asked):
            return {"questions": N_("Five questions of 1,000 characters each are the most that is asked at once.")}
    elif asked:
        return {
            "questions": N_("A question is only sent with “ask the practitioner”. Choose that, or empty the field.")
        }
    return {}


def _second_look(verdict: Verdict) -> dict[str, str]:
    if verdict.agrees is None:
        return {"agrees": N_("Please say whether you would have decided the same.")}
    if not verdict.agrees and not verdict.note.strip():
        return {"note": N_("Please say why you would have decided otherwise.")}
    return {}


def _how(claim: Claim, verdict: Verdict, today: date) -> dict[str, str]:
    found = {}
    if verdict.method not in methods(claim):
        found["method"] = N_("Please say how it was checked.")
    elif verdict.method in _NAMES_ITS_SOURCE and not (verdict.source or "").strip():
        found["source"] = N_("Please give the page, the file or the number at which it was read or heard.")
    if verdict.outcome is Outcome.NOT_CHECKED and verdict.method is Method.DOCUMENT_ONLY:
        found["method"] = N_("Say which source was away. A document is never away.")
    if verdict.read_on is None:
        found["read_on"] = N_("Please give the day on which it was read or tried.")
    elif verdict.read_on > today + AHEAD:
        found["read_on"] = N_("That day has not come yet.")
    elif verdict.read_on < today - OLDEST_READING:
        found["read_on"] = N_("That is more than two months ago. Please read it again.")
    return found


def _verified(claim: Claim, verdict: Verdict) -> dict[str, str]:
    found: dict[str, str] = {}
    if claim.kind in GATES and verdict.method is Method.DOCUMENT_ONLY and claim.read_at_source:
        found["method"] = N_("This was read at its source before. A document adds nothing to that.")
    if claim.status is not None:
        found |= _status(claim, claim.status, verdict)
    if claim.dated:
        found |= _last_day(claim, verdict)
    if claim.name is not None:
        found |= _name(claim, claim.name, verdict)
    if claim.covers_pregnancy is not None:
        found |= _cover(claim, verdict)
    if claim.kind is Kind.RLS_CASELOAD:
        found |= _items(claim, verdict)
    if claim.kind is Kind.PREGNANCY_DECLARATION:
        found |= _training(claim, verdict)
    return found


def _status(claim: Claim, claimed: CredentialStatus, verdict: Verdict) -> dict[str, str]:
    read = verdict.reading.status
    if read is None:
        return {"status_read": N_("Please give the status as you read it.")}
    if read is CredentialStatus.UNKNOWN:
        return {"status_read": N_("A status that could not be read confirms nothing. Choose “the source was away”.")}
    found = {}
    practises = may_practise(read, verdict.reading.late_until)
    if may_practise_as_claimed(claimed) or verdict.outcome is Outcome.RESTORED:
        if not practises:
            found["status_read"] = N_(
                "With this status nobody may practise, so this cannot be confirmed. Choose “not confirmed”, "
                "“suspended” or “revoked”; what you read is put on record with it."
            )
        elif not same_status(claimed, read) and not verdict.as_read:
            found["status_read"] = _DISAGREES
    elif not same_status(claimed, read) and not verdict.as_read:
        found["status_read"] = _DISAGREES
    limited = read in (CredentialStatus.ACTIVE_WITH_CONDITIONS, CredentialStatus.PROBATION)
    if limited and not claim.has_conditions and not (verdict.reading.conditions or "").strip():
        found["conditions_read"] = N_("Please copy the conditions or the order as the register words them.")
    return found


def _last_day(claim: Claim, verdict: Verdict) -> dict[str, str]:
    read = verdict.reading
    if read.expires is None and not read.no_expiry:
        return {"expires_read": N_("Please give the last day as you read it, or say that none is printed.")}
    if read.expires is not None and read.no_expiry:
        return {"expires_read": N_("Please give a last day or say that none is printed, not both.")}
    if read.expires != claim.expires and not verdict.as_read:
        return {"expires_read": _DISAGREES}
    return {}


def _name(claim: Claim, name: str, verdict: Verdict) -> dict[str, str]:
    found = {}
    read = (verdict.reading.name or "").strip()
    if not read:
        found["name_read"] = N_("Please give the name as you read it.")
    if verdict.identity_match is None:
        found["identity_match"] = N_("Please say whether this is the same person.")
    elif not verdict.identity_match:
        found["identity_match"] = N_(
            "What names somebody else confirms nothing of this person. Choose “not confirmed”."
        )
    elif read and not same_name(read, name) and not verdict.name_reason.strip():
        found["name_reason"] = N_(
            "The name differs from the one on the profile. Please say why it is the same person, and what shows it."
        )
    return found


def _cover(claim: Claim, verdict: Verdict) -> dict[str, str]:
    read, found = verdict.reading, {}
    if not read.covers_acupuncture:
        found["covers_acupuncture_read"] = N_("Only a policy that covers acupuncture counts. Look again.")
    if read.covers_pregnancy is None:
        found["covers_pregnancy_read"] = N_("Please say whether the policy covers pregnancy in words.")
    elif read.covers_pregnancy != claim.covers_pregnancy and not verdict.as_read:
        found["covers_pregnancy_read"] = _DISAGREES
    return found


def _items(claim: Claim, verdict: Verdict) -> dict[str, str]:
    if not verdict.items:
        return {"items": N_("Please say of at least one item how far it was checked.")}
    found = {}
    for item, level in verdict.items.items():
        if item not in claim.items or level not in ITEM_LEVELS.get(item, ()):
            found[f"item_{item}"] = N_("This item cannot be recorded so.")
    return found


def _training(claim: Claim, verdict: Verdict) -> dict[str, str]:
    if verdict.second_registration_counts:
        if not claim.second_registration:
            return {"second_registration_counts": N_("No second registration is named in the declaration.")}
        if verdict.method not in _AT_SOURCE:
            return {"method": N_("A registration counts as training only when its register was asked.")}
        return {}
    if verdict.training not in CHECKED:
        return {"training": N_("Please say how the training was checked.")}
    if not claim.trained:
        return {"training": N_("No training is claimed, so there is none to check.")}
    return {}


_DISAGREES: Final = N_(
    "This is not what was claimed. Look again; if it is what the source says, tick “record what the source says”."
)


# --- comparing -------------------------------------------------------------------------------------------------------


def may_practise(status: CredentialStatus, late_until: date | None) -> bool:
    """Whether a register's status lets its holder practise, perhaps only in a late period that it grants by date."""
    return status in PERMITS_PRACTICE or (status in PERMITS_IN_LATE_PERIOD and late_until is not None)


def may_practise_as_claimed(status: CredentialStatus) -> bool:
    """Whether what is claimed is a status with which one may practise."""
    return status in PERMITS_PRACTICE or status is CredentialStatus.EXPIRED_GRACE


def same_status(claimed: CredentialStatus, read: CredentialStatus) -> bool:
    """Whether a register's word is what was claimed: practitioners have one word where registers have several."""
    return claimed is read or any({claimed, read} <= words for words in _CLASSES)


def same_name(read: str, *names: str | None) -> bool:
    """Whether a name is one of these, whatever the order, case and accents."""
    parts = sorted(fold(read).split())
    return any(parts == sorted(fold(name).split()) for name in names if name)


# --- who must agree --------------------------------------------------------------------------------------------------


def is_settled(outcome: Outcome, *, kind: Kind, method: Method | None) -> bool:
    """Whether nothing is left to decide. A licence of which only a document was seen still waits for its register."""
    if outcome in STAYS_OPEN:
        return False
    return not (outcome in OPENS and kind in GATES and method is Method.DOCUMENT_ONLY)


def needs_another(verdict: Verdict, *, was_revoked: bool, of_a_colleague: bool) -> bool:
    """Whether this takes effect only when a second person agrees.

    ``was_revoked``: what would be opened was revoked and not restored since. ``of_a_colleague``: it is about somebody
    who works at this desk. Hiding somebody for safety's sake, and asking, never need two.
    """
    if verdict.outcome in (Outcome.HELD, *STAYS_OPEN):
        return False
    if of_a_colleague or verdict.second_registration_counts:
        return True
    return was_revoked and verdict.outcome in OPENS


def comes_back(*, outcome: Outcome, draw: float, took_seconds: int | None) -> bool:
    """Whether somebody else looks at a decision again: one in twenty by chance, and whatever was decided in haste."""
    if outcome in STAYS_OPEN:
        return False
    return draw < SECOND_LOOK_SHARE or (took_seconds is not None and took_seconds < HASTY_SECONDS)


def may_look_again(by: int, deciders: Collection[int | None]) -> bool:
    """Whether this account has had no part in it yet."""
    return by not in deciders


def next_check(expires: date | None, *, today: date) -> date:
    """When a paper is read again: a month later, or sooner where its last day comes near or has come."""
    monthly = today + MONTHLY
    turning = () if expires is None else (expires - timedelta(days=days) for days in (60, 30, 7, 0))
    return min((monthly, *(day for day in turning if day > today)))


# --- plain values ----------------------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _enum(words: type[Any], text: str | None) -> Any:
    return None if text is None else words(text)
