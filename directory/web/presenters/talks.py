"""Talks in words: how, when, for how much, and where they stand; for the pages of both sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import Response

from directory.consultations import course, queries
from directory.consultations.letters import parts
from directory.consultations.models import Consultation, ConsultationRequest, ProposedTime
from directory.consultations.queries import Revealed
from directory.consultations.rules import Told
from directory.consultations.terms import Declining, Shared, Side, State, Talk
from directory.credentials.terms import Mode
from directory.http.locale import current, gettext, hour, moment, money, ngettext
from directory.http.locale import day as day_said
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.mail import calendar
from directory.mail.letters import phrase
from directory.mail.messages import sender
from directory.screening.cautions import KINDS
from directory.screening.rules import completed_weeks
from directory.screening.terms import Condition, PregnancyStatus
from directory.web.presenters import practices
from directory.web.presenters import told as words

TALKS: Final[Mapping[Talk, Any]] = {
    Talk.PHONE: _l("By telephone"),
    Talk.VIDEO: _l("By video"),
    Talk.IN_PERSON: _l("In person"),
}
FOR_PATIENTS: Final[Mapping[State, Any]] = {
    State.QUEUED: _l("Not asked yet: somebody else is asked first."),
    State.ASKED: _l("Asked, and not answered yet."),
    State.ACCEPTED: _l("Said yes. It is your turn to decide."),
    State.CONFIRMED: _l("Agreed."),
    State.DECLINED: _l("Cannot talk with you this time."),
    State.LAPSED: _l("Ended, because nobody answered in time."),
    State.WITHDRAWN: _l("You have taken it back."),
    State.ELSEWHERE: _l("Ended, because you agreed a time with somebody else."),
    State.PAUSED: _l("On hold: what we check before every talk is not as it should be at the moment."),
    State.HAPPENED: _l("Its time is over."),
}
FOR_PRACTITIONERS: Final[Mapping[State, Any]] = {
    State.ASKED: _l("Waits for your answer"),
    State.ACCEPTED: _l("Waits for the other side to decide"),
    State.CONFIRMED: _l("Agreed"),
    State.DECLINED: _l("You said no"),
    State.LAPSED: _l("Ended without an answer"),
    State.WITHDRAWN: _l("Taken back"),
    State.ELSEWHERE: _l("A time was found elsewhere"),
    State.PAUSED: _l("On hold"),
    State.HAPPENED: _l("Over"),
}
_CALLED_OFF: Final[Mapping[Side, Mapping[Side | None, Any]]] = {
    Side.PATIENT: {
        Side.PATIENT: _l("Called off by you."),
        Side.PRACTITIONER: _l("Called off by the practitioner."),
        None: _l("Called off by us: it was still on hold when its time came."),
    },
    Side.PRACTITIONER: {
        Side.PATIENT: _l("Called off by the patient"),
        Side.PRACTITIONER: _l("Called off by you"),
        None: _l("Called off by us: it was still on hold when its time came"),
    },
}
"""By who reads it, and by who did it."""
REASONS: Final[Mapping[Declining, Any]] = {
    Declining.NO_ROOM: _l("I have no room"),
    Declining.TIMES: _l("None of the times is possible"),
    Declining.NOT_FOR_ME: _l("It is not what I do"),
    Declining.TOO_FAR: _l("It is too far"),
    Declining.LANGUAGE: _l("We have no language in common"),
    Declining.OTHER: _l("Something else"),
}
_CONDITIONS: Final[Mapping[Condition, Any]] = {
    Condition.ANTICOAGULANT: _l("Takes a blood thinner"),
    Condition.BLEEDING_DISORDER: _l("Has a bleeding disorder"),
    Condition.PACEMAKER: _l("Has a pacemaker or another implanted device"),
    Condition.NEEDLE_PHOBIA: _l("Cannot have needles"),
    Condition.LYMPHOEDEMA: _l("Has lymphoedema"),
    Condition.EPILEPSY: _l("Has epilepsy"),
    Condition.IMMUNE_SUPPRESSION: _l("Has a weakened immune system"),
    Condition.METAL_ALLERGY: _l("Is allergic to a metal"),
    Condition.ACTIVE_INFECTION: _l("Has an infection"),
}
_PREGNANCY: Final[Mapping[PregnancyStatus, Any]] = {
    PregnancyStatus.NO: _l("Is not pregnant"),
    PregnancyStatus.YES: _l("Is pregnant"),
    PregnancyStatus.MAYBE: _l("May be pregnant"),
    PregnancyStatus.POSTPARTUM: _l("Has given birth lately"),
}

_MADE_FOR: Final[Mapping[PregnancyStatus, Any]] = {
    PregnancyStatus.NOT_ANSWERED: _l("Made without an answer about pregnancy."),
    PregnancyStatus.NO: _l("Made for somebody who is not pregnant."),
    PregnancyStatus.YES: _l("Made for somebody who is pregnant."),
    PregnancyStatus.MAYBE: _l("Made for somebody who may be pregnant, as in the first trimester."),
    PregnancyStatus.POSTPARTUM: _l("Made for somebody who has given birth lately."),
}


def when(at: datetime, here: str, there: str) -> str:
    """A time on the reader's clock, and on the other side's where that shows another hour."""
    mine = moment(at, here)
    if parts.same_clock(at, here, there):
        return mine
    theirs = hour(at, there) if parts.same_day(at, here, there) else moment(at, there)
    return str(gettext("%(mine)s; for the other side %(theirs)s", mine=mine, theirs=theirs))


def stands(one: Consultation, side: Side) -> str:
    """Where it stands, as this side reads it; of what was called off, by whom."""
    if one.state is State.CANCELLED:
        return str(_CALLED_OFF[side][one.closed_by])
    return str((FOR_PATIENTS if side is Side.PATIENT else FOR_PRACTITIONERS)[one.state])


def address(one: Consultation, side: Side) -> str | None:
    """Where they meet in person, once that is agreed: as the public profile shows it. ``None`` for any other talk, and
    where it is the patient who is visited. Of a hidden home, the area, and where to learn or to say the rest."""
    if one.state is not State.CONFIRMED or not at_the_practice(one):
        return None
    if not one.place.hidden_home:
        return practices.address(one.place)
    town = practices.town(one.place)
    if side is Side.PATIENT:
        if one.how_sealed:
            return str(gettext("About %(town)s. How to find them, in their own words:", town=town))
        return str(gettext("About %(town)s. They tell you the exact address themselves; you can ask below.", town=town))
    if one.how_sealed:
        return str(gettext("About %(town)s. The other side reads this, and what you wrote to them.", town=town))
    return str(
        gettext("About %(town)s. The other side reads no more than this: please write how to find you.", town=town)
    )


def at_the_practice(one: Consultation) -> bool:
    """Whether the two are to meet in person where the practitioner works."""
    return one.request.talk is Talk.IN_PERSON and one.mode is Mode.IN_PERSON


def hides_the_way(one: Consultation) -> bool:
    """Whether the other side learns where to come from nobody but the practitioner."""
    return at_the_practice(one) and one.place.hidden_home


def options(times: Iterable[ProposedTime], here: str, there: str, *, now: datetime) -> list[tuple[str, str]]:
    """Times to choose from, as a form takes them and as people read them; what is over is left out."""
    starts = sorted({each.starts_at for each in times if each.starts_at > now})
    return [(each.isoformat(), when(each, here, there)) for each in starts]


def price(consultation: Consultation) -> str:
    """What a first talk costs, as it was stated when it was asked for."""
    amount, currency = consultation.price_amount, consultation.price_currency
    if amount is None or currency is None:
        return str(gettext("No price was stated. Please ask."))
    return str(gettext("Free of charge")) if amount == 0 else money(amount, currency)


def facts(found: Revealed | None, *, today: date) -> list[str]:
    """What a patient lets the people asked know about themselves, line by line."""
    if found is None:
        return []
    told, said = found.told, []
    if Shared.PREGNANCY in found.shared and told.pregnancy in _PREGNANCY:
        said.append(str(_PREGNANCY[told.pregnancy]))
        if told.due is not None:
            weeks = completed_weeks(told.due, on=today)
            said.append(
                str(gettext("Due on %(day)s; %(weeks)s completed weeks today", day=day_said(told.due), weeks=weeks))
            )
    if Shared.AGE in found.shared and told.age is not None:
        said.append(str(ngettext("%(num)s year old", "%(num)s years old", told.age)))
    said += [str(_CONDITIONS[each]) for each in sorted(told.conditions) if each in _CONDITIONS]
    said += [words.name(each) for each in KINDS if each in told.concerns]
    return said


def made_for(request: ConsultationRequest, *, today: date) -> str | None:
    """The answer about pregnancy that a request was made with, for the patient; ``None`` once it is erased."""
    if request.facts_sealed is None:
        return None
    told = Told.from_json(request.facts_sealed)
    said = str(_MADE_FOR[told.pregnancy])
    if told.pregnancy is PregnancyStatus.YES and told.due is not None:
        weeks = completed_weeks(told.due, on=today)
        said += " " + str(
            gettext("Due on %(day)s; %(weeks)s completed weeks today.", day=day_said(told.due), weeks=weeks)
        )
    return said


def answers_within(practitioner_id: int) -> str | None:
    """How long somebody usually takes to answer a request, where enough were answered to say so."""
    median = queries.median_reply(session(), [practitioner_id], now=site().clock()).get(practitioner_id)
    return None if median is None else takes(median)


def takes(span: timedelta) -> str:
    """How long somebody usually takes to answer, rounded up: "3 hours", "2 days"."""
    hours = max(1, -(-int(span.total_seconds()) // 3600))
    if hours < 24:
        return str(ngettext("%(num)s hour", "%(num)s hours", hours))
    days = -(-hours // 24)
    return str(ngettext("%(num)s day", "%(num)s days", days))


def calendar_file(consultation: Consultation, side: Side, *, to: str) -> Response:
    """What stands in this side's calendar, as a file to be saved once more; ``to`` is whose calendar it is."""
    entry, language, config = course.in_calendar(consultation, side), str(current()), site().config
    content = calendar.file(
        replace(entry, summary=phrase(entry.summary, language)),
        language=language,
        to=to,
        organizer=sender(config),
        site=config.site_name,
        written_at=site().clock(),
    )
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{calendar.FILE_NAME}"'
    return response
