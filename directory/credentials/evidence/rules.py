"""What may be shown for which claim, how much of it, who may see it, and how long it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from directory.credentials.evidence.terms import EvidenceState, PhotoState, Verdict, Way
from directory.errors import InvalidInput, NotFound
from directory.guide.words import N_

MOST_FILES_A_DAY: Final = 20
MOST_BYTES_HELD: Final = 150_000_000
MOST_LETTERS_A_DAY: Final = 5
"""To colleagues, by one practitioner."""

LETTER_DAYS: Final = 30
"""How long a colleague may take to answer."""

UNDECIDED_DAYS: Final = 365
"""How long anything is kept about which nobody has decided."""

_PAPERS: Final = frozenset({Way.FILE})
_WORDS: Final = frozenset({Way.STATEMENT, Way.COLLEAGUE})
_ANY: Final = _PAPERS | _WORDS

_OF_A_ROW: Final = re.compile(r"(credential|indemnity):([1-9][0-9]{0,17})")
_OF_A_PERSON: Final[Mapping[str, frozenset[Way]]] = {
    "rls:patients": _WORDS,
    "rls:years": _ANY,
    "rls:training": _PAPERS,
    "rls:outcomes": _WORDS,
    "rls:liaison": _WORDS,
    "rls:publications": _PAPERS,
    "pregnancy:training": _PAPERS,
    "pregnancy:patients": _WORDS,
    "pregnancy:liaison": _WORDS,
}
"""Claims about a practice, with the ways in which they are shown. Where patients stand behind a number no file is
taken: any file that proves it would be about them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What evidence is about: a claim, and for a paper or a cover the number of its row."""

    text: str
    kind: str
    row_id: int | None
    ways: frozenset[Way]

    def __str__(self) -> str:
        return self.text


def subject(text: str) -> Subject:
    """``credential:12``, ``indemnity:3``, ``rls:patients`` and so on; ``NotFound`` for anything else."""
    row = _OF_A_ROW.fullmatch(text)
    if row is not None:
        return Subject(text, row[1], int(row[2]), _PAPERS)
    ways = _OF_A_PERSON.get(text)
    if ways is None:
        raise NotFound("There is no such claim.")
    return Subject(text, text, None, ways)


class TooMuch(InvalidInput):
    """More files than one person may send."""

    code = "too_much"


def check_room(*, files_today: int, bytes_held: int, size: int) -> None:
    """``TooMuch`` when another file of this size goes beyond a day's number or what one person may keep here."""
    if files_today >= MOST_FILES_A_DAY:
        raise TooMuch(N_("You have sent 20 files within a day. Please send the next one tomorrow."), field="file")
    if bytes_held + size > MOST_BYTES_HELD:
        raise TooMuch(
            N_("Your files fill the room there is for one person. Please delete one that is not needed."), field="file"
        )


def state_after(verdict: Verdict) -> EvidenceState:
    """The state of a file about which the scanner said this."""
    if verdict is Verdict.FOUND:
        return EvidenceState.REFUSED
    return EvidenceState.WAITING_SCAN if verdict is Verdict.AWAY else EvidenceState.CLEAN


def photo_state_after(verdict: Verdict) -> PhotoState:
    """The state of a photo about which the scanner said this."""
    if verdict is Verdict.FOUND:
        return PhotoState.REFUSED
    return PhotoState.WAITING_SCAN if verdict is Verdict.AWAY else PhotoState.WAITING


def may_be_opened(state: EvidenceState) -> bool:
    """Whether anybody at all may open a file in this state."""
    return state is EvidenceState.CLEAN


def may_be_withdrawn(state: EvidenceState, decided_at: datetime | None) -> bool:
    """Whether its owner may delete it: until somebody has decided on it, because then the decision rests on it."""
    return state is not EvidenceState.ERASED and decided_at is None


def kept_until(sent_at: datetime, decided_at: datetime | None, *, retention_days: int) -> datetime:
    """When it is erased: so many days after the decision, a year after it came where nobody decided."""
    if decided_at is None:
        return sent_at + timedelta(days=UNDECIDED_DAYS)
    return decided_at + timedelta(days=retention_days)
