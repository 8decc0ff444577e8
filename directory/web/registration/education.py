"""Where somebody learnt: schools, and the clean needle technique course."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from directory.credentials.models import Credential
from directory.credentials.owner import service as owner
from directory.credentials.registration import queries
from directory.credentials.registration.terms import StepKey
from directory.credentials.stating.requirements import BODY_NAMES, accreditors
from directory.credentials.stating.stated import LEARNT, StatedPaper
from directory.credentials.terms import CredentialKind, CredentialStatus
from directory.errors import NotFound
from directory.http import who
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.web.evidence import panels
from directory.web.forms.registration.education import EducationListForm, NeedleForm, SchoolForm
from directory.web.forms.registration.step import StepForm
from directory.web.registration import flow, papers_told
from directory.web.registration.blueprint import step
from directory.web.registration.ending import end_paper

_FIELDS = ("body", "title", "number", "valid_from", "completed_year", "accredited_by", "name_on_record")


@step("/education", "education")
def listed() -> ResponseReturnValue:
    """What was learnt where, and the ways to add more."""
    person = who.practitioner()
    rows = [row for row in owner.papers_of(session(), person.id) if row.kind in LEARNT]
    return flow.answer(
        flow.Screen(
            step=StepKey.EDUCATION,
            form=EducationListForm,
            stored={},
            save=lambda _form: None,
            person=person,
            context={
                "schools": _lines([row for row in rows if row.kind is CredentialKind.EDUCATION]),
                "courses": _lines([row for row in rows if row.kind is not CredentialKind.EDUCATION]),
            },
        )
    )


@step("/education/new", "education_new")
def new_school() -> ResponseReturnValue:
    """Add a school."""
    return _item(who.practitioner(), CredentialKind.EDUCATION, None)


@step("/education/new-course", "education_new_course")
def new_course() -> ResponseReturnValue:
    """Add a clean needle technique course."""
    return _item(who.practitioner(), CredentialKind.CLEAN_NEEDLE_TECHNIQUE, None)


@step("/education/<int:school_id>", "education_item")
def item(school_id: int) -> ResponseReturnValue:
    """Change one of them."""
    person = who.practitioner()
    row = _learnt(person, school_id)
    return _item(person, row.kind, row)


@step("/education/<int:school_id>/end", "education_end")
def end(school_id: int) -> ResponseReturnValue:
    """Take one of them back."""
    person = who.practitioner()
    return end_paper(person, _learnt(person, school_id), StepKey.EDUCATION)


def _learnt(person: Practitioner, credential_id: int) -> Credential:
    row = owner.paper(session(), person.id, credential_id)
    if row.kind not in LEARNT:
        raise NotFound("There is no such paper.")
    return row


def _item(person: Practitioner, kind: CredentialKind, row: Credential | None) -> ResponseReturnValue:
    school = kind is CredentialKind.EDUCATION
    form: type[StepForm] = SchoolForm if school else NeedleForm
    countries = tuple(code.partition("-")[0] for code in sorted(queries.jurisdictions_of(session(), person.id)))
    return flow.answer(
        flow.Screen(
            step=StepKey.EDUCATION,
            form=form,
            stored=_stored(row, school=school),
            save=_saving(person, kind, row),
            person=person,
            careful=flow.EVERYTHING,
            template="registration/education_item.html",
            after=url_for("registration.education"),
            context={
                "row": row,
                "school": school,
                "accreditors": accreditors(countries),
                "own_word": row is None or owner.is_own_word(row),
                "end": url_for("registration.education_end", school_id=row.id) if row is not None else None,
                "panels": panels.of(session(), person.id, f"credential:{row.id}") if row is not None else [],
            },
        )
    )


def _stored(row: Credential | None, *, school: bool) -> dict[str, Any]:
    if row is None:
        return {} if school else {"body": BODY_NAMES["CCAHM"]}
    return {name: getattr(row, name) for name in _FIELDS}


def _saving(person: Practitioner, kind: CredentialKind, row: Credential | None) -> Callable[[StepForm], object]:
    def save(form: StepForm) -> None:
        now = site().clock()
        typed: dict[str, Any] = {name: form[name].data or None for name in _FIELDS if name in form}
        stated = StatedPaper(kind=kind, status=CredentialStatus.ACTIVE, **typed)
        if row is None:
            owner.state(session(), person.id, stated, today=now.date(), now=now)
        else:
            owner.correct(session(), person.id, row.id, stated, today=now.date(), now=now)

    return save


def _lines(rows: list[Credential]) -> list[papers_told.PaperLine]:
    return papers_told.lines_of(rows, {}, today=site().clock().date())
