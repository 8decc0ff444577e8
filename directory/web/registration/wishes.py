"""Changes that wait, in words: what is shown now, what is wanted, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from directory.credentials.edits.models import ProposedEdit
from directory.credentials.edits.terms import FieldClass
from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.practitioners.terms import Profession
from directory.web.presenters import labels

_SUBJECTS: Final[Mapping[str, Any]] = {
    "person": _l("About you"),
    "place": _l("A place where you work"),
    "rls": _l("Your experience with restless legs"),
    "pregnancy": _l("Your pregnancy declaration"),
}
_FIELDS: Final[Mapping[str, Any]] = {
    "display_name": _l("Name"),
    "profession": _l("Profession"),
    "npi": _l("NPI"),
    "website": _l("Website"),
    "email": _l("Email address for patients"),
    "biography": _l("About you, at length"),
    "street": _l("Street and number"),
    "locality": _l("Town"),
    "postal_code": _l("Postal code"),
    "country": _l("Country"),
    "admin1": _l("State or region"),
    "telephone": _l("Telephone"),
    "timezone": _l("Time zone"),
}
"""What a wish names one by one; anything else in it is said as one thing."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a wish."""

    label: str
    now: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A change that waits."""

    id: int
    about: str
    why: str
    since: datetime
    changes: tuple[Change, ...]


def shown(edit: ProposedEdit) -> Wish:
    """A proposed change in words."""
    careful = edit.field_class is FieldClass.REVERIFY
    before, after = edit.before, edit.after
    return Wish(
        id=edit.id,
        about=str(_SUBJECTS[edit.subject.partition(":")[0]]),
        why=str(
            gettext("We check this before it is shown. Until then patients see what they saw before.")
            if careful
            else gettext("Somebody reads this before it is shown. Until then patients see what they saw before.")
        ),
        since=edit.proposed_at,
        changes=tuple(
            Change(str(_FIELDS[name]), _value(name, before.get(name)), _value(name, new))
            for name, new in after.items()
            if name in _FIELDS
        ),
    )


def _value(name: str, value: Any) -> str:
    if value in (None, ""):
        return str(gettext("nothing"))
    if name == "profession":
        return labels.word(labels.PROFESSIONS, Profession(value))
    return str(value)
