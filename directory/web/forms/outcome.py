"""Whether it worked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from wtforms import Field, StringField, ValidationError

from directory.consultations.outcomes.terms import Contact
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm

SAID: Final[Mapping[Contact, Any]] = {
    Contact.REACHED: _l("I reached them"),
    Contact.NO_ANSWER: _l("I got no answer"),
    Contact.WRONG_NUMBER: _l("The number or address is wrong"),
    Contact.NOT_TAKING: _l("They take no new patients"),
}
"""Each answer as the button says it."""


class OutcomeForm(PostedForm):
    """One of four buttons."""

    contact = StringField(_l("Did it work?"))

    def validate_contact(self, field: Field) -> None:
        """One of these."""
        if field.data not in {each.value for each in Contact}:
            raise ValidationError(_l("Please choose one of these."))
