"""What our staff asked a practitioner, answered in place, and what they decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory import kept
from directory.cases.terms import Kind
from directory.complaints import queries as appeals
from directory.complaints import queries as complaints
from directory.credentials.decisions import queries, service
from directory.credentials.decisions.models import Question
from directory.credentials.decisions.queries import Told
from directory.credentials.decisions.terms import Outcome
from directory.errors import Conflict, NotFound
from directory.http import headers, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.web.forms.questions import AnswerForm
from directory.web.practice import words
from directory.web.practice.blueprint import pages
from directory.web.presenters import case_labels as labels

_MOST: Final = 20
_SHOWABLE: Final[Mapping[str, str]] = {"rls": "registration.rls", "pregnancy": "registration.pregnancy"}
_UNTOLD: Final = frozenset({Outcome.MORE_INFORMATION, Outcome.NOT_CHECKED, Outcome.NO_ACTION})


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, with the form for its answer while there is none."""

    question: Question
    about: str
    show: str
    """Where something can be shown for it; empty where nothing can."""
    form: AnswerForm | None


@pages.get("/questions")
def questions() -> str:
    """Open questions, what was answered, and what was decided."""
    headers.personal()
    return _page({})


@pages.post("/questions/<int:question_id>")
def send_answer(question_id: int) -> ResponseReturnValue:
    """Answer one question."""
    headers.personal()
    form = AnswerForm(prefix=f"question-{question_id}")
    mine = {each.id for each in queries.questions_of(session(), who.practitioner().id)}
    if question_id not in mine:
        raise NotFound(gettext("There is no page at this address."))
    if not form.validate():
        return _page({question_id: form}), 422
    try:
        service.answer(
            session(), question_id, form.answer.data, practitioner_id=who.practitioner().id, now=site().clock()
        )
    except Conflict as error:
        raise Conflict(gettext(str(error))) from error
    kept.drop(session(), who.account().id, request.path)
    return redirect(url_for("practice.questions"), 303)


def _page(typed: Mapping[int, AnswerForm]) -> str:
    person = who.practitioner()
    asked = [_asked(each, typed) for each in queries.questions_of(session(), person.id)]
    return render_template(
        "practice/questions.html",
        waiting=[each for each in reversed(asked) if each.form is not None],
        answered=[each for each in asked if each.form is None],
        decided=_decided(queries.told(session(), queries.of_practitioner(session(), person.id, limit=_MOST))),
        may_disagree=bool(complaints.appealable(session(), person.id)),
        outcome_said=labels.outcome,
        reason_said=labels.reason,
        case_said=_about,
        may_appeal=bool(appeals.appealable(session(), person.id)),
    )


def _decided(told: Sequence[Told]) -> list[Told]:
    return [each for each in told if each.decision.takes_effect and each.decision.outcome not in _UNTOLD]


def _asked(question: Question, typed: Mapping[int, AnswerForm]) -> Asked:
    form = None
    if question.answered_at is None:
        form = typed.get(question.id) or _given_back(question.id)
    return Asked(question, _about(question.kind), _show(question.subject), form)


def _given_back(question_id: int) -> AnswerForm:
    """An empty form, or what was typed before somebody had to sign in again."""
    path = url_for("practice.send_answer", question_id=question_id)
    found = kept.kept(session(), who.account().id, path, now=site().clock())
    typed = None if found is None else MultiDict(found.fields)
    return AnswerForm(formdata=typed, prefix=f"question-{question_id}")


def _about(kind: Kind) -> str:
    return words.case(kind) if kind in words.CASES else str(gettext("Your profile"))


def _show(subject: str) -> str:
    """The page on which evidence for this claim is shown."""
    what = subject.partition(":")[0]
    if what in ("credential", "indemnity"):
        return url_for("evidence.claim", subject=subject)
    return url_for(_SHOWABLE[what]) if what in _SHOWABLE else ""
