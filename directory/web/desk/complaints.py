"""What the desk sees of reports, holds and appeals, and the form with which a report is settled."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.cases.models import Case
from directory.cases.service import AlreadyDecided
from directory.cases.terms import Kind, State
from directory.complaints import service as complaints
from directory.complaints.models import Appeal, Complaint
from directory.complaints.terms import Result
from directory.credentials.decisions import queries as decisions
from directory.credentials.decisions.handling import Tools
from directory.credentials.decisions.queries import Told
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.terms import Outcome
from directory.desk import deciding
from directory.desk import review as reviewing
from directory.desk.deciding import Refused
from directory.desk.review import Review
from directory.errors import Conflict, InvalidInput, NotFound
from directory.http import who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.privacy import service as privacy
from directory.web.desk.asking import stamp, took_seconds
from directory.web.desk.blueprint import pages
from directory.web.forms.desk.complaints import RESULTS, SettleForm
from directory.web.forms.report import FIELDS
from directory.web.presenters import gone
from directory.web.presenters.gone import Register

REPORTS = frozenset({Kind.COMPLAINT, Kind.HARM})
KINDS = REPORTS | {Kind.HOLD_REVIEW, Kind.APPEAL}
"""Kinds of cases for which ``panel_for`` has something to show."""
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Panel:
    """What ``desk/_complaint.html`` draws on the page of a case."""

    case: Case
    person: Practitioner | None
    complaint: Complaint | None
    field: str
    """What a report is about, in words."""
    earlier: Sequence[tuple[Complaint, str]]
    """What else was reported of this person."""
    appeal: Appeal | None
    against: Told | None
    """The decision that is appealed, or the newest one that hid the person whose hold is looked at."""
    registers: tuple[Register, ...]
    """Who can act on it where this person works."""
    overdue: bool


def panel_for(review: Review) -> Panel | None:
    """What there is to a report, a hold or an appeal; ``None`` for a case of another kind, and where the report or
    the appeal is gone with whom it was about."""
    case, file = review.case, review.file
    gone_with_them = case.kind in REPORTS and file.complaint is None
    gone_with_them = gone_with_them or (case.subject.startswith("appeal:") and file.appeal is None)
    if case.kind not in KINDS or gone_with_them:
        return None
    return Panel(
        case=case,
        person=file.person,
        complaint=file.complaint,
        field="" if file.complaint is None else field_said(file.complaint),
        earlier=[(each, field_said(each)) for each in file.complaints],
        appeal=file.appeal,
        against=_against(review),
        registers=_registers(review) if case.kind is Kind.HARM else (),
        overdue=case.state is State.OPEN and case.due < site().clock(),
    )


def field_said(complaint: Complaint) -> str:
    """What a report is about."""
    return str(FIELDS.get(complaint.field) or gettext("Harmed or felt unsafe"))


@pages.get("/reports/<int:case_id>")
def report(case_id: int) -> ResponseReturnValue:
    """What was reported, and the form that settles it."""
    case = _case(case_id)
    if _waits_for_second(case):
        return redirect(url_for("desk.case", case_id=case.id), 303)
    return _page(case, _form(case), 200)


@pages.post("/reports/<int:case_id>")
def send_report(case_id: int) -> ResponseReturnValue:
    """Settle a report: what the reporter hears, and whether the profile is hidden meanwhile."""
    case = _case(case_id)
    if _waits_for_second(case):
        return redirect(url_for("desk.case", case_id=case.id), 303)
    form = SettleForm()
    if case.state is State.OPEN and not form.validate():
        return _page(case, form, 422)
    now, by = site().clock(), who.account().id
    try:
        result = Result(form.result.data) if form.result.data in {each.value for each in Result} else None
        if result is not None and case.state is State.OPEN:
            complaints.choose(session(), _row_id(case), result)
        found = deciding.decide(session(), case.id, _verdict(form, case), by=by, now=now, tools=_tools())
    except AlreadyDecided as error:
        session().rollback()
        form.form_errors.append(gettext(str(error)))
        return _page(_case(case_id), form, 409)
    except (InvalidInput, Conflict) as error:
        session().rollback()
        _complain(form, error)
        return _page(_case(case_id), form, 422 if isinstance(error, InvalidInput) else 409)
    if form.keep.data and case.about is not None:
        reason = f"case {case.id}: {form.note.data}".strip(": ")
        privacy.place_hold(session(), case.about, reason=reason, now=now)
    return redirect(url_for("desk.decided", decision_id=found.id), 303)


# --- steps -----------------------------------------------------------------------------------------------------------


def _verdict(form: SettleForm, case: Case) -> Verdict:
    held = form.result.data == Result.HIDDEN
    asked = form.result.data == SettleForm.ASK
    return Verdict(
        outcome=Outcome.HELD if held else Outcome.MORE_INFORMATION if asked else Outcome.NO_ACTION,
        words=form.words.data if held else "",
        questions=(form.question.data,) if asked else (),
        note=form.note.data,
        took_seconds=took_seconds(form.opened.data, f"case:{case.id}"),
        draw=secrets.randbelow(10_000) / 10_000,
    )


def _complain(form: SettleForm, error: InvalidInput | Conflict) -> None:
    fields = error.fields if isinstance(error, Refused) else {}
    told = False
    for name, sentence in fields.items():
        field = {"words": form.words, "questions": form.question, "note": form.note}.get(name)
        if field is not None:
            field.errors = [*field.errors, gettext(sentence)]
            told = True
    if not told:
        form.form_errors.append(gettext(str(error)))


def _form(case: Case) -> SettleForm:
    return SettleForm(formdata=None, data={"opened": stamp(f"case:{case.id}"), "keep": case.kind is Kind.HARM})


def _page(case: Case, form: SettleForm, status: int) -> ResponseReturnValue:
    panel = panel_for(reviewing.review(session(), case.id, now=site().clock()))
    if panel is None:
        raise NotFound(gettext("There is no such report."))
    page = render_template("desk/report.html", panel=panel, form=form, results=RESULTS)
    return page, status


def _tools() -> Tools:
    return Tools(retention_days=site().config.evidence_retention_days)


def _case(case_id: int) -> Case:
    found = session().get(Case, case_id) if case_id <= _LARGEST_ID else None
    if found is None or found.kind not in REPORTS:
        raise NotFound(gettext("There is no such case."))
    return found


def _waits_for_second(case: Case) -> bool:
    """Somebody has settled it already and a second person has to agree, on the page of the case."""
    return case.not_by is not None and decisions.waiting_for_second(session(), case.id) is not None


def _row_id(case: Case) -> int:
    return int(case.subject.partition(":")[2])


def _against(review: Review) -> Told | None:
    """The decision that is appealed, or the newest one that hid the person whose hold is looked at."""
    appeal = review.file.appeal
    if appeal is not None:
        return next((each for each in review.file.decisions if each.decision.id == appeal.decision_id), None)
    if review.case.kind is not Kind.HOLD_REVIEW:
        return None
    told = [each for each in review.file.decisions if each.decision.practitioner_id == review.case.about]
    return next((each for each in told if each.decision.outcome is Outcome.HELD and each.decision.takes_effect), None)


def _registers(review: Review) -> tuple[Register, ...]:
    places = sorted((each.place for each in review.listings), key=lambda each: each.id)
    return gone.registers([each.jurisdiction for each in places], review.file.rules)
