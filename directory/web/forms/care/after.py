"""When a visit is or was, for two prompts in a calendar."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from wtforms import Field, StringField, ValidationError

from directory.care.planning import DAYS_AHEAD
from directory.care.preparing import AFTER
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.about_you import DayField
from directory.web.forms.posted import PostedForm
from directory.web.forms.texts import cleaned

_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)


class AfterForm(PostedForm):
    """A day and an hour by the clock where the patient is."""

    day = DayField(_l("Day of the visit"), render_kw={"autocomplete": "off"})
    at = StringField(
        _l("Hour of the visit"),
        description=_l("By your own clock, such as 17:30."),
        filters=[cleaned],
        render_kw={"autocomplete": "off", "maxlength": 5, "size": 6},
    )

    def on(self, today: date) -> None:
        """The day it is."""
        self._today = today

    @property
    def visit(self) -> datetime:
        """Without a zone; only after ``validate`` said yes."""
        found = _TIME.fullmatch(self.at.data)
        if found is None:
            raise ValueError("not an hour")
        return datetime.combine(self.day.data, time(int(found[1]), int(found[2])))

    def validate_day(self, field: Field) -> None:
        """Not so long ago that both prompts are over anywhere, and not in a far year."""
        if field.data is None:
            if not field.process_errors:
                raise ValidationError(_l("Please give the day of the visit."))
            return
        if field.data < self._today - max(AFTER) - timedelta(days=1):
            raise ValidationError(_l("Three days after this visit are over already."))
        if field.data > self._today + timedelta(days=DAYS_AHEAD):
            raise ValidationError(_l("Please give a day within a year."))

    def validate_at(self, field: Field) -> None:
        """An hour of the day."""
        if not _TIME.fullmatch(field.data or ""):
            raise ValidationError(_l("Please give an hour such as 9:15 or 17:30."))
