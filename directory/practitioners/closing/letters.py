"""What is written when a profile is closed. It goes to the account, names no reason, and asks for nothing."""

from __future__ import annotations

from directory.mail.letters import N_, Letter, Link


def profile_ended() -> Letter:
    """To the account of whoever practises no longer, once."""
    return Letter(
        purpose="profile_ended",
        subject=N_("A profile is closed"),
        paragraphs=(
            N_(
                "The profile that belongs to this address is closed. Nobody sees it any more, and we send no reminders."
            ),
            N_("There is nothing to do. If this is a mistake, please write to us, and a person answers."),
        ),
        link=Link(N_("How to reach us"), "/about"),
    )
