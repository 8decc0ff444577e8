"""Everything that the review of one case needs to know, read in one statement.

Whatever there are several of (papers, evidence, decisions …) comes as JSON beside the rows of which there is one, and
becomes objects again that no session knows: they are read and never written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Date,
    Enum,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased, undefer

from directory.accounts.models import Account
from directory.cases.models import Case
from directory.cases.terms import State
from directory.credentials.decisions.models import Decision, DecisionNote, Question
from directory.credentials.decisions.queries import Told
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.evidence.models import Evidence, ProfilePhoto
from directory.credentials.evidence.terms import EvidenceState, PhotoState
from directory.credentials.models import Credential, Indemnity, PregnancyDeclaration, RlsExperience
from directory.credentials.registration.models import Registration
from directory.credentials.terms import CredentialKind
from directory.crypto import EncryptedText, keyring
from directory.db import UTCDateTime
from directory.errors import NotFound
from directory.guide.words import N_
from directory.jurisdictions.models import JurisdictionRow, JurisdictionSwitch
from directory.jurisdictions.queries import rules_of
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.models import PlaceRemoteJurisdiction, PracticePlace, Practitioner
from directory.practitioners.terms import AccountStatus
from directory.registries.exclusions.models import ExclusionEntry, ExclusionFile, ExclusionHit
from directory.registries.models import RegistryEntry, RegistryImport, RegistryLead
from directory.registries.terms import ImportState
from directory.search.listings import json_rows

LARGEST_ID: Final = 2**63 - 1
_MOST_NAMESAKES: Final = 12
_ELSEWHERE: Final = "CA-other"
"""The rules of Canadian provinces without a college of their own."""

_Model = TypeVar("_Model")


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
    same_number: Sequence[SameNumber]
    same_npi: Sequence[SameNpi]
    namesakes: Sequence[Namesake]
    exclusion_file: ExclusionFile | None
    exclusions: Sequence[tuple[ExclusionHit, ExclusionEntry]]
    rules: Mapping[str, Jurisdiction]
    """Of every place and register that this is about."""


def read(session: Session, case_id: int) -> Dossier:
    """The file of this case, in one statement; ``NotFound`` where there is no such case."""
    found = session.execute(_STATEMENT, {"case_id": case_id}).one_or_none() if case_id <= LARGEST_ID else None
    if found is None:
        raise NotFound(N_("There is no such case."))
    told = {name: json.loads(getattr(found, name)) for name in _LISTS}
    photos = [*_rows(ProfilePhoto, _PHOTO, told["live"]), *_rows(ProfilePhoto, _PHOTO, told["newer"])]
    return Dossier(
        case=found.Case,
        holder=found.holder,
        person=found.Practitioner,
        email=found.email,
        registration=found.Registration,
        edit=found.ProposedEdit,
        rls=found.RlsExperience,
        pregnancy=found.PregnancyDeclaration,
        entry=found.RegistryEntry,
        leads=sorted(_rows(RegistryLead, _LEAD, told["leads"]), key=lambda each: each.slot),
        nppes_as_of=found.nppes_as_of,
        papers=_by_id(_rows(Credential, _PAPER, told["papers"])),
        covers=_by_id(_rows(Indemnity, _COVER, told["covers"])),
        evidence=_by_id(_rows(Evidence, _EVIDENCE, told["evidence"])),
        live_photo=next((each for each in photos if each.state is PhotoState.ACCEPTED), None),
        newer_photo=next((each for each in photos if each.state is not PhotoState.ACCEPTED), None),
        decisions=_decisions(told["decisions"]),
        questions=_by_id(_rows(Question, _QUESTION, told["questions"])),
        open_cases=[
            OtherCase(id=key, kind=kind, subject=subject, due=_instant(due))
            for key, kind, subject, due in sorted(told["cases"])
        ],
        same_number=_same_number(told["same_number"]),
        same_npi=[
            SameNpi(practitioner_id=key, name=name, slug=slug, has_it=bool(has_it))
            for key, name, slug, has_it in sorted([*told["npi_holders"], *told["npi_askers"]])
        ],
        namesakes=_namesakes(told["namesakes"]),
        exclusion_file=next(iter(_rows(ExclusionFile, _EXCLUSION_FILE, told["exclusion_file"])), None),
        exclusions=[
            (
                _rows(ExclusionHit, _HIT, [row[: len(_HIT)]])[0],
                _rows(ExclusionEntry, _EXCLUDED, [row[len(_HIT) :]])[0],
            )
            for row in told["exclusions"]
        ],
        rules={
            row[0]: rules_of(_rows(JurisdictionRow, _RULE, [row[:-1]])[0], hidden=row[-1] is not None)
            for row in told["rules"]
        },
    )


# --- objects out of JSON ---------------------------------------------------------------------------------------------


def _rows(model: type[_Model], columns: Sequence[Any], rows: Iterable[Sequence[Any]]) -> list[_Model]:
    """Each row as an object of this table."""
    return [
        model(**{column.key: _value(column, raw) for column, raw in zip(columns, row, strict=True)}) for row in rows
    ]


def _by_id(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda each: int(each.id))


def _value(column: Any, raw: Any) -> Any:
    """A value of this column as the database wrote it into JSON."""
    if raw is None:
        return None
    match column.type:
        case EncryptedText():
            return _opened(raw)
        case UTCDateTime():
            return _instant(raw)
        case Date():
            return date.fromisoformat(raw)
        case Enum() as listed:
            return listed.enum_class(raw) if listed.enum_class is not None else raw
        case Boolean():
            return bool(raw)
        case JSON():
            return json.loads(raw) if isinstance(raw, str) else raw
        case _:
            return raw


def _opened(sealed: str) -> str:
    plain = keyring.open(sealed)
    if plain is None:
        raise RuntimeError("an encrypted column cannot be opened with the keys installed")
    return plain


def _instant(raw: str) -> datetime:
    found = datetime.fromisoformat(raw)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _decisions(rows: Iterable[Sequence[Any]]) -> list[Told]:
    size = len(_DECISION)
    found = []
    for row in rows:
        decision = _rows(Decision, _DECISION, [row[:size]])[0]
        note, words, by = row[size:]
        found.append(Told(decision, _opened(note) if note else "", _opened(words) if words else "", by))
    return sorted(found, key=lambda each: -each.decision.id)


def _same_number(rows: Iterable[Sequence[Any]]) -> list[SameNumber]:
    found = {
        (key, kind, jurisdiction, number): SameNumber(
            practitioner_id=key,
            name=name,
            slug=slug,
            kind=CredentialKind(kind),
            jurisdiction=jurisdiction,
            number=number,
            checked_on=None if checked is None else date.fromisoformat(checked),
        )
        for key, name, slug, kind, jurisdiction, number, checked in rows
    }
    return [found[key] for key in sorted(found)]


def _namesakes(rows: Iterable[Sequence[Any]]) -> list[Namesake]:
    found = [
        Namesake(
            practitioner_id=key,
            name=name,
            slug=slug,
            status=AccountStatus(status),
            locality=locality,
            country=country,
        )
        for key, name, slug, status, locality, country in rows
    ]
    return sorted(found, key=lambda each: (each.practitioner_id, each.locality or ""))


# --- the statement ---------------------------------------------------------------------------------------------------

_PAPER: Final = list(Credential.__table__.columns)
_COVER: Final = list(Indemnity.__table__.columns)
_EVIDENCE: Final = [each for each in Evidence.__table__.columns if each.key not in ("file", "token_hash")]
_PHOTO: Final = [each for each in ProfilePhoto.__table__.columns if each.key not in ("large_file", "small_file")]
_DECISION: Final = list(Decision.__table__.columns)
_QUESTION: Final = list(Question.__table__.columns)
_LEAD: Final = list(RegistryLead.__table__.columns)
_RULE: Final = list(JurisdictionRow.__table__.columns)
_EXCLUSION_FILE: Final = [each for each in ExclusionFile.__table__.columns if each.key != "counts"]
_HIT: Final = list(ExclusionHit.__table__.columns)
_EXCLUDED: Final = list(ExclusionEntry.__table__.columns)


def _inside(chosen: Select[Any]) -> ScalarSelect[Any]:
    return chosen.correlate(Case, Practitioner, Registration, RegistryEntry).scalar_subquery()


def _list(columns: Sequence[Any], *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    return _inside(select(json_rows(*columns)).where(*where))


def _decided() -> ScalarSelect[Any]:
    beside = (DecisionNote.text_sealed, DecisionNote.words_sealed, Account.email)
    return _inside(
        select(json_rows(*_DECISION, *beside))
        .select_from(Decision)
        .outerjoin(DecisionNote, DecisionNote.decision_id == Decision.id)
        .outerjoin(Account, Account.id == Decision.decided_by)
        .where(or_(Decision.practitioner_id == Case.about, Decision.subject == Case.subject))
    )


def _with_same_number() -> ScalarSelect[Any]:
    mine, theirs, holder = aliased(Credential), aliased(Credential), aliased(Practitioner)
    return _inside(
        select(
            json_rows(
                theirs.practitioner_id,
                holder.display_name,
                holder.slug,
                theirs.kind,
                theirs.jurisdiction,
                theirs.number,
                theirs.verified_on,
            )
        )
        .select_from(mine)
        .join(theirs, and_(theirs.jurisdiction == mine.jurisdiction, theirs.number == mine.number))
        .join(holder, holder.id == theirs.practitioner_id)
        .where(mine.practitioner_id == Case.about, theirs.practitioner_id != Case.about)
    )


def _with_npi() -> ScalarSelect[Any]:
    holder = aliased(Practitioner)
    return _list(
        [holder.id, holder.display_name, holder.slug, literal(1)],
        holder.npi == _NPI,
        or_(Case.about.is_(None), holder.id != Case.about),
    )


def _asking_for_npi() -> ScalarSelect[Any]:
    asker, wish = aliased(Practitioner), aliased(Registration)
    return _inside(
        select(json_rows(asker.id, asker.display_name, asker.slug, literal(0)))
        .select_from(wish)
        .join(asker, asker.id == wish.practitioner_id)
        .where(wish.npi_claimed == _NPI, or_(Case.about.is_(None), asker.id != Case.about))
    )


def _of_the_name() -> ScalarSelect[Any]:
    """Names that are written alike give the same address but for a number at its end."""
    other, place = aliased(Practitioner), aliased(PracticePlace)
    # Trimmed twice: first the number, then the stroke before it.
    base = func.rtrim(func.rtrim(Practitioner.slug, "0123456789"), "-")
    alike = [base, *(base.concat(f"-{number}") for number in range(2, _MOST_NAMESAKES + 1))]
    return _inside(
        select(json_rows(other.id, other.display_name, other.slug, other.account_status, place.locality, place.country))
        .select_from(other)
        .outerjoin(place, place.practitioner_id == other.id)
        .where(other.slug.in_(alike), other.id != Practitioner.id)
    )


def _rules_here() -> ScalarSelect[Any]:
    own = PracticePlace.practitioner_id == Case.about
    places = select(PracticePlace.jurisdiction).where(own).correlate(Case)
    remote = (
        select(PlaceRemoteJurisdiction.jurisdiction)
        .join(PracticePlace, PracticePlace.id == PlaceRemoteJurisdiction.place_id)
        .where(own)
        .correlate(Case)
    )
    papers = select(Credential.jurisdiction).where(Credential.practitioner_id == Case.about).correlate(Case)
    code = JurisdictionRow.code
    return _inside(
        select(json_rows(*_RULE, JurisdictionSwitch.code))
        .select_from(JurisdictionRow)
        .outerjoin(JurisdictionSwitch, JurisdictionSwitch.code == code)
        .where(or_(code == Case.jurisdiction, code == _ELSEWHERE, code.in_(places), code.in_(remote), code.in_(papers)))
    )


def _photos(*state: ColumnElement[bool]) -> ScalarSelect[Any]:
    return _list(_PHOTO, ProfilePhoto.practitioner_id == Case.about, *state)


def _excluded() -> ScalarSelect[Any]:
    return _inside(
        select(json_rows(*_HIT, *_EXCLUDED))
        .select_from(ExclusionHit)
        .join(ExclusionEntry, ExclusionEntry.key == ExclusionHit.entry_key)
        .where(ExclusionHit.practitioner_id == Case.about)
    )


def _newest_exclusion_file() -> ScalarSelect[Any]:
    newest = select(ExclusionFile.id).order_by(ExclusionFile.as_of.desc(), ExclusionFile.id.desc()).limit(1)
    return _list(_EXCLUSION_FILE, ExclusionFile.id == newest.scalar_subquery())


_NPI: Final = case(
    (Case.subject.startswith("npi:"), func.substr(Case.subject, len("npi:") + 1)),
    else_=func.coalesce(Practitioner.npi, Registration.npi_claimed),
)
"""The number that the case is about: the one asked for, or this person's own."""

_OTHER: Final = aliased(Case)

_LISTS: Final[Mapping[str, ScalarSelect[Any]]] = {
    "papers": _list(_PAPER, Credential.practitioner_id == Case.about),
    "covers": _list(_COVER, Indemnity.practitioner_id == Case.about),
    "evidence": _list(_EVIDENCE, Evidence.practitioner_id == Case.about, Evidence.state != EvidenceState.ERASED),
    "live": _photos(ProfilePhoto.state == PhotoState.ACCEPTED),
    "newer": _photos(ProfilePhoto.state != PhotoState.ACCEPTED),
    "decisions": _decided(),
    "questions": _list(_QUESTION, Question.practitioner_id == Case.about),
    "cases": _list(
        [_OTHER.id, _OTHER.kind, _OTHER.subject, _OTHER.due],
        _OTHER.about == Case.about,
        _OTHER.state == State.OPEN,
        _OTHER.id != Case.id,
    ),
    "same_number": _with_same_number(),
    "npi_holders": _with_npi(),
    "npi_askers": _asking_for_npi(),
    "namesakes": _of_the_name(),
    "leads": _list(_LEAD, RegistryLead.npi == RegistryEntry.npi),
    "exclusion_file": _newest_exclusion_file(),
    "exclusions": _excluded(),
    "rules": _rules_here(),
}


def _statement() -> Any:
    holder, owner = aliased(Account), aliased(Account)
    nppes = select(func.max(RegistryImport.as_of)).where(RegistryImport.state == ImportState.APPLIED).scalar_subquery()
    return (
        select(
            Case,
            Practitioner,
            Registration,
            ProposedEdit,
            RlsExperience,
            PregnancyDeclaration,
            RegistryEntry,
            holder.email.label("holder"),
            owner.email.label("email"),
            nppes.label("nppes_as_of"),
            *(query.label(name) for name, query in _LISTS.items()),
        )
        .outerjoin(Practitioner, Practitioner.id == Case.about)
        .outerjoin(Registration, Registration.practitioner_id == Case.about)
        .outerjoin(
            ProposedEdit,
            and_(
                ProposedEdit.practitioner_id == Case.about,
                Case.subject == literal("edit:").concat(cast(ProposedEdit.id, String)),
            ),
        )
        .outerjoin(RlsExperience, RlsExperience.practitioner_id == Case.about)
        .outerjoin(PregnancyDeclaration, PregnancyDeclaration.practitioner_id == Case.about)
        .outerjoin(RegistryEntry, RegistryEntry.npi == _NPI)
        .outerjoin(holder, holder.id == Case.claimed_by)
        .outerjoin(owner, owner.id == Practitioner.account_id)
        .where(Case.id == bindparam("case_id"))
        .options(undefer(Case.contact_sealed))
    )


_STATEMENT: Final = _statement()
