"""When a patient is asked whether it worked, and when what several say is held against an entry. Pure.

A word of one person changes nothing. Nothing here hides anybody: a case is opened for a person to look at, and "takes
new patients" counts as unconfirmed until it is confirmed again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from directory.consultations.outcomes.terms import Contact
from directory.consultations.terms import State

AFTER_ASKING: Final = timedelta(days=5)
"""How long after a request that nobody answered the patient is asked."""
AFTER_MEETING: Final = timedelta(days=1)
"""How long after the time that was agreed."""
TOO_LATE: Final = timedelta(days=21)
"""Who could not be asked by then is not asked any more: they would not remember."""
ANSWERED_WITHIN: Final = timedelta(days=30)
"""How long a word may be given, and changed."""

WITHIN: Final = timedelta(days=60)
"""How long a word counts against an entry."""
DIFFERENT: Final = 2
"""How many different people have to say the same."""
KEPT: Final = timedelta(days=365)
"""How long a word counts in the public figures; then it is forgotten."""

AGAINST: Final = frozenset(Contact) - {Contact.REACHED}
"""What contradicts an entry."""

_UNANSWERED: Final = frozenset({State.ASKED, State.LAPSED})
_AGREED: Final = frozenset({State.CONFIRMED, State.HAPPENED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What one patient said about one request of theirs."""

    contact: Contact
    at: datetime
    mailbox: str
    """Under which requests of one mailbox are counted."""
    network: str
    """Under which taps from one network are counted."""
    used: bool = False
    """Whether a case was opened over it before."""


def asked_at(state: State, *, request_sent: datetime | None, starts_at: datetime | None) -> datetime | None:
    """When the patient is asked; ``None`` where there is nothing to ask: it was taken back or declined, or goes on."""
    if state in _AGREED and starts_at is not None:
        return starts_at + AFTER_MEETING
    if state in _UNANSWERED and request_sent is not None:
        return request_sent + AFTER_ASKING
    return None


def is_due(state: State, *, request_sent: datetime | None, starts_at: datetime | None, now: datetime) -> bool:
    """Whether the patient is asked now."""
    moment = asked_at(state, request_sent=request_sent, starts_at=starts_at)
    return moment is not None and moment <= now < moment + TOO_LATE


def different(words: Iterable[Word]) -> int:
    """How many different people stand behind these words, counted low: several mailboxes in one network may be one
    person's, and so may several networks of one mailbox."""
    pairs = [(each.mailbox, each.network) for each in words]
    return min(len({mailbox for mailbox, _ in pairs}), len({network for _, network in pairs}))


def contradicted(words: Collection[Word], *, now: datetime) -> frozenset[Contact]:
    """What enough different people say against an entry: at least ``DIFFERENT`` within ``WITHIN``, and no fewer than
    say that they reached somebody. Of one mailbox its newest word alone counts, and no word counts twice."""
    newest: dict[str, Word] = {}
    for word in sorted(words, key=lambda each: each.at):
        if now - WITHIN < word.at <= now:
            newest[word.mailbox] = word
    said = Counter(each.contact for each in newest.values())
    fresh = {
        contact: different(each for each in newest.values() if each.contact is contact and not each.used)
        for contact in AGAINST
    }
    return frozenset(contact for contact, people in fresh.items() if people >= max(DIFFERENT, said[Contact.REACHED]))


def met(state: State, starts_at: datetime | None, minutes: int, *, now: datetime) -> bool:
    """Whether a talk was agreed and its time is over."""
    return state in _AGREED and starts_at is not None and starts_at + timedelta(minutes=minutes) <= now
