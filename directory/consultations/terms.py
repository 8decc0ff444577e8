"""The words of requests: closed lists that tables, rules, forms and letters share."""

from __future__ import annotations

from enum import StrEnum


class Order(StrEnum):
    """In what order several people are asked."""

    AT_ONCE = "at_once"
    IN_ORDER = "in_order"
    """The next one when the one before declines or lets the time run out."""


class Talk(StrEnum):
    """How the two talk."""

    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"


class State(StrEnum):
    """Where it stands between the patient and one of the people asked."""

    QUEUED = "queued"
    """Not asked yet: somebody else is first."""
    ASKED = "asked"
    ACCEPTED = "accepted"
    """The practitioner said yes, to one of the times or to others of theirs; the patient has the last word."""
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    """Nobody answered in time: the practitioner, or the patient after a yes."""
    WITHDRAWN = "withdrawn"
    """The patient took it back before anything was agreed."""
    CANCELLED = "cancelled"
    """One of the two called off what was agreed."""
    ELSEWHERE = "elsewhere"
    """The patient agreed a time with somebody else."""
    PAUSED = "paused"
    """The rules do not allow it at the moment; it goes on by itself if they do again before its time."""
    HAPPENED = "happened"
    """Its time is over. Whether they met, nobody here knows."""


class Side(StrEnum):
    """Who of the two."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"


class Declining(StrEnum):
    """Why a practitioner says no."""

    NO_ROOM = "no_room"
    TIMES = "times"
    """None of the times is possible, and no other is offered."""
    NOT_FOR_ME = "not_for_me"
    """It is not what they do."""
    TOO_FAR = "too_far"
    LANGUAGE = "language"
    OTHER = "other"


class Shared(StrEnum):
    """What of the facts the patient lets the people asked see. Whatever is not named is used by the rules alone."""

    PREGNANCY = "pregnancy"
    """The answer, and the day on which the birth is expected."""
    CONDITIONS = "conditions"
    """Every condition, needles among them. Of requests that were sent before this was asked in parts."""
    AGE = "age"
    HEALTH = "health"
    """What was ticked about health, save what the next two hold."""
    NEEDLES = "needles"
    EXPECTING = "expecting"
    """What was ticked about this pregnancy; whoever sees it knows that there is one."""


class Purpose(StrEnum):
    """What a link in a patient's letter is for."""

    REQUEST = "request"
    """Seeing what was sent, writing, taking it back."""
    ANSWER = "answer"
    """The same, and choosing a time that somebody said yes to."""
    MEETING = "meeting"
    """Seeing what is agreed, writing, moving it, calling it off."""


class Act(StrEnum):
    """What a patient does over a link."""

    PROVE = "prove"
    """Say that the request is theirs."""
    DISOWN = "disown"
    """Say that it is not: somebody typed a wrong address, or a wrong one on purpose."""
    WRITE = "write"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    """Turn down what was offered."""
    PROPOSE = "propose"
    """Offer other times, before or after one is agreed."""
    CANCEL = "cancel"
    SHARE = "share"
    """Hand a summary over."""
    ERASE = "erase"


class Closed(StrEnum):
    """Why somebody takes no request at the moment."""

    NOT_HERE = "not_here"
    """Nobody reads requests for this profile."""
    NOT_NOW = "not_now"
    """They said that they take none until a day."""
    FULL = "full"
    """As many are open as they take."""
    FULL_THIS_WEEK = "full_this_week"


class Bar(StrEnum):
    """Why a request cannot reach somebody, or a talk cannot be."""

    CLOSED = "closed"
    """They take no request at the moment."""
    TALK = "talk"
    """They do not offer this kind of talk."""
    NOT_LISTED = "not_listed"
    """They are not listed where the talk would be."""
    PREGNANCY = "pregnancy"
    """Not in the week of the day."""
    DOES_NOT_SUIT = "does_not_suit"
    """Age, something they do not take on, or the way of meeting."""


class Lasts(StrEnum):
    """How long the other side may read a summary."""

    TALK = "talk"
    """Until a day after the talk, whenever that is moved to."""
    WEEK = "week"
    MONTH = "month"
    """Thirty days."""
