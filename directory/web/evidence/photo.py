"""One's own photo: the one that is shown, the one that waits, and a form for a new one."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.credentials.evidence import photos, queries, workbench
from directory.credentials.evidence.models import ProfilePhoto
from directory.credentials.evidence.terms import LARGEST_FILE_BYTES, FileRefused, PhotoState
from directory.errors import NotFound, Unavailable
from directory.http import uploads, views, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.web.evidence.blueprint import pages, scanner, store
from directory.web.evidence.serving import SANDBOX, may_read
from directory.web.forms.evidence import PhotoForm


@pages.get("/photo")
def photo() -> ResponseReturnValue:
    """What is shown, what waits, and the form."""
    person = who.practitioner()
    if _lacks_second_factor(person):
        return redirect(url_for("account.second_factor", next=request.path), 303)
    return _page(person, PhotoForm(), 200)


@pages.post("/photo")
def send_photo() -> ResponseReturnValue:
    """Make a photo anew and keep it until somebody has looked at it. The one that is shown stays."""
    person = who.practitioner()
    if _lacks_second_factor(person):
        return redirect(url_for("account.second_factor", next=request.path), 303)
    form = PhotoForm()
    form.validate()
    sent = uploads.sent("file")
    if sent is None:
        form.file.errors = [gettext("Please choose a photo.")]
    if sent is None or form.errors:
        return _page(person, form, 422)
    uploads.let_go()
    try:
        portrait = workbench.portrait(*sent)
        scan = scanner().scan(sent[0])

        def keep() -> ResponseReturnValue:
            photos.add_photo(
                session(),
                store(),
                practitioner_id=who.practitioner().id,
                portrait=portrait,
                scan=scan,
                now=site().clock(),
            )
            return redirect(url_for("evidence.photo"), 303)

        return uploads.write(keep)
    except FileRefused as error:
        session().rollback()
        form.file.errors = [gettext(str(error))]
        return _page(who.practitioner(), form, 422)
    except Unavailable as error:
        session().rollback()
        form.file.errors = [gettext(str(error))]
        return _page(who.practitioner(), form, 503)


@pages.post("/photo/remove")
def remove_photo() -> ResponseReturnValue:
    """Take a photo back, the one that is shown or the one that waits. Nobody is asked."""
    live = request.form.get("which") == "live"
    photos.remove_photo(session(), store(), who.practitioner().id, live=live, now=site().clock())
    return redirect(url_for("evidence.photo"), 303)


@pages.get("/photo/<int:photo_id>")
def photo_file(photo_id: int) -> ResponseReturnValue:
    """A photo that may wait still: for its owner, and for verifiers, whose reading is written down."""
    try:
        found = photos.by_id(session(), photo_id)
        own = may_read(found.practitioner_id)
        content = photos.read(store(), found, small=False)
    except NotFound as error:
        raise NotFound(gettext("There is no page at this address.")) from error
    if not own:
        views.note("photo.read", f"photo:{found.id}", about=found.practitioner_id)
    response = Response(content, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _lacks_second_factor(person: Practitioner) -> bool:
    return person.published_at is not None and not who.has_second_factor()


def _page(person: Practitioner, form: PhotoForm, status: int) -> ResponseReturnValue:
    live = queries.live_photo(session(), person.id)
    newer = queries.newer_photo(session(), person.id)
    page = render_template(
        "evidence/photo.html",
        form=form,
        live=live,
        newer=newer,
        newer_said=_said(newer),
        published=person.published_at is not None,
        most_bytes=LARGEST_FILE_BYTES,
    )
    return page, status


def _said(newer: ProfilePhoto | None) -> str:
    if newer is None:
        return ""
    if newer.state is PhotoState.WAITING_SCAN:
        return str(gettext("Waits for the virus scanner; nobody can open it yet."))
    if newer.state is PhotoState.WAITING:
        return str(gettext("Waits to be looked at. Only you see it."))
    if newer.reason_sealed:
        return str(gettext("Not accepted: %(reason)s", reason=newer.reason_sealed))
    return str(gettext("Refused and deleted: the virus scanner found something in it."))
