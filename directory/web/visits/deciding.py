"""Deciding over a link: one button each. What decides is done once; the page behind the link stays to be read."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts import rules as accounts
from directory.accounts import throttle
from directory.accounts.terms import Action, Scope
from directory.consultations import choosing, links
from directory.consultations.booking import TimeTaken
from directory.consultations.choosing import AskAgain
from directory.consultations.course import WrongState
from directory.consultations.links import LinkEnded, LinkUsed, NotOverThisLink
from directory.consultations.models import Consultation
from directory.consultations.summaries import service as summaries
from directory.consultations.writing import TooManyMessages
from directory.errors import Conflict, InvalidInput, NotFound
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.privacy import queries as privacy
from directory.web.forms.talks import MessageForm
from directory.web.forms.times import TimesForm, complain
from directory.web.visits.blueprint import choices, confirm_form, page, pages, read


@pages.post("/<token>/prove")
def send_prove(token: str) -> ResponseReturnValue:
    """Yes, I sent this."""
    return _do(token, lambda now: choosing.prove(session(), token, now=now))


@pages.post("/<token>/disown")
def send_disown(token: str) -> ResponseReturnValue:
    """No, it was somebody else: erase it."""
    held = _held(token)
    return _do(token, lambda now: choosing.disown(session(), token, held=held, now=now), to=url_for("visits.erased"))


@pages.post("/<token>/erase")
def send_erase(token: str) -> ResponseReturnValue:
    """Erase everything."""
    held = _held(token)
    after = url_for("visits.visit", token=token) if held else url_for("visits.erased")
    return _do(token, lambda now: choosing.erase(session(), token, held=held, now=now), to=after)


@pages.post("/<token>/withdraw")
def send_withdraw(token: str) -> ResponseReturnValue:
    """Take it back from everybody."""
    return _do(token, lambda now: choosing.withdraw(session(), token, now=now))


@pages.post("/<token>/<code>/withdraw")
def send_withdraw_one(token: str, code: str) -> ResponseReturnValue:
    """Take it back from one of them."""
    return _do(token, lambda now: choosing.withdraw(session(), token, code, now=now))


@pages.post("/<token>/<code>/refuse")
def send_refuse(token: str, code: str) -> ResponseReturnValue:
    """None of these times; of an agreed talk, it stays as it is."""
    return _do(token, lambda now: choosing.refuse(session(), token, code, now=now))


@pages.post("/<token>/<code>/cancel")
def send_cancel(token: str, code: str) -> ResponseReturnValue:
    """Call it off."""
    return _do(token, lambda now: choosing.cancel(session(), token, code, now=now))


@pages.post("/<token>/<code>/confirm")
def send_confirm(token: str, code: str) -> ResponseReturnValue:
    """Yes, at this time."""
    now = site().clock()
    if _is_dead(token, "confirm"):
        return _dead(token)
    one = _one(token, code, now)
    form = confirm_form(one, choices(one, now=now), now=now, typed=True)

    def act(at: datetime) -> object:
        return choosing.confirm(session(), token, code, form.chosen, again=form.again, now=at)

    return _send(token, code, "confirm", form, act)


@pages.post("/<token>/<code>/propose")
def send_propose(token: str, code: str) -> ResponseReturnValue:
    """Other times."""
    form = TimesForm(prefix=f"propose-{code}")

    def act(at: datetime) -> object:
        one = _one(token, code, at)
        starts = form.starts(ZoneInfo(one.request.timezone), now=at)
        if starts is None:
            raise _TypedWrong
        return choosing.propose(session(), token, code, starts, now=at)

    return _send(token, code, "propose", form, act)


@pages.post("/<token>/<code>/write")
def send_message(token: str, code: str) -> ResponseReturnValue:
    """A message."""
    form = MessageForm(prefix=f"write-{code}")
    return _send(token, code, "write", form, lambda at: choosing.write(session(), token, code, form.text.data, now=at))


@pages.post("/<token>/<code>/revoke")
def send_revoke(token: str, code: str) -> ResponseReturnValue:
    """Take back the summary that was handed over."""
    held = _held(token)
    return _do(token, lambda now: summaries.revoke(session(), token, code, held=held, now=now))


@pages.post("/<token>/renew")
def send_renew(token: str) -> ResponseReturnValue:
    """Have a new link sent to the mailbox that got this one. It says nothing about which that is."""
    link = links.find(session(), token)
    now, secret = site().clock(), site().config.secret_key
    subjects = {
        Scope.NETWORK: accounts.subject(
            secret, Action.ASK_FOR_LINK, Scope.NETWORK, accounts.network(request.remote_addr)
        ),
        Scope.ACCOUNT: accounts.subject(secret, Action.ASK_FOR_LINK, Scope.ACCOUNT, str(link.request_id)),
    }
    waiting = throttle.must_wait(session(), Action.ASK_FOR_LINK, subjects, now=now)
    if waiting:
        response = make_response(
            render_template("visits/too_often.html", minutes=max(1, math.ceil(waiting.total_seconds() / 60))), 429
        )
        response.headers["Retry-After"] = str(max(1, math.ceil(waiting.total_seconds())))
        return response
    throttle.count(session(), Action.ASK_FOR_LINK, subjects, now=now)
    choosing.renew(session(), token, now=now)
    return redirect(url_for("visits.letter_sent"), 303)


class _TypedWrong(Exception):
    """The form says at its fields why it cannot be used."""


def _do(token: str, act: Callable[[datetime], object], *, to: str = "") -> ResponseReturnValue:
    """Do what has no form, and go on."""
    try:
        act(site().clock())
    except (LinkUsed, LinkEnded):
        return _dead(token)
    except (WrongState, NotOverThisLink) as error:
        raise Conflict(gettext(str(error))) from error
    return redirect(to or url_for("visits.visit", token=token), 303)


def _send(token: str, code: str, name: str, form: Any, act: Callable[[datetime], object]) -> ResponseReturnValue:
    """Do what a form says; what cannot be used comes back as it was typed."""
    if _is_dead(token, name):
        return _dead(token)
    if not form.validate():
        return _again(token, code, name, form, 422)
    try:
        act(site().clock())
    except _TypedWrong:
        return _again(token, code, name, form, 422)
    except InvalidInput as error:
        field = form[error.field] if error.field in form else next(iter(form))
        complain(field, gettext(str(error)))
        return _again(token, code, name, form, 422)
    except (TimeTaken, TooManyMessages, AskAgain) as error:
        session().rollback()
        form.form_errors.append(gettext(str(error)))
        return _again(token, code, name, form, 409)
    except (LinkUsed, LinkEnded):
        return _dead(token)
    except (WrongState, NotOverThisLink) as error:
        raise Conflict(gettext(str(error))) from error
    return redirect(url_for("visits.visit", token=token), 303)


def _again(token: str, code: str, name: str, form: Any, status: int) -> ResponseReturnValue:
    session().rollback()
    shown, found = page(token, {(code, name): form})
    return shown, status if found == 200 else found


def _is_dead(token: str, name: str) -> bool:
    """Whether this link decides nothing any more, so that nobody is asked to mend what they typed."""
    link = links.find(session(), token)
    return links.has_ended(link, now=site().clock()) or (link.used_at is not None and name != "write")


def _dead(token: str) -> Response:
    """Nothing was done: the link was used, or has ended. The page says so, and how to get a new one."""
    session().rollback()
    return make_response(render_template("visits/ended.html", token=token), 410)


def _one(token: str, code: str, now: datetime) -> Consultation:
    found = read(token, now=now)
    one = None if found is None else next((each for each in found[1] if each.code == code), None)
    if one is None:
        raise NotFound(gettext("There is no page at this address."))
    return one


def _held(token: str) -> bool:
    """Whether the law makes us keep what was sent to one of these people."""
    found = read(token, now=site().clock())
    kept = privacy.held(session())
    return found is not None and any(each.practitioner_id in kept for each in found[1])
