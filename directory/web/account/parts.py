"""What the pages of an account share: the way back, the counting of tries, and the answer to one too many."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request, url_for

from directory.accounts import rules, throttle
from directory.accounts.models import Account
from directory.accounts.rules import email_key
from directory.accounts.terms import Action, Scope
from directory.http import headers, signing
from directory.http.locale import gettext
from directory.http.site import session, site

pages: Final = Blueprint("account", __name__, url_prefix="/account")


@pages.after_request
def _keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@pages.before_request
def _personal() -> None:
    headers.personal()


def way_back(default: str = "account.index") -> str:
    """Where somebody wanted to go: a path of this site, or the page named as the default."""
    wanted = request.values.get("next", "")
    return wanted if rules.is_way_back(wanted) else url_for(default)


def of_network(action: Action) -> dict[Scope, str]:
    """The visitor's network, as tries are counted."""
    return {Scope.NETWORK: _subject(action, Scope.NETWORK, _network())}


def of_email(action: Action, email: str) -> dict[Scope, str]:
    """An address, whether or not anybody has it, as tries are counted."""
    return {Scope.ACCOUNT: _subject(action, Scope.ACCOUNT, email_key(email))}


def of_sign_in(email: str, account: Account | None) -> dict[Scope, str]:
    """Who tries to sign in as whom. A browser that the account knows is not slowed down by what others try."""
    subjects = {
        Scope.PAIR: _subject(Action.SIGN_IN, Scope.PAIR, email_key(email), _network()),
        **of_network(Action.SIGN_IN),
    }
    if account is None or not signing.knows_device(account):
        subjects |= of_email(Action.SIGN_IN, email)
    return subjects


def of_second_factor(account: Account) -> dict[Scope, str]:
    """Who tries a second factor of which account."""
    subjects = {Scope.PAIR: _subject(Action.SECOND_FACTOR, Scope.PAIR, str(account.id), _network())}
    if not signing.knows_device(account):
        subjects[Scope.ACCOUNT] = _subject(Action.SECOND_FACTOR, Scope.ACCOUNT, str(account.id))
    return subjects


def must_wait(action: Action, subjects: Mapping[Scope, str]) -> timedelta:
    """How long these must wait before the next try."""
    return throttle.must_wait(session(), action, subjects, now=site().clock())


def count(action: Action, subjects: Mapping[Scope, str]) -> None:
    """Count a try, also when the answer to it is a refusal."""
    throttle.count(session(), action, subjects, now=site().clock())
    site().database.keep_refusal()


def too_often(template: str, form: Any, waiting: timedelta, **values: Any) -> Response:
    """429: the form as it was typed, and when to try again."""
    minutes = max(1, math.ceil(waiting.total_seconds() / 60))
    form.form_errors.append(
        gettext("That was too often in a short time. Please wait %(minutes)s min and try again.", minutes=minutes)
    )
    response = make_response(render_template(template, form=form, **values), 429)
    response.headers["Retry-After"] = str(max(1, math.ceil(waiting.total_seconds())))
    return response


def dead_link() -> tuple[str, int]:
    """410: a link that was used, has run out, was replaced by a newer one, or was cut on the way."""
    return render_template("account/dead_link.html"), 410


def _network() -> str:
    return rules.network(request.remote_addr)


def _subject(action: Action, scope: Scope, *parts: str) -> str:
    return rules.subject(site().config.secret_key, action, scope, *parts)
