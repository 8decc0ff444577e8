"""What a text means as a place, whose rules hold where, and how true the directory is."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from flask import url_for
from werkzeug.datastructures import MultiDict

from directory.api.v1 import words
from directory.api.v1.models.accuracy import AccuracyAnswer, Figures, FiguresOf, Patients
from directory.api.v1.models.parts import Fact, Links, Point
from directory.api.v1.models.places import (
    Jurisdiction,
    JurisdictionAnswer,
    JurisdictionsAnswer,
    Place,
    PlacesAnswer,
    Suggestion,
)
from directory.api.v1.table import Prepared
from directory.errors import InvalidInput, NotFound
from directory.geo.places import AmbiguousPlace, UnknownPlace
from directory.geo.places import Place as Found
from directory.http import conditional
from directory.http.locale import gettext
from directory.http.site import session
from directory.jurisdictions import queries
from directory.jurisdictions import words as jurisdiction_words
from directory.jurisdictions.rules import Jurisdiction as Rules
from directory.web import places as finding
from directory.web.about import LOCAL_RULE_NAMES, REGIME_NAMES
from directory.web.accuracy import figures
from directory.web.forms.texts import cleaned


def places(*, asked: MultiDict[str, str]) -> Prepared:
    """What a text means; the gazetteer never guesses between places that people could equally mean."""
    return Prepared(make=lambda: _places(cleaned(asked["text"])))


def _places(text: str) -> PlacesAnswer:
    links = Links(self=words.address(url_for("api.places", text=text)))
    try:
        found = finding.find(text)
    except AmbiguousPlace as error:
        suggestions, said = error.choices, str(gettext(str(error)))
    except UnknownPlace as error:
        suggestions, said = error.near, str(gettext(str(error)))
    except InvalidInput as error:
        raise InvalidInput(str(gettext(str(error))), field="text") from error
    else:
        return PlacesAnswer(found=place(found), said="", suggestions=(), links=links)
    offered = tuple(Suggestion(label=each.label, query=each.query) for each in suggestions)
    return PlacesAnswer(found=None, said=said, suggestions=offered, links=links)


def place(found: Found) -> Place:
    """A place as answers tell it."""
    return Place(
        label=found.label,
        country=found.country,
        jurisdiction=found.jurisdiction,
        timezone=found.timezone,
        point=Point(latitude=found.latitude, longitude=found.longitude, precision=found.precision),
    )


def jurisdictions(*, asked: MultiDict[str, str]) -> Prepared:
    """Everywhere whose rules we know."""
    return Prepared(tag=conditional.of_shown(), make=_jurisdictions)


def _jurisdictions() -> JurisdictionsAnswer:
    rules = queries.all_rules(session())
    return JurisdictionsAnswer(
        jurisdictions=tuple(_jurisdiction(each, rules) for each in rules.values()),
        links=Links(self=words.address(url_for("api.jurisdictions")), page=words.address(url_for("about.index"))),
    )


def jurisdiction(*, asked: MultiDict[str, str], code: str) -> Prepared:
    """One of them."""
    return Prepared(tag=conditional.of_shown(), make=lambda: _one_jurisdiction(code))


def _one_jurisdiction(code: str) -> JurisdictionAnswer:
    rules = queries.all_rules(session())
    if code not in rules:
        raise NotFound(gettext("We know no rules of a place with this code."))
    here = words.address(url_for("api.jurisdiction", code=code))
    return JurisdictionAnswer(
        jurisdiction=_jurisdiction(rules[code], rules),
        links=Links(self=here, page=words.address(url_for("about.index"))),
    )


def _jurisdiction(rule: Rules, rules: dict[str, Rules]) -> Jurisdiction:
    told = jurisdiction_words.told(rule, rules)
    local = rule.local_rule
    return Jurisdiction(
        code=rule.code,
        name=told.name,
        country=rule.country,
        regime=words.word(REGIME_NAMES, rule.regime),
        listing=rule.open,
        titles=told.titles,
        kept_by=told.body,
        lookup=told.lookup,
        renewal=told.renewal,
        accepted_bodies=tuple(str(each) for each in rule.accepted_bodies),
        local_papers=None if local is None else words.word(LOCAL_RULE_NAMES, local),
        source=told.source,
    )


def accuracy(*, asked: MultiDict[str, str]) -> Prepared:
    """The newest measurement."""
    return Prepared(make=_accuracy)


def _accuracy() -> AccuracyAnswer:
    told = cast("dict[str, Any]", figures())
    measured, everywhere = told["measured_on"], told["everywhere"]
    return AccuracyAnswer(
        measured_on=None if measured is None else date.fromisoformat(measured),
        fewest_told=told["fewest_told"],
        definitions=tuple(Fact(name=name, said=said) for name, said in told["definitions"].items()),
        patients=Patients(**told["patients"]),
        everywhere=None if everywhere is None else Figures(**everywhere),
        jurisdictions=tuple(FiguresOf(**each) for each in told["jurisdictions"]),
        links=Links(self=words.address(url_for("api.accuracy")), page=words.address(url_for("accuracy.index"))),
    )
