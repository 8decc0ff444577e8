"""What a patient told us about themselves, in a sealed cookie and nowhere else: never in an address or a log.

The cookie holds codes, a due date and an age, at most 1.5 kB, for 24 hours. One that cannot be opened, is too old or
holds anything unknown counts as "not answered".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask import Response, request

from directory.crypto import keyring
from directory.screening.rules import Patient, weeks_until_visit
from directory.screening.terms import Condition, PregnancyStatus, RedFlag
from directory.web import headers
from directory.web.site import site

COOKIE: Final = "about_you"
DAY_SECONDS: Final = 24 * 60 * 60
LARGEST_BYTES: Final = 1500
OLDEST: Final = 120

_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Codes, a due date and an age."""

    pregnancy: PregnancyStatus = PregnancyStatus.NOT_ANSWERED
    due: date | None = None
    age: int | None = None
    conditions: frozenset[Condition] = frozenset()
    red_flags: frozenset[RedFlag] = frozenset()

    def patient(self, *, today: date) -> Patient:
        """The patient a search is made for; weeks are those from today to a visit within a week."""
        pregnant = self.pregnancy is PregnancyStatus.YES
        return Patient(
            pregnancy=self.pregnancy,
            weeks=weeks_until_visit(self.due, today=today) if pregnant and self.due else None,
            age=self.age,
            conditions=self.conditions,
            red_flags=frozenset(str(flag) for flag in self.red_flags),
        )


def read() -> Facts:
    """The facts that came with this request. The answer becomes personal: nobody may keep it."""
    headers.personal()
    sealed = request.cookies.get(_name(), "")
    if not sealed or len(sealed) > LARGEST_BYTES:
        return Facts()
    plain = keyring.open(sealed, max_age=DAY_SECONDS)
    try:
        return _from_json(json.loads(plain)) if plain is not None else Facts()
    except (ValueError, TypeError, KeyError, AttributeError):
        return Facts()


def keep(response: Response, facts: Facts) -> None:
    """Give the facts to the visitor's browser to keep for a day."""
    if facts == Facts():
        forget(response)
        return
    sealed = keyring.seal(json.dumps(_to_json(facts), separators=(",", ":")))
    response.set_cookie(_name(), sealed, max_age=DAY_SECONDS, **_rules())


def forget(response: Response) -> None:
    """Have the browser drop them."""
    response.delete_cookie(_name(), **_rules())


def _name() -> str:
    return headers.cookie_name(COOKIE, site().config)


def _rules() -> dict[str, Any]:
    return {"path": "/", "secure": site().config.production, "httponly": True, "samesite": "Lax"}


def _to_json(facts: Facts) -> dict[str, Any]:
    values: dict[str, Any] = {
        "p": facts.pregnancy.value,
        "d": facts.due.isoformat() if facts.due else None,
        "a": facts.age,
        "c": sorted(facts.conditions),
        "r": sorted(facts.red_flags),
    }
    return {key: value for key, value in values.items() if value not in (None, [])}


def _from_json(values: dict[str, Any]) -> Facts:
    age = values.get("a")
    if age is not None and (type(age) is not int or not 0 <= age <= OLDEST):
        raise ValueError("not an age")
    return Facts(
        pregnancy=PregnancyStatus(values.get("p", PregnancyStatus.NOT_ANSWERED)),
        due=date.fromisoformat(values["d"]) if "d" in values else None,
        age=age,
        conditions=_members(Condition, values.get("c", ())),
        red_flags=_members(RedFlag, values.get("r", ())),
    )


def _members(enum: type[_Member], codes: Iterable[str]) -> frozenset[_Member]:
    return frozenset(enum(code) for code in codes)
