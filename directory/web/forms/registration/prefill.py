"""What a register offers, value by value: taken over or left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.registration.step import StepForm

TAKE: Final = "take"
LEAVE: Final = "leave"


def prefill_form(offers: Iterable[tuple[str, str]]) -> type[StepForm]:
    """A form with one question for each offer, given by name and label."""
    questions = {
        name: RadioField(
            label,
            choices=[SelectChoice(TAKE, _l("Take it over")), SelectChoice(LEAVE, _l("Leave it"))],
            validators=[InputRequired(_l("Please choose one of the two."))],
        )
        for name, label in offers
    }
    return type("PrefillForm", (StepForm,), questions)
