"""A map of one list: what stands on it, and the same in words for everybody who does not look at it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for

from directory.credentials.terms import Mode
from directory.geo.distance import KM_PER_MILE
from directory.geo.mercator import Sheet, compass
from directory.geo.outlines import outlines
from directory.geo.places import gazetteer
from directory.http.locale import distance, gettext, miles, ngettext
from directory.practitioners.terms import PointPrecision
from directory.search.criteria import Criteria, Point
from directory.search.results import Match
from directory.web.map import labels
from directory.web.map.frame import CIRCLE, CLOSEST, FITTING, HALF_HEIGHT, HALF_WIDTH, MARGIN, SIDE
from directory.web.map.ground import FINENESS, Ground, ground, window
from directory.web.map.labels import Box, Label, Spot
from directory.web.map.looks import Look, Move, address_of, moves
from directory.web.map.pins import APART, Group, grouped
from directory.web.presenters import cards
from directory.web.presenters import labels as words

AREA_KM: Final = 1.1
"""How far around its point a hidden home may lie; see ``practitioners.rules.area_point``."""

_HERE_KM: Final = 0.17
_CORNERS: Final = 90
_SIGN: Final = 18.0
"""Half the side of what a pin covers."""
_MOVED: Final = 20.0
_LONGEST_BAR: Final = 96.0
_ROUND: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the list in words, with the number they have in it."""

    number: int
    practitioner_id: int
    href: str
    name: str
    title: str
    where: str
    far: str
    """How far and in which direction; that they come, or talk from afar, where that has no place on a map."""
    fictional: bool


@dataclass(frozen=True, slots=True)
class Pin:
    """A sign for one person. ``ring`` is how far around the point the place may be, ``None`` where it is exact."""

    person: Person
    x: float
    y: float
    ring: float | None
    alone: bool
    """Whether it stands by itself, and not in a cluster, as long as nobody looks closer."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A sign for several people; ``href`` shows them larger, or in the list where they never come apart."""

    people: tuple[Person, ...]
    x: float
    y: float
    href: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of the map as long as what it says."""

    length: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Everything the picture shows."""

    sheet: Sheet
    zoom: int
    ground: Ground
    circle: str
    place: tuple[float, float]
    labels: Sequence[Label]
    pins: Sequence[Pin]
    clusters: Sequence[Cluster]
    bar: Bar
    miles: bool
    moves: Sequence[Move]
    fitted: bool
    """Whether it is drawn as it is when nobody asks for another look."""
    moved: bool
    """Whether its middle is elsewhere than the place that was asked for."""

    side = SIDE
    half_width = HALF_WIDTH
    half_height = HALF_HEIGHT
    fineness = FINENESS
    closest = CLOSEST


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing and the people in words; no drawing where a flat map has no place for it."""

    people: Sequence[Person]
    without_pin: int
    drawing: Drawing | None


def drawn(matches: Sequence[Match], criteria: Criteria, address: str, *, look: Look | None = None) -> Map:
    """The map of these people in the order of their list. ``address`` is that of the map as a whole."""
    people = [_person(number, match, criteria) for number, match in enumerate(matches, start=1)]
    placed = [(person, match) for person, match in zip(people, matches, strict=True) if match.mode is Mode.IN_PERSON]
    return Map(people, len(people) - len(placed), _drawing(placed, criteria, address, look))


def _person(number: int, match: Match, criteria: Criteria) -> Person:
    return Person(
        number=number,
        practitioner_id=match.practitioner_id,
        href=url_for("practitioners.profile", slug=match.slug),
        name=match.name,
        title=match.title or words.word(words.PROFESSIONS, match.profession),
        where=cards.where(match),
        far=_far(match, criteria.point),
        fictional=match.fictional,
    )


def _far(match: Match, point: Point) -> str:
    if match.mode is not Mode.IN_PERSON:
        return ""
    if match.distance_km < _HERE_KM:
        return str(gettext("where you asked"))
    said = gettext(
        "%(distance)s %(direction)s",
        distance=distance(match.distance_km, point.country),
        direction=words.word(
            words.DIRECTIONS, compass(point.latitude, point.longitude, match.latitude, match.longitude)
        ),
    )
    about = point.about or match.point_precision is not PointPrecision.EXACT
    return str(gettext("about %(distance)s", distance=said)) if about else str(said)


def _drawing(
    placed: Sequence[tuple[Person, Match]], criteria: Criteria, address: str, look: Look | None
) -> Drawing | None:
    point = criteria.point
    if not placed:
        return None
    try:
        circle = Sheet.around(point.latitude, point.longitude, km=criteria.radius_km, units=CIRCLE)
    except ValueError:
        return None
    whole = Look(point.latitude, point.longitude, 1)
    shown = look or _fitting(circle, [match for _, match in placed])
    zoom = shown.zoom
    sheet = Sheet(shown.latitude, shown.longitude, circle.per_degree * zoom)
    spots = [sheet.place(match.latitude, match.longitude) for _, match in placed]
    seen = [number for number, (x, y) in enumerate(spots) if abs(x) <= HALF_WIDTH and abs(y) <= HALF_HEIGHT]
    groups = [
        Group(tuple(seen[member] for member in group.members), group.x, group.y)
        for group in grouped([spots[number] for number in seen], apart=APART)
    ]
    alone = {group.members[0] for group in groups if len(group.members) == 1}
    people = [person for person, _ in placed]
    place = sheet.place(point.latitude, point.longitude)
    return Drawing(
        sheet=sheet,
        zoom=zoom,
        ground=ground(sheet, outlines()),
        circle=_outline(sheet.circle(point.latitude, point.longitude, km=criteria.radius_km, corners=_CORNERS)),
        place=place,
        labels=_labels(sheet, [spots[number] for number in seen], groups),
        pins=[_pin(*placed[number], spots[number], sheet, alone=number in alone) for number in seen],
        clusters=[_cluster(group, people, spots, sheet, address, zoom) for group in groups if len(group.members) > 1],
        bar=bar(sheet, point.country),
        miles=miles(point.country),
        moves=list(moves(sheet, zoom, address, whole)),
        fitted=look is None,
        moved=look is not None and math.hypot(*place) > _MOVED,
    )


def _pin(person: Person, match: Match, spot: tuple[float, float], sheet: Sheet, *, alone: bool) -> Pin:
    exact = match.point_precision is PointPrecision.EXACT
    return Pin(person, *spot, None if exact else sheet.units(AREA_KM), alone)


def _cluster(
    group: Group,
    people: Sequence[Person],
    spots: Sequence[tuple[float, float]],
    sheet: Sheet,
    address: str,
    zoom: int,
) -> Cluster:
    members = tuple(people[member] for member in group.members)
    closer = _comes_apart([spots[member] for member in group.members], zoom)
    if closer is None:
        return Cluster(members, group.x, group.y, f"#practitioner-{members[0].practitioner_id}")
    return Cluster(members, group.x, group.y, address_of(address, Look(*sheet.point(group.x, group.y), closer)))


def _comes_apart(spots: Sequence[tuple[float, float]], zoom: int) -> int | None:
    """The least zoom at which these are more than one sign; ``None`` where there is none."""
    closer = zoom
    while closer < CLOSEST:
        closer *= 2
        times = closer / zoom
        if len(grouped([(x * times, y * times) for x, y in spots], apart=APART)) > 1:
            return closer
    return None


def _labels(sheet: Sheet, spots: Sequence[tuple[float, float]], groups: Sequence[Group]) -> list[Label]:
    marks = gazetteer().landmarks(window(sheet), most=240)
    around = Box(-_SIGN, -_SIGN, _SIGN, _SIGN)
    point = Box(-3, -3, 3, 3)
    taken = [(group.x, group.y, around) for group in groups] + [(x, y, point) for x, y in spots]
    named = [Spot(mark.name, *sheet.place(mark.latitude, mark.longitude), mark.population >= 100_000) for mark in marks]
    return labels.placed(named, taken)


def bar(sheet: Sheet, country: str) -> Bar:
    """The longest round distance that fits, in the unit of the country."""
    unit = KM_PER_MILE if miles(country) else 1.0
    value = max((each for each in _ROUND if sheet.units(each * unit) <= _LONGEST_BAR), default=_ROUND[0])
    shown = f"{value:g}"
    if miles(country):
        said = ngettext("%(number)s mile", "%(number)s miles", 1 if value == 1 else 2, number=shown)
    else:
        said = gettext("%(number)s km", number=shown)
    return Bar(sheet.units(value * unit), str(said))


def _fitting(circle: Sheet, matches: Sequence[Match]) -> Look:
    """The closest look at which the place that was asked for and everybody are on the map."""
    spots = [(0.0, 0.0), *(circle.place(match.latitude, match.longitude) for match in matches)]
    xs, ys = zip(*spots, strict=True)
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    reach = max(max(xs) - min(xs), max(ys) - min(ys)) / 2
    zoom = 1
    while zoom < FITTING and reach * zoom * 2 <= SIDE / 2 - MARGIN:
        zoom *= 2
    if zoom == 1:
        return Look(circle.latitude, circle.longitude, 1)
    return Look(*circle.point(*middle), zoom)


def _outline(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z"
