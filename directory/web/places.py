"""Asking where something is, from inside a request."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from directory.errors import InvalidInput
from directory.geo import service
from directory.geo.answers import Answer
from directory.geo.places import Place
from directory.http.site import session, site


def find(text: str) -> Place:
    """The place this text means; raises ``InvalidInput`` and its kinds as the gazetteer does.

    What a geocoding server answered is kept in a transaction of its own, after this request has ended.
    """
    now = site().clock()

    def remember(answer: Answer) -> None:
        def keep(own: Session) -> None:
            service.remember(own, answer, now=now)

        site().database.afterwards(keep)

    return site().places.find(session(), text, now=now, remember=remember)


def today(text: str | None) -> date:
    """The day it is at this place, by which weeks and dates are understood; the UTC day where the place is unknown."""
    now = site().clock()
    try:
        return now.astimezone(ZoneInfo(find(text or "").timezone)).date()
    except InvalidInput:
        return now.date()
