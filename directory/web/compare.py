"""The people of a shortlist side by side: the same rows for each, what to ask, and room for the answers on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory.guide import cautions, emergency, evidence
from directory.guide.words import Source
from directory.http.locale import distance, gettext, money
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.screening.rules import Patient, matching_stops
from directory.search.chosen import Bar, Chosen, chosen
from directory.search.criteria import Criteria
from directory.search.results import Match
from directory.web import addresses, facts, lists, picks, places
from directory.web.facts import Facts
from directory.web.forms.about_you import BornForm
from directory.web.forms.search import SearchForm
from directory.web.presenters import cards, known, labels, told
from directory.web.presenters.known import Known

pages = Blueprint("compare", __name__, url_prefix="/compare")

BARS: Final[labels.Words] = {
    Bar.TOO_FAR: _l("further away than you asked"),
    Bar.NOT_THERE: _l("does not meet people in the way you asked for"),
    Bar.PREGNANCY: _l("not everything we ask for in pregnancy is in place for these weeks"),
    Bar.AGE: _l("does not take on people of your age"),
    Bar.LIST_CLOSED: _l("takes nobody new at present, or is away"),
    Bar.NOT_FOR_YOU: _l("says they do not take on something that you told us about"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is said of everybody."""

    heading: str
    items: tuple[Known | str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One person; ``match`` is ``None`` for whoever is not listed any more."""

    slug: str
    href: str
    match: Match | None = None
    title: str = ""
    fits: bool = False
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks, and what that means; ``criteria`` is ``None`` where it names no place that is known."""

    asks: MultiDict[str, str]
    form: SearchForm
    criteria: Criteria | None
    told: Facts
    patient: Patient
    today: date


@pages.get("")
def side_by_side() -> ResponseReturnValue:
    """Everybody on the shortlist; 422 with the form where the address asks for something that means nothing."""
    asked = understood(facts.read())
    return page("", asked), 422 if asked.form.errors else 200


def page(trouble: str, asked: Asked | None = None) -> str:
    """The comparison, headed by what went wrong where something did."""
    known_facts, picked = facts.read(), picks.read()
    asked = asked or understood(known_facts)
    stopped = matching_stops(asked.patient.red_flags)
    rules = jurisdictions.all_rules(session())
    people: Sequence[Chosen] = ()
    if not stopped:
        people = chosen(session(), picked, asked.patient, asked.criteria, rules, now=site().clock())
    here = asked.form.found.country if asked.form.found else None
    return render_template(
        "compare/side_by_side.html",
        trouble=trouble,
        stopped=stopped,
        form=asked.form,
        criteria=asked.criteria,
        told=known_facts,
        told_chips=told.chips(known_facts, today=asked.today),
        born=BornForm(formdata=None) if known_facts.asks_again(asked.today) else None,
        state=told.pregnancy_state(known_facts, today=asked.today),
        columns=[column(each, asked) for each in people],
        questions=_questions(known_facts),
        raised_from=_sources(known_facts),
        address=partial(addresses.of, asked.asks),
        day=asked.today,
        evidence=evidence,
        emergency=emergency,
        help=emergency.help_in(here),
        pregnant=asked.patient.gestation is not None,
    )


def understood(known_facts: Facts) -> Asked:
    """What this request asks; nothing is asked of the database where no place is named."""
    asks = addresses.asked(request.args)
    now: datetime = site().clock()
    form = SearchForm(asks, resolve=places.find, known=lists.known)
    named = bool(asks.get("place"))
    valid = named and form.validate()
    today = now.astimezone(ZoneInfo(form.found.timezone)).date() if form.found else now.date()
    patient = known_facts.patient(today=today)
    criteria = form.criteria(patient) if valid and form.found else None
    return Asked(asks, form, criteria, known_facts, patient, today)


def column(one: Chosen, asked: Asked) -> Column:
    """The words for one person."""
    href = url_for("practitioners.profile", slug=one.slug)
    match = one.match
    if match is None:
        return Column(one.slug, href)
    return Column(
        slug=one.slug,
        href=href,
        match=match,
        title=match.title or labels.word(labels.PROFESSIONS, match.profession),
        fits=one.fits,
        rows=tuple(_rows(one, match, asked)),
        notes=(*cards.until(match, asked.told, asked.today), *cards.notes(match, asked.today)),
    )


ROWS: Final = 11
"""How many rows each column has; the stylesheet lays them out by this number."""


def _rows(one: Chosen, match: Match, asked: Asked) -> Iterator[Row]:
    yield Row(str(gettext("What you asked for")), tuple(_fits(one)))
    yield Row(str(gettext("Where")), tuple(_where(one, match, asked.criteria)))
    yield Row(str(gettext("Papers")), tuple(known.basis(match.permit)))
    yield Row(str(gettext("Restless legs syndrome (RLS)")), (known.rls(match.rls),))
    yield Row(str(gettext("Work in pregnancy")), (_pregnancy(match),))
    yield Row(str(gettext("What to raise with them")), tuple(_raise(match, one, asked.told)))
    takes = known.accepting(
        match.accepting, match.accepting_confirmed_on, today=asked.today, away_until=match.away_until
    )
    yield Row(str(gettext("New patients")), (takes,))
    yield Row(str(gettext("Prices")), tuple(_prices(match)))
    yield Row(str(gettext("Languages")), tuple(_languages(match)))
    yield Row(str(gettext("Getting in")), tuple(_access(match)))
    yield Row(str(gettext("Times and insurance")), tuple(_times(match)))


def _fits(one: Chosen) -> Iterator[Known | str]:
    if one.fits:
        yield Known("stated", str(gettext("In your list")))
    for bar in one.bars:
        yield Known("ask", str(gettext("Not in your list: %(why)s", why=labels.word(BARS, bar))))


def _where(one: Chosen, match: Match, criteria: Criteria | None) -> Iterator[str]:
    yield cards.where(match)
    if one.placed and criteria is not None:
        far = cards.how_far(match, criteria)
        if far:
            yield str(gettext("%(distance)s in a straight line", distance=far))
    yield labels.word(labels.MODES, match.mode)


def _pregnancy(match: Match) -> Known:
    if match.pregnancy is None:
        return Known("missing", str(gettext("No declaration that we could confirm")))
    return known.pregnancy(match.pregnancy)


def _raise(match: Match, one: Chosen, known_facts: Facts) -> Iterator[Known | str]:
    items = told.to_raise(known_facts, protocols=one.protocols, techniques=match.techniques)
    for item in items:
        yield Known("ask", f"{item.name}.", " ".join([item.advice, *item.answers]))
    if not items:
        yield str(gettext("You told us nothing to raise. The questions below are for everybody."))


def _sources(known_facts: Facts) -> list[Source]:
    """What the advice on everything that was told rests on, each once."""
    return list(dict.fromkeys(source for item in told.to_tell(known_facts) for source in item.sources))


def _questions(known_facts: Facts) -> list[str]:
    """What to ask, in words: first about what was told."""
    own = [item.ask for item in told.to_tell(known_facts)]
    return [*own, *(str(gettext(question)) for question in (*cautions.QUESTIONS, *cautions.FURTHER_QUESTIONS))]


def _prices(match: Match) -> Iterator[str]:
    if match.price_currency is None:
        yield str(gettext("Not stated"))
        return
    if match.price_first_talk is not None:
        yield str(gettext("First talk %(price)s", price=money(match.price_first_talk, match.price_currency)))
    if match.price_first_visit is not None:
        yield str(gettext("First visit %(price)s", price=money(match.price_first_visit, match.price_currency)))
    if match.price_follow_up is not None:
        yield str(gettext("Later visits %(price)s", price=money(match.price_follow_up, match.price_currency)))


def _languages(match: Match) -> Iterator[str]:
    for each in match.languages:
        level = labels.word(labels.LEVELS, each.level)
        yield str(gettext("%(language)s, %(level)s", language=each.name, level=level))
    if not match.languages:
        yield str(gettext("Not stated"))


def _access(match: Match) -> Iterator[str]:
    if match.step_free is None:
        yield str(gettext("Steps: not stated"))
    elif match.step_free:
        yield str(gettext("Step-free from street to table, they say"))
    else:
        yield str(gettext("Not step-free, they say"))
    if match.home_visit_radius_km > 0:
        yield str(
            gettext(
                "Says they come to homes up to %(far)s away", far=distance(match.home_visit_radius_km, match.country)
            )
        )
    if match.remote_consultation:
        yield str(gettext("Offers a first talk from a distance"))


def _times(match: Match) -> Iterator[str]:
    times = [labels.word(labels.AVAILABILITY, each) for each in sorted(match.availability)]
    yield ", ".join(times) if times else str(gettext("Times: not stated"))
    if match.payers:
        yield str(gettext("Insurance they say they work with: %(names)s", names=", ".join(match.payers)))
