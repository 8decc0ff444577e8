"""Who is here already and may be the same person: shown before somebody makes a second profile of themselves."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.credentials.registration import queries, rules, service
from directory.credentials.registration.terms import StepKey
from directory.errors import NotFound
from directory.geo.names import fold
from directory.http import headers, who
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.search.by_name import Named, find_by_name
from directory.web.presenters import named
from directory.web.presenters.named import Line
from directory.web.registration import steps
from directory.web.registration.blueprint import pages


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who is listed and may be the same person."""

    slug: str
    line: Line
    why: str
    """``npi``, ``licence`` or ``name``."""


@pages.get("/who/same")
def alike() -> ResponseReturnValue:
    """Those who may be the same; straight on where there is nobody."""
    headers.personal()
    person = who.practitioner()
    found = _alike(person)
    claimed = queries.registration(session(), person.id)
    disputed = claimed.npi_claimed if claimed else None
    onward = steps.address(rules.following(StepKey.WHO))
    if not found and not disputed:
        return redirect(onward, 303)
    return render_template(
        "registration/alike.html",
        frame=steps.frame(StepKey.WHO, person),
        people=found,
        disputed=disputed,
        onward=onward,
    )


@pages.post("/who/same/claim")
def claim() -> ResponseReturnValue:
    """ "That profile is mine": a case for the verification desk, which proves it some other way than by e-mail."""
    person = who.practitioner()
    slug = request.form.get("slug", "")
    if slug not in {each.slug for each in _alike(person)}:
        raise NotFound("There is no such profile.")
    service.claim_profile(session(), person.id, people.by_slug(session(), slug).id, now=site().clock())
    return redirect(url_for("registration.claimed"), 303)


@pages.get("/who/same/claimed")
def claimed() -> ResponseReturnValue:
    """What happens after such a claim."""
    headers.personal()
    return render_template("registration/claimed.html", frame=steps.frame(StepKey.WHO, who.practitioner()))


def _alike(person: Practitioner) -> list[Alike]:
    """People who are listed today and share the number, a licence, or the name and the place."""
    if person.published_at is not None:
        return []
    here = queries.jurisdictions_of(session(), person.id)
    same_numbers = queries.holders_of_same_numbers(session(), person.id)
    results = find_by_name(session(), person.display_name, now=site().clock(), holder=site().names)
    found = [
        Alike(each.slug, named.lines([each])[0], "name")
        for each in results.named[: results.of_the_name]
        if fold(each.name) == fold(person.display_name) and (not here or _works_in(each, here))
    ]
    for slug, why in same_numbers.items():
        if slug not in {each.slug for each in found}:
            found += [Alike(slug, line, why) for line in _line(slug)]
    return found


def _works_in(each: Named, jurisdictions: frozenset[str]) -> bool:
    return any(town.jurisdiction in jurisdictions for town in each.towns)


def _line(slug: str) -> list[Line]:
    """How a list shows this person, if they may be shown today; whoever may not stays unnamed."""
    person = people.by_slug(session(), slug)
    results = find_by_name(session(), person.display_name, now=site().clock(), holder=site().names)
    return named.lines(each for each in (*results.named, *results.close) if each.slug == slug)
