"""The three letters of a saved search. None says where the patient is, what was asked for, or anything about health;
the one about new people names them, their towns and their pages."""

from __future__ import annotations

from collections.abc import Sequence

from directory.guide.words import N_
from directory.mail.letters import Letter, Link, say
from directory.search.results import Match


def confirm(token: str, *, days: int) -> Letter:
    """To an address that nobody has confirmed: it repeats nothing that was typed."""
    return Letter(
        purpose="saved_search_confirm",
        subject=N_("Please say whether you want these letters"),
        paragraphs=(
            N_("Somebody, probably you, asked us to write to this address when a new person fits a search."),
            N_("If it was you, press the button and say yes on the page that opens. Until then we do not write again."),
        ),
        link=Link(N_("Look at the search and say yes"), f"/saved/{token}"),
        closing=(say(N_("If it was not you, do nothing: the search is forgotten after %(days)s days."), days=days),),
        stop=f"/saved/{token}/one-click",
    )


def somebody_new(
    token: str, found: Sequence[Match], *, more: int, site_url: str, knows_patient: bool, out_of_date: bool
) -> Letter:
    """Who fits and did not before: names and where their pages are."""
    people = [
        say(
            N_("%(name)s, %(town)s: %(address)s"),
            name=match.name,
            town=match.locality,
            address=f"{site_url}/practitioners/{match.slug}",
        )
        for match in found
    ]
    others = (say(N_("And %(number)s more: the page behind the button leads to all of them."), number=more),)
    unknowing = N_(
        "What you told us about yourself is not kept with this search, so some of them may not fit you. Open the list "
        "and answer there: it shows only those who do."
    )
    over = N_("Something you told us about yourself is out of date. Please open the list and answer again.")
    return Letter(
        purpose="saved_search_new",
        subject=N_("Somebody new fits your search"),
        paragraphs=(
            N_("Since we last looked, these people fit what you asked:"),
            *people,
            *(others if more else ()),
            *((over,) if out_of_date else () if knows_patient else (unknowing,)),
        ),
        link=Link(N_("See the search, or stop these letters"), f"/saved/{token}"),
        closing=(N_("We write at most once a day, and only when there is somebody new."),),
        stop=f"/saved/{token}/one-click",
    )


def still_wanted(token: str, *, days: int) -> Letter:
    """After a year: who does not answer gets no more letters."""
    return Letter(
        purpose="saved_search_again",
        subject=N_("Do you still want these letters?"),
        paragraphs=(
            N_("A year ago you asked us to write to you when a new person fits a search."),
            say(
                N_(
                    "If you still want that, press the button and say yes. If we hear nothing for %(days)s days, we "
                    "forget the search and do not write again."
                ),
                days=days,
            ),
        ),
        link=Link(N_("Look at the search"), f"/saved/{token}"),
        stop=f"/saved/{token}/one-click",
    )
