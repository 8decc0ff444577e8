"""The mailbox of development: the newest letters of the outbox, where no mail server takes them.

It is for whoever tries the site out or builds it, so its own words are not translated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint, render_template

from directory.errors import NotFound
from directory.http import headers
from directory.http.site import session, site
from directory.mail import outbox
from directory.mail.letters import Worded
from directory.mail.messages import plain_text
from directory.mail.models import OutgoingLetter

pages = Blueprint("mailbox", __name__, url_prefix="/mailbox")

MOST: Final = 200

WORDS: Final = {
    "lead": "Letters this site has written, the newest first. Only development shows this page;"
    " in production they go to people by SMTP.",
    "none": "No letter yet",
    "none_yet": "Sign up, or ask for a new password, and the letter appears here.",
    "to": "To",
    "from": "From",
    "purpose": "Purpose",
    "written": "Written",
    "all": "All letters",
    "as_text": "As plain text",
    "wait": "Its link opens here, on this machine.",
    "list": "Letters",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as the mailbox shows it."""

    number: int
    to: str
    purpose: str
    state: str
    written: datetime
    worded: Worded


@pages.get("")
def index() -> str:
    """The newest letters."""
    headers.personal()
    letters = [each for each in map(_shown, outbox.newest(session(), limit=MOST)) if each is not None]
    return render_template("mailbox/index.html", letters=letters, heading="Mailbox", words=WORDS)


@pages.get("/<int(max=999999999):letter_id>")
def letter(letter_id: int) -> str:
    """One letter. Its button leads to this very site, whatever SITE_URL says."""
    headers.personal()
    row = outbox.one(session(), letter_id)
    shown = None if row is None else _shown(row)
    if shown is None:
        raise NotFound("There is no such letter, or its text is erased.")
    config = site().config
    return render_template(
        "mailbox/letter.html",
        letter=shown,
        sender=config.smtp_from,
        as_text=plain_text(shown.worded, config=config),
        words=WORDS,
    )


def _shown(row: OutgoingLetter) -> Shown | None:
    if row.text_sealed is None or row.recipient_sealed is None:
        return None
    return Shown(
        row.id, row.recipient_sealed, row.purpose, row.state, row.created_at, Worded.from_json(row.text_sealed)
    )
