"""Questions that may stay open: "yes", "no" or nothing said, and whole numbers that need not be given."""

from __future__ import annotations

from typing import Any, Final

from wtforms import Field, RadioField, StringField, ValidationError
from wtforms.fields import SelectChoice

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.texts import cleaned

YES: Final = "yes"
NO: Final = "no"
NOT_SAID: Final = ""


def question(label: Any, description: Any = "") -> Any:
    """A question with three answers; nothing said is one of them."""
    return RadioField(
        label,
        description=description,
        choices=[SelectChoice(YES, _l("Yes")), SelectChoice(NO, _l("No")), SelectChoice(NOT_SAID, _l("Not said"))],
        default=NOT_SAID,
        filters=[lambda value: value or NOT_SAID],
    )


def said(value: str) -> bool | None:
    """What an answer means: ``None`` where nothing was said."""
    return {YES: True, NO: False}.get(value)


def as_answer(holds: bool | None) -> str:
    """The answer that means this."""
    return NOT_SAID if holds is None else YES if holds else NO


def count(label: Any, description: Any = "") -> Any:
    """A whole number that may be left out, as text: ``number`` reads it."""
    return StringField(
        label,
        description=description,
        filters=[cleaned],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 6, "size": 5},
    )


def number(field: Field, least: int, most: int) -> int | None:
    """The number in a field, ``None`` for an empty one; ``ValidationError`` when it is none or out of these bounds."""
    text = field.data or ""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and least <= int(text) <= most):
        raise ValidationError(_l("Please give a whole number from %(least)s to %(most)s.", least=least, most=most))
    return int(text)
