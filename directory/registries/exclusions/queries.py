"""Reading the exclusion list and what it may say of our own people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.cases.terms import State as CaseState
from directory.credentials.models import Credential
from directory.credentials.registration.models import Registration
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import AccountStatus
from directory.registries.exclusions import rules
from directory.registries.exclusions.models import ExclusionEntry, ExclusionFile, ExclusionHit
from directory.registries.exclusions.rules import Entry, Match, Person
from directory.registries.exclusions.terms import By, Freshness, Reason, Standing
from directory.registries.models import RegistryEntry
from directory.registries.naming import Name, of_parts, of_text
from directory.registries.terms import Standing as RegisterStanding

_COUNTRY = "US"
_US_REGISTER = "US-"
_FIELDS = (
    "key",
    "npi",
    "last_name",
    "first_name",
    "middle_name",
    "business",
    "general",
    "specialty",
    "born",
    "address",
    "city",
    "state",
    "postal_code",
    "basis",
    "excluded_on",
    "reinstated_on",
    "waived_on",
    "waived_in",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """Which list we have, and whether it says anything about today."""

    freshness: Freshness
    as_of: date | None
    entries: int
    screened_at: datetime | None

    @property
    def is_checked(self) -> bool:
        """Whether somebody whom it does not name may be said not to be on it. Otherwise they are "not checked"."""
        return self.freshness is Freshness.CHECKED and self.screened_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entry that may be about one person, and the case in which that is decided."""

    entry: Entry
    by: By
    points: int
    reasons: tuple[Reason, ...]
    standing: Standing
    asked: bool
    found_at: datetime
    gone_on: date | None
    """The list does not say so any more since the file of this day."""
    case_id: int | None
    case_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the list says about one person. Without hits that is good news only where ``is_checked``."""

    state: ListState
    is_checked: bool
    """The list is recent enough, and they have been compared with it since they last changed."""
    hits: tuple[Hit, ...]


def newest(session: Session) -> ExclusionFile | None:
    """The newest file that was taken in."""
    return session.scalar(select(ExclusionFile).order_by(ExclusionFile.as_of.desc(), ExclusionFile.id.desc()).limit(1))


def taken(session: Session, sha256: str) -> ExclusionFile | None:
    """This very file, where it was taken in before."""
    return session.scalar(select(ExclusionFile).where(ExclusionFile.sha256 == sha256))


def state(session: Session, *, now: datetime) -> ListState:
    """Which list we have, and whether it can be relied on."""
    return _state(newest(session), now=now)


def _state(file: ExclusionFile | None, *, now: datetime) -> ListState:
    return ListState(
        freshness=rules.freshness(None if file is None else file.as_of, now=now),
        as_of=None if file is None else file.as_of,
        entries=0 if file is None else file.entries,
        screened_at=None if file is None else file.screened_at,
    )


def about_person(session: Session, practitioner_id: int, *, now: datetime) -> About:
    """What the list may say of this practitioner, the surest first. Two statements."""
    file, changed_at = session.execute(
        select(ExclusionFile, Practitioner.updated_at)
        .select_from(Practitioner)
        .outerjoin(
            ExclusionFile,
            ExclusionFile.id
            == select(ExclusionFile.id)
            .order_by(ExclusionFile.as_of.desc(), ExclusionFile.id.desc())
            .limit(1)
            .scalar_subquery(),
        )
        .where(Practitioner.id == practitioner_id)
    ).one_or_none() or (None, None)
    found = _state(file, now=now)
    compared = found.screened_at is not None and changed_at is not None and changed_at <= found.screened_at
    return About(state=found, is_checked=found.is_checked and compared, hits=tuple(_hits(session, practitioner_id)))


def _hits(session: Session, practitioner_id: int) -> Sequence[Hit]:
    rows = session.execute(
        select(ExclusionHit, ExclusionEntry, Case.id, Case.subject, Case.state)
        .join(ExclusionEntry, ExclusionEntry.key == ExclusionHit.entry_key)
        .outerjoin(Case, and_(Case.kind == Kind.EXCLUSION, Case.about == practitioner_id))
        .where(ExclusionHit.practitioner_id == practitioner_id)
        .order_by(ExclusionHit.points.desc(), ExclusionHit.entry_key, Case.id)
    ).all()
    hits: dict[str, Hit] = {}
    for row, entry, case_id, case_subject, case_state in rows:
        theirs = case_subject == subject(practitioner_id, entry.key, row.by)
        if entry.key not in hits or theirs:
            hits[entry.key] = Hit(
                entry=_entry(entry),
                by=row.by,
                points=row.points,
                reasons=tuple(Reason(each) for each in row.reasons),
                standing=row.standing,
                asked=row.asked,
                found_at=row.found_at,
                gone_on=entry.gone_on,
                case_id=case_id if theirs else None,
                case_open=theirs and case_state is CaseState.OPEN,
            )
    return list(hits.values())


def subject(practitioner_id: int, entry_key: str, by: By) -> str:
    """What the case about an entry and somebody is about. It stays the same as long as the entry does, so that nobody
    is asked again what they answered; an entry that changes is asked about anew, and so is one that first had only the
    name in common and then the number."""
    return f"exclusion:{practitioner_id}-{entry_key[:24]}-{by.value}"


def _entry(row: ExclusionEntry) -> Entry:
    told = {name: getattr(row, name) for name in _FIELDS}
    return Entry(**told | {"npi": told["npi"] or ""})


def entries(session: Session) -> Sequence[Entry]:
    """Everything that the newest file says."""
    columns = [getattr(ExclusionEntry, name) for name in _FIELDS]
    rows = session.execute(select(*columns).where(ExclusionEntry.gone_on.is_(None)))
    return [Entry(**dict(zip(_FIELDS, (row[0], row[1] or "", *row[2:]), strict=True))) for row in rows]


def people(session: Session) -> Sequence[Person]:
    """Everybody of ours who was ever sent in or published, with every name and state that they or their papers give.

    Somebody without any tie to the United States is known by no name here: a namesake overseas is no question.
    """
    numbers: dict[int, str | None] = {}
    names: dict[int, list[Name]] = defaultdict(list)
    places: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for key, npi, display_name in session.execute(_concerned()):
        numbers[key] = npi
        names[key] += of_text(display_name)
        if npi:
            places[key]
    for key, region, city in session.execute(
        select(PracticePlace.practitioner_id, PracticePlace.admin1, PracticePlace.locality).where(
            PracticePlace.country == _COUNTRY
        )
    ):
        places[key].add(((region or "").upper(), city))
    for key, jurisdiction, name in session.execute(
        select(Credential.practitioner_id, Credential.jurisdiction, Credential.name_on_record)
    ):
        if jurisdiction is not None and jurisdiction.startswith(_US_REGISTER):
            places[key].add((jurisdiction.removeprefix(_US_REGISTER), ""))
        names[key] += of_text(name or "")
    for key, entry in session.execute(
        select(Practitioner.id, RegistryEntry)
        .join(RegistryEntry, RegistryEntry.npi == Practitioner.npi)
        .where(RegistryEntry.standing == RegisterStanding.SHOWN)
    ):
        names[key].append(of_parts(entry.last_name, entry.first_name, entry.middle_name))
        places[key].add((entry.region, entry.city))
    return [
        Person(
            key=key,
            npi=npi or "",
            names=tuple(dict.fromkeys(names[key])) if key in places else (),
            places=frozenset(places.get(key, ())),
        )
        for key, npi in numbers.items()
    ]


def _concerned() -> Select[int, str | None, str]:
    return (
        select(Practitioner.id, Practitioner.npi, Practitioner.display_name)
        .outerjoin(Registration, Registration.practitioner_id == Practitioner.id)
        .where(or_(Practitioner.account_status != AccountStatus.DRAFT, Registration.submitted_at.is_not(None)))
        .order_by(Practitioner.id)
    )


def matches(session: Session, *, today: date) -> list[Match]:
    """Everything that the list may say of anybody of ours, on a day."""
    return rules.List(entries(session)).matches(people(session), today=today)


def changed_since(session: Session, moment: datetime) -> bool:
    """Whether anything about anybody of ours changed since, as far as it matters for names and numbers."""
    newest = [
        session.scalar(select(func.max(column)))
        for column in (Practitioner.updated_at, Credential.created_at, Registration.submitted_at)
    ]
    return any(each is not None and each > moment for each in newest)
