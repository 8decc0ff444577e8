"""Asking one to three people for a talk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.fields import SelectChoice

from directory.consultations import rules
from directory.consultations.terms import Order, Shared, Talk
from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import LONGEST_EMAIL, PostedForm, lines, needed, shaped_like_email, short
from directory.web.forms.texts import cleaned
from directory.web.presenters import zones
from directory.web.presenters.talks import TALKS

SHARED: Final = {
    Shared.PREGNANCY: _l("What I said about pregnancy"),
    Shared.EXPECTING: _l("What I ticked about this pregnancy"),
    Shared.HEALTH: _l("What else I ticked about my health"),
    Shared.NEEDLES: _l("How I am with needles"),
    Shared.AGE: _l("My age"),
}
ORDERS: Final = {
    Order.AT_ONCE: _l("All at once: the first who says yes is mine to confirm"),
    Order.IN_ORDER: _l("One after another, in the order above"),
}
LIMITS: Final = (24, 48, 72, 168)
"""Hours that each one has, where they are asked one after another."""
STARTS: Final = ("first", "second", "third")


def _time(label: Any) -> Any:
    return StringField(
        label,
        filters=[cleaned],
        render_kw={"type": "datetime-local", "step": 900, "autocomplete": "off", "maxlength": 16},
    )


class AskForm(PostedForm):
    """Everything that is sent. No health fact is asked here: what is shared was told before, and each is ticked."""

    name = StringField(
        _l("Your name, as they may call you"),
        description=_l("A first name is enough."),
        filters=[cleaned],
        render_kw={"autocomplete": "name", "maxlength": rules.LONGEST_NAME},
    )
    email = StringField(
        _l("Your email address"),
        description=_l("They do not see it: both of you write through pages of this site."),
        filters=[cleaned],
        render_kw={
            "type": "email",
            "autocomplete": "email",
            "spellcheck": "false",
            "autocapitalize": "none",
            "maxlength": LONGEST_EMAIL,
        },
    )
    telephone = StringField(
        _l("Your telephone number"),
        description=_l("Only for a talk by telephone. They see it, and nobody else."),
        filters=[cleaned],
        render_kw={"type": "tel", "autocomplete": "tel", "maxlength": rules.LONGEST_NAME},
    )
    talk = RadioField(_l("How would you like to talk?"), choices=[], validate_choice=False, filters=[lambda v: v or ""])
    timezone = SelectField(_l("Your clock"), choices=[], validate_choice=False, filters=[lambda v: v or ""])
    first = _time(_l("A time that suits you"))
    second = _time(_l("Another time"))
    third = _time(_l("And another"))
    words = TextAreaField(
        _l("What you would like to talk about"),
        description=_l("In your own words. It is shown to the people you ask, and to nobody else."),
        filters=[lines],
        render_kw={"rows": 5, "maxlength": rules.LONGEST_WORDS},
    )
    shared = SelectMultipleField(
        _l("What they may see of what you told us"),
        description=_l("Nothing is shared that you do not tick. You can also tell them yourself, when you talk."),
        choices=[],
        validate_choice=False,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    of_age = BooleanField()
    guardian = StringField(
        _l("Name of the parent or guardian who sends this"),
        filters=[cleaned],
        render_kw={"autocomplete": "name", "maxlength": rules.LONGEST_NAME},
    )
    order = RadioField(
        _l("In which order shall we ask them?"),
        choices=[SelectChoice(code.value, said) for code, said in ORDERS.items()],
        validate_choice=False,
        default=Order.AT_ONCE.value,
        filters=[lambda value: value or ""],
    )
    limit_hours = SelectField(_l("Each one has"), choices=[], validate_choice=False, default="48")
    consent = BooleanField(_l("I agree"))
    website = StringField(_l("Leave this field empty"), filters=[cleaned])
    """No person sees it; programs that fill in every field do."""

    def __init__(
        self,
        *args: Any,
        talks: Collection[Talk],
        sharable: Mapping[Shared, Sequence[str]],
        limits: Sequence[SelectChoice],
        zone: str,
        now: datetime,
        age: int,
        told_age: int | None = None,
        adult: bool = False,
        **kwargs: Any,
    ) -> None:
        """``sharable``: what may be shared, and what each of it is in words where one tick stands for several answers;
        ``zone``: the clock at the place they gave; ``age``: from what age somebody asks by themselves where they are;
        ``told_age`` and ``adult``: what they told of theirs."""
        super().__init__(*args, **kwargs)
        self.of_age.label.text = gettext("I am %(age)s or older", age=age)
        self.talk.choices = [SelectChoice(code.value, said) for code, said in TALKS.items() if code in talks]
        self.shared.choices = [
            SelectChoice(code.value, f"{said} ({'; '.join(sharable[code])})" if sharable[code] else said)
            for code, said in SHARED.items()
            if code in sharable
        ]
        self.limit_hours.choices = list(limits)
        self._talks, self._sharable = frozenset(talks), frozenset(sharable)
        self.timezone.choices = {
            heading: [SelectChoice(value, said) for value, said in offered] for heading, offered in zones.groups(zone)
        }
        # A form that was made before the clock could be chosen sends none.
        self.timezone.data = self.timezone.data or zone
        self._here, self._now = zone, now
        self._asks_age = told_age is None and not adult
        self._needs_guardian = not adult and told_age is not None and told_age < age
        self.starts: dict[str, datetime] = {}
        """By field, the instants that were meant; after ``validate``."""
        self.wait_seconds = 0
        """How long to wait before it may be sent, where that is what stands in the way."""

    def validate_name(self, field: Field) -> None:
        """Needed, on one line."""
        needed(field, _l("Please give a name. It need not be your full one."), rules.LONGEST_NAME)
        _one_line(field)

    def validate_email(self, field: Field) -> None:
        """Needed, and with the shape of an address."""
        needed(field, _l("Please give your email address."), LONGEST_EMAIL)
        shaped_like_email(field)

    def validate_telephone(self, field: Field) -> None:
        """Needed where they are to call."""
        if self.talk.data == Talk.PHONE and not field.data:
            raise ValidationError(_l("Please give the number that they may call."))
        short(field, rules.LONGEST_NAME)
        _one_line(field)

    def validate_talk(self, field: Field) -> None:
        """One of those that everybody chosen offers."""
        if field.data not in {each.value for each in self._talks}:
            raise ValidationError(_l("Please choose how you would like to talk."))

    @property
    def zone(self) -> ZoneInfo:
        """By whose clock the times are meant; that of the place where none was chosen that is on offer."""
        return ZoneInfo(self.timezone.data if zones.known(self.timezone.data, here=self._here) else self._here)

    def validate_timezone(self, field: Field) -> None:
        """One of those on offer."""
        if not zones.known(field.data, here=self._here):
            raise ValidationError(_l("Please choose one of these."))

    def validate_first(self, field: Field) -> None:
        """One time is needed."""
        if not field.data:
            raise ValidationError(_l("Please give at least one time."))
        self._understand(field)

    def validate_second(self, field: Field) -> None:
        """A time, where one is given."""
        self._understand(field)

    def validate_third(self, field: Field) -> None:
        """A time, where one is given."""
        self._understand(field)

    def validate_words(self, field: Field) -> None:
        """Short enough, and no list of links."""
        short(field, rules.LONGEST_WORDS)
        if rules.too_many_links(field.data):
            raise ValidationError(_l("There are too many web addresses in this."))

    def validate_shared(self, field: Field) -> None:
        """Some of what was told; what was not told, or was taken back meanwhile, cannot be shared."""
        field.data = [code for code in dict.fromkeys(field.data or ()) if code in self._sharable]

    def validate_of_age(self, field: Field) -> None:
        """Ticked, or somebody older sends it, where no age was told."""
        if self._asks_age and not field.data and not self.guardian.data:
            raise ValidationError(_l("Please tick this, or give the name of the parent or guardian who sends it."))

    def validate_guardian(self, field: Field) -> None:
        """On one line; needed where somebody is too young to ask by themselves."""
        if self._needs_guardian and not field.data:
            raise ValidationError(_l("At this age a parent or guardian sends the request. Please give their name."))
        short(field, rules.LONGEST_NAME)
        _one_line(field)

    def validate_order(self, field: Field) -> None:
        """One of the two."""
        if field.data not in tuple(Order):
            raise ValidationError(_l("Please choose one of the answers offered."))

    def validate_limit_hours(self, field: Field) -> None:
        """One of those offered."""
        if self.order.data == Order.IN_ORDER and field.data not in {str(hours) for hours in LIMITS}:
            raise ValidationError(_l("Please choose how long each one has."))

    def validate_consent(self, field: Field) -> None:
        """Ticked, and never beforehand."""
        if not field.data:
            raise ValidationError(_l("Without this we cannot send it to anybody."))

    def validate_website(self, field: Field) -> None:
        """Empty."""
        if field.data:
            raise ValidationError(_l("This field must stay empty. Please clear it and send the form again."))

    def _understand(self, field: Field) -> None:
        if not field.data:
            return
        try:
            local = datetime.strptime(field.data, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 -- the zone is that of the patient
        except ValueError as error:
            raise ValidationError(_l("Please give day and time, such as 2026-12-01T10:30.")) from error
        at = rules.instant(local.date(), local.time(), self.zone)
        if at is None:
            raise ValidationError(_l("The clocks change then: there is no such time. Please choose another."))
        if not rules.can_be_agreed(at, now=self._now):
            raise ValidationError(
                _l("Please choose a time from a few hours ahead to two months ahead, on a quarter of an hour.")
            )
        if at in self.starts.values():
            raise ValidationError(_l("You gave this time twice."))
        self.starts[field.name] = at


def _one_line(field: Field) -> None:
    if field.data and not rules.one_line(field.data):
        raise ValidationError(_l("Please write this on one line, with ordinary letters."))
