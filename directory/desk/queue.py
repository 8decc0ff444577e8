"""Reading the queue: a page of it, and how much lies on each pile.

Both are made for a hundred thousand open cases. A page walks an index in the order in which it is shown and stops when
it is full; where a filter would break that order (several kinds, what is overdue), it is cut into parts that each keep
it. A number is counted to ``MOST_COUNTED`` and no further, in the indexes alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from itertools import product
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    SmallInteger,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from directory.accounts.models import Account
from directory.cases.models import Case
from directory.cases.terms import Kind, Risk, State
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.terms import Outcome
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.models import Credential, Indemnity
from directory.credentials.terms import CredentialKind
from directory.desk.criteria import RECENTLY, Criteria, Pile
from directory.practitioners.models import PracticePlace, Practitioner
from directory.registries.models import RegistryEntry

PAGE: Final = 20
MOST_COUNTED: Final = 500
"""Beyond this a number is "more than"."""
_MOST_SORTED: Final = MOST_COUNTED
"""How many cases of a narrow filter are looked through to count them by kind."""

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page of the queue begins: after the case with these."""

    risk: int
    at: datetime
    """When it is due; of a closed one, when it was closed."""
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One case as the queue shows it."""

    id: int
    kind: Kind
    subject: str
    risk: int
    opened_at: datetime
    due: datetime
    closed_at: datetime | None
    waiting_since: datetime | None
    about: int | None
    jurisdiction: str | None
    claimed_by: int | None
    claimed_until: datetime | None
    assigned_to: int | None
    not_by: int | None
    person: str | None
    """The practitioner's name, or the one that a register gives for the number."""
    account_id: int | None
    """Whose profile it is about."""
    locality: str | None
    country: str | None
    paper: CredentialKind | None
    body: str | None
    number: str | None
    insurer: str | None
    edit_of: str | None
    """What a wished change is about: ``person`` or ``place:ID``."""
    holder: str | None
    """The address of whoever took it."""
    assignee: str | None
    looked_at: Kind | None
    """What was decided in the decision that is looked at a second time."""
    outcome: Outcome | None
    """Of a closed case."""

    def held_at(self, now: datetime) -> bool:
        """Whether somebody works on it."""
        return self.claimed_until is not None and now < self.claimed_until

    @property
    def key(self) -> Key:
        """Where the page after this line begins."""
        return Key(self.risk, self.due if self.closed_at is None else self.closed_at, self.id)


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of the queue in its order, and where the next ones begin."""

    lines: Sequence[Line]
    after: Key | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many; ``more`` says that there are more than that."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How much lies on each pile for the kinds that were asked for, and on the pile that was asked for by kind."""

    piles: Mapping[Pile, Count]
    kinds: Mapping[Kind, Count]
    shown: Count
    """What the whole filter finds."""


# --- a page ----------------------------------------------------------------------------------------------------------


def page(
    session: Session, criteria: Criteria, *, by: int, now: datetime, after: Key | None = None, size: int = PAGE
) -> Page:
    """The lines after a key, or the first ones; one statement."""
    shape = _Shape.of(criteria, after=after is not None)
    values = _values(criteria, by=by, now=now) | {"size": size + 1}
    if after is not None:
        values |= {"after_risk": after.risk, "after_at": after.at, "after_id": after.id}
    rows = session.execute(_listing(shape), values).all()
    lines = [_line(row) for row in rows[:size]]
    return Page(lines, lines[-1].key if len(rows) > size else None)


def free_ones(
    session: Session, criteria: Criteria, *, by: int, now: datetime, after: Key | None = None, size: int
) -> list[Key]:
    """Where the first cases of a filter stand that nobody works on and that this account may decide."""
    shape = _Shape.of(criteria, after=after is not None, free=True)
    values = _values(criteria, by=by, now=now) | {"size": size}
    if after is not None:
        values |= {"after_risk": after.risk, "after_at": after.at, "after_id": after.id}
    return [Key(risk, at, key) for key, risk, at in session.execute(_hits(shape), values)]


def free(*, by: int, now: datetime) -> list[ColumnElement[bool]]:
    """What makes a case one that nobody works on and that this account may decide."""
    return _free(literal(by, BigInteger()), literal(now, Case.due.type))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What of a filter makes another statement of it; everything else is a value."""

    pile: Pile
    kinds: tuple[Kind, ...]
    jurisdiction: bool
    risk: Risk | None
    words: int
    before: bool
    after: bool = False
    free: bool = False

    @classmethod
    def of(cls, criteria: Criteria, *, after: bool = False, free: bool = False) -> _Shape:
        return cls(
            criteria.pile,
            criteria.kinds,
            criteria.jurisdiction is not None,
            criteria.risk,
            len(criteria.name.split()),
            criteria.before is not None,
            after,
            free,
        )


def _values(criteria: Criteria, *, by: int, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"me": by, "now": now, "recently": now - RECENTLY}
    if criteria.jurisdiction is not None:
        values["jurisdiction"] = criteria.jurisdiction
    if criteria.before is not None:
        values["before"] = datetime.combine(criteria.before, time(), UTC)
    for number, word in enumerate(criteria.name.split()):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values[f"word_{number}"] = f"%{escaped}%"
    return values


def _bound(name: str, column: Any) -> BindParameter[Any]:
    return bindparam(name, type_=column.type)


_ME: Final = bindparam("me", type_=BigInteger())
_NOW: Final = _bound("now", Case.due)


def _free(me: ColumnElement[int], now: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    own = select(Practitioner.id).where(Practitioner.account_id == me).scalar_subquery()
    return [
        or_(Case.claimed_until.is_(None), Case.claimed_until <= now),
        or_(Case.not_by.is_(None), Case.not_by != me),
        or_(Case.about.is_(None), own.is_(None), Case.about != own),
    ]


def _of_pile(pile: Pile) -> list[ColumnElement[bool]]:
    """What makes a case lie on a pile, so that an index can tell."""
    if pile is Pile.DECIDED:
        return [Case.state == State.CLOSED, Case.closed_at > _bound("recently", Case.due)]
    is_open = Case.state == State.OPEN
    return {
        Pile.OPEN: [is_open, Case.waiting_since.is_(None)],
        Pile.OVERDUE: [is_open, Case.waiting_since.is_(None), Case.due < _NOW],
        # "Is not null" in a form for which SQLite uses an index.
        Pile.WAITING: [is_open, Case.waiting_since > literal(_EPOCH, Case.waiting_since.type)],
        Pile.MINE: [is_open, Case.claimed_by == _ME, Case.claimed_until > _NOW],
        Pile.ASSIGNED: [is_open, Case.assigned_to == _ME],
        Pile.SECOND: [is_open],
    }[pile]


def _parts(pile: Pile, kinds: Sequence[Kind], risk: Risk | None) -> Iterator[list[ColumnElement[bool]]]:
    """The conditions of a pile, cut so that each part can be read from one index in the order of the queue."""
    risks: Sequence[Risk | None] = (risk,) if risk is not None or pile is not Pile.OVERDUE else tuple(Risk)
    whose: Sequence[ColumnElement[bool] | None] = (None,)
    if pile is Pile.SECOND:
        second = Case.kind == Kind.SECOND_LOOK
        whose = (second, and_(Case.not_by > 0, ~second))
    for kind, one_risk, one_whose in product(kinds or (None,), risks, whose):
        part = _of_pile(pile)
        part += [] if kind is None else [Case.kind == kind]
        part += [] if one_risk is None else [Case.risk == int(one_risk)]
        part += [] if one_whose is None else [one_whose]
        yield part


def _besides(shape: _Shape) -> list[ColumnElement[bool]]:
    """What a filter asks besides pile, kinds and risk."""
    found: list[ColumnElement[bool]] = _free(_ME, _NOW) if shape.free else []
    if shape.jurisdiction:
        found.append(Case.jurisdiction == _bound("jurisdiction", Case.jurisdiction))
    if shape.before:
        found.append(Case.opened_at < _bound("before", Case.opened_at))
    if shape.words:
        people = select(Practitioner.id).where(*_named(Practitioner.display_name, shape.words))
        in_register = RegistryEntry.first_name + " " + RegistryEntry.last_name
        numbers = select("npi:" + RegistryEntry.npi).where(*_named(in_register, shape.words))
        found.append(or_(Case.about.in_(people), Case.subject.in_(numbers)))
    if shape.after:
        found.append(_beyond(shape.pile))
    return found


def _named(column: Any, words: int) -> list[ColumnElement[bool]]:
    return [column.ilike(bindparam(f"word_{number}", type_=String()), escape="\\") for number in range(words)]


def _beyond(pile: Pile) -> ColumnElement[bool]:
    risk, at, key = (
        bindparam("after_risk", type_=SmallInteger()),
        _bound("after_at", Case.due),
        bindparam("after_id", type_=BigInteger()),
    )
    if pile is Pile.DECIDED:
        return tuple_(Case.closed_at, Case.id) < tuple_(at, key)
    return tuple_(Case.risk, Case.due, Case.id) > tuple_(risk, at, key)


@lru_cache(maxsize=256)
def _hits(shape: _Shape) -> Select[Any]:
    """The first cases of a filter: id, risk, and when it is due or was closed."""
    decided = shape.pile is Pile.DECIDED
    at = Case.closed_at if decided else Case.due
    size = bindparam("size", type_=BigInteger())
    columns: list[Any] = [Case.id.label("id"), Case.risk.label("risk"), at.label("at")]
    besides = _besides(shape)
    # PostgreSQL takes the order out of an index only where the column that must be empty is named in it too.
    order = [at.desc(), Case.id.desc()] if decided else [Case.risk, Case.due, Case.id]
    if shape.pile in (Pile.OPEN, Pile.OVERDUE):
        order.insert(0, Case.waiting_since)
    parts: list[Select[Any]] = [
        select(*columns).where(*part, *besides).order_by(*order).limit(size)
        for part in _parts(shape.pile, shape.kinds, shape.risk)
    ]
    if len(parts) == 1:
        return parts[0]
    together = union_all(*(select(part.subquery()) for part in parts)).subquery()
    found = together.c
    again = [found.at.desc(), found.id.desc()] if decided else [found.risk, found.at, found.id]
    chosen: list[Any] = [found.id, found.risk, found.at]
    return select(*chosen).order_by(*again).limit(size)


@lru_cache(maxsize=256)
def _listing(shape: _Shape) -> Select[Any]:
    """The lines of the first cases of a filter, with everything that is shown of them."""
    hits = _hits(shape).subquery()
    holder, assignee, looked_at = aliased(Account), aliased(Account), aliased(Decision)
    first_place = (
        select(func.min(PracticePlace.id))
        .where(PracticePlace.practitioner_id == Case.about, PracticePlace.active)
        .correlate(Case)
        .scalar_subquery()
    )
    last_decision = select(func.max(Decision.id)).where(Decision.case_id == Case.id).correlate(Case).scalar_subquery()
    decided = shape.pile is Pile.DECIDED
    columns: list[Any] = [getattr(Case, name) for name in _OF_CASE]
    columns += [
        func.coalesce(
            Practitioner.display_name,
            case((RegistryEntry.npi.is_not(None), RegistryEntry.first_name + " " + RegistryEntry.last_name)),
        ).label("person"),
        Practitioner.account_id,
        func.coalesce(PracticePlace.locality, RegistryEntry.city).label("locality"),
        func.coalesce(PracticePlace.country, RegistryEntry.country).label("country"),
        Credential.kind.label("paper"),
        Credential.body,
        Credential.number,
        Indemnity.insurer,
        ProposedEdit.subject.label("edit_of"),
        holder.email.label("holder"),
        assignee.email.label("assignee"),
        looked_at.kind.label("looked_at"),
        (Decision.outcome if decided else cast(literal_column("NULL"), Decision.outcome.type)).label("outcome"),
    ]
    found = (
        select(*columns)
        .join_from(hits, Case, Case.id == hits.c.id)
        .outerjoin(Practitioner, Practitioner.id == Case.about)
        .outerjoin(PracticePlace, PracticePlace.id == first_place)
        .outerjoin(Credential, Credential.id == _number_after("credential:"))
        .outerjoin(Indemnity, Indemnity.id == _number_after("indemnity:"))
        .outerjoin(ProposedEdit, ProposedEdit.id == _number_after("edit:"))
        .outerjoin(looked_at, looked_at.id == _number_after("decision:"))
        .outerjoin(RegistryEntry, and_(Case.subject.like("npi:%"), RegistryEntry.npi == func.substr(Case.subject, 5)))
        .outerjoin(holder, holder.id == Case.claimed_by)
        .outerjoin(assignee, assignee.id == Case.assigned_to)
    )
    if decided:
        found = found.outerjoin(Decision, Decision.id == last_decision)
        return found.order_by(Case.closed_at.desc(), Case.id.desc())
    return found.order_by(Case.risk, Case.due, Case.id)


_OF_CASE: Final = (
    "id",
    "kind",
    "subject",
    "risk",
    "opened_at",
    "due",
    "closed_at",
    "waiting_since",
    "about",
    "jurisdiction",
    "claimed_by",
    "claimed_until",
    "assigned_to",
    "not_by",
)


def _number_after(prefix: str) -> ColumnElement[int | None]:
    """The number in a subject that begins so; nothing in any other."""
    return case(
        (Case.subject.like(f"{prefix}%"), cast(func.substr(Case.subject, len(prefix) + 1), BigInteger)), else_=None
    )


def _line(row: Row[Any]) -> Line:
    return Line(**row._mapping)  # noqa: SLF001 -- the public name of SQLAlchemy for a row by its columns


# --- counting --------------------------------------------------------------------------------------------------------


def counts(session: Session, criteria: Criteria, *, by: int, now: datetime) -> Counts | None:
    """How much there is; one statement. ``None`` where a narrow filter finds too much to sort it by kind."""
    values = _values(criteria, by=by, now=now)
    if criteria.narrow:
        return _sorted_out(session, criteria, values)
    row = session.execute(_counting(criteria.pile, criteria.kinds), values).one()
    number = {name: _count(int(value)) for name, value in row._mapping.items()}  # noqa: SLF001 -- as above
    piles = {pile: number[f"pile_{pile}"] for pile in Pile}
    return Counts(piles, {kind: number[f"kind_{kind}"] for kind in Kind}, piles[criteria.pile])


def _count(number: int) -> Count:
    return Count(MOST_COUNTED, more=True) if number > MOST_COUNTED else Count(number)


@lru_cache(maxsize=256)
def _counting(pile: Pile, kinds: tuple[Kind, ...]) -> Select[Any]:
    """A number for each pile of these kinds, and for each kind on this pile."""
    numbers: list[Any] = [_up_to(each, kinds).label(f"pile_{each}") for each in Pile]
    numbers += [_up_to(pile, (kind,)).label(f"kind_{kind}") for kind in Kind]
    return select(*numbers)


def _up_to(pile: Pile, kinds: tuple[Kind, ...]) -> ColumnElement[int]:
    each: list[ScalarSelect[int]] = []
    for part in _parts(pile, kinds, None):
        hits: Select[Any] = (
            select(literal_column("1")).select_from(Case).where(*part).limit(literal_column(str(MOST_COUNTED + 1)))
        )
        each.append(select(func.count()).select_from(hits.subquery()).scalar_subquery())
    total: ColumnElement[int] = each[0]
    for more in each[1:]:
        total = total + more
    return total


def _sorted_out(session: Session, criteria: Criteria, values: Mapping[str, Any]) -> Counts | None:
    """The same for a narrow filter: what it finds is few, and is looked through once."""
    shape = _Shape(
        Pile.OPEN,
        (),
        criteria.jurisdiction is not None,
        criteria.risk,
        len(criteria.name.split()),
        bool(criteria.before),
    )
    piles, kinds = dict.fromkeys(Pile, 0), dict.fromkeys(Kind, 0)
    looked_at = 0
    for row in session.execute(_sorting(shape), values):
        looked_at += row.number
        for pile in [each for each in Pile if row._mapping[each.value]]:  # noqa: SLF001 -- as above
            kinds[row.kind] += row.number if pile is criteria.pile else 0
            piles[pile] += row.number if not criteria.kinds or row.kind in criteria.kinds else 0
    if looked_at > _MOST_SORTED:
        return None
    told = {pile: _count(number) for pile, number in piles.items()}
    return Counts(told, {kind: _count(number) for kind, number in kinds.items()}, told[criteria.pile])


@lru_cache(maxsize=64)
def _sorting(shape: _Shape) -> Select[Any]:
    on: dict[Pile, ColumnElement[bool]] = {pile: and_(*_of_pile(pile)) for pile in Pile if pile is not Pile.SECOND}
    on[Pile.SECOND] = and_(Case.state == State.OPEN, or_(Case.kind == Kind.SECOND_LOOK, Case.not_by > 0))
    parts = []
    for lies in (Case.state == State.OPEN, and_(*_of_pile(Pile.DECIDED))):
        flags = [case((condition, 1), else_=0).label(pile.value) for pile, condition in on.items()]
        narrow = [] if shape.risk is None else [Case.risk == int(shape.risk)]
        columns: list[Any] = [Case.kind, *flags]
        hits: Select[Any] = select(*columns).where(lies, *narrow, *_besides(shape)).limit(_MOST_SORTED + 1)
        parts.append(select(hits.subquery()))
    found = union_all(*parts).subquery()
    groups = [found.c.kind, *(found.c[pile.value] for pile in on)]
    return select(*groups, func.count().label("number")).group_by(*groups)
