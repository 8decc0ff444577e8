"""Writing people and places: registering, moving, what they say about themselves, and whether they are published.

Nothing here opens a listing by itself; that follows from papers and dates (``credentials.rules.permits``). Functions
that end in ``_all`` take many and flush once, for imports.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Conflict, InvalidInput
from directory.geo.places import gazetteer
from directory.paths import SEEDS
from directory.practitioners import queries
from directory.practitioners.drafts import (
    LONGEST_LABEL,
    LONGEST_LOCALITY,
    TIME_ZONES,
    Access,
    Address,
    Meeting,
    PersonDraft,
    PlaceDraft,
    Prices,
    Spoken,
    Way,
    check_access,
    check_address,
    check_hours,
    check_languages,
    check_meeting,
    check_name,
    check_person,
    check_place,
    check_prices,
    check_telephone,
    check_way,
    cleaned,
)
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
    WorkingWay,
)
from directory.practitioners.rules import (
    LONGEST_SLUG,
    Absence,
    Interval,
    area_code,
    area_point,
    payer_code,
    slug_of,
)
from directory.practitioners.terms import (
    Accepting,
    AccountStatus,
    Gender,
    PointPrecision,
    Profession,
    Protocol,
    Technique,
)
from directory.screening.terms import Condition

MOST_PLACES: Final = 12
"""How many places one person may have at a time."""

# --- people ----------------------------------------------------------------------------------------------------------


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
    _touch(session, row, now)
    return row


def set_languages(session: Session, practitioner_id: int, languages: Collection[Spoken], *, now: datetime) -> None:
    """Replace the languages spoken at work."""
    row = queries.practitioner(session, practitioner_id)
    check_languages(languages, queries.language_codes(session))
    session.execute(delete(PractitionerLanguage).where(PractitionerLanguage.practitioner_id == row.id))
    _insert(session, PractitionerLanguage, _language_rows(row.id, languages))
    _touch(session, row, now)


def set_techniques(session: Session, practitioner_id: int, techniques: Collection[Technique], *, now: datetime) -> None:
    """Replace how this person works."""
    row = queries.practitioner(session, practitioner_id)
    session.execute(delete(PractitionerTechnique).where(PractitionerTechnique.practitioner_id == row.id))
    _insert(
        session,
        PractitionerTechnique,
        [{"practitioner_id": row.id, "technique": each} for each in sorted(set(techniques))],
    )
    _touch(session, row, now)


def set_declines(session: Session, practitioner_id: int, declines: Collection[Condition], *, now: datetime) -> None:
    """Replace the conditions with which this person does not take patients."""
    row = queries.practitioner(session, practitioner_id)
    session.execute(delete(PractitionerDecline).where(PractitionerDecline.practitioner_id == row.id))
    _insert(
        session, PractitionerDecline, [{"practitioner_id": row.id, "condition": each} for each in sorted(set(declines))]
    )
    _touch(session, row, now)


def set_protocols(session: Session, practitioner_id: int, protocols: Collection[Protocol], *, now: datetime) -> None:
    """Replace the written protocols this person declares."""
    row = queries.practitioner(session, practitioner_id)
    session.execute(delete(PractitionerProtocol).where(PractitionerProtocol.practitioner_id == row.id))
    _insert(
        session,
        PractitionerProtocol,
        [{"practitioner_id": row.id, "protocol": each} for each in sorted(set(protocols))],
    )
    _touch(session, row, now)


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
    _touch(session, row, now)


def set_way_all(session: Session, ways: Mapping[int, Way], *, today: date) -> None:
    """How several people work who have said nothing of it yet."""
    for way in ways.values():
        check_way(way)
    said = {key: way for key, way in ways.items() if not way.says_nothing}
    _insert(
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
    _insert(session, ProfileAttestation, rows)
    for practitioner_id in said:
        changes.record(session, practitioner_id)


def attest_place(session: Session, place_id: int, *, now: datetime) -> None:
    """ "This is still true", said now of one place: a new one begins with it, while others keep theirs."""
    row = queries.place(session, place_id)
    values = {"practitioner_id": row.practitioner_id, "place_id": place_id, "attested_at": now}
    _insert(session, ProfileAttestation, [values])
    changes.record(session, row.practitioner_id)


def prove_holder(session: Session, practitioner_id: int, *, today: date, now: datetime) -> None:
    """It was proved that the person behind the account is the holder of the licence."""
    row = queries.practitioner(session, practitioner_id)
    row.holder_proved_on = today
    _touch(session, row, now)


def give_to(session: Session, practitioner_id: int, account_id: int, *, now: datetime) -> None:
    """Let this account keep the profile. ``Conflict`` where another one does."""
    row = queries.practitioner(session, practitioner_id)
    if row.account_id not in (None, account_id):
        raise Conflict("Somebody else keeps this profile already.", code="profile_kept")
    row.account_id = account_id
    _touch(session, row, now)


def publish_all(session: Session, practitioner_ids: Collection[int], *, holder_proved_on: date, now: datetime) -> None:
    """Publish imported people whose holding of the licence was proved that day."""
    for practitioner_id in practitioner_ids:
        row = queries.practitioner(session, practitioner_id)
        row.holder_proved_on = holder_proved_on
        row.account_status = AccountStatus.PUBLISHED
        row.published_at = row.updated_at = now
        changes.record(session, practitioner_id)
    session.flush()


def publish(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Let the public see the profile, as far as the papers allow it; one suspended by an admin stays so."""
    row = queries.practitioner(session, practitioner_id)
    if row.account_status is AccountStatus.SUSPENDED:
        raise Conflict("This profile was suspended. Only an administrator can lift that.")
    if row.account_status is AccountStatus.CLOSED:
        raise Conflict("This profile was closed, because its holder practises no longer.", code="profile_closed")
    row.account_status = AccountStatus.PUBLISHED
    row.published_at = row.published_at or now
    _touch(session, row, now)


def pause(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Hide a published profile at its owner's wish."""
    row = queries.practitioner(session, practitioner_id)
    if row.account_status not in (AccountStatus.PUBLISHED, AccountStatus.PAUSED):
        raise Conflict("Only a published profile can be paused.")
    row.account_status = AccountStatus.PAUSED
    _touch(session, row, now)


def suspend(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Hide a profile by an administrator's decision; one that was closed stays closed, which hides it for longer."""
    row = queries.practitioner(session, practitioner_id)
    if row.account_status is not AccountStatus.CLOSED:
        row.account_status = AccountStatus.SUSPENDED
    _touch(session, row, now)


def lift_suspension(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """End an administrator's suspension; the profile stays hidden until its owner publishes it again."""
    row = queries.practitioner(session, practitioner_id)
    if row.account_status is not AccountStatus.SUSPENDED:
        raise Conflict("This profile is not suspended.")
    row.account_status = AccountStatus.PAUSED if row.published_at else AccountStatus.DRAFT
    _touch(session, row, now)


def hold(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Hide a profile for safety's sake while something is looked into, whatever its status."""
    row = queries.practitioner(session, practitioner_id)
    row.held_since = row.held_since or now
    _touch(session, row, now)


def release(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """End a safety hold."""
    row = queries.practitioner(session, practitioner_id)
    row.held_since = None
    _touch(session, row, now)


# --- places ----------------------------------------------------------------------------------------------------------


def add_place(session: Session, draft: PlaceDraft) -> PracticePlace:
    """A new practice place. ``InvalidInput`` names the field that cannot be used, or says that there are too many.

    Somebody who sends the same address under the same name again gets the place they have.
    """
    values = _place_values(draft)
    there = queries.places_of(session, draft.practitioner_id)
    for row in there:
        same_words = all(getattr(row, name) == values[name] for name in _ADDRESS_IN_WORDS)
        # Two places of one town without a street are told apart by their points alone.
        if same_words and (row.street or (row.latitude, row.longitude) == (values["latitude"], values["longitude"])):
            return row
    if len(there) >= MOST_PLACES:
        raise InvalidInput(f"There is room for {MOST_PLACES} places. Take one away that you do not use any more.")
    return add_places(session, [draft])[0]


def add_places(session: Session, drafts: Sequence[PlaceDraft]) -> list[PracticePlace]:
    """New practice places."""
    known = queries.payer_codes(session) if any(draft.payers for draft in drafts) else set()
    rows = []
    for draft in drafts:
        _check_payers(draft.payers, known)
        rows.append(PracticePlace(practitioner_id=draft.practitioner_id, **_place_values(draft)))
    session.add_all(rows)
    session.flush()
    _insert_offered(session, [(row.id, draft) for row, draft in zip(rows, drafts, strict=True)])
    for draft in drafts:
        changes.record(session, draft.practitioner_id)
    return rows


def replace_place(session: Session, place_id: int, draft: PlaceDraft) -> PracticePlace:
    """Change everything about a place at once; papers about these premises stay with it."""
    row = queries.place(session, place_id)
    if row.practitioner_id != draft.practitioner_id:
        raise Conflict("This place belongs to somebody else.")
    _check_payers(draft.payers, queries.payer_codes(session))
    for name, value in _place_values(draft).items():
        setattr(row, name, value)
    for model in (PlaceHours, PlacePayer, PlaceRemoteJurisdiction):
        session.execute(delete(model).where(model.place_id == place_id))
    session.flush()
    _insert_offered(session, [(place_id, draft)])
    changes.record(session, row.practitioner_id)
    return row


def move_place(session: Session, place_id: int, address: Address) -> PracticePlace:
    """Change where a place is and what it is called; everything else about it stays as it was."""
    return change_place(session, place_id, address_values(address))


def change_place(session: Session, place_id: int, values: Mapping[str, Any]) -> PracticePlace:
    """Set columns of a place's address, or its telephone number, to values that ``address_values`` made earlier."""
    if not values.keys() <= ADDRESS_COLUMNS | {"telephone"}:
        raise ValueError(f"not part of an address: {sorted(values.keys() - ADDRESS_COLUMNS)}")
    typed = dict(values)
    if "point_precision" in typed:
        typed["point_precision"] = PointPrecision(typed["point_precision"])
    return _changed(session, place_id, typed)


def hide_place(session: Session, place_id: int) -> PracticePlace:
    """Make a home of a place that was shown: from now on only its area is."""
    row = queries.place(session, place_id)
    if row.hidden_home:
        return row
    address = Address(
        label=row.label,
        title=row.title,
        latitude=row.latitude,
        longitude=row.longitude,
        country=row.country,
        admin1=row.admin1,
        locality=row.locality,
        postal_code=row.postal_code,
        street=row.street,
        timezone=row.timezone,
        jurisdiction=row.jurisdiction,
        hidden_home=True,
    )
    # Under which rules it stands was decided before, and a place that waits has none yet.
    return change_place(session, place_id, address_values(address) | {"jurisdiction": row.jurisdiction})


def rename_place(session: Session, place_id: int, *, label: str, title: str | None, timezone: str) -> PracticePlace:
    """Change what a place is called and by which clock, and leave it where it is: all that can be done to a hidden home
    without its address."""
    check_name(label, title, timezone)
    name = cleaned("label", label, LONGEST_LABEL)
    return _changed(session, place_id, {"label": name, "title": title, "timezone": timezone})


def set_meeting(session: Session, place_id: int, meeting: Meeting) -> PracticePlace:
    """Replace how and when patients are seen from a place, opening hours among it."""
    values = _meeting_values(meeting)
    for model in (PlaceHours, PlaceRemoteJurisdiction):
        session.execute(delete(model).where(model.place_id == place_id))
    row = _changed(session, place_id, values)
    _insert_met(session, [(place_id, meeting)])
    return row


def set_telephone(session: Session, place_id: int, telephone: str | None) -> PracticePlace:
    """Replace the telephone number of a place; an empty one is none."""
    return _changed(session, place_id, {"telephone": check_telephone(telephone)})


def set_access(session: Session, place_id: int, access: Access) -> PracticePlace:
    """Replace what is said about getting in and onto the table."""
    check_access(access)
    return _changed(session, place_id, {name: getattr(access, name) for name in _ACCESS})


def set_prices(session: Session, place_id: int, prices: Prices) -> PracticePlace:
    """Replace what visits at a place cost."""
    check_prices(prices)
    return _changed(session, place_id, {name: getattr(prices, name) for name in _PRICES})


def _changed(session: Session, place_id: int, values: Mapping[str, object]) -> PracticePlace:
    row = queries.place(session, place_id)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    changes.record(session, row.practitioner_id)
    return row


def close_place(session: Session, place_id: int) -> None:
    """Nobody works here any more; the row stays, because papers and requests refer to it."""
    row = queries.place(session, place_id)
    row.active = False
    session.flush()
    changes.record(session, row.practitioner_id)


def set_hours(session: Session, place_id: int, hours: Collection[Interval]) -> None:
    """Replace the opening hours, in the place's own time."""
    row = queries.place(session, place_id)
    rows = _hours_rows(place_id, hours)
    session.execute(delete(PlaceHours).where(PlaceHours.place_id == place_id))
    _insert(session, PlaceHours, rows)
    changes.record(session, row.practitioner_id)


def set_payers(session: Session, place_id: int, payers: Mapping[str, date]) -> None:
    """Replace the payers somebody says have paid for visits here, each with the day they said so."""
    row = queries.place(session, place_id)
    _check_payers(payers, queries.payer_codes(session))
    session.execute(delete(PlacePayer).where(PlacePayer.place_id == place_id))
    _insert(
        session,
        PlacePayer,
        [{"place_id": place_id, "payer_code": each, "stated_on": on} for each, on in payers.items()],
    )
    changes.record(session, row.practitioner_id)


def set_accepting(session: Session, place_id: int, accepting: Accepting, *, today: date) -> None:
    """Whether new patients are taken here, said today."""
    said_on = None if accepting is Accepting.UNKNOWN else today
    _changed(session, place_id, {"accepting": accepting, "accepting_confirmed_on": said_on})


def doubt_accepting(session: Session, place_id: int) -> None:
    """What was said about new patients here counts as unconfirmed until it is said again."""
    _changed(session, place_id, {"accepting_confirmed_on": None})


def set_absence(session: Session, place_id: int, away: Absence | None) -> None:
    """When somebody is away from a place, in its own days; ``None`` when they are not. It ends by itself."""
    if away is not None and away.last < away.first:
        raise InvalidInput("An absence ends on the day it begins or later.", field="away_until")
    row = queries.place(session, place_id)
    row.away_from, row.away_until = (None, None) if away is None else away
    session.flush()
    changes.record(session, row.practitioner_id)


def remove_fictional(session: Session) -> int:
    """Take every fictional person out again, with all that hangs on them; how many there were."""
    ids = queries.fictional_ids(session)
    session.execute(delete(Practitioner).where(Practitioner.fictional))
    for practitioner_id in ids:
        changes.record(session, practitioner_id)
    return len(ids)


# --- reference data --------------------------------------------------------------------------------------------------


def load_reference(session: Session) -> dict[str, int]:
    """Bring payers and languages into line with their files, and say how many there are; safe to run again.

    What changed is in the index by name, so that every index reads everything again then.
    """
    payers = {payer_code(row["country_code"], row["name"]): row for row in _csv("insurers.csv")}
    languages = {row["code"]: row for row in _csv("languages.csv")}
    for payer in session.scalars(select(Payer).where(Payer.code.in_(payers))).all():
        row = payers[payer.code]
        payer.country, payer.name = row["country_code"], row["name"]
    for language in session.scalars(select(Language).where(Language.code.in_(languages))).all():
        row = languages[language.code]
        language.name, language.autonym = row["name_en"], row["autonym"]
    there = queries.payer_codes(session) | queries.language_codes(session)
    for code, row in payers.items():
        if code not in there:
            session.add(Payer(code=code, country=row["country_code"], name=row["name"]))
    for code, row in languages.items():
        if code not in there:
            session.add(Language(code=code, name=row["name_en"], autonym=row["autonym"]))
    if session.new or any(session.is_modified(row) for row in session.dirty):
        changes.begin_epoch(session)
    session.flush()
    return {"languages": len(languages), "payers": len(payers)}


def ensure_payer(session: Session, *, country: str, name: str, code: str | None = None) -> str:
    """The code of a payer, which is added where it is missing."""
    wanted = code or payer_code(country, name)
    if session.get(Payer, wanted) is None:
        session.add(Payer(code=wanted, country=country, name=cleaned("payer", name, 120)))
        session.flush()
    return wanted


def ensure_language(session: Session, *, code: str, name: str, autonym: str) -> None:
    """A language people may ask for, added where it is missing."""
    if session.get(Language, code) is None:
        session.add(Language(code=code, name=name, autonym=autonym))
        session.flush()


def _csv(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- checks that need the tables ------------------------------------------------------------------------------------


def _check_npis(session: Session, npis: Sequence[str]) -> None:
    if len(set(npis)) < len(npis) or queries.taken_npis(session, npis):
        raise InvalidInput("Somebody is already registered with this NPI.", field="npi")


def _check_payers(payers: Collection[str], known: Collection[str]) -> None:
    if not set(payers) <= set(known):
        raise InvalidInput("That insurer is not on our list.", field="payers")


def _place_values(draft: PlaceDraft) -> dict[str, object]:
    check_place(draft)
    return address_values(draft) | _meeting_values(draft) | {name: getattr(draft, name) for name in _SAME_NAMES}


def address_values(draft: PlaceDraft | Address) -> dict[str, object]:
    """The columns of an address; ``InvalidInput`` at the first part that cannot be used.

    Of a hidden home its area's point and code are all that can be read again.
    """
    check_address(draft)
    timezone, jurisdiction = draft.timezone, draft.jurisdiction
    if timezone is None or jurisdiction is None:
        found = gazetteer().nearest(draft.latitude, draft.longitude)
        timezone = timezone or found.timezone
        jurisdiction = jurisdiction or found.jurisdiction
    if timezone not in TIME_ZONES:
        raise InvalidInput("That is not a time zone.", field="timezone")
    latitude, longitude, precision = draft.latitude, draft.longitude, draft.precision
    street, code, sealed = draft.street, draft.postal_code, None
    if draft.hidden_home:
        sealed = "\n".join(part for part in (street, draft.locality, code) if part)
        latitude, longitude = area_point(latitude, longitude)
        precision, street = PointPrecision.AREA, None
        code = area_code(draft.country, code) if code else None
    return {
        "label": cleaned("label", draft.label, LONGEST_LABEL),
        "title": draft.title,
        "country": draft.country,
        "admin1": draft.admin1,
        "locality": cleaned("locality", draft.locality, LONGEST_LOCALITY),
        "latitude": latitude,
        "longitude": longitude,
        "point_precision": precision,
        "timezone": timezone,
        "jurisdiction": jurisdiction,
        "street": street,
        "postal_code": code,
        "hidden_home": draft.hidden_home,
        "address_sealed": sealed,
    }


def _meeting_values(draft: PlaceDraft | Meeting) -> dict[str, object]:
    check_meeting(draft)
    return {
        "in_person": draft.in_person,
        "home_visit_radius_km": draft.home_visit_radius_km,
        "remote_consultation": bool(draft.remote_jurisdictions),
        "appointment_only": draft.appointment_only,
    }


ADDRESS_COLUMNS: Final = frozenset(
    {
        "label", "title", "country", "admin1", "locality", "latitude", "longitude", "point_precision", "timezone",
        "jurisdiction", "street", "postal_code", "hidden_home", "address_sealed",
    }
)  # fmt: skip
_ADDRESS_IN_WORDS = ("label", "country", "locality", "postal_code", "street", "hidden_home", "address_sealed")
_ACCESS = tuple(each.name for each in fields(Access))
_PRICES = tuple(each.name for each in fields(Prices))
_SAME_NAMES = ("telephone", "accepting", "accepting_confirmed_on", *_ACCESS, *_PRICES)
_WAY = tuple(each.name for each in fields(Way))


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


# --- rows ------------------------------------------------------------------------------------------------------------


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
    _insert(session, PractitionerLanguage, languages)
    for model, name, values in (
        (PractitionerTechnique, "technique", "techniques"),
        (PractitionerDecline, "condition", "declines"),
        (PractitionerProtocol, "protocol", "protocols"),
    ):
        rows = [
            {"practitioner_id": key, name: each} for key, draft in registered for each in sorted(getattr(draft, values))
        ]
        _insert(session, model, rows)


def _insert_offered(session: Session, offered: Sequence[tuple[int, PlaceDraft]]) -> None:
    _insert_met(session, offered)
    payers = [
        {"place_id": key, "payer_code": code, "stated_on": on}
        for key, draft in offered
        for code, on in draft.payers.items()
    ]
    _insert(session, PlacePayer, payers)


def _insert_met(session: Session, met: Sequence[tuple[int, PlaceDraft | Meeting]]) -> None:
    _insert(session, PlaceHours, [row for key, draft in met for row in _hours_rows(key, draft.hours)])
    remote = [
        {"place_id": key, "jurisdiction": code} for key, draft in met for code in sorted(draft.remote_jurisdictions)
    ]
    _insert(session, PlaceRemoteJurisdiction, remote)


def _language_rows(practitioner_id: int, languages: Collection[Spoken]) -> list[dict[str, object]]:
    return [
        {"practitioner_id": practitioner_id, "language_code": each.code, "spoken_by": each.by, "level": each.level}
        for each in languages
    ]


def _hours_rows(place_id: int, hours: Collection[Interval]) -> list[dict[str, object]]:
    check_hours(hours)
    return [
        {"place_id": place_id, "weekday": each.weekday, "opens": each.opens, "closes": each.closes} for each in hours
    ]


def _insert(session: Session, model: type, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        session.execute(insert(model), rows)


def _touch(session: Session, row: Practitioner, now: datetime) -> None:
    row.updated_at = now
    session.flush()
    changes.record(session, row.id)
