"""What a patient tells us about themselves: the pregnancy question, and what it may be followed by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from flask import request
from flask_wtf import FlaskForm
from wtforms import DateField, Field, RadioField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from directory.screening.rules import due_from_weeks
from directory.screening.terms import PregnancyStatus
from directory.web.facts import Facts
from directory.web.forms.texts import cleaned
from directory.web.locale import lazy_gettext as _l

LONGEST_WEEKS: Final = 42
DUE_PAST_DAYS: Final = 21
"""A due date may lie this far back; a pregnancy seldom lasts longer."""

_ANSWERS: Final = {
    PregnancyStatus.NO.value: _l("No"),
    PregnancyStatus.YES.value: _l("Yes"),
    PregnancyStatus.MAYBE.value: _l("Maybe, or trying"),
}


class DayField(DateField):
    """A date whose complaint is ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; ``ValueError`` with the complaint."""
        # What was typed is shown again as it is kept here.
        self.raw_data = [cleaned(each) for each in valuelist]
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(_l("Please give a date, such as 2027-03-31."))) from error


class AboutYouForm(FlaskForm):
    """Nothing here is required. ``today`` is the day on which weeks and dates are understood."""

    class Meta(FlaskForm.Meta):
        """Where answers come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """What was typed, and nothing else: a file or a JSON value under a field's name is no answer."""
            return None if formdata is None or request.method != "POST" else request.form

    pregnancy = RadioField(
        _l("Are you pregnant?"),
        choices=[SelectChoice(*answer) for answer in _ANSWERS.items()],
        validate_choice=False,
        default="",
        filters=[lambda value: value or ""],
    )
    weeks = StringField(
        _l("Completed weeks of pregnancy"),
        description=_l("Only if you said yes. A whole number, such as 12. You may leave it empty."),
        filters=[cleaned],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3, "size": 4},
    )
    due = DayField(
        _l("Or the date your baby is due"),
        description=_l("Only if you said yes."),
        validators=[Optional()],
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_pregnancy(self, field: Field) -> None:
        """One of the answers, or none."""
        if field.data and field.data not in _ANSWERS:
            raise ValidationError(_l("Please choose no, yes or maybe, or leave the question unanswered."))

    def validate_weeks(self, field: Field) -> None:
        """A whole number from 0 to 42."""
        text = field.data
        if text and not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= LONGEST_WEEKS):
            raise ValidationError(_l("Please give completed weeks as a whole number from 0 to 42, such as 12."))

    def validate_due(self, field: Field) -> None:
        """Neither long past nor further ahead than a pregnancy lasts, and in agreement with the weeks."""
        due: date | None = field.data
        if due is None:
            return
        if due < self.today - timedelta(days=DUE_PAST_DAYS):
            raise ValidationError(_l("That date is more than three weeks ago. Please check the year."))
        if due > self.today + timedelta(days=LONGEST_WEEKS * 7):
            raise ValidationError(_l("That date is too far ahead. Please check the year."))
        weeks = self.weeks.data
        if weeks and weeks.isdigit() and abs((due_from_weeks(int(weeks), today=self.today) - due).days) > 14:
            raise ValidationError(_l("The weeks and the due date do not agree. Please give only one of them."))

    def facts(self, before: Facts) -> Facts:
        """What was said before, with these answers in place of the earlier ones."""
        pregnancy = PregnancyStatus(self.pregnancy.data or PregnancyStatus.NOT_ANSWERED)
        return Facts(
            pregnancy=pregnancy,
            due=self._due() if pregnancy is PregnancyStatus.YES else None,
            age=before.age,
            conditions=before.conditions,
            red_flags=before.red_flags,
        )

    def _due(self) -> date | None:
        if self.due.data is not None:
            due: date = self.due.data
            return due
        if self.weeks.data:
            return due_from_weeks(int(self.weeks.data), today=self.today)
        return None
