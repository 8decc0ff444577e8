"""Taking in the exclusion list, and asking the desk about whom of ours it may speak.

A file counts wholly or not at all: whoever runs an import commits once, after ``take_in``. Nothing in here hides
anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.rules import WORKING_DAYS
from directory.cases.terms import Kind, Risk
from directory.downloads import BrokenFile
from directory.errors import Conflict
from directory.registries.exclusions import queries, rules
from directory.registries.exclusions.models import ExclusionEntry, ExclusionFile, ExclusionHit
from directory.registries.exclusions.reading import VERSION, Contents
from directory.registries.exclusions.rules import Entry, Match
from directory.registries.exclusions.terms import By

_AT_ONCE: Final = 500
URGENT_WORKING_DAYS: Final = 1


class OlderList(Conflict):
    """A newer file was taken before."""

    code = "older_list"

    def __init__(self, as_of: date, newest: date) -> None:
        super().__init__(
            f"This list is of {as_of.isoformat()}, and the newest one taken is of {newest.isoformat()}. Nothing was"
            " changed."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What taking a file did, in entries."""

    as_of: date
    new: int
    gone: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What comparing everybody with the list came to."""

    people: int
    by_number: int
    by_name: int
    opened: int
    """Cases that were not there before."""


def take_in(
    session: Session,
    contents: Contents,
    *,
    sha256: str,
    file_name: str,
    as_of: date,
    now: datetime,
    allow_shorter: bool = False,
) -> Taken:
    """Make what a file says the list, in this transaction.

    ``OlderList`` where a newer one was taken, ``BrokenFile`` where so much is missing that it looks cut off.
    """
    newest = queries.newest(session)
    if newest is not None and as_of < newest.as_of:
        raise OlderList(as_of, newest.as_of)
    before = None if newest is None else newest.entries
    if not allow_shorter and rules.looks_cut(len(contents.entries), before):
        raise BrokenFile(
            f"{file_name} has {len(contents.entries):,} entries and the list before had {before:,}: it looks cut off."
            " If it is whole, run again with --allow-shorter."
        )
    taken = _replace(session, contents.entries, as_of=as_of)
    session.add(
        ExclusionFile(
            sha256=sha256,
            file_name=file_name[-255:],
            reader=VERSION,
            as_of=as_of,
            taken_at=now,
            screened_at=None,
            entries=len(contents.entries),
            counts={
                "rows": contents.rows,
                "twice": contents.twice,
                "odd_numbers": contents.odd_numbers,
                "new": taken.new,
                "gone": taken.gone,
            },
        )
    )
    session.flush()
    return taken


def _replace(session: Session, entries: Sequence[Entry], *, as_of: date) -> Taken:
    rows = session.execute(select(ExclusionEntry.key, ExclusionEntry.gone_on)).all()
    held: dict[str, date | None] = {row[0]: row[1] for row in rows}
    told = {each.key: each for each in entries}
    new = [told[key] for key in told.keys() - held.keys()]
    back = [key for key in told.keys() & held.keys() if held[key] is not None]
    gone = [key for key in held.keys() - told.keys() if held[key] is None]
    if new:
        session.execute(insert(ExclusionEntry), [_row(each, as_of) for each in new])
    for keys in _portions(back):
        session.execute(update(ExclusionEntry).where(ExclusionEntry.key.in_(keys)).values(gone_on=None))
    _let_go(session, gone, as_of=as_of)
    session.expire_all()
    return Taken(as_of=as_of, new=len(new) + len(back), gone=len(gone), unchanged=len(told) - len(new) - len(back))


def _let_go(session: Session, gone: Sequence[str], *, as_of: date) -> None:
    """Drop what the list says no more, but keep what was once held against somebody of ours."""
    held_against = set(session.scalars(select(ExclusionHit.entry_key)))
    for keys in _portions([key for key in gone if key not in held_against]):
        session.execute(delete(ExclusionEntry).where(ExclusionEntry.key.in_(keys)))
    for keys in _portions([key for key in gone if key in held_against]):
        session.execute(update(ExclusionEntry).where(ExclusionEntry.key.in_(keys)).values(gone_on=as_of))


def _row(entry: Entry, as_of: date) -> dict[str, Any]:
    return {
        **{name: getattr(entry, name) for name in Entry.__slots__},
        "npi": entry.npi or None,
        "first_as_of": as_of,
        "gone_on": None,
    }


def _portions(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE)]


# --- everybody of ours -----------------------------------------------------------------------------------------------


def screen(session: Session, *, now: datetime) -> Screened:
    """Compare everybody with the newest list, and open a case for each entry that nobody was asked about yet.

    A number in common is urgent. A name in common is a question. ``Conflict`` while there is no list. Doing it twice is
    doing it once.
    """
    file = queries.newest(session)
    if file is None:
        raise Conflict("No exclusion list was taken yet. Run: stillpoint import-exclusions FILE", code="no_list")
    people = queries.people(session)
    found = rules.List(queries.entries(session)).matches(people, today=now.date())
    _remember(session, found, now=now)
    asked = [each for each in found if each.is_asked]
    opened = _ask(session, asked, now=now)
    file.screened_at = now
    session.flush()
    by_number = sum(each.by is By.NUMBER for each in asked)
    return Screened(people=len(people), by_number=by_number, by_name=len(asked) - by_number, opened=opened)


def _remember(session: Session, found: Sequence[Match], *, now: datetime) -> None:
    """Keep what was found, and forget what is not found any more, save where the list itself let go of it."""
    told = {(each.person, each.entry.key): each for each in found}
    living = select(ExclusionHit).join(ExclusionEntry).where(ExclusionEntry.gone_on.is_(None))
    held = {(row.practitioner_id, row.entry_key): row for row in session.scalars(living)}
    for pair in held.keys() - told.keys():
        session.delete(held[pair])
    for pair in held.keys() & told.keys():
        for name, value in _weighed(told[pair]).items():
            setattr(held[pair], name, value)
    session.flush()
    new = [told[pair] for pair in told.keys() - held.keys()]
    if new:
        session.execute(
            insert(ExclusionHit),
            [
                {"practitioner_id": each.person, "entry_key": each.entry.key, "found_at": now, **_weighed(each)}
                for each in new
            ],
        )


def _weighed(match: Match) -> dict[str, Any]:
    return {
        "by": match.by,
        "points": match.points,
        "standing": match.standing,
        "asked": match.is_asked,
        "reasons": [each.value for each in match.reasons],
    }


def _risk(match: Match) -> Risk:
    """A namesake in another state waits longer than one about whom more is the same."""
    if match.by is By.NUMBER:
        return Risk.URGENT
    return Risk.USUAL if match.is_likely else Risk.LOW


def _ask(session: Session, asked: Sequence[Match], *, now: datetime) -> int:
    subjects = {queries.subject(each.person, each.entry.key, each.by): each for each in asked}
    known: set[str] = set()
    for portion in _portions(list(subjects)):
        known |= set(
            session.scalars(select(Case.subject).where(Case.kind == Kind.EXCLUSION, Case.subject.in_(portion)))
        )
    for subject, match in subjects.items():
        if subject in known:
            continue
        urgent = match.by is By.NUMBER
        cases.open_for(
            session,
            Kind.EXCLUSION,
            subject,
            now=now,
            about=match.person,
            risk=_risk(match),
            working_days=URGENT_WORKING_DAYS if urgent else WORKING_DAYS,
        )
    return len(subjects.keys() - known)
