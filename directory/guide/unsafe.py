"""Whom to turn to when somebody was harmed or felt unsafe: what cannot wait, people to talk to, and the police."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from directory.guide.emergency import Need, Service, WarningSigns
from directory.guide.words import N_, Source

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
    (
        Source("NHS, Acupuncture", "https://www.nhs.uk/conditions/acupuncture/", reread=False),
        Source(
            "British Acupuncture Council, What is a pneumothorax?",
            "https://acupuncture.org.uk/news/what-is-pneumothorax/",
            reread=False,
        ),
    ),
)

NOT_YOUR_FAULT: Final = N_(
    "If somebody touched you in a way that you did not want, that was not your fault, whatever you said or did not say."
)

_TOUCHED: Final = N_("Somebody to talk to about being touched or treated in a way you did not want")
_CRIME: Final = N_("To tell the police what happened, when nobody is in danger now")
_POLICE: Final = N_("Police")

_RAINN = Source("RAINN", "https://rainn.org/", reread=False)
_RAPE_CRISIS = Source("Rape Crisis England & Wales", "https://247sexualabusesupport.org.uk/", reread=False)
_DRCC = Source("Dublin Rape Crisis Centre", "https://drcc.ie/", reread=False)
_RESPECT = Source("1800RESPECT", "https://www.1800respect.org.au/", reread=False)
_SAFE_TO_TALK = Source("Safe to talk", "https://safetotalk.nz/", reread=False)
_UK_101 = Source("Police.uk", "https://www.police.uk/", reread=False)
_PAL = Source(
    "Western Australia Police, 131 444",
    "https://www.police.wa.gov.au/contact-us/about-calling-000-and-131-444",
    reread=False,
)
_NZ_105 = Source("New Zealand Police, 105", "https://www.police.govt.nz/", reread=False)

_TO_TALK: Final[Mapping[str, Service]] = {
    "US": Service(
        Need.DISTRESS, "+18006564673", "1-800-656-4673", "RAINN, National Sexual Assault Hotline", _TOUCHED, _RAINN
    ),
    "GB": Service(
        Need.DISTRESS,
        "08085002222",
        "0808 500 2222",
        N_("Rape Crisis, for England and Wales"),
        _TOUCHED,
        _RAPE_CRISIS,
    ),
    "IE": Service(Need.DISTRESS, "1800778888", "1800 77 88 88", "National Rape Crisis Helpline", _TOUCHED, _DRCC),
    "AU": Service(Need.DISTRESS, "1800737732", "1800 737 732", "1800RESPECT", _TOUCHED, _RESPECT),
    "NZ": Service(Need.DISTRESS, "0800044334", "0800 044 334", "Safe to talk", _TOUCHED, _SAFE_TO_TALK),
}
_POLICES: Final[Mapping[str, Service]] = {
    "GB": Service(Need.ADVICE, "101", "101", _POLICE, _CRIME, _UK_101),
    "AU": Service(Need.ADVICE, "131444", "131 444", _POLICE, _CRIME, _PAL),
    "NZ": Service(Need.ADVICE, "105", "105", _POLICE, _CRIME, _NZ_105),
}


def to_talk(country: str | None) -> Service | None:
    """A line for people who were touched or treated in a way they did not want, where the country has one for all."""
    return _TO_TALK.get(country or "")


def police(country: str | None) -> Service | None:
    """The number of the police where nobody is in danger, where the country has one for all of it."""
    return _POLICES.get(country or "")
