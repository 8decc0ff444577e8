"""Forms of a practitioner's own pages."""

from __future__ import annotations

from typing import Final

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, ValidationError

from directory.web.locale import lazy_gettext as _l

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
