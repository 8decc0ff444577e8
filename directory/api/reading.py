"""Reading a JSON body that anybody may have sent: strictly, and before anything is made of it."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from flask import request

from directory.api.problems import Refused

DEEPEST: Final = 8
"""Lists and objects inside each other; ours need three."""
MEDIA_TYPE: Final = "application/json"
_KIND: Final = "unreadable"


def body() -> Any:
    """What the body says. ``Refused``: 415 where it is no JSON by its own word, 400 where it is none in truth."""
    if request.mimetype != MEDIA_TYPE or request.content_encoding:
        detail = f"Send the body as {MEDIA_TYPE}, in UTF-8 and not compressed."
        raise Refused(415, detail, kind=_KIND, headers={"Accept-Post": MEDIA_TYPE})
    try:
        text = request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(400, "The body is not in UTF-8.", kind=_KIND) from error
    if _depth(text) > DEEPEST:
        raise Refused(400, f"The body has lists or objects inside each other more than {DEEPEST} deep.", kind=_KIND)
    try:
        read = json.loads(text, parse_constant=_no_number, parse_float=_float, object_pairs_hook=_object)
        json.dumps(read, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused(400, "A text in the body holds half a character.", kind=_KIND) from error
    except ValueError as error:
        raise Refused(400, "The body is not JSON that can be read (RFC 8259).", kind=_KIND) from error
    return read


def _depth(text: str) -> int:
    """How deep lists and objects lie inside each other, told without building any of them."""
    depth = deepest = 0
    inside = escaped = False
    for sign in text:
        if inside:
            if escaped:
                escaped = False
            elif sign == "\\":
                escaped = True
            elif sign == '"':
                inside = False
        elif sign == '"':
            inside = True
        elif sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _no_number(_text: str) -> NoReturn:
    raise ValueError("NaN and infinities are not JSON")


def _float(text: str) -> float:
    """The number; a whole one is whole however it is written (JSON Schema: 8.0 is an integer)."""
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return int(value) if value.is_integer() else value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
