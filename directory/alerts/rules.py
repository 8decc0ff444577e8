"""How long a saved search is kept, how often it is looked at, and what of the patient it remembers. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from directory.credentials.terms import Mode
from directory.practitioners.terms import Availability, Gender, Technique
from directory.screening.rules import Patient, weeks_until_visit
from directory.screening.terms import Condition, PregnancyStatus
from directory.search.criteria import Criteria, Point, Wishes

UNCONFIRMED_KEPT: Final = timedelta(days=7)
LOOK_EVERY: Final = timedelta(days=1)
"""One look, and so at most one letter, in this time."""
ASK_AGAIN_AFTER: Final = timedelta(days=365)
ANSWER_WITHIN: Final = timedelta(days=30)
"""After the yearly question; then the search is dropped."""
MOST_OF_ONE_MAILBOX: Final = 5
MOST_UNCONFIRMED_A_DAY: Final = 3
"""Letters that ask one mailbox to confirm, in 24 hours."""
MOST_NAMED: Final = 10
"""How many people one letter names."""
DUE_PAST: Final = timedelta(days=21)
"""So long after the due date a pregnancy that was told of counts as over, and the question is open again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a patient asked us to keep about themselves."""

    pregnancy: PregnancyStatus = PregnancyStatus.NOT_ANSWERED
    due: date | None = None
    age: int | None = None
    conditions: frozenset[Condition] = frozenset()

    def patient(self, *, today: date) -> Patient:
        """Who is looked for today; the weeks go on with the calendar."""
        if self.out_of_date(today=today):
            return Patient(age=self.age, conditions=self.conditions)
        pregnant = self.pregnancy is PregnancyStatus.YES
        return Patient(
            pregnancy=self.pregnancy,
            weeks=weeks_until_visit(self.due, today=today) if pregnant and self.due else None,
            age=self.age,
            conditions=self.conditions,
        )

    def out_of_date(self, *, today: date) -> bool:
        """Whether the due date is long past, so that the question has to be asked again."""
        return self.due is not None and today > self.due + DUE_PAST

    def to_json(self) -> str:
        """For the sealed column."""
        return json.dumps(
            {
                "pregnancy": self.pregnancy.value,
                "due": self.due.isoformat() if self.due else None,
                "age": self.age,
                "conditions": sorted(self.conditions),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Told:
        """Out of the sealed column."""
        told = json.loads(text)
        return cls(
            pregnancy=PregnancyStatus(told["pregnancy"]),
            due=date.fromisoformat(told["due"]) if told["due"] else None,
            age=told["age"],
            conditions=frozenset(Condition(code) for code in told["conditions"]),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A search without the patient: what the page's address says, and what that meant."""

    asks: Mapping[str, tuple[str, ...]]
    criteria: Criteria

    def to_json(self) -> str:
        """For the sealed column. How the list is ordered stands in the address alone: whoever fits, fits."""
        point = {each.name: getattr(self.criteria.point, each.name) for each in fields(Point)}
        return json.dumps(
            {
                "asks": {name: list(values) for name, values in self.asks.items()},
                "point": point,
                "radius_km": self.criteria.radius_km,
                "mode": self.criteria.mode.value,
                "musts": _written(self.criteria.musts),
                "wishes": _written(self.criteria.wishes),
                "waitlist_ok": self.criteria.waitlist_ok,
            },
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str, patient: Patient) -> Asked:
        """Out of the sealed column, for this patient."""
        kept = json.loads(text)
        criteria = Criteria(
            point=Point(**kept["point"]),
            radius_km=kept["radius_km"],
            mode=Mode(kept["mode"]),
            patient=patient,
            musts=_read(kept["musts"]),
            wishes=_read(kept["wishes"]),
            waitlist_ok=kept["waitlist_ok"],
        )
        return cls({name: tuple(values) for name, values in kept["asks"].items()}, criteria)


_CODES: Final[Mapping[str, type[Enum]]] = {"techniques": Technique, "availability": Availability, "gender": Gender}


def _written(wishes: Wishes) -> dict[str, Any]:
    asked = {name: getattr(wishes, name) for name in wishes.asked()}
    if wishes.max_price is not None:
        asked |= {"max_price": str(wishes.max_price), "currency": wishes.currency}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asked.items()}


def _read(kept: Mapping[str, Any]) -> Wishes:
    values: dict[str, Any] = {}
    for name, value in kept.items():
        code = _CODES.get(name, str)
        if isinstance(value, list):
            values[name] = frozenset(code(each) for each in value)
        elif name == "max_price":
            values[name] = Decimal(value)
        else:
            values[name] = code(value) if name in _CODES else value
    return Wishes(**values)


def look_due(looked_at: datetime, *, now: datetime) -> bool:
    """Whether a confirmed search is to be looked at again."""
    return now - looked_at >= LOOK_EVERY


def asks_again(confirmed_at: datetime, asked_again_at: datetime | None, *, now: datetime) -> bool:
    """Whether its owner is to be asked whether they still want the letters."""
    return asked_again_at is None and now - confirmed_at >= ASK_AGAIN_AFTER
