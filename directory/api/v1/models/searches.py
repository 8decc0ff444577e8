"""A search that is sent, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from directory.api.v1.models.parts import Answer, Known, KnownApart, Language, Links, Point, Prices, Word
from directory.api.v1.models.places import Place
from directory.practitioners.terms import Availability, Technique
from directory.screening.terms import PregnancyStatus, RedFlag
from directory.search.criteria import Preset
from directory.web.forms.about_you import CONDITIONS
from directory.web.forms.search import GENDERS, MODES, WISH_OF

MOST_VALUES = 20
LARGEST_PAGE = 50
TOKEN_LENGTH = 200


def _codes(codes: Iterable[object]) -> dict[str, Any]:
    return {"enum": [str(each) for each in codes]}


def _one_of(codes: Iterable[object]) -> Callable[[dict[str, Any]], None]:
    """Names the codes where the schema says that it is a text; what may be left out is null beside it, and no code."""
    named = _codes(codes)

    def name(schema: dict[str, Any]) -> None:
        next(each for each in schema["anyOf"] if each["type"] == "string").update(named)

    return name


class About(BaseModel):
    """What a patient tells about themselves. Used for this answer, never kept and never logged."""

    model_config = ConfigDict(extra="forbid", strict=True)

    pregnancy: str | None = Field(
        default=None,
        description="Are they pregnant? Left out is not answered, and the answer says so.",
        json_schema_extra=_one_of(each for each in PregnancyStatus if each is not PregnancyStatus.NOT_ANSWERED),
    )
    weeks: int | None = Field(default=None, ge=0, le=42, description="Completed weeks, with pregnancy yes.")
    due: str | None = Field(
        default=None,
        description="The date the baby is due, with pregnancy yes.",
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        json_schema_extra={"format": "date"},
    )
    age: int | None = Field(default=None, ge=0, le=120, description="In whole years.")
    needles: Literal["fine", "nervous", "none"] | None = Field(
        default=None, description="How they are with needles; none lists only people with a way without them."
    )
    conditions: list[str] = Field(
        default=[],
        max_length=len(CONDITIONS),
        description="What makes needling a question.",
        json_schema_extra={"items": {"type": "string", **_codes(CONDITIONS)}},
    )
    signs: list[str] = Field(
        default=[],
        max_length=len(RedFlag),
        description="Signs that cannot wait. With any of them there is no list, only whom to call.",
        json_schema_extra={"items": {"type": "string", **_codes(RedFlag)}},
    )


class Search(BaseModel):
    """A search. Everything but the place may be left out."""

    model_config = ConfigDict(extra="forbid", strict=True)

    place: str = Field(
        max_length=200,
        min_length=1,
        description="A postal code, a town with its state or county, or degrees as 45.51,-122.64.",
        examples=["97214"],
    )
    radius: float | None = Field(
        default=None, gt=0, le=500, description="In the unit of that country: miles in US and GB, otherwise kilometres."
    )
    mode: str | None = Field(default=None, description="How they meet.", json_schema_extra=_one_of(MODES))
    preset: str | None = Field(default=None, description="What counts most.", json_schema_extra=_one_of(Preset))
    leaning: int | None = Field(
        default=None, ge=0, le=100, description="Instead of a preset: 0 is the nearest, 100 the most experienced."
    )
    weights: str | None = Field(
        default=None, max_length=200, description="Instead of both: own weights, as rls:40,distance:60."
    )
    accepting: bool = Field(default=False, description="Takes new patients, confirmed within 30 days.")
    waitlist: bool = Field(default=False, description="Also people with a waiting list.")
    remote: bool = Field(default=False, description="Offers a first talk from a distance.")
    step_free: bool = Field(default=False, description="Step-free from street to table.")
    home_visit: bool = Field(default=False, description="Comes to the patient's home.")
    language: list[str] = Field(default=[], max_length=MOST_VALUES, description="Any of these languages (BCP 47).")
    technique: list[str] = Field(
        default=[],
        max_length=MOST_VALUES,
        description="Any of these ways of working.",
        json_schema_extra={"items": {"type": "string", **_codes(Technique)}},
    )
    availability: list[str] = Field(
        default=[],
        max_length=MOST_VALUES,
        description="Any of these times of the week.",
        json_schema_extra={"items": {"type": "string", **_codes(Availability)}},
    )
    payer: list[str] = Field(default=[], max_length=MOST_VALUES, description="Any of these insurers, by code.")
    gender: str | None = Field(default=None, description="Who treats.", json_schema_extra=_one_of(GENDERS))
    max_price: float | None = Field(
        default=None,
        gt=0,
        le=100_000,
        description="Of a visit, in the money of that country.",
    )
    nice: list[str] = Field(
        default=[],
        max_length=MOST_VALUES,
        description="Which of the wishes are only nice to have: they count in the order and shut nobody out.",
        json_schema_extra={"items": {"type": "string", **_codes(WISH_OF)}},
    )
    limit: int = Field(default=20, ge=1, le=LARGEST_PAGE, description="How many people on a page.")
    page: str | None = Field(
        default=None,
        max_length=TOKEN_LENGTH,
        description="The token of a page, from the answer before. It fits that search only.",
    )
    about: About | None = Field(default=None, description="What a patient tells about themselves.")


class Distance(Answer):
    """How far it is, in a straight line."""

    km: float = Field(ge=0)
    said: str
    about: bool = Field(description="Whether either end stands for an area.")


class Part(Answer):
    """One part of the sum by which a list is ordered."""

    part: Word
    why: str
    value: float = Field(ge=0, le=1)
    weight: float = Field(ge=0, le=1)
    points: float = Field(ge=0, le=1, description="Value times weight, rounded to three places.")


class Explanation(Answer):
    """Why somebody stands where they do."""

    heading: str = Field(description="To be shown with the numbers.")
    parts: tuple[Part, ...]
    points: float = Field(description="The points of the parts, added up.")
    reasons: tuple[str, ...]


class Match(Answer):
    """One person, at the place that fits best."""

    slug: str
    name: str
    fictional: bool = Field(description="Whether this person is made up, for trying the site.")
    profession: Word
    title: str
    gender: Word
    mode: Word = Field(description="How they would meet here.")
    place_id: int
    where: str
    locality: str
    country: str
    jurisdiction: str
    point: Point
    distance: Distance | None = Field(description="Null where nobody travels.")
    telephone: str | None
    known: KnownApart
    new_patients: Known
    min_patient_age: int
    prices: Prices | None
    languages: tuple[Language, ...]
    techniques: tuple[Word, ...]
    says: tuple[str, ...] = Field(description="Their own word.")
    notes: tuple[str, ...] = Field(description="What must be read with it.")
    ask: tuple[str, ...] = Field(description="What this patient should ask them about.")
    explanation: Explanation
    links: Links


class Count(Answer):
    """How many of the list would stay if this were asked for as well."""

    value: str
    said: str
    count: int = Field(ge=0)
    chosen: bool


class Facet(Answer):
    """What else may be asked."""

    parameter: str
    counts: tuple[Count, ...]


class Weight(Answer):
    """How much a part counts in this list."""

    part: Word
    weight: float = Field(ge=0, le=1)


class Relaxation(Answer):
    """Where nobody fits: what one wider wish would give. Licence and pregnancy are never relaxed."""

    step: str
    said: str
    wish: str | None = Field(description="The parameter that was left out; all for all of them.")
    radius_km: float
    total: int
    matches: tuple[Match, ...]


class Call(Answer):
    """Whom to call now."""

    need: str
    name: str
    number: str = Field(description="What is dialled.")
    written: str
    what: str


class Stop(Answer):
    """Why there is no list."""

    code: str
    said: str
    call: tuple[Call, ...] = Field(
        description="With a sign that cannot wait: whom to call, the emergency number first."
    )


class SearchAnswer(Answer):
    """Who fits, and why."""

    made_for: str = Field(description="The state of pregnancy this list was made for, in words. To be shown first.")
    limits: str = Field(description="What our checks are not. To be shown with the list.")
    place: Place
    radius_km: float
    day: date = Field(description="The day whose order this list has; page tokens carry it.")
    total: int = Field(ge=0, description="How many people fit, exactly.")
    weights: tuple[Weight, ...]
    stop: Stop | None
    matches: tuple[Match, ...] = Field(description="In order.")
    newcomers: tuple[Match, ...] = Field(
        description="On the first page, apart from the order: people near who have shown no experience with RLS yet."
    )
    relaxations: tuple[Relaxation, ...]
    without_pregnancy: int | None = Field(
        description="How many more would fit but for what we ask for in pregnancy; null where nothing is asked for."
    )
    facets: tuple[Facet, ...]
    next_page: str | None = Field(description="The token of the next page, for page; null on the last.")
    links: Links
