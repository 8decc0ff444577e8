"""The people who work at the desk: inviting them, their roles and sessions, and what happens when somebody leaves."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from directory.accounts import queries, service, sessions
from directory.accounts.permissions import PRIVILEGED
from directory.accounts.terms import Role
from directory.desk import staff as desk
from directory.errors import Conflict, NotFound
from directory.http import headers, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.web.desk.blueprint import pages
from directory.web.forms.desk.staff import ROLES, InviteForm, LeaveForm, ResetForm


@pages.get("/staff")
def staff() -> ResponseReturnValue:
    """Everybody, and a form to invite somebody."""
    return _everybody(InviteForm(formdata=None))


@pages.post("/staff")
def send_invitation() -> ResponseReturnValue:
    """Write to somebody; whether the address is known is told to nobody."""
    form = InviteForm()
    if not form.validate():
        return _everybody(form)
    service.invite(session(), form.email.data, Role(form.role.data), by=who.account().id, now=site().clock())
    return redirect(url_for("desk.staff", _anchor="invite"), 303)


@pages.get("/staff/<int:account_id>")
def colleague(account_id: int) -> ResponseReturnValue:
    """One of them."""
    return _one(account_id, ResetForm(formdata=None))


@pages.post("/staff/<int:account_id>/role/<role>")
def send_role(account_id: int, role: str) -> ResponseReturnValue:
    """Give somebody a role at the desk, or take it away."""
    if role not in PRIVILEGED:
        raise NotFound("There is no such role.")
    person, now, by = desk.somebody(session(), account_id), site().clock(), who.account().id
    if account_id == by:
        raise Conflict(str(gettext("Nobody changes their own roles. Ask another administrator.")), code="own_role")
    if not service.withdraw(session(), person, Role(role), now=now, by=by):
        service.grant(session(), person, Role(role), now=now, by=by)
    return redirect(url_for("desk.staff"), 303)


@pages.post("/staff/<int:account_id>/sign-out")
def send_sign_out(account_id: int) -> ResponseReturnValue:
    """End every session of somebody."""
    person = desk.somebody(session(), account_id)
    sessions.end_all(session(), person.id)
    return redirect(url_for("desk.colleague", account_id=account_id), 303)


@pages.post("/staff/<int:account_id>/second-factor")
def send_reset(account_id: int) -> ResponseReturnValue:
    """Take somebody's second proofs away."""
    person, form = desk.somebody(session(), account_id), ResetForm()
    if not form.validate():
        return _one(account_id, form)
    if person.id == who.account().id:
        raise Conflict(str(gettext("Change your own second proofs on your account’s page.")), code="own_role")
    service.reset_second_factors(session(), person, now=site().clock(), by=who.account().id, reason=form.reason.data)
    return redirect(url_for("desk.colleague", account_id=account_id), 303)


@pages.post("/staff/<int:account_id>/leave")
def send_leave(account_id: int) -> ResponseReturnValue:
    """Somebody works here no longer."""
    now = site().clock()
    person = desk.somebody(session(), account_id)
    form = _leaving(account_id)
    if not form.validate():
        return _one(account_id, ResetForm(formdata=None), form)
    to = int(form.to.data) if form.to.data else None
    desk.leave(session(), person.id, to=to, by=who.account().id, now=now)
    return redirect(url_for("desk.staff"), 303)


def _everybody(form: InviteForm) -> ResponseReturnValue:
    headers.personal()
    page = render_template(
        "desk/staff.html",
        people=desk.colleagues(session(), now=site().clock()),
        roles=ROLES,
        me=who.account().id,
        form=form,
    )
    return (page, 422) if form.errors else page


def _one(account_id: int, resetting: ResetForm, leaving: LeaveForm | None = None) -> ResponseReturnValue:
    headers.personal()
    now = site().clock()
    person = desk.colleague(session(), account_id, now=now)
    form = leaving or _leaving(account_id, empty=True)
    page = render_template(
        "desk/colleague.html",
        person=person,
        roles=ROLES,
        mine=account_id == who.account().id,
        sessions=queries.sessions_of(session(), account_id),
        resetting=resetting,
        leaving=form,
    )
    return (page, 422) if resetting.errors or form.errors else page


def _leaving(account_id: int, *, empty: bool = False) -> LeaveForm:
    form = LeaveForm(formdata=None) if empty else LeaveForm()
    form.to.choices = [
        SelectChoice("", str(gettext("nobody: it goes back to the queue"))),
        *(SelectChoice(str(number), email) for number, email in desk.heirs(session(), account_id)),
    ]
    return form
