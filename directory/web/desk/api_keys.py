"""Keys for programs that ask the interface a lot: giving one, which is shown this once, and revoking one."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.api_keys import queries, service
from directory.http import headers, who
from directory.http.site import session, site
from directory.web.desk.blueprint import pages
from directory.web.forms.desk.api_keys import ApiKeyForm


@pages.get("/api-keys")
def api_keys() -> ResponseReturnValue:
    """Every key, and a form to give one."""
    return _page(ApiKeyForm(formdata=None))


@pages.post("/api-keys")
def send_api_key() -> ResponseReturnValue:
    """Give a key. It stands in this answer and nowhere else, so the answer is the page and no way to another one."""
    form = ApiKeyForm()
    if not form.validate():
        return _page(form)
    _, secret = service.issue(
        session(),
        name=form.name.data,
        contact=form.contact.data,
        per_day=int(form.per_day.data),
        by=who.account().id,
        now=site().clock(),
    )
    return _page(ApiKeyForm(formdata=None), secret=secret)


@pages.post("/api-keys/<int:key_id>/revoke")
def send_api_key_revoked(key_id: int) -> ResponseReturnValue:
    """Have a key open nothing any more, from the next request on."""
    service.revoke(session(), key_id, by=who.account().id, now=site().clock())
    return redirect(url_for("desk.api_keys"), 303)


def _page(form: ApiKeyForm, *, secret: str | None = None) -> ResponseReturnValue:
    headers.personal()
    found = queries.keys(session())
    page = render_template(
        "desk/api_keys.html",
        form=form,
        secret=secret,
        keys=found,
        used=queries.used_today(session(), found, secret=site().config.secret_key, now=site().clock()),
        light=site().config.api_requests_per_hour,
    )
    return (page, 422) if form.errors else page
