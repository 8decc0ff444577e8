"""Writing what registers say: a file is staged batch by batch and applied all at once, and people can be taken out.

Whoever runs an import commits after ``begin``, after each ``stage`` and after ``apply``. Until ``apply`` nothing that
anybody can see has changed, and ``apply`` is one transaction, so a file counts wholly or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import TableClause, Text, column, delete, func, insert, select, table, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.crypto import EncryptedText
from directory.db import Base
from directory.downloads import BrokenFile
from directory.errors import Conflict, NotFound
from directory.geo.names import fold
from directory.registries import queries, rules
from directory.registries.models import (
    RegistryEntry,
    RegistryImport,
    RegistryLead,
    RegistryReject,
    RegistryRemoval,
    RegistryStaged,
)
from directory.registries.nppes import Counts, Told
from directory.registries.reading import VERSION, Batch, Checkpoint
from directory.registries.rules import Change
from directory.registries.terms import ImportState, Reach, Standing

_BATCH = 500
_LONGEST_KEY = 300
_NAMES = ("last_name", "first_name", "middle_name", "suffix")
_PLACE = ("city", "region", "country")
_NO_LONGER_KEPT = {"city": "", "region": "", "country": "", "contact_sealed": None}


def _plain(model: type[Base]) -> TableClause:
    """The model's table with what is sealed left sealed: a contact is moved from the staging table as it lies."""
    return table(
        model.__tablename__,
        *(
            column(each.name, Text() if isinstance(each.type, EncryptedText) else each.type)
            for each in model.__table__.columns
        ),
    )


_STAGED, _ENTRY = _plain(RegistryStaged), _plain(RegistryEntry)


class OlderFile(Conflict):
    """A newer file was taken before."""

    code = "older_file"

    def __init__(self, as_of: date, newest: date) -> None:
        super().__init__(
            f"This file is of {as_of.isoformat()}, and the newest one taken is of {newest.isoformat()}. Nothing was"
            " changed. To add only people whom nothing newer names, run again with --allow-older."
        )


@dataclass(slots=True)
class Applied:
    """What applying a file did, in people."""

    new: int = 0
    changed: int = 0
    taken_down: int = 0
    back: int = 0
    unchanged: int = 0
    removed: int = 0
    """Left out because somebody asked for it."""
    absent: int = 0
    """Taken down because a full file did not name them."""


# --- a file, step by step --------------------------------------------------------------------------------------------


def begin(
    session: Session, *, sha256: str, file_name: str, reach: Reach, as_of: date | None, now: datetime
) -> RegistryImport:
    """The import of this file: the one that was stopped, to go on with, or a new one in place of any other.

    ``as_of`` is the day in the file's name, where it has one.
    """
    stopped = queries.unfinished(session)
    if stopped is not None:
        if (stopped.sha256, stopped.reader, stopped.reach) == (sha256, VERSION, reach):
            return stopped
        give_up(session, stopped.id)
    row = RegistryImport(
        sha256=sha256,
        file_name=file_name[-255:],
        reader=VERSION,
        reach=reach,
        as_of=as_of,
        state=ImportState.READING,
        started_at=now,
        read_to=0,
        next_line=1,
        counts=asdict(Counts()),
    )
    session.add(row)
    session.flush()
    return row


def checkpoint(row: RegistryImport) -> Checkpoint | None:
    """Where to go on reading; ``None`` for the beginning."""
    if row.read_to == 0:
        return None
    return Checkpoint(read_to=row.read_to, next_line=row.next_line, counts=Counts(**row.counts), newest=row.newest)


def stage(session: Session, import_id: int, batch: Batch) -> None:
    """Keep a batch, and that it was read. ``NotFound`` when the import was given up meanwhile."""
    row = queries.import_of(session, import_id)
    if batch.told:
        session.execute(insert(RegistryStaged), [_staged(import_id, each) for each in batch.told])
    if batch.rejects:
        session.execute(
            insert(RegistryReject),
            [
                {"import_id": import_id, "line": each.line, "npi": each.npi or None, "flaw": each.flaw}
                for each in batch.rejects
            ],
        )
    row.read_to = batch.at.read_to
    row.next_line = batch.at.next_line
    row.newest = batch.at.newest
    row.counts = asdict(batch.at.counts)
    session.flush()


def give_up(session: Session, import_id: int) -> None:
    """Forget an import that was not applied, and everything staged from it."""
    for model in (RegistryStaged, RegistryReject):
        session.execute(delete(model).where(model.import_id == import_id))
    session.execute(
        delete(RegistryImport).where(RegistryImport.id == import_id, RegistryImport.state == ImportState.READING)
    )
    session.expire_all()


def must_not_be_older(session: Session, as_of: date) -> None:
    """``OlderFile`` when a newer file was taken."""
    newest = queries.newest_day(session)
    if newest is not None and rules.is_older(as_of, newest):
        raise OlderFile(as_of, newest)


def apply(
    session: Session,
    import_id: int,
    *,
    now: datetime,
    allow_older: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Applied:
    """Make everything staged count, in this transaction.

    ``BrokenFile`` when the whole does not look like a sound file, ``OlderFile`` when a newer one was taken.
    """
    row = queries.import_of(session, import_id)
    counts = Counts(**row.counts)
    as_of = row.as_of or row.newest
    if as_of is None:
        raise BrokenFile(
            f"{row.file_name} holds nothing that dates it. Give it the register's own name, npidata_pfile_…-….csv."
        )
    if rules.rejects_too_many(counts.rejected, counts.rows):
        raise BrokenFile(f"{counts.rejected:,} of {counts.rows:,} rows cannot be used: the file is not sound.")
    newest = queries.newest_day(session)
    older = newest is not None and rules.is_older(as_of, newest)
    if older and not allow_older:
        must_not_be_older(session, as_of)
    full = row.reach is Reach.FULL and not older
    if full and rules.looks_cut(counts.rows, before := queries.rows_of_newest_full_file(session)):
        raise BrokenFile(
            f"This full file has {counts.rows:,} rows and the one before had {before:,}: it looks cut off."
        )
    _hold_removals(session)
    done = Applied()
    for staged in _batches(session, import_id):
        _apply_batch(session, staged, as_of=as_of, older=older, done=done)
        progress(len(staged))
    if full:
        done.absent = _take_down_absent(session, row, as_of=as_of)
    _finish(session, row, done, as_of=as_of, now=now)
    return done


def _batches(session: Session, import_id: int) -> Iterator[Sequence[Any]]:
    """The staged rows by number."""
    last = ""
    while rows := session.execute(
        select(_STAGED)
        .where(_STAGED.c.import_id == import_id, _STAGED.c.npi > last)
        .order_by(_STAGED.c.npi)
        .limit(_BATCH)
    ).all():
        yield rows
        last = rows[-1].npi


def _apply_batch(session: Session, staged: Sequence[Any], *, as_of: date, older: bool, done: Applied) -> None:
    numbers = [each.npi for each in staged]
    removed = set(session.scalars(select(RegistryRemoval.npi).where(RegistryRemoval.npi.in_(numbers))))
    columns = RegistryEntry.npi, RegistryEntry.standing, RegistryEntry.updated_on, RegistryEntry.digest
    held = {
        npi: rules.Held(standing, updated_on, digest)
        for npi, standing, updated_on, digest in session.execute(select(*columns).where(RegistryEntry.npi.in_(numbers)))
    }
    by_change: dict[Change, list[Any]] = {each: [] for each in Change}
    for row in staged:
        if row.npi in removed:
            done.removed += 1
            continue
        heard = rules.Heard(row.standing, row.updated_on, row.since, row.digest)
        by_change[rules.change(held.get(row.npi), heard, older=older)].append(row)
    for change, rows in by_change.items():
        setattr(done, change.value, getattr(done, change.value) + len(rows))
    replaced = [*by_change[Change.CHANGED], *by_change[Change.BACK], *by_change[Change.TAKEN_DOWN]]
    _write(session, by_change[Change.NEW], replaced, as_of=as_of)
    if not older:
        session.execute(update(_ENTRY).where(_ENTRY.c.npi.in_(numbers)).values(as_of=as_of))


def _write(session: Session, new: Sequence[Any], replaced: Sequence[Any], *, as_of: date) -> None:
    if replaced:
        session.execute(delete(RegistryLead).where(RegistryLead.npi.in_([row.npi for row in replaced])))
    if new:
        session.execute(insert(_ENTRY), [{"npi": row.npi, **_entry(row, as_of)} for row in new])
    for row in replaced:
        session.execute(update(_ENTRY).where(_ENTRY.c.npi == row.npi).values(**_entry(row, as_of)))
    leads = [
        {"npi": row.npi, **lead}
        for row in (*new, *replaced)
        if row.standing is Standing.SHOWN
        for lead in row.facts["leads"]
    ]
    if leads:
        session.execute(insert(RegistryLead), leads)


def _staged(import_id: int, told: Told) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if told.standing is Standing.SHOWN:
        facts = {
            **{name: getattr(told, name) for name in _NAMES + _PLACE},
            "enumerated_on": told.enumerated_on and told.enumerated_on.isoformat(),
            "leads": [
                {"slot": each.slot, "state": each.state, "number": each.number, "is_primary": each.primary}
                for each in told.leads
            ],
        }
    return {
        "import_id": import_id,
        "npi": told.npi,
        "standing": told.standing,
        "updated_on": told.updated_on,
        "since": told.since,
        "digest": told.digest,
        "facts": facts,
        "contact_sealed": told.contact,
    }


def _entry(row: Any, as_of: date) -> dict[str, Any]:
    """The columns of an entry, the contact sealed as it was staged. Of somebody not shown only the name stays."""
    told = {
        "standing": row.standing,
        "standing_since": row.since or as_of,
        "updated_on": row.updated_on,
        "digest": row.digest,
        "as_of": as_of,
    }
    if row.standing is not Standing.SHOWN:
        return told | _NO_LONGER_KEPT
    enumerated_on = row.facts["enumerated_on"]
    return told | {
        **{name: row.facts[name] for name in _NAMES + _PLACE},
        "name_key": fold(row.facts["last_name"])[:_LONGEST_KEY],
        "enumerated_on": enumerated_on and date.fromisoformat(enumerated_on),
        "contact_sealed": row.contact_sealed,
    }


def _take_down_absent(session: Session, row: RegistryImport, *, as_of: date) -> int:
    """Hide whom a full file does not name. A row that could not be used still names somebody."""
    named = select(RegistryStaged.npi).where(RegistryStaged.import_id == row.id)
    refused = select(RegistryReject.npi).where(RegistryReject.import_id == row.id, RegistryReject.npi.is_not(None))
    shown = RegistryEntry.standing == Standing.SHOWN
    missing = shown & RegistryEntry.npi.not_in(named) & RegistryEntry.npi.not_in(refused)
    absent = session.scalar(select(func.count()).select_from(RegistryEntry).where(missing)) or 0
    if rules.lacks_too_many(absent, session.scalar(select(func.count()).where(shown)) or 0):
        raise BrokenFile(
            f"This file does not name {absent:,} of the people shown, so it is no full file. If it is one of a week,"
            " run again with --partial."
        )
    gone = {"standing": Standing.ABSENT, "standing_since": as_of, "digest": "", **_NO_LONGER_KEPT}
    session.execute(delete(RegistryLead).where(RegistryLead.npi.in_(select(RegistryEntry.npi).where(missing))))
    session.execute(
        update(RegistryEntry).where(missing).values(**gone), execution_options={"synchronize_session": False}
    )
    return absent


def _finish(session: Session, row: RegistryImport, done: Applied, *, as_of: date, now: datetime) -> None:
    """Note what was done, and drop what is not needed any more: the staged rows and the rejects of files before."""
    session.execute(delete(RegistryStaged).where(RegistryStaged.import_id == row.id))
    session.execute(delete(RegistryReject).where(RegistryReject.import_id != row.id))
    row.state = ImportState.APPLIED
    row.applied_at = now
    row.as_of = as_of
    row.counts = {**row.counts, **asdict(done)}
    session.flush()
    session.expire_all()


def _hold_removals(session: Session) -> None:
    """Let nobody be removed between the look at who is and the end; on SQLite the write lock sees to it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE registry_removal IN SHARE MODE"))


# --- people ---------------------------------------------------------------------------------------------------------


def remove(session: Session, npi: str, *, now: datetime) -> None:
    """Take somebody out for good: everything about them goes, and the number alone is kept so that no import brings
    them back. Doing it twice is doing it once. ``NotFound`` where there is nobody."""
    if queries.is_removed(session, npi):
        return
    if queries.entry(session, npi) is None:
        raise NotFound("There is nobody under this number.")
    try:
        with session.begin_nested():
            session.add(RegistryRemoval(npi=npi, removed_at=now))
            session.flush()
    except IntegrityError:
        return
    session.execute(delete(RegistryStaged).where(RegistryStaged.npi == npi))
    session.execute(delete(RegistryReject).where(RegistryReject.npi == npi))
    session.execute(delete(RegistryLead).where(RegistryLead.npi == npi))
    session.execute(delete(RegistryEntry).where(RegistryEntry.npi == npi))


def readmit(session: Session, npi: str) -> None:
    """Let the next full file bring somebody back who was taken out. ``NotFound`` where nobody was."""
    if not queries.is_removed(session, npi):
        raise NotFound("Nobody was taken out under this number.")
    session.execute(delete(RegistryRemoval).where(RegistryRemoval.npi == npi))
