"""The letter to a colleague. Nobody has confirmed their address, so it carries nothing that anybody typed."""

from __future__ import annotations

from directory.mail.letters import N_, Letter, Link


def ask_colleague(token: str) -> Letter:
    """Asks for one answer on a page of ours, which says who asks and what."""
    return Letter(
        purpose="ask_colleague",
        subject=N_("Somebody you know asks you to confirm something"),
        paragraphs=(
            N_("Somebody who gave us your address asks you to confirm what they say about their work."),
            N_(
                "The button opens a page that tells you who it is and what they say. You answer yes or no there. You "
                "need no account, and it takes two minutes."
            ),
        ),
        link=Link(N_("Read and answer"), f"/evidence/confirm/{token}"),
        closing=(
            N_("The link is good for one answer and for 30 days. If you do not know what this is about, ignore it."),
        ),
    )
