"""Which field is of which class. One table: a field that is not in it cannot be changed by anybody. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from directory.credentials.edits.terms import FieldClass

PERSON: Final[Mapping[str, FieldClass]] = {
    "display_name": FieldClass.REVERIFY,
    "profession": FieldClass.REVERIFY,
    "npi": FieldClass.REVERIFY,
    "website": FieldClass.REVERIFY,
    "email": FieldClass.REVERIFY,
    "gender": FieldClass.FREE,
    "min_patient_age": FieldClass.FREE,
    "words": FieldClass.FREE,
    "biography": FieldClass.REVIEWED,
}
PLACE: Final[Mapping[str, FieldClass]] = dict.fromkeys(
    (
        "country",
        "admin1",
        "locality",
        "postal_code",
        "street",
        "latitude",
        "longitude",
        "point_precision",
        "timezone",
        "jurisdiction",
        "hidden_home",
        "address_sealed",
        "telephone",
    ),
    FieldClass.REVERIFY,
)
"""What is not named here, such as hours and prices, is free."""


@dataclass(frozen=True, slots=True)
class Split:
    """A change, taken apart."""

    at_once: dict[str, Any]
    to_be_seen: dict[str, Any]
    field_class: FieldClass
    """Of what is to be seen."""


def split(changed: Mapping[str, Any], classes: Mapping[str, FieldClass], *, published: bool) -> Split:
    """What applies at once and what waits. Of a profile that nobody ever saw, everything applies at once."""
    waits = {} if not published else {key: new for key, new in changed.items() if classes[key] is not FieldClass.FREE}
    strict = any(classes[key] is FieldClass.REVERIFY for key in waits)
    return Split(
        at_once={key: new for key, new in changed.items() if key not in waits},
        to_be_seen=waits,
        field_class=FieldClass.REVERIFY if strict else FieldClass.REVIEWED,
    )
