"""After a request was sent: what happens next, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import render_template
from flask import session as cookie
from flask.typing import ResponseReturnValue

from directory.consultations import queries, turns
from directory.consultations.models import Consultation
from directory.consultations.terms import Order
from directory.errors import Gone
from directory.http.locale import current, gettext
from directory.http.site import session, site
from directory.mail.letters import moment
from directory.web import facts
from directory.web.match.blueprint import pages
from directory.web.match.sending import SENT
from directory.web.presenters import labels, talks, told

SHOWN_FOR: Final = timedelta(hours=1)
"""How long this browser may look at it again; whoever needs it later has the letter."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the people asked: by when an answer is due, and the times by the clock of their practice."""

    name: str
    answer_by: str
    """Empty for whoever waits for their turn."""
    times: tuple[str, ...]
    """Empty where both clocks show the same."""


@pages.get("/sent")
def sent() -> ResponseReturnValue:
    """Whom it went to, which times were proposed, and what comes next; 410 when it was sent from elsewhere or long
    ago."""
    theirs = _just_sent()
    request = theirs[0].request
    zone = ZoneInfo(request.timezone)
    starts = [each.starts_at for each in queries.times_of(session(), request.id)]
    known = facts.read()
    return render_template(
        "match/sent.html",
        people=[_asked(each, starts, zone) for each in theirs],
        times=[moment(each, request.timezone, current()) for each in starts],
        talk=labels.word(talks.TALKS, request.talk),
        in_order=request.asking_order is Order.IN_ORDER,
        limit_hours=request.limit_hours,
        to_tell=told.to_tell(known),
        told_chips=told.chips(known, today=site().clock().astimezone(zone).date()),
        state=told.pregnancy_state(known, today=site().clock().astimezone(zone).date()),
        told=known,
    )


def _just_sent() -> list[Consultation]:
    kept = cookie.get(SENT)
    number, at = kept if isinstance(kept, list) and len(kept) == 2 else (0, 0)
    if site().clock() - datetime.fromtimestamp(at, tz=UTC) > SHOWN_FOR:
        raise _nothing()
    theirs = queries.of_request(session(), number)
    if not theirs:
        raise _nothing()
    return theirs


def _nothing() -> Gone:
    return Gone(gettext("This page is shown once, after a request was sent. The letter we sent you leads to it again."))


def _asked(consultation: Consultation, starts: list[datetime], zone: ZoneInfo) -> Asked:
    place = consultation.place
    there = ZoneInfo(place.timezone)
    differs = any(each.astimezone(there).utcoffset() != each.astimezone(zone).utcoffset() for each in starts)
    by = turns.answer_by(consultation, consultation.asked_at) if consultation.asked_at else None
    return Asked(
        name=consultation.practitioner.display_name,
        answer_by=moment(by, str(zone), current()) if by else "",
        times=tuple(moment(each, place.timezone, current()) for each in starts) if differs else (),
    )
