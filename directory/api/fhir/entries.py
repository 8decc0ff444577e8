"""Reading people with everything that resources are made of: the same few statements for one of them and for hundreds.

Nobody is here who may not be shown now. That is decided where it always is (``search.visible``), from what the
statements below have just read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from directory.credentials.models import Credential
from directory.credentials.rules import Paper, checked_at_source, in_force
from directory.credentials.terms import STATUTORY_ACUPUNCTURE, CheckMethod, CredentialKind
from directory.entries import queries as ledger
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.models import Practitioner, WorkingWay
from directory.search import listings
from directory.search.listings import Listing
from directory.search.visible import Open, open_places

STATEMENTS: Final = 4
"""How many ``read`` takes, whatever it is asked for; the rules come from whoever asks."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A paper as the rules see it, with its number here and what comes next for it."""

    id: int
    paper: Paper
    next_check_on: date | None
    completed_year: int | None
    accredited_by: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A person who may be shown now, with the places where they may be, the first one oldest."""

    practitioner: Practitioner
    places: tuple[Open, ...]
    papers: tuple[Filed, ...]
    """Those that were checked at their source, that stand and that are in force today, in the order they came."""
    way: WorkingWay | None
    """How they say they work."""
    last_updated: datetime
    """When what is shown of them was last noted as different."""
    rules: Mapping[str, Jurisdiction]

    @property
    def today(self) -> date:
        """The day at the first of the places."""
        return self.places[0].today


def read(
    session: Session, practitioner_ids: Collection[int], *, now: datetime, rules: Mapping[str, Jurisdiction]
) -> dict[int, Entry]:
    """Those of these people who may be shown now, by their numbers and in that order; ``STATEMENTS`` statements."""
    if not practitioner_ids:
        return {}
    ids = sorted(set(practitioner_ids))
    found: dict[int, list[Listing]] = {}
    for listing in listings.read(session, practitioner_ids=ids):
        found.setdefault(listing.practitioner.id, []).append(listing)
    connection = session.connection()
    papers: dict[int, list[Any]] = {}
    for row in connection.execute(_PAPERS, {"ids": ids}):
        papers.setdefault(row.practitioner_id, []).append(row)
    ways: dict[int, Any] = {row.practitioner_id: row for row in connection.execute(_WAYS, {"ids": ids})}
    stamps = ledger.stamps(session, ids)
    entries = {}
    for number in ids:
        shown = tuple(open_places(found.get(number, ()), rules, now=now))
        if not shown:
            continue
        entries[number] = Entry(
            practitioner=shown[0].listing.practitioner,
            places=shown,
            papers=tuple(_shown_papers(papers.get(number, ()), shown, rules)),
            way=ways.get(number),
            last_updated=stamps[number].changed_at,
            rules=rules,
        )
    return entries


def _shown_papers(rows: Iterable[Any], shown: tuple[Open, ...], rules: Mapping[str, Jurisdiction]) -> list[Filed]:
    """The papers that may be told of as checked: each that a listing rests on, and what else holds today."""
    listing, today = shown[0].listing, shown[0].today
    known: dict[tuple[Any, ...], list[Paper]] = {}
    for paper in listing.person.papers:
        known.setdefault(_key(paper), []).append(paper)
    basis = {_key(paper) for each in shown for paper in each.permit.basis}
    found = []
    for row in rows:
        alike = known.get(_key(row))
        if not alike:
            # It came or changed between two statements; the next reader finds it.
            continue
        paper = alike.pop(0)
        waits = row.supersedes_id is not None and row.verified_on is None
        if waits or paper.superseded or paper.given_up or not _holds(paper, today, rules, basis):
            continue
        found.append(Filed(row.id, paper, row.next_check_on, row.completed_year, row.accredited_by))
    return found


def _holds(paper: Paper, today: date, rules: Mapping[str, Jurisdiction], basis: Collection[tuple[Any, ...]]) -> bool:
    if not checked_at_source(paper, today=today):
        return False
    if _key(paper) in basis:
        return True
    rule = rules.get(paper.jurisdiction or "")
    late_days = rule.late_days if rule is not None else 0
    return in_force(paper, today=today, late_days=late_days, needs_expiry=paper.kind in STATUTORY_ACUPUNCTURE)


def _key(paper: Any) -> tuple[Any, ...]:
    return (
        CredentialKind(paper.kind),
        paper.jurisdiction,
        paper.place_id,
        paper.body,
        paper.title,
        paper.number,
        paper.valid_from,
        paper.expires,
        paper.verified_on,
        None if paper.check_method is None else CheckMethod(paper.check_method),
    )


_PAPERS: Final = (
    select(
        Credential.id,
        Credential.practitioner_id,
        Credential.kind,
        Credential.jurisdiction,
        Credential.place_id,
        Credential.body,
        Credential.title,
        Credential.number,
        Credential.valid_from,
        Credential.expires,
        Credential.verified_on,
        Credential.check_method,
        Credential.supersedes_id,
        Credential.next_check_on,
        Credential.completed_year,
        Credential.accredited_by,
    )
    .where(Credential.practitioner_id.in_(bindparam("ids", expanding=True)))
    .order_by(Credential.id)
)
_WAYS: Final = select(*WorkingWay.__table__.columns).where(
    WorkingWay.practitioner_id.in_(bindparam("ids", expanding=True))
)
