"""Proving who keeps a profile: the ways on the page of a case, and a page for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory import db
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.credentials.control import queries, rules, service
from directory.credentials.control.models import ControlProof
from directory.credentials.control.rules import Asking, Call, Seen, Source
from directory.credentials.control.service import Refused
from directory.credentials.control.terms import Answer, Channel, LetterState, Look, Origin, Paper
from directory.desk import control as desk
from directory.desk.control import Reached
from directory.desk.review import Review
from directory.errors import Conflict, NotFound
from directory.http import headers, views, who
from directory.http.locale import day, gettext
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.web.desk.blueprint import pages
from directory.web.forms.desk.control import (
    ANSWERS,
    LOOKS,
    PAPERS,
    CallForm,
    CertifierForm,
    IdentityForm,
    NothingToType,
    PostForm,
)
from directory.web.forms.posted import PostedForm

_CHANNELS: Final[Mapping[Channel, Any]] = {
    Channel.REGISTER_TELEPHONE: _l("Called by telephone"),
    Channel.LETTER_CODE: _l("Typed the code of a letter on paper"),
    Channel.CERTIFIER_MAILBOX: _l("Answered by the certifier"),
    Channel.IDENTITY_CHECK: _l("Identity paper seen"),
}
_LETTERS: Final[Mapping[LetterState, Any]] = {
    LetterState.LIVE: _l("A letter is on its way; its code is good until %(day)s."),
    LetterState.USED: _l("The code of the last letter was typed."),
    LetterState.DEAD: _l("The code of the last letter was typed wrongly five times and is dead."),
    LetterState.EXPIRED: _l("The code of the last letter was not typed within 30 days."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was taken, in words."""

    said: str
    more: str
    proves: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """What ``desk/_control.html`` draws."""

    steps: Sequence[Step]
    letter: str
    asked: str


def ways(review: Review) -> Ways | None:
    """What was tried, and what waits; ``None`` for cases of other kinds."""
    person = review.file.person
    if review.case.kind is not Kind.CONTROL or person is None:
        return None
    now = site().clock()
    letter, questions = review.file.letter, review.file.certifiers
    told = ""
    if letter is not None:
        state = rules.letter_state(made_at=letter.made_at, wrong=letter.wrong, used_at=letter.used_at, now=now)
        until = day((letter.made_at + timedelta(days=rules.CODE_DAYS)).date())
        told = str(_LETTERS[state]) % {"day": until}
    waits = next((each for each in questions if each.answered_at is None), None)
    asked = ""
    if waits is not None:
        asked = str(gettext("%(who)s was asked on %(day)s.", who=waits.told.source, day=day(waits.asked_at.date())))
    steps = [_step(each, queries.speaks(each, person, now=now)) for each in review.file.proofs]
    return Ways(steps, told, asked)


def _step(proof: ControlProof, speaks: bool) -> Step:
    told = proof.told
    parts = [
        day(proof.done_at.date()),
        told.source,
        "" if not told.day else day(date.fromisoformat(told.day)),
        str(ANSWERS[Answer(told.answer)]) if told.answer else "",
        str(PAPERS[Paper(told.paper)]) if told.paper else "",
        str(LOOKS[Look(told.look)]) if told.look else "",
        told.said,
    ]
    if proof.proves and not speaks:
        parts.append(str(gettext("no longer counts: the name or the account has changed since, or it is too old")))
    return Step(str(_CHANNELS[proof.channel]), " · ".join(part for part in parts if part), speaks)


# --- by telephone ----------------------------------------------------------------------------------------------------


@pages.get("/cases/<int:case_id>/telephone")
def telephone(case_id: int) -> ResponseReturnValue:
    """The register's number, which is written down as seen, and the form for what was said."""
    return _telephone_page(*_case(case_id), CallForm())


@pages.post("/cases/<int:case_id>/telephone")
def send_telephone(case_id: int) -> ResponseReturnValue:
    """Put a call on record."""
    (case, person), form = _case(case_id), CallForm()
    if not form.validate():
        return _telephone_page(case, person, form)
    origin, number = Origin(form.origin.data), form.number.data
    source = Source(origin=origin, name=form.source.data or "", day=form.read_on.data)
    if origin is Origin.NPPES:
        reached = desk.in_nppes(session(), person)
        if reached is None or not reached.names_them or not reached.telephone:
            form.origin.errors = [gettext("NPPES prints no number of this person.")]
            return _telephone_page(case, person, form)
        source, number = reached.source, reached.telephone
    call = Call(source=source, number=number, answer=Answer(form.answer.data), said=form.said.data)
    try:
        service.record_call(session(), person.id, call, by=who.account().id, now=site().clock())
    except Refused as error:
        _complain(form, error)
        return _telephone_page(case, person, form)
    except Conflict as error:
        raise Conflict(gettext(str(error))) from error
    return _back(case)


def _telephone_page(case: Case, person: Practitioner, form: CallForm) -> ResponseReturnValue:
    _note("control.telephone_read", case)
    reached = desk.in_nppes(session(), person)
    return _page("desk/telephone.html", case, person, form, reached=reached)


# --- by a letter -----------------------------------------------------------------------------------------------------


@pages.get("/cases/<int:case_id>/letter")
def letter(case_id: int) -> ResponseReturnValue:
    """Where the letter goes."""
    case, person = _case(case_id)
    return _letter_page(case, person, _posting(person)[1])


@pages.post("/cases/<int:case_id>/letter")
def send_letter(case_id: int) -> ResponseReturnValue:
    """Make a code, and the letter to print. The code is shown on this page alone, this once."""
    case, person = _case(case_id)
    reached, form = _posting(person)
    if not form.validate():
        return _letter_page(case, person, form)
    if reached is not None:
        source, lines = reached.source, list(reached.lines)
    else:
        source = Source(origin=Origin.REGISTER, name=form.source.data, day=form.read_on.data)
        lines = form.address.data.splitlines()
    now = site().clock()
    try:
        code = service.make_letter(session(), person.id, source, lines, by=who.account().id, now=now)
    except Refused as error:
        _complain(form, error)
        return _letter_page(case, person, form)
    except Conflict as error:
        raise Conflict(gettext(str(error))) from error
    headers.personal()
    return render_template(
        "desk/letter_printed.html",
        case=case,
        person=person,
        lines=lines,
        code=rules.in_groups(code),
        today=now.date(),
        until=(now + timedelta(days=rules.CODE_DAYS)).date(),
        address=url_for("practice.code", _external=True),
    )


def _posting(person: Practitioner) -> tuple[Reached | None, PostedForm]:
    """The address that NPPES prints of this person, with a button; otherwise the form for one of a register's page."""
    reached = desk.in_nppes(session(), person)
    if reached is not None and reached.names_them and reached.lines:
        return reached, NothingToType()
    return None, PostForm()


def _letter_page(case: Case, person: Practitioner, form: PostedForm) -> ResponseReturnValue:
    _note("control.address_read", case)
    reached = desk.in_nppes(session(), person)
    return _page("desk/letter.html", case, person, form, reached=reached, typed=isinstance(form, PostForm))


# --- by way of the certifier -----------------------------------------------------------------------------------------


@pages.get("/cases/<int:case_id>/certifier")
def certifier(case_id: int) -> ResponseReturnValue:
    """The form for the certifier's address."""
    return _page("desk/certifier.html", *_case(case_id), CertifierForm())


@pages.post("/cases/<int:case_id>/certifier")
def send_certifier(case_id: int) -> ResponseReturnValue:
    """Write to the certifier."""
    (case, person), form = _case(case_id), CertifierForm()
    form.validate()
    asking = Asking(to=form.to.data, body=form.body.data, page=form.page.data)
    try:
        service.ask_certifier(session(), person.id, asking, by=who.account().id, now=site().clock())
    except Refused as error:
        _complain(form, error)
        return _page("desk/certifier.html", case, person, form)
    except Conflict as error:
        raise Conflict(gettext(str(error))) from error
    return _back(case)


# --- by an identity paper --------------------------------------------------------------------------------------------


@pages.get("/cases/<int:case_id>/identity")
def identity(case_id: int) -> ResponseReturnValue:
    """The form for what was seen."""
    return _page("desk/identity.html", *_case(case_id), IdentityForm())


@pages.post("/cases/<int:case_id>/identity")
def send_identity(case_id: int) -> ResponseReturnValue:
    """Put on record that an identity paper was seen."""
    (case, person), form = _case(case_id), IdentityForm()
    if not form.validate():
        return _page("desk/identity.html", case, person, form)
    seen = Seen(
        paper=Paper(form.paper.data),
        look=Look(form.look.data),
        on=form.seen_on.data,
        is_them=form.is_them.data == "yes",
    )
    try:
        service.record_look(session(), person.id, seen, by=who.account().id, now=site().clock())
    except Refused as error:
        _complain(form, error)
        return _page("desk/identity.html", case, person, form)
    except Conflict as error:
        raise Conflict(gettext(str(error))) from error
    return _back(case)


# --- steps -----------------------------------------------------------------------------------------------------------


def _case(case_id: int) -> tuple[Case, Practitioner]:
    try:
        return desk.case_of(session(), case_id, by=who.account().id, now=site().clock())
    except NotFound as error:
        raise NotFound(gettext(str(error))) from error
    except Conflict as error:
        raise Conflict(gettext(str(error))) from error


def _note(action: str, case: Case) -> None:
    """Write down what is about to be read: nobody reads where a person is reached without a trace."""
    views.note(action, f"case:{case.id}", about=case.about)
    if db.is_writing(session()):
        # Also where the form comes back with an error, because it shows the number again.
        site().database.keep_refusal()


def _complain(form: PostedForm, error: Refused) -> None:
    for name, sentence in error.fields.items():
        field = form[name] if name in form else form[next(iter(form)).name]
        field.errors = [*field.errors, gettext(sentence)]


def _page(template: str, case: Case, person: Practitioner, form: PostedForm, **besides: Any) -> ResponseReturnValue:
    headers.personal()
    page = render_template(template, case=case, person=person, form=form, **besides)
    return (page, 422) if form.errors else (page, 200)


def _back(case: Case) -> ResponseReturnValue:
    return redirect(url_for("desk.case", case_id=case.id, _anchor="proving"), 303)
