"""A filter of the audit log as it stands in an address. Unknown parameters are ignored."""

from __future__ import annotations

import re
from typing import Any, Final

from wtforms import DateField, Field, Form, IntegerField, StringField, ValidationError
from wtforms.validators import Optional
from wtforms.widgets import TextInput

from directory.audit import Filter
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.texts import cleaned

_ACTION: Final = re.compile(r"[a-z][a-z0-9_.]{0,59}")
_SUBJECT: Final = re.compile(r"[a-z][a-z0-9_]*:[A-Za-z0-9_-]{1,60}")
_LARGEST: Final = 2**63 - 1
_NUMBER: Final = _l("Please give a number.")
_PLAIN: Final = {"autocomplete": "off", "spellcheck": "false"}


class LogForm(Form):
    """Bound to the address. What cannot be used is complained of, and the rest still holds."""

    subject = StringField(_l("About what"), [Optional()], filters=[cleaned], render_kw=_PLAIN)
    action = StringField(_l("What was done"), [Optional()], filters=[cleaned], render_kw=_PLAIN)
    actor = IntegerField(
        _l("Number of the account"),
        [Optional()],
        invalid_value_message=_NUMBER,
        # A browser shows nothing but numbers in its own field for them, and what was typed has to come back.
        widget=TextInput(),
        render_kw=_PLAIN | {"inputmode": "numeric"},
    )
    day = DateField(_l("Day"), [Optional()], invalid_value_message=_l("Please give a day, such as 2026-11-03."))
    below = IntegerField(_l("Page"), [Optional()], invalid_value_message=_NUMBER)

    def validate_subject(self, field: Field) -> None:
        """A kind and a number."""
        if not _SUBJECT.fullmatch(field.data):
            raise ValidationError(_l("Please give a kind and a number, such as practitioner:12."))

    def validate_action(self, field: Field) -> None:
        """How actions begin."""
        if not _ACTION.fullmatch(field.data):
            raise ValidationError(_l("Please give an action or how it begins, such as decision."))

    def validate_actor(self, field: Field) -> None:
        """One that an account can have."""
        _possible(field)

    def validate_below(self, field: Field) -> None:
        """One that an entry can have."""
        _possible(field)

    def wanted(self) -> Filter:
        """What is asked for, without whatever was complained of."""
        kept: dict[str, Any] = {field.name: field.data for field in self if not field.errors}
        return Filter(
            subject=kept.get("subject") or None,
            action=kept.get("action") or None,
            actor=kept.get("actor"),
            day=kept.get("day"),
        )


def in_address(wanted: Filter, *, below: int | None = None) -> dict[str, str]:
    """The parameters of an address that mean this."""
    fields = {
        "subject": wanted.subject,
        "action": wanted.action,
        "actor": wanted.actor,
        "day": None if wanted.day is None else wanted.day.isoformat(),
        "below": below,
    }
    return {name: str(value) for name, value in fields.items() if value is not None}


def _possible(field: Field) -> None:
    if field.data is not None and not 0 < field.data <= _LARGEST:
        raise ValidationError(_NUMBER)
