"""Making one profile of two: which stays, whose account keeps it, and whose word stands where they differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from wtforms import BooleanField, Field, RadioField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from directory.desk.duplicates.service import CHOOSABLE
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm, lines, short

LONGEST_NOTE: Final = 1000

NAMES: Final[Mapping[str, Any]] = {
    "display_name": _l("Name"),
    "profession": _l("Profession"),
    "gender": _l("Gender"),
    "npi": _l("NPI"),
    "email": _l("Email"),
    "website": _l("Website"),
    "words": _l("A sentence of their own"),
    "biography": _l("About themselves"),
    "min_patient_age": _l("Youngest patients"),
}


def _choice(name: str) -> RadioField:
    return RadioField(
        NAMES[name], choices=[SelectChoice("1", ""), SelectChoice("2", "")], validate_choice=True, default="1"
    )


class MergeForm(PostedForm):
    """ "1" is the profile on the left and "2" that on the right, whatever their numbers are."""

    into = RadioField(
        _l("Which profile stays?"),
        description=_l("Its address stays the public one; the other address leads on to it."),
        choices=[SelectChoice("1", _l("The first")), SelectChoice("2", _l("The second"))],
        validators=[InputRequired(_l("Please choose which profile stays."))],
    )
    account_of = RadioField(
        _l("Whose account keeps it?"),
        description=_l("The other account is written to."),
        choices=[SelectChoice("1", _l("That of the first")), SelectChoice("2", _l("That of the second"))],
    )
    note = TextAreaField(
        _l("What you saw"),
        description=_l("Only the desk reads it."),
        filters=[lines],
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
    )
    confirm = BooleanField(_l("Yes, they are one person. I know that this is not undone."))
    display_name = _choice("display_name")
    profession = _choice("profession")
    gender = _choice("gender")
    npi = _choice("npi")
    email = _choice("email")
    website = _choice("website")
    words = _choice("words")
    biography = _choice("biography")
    min_patient_age = _choice("min_patient_age")

    def shape(self, *, differing: Collection[str], two_accounts: bool) -> None:
        """Ask no more than there is to choose."""
        for name in CHOOSABLE:
            if name not in differing:
                del self[name]
        if not two_accounts:
            del self.account_of

    def validate_note(self, field: Field) -> None:
        """Not too long."""
        short(field, LONGEST_NOTE)

    def validate_confirm(self, field: Field) -> None:
        """Ticked."""
        if not field.data:
            raise ValidationError(_l("Please tick this box if that is what you want."))

    def picked(self, numbers: Mapping[str, int]) -> dict[str, int]:
        """By fact, the number of the profile whose word was chosen."""
        return {name: numbers[self[name].data] for name in CHOOSABLE if name in self and self[name].data in numbers}


class NotTheSameForm(PostedForm):
    """Why they are two."""

    note = TextAreaField(
        _l("How you know"),
        description=_l("Only the desk reads it. We never ask about these two again."),
        filters=[lines],
        render_kw={"rows": 2, "maxlength": LONGEST_NOTE},
    )

    def validate_note(self, field: Field) -> None:
        """Not too long."""
        short(field, LONGEST_NOTE)
