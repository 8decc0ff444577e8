"""How urgent a report is, when somebody looks at it, and how much one person may send. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from directory.cases.rules import due_after
from directory.cases.terms import Kind, Risk
from directory.complaints.terms import Field, Result
from directory.credentials.decisions.terms import Outcome

LONGEST_TEXT: Final = 4_000
LONGEST_WHOM: Final = 300
MOST_OF_ONE_A_DAY: Final = 20
"""Reports about one practitioner in a day; what comes beyond is refused."""
MOST_A_DAY: Final = 1_000
SAME_WITHIN: Final = timedelta(days=1)
"""The same words about the same thing within this are one report that was sent twice."""
LOOKED_AT_AGAIN_AFTER: Final = 10
"""Working days after which a hold that was confirmed is looked at anew, so that nobody stays hidden unseen."""

_RISKS: Final[Mapping[Field, Risk]] = {
    Field.HARM: Risk.URGENT,
    Field.MEDICINE: Risk.HIGH,
    Field.LICENCE: Risk.HIGH,
    Field.CLAIMS: Risk.HIGH,
    Field.NAME: Risk.HIGH,
}
_RESULTS: Final[Mapping[Outcome, Result]] = {
    Outcome.HELD: Result.HIDDEN,
    Outcome.SUSPENDED: Result.HIDDEN,
    Outcome.REVOKED: Result.HIDDEN,
}


def kind_of(field: Field) -> Kind:
    """The kind of case in which it is looked at."""
    return Kind.HARM if field is Field.HARM else Kind.COMPLAINT


def risk_of(field: Field) -> Risk:
    """How much can go wrong while it waits."""
    return _RISKS.get(field, Risk.USUAL)


def due(field: Field, *, harm_hours: int, now: datetime) -> datetime:
    """By when a person looks at it: for harm within the hours that the desk publishes, weekends included."""
    return now + timedelta(hours=harm_hours) if field is Field.HARM else due_after(now)


def result_of(outcome: Outcome, chosen: Result | None) -> Result:
    """What the reporter hears: that somebody was hidden whatever was chosen, and otherwise what was."""
    return _RESULTS.get(outcome) or (chosen if chosen not in (None, Result.HIDDEN) else Result.NOTHING_FOUND)
