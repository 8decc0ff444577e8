"""What a practitioner answers to a request, and how many they take."""

from __future__ import annotations

from typing import Any, Final

from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from directory.consultations.rules import LONGEST_HOW, Capacity
from directory.consultations.terms import Declining, Talk
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.about_you import DayField
from directory.web.forms.posted import PostedForm, lines, short
from directory.web.forms.talks import ChoosingForm
from directory.web.forms.texts import cleaned
from directory.web.forms.times import TimesForm
from directory.web.presenters.talks import REASONS, TALKS

_MINUTES: Final = (15, 30, 45, 60, 90, 120)
_HOW: Final = _l("How you come together")
_HOW_HINT: Final = _l("Who rings whom, on which number, or where to join. Shown once the talk is agreed.")


class AcceptForm(ChoosingForm):
    """One of the times that the patient named."""

    how = TextAreaField(_HOW, description=_HOW_HINT, filters=[lines], render_kw={"rows": 2, "maxlength": LONGEST_HOW})

    def validate_how(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST_HOW)


class OfferForm(TimesForm):
    """Other times."""

    how = TextAreaField(_HOW, description=_HOW_HINT, filters=[lines], render_kw={"rows": 2, "maxlength": LONGEST_HOW})

    def validate_how(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST_HOW)


class DeclineForm(PostedForm):
    """No, and why."""

    why = RadioField(
        _l("Why not?"),
        description=_l("Only we learn this. The other side is told that you cannot, and nothing else."),
        choices=[SelectChoice(each.value, said) for each, said in REASONS.items()],
        validate_choice=False,
    )

    def validate_why(self, field: Field) -> None:
        """One of the reasons."""
        if field.data not in {each.value for each in Declining}:
            raise ValidationError(_l("Please choose one of these."))


class TakingForm(PostedForm):
    """How many requests, and which kinds of talk."""

    most_open = StringField(
        _l("Open requests at a time"),
        description=_l("From 1 to 50. With as many open, you are shown as full."),
        filters=[cleaned],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 2, "size": 4},
    )
    most_a_week = StringField(
        _l("Requests in a week"),
        description=_l("Empty for as many as come."),
        filters=[cleaned],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 2, "size": 4},
    )
    talks = SelectMultipleField(
        _l("How you talk"),
        choices=[SelectChoice(each.value, said) for each, said in TALKS.items()],
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    minutes = SelectField(
        _l("How long a first talk takes, in minutes"),
        choices=[SelectChoice(str(each), str(each)) for each in _MINUTES],
        validate_choice=False,
    )
    not_before = DayField(
        _l("No requests before"),
        description=_l("Empty if you take some now. It ends by itself."),
        validators=[Optional()],
        render_kw={"autocomplete": "off"},
    )

    def validate_most_open(self, field: Field) -> None:
        """A number from 1 to 50."""
        _number(field)

    def validate_most_a_week(self, field: Field) -> None:
        """The same, or nothing."""
        if field.data:
            _number(field)

    def validate_talks(self, field: Field) -> None:
        """Some of the kinds."""
        if not field.data or not set(field.data) <= {each.value for each in Talk}:
            raise ValidationError(_l("Please choose at least one."))

    def validate_minutes(self, field: Field) -> None:
        """One of the numbers."""
        if field.data not in {str(each) for each in _MINUTES}:
            raise ValidationError(_l("Please choose one of these."))

    @staticmethod
    def stored(capacity: Capacity) -> dict[str, Any]:
        """What was said before, as the fields hold it."""
        return {
            "most_open": str(capacity.most_open),
            "most_a_week": "" if capacity.most_a_week is None else str(capacity.most_a_week),
            "talks": [each.value for each in capacity.talks],
            "minutes": str(capacity.minutes),
            "not_before": capacity.not_before,
        }

    @property
    def capacity(self) -> Capacity:
        """What was said."""
        return Capacity(
            most_open=int(self.most_open.data),
            most_a_week=int(self.most_a_week.data) if self.most_a_week.data else None,
            talks=frozenset(Talk(each) for each in self.talks.data),
            minutes=int(self.minutes.data),
            not_before=self.not_before.data,
        )


def _number(field: Field) -> None:
    if not (field.data.isascii() and field.data.isdigit() and 1 <= int(field.data) <= 50):
        raise ValidationError(_l("Please give a number from 1 to 50."))
