"""What every step's form carries, and how two states of one are told apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, SelectFieldBase

from directory.http.locale import gettext
from directory.web.forms.posted import PostedForm

_OWN = frozenset({"csrf_token", "seen"})
_OF_A_FINGERPRINT = 16


class StepForm(PostedForm):
    """A step of the registration."""

    seen = HiddenField()
    """The fingerprint of what was stored when this form was made. Another one now: somebody saved meanwhile."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed meanwhile."""

    label: str
    stored: str
    typed: str


def answers(form: StepForm) -> dict[str, Any]:
    """What the fields of a form hold, in a shape in which two forms can be compared."""
    return {field.name: _comparable(field.data) for field in form if field.name not in _OWN}


def fingerprint(form: StepForm) -> str:
    """The same for the same answers, and for nothing else."""
    plain = json.dumps(answers(form), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:_OF_A_FINGERPRINT]


def differences(stored: StepForm, typed: StepForm) -> list[Difference]:
    """Where the two do not say the same."""
    before, after = answers(stored), answers(typed)
    return [
        Difference(str(field.label.text), said(stored[field.name]), said(field))
        for field in typed
        if field.name in before and before[field.name] != after[field.name]
    ]


def said(field: Field) -> str:
    """What a field holds, as a person reads it."""
    if isinstance(field, FieldList):
        return "; ".join(text for each in field if (text := said(each))) or str(gettext("nothing"))
    if isinstance(field, FormField):
        return " ".join(text for each in field if (text := said(each)))
    if isinstance(field, BooleanField):
        return str(gettext("yes")) if field.data else str(gettext("no"))
    if isinstance(field, SelectFieldBase):
        return ", ".join(_chosen(field)) or str(gettext("nothing"))
    return str(_comparable(field.data)) or str(gettext("nothing"))


def _chosen(field: SelectFieldBase) -> Iterator[str]:
    for option in field:
        if option.checked or getattr(option, "selected", False):
            yield str(option.label.text)


def _comparable(value: Any) -> Any:
    """Without what makes no difference: nothing and an empty text, 80 and 80.00, rows in which nothing stands."""
    if isinstance(value, dict):
        plain = {key: _comparable(each) for key, each in value.items() if key not in _OWN}
        return plain if any(each not in ("", [], False) for each in plain.values()) else ""
    if isinstance(value, (list, tuple)):
        return [plain for each in value if (plain := _comparable(each)) != ""]
    if isinstance(value, (set, frozenset)):
        return sorted(str(each) for each in value)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, (bool, int, float)) else str(value)
