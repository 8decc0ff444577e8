"""A summary that somebody puts together on their device and hands over: on paper, or to one person for a time.

The page keeps nothing. What is handed over comes in a POST, after its owner has seen all of it, and is checked here.
"""

from __future__ import annotations

from typing import Final

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.care import handing, handing_paper
from directory.consultations import links, queries
from directory.consultations.course import WrongState
from directory.consultations.links import LinkEnded, LinkUsed, NotOverThisLink
from directory.consultations.models import Consultation
from directory.consultations.summaries import queries as summaries
from directory.consultations.summaries import rules, service
from directory.consultations.terms import Lasts, State
from directory.errors import Conflict, Gone, InvalidInput, NotFound
from directory.guide import cautions
from directory.http import headers
from directory.http.locale import day, gettext, moment, number
from directory.http.site import session, site
from directory.privacy import queries as privacy
from directory.web.care.blueprint import pages
from directory.web.forms.care.summaries import HandOverForm, SummaryForm
from directory.web.forms.times import complain

PERIODS: Final = (28, 56, 84)
"""Days of a diary that one may hand over."""


@pages.get("/summary")
def summary() -> str:
    """Where a summary is put together, to print it or to have a PDF made."""
    return _maker(SummaryForm(formdata=None))


@pages.post("/summary/pdf")
def summary_pdf() -> ResponseReturnValue:
    """What was put together as a PDF, made and forgotten; 422 where it is no summary, or has letters we cannot draw."""
    headers.personal()
    form = SummaryForm()
    if not form.validate():
        return _maker(form), 422
    try:
        content = handing_paper.pages(handing.read(form.content.data or ""), _words())
    except InvalidInput as error:
        complain(form.content, gettext(str(error)))
        return _maker(form), 422
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="summary.pdf"'
    return response


@pages.get("/summary/<token>/<code>")
def summary_for(token: str, code: str) -> ResponseReturnValue:
    """The same for the one with whom a talk is agreed; and what lies there for them, where something does."""
    headers.personal()
    one = _agreed(token, code)
    form = HandOverForm(formdata=None)
    _offer(form, one)
    return _maker(form, one, token)


@pages.post("/summary/<token>/<code>")
def hand_over(token: str, code: str) -> ResponseReturnValue:
    """Hand it over; 422 with what was put together when it cannot be."""
    headers.personal()
    one = _agreed(token, code)
    form = HandOverForm()
    _offer(form, one)
    if not form.validate():
        return _maker(form, one, token), 422
    try:
        content = handing.write(handing.read(form.content.data or ""))
        service.share(
            session(),
            token,
            code,
            content,
            lasts=form.chosen,
            consent=rules.CONSENT,
            held=one.practitioner_id in privacy.held(session()),
            now=site().clock(),
        )
    except InvalidInput as error:
        session().rollback()
        complain(form[error.field or "content"], gettext(str(error)))
        return _maker(form, _agreed(token, code), token), 422
    except (LinkUsed, LinkEnded, NotOverThisLink, WrongState) as error:
        raise Conflict(gettext(str(error))) from error
    return redirect(url_for("visits.visit", token=token), 303)


def _agreed(token: str, code: str) -> Consultation:
    """The agreed talk behind this link; ``Gone`` where the link has ended or nothing is agreed."""
    try:
        link = links.find(session(), token)
    except NotFound as error:
        raise NotFound(gettext(str(error))) from error
    if links.has_ended(link, now=site().clock()):
        raise Gone(gettext("This link has ended. Have a new one sent to your mailbox."))
    one = next((each for each in queries.of_request(session(), link.request_id) if each.code == code), None)
    if one is None:
        raise NotFound(gettext("There is no page at this address."))
    if one.state is not State.CONFIRMED:
        raise Gone(gettext("A summary can be handed over while a talk is agreed, and this one is not."))
    return one


def _offer(form: HandOverForm, one: Consultation) -> None:
    now, zone = site().clock(), one.request.timezone
    said = {
        Lasts.TALK: gettext("Until a day after the talk"),
        Lasts.WEEK: gettext("For 7 days"),
        Lasts.MONTH: gettext("For 30 days"),
    }
    times = {lasts: rules.ends_at(lasts, shared_at=now, starts_at=one.starts_at) for lasts in Lasts}
    form.offer(
        {lasts: f"{said[lasts]}: {moment(at, zone)}" for lasts, at in times.items() if at > now},
        agree=gettext(rules.CONSENTS[rules.CONSENT]),
    )


def _maker(form: SummaryForm, one: Consultation | None = None, token: str | None = None) -> str:
    lies = None
    shown = None
    if one is not None:
        lies = summaries.standing(session(), [one.id], now=site().clock()).get(one.id)
        shown = None if lies is None else handing.read(summaries.content(session(), lies, for_practitioner=False))
    return render_template(
        "care/summary.html",
        form=form,
        one=one,
        token=token,
        lies=lies,
        shown=shown,
        periods=PERIODS,
        known=[str(gettext(each)) for each in (*cautions.QUESTIONS, *cautions.FURTHER_QUESTIONS)],
        rules=handing,
    )


def _words() -> handing_paper.Words:
    return handing_paper.Words(
        title=gettext("A summary"),
        lead=gettext("Put together by the person themselves. Own wording, no validated scale."),
        diary=gettext("Nights"),
        nights_noted=gettext("Nights with a note"),
        intensity=gettext("Intensity, 0 to 10"),
        awake=gettext("Minutes awake"),
        medicine=gettext("Medicine"),
        iron=gettext("Iron"),
        treatments=gettext("Treatment"),
        half=gettext("The middle of the nights; in brackets the range in which half of them lie."),
        night=gettext("Evening of"),
        ticked=gettext("Ticked"),
        honest=gettext("Nights differ by themselves. These numbers do not say why they changed, if they did."),
        medicines=gettext("Medicines and supplements"),
        name=gettext("Name"),
        dose=gettext("Dose, and when"),
        reason=gettext("What for"),
        answers=gettext("Questions and answers"),
        no_answer=gettext("no answer yet"),
        words=gettext("In their own words"),
        made_on=gettext(
            "Made on %(day)s with %(site)s from what lies on the person’s own device.",
            day=day(site().clock().date()),
            site=site().config.site_name,
        ),
        nothing=gettext("not noted"),
        day=day,
        number=number,
    )
