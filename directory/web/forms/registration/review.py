"""The signature under a registration."""

from __future__ import annotations

from typing import Final

from wtforms import BooleanField, Field, StringField, ValidationError

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm, needed
from directory.web.forms.texts import cleaned

LONGEST_NAME: Final = 200


class ReviewForm(PostedForm):
    """Three promises and a name."""

    true = BooleanField(_l("Everything in it is true, and I will keep it so."))
    no_patients = BooleanField(_l("Nothing I wrote or sent names or shows a patient."))
    checked = BooleanField(_l("You may ask the registers, insurers and schools I named about what I said."))
    signed_as = StringField(
        _l("Your full name, as a signature"),
        filters=[cleaned],
        render_kw={"autocomplete": "name", "maxlength": LONGEST_NAME, "dir": "auto"},
    )

    def validate_true(self, field: Field) -> None:
        """Ticked."""
        _ticked(field)

    def validate_no_patients(self, field: Field) -> None:
        """Ticked."""
        _ticked(field)

    def validate_checked(self, field: Field) -> None:
        """Ticked."""
        _ticked(field)

    def validate_signed_as(self, field: Field) -> None:
        """A name."""
        needed(field, _l("Please type your full name."), LONGEST_NAME)


def _ticked(field: Field) -> None:
    if not field.data:
        raise ValidationError(_l("Please tick this box if it is so."))
