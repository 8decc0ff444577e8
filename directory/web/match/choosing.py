"""Whom to ask: a summary of what was told, and up to three of the people who fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.consultations import queries, rules
from directory.consultations.queries import Availability
from directory.consultations.terms import Closed
from directory.guide import emergency, evidence
from directory.http.locale import day, gettext
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.search import service
from directory.search.chosen import Chosen
from directory.search.criteria import Page
from directory.web import addresses, compare, facts, filters, picks
from directory.web.forms.about_you import AboutYouForm, BornForm, pregnancy_answered
from directory.web.match.blueprint import Asking, Person, address, asking, availability, been, named, pages, people
from directory.web.presenters import cards, labels, talks, told

SHOWN: Final = 8
"""How many of the list are offered besides those on the shortlist."""

CLOSED: Final[labels.Words] = {
    Closed.NOT_HERE: _l("Takes no requests over this site; please call"),
    Closed.NOT_NOW: _l("Takes no requests now"),
    Closed.FULL: _l("Has as many requests open as they take at a time"),
    Closed.FULL_THIS_WEEK: _l("Has had as many requests this week as they take"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One person to tick, or to read why not."""

    slug: str
    name: str
    href: str
    where: str
    distance: str
    can: bool
    why_not: str
    ticked: bool
    fictional: bool
    answers_within: str = ""
    """How soon they usually answer, where enough is known to say so."""


@pages.get("")
def choose() -> ResponseReturnValue:
    """The summary and the people; the pregnancy question or the place first where one is open."""
    return page(asking())


@pages.post("/about-you")
def send_about_you() -> ResponseReturnValue:
    """Keep the answer about pregnancy and go on; 422 with what was typed where it cannot be kept."""
    who = asking()
    form = AboutYouForm(today=who.today)
    if not form.validate() or not form.pregnancy.data:
        if not form.errors:
            form.pregnancy.errors = [gettext("Please choose an answer. “Maybe” is one.")]
        return page(who, about=form), 422
    response = make_response(redirect(address("match.choose", who, named()), 303))
    facts.keep(response, form.facts(who.known))
    return response


def page(who: Asking, *, about: AboutYouForm | None = None, trouble: str = "") -> str:
    """The page on which people are chosen, headed by what went wrong where something did."""
    choices: Sequence[Choice] = ()
    stopped = who.known.stopped
    if who.criteria is not None and not stopped and not who.must_answer:
        choices = _choices(who)
    country = who.form.found.country if who.form.found else None
    here = address("match.choose", who, named())
    return render_template(
        "match/choose.html",
        form=who.form,
        criteria=who.criteria,
        told=who.known,
        state=told.pregnancy_state(who.known, today=who.today),
        told_chips=told.chips(who.known, today=who.today),
        to_tell=told.to_tell(who.known),
        born=BornForm(formdata=None) if who.known.asks_again(who.today) else None,
        about=about
        or AboutYouForm(formdata=None, data=pregnancy_answered(who.known, today=who.today), today=who.today),
        stopped=stopped,
        must_answer=who.must_answer,
        wishes=[text for text, _, _ in filters.chips(who.form, who.asks, None)] if who.criteria else [],
        choices=choices,
        able=any(each.can for each in choices),
        been=been(),
        kept=[(name, value) for name in addresses.KEPT for value in who.asks.getlist(name)],
        named=named(),
        most=rules.MOST_PEOPLE,
        here=here,
        trouble=trouble,
        address=lambda endpoint: address(endpoint, who),
        about_action=address("match.send_about_you", who, named()),
        evidence=evidence,
        emergency=emergency,
        help=emergency.help_in(country),
        pregnant=who.known.expecting,
    )


def _choices(who: Asking) -> list[Choice]:
    """Those whom the address names, those on the shortlist, and the first of the list; each once, and nobody who was
    asked before. Whoever does not fit stands among them only when they were picked, with the reason."""
    wanted, before = named(), been()
    picked = tuple(slug for slug in dict.fromkeys([*wanted, *picks.read()]) if slug not in before)
    own = people(picked, who)
    ticked = set(wanted) or {each.chosen.slug for each in own if each.open}
    offered = [*own, *first_of_the_list(who, {*picked, *before})]
    ids = [each.chosen.match.practitioner_id for each in offered if each.chosen.match]
    soon = queries.median_reply(session(), ids, now=site().clock())
    made: list[Choice] = []
    for each in offered:
        room = sum(one.ticked for one in made) < rules.MOST_PEOPLE
        median = soon.get(each.chosen.match.practitioner_id) if each.chosen.match else None
        choice = _choice(each, who, ticked=each.open and each.chosen.slug in ticked and room)
        made.append(choice if median is None else replace(choice, answers_within=talks.takes(median)))
    return made


def first_of_the_list(who: Asking, besides: set[str]) -> list[Person]:
    """The people at the head of this patient's list, without these."""
    if who.criteria is None:
        return []
    size = SHOWN + len(besides)
    found = service.find(session(), who.criteria, Page(size=size), now=site().clock(), holder=site().index)
    listed = [Chosen(match.slug, match, True) for match in found.matches if match.slug not in besides][:SHOWN]
    available = availability(listed)
    return [Person(each, available.get(each.match.practitioner_id if each.match else 0)) for each in listed]


def _choice(person: Person, who: Asking, *, ticked: bool) -> Choice:
    one = person.chosen
    match = one.match
    if match is None or who.criteria is None:
        gone = str(gettext("Not listed any more"))
        return Choice(one.slug, gone, "", "", "", can=False, why_not="", ticked=False, fictional=False)
    return Choice(
        slug=one.slug,
        name=match.name,
        href=url_for("practitioners.profile", slug=one.slug),
        where=cards.where(match),
        distance=cards.how_far(match, who.criteria),
        can=person.open,
        why_not="" if person.open else why_not(one, person.available, today=who.today),
        ticked=ticked,
        fictional=match.fictional,
    )


def why_not(one: Chosen, available: Availability | None, *, today: date) -> str:
    """Why somebody cannot be asked now, in plain words."""
    if one.bars:
        return str(gettext("Not in your list: %(why)s", why=labels.word(compare.BARS, one.bars[0])))
    if available is None or available.closed is None:
        return labels.word(CLOSED, Closed.NOT_HERE)
    if available.closed is Closed.NOT_NOW and available.until is not None and available.until > today:
        return str(gettext("Takes no requests until %(day)s", day=day(available.until)))
    return labels.word(CLOSED, available.closed)


def too_few_or_many() -> str:
    """What is wrong with the people that the address names; empty where nothing is."""
    wanted = named()
    if not wanted:
        return str(gettext("Please choose somebody."))
    if len(wanted) > rules.MOST_PEOPLE or len(request.args.getlist("who")) > len(wanted):
        return str(gettext("Please choose at most %(number)s people.", number=rules.MOST_PEOPLE))
    return ""
