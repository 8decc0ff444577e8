"""Whose profile it is, where two people say that it is theirs."""

from __future__ import annotations

from typing import Final

from wtforms import Field, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm, lines, needed

LONGEST_NOTE: Final = 1000


class DisputeForm(PostedForm):
    """ "1" is the profile that was there, "2" that of whoever says that it is theirs."""

    holder = RadioField(
        _l("Whose licence is it?"),
        choices=[
            SelectChoice("1", _l("It is that of whoever keeps the first profile")),
            SelectChoice("2", _l("It is that of whoever keeps the second profile")),
        ],
        validators=[InputRequired(_l("Please choose whose profile it is."))],
    )
    note = TextAreaField(
        _l("How you found out"),
        description=_l("Only the desk reads it."),
        filters=[lines],
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
    )

    def validate_note(self, field: Field) -> None:
        """Given, and not too long."""
        needed(field, _l("Please say how you found out."), LONGEST_NOTE)
