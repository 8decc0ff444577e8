"""The declaration about work in pregnancy: asked item by item, signed by typing one's name."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from directory.credentials.edits import queries as waiting_edits
from directory.credentials.models import PregnancyDeclaration
from directory.credentials.owner import declaring
from directory.credentials.queries import covers_on_file
from directory.credentials.registration.terms import StepKey
from directory.credentials.rules import LEAST_MATERNITY_HOURS, declaration_ends
from directory.credentials.stating import declarations
from directory.credentials.terms import Liaison, PointPolicy, Verification
from directory.http import who
from directory.http.locale import day, gettext
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.web.evidence import panels
from directory.web.forms.registration.pregnancy import PregnancyForm, as_typed
from directory.web.presenters import labels
from directory.web.registration import flow, papers_told
from directory.web.registration.blueprint import step


@step("/pregnancy", "pregnancy")
def declaration() -> ResponseReturnValue:
    """Whether pregnant people are seen, in which weeks, and how."""
    person, today = who.practitioner(), site().clock().date()
    row = declarations.pregnancy_row(session(), person.id)
    waits = waiting_edits.waiting(session(), person.id).get(declaring.PREGNANCY)
    covers = covers_on_file(session(), person.id)
    return flow.answer(
        flow.Screen(
            step=StepKey.PREGNANCY,
            form=PregnancyForm,
            stored=_stored(person, row),
            save=lambda form: _save(person, form),
            person=person,
            careful=flow.EVERYTHING,
            context={
                "covers": papers_told.cover_lines([each for each in covers if each.covers_pregnancy], today=today),
                "waits": waits is not None,
                "signed": _signed(row),
                "lacking": _lacking(row, insured=any(each.covers_pregnancy for each in covers)),
                "training": _training(row),
                "panels": panels.of(session(), person.id, *_claimed(row)),
            },
        )
    )


def _claimed(row: PregnancyDeclaration | None) -> list[str]:
    """What can be shown, of what is claimed."""
    if row is None or not row.treats:
        return []
    claims = {
        "pregnancy:training": row.training_hours > 0,
        "pregnancy:liaison": row.liaison is not Liaison.NONE,
        "pregnancy:patients": row.patients_24m > 0,
    }
    return [subject for subject, made in claims.items() if made]


def _stored(person: Practitioner, row: PregnancyDeclaration | None) -> dict[str, Any]:
    if row is None:
        return {"point_policy": PointPolicy.NONE}
    return as_typed(declaring.pregnancy_as_stated(session(), person.id))


def _save(person: Practitioner, form: PregnancyForm) -> None:
    now = site().clock()
    declaring.declare_pregnancy(
        session(), person.id, form.stated(), signed_name=form.signed_name.data, today=now.date(), now=now
    )


def _training(row: PregnancyDeclaration | None) -> str:
    match row.training_verification if row is not None else Verification.NONE:
        case Verification.NONE:
            return ""
        case Verification.SELF_ATTESTED:
            return str(gettext("your own statement, not checked by us"))
        case held:
            return labels.word(labels.VERIFICATION, held)


def _signed(row: PregnancyDeclaration | None) -> str:
    if row is None or not row.treats:
        return ""
    if row.signed_on is None:
        return str(gettext("This is a draft. It is not signed, so it counts for nothing yet."))
    return str(
        gettext(
            "Signed on %(day)s. It counts until %(end)s; sign again before then and it runs on.",
            day=day(row.signed_on),
            end=day(declaration_ends(row.signed_on)),
        )
    )


def _lacking(row: PregnancyDeclaration | None, *, insured: bool) -> list[str]:
    """What of the published rule is not met by what was said."""
    if row is None or not row.treats:
        return []
    checks = {
        gettext("The weeks you take on are missing."): row.min_week is not None and row.max_week is not None,
        gettext(
            "Maternity training of at least %(hours)s hours is missing.", hours=LEAST_MATERNITY_HOURS
        ): row.training_hours >= LEAST_MATERNITY_HOURS,
        gettext("A written policy on points is missing."): row.point_policy is not PointPolicy.NONE,
        gettext("Written consent that names pregnancy is missing."): row.written_consent,
        gettext("One of the three parts about warning signs is missing."): row.emergency_policy,
        gettext("Insurance that names pregnancy is missing."): insured,
    }
    return [str(sentence) for sentence, met in checks.items() if not met]
