"""Reading who may be the same person as whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory.accounts.rules import email_key
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.credentials.models import Credential
from directory.credentials.registration.models import Registration
from directory.credentials.terms import CredentialKind
from directory.desk.duplicates import rules
from directory.desk.duplicates.rules import Likeness, Profile
from directory.errors import NotFound
from directory.practitioners.merging import queries as merging
from directory.practitioners.merging.models import DuplicatePair
from directory.practitioners.models import PracticePlace, Practitioner
from directory.search.names import fold

_NUMBERED = (
    CredentialKind.STATUTORY_LICENCE,
    CredentialKind.STATUTORY_REGISTRATION,
    CredentialKind.CERTIFICATION_STATE,
    CredentialKind.ACCREDITED_REGISTER,
    CredentialKind.PROFESSIONAL_BODY,
    CredentialKind.STATUTORY_OTHER_PROFESSION,
    CredentialKind.NATIONAL_CERTIFICATION,
)


_NAMED: Final = re.compile(r"practitioner:([0-9]{1,18}) by ([0-9]{1,18})")
_BOTH: Final = 2


@dataclass(frozen=True, slots=True)
class Question:
    """A pair that the desk is asked about."""

    first: Practitioner
    second: Practitioner
    likeness: Likeness


def subject_of(pair_id: int) -> str:
    """How a case names a pair that we found."""
    return f"pair:{pair_id}"


def both(session: Session, case: Case) -> tuple[int, int]:
    """The two whom a case is about, the smaller number first: a pair that we found, or somebody who says that another
    profile is theirs ("practitioner:3 by 8"). ``NotFound`` where one of the two is no more."""
    pair = pair_of(session, case)
    named = _NAMED.fullmatch(case.subject)
    if pair is not None:
        ids = [pair.first_id, pair.second_id]
    else:
        ids = sorted(merging.stays(session, int(each)) for each in named.groups()) if named else []
    there = session.scalars(select(Practitioner.id).where(Practitioner.id.in_(ids)).order_by(Practitioner.id)).all()
    if len(there) != _BOTH:
        raise NotFound("There is no such pair any more.")
    return there[0], there[1]


def pair_of(session: Session, case: Case) -> DuplicatePair | None:
    """The pair that we found and that this case asks about, if it is such a case."""
    number = case.subject.removeprefix("pair:")
    return session.get(DuplicatePair, int(number)) if number.isdecimal() else None


def question(session: Session, case: Case) -> Question:
    """The two whom a case is about, as they stand now."""
    if case.kind is not Kind.DUPLICATE:
        raise NotFound("This case asks something else.")
    first, second = both(session, case)
    found = {each.id: each for each in profiles(session, [first, second])}
    return Question(
        first=session.get_one(Practitioner, first),
        second=session.get_one(Practitioner, second),
        likeness=rules.likeness(found[first], found[second]),
    )


def known_pairs(session: Session) -> set[tuple[int, int]]:
    """Every pair about which the desk was asked."""
    rows = session.execute(select(DuplicatePair.first_id, DuplicatePair.second_id))
    return {(first, second) for first, second in rows}


def profiles(session: Session, ids: Collection[int] | None = None) -> Iterator[Profile]:
    """Everybody, or these, as they are compared; three statements."""
    npis: dict[int, set[str]] = defaultdict(set)
    numbers: dict[int, set[tuple[str, str, str]]] = defaultdict(set)
    towns: dict[int, set[str]] = defaultdict(set)
    telephones: dict[int, set[str]] = defaultdict(set)
    papers = select(Credential.practitioner_id, Credential.jurisdiction, Credential.kind, Credential.body).add_columns(
        Credential.number
    )
    for owner, jurisdiction, kind, body, number in session.execute(
        papers.where(Credential.kind.in_(_NUMBERED), Credential.number.is_not(None), *_those(Credential, ids))
    ):
        key = rules.number_key(number)
        if key:
            numbers[owner].add((jurisdiction or "", f"{kind}:{fold(body or '') if jurisdiction is None else ''}", key))
    places = select(PracticePlace.practitioner_id, PracticePlace.country, PracticePlace.locality).add_columns(
        PracticePlace.telephone
    )
    for owner, country, locality, telephone in session.execute(
        places.where(PracticePlace.active, *_those(PracticePlace, ids))
    ):
        towns[owner].add(f"{country}:{fold(locality)}")
        if key := rules.telephone_key(telephone):
            telephones[owner].add(key)
    people = (
        select(Practitioner.id, Practitioner.display_name, Practitioner.npi, Practitioner.website, Practitioner.email)
        .add_columns(Registration.npi_claimed)
        .outerjoin(Registration, Registration.practitioner_id == Practitioner.id)
        .order_by(Practitioner.id)
    )
    mine = [] if ids is None else [Practitioner.id.in_(ids)]
    for key_id, name, npi, website, email, claimed in session.execute(people.where(*mine)):
        npis[key_id] |= {each for each in (npi, claimed) if each}
        yield Profile(
            id=key_id,
            name=rules.name_words(name),
            npis=frozenset(npis[key_id]),
            numbers=frozenset(numbers[key_id]),
            towns=frozenset(towns[key_id]),
            telephones=frozenset(telephones[key_id]),
            website=rules.website_key(website),
            email=email_key(email) if email else "",
        )


def _those(model: type[Credential | PracticePlace], ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    owner: InstrumentedAttribute[int] = model.practitioner_id
    return [] if ids is None else [owner.in_(ids)]
