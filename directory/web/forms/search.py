"""A search as it stands in an address. No health fact is ever among these fields; unknown parameters are ignored."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from wtforms import BooleanField, Field, Form, SelectMultipleField, StringField, ValidationError

from directory.credentials.terms import Mode
from directory.errors import InvalidInput
from directory.geo.distance import KM_PER_MILE
from directory.geo.places import AmbiguousPlace, Choice, Place, UnknownPlace
from directory.http.locale import gettext, miles
from directory.http.locale import lazy_gettext as _l
from directory.practitioners.terms import Availability, Gender, Technique
from directory.screening.rules import Patient
from directory.search.criteria import (
    DEFAULT_RADIUS_KM,
    LARGEST_RADIUS_KM,
    LEAST_RADIUS_KM,
    Criteria,
    Part,
    Point,
    Preset,
    Weights,
    Wishes,
)
from directory.web.forms.texts import cleaned, which

OWN: Final = "own"
"""The preset whose weights stand in fields of their own."""

MODES: Final[Mapping[str, Mode]] = {"in_person": Mode.IN_PERSON, "remote": Mode.REMOTE}
GENDERS: Final = (Gender.FEMALE, Gender.MALE, Gender.NON_BINARY)
RADII_MILES: Final = (5, 10, 25, 50, 100, 200)
RADII_KM: Final = (5, 10, 20, 40, 80, 160, 300)
DEFAULT_MILES: Final = 25
WISH_OF: Final[Mapping[str, str]] = {
    "language": "languages",
    "technique": "techniques",
    "availability": "availability",
    "payer": "payers",
    "gender": "gender",
    "max_price": "max_price",
    "step_free": "step_free",
    "home_visit": "home_visit",
    "remote": "remote_first_talk",
    "accepting": "accepting_confirmed",
}
"""From the parameter that asks for something to the name of the wish, which may be a must or only nice to have."""

LARGEST_PRICE: Final = Decimal(100_000)
WEIGHED: Final = (Part.RLS, Part.DISTANCE, Part.FIT, Part.TRUST, Part.PREGNANCY)
_LONGEST_CODE = 80
_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")
_PLACE_ON_SLIDER = re.compile(r"[0-9]{1,3}")
_WEIGHTS = re.compile(r"[a-z]+:[0-9.]+(,[a-z]+:[0-9.]+)*")

CURRENCIES: Final[Mapping[str, str]] = {"US": "USD", "GB": "GBP", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "IE": "EUR"}
"""In which money a highest price is meant."""

Resolve = Callable[[str], Place]
Known = Callable[[str], Collection[str]]


def _string(label: Any, **kwargs: Any) -> Any:
    return StringField(label, filters=[cleaned], **kwargs)


def _flag(label: Any) -> Any:
    return BooleanField(label, false_values=("", "no"), validators=[_yes_or_no])


def _yes_or_no(_form: Form, field: Field) -> None:
    if any(value not in ("", "no", "yes") for value in field.raw_data or ()):
        raise ValidationError(_l("Please choose one of the answers offered."))


def _several(label: Any) -> Any:
    return SelectMultipleField(label, choices=[], validate_choice=False)


class SearchForm(Form):
    """Bound to the address. After ``validate`` the place is in ``found`` and ``radius_km`` may be asked."""

    place = _string(
        _l("Where"),
        description=_l("A postcode or ZIP code, or a town with its state or county."),
        render_kw={"autocomplete": "postal-code", "spellcheck": "false", "maxlength": 200},
    )
    radius = _string(_l("How far"))
    mode = _string(_l("How you meet"))
    preset = _string(_l("What counts most"))
    leaning = _string(_l("Nearer, or more experienced"))
    weights = _string(_l("Your own weights"))
    accepting = _flag(_l("Takes new patients, confirmed within 30 days"))
    waitlist = _flag(_l("Also people with a waiting list"))
    remote = _flag(_l("A first talk from a distance"))
    step_free = _flag(_l("Step-free from street to table"))
    home_visit = _flag(_l("Comes to your home"))
    language = _several(_l("Language"))
    technique = _several(_l("Way of working"))
    availability = _several(_l("Time of the week"))
    payer = _several(_l("Insurance they say they work with"))
    gender = _string(_l("Who treats you"))
    max_price = _string(
        _l("Highest price of a visit"),
        description=_l("In the money of that place. People who state no price are left out."),
        render_kw={"inputmode": "decimal", "size": 8, "maxlength": 10},
    )
    nice = _several(_l("Only nice to have"))
    day = _string(_l("Day of the list"))
    after = _string(_l("Page"))

    def __init__(self, *args: Any, resolve: Resolve, known: Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._resolve = resolve
        self._known = known
        self.found: Place | None = None
        self.suggestions: Sequence[Choice] = ()
        self.own_weights: Weights | None = None
        self.which = ""

    # --- what it means, once valid ---------------------------------------------------------------------------------

    @property
    def in_miles(self) -> bool:
        """Whether the radius is counted in miles."""
        return self.found is not None and miles(self.found.country)

    @property
    def radius_km(self) -> float:
        """The radius in kilometres."""
        if not self.radius.data:
            return DEFAULT_MILES * KM_PER_MILE if self.in_miles else DEFAULT_RADIUS_KM
        value = float(self.radius.data)
        return value * KM_PER_MILE if self.in_miles else value

    @property
    def meeting(self) -> Mode:
        """How patient and practitioner meet."""
        return MODES[self.mode.data or "in_person"]

    @property
    def chosen_preset(self) -> Preset:
        """The preset; the balanced one also where the weights are the patient's own."""
        return Preset(self.preset.data) if self.preset.data in tuple(Preset) else Preset.BALANCED

    @property
    def chosen_leaning(self) -> int | None:
        """Where the slider stands, from 0 to 100; ``None`` where it was not moved or own weights count."""
        stands = self.leaning.data and not self.leaning.errors and self.own_weights is None
        return int(self.leaning.data) if stands else None

    @property
    def price_cap(self) -> Decimal | None:
        """The highest price, or ``None`` for any."""
        return Decimal(self.max_price.data) if self.max_price.data else None

    def criteria(self, patient: Patient) -> Criteria:
        """The search this address and this patient mean; only after ``validate`` said yes."""
        if self.found is None:
            raise InvalidInput("The place is not known.", field="place")
        asked = self._asked(self.found.country)
        nice = {WISH_OF[name] for name in self.nice.data}
        return Criteria(
            point=_point(self.found),
            radius_km=self.radius_km,
            mode=self.meeting,
            patient=patient,
            musts=_only(asked, set(asked.asked()) - nice),
            wishes=_only(asked, nice),
            waitlist_ok=self.waitlist.data,
            preset=self.chosen_preset,
            leaning=self.chosen_leaning,
            weights=self.own_weights,
        )

    def _asked(self, country: str) -> Wishes:
        cap = self.price_cap
        return Wishes(
            languages=frozenset(self.language.data),
            techniques=frozenset(Technique(code) for code in self.technique.data),
            gender=Gender(self.gender.data) if self.gender.data else None,
            availability=frozenset(Availability(code) for code in self.availability.data),
            payers=frozenset(self.payer.data),
            max_price=cap,
            currency=currency_of(country) if cap is not None else None,
            step_free=self.step_free.data,
            home_visit=self.home_visit.data,
            remote_first_talk=self.remote.data,
            accepting_confirmed=self.accepting.data,
        )

    # --- checks ----------------------------------------------------------------------------------------------------

    def validate_place(self, field: Field) -> None:
        """A place the gazetteer knows, and only one."""
        try:
            self.found = self._resolve(field.data)
        except AmbiguousPlace as error:
            self.suggestions = error.choices
            self.which = which(field.data, error)
            raise ValidationError(gettext(str(error))) from error
        except UnknownPlace as error:
            self.suggestions = error.near
            raise ValidationError(gettext(str(error))) from error
        except InvalidInput as error:
            raise ValidationError(gettext(str(error))) from error

    def validate_radius(self, field: Field) -> None:
        """A plain number within what one may search; its unit hangs on the place, so a place comes first."""
        if not field.data:
            return
        if not _NUMBER.fullmatch(field.data):
            raise ValidationError(_l("Please give the distance as a plain number, such as 25."))
        if self.found is not None and not LEAST_RADIUS_KM <= self.radius_km <= LARGEST_RADIUS_KM:
            least, most = _bounds(self.in_miles)
            raise ValidationError(
                gettext("Please choose a distance from %(least)s to %(most)s.", least=least, most=most)
            )

    def validate_mode(self, field: Field) -> None:
        """In person or remote."""
        _one_of(field, MODES)

    def validate_preset(self, field: Field) -> None:
        """One of the presets, or one's own weights."""
        _one_of(field, (*Preset, OWN))

    def validate_leaning(self, field: Field) -> None:
        """A place on the slider."""
        if field.data and not (_PLACE_ON_SLIDER.fullmatch(field.data) and int(field.data) <= 100):
            raise ValidationError(_l("Please choose a place from 0 (nearer) to 100 (more experienced)."))

    def validate_weights(self, field: Field) -> None:
        """Parts with numbers from 0 to 100, not all zero."""
        if not field.data:
            return
        complaint = _l("Please give each weight as a number from 0 to 100, and at least one above 0.")
        if len(field.data) > 200 or not _WEIGHTS.fullmatch(field.data):
            raise ValidationError(complaint)
        chosen: dict[Part, float] = {}
        for pair in field.data.split(","):
            name, _, raw = pair.partition(":")
            if name not in tuple(Part) or Part(name) in chosen or not _NUMBER.fullmatch(raw) or float(raw) > 100:
                raise ValidationError(complaint)
            chosen[Part(name)] = float(raw)
        total = math.fsum(chosen.values())
        if total <= 0:
            raise ValidationError(complaint)
        self.own_weights = tuple((part, weight / total) for part, weight in chosen.items())

    def validate_language(self, field: Field) -> None:
        """Languages we know."""
        _all_of(field, lambda: self._known("languages"))

    def validate_payer(self, field: Field) -> None:
        """Insurers we know."""
        _all_of(field, lambda: self._known("payers"))

    def validate_technique(self, field: Field) -> None:
        """Techniques we know."""
        _all_of(field, lambda: tuple(Technique))

    def validate_availability(self, field: Field) -> None:
        """Parts of the week we know."""
        _all_of(field, lambda: tuple(Availability))

    def validate_nice(self, field: Field) -> None:
        """Parameters of ours that ask for something."""
        _all_of(field, lambda: WISH_OF)

    def validate_gender(self, field: Field) -> None:
        """A gender that somebody can state."""
        _one_of(field, GENDERS)

    def validate_max_price(self, field: Field) -> None:
        """An amount of money."""
        if not field.data:
            return
        try:
            amount = Decimal(field.data) if _NUMBER.fullmatch(field.data) else Decimal("NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 < amount <= LARGEST_PRICE:
            raise ValidationError(_l("Please give a price as a plain number, such as 90."))


def _only(wishes: Wishes, names: Collection[str]) -> Wishes:
    """These of the wishes, and nothing else."""
    kept = {name: getattr(wishes, name) for name in names}
    return Wishes(**kept, currency=wishes.currency if "max_price" in names else None)


def currency_of(country: str) -> str:
    """In which money a highest price is meant in this country."""
    return CURRENCIES.get(country, "USD")


def _point(place: Place) -> Point:
    return Point(
        latitude=place.latitude,
        longitude=place.longitude,
        country=place.country,
        jurisdiction=place.jurisdiction,
        timezone=place.timezone,
        label=place.label,
        about=place.about,
    )


def _bounds(in_miles: bool) -> tuple[str, str]:
    if in_miles:
        most = math.floor(LARGEST_RADIUS_KM / KM_PER_MILE)
        return gettext("%(number)s mile", number=1), gettext("%(number)s miles", number=most)
    return gettext("%(number)s km", number=round(LEAST_RADIUS_KM)), gettext(
        "%(number)s km", number=round(LARGEST_RADIUS_KM)
    )


def _one_of(field: Field, allowed: Iterable[str]) -> None:
    if field.data and field.data not in tuple(allowed):
        raise ValidationError(_l("Please choose one of the answers offered."))


def _all_of(field: Field, allowed: Callable[[], Collection[str]]) -> None:
    asked = [value for value in field.data or () if value]
    field.data = list(dict.fromkeys(asked))
    if not asked:
        return
    if len(asked) > 20 or any(len(value) > _LONGEST_CODE or not _readable(value) for value in asked):
        raise ValidationError(_l("Please choose from the answers offered."))
    known = allowed()
    if any(value not in known for value in asked):
        raise ValidationError(_l("Please choose from the answers offered."))


def _readable(value: str) -> bool:
    return all(unicodedata.category(sign)[0] != "C" for sign in value)
