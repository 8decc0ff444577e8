"""A map on which somebody puts a pin: the ground around a point, the names on it, and where the pin is in words.

It works as it stands: every button sends the form, and the answer is the same form with the pin moved or the map drawn
closer. The script static/pin.js moves the pin without asking.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from directory.geo.atlas import Landmark
from directory.geo.distance import distance_km
from directory.geo.mercator import FURTHEST_LATITUDE, KM_PER_DEGREE, Sheet, compass
from directory.geo.outlines import outlines
from directory.geo.places import gazetteer
from directory.http.locale import distance, gettext, miles, number
from directory.web.map import labels
from directory.web.map.drawing import AREA_KM, Bar, bar
from directory.web.map.frame import HALF_HEIGHT, HALF_WIDTH, SIDE
from directory.web.map.ground import FINENESS, Ground, ground, window
from directory.web.map.labels import Box, Label, Spot
from directory.web.presenters import labels as words

Point = tuple[float, float]

CLOSEST_KM: Final = 0.25
FURTHEST_KM: Final = 5000.0
_STEPS: Final = 12
"""How many presses of a button take the pin from the middle to the edge."""
_MARKS: Final = 24
_MARKS_WITHIN_KM: Final = (10.0, 100.0)
_HERE_KM: Final = 0.05
_CODES_WITHIN_KM: Final = 12.0
"""On a map that reaches no further, postal codes are named as well: there is little else to go by."""
_SIGN: Final = 16.0
WAYS: Final = {"north": (0, -1), "south": (0, 1), "west": (-1, 0), "east": (1, 0)}


@dataclass(frozen=True, slots=True)
class Button:
    """A way to move the pin or to look closer."""

    name: str
    sign: str
    """The path of its icon, ten units to each side."""
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PinMap:
    """Everything the picture shows."""

    sheet: Sheet
    ground: Ground
    labels: Sequence[Label]
    bar: Bar
    pin: tuple[float, float] | None
    """Where the pin stands, in units; ``None`` before it was put anywhere, and where only an area is shown."""
    ring: float | None
    """How far around the middle the place may be, where only its area is shown."""
    said: str
    marks: str
    """Names and points of what lies around, for the script, as JSON."""
    step: float
    """How far one press of a button goes, in units."""
    step_said: str
    miles: bool

    side = SIDE
    half_width = HALF_WIDTH
    half_height = HALF_HEIGHT
    fineness = FINENESS

    @property
    def buttons(self) -> list[Button]:
        """Every button, in the order of their use."""
        return [
            Button("closer", "M-6 0H6M0-6V6", str(gettext("Look closer"))),
            Button("further", "M-6 0H6", str(gettext("Look from further away"))),
            Button("north", "M0 7V-6M-5-1 0-6 5-1", str(gettext("Move the pin north"))),
            Button("south", "M0-7V6M-5 1 0 6 5 1", str(gettext("Move the pin south"))),
            Button("west", "M7 0H-6M-1-5-6 0-1 5", str(gettext("Move the pin west"))),
            Button("east", "M-7 0H6M1-5 6 0 1 5", str(gettext("Move the pin east"))),
        ]


def drawn(centre: Point, around_km: float, *, pin: Point | None, country: str, area: bool = False) -> PinMap | None:
    """The map around a point; ``None`` too near a pole, where only numbers are left."""
    latitude, longitude = centre
    if abs(latitude) > FURTHEST_LATITUDE:
        return None
    sheet = Sheet.around(latitude, longitude, km=_bounded(around_km), units=SIDE / 2)
    place = None if pin is None else sheet.place(*pin)
    marks = gazetteer().landmarks(window(sheet), most=160)
    middle = place or (0.0, 0.0)
    if around_km <= _CODES_WITHIN_KM and not area:
        marks = [*marks, *gazetteer().codes_in(window(sheet), most=40)]
    named = [Spot(mark.name, *sheet.place(mark.latitude, mark.longitude), mark.population >= 100_000) for mark in marks]
    taken = [(*middle, Box(-_SIGN, -2 * _SIGN, _SIGN, _SIGN))]
    step = SIDE / 2 / _STEPS
    step_km = step * KM_PER_DEGREE * math.cos(math.radians(latitude)) / sheet.per_degree
    return PinMap(
        sheet=sheet,
        ground=ground(sheet, outlines()),
        labels=[label for label in labels.placed(named, taken) if label.zoom == 1],
        bar=bar(sheet, country),
        pin=None if area else place,
        ring=sheet.units(AREA_KM) if area else None,
        said=said(centre if area else pin, country),
        marks=json.dumps([[name, round(lat, 5), round(lon, 5)] for name, lat, lon in _marks_around(pin or centre)]),
        step=step,
        step_said=_short(step_km, country),
        miles=miles(country),
    )


def said(point: Point | None, country: str) -> str:
    """Where a pin stands, in words: "about 1.2 km north of Sellwood"."""
    if point is None:
        return str(gettext("The pin is not placed yet."))
    nearest = min(_marks_around(point), key=lambda mark: distance_km(*point, *mark[1:]), default=None)
    if nearest is None:
        return str(gettext("The pin is far from any town we know."))
    name, latitude, longitude = nearest
    km = distance_km(latitude, longitude, *point)
    if km < _HERE_KM:
        return str(gettext("The pin is in the middle of %(place)s.", place=name))
    way = words.word(words.DIRECTIONS, compass(latitude, longitude, *point))
    return str(
        gettext(
            "The pin is about %(distance)s %(direction)s of %(place)s.",
            distance=distance(km, country),
            direction=way,
            place=name,
        )
    )


def _short(km: float, country: str) -> str:
    """A distance that may be short, in the unit people there use for such: yards or metres."""
    if miles(country) and km < 0.8:
        return str(gettext("%(number)s yards", number=number(_round(km * 1093.6))))
    if km < 1:
        return str(gettext("%(number)s metres", number=number(_round(km * 1000))))
    return distance(km, country)


def _round(value: float) -> float:
    """To what is easily said."""
    step = 10.0 ** math.floor(math.log10(max(value, 1.0)))
    return round(value / step * 2) * step / 2


def moved(centre: Point, around_km: float, way: str) -> Point:
    """The point one press of a button away, no further than a map reaches."""
    latitude, longitude = centre
    east, south = WAYS[way]
    if abs(latitude) > FURTHEST_LATITUDE:
        return centre
    sheet = Sheet.around(latitude, longitude, km=_bounded(around_km), units=SIDE / 2)
    step = SIDE / 2 / _STEPS
    found = sheet.point(east * step, south * step)
    return max(-FURTHEST_LATITUDE, min(FURTHEST_LATITUDE, found[0])), found[1]


def closer(around_km: float) -> float:
    """How far the next closer map reaches."""
    return _bounded(around_km / 2)


def further(around_km: float) -> float:
    """How far the next map from further away reaches."""
    return _bounded(around_km * 2)


def _bounded(around_km: float) -> float:
    return max(CLOSEST_KM, min(FURTHEST_KM, around_km))


def _marks_around(point: Point) -> list[tuple[str, float, float]]:
    """What has a name near a point: towns, what postal codes are named after, and the codes themselves."""
    latitude, longitude = point
    if abs(latitude) > FURTHEST_LATITUDE:
        return []
    near: list[Landmark] = []
    for km in _MARKS_WITHIN_KM:
        around = window(Sheet.around(latitude, longitude, km=km, units=SIDE / 2))
        near = [*gazetteer().landmarks(around, most=2000), *gazetteer().codes_in(around, most=_MARKS)]
        if near:
            break
    near.sort(key=lambda mark: distance_km(latitude, longitude, mark.latitude, mark.longitude))
    return [(mark.name, mark.latitude, mark.longitude) for mark in near[:_MARKS]]
