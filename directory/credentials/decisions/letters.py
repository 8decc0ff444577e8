"""What practitioners are told about decisions. A letter names no condition; what was asked stands on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from directory.cases.terms import Kind
from directory.credentials.decisions.terms import Outcome, ReasonCode
from directory.guide.words import N_
from directory.mail.letters import Letter, Link, Sentence, say

REASONS: Final[Mapping[ReasonCode, str]] = {
    ReasonCode.NOT_FOUND: N_("The register does not know it."),
    ReasonCode.NAME_DIFFERS: N_("The name there is another one."),
    ReasonCode.NUMBER_DIFFERS: N_("The number there is another one."),
    ReasonCode.NOT_IN_FORCE: N_("It is not in force."),
    ReasonCode.WRONG_KIND: N_("It is not the paper that it was said to be, or does not permit this work."),
    ReasonCode.UNREADABLE: N_("What was sent cannot be read."),
    ReasonCode.NOT_PROVED: N_("What was sent does not show it."),
    ReasonCode.SOMEBODY_ELSES: N_("It is somebody else’s."),
    ReasonCode.NO_ANSWER: N_("Our questions were not answered."),
    ReasonCode.DISCIPLINE: N_("A register or a court has limited or forbidden this work."),
    ReasonCode.SAFETY: N_("Somebody may come to harm."),
    ReasonCode.MISLEADING: N_("It could mislead people."),
    ReasonCode.DUPLICATE: N_("It is here already."),
    ReasonCode.OTHER: N_("Another reason, in our words below."),
}
"""Why something was not granted or was taken away, in a sentence."""

SUBJECTS: Final[Mapping[Kind, str]] = {
    Kind.PROFILE_CLAIM: N_("whose profile this is"),
    Kind.CONTROL: N_("that you are the person whom the papers name"),
    Kind.LICENCE: N_("a licence, registration or membership"),
    Kind.CERTIFICATION: N_("a national certification"),
    Kind.EDUCATION: N_("your education"),
    Kind.INDEMNITY: N_("your indemnity insurance"),
    Kind.TRAINING: N_("a training"),
    Kind.RLS_CASELOAD: N_("what you say about your experience"),
    Kind.PREGNANCY_DECLARATION: N_("the training behind your declaration"),
    Kind.PHOTO: N_("your photo"),
    Kind.SENSITIVE_EDIT: N_("a change of your profile"),
    Kind.PLAUSIBILITY: N_("a number that you gave"),
    Kind.FEEDBACK: N_("words about a service"),
}
"""What a decision was about, in the middle of a sentence."""
_OTHER: Final = N_("something about your profile")

_APPEAL: Final = N_(
    "If you do not agree, say so on the page behind the button, and somebody who did not decide this looks at it again."
)


def about(kind: Kind) -> str:
    """What a decision of this kind is about, as a sentence to put into another."""
    return SUBJECTS.get(kind, _OTHER)


def confirmed(what: str | Sentence, *, published: bool) -> Letter:
    """Something was checked; perhaps it was the last thing that was lacking."""
    paragraphs = [say(N_("We have checked this, and found it as you said: %(what)s."), what=_sentence(what))]
    if published:
        return Letter(
            purpose="published",
            subject=N_("Your profile can be found now"),
            paragraphs=(
                *paragraphs,
                N_("With that everything is there, and people can find your profile from today."),
            ),
            link=Link(N_("See where you are listed"), "/practice/listed"),
            closing=(N_("We write to you before anything ends that your place on the list rests on."),),
        )
    return Letter(
        purpose="claim_confirmed",
        subject=N_("We have checked something you sent"),
        paragraphs=tuple(paragraphs),
        link=Link(N_("See where you stand"), "/practice"),
    )


def not_confirmed(what: str | Sentence, reason: ReasonCode, words: str) -> Letter:
    """Something could not be confirmed, and why."""
    return Letter(
        purpose="claim_rejected",
        subject=N_("We could not confirm something you sent"),
        paragraphs=(
            say(N_("We looked at this and could not confirm it: %(what)s."), what=_sentence(what)),
            REASONS[reason],
            *_words(words),
        ),
        link=Link(N_("See what you can do"), "/practice/questions"),
        closing=(_APPEAL,),
    )


def stopped(what: str | Sentence, reason: ReasonCode, words: str) -> Letter:
    """A paper was found suspended or revoked, so that nothing rests on it any more."""
    return Letter(
        purpose="paper_stopped",
        subject=N_("Something you sent does not count any more"),
        paragraphs=(
            say(
                N_("From now on this does not count, and you are not shown where you need it: %(what)s."),
                what=_sentence(what),
            ),
            REASONS[reason],
            *_words(words),
        ),
        link=Link(N_("Read it and answer"), "/practice/questions"),
        closing=(_APPEAL,),
    )


def asked(count: int) -> Letter:
    """There are questions; they are read and answered on a page."""
    return Letter(
        purpose="claim_question",
        subject=N_("We have a question for you"),
        paragraphs=(
            say(
                N_("Before we can go on with what you sent us, we need an answer from you. Open questions: %(count)s."),
                count=count,
            ),
            N_("They stand on a page of yours, and you answer them there."),
        ),
        link=Link(N_("Read and answer"), "/practice/questions"),
        closing=(N_("Until you answer, what you sent waits and nothing else changes."),),
    )


_TAKEN_OFF: Final[Mapping[Outcome, str]] = {
    Outcome.HELD: N_(
        "Your profile is hidden for the moment, while we look into something. This says nothing against you. A second "
        "person looks at it within two working days."
    ),
    Outcome.SUSPENDED: N_("We have suspended your profile, and nobody sees it until that is lifted."),
    Outcome.REVOKED: N_("We have withdrawn your profile from the list, and nobody sees it any more."),
}


def taken_off(outcome: Outcome, reason: ReasonCode | None, words: str) -> Letter:
    """A profile was hidden by a decision."""
    return Letter(
        purpose=f"profile_{outcome}",
        subject=N_("Your profile is not shown at the moment"),
        paragraphs=(_TAKEN_OFF[outcome], *(() if reason is None else (REASONS[reason],)), *_words(words)),
        link=Link(N_("Read it and answer"), "/practice/questions"),
        closing=(_APPEAL,),
    )


def given_back(outcome: Outcome, words: str, *, shown: bool) -> Letter:
    """A hold, a suspension or a withdrawal was lifted."""
    lifted = (
        N_("What we were looking into is settled, and your profile is no longer held back.")
        if outcome is Outcome.RELEASED
        else N_("We have lifted what kept your profile off the list.")
    )
    after = (
        N_("It is shown again wherever everything else is in order.")
        if shown
        else N_("It is shown again when you publish it and everything else is in order.")
    )
    return Letter(
        purpose=f"profile_{outcome}",
        subject=N_("Your profile is no longer held back"),
        paragraphs=(lifted, after, *_words(words)),
        link=Link(N_("See where you are listed"), "/practice/listed"),
    )


def _words(words: str) -> tuple[Sentence, ...]:
    return (say(N_("In our words: %(words)s"), words=words.strip()),) if words.strip() else ()


def _sentence(what: str | Sentence) -> Sentence:
    return Sentence(what) if isinstance(what, str) else what
