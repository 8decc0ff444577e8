"""A filter of the queue as it stands in an address, and the name of a view. Unknown parameters are ignored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from wtforms import DateField, Field, Form, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields import SelectChoice

from directory.cases.terms import Kind, Risk
from directory.cases.views import LONGEST_NAME
from directory.desk.criteria import Criteria, Pile
from directory.desk.queue import Key
from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.jurisdictions.names import NAMES
from directory.web.forms.posted import PostedForm
from directory.web.forms.texts import cleaned
from directory.web.presenters.case_labels import KINDS, PILES, RISKS

LONGEST_PERSON: Final = 100
MOST_WORDS: Final = 5
_UNKNOWN: Final = _l("Please choose one of the answers offered.")
_RISK_CODES: Final[Mapping[str, Risk]] = {risk.name.lower(): risk for risk in Risk}
_ANY: Final = SelectChoice("", _l("Any"))
_PLACES: Final = [_ANY, *(SelectChoice(code, name) for code, name in sorted(NAMES.items(), key=lambda each: each[1]))]
_CHOICES_OF_RISK: Final = [_ANY, *(SelectChoice(code, RISKS[risk]) for code, risk in _RISK_CODES.items())]
_KEY: Final = re.compile(r"([0-3])-([0-9]{1,17})-([0-9]{1,18})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class _Day(DateField):
    """A day, or none: a form whose fields stay empty sends them empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was typed."""
        super().process_formdata([each for each in valuelist if each.strip()])


class QueueForm(Form):
    """Bound to the address. What cannot be used is complained of, and the rest still holds."""

    state = StringField(_l("Which cases"), default=Pile.OPEN.value)
    kind = SelectMultipleField(_l("Kind"), choices=[], validate_choice=False)
    jurisdiction = SelectField(_l("Register of"), choices=_PLACES, validate_choice=False)
    risk = SelectField(
        _l("Risk"),
        choices=_CHOICES_OF_RISK,
        validate_choice=False,
    )
    name = StringField(
        _l("Name of the person"),
        filters=[cleaned],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": LONGEST_PERSON},
    )
    before = _Day(_l("Opened before"))
    after = StringField(_l("Page"))

    def validate_state(self, field: Field) -> None:
        """One of the piles."""
        if field.data not in PILES:
            raise ValidationError(_UNKNOWN)

    def validate_kind(self, field: Field) -> None:
        """Kinds of cases."""
        if not KINDS.keys() >= set(field.data or ()):
            raise ValidationError(_l("One of these kinds of case does not exist."))

    def validate_jurisdiction(self, field: Field) -> None:
        """One that we know."""
        if field.data and field.data not in NAMES:
            raise ValidationError(_UNKNOWN)

    def validate_risk(self, field: Field) -> None:
        """One of the four."""
        if field.data and field.data not in _RISK_CODES:
            raise ValidationError(_UNKNOWN)

    def validate_name(self, field: Field) -> None:
        """Not more than a name has."""
        if len(field.data or "") > LONGEST_PERSON or len((field.data or "").split()) > MOST_WORDS:
            raise ValidationError(_l("This is longer than any name. Please type a shorter part of it."))
        if "\N{REPLACEMENT CHARACTER}" in (field.data or ""):
            raise ValidationError(_l("There is a sign in this that cannot be read. Please type the name again."))

    def validate_before(self, field: Field) -> None:
        """A day."""
        if field.process_errors:
            field.process_errors = [gettext("Please give a day, such as 2026-11-03.")]

    def validate_after(self, field: Field) -> None:
        """Where a page of ours begins."""
        if field.data and self.key() is None:
            raise ValidationError(_l("This is not a page of the list; it begins at the start."))

    def key(self) -> Key | None:
        """Where the page begins; ``None`` for the first one."""
        parts = _KEY.fullmatch(self.after.data or "")
        if parts is None:
            return None
        risk, at, number = (int(part) for part in parts.groups())
        try:
            return Key(risk, _EPOCH + timedelta(microseconds=at), number)
        except OverflowError:
            return None

    def criteria(self) -> Criteria:
        """What is asked for, without whatever was complained of."""
        kept: dict[str, Any] = {field.name: field.data for field in self if not field.errors}
        return Criteria(
            pile=Pile(kept.get("state") or Pile.OPEN),
            kinds=tuple(kind for kind in Kind if kind in (kept.get("kind") or ())),
            jurisdiction=kept.get("jurisdiction") or None,
            risk=_RISK_CODES.get(kept.get("risk") or ""),
            name=kept.get("name") or "",
            before=kept.get("before"),
        )


def in_address(criteria: Criteria, *, after: Key | None = None) -> dict[str, list[str]]:
    """The fields of a form that means this, those that narrow nothing left out."""
    fields: dict[str, list[str]] = {
        "state": [criteria.pile.value],
        "kind": [kind.value for kind in criteria.kinds],
        "jurisdiction": [criteria.jurisdiction or ""],
        "risk": ["" if criteria.risk is None else criteria.risk.name.lower()],
        "name": [criteria.name],
        "before": ["" if criteria.before is None else criteria.before.isoformat()],
        "after": [""]
        if after is None
        else [f"{after.risk}-{(after.at - _EPOCH) // timedelta(microseconds=1)}-{after.id}"],
    }
    return {name: values for name, values in fields.items() if any(values)}


class ViewForm(PostedForm):
    """The name of a view."""

    name = StringField(
        _l("Name of the view"),
        filters=[cleaned],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )
