"""A sheet to print and hand over: a few people of a list with how to reach them, why they stand there, what to ask."""

from __future__ import annotations

from typing import Any, Final

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from directory.guide import cautions as guide
from directory.guide import emergency, evidence
from directory.web import addresses, facts, lists
from directory.web.about_you.blueprint import go, list_address, pages
from directory.web.presenters import cards, told

MOST: Final = 4
"""More people than this are no help to somebody who has to choose."""
_LONGEST = 200


@pages.get("/sheet")
def sheet() -> ResponseReturnValue:
    """The people of this page of the list to choose from, or the sheet for those chosen; the list where there is none.

    Nothing is stored: the sheet is made of the address and of what the visitor's browser keeps, and the gates are
    judged anew whenever it is opened.
    """
    known = facts.read()
    asked = lists.asked(known)
    understood, found = asked.understood, asked.found
    if understood is None or found is None or found.interstitial:
        return go(list_address())
    wanted = list(dict.fromkeys(slug[:_LONGEST] for slug in request.args.getlist("person") if slug))
    made = cards.cards(found.matches, understood.criteria, told=known, today=understood.today)
    chosen = [card for card in made if card.match.slug in wanted][:MOST]
    page = render_template(
        "about_you/sheet.html",
        told=known,
        criteria=understood.criteria,
        state=told.pregnancy_state(known, today=understood.today),
        chips=told.chips(known, today=understood.today),
        to_raise=told.to_tell(known),
        cards=made,
        chosen=chosen,
        missing=len(wanted) - len(chosen),
        too_many=len(wanted) > MOST,
        today=understood.today,
        kept=_kept(asked.asks, lists.this_page(asked)),
        questions=guide.QUESTIONS,
        guide=guide,
        evidence=evidence,
        help=emergency.help_in(understood.criteria.point.country),
        list_address=addresses.of(asked.asks, page=lists.this_page(asked)),
        about_address=addresses.of(asked.asks, endpoint="about_you.overview"),
        most=MOST,
    )
    return make_response(page)


def _kept(asks: Any, page: Any) -> list[tuple[str, str]]:
    """The parameters of the list, for a form that asks by GET."""
    kept = [(name, value) for name in addresses.KEPT for value in asks.getlist(name)]
    return [*kept, ("day", page[0].isoformat()), ("after", addresses.written(page[1]))] if page else kept
