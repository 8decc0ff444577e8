"""The words and the photo. What nobody may advertise is marked as it is typed and refused when it is handed in."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from directory.credentials.edits import queries as edit_queries
from directory.credentials.edits import service as edits
from directory.credentials.registration import queries
from directory.credentials.registration.terms import StepKey
from directory.guide import claims
from directory.http import who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.web.forms.registration.words import WordsForm
from directory.web.registration import flow
from directory.web.registration.blueprint import step


@step("/words", "words")
def own_words() -> ResponseReturnValue:
    """A short text, a long one, and the way to the photo."""
    person = who.practitioner()
    where = queries.jurisdictions_of(session(), person.id)
    return flow.answer(
        flow.Screen(
            step=StepKey.WORDS,
            form=WordsForm,
            stored=_stored(person),
            save=lambda form: _save(person, where, form),
            person=person,
            context={"jurisdictions": sorted(where)},
        )
    )


def _stored(person: Practitioner) -> dict[str, Any]:
    wish = edit_queries.waiting(session(), person.id).get(edits.PERSON)
    wanted = wish.after if wish else {}
    return {name: wanted.get(name, getattr(person, name)) for name in ("words", "biography")}


def _save(person: Practitioner, where: frozenset[str], form: WordsForm) -> None:
    refused = False
    for field in (form.words, form.biography):
        for hit in claims.check(field.data, where):
            field.errors = [*field.errors, _said(hit)]
            refused = True
    if refused:
        raise flow.Refused
    edits.save_person(
        session(), person.id, {"words": form.words.data, "biography": form.biography.data}, now=site().clock()
    )


def _said(hit: claims.Hit) -> str:
    rule = f" {gettext(hit.rule.text)}" if hit.rule else ""
    return f"“{hit.words}”: {gettext(hit.reason)}{rule}"
