"""What whoever leaves is told."""

from __future__ import annotations

from datetime import date

from directory.mail.letters import N_, Letter, Link, say


def profile_closed(*, erase_on: date) -> Letter:
    """To whoever closed their profile, so that nobody closes it for them unnoticed."""
    return Letter(
        purpose="profile_closed",
        subject=N_("Your profile is closed"),
        paragraphs=(
            N_("You closed your profile, and nobody sees it any more. You were signed out everywhere."),
            say(
                N_("Everything about you is erased on %(day)s. Until then you can sign in and come back."), day=erase_on
            ),
            N_("Was it not you? Then sign in, come back, and choose a new password."),
        ),
        link=Link(N_("Sign in"), "/account/sign-in"),
    )
