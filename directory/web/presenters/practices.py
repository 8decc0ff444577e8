"""The words of a place where somebody works: where it is, how one meets there, prices, payers, access and hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_time, get_day_names

from directory.http.locale import current, day, distance, gettext, money
from directory.practitioners.models import PracticePlace
from directory.practitioners.rules import Interval
from directory.practitioners.terms import PointPrecision
from directory.search.listings import Listing, absence
from directory.search.visible import Open
from directory.web.presenters import known

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place in words."""

    id: int
    label: str
    title: str
    address: str
    telephone: str | None
    geo: str
    facts: Pairs
    hours: Pairs


def place_view(shown: Open) -> PlaceView:
    """The words for one place."""
    place = shown.listing.place
    return PlaceView(
        id=place.id,
        label=place.label,
        title=place.title or "",
        address=address(place),
        telephone=place.telephone,
        geo=f"geo:{place.latitude:.5f},{place.longitude:.5f}",
        facts=[*_meeting(shown), *_prices(place), *_payers(shown.listing), *_access(place)],
        hours=list(_hours(shown.listing.hours)),
    )


def address(place: PracticePlace) -> str:
    """Where a place is, as everybody may read it."""
    where = town(place)
    if place.hidden_home:
        return str(gettext("About %(town)s. The exact address is given when you book.", town=where))
    if place.street:
        return f"{place.street}, {where}"
    exact = place.point_precision is PointPrecision.EXACT
    return where if exact else str(gettext("About %(town)s", town=where))


def town(place: PracticePlace) -> str:
    """The town and postcode, which for a hidden home are those of its area."""
    return ", ".join(part for part in (place.locality, place.postal_code) if part)


def _meeting(shown: Open) -> Iterator[tuple[str, str]]:
    place, said = shown.listing.place, []
    if place.in_person:
        said.append(gettext("at the practice"))
    if place.home_visit_radius_km > 0:
        said.append(gettext("at homes up to %(far)s away", far=distance(place.home_visit_radius_km, place.country)))
    if place.remote_consultation:
        said.append(gettext("in a remote consultation, which is a conversation: needling cannot be done remotely"))
    yield str(gettext("How you meet")), "; ".join(str(each) for each in said)
    if place.appointment_only:
        yield str(gettext("Appointments")), str(gettext("By appointment only"))
    open_to = takes(shown)
    yield str(gettext("New patients")), f"{open_to.said}. {open_to.how}".strip()


def takes(shown: Open) -> known.Known:
    """Whether new patients are taken at this place, or when somebody is back."""
    place = shown.listing.place
    away = absence(place)
    away_until = away.last if away is not None and away.covers(shown.today) else None
    return known.accepting(place.accepting, place.accepting_confirmed_on, today=shown.today, away_until=away_until)


def _prices(place: PracticePlace) -> Iterator[tuple[str, str]]:
    if place.price_currency is None:
        return
    stated = {
        gettext("First talk"): place.price_first_talk,
        gettext("First visit"): place.price_first_visit,
        gettext("Later visits"): place.price_follow_up,
        gettext("A visit in a shared room"): place.price_shared_room,
        gettext("A visit without insurance"): place.price_without_insurance,
    }
    for name, amount in stated.items():
        if amount is not None:
            free = gettext("free of charge")
            yield str(name), str(free if amount == 0 else money(amount, place.price_currency))
    if place.same_without_insurance:
        yield str(gettext("A visit without insurance")), str(gettext("Says it costs the same"))
    if place.sliding_scale:
        yield str(gettext("Lower prices")), str(gettext("Says the price can follow what you can pay"))


def _payers(listing: Listing) -> Iterator[tuple[str, str]]:
    payers = sorted((name, listing.payers_stated[code]) for code, name in listing.payers)
    if payers:
        listed = "; ".join(
            str(gettext("%(payer)s (said on %(day)s)", payer=name, day=day(stated_on))) for name, stated_on in payers
        )
        ask = gettext("Their own statement. Check your plan for restless legs.")
        yield str(gettext("Insurance")), f"{listed}. {ask}"


def answered(stated: Mapping[str, bool | None]) -> Iterator[tuple[str, str]]:
    """What somebody said yes or no to, in words; what they were silent about is left out."""
    for name, holds in stated.items():
        if holds is not None:
            yield str(name), str(gettext("yes, they say") if holds else gettext("no"))


def _access(place: PracticePlace) -> Iterator[tuple[str, str]]:
    stated = {
        gettext("Step-free from street to table"): place.step_free,
        gettext("Table that can be lowered"): place.adjustable_table,
        gettext("Help with moving onto the table"): place.transfer_help,
        gettext("Treatment in your own chair"): place.treatment_in_own_chair,
        gettext("Accessible toilet"): place.accessible_toilet,
        gettext("Parking"): place.parking,
    }
    yield from answered(stated)
    if place.door_width_cm is not None:
        yield str(gettext("Narrowest door")), str(gettext("%(width)s cm", width=place.door_width_cm))


def _hours(hours: Sequence[Interval]) -> Iterator[tuple[str, str]]:
    locale = current()
    names = get_day_names("wide", locale=locale)
    by_day: dict[int, list[str]] = {}
    for row in hours:
        opens, closes = (format_time(each, format="short", locale=locale) for each in (row.opens, row.closes))
        by_day.setdefault(row.weekday, []).append(f"{opens} – {closes}")
    runs: list[tuple[int, int, str]] = []
    for weekday, spans in sorted(by_day.items()):
        said = ", ".join(spans)
        if runs and runs[-1][1:] == (weekday - 1, said):
            runs[-1] = (runs[-1][0], weekday, said)
        else:
            runs.append((weekday, weekday, said))
    for first, last, said in runs:
        days = gettext("%(first)s to %(last)s", first=names[first], last=names[last])
        yield str(names[first]) if first == last else str(days), said
