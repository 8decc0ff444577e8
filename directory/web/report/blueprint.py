"""What the pages of reports share: nobody keeps them, and one visitor sends a few and not a flood."""

from __future__ import annotations

import math
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from directory.accounts import rules, throttle
from directory.accounts.terms import Action, Scope
from directory.errors import Gone, NotFound
from directory.http import headers
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.privacy import queries as privacy

pages = Blueprint("report", __name__, url_prefix="/report")


@pages.before_request
def _personal() -> None:
    headers.personal()


@pages.after_request
def _keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def whom(slug: str) -> Practitioner:
    """Whom a report is about, whether or not they are shown today; 404 for somebody who never was."""
    try:
        found = people.by_slug(session(), slug)
    except NotFound:
        if privacy.gone_since(session(), slug=slug) is not None:
            raise Gone(gettext("This page was here once and is not now.")) from None
        raise
    if found.published_at is None:
        raise NotFound(gettext("There is no practitioner at this address."))
    return found


def too_often(action: Action, template: str, form: Any, **values: Any) -> Response | None:
    """429 with what was typed, where this network has sent many in a short time; otherwise this one is counted."""
    secret, network = site().config.secret_key, rules.network(request.remote_addr)
    subjects = {Scope.NETWORK: rules.subject(secret, action, Scope.NETWORK, network)}
    waiting = throttle.must_wait(session(), action, subjects, now=site().clock())
    if not waiting:
        throttle.count(session(), action, subjects, now=site().clock())
        return None
    minutes = max(1, math.ceil(waiting.total_seconds() / 60))
    form.form_errors.append(
        gettext(
            "Many messages came from your network in a short time. Please wait %(minutes)s min and send it again, or "
            "write to %(email)s.",
            minutes=minutes,
            email=site().config.operator_email,
        )
    )
    response = make_response(render_template(template, form=form, **values), 429)
    response.headers["Retry-After"] = str(max(1, math.ceil(waiting.total_seconds())))
    return response


def too_many(form: Any) -> None:
    """Say that no more can be taken today."""
    form.form_errors.append(
        gettext(
            "So many messages came about this today that we cannot take another here. Please write to %(email)s.",
            email=site().config.operator_email,
        )
    )
