"""What is written about feedback. No letter carries what one wrote about the other."""

from __future__ import annotations

from directory.mail.letters import N_, Letter, Link, say


def shown() -> Letter:
    """To the patient: what they sent stands on the page now."""
    return Letter(
        purpose="story_shown",
        subject=N_("What you sent us is shown now"),
        paragraphs=(
            N_("Thank you. It is shown without your name, as you wrote it, for two years at most."),
            N_(
                "You can take it back at any time, without a reason, over the link in our earlier letter (“Did it "
                "work?”)."
            ),
        ),
    )


def not_shown(words: str) -> Letter:
    """To the patient: it is not shown, and why."""
    return Letter(
        purpose="story_refused",
        subject=N_("What you sent us is not shown"),
        paragraphs=(
            N_("Somebody here has read it, and it cannot be shown. This is why, in their words:"),
            say(N_("“%(words)s”"), words=words),
            N_("It is erased some time from now."),
        ),
    )


def somebody_wrote() -> Letter:
    """To the practitioner: something about their service is shown, and they may answer."""
    return Letter(
        purpose="story_about_you",
        subject=N_("Somebody wrote about your service"),
        paragraphs=(
            N_(
                "Somebody who met you has said something about the service. We have read it, and it stands on your "
                "page now, apart from everything that we checked. It has no part in the order of any list."
            ),
            N_("You may answer it in a few words, which we read as well before they are shown."),
        ),
        link=Link(N_("Read and answer"), "/practice/feedback"),
    )


def reply_shown() -> Letter:
    """To the practitioner: their answer is shown."""
    return Letter(
        purpose="story_reply_shown",
        subject=N_("What you sent us is shown now"),
        paragraphs=(N_("We have read your answer. It stands below the words that it answers."),),
        link=Link(N_("See it"), "/practice/feedback"),
    )


def reply_not_shown(words: str) -> Letter:
    """To the practitioner: their answer is not shown, and why."""
    return Letter(
        purpose="story_reply_refused",
        subject=N_("What you sent us is not shown"),
        paragraphs=(
            N_("Somebody here has read your answer, and it cannot be shown. This is why, in their words:"),
            say(N_("“%(words)s”"), words=words),
            N_("You may write another one."),
        ),
        link=Link(N_("Write another one"), "/practice/feedback"),
    )
