"""Saying that all is still true: nothing is asked but, for each place, whether new patients are taken there."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from directory.http.locale import lazy_gettext as _l
from directory.practitioners.terms import Accepting


class TakingForm(FlaskForm):
    """One place. Unanswered, it stays as it is, with the date it has."""

    class Meta:
        csrf = False  # The page has one form, and its token stands beside these.

    taking = RadioField(
        _l("Do you still take new patients here?"),
        choices=[
            SelectChoice(Accepting.YES.value, _l("Yes")),
            SelectChoice(Accepting.CLOSED.value, _l("No, the list is closed")),
            SelectChoice(Accepting.UNKNOWN.value, _l("It varies: let them ask")),
        ],
        validators=[Optional()],
    )

    @property
    def answer(self) -> Accepting | None:
        """What was chosen, if anything."""
        return Accepting(self.taking.data) if self.taking.data else None
