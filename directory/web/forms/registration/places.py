"""A practice place, on three screens: where it is, how patients are seen there, how one gets in."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from babel import Locale
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from directory.errors import InvalidInput
from directory.geo.addresses import PostalAddress
from directory.geo.distance import KM_PER_MILE
from directory.geo.places import SEARCH_COUNTRIES
from directory.http.locale import current
from directory.http.locale import lazy_gettext as _l
from directory.practitioners import hours
from directory.practitioners.drafts import (
    DOOR_CM,
    FEWEST_DIGITS,
    LONGEST,
    LONGEST_HOME_VISIT_KM,
    LONGEST_LABEL,
    LONGEST_LOCALITY,
    LONGEST_TELEPHONE,
    Access,
)
from directory.practitioners.rules import Interval
from directory.practitioners.terms import Accepting
from directory.web.forms.posted import needed, short
from directory.web.forms.registration.answers import count, number, question, said
from directory.web.forms.registration.step import StepForm
from directory.web.forms.texts import cleaned

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

WEEKDAYS: Final = 7
_PAIR = re.compile(r"\s*(-?[0-9.]+)\s*[,;\s]\s*(-?[0-9.]+)\s*")
_NO_COUNTRY: Final = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"})


def countries(locale: Locale) -> list[SelectChoice]:
    """Every country by its name, those with postal codes of ours first."""
    names = {code: name for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()}
    ours = [SelectChoice(code, names[code], optgroup=str(_l("Where this directory works"))) for code in _OURS]
    others = sorted((name, code) for code, name in names.items() if code not in {*_OURS, *_NO_COUNTRY})
    rest = [SelectChoice(code, name, optgroup=str(_l("Elsewhere"))) for name, code in others]
    return [SelectChoice("", _l("Choose a country")), *ours, *rest]


_OURS: Final = tuple(SEARCH_COUNTRIES)


def as_degrees(value: float) -> str:
    """Degrees as the form holds them: to a metre."""
    return f"{value:.5f}"


class WhereForm(StepForm):
    """The address and the pin."""

    label = StringField(
        _l("What patients call this place"),
        description=_l("Such as the name of your practice, or “Home practice”."),
        filters=[cleaned],
        render_kw={"maxlength": LONGEST_LABEL, "dir": "auto"},
    )
    title = StringField(
        _l("The title you use here"),
        description=_l("Titles are protected by place. Write it as your licence or register allows it, such as L.Ac."),
        filters=[cleaned],
        render_kw={"maxlength": LONGEST["title"], "dir": "auto"},
    )
    country = SelectField(_l("Country"), choices=[], validate_choice=False, render_kw={"autocomplete": "country"})
    street = StringField(
        _l("Street and number"),
        filters=[cleaned],
        render_kw={"autocomplete": "street-address", "maxlength": LONGEST["street"], "dir": "auto"},
    )
    locality = StringField(
        _l("Town"),
        filters=[cleaned],
        render_kw={"autocomplete": "address-level2", "maxlength": LONGEST_LOCALITY, "dir": "auto"},
    )
    region = StringField(
        _l("State, province or county"),
        filters=[cleaned],
        render_kw={"autocomplete": "address-level1", "maxlength": LONGEST["admin1"], "dir": "auto"},
    )
    postal_code = StringField(
        _l("Postcode or ZIP code"),
        filters=[cleaned],
        render_kw={"autocomplete": "postal-code", "maxlength": LONGEST["postal_code"], "size": 12, "dir": "auto"},
    )
    hidden_home = BooleanField(_l("This is my home: show only the area"))
    latitude = StringField(
        _l("Latitude"),
        filters=[cleaned],
        render_kw={"inputmode": "text", "autocomplete": "off", "maxlength": 40, "size": 14},
    )
    longitude = StringField(
        _l("Longitude"),
        filters=[cleaned],
        render_kw={"inputmode": "text", "autocomplete": "off", "maxlength": 40, "size": 14},
    )
    drawn = HiddenField(filters=[cleaned])
    """The point around which the map was drawn; where the two fields say another, somebody typed it."""
    around = HiddenField(filters=[cleaned])
    """How many kilometres around that point the map shows."""
    timezone = SelectField(_l("Time zone"), choices=[SelectChoice("", _l("As worked out"))], validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = countries(current())
        self.pin: Point | None = None

    @property
    def address(self) -> PostalAddress:
        """The address as it was typed."""
        return PostalAddress(
            country=self.country.data or "",
            locality=self.locality.data or "",
            region=self.region.data or "",
            postal_code=self.postal_code.data or "",
            street=self.street.data or "",
        )

    @property
    def point(self) -> Point | None:
        """Where the pin stands, or nothing where there is none that can be read."""
        text = f"{self.latitude.data or ''} {self.longitude.data or ''}"
        found = _PAIR.fullmatch(text.replace("\N{MINUS SIGN}", "-"))
        return None if found is None else _point(found[1], found[2])

    @property
    def drawn_at(self) -> Point | None:
        """Around which point the map was drawn, where there was one."""
        found = _PAIR.fullmatch(self.drawn.data or "")
        return None if found is None else _point(found[1], found[2])

    @property
    def around_km(self) -> float | None:
        """How far the map reached, where there was one."""
        try:
            value = float(self.around.data or "nan")
        except ValueError:
            return None
        return value if math.isfinite(value) and 0 < value <= 20_000 else None

    @property
    def typed(self) -> bool:
        """Whether the pin's numbers were typed, and not pointed at."""
        drawn, point = self.drawn_at, self.point
        return point is not None and (drawn is None or tuple(map(as_degrees, drawn)) != tuple(map(as_degrees, point)))

    def put(self, point: Point | None, *, centre: Point | None = None, around_km: float) -> None:
        """Set the pin (``None`` takes it away), the middle of the map and how far that reaches."""
        self.latitude.data, self.longitude.data = ("", "") if point is None else map(as_degrees, point)
        middle = centre or point
        self.drawn.data = "" if middle is None else ",".join(map(as_degrees, middle))
        self.around.data = f"{around_km:.3f}"

    def validate_label(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please say what patients call this place."), LONGEST_LABEL)

    def validate_title(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST["title"])

    def validate_country(self, field: Field) -> None:
        """One of the list."""
        if field.data not in {choice.value for choice in countries(current()) if choice.value}:
            raise ValidationError(_l("Please choose the country."))

    def validate_street(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST["street"])

    def validate_locality(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please give the town."), LONGEST_LOCALITY)

    def validate_region(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST["admin1"])

    def validate_postal_code(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST["postal_code"])

    def point_is_odd(self) -> bool:
        """Complain about a point that cannot be read; everything else may still be missing."""
        try:
            self.validate_latitude(self.latitude)
        except ValidationError as error:
            self.latitude.errors = [str(error)]
        return bool(self.latitude.errors)

    def validate_latitude(self, field: Field) -> None:
        """A point on the map, or none at all."""
        if (self.latitude.data or self.longitude.data) and self.point is None:
            raise ValidationError(
                _l("That is not a point. A latitude lies between -90 and 90 and a longitude between -180 and 180.")
            )

    def validate_timezone(self, field: Field) -> None:
        """One of those offered."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_l("Please choose one of the time zones offered."))


def _point(latitude: str, longitude: str) -> Point | None:
    try:
        point = float(latitude), float(longitude)
    except ValueError:
        return None
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


class _Checkboxes(ListWidget):
    """Several answers of one question, each a box."""


class SeenForm(StepForm):
    """How and when patients are seen from a place."""

    in_person = BooleanField(_l("At the practice"))
    home_visits = BooleanField(_l("At patients’ homes"))
    radius = StringField(
        _l("How far you go, in a straight line"),
        filters=[cleaned],
        render_kw={"inputmode": "decimal", "autocomplete": "off", "maxlength": 8, "size": 6},
    )
    remote = SelectMultipleField(
        _l("Remote consultations for patients in"),
        description=_l("A talk by telephone or video, never a treatment. Only where you may practise."),
        choices=[],
        validate_choice=False,
        widget=_Checkboxes(),
        option_widget=CheckboxInput(),
    )
    telephone = StringField(
        _l("Telephone"),
        description=_l("For patients, with the country code if you like."),
        filters=[cleaned],
        render_kw={"type": "tel", "autocomplete": "tel", "maxlength": LONGEST_TELEPHONE, "size": 20},
    )
    accepting = RadioField(
        _l("Do you take new patients here?"),
        choices=[
            SelectChoice(Accepting.YES.value, _l("Yes")),
            SelectChoice(Accepting.CLOSED.value, _l("No, the list is closed")),
            SelectChoice(Accepting.UNKNOWN.value, _l("Not said")),
        ],
        default=Accepting.UNKNOWN.value,
        filters=[lambda value: value or Accepting.UNKNOWN.value],
    )
    accepting_today = BooleanField(_l("That is still so today"))
    appointment_only = BooleanField(_l("By appointment only"))
    monday = StringField(_l("Monday"), filters=[cleaned])
    tuesday = StringField(_l("Tuesday"), filters=[cleaned])
    wednesday = StringField(_l("Wednesday"), filters=[cleaned])
    thursday = StringField(_l("Thursday"), filters=[cleaned])
    friday = StringField(_l("Friday"), filters=[cleaned])
    saturday = StringField(_l("Saturday"), filters=[cleaned])
    sunday = StringField(_l("Sunday"), filters=[cleaned])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.miles = False
        """Whether the radius is counted in miles."""

    @property
    def days(self) -> list[Field]:
        """The fields of the week, Monday first."""
        return [
            self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday,
        ]  # fmt: skip

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The opening hours; only after ``validate`` said yes."""
        return tuple(
            Interval(weekday, *span) for weekday, field in enumerate(self.days) for span in hours.read(field.data or "")
        )

    @property
    def radius_km(self) -> float:
        """How far home visits reach; 0 where there are none. Only after ``validate`` said yes."""
        if not self.home_visits.data:
            return 0.0
        value = float(self.radius.data.replace(",", "."))
        return round(value * KM_PER_MILE, 3) if self.miles else value

    def copy_monday(self) -> None:
        """Give Tuesday to Friday the hours of Monday."""
        for field in self.days[1:5]:
            field.data = self.monday.data

    def validate_radius(self, field: Field) -> None:
        """A distance, where home visits are offered."""
        if not self.home_visits.data:
            return
        most = LONGEST_HOME_VISIT_KM / KM_PER_MILE if self.miles else float(LONGEST_HOME_VISIT_KM)
        try:
            value = float((field.data or "").replace(",", "."))
        except ValueError:
            value = math.nan
        if not 0 < value <= most:
            raise ValidationError(_l("Please say how far you go: a number from 1 to %(most)s.", most=math.floor(most)))

    def validate_remote(self, field: Field) -> None:
        """Places that were offered."""
        offered = {choice.value for choice in field.choices}
        field.data = list(dict.fromkeys(field.data or ()))
        if not offered.issuperset(field.data):
            raise ValidationError(_l("Please choose from the answers offered."))

    def validate_in_person(self, field: Field) -> None:
        """Some way to be seen."""
        if not (field.data or self.home_visits.data or self.remote.data):
            raise ValidationError(_l("Please choose at least one way in which patients see you."))

    def validate_telephone(self, field: Field) -> None:
        """Something that can be dialled."""
        short(field, LONGEST_TELEPHONE)
        if field.data and sum(sign.isdigit() for sign in field.data) < FEWEST_DIGITS:
            raise ValidationError(_l("That is not a telephone number: it has too few digits."))

    def _validate_day(self, field: Field) -> None:
        try:
            hours.read(field.data or "")
        except InvalidInput as error:
            raise ValidationError(_HOURS[error.code]) from error

    validate_monday = validate_tuesday = validate_wednesday = validate_thursday = validate_friday = _validate_day
    validate_saturday = validate_sunday = _validate_day


_HOURS: Final = {
    "hours_too_long": _l("That is too long for the hours of one day."),
    "hours_too_many": _l("That is too many opening times for one day."),
    "hours_overlap": _l("Two opening times overlap."),
    "hours_backwards": _l("Closing time must lie after opening time. Write 17:00 or 5pm."),
    "hours_unreadable": _l("Please write hours such as 9:00–12:30, 14:00–18:00, or leave the day empty."),
}


class AccessForm(StepForm):
    """Facts about getting in and onto the table."""

    step_free = question(
        _l("Step-free from the street to the table"),
        _l("Without a single step, or with a ramp or a lift all the way."),
    )
    door_width_cm = count(_l("Narrowest door on the way, in cm"), _l("A wheelchair needs about 80; 32 inches are 81."))
    adjustable_table = question(_l("The table can be lowered"))
    transfer_help = question(_l("You help people to move onto the table"))
    treatment_in_own_chair = question(_l("Treatment is possible in the patient’s own chair"))
    accessible_toilet = question(_l("A toilet for wheelchair users"))
    parking = question(_l("Parking for patients"))

    @property
    def access(self) -> Access:
        """What was said; only after ``validate`` said yes."""
        return Access(
            step_free=said(self.step_free.data),
            door_width_cm=number(self.door_width_cm, *DOOR_CM),
            adjustable_table=said(self.adjustable_table.data),
            transfer_help=said(self.transfer_help.data),
            treatment_in_own_chair=said(self.treatment_in_own_chair.data),
            accessible_toilet=said(self.accessible_toilet.data),
            parking=said(self.parking.data),
        )

    def validate_door_width_cm(self, field: Field) -> None:
        """A width that doors have."""
        number(field, *DOOR_CM)
