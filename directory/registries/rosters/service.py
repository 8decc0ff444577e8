"""Writing what rosters say: a file that was read to its end is applied in one transaction, wholly or not at all.

Whoever imports commits after ``apply`` or ``refuse``. A process that is killed before leaves everything as it was, and
doing it again does all of it. Nothing here changes a paper: what a roster says of one opens a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, insert, text, update
from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.downloads import BrokenFile
from directory.errors import Conflict
from directory.registries.rosters import matching, queries, rules
from directory.registries.rosters.matching import Entry, Register
from directory.registries.rosters.models import RosterEntry, RosterFile
from directory.registries.rosters.queries import PaperOfOurs
from directory.registries.rosters.reading import VERSION, Roster
from directory.registries.rosters.terms import FileState, News

_LOCK: Final = 0x57115
_BATCH: Final = 500
_COMPARED: Final = (
    "number",
    "written_name",
    "suffix",
    "city",
    "region",
    "status",
    "raw_status",
    "issued",
    "expires",
    "discipline",
    "rows",
)


class OlderFile(Conflict):
    """A newer file of this board was taken before."""

    code = "older_file"


@dataclass(slots=True)
class Counts:
    """What a file said and what it changed."""

    rows: int = 0
    passed_over: int = 0
    rejected: int = 0
    licences: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    """Licences that the file before named and this one does not."""
    back: int = 0
    news: int = 0
    """Papers of ours of which it says something new; each has a case."""


def apply(
    session: Session,
    roster: Roster,
    *,
    sha256: str,
    file_name: str,
    as_of: date,
    now: datetime,
    shrunk: bool = False,
) -> RosterFile:
    """Make a file count. One that was applied before is given back as it was, and changes nothing.

    ``OlderFile`` where a newer one was taken; ``BrokenFile`` where it names so many fewer licences than the one before
    that something must be missing, unless ``shrunk`` says that this is so.
    """
    jurisdiction = roster.layout.jurisdiction
    _one_at_a_time(session)
    before = queries.taken_already(session, sha256)
    if before is not None:
        return before
    newest = queries.newest_file(session, jurisdiction)
    if newest is not None and as_of < newest.as_of:
        raise OlderFile(
            f"This file is of {as_of.isoformat()}, and the newest one of {roster.layout.board} is of"
            f" {newest.as_of.isoformat()}. Nothing was changed."
        )
    held = session.execute(queries.standing_rows(jurisdiction)).all()
    standing = [row for row in held if row.gone_since is None]
    if rules.lost_too_many(len(roster.entries), len(standing)) and not shrunk:
        raise BrokenFile(
            f"{file_name} names {len(roster.entries):,} licences, and the file before named {len(standing):,}: it looks"
            " cut off. If the board has really lost so many, run again with --shrunk."
        )
    counts = Counts(
        rows=roster.rows, passed_over=roster.passed_over, rejected=roster.rejected, licences=len(roster.entries)
    )
    row = RosterFile(
        sha256=sha256,
        file_name=file_name[-255:],
        reader=VERSION,
        jurisdiction=jurisdiction,
        as_of=as_of,
        state=FileState.APPLIED,
        taken_at=now,
        counts=asdict(counts),
        rejects=[{"line": each.line, "flaw": each.flaw.value} for each in roster.rejects],
    )
    session.add(row)
    session.flush()
    _write(session, row, roster.entries, held, counts)
    earlier = None if newest is None else Earlier(Register(map(queries.entry_of, standing)), newest.as_of)
    counts.news = _open_cases(session, Register(roster.entries), earlier, row, now=now)
    row.counts = asdict(counts)
    session.flush()
    return row


def refuse(
    session: Session, *, sha256: str, file_name: str, as_of: date, jurisdiction: str | None, refusal: str, now: datetime
) -> RosterFile:
    """Remember that a file was refused and why; nothing else changes."""
    row = RosterFile(
        sha256=sha256,
        file_name=file_name[-255:],
        reader=VERSION,
        jurisdiction=jurisdiction,
        as_of=as_of,
        state=FileState.REFUSED,
        refusal=refusal,
        taken_at=now,
        counts={},
        rejects=[],
    )
    session.add(row)
    session.flush()
    return row


def _write(session: Session, file: RosterFile, entries: Iterable[Entry], held: Sequence[Any], counts: Counts) -> None:
    known = {(row.licence_type, row.number_key, row.name_key): row for row in held}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    named = set()
    for entry in entries:
        key = (entry.licence_type, entry.number_key, entry.name_key)
        row = known.get(key)
        if row is None:
            new.append({**_columns(entry), "first_file_id": file.id, "last_file_id": file.id})
            continue
        named.add(row.id)
        if row.gone_since is not None:
            counts.back += 1
        elif all(getattr(row, name) == getattr(entry, name) for name in _COMPARED):
            counts.unchanged += 1
            continue
        else:
            counts.changed += 1
        changed.append({"row_id": row.id, **_columns(entry), "gone_since": None, **_history(row, entry, file.as_of)})
    gone = [row.id for row in held if row.gone_since is None and row.id not in named]
    counts.new, counts.gone = len(new), len(gone)
    table = RosterEntry.__table__
    for some in _in_parts(new):
        session.execute(insert(RosterEntry), some)
    if changed:
        statement = update(table).where(table.c.id == bindparam("row_id"))  # type: ignore[arg-type]
        names = [name for name in changed[0] if name != "row_id"]
        session.connection().execute(statement.values({name: bindparam(name) for name in names}), changed)
    for ids in _in_parts(gone):
        session.execute(update(RosterEntry).where(RosterEntry.id.in_(ids)).values(gone_since=file.as_of))
    session.execute(
        update(RosterEntry)
        .where(RosterEntry.jurisdiction == file.jurisdiction, RosterEntry.gone_since.is_(None))
        .values(last_file_id=file.id)
    )
    session.expire_all()


def _in_parts(rows: list[Any]) -> Iterator[list[Any]]:
    """The rows, some hundred at a time: a statement takes only so many values."""
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _columns(entry: Entry) -> dict[str, Any]:
    first = entry.names[0]
    last = entry.names[-1]
    return {
        "jurisdiction": entry.jurisdiction,
        "licence_type": entry.licence_type,
        "number_key": entry.number_key,
        "number": entry.number,
        "written_name": entry.written_name,
        "name_key": entry.name_key,
        "family_key": last.family.replace(" ", "")[:150],
        "given_key": first.given[:150],
        "names": [[name.family, name.given, name.middle] for name in entry.names],
        "suffix": entry.suffix,
        "city": entry.city,
        "region": entry.region,
        "status": entry.status,
        "raw_status": entry.raw_status,
        "issued": entry.issued,
        "expires": entry.expires,
        "discipline": entry.discipline,
        "rows": entry.rows,
    }


def _history(row: Any, entry: Entry, as_of: date) -> dict[str, Any]:
    if row.status == entry.status:
        return {"status_before": row.status_before, "changed_on": row.changed_on}
    return {"status_before": row.status, "changed_on": as_of}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the file before said, and the day it was of."""

    register: Register
    as_of: date


def _open_cases(
    session: Session, register: Register, earlier: Earlier | None, file: RosterFile, *, now: datetime
) -> int:
    """A case for every paper of ours of which the file says something that was not known; how many they are."""
    count = 0
    for paper in queries.papers(session, jurisdiction=file.jurisdiction):
        what = rules.news(
            register.look_up(paper.claim, today=file.as_of),
            None if earlier is None else earlier.register.look_up(paper.claim, today=earlier.as_of),
            matching.standing_of(paper.status, paper.expires, paper.discipline, today=file.as_of),
            checked=paper.checked,
        )
        if what is not None:
            _open_case(session, paper, what, now=now)
            count += 1
    return count


def _open_case(session: Session, paper: PaperOfOurs, what: News, *, now: datetime) -> None:
    cases.open_for(
        session,
        Kind.REGISTER_NEWS,
        f"credential:{paper.credential_id}",
        now=now,
        about=paper.practitioner_id,
        jurisdiction=paper.jurisdiction,
        risk=rules.RISKS[what],
    )


def _one_at_a_time(session: Session) -> None:
    """Two files of one board must not be compared with the same one before. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
