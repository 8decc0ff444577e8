"""What is written when two profiles become one."""

from __future__ import annotations

from directory.mail.letters import N_, Letter, Link


def profiles_joined() -> Letter:
    """To the account that keeps a profile no longer, because another account of the same person does."""
    return Letter(
        purpose="profiles_joined",
        subject=N_("Two profiles became one"),
        paragraphs=(
            N_("There were two profiles of you here. They are one now, and your other account keeps it."),
            N_("Nothing you gave us is lost. Sign in with the other address to see it."),
            N_("If you have no other account, please write to us at once, and a person looks at it."),
        ),
        link=Link(N_("How to reach us"), "/about"),
    )
