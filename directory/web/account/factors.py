"""Second factors: the authenticator app, passkeys, and codes on paper for the day when both are lost."""

from __future__ import annotations

import json
from typing import Any

import segno
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from directory.accounts import factors, history, letters, permissions, queries, rules
from directory.accounts.models import Account
from directory.accounts.terms import Action, Factor, Happening
from directory.crypto import keyring
from directory.errors import Conflict
from directory.http import signing, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.mail import outbox
from directory.web.account import passkeys
from directory.web.account.parts import count, must_wait, of_second_factor, pages, too_often, way_back
from directory.web.forms.account import AuthenticatorForm, ConfirmForm, NewPasskeyForm


@pages.get("/second-factors")
def second_factors() -> str:
    """What is set up, and what may be."""
    account = who.account()
    return render_template(
        "account/second_factors.html",
        form=ConfirmForm(),
        account=account,
        passkeys=account.passkeys,
        codes_left=queries.recovery_codes_left(session(), account.id),
        last_stays=_must_keep_one(account),
        next=way_back(),
    )


@pages.get("/authenticator")
def authenticator() -> str:
    """A new secret, as a square to be photographed and in letters to be typed."""
    secret = signing.library().totp_factory.generate_totp_secret()
    return _authenticator(AuthenticatorForm(secret=_sealed(who.account(), secret)), secret)


@pages.post("/authenticator")
def send_authenticator() -> ResponseReturnValue:
    """Look at the first code; from now on one is asked for at every sign-in."""
    form = AuthenticatorForm()
    account = factors.locked(session(), who.account().id)
    secret = _opened(account, form.secret.data)
    if secret is None:
        return redirect(url_for("account.authenticator", next=way_back()), 303)
    if not form.validate():
        return _authenticator(form, secret), 422
    subjects = of_second_factor(account)
    waiting = must_wait(Action.SECOND_FACTOR, subjects)
    if waiting:
        return too_often("account/authenticator.html", form, waiting, **_shown(secret))
    before, account.totp_last_counter = account.totp_last_counter, None
    if not signing.code_fits(account, form.code.data, secret=secret):
        account.totp_last_counter = before
        count(Action.SECOND_FACTOR, subjects)
        form.code.errors = [
            gettext("That code does not fit. Look whether your device’s clock is right, and type the newest code.")
        ]
        return _authenticator(form, secret), 422
    factors.set_up_totp(session(), account, secret, now=site().clock())
    return _added(account, Factor.TOTP, Happening.TOTP_ON)


@pages.post("/authenticator/remove")
def remove_authenticator() -> ResponseReturnValue:
    """Ask for its codes no more."""
    account = who.account()
    if _must_keep_one(account):
        raise Conflict(gettext("What you do here needs a second proof. Set another one up first."))
    factors.remove_totp(session(), account)
    return _changed(account, Happening.TOTP_OFF)


@pages.get("/passkeys/new")
def new_passkey() -> str:
    """Name a passkey, and let the browser make it."""
    return render_template("account/new_passkey.html", form=NewPasskeyForm(), next=way_back())


@pages.post("/passkeys/new")
def send_new_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser made."""
    form = NewPasskeyForm()
    if not form.validate():
        return render_template("account/new_passkey.html", form=form, next=way_back()), 422
    account = who.account()
    answer = passkeys.made(form.credential.data)
    if answer is None:
        form.form_errors.append(gettext("The browser made no passkey that can be used. Please try again."))
        return render_template("account/new_passkey.html", form=form, next=way_back()), 422
    verified, transports = answer
    factors.add_passkey(
        session(),
        account,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=form.name.data,
        transports=transports,
        now=site().clock(),
    )
    return _added(account, Factor.PASSKEY, Happening.PASSKEY_ADDED)


@pages.post("/passkeys/<int:number>/remove")
def remove_passkey(number: int) -> ResponseReturnValue:
    """Take a passkey away."""
    account = who.account()
    queries.passkey(session(), account.id, number)
    if _must_keep_one(account):
        raise Conflict(gettext("What you do here needs a second proof. Set another one up first."))
    factors.remove_passkey(session(), account, number)
    return _changed(account, Happening.PASSKEY_REMOVED)


@pages.post("/recovery-codes")
def new_recovery_codes() -> ResponseReturnValue:
    """Make new codes, shown on this answer and never again."""
    account = who.account()
    if not queries.has_second_factor(session(), account):
        raise Conflict(gettext("Set up an authenticator app or a passkey first."))
    _told(account, Happening.RECOVERY_CODES_MADE)
    codes = factors.new_recovery_codes(session(), account, now=site().clock())
    return render_template("account/recovery_codes.html", codes=codes, next=way_back(), new=False)


def _added(account: Account, factor: Factor, happening: Happening) -> ResponseReturnValue:
    """After the first second factor its recovery codes are shown, once; after another the overview."""
    _told(account, happening)
    codes = None
    if not queries.recovery_codes_left(session(), account.id):
        codes = factors.new_recovery_codes(session(), account, now=site().clock())
    signing.prove(second_factor=factor)
    if codes is None:
        return redirect(url_for("account.second_factors", next=way_back()), 303)
    return render_template("account/recovery_codes.html", codes=codes, next=way_back(), new=True)


def _changed(account: Account, happening: Happening) -> ResponseReturnValue:
    _told(account, happening)
    return redirect(url_for("account.second_factors", next=way_back()), 303)


def _told(account: Account, happening: Happening) -> None:
    now = site().clock()
    history.note(session(), account.id, happening, now=now, device=signing.device())
    letter = letters.second_factor_changed()
    outbox.send(session(), to=account.email, letter=letter, language=account.locale, now=now)


def _must_keep_one(account: Account) -> bool:
    """Whether the only second factor of somebody whose role needs one would go."""
    ways = len(account.passkeys) + (account.totp_since is not None)
    return permissions.is_privileged(account.roles) and ways == 1


def _authenticator(form: AuthenticatorForm, secret: str) -> str:
    return render_template("account/authenticator.html", form=form, **_shown(secret))


def _shown(secret: str) -> dict[str, Any]:
    factory = signing.library().totp_factory
    address = factory.get_totp_uri(who.account().email, secret)
    square = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    # The library draws with numbers of its own alone; nothing anybody typed stands in it as text.
    return {
        "square": Markup(square),  # noqa: S704
        "key": factory.get_totp_pretty_key(secret),
        "next": way_back(),
    }


def _sealed(account: Account, secret: str) -> str:
    return keyring.seal(json.dumps([account.id, secret]))


def _opened(account: Account, sealed: str | None) -> str | None:
    """The secret that this account was shown a short while ago."""
    opened = keyring.open(sealed or "", max_age=int(rules.SETTING_UP_LIVES.total_seconds()))
    if opened is None:
        return None
    account_id, secret = json.loads(opened)
    return str(secret) if account_id == account.id else None
