"""What was decided against somebody, why, and what they say to it."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from directory.cases.rules import WORKING_DAYS
from directory.complaints import letters, queries
from directory.complaints import service as complaints
from directory.credentials.decisions.letters import REASONS
from directory.credentials.decisions.queries import Told
from directory.errors import Conflict, InvalidInput
from directory.http import who
from directory.http.locale import day, gettext
from directory.http.site import session, site
from directory.mail import outbox
from directory.practitioners.models import Practitioner
from directory.web.forms.appeal import AppealForm
from directory.web.practice.blueprint import pages
from directory.web.presenters import case_labels as labels


@pages.get("/appeal")
def appeal() -> ResponseReturnValue:
    """Each decision with its reason, and the form while there is one that can be appealed."""
    return _page(who.practitioner(), AppealForm(), 200)


@pages.post("/appeal")
def send_appeal() -> ResponseReturnValue:
    """Take an appeal; what cannot be used comes back as it was typed."""
    person, form, account = who.practitioner(), AppealForm(), who.account()
    _choices(form, _open(person))
    if not form.validate():
        return _page(person, form, 422)
    now = site().clock()
    try:
        row = complaints.appeal(session(), person.id, int(form.decision.data), form.text.data, by=account.id, now=now)
    except (InvalidInput, Conflict) as error:
        form.form_errors.append(gettext(str(error)))
        return _page(person, form, 422 if isinstance(error, InvalidInput) else 409)
    if row.made_at == now:
        letter = letters.appeal_received()
        outbox.send(session(), to=account.email, letter=letter, language=account.locale, now=now)
    return redirect(url_for("practice.appeal"), 303)


def _page(person: Practitioner, form: AppealForm, status: int) -> ResponseReturnValue:
    made = {each.decision_id: each for each in queries.appeals_of(session(), person.id)}
    against = queries.appealable(session(), person.id)
    _choices(form, [each for each in against if each.decision.id not in made])
    page = render_template(
        "practice/appeal.html",
        person=person,
        form=form,
        against=against,
        made=made,
        said=_said,
        reasons=REASONS,
        working_days=WORKING_DAYS,
    )
    return page, status


def _open(person: Practitioner) -> list[Told]:
    made = {each.decision_id for each in queries.appeals_of(session(), person.id)}
    return [each for each in queries.appealable(session(), person.id) if each.decision.id not in made]


def _choices(form: AppealForm, against: list[Told]) -> None:
    form.decision.choices = [SelectChoice(str(each.decision.id), _said(each)) for each in against]
    if len(against) == 1 and not form.decision.data:
        form.decision.data = str(against[0].decision.id)


def _said(told: Told) -> str:
    """What was decided, and when."""
    decision = told.decision
    return gettext(
        "%(day)s: %(outcome)s",
        day=day(decision.decided_at.date()),
        outcome=labels.outcome(decision.kind, decision.outcome),
    )
