"""What is written about outcomes."""

from __future__ import annotations

from directory.consultations.outcomes.terms import Contact
from directory.mail.letters import N_, Letter, Link, say

_UNLIKE = {
    Contact.NO_ANSWER: N_("Different people have told us that they tried to reach you and got no answer."),
    Contact.WRONG_NUMBER: N_("Different people have told us that a number or an address in your entry is not yours."),
    Contact.NOT_TAKING: N_("Different people have told us that you take no new people at the moment."),
}


def question(name: str, *, path: str) -> Letter:
    """To the patient, some days after a request or after the time that was agreed."""
    return Letter(
        purpose="talk_outcome",
        subject=N_("Did it work?"),
        paragraphs=(
            say(N_("You asked for a talk with %(name)s. Did you reach them?"), name=name),
            N_("One tap is enough: it keeps our list true for the next person."),
        ),
        link=Link(N_("Tell us"), path),
        closing=(N_("We ask once. If you do not answer, nothing happens."),),
    )


def unlike_the_entry(contact: Contact) -> Letter:
    """To the practitioner, where what several people say does not agree with the entry. It names nobody."""
    return Letter(
        purpose="entry_doubted",
        subject=N_("Please look at your entry"),
        paragraphs=(
            _UNLIKE[contact],
            N_(
                "Perhaps nothing is wrong. Please look whether your telephone number, your hours and what you say "
                "about new people are still true, and confirm them. You stay on the list, and somebody here looks at "
                "it too."
            ),
        ),
        link=Link(N_("Look at it"), "/practice/confirm"),
    )
