"""What a patient told us about themselves, in a sealed cookie and nowhere else: never in an address or a log.

The cookie holds codes, a due date and an age, at most 1.5 kB, for 24 hours. One that cannot be opened, is too old or
holds anything unknown counts as "not answered".

Whoever looks for somebody else (a midwife, a doctor, a relative) has those facts in a cookie of its own that ends with
the browser's session and, while it is there, stands in place of their own, which it leaves untouched.

Which warning sign somebody ticked is kept nowhere. The one thing that must outlast the answer is that no list may be
shown, so a single yes is kept, which does not tell a fever from thoughts of self-harm.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask import Response, request

from directory.crypto import keyring
from directory.http import headers
from directory.http.site import site
from directory.screening.cautions import Told
from directory.screening.rules import Patient, birth_may_be_past, weeks_until_visit
from directory.screening.terms import OF_PREGNANCY, Concern, Condition, PregnancyStatus

COOKIE: Final = "about_you"
COOKIE_OF_SOMEONE_ELSE: Final = "someone_else"
DAY_SECONDS: Final = 24 * 60 * 60
LARGEST_BYTES: Final = 1500
OLDEST: Final = 120
STOPPED: Final = "stopped"
"""Stands for whichever warning sign stopped the list."""

_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Codes, dates and an age."""

    pregnancy: PregnancyStatus = PregnancyStatus.NOT_ANSWERED
    due: date | None = None
    still_on: date | None = None
    """The day on which somebody past the due date said that the baby is not born."""
    age: int | None = None
    """In whole years; known only of somebody under 18."""
    adult: bool = False
    """Whether they said that they are 18 or older."""
    conditions: frozenset[Condition] = frozenset()
    concerns: frozenset[Concern] = frozenset()
    stopped: bool = False
    """Whether a warning sign stopped the list."""
    someone_else: bool = False
    """Whether all this is about somebody else, for this browser session only."""

    @property
    def expecting(self) -> bool:
        """Pregnant, or maybe."""
        return self.pregnancy in (PregnancyStatus.YES, PregnancyStatus.MAYBE)

    @property
    def to_raise(self) -> frozenset[Told]:
        """Everything that is flagged or asked about, pregnancy among it."""
        concerns = self.concerns if self.expecting else self.concerns - frozenset(OF_PREGNANCY)
        return self.conditions | concerns | ({Condition.PREGNANCY} if self.expecting else frozenset())

    @property
    def nothing(self) -> bool:
        """Whether nothing was told."""
        return replace(self, someone_else=False) == Facts()

    def asks_again(self, today: date) -> bool:
        """Whether the due date has passed and nobody has said today that the baby is not born yet.

        Until that is answered a list stays as careful as in pregnancy, and no request may be sent.
        """
        pregnant = self.pregnancy is PregnancyStatus.YES and self.due is not None
        return pregnant and birth_may_be_past(self.due, today=today) and self.still_on != today  # type: ignore[arg-type]

    def patient(self, *, today: date) -> Patient:
        """The patient a search is made for; weeks are those from today to a visit within a week."""
        pregnant = self.pregnancy is PregnancyStatus.YES
        return Patient(
            pregnancy=self.pregnancy,
            weeks=weeks_until_visit(self.due, today=today) if pregnant and self.due else None,
            age=self.age,
            conditions=self.conditions,
            red_flags=frozenset({STOPPED}) if self.stopped else frozenset(),
        )


NOTHING_TOLD: Final = Facts()


def read() -> Facts:
    """The facts that came with this request. The answer becomes personal: nobody may keep it."""
    headers.personal()
    of_someone_else = request.cookies.get(_name(COOKIE_OF_SOMEONE_ELSE))
    if of_someone_else is not None:
        # Also where it cannot be opened: one's own facts are never taken for those of somebody else.
        return replace(_opened(of_someone_else), someone_else=True)
    return _opened(request.cookies.get(_name(COOKIE), ""))


def keep(response: Response, facts: Facts) -> None:
    """Give the facts to the visitor's browser to keep: for a day, or those of somebody else until it is closed."""
    if facts.someone_else:
        response.set_cookie(_name(COOKIE_OF_SOMEONE_ELSE), _sealed(facts), **_rules())
    elif facts.nothing:
        response.delete_cookie(_name(COOKIE), **_rules())
    else:
        response.set_cookie(_name(COOKIE), _sealed(facts), max_age=DAY_SECONDS, **_rules())


def forget(response: Response) -> None:
    """Have the browser drop everything, of whomever it was told."""
    response.delete_cookie(_name(COOKIE), **_rules())
    leave_someone_else(response)


def leave_someone_else(response: Response) -> None:
    """Have the browser drop the facts of somebody else, so that one's own count again."""
    if _name(COOKIE_OF_SOMEONE_ELSE) in request.cookies:
        response.delete_cookie(_name(COOKIE_OF_SOMEONE_ELSE), **_rules())


def _name(cookie: str) -> str:
    return headers.cookie_name(cookie, site().config)


def _rules() -> dict[str, Any]:
    return {"path": "/", "secure": site().config.production, "httponly": True, "samesite": "Lax"}


def _sealed(facts: Facts) -> str:
    return keyring.seal(json.dumps(_to_json(facts), separators=(",", ":")))


def _opened(sealed: str) -> Facts:
    if not sealed or len(sealed) > LARGEST_BYTES:
        return Facts()
    plain = keyring.open(sealed, max_age=DAY_SECONDS)
    try:
        return _from_json(json.loads(plain)) if plain is not None else Facts()
    except (ValueError, TypeError, KeyError, AttributeError):
        return Facts()


def _to_json(facts: Facts) -> dict[str, Any]:
    values: dict[str, Any] = {
        "p": facts.pregnancy.value,
        "d": facts.due.isoformat() if facts.due else None,
        "n": facts.still_on.isoformat() if facts.still_on else None,
        "a": facts.age,
        "o": facts.adult or None,
        "c": sorted(facts.conditions),
        "x": sorted(facts.concerns),
        "s": facts.stopped or None,
    }
    return {key: value for key, value in values.items() if value not in (None, [])}


def _from_json(values: dict[str, Any]) -> Facts:
    age = values.get("a")
    if age is not None and (type(age) is not int or not 0 <= age <= OLDEST):
        raise ValueError("not an age")
    return Facts(
        pregnancy=PregnancyStatus(values.get("p", PregnancyStatus.NOT_ANSWERED)),
        due=date.fromisoformat(values["d"]) if "d" in values else None,
        still_on=date.fromisoformat(values["n"]) if "n" in values else None,
        age=age,
        adult=_yes(values.get("o", False)),
        conditions=_members(Condition, values.get("c", ())),
        concerns=_members(Concern, values.get("x", ())),
        stopped=_yes(values.get("s", False)),
    )


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not a yes or no")
    return value


def _members(enum: type[_Member], codes: Iterable[str]) -> frozenset[_Member]:
    return frozenset(enum(code) for code in codes)
