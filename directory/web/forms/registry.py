"""Finding one's own entry of a register, saying that it is one's own, and having it taken down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from wtforms import BooleanField, Field, Form, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice

from directory.geo.names import fold
from directory.http.locale import lazy_gettext as _l
from directory.jurisdictions.names import NAMES
from directory.practitioners.rules import npi_is_valid
from directory.web.forms.posted import LONGEST_EMAIL, PostedForm, lines, needed, shaped_like_email, short
from directory.web.forms.texts import cleaned

STATES: Final[Mapping[str, str]] = {
    **{code.removeprefix("US-"): name for code, name in NAMES.items() if code.startswith("US-")},
    "AS": "American Samoa",
    "GU": "Guam",
    "MP": "Northern Mariana Islands",
    "PR": "Puerto Rico",
    "VI": "U.S. Virgin Islands",
}
"""States and territories by the code that the register writes."""

LONGEST_NAME: Final = 120
LONGEST_REACH: Final = 200
LONGEST_NOTE: Final = 2000


class LookupForm(Form):
    """Bound to the address: a number, or a family name and a state."""

    npi = StringField(
        _l("Your NPI"),
        description=_l("Ten digits, such as 1234567893."),
        filters=[cleaned, lambda value: re.sub(r"[\s-]", "", value)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20, "size": 12},
    )
    name = StringField(
        _l("Or your family name"),
        filters=[cleaned],
        render_kw={"autocomplete": "family-name", "spellcheck": "false", "maxlength": LONGEST_NAME},
    )
    state = SelectField(
        _l("and the state you practise in"),
        choices=[SelectChoice("", _l("Choose a state")), *(SelectChoice(*each) for each in STATES.items())],
        validate_choice=False,
        filters=[cleaned],
    )

    def validate_npi(self, field: Field) -> None:
        """A number whose check digit fits, unless a name is given."""
        if field.data:
            if not npi_is_valid(field.data):
                raise ValidationError(
                    _l("That is not an NPI: it has ten digits, and its last one must fit the others. Please check it.")
                )
        elif not self.name.data:
            raise ValidationError(_l("Please give your NPI, or your family name and your state."))

    def validate_name(self, field: Field) -> None:
        """Short enough, and with a letter in it."""
        if field.data and len(field.data) > LONGEST_NAME:
            raise ValidationError(_l("That is too long for a family name."))
        if field.data and not fold(field.data):
            raise ValidationError(_l("Please give your family name in letters."))

    def validate_state(self, field: Field) -> None:
        """One of the states, where a name is looked for."""
        if field.data not in STATES and (field.data or (self.name.data and not self.npi.data)):
            raise ValidationError(_l("Please choose the state you practise in."))


class RemovalForm(PostedForm):
    """Nothing is asked but whether it is meant."""

    confirm = BooleanField(_l("Yes, take this page down"))

    def validate_confirm(self, field: Field) -> None:
        """Ticked."""
        if not field.data:
            raise ValidationError(_l("Please tick this box if you want the page to be taken down."))


class ClaimForm(PostedForm):
    """Who writes, and how to reach them. None of it proves anything."""

    name = StringField(
        _l("Your name"),
        filters=[cleaned],
        render_kw={"autocomplete": "name", "maxlength": LONGEST_NAME},
    )
    email = StringField(
        _l("Your email address"),
        description=_l("So that somebody can write to you."),
        filters=[cleaned],
        render_kw={
            "type": "email",
            "autocomplete": "email",
            "spellcheck": "false",
            "autocapitalize": "none",
            "maxlength": LONGEST_EMAIL,
        },
    )
    reach = StringField(
        _l("How else you can be reached"),
        description=_l("For example a telephone number and when to call."),
        filters=[cleaned],
        render_kw={"maxlength": LONGEST_REACH},
    )
    note = TextAreaField(
        _l("Anything we should know"),
        description=_l("Please write nothing about patients."),
        filters=[lines],
        render_kw={"rows": 5, "maxlength": LONGEST_NOTE},
    )
    website = StringField(_l("Leave this field empty"), filters=[cleaned])
    """No person sees it; programs that fill in every field do."""

    def validate_name(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please give your name."), LONGEST_NAME)

    def validate_email(self, field: Field) -> None:
        """Needed, and with the shape of an address."""
        needed(field, _l("Please give your email address."), LONGEST_EMAIL)
        shaped_like_email(field)

    def validate_reach(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST_REACH)

    def validate_note(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST_NOTE)

    def validate_website(self, field: Field) -> None:
        """Empty."""
        if field.data:
            raise ValidationError(_l("This field must stay empty. Please clear it and send the form again."))
