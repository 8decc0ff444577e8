"""Sending a decision about a case or a whole profile, and what is said afterwards."""

from __future__ import annotations

import secrets
from typing import Final
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory import kept
from directory.cases.models import Case
from directory.cases.service import AlreadyDecided
from directory.cases.terms import State
from directory.credentials.decisions import queries, rules
from directory.credentials.decisions.handling import Tools
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.terms import Outcome
from directory.credentials.evidence.store import Store
from directory.desk import deciding
from directory.desk.deciding import Refused
from directory.errors import Conflict, InvalidInput, NotFound
from directory.http import access, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.web.desk import asking
from directory.web.desk.blueprint import pages
from directory.web.desk.case import page as case_page
from directory.web.desk.queue import FILTER
from directory.web.forms.desk.deciding import DecisionForm
from directory.web.presenters import case_labels as labels

_SAFE_TO_SEND: Final = frozenset(Outcome) - rules.TAKES_AWAY


@pages.context_processor
def _words() -> dict[str, object]:
    return {
        "outcome_said": labels.outcome,
        "kind_said": labels.kind,
        "reason_said": labels.reason,
        "method_said": lambda method: labels.METHODS[method],
        "status_said": lambda status: labels.STATUSES[status],
        "account_status_said": lambda status: labels.ACCOUNT_STATUSES[status],
    }


@pages.get("/cases/<int:case_id>/decision")
def decision(case_id: int) -> ResponseReturnValue:
    """The page of the case, with what was typed into its form when somebody had to prove who they are in between."""
    case = _case(case_id)
    if case.state is State.CLOSED:
        return _decided_page(case), 409
    kept_form = _given_back(f"case:{case.id}")
    return case_page(case.id, panel=None if kept_form is None else asking.panel_as_sent(case, kept_form)), 200


@pages.post("/cases/<int:case_id>/decision")
def send_decision(case_id: int) -> ResponseReturnValue:
    """Decide a case; what cannot stand comes back with everything that was typed."""
    case = _case(case_id)
    form = DecisionForm()
    panel = asking.panel_as_sent(case, form)
    second = panel.first is not None or panel.looked_at is not None
    if case.state is State.OPEN and not (form.validate() & form.chosen()):
        return _page_of(panel, 422)
    assumed = panel.first.decision.outcome if panel.first is not None else Outcome.NO_ACTION
    verdict = _verdict(form, f"case:{case.id}", assumed)
    if _must_prove_again(assumed if second else verdict.outcome):
        return _prove_again()
    try:
        found = deciding.decide(session(), case_id, verdict, by=who.account().id, now=site().clock(), tools=_tools())
    except AlreadyDecided:
        session().rollback()
        return _decided_page(_case(case_id)), 409
    except (InvalidInput, Conflict) as error:
        _complain(form, error)
        return _page_of(panel, 422 if isinstance(error, InvalidInput) else 409)
    _drop_kept()
    return redirect(_decided_address(found.id), 303)


@pages.get("/decided/<int:decision_id>")
def decided(decision_id: int) -> ResponseReturnValue:
    """What was just decided, and the way to the next case."""
    found = queries.decision(session(), decision_id)
    case = None if found.case_id is None else session().get(Case, found.case_id)
    return render_template(
        "desk/decided.html",
        told=queries.told(session(), [found]),
        case=case,
        waits=not found.takes_effect and found.second_of is None and case is not None and case.state is State.OPEN,
        others=len(queries.deciders(session()) - {found.decided_by}) if not found.takes_effect else 0,
        just_now=True,
        address=_onward(),
    )


@pages.get("/people/<slug>/decision")
def person_decision(slug: str) -> ResponseReturnValue:
    """The form for a whole profile: hide it, take it off the list, or end that."""
    person = _person(slug)
    return _person_page(person, _given_back(f"person:{person.id}"), 200)


@pages.post("/people/<slug>/decision")
def send_person_decision(slug: str) -> ResponseReturnValue:
    """Decide about a whole profile."""
    person = _person(slug)
    form = DecisionForm()
    form.shape_for_person()
    if not (form.validate() & form.chosen()):
        return _person_page(person, form, 422)
    verdict = _verdict(form, f"person:{person.id}", Outcome.NO_ACTION)
    if _must_prove_again(verdict.outcome):
        return _prove_again()
    try:
        found = deciding.act_on_person(
            session(), person.id, verdict, by=who.account().id, now=site().clock(), tools=_tools()
        )
    except (InvalidInput, Conflict) as error:
        _complain(form, error)
        return _person_page(person, form, 422 if isinstance(error, InvalidInput) else 409)
    _drop_kept()
    return redirect(_decided_address(found.id), 303)


# --- steps -----------------------------------------------------------------------------------------------------------


def _verdict(form: DecisionForm, page: str, assumed: Outcome) -> Verdict:
    took = asking.took_seconds(form.opened.data, page)
    return form.verdict(took_seconds=took, draw=secrets.randbelow(10_000) / 10_000, assumed=assumed)


def _tools() -> Tools:
    config = site().config
    return Tools(store=Store(config.evidence_dir), retention_days=config.evidence_retention_days)


def _must_prove_again(outcome: Outcome) -> bool:
    return outcome not in _SAFE_TO_SEND and not who.is_fresh()


def _prove_again() -> ResponseReturnValue:
    """Taking somebody off the list, or putting them back, is asked of a person who has just proved who they are."""
    access.keep(who.account().id)
    return redirect(url_for("account.again", next=request.path), 303)


def _given_back(page: str) -> DecisionForm | None:
    found = kept.kept(session(), who.account().id, request.path, now=site().clock())
    return None if found is None else DecisionForm(formdata=MultiDict(found.fields))


def _drop_kept() -> None:
    kept.drop(session(), who.account().id, request.path)


def _complain(form: DecisionForm, error: InvalidInput | Conflict) -> None:
    if isinstance(error, Refused):
        form.complain(error.fields)
    elif isinstance(error, InvalidInput) and error.field is not None:
        form.complain({error.field: str(error)})
    else:
        form.form_errors.append(gettext(str(error)))


def _case(case_id: int) -> Case:
    found = session().get(Case, case_id) if case_id <= _LARGEST_ID else None
    if found is None:
        raise NotFound(gettext("There is no such case."))
    return found


def _person(slug: str) -> Practitioner:
    return people.by_slug(session(), slug)


_LARGEST_ID: Final = 2**63 - 1


# --- pages -----------------------------------------------------------------------------------------------------------


def _page_of(panel: asking.Panel, status: int) -> ResponseReturnValue:
    """The page of the case, with the form as it was sent: evidence and registers stay in sight."""
    return case_page(panel.case.id, panel=panel), status


def _person_page(person: Practitioner, posted: DecisionForm | None, status: int) -> ResponseReturnValue:
    form = posted or DecisionForm(formdata=None, data={"opened": asking.stamp(f"person:{person.id}")})
    form.shape_for_person()
    earlier = queries.told(session(), queries.of_practitioner(session(), person.id, limit=10))
    page = render_template("desk/person_decision.html", person=person, form=form, earlier=earlier)
    return page, status


def _decided_page(case: Case) -> str:
    """That somebody was first, and what they decided; or that what was asked was taken back."""
    told = queries.told(session(), queries.of_case(session(), case.id))
    return render_template(
        "desk/decided.html", told=told, case=case, waits=False, others=0, just_now=False, address=_onward()
    )


def _onward() -> str:
    """The list in which somebody works, as the address carries it."""
    query = urlencode([each for each in request.args.items(multi=True) if each[0] in FILTER])
    return f"?{query}" if query else ""


def _decided_address(decision_id: int) -> str:
    return f"{url_for('desk.decided', decision_id=decision_id)}{_onward()}"
