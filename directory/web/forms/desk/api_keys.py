"""The form that gives somebody a key."""

from __future__ import annotations

from typing import Final

from wtforms import Field, StringField, ValidationError

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import LONGEST_EMAIL, PostedForm, needed, shaped_like_email
from directory.web.forms.texts import cleaned

LONGEST_NAME: Final = 80
LARGEST_QUOTA: Final = 10_000_000
USUAL_QUOTA: Final = "50000"


class ApiKeyForm(PostedForm):
    """Whose, where they are reached, and how much they may ask."""

    name = StringField(
        _l("Whose key, and what for"),
        description=_l("Such as the name of a charity and of its page. The desk alone reads it."),
        filters=[cleaned],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )
    contact = StringField(
        _l("Email address of whoever looks after it"),
        description=_l("Kept encrypted; for when something changes or goes wrong."),
        filters=[cleaned],
        render_kw={"type": "email", "autocomplete": "off", "maxlength": LONGEST_EMAIL},
    )
    per_day = StringField(
        _l("Requests a day"),
        filters=[cleaned],
        default=USUAL_QUOTA,
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 8, "size": 8},
    )

    def validate_name(self, field: Field) -> None:
        """Given, and not too long."""
        needed(field, _l("Please say whose key this is."), LONGEST_NAME)

    def validate_contact(self, field: Field) -> None:
        """Given, and shaped like an address."""
        needed(field, _l("Please give an email address."), LONGEST_EMAIL)
        shaped_like_email(field)

    def validate_per_day(self, field: Field) -> None:
        """A whole number that a day has room for."""
        text = field.data or ""
        if not (text.isascii() and text.isdigit() and len(text) <= 8 and 1 <= int(text) <= LARGEST_QUOTA):
            raise ValidationError(_l("Please give a whole number from 1 to 10000000."))
