"""When somebody is away from one of their places."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import Optional

from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.practitioners.rules import Absence

LONGEST_DAYS = 400
"""Whoever is away for longer closes the place."""


class AwayForm(FlaskForm):
    """First and last day, both empty where nobody is away."""

    class Meta:
        csrf = False  # The page has one form, and its token stands beside these.

    first = DateField(_l("First day away"), validators=[Optional()])
    last = DateField(_l("Last day away"), validators=[Optional()])

    def checked(self, *, today: date) -> bool:
        """Whether the days can be used; complaints stand at their fields."""
        if not self.validate():
            return False
        first, last = self.first.data, self.last.data
        if (first is None) is not (last is None):
            self._complain(self.first if first is None else self.last, gettext("Please give both days, or neither."))
        elif first is not None and last < first:
            self._complain(self.last, gettext("The last day lies before the first."))
        elif first is not None and last < today:
            self._complain(self.last, gettext("That is over already. Leave both empty if you are back."))
        elif first is not None and (last - first).days > LONGEST_DAYS:
            self._complain(self.last, gettext("That is longer than a year. Please close the place instead."))
        return not self.errors

    @property
    def absence(self) -> Absence | None:
        """What was said."""
        if self.first.data is None or self.last.data is None:
            return None
        return Absence(self.first.data, self.last.data)

    @staticmethod
    def _complain(field: Any, words: object) -> None:
        field.errors = [*field.errors, str(words)]
