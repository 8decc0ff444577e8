"""Showing something for a claim of one's own: a page for the claim, and one for each way."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.credentials.evidence import letters, queries, rules, service, workbench
from directory.credentials.evidence.rules import Subject, TooMuch
from directory.credentials.evidence.terms import LARGEST_FILE_BYTES, SENTENCES, Fault, FileRefused, Way
from directory.credentials.terms import CredentialKind
from directory.errors import Conflict, InvalidInput, NotFound, Unavailable
from directory.http import uploads, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.mail import outbox
from directory.web.evidence import panels
from directory.web.evidence.blueprint import pages, scanner, store
from directory.web.forms.evidence import ColleagueForm, FileForm, PhotoForm, RemovalForm, StatementForm
from directory.web.presenters import labels


@pages.get("/for/<subject>")
def claim(subject: str) -> ResponseReturnValue:
    """What is shown for a claim so far, and the ways to show more."""
    about = _own(subject)
    person = who.practitioner()
    return render_template(
        "evidence/claim.html",
        claim=_named(about),
        panel=panels.of(session(), person.id, about.text)[0],
        onward=_onward(about),
    )


@pages.get("/for/<subject>/file")
def file(subject: str) -> ResponseReturnValue:
    """The form for a file."""
    about = _own(subject, Way.FILE)
    return _file_page(about, FileForm(), 200)


@pages.post("/for/<subject>/file")
def send_file(subject: str) -> ResponseReturnValue:
    """Look at a file, make it anew, and keep it. A form that cannot be used comes back with its ticks."""
    about = _own(subject, Way.FILE)
    person_id = who.practitioner().id
    form = FileForm()
    form.validate()
    sent = uploads.sent("file")
    if sent is None:
        form.file.errors = [gettext("Please choose a file.")]
    if sent is None or form.errors:
        return _file_page(about, form, 422)
    uploads.let_go()
    try:
        renewed = workbench.renew(*sent)
        scan = scanner().scan(sent[0])

        def keep() -> ResponseReturnValue:
            service.add_file(
                session(),
                store(),
                practitioner_id=person_id,
                subject=_own(subject, Way.FILE),
                renewed=renewed,
                scan=scan,
                now=site().clock(),
            )
            return _done(about)

        return uploads.write(keep)
    except (FileRefused, TooMuch) as error:
        session().rollback()
        form.file.errors = [gettext(str(error))]
        return _file_page(about, form, 429 if isinstance(error, TooMuch) else 422)
    except Unavailable as error:
        session().rollback()
        form.file.errors = [gettext(str(error))]
        return _file_page(about, form, 503)


@pages.get("/for/<subject>/statement")
def statement(subject: str) -> ResponseReturnValue:
    """The form for a statement, with the numbers that were declared."""
    about = _own(subject, Way.STATEMENT)
    person = who.practitioner()
    return _statement_page(about, StatementForm(data={"words": _declared(about, person.id)}), 200)


@pages.post("/for/<subject>/statement")
def send_statement(subject: str) -> ResponseReturnValue:
    """Keep a signed statement."""
    about = _own(subject, Way.STATEMENT)
    form = StatementForm()
    if not form.validate():
        return _statement_page(about, form, 422)
    service.sign_statement(
        session(),
        practitioner_id=who.practitioner().id,
        subject=about,
        words=form.words.data,
        name=form.name.data,
        now=site().clock(),
    )
    return _done(about)


@pages.get("/for/<subject>/colleague")
def colleague(subject: str) -> ResponseReturnValue:
    """The form that asks a colleague."""
    about = _own(subject, Way.COLLEAGUE)
    person = who.practitioner()
    return _colleague_page(about, ColleagueForm(data={"words": _declared(about, person.id)}), 200)


@pages.post("/for/<subject>/colleague")
def send_colleague(subject: str) -> ResponseReturnValue:
    """Write to a colleague."""
    about = _own(subject, Way.COLLEAGUE)
    form = ColleagueForm()
    if not form.validate():
        return _colleague_page(about, form, 422)
    now = site().clock()
    try:
        asked = service.ask_colleague(
            session(),
            practitioner_id=who.practitioner().id,
            subject=about,
            words=form.words.data,
            name=form.name.data,
            email=outbox.address(form.email.data),
            now=now,
        )
    except InvalidInput:
        form.email.errors = [gettext("That is not an email address. It has the form name@example.org.")]
        return _colleague_page(about, form, 422)
    except Conflict as error:
        form.form_errors.append(gettext(str(error)))
        return _colleague_page(about, form, 409)
    outbox.send(
        session(),
        to=form.email.data,
        letter=letters.ask_colleague(asked.token),
        language=who.account().locale,
        now=now,
    )
    return _done(about)


@pages.get("/pieces/<code>/remove")
def remove(code: str) -> ResponseReturnValue:
    """Ask whether a piece is meant to be deleted."""
    return _removal_page(code)


@pages.post("/pieces/<code>/remove")
def send_remove(code: str) -> ResponseReturnValue:
    """Delete a piece of one's own on which nobody has decided."""
    try:
        piece = service.withdraw(
            session(), store(), practitioner_id=who.practitioner().id, code=code, now=site().clock()
        )
    except Conflict as error:
        raise Conflict(gettext(str(error))) from error
    return redirect(url_for("evidence.claim", subject=piece.subject), 303)


@pages.errorhandler(uploads.TooLarge)
def _too_large(_error: uploads.TooLarge) -> ResponseReturnValue:
    return _upload_failed(gettext(SENTENCES[Fault.TOO_LARGE]), 413)


@pages.errorhandler(uploads.CutOff)
def _cut_off(_error: uploads.CutOff) -> ResponseReturnValue:
    return _upload_failed(
        gettext("The file did not arrive whole, and nothing of it is kept. Please send it again."), 400
    )


def _upload_failed(sentence: str, status: int) -> ResponseReturnValue:
    """The form again, with what went wrong at its file. What was ticked did not arrive with it."""
    if request.endpoint == "evidence.send_photo":
        photo = PhotoForm(formdata=None)
        photo.file.errors = [sentence]
        return render_template("evidence/photo_failed.html", form=photo), status
    form = FileForm(formdata=None)
    form.file.errors = [sentence]
    return _file_page(_own((request.view_args or {})["subject"], Way.FILE), form, status)


def _onward(about: Subject) -> str:
    """The step of the registration at which the claim is made."""
    if about.row_id is None:
        return url_for(f"registration.{about.kind.partition(':')[0]}")
    if about.kind == "indemnity":
        return url_for("registration.cover", indemnity_id=about.row_id)
    kind, _ = queries.paper_of(session(), about.row_id)
    if kind in (CredentialKind.EDUCATION, CredentialKind.CLEAN_NEEDLE_TECHNIQUE):
        return url_for("registration.education_item", school_id=about.row_id)
    return url_for("registration.licence", credential_id=about.row_id)


def _own(subject: str, way: Way | None = None) -> Subject:
    """The asker's own claim of this name, which may be shown in this way; ``NotFound`` otherwise."""
    about = service.own_subject(session(), who.practitioner().id, subject)
    if way is not None and way not in about.ways:
        raise NotFound(gettext("There is no page at this address."))
    return about


def _done(about: Subject) -> ResponseReturnValue:
    return redirect(url_for("evidence.claim", subject=about.text), 303)


def _file_page(about: Subject, form: FileForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "evidence/file.html",
        form=form,
        subject=about.text,
        claim=_named(about),
        most_bytes=LARGEST_FILE_BYTES,
    )
    return page, status


def _statement_page(about: Subject, form: StatementForm, status: int) -> ResponseReturnValue:
    page = render_template("evidence/statement.html", form=form, subject=about.text, claim=_named(about))
    return page, status


def _colleague_page(about: Subject, form: ColleagueForm, status: int) -> ResponseReturnValue:
    page = render_template("evidence/colleague.html", form=form, subject=about.text, claim=_named(about))
    return page, status


def _removal_page(code: str) -> ResponseReturnValue:
    piece = queries.by_code(session(), code)
    if piece.practitioner_id != who.practitioner().id or not rules.may_be_withdrawn(piece.state, piece.decided_at):
        raise NotFound(gettext("There is no page at this address."))
    shown = panels.of(session(), piece.practitioner_id, piece.subject)[0]
    line = next(each for each in shown.lines if each.code == code)
    about = rules.subject(piece.subject)
    return render_template(
        "evidence/remove.html", form=RemovalForm(), line=line, subject=about.text, claim=_named(about)
    )


def _named(about: Subject) -> str:
    """The claim in words."""
    if about.row_id is None:
        return panels.claim(about.text)
    if about.kind == "indemnity":
        insurer = queries.insurer_of(session(), about.row_id)
        said = str(gettext("Your insurance"))
        return f"{said} ({insurer})" if insurer else said
    kind, with_whom = queries.paper_of(session(), about.row_id)
    said = str(gettext("Your %(paper)s", paper=labels.word(labels.KINDS, kind)))
    return f"{said} ({with_whom})" if with_whom else said


def _declared(about: Subject, practitioner_id: int) -> str:
    """What the profile says already, as a first sentence."""
    number = queries.patients_declared(session(), practitioner_id).get(about.text)
    if not number:
        return ""
    if about.text == "rls:patients":
        return str(gettext("In the last 24 months I have seen %(number)s people with RLS.", number=number))
    return str(gettext("In the last 24 months I have seen %(number)s pregnant people.", number=number))
