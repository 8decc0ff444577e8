"""Fields that several steps share: days, whole numbers, numbers, prices, one line, several lines."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from wtforms import Field, FloatField, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import Optional

from directory.http.locale import lazy_gettext as _l
from directory.practitioners.drafts import DEAREST
from directory.web.forms.about_you import DayField
from directory.web.forms.posted import lines
from directory.web.forms.texts import cleaned

_PRICE: Final = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")


class WholeNumberField(IntegerField):
    """A whole number from nothing on, whose complaint is ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; ``ValueError`` with the complaint."""
        typed = cleaned(valuelist[0] if valuelist else "")
        self.raw_data = [typed]
        if not typed:
            self.data = None
        elif typed.isascii() and typed.isdigit() and len(typed) <= 9:
            self.data = int(typed)
        else:
            self.data = None
            raise ValueError(str(_l("Please give a whole number, such as 12.")))


class NumberField(FloatField):
    """A number from nothing on, with a point or a comma, whose complaint is ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; ``ValueError`` with the complaint."""
        typed = cleaned(valuelist[0] if valuelist else "")
        self.raw_data = [typed]
        plain = typed.replace(",", ".", 1)
        whole, _, rest = plain.partition(".")
        if not typed:
            self.data = None
        elif len(plain) <= 9 and plain.isascii() and (whole + rest).isdigit():
            self.data = float(plain)
        else:
            self.data = None
            raise ValueError(str(_l("Please give a number, such as 7.5.")))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}"


def day(label: Any, description: Any = "") -> DayField:
    """A date that may be left empty."""
    return DayField(label, description=description, validators=[Optional()], render_kw={"autocomplete": "off"})


def needed_day(label: Any, description: Any = "") -> DayField:
    """A date that must be given."""
    return DayField(label, description=description, render_kw={"autocomplete": "off"})


def count(label: Any, description: Any = "", **attributes: Any) -> WholeNumberField:
    """A whole number that may be left empty."""
    kw = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 9, "size": 6} | attributes
    return WholeNumberField(label, description=description, validators=[Optional()], render_kw=kw)


def amount(label: Any, description: Any = "") -> NumberField:
    """A number that may be left empty."""
    kw = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 9, "size": 6}
    return NumberField(label, description=description, validators=[Optional()], render_kw=kw)


def one_line(label: Any, description: Any = "", *, longest: int = 200, **attributes: Any) -> StringField:
    """One line of text in any script, which may be left empty."""
    kw = {"autocomplete": "off", "maxlength": longest, "dir": "auto"} | attributes
    return StringField(label, description=description, filters=[cleaned], validators=[Fits(longest)], render_kw=kw)


def some_lines(label: Any, description: Any = "", *, longest: int = 2000, rows: int = 4) -> TextAreaField:
    """Several lines of text in any script, which may be left empty."""
    kw = {"rows": rows, "maxlength": longest, "dir": "auto"}
    return TextAreaField(label, description=description, filters=[lines], validators=[Fits(longest)], render_kw=kw)


def price(label: Any, description: Any = "") -> StringField:
    """A price that may be left empty; ``price_in`` reads it."""
    kw = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 12, "size": 8}
    return StringField(label, description=description, filters=[cleaned], render_kw=kw)


def price_in(field: Field) -> Decimal | None:
    """The amount in a field; ``ValidationError`` when it is none."""
    if not field.data:
        return None
    match = _PRICE.fullmatch(field.data)
    amount = Decimal(f"{match[1]}.{match[2] or 0}") if match else Decimal("NaN")
    if not amount.is_finite() or amount > DEAREST:
        raise ValidationError(_l("Please give a price as a plain number, such as 90 or 87.50."))
    return amount


class Fits:
    """Short enough, and readable."""

    def __init__(self, longest: int) -> None:
        self._longest = longest

    def __call__(self, _form: object, field: Any) -> None:
        """``ValidationError`` where it is not."""
        if len(field.data or "") > self._longest:
            raise ValidationError(
                _l("That is too long. There is room for %(number)s characters.", number=self._longest)
            )
        if "\N{REPLACEMENT CHARACTER}" in (field.data or ""):
            raise ValidationError(_l("There is a sign in this that cannot be read. Please type it again."))
