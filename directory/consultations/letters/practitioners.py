"""Letters to practitioners. Who asked, and why, is read on the site, signed in."""

from __future__ import annotations

from datetime import date

from directory.consultations.letters.parts import OPEN, READ, When
from directory.mail.letters import N_, Entry, Letter, Link, say


def asked(code: str, *, answer_by: date) -> Letter:
    """Somebody asks for a talk."""
    return Letter(
        purpose="request_received",
        subject=N_("Somebody asks you for a talk"),
        paragraphs=(
            N_("Somebody found you here and asks for a talk. What they wrote is read on our site only."),
            say(N_("Please answer by %(day)s, also when it is a no: others count on it."), day=answer_by),
        ),
        link=Link(READ, path_of(code)),
    )


def still_waiting(code: str, *, ends: date) -> Letter:
    """Nobody has answered yet."""
    return Letter(
        purpose="request_waits",
        subject=N_("Somebody still waits for your answer"),
        paragraphs=(
            N_("A request for a talk has not been answered yet. One word is enough, also a no."),
            say(N_("On %(day)s we tell them that they need not wait any longer."), day=ends),
        ),
        link=Link(READ, path_of(code)),
    )


def not_needed(code: str) -> Letter:
    """The patient took it back, or found somebody else, or did not choose."""
    return Letter(
        purpose="request_over",
        subject=N_("A request has ended"),
        paragraphs=(
            N_("A request for a talk needs nothing more from you: it was taken back, or a time was found elsewhere."),
            N_("Whatever you had offered is free again."),
        ),
        link=Link(OPEN, path_of(code)),
    )


def too_late(code: str) -> Letter:
    """Time ran out."""
    return Letter(
        purpose="request_lapsed",
        subject=N_("A request has ended"),
        paragraphs=(
            N_("A request for a talk was not answered in time. We told them that they need not wait any longer."),
            N_("If you take no requests for now, you can say until when."),
        ),
        link=Link(N_("How many requests you take"), "/practice/requests/taking"),
    )


def set_for(code: str, when: When, *, calendar: Entry) -> Letter:
    """To the practitioner, when a time is agreed or another one is."""
    return Letter(
        purpose="request_agreed",
        subject=N_("A talk is set"),
        paragraphs=(N_("A talk is agreed."), when.said()),
        link=Link(N_("See, move or call it off"), path_of(code)),
        closing=(N_("The entry for your calendar is attached. It updates itself if anything changes."),),
        entry=calendar,
    )


def answer_times(code: str) -> Letter:
    """To the practitioner: the patient names other times."""
    return Letter(
        purpose="request_other_times",
        subject=N_("Another time is proposed"),
        paragraphs=(N_("Somebody asks for other times than those you offered or agreed."),),
        link=Link(READ, path_of(code)),
    )


def stays(code: str, when: When) -> Letter:
    """To the practitioner: the talk stays as it is."""
    return Letter(
        purpose="request_not_moved",
        subject=N_("The time stays as it was"),
        paragraphs=(N_("The other side cannot make the times you proposed."), when.said()),
        link=Link(OPEN, path_of(code)),
    )


def off(code: str, when: When, *, calendar: Entry) -> Letter:
    """To the practitioner, whoever called it off."""
    return Letter(
        purpose="request_called_off",
        subject=N_("A talk will not take place"),
        paragraphs=(N_("A talk is called off. The time is yours again."), when.said()),
        link=Link(OPEN, path_of(code)),
        closing=(N_("The entry in your calendar is taken back by the file attached."),),
        entry=calendar,
    )


def held(code: str, *, calendar: Entry | None) -> Letter:
    """To the practitioner: the rules do not allow it at the moment."""
    return Letter(
        purpose="request_on_hold",
        subject=N_("A request is on hold"),
        paragraphs=(
            N_(
                "What we check again before every talk is not as it should be at the moment, so a request to you is "
                "on hold. This says nothing against you."
            ),
            N_("Your own pages say where you are listed, and what mends it. It goes on by itself when it is there."),
        ),
        link=Link(OPEN, path_of(code)),
        entry=calendar,
    )


def free_again(code: str, *, calendar: Entry | None) -> Letter:
    """To the practitioner: what was on hold goes on."""
    return Letter(
        purpose="request_goes_on",
        subject=N_("A request is no longer on hold"),
        paragraphs=(N_("A request that was on hold goes on as it was."),),
        link=Link(READ, path_of(code)),
        entry=calendar,
    )


def near(code: str, when: When) -> Letter:
    """To the practitioner, the day before."""
    return Letter(
        purpose="request_reminder",
        subject=N_("A talk is near"),
        paragraphs=(N_("This is to remind you of a talk."), when.said()),
        link=Link(N_("See, move or call it off"), path_of(code)),
    )


def written(code: str) -> Letter:
    """To the practitioner: there is something to read."""
    return Letter(
        purpose="request_message",
        subject=N_("You have a message"),
        paragraphs=(N_("Somebody who asked you for a talk has written to you."),),
        link=Link(READ, path_of(code)),
    )


def handed_over(code: str) -> Letter:
    """To the practitioner: there is a summary to read, for a time."""
    return Letter(
        purpose="request_summary",
        subject=N_("Something was added to a request"),
        paragraphs=(
            N_("Somebody with whom you have agreed a talk has put something there for you to read before it."),
            N_("It is there for a time they chose, and they can take it back."),
        ),
        link=Link(READ, path_of(code)),
    )


def path_of(code: str) -> str:
    """Where a practitioner reads a request, signed in."""
    return f"/practice/requests/{code}"
