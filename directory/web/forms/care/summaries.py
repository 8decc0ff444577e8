"""What goes with a summary that somebody hands over."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Field, HiddenField, RadioField, ValidationError
from wtforms.fields import SelectChoice

from directory.consultations.terms import Lasts
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm


class SummaryForm(PostedForm):
    """The summary itself, as the device put it together."""

    content = HiddenField(_l("The summary"))


class HandOverForm(SummaryForm):
    """How long it may be read, and that somebody wants it."""

    lasts = RadioField(_l("How long may they read it?"), validate_choice=False)
    agree = BooleanField()

    def offer(self, times: dict[Lasts, str], *, agree: str) -> None:
        """Until when each would be, and what is agreed to."""
        self.lasts.choices = [SelectChoice(lasts.value, said) for lasts, said in times.items()]
        self.agree.label.text = agree

    @property
    def chosen(self) -> Lasts:
        """Only after ``validate`` said yes."""
        return Lasts(self.lasts.data)

    def validate_lasts(self, field: Field) -> None:
        """One of them."""
        if field.data not in {each.value for each in field.choices}:
            raise ValidationError(_l("Please choose how long."))

    def validate_agree(self, field: Any) -> None:
        """Nothing is handed over that nobody agreed to."""
        if not field.data:
            raise ValidationError(_l("Please agree first. Nothing was handed over."))
