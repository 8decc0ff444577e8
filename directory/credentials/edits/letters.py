"""What is written to somebody whose profile is to be changed, so that a stranger who got in is noticed."""

from __future__ import annotations

from datetime import date

from directory.mail.letters import N_, Letter, Link, say


def change_wished(*, on: date) -> Letter:
    """Goes to every address that was known before the change."""
    return Letter(
        purpose="profile_change_wished",
        subject=N_("A change to your profile"),
        paragraphs=(
            say(N_("On %(day)s somebody who signed in to your account asked us to change your profile."), day=on),
            N_("What they asked to change is something we check first, so nothing that people see has changed yet."),
            N_("If that was you, there is nothing to do."),
        ),
        link=Link(N_("See what was asked"), "/registration"),
        closing=(N_("If it was not you, take the change back on that page, change your password, and write to us."),),
    )


def changed_at_once(*, on: date) -> Letter:
    """Goes to every address that was known before, when something was taken back or given up."""
    return Letter(
        purpose="profile_changed_at_once",
        subject=N_("A change to your profile"),
        paragraphs=(
            say(N_("On %(day)s somebody who signed in to your account took something back that stood there."), day=on),
            N_("Taking something back acts at once, so people may see less than before."),
            N_("If that was you, there is nothing to do."),
        ),
        link=Link(N_("See your profile"), "/registration"),
        closing=(N_("If it was not you, change your password at once, and write to us."),),
    )
