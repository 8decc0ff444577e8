"""The address of a list: which parameters it has, in which order, and how one of them is changed or dropped.

Health facts are not among them and never will be.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from flask import url_for
from werkzeug.datastructures import MultiDict

from directory.errors import InvalidInput
from directory.search.criteria import PageKey, Part

KEPT: Final = (
    "place",
    "radius",
    "mode",
    "preset",
    "leaning",
    "weights",
    "accepting",
    "waitlist",
    "remote",
    "step_free",
    "home_visit",
    "language",
    "technique",
    "availability",
    "payer",
    "gender",
    "max_price",
    "nice",
)
PAGE: Final = ("day", "after")
WEIGHT_FIELD: Final = "weight_"
SLIDER: Final = "slider"
"""Says, where a preset could stand, that the slider decides."""

_KEY = struct.Struct(">qqqq")
_LONGEST_KEY = 64


def asked(arguments: MultiDict[str, str]) -> MultiDict[str, str]:
    """What the address asks: known parameters only; weights that came as fields of their own are put together."""
    found: MultiDict[str, str] = MultiDict()
    for name in (*KEPT, *PAGE):
        found.setlist(name, [value for value in arguments.getlist(name) if value.strip()])
    if found.get("preset") == SLIDER:
        found.poplist("preset")
    elif found.get("preset"):
        found.poplist("leaning")
    if found.get("preset") == "own" and not found.get("weights"):
        pairs = ((part, arguments.get(f"{WEIGHT_FIELD}{part}", "").strip()) for part in Part)
        found.setlist("weights", [",".join(f"{part}:{raw}" for part, raw in pairs if raw)])
    return found


def of(
    asks: MultiDict[str, str],
    *,
    endpoint: str = "search.results",
    change: Mapping[str, str] | None = None,
    drop: Iterable[tuple[str, str | None]] = (),
    page: tuple[date, PageKey] | None = None,
) -> str:
    """The address of this list with parameters changed or dropped (one value, or all with ``None``), or of a page."""
    dropped = set(drop)
    arguments: dict[str, list[str]] = {}
    for name in KEPT:
        values = [change[name]] if change and name in change else asks.getlist(name)
        values = [each for each in values if each and (name, each) not in dropped and (name, None) not in dropped]
        if values:
            arguments[name] = values
    if page is not None:
        arguments["day"] = [page[0].isoformat()]
        arguments["after"] = [written(page[1])]
    return url_for(endpoint, **arguments)  # type: ignore[arg-type]


def written(key: PageKey) -> str:
    """A page key as it stands in an address."""
    packed = _KEY.pack(key.band, key.turn, key.lot, key.practitioner_id)
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def read_key(text: str) -> PageKey:
    """The page key that was written; ``InvalidInput`` for anything else."""
    # Whatever is cut off here is too long to be one of ours, and fails below for its length.
    sent = text[:_LONGEST_KEY]
    try:
        packed = base64.b64decode(sent + "=" * (-len(sent) % 4), altchars=b"-_", validate=True)
        return PageKey(*_KEY.unpack(packed))
    except (ValueError, binascii.Error, struct.error) as error:
        raise InvalidInput("The link to this page of the list is damaged.", field="after") from error
