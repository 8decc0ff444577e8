"""Signing in and out, the second factor, and proving again who one is."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.accounts import factors, history, passwords, queries, service, throttle
from directory.accounts.models import Account
from directory.accounts.terms import Action, Factor, Happening, Scope
from directory.http import headers, signing, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.web.account import passkeys
from directory.web.account.parts import (
    count,
    must_wait,
    of_network,
    of_second_factor,
    of_sign_in,
    pages,
    too_often,
    way_back,
)
from directory.web.forms.account import CodeForm, ConfirmForm, PasskeyForm, PasswordForm, SignInForm


@pages.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form; whoever has signed in already goes on."""
    return render_template("account/sign_in.html", form=SignInForm(), next=way_back())


@pages.post("/sign-in")
def send_sign_in() -> ResponseReturnValue:
    """Begin a session for the right address and password, or a pending one where a second factor is set up.

    An address that is not known takes as long, and is refused in the same words, as one whose password is wrong.
    """
    form = SignInForm()
    if not form.validate():
        return render_template("account/sign_in.html", form=form, next=way_back()), 422
    found = queries.by_email(session(), form.email.data)
    subjects = of_sign_in(form.email.data, found)
    waiting = must_wait(Action.SIGN_IN, subjects)
    if waiting:
        history.tell(Happening.SIGN_IN_THROTTLED, account_id=None if found is None else found.id)
        return too_often("account/sign_in.html", form, waiting, next=way_back())
    right = passwords.fits(None if found is None else found.password, form.password.data)
    if found is None or not right or not who.may_enter(found):
        count(Action.SIGN_IN, subjects)
        _failed(found, Happening.SIGN_IN_FAILED)
        form.form_errors.append(gettext("This address and password do not fit together. Please check both."))
        return render_template("account/sign_in.html", form=form, next=way_back()), 422
    throttle.forgive(session(), Action.SIGN_IN, subjects[Scope.PAIR])
    if found.password is not None and passwords.is_outdated(found.password):
        service.rehash(session(), found, form.password.data)
    if queries.has_second_factor(session(), found):
        signing.begin_pending(found)
        return redirect(url_for("account.second_factor", next=way_back()), 303)
    signing.begin(found)
    return redirect(way_back(), 303)


@pages.post("/sign-in/passkey")
def sign_in_with_passkey() -> ResponseReturnValue:
    """Begin a session with a passkey alone, which has looked who holds it: two factors in one."""
    form = PasskeyForm()
    subjects = of_network(Action.SIGN_IN)
    waiting = must_wait(Action.SIGN_IN, subjects)
    if waiting:
        return too_often("account/sign_in.html", SignInForm(formdata=None), waiting, next=way_back())
    used = passkeys.answered(form.credential.data, holder_seen=True)
    if used is None or not who.may_enter(used.account):
        count(Action.SIGN_IN, subjects)
        _failed(None if used is None else used.account, Happening.SIGN_IN_FAILED)
        refused = SignInForm(formdata=None)
        refused.form_errors.append(gettext("That passkey could not be used. Sign in with your password instead."))
        return render_template("account/sign_in.html", form=refused, next=way_back()), 422
    signing.begin(used.account, second_factor=Factor.PASSKEY)
    return redirect(way_back(), 303)


@pages.get("/second-factor")
def second_factor() -> ResponseReturnValue:
    """Ask for a code or a passkey; whoever has neither is shown how to set one up."""
    account = _asked_account()
    if who.has_second_factor():
        return redirect(way_back(), 303)
    if not queries.has_second_factor(session(), account):
        return redirect(url_for("account.second_factors", next=way_back()), 303)
    return render_template("account/second_factor.html", form=CodeForm(), **_ways(account))


@pages.post("/second-factor")
def prove_second_factor() -> ResponseReturnValue:
    """Look at a code of the app, or at a recovery code."""
    form = CodeForm()
    account = _asked_account()
    if not form.validate():
        return render_template("account/second_factor.html", form=form, **_ways(account)), 422
    account = factors.locked(session(), account.id)
    subjects = of_second_factor(account)
    waiting = must_wait(Action.SECOND_FACTOR, subjects)
    if waiting:
        history.tell(Happening.SIGN_IN_THROTTLED, account_id=account.id)
        return too_often("account/second_factor.html", form, waiting, **_ways(account))
    proved = _proved_with(account, form.code.data)
    if proved is None:
        count(Action.SECOND_FACTOR, subjects)
        _failed(account, Happening.SECOND_FACTOR_FAILED)
        form.code.errors = [
            gettext("That code is not right, or was used already. Codes of the app change every 30 seconds.")
        ]
        return render_template("account/second_factor.html", form=form, **_ways(account)), 422
    return _second_factor_proved(account, proved)


@pages.post("/second-factor/passkey")
def prove_passkey() -> ResponseReturnValue:
    """Look at what a passkey answered."""
    account = _asked_account()
    form = CodeForm(formdata=None)
    subjects = of_second_factor(account)
    waiting = must_wait(Action.SECOND_FACTOR, subjects)
    if waiting:
        return too_often("account/second_factor.html", form, waiting, **_ways(account))
    used = passkeys.answered(PasskeyForm().credential.data, account=account)
    if used is None:
        count(Action.SECOND_FACTOR, subjects)
        _failed(account, Happening.SECOND_FACTOR_FAILED)
        form.form_errors.append(gettext("That passkey could not be used. Please try again, or use a code."))
        return render_template("account/second_factor.html", form=form, **_ways(account)), 422
    return _second_factor_proved(account, Factor.PASSKEY)


@pages.get("/again")
def again() -> str:
    """Ask for the password or a passkey once more, before something sensitive."""
    return render_template("account/again.html", form=PasswordForm(), **_ways(who.account()))


@pages.post("/again")
def prove_again() -> ResponseReturnValue:
    """Look at the password."""
    form = PasswordForm()
    account = who.account()
    if not form.validate():
        return render_template("account/again.html", form=form, **_ways(account)), 422
    subjects = of_sign_in(account.email, account)
    waiting = must_wait(Action.SIGN_IN, subjects)
    if waiting:
        return too_often("account/again.html", form, waiting, **_ways(account))
    if not passwords.fits(account.password, form.password.data):
        count(Action.SIGN_IN, subjects)
        _failed(account, Happening.PROOF_FAILED)
        form.password.errors = [gettext("That is not your password. Please check it.")]
        return render_template("account/again.html", form=form, **_ways(account)), 422
    return _proved_again(account)


@pages.post("/again/passkey")
def prove_again_with_passkey() -> ResponseReturnValue:
    """Look at what a passkey answered."""
    account = who.account()
    used = passkeys.answered(PasskeyForm().credential.data, account=account, holder_seen=True)
    if used is None:
        _failed(account, Happening.PROOF_FAILED)
        form = PasswordForm(formdata=None)
        form.form_errors.append(gettext("That passkey could not be used. Please type your password."))
        return render_template("account/again.html", form=form, **_ways(account)), 422
    return _proved_again(account, Factor.PASSKEY)


@pages.post("/sign-out")
def send_sign_out() -> ResponseReturnValue:
    """End this session, here and wherever its cookie was copied to."""
    ConfirmForm()
    account = who.signed_in()
    if account is not None:
        history.note(session(), account.id, Happening.SIGNED_OUT, now=site().clock(), device=signing.device())
    signing.end()
    response = redirect(url_for("account.signed_out"), 303)
    # Pages that the browser kept go; cookies stay, because one of them says that this browser is known.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@pages.get("/signed-out")
def signed_out() -> str:
    """Say so."""
    return render_template("account/signed_out.html")


def _asked_account() -> Account:
    row = who.this_browsers_session()
    if row is None:
        raise LookupError("the access inventory lets nobody in without a session")
    return row.account


def _ways(account: Account) -> dict[str, Any]:
    return {
        "next": way_back(),
        "has_app": account.totp_since is not None,
        "has_passkey": queries.has_passkey(session(), account.id),
        "codes_left": queries.recovery_codes_left(session(), account.id),
    }


def _proved_with(account: Account, code: str) -> Factor | None:
    if signing.code_fits(account, code):
        return Factor.TOTP
    if factors.use_recovery_code(session(), account, code):
        now = site().clock()
        history.note(session(), account.id, Happening.RECOVERY_CODE_USED, now=now, device=signing.device())
        return Factor.RECOVERY_CODE
    return None


def _second_factor_proved(account: Account, factor: Factor) -> ResponseReturnValue:
    throttle.forgive(session(), Action.SECOND_FACTOR, of_second_factor(account)[Scope.PAIR])
    now = site().clock()
    history.note(session(), account.id, Happening.SECOND_FACTOR_PROVED, now=now, device=signing.device())
    signing.prove(second_factor=factor)
    return redirect(way_back(), 303)


def _proved_again(account: Account, factor: Factor | None = None) -> ResponseReturnValue:
    history.note(session(), account.id, Happening.PROVED_AGAIN, now=site().clock(), device=signing.device())
    signing.prove(second_factor=factor)
    return redirect(way_back(), 303)


def _failed(account: Account | None, happening: Happening) -> None:
    if account is None:
        history.pretend(session(), happening, now=site().clock())
    else:
        history.note(session(), account.id, happening, now=site().clock(), device=signing.device())
    site().database.keep_refusal()
    headers.personal()
