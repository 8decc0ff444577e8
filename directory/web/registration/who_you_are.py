"""The first step: who somebody is. Saving it for the first time begins the registration."""

from __future__ import annotations

from typing import Any, Final

from flask import url_for
from flask.typing import ResponseReturnValue

from directory.credentials.edits import queries as edit_queries
from directory.credentials.edits import service as edits
from directory.credentials.edits.rules import PERSON
from directory.credentials.edits.terms import FieldClass
from directory.credentials.registration import queries, service
from directory.credentials.registration.terms import StepKey
from directory.http import who
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners.drafts import PersonDraft
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import Gender, Profession
from directory.registries import queries as registries
from directory.registries.terms import Standing
from directory.web.forms.registration.who import WhoForm
from directory.web.registration import flow
from directory.web.registration.blueprint import step

FIELDS: Final = ("display_name", "profession", "npi", "website", "email", "gender", "min_patient_age")


@step("/who", "who")
def who_you_are() -> ResponseReturnValue:
    """Name, profession, NPI, how patients reach them."""
    person = people.of_account(session(), who.account().id)
    return flow.answer(
        flow.Screen(
            step=StepKey.WHO,
            form=WhoForm,
            stored=_stored(person),
            save=_begin if person is None else lambda form: _change(person, form),
            person=person,
            after=_after(person),
            careful=frozenset(name for name in FIELDS if PERSON[name] is FieldClass.REVERIFY),
        )
    )


def _stored(person: Practitioner | None) -> dict[str, Any]:
    if person is None:
        return {"profession": Profession.ACUPUNCTURIST, "gender": Gender.UNSPECIFIED, "min_patient_age": 18}
    values = {name: getattr(person, name) for name in FIELDS}
    wish = edit_queries.waiting(session(), person.id).get(edits.PERSON)
    found = queries.registration(session(), person.id)
    if found is not None and found.npi_claimed:
        values["npi"] = found.npi_claimed
    return values | {name: new for name, new in (wish.after if wish else {}).items() if name in FIELDS}


def _begin(form: WhoForm) -> None:
    values = _typed(form)
    npi, free = _npi(values["npi"], None)
    draft = PersonDraft(**(values | {"npi": npi if free else None}))
    person = service.begin(session(), who.account().id, draft, now=site().clock())
    if npi and not free:
        service.claim_npi(session(), person.id, npi, now=site().clock())


def _change(person: Practitioner, form: WhoForm) -> None:
    values = _typed(form)
    npi, free = _npi(values["npi"], person)
    now = site().clock()
    if free:
        service.drop_npi_claim(session(), person.id, now=now)
    else:
        service.saved(session(), person.id, StepKey.WHO, now=now)
        service.claim_npi(session(), person.id, npi or "", now=now)
        values["npi"] = person.npi
    edits.save_person(session(), person.id, values, now=now)


def _typed(form: WhoForm) -> dict[str, Any]:
    return {
        "display_name": form.display_name.data,
        "profession": Profession(form.profession.data),
        "npi": form.npi.data or None,
        "website": form.website.data or None,
        "email": form.email.data or None,
        "gender": Gender(form.gender.data),
        "min_patient_age": form.min_patient_age.data,
    }


def _npi(npi: str | None, person: Practitioner | None) -> tuple[str | None, bool]:
    """The number, and whether nobody else here has it."""
    if npi is None or (person is not None and person.npi == npi):
        return npi, True
    return npi, not people.taken_npis(session(), [npi])


def _after(person: Practitioner | None) -> str:
    """Where to go on: what a register says of them, before anything else is typed that stands there."""
    return "" if person is not None and person.published_at is not None else url_for("registration.prefill")


def entry_shown(npi: str | None) -> bool:
    """Whether the national register names somebody under this number who has not asked to be taken out."""
    found = registries.entry(session(), npi) if npi else None
    return found is not None and found.standing is Standing.SHOWN
