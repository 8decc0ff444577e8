"""Forms of a practitioner's own pages."""

from __future__ import annotations

from typing import Final

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, ValidationError
from wtforms.validators import InputRequired

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm

UNDERSTOOD: Final = _l("Yes, close my profile and erase everything about me")


class LeaveForm(FlaskForm):
    """Nothing is asked but whether it is meant."""

    class Meta(FlaskForm.Meta):
        """Where answers come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """What was sent with this form, and nothing else."""
            return None if formdata is None or request.method != "POST" else request.form

    confirm = BooleanField(UNDERSTOOD)

    def validate_confirm(self, field: Field) -> None:
        """Ticked."""
        if not field.data:
            raise ValidationError(_l("Please tick this box if you want to leave."))


class OwnClosingForm(PostedForm):
    """A practitioner says that they practise no longer."""

    on = DateField(_l("Since which day"), validators=[InputRequired(_l("Please give a day, such as today."))])
    confirm = BooleanField(_l("Yes, I practise no longer"))

    def validate_confirm(self, field: Field) -> None:
        """Ticked."""
        if not field.data:
            raise ValidationError(_l("Please tick this box if that is what you want."))
