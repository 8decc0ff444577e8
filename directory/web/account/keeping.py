"""What somebody keeps of their own account: overview, password, address, sessions and log; and the demonstration's."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.accounts import demonstration, history, passwords, queries, rules, service, sessions
from directory.accounts.terms import Action, Happening, Purpose, Role
from directory.http import signing, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.web.account.parts import count, dead_link, must_wait, of_email, of_sign_in, pages, too_often
from directory.web.forms.account import ChangePasswordForm, ConfirmForm, NewEmailForm


@pages.get("")
def index() -> str:
    """What there is to keep."""
    account = who.account()
    return render_template(
        "account/index.html",
        account=account,
        roles=account.roles,
        has_second_factor=queries.has_second_factor(session(), account),
        practitioner=people.of_account(session(), account.id),
    )


@pages.post("/practise")
def practise() -> ResponseReturnValue:
    """Let somebody who came as a patient register as a practitioner too."""
    account = who.account()
    service.grant(session(), account, Role.PRACTITIONER, now=site().clock(), by=account.id)
    return redirect(url_for("registration.overview"), 303)


@pages.get("/password")
def password() -> str:
    """The form."""
    return render_template("account/password.html", form=ChangePasswordForm(), email=who.account().email)


@pages.post("/password")
def send_password() -> ResponseReturnValue:
    """Change it, end every other session, and give this one a new name."""
    account = who.account()
    form = ChangePasswordForm(context=(account.email,))
    if not form.validate():
        return render_template("account/password.html", form=form, email=account.email), 422
    subjects = of_sign_in(account.email, account)
    waiting = must_wait(Action.SIGN_IN, subjects)
    if waiting:
        return too_often("account/password.html", form, waiting, email=account.email)
    if not passwords.fits(account.password, form.current.data):
        count(Action.SIGN_IN, subjects)
        history.note(session(), account.id, Happening.PROOF_FAILED, now=site().clock(), device=signing.device())
        form.current.errors = [gettext("That is not your password. Please check it.")]
        return render_template("account/password.html", form=form, email=account.email), 422
    row = who.this_session()
    service.change_password(
        session(),
        account,
        form.password.data,
        keep=None if row is None else row.id,
        now=site().clock(),
        device=signing.device(),
    )
    signing.prove()
    return redirect(url_for("account.index"), 303)


@pages.get("/email")
def email() -> str:
    """The form."""
    return render_template("account/email.html", form=NewEmailForm(), email=who.account().email)


@pages.post("/email")
def send_email() -> ResponseReturnValue:
    """Send letters to both addresses; nothing changes before the new one is confirmed."""
    account = who.account()
    form = NewEmailForm()
    if form.validate() and rules.email_key(form.email.data) == account.email_key:
        form.email.errors = [gettext("That is your address already.")]
    if form.errors:
        return render_template("account/email.html", form=form, email=account.email), 422
    subjects = of_email(Action.CHANGE_EMAIL, str(account.id))
    waiting = must_wait(Action.CHANGE_EMAIL, subjects)
    if waiting:
        return too_often("account/email.html", form, waiting, email=account.email)
    count(Action.CHANGE_EMAIL, subjects)
    service.ask_to_change_email(session(), account, form.email.data, now=site().clock(), device=signing.device())
    return redirect(url_for("account.letter_sent"), 303)


@pages.get("/email/<token>")
def confirm_email(token: str) -> ResponseReturnValue:
    """Ask whether the new address shall count from now on."""
    link = queries.link(session(), token, Purpose.CHANGE_EMAIL, now=site().clock())
    if link is None or link.account_id != who.account().id:
        return dead_link()
    return render_template("account/confirm_email.html", form=ConfirmForm(), token=token, email=link.email)


@pages.post("/email/<token>")
def send_confirm_email(token: str) -> ResponseReturnValue:
    """Let it count."""
    account = who.account()
    if not service.change_email(session(), account, token, now=site().clock(), device=signing.device()):
        return dead_link()
    return redirect(url_for("account.index"), 303)


@pages.get("/sessions")
def own_sessions() -> str:
    """Where somebody is signed in."""
    account = who.account()
    now = site().clock()
    within = who.limits(account.roles)
    live = [
        each
        for each in queries.sessions_of(session(), account.id)
        if rules.is_live(began_at=each.began_at, last_seen_at=each.last_seen_at, limits=within, now=now)
    ]
    return render_template("account/sessions.html", form=ConfirmForm(), rows=live, this=who.this_session())


@pages.post("/sessions/<int:number>/end")
def end_session(number: int) -> ResponseReturnValue:
    """End one of them."""
    account = who.account()
    ended = sessions.end_one(session(), account.id, number)
    history.note(session(), account.id, Happening.SESSION_ENDED, now=site().clock(), device=ended.device)
    this = who.this_session()
    if this is not None and ended.id == this.id:
        signing.end()
        return redirect(url_for("account.signed_out"), 303)
    return redirect(url_for("account.own_sessions"), 303)


@pages.post("/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    """End all but the one in which this is asked."""
    account = who.account()
    this = who.this_session()
    sessions.end_all(session(), account.id, but=None if this is None else this.id)
    now = site().clock()
    history.note(session(), account.id, Happening.OTHER_SESSIONS_ENDED, now=now, device=signing.device())
    return redirect(url_for("account.own_sessions"), 303)


@pages.get("/log")
def log() -> str:
    """What happened to the account."""
    return render_template("account/log.html", events=queries.events_of(session(), who.account().id))


@pages.get("/demo")
def demo() -> str:
    """The accounts of the demonstration, with codes that fit now. Nobody sees this page in production."""
    shown = [
        (each, signing.code_now(each) if each.totp_since is not None else None) for each in queries.fictional(session())
    ]
    return render_template("account/demo.html", accounts=shown, password=demonstration.PASSWORD)
