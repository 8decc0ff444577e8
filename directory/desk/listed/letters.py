"""What a practitioner is told whose place is not listed any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from directory.credentials.terms import Refusal
from directory.desk.listed.rules import Look
from directory.guide.words import N_
from directory.mail.letters import Letter, Link, say

_BECAUSE: Final[Mapping[Refusal, str]] = {
    Refusal.HOLDER_NOT_PROVED: N_("we have not confirmed yet that the papers are yours"),
    Refusal.NO_INDEMNITY: N_("no insurance that is in force is on record"),
    Refusal.NO_RULE: N_("we have no rules for that place"),
    Refusal.CLOSED_JURISDICTION: N_("nobody is listed in that place at the moment"),
    Refusal.NOTHING_TO_OFFER: N_("a condition on a paper forbids all that your profile offers"),
    Refusal.NO_LICENCE: N_("no licence that is in force there is on record"),
    Refusal.NO_MEMBERSHIP: N_("no membership that is in force there is on record"),
    Refusal.NO_CERTIFICATION: N_("no certification that is in force is on record"),
    Refusal.NO_LOCAL_PAPERS: N_("a paper of the council there is not on record, or has ended"),
}
_OTHER: Final = N_("something it rests on has changed")
TOLD_OTHERWISE: Final = frozenset({Refusal.NOT_PUBLISHED, Refusal.HELD, Refusal.ORDERED_TO_STOP, Refusal.NOT_ATTESTED})
"""What the practitioner or the desk decided is told by whoever decided it, and a confirmation that is lacking by the
reminders."""


def not_listed(looks: Sequence[Look], *, day: date) -> Letter:
    """To the practitioner: where they are not listed any more, since when and why, in neutral words."""
    lines = [
        say(
            N_("You are not listed at %(place)s since %(day)s, because %(reason)s."),
            place=look.label,
            day=day,
            reason=say(_BECAUSE.get(look.refusal, _OTHER) if look.refusal else _OTHER),
        )
        for look in looks
    ]
    return Letter(
        purpose="not_listed",
        subject=N_("You are off the list for now"),
        paragraphs=tuple(lines),
        link=Link(N_("See what is missing"), "/practice/listed"),
        closing=(N_("This says nothing against you. You are listed again by yourself as soon as it is there."),),
    )
