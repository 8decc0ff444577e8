"""What letters say about confirming a profile and about papers that end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from directory.credentials.terms import CredentialKind
from directory.guide.words import N_
from directory.jurisdictions.names import name_of
from directory.mail.letters import Letter, Link, Sentence, say
from directory.practitioners.reminders import Occasion, profile_is_off
from directory.practitioners.rules import ATTESTATION_DAYS, WARN_DAYS


@dataclass(frozen=True, slots=True)
class Subject:
    """What an occasion is about, as a letter names it."""

    occasion: Occasion
    what: Sentence | None
    """The paper; ``None`` for the profile itself."""
    places: tuple[str, ...] = ()
    """The places that are to be confirmed, by the names they have on the page."""


_KINDS: Final = {
    CredentialKind.STATUTORY_LICENCE: N_("licence (%(whose)s)"),
    CredentialKind.STATUTORY_REGISTRATION: N_("registration (%(whose)s)"),
    CredentialKind.CERTIFICATION_STATE: N_("certification (%(whose)s)"),
    CredentialKind.ACCREDITED_REGISTER: N_("membership (%(whose)s)"),
    CredentialKind.PROFESSIONAL_BODY: N_("membership (%(whose)s)"),
    CredentialKind.NATIONAL_CERTIFICATION: N_("national certification (%(whose)s)"),
    CredentialKind.LOCAL_AUTHORITY_REGISTRATION: N_("registration with the council (%(whose)s)"),
    CredentialKind.SPECIAL_PROCEDURE_LICENCE: N_("special procedure licence (%(whose)s)"),
    CredentialKind.PREMISES_APPROVAL: N_("approval of premises (%(whose)s)"),
}
_OTHER: Final = N_("paper (%(whose)s)")
INDEMNITY: Final = N_("indemnity insurance")
DECLARATION: Final = N_("pregnancy declaration")


def paper(kind: CredentialKind, *, body: str | None, jurisdiction: str | None) -> Sentence:
    """How a letter names a paper: "licence (Oregon)"."""
    return say(_KINDS.get(kind, _OTHER), whose=body or name_of(jurisdiction) or "–")


def reminder(subjects: Sequence[Subject], *, link: str, today: date) -> Letter:
    """One letter about everything that is due today. ``link`` is where all can be confirmed."""
    profile = [each for each in subjects if each.what is None]
    papers = [each for each in subjects if each.what is not None]
    paragraphs: list[str | Sentence] = []
    for each in sorted(profile, key=lambda each: each.occasion):
        paragraphs += _profile(each, today=today)
    paragraphs += _papers(sorted(papers, key=lambda each: each.occasion.anchor), today=today)
    said = tuple(paragraphs)
    confirm = Link(N_("Read it and confirm"), link)
    asks_again = N_("The button opens a page that shows what patients read, and asks you once more.")
    if any(profile_is_off(each.occasion) for each in profile):
        return Letter(
            purpose="reminder",
            subject=N_("You are off the list for now"),
            paragraphs=said,
            link=confirm,
            closing=(asks_again,),
        )
    if profile:
        return Letter(
            purpose="reminder",
            subject=N_("Is it all still true?"),
            paragraphs=said,
            link=confirm,
            closing=(asks_again,),
        )
    return Letter(
        purpose="reminder",
        subject=N_("A date is coming up"),
        paragraphs=said,
        link=Link(N_("See where you stand"), "/practice/listed"),
        closing=(N_("You can enter the new date, or send us the new document, after signing in."),),
    )


def _profile(each: Subject, *, today: date) -> Iterator[Sentence]:
    anchor, places = each.occasion.anchor, ", ".join(each.places)
    last = anchor + timedelta(days=ATTESTATION_DAYS)
    warned = anchor + timedelta(days=WARN_DAYS)
    yield say(
        N_("You last said on %(day)s that what patients read about you is true. It is about: %(places)s."),
        day=anchor,
        places=places,
    )
    if today > last:
        yield say(
            N_(
                "Since %(day)s it is not shown any more, because that was more than 120 days ago. Confirming "
                "brings it back."
            ),
            day=last + timedelta(days=1),
        )
    elif today >= warned:
        yield say(
            N_(
                "Since %(warned)s patients are told to ask whether it is still right. If nobody confirms it, "
                "%(last)s is "
                "the last day on which it is shown."
            ),
            warned=warned,
            last=last,
        )
    else:
        yield say(
            N_(
                "If nobody confirms it, patients are told so from %(warned)s on, and %(last)s is the last day it "
                "is shown."
            ),
            warned=warned,
            last=last,
        )


def _papers(subjects: Iterable[Subject], *, today: date) -> Iterator[Sentence]:
    for each in subjects:
        what, ends = each.what, each.occasion.anchor
        if what is None:
            continue
        if ends > today:
            yield say(
                N_("%(what)s: valid to %(day)s. Days left: %(days)s."), what=what, day=ends, days=(ends - today).days
            )
        elif ends == today:
            yield say(N_("%(what)s: today, %(day)s, is its last day."), what=what, day=ends)
        else:
            yield say(N_("%(what)s: its last day was %(day)s."), what=what, day=ends)
