"""Reading what rosters say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Row, Select, false, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from directory.credentials.models import Credential
from directory.credentials.terms import STATUTORY_ACUPUNCTURE, CredentialStatus
from directory.practitioners.models import PracticePlace, Practitioner
from directory.registries.models import RegistryEntry
from directory.registries.naming import Name, family_keys, of_parts
from directory.registries.rosters import matching, rules
from directory.registries.rosters.layouts import BY_JURISDICTION
from directory.registries.rosters.matching import Claim, Entry, Finding, Register
from directory.registries.rosters.models import RosterEntry, RosterFile
from directory.registries.rosters.terms import FileState, Reason, Seen

_MOST_NAMED = 300
_LAPSES_WITH_THE_FILE = frozenset({Seen.MATCH, Seen.NAME_VARIANT, Seen.ABSENT})


# --- files -----------------------------------------------------------------------------------------------------------


def applied(session: Session, sha256: str) -> RosterFile | None:
    """The newest applied import of this very file."""
    return session.scalar(
        select(RosterFile)
        .where(RosterFile.state == FileState.APPLIED, RosterFile.sha256 == sha256)
        .order_by(RosterFile.id.desc())
        .limit(1)
    )


def taken_already(session: Session, sha256: str) -> RosterFile | None:
    """The import of this very file, where it is still the newest of its board."""
    row = applied(session, sha256)
    if row is None or row.jurisdiction is None:
        return None
    newest = newest_file(session, row.jurisdiction)
    return row if newest is not None and newest.id == row.id else None


def newest_file(session: Session, jurisdiction: str) -> RosterFile | None:
    """The newest file of a board that counts."""
    return session.scalar(
        select(RosterFile)
        .where(RosterFile.state == FileState.APPLIED, RosterFile.jurisdiction == jurisdiction)
        .order_by(RosterFile.as_of.desc(), RosterFile.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How new what we have of a board is; everything but the board is empty where no file was taken yet."""

    jurisdiction: str
    board: str
    file_name: str = ""
    as_of: date | None = None
    applied_at: datetime | None = None
    counts: dict[str, int] | None = None

    @property
    def licences(self) -> int:
        """How many licences the newest file names."""
        return (self.counts or {}).get("licences", 0)


def freshness(session: Session) -> list[Freshness]:
    """Every board whose layout is known, with its newest file; one statement."""
    rows = session.scalars(
        select(RosterFile).where(RosterFile.state == FileState.APPLIED).order_by(RosterFile.as_of, RosterFile.id)
    )
    newest = {row.jurisdiction: row for row in rows}
    found = []
    for layout in BY_JURISDICTION.values():
        row = newest.get(layout.jurisdiction)
        if row is None:
            found.append(Freshness(jurisdiction=layout.jurisdiction, board=layout.board))
            continue
        found.append(
            Freshness(
                jurisdiction=layout.jurisdiction,
                board=layout.board,
                file_name=row.file_name,
                as_of=row.as_of,
                applied_at=row.taken_at,
                counts=dict(row.counts),
            )
        )
    return found


def refused(session: Session, *, limit: int = 20) -> Sequence[RosterFile]:
    """The files that were refused last."""
    return session.scalars(
        select(RosterFile).where(RosterFile.state == FileState.REFUSED).order_by(RosterFile.id.desc()).limit(limit)
    ).all()


# --- entries ---------------------------------------------------------------------------------------------------------


def entry_of(row: RosterEntry | Row[Any]) -> Entry:
    """A row of the table as the matching sees it."""
    return Entry(
        jurisdiction=row.jurisdiction,
        licence_type=row.licence_type,
        number=row.number,
        number_key=row.number_key,
        written_name=row.written_name,
        names=tuple(Name(*parts) for parts in row.names),
        suffix=row.suffix,
        city=row.city,
        region=row.region,
        status=row.status,
        raw_status=row.raw_status,
        issued=row.issued,
        expires=row.expires,
        discipline=row.discipline,
        rows=row.rows,
    )


def standing_rows(jurisdiction: str) -> Select[Any]:
    """Everything of a board, what is gone too, as plain rows."""
    return select(*RosterEntry.__table__.columns).where(RosterEntry.jurisdiction == jurisdiction)


# --- papers beside them ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOfOurs:
    """A licence that one of our practitioners states, with what may be known of their name."""

    credential_id: int
    practitioner_id: int
    jurisdiction: str
    number: str
    status: CredentialStatus
    expires: date | None
    discipline: str
    checked: bool
    claim: Claim


def papers(
    session: Session,
    *,
    jurisdiction: str | None = None,
    practitioner_id: int | None = None,
    credential_id: int | None = None,
) -> list[PaperOfOurs]:
    """Licences of ours in jurisdictions whose rosters we can read. Left out are those given up and, unless one is asked
    for by itself, those that a newer one has replaced."""
    statement = (
        select(Credential, Practitioner.display_name, RegistryEntry)
        .join(Practitioner, Practitioner.id == Credential.practitioner_id)
        .outerjoin(RegistryEntry, RegistryEntry.npi == Practitioner.npi)
        .where(
            Credential.kind.in_(STATUTORY_ACUPUNCTURE),
            Credential.jurisdiction.in_([jurisdiction] if jurisdiction else list(BY_JURISDICTION)),
            Credential.given_up_on.is_(None),
        )
        .order_by(Credential.id)
    )
    if practitioner_id is not None:
        statement = statement.where(Credential.practitioner_id == practitioner_id)
    if credential_id is not None:
        statement = statement.where(Credential.id == credential_id)
    else:
        newer = select(Credential.supersedes_id).where(
            Credential.supersedes_id.is_not(None), Credential.verified_on.is_not(None)
        )
        statement = statement.where(Credential.id.not_in(newer))
    rows = session.execute(statement).all()
    cities: dict[int, set[str]] = {}
    places = select(PracticePlace.practitioner_id, PracticePlace.locality).where(PracticePlace.locality.is_not(None))
    if len(rows) <= _MOST_NAMED:
        places = places.where(PracticePlace.practitioner_id.in_({row[0].practitioner_id for row in rows}))
    for owner, locality in session.execute(places):
        cities.setdefault(owner, set()).add(locality or "")
    return [_paper(row[0], row[1], row[2], cities.get(row[0].practitioner_id, set())) for row in rows]


def of_one_person(
    found: Sequence[Credential],
    *,
    display_name: str,
    told: RegistryEntry | None,
    cities: Iterable[str],
    always: int | None = None,
) -> list[PaperOfOurs]:
    """The same as ``papers`` for somebody whose papers have been read already.

    ``told`` is what NPPES says of an NPI that is theirs beyond doubt; ``always`` is the number of a paper that counts
    although a newer one has replaced it.
    """
    replaced = {each.supersedes_id for each in found if each.verified_on is not None}
    return [
        _paper(each, display_name, told, cities)
        for each in sorted(found, key=lambda each: each.id)
        if each.kind in STATUTORY_ACUPUNCTURE
        and each.jurisdiction in BY_JURISDICTION
        and each.given_up_on is None
        and (each.id == always or each.id not in replaced)
    ]


def _paper(row: Credential, display_name: str, told: RegistryEntry | None, cities: Iterable[str]) -> PaperOfOurs:
    others = [row.name_on_record] if row.name_on_record else []
    where = set(cities)
    parts = []
    if told is not None:
        parts.append(of_parts(told.last_name, told.first_name, told.middle_name))
        where.add(told.city)
    jurisdiction = row.jurisdiction or ""
    number = row.number or ""
    return PaperOfOurs(
        credential_id=row.id,
        practitioner_id=row.practitioner_id,
        jurisdiction=jurisdiction,
        number=number,
        status=row.status,
        expires=row.expires,
        discipline=row.discipline or "",
        checked=row.verified_on is not None,
        claim=matching.claim(
            BY_JURISDICTION[jurisdiction].number_key(number),
            display_name,
            other_names=others,
            parts=parts,
            cities=where,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Somebody else in the file whom the desk should know of."""

    name: str
    number: str
    city: str
    raw_status: str
    expires: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the newest roster of a board says of one paper, for the desk: both names, and everything weighed."""

    credential_id: int
    practitioner_id: int
    jurisdiction: str
    board: str
    file_name: str = ""
    as_of: date | None = None
    is_stale: bool = False
    """The file is too old to say anything for anybody."""
    seen: Seen
    facts: frozenset[Seen]
    asks: bool = False
    number_on_paper: str
    name_on_paper: str
    number_in_register: str = ""
    name_in_register: str = ""
    is_theirs: bool = False
    status: CredentialStatus | None = None
    raw_status: str = ""
    issued: date | None = None
    expires: date | None = None
    discipline: str = ""
    city: str = ""
    reasons: tuple[Reason, ...] = ()
    points: int = 0
    others: tuple[Other, ...] = ()
    gone_since: date | None = None
    status_before: CredentialStatus | None = None
    changed_on: date | None = None

    @property
    def explanation(self) -> tuple[str, ...]:
        """Why, in sentences to be translated."""
        return tuple(each.sentence for each in self.reasons)

    @property
    def names_differ(self) -> bool:
        """Whether the register writes the name otherwise than the paper's holder does."""
        return bool(self.name_in_register) and _as_written(self.name_in_register) != _as_written(self.name_on_paper)


class _File(NamedTuple):
    """The newest file of a board."""

    as_of: date
    file_name: str


def _as_written(name: str) -> str:
    return " ".join(name.casefold().split())


def about_credential(session: Session, credential_id: int, *, today: date) -> Said | None:
    """What the newest roster says of this paper; ``None`` for a paper that is in no board's roster we can read."""
    found = said_of(session, papers(session, credential_id=credential_id), today=today)
    return next(iter(found), None)


def about_person(session: Session, practitioner_id: int, *, today: date) -> list[Said]:
    """What the newest rosters say of every licence of this person, in the order in which the papers came."""
    return said_of(session, papers(session, practitioner_id=practitioner_id), today=today)


def about_all(session: Session, jurisdiction: str, *, today: date) -> list[Said]:
    """What the newest roster of a board says of every paper of ours, in one pass."""
    file = newest_file(session, jurisdiction)
    newest = None if file is None else _File(file.as_of, file.file_name)
    rows = session.execute(standing_rows(jurisdiction)).all()
    register = Register(entry_of(row) for row in rows if row.gone_since is None)
    meta = {(row.licence_type, row.number_key, row.name_key): row for row in rows}
    return [
        _as_said(paper, newest, register.look_up(paper.claim, today=today) if newest else None, meta, today=today)
        for paper in papers(session, jurisdiction=jurisdiction)
    ]


def said_of(session: Session, found: Sequence[PaperOfOurs], *, today: date) -> list[Said]:
    """What the newest roster of each board says of these papers, in their order; one statement for all of them."""
    if not found:
        return []
    files: dict[str, _File] = {}
    told: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_of_papers(found)).all():
        files[row.of_board] = _File(row.file_as_of, row.file_name)
        if row.paper is not None:
            told[row.paper].append(row)
    return [_one(paper, files.get(paper.jurisdiction), told[paper.credential_id], today=today) for paper in found]


def _one(paper: PaperOfOurs, newest: _File | None, rows: Sequence[Row[Any]], *, today: date) -> Said:
    if newest is None:
        return _as_said(paper, None, None, {}, today=today)
    finding = Register(entry_of(row) for row in rows if row.gone_since is None).look_up(paper.claim, today=today)
    if finding.entry is None:
        gone = [row for row in rows if row.gone_since and row.number_key == paper.claim.number_key != ""]
        if gone:
            last = max(gone, key=lambda row: (row.gone_since or date.min, row.id))
            finding = matching.gone(finding, entry_of(last))
    meta = {(row.licence_type, row.number_key, row.name_key): row for row in rows}
    return _as_said(paper, newest, finding, meta, today=today)


def _of_papers(found: Sequence[PaperOfOurs]) -> Select[Any]:
    """The newest file of each board, each beside the entries that may be about one of these papers."""
    entries = union_all(*(each for paper in found for each in _candidates(paper))).subquery()
    newer = aliased(RosterFile)
    newest = (
        select(newer.id)
        .where(newer.state == FileState.APPLIED, newer.jurisdiction == RosterFile.jurisdiction)
        .order_by(newer.as_of.desc(), newer.id.desc())
        .limit(1)
        .correlate(RosterFile)
        .scalar_subquery()
    )
    return (
        select(
            RosterFile.jurisdiction.label("of_board"),
            RosterFile.as_of.label("file_as_of"),
            RosterFile.file_name.label("file_name"),
            *entries.c,
        )
        .outerjoin(entries, entries.c.jurisdiction == RosterFile.jurisdiction)
        .where(RosterFile.jurisdiction.in_({paper.jurisdiction for paper in found}), RosterFile.id == newest)
        .order_by(entries.c.id)
    )


def _candidates(paper: PaperOfOurs) -> list[Select[Any]]:
    """Whoever has the number; where nobody has, whoever could be of the name."""
    mark = literal(paper.credential_id, BigInteger).label("paper")
    here, key = RosterEntry.jurisdiction == paper.jurisdiction, paper.claim.number_key
    numbered = select(mark, *RosterEntry.__table__.columns).where(
        here, RosterEntry.number_key == key if key else false()
    )
    families = {each for name in paper.claim.names for each in family_keys(name.family)}
    givens = {name.given for name in paper.claim.names if len(name.given) > 1}
    other = aliased(RosterEntry)
    named = (
        select(mark, *RosterEntry.__table__.columns)
        .where(
            here,
            RosterEntry.gone_since.is_(None),
            or_(RosterEntry.family_key.in_(families), RosterEntry.given_key.in_(givens)),
        )
        .order_by(RosterEntry.family_key.in_(families).desc(), RosterEntry.id)
        .limit(_MOST_NAMED)
    )
    if key:
        has_it = (
            other.jurisdiction == paper.jurisdiction,
            other.number_key == key,
            other.gone_since.is_(None),
        )
        named = named.where(~select(other.id).where(*has_it).exists())
    return [numbered, select(named.subquery())]


def _as_said(
    paper: PaperOfOurs,
    newest: _File | None,
    finding: Finding | None,
    meta: dict[tuple[str, str, str], Any],
    *,
    today: date,
) -> Said:
    told: dict[str, Any] = {
        "credential_id": paper.credential_id,
        "practitioner_id": paper.practitioner_id,
        "jurisdiction": paper.jurisdiction,
        "board": BY_JURISDICTION[paper.jurisdiction].board,
        "number_on_paper": paper.number,
        "name_on_paper": paper.claim.written_name,
    }
    if newest is None or finding is None:
        return Said(**told, seen=Seen.NOT_CHECKED, facts=frozenset({Seen.NOT_CHECKED}))
    is_stale = rules.is_stale(newest.as_of, today=today)
    # What an old file says against somebody still counts; what it says for them does not.
    is_worth_nothing = is_stale and finding.seen in _LAPSES_WITH_THE_FILE
    told |= {
        "file_name": newest.file_name,
        "as_of": newest.as_of,
        "is_stale": is_stale,
        "seen": Seen.NOT_CHECKED if is_worth_nothing else finding.seen,
        "facts": frozenset({Seen.NOT_CHECKED}) if is_worth_nothing else finding.facts,
        "asks": finding.asks,
        "is_theirs": finding.is_theirs,
        "reasons": finding.reasons,
        "points": finding.points,
        "others": tuple(
            Other(
                name=each.written_name,
                number=each.number,
                city=each.city,
                raw_status=each.raw_status,
                expires=each.expires,
            )
            for each in finding.others
        ),
    }
    entry = finding.entry
    if entry is None:
        return Said(**told)
    row = meta.get((entry.licence_type, entry.number_key, entry.name_key))
    return Said(
        **told,
        number_in_register=entry.number,
        name_in_register=entry.written_name,
        status=entry.status,
        raw_status=entry.raw_status,
        issued=entry.issued,
        expires=entry.expires,
        discipline=entry.discipline,
        city=entry.city,
        gone_since=row.gone_since if row else None,
        status_before=row.status_before if row else None,
        changed_on=row.changed_on if row else None,
    )


def entries_of(session: Session, jurisdiction: str) -> int:
    """How many licences the newest file of a board names."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RosterEntry)
            .where(RosterEntry.jurisdiction == jurisdiction, RosterEntry.gone_since.is_(None))
        )
        or 0
    )
