"""Signing in and out, and what somebody keeps of their own account."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from directory.accounts import passwords, queries, service
from directory.web import headers, who
from directory.web.forms.account import SignInForm
from directory.web.locale import gettext
from directory.web.site import session, site

pages = Blueprint("account", __name__, url_prefix="/account")


def way_back(default: str = "account.index") -> str:
    """Where somebody wanted to go: a path of this site, or the page named as the default."""
    wanted = request.values.get("next", "")
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if plain and "\\" not in wanted else url_for(default)


@pages.get("")
def index() -> str:
    """What there is to keep."""
    return render_template("account/index.html", account=who.account())


@pages.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form."""
    headers.personal()
    return render_template("account/sign_in.html", form=SignInForm(), next=way_back())


@pages.post("/sign-in")
def send_sign_in() -> ResponseReturnValue:
    """Begin a session for the right address and password."""
    form = SignInForm()
    if form.validate():
        found = queries.by_email(session(), form.email.data)
        right = passwords.fits(None if found is None else found.password, form.password.data)
        if found is not None and right and found.active and not (found.fictional and site().config.production):
            cookie.clear()
            cookie[who.SID] = service.begin_session(session(), found, device="", now=site().clock())
            return redirect(way_back(), 303)
        form.form_errors.append(gettext("This address and password do not fit together. Please check both."))
    return render_template("account/sign_in.html", form=form, next=way_back()), 422


@pages.post("/sign-out")
def send_sign_out() -> ResponseReturnValue:
    """End this session, here and wherever its cookie was copied to."""
    if who.brings_a_session():
        service.end_session(session(), str(cookie[who.SID]))
    cookie.clear()
    return redirect(url_for("home.ask"), 303)


@pages.get("/second-factor")
def second_factor() -> str:
    """Prove a second factor."""
    return render_template("account/second_factor.html")


@pages.get("/again")
def again() -> str:
    """Prove again who one is."""
    return render_template("account/again.html")
