"""Reading practice places with all that decides and explains a listing, in one statement for any number of places."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Select, Text, bindparam, exists, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import ScalarSelect

from directory.credentials.models import (
    Credential,
    CredentialCondition,
    Indemnity,
    PregnancyDeclaration,
    RlsExperience,
)
from directory.credentials.rules import Cover, Declaration, Paper, Person, conditions_on, replaced
from directory.credentials.terms import CheckMethod, ConditionCode, CredentialKind, CredentialStatus
from directory.db import UTCDateTime
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.models import (
    Language,
    Payer,
    PlaceHours,
    PlacePayer,
    PlaceRemoteJurisdiction,
    PracticePlace,
    Practitioner,
    PractitionerDecline,
    PractitionerLanguage,
    PractitionerProtocol,
    PractitionerTechnique,
    ProfileAttestation,
)
from directory.practitioners.rules import Absence, Interval, availability
from directory.practitioners.terms import Availability, LanguageLevel, Protocol, Technique
from directory.screening.terms import Condition
from directory.search.results import Language as SpokenLanguage

ADULT = 18


class json_rows(FunctionElement[Any]):  # noqa: N801 -- it is written like the SQL function it stands for
    """All rows of a scalar subquery as the text of one JSON array of arrays; the databases name it differently."""

    name = "json_rows"
    type = Text()
    inherit_cache = True


@compiles(json_rows, "sqlite")
def _sqlite(element: json_rows, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(json_rows, "postgresql")
def _postgresql(element: json_rows, compiler: SQLCompiler, **options: Any) -> str:
    return f"coalesce(json_agg(json_build_array({compiler.process(element.clauses, **options)})), '[]'::json)::text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One place of one person, with the person's facts as the rules take them."""

    place: PracticePlace
    practitioner: Practitioner
    person: Person
    experience: RlsExperience | None
    declaration: PregnancyDeclaration | None
    languages: tuple[SpokenLanguage, ...]
    techniques: frozenset[Technique]
    declines: frozenset[Condition]
    protocols: frozenset[Protocol]
    availability: frozenset[Availability]
    hours: tuple[Interval, ...]
    payers: tuple[tuple[str, str], ...]
    """Code and name of each."""
    payers_stated: Mapping[str, date]
    """By code, the day on which it was stated."""
    remote_jurisdictions: frozenset[str]

    @property
    def spoken(self) -> frozenset[str]:
        """Codes of the languages in which one can talk about one's health here; a basic level is not enough."""
        return frozenset(each.code for each in self.languages if each.level != LanguageLevel.BASIC)


def read(
    session: Session, *, place_ids: Collection[int] | None = None, practitioner_ids: Collection[int] | None = None
) -> Iterator[Listing]:
    """Listings of these places, or of all places of these practitioners, or of everybody: one statement each time."""
    # By the connection, because a session looks each value up in its machinery for objects, and here are none.
    session.flush()
    connection = session.connection()
    if place_ids is not None:
        rows = connection.execute(_OF_PLACES, {"ids": list(place_ids)}).all()
    elif practitioner_ids is not None:
        rows = connection.execute(_OF_PRACTITIONERS, {"ids": list(practitioner_ids)}).all()
    else:
        for row in connection.execute(_EVERYBODY, execution_options={"yield_per": 1000}):
            yield _listing(row)
        return
    for row in rows:
        yield _listing(row)


# Rows are read as plain tuples with the columns' names and not as objects of the session: that takes longer than the
# statement itself, and what the session loaded earlier may be older than what the database says now. The sealed address
# of a hidden home and how to reach a supervisor are not even read.
_PLACE = [column for column in PracticePlace.__table__.columns if column.key != "address_sealed"]
_PRACTITIONER = list(Practitioner.__table__.columns)
_EXPERIENCE = [column for column in RlsExperience.__table__.columns if column.key != "supervisor_reach_sealed"]
_DECLARATION = list(PregnancyDeclaration.__table__.columns)
_PlaceRow = namedtuple("_PlaceRow", [column.key for column in _PLACE])  # type: ignore[misc]
_PractitionerRow = namedtuple("_PractitionerRow", [column.key for column in _PRACTITIONER])  # type: ignore[misc]
_ExperienceRow = namedtuple("_ExperienceRow", [column.key for column in _EXPERIENCE])  # type: ignore[misc]
_DeclarationRow = namedtuple("_DeclarationRow", [column.key for column in _DECLARATION])  # type: ignore[misc]


def _statement() -> Select[Any]:
    person, place = Practitioner.id, PracticePlace.id
    attested = (
        select(func.max(ProfileAttestation.attested_at, type_=UTCDateTime()))
        .where(ProfileAttestation.place_id == place)
        .correlate(PracticePlace)
        .scalar_subquery()
    )
    return (
        select(
            *_PLACE,
            *_PRACTITIONER,
            *_EXPERIENCE,
            *_DECLARATION,
            attested,
            _papers(person),
            _codes(person),
            _rows(
                [Indemnity.expires, Indemnity.covers_pregnancy, Indemnity.verified_on],
                Indemnity.practitioner_id == person,
                Indemnity.ended_on.is_(None),
            ),
            _languages(person),
            _rows([PractitionerTechnique.technique], PractitionerTechnique.practitioner_id == person),
            _rows([PractitionerDecline.condition], PractitionerDecline.practitioner_id == person),
            _rows([PractitionerProtocol.protocol], PractitionerProtocol.practitioner_id == person),
            _rows([PlaceHours.weekday, PlaceHours.opens, PlaceHours.closes], PlaceHours.place_id == place),
            _payers(place),
            _rows([PlaceRemoteJurisdiction.jurisdiction], PlaceRemoteJurisdiction.place_id == place),
        )
        .join(Practitioner, PracticePlace.practitioner_id == Practitioner.id)
        .outerjoin(RlsExperience, RlsExperience.practitioner_id == Practitioner.id)
        .outerjoin(PregnancyDeclaration, PregnancyDeclaration.practitioner_id == Practitioner.id)
        .where(PracticePlace.active, PracticePlace.jurisdiction.is_not(None))
    )


def _rows(columns: Sequence[Any], *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(json_rows(*columns)).where(*where).correlate(Practitioner, PracticePlace).scalar_subquery()


_OTHERS = aliased(Credential)
_SHARED = exists().where(
    _OTHERS.jurisdiction == Credential.jurisdiction,
    _OTHERS.number == Credential.number,
    _OTHERS.kind == Credential.kind,
    _OTHERS.practitioner_id != Credential.practitioner_id,
    _OTHERS.verified_on.is_not(None),
)
_PAPER = (
    Credential.id,
    Credential.kind,
    Credential.status,
    Credential.jurisdiction,
    Credential.place_id,
    Credential.body,
    Credential.title,
    Credential.number,
    Credential.valid_from,
    Credential.expires,
    Credential.late_until,
    Credential.renewal_pending,
    Credential.last_checked_at,
    Credential.verified_on,
    Credential.check_method,
    Credential.identity_match,
    Credential.supersedes_id,
    Credential.conditions_text,
    Credential.discipline,
    Credential.unknown_since,
    Credential.last_known_status,
    Credential.given_up_on,
    _SHARED,
)
_PaperRow = namedtuple("_PaperRow", [*(column.key for column in _PAPER[:-1]), "number_shared"])  # type: ignore[misc]


def _papers(person: Any) -> ScalarSelect[Any]:
    return _rows(_PAPER, Credential.practitioner_id == person)


def _codes(person: Any) -> ScalarSelect[Any]:
    return _rows(
        [CredentialCondition.credential_id, CredentialCondition.code],
        CredentialCondition.credential_id == Credential.id,
        Credential.practitioner_id == person,
    )


def _languages(person: Any) -> ScalarSelect[Any]:
    columns = [Language.code, Language.name, PractitionerLanguage.level, PractitionerLanguage.spoken_by]
    return _rows(
        columns, PractitionerLanguage.practitioner_id == person, PractitionerLanguage.language_code == Language.code
    )


def _payers(place: Any) -> ScalarSelect[Any]:
    return _rows(
        [Payer.code, Payer.name, PlacePayer.stated_on],
        PlacePayer.place_id == place,
        PlacePayer.payer_code == Payer.code,
    )


def _listing(row: Sequence[Any]) -> Listing:
    values = iter(row)
    place: PracticePlace = _next(_PlaceRow, values)
    practitioner: Practitioner = _next(_PractitionerRow, values)
    experience: RlsExperience | None = _next(_ExperienceRow, values)
    declaration: PregnancyDeclaration | None = _next(_DeclarationRow, values)
    attested_at: datetime | None = next(values)
    # One text is read faster than ten.
    papers, codes, covers, languages, techniques, declines, protocols, hours, payers, remote = json.loads(
        f"[{','.join(values)}]"
    )
    intervals = tuple(
        Interval(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
        for weekday, opens, closes in sorted(hours)
    )
    return Listing(
        place=place,
        practitioner=practitioner,
        person=Person(
            profession=practitioner.profession,
            account_status=practitioner.account_status,
            held=practitioner.held_since is not None,
            holder_proved_on=practitioner.holder_proved_on,
            attested_on=attested_at.date() if attested_at is not None else None,
            papers=_decode_papers(papers, codes),
            covers=tuple(
                Cover(
                    expires=date.fromisoformat(expires), covers_pregnancy=bool(covers_it), verified_on=_date(verified)
                )
                for expires, covers_it, verified in covers
            ),
            declaration=_decode_declaration(declaration),
            techniques=frozenset(Technique(each) for (each,) in techniques),
        ),
        experience=experience,
        declaration=declaration,
        languages=tuple(SpokenLanguage(*each) for each in sorted(languages)),
        techniques=frozenset(Technique(each) for (each,) in techniques),
        declines=frozenset(Condition(each) for (each,) in declines),
        protocols=frozenset(Protocol(each) for (each,) in protocols),
        availability=availability(intervals),
        hours=intervals,
        payers=tuple((code, name) for code, name, _ in sorted(payers)),
        payers_stated={code: date.fromisoformat(stated) for code, _, stated in payers},
        remote_jurisdictions=frozenset(each for (each,) in remote),
    )


def _next(kind: Any, values: Iterator[Any]) -> Any:
    """The next columns as one row of this kind, or ``None`` where the join found none; the first column is the key."""
    row = kind._make(islice(values, len(kind._fields)))
    return row if row[0] is not None else None


def _decode_papers(rows: list[list[Any]], codes: list[list[Any]]) -> tuple[Paper, ...]:
    meaning: dict[int, set[ConditionCode]] = {}
    for credential_id, code in codes:
        meaning.setdefault(credential_id, set()).add(ConditionCode(code))
    papers: list[Any] = [_PaperRow(*row) for row in rows]
    superseded = replaced((row.supersedes_id, _date(row.verified_on)) for row in papers)
    return tuple(
        Paper(
            kind=CredentialKind(row.kind),
            status=CredentialStatus(row.status),
            jurisdiction=row.jurisdiction,
            place_id=row.place_id,
            body=row.body,
            title=row.title,
            number=row.number,
            valid_from=_date(row.valid_from),
            expires=_date(row.expires),
            late_until=_date(row.late_until),
            renewal_pending=bool(row.renewal_pending),
            last_checked_on=_day(row.last_checked_at),
            verified_on=_date(row.verified_on),
            check_method=CheckMethod(row.check_method) if row.check_method else None,
            identity_match=bool(row.identity_match),
            superseded=row.id in superseded,
            codes=frozenset(meaning.get(row.id, ())),
            conditions_text=row.conditions_text,
            discipline=row.discipline,
            unknown_since=_day(row.unknown_since),
            last_known_status=CredentialStatus(row.last_known_status) if row.last_known_status else None,
            given_up=row.given_up_on is not None,
            number_shared=bool(row.number_shared),
        )
        for row in sorted(papers, key=lambda row: int(row.id))
    )


def _decode_declaration(declared: PregnancyDeclaration | None) -> Declaration | None:
    if declared is None:
        return None
    return Declaration(
        treats=declared.treats,
        min_week=declared.min_week,
        max_week=declared.max_week,
        training_hours=declared.training_hours,
        training_verification=declared.training_verification,
        point_policy=declared.point_policy,
        written_consent=declared.written_consent,
        emergency_policy=declared.emergency_policy,
        truth_declared=declared.truth_declared,
        signed_on=declared.signed_on,
        registration_counts=declared.second_registration_counts,
    )


def _date(raw: str | None) -> date | None:
    return None if raw is None else date.fromisoformat(raw)


def _day(raw: str | None) -> date | None:
    return None if raw is None else datetime.fromisoformat(raw).date()


def price_for_filter(place: PracticePlace) -> Decimal | None:
    """The price a cap is held against: a usual visit, or the first one where only that is stated."""
    return place.price_follow_up if place.price_follow_up is not None else place.price_first_visit


def absence(place: PracticePlace) -> Absence | None:
    """When somebody is away from this place, if any days are known."""
    if place.away_from is None or place.away_until is None:
        return None
    return Absence(place.away_from, place.away_until)


def least_age(listing: Listing, rule: Jurisdiction) -> int:
    """From what age patients are taken: the practitioner's own word, or a register's condition against minors."""
    stated = listing.practitioner.min_patient_age
    return max(stated, ADULT) if ConditionCode.EXCLUDES_MINORS in conditions_on(listing.person, rule) else stated


# Built once: putting one together, and finding its compiled form, takes longer than running it for a page.
_EVERYBODY = _statement()
_OF_PLACES = _EVERYBODY.where(PracticePlace.id.in_(bindparam("ids", expanding=True)))
_OF_PRACTITIONERS = _EVERYBODY.where(PracticePlace.practitioner_id.in_(bindparam("ids", expanding=True)))
