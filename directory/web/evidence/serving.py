"""Handing a file out: to its owner and to verifiers, as a download that no browser shows on our site."""

from __future__ import annotations

from typing import Final

from flask import Response
from flask.typing import ResponseReturnValue

from directory.accounts import permissions
from directory.accounts.terms import Permission
from directory.credentials.evidence import queries, service
from directory.credentials.evidence.terms import ENDINGS, MediaType
from directory.errors import NotFound, Unavailable
from directory.http import views, who
from directory.http.locale import gettext
from directory.http.site import session
from directory.practitioners import queries as people
from directory.web.evidence.blueprint import pages, store

SANDBOX: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
INSIDE: Final = "sandbox; default-src 'none'; frame-ancestors 'self'"
"""Of a file that a page of the desk shows inside itself: nothing in it acts, and no other site can show it."""


@pages.get("/files/<code>")
def download(code: str) -> ResponseReturnValue:
    """One file. Somebody else's does not exist; that a verifier opened one is written down before they get it."""
    try:
        evidence = queries.by_code(session(), code)
        own = may_read(evidence.practitioner_id)
        content = service.read(store(), evidence)
    except NotFound as error:
        raise NotFound(gettext("There is no page at this address.")) from error
    except Unavailable as error:
        raise Unavailable(gettext(str(error))) from error
    if not own:
        views.note("evidence.read", f"evidence:{evidence.id}", about=evidence.practitioner_id)
    return attachment(content, evidence.media_type or MediaType.PDF, f"evidence-{evidence.id}")


@pages.get("/view/<code>")
def view(code: str) -> ResponseReturnValue:
    """One file as a page of the desk shows it. Only what we made anew is ever kept, and each look is written down."""
    try:
        evidence = queries.by_code(session(), code)
        content = service.read(store(), evidence)
    except NotFound as error:
        raise NotFound(gettext("There is no page at this address.")) from error
    except Unavailable as error:
        raise Unavailable(gettext(str(error))) from error
    views.note("evidence.read", f"evidence:{evidence.id}", about=evidence.practitioner_id)
    media_type = evidence.media_type or MediaType.PDF
    response = Response(content, mimetype=media_type.value)
    response.headers["Content-Disposition"] = f'inline; filename="evidence-{evidence.id}.{ENDINGS[media_type][0]}"'
    response.headers["Content-Security-Policy"] = INSIDE
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def may_read(practitioner_id: int) -> bool:
    """Whether the asker reads what is their own; ``NotFound`` when it is not and they may not read other people's."""
    owner = people.of_account(session(), who.account().id)
    if owner is not None and owner.id == practitioner_id:
        return True
    if permissions.may(who.account().roles, Permission.VERIFY_CLAIMS) and who.has_second_factor():
        return False
    raise NotFound("There is nothing at this address.")


def attachment(content: bytes, media_type: MediaType, name: str) -> Response:
    """A file to be saved, under a name of ours."""
    response = Response(content, mimetype=media_type.value)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ENDINGS[media_type][0]}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
