"""Keeping the ledger: who must be looked at, and noting what is different. Looking twice notes nothing twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from directory import changes
from directory.changes import Position
from directory.credentials.models import Credential, Indemnity
from directory.entries import rules
from directory.entries.models import Entry, EntryLedger, EntryLook, EntryPlace
from directory.geo.timezones import is_zone
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners.models import PracticePlace, Practitioner, WorkingWay
from directory.practitioners.rules import ACCEPTING_FADES_DAYS, accepting_now
from directory.practitioners.terms import Accepting
from directory.search import listings
from directory.search.cards import pregnancy_facts
from directory.search.listings import Listing
from directory.search.visible import Open, open_places

AT_A_TIME: Final = 100
"""People who are looked at in one transaction."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whom to look at, and up to where the ledger has read the changes once they are looked at."""

    people: tuple[int, ...]
    position: Position
    nothing_new: bool
    """Whether the ledger is where it should be already."""

    def batches(self) -> Iterator[tuple[int, ...]]:
        """The people by as many as one transaction takes."""
        for first in range(0, len(self.people), AT_A_TIME):
            yield self.people[first : first + AT_A_TIME]


def waiting(session: Session, *, now: datetime) -> Waiting:
    """Everybody who was changed or whom time may have changed since the last look; at the first look, and where the
    history of changes begins anew or was pruned too far, everybody."""
    kept = session.get(EntryLedger, 1)
    position = changes.position(session, after=kept.seq if kept is not None else 0)
    due = session.scalars(select(EntryLook.practitioner_id).where(EntryLook.due_at <= now))
    if kept is None or kept.token != position.token or position.pruned_to > kept.seq:
        published = select(Practitioner.id).where(Practitioner.published_at.is_not(None))
        found = {*session.scalars(published), *session.scalars(select(Entry.practitioner_id)), *due}
    else:
        found = {*position.changed, *due}
    up_to_here = kept is not None and (kept.token, kept.seq) == (position.token, position.newest)
    return Waiting(tuple(sorted(found)), position, nothing_new=up_to_here and not found)


def look(session: Session, people: Collection[int], *, now: datetime) -> int:
    """Note what is different about these people; how many are. Flushes."""
    kept = _kept(session, now)
    at = rules.stamp(now, newest=kept.looked_at)
    all_rules = jurisdictions.all_rules(session)
    found = _listings(session, people)
    ways, on_file = _ways(session, people), _on_file(session, people)
    known = {
        row.practitioner_id: row for row in session.scalars(select(Entry).where(Entry.practitioner_id.in_(people)))
    }
    due = {
        row.practitioner_id: row.due_at
        for row in session.scalars(select(EntryLook).where(EntryLook.practitioner_id.in_(people)))
    }
    moved: list[tuple[int, list[Open]]] = []
    for practitioner_id in people:
        row = known.get(practitioner_id)
        shown = open_places(found.get(practitioner_id, ()), all_rules, now=now)
        if shown:
            told = ((each.listing, each.permit, _said_today(each, all_rules)) for each in shown)
            digest = rules.digest([ways.get(practitioner_id), on_file.get(practitioner_id), *told])
            if row is not None and row.gone_at is None and row.digest == digest:
                continue
            _note_shown(session, row, shown[0].listing, digest, at, everybody_is_new=not kept.token)
        elif row is not None and row.gone_at is None:
            row.gone_at, row.changed_at, row.digest = min(due.get(practitioner_id, at), at), at, None
        else:
            continue
        moved.append((practitioner_id, shown))
    if moved:
        kept.looked_at = at
        _note_places(session, dict(moved), at)
    _plan(session, people, found, all_rules, now=now)
    session.flush()
    return len(moved)


def settle(session: Session, seen: Waiting, *, now: datetime) -> None:
    """Remember that all who waited were looked at."""
    kept = _kept(session, now)
    kept.token, kept.seq = seen.position.token, seen.position.newest
    session.flush()


def catch_up(session: Session, *, now: datetime) -> int:
    """All of it in this transaction, for whoever has just filled a database; how many entries are different."""
    seen = waiting(session, now=now)
    count = sum(look(session, batch, now=now) for batch in seen.batches())
    settle(session, seen, now=now)
    return count


def begin_anew(session: Session) -> None:
    """Count the next look at anybody as a change. For a database that was put back to an older state: whoever copies
    the directory may know a newer one."""
    session.execute(update(Entry).values(digest=None))
    session.execute(update(EntryLedger).values(token=""))


# --- looking ---------------------------------------------------------------------------------------------------------


def _kept(session: Session, now: datetime) -> EntryLedger:
    """The ledger, held: whoever notes comes after whoever noted before, in order of their stamps."""
    row = session.scalars(select(EntryLedger).with_for_update()).one_or_none()
    if row is None:
        row = EntryLedger(id=1, began_at=now, looked_at=now, token="", seq=0)
        session.add(row)
        session.flush()
    return row


def _said_today(shown: Open, all_rules: Mapping[str, Jurisdiction]) -> tuple[object, ...]:
    """What is told of a place and hangs on the day: whether new patients are taken, and whom pregnancy does not keep
    away."""
    place, rule = shown.listing.place, rule_for(shown.listing.place.jurisdiction, all_rules)
    return (
        accepting_now(place.accepting, place.accepting_confirmed_on, today=shown.today),
        None if rule is None else pregnancy_facts(shown.listing, rule, shown.today),
    )


def _fades(place: PracticePlace) -> list[date]:
    """The day on which nobody knows any more whether a place takes new patients, where that is known until then."""
    if place.accepting is not Accepting.YES or place.accepting_confirmed_on is None:
        return []
    return [place.accepting_confirmed_on + timedelta(days=ACCEPTING_FADES_DAYS + 1)]


def _listings(session: Session, people: Collection[int]) -> dict[int, list[Listing]]:
    found: dict[int, list[Listing]] = {}
    for listing in listings.read(session, practitioner_ids=people):
        found.setdefault(listing.practitioner.id, []).append(listing)
    return found


def _ways(session: Session, people: Collection[int]) -> dict[int, dict[str, Any]]:
    """How these people say they work, which stands beside every listing of theirs."""
    statement = select(*WorkingWay.__table__.columns).where(WorkingWay.practitioner_id.in_(people))
    return {row["practitioner_id"]: dict(row) for row in session.execute(statement).mappings()}


def _on_file(session: Session, people: Collection[int]) -> dict[int, list[Sequence[Any]]]:
    """What is told of the papers and insurances of these people and stands in no listing."""
    papers = (
        select(
            Credential.practitioner_id,
            Credential.scope,
            Credential.accredited_by,
            Credential.next_check_on,
            Credential.evidence_url,
            Credential.completed_year,
        )
        .where(Credential.practitioner_id.in_(people), Credential.given_up_on.is_(None))
        .where(or_(Credential.supersedes_id.is_(None), Credential.verified_on.is_not(None)))
        .order_by(Credential.id)
    )
    covers = (
        select(Indemnity.practitioner_id, Indemnity.insurer)
        .where(Indemnity.practitioner_id.in_(people), Indemnity.ended_on.is_(None))
        .order_by(Indemnity.id)
    )
    found: dict[int, list[Sequence[Any]]] = {}
    for statement in (papers, covers):
        for practitioner_id, *told in session.execute(statement):
            found.setdefault(practitioner_id, []).append(told)
    return found


def _note_shown(
    session: Session, row: Entry | None, listing: Listing, digest: str, at: datetime, *, everybody_is_new: bool
) -> None:
    if row is None:
        published = listing.practitioner.published_at
        # At the first look at everybody the ledger has seen nobody come; since when they are published is known.
        since = min(published, at) if everybody_is_new and published is not None else at
        row = Entry(practitioner_id=listing.practitioner.id, first_shown_at=since)
        session.add(row)
    row.changed_at, row.gone_at, row.digest = at, None, digest


def _note_places(session: Session, shown: Mapping[int, Sequence[Open]], at: datetime) -> None:
    here = {each.listing.place.id: practitioner_id for practitioner_id, some in shown.items() for each in some}
    mine = or_(EntryPlace.practitioner_id.in_(shown), EntryPlace.place_id.in_(here))
    known = {row.place_id: row for row in session.scalars(select(EntryPlace).where(mine))}
    for place_id, row in known.items():
        if place_id not in here and row.gone_at is None:
            row.gone_at = row.changed_at = at
    for place_id, practitioner_id in here.items():
        if place_id not in known:
            session.add(EntryPlace(place_id=place_id, practitioner_id=practitioner_id, changed_at=at))
            continue
        row = known[place_id]
        row.practitioner_id = practitioner_id
        if row.gone_at is not None:
            row.gone_at, row.changed_at = None, at


def _plan(
    session: Session,
    people: Collection[int],
    found: Mapping[int, Sequence[Listing]],
    all_rules: Mapping[str, Jurisdiction],
    *,
    now: datetime,
) -> None:
    """When to look at these people again though nobody changes anything."""
    session.execute(
        delete(EntryLook).where(EntryLook.practitioner_id.in_(people)).execution_options(synchronize_session="evaluate")
    )
    late_days = {rule.late_days for rule in all_rules.values()}
    rows = []
    for practitioner_id, some in found.items():
        turns = (
            rules.next_turn(
                each.person, late_days=late_days, zone=each.place.timezone, now=now, also=_fades(each.place)
            )
            for each in some
            if is_zone(each.place.timezone)
        )
        due_at = min((turn for turn in turns if turn is not None), default=None)
        if due_at is not None:
            rows.append({"practitioner_id": practitioner_id, "due_at": due_at})
    if rows:
        session.execute(insert(EntryLook), rows)
