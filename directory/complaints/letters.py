"""What reporters and practitioners are told. Nothing here names a reporter, and no letter repeats what one wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from directory.complaints.terms import Result
from directory.guide.words import N_
from directory.mail.letters import Letter, Link, Sentence, say

_RESULTS: Final[Mapping[Result, str]] = {
    Result.CORRECTED: N_("Somebody here looked at it, and what was wrong has been corrected."),
    Result.ASKED: N_("Somebody here looked at it and asked the person whom the page is about. It is settled for us."),
    Result.NOTHING_FOUND: N_("Somebody here looked at it, and found nothing on the page that we have to change."),
    Result.PASSED_ON: N_(
        "Somebody here looked at it and passed it on to the body that can act on it. They may not tell us what they do."
    ),
    Result.HIDDEN: N_(
        "Somebody here looked at it, and the page is not shown for now. That says nothing yet about what happened."
    ),
}


def outcome(result: Result, *, erased_after_days: int) -> Letter:
    """To whoever reported something. The address was checked by nobody, so the letter repeats nothing of theirs."""
    return Letter(
        purpose="report_outcome",
        subject=N_("What came of your message"),
        paragraphs=(
            N_("Thank you for telling us that something was not right."),
            _RESULTS[result],
            N_(
                "We cannot tell you more about another person. They do not learn from us who wrote, or what your "
                "words were."
            ),
        ),
        closing=(
            say(
                N_("What you wrote, and your address, are erased %(days)s days from now."),
                days=erased_after_days,
            ),
            N_("If you did not write to us, somebody mistyped an address. You need do nothing."),
        ),
    )


def hold_confirmed(words: str) -> Letter:
    """To the practitioner: a second person has looked at the hold."""
    return Letter(
        purpose="hold_confirmed",
        subject=N_("Your profile is still not shown"),
        paragraphs=(
            N_("A second person has looked at why your profile is hidden, and it stays hidden while we find out more."),
            *_words(words),
            N_("This says nothing against you. It is looked at again within ten working days, by another person."),
        ),
        link=Link(N_("Read it and answer"), "/practice/appeal"),
    )


def appeal_received() -> Letter:
    """To the practitioner: what they said has arrived."""
    return Letter(
        purpose="appeal_received",
        subject=N_("We have your answer"),
        paragraphs=(
            N_("You said that you do not agree with something we decided. We have it."),
            N_("Somebody who had no part in the decision looks at it within two working days."),
        ),
        link=Link(N_("See where it stands"), "/practice/appeal"),
    )


def appeal_decided(words: str, *, granted: bool) -> Letter:
    """To the practitioner: what came of it."""
    return Letter(
        purpose="appeal_decided",
        subject=N_("What came of your answer"),
        paragraphs=(
            N_("Somebody who had no part in the decision has looked at it again, and at what you wrote."),
            N_("You were right: the decision does not stand.") if granted else N_("The decision stands."),
            *_words(words),
        ),
        link=Link(N_("See where you stand"), "/practice"),
    )


def _words(words: str) -> tuple[Sentence, ...]:
    return (say(N_("In our words: %(words)s"), words=words.strip()),) if words.strip() else ()
