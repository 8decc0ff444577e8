"""The places step: a list, and for each place three screens: where it is, how patients are seen there, how one gets in.

Of a hidden home nothing but its area is ever sent back: its street, its whole postcode and its pin have to be given
again by whoever wants to change them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import get_timezone_name
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import Field
from wtforms.fields import SelectChoice

from directory.credentials import queries as papers
from directory.credentials.edits import queries as edit_queries
from directory.credentials.edits import service as edits
from directory.credentials.registration import rules as registering
from directory.credentials.registration.terms import StepKey
from directory.errors import InvalidInput
from directory.geo import service as geo
from directory.geo.addresses import FAR_APART_KM, PostalAddress
from directory.geo.answers import Answer
from directory.geo.distance import KM_PER_MILE, distance_km
from directory.geo.mercator import Compass
from directory.geo.places import SEARCH_COUNTRIES, AmbiguousPlace, Place, Precision, gazetteer
from directory.geo.timezones import is_zone, timezone_at
from directory.http import headers, who
from directory.http.locale import current, day, distance, gettext, miles
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.names import name_of
from directory.jurisdictions.rules import Jurisdiction, Regime, rule_for
from directory.practitioners import hours
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import Address, Meeting, PlaceDraft
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.rules import accepting_confirmed, telephone_looks_usual
from directory.practitioners.terms import Accepting, PointPrecision
from directory.web.forms.registration.answers import as_answer
from directory.web.forms.registration.places import AccessForm, SeenForm, WhereForm, as_degrees
from directory.web.map import placing
from directory.web.presenters import labels, regimes
from directory.web.registration import flow, steps
from directory.web.registration.blueprint import pages, step

Point = tuple[float, float]

_LOOK: Final = "look"
_PRECISIONS: Final = {Precision.EXACT: PointPrecision.EXACT, Precision.POSTCODE: PointPrecision.POSTCODE}
_EXACT_WITHIN_KM: Final = 3.0
"""Whoever puts a pin on a map that shows no more than this around it means a house."""
_AROUND_SAVED_KM: Final = {PointPrecision.EXACT: 1.5, PointPrecision.POSTCODE: 4.0, PointPrecision.AREA: 8.0}


# --- the list --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Card:
    """One place of the list."""

    id: int
    label: str
    where: str
    facts: tuple[str, ...]
    hidden_home: bool


@pages.get("/places", endpoint="places")
def places() -> ResponseReturnValue:
    """Where somebody works, and the way to add more."""
    headers.personal()
    person = who.practitioner()
    rows = people.places_of(session(), person.id)
    rules = jurisdictions.all_rules(session())
    return render_template(
        "registration/places.html",
        frame=steps.frame(StepKey.PLACES, person),
        cards=[_card(row, rules) for row in rows],
        room=len(rows) < premises.MOST_PLACES,
        most=premises.MOST_PLACES,
        onward=steps.address(registering.following(StepKey.PLACES)),
    )


def _card(row: PracticePlace, rules: Mapping[str, Jurisdiction]) -> Card:
    wanted = _wish(row).get("jurisdiction")
    facts = [*regimes.said(row.jurisdiction or wanted, row.country, rules), _takes(row)]
    if row.jurisdiction is None and wanted:
        facts.insert(0, str(gettext("We look at this place before patients see it.")))
    return Card(
        id=row.id,
        label=row.label,
        where=", ".join(part for part in (row.street, row.locality, row.postal_code) if part),
        facts=tuple(facts),
        hidden_home=row.hidden_home,
    )


def _takes(row: PracticePlace) -> str:
    """Whether new patients are taken, in words to whoever said so."""
    on = day(row.accepting_confirmed_on) if row.accepting_confirmed_on is not None else ""
    if row.accepting is Accepting.UNKNOWN:
        return str(gettext("You have not said whether you take new patients here."))
    if row.accepting is Accepting.CLOSED:
        return str(gettext("You said on %(day)s that your list here is closed.", day=on))
    if not accepting_confirmed(row.accepting, row.accepting_confirmed_on, today=_today(row)):
        return str(gettext("You said on %(day)s that you take new patients; that is too long ago to count.", day=on))
    return str(gettext("You said on %(day)s that you take new patients here.", day=on))


@pages.post("/places/<int:place_id>/close")
def close_place(place_id: int) -> ResponseReturnValue:
    """Nobody is seen there any more; at once, because it only narrows."""
    person = who.practitioner()
    row = people.own_place(session(), person.id, place_id)
    premises.close_place(session(), row.id)
    return redirect(url_for("registration.places"), 303)


# --- where it is -----------------------------------------------------------------------------------------------------


@step("/places/new", "new_place")
def new_place() -> ResponseReturnValue:
    """The address of a place that is not there yet."""
    person = who.practitioner()
    return _where(person, None)


@step("/places/<int:place_id>", "place")
def place(place_id: int) -> ResponseReturnValue:
    """The address of a place, and its pin."""
    person = who.practitioner()
    return _where(person, people.own_place(session(), person.id, place_id))


_CAREFUL: Final = frozenset(
    {"country", "region", "street", "locality", "postal_code", "hidden_home", "latitude", "longitude", "timezone"}
)
"""What is not changed on a published profile without a second factor."""


class _Target:
    """Where to go on after a place was saved: which of them is known only then."""

    def __init__(self) -> None:
        self.href = ""

    def __call__(self) -> str:
        return self.href


def _where(person: Practitioner, row: PracticePlace | None) -> ResponseReturnValue:
    target = _Target()
    rules = jurisdictions.all_rules(session())
    wish = _wish(row)

    def save(form: WhereForm) -> None:
        saved = _save_where(person, row, form)
        target.href = _onward(person, row, saved)

    target.href = "" if row is None else _onward(person, row, row)
    screen = flow.Screen(
        step=StepKey.PLACES,
        form=WhereForm,
        stored=_stored_where(row, wish),
        save=save,
        prepare=lambda form: _offer_zones(form, row),
        template="registration/place_where.html",
        after=target,
        person=person,
        careful=_CAREFUL,
        context={
            "place": row,
            "waits": bool(wish.keys() - {"telephone"}),
            "unseen": row is not None and row.jurisdiction is None and "jurisdiction" in wish,
            "pin_map": lambda form: _pin_map(form, row),
            "zone": _zone(row.timezone) if row else "",
            "regime": regimes.said(wish.get("jurisdiction", row.jurisdiction), row.country, rules) if row else (),
            "directions": "|".join(str(labels.DIRECTIONS[each]) for each in Compass),
            "back": url_for("registration.places"),
        },
    )
    if request.method == "POST" and request.form.get(_LOOK):
        return _looked(screen, request.form[_LOOK], row)
    return flow.answer(screen)


def _onward(person: Practitioner, row: PracticePlace | None, saved: PracticePlace) -> str:
    if person.published_at is not None and row is not None:
        return url_for("registration.places")
    if row is None and not saved.hidden_home:
        return url_for("registration.place", place_id=saved.id, _anchor="pin")
    return url_for("registration.place_visits", place_id=saved.id)


def _wish(row: PracticePlace | None) -> Mapping[str, Any]:
    """What is wanted of a published place and not looked at yet, by column."""
    if row is None:
        return {}
    found = edit_queries.waiting(session(), row.practitioner_id).get(edits.place_subject(row.id))
    return found.after if found else {}


def _stored_where(row: PracticePlace | None, wish: Mapping[str, Any]) -> dict[str, Any]:
    """The form as it is stored. Of a hidden home neither street nor point is ever sent."""
    if row is None:
        return {"country": _country_of_visitor()}
    names = ("label", "title", "country", "street", "locality", "postal_code", "hidden_home")
    columns = (*names, "admin1", "latitude", "longitude", "point_precision", "timezone")
    values = {name: wish.get(name, getattr(row, name)) for name in columns}
    found = {name: values[name] for name in names}
    found["region"] = _region(values["country"], values["admin1"])
    worked_out = values["timezone"] == timezone_at(values["latitude"], values["longitude"])
    found["timezone"] = "" if worked_out else values["timezone"]
    if values["hidden_home"]:
        return found | {"street": ""}
    point = as_degrees(values["latitude"]), as_degrees(values["longitude"])
    around = _AROUND_SAVED_KM[PointPrecision(values["point_precision"])]
    return found | {
        "latitude": point[0],
        "longitude": point[1],
        "drawn": ",".join(point),
        "around": f"{around:.3f}",
    }


def _country_of_visitor() -> str:
    territory = current().territory or ""
    return territory if territory in SEARCH_COUNTRIES else ""


def _region(country: str, admin1: str | None) -> str:
    """The region as people write it."""
    return gazetteer().part_name(country, admin1 or "") or admin1 or ""


def _save_where(person: Practitioner, row: PracticePlace | None, form: WhereForm) -> PracticePlace:
    if row is not None and row.hidden_home and _only_renamed(form, row):
        zone = form.timezone.data or timezone_at(row.latitude, row.longitude)
        edits.save_place_name(
            session(), row.id, label=form.label.data, title=form.title.data or None, timezone=zone, now=site().clock()
        )
        return row
    address = _address(form, row)
    if row is None:
        values = {each.name: getattr(address, each.name) for each in fields(address)}
        added = edits.add_place(session(), PlaceDraft(practitioner_id=person.id, **values), now=site().clock())
        # A new place begins with its owner's word of today; those of the others go on counting from theirs.
        practitioners.attest_place(session(), added.id, now=site().clock())
        return added
    edits.save_address(session(), row.id, address, now=site().clock())
    return row


def _only_renamed(form: WhereForm, row: PracticePlace) -> bool:
    """Whether a hidden home stays where it is: nothing about its address was given anew."""
    stored = _stored_where(row, _wish(row))
    same = all((form[name].data or "") == (stored[name] or "") for name in _IN_WORDS)
    return form.hidden_home.data and same and not form.street.data and form.point is None


_IN_WORDS: Final = ("country", "locality", "region", "postal_code")


def _address(form: WhereForm, row: PracticePlace | None) -> Address:
    """The address that a form means. Where nobody knows it and no pin says it, the map is shown to put one."""
    asked = form.address
    point, precision = _pin(form, row)
    town = _known(form, asked, pinned=point is not None)
    if point is None:
        if town is None:
            _ask_for_pin(form, asked)
        point, precision = (town.latitude, town.longitude), _PRECISIONS.get(town.precision, PointPrecision.AREA)
    elif town is not None and distance_km(*point, town.latitude, town.longitude) > FAR_APART_KM:
        _refuse(
            form.locality,
            gettext(
                "The pin stands %(far)s away from %(town)s. Please move the pin, or check the address.",
                far=distance(distance_km(*point, town.latitude, town.longitude), asked.country),
                town=asked.locality,
            ),
        )
    stands = _standing(form, asked, point, town)
    return Address(
        label=form.label.data,
        title=form.title.data or None,
        latitude=point[0],
        longitude=point[1],
        country=asked.country,
        admin1=(stands.admin1 if stands.country in SEARCH_COUNTRIES else asked.region) or None,
        locality=asked.locality,
        postal_code=asked.postal_code or None,
        street=asked.street or None,
        precision=precision,
        timezone=form.timezone.data or stands.timezone,
        jurisdiction=stands.jurisdiction,
        hidden_home=form.hidden_home.data,
    )


def _pin(form: WhereForm, row: PracticePlace | None) -> tuple[Point | None, PointPrecision]:
    """The pin as it was put, and how exactly; none where it only stands where the last address was found."""
    point = form.point
    if point is None:
        return None, PointPrecision.EXACT
    if row is not None and not row.hidden_home:
        stored = _stored_where(row, _wish(row))
        unmoved = (as_degrees(point[0]), as_degrees(point[1])) == (stored.get("latitude"), stored.get("longitude"))
        moved_house = any((form[name].data or "") != (stored[name] or "") for name in (*_IN_WORDS, "street"))
        if unmoved and moved_house:
            return None, PointPrecision.EXACT
        if unmoved:
            return (row.latitude, row.longitude), row.point_precision
    exact = form.typed or (form.around_km or 0) <= _EXACT_WITHIN_KM
    return point, PointPrecision.EXACT if exact else PointPrecision.AREA


def _known(form: WhereForm, asked: PostalAddress, *, pinned: bool) -> Place | None:
    """What is known of the address. Of a home that is to be hidden the street is asked of nobody."""
    wanted = replace(asked, street="") if form.hidden_home.data or pinned else asked
    try:
        return site().places.find_address(
            session(), wanted, now=site().clock(), remember=None if form.hidden_home.data else _remember
        )
    except AmbiguousPlace:
        if pinned:
            return None
        form.locality.errors = [
            *form.locality.errors,
            gettext("There is more than one place of that name. Please add the state or the postcode."),
        ]
        _ask_for_pin(form, asked)
    except InvalidInput as error:
        _refuse(form.postal_code, str(gettext(str(error))))


def _remember(answer: Answer) -> None:
    now = site().clock()

    def keep(own: Session) -> None:
        geo.remember(own, answer, now=now)

    site().database.afterwards(keep)


def _ask_for_pin(form: WhereForm, asked: PostalAddress) -> NoReturn:
    """Show the map around the best that is known, with no pin on it yet."""
    start = site().places.start(asked, None)
    form.put(None, centre=(start.latitude, start.longitude), around_km=start.around_km)
    _refuse(
        form.street,
        gettext("We do not find this address. Please check it, or put the pin on the map below and save again."),
    )


def _refuse(field: Field, words: str) -> NoReturn:
    field.errors = [*field.errors, words]
    raise flow.Refused


def _standing(form: WhereForm, asked: PostalAddress, point: Point, town: Place | None) -> Place:
    """In which country and part of it the pin stands; the address says it where the border is near."""
    stands = site().places.standing(*point, country=asked.country, postal_code=asked.postal_code)
    if stands.country in ("", asked.country):
        return stands
    if town is not None and town.country == asked.country:
        return stands.standing_as(town)
    where = current().territories.get(stands.country, stands.country)
    _refuse(form.country, gettext("The pin stands in another country: %(country)s.", country=where))


# --- the pin ---------------------------------------------------------------------------------------------------------


def _pin_map(form: WhereForm, row: PracticePlace | None) -> placing.PinMap | None:
    """The map for a form as it stands; none before anything is known of where the place is."""
    country = form.country.data or ""
    point = form.point
    centre, around = form.drawn_at or point, form.around_km
    if centre is not None and around is not None:
        return placing.drawn(point or centre, around, pin=point, country=country)
    if point is not None:
        return placing.drawn(point, _AROUND_SAVED_KM[PointPrecision.EXACT], pin=point, country=country)
    if row is not None and row.hidden_home:
        return placing.drawn((row.latitude, row.longitude), 4.0, pin=None, country=country, area=True)
    return None


def _looked(screen: flow.Screen[WhereForm], look: str, row: PracticePlace | None) -> ResponseReturnValue:
    """The same form with its pin moved or its map drawn closer. Nothing is saved."""
    headers.personal()
    form = screen.form()
    screen.prepare(form)
    if form.point_is_odd():
        return flow.page(screen, form), 422
    around = form.around_km or _AROUND_SAVED_KM[PointPrecision.EXACT]
    point = form.point
    if form.typed and point is not None:
        around = min(around, _AROUND_SAVED_KM[PointPrecision.EXACT])
    centre = point or form.drawn_at
    if centre is None and row is not None:
        centre = (row.latitude, row.longitude)
    if centre is not None:
        if look in placing.WAYS:
            point = centre = placing.moved(centre, around, look)
        elif look in ("closer", "further"):
            around = placing.closer(around) if look == "closer" else placing.further(around)
        form.put(point, centre=centre, around_km=around)
    return flow.page(screen, form)


# --- time zones ------------------------------------------------------------------------------------------------------


def _offer_zones(form: WhereForm, row: PracticePlace | None) -> None:
    """The time zones of the country, and the one that is stored; none before it is known where the place is."""
    if row is None:
        form.timezone.data = ""
        return
    country = form.country.data or row.country
    own = sorted(name for name, territory in get_global("zone_territories").items() if territory == country)
    names = list(dict.fromkeys(name for name in (*own, row.timezone) if is_zone(name)))
    form.timezone.choices = [
        SelectChoice("", gettext("As worked out from the pin")),
        *(SelectChoice(name, f"{_zone(name)} ({name})") for name in names),
    ]


def _zone(name: str) -> str:
    """A time zone as people call it."""
    return str(get_timezone_name(ZoneInfo(name), locale=current())) if is_zone(name) else name


# --- how patients are seen -------------------------------------------------------------------------------------------


@step("/places/<int:place_id>/visits", "place_visits")
def place_visits(place_id: int) -> ResponseReturnValue:
    """Ways to be seen, hours, telephone, new patients."""
    person = who.practitioner()
    row = people.own_place(session(), person.id, place_id)
    screen = flow.Screen(
        step=StepKey.PLACES,
        form=SeenForm,
        stored=_stored_visits(row),
        save=lambda form: _save_visits(row, form),
        prepare=lambda form: _offer_remote(form, row),
        template="registration/place_visits.html",
        after=url_for("registration.places")
        if person.published_at is not None
        else url_for("registration.place_access", place_id=row.id),
        person=person,
        careful=frozenset({"telephone"}),
        context={
            "place": row,
            "waits": "telephone" in _wish(row),
            "said_on": row.accepting_confirmed_on,
            "unusual": bool(row.telephone) and not telephone_looks_usual(row.telephone or "", row.country),
            "back": url_for("registration.place", place_id=row.id),
        },
    )
    if request.method == "POST" and request.form.get("copy"):
        headers.personal()
        form = screen.form()
        screen.prepare(form)
        form.copy_monday()
        return flow.page(screen, form)
    return flow.answer(screen)


def _stored_visits(row: PracticePlace) -> dict[str, Any]:
    halves = "a" in (current().time_formats["short"].pattern or "")
    days: dict[int, list[hours.Span]] = {}
    for each in people.intervals_of(session(), row.id):
        days.setdefault(each.weekday, []).append((each.opens, each.closes))
    written = {name: hours.written(days.get(weekday, ()), halves=halves) for weekday, name in enumerate(_DAYS)}
    return {
        "in_person": row.in_person,
        "home_visits": row.home_visit_radius_km > 0,
        "radius": _radius(row),
        "remote": sorted(people.remote_of(session(), row.id)),
        "telephone": _wish(row).get("telephone", row.telephone),
        "accepting": row.accepting.value,
        "appointment_only": row.appointment_only,
    } | written


_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _radius(row: PracticePlace) -> str:
    if not row.home_visit_radius_km:
        return ""
    value = row.home_visit_radius_km / KM_PER_MILE if miles(row.country) else row.home_visit_radius_km
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _offer_remote(form: SeenForm, row: PracticePlace) -> None:
    """Patients' jurisdictions in which this person may talk to somebody: those of their papers, and this place's."""
    form.miles = miles(row.country)
    rules = jurisdictions.all_rules(session())
    held = {each.paper.jurisdiction for each in papers.papers_on_file(session(), row.practitioner_id)}
    codes = {code for code in held if code in rules}
    here = rule_for(row.jurisdiction, rules)
    if here is not None:
        codes.add(here.code)
        if here.regime is not Regime.STATUTORY:
            alike = (here.country, here.regime)
            codes |= {code for code, rule in rules.items() if (rule.country, rule.regime) == alike}
    codes |= people.remote_of(session(), row.id)
    form.remote.choices = [
        SelectChoice(code, name_of(code))
        for code in sorted(codes, key=name_of)
        if rules[code].open or rules[code].hidden
    ]


def _save_visits(row: PracticePlace, form: SeenForm) -> None:
    now = site().clock()
    premises.set_meeting(
        session(),
        row.id,
        Meeting(
            in_person=form.in_person.data,
            home_visit_radius_km=form.radius_km,
            remote_jurisdictions=frozenset(form.remote.data),
            appointment_only=form.appointment_only.data,
            hours=form.intervals,
        ),
    )
    accepting = Accepting(form.accepting.data)
    if accepting is not row.accepting or form.accepting_today.data:
        premises.set_accepting(session(), row.id, accepting, today=_today(row))
    edits.save_telephone(session(), row.id, form.telephone.data, now=now)


def _today(row: PracticePlace) -> date:
    """The day it is at a place."""
    return site().clock().astimezone(ZoneInfo(row.timezone if is_zone(row.timezone) else "UTC")).date()


# --- getting in ------------------------------------------------------------------------------------------------------


@step("/places/<int:place_id>/access", "place_access")
def place_access(place_id: int) -> ResponseReturnValue:
    """Facts about getting in and onto the table."""
    person = who.practitioner()
    row = people.own_place(session(), person.id, place_id)
    stored: dict[str, Any] = {name: as_answer(getattr(row, name)) for name in _ACCESS}
    stored["door_width_cm"] = "" if row.door_width_cm is None else str(row.door_width_cm)
    return flow.answer(
        flow.Screen(
            step=StepKey.PLACES,
            form=AccessForm,
            stored=stored,
            save=lambda form: premises.set_access(session(), row.id, form.access),
            template="registration/place_access.html",
            after=url_for("registration.places"),
            person=person,
            context={"place": row, "back": url_for("registration.place_visits", place_id=row.id)},
        )
    )


_ACCESS: Final = (
    "step_free", "adjustable_table", "transfer_help", "treatment_in_own_chair", "accessible_toilet", "parking",
)  # fmt: skip
