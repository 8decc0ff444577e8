"""Experience with restless legs syndrome, item by item, declared on a day."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from directory.credentials.edits import queries as waiting_edits
from directory.credentials.models import RlsExperience
from directory.credentials.owner import declaring
from directory.credentials.registration.terms import StepKey
from directory.credentials.stating import declarations
from directory.credentials.stating.declared import RLS_ITEMS, RlsStated
from directory.credentials.terms import Liaison, OutcomeTracking, Verification
from directory.http import who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.web.evidence import panels
from directory.web.forms.registration.rls import RlsForm
from directory.web.presenters import known, labels
from directory.web.registration import flow
from directory.web.registration.blueprint import step


@step("/rls", "rls")
def experience() -> ResponseReturnValue:
    """How many people, for how long, with what training, and how it is followed."""
    person = who.practitioner()
    row = declarations.rls_row(session(), person.id)
    waits = waiting_edits.waiting(session(), person.id).get(declaring.RLS)
    return flow.answer(
        flow.Screen(
            step=StepKey.RLS,
            form=RlsForm,
            stored=_stored(person, row),
            save=lambda form: _save(person, form),
            person=person,
            careful=flow.EVERYTHING,
            context={
                "stands": _stands(row, frozenset(waits.after) if waits else frozenset()),
                "doubted": row is not None
                and bool(declaring.rls_doubts(session(), person.id, today=site().clock().date())),
                "attested_on": row.attested_on if row is not None else None,
                "panels": panels.of(session(), person.id, *_claimed(row)),
            },
        )
    )


def _claimed(row: RlsExperience | None) -> list[str]:
    """What can be shown, of what is claimed; a supervisor is asked by us."""
    items = (item for item in RLS_ITEMS if item != "supervisor")
    return [
        f"rls:{item}"
        for item in items
        if row is not None and getattr(row, f"{item}_verification") is not Verification.NONE
    ]


def _stored(person: Practitioner, row: RlsExperience | None) -> dict[str, Any]:
    if row is None:
        return {"outcomes": OutcomeTracking.NONE}
    said = declaring.rls_as_stated(session(), person.id)
    values = {name: getattr(said, name) for name in RlsStated.__dataclass_fields__}
    return values | {"liaison": said.liaison is not Liaison.NONE}


def _save(person: Practitioner, form: RlsForm) -> None:
    now = site().clock()
    typed = {name: form[name].data for name in RlsStated.__dataclass_fields__}
    numbers = {name: typed[name] or 0 for name in ("patients_24m", "years", "training_hours", "publications")}
    stated = RlsStated(
        **(
            typed
            | numbers
            | {
                "outcomes": OutcomeTracking(form.outcomes.data),
                "liaison": Liaison.SELF_ATTESTED if form.liaison.data else Liaison.NONE,
            }
        )
    )
    declaring.declare_rls(session(), person.id, stated, attested=form.attested.data, today=now.date(), now=now)


def _stands(row: RlsExperience | None, waits: frozenset[str]) -> dict[str, tuple[str, str]]:
    """For each item the sign and the words of how it stands; nothing where nothing is claimed."""
    found: dict[str, tuple[str, str]] = {}
    for item in RLS_ITEMS:
        held: Verification = getattr(row, f"{item}_verification") if row is not None else Verification.NONE
        if item in waits:
            found[item] = ("stated", str(gettext("Your change waits to be looked at; patients see what was before.")))
        elif row is not None and held is not Verification.NONE:
            said = labels.word(labels.VERIFICATION, held)
            if held is Verification.SELF_ATTESTED:
                said = str(gettext("Your own statement, not checked by us"))
            found[item] = (known.MARKS[held], f"{said[:1].upper()}{said[1:]}.")
    return found
