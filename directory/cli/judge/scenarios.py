"""A file of judged scenarios, understood: who must be listed how, for whom, where and when.

Everything is read before anything is run. A value of the wrong type, an unreadable date or a missing key is a malformed
file (``Malformed`` names scenario and path). A word nobody knows is not: words about people simply permit nothing, and
words a patient asks with become a ``problem`` that fails their scenario by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from directory.cli.judge.candidates import Candidate, candidate
from directory.cli.judge.nodes import Malformed, Node
from directory.credentials.terms import Mode
from directory.practitioners.terms import Availability, Gender, Technique
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import Condition, PregnancyStatus
from directory.search.criteria import DEFAULT_RADIUS_KM, Criteria, Point, Wishes

_Member = TypeVar("_Member", bound=StrEnum)
_HALF_A_DAY = timedelta(hours=12)


class _VisitMode(StrEnum):
    """How the patient wants to meet; a home visit is a way to meet in person and no mode of its own."""

    IN_PERSON = "in_person"
    REMOTE = "telehealth_consult"


CURRENCIES = {
    "US": "USD", "GB": "GBP", "CA": "CAD", "AU": "AUD", "NZ": "NZD",
    **dict.fromkeys(("IE", "AT", "BE", "DE", "ES", "FI", "FR", "GR", "IT", "NL", "PT"), "EUR"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """``higher`` must stand above ``lower``."""

    higher: str
    lower: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the scenario asserts beyond absence and order; ``None`` asserts nothing."""

    main_list_empty: bool | None = None
    interstitial: bool | None = None
    ties: tuple[tuple[str, ...], ...] = ()
    """Groups of candidates whose scores are equal; an empty group means everybody listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One search with what must come of it."""

    id: str
    title: str
    as_of: datetime
    criteria: Criteria
    candidates: tuple[Candidate, ...]
    must_exclude: tuple[str, ...]
    must_order: tuple[Order, ...]
    expected: Expected
    problems: tuple[str, ...] = ()
    """Why the scenario cannot be judged at all: words that nobody knows."""


def read(path: Path) -> list[Scenario]:
    """Every scenario of a file; ``Malformed`` says what is wrong with it and where."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeError, ValueError, RecursionError) as error:
        raise Malformed(f"{path.name} cannot be read as JSON: {error}") from error
    root = Node(raw, "the file")
    default = root.get("as_of_default").instant() if "as_of_default" in root else None
    return [_scenario(_named(each, number), default) for number, each in enumerate(root.get("scenarios").each(), 1)]


def _named(node: Node, number: int) -> Node:
    """The scenario under its own id instead of its place in the list."""
    given = node.value.get("id") if isinstance(node.value, dict) else None
    return Node(node.value, given if isinstance(given, str) and given.strip() else f"scenario number {number}")


def _scenario(node: Node, default_as_of: datetime | None) -> Scenario:
    problems: list[str] = []
    as_of = node.get("as_of", None)
    if as_of.value is None and default_as_of is None:
        raise node.wrong("has no “as_of”, and the file has no default")
    candidates = tuple(candidate(each) for each in node.get("candidates").each())
    ids = [each.id for each in candidates]
    if len(set(ids)) < len(ids):
        raise node.get("candidates").wrong("two candidates have the same id")
    return Scenario(
        id=node.get("id").text(),
        title=node.get("title", None).text_or_none() or "",
        as_of=default_as_of if as_of.value is None and default_as_of else as_of.instant(),
        criteria=_criteria(node.get("patient"), problems),
        candidates=candidates,
        must_exclude=tuple(_known(each, ids) for each in node.get("must_exclude", None).each()),
        must_order=tuple(_order(each, ids) for each in node.get("must_order", None).each()),
        expected=_expected(node.get("expect", None), ids),
        problems=tuple(problems),
    )


def _known(node: Node, ids: Iterable[str]) -> str:
    if node.text() not in ids:
        raise node.wrong(f"“{node.value}” is not a candidate of this scenario")
    return node.text()


def _order(node: Node, ids: Iterable[str]) -> Order:
    parts = list(node.each())
    if len(parts) < 2:
        raise node.wrong("must be [higher, lower, why]")
    why = parts[2].text_or_none() if len(parts) > 2 else None
    return Order(_known(parts[0], ids), _known(parts[1], ids), why or "")


# --- what is expected ------------------------------------------------------------------------------------------------


def _expected(node: Node, ids: list[str]) -> Expected:
    if node.value is None:
        return Expected()
    interstitial = node.get("interstitial", None).value if "interstitial" in node else None
    return Expected(
        main_list_empty=node.get("main_list_empty", None).yes_or_none(),
        # It is a yes, or the words that would be shown.
        interstitial=bool(interstitial) if "interstitial" in node and interstitial is not None else None,
        ties=_ties(node.get("tie", None), ids),
    )


def _ties(node: Node, ids: list[str]) -> tuple[tuple[str, ...], ...]:
    """True for everybody listed, a list of ids, a list of groups, or a sentence that names them."""
    value = node.value
    if value is None or value is False or value == []:
        return ()
    if value is True:
        return ((),)
    if isinstance(value, str):
        named = tuple(dict.fromkeys(word for word in re.findall(r"[\w-]+", value) if word in ids))
        return (named if len(named) > 1 else (),)
    if isinstance(value, dict):
        groups = [_ties(each, ids) for _, each in node.items()]
        return tuple(group for found in groups for group in found if len(group) > 1) or ((),)
    if all(isinstance(each, str) for each in value):
        named = tuple(each for each in value if each in ids)
        if len(named) < 2:
            raise node.wrong("names no two candidates of this scenario")
        return (named,)
    return tuple(group for each in node.each() for group in _ties(each, ids))


# --- what the patient asks -------------------------------------------------------------------------------------------


def _criteria(node: Node, problems: list[str]) -> Criteria:
    place = node.get("place")
    mode = _word(node.get("visit_mode", None), _VisitMode, problems) or _VisitMode.IN_PERSON
    country = place.get("country").text()
    return Criteria(
        point=Point(
            latitude=place.get("lat").number(least=-90, most=90),
            longitude=place.get("lon").number(least=-180, most=180),
            country=country,
            jurisdiction=place.get("jurisdiction", None).text_or_none(),
            timezone=place.get("tz").zone(),
            label=place.get("label", None).text_or_none() or "",
        ),
        radius_km=node.get("search_radius_km", None).number_or(DEFAULT_RADIUS_KM, least=0.001, most=21_000),
        mode=Mode(mode.value),
        patient=_patient(node, problems),
        musts=_wishes(node.get("hard_filters", None), country, problems),
        wishes=_wishes(node.get("preferences", None), country, problems),
        waitlist_ok=bool(node.get("waitlist_ok", None).yes_or_none()),
    )


def _patient(node: Node, problems: list[str]) -> Patient:
    pregnancy = _word(node.get("pregnancy_status", None), PregnancyStatus, problems) or PregnancyStatus.NOT_ANSWERED
    week = node.get("gestation_weeks", None).whole_or_none(most=60)
    node.get("postpartum_weeks", None).whole_or_none(most=10_000)
    flags = node.get("screening_flags", None)
    found = (_word(each, Condition, problems) for each in flags.each())
    return Patient(
        pregnancy=pregnancy,
        weeks=Weeks(week, week) if week is not None and pregnancy is PregnancyStatus.YES else None,
        age=node.get("age", None).whole_or_none(most=150),
        conditions=frozenset(each for each in found if each is not None),
        red_flags=frozenset(node.get("red_flags", None).texts()),
    )


def _word(node: Node, enum: type[_Member], problems: list[str]) -> _Member | None:
    """One of the words of a closed list; null is none, and an unknown word is a problem of the scenario."""
    word = node.text_or_none()
    if word is None:
        return None
    try:
        return enum(word)
    except ValueError:
        problems.append(f"unknown value “{word}” in {_key(node)}")
        return None


def _key(node: Node) -> str:
    return node.path.partition(".")[2] or node.path


def _wishes(node: Node, country: str, problems: list[str]) -> Wishes:
    wishes = Wishes()
    if node.value is None:
        return wishes
    for key, each in node.items():
        read_into = _FILTERS.get(key)
        if read_into is None:
            problems.append(f"unknown filter “{key}” in {_key(node)}")
        elif each.value is not None:
            wishes = replace(wishes, **read_into(each, country, problems))
    return wishes


def _words(node: Node, enum: type[_Member], problems: list[str]) -> frozenset[_Member]:
    return frozenset(found for each in node.each() if (found := _word(each, enum, problems)) is not None)


def _max_price(node: Node, country: str) -> dict[str, Any]:
    currency = CURRENCIES.get(country)
    amount = node
    if isinstance(node.value, dict):
        amount, currency = node.get("amount"), node.get("currency", None).text_or_none() or currency
    # A price of nothing at all is still a cap, but an empty wish asks for nothing.
    cap = Decimal(str(amount.number(least=0, most=9_999_999)))
    return {"max_price": cap or Decimal("0.001"), "currency": currency}


_Filter = Callable[[Node, str, list[str]], dict[str, Any]]
_FILTERS: dict[str, _Filter] = {
    "languages_any": lambda node, _country, _problems: {"languages": frozenset(node.texts())},
    "technique_any": lambda node, _country, problems: {"techniques": _words(node, Technique, problems)},
    "gender": lambda node, _country, problems: {"gender": _word(node, Gender, problems)},
    "availability_any": lambda node, _country, problems: {"availability": _words(node, Availability, problems)},
    "payers_any": lambda node, _country, _problems: {"payers": frozenset(node.texts())},
    "max_price": lambda node, country, _problems: _max_price(node, country),
    "wheelchair_or_home_visit": lambda node, _country, _problems: {"step_free_or_home_visit": node.yes()},
}


def asked_languages(scenario: Scenario) -> Iterator[str]:
    """Every language the patient or a candidate names."""
    yield from scenario.criteria.musts.languages | scenario.criteria.wishes.languages
    for each in scenario.candidates:
        yield from each.languages


def earliest_today(as_of: datetime) -> datetime:
    """A moment whose date is no later than today's anywhere on earth: what was done "at ``as_of``" is dated so."""
    return as_of.astimezone(UTC) - _HALF_A_DAY
