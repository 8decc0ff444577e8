"""The letter to a certifier. It carries nothing that anybody typed: its link says who is meant."""

from __future__ import annotations

from directory.credentials.control.rules import QUESTION_DAYS
from directory.mail.letters import N_, Letter, Link, say


def ask_certifier(token: str) -> Letter:
    """Asks for one answer on a page of ours."""
    return Letter(
        purpose="ask_certifier",
        subject=N_("Is somebody on your roll who they say they are?"),
        paragraphs=(
            N_(
                "We keep a directory of acupuncturists. Somebody who registered with us says that you certify them. "
                "Before we show them to anybody we make sure that it is them, and not somebody who uses their name."
            ),
            N_(
                "The button opens a page that tells you who it is and from which address they write to us. You answer "
                "yes or no there. You need no account."
            ),
        ),
        link=Link(N_("Read and answer"), f"/control/{token}"),
        closing=(
            say(
                N_(
                    "The link is good for one answer and for %(days)s days. We found your address on your own page. If "
                    "you are not the right one to ask, do not answer."
                ),
                days=QUESTION_DAYS,
            ),
        ),
    )
