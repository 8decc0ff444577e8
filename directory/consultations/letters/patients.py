"""Letters to patients. Nothing that was typed stands in one: the address may be somebody else's until it is proved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from directory.consultations.letters.parts import OPEN, READ, When
from directory.mail.letters import N_, Entry, Letter, Link, Sentence, say


def sent(names: Sequence[str], *, answer_by: date, in_order: bool, path: str) -> Letter:
    """At once after a request. Nobody has shown yet that the address is theirs, so nothing typed stands in it."""
    order = (
        N_("They are asked one after the other. We write to you as soon as one of them answers.")
        if in_order
        else N_("We write to you as soon as one of them answers.")
    )
    return Letter(
        purpose="talk_requested",
        subject=N_("What was sent, and your link to it"),
        paragraphs=(
            say(N_("Somebody gave this address and asked for a talk with %(names)s."), names=_listed(names)),
            say(N_("An answer is due by %(day)s."), day=answer_by),
            order,
            N_(
                "Your link leads to what was sent. There you can add something, take it back, or erase all of it. "
                "Whoever has this letter can do that, so please do not pass it on."
            ),
        ),
        link=Link(OPEN, path),
        closing=(
            N_(
                "If it was not you, open the link and say so: everything is erased, and whoever was asked is told that "
                "nothing more is needed."
            ),
        ),
    )


def yes(name: str, *, when: When | None, choose_by: date, path: str) -> Letter:
    """A practitioner accepted one of the times, or offers others."""
    offer = (
        say(N_("%(name)s offers you other times than those you named."), name=name)
        if when is None
        else say(N_("%(name)s can talk with you."), name=name)
    )
    return Letter(
        purpose="talk_accepted",
        subject=N_("You have an answer"),
        paragraphs=(
            offer,
            *(() if when is None else (when.said(),)),
            say(N_("It is only agreed when you say yes as well. Please do so by %(day)s."), day=choose_by),
        ),
        link=Link(N_("See it and decide"), path),
    )


def no(name: str, *, waiting: int, path: str) -> Letter:
    """A practitioner declined, or let the time run out."""
    return Letter(
        purpose="talk_declined",
        subject=N_("You have an answer"),
        paragraphs=(
            say(N_("%(name)s cannot talk with you this time. That says nothing about you."), name=name),
            _others(waiting),
        ),
        link=Link(OPEN, path),
    )


def silence(name: str, *, waiting: int, path: str) -> Letter:
    """A practitioner did not answer in time."""
    return Letter(
        purpose="talk_unanswered",
        subject=N_("Somebody has not answered"),
        paragraphs=(
            say(N_("%(name)s has not answered in the time that we ask for. You need not wait any longer."), name=name),
            _others(waiting),
        ),
        link=Link(OPEN, path),
    )


def choice_ended(name: str, *, path: str) -> Letter:
    """The patient did not choose in time."""
    return Letter(
        purpose="talk_not_chosen",
        subject=N_("A time is free again"),
        paragraphs=(
            say(N_("You had not said yes to %(name)s, so that time is given back. Nothing is agreed."), name=name),
            N_("You can ask again whenever you like."),
        ),
        link=Link(OPEN, path),
    )


def agreed(name: str, when: When, *, calendar: Entry, path: str) -> Letter:
    """To the patient, when a time is agreed or another one is."""
    return Letter(
        purpose="talk_agreed",
        subject=N_("Your talk is set"),
        paragraphs=(
            say(N_("Your talk with %(name)s is agreed."), name=name),
            when.said(),
            N_("How you come together, and what you wrote to each other, stands behind your link."),
        ),
        link=Link(N_("See, move or call it off"), path),
        closing=(N_("The entry for your calendar is attached. It updates itself if anything changes."),),
        entry=calendar,
    )


def other_times(name: str, *, path: str) -> Letter:
    """To the patient: the practitioner would like to move an agreed talk."""
    return Letter(
        purpose="talk_move_asked",
        subject=N_("Another time is proposed"),
        paragraphs=(
            say(N_("%(name)s asks whether you could talk at another time."), name=name),
            N_("Until you have chosen one, the talk stands as it was agreed."),
        ),
        link=Link(N_("See it and decide"), path),
    )


def move_refused(name: str, when: When, *, path: str) -> Letter:
    """To the patient: the talk stays as it is."""
    return Letter(
        purpose="talk_not_moved",
        subject=N_("The time stays as it was"),
        paragraphs=(say(N_("%(name)s cannot make the other times you named."), name=name), when.said()),
        link=Link(N_("See, move or call it off"), path),
    )


def called_off(name: str, *, calendar: Entry, path: str) -> Letter:
    """To the patient, whoever called it off."""
    return Letter(
        purpose="talk_called_off",
        subject=N_("Your talk will not take place"),
        paragraphs=(
            say(N_("Your talk with %(name)s is called off."), name=name),
            N_("You can ask somebody else, or ask again, whenever you like."),
        ),
        link=Link(OPEN, path),
        closing=(N_("The entry in your calendar is taken back by the file attached."),),
        entry=calendar,
    )


def on_hold(name: str, *, calendar: Entry | None, path: str) -> Letter:
    """To the patient: the rules do not allow it at the moment."""
    return Letter(
        purpose="talk_on_hold",
        subject=N_("Your talk is on hold"),
        paragraphs=(
            say(
                N_(
                    "What we check again before every talk is not as it should be at the moment, so your request to "
                    "%(name)s is on hold. This says nothing against you or against them."
                ),
                name=name,
            ),
            N_("We write to you as soon as it goes on. Please do not go there before you hear from us."),
            N_("You need not wait: you can take it back and ask somebody else."),
        ),
        link=Link(OPEN, path),
        entry=calendar,
    )


def goes_on(name: str, *, calendar: Entry | None, path: str) -> Letter:
    """To the patient: what was on hold goes on."""
    return Letter(
        purpose="talk_goes_on",
        subject=N_("Your talk is no longer on hold"),
        paragraphs=(say(N_("Your request to %(name)s goes on as it was."), name=name),),
        link=Link(OPEN, path),
        entry=calendar,
    )


def tomorrow(name: str, when: When, *, path: str) -> Letter:
    """To the patient, the day before."""
    return Letter(
        purpose="talk_reminder",
        subject=N_("A talk is near"),
        paragraphs=(
            say(N_("This is to remind you of your talk with %(name)s."), name=name),
            when.said(),
            N_("If something keeps you, please call it off in time."),
        ),
        link=Link(N_("See, move or call it off"), path),
    )


def message(name: str, *, path: str) -> Letter:
    """To the patient: there is something to read."""
    return Letter(
        purpose="talk_message",
        subject=N_("You have a message"),
        paragraphs=(say(N_("%(name)s has written to you."), name=name),),
        link=Link(READ, path),
    )


def new_link(*, path: str) -> Letter:
    """To the patient, who asked for one."""
    return Letter(
        purpose="talk_new_link",
        subject=N_("Your new link"),
        paragraphs=(N_("Here is the new link that you asked for. Older ones decide nothing any more."),),
        link=Link(OPEN, path),
        closing=(N_("If you did not ask for it, you need do nothing."),),
    )


def not_any_more(name: str) -> Letter:
    """To the patient: the profile is gone, and the request with it."""
    return Letter(
        purpose="talk_gone",
        subject=N_("Somebody is not here any more"),
        paragraphs=(
            say(
                N_(
                    "%(name)s is not on this site any more. Nothing is agreed with them through us, and what you sent "
                    "to them is erased."
                ),
                name=name,
            ),
        ),
        link=Link(N_("Find somebody else"), "/"),
    )


def _others(waiting: int) -> str:
    if waiting:
        return N_("Others whom you asked have not answered yet. We write to you when they do.")
    return N_("Behind your link you can see what you sent, and ask somebody else.")


def _listed(names: Sequence[str]) -> Sentence | str:
    if len(names) == 1:
        return names[0]
    *before, last = names
    return say(N_("%(names)s and %(last)s"), names=", ".join(before), last=last)
