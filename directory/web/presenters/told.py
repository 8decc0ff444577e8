"""What a visitor told us, in words: the state of a pregnancy, a chip for each fact, and what to raise with somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from directory.guide import cautions as guide
from directory.guide.words import Source
from directory.http.locale import gettext, ngettext
from directory.practitioners.terms import Protocol, Technique
from directory.screening import cautions as screening
from directory.screening.cautions import KINDS, Caution, Kind, Practice
from directory.screening.terms import OF_PREGNANCY, Concern, Condition, PregnancyStatus
from directory.web.facts import Facts

PREGNANCY: Final = "pregnancy"
AGE: Final = "age"


@dataclass(frozen=True, slots=True)
class Chip:
    """One fact in a few words; ``code`` says which one a button takes back."""

    code: str
    said: str


@dataclass(frozen=True, slots=True)
class ToRaise:
    """One thing to raise with a practitioner, in words."""

    name: str
    advice: str
    """What to do before a visit."""
    first: bool
    """Whether a clinician comes before the visit."""
    ask: str
    answers: tuple[str, ...]
    """What the practitioner has said that answers it."""
    sources: tuple[Source, ...]


def pregnancy_state(told: Facts, *, today: date) -> str:
    """What a list was made for, as the answer to "pregnant?"."""
    weeks = told.patient(today=today).weeks
    if told.pregnancy is PregnancyStatus.NO:
        return str(gettext("no"))
    if told.pregnancy is PregnancyStatus.MAYBE:
        return str(gettext("maybe, which counts as the first three months"))
    if told.pregnancy is PregnancyStatus.POSTPARTUM:
        return str(gettext("no, after a birth"))
    if told.asks_again(today):
        return str(gettext("yes, and the due date has passed"))
    if told.pregnancy is PregnancyStatus.YES and weeks is not None:
        return str(ngettext("yes, %(num)s week today", "yes, %(num)s weeks today", weeks.first))
    if told.pregnancy is PregnancyStatus.YES:
        return str(gettext("yes, week not given, so only people who take on every week are listed"))
    return str(gettext("not answered yet"))


def chips(told: Facts, *, today: date) -> tuple[Chip, ...]:
    """A chip for each fact, the pregnancy first; nothing for what was not told."""
    made = []
    if told.pregnancy is not PregnancyStatus.NOT_ANSWERED:
        made.append(Chip(PREGNANCY, str(gettext("Pregnant: %(state)s", state=pregnancy_state(told, today=today)))))
    if told.age is not None:
        made.append(Chip(AGE, str(ngettext("%(num)s year old", "%(num)s years old", told.age))))
    elif told.adult:
        made.append(Chip(AGE, str(gettext("18 or older"))))
    shown = told.to_raise - {Condition.PREGNANCY}
    made += [Chip(code.value, name(code)) for code in KINDS if code in shown]
    return tuple(made)


def name(code: Condition | Concern) -> str:
    """What a patient ticked, in a few words."""
    return str(gettext(guide.CAUTIONS[code].name))


def without(told: Facts, code: str) -> Facts:
    """The facts with one of them taken back; the same where there is none of this code."""
    if code == PREGNANCY:
        return replace(
            told,
            pregnancy=PregnancyStatus.NOT_ANSWERED,
            due=None,
            still_on=None,
            concerns=told.concerns - frozenset(OF_PREGNANCY),
        )
    if code == AGE:
        return replace(told, age=None, adult=False)
    return replace(
        told,
        conditions=frozenset(each for each in told.conditions if each.value != code),
        concerns=frozenset(each for each in told.concerns if each.value != code),
    )


def to_raise(
    told: Facts, *, protocols: Iterable[Protocol | str], techniques: Iterable[Technique]
) -> tuple[ToRaise, ...]:
    """What this visitor should raise with a practitioner who declares these protocols and ways of working."""
    ways = frozenset(techniques)
    practice = Practice(
        protocols=frozenset(str(each) for each in protocols),
        electro=not ways or Technique.ELECTRO in ways,
        without_needles=any(not each.inserts_needles for each in ways),
    )
    return tuple(_in_words(each) for each in screening.cautions(told.to_raise, practice))


def to_tell(told: Facts) -> tuple[ToRaise, ...]:
    """What must stand in a request and its confirmation, whoever it goes to."""
    return tuple(_in_words(each) for each in screening.for_request(told.to_raise))


def _in_words(caution: Caution) -> ToRaise:
    words = guide.CAUTIONS[caution.about]
    return ToRaise(
        name=str(gettext(words.name)),
        advice=str(gettext(words.advice.text)),
        first=caution.kind is Kind.ADVISE,
        ask=str(gettext(words.ask)),
        answers=tuple(str(gettext(guide.ANSWERS[answer])) for answer in caution.answers),
        sources=words.advice.sources,
    )
