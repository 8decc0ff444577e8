"""What people enter about themselves and their places, before it is stored, and what can be wrong with it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Final
from zoneinfo import available_timezones

from directory.errors import InvalidInput
from directory.practitioners.rules import Interval, npi_is_valid
from directory.practitioners.terms import (
    Accepting,
    Gender,
    LanguageLevel,
    PointPrecision,
    Profession,
    Protocol,
    SpokenBy,
    Technique,
)
from directory.screening.terms import Condition

OLDEST_MIN_AGE = 120
LONGEST_HOME_VISIT_KM = 500
LONGEST_WORDS = 20_000
LONGEST_BIOGRAPHY = 20_000
DEAREST = Decimal("9999999.99")
DOOR_CM = (20, 500)
LONGEST_TELEPHONE = 40
FEWEST_DIGITS = 5
LONGEST: Final[Mapping[str, int]] = {"street": 200, "postal_code": 16, "title": 120, "admin1": 80}
"""Signs there is room for, beside ``label`` and ``locality``."""
LONGEST_LABEL = 200
LONGEST_LOCALITY = 120
PRICES: Final = (
    "price_first_talk",
    "price_first_visit",
    "price_follow_up",
    "price_shared_room",
    "price_without_insurance",
)
WAY_NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    "visit_minutes": (5, 480),
    "needle_minutes": (0, 240),
    "visits_a_week": (1, 7),
    "first_weeks": (1, 52),
    "review_after_visits": (1, 60),
}
"""The least and the most of each."""
TIME_ZONES = available_timezones()
_BREAKS = frozenset("\n\r\t")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language at work; ``code`` is one of the reference table."""

    code: str
    level: LanguageLevel = LanguageLevel.FLUENT
    by: SpokenBy = SpokenBy.PRACTITIONER


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A person as they register."""

    display_name: str
    profession: Profession = Profession.ACUPUNCTURIST
    gender: Gender = Gender.UNSPECIFIED
    npi: str | None = None
    email: str | None = None
    website: str | None = None
    words: str = ""
    biography: str = ""
    min_patient_age: int = 18
    fictional: bool = False
    languages: tuple[Spoken, ...] = ()
    techniques: frozenset[Technique] = frozenset()
    declines: frozenset[Condition] = frozenset()
    protocols: frozenset[Protocol] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDraft:
    """A practice place as somebody enters it, with its true point and street.

    ``timezone`` and ``jurisdiction`` are worked out from the point where they are not given. Of a hidden home the
    service keeps only an area's point and code; the rest is sealed.
    """

    practitioner_id: int
    label: str
    latitude: float
    longitude: float
    country: str
    locality: str
    admin1: str | None = None
    postal_code: str | None = None
    street: str | None = None
    precision: PointPrecision = PointPrecision.EXACT
    timezone: str | None = None
    jurisdiction: str | None = None
    hidden_home: bool = False
    title: str | None = None
    telephone: str | None = None
    in_person: bool = True
    home_visit_radius_km: float = 0.0
    remote_jurisdictions: frozenset[str] = frozenset()
    """For patients where remote consultations are offered; empty means that none are."""
    accepting: Accepting = Accepting.UNKNOWN
    accepting_confirmed_on: date | None = None
    appointment_only: bool = False
    price_currency: str | None = None
    price_first_talk: Decimal | None = None
    price_first_visit: Decimal | None = None
    price_follow_up: Decimal | None = None
    price_shared_room: Decimal | None = None
    price_without_insurance: Decimal | None = None
    same_without_insurance: bool | None = None
    sliding_scale: bool | None = None
    step_free: bool | None = None
    door_width_cm: int | None = None
    adjustable_table: bool | None = None
    transfer_help: bool | None = None
    treatment_in_own_chair: bool | None = None
    accessible_toilet: bool | None = None
    parking: bool | None = None
    hours: tuple[Interval, ...] = ()
    payers: Mapping[str, date] = field(default_factory=dict)
    """Codes of payers, each with the day the practitioner said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a place is and what it is called, with its true point and street; as ``PlaceDraft`` has them."""

    label: str
    latitude: float
    longitude: float
    country: str
    locality: str
    admin1: str | None = None
    postal_code: str | None = None
    street: str | None = None
    precision: PointPrecision = PointPrecision.EXACT
    timezone: str | None = None
    jurisdiction: str | None = None
    hidden_home: bool = False
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """How and when patients are seen from a place."""

    in_person: bool = True
    home_visit_radius_km: float = 0.0
    remote_jurisdictions: frozenset[str] = frozenset()
    """For patients where remote consultations are offered; empty means that none are."""
    appointment_only: bool = False
    hours: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Getting in and onto the table; ``None`` is what nobody has said."""

    step_free: bool | None = None
    door_width_cm: int | None = None
    adjustable_table: bool | None = None
    transfer_help: bool | None = None
    treatment_in_own_chair: bool | None = None
    accessible_toilet: bool | None = None
    parking: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What visits at a place cost; ``None`` is what nobody has said."""

    price_currency: str | None = None
    price_first_talk: Decimal | None = None
    price_first_visit: Decimal | None = None
    price_follow_up: Decimal | None = None
    price_shared_room: Decimal | None = None
    price_without_insurance: Decimal | None = None
    same_without_insurance: bool | None = None
    sliding_scale: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How somebody works, in their own word; ``None`` is what nobody has said."""

    asks_ferritin: bool | None = None
    reads_medicines: bool | None = None
    writes_to_doctors: bool | None = None
    single_use_needles: bool | None = None
    may_move: bool | None = None
    seated_or_standing: bool | None = None
    visit_minutes: int | None = None
    needle_minutes: int | None = None
    visits_a_week: int | None = None
    first_weeks: int | None = None
    review_after_visits: int | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether everything was left open."""
        return self == Way()


def check_person(draft: PersonDraft, languages: Collection[str]) -> None:
    """``InvalidInput`` at the first field that cannot be used; ``languages`` are the codes known."""
    cleaned("display_name", draft.display_name, 200)
    _text("words", draft.words, LONGEST_WORDS, lines=True)
    _text("biography", draft.biography, LONGEST_BIOGRAPHY, lines=True)
    _text("email", draft.email, 254)
    _text("website", draft.website, 500)
    if draft.email is not None and "@" not in draft.email.strip("@"):
        raise InvalidInput("That is not a mail address.", field="email")
    if draft.website is not None and not draft.website.startswith(("https://", "http://")):
        raise InvalidInput("A web address begins with https://.", field="website")
    if not 0 <= draft.min_patient_age <= OLDEST_MIN_AGE:
        raise InvalidInput("An age lies between 0 and 120.", field="min_patient_age")
    if draft.npi is not None and not npi_is_valid(draft.npi):
        raise InvalidInput("That is not an NPI: its last digit does not fit the others.", field="npi")
    check_languages(draft.languages, languages)


def check_languages(languages: Collection[Spoken], known: Collection[str]) -> None:
    """Languages must be known, and each stand there once."""
    for each in languages:
        if each.code not in known:
            raise InvalidInput("That language is not on our list.", field="languages")
    if len({(each.code, each.by) for each in languages}) < len(languages):
        raise InvalidInput("The same language stands there twice.", field="languages")


def check_place(draft: PlaceDraft) -> None:
    """``InvalidInput`` at the first field that cannot be used."""
    check_address(draft)
    check_meeting(draft)
    check_access(draft)
    check_prices(draft)
    _text("telephone", draft.telephone, LONGEST_TELEPHONE)
    if draft.accepting is Accepting.UNKNOWN and draft.accepting_confirmed_on is not None:
        raise InvalidInput("Say whether new patients are taken.", field="accepting")


def check_address(draft: PlaceDraft | Address) -> None:
    """``InvalidInput`` at the first part of an address that cannot be used."""
    if not -90 <= draft.latitude <= 90:
        raise InvalidInput("A latitude lies between -90 and 90.", field="latitude")
    if not -180 <= draft.longitude <= 180:
        raise InvalidInput("A longitude lies between -180 and 180.", field="longitude")
    if len(draft.country) != 2 or not draft.country.isascii() or not draft.country.isupper():
        raise InvalidInput("A country is written with two letters.", field="country")
    for name, longest in LONGEST.items():
        _text(name, getattr(draft, name), longest)


def check_name(label: str, title: str | None, timezone: str) -> None:
    """``InvalidInput`` where a place cannot be called this or has no such clock."""
    cleaned("label", label, LONGEST_LABEL)
    _text("title", title, LONGEST["title"])
    if timezone not in TIME_ZONES:
        raise InvalidInput("That is not a time zone.", field="timezone")


def check_meeting(draft: PlaceDraft | Meeting) -> None:
    """``InvalidInput`` at the first thing about meeting patients that cannot be."""
    if not 0 <= draft.home_visit_radius_km <= LONGEST_HOME_VISIT_KM:
        raise InvalidInput(f"Home visits reach from 0 to {LONGEST_HOME_VISIT_KM} km.", field="home_visit_radius_km")
    check_hours(draft.hours)


def check_access(draft: PlaceDraft | Access) -> None:
    """``InvalidInput`` where a door has a width that no door has."""
    narrowest, widest = DOOR_CM
    if draft.door_width_cm is not None and not narrowest <= draft.door_width_cm <= widest:
        raise InvalidInput(f"A door is from {narrowest} to {widest} cm wide.", field="door_width_cm")


def check_telephone(telephone: str | None) -> str | None:
    """The number on one line, ``None`` for none. Only what cannot be dialled at all is refused."""
    if telephone is None or not telephone.strip():
        return None
    number = cleaned("telephone", telephone, LONGEST_TELEPHONE)
    if sum(sign.isdigit() for sign in number) < FEWEST_DIGITS:
        raise InvalidInput("That is not a telephone number: it has too few digits.", field="telephone")
    return number


def check_way(way: Way) -> None:
    """``InvalidInput`` at the first number about a way of working that cannot be, or cannot be with another."""
    for name, (least, most) in WAY_NUMBERS.items():
        value = getattr(way, name)
        if value is not None and not least <= value <= most:
            raise InvalidInput(f"Give a number from {least} to {most}.", field=name)
    if way.visit_minutes is not None and way.needle_minutes is not None and way.needle_minutes > way.visit_minutes:
        raise InvalidInput("The needles cannot stay longer than the visit lasts.", field="needle_minutes")
    if way.first_weeks is not None and way.visits_a_week is None:
        raise InvalidInput("Say how many visits a week.", field="visits_a_week")


def check_hours(hours: Collection[Interval]) -> None:
    """Opening times must lie in a week, run forward and not overlap."""
    ends: dict[int, time] = {}
    for each in sorted(hours):
        if not 0 <= each.weekday <= 6:
            raise InvalidInput("A weekday is a number from 0, Monday, to 6.", field="hours")
        if each.opens >= each.closes:
            raise InvalidInput("Closing time lies after opening time.", field="hours")
        if each.weekday in ends and each.opens < ends[each.weekday]:
            raise InvalidInput("Two opening times overlap.", field="hours")
        ends[each.weekday] = each.closes


def cleaned(name: str, value: str, longest: int) -> str:
    """One line without spare spaces; ``InvalidInput`` when it is empty or too long."""
    text = " ".join(value.split())
    if not text:
        raise InvalidInput("This is needed.", field=name)
    _text(name, text, longest)
    return text


def check_prices(draft: PlaceDraft | Prices) -> None:
    """``InvalidInput`` at the first price that cannot be."""
    prices = {name: getattr(draft, name) for name in PRICES if getattr(draft, name) is not None}
    for name, price in prices.items():
        if not (price.is_finite() and 0 <= price <= DEAREST):
            raise InvalidInput("A price is a number from 0 on.", field=name)
    currency = draft.price_currency
    if prices and currency is None:
        raise InvalidInput("Say in which currency.", field="price_currency")
    if currency is not None and not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise InvalidInput("A currency is written with three letters.", field="price_currency")
    if draft.same_without_insurance and draft.price_without_insurance is not None:
        raise InvalidInput("Say either that it is the same, or how much.", field="price_without_insurance")


def _text(name: str, value: str | None, longest: int, *, lines: bool = False) -> None:
    if value is None:
        return
    if len(value) > longest:
        raise InvalidInput(f"That is too long; there is room for {longest} signs.", field=name)
    if any(unicodedata.category(sign) in ("Cc", "Cs") and not (lines and sign in _BREAKS) for sign in value):
        raise InvalidInput("That contains signs that cannot be read.", field=name)
