"""One person found by name, in words: who, where, and the line of what was checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from directory.guide import evidence
from directory.jurisdictions.names import name_of
from directory.search.by_name import Named, Town
from directory.web import labels, papers


@dataclass(frozen=True, slots=True)
class Line:
    """Everything the template shows of one person."""

    href: str
    name: str
    title: str
    where: str
    checked: str
    notes: tuple[str, ...]
    fictional: bool
    on_probation: bool


def lines(people: Iterable[Named]) -> list[Line]:
    """The words for several people."""
    return [_line(each) for each in people]


def _line(person: Named) -> Line:
    notes = []
    if person.permit.on_probation:
        notes.append(evidence.PROBATION.text)
    if person.permit.no_licence_exists:
        notes.append(evidence.NO_LICENCE.text)
    return Line(
        href=url_for("practitioners.profile", slug=person.slug),
        name=person.name,
        title=person.title or labels.word(labels.PROFESSIONS, person.profession),
        where="; ".join(town(each) for each in person.towns),
        checked="; ".join(papers.basis(person.permit)),
        notes=tuple(str(gettext(text)) for text in notes),
        fictional=person.fictional,
        on_probation=person.permit.on_probation,
    )


def town(place: Town) -> str:
    """The town with its state or country: "Portland, Oregon"."""
    region = name_of(place.jurisdiction)
    return place.locality if place.locality == region else f"{place.locality}, {region}"
