"""What practitioners do with their own papers and covers: state, correct, replace, take back, give up.

Nothing here makes a paper count: what is written is a statement until somebody checked it, and what was checked is left
as it is, save that its holder may give it up. Another person's papers are not found, whatever is asked of them.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from directory import changes
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials import service
from directory.credentials.casework import kind_of
from directory.credentials.edits import letters
from directory.credentials.edits.service import tell_old_channels
from directory.credentials.evidence import service as evidence
from directory.credentials.models import Credential, CredentialCondition, Indemnity
from directory.credentials.registration.models import Registration
from directory.credentials.service import CredentialDraft, IndemnityDraft
from directory.credentials.stating.stated import StatedCover, StatedPaper, checked_cover, checked_paper, number_key
from directory.credentials.terms import ORDERED_TO_STOP, ConditionCode
from directory.credentials.wording import codes_in
from directory.errors import Conflict, InvalidInput, NotFound
from directory.guide.words import N_
from directory.jurisdictions.models import JurisdictionRow
from directory.practitioners.models import PracticePlace, Practitioner

MOST_PAPERS: Final = 80
MOST_COVERS: Final = 30
LARGEST_ID: Final = 2**63 - 1
"""Nothing beyond fits a column."""


def papers_of(session: Session, practitioner_id: int) -> list[Credential]:
    """Every paper of this person, also replaced and given up ones, in the order in which they came."""
    statement = select(Credential).where(Credential.practitioner_id == practitioner_id)
    return list(session.scalars(statement.order_by(Credential.id)))


def covers_of(session: Session, practitioner_id: int) -> list[Indemnity]:
    """Every cover of this person, the newest first."""
    statement = select(Indemnity).where(Indemnity.practitioner_id == practitioner_id)
    return list(session.scalars(statement.order_by(Indemnity.id.desc())))


def paper(session: Session, practitioner_id: int, credential_id: int) -> Credential:
    """This person's paper; ``NotFound`` also where it is somebody else's."""
    found = session.get(Credential, credential_id) if credential_id <= LARGEST_ID else None
    if found is None or found.practitioner_id != practitioner_id:
        raise NotFound("There is no such paper.")
    return found


def cover(session: Session, practitioner_id: int, indemnity_id: int) -> Indemnity:
    """This person's cover; ``NotFound`` also where it is somebody else's."""
    found = session.get(Indemnity, indemnity_id) if indemnity_id <= LARGEST_ID else None
    if found is None or found.practitioner_id != practitioner_id:
        raise NotFound("There is no such cover.")
    return found


def is_own_word(row: Credential) -> bool:
    """Whether nobody but its holder has said anything of this paper yet, so that they may still change it."""
    looked_at = (row.verified_on, row.last_checked_at, row.unknown_since, row.discipline, row.evidence_url)
    return not row.identity_match and all(each is None for each in looked_at)


# --- papers ----------------------------------------------------------------------------------------------------------


def state(session: Session, practitioner_id: int, stated: StatedPaper, *, today: date, now: datetime) -> Credential:
    """Put a paper on record as its holder describes it. The same statement again is the same paper.

    ``InvalidInput`` names the field that cannot be kept. That somebody else has the number is nobody's business here:
    the statement is kept, and a case is opened.
    """
    person = _locked(session, practitioner_id)
    tidy = _checked(session, practitioner_id, stated, today)
    held = papers_of(session, practitioner_id)
    again = next((row for row in held if is_own_word(row) and _said(row) == tidy), None)
    if again is not None:
        return again
    if len(held) >= MOST_PAPERS:
        raise Conflict("That is more papers than we keep of one person. Take back some that nobody has checked.")
    return _put(session, person, tidy, None, now)


def correct(
    session: Session, practitioner_id: int, credential_id: int, stated: StatedPaper, *, today: date, now: datetime
) -> Credential:
    """Change what is said of a paper.

    One that nobody looked at is changed in place. One that was checked stays live as it is, and what is said now is
    kept as a paper of its own that takes its place once it was checked too; that one is returned.
    """
    person = _locked(session, practitioner_id)
    row = paper(session, practitioner_id, credential_id)
    tidy = _checked(session, practitioner_id, stated, today)
    if _said(row) == tidy and row.given_up_on is None:
        return row
    if not is_own_word(row):
        newer = _waiting_successor(session, row)
        if newer is None:
            return _put(session, person, tidy, row, now)
        row = newer
    for name, value in asdict(tidy).items():
        setattr(row, name, value)
    session.execute(delete(CredentialCondition).where(CredentialCondition.credential_id == row.id))
    codes = [{"credential_id": row.id, "code": code} for code in sorted(codes_in(tidy.conditions_text))]
    if codes:
        session.execute(insert(CredentialCondition), codes)
    session.flush()
    _tell(session, person, row, now)
    return row


def take_back(session: Session, practitioner_id: int, credential_id: int, *, now: datetime) -> None:
    """Erase a paper that nobody looked at; ``Conflict`` for one that was checked, which can only be given up."""
    _locked(session, practitioner_id)
    row = paper(session, practitioner_id, credential_id)
    if not is_own_word(row):
        raise Conflict("Somebody has checked this paper. If you no longer work under it, say that you gave it up.")
    _erase(session, row, now)


def give_up(session: Session, practitioner_id: int, credential_id: int, *, today: date, now: datetime) -> None:
    """Its holder no longer works under this paper: at once, nothing rests on it any more.

    What nobody looked at is erased. What a register forbids it goes on forbidding.
    """
    person = _locked(session, practitioner_id)
    row = paper(session, practitioner_id, credential_id)
    if is_own_word(row):
        _erase(session, row, now)
        return
    if row.given_up_on is not None:
        return
    newer = _waiting_successor(session, row)
    if newer is not None:
        _erase(session, newer, now)
    row.given_up_on = today
    session.flush()
    changes.record(session, practitioner_id)
    if person.published_at is not None:
        cases.open_for(
            session, kind_of(row.kind), _subject(row), about=row.practitioner_id, jurisdiction=row.jurisdiction, now=now
        )
        tell_old_channels(session, practitioner_id, letters.changed_at_once(on=today), now=now)


def _put(
    session: Session, person: Practitioner, tidy: StatedPaper, older: Credential | None, now: datetime
) -> Credential:
    # An order to stop is never replaced by what its holder says: it goes on beside it until the desk has settled it.
    replaces = older is not None and not _forbids(session, older)
    draft = CredentialDraft(
        practitioner_id=person.id,
        supersedes_id=older.id if older is not None and replaces else None,
        **asdict(tidy),
    )
    row = service.record(session, draft, now=now)
    _tell(session, person, row, now)
    return row


def _tell(session: Session, person: Practitioner, row: Credential, now: datetime) -> None:
    changes.record(session, person.id)
    if _looked_at(session, person):
        cases.open_for(
            session, kind_of(row.kind), _subject(row), about=row.practitioner_id, jurisdiction=row.jurisdiction, now=now
        )
    if person.published_at is not None:
        tell_old_channels(session, person.id, letters.change_wished(on=now.date()), now=now)
    if _somebody_else_has_it(session, row):
        cases.open_for(session, Kind.PLAUSIBILITY, _subject(row), about=person.id, now=now)


def _looked_at(session: Session, person: Practitioner) -> bool:
    """Whether the desk looks at what this person states: of a registration that was not handed in, at nothing."""
    if person.published_at is not None:
        return True
    submitted = select(Registration.submitted_at).where(Registration.practitioner_id == person.id)
    return session.scalar(submitted) is not None


def _erase(session: Session, row: Credential, now: datetime) -> None:
    session.execute(update(Credential).where(Credential.supersedes_id == row.id).values(supersedes_id=None))
    for kind in (kind_of(row.kind), Kind.PLAUSIBILITY):
        cases.withdraw(session, kind, _subject(row), now=now)
    evidence.let_go(session, row.practitioner_id, _subject(row), now=now)
    changes.record(session, row.practitioner_id)
    session.delete(row)
    session.flush()


def _waiting_successor(session: Session, row: Credential) -> Credential | None:
    newer = select(Credential).where(Credential.supersedes_id == row.id).order_by(Credential.id.desc())
    return next((each for each in session.scalars(newer) if is_own_word(each)), None)


def _forbids(session: Session, row: Credential) -> bool:
    code = session.get(CredentialCondition, (row.id, ConditionCode.FORBIDS_PRACTICE))
    return code is not None or {row.status, row.last_known_status} & ORDERED_TO_STOP != set()


def _somebody_else_has_it(session: Session, row: Credential) -> bool:
    key = number_key(row.number)
    if not key:
        return False
    alike: list[ColumnElement[bool]] = [
        Credential.practitioner_id != row.practitioner_id,
        Credential.kind == row.kind,
        _number_key(Credential.number) == key,
    ]
    here = (
        Credential.jurisdiction.is_(None) if row.jurisdiction is None else Credential.jurisdiction == row.jurisdiction
    )
    return session.scalar(select(Credential.id).where(here, *alike).limit(1)) is not None


def _number_key(column: ColumnElement[str | None] | object) -> ColumnElement[str]:
    plain: ColumnElement[str] = func.lower(column)
    for sign in (" ", "-", ".", "/"):
        plain = func.replace(plain, sign, "")
    return plain


def _checked(session: Session, practitioner_id: int, stated: StatedPaper, today: date) -> StatedPaper:
    tidy = checked_paper(stated, today=today)
    if tidy.jurisdiction is not None and session.get(JurisdictionRow, tidy.jurisdiction) is None:
        raise InvalidInput(N_("Please choose one of the answers offered."), field="jurisdiction")
    if tidy.place_id is not None:
        place = session.get(PracticePlace, tidy.place_id)
        if place is None or place.practitioner_id != practitioner_id:
            raise InvalidInput(N_("Please choose one of the answers offered."), field="place_id")
    return tidy


def _said(row: Credential) -> StatedPaper:
    return StatedPaper(**{name: getattr(row, name) for name in _STATED})


_STATED: Final = tuple(StatedPaper.__dataclass_fields__)


def _subject(row: Credential) -> str:
    return f"credential:{row.id}"


# --- covers ----------------------------------------------------------------------------------------------------------


def state_cover(
    session: Session, practitioner_id: int, stated: StatedCover, *, today: date, now: datetime
) -> Indemnity:
    """Put a cover on record beside earlier ones, which run on; the same statement again is the same cover."""
    person = _locked(session, practitioner_id)
    tidy = checked_cover(stated, today=today)
    held = covers_of(session, practitioner_id)
    again = next(
        (row for row in held if row.verified_on is None and row.ended_on is None and _covers(row) == tidy), None
    )
    if again is not None:
        return again
    if len(held) >= MOST_COVERS:
        raise Conflict("That is more insurance than we keep of one person. Take back some that nobody has checked.")
    draft = IndemnityDraft(practitioner_id=practitioner_id, **asdict(tidy))
    row = service.record_indemnity(session, draft, now=now)
    _tell_of_cover(session, person, row, now)
    return row


def correct_cover(
    session: Session, practitioner_id: int, indemnity_id: int, stated: StatedCover, *, today: date, now: datetime
) -> Indemnity:
    """Change what is said of a cover; one that was checked stays as it is, and the new words become one beside it."""
    person = _locked(session, practitioner_id)
    row = cover(session, practitioner_id, indemnity_id)
    tidy = checked_cover(stated, today=today)
    if _covers(row) == tidy:
        return row
    if row.verified_on is not None or row.ended_on is not None:
        return state_cover(session, practitioner_id, stated, today=today, now=now)
    for name, value in asdict(tidy).items():
        setattr(row, name, value)
    session.flush()
    _tell_of_cover(session, person, row, now)
    return row


def end_cover(session: Session, practitioner_id: int, indemnity_id: int, *, today: date, now: datetime) -> None:
    """This cover no longer runs: at once, nothing rests on it. One that nobody checked is erased."""
    person = _locked(session, practitioner_id)
    row = cover(session, practitioner_id, indemnity_id)
    if row.verified_on is None:
        cases.withdraw(session, Kind.INDEMNITY, f"indemnity:{row.id}", now=now)
        evidence.let_go(session, practitioner_id, f"indemnity:{row.id}", now=now)
        session.delete(row)
    elif row.ended_on is None:
        row.ended_on = today
        if person.published_at is not None:
            tell_old_channels(session, practitioner_id, letters.changed_at_once(on=today), now=now)
    session.flush()
    changes.record(session, practitioner_id)


def _covers(row: Indemnity) -> StatedCover:
    return StatedCover(
        insurer=row.insurer or "",
        expires=row.expires,
        covers_acupuncture=row.covers_acupuncture is True,
        covers_pregnancy=row.covers_pregnancy,
    )


def _tell_of_cover(session: Session, person: Practitioner, row: Indemnity, now: datetime) -> None:
    changes.record(session, person.id)
    if _looked_at(session, person):
        cases.open_for(session, Kind.INDEMNITY, f"indemnity:{row.id}", about=person.id, now=now)
    if person.published_at is not None:
        tell_old_channels(session, person.id, letters.change_wished(on=now.date()), now=now)


def _locked(session: Session, practitioner_id: int) -> Practitioner:
    """The person, whose papers nobody else changes until this is committed."""
    found = session.scalars(
        select(Practitioner).where(Practitioner.id == practitioner_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such practitioner.")
    return found
