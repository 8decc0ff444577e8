"""Writing practice places: where they are, what they are called, how they are reached, and when they are open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Conflict, InvalidInput
from directory.geo.places import gazetteer
from directory.practitioners import queries
from directory.practitioners.drafts import (
    LONGEST_LABEL,
    LONGEST_LOCALITY,
    TIME_ZONES,
    Access,
    Address,
    Meeting,
    PlaceDraft,
    Prices,
    check_access,
    check_address,
    check_hours,
    check_meeting,
    check_name,
    check_place,
    check_prices,
    check_telephone,
    cleaned,
)
from directory.practitioners.models import (
    PlaceHours,
    PlacePayer,
    PlaceRemoteJurisdiction,
    PracticePlace,
)
from directory.practitioners.rows import insert_all
from directory.practitioners.rules import (
    Absence,
    Interval,
    area_code,
    area_point,
)
from directory.practitioners.terms import (
    Accepting,
    PointPrecision,
)

MOST_PLACES: Final = 12
"""How many places one person may have at a time."""


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
    insert_all(session, PlaceHours, rows)
    changes.record(session, row.practitioner_id)


def set_payers(session: Session, place_id: int, payers: Mapping[str, date]) -> None:
    """Replace the payers somebody says have paid for visits here, each with the day they said so."""
    row = queries.place(session, place_id)
    _check_payers(payers, queries.payer_codes(session))
    session.execute(delete(PlacePayer).where(PlacePayer.place_id == place_id))
    insert_all(
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


# --- values and rows -------------------------------------------------------------------------------------------------


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


def _insert_offered(session: Session, offered: Sequence[tuple[int, PlaceDraft]]) -> None:
    _insert_met(session, offered)
    payers = [
        {"place_id": key, "payer_code": code, "stated_on": on}
        for key, draft in offered
        for code, on in draft.payers.items()
    ]
    insert_all(session, PlacePayer, payers)


def _insert_met(session: Session, met: Sequence[tuple[int, PlaceDraft | Meeting]]) -> None:
    insert_all(session, PlaceHours, [row for key, draft in met for row in _hours_rows(key, draft.hours)])
    remote = [
        {"place_id": key, "jurisdiction": code} for key, draft in met for code in sorted(draft.remote_jurisdictions)
    ]
    insert_all(session, PlaceRemoteJurisdiction, remote)


def _hours_rows(place_id: int, hours: Collection[Interval]) -> list[dict[str, object]]:
    check_hours(hours)
    return [
        {"place_id": place_id, "weekday": each.weekday, "opens": each.opens, "closes": each.closes} for each in hours
    ]
