"""Where a postal address is, as closely as anybody knows, and where to begin to look when nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from directory.errors import InvalidInput
from directory.geo.distance import distance_km
from directory.geo.places import AmbiguousPlace, Gazetteer, Place, Precision

FAR_APART_KM: Final = 100.0
"""A postal code and its town, or a street and its postal code, are never further from one another."""

AROUND_KM: Final = {
    Precision.EXACT: 0.6,
    Precision.POSTCODE: 4.0,
    Precision.AREA: 8.0,
    Precision.LOCALITY: 8.0,
    Precision.CITY: 14.0,
}
"""How far around a point of each precision the place itself may lie."""
_AROUND_A_REGION_KM: Final = 150.0
_AROUND_A_COUNTRY_KM: Final = 700.0
_ANYWHERE: Final = (25.0, 0.0, 5000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """An address as it is typed; ``country`` is an ISO code."""

    country: str
    locality: str
    region: str = ""
    postal_code: str = ""
    street: str = ""

    @property
    def line(self) -> str:
        """In one line, as a geocoding server is asked."""
        town = " ".join(part for part in (self.locality, self.region, self.postal_code) if part)
        return ", ".join(part for part in (self.street, town) if part)


@dataclass(frozen=True, slots=True)
class Start:
    """Where to begin to look: degrees, and how far around somebody may have to look, in kilometres."""

    latitude: float
    longitude: float
    around_km: float


def known_place(gazetteer: Gazetteer, address: PostalAddress) -> Place | None:
    """What the gazetteer knows of an address: its postal code, else its town; ``None`` when it knows neither.

    ``InvalidInput`` when the two contradict each other, ``AmbiguousPlace`` when several towns could be meant.
    """
    code = _within(gazetteer, address.postal_code, address.country) if address.postal_code else None
    if code is not None and code.postal_code is None:
        code = None
    try:
        town = _town(gazetteer, address)
    except AmbiguousPlace:
        if code is None:
            raise
        return code
    if code is None or town is None:
        return code or town
    if distance_km(code.latitude, code.longitude, town.latitude, town.longitude) > FAR_APART_KM:
        raise InvalidInput(
            "That postcode and that town lie far apart. Please check both.", field="postal_code", code="address_torn"
        )
    return code


def start(gazetteer: Gazetteer, address: PostalAddress, known: Place | None) -> Start:
    """Where to look for an address: around what is known of it, else its region, its country, the world."""
    if known is not None:
        return Start(known.latitude, known.longitude, AROUND_KM[known.precision])
    around = {address.region: _AROUND_A_REGION_KM, "": _AROUND_A_COUNTRY_KM}
    for region, around_km in around.items():
        middle = gazetteer.largest_town(address.country, region)
        if middle is not None:
            return Start(middle.latitude, middle.longitude, around_km)
    return Start(*_ANYWHERE)


def standing(gazetteer: Gazetteer, latitude: float, longitude: float, *, country: str, postal_code: str) -> Place:
    """The place at a point, in the part of the country that its postal code names and else that of its neighbours.

    Towns on both sides of a state's border are nearest to one another, and a code lies on one side.
    """
    found = gazetteer.nearest(latitude, longitude)
    if country == "GB" or not postal_code:
        return found
    code = _within(gazetteer, postal_code, country)
    if code is None or code.postal_code is None or code.jurisdiction == found.jurisdiction:
        return found
    if distance_km(code.latitude, code.longitude, latitude, longitude) > FAR_APART_KM:
        return found
    return found.standing_as(code)


def _town(gazetteer: Gazetteer, address: PostalAddress) -> Place | None:
    several: AmbiguousPlace | None = None
    for text in (f"{address.locality}, {address.region}" if address.region else "", address.locality):
        try:
            found = _within(gazetteer, text, address.country) if text else None
        except AmbiguousPlace as error:
            several = several or error
            continue
        if found is not None:
            return found
    if several is not None:
        raise several
    return None


def _within(gazetteer: Gazetteer, text: str, country: str) -> Place | None:
    """The place this text means in this country, where there is one."""
    try:
        found = gazetteer.resolve(text, country=country)
    except AmbiguousPlace:
        raise
    except InvalidInput:
        return None
    return found if found.country == country and found.precision is not Precision.EXACT else None
