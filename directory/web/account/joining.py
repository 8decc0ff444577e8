"""Registering, recovering a password, and taking a change of address back: everything that begins with a letter.

No answer here says whether an address is known: the words are the same, and so is the work.
"""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.accounts import queries, service
from directory.accounts.terms import Action, Purpose, Role
from directory.http import signing
from directory.http.locale import current
from directory.http.site import session, site
from directory.web.account.parts import count, dead_link, must_wait, of_email, of_network, pages, too_often
from directory.web.forms.account import ConfirmForm, NewPasswordForm, RecoverForm, RegisterForm


@pages.get("/register")
def register() -> str:
    """The form."""
    return render_template("account/register.html", form=RegisterForm())


@pages.post("/register")
def send_register() -> ResponseReturnValue:
    """Send a letter: how to go on, or that there is an account already."""
    form = RegisterForm()
    if not form.validate():
        return render_template("account/register.html", form=form), 422
    subjects = of_network(Action.REGISTER)
    waiting = must_wait(Action.REGISTER, subjects)
    if waiting:
        return too_often("account/register.html", form, waiting)
    mailbox = of_email(Action.REGISTER, form.email.data)
    enough = must_wait(Action.REGISTER, mailbox)
    count(Action.REGISTER, subjects | mailbox)
    if not enough:
        service.ask_to_register(
            session(), form.email.data, Role(form.role.data), locale=str(current()), now=site().clock()
        )
    return redirect(url_for("account.letter_sent"), 303)


@pages.get("/letter-sent")
def letter_sent() -> str:
    """Say that a letter is on its way, to whomever it may be."""
    return render_template("account/letter_sent.html")


@pages.get("/welcome/<token>")
def welcome(token: str) -> ResponseReturnValue:
    """Choose the password of a new account."""
    link = queries.link(session(), token, Purpose.REGISTER, now=site().clock())
    if link is None:
        return dead_link()
    return render_template("account/welcome.html", form=NewPasswordForm(), token=token, email=link.email)


@pages.post("/welcome/<token>")
def send_welcome(token: str) -> ResponseReturnValue:
    """Make the account and sign its owner in."""
    link = queries.link(session(), token, Purpose.REGISTER, now=site().clock())
    if link is None:
        return dead_link()
    email = link.email or ""
    form = NewPasswordForm(context=(email,))
    if not form.validate():
        return render_template("account/welcome.html", form=form, token=token, email=email), 422
    account = service.finish_registering(session(), token, form.password.data, now=site().clock())
    if account is None:
        return dead_link()
    signing.begin(account)
    begins_work = Role.PRACTITIONER in account.roles
    return redirect(url_for("registration.overview" if begins_work else "account.index"), 303)


@pages.get("/recover")
def recover() -> str:
    """Ask where to write to."""
    return render_template("account/recover.html", form=RecoverForm())


@pages.post("/recover")
def send_recover() -> ResponseReturnValue:
    """Send a letter to whoever has an account, and say nothing about it."""
    form = RecoverForm()
    if not form.validate():
        return render_template("account/recover.html", form=form), 422
    subjects = of_network(Action.RECOVER)
    waiting = must_wait(Action.RECOVER, subjects)
    if waiting:
        return too_often("account/recover.html", form, waiting)
    mailbox = of_email(Action.RECOVER, form.email.data)
    enough = must_wait(Action.RECOVER, mailbox)
    count(Action.RECOVER, subjects | mailbox)
    if not enough:
        service.ask_to_recover(session(), form.email.data, now=site().clock())
    return redirect(url_for("account.letter_sent"), 303)


@pages.get("/recover/<token>")
def new_password(token: str) -> ResponseReturnValue:
    """Choose a new password."""
    link = queries.link(session(), token, Purpose.RECOVER, now=site().clock())
    if link is None or link.account_id is None:
        return dead_link()
    email = queries.account(session(), link.account_id).email
    return render_template("account/new_password.html", form=NewPasswordForm(), token=token, email=email)


@pages.post("/recover/<token>")
def send_new_password(token: str) -> ResponseReturnValue:
    """Set it. Nobody is signed in by it: a second factor is asked for as at every sign-in."""
    link = queries.link(session(), token, Purpose.RECOVER, now=site().clock())
    if link is None or link.account_id is None:
        return dead_link()
    email = queries.account(session(), link.account_id).email
    form = NewPasswordForm(context=(email,))
    if not form.validate():
        return render_template("account/new_password.html", form=form, token=token, email=email), 422
    if service.recover(session(), token, form.password.data, now=site().clock()) is None:
        return dead_link()
    signing.end()
    return redirect(url_for("account.password_set"), 303)


@pages.get("/password-set")
def password_set() -> str:
    """Say that one may sign in with it now."""
    return render_template("account/password_set.html")


@pages.get("/keep-email/<token>")
def keep_email(token: str) -> ResponseReturnValue:
    """Ask whether a change of address is to be taken back."""
    if queries.link(session(), token, Purpose.KEEP_EMAIL, now=site().clock()) is None:
        return dead_link()
    return render_template("account/keep_email.html", form=ConfirmForm(), token=token)


@pages.post("/keep-email/<token>")
def send_keep_email(token: str) -> ResponseReturnValue:
    """Take it back, end every session, and send a letter with which a new password is chosen."""
    if not service.keep_email(session(), token, now=site().clock()):
        return dead_link()
    signing.end()
    return redirect(url_for("account.letter_sent"), 303)
