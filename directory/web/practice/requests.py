"""Requests for a talk: what waits for the practitioner, each one read signed in, and answered.

Whoever reads one leaves an entry in the access log, as with everything that somebody else has told us.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.care import handing
from directory.consultations import answering, course, post, queries, rules, turns
from directory.consultations import taking as capacities
from directory.consultations.booking import TimeTaken
from directory.consultations.course import WrongState
from directory.consultations.models import Consultation, ConsultationMessage
from directory.consultations.summaries import queries as summaries
from directory.consultations.summaries.queries import Standing
from directory.consultations.terms import Declining, Side, State
from directory.consultations.writing import TooManyMessages
from directory.errors import Conflict, Gone, InvalidInput
from directory.http import headers, views, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners.models import PracticePlace
from directory.web.forms.requests import AcceptForm, DeclineForm, OfferForm, TakingForm
from directory.web.forms.talks import ChoosingForm, MessageForm
from directory.web.forms.times import TimesForm, complain
from directory.web.practice.blueprint import pages
from directory.web.presenters import talks

READ: Final = "request.read"
SUMMARY_READ: Final = "summary.read"
_FORMS: Final = ("accept", "offer", "decline", "message", "move", "moving")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One request as its page shows it."""

    one: Consultation
    stands: str
    address: str | None
    """Where they meet, of an agreed talk in person."""
    name: str
    guardian: str | None
    words: str | None
    facts: list[str]
    telephone: str | None
    """Once a talk is agreed."""
    when: str | None
    answer_by: datetime | None
    price: str
    reaches: bool
    erased: bool
    messages: list[ConsultationMessage]
    summary: Standing | None
    """What the patient handed over and may be read now."""
    moving: list[tuple[str, str]]
    """Times to which the patient would like to move."""
    proposed: list[tuple[str, str]]
    """Times that the practitioner proposed and that wait for the patient."""
    zone: str
    theirs: str
    hides_the_way: bool
    """Whether the patient learns where to come from nobody but the practitioner."""
    agreed: bool
    forms: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayOff:
    """The next public holiday at a place, by the calendar there; ``None`` where we know of none."""

    place: str
    day: date | None


@pages.get("/requests")
def requests() -> str:
    """What waits, what is agreed, what is over."""
    headers.personal()
    person = who.practitioner()
    found = queries.of_practitioner(session(), person.id)
    now = site().clock()
    return render_template(
        "practice/requests.html",
        waiting=[each for each in found if each.state in (State.ASKED, State.ACCEPTED, State.PAUSED)],
        agreed=[each for each in found if each.state is State.CONFIRMED],
        over=[each for each in found if each.state in rules.OVER],
        stands=lambda one: talks.stands(one, Side.PRACTITIONER),
        talks=talks.TALKS,
        when=_when,
        days_off=[_day_off(each, now=now) for each in people.places_of(session(), person.id)],
    )


def _day_off(place: PracticePlace, *, now: datetime) -> DayOff:
    today = now.astimezone(ZoneInfo(place.timezone)).date()
    off = turns.off(place)
    return DayOff(place.label, off.next(today) if off.known(today) else None)


@pages.get("/requests/taking")
def taking() -> str:
    """How many requests one takes."""
    headers.personal()
    capacity = queries.capacity_of(queries.setting(session(), who.practitioner().id))
    return render_template("practice/taking.html", form=TakingForm(data=TakingForm.stored(capacity)))


@pages.post("/requests/taking")
def send_taking() -> ResponseReturnValue:
    """Keep it."""
    headers.personal()
    form = TakingForm()
    if not form.validate():
        return render_template("practice/taking.html", form=form), 422
    capacities.state(session(), who.practitioner().id, form.capacity, now=site().clock())
    return redirect(url_for("practice.requests"), 303)


@pages.get("/requests/<code>")
def request_page(code: str) -> str:
    """What somebody asks, and everything that may be answered."""
    headers.personal()
    found = queries.own(session(), who.practitioner().id, code)
    views.note(READ, f"consultation:{found.id}")
    return _page(found)


@pages.get("/requests/<code>/summary")
def request_summary(code: str) -> str:
    """What the patient handed over about it, while it may be read; each look is written down. ``Gone`` afterwards."""
    headers.personal()
    found = queries.own(session(), who.practitioner().id, code)
    lies = summaries.standing(session(), [found.id], now=site().clock()).get(found.id)
    try:
        content = summaries.content(session(), lies, for_practitioner=True)
    except Gone as error:
        raise Gone(gettext(str(error))) from error
    views.note(SUMMARY_READ, f"consultation:{found.id}")
    return render_template(
        "practice/summary.html", one=found, lies=lies, told=handing.read(content), zone=found.place.timezone
    )


@pages.get("/requests/<code>/talk.ics")
def request_calendar(code: str) -> Response:
    """The entry for one's calendar once more."""
    headers.personal()
    found = queries.own(session(), who.practitioner().id, code)
    return talks.calendar_file(found, Side.PRACTITIONER, to=who.account().email)


@pages.post("/requests/<code>/accept")
def send_accept(code: str) -> ResponseReturnValue:
    """Yes, at one of the times named."""
    form = AcceptForm(prefix="accept")

    def act(person_id: int, now: datetime) -> Consultation:
        return answering.accept(session(), person_id, code, form.chosen, how=form.how.data, now=now)

    return _answer(code, "accept", form, act)


@pages.post("/requests/<code>/offer")
def send_offer(code: str) -> ResponseReturnValue:
    """Yes, at one of these other times."""
    form = OfferForm(prefix="offer")

    def act(person_id: int, now: datetime) -> Consultation:
        return answering.offer(session(), person_id, code, _starts(code, form, now), how=form.how.data, now=now)

    return _answer(code, "offer", form, act)


@pages.post("/requests/<code>/decline")
def send_decline(code: str) -> ResponseReturnValue:
    """No."""
    form = DeclineForm(prefix="decline")

    def act(person_id: int, now: datetime) -> Consultation:
        return answering.decline(session(), person_id, code, Declining(form.why.data), now=now)

    return _answer(code, "decline", form, act)


@pages.post("/requests/<code>/write")
def send_message(code: str) -> ResponseReturnValue:
    """A message."""
    form = MessageForm(prefix="message")

    def act(person_id: int, now: datetime) -> Consultation:
        return answering.write(session(), person_id, code, form.text.data, now=now)

    return _answer(code, "message", form, act)


@pages.post("/requests/<code>/move")
def send_move(code: str) -> ResponseReturnValue:
    """Ask for another time."""
    form = TimesForm(prefix="move")

    def act(person_id: int, now: datetime) -> Consultation:
        return answering.propose_move(session(), person_id, code, _starts(code, form, now), now=now)

    return _answer(code, "move", form, act)


@pages.post("/requests/<code>/moved")
def send_moved(code: str) -> ResponseReturnValue:
    """Move to one of the times that the patient asks for."""
    form = ChoosingForm(prefix="moving")

    def act(person_id: int, now: datetime) -> Consultation:
        return answering.answer_move(session(), person_id, code, form.chosen, now=now)

    return _answer(code, "moving", form, act)


@pages.post("/requests/<code>/stay")
def send_stay(code: str) -> ResponseReturnValue:
    """Leave it at its time."""
    headers.personal()
    answering.answer_move(session(), who.practitioner().id, code, None, now=site().clock())
    return redirect(url_for("practice.request_page", code=code), 303)


@pages.post("/requests/<code>/cancel")
def send_cancel(code: str) -> ResponseReturnValue:
    """Call it off."""
    headers.personal()
    answering.cancel(session(), who.practitioner().id, code, now=site().clock())
    return redirect(url_for("practice.request_page", code=code), 303)


class _TypedWrong(Exception):
    """The form says at its fields why it cannot be used."""


def _answer(code: str, name: str, form: Any, act: Callable[[int, datetime], Consultation]) -> ResponseReturnValue:
    """Do it and show the request as it is then; what cannot be used comes back as it was typed."""
    headers.personal()
    person, now = who.practitioner(), site().clock()
    found = queries.own(session(), person.id, code)
    forms = _forms(found, now)
    if isinstance(form, ChoosingForm):
        form.offer(_choices(found, name, now))
    forms[name] = form
    if not form.validate():
        return _page(found, forms), 422
    try:
        act(person.id, now)
    except _TypedWrong:
        return _page(found, forms), 422
    except InvalidInput as error:
        complain(_field(form, error.field), gettext(str(error)))
        return _page(found, forms), 422
    except (TimeTaken, TooManyMessages) as error:
        form.form_errors.append(gettext(str(error)))
        return _page(queries.own(session(), person.id, code), forms), 409
    except WrongState as error:
        raise Conflict(gettext(str(error))) from error
    return redirect(url_for("practice.request_page", code=code), 303)


def _field(form: Any, name: str | None) -> Any:
    if isinstance(form, TimesForm) and name == "starts":
        return form.day_1
    return form[name] if name in form else next(iter(form))


def _starts(code: str, form: TimesForm, now: datetime) -> list[datetime]:
    found = queries.own(session(), who.practitioner().id, code)
    starts = form.starts(ZoneInfo(found.place.timezone), now=now)
    if starts is None:
        raise _TypedWrong
    return starts


def _choices(found: Consultation, name: str, now: datetime) -> list[tuple[str, str]]:
    times = queries.times_of(session(), found.request_id)
    if name == "moving":
        times = [each for each in times if each.consultation_id == found.id and each.side is Side.PATIENT]
    else:
        times = queries.times_for(times, found, Side.PATIENT)
    return talks.options(times, found.place.timezone, found.request.timezone, now=now)


def _forms(found: Consultation, now: datetime) -> dict[str, Any]:
    """Empty forms for whatever may be done in this state."""
    forms: dict[str, Any] = {}
    if found.state is State.ASKED:
        forms = {
            "accept": AcceptForm(formdata=None, prefix="accept"),
            "offer": OfferForm(formdata=None, prefix="offer"),
        }
        forms["accept"].offer(_choices(found, "accept", now))
    if found.state in (State.ASKED, State.ACCEPTED):
        forms["decline"] = DeclineForm(formdata=None, prefix="decline")
    if found.state is State.CONFIRMED:
        forms["move"] = TimesForm(formdata=None, prefix="move")
        forms["moving"] = ChoosingForm(formdata=None, prefix="moving")
        forms["moving"].offer(_choices(found, "moving", now))
    if found.state in rules.UNDER_WAY:
        forms["message"] = MessageForm(formdata=None, prefix="message")
    return forms


def _page(found: Consultation, forms: dict[str, Any] | None = None) -> str:
    now = site().clock()
    return render_template("practice/request.html", view=_view(found, forms or _forms(found, now), now))


def _view(found: Consultation, forms: dict[str, Any], now: datetime) -> View:
    asker, zone = found.request, found.place.timezone
    times = queries.times_of(session(), asker.id)
    mine = [each for each in times if each.consultation_id == found.id and each.side is Side.PRACTITIONER]
    moving = [each for each in times if each.consultation_id == found.id and each.side is Side.PATIENT]
    lies = summaries.standing(session(), [found.id], now=now).get(found.id)
    waits = found.state is State.ASKED and found.asked_at is not None
    return View(
        one=found,
        stands=talks.stands(found, Side.PRACTITIONER),
        address=talks.address(found, Side.PRACTITIONER),
        name=asker.name_sealed or str(gettext("Erased")),
        guardian=asker.guardian_sealed,
        words=asker.words_sealed,
        facts=talks.facts(queries.revealed(asker), today=now.astimezone(ZoneInfo(zone)).date()),
        telephone=asker.telephone_sealed if course.is_agreed(found) else None,
        when=None if found.starts_at is None else _when(found),
        answer_by=turns.answer_by(found, found.asked_at) if waits and found.asked_at is not None else None,
        price=talks.price(found),
        reaches=asker.erased_at is not None or post.reaches_patient(session(), asker),
        erased=asker.erased_at is not None,
        messages=queries.messages_of(session(), [found.id]),
        summary=lies if lies is not None and lies.read else None,
        moving=talks.options(moving, zone, asker.timezone, now=now) if found.state is State.CONFIRMED else [],
        proposed=talks.options(mine, zone, asker.timezone, now=now),
        zone=zone,
        theirs=asker.timezone,
        hides_the_way=talks.hides_the_way(found),
        agreed=course.is_agreed(found),
        forms=dict.fromkeys(_FORMS) | forms,
    )


def _when(found: Consultation) -> str:
    if found.starts_at is None:
        return ""
    return talks.when(found.starts_at, found.place.timezone, found.request.timezone)
