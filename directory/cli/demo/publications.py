"""What registers of the demonstration publish: two rosters, one of them old, and an exclusion list that names
two people.

All three files are invented and say so in their names. The list and the old roster are of more than a year ago, so that
a real file can still be taken in after them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.credentials.terms import CredentialStatus
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus
from directory.registries.exclusions import service as exclusions
from directory.registries.exclusions.models import ExclusionEntry, ExclusionFile
from directory.registries.exclusions.reading import Contents
from directory.registries.exclusions.rules import Entry as Excluded
from directory.registries.naming import of_text
from directory.registries.rosters import queries as roster_queries
from directory.registries.rosters import service as rosters
from directory.registries.rosters.layouts import BY_JURISDICTION
from directory.registries.rosters.matching import Entry
from directory.registries.rosters.models import RosterEntry, RosterFile
from directory.registries.rosters.queries import PaperOfOurs
from directory.registries.rosters.reading import Roster

_FICTIONAL: Final = "demonstration-"
"""How the names of all that is invented here begin."""
_OLD: Final = timedelta(days=400)
_FRESH: Final = timedelta(days=6)
_SMALL_BOARDS: Final = ("US-DE", "US-CT", "US-MD", "US-IL", "US-CO", "US-WA", "US-FL")
_LARGE_BOARD: Final = "US-CA"
_ORDER: Final = "Invented order: reprimand; twelve hours of record keeping."


def publish(session: Session, listed: Sequence[Practitioner], *, today: date, now: datetime) -> None:
    """Take all three in; what they say of people of ours opens cases."""
    _old_roster(session, today=today, now=now)
    _fresh_roster(session, today=today, now=now)
    _exclusions(session, listed, today=today, now=now)


def withdraw(session: Session) -> None:
    """Forget all three files, before others are made."""
    mine = select(RosterFile.id).where(RosterFile.file_name.startswith(_FICTIONAL))
    session.execute(delete(RosterEntry).where(RosterEntry.first_file_id.in_(mine) & RosterEntry.last_file_id.in_(mine)))
    session.execute(
        delete(RosterFile).where(
            RosterFile.file_name.startswith(_FICTIONAL),
            RosterFile.id.not_in(select(RosterEntry.first_file_id)),
        )
    )
    session.execute(delete(ExclusionEntry).where(ExclusionEntry.key.startswith(_FICTIONAL)))
    session.execute(delete(ExclusionFile).where(ExclusionFile.file_name.startswith(_FICTIONAL)))


# --- rosters ---------------------------------------------------------------------------------------------------------


def _old_roster(session: Session, *, today: date, now: datetime) -> None:
    """The newest file of a large board is of last year: not checked any more. A newer one was refused."""
    papers = roster_queries.papers(session, jurisdiction=_LARGE_BOARD)
    _take(session, _LARGE_BOARD, [_as_published(each) for each in papers], today - _OLD, now - _OLD)
    rosters.refuse(
        session,
        sha256=_hash("refused", _LARGE_BOARD),
        file_name=f"{_FICTIONAL}{_LARGE_BOARD.lower()}-cut.csv",
        as_of=today - _OLD + timedelta(days=30),
        jurisdiction=_LARGE_BOARD,
        refusal="Line 412 has 3 columns and the header has 9. Nothing was taken.",
        now=now - _OLD + timedelta(days=30),
    )


def _fresh_roster(session: Session, *, today: date, now: datetime) -> None:
    """The first small board that licenses somebody who is listed has published an order against them."""
    listed = set(session.scalars(select(Practitioner.id).where(Practitioner.account_status == AccountStatus.PUBLISHED)))
    for board in (*_SMALL_BOARDS, _LARGE_BOARD):
        papers = roster_queries.papers(session, jurisdiction=board)
        told = next((each for each in papers if each.practitioner_id in listed and each.checked), None)
        if told is None:
            continue
        published = [_as_published(each) for each in papers if each is not told]
        order = replace(_as_published(told), discipline=_ORDER, raw_status="Active – board action")
        _take(session, board, [*published, order], today - _FRESH, now - timedelta(hours=5))
        return


def _take(session: Session, board: str, entries: list[Entry], as_of: date, now: datetime) -> None:
    roster = Roster(layout=BY_JURISDICTION[board], entries=entries, rows=len(entries))
    rosters.apply(
        session,
        roster,
        sha256=_hash(board, as_of.isoformat()),
        file_name=f"{_FICTIONAL}{board.lower()}-{as_of:%Y-%m}.csv",
        as_of=as_of,
        now=now,
        shrunk=True,
    )


def _as_published(paper: PaperOfOurs) -> Entry:
    """A licence as its board would write it."""
    return Entry(
        jurisdiction=paper.jurisdiction,
        licence_type="Acupuncturist",
        number=paper.number,
        number_key=paper.claim.number_key,
        written_name=paper.claim.written_name,
        names=paper.claim.names,
        status=CredentialStatus.ACTIVE,
        raw_status="Active",
        city=";".join(sorted(paper.claim.cities)).title(),
        region=paper.jurisdiction.removeprefix("US-"),
        expires=paper.expires,
        discipline=paper.discipline,
    )


# --- the exclusion list ----------------------------------------------------------------------------------------------


def _exclusions(session: Session, listed: Sequence[Practitioner], *, today: date, now: datetime) -> None:
    """One entry has the number of somebody who is listed, another only the name of somebody else."""
    shown = [each for each in listed if each.held_since is None]
    american = [each for each in shown if people.places_of(session, each.id)[0].country == "US"]
    by_number = next((each for each in american if each.npi), None)
    by_name = next((each for each in american[::-1] if each is not by_number and of_text(each.display_name)), None)
    entries = [
        _excluded(session, person, with_number=person is by_number, today=today)
        for person in (by_number, by_name)
        if person is not None
    ]
    if not entries:
        return
    exclusions.take_in(
        session,
        Contents(tuple(entries), rows=len(entries), twice=0, odd_numbers=0, newest=today - _OLD),
        sha256=_hash("exclusions", today.isoformat()),
        file_name=f"{_FICTIONAL}exclusions.csv",
        as_of=today - _OLD,
        now=now - timedelta(hours=7),
        allow_shorter=True,
    )
    exclusions.screen(session, now=now - timedelta(hours=7))


def _excluded(session: Session, person: Practitioner, *, with_number: bool, today: date) -> Excluded:
    name = next(iter(of_text(person.display_name)), None)
    place = people.places_of(session, person.id)[0]
    return Excluded(
        key=f"{_FICTIONAL}{'number' if with_number else 'name'}",
        npi=(person.npi or "") if with_number else "",
        last_name=(name.family if name else person.display_name).upper(),
        first_name=(name.given if name else "").upper(),
        general="INDIVIDUAL",
        specialty="ACUPUNCTURIST",
        city=place.locality.upper(),
        state=place.admin1 or "",
        basis="1128b4",
        excluded_on=today - _OLD - timedelta(days=20),
    )


def _hash(*parts: str) -> str:
    return hashlib.sha256("/".join((_FICTIONAL, *parts)).encode()).hexdigest()
