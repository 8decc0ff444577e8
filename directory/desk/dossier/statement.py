"""The statement that reads a case with everything on file about it.

Whatever there are several of (papers, evidence, decisions …) comes as JSON beside the rows of which there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
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
from sqlalchemy.orm import aliased, undefer

from directory.accounts.models import Account
from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.complaints.models import Appeal, Complaint
from directory.credentials.control.models import ControlLetter, ControlProof, ControlQuestion
from directory.credentials.decisions.models import Decision, DecisionNote, Question
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.evidence.models import Evidence, ProfilePhoto
from directory.credentials.evidence.terms import EvidenceState, PhotoState
from directory.credentials.models import Credential, Indemnity, PregnancyDeclaration, RlsExperience
from directory.credentials.registration.models import Registration
from directory.jurisdictions.models import JurisdictionRow, JurisdictionSwitch
from directory.practitioners.models import PlaceRemoteJurisdiction, PracticePlace, Practitioner
from directory.registries.exclusions.models import ExclusionEntry, ExclusionFile, ExclusionHit
from directory.registries.models import RegistryEntry, RegistryImport, RegistryLead
from directory.registries.terms import ImportState
from directory.search.listings import json_rows

_MOST_NAMESAKES: Final = 12
_READ_WITH_OTHERS: Final = ("CA-other", "GB-ENG")
"""The rules of Canadian provinces without a college of their own, and those to which the other British ones point."""

PAPER: Final = list(Credential.__table__.columns)
COVER: Final = list(Indemnity.__table__.columns)
EVIDENCE: Final = [each for each in Evidence.__table__.columns if each.key not in ("file", "token_hash")]
PHOTO: Final = [each for each in ProfilePhoto.__table__.columns if each.key not in ("large_file", "small_file")]
DECISION: Final = list(Decision.__table__.columns)
QUESTION: Final = list(Question.__table__.columns)
LEAD: Final = list(RegistryLead.__table__.columns)
RULE: Final = list(JurisdictionRow.__table__.columns)
EXCLUSION_FILE: Final = [each for each in ExclusionFile.__table__.columns if each.key != "counts"]
HIT: Final = list(ExclusionHit.__table__.columns)
EXCLUDED: Final = list(ExclusionEntry.__table__.columns)
PROOF: Final = list(ControlProof.__table__.columns)
LETTER: Final = [each for each in ControlLetter.__table__.columns if each.key != "code_hash"]
CERTIFIER: Final = [each for each in ControlQuestion.__table__.columns if each.key != "token_hash"]
COMPLAINT: Final = list(Complaint.__table__.columns)
REPORTED: Final = [each for each in Complaint.__table__.columns if not each.key.endswith("_sealed")]
APPEAL: Final = list(Appeal.__table__.columns)
_MOST_REPORTED: Final = 20
MOST_OPEN: Final = 12
"""How much else that is open about somebody is shown."""


def _inside(chosen: Select[Any]) -> ScalarSelect[Any]:
    return chosen.correlate(Case, Practitioner, Registration, RegistryEntry).scalar_subquery()


def _list(columns: Sequence[Any], *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    return _inside(select(json_rows(*columns)).where(*where))


def _decided() -> ScalarSelect[Any]:
    beside = (DecisionNote.text_sealed, DecisionNote.words_sealed, Account.email)
    return _inside(
        select(json_rows(*DECISION, *beside))
        .select_from(Decision)
        .outerjoin(DecisionNote, DecisionNote.decision_id == Decision.id)
        .outerjoin(Account, Account.id == Decision.decided_by)
        .where(
            or_(
                Decision.practitioner_id == Case.about,
                Decision.subject == Case.subject,
                # What is looked at a second time may be about nobody of ours.
                Decision.id == number_after("decision:"),
            )
        )
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
        select(json_rows(*RULE, JurisdictionSwitch.code))
        .select_from(JurisdictionRow)
        .outerjoin(JurisdictionSwitch, JurisdictionSwitch.code == code)
        .where(
            or_(
                code == Case.jurisdiction,
                code.in_(_READ_WITH_OTHERS),
                code.in_(places),
                code.in_(remote),
                code.in_(papers),
            )
        )
    )


def _open_besides() -> ScalarSelect[Any]:
    """The oldest of what else is open, and one more than is shown."""
    other = aliased(Case)
    first = (
        select(other.id, other.kind, other.subject, other.due)
        .where(other.about == Case.about, other.state == State.OPEN, other.id != Case.id)
        .order_by(other.id)
        .limit(MOST_OPEN + 1)
        .correlate(Case)
        .subquery()
    )
    return _inside(select(json_rows(*first.c)).select_from(first))


def _photos(*state: ColumnElement[bool]) -> ScalarSelect[Any]:
    return _list(PHOTO, ProfilePhoto.practitioner_id == Case.about, *state)


def _excluded() -> ScalarSelect[Any]:
    return _inside(
        select(json_rows(*HIT, *EXCLUDED))
        .select_from(ExclusionHit)
        .join(ExclusionEntry, ExclusionEntry.key == ExclusionHit.entry_key)
        .where(ExclusionHit.practitioner_id == Case.about)
    )


def _of_control(columns: Sequence[Any], model: Any) -> ScalarSelect[Any]:
    return _list(columns, Case.kind == Kind.CONTROL, model.practitioner_id == Case.about)


def _letter() -> ScalarSelect[Any]:
    """A letter that was sent while somebody else had the profile is nobody's."""
    whose = ControlLetter.account_id.is_not_distinct_from(Practitioner.account_id)
    return _list(LETTER, Case.kind == Kind.CONTROL, ControlLetter.practitioner_id == Case.about, whose)


def _of_subject(columns: Sequence[Any], model: Any, scheme: str) -> ScalarSelect[Any]:
    return _list(columns, model.id == number_after(scheme))


def number_after(scheme: str) -> ColumnElement[int | None]:
    """The number in the subject of a case that begins so; nothing in any other."""
    number = cast(func.substr(Case.subject, len(scheme) + 1), BigInteger)
    return case((Case.subject.like(f"{scheme}%"), number), else_=None)


def _reported() -> ScalarSelect[Any]:
    newest = (
        select(Complaint.id)
        .where(
            Complaint.practitioner_id == Case.about, Case.subject != literal("complaint:").concat(_text(Complaint.id))
        )
        .order_by(Complaint.id.desc())
        .limit(_MOST_REPORTED)
        .correlate(Case)
    )
    return _list(REPORTED, Case.kind.in_(COMPLAINTS), Complaint.id.in_(newest))


def _text(number: Any) -> ColumnElement[str]:
    return cast(number, String)


def _newest_exclusion_file() -> ScalarSelect[Any]:
    newest = select(ExclusionFile.id).order_by(ExclusionFile.as_of.desc(), ExclusionFile.id.desc()).limit(1)
    return _list(EXCLUSION_FILE, ExclusionFile.id == newest.scalar_subquery())


_NPI: Final = case(
    (Case.subject.startswith("npi:"), func.substr(Case.subject, len("npi:") + 1)),
    else_=func.coalesce(Practitioner.npi, Registration.npi_claimed),
)
"""The number that the case is about: the one asked for, or this person's own."""

COMPLAINTS: Final = (Kind.COMPLAINT, Kind.HARM, Kind.HOLD_REVIEW, Kind.APPEAL)
"""Kinds beside which earlier reports are shown."""

LISTS: Final[Mapping[str, ScalarSelect[Any]]] = {
    "papers": _list(PAPER, Credential.practitioner_id == Case.about),
    "covers": _list(COVER, Indemnity.practitioner_id == Case.about),
    "evidence": _list(EVIDENCE, Evidence.practitioner_id == Case.about, Evidence.state != EvidenceState.ERASED),
    "live": _photos(ProfilePhoto.state == PhotoState.ACCEPTED),
    "newer": _photos(ProfilePhoto.state != PhotoState.ACCEPTED),
    "decisions": _decided(),
    "questions": _list(QUESTION, Question.practitioner_id == Case.about),
    "cases": _open_besides(),
    "same_number": _with_same_number(),
    "npi_holders": _with_npi(),
    "npi_askers": _asking_for_npi(),
    "namesakes": _of_the_name(),
    "leads": _list(LEAD, RegistryLead.npi == RegistryEntry.npi),
    "proofs": _of_control(PROOF, ControlProof),
    "letters": _letter(),
    "certifiers": _of_control(CERTIFIER, ControlQuestion),
    "complaint": _of_subject(COMPLAINT, Complaint, "complaint:"),
    "complaints": _reported(),
    "appeal": _of_subject(APPEAL, Appeal, "appeal:"),
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
            *(query.label(name) for name, query in LISTS.items()),
        )
        .outerjoin(Practitioner, Practitioner.id == Case.about)
        .outerjoin(Registration, Registration.practitioner_id == Case.about)
        .outerjoin(
            ProposedEdit,
            and_(
                ProposedEdit.practitioner_id == Case.about,
                Case.subject == literal("edit:").concat(_text(ProposedEdit.id)),
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


STATEMENT: Final = _statement()
"""It takes ``case_id``."""
