"""Up to three times on somebody's own clock: a day and an hour each."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from wtforms import Field, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from directory.consultations import rules
from directory.http.locale import clock, gettext
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.about_you import DayField
from directory.web.forms.posted import PostedForm

NUMBERS: Final = range(1, rules.MOST_TIMES + 1)
_FIRST_HOUR: Final = 6
_LAST_HOUR: Final = 22


def hours() -> list[SelectChoice]:
    """Every quarter of an hour of the day on which people talk."""
    quarters = [time(hour, minute) for hour in range(_FIRST_HOUR, _LAST_HOUR) for minute in (0, 15, 30, 45)]
    return [
        SelectChoice("", str(gettext("Choose"))),
        *(SelectChoice(each.isoformat("minutes"), clock(each)) for each in quarters),
    ]


class TimesForm(PostedForm):
    """The first is needed, the others are not."""

    day_1 = DayField(_l("First day"), validators=[Optional()])
    at_1 = SelectField(_l("At"), choices=hours, validate_choice=False, default="")
    day_2 = DayField(_l("Second day"), validators=[Optional()])
    at_2 = SelectField(_l("At"), choices=hours, validate_choice=False, default="")
    day_3 = DayField(_l("Third day"), validators=[Optional()])
    at_3 = SelectField(_l("At"), choices=hours, validate_choice=False, default="")

    def pairs(self) -> list[tuple[Any, Any]]:
        """The fields of each time."""
        return [(self[f"day_{number}"], self[f"at_{number}"]) for number in NUMBERS]

    def starts(self, zone: ZoneInfo, *, now: datetime) -> list[datetime] | None:
        """The times as instants; ``None`` where one cannot be used, which is said at its field. Call it after
        ``validate``."""
        found = [self._start(day, at, zone, now) for day, at in self.pairs()]
        if any(day.errors or at.errors for day, at in self.pairs()):
            return None
        given = [each for each in found if each is not None]
        if not given:
            complain(self.day_1, gettext("Please give at least one time."))
            return None
        return sorted(set(given))

    def _start(self, day: Any, at: Any, zone: ZoneInfo, now: datetime) -> datetime | None:
        if day.errors or (day.data is None and not at.data):
            return None
        if day.data is None:
            complain(day, gettext("Please give the day as well."))
            return None
        told = _clock(at.data)
        if told is None:
            complain(at, gettext("Please choose the hour."))
            return None
        found = _instant(day.data, told, zone)
        if found is None:
            complain(at, gettext("The clocks change on that day, and this hour does not exist."))
        elif not rules.can_be_agreed(found, now=now):
            complain(day, gettext("Please choose a time from a few hours ahead to two months ahead."))
        return found


def complain(field: Field, words: object) -> None:
    """Say at a field what is wrong with it, after it was looked at."""
    field.errors = [*field.errors, str(words)]


def _clock(text: str) -> time | None:
    try:
        found = time.fromisoformat(text or "")
    except ValueError:
        return None
    return (
        found if found.tzinfo is None and found.minute % 15 == 0 and not (found.second or found.microsecond) else None
    )


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    try:
        return rules.instant(day, at, zone)
    except OverflowError:
        return None
