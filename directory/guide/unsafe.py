"""Whom to turn to when somebody was harmed or felt unsafe: what cannot wait, people to talk to, and the police."""

from __future__ import annotations

from typing import Final

from directory.guide.emergency import WarningSigns
from directory.guide.evidence import NHS, PNEUMOTHORAX
from directory.guide.numbers import Need, Service, numbers
from directory.guide.words import N_

CANNOT_WAIT: Final = WarningSigns(
    N_("Call the emergency number now if:"),
    (
        N_("you are in danger, or somebody will not let you go"),
        N_("you have chest pain or trouble breathing, also hours after needles"),
        N_("you faint, or bleed and it does not stop"),
        N_("a leg or arm is suddenly weak or numb"),
        N_("you think of harming yourself"),
    ),
    N_("See a doctor the same day for a fever, or for skin that is red, hot and spreading where a needle was."),
    (NHS, PNEUMOTHORAX),
)

NOT_YOUR_FAULT: Final = N_(
    "If somebody touched you in a way that you did not want, that was not your fault, whatever you said or did not say."
)


def to_talk(country: str | None) -> Service | None:
    """A line for people who were touched or treated in a way they did not want, where the country has one for all."""
    return _of(country, Need.DISTRESS)


def police(country: str | None) -> Service | None:
    """The number of the police where nobody is in danger, where the country has one for all of it."""
    return _of(country, Need.ADVICE)


def _of(country: str | None, need: Need) -> Service | None:
    known = numbers("harm").get(country, ()) if country else ()
    return next((service for service in known if service.need is need), None)
