"""What a patient decides over the link in a letter."""

from __future__ import annotations

from datetime import date
from typing import Final

from wtforms import Field, RadioField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from directory.http.locale import lazy_gettext as _l
from directory.screening.terms import PregnancyStatus
from directory.web.forms.about_you import DayField
from directory.web.forms.talks import ChoosingForm

_ANSWERS: Final = {
    PregnancyStatus.POSTPARTUM.value: _l("I have given birth"),
    PregnancyStatus.YES.value: _l("I am still pregnant"),
    PregnancyStatus.NO.value: _l("No"),
}


class ConfirmForm(ChoosingForm):
    """A time; and the question about pregnancy once more, where the due date has passed."""

    pregnancy = RadioField(
        _l("The due date you gave has passed. Are you pregnant?"),
        choices=[SelectChoice(*each) for each in _ANSWERS.items()],
        validate_choice=False,
    )
    due = DayField(
        _l("The new due date"),
        description=_l("Only if you are still pregnant. You may leave it empty."),
        validators=[Optional()],
        render_kw={"autocomplete": "off"},
    )
    asks: bool = False
    """Whether the question must be answered."""

    def validate_pregnancy(self, field: Field) -> None:
        """Answered, where it is asked."""
        if self.asks and field.data not in _ANSWERS:
            raise ValidationError(_l("Please choose one of these."))

    @property
    def again(self) -> tuple[PregnancyStatus, date | None] | None:
        """The answer, where one was given."""
        if not self.asks or not self.pregnancy.data:
            return None
        return PregnancyStatus(self.pregnancy.data), self.due.data
