"""Writing people: registering them, and what they say about themselves.

Nothing here opens a listing by itself; that follows from papers and dates (``credentials.rules.permits``). Functions
that end in ``_all`` take many and flush once, for imports.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Conflict, InvalidInput
from directory.practitioners import queries
from directory.practitioners.drafts import (
    PersonDraft,
    Spoken,
    Way,
    check_languages,
    check_person,
    check_way,
    cleaned,
)
from directory.practitioners.models import (
    Practitioner,
    PractitionerDecline,
    PractitionerLanguage,
    PractitionerProtocol,
    PractitionerTechnique,
    ProfileAttestation,
    WorkingWay,
)
from directory.practitioners.rows import insert_all, touch
from directory.practitioners.rules import (
    LONGEST_SLUG,
    slug_of,
)
from directory.practitioners.terms import (
    AccountStatus,
    Gender,
    Profession,
    Protocol,
    Technique,
)
from directory.screening.terms import Condition


def register(session: Session, draft: PersonDraft, *, now: datetime) -> Practitioner:
    """A new person, as a draft that nobody sees. ``InvalidInput`` names the field that cannot be used."""
    return register_all(session, [draft], now=now)[0]


def register_all(session: Session, drafts: Sequence[PersonDraft], *, now: datetime) -> list[Practitioner]:
    """New people. Each gets an address of their own, made from the name, that never changes afterwards."""
    known = queries.language_codes(session)
    for draft in drafts:
        check_person(draft, known)
    _check_npis(session, [draft.npi for draft in drafts if draft.npi])
    rows = [
        Practitioner(
            slug=slug,
            display_name=cleaned("display_name", draft.display_name, 200),
            profession=draft.profession,
            gender=draft.gender,
            npi=draft.npi,
            email=draft.email,
            website=draft.website,
            words=draft.words,
            biography=draft.biography,
            min_patient_age=draft.min_patient_age,
            fictional=draft.fictional,
            account_status=AccountStatus.DRAFT,
            created_at=now,
            updated_at=now,
        )
        for draft, slug in zip(drafts, _slugs(session, [draft.display_name for draft in drafts]), strict=True)
    ]
    try:
        with session.begin_nested():
            session.add_all(rows)
            session.flush()
    except IntegrityError as error:
        raise Conflict("Somebody else registered at the same moment. Please try again.") from error
    _insert_said(session, [(row.id, draft) for row, draft in zip(rows, drafts, strict=True)])
    for row in rows:
        changes.record(session, row.id)
    return rows


def check_person_values(session: Session, row: Practitioner, values: Mapping[str, Any]) -> None:
    """``InvalidInput`` at the first of these values that this person cannot have."""
    check_person(replace(_draft_of(row), **_typed(values)), queries.language_codes(session))
    npi = values.get("npi")
    if npi and npi != row.npi:
        _check_npis(session, [npi])


def change_person(session: Session, practitioner_id: int, values: Mapping[str, Any], *, now: datetime) -> Practitioner:
    """Change some facts about a person, by name; their address stays. ``InvalidInput`` names what cannot be used."""
    row = queries.practitioner(session, practitioner_id)
    check_person_values(session, row, values)
    for name, value in _typed(values).items():
        setattr(row, name, cleaned(name, value, 200) if name == "display_name" else value)
    touch(session, row, now)
    return row


def set_languages(session: Session, practitioner_id: int, languages: Collection[Spoken], *, now: datetime) -> None:
    """Replace the languages spoken at work."""
    row = queries.practitioner(session, practitioner_id)
    check_languages(languages, queries.language_codes(session))
    session.execute(delete(PractitionerLanguage).where(PractitionerLanguage.practitioner_id == row.id))
    insert_all(session, PractitionerLanguage, _language_rows(row.id, languages))
    touch(session, row, now)


def set_techniques(session: Session, practitioner_id: int, techniques: Collection[Technique], *, now: datetime) -> None:
    """Replace how this person works."""
    row = queries.practitioner(session, practitioner_id)
    session.execute(delete(PractitionerTechnique).where(PractitionerTechnique.practitioner_id == row.id))
    insert_all(
        session,
        PractitionerTechnique,
        [{"practitioner_id": row.id, "technique": each} for each in sorted(set(techniques))],
    )
    touch(session, row, now)


def set_declines(session: Session, practitioner_id: int, declines: Collection[Condition], *, now: datetime) -> None:
    """Replace the conditions with which this person does not take patients."""
    row = queries.practitioner(session, practitioner_id)
    session.execute(delete(PractitionerDecline).where(PractitionerDecline.practitioner_id == row.id))
    insert_all(
        session, PractitionerDecline, [{"practitioner_id": row.id, "condition": each} for each in sorted(set(declines))]
    )
    touch(session, row, now)


def set_protocols(session: Session, practitioner_id: int, protocols: Collection[Protocol], *, now: datetime) -> None:
    """Replace the written protocols this person declares."""
    row = queries.practitioner(session, practitioner_id)
    session.execute(delete(PractitionerProtocol).where(PractitionerProtocol.practitioner_id == row.id))
    insert_all(
        session,
        PractitionerProtocol,
        [{"practitioner_id": row.id, "protocol": each} for each in sorted(set(protocols))],
    )
    touch(session, row, now)


def set_way(session: Session, practitioner_id: int, way: Way, *, today: date, now: datetime) -> None:
    """Replace how this person works, said today; where nothing is said, nothing is kept."""
    row = queries.practitioner(session, practitioner_id)
    check_way(way)
    stored = session.get(WorkingWay, practitioner_id)
    if way.says_nothing:
        if stored is not None:
            session.delete(stored)
    else:
        if stored is None:
            stored = WorkingWay(practitioner_id=practitioner_id)
            session.add(stored)
        for name in _WAY:
            setattr(stored, name, getattr(way, name))
        stored.stated_on = today
    touch(session, row, now)


def set_way_all(session: Session, ways: Mapping[int, Way], *, today: date) -> None:
    """How several people work who have said nothing of it yet."""
    for way in ways.values():
        check_way(way)
    said = {key: way for key, way in ways.items() if not way.says_nothing}
    insert_all(
        session,
        WorkingWay,
        [
            {"practitioner_id": key, "stated_on": today} | {name: getattr(way, name) for name in _WAY}
            for key, way in said.items()
        ],
    )
    for practitioner_id in said:
        changes.record(session, practitioner_id)


def attest(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """ "This is still true", said now of the person and of each place at which they work."""
    attest_all(session, {practitioner_id: now})


def attest_all(session: Session, said: Mapping[int, datetime]) -> None:
    """Attestations of several people for all their places, each at its own moment."""
    rows = [
        {"practitioner_id": practitioner_id, "place_id": place_id, "attested_at": said[practitioner_id]}
        for place_id, practitioner_id in queries.active_places(session, said)
    ]
    insert_all(session, ProfileAttestation, rows)
    for practitioner_id in said:
        changes.record(session, practitioner_id)


def attest_place(session: Session, place_id: int, *, now: datetime) -> None:
    """ "This is still true", said now of one place: a new one begins with it, while others keep theirs."""
    row = queries.place(session, place_id)
    values = {"practitioner_id": row.practitioner_id, "place_id": place_id, "attested_at": now}
    insert_all(session, ProfileAttestation, [values])
    changes.record(session, row.practitioner_id)


def remove_fictional(session: Session) -> int:
    """Take every fictional person out again, with all that hangs on them; how many there were."""
    ids = queries.fictional_ids(session)
    session.execute(delete(Practitioner).where(Practitioner.fictional))
    for practitioner_id in ids:
        changes.record(session, practitioner_id)
    return len(ids)


# --- values and rows -------------------------------------------------------------------------------------------------


def _check_npis(session: Session, npis: Sequence[str]) -> None:
    if len(set(npis)) < len(npis) or queries.taken_npis(session, npis):
        raise InvalidInput("Somebody is already registered with this NPI.", field="npi")


def _draft_of(row: Practitioner) -> PersonDraft:
    return PersonDraft(**{name: getattr(row, name) for name in CHANGEABLE})


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the columns hold them: what comes out of a proposed change has been text in between."""
    if not values.keys() <= CHANGEABLE:
        raise ValueError(f"not a person's own to change: {sorted(values.keys() - CHANGEABLE)}")
    typed = dict(values)
    for name, enum in (("profession", Profession), ("gender", Gender)):
        if name in typed:
            typed[name] = enum(typed[name])
    return typed


CHANGEABLE = frozenset(
    {"display_name", "profession", "gender", "npi", "email", "website", "words", "biography", "min_patient_age"}
)
"""What a person says about themselves in one column each."""


_WAY = tuple(each.name for each in fields(Way))


def _slugs(session: Session, names: Sequence[str]) -> list[str]:
    bases = [slug_of(name) for name in names]
    free = queries.next_free(session, set(bases))
    slugs = []
    for base in bases:
        number = free[base]
        free[base] = number + 1
        slugs.append(base if number == 1 else f"{base[:LONGEST_SLUG]}-{number}")
    return slugs


def _insert_said(session: Session, registered: Sequence[tuple[int, PersonDraft]]) -> None:
    languages = [row for key, draft in registered for row in _language_rows(key, draft.languages)]
    insert_all(session, PractitionerLanguage, languages)
    for model, name, values in (
        (PractitionerTechnique, "technique", "techniques"),
        (PractitionerDecline, "condition", "declines"),
        (PractitionerProtocol, "protocol", "protocols"),
    ):
        rows = [
            {"practitioner_id": key, name: each} for key, draft in registered for each in sorted(getattr(draft, values))
        ]
        insert_all(session, model, rows)


def _language_rows(practitioner_id: int, languages: Collection[Spoken]) -> list[dict[str, object]]:
    return [
        {"practitioner_id": practitioner_id, "language_code": each.code, "spoken_by": each.by, "level": each.level}
        for each in languages
    ]
