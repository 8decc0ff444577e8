"""People found by name, in words: who, where, and the line of what was checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from directory.guide import evidence
from directory.http.locale import gettext, ngettext
from directory.jurisdictions.names import name_of
from directory.search.by_name import Named, NameResults, Town
from directory.web.presenters import known, labels
from directory.web.presenters.known import Known


@dataclass(frozen=True, slots=True)
class Line:
    """Everything the template shows of one person."""

    href: str
    name: str
    title: str
    where: str
    known: tuple[Known, ...]
    """The papers that were checked."""
    notes: tuple[str, ...]
    fictional: bool
    on_probation: bool


def lines(people: Iterable[Named]) -> list[Line]:
    """The words for several people."""
    return [_line(each) for each in people]


def heading(found: NameResults) -> str:
    """What the list of those who bear the name is called: how many they are, and whether all of them bear it whole."""
    shown = len(found.named)
    if found.named_total is None or found.named_total > shown:
        if found.of_the_name == shown:
            return str(gettext("The first %(count)s people of this name", count=shown))
        return str(gettext("The first %(count)s people whose name is this or begins so", count=shown))
    if found.of_the_name == shown:
        return str(ngettext("%(num)s person of this name", "%(num)s people of this name", shown))
    if found.of_the_name == 0:
        return str(ngettext("%(num)s person whose name begins so", "%(num)s people whose name begins so", shown))
    return str(
        ngettext(
            "%(num)s person whose name is this or begins so", "%(num)s people whose name is this or begins so", shown
        )
    )


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
        known=tuple(known.basis(person.permit)),
        notes=tuple(str(gettext(text)) for text in notes),
        fictional=person.fictional,
        on_probation=person.permit.on_probation,
    )


def town(place: Town) -> str:
    """The town with its state or country: "Portland, Oregon"."""
    region = name_of(place.jurisdiction)
    return place.locality if place.locality == region else f"{place.locality}, {region}"
