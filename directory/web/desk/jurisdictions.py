"""One switch for each jurisdiction: whether anybody is shown there at all."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.terms import Permission
from directory.desk import jurisdictions as desk
from directory.desk.jurisdictions import Switchable
from directory.errors import Conflict, NotFound
from directory.http import headers, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.jurisdictions import service
from directory.web.desk.blueprint import pages
from directory.web.forms.desk.jurisdictions import SwitchForm

NEEDS = Permission.ADMINISTER


@pages.get("/jurisdictions")
def jurisdictions() -> str:
    """Every jurisdiction, what is hidden first."""
    headers.personal()
    found = desk.switchable(session())
    return render_template(
        "desk/jurisdictions.html",
        hidden=[each for each in found if each.hidden_since is not None],
        shown=[each for each in found if each.hidden_since is None and each.listable],
        never=[each for each in found if not each.listable],
    )


@pages.get("/jurisdictions/<jurisdiction>")
def jurisdiction(jurisdiction: str) -> ResponseReturnValue:
    """What turning this switch would do, and the form."""
    headers.personal()
    return _page(_found(jurisdiction), SwitchForm())


@pages.post("/jurisdictions/<jurisdiction>")
def send_jurisdiction(jurisdiction: str) -> ResponseReturnValue:
    """Hide it, or show it again: what the button said is done, also when somebody else was first."""
    headers.personal()
    there, form = _found(jurisdiction), SwitchForm()
    if not form.validate():
        return _page(there, form)
    turn = service.hide if there.hidden_since is None else service.show
    turn(session(), there.code, reason=form.reason.data, by=who.account().id, now=site().clock())
    return redirect(url_for("desk.jurisdictions"), 303)


def _found(code: str) -> Switchable:
    found = next((each for each in desk.switchable(session()) if each.code == code), None)
    if found is None:
        raise NotFound(gettext("There is no page at this address."))
    if not found.listable:
        raise Conflict(gettext("Nobody is listed there in any case: the rules of the place say so."))
    return found


def _page(there: Switchable, form: SwitchForm) -> ResponseReturnValue:
    page = render_template(
        "desk/jurisdiction.html", there=there, concerned=desk.concerned(session(), there.code), form=form
    )
    return (page, 422) if form.errors else page
