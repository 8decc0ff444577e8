"""What a plan of visits is made from."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Final

from babel.numbers import get_currency_name
from wtforms import Field, RadioField, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from directory.care.planning import (
    A_WEEK,
    DAYS_AHEAD,
    FEWEST_BEFORE_REVIEW,
    MOST_BEFORE_REVIEW,
    MOST_VISITS,
    THEN_EVERY_WEEKS,
    Wanted,
)
from directory.http.locale import current, ngettext
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.about_you import DayField
from directory.web.forms.posted import PostedForm
from directory.web.forms.registration.fields import count, price, price_in
from directory.web.forms.texts import cleaned

CURRENCIES: Final = ("USD", "GBP", "EUR", "CAD", "AUD", "NZD")
SHORTEST_MINUTES: Final = 15
LONGEST_MINUTES: Final = 180
LONGEST_AWAY_DAYS: Final = 120
_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_EVERY: Final = {2: _l("One in two weeks"), 4: _l("One in four weeks")}
_OFTEN: Final = {1: _l("One a week"), 2: _l("Two a week")}


class PlanForm(PostedForm):
    """The first visit, how often, until when, and what it costs."""

    first = DayField(_l("Day of the first visit"), render_kw={"autocomplete": "off"})
    at = StringField(
        _l("Hour of the visits"),
        description=_l("By the clock of the practice, such as 17:30."),
        default="10:00",
        filters=[cleaned],
        render_kw={"autocomplete": "off", "maxlength": 5, "size": 6},
    )
    a_week = RadioField(
        _l("In the first four weeks"), choices=[SelectChoice(str(n), _OFTEN[n]) for n in A_WEEK], default="1"
    )
    then_every_weeks = RadioField(
        _l("After that"), choices=[SelectChoice(str(n), _EVERY[n]) for n in THEN_EVERY_WEEKS], default="2"
    )
    review_after = SelectField(
        _l("Look together after"),
        description=_l("At this point you decide whether to go on. The plan ends there."),
        choices=[],
        default="8",
        validate_choice=False,
    )
    beyond = count(_l("Visits after that, if you want to see them too"))
    minutes = count(_l("Minutes of a visit"))
    away_from = DayField(_l("Not from"), validators=[Optional()], render_kw={"autocomplete": "off"})
    away_until = DayField(_l("until"), validators=[Optional()], render_kw={"autocomplete": "off"})
    currency = SelectField(_l("Currency"), choices=[], validate_choice=False)
    price_first = price(_l("First visit"), _l("Empty where it costs the same."))
    price_later = price(_l("Later visits"))
    travel = price(_l("The way there and back, each time"), _l("Fuel, tickets or parking."))

    def offer(self, *, today: date, timezone: str, stated: Collection[str] = ()) -> None:
        """The day it is, the zone of the practice, and a currency that stands on the profile."""
        self._today, self._timezone = today, timezone
        codes = list(dict.fromkeys([*stated, *CURRENCIES]))
        self.currency.choices = [
            SelectChoice(code, f"{get_currency_name(code, locale=current())} ({code})") for code in codes
        ]
        self.currency.data = self.currency.data or codes[0]
        self.review_after.choices = [
            SelectChoice(str(n), ngettext("%(num)d visit", "%(num)d visits", n))
            for n in range(FEWEST_BEFORE_REVIEW, MOST_BEFORE_REVIEW + 1)
        ]

    @property
    def wanted(self) -> Wanted:
        """What was asked for; only after ``validate`` said yes."""
        away = ((self.away_from.data, self.away_until.data),) if self.away_from.data else ()
        return Wanted(
            first=self.first.data,
            at=_hour(self.at.data),
            timezone=self._timezone,
            minutes=self.minutes.data or 45,
            a_week=int(self.a_week.data),
            then_every_weeks=int(self.then_every_weeks.data),
            review_after=int(self.review_after.data),
            beyond=self.beyond.data or 0,
            price_first=price_in(self.price_first),
            price_later=price_in(self.price_later),
            travel=price_in(self.travel) or Decimal(0),
            away=away,
        )

    def validate_first(self, field: Field) -> None:
        """Today or later, and not in a far year."""
        if field.data is None:
            raise ValidationError(_l("Please give the day of the first visit."))
        if field.data < self._today:
            raise ValidationError(_l("This day is over. Please give today or a later day."))
        if field.data > self._today + timedelta(days=DAYS_AHEAD):
            raise ValidationError(_l("Please give a day within a year."))

    def validate_at(self, field: Field) -> None:
        """An hour of the day."""
        if not _TIME.fullmatch(field.data or ""):
            raise ValidationError(_l("Please give an hour such as 9:15 or 17:30."))

    def validate_review_after(self, field: Field) -> None:
        """Of the list."""
        _of_the_list(field)

    def validate_currency(self, field: Field) -> None:
        """Of the list."""
        _of_the_list(field)

    def validate_beyond(self, field: Field) -> None:
        """Not without end."""
        most = MOST_VISITS - MOST_BEFORE_REVIEW
        if field.data is not None and field.data > most:
            raise ValidationError(_l("Please give at most %(number)s.", number=most))

    def validate_minutes(self, field: Field) -> None:
        """A visit's length."""
        if field.data is not None and not SHORTEST_MINUTES <= field.data <= LONGEST_MINUTES:
            raise ValidationError(
                _l("Please give between %(least)s and %(most)s.", least=SHORTEST_MINUTES, most=LONGEST_MINUTES)
            )

    def validate_away_from(self, field: Field) -> None:
        """Not without a last day, which is asked for here because an empty field is not looked at."""
        if field.data is not None and self.away_until.data is None:
            raise ValidationError(_l("Please give both days, or neither."))

    def validate_away_until(self, field: Field) -> None:
        """Not without a first day, after it, and not for ever."""
        first, last = self.away_from.data, field.data
        if first is None:
            raise ValidationError(_l("Please give both days, or neither."))
        if not 0 <= (last - first).days <= LONGEST_AWAY_DAYS:
            raise ValidationError(
                _l("The last day comes after the first, and at most %(days)s days later.", days=LONGEST_AWAY_DAYS)
            )

    def validate_price_first(self, field: Field) -> None:
        """A price."""
        price_in(field)

    def validate_price_later(self, field: Field) -> None:
        """A price."""
        price_in(field)

    def validate_travel(self, field: Field) -> None:
        """A price."""
        price_in(field)


def _of_the_list(field: Any) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(_l("Please choose from the answers offered."))


def _hour(typed: str) -> time:
    found = _TIME.fullmatch(typed)
    if found is None:
        raise ValueError("not an hour")
    return time(int(found[1]), int(found[2]))
