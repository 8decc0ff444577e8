"""Two profiles side by side: one person, or two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.cases.models import Case
from directory.cases.terms import State
from directory.desk.duplicates import queries, service
from directory.desk.duplicates.queries import Question
from directory.desk.duplicates.service import CHOOSABLE
from directory.desk.duplicates.terms import Sign
from directory.errors import Conflict, InvalidInput, NotFound
from directory.http import headers, who
from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.privacy import queries as privacy
from directory.web.desk.blueprint import pages
from directory.web.desk.sides import side
from directory.web.forms.desk.duplicates import NAMES, MergeForm, NotTheSameForm
from directory.web.presenters import labels

_NOTHING: Final = "–"

SIGNS: Final[Mapping[Sign, Any]] = {
    Sign.NPI: _l("the same NPI"),
    Sign.LICENCE_NUMBER: _l("the same number in one register"),
    Sign.NAME: _l("the same name"),
    Sign.NAME_PARTS: _l("one name is the other with words besides"),
    Sign.TOWN: _l("a town in common"),
    Sign.TELEPHONE: _l("a telephone number in common"),
    Sign.WEBSITE: _l("the same website"),
    Sign.EMAIL: _l("the same email address"),
    Sign.OTHER_NPI: _l("against it: each has an NPI of their own"),
    Sign.OTHER_NUMBER: _l("against it: each has another number in one register"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of both."""

    name: str
    label: str
    first: str
    second: str
    differs: bool


@pages.get("/duplicates/<int:case_id>")
def duplicates(case_id: int) -> ResponseReturnValue:
    """Both side by side, what speaks for one person, and the two answers."""
    found = _question(_open(case_id))
    return _page(case_id, found, _form(found), NotTheSameForm(prefix="two-"))


@pages.post("/duplicates/<int:case_id>/merge")
def send_merge(case_id: int) -> ResponseReturnValue:
    """Make one profile of the two."""
    found = _question(_open(case_id))
    form = _form(found)
    if not form.validate():
        return _page(case_id, found, form, NotTheSameForm(formdata=None, prefix="two-"))
    numbers = {"1": found.first.id, "2": found.second.id}
    try:
        _nobody_leaves(found)
        merged = service.merge(
            session(),
            case_id,
            into=numbers[form.into.data],
            chosen=form.picked(numbers),
            account_of=numbers.get(form.account_of.data) if form.account_of is not None else None,
            note=form.note.data,
            by=who.account().id,
            now=site().clock(),
        )
    except InvalidInput as error:
        field = next((each for each in form if each.short_name == error.field), form.into)
        field.errors = [*field.errors, gettext(str(error))]
        return _page(case_id, found, form, NotTheSameForm(formdata=None, prefix="two-"))
    slug = people.practitioner(session(), merged.into_id).slug
    return redirect(url_for("desk.person_decision", slug=slug), 303)


@pages.post("/duplicates/<int:case_id>/two")
def send_not_the_same(case_id: int) -> ResponseReturnValue:
    """Two people. Nobody is asked about them again."""
    found = _question(_open(case_id))
    form = NotTheSameForm(prefix="two-")
    if not form.validate():
        return _page(case_id, found, _form(found, posted=False), form)
    service.not_the_same(session(), case_id, note=form.note.data, by=who.account().id, now=site().clock())
    return redirect(url_for("desk.queue"), 303)


def _open(case_id: int) -> Case:
    case = session().get(Case, case_id)
    if case is None:
        raise NotFound(gettext("There is no page at this address."))
    if case.state is State.CLOSED:
        raise Conflict(gettext("This has been decided already."))
    return case


def _question(case: Case) -> Question:
    return queries.question(session(), case)


def _form(found: Question, *, posted: bool = True) -> MergeForm:
    form = MergeForm() if posted else MergeForm(formdata=None)
    two = found.first.account_id is not None and found.second.account_id is not None
    rows = [row for row in _rows(found) if row.differs]
    form.shape(differing=[row.name for row in rows], two_accounts=two)
    if not form.is_submitted():
        for row in rows:
            form[row.name].data = "2" if row.first == _NOTHING else "1"
    return form


def _nobody_leaves(found: Question) -> None:
    for each in (found.first, found.second):
        if privacy.departure(session(), each.id) is not None:
            raise InvalidInput(gettext("One of the two is leaving and will be erased. Wait for that."), field="into")


def _rows(found: Question) -> list[Row]:
    rows = []
    for name in CHOOSABLE:
        first, second = getattr(found.first, name), getattr(found.second, name)
        rows.append(Row(name, str(NAMES[name]), _said(name, first), _said(name, second), first != second))
    return rows


def _said(name: str, value: Any) -> str:
    if name == "profession":
        return labels.word(labels.PROFESSIONS, value)
    if name == "gender":
        return labels.word(labels.GENDERS, value)
    return _NOTHING if value in (None, "") else str(value)


def _page(case_id: int, found: Question, form: MergeForm, two: NotTheSameForm) -> ResponseReturnValue:
    headers.personal()
    page = render_template(
        "desk/duplicates.html",
        case_id=case_id,
        sides=[side(found.first), side(found.second)],
        rows=_rows(found),
        signs=[str(SIGNS[each]) for each in found.likeness.signs],
        form=form,
        two=two,
    )
    return (page, 422) if form.errors or two.errors else page
