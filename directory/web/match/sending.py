"""The form of a request, and sending it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_time, get_timezone_name
from flask import Response, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from directory.accounts import rules as limits
from directory.accounts import throttle
from directory.accounts.terms import Action, Scope
from directory.consultations import ages, consent, rules, service
from directory.consultations.drafts import AskDraft, Whom
from directory.consultations.rules import Told
from directory.consultations.service import CannotAsk, TooManyRequests
from directory.consultations.terms import Bar, Order, Shared, Talk
from directory.errors import InvalidInput
from directory.http import uploads
from directory.http.locale import current, gettext, ngettext
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.screening.cautions import KINDS
from directory.screening.terms import Concern, PregnancyStatus
from directory.web.facts import Facts
from directory.web.forms.match import LIMITS, AskForm
from directory.web.match import choosing
from directory.web.match.blueprint import Asking, Person, address, asking, named, pages, people
from directory.web.presenters import labels, told

SENT: Final = "request_sent"
"""Under this name the visitor's signed cookie holds the number of the request that was just sent."""

OTHERS: Final = "others"
"""The field of a button that asks for the same form about other people."""
_OTHERS_SHOWN: Final = 3

BARS: Final[labels.Words] = {
    Bar.CLOSED: _l("takes no request now"),
    Bar.TALK: _l("does not talk in this way"),
    Bar.NOT_LISTED: _l("is not listed there any more"),
    Bar.PREGNANCY: _l("not everything we ask for in pregnancy is in place in the week of one of these times"),
    Bar.DOES_NOT_SUIT: _l("does not take on something that you told us about"),
}
_DAY_SECONDS: Final = 24 * 60 * 60
_FIELDS: Final[Mapping[str, str]] = {"starts": "first", "people": "", "pregnancy": "", "red_flags": ""}
"""Where the draft and the form name a thing differently; an empty name is told above the form."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is for one of the people asked, when it is a given time for the patient."""

    name: str
    said: str


@pages.get("/write")
def write() -> ResponseReturnValue:
    """The form; back to choosing, with 422, where nobody can be asked as the address says."""
    who = asking()
    chosen_people = _chosen(who)
    refused = _not_yet(who, chosen_people)
    return refused or _page(who, chosen_people, _form(who, chosen_people))


@pages.post("/write")
def send() -> ResponseReturnValue:
    """Send the request; what cannot be sent comes back with 422 as it was typed, and nobody was asked.

    Everything that can be looked at beforehand is, so that others who write wait for the sending alone.
    """
    who = asking()
    chosen_people = _chosen(who)
    instead = _instead(who, chosen_people)
    if instead:
        return _page(who, chosen_people, _form_for_others(who, chosen_people), instead), 422
    refused = _not_yet(who, chosen_people)
    if refused is not None:
        return refused
    form = _form(who, chosen_people)
    if OTHERS in request.form:
        return _page(who, chosen_people, form)
    if not form.validate():
        return _page(who, chosen_people, form), 422
    draft = _draft(who, chosen_people, form)
    return uploads.write(lambda: _sent(draft, form, chosen_people) or _refused(who, chosen_people, form))


@dataclass(frozen=True, slots=True)
class Others:
    """Who can be asked in place of those who were chosen, and the address of the form about them."""

    names: tuple[str, ...]
    href: str


def _instead(who: Asking, chosen_people: Sequence[Person]) -> list[Others]:
    """Whom to ask, where somebody cannot be asked any more about whom a form was filled in; empty where all can be, or
    something else is missing. What was written goes with it: it must not be written twice."""
    able = [each for each in chosen_people if each.open]
    if who.criteria is None or who.must_answer or who.known.stopped or len(able) == len(chosen_people):
        return []
    first = choosing.first_of_the_list(who, set(named()))
    groups = [able] if able else [[each] for each in first if each.open][:_OTHERS_SHOWN]
    return [
        Others(
            tuple(each.chosen.match.name for each in group if each.chosen.match),
            address("match.send", who, [each.chosen.slug for each in group]),
        )
        for group in groups
    ]


def _form_for_others(who: Asking, chosen_people: Sequence[Person]) -> AskForm:
    form = _form(who, [], talks=frozenset(Talk))
    gone = [each.chosen.match.name for each in chosen_people if not each.open and each.chosen.match]
    if gone:
        names = ", ".join(gone)
        form.form_errors.append(gettext("%(names)s cannot be asked now. Nothing was sent to anybody.", names=names))
    else:
        form.form_errors.append(gettext("The person you chose is not listed any more. Nothing was sent to anybody."))
    return form


def _sent(draft: AskDraft, form: AskForm, chosen_people: Sequence[Person]) -> ResponseReturnValue | None:
    """On to what comes next; ``None``, with the complaint in the form, where it could not be sent."""
    if not _may_send(form):
        return None
    # Who is refused learned something by trying, so the try counts.
    site().database.keep_refusal()
    now = site().clock()
    try:
        looked = service.look(session(), draft, now=now)
    except CannotAsk as error:
        _say_who_cannot(form, error, chosen_people)
    except TooManyRequests:
        form.wait_seconds = _DAY_SECONDS
        form.form_errors.append(
            gettext("That is as many requests as one mailbox can send in a day. Please try again tomorrow.")
        )
    except InvalidInput as error:
        _say_at_field(form, error)
    else:
        cookie[SENT] = [service.send(session(), looked, now=now).request_id, int(now.timestamp())]
        return redirect(url_for("match.sent"), 303)
    return None


def _refused(who: Asking, chosen_people: Sequence[Person], form: AskForm) -> Response:
    response = make_response(_page(who, chosen_people, form), 429 if form.wait_seconds else 422)
    if form.wait_seconds:
        response.headers["Retry-After"] = str(form.wait_seconds)
    return response


def _chosen(who: Asking) -> tuple[Person, ...]:
    return people(named(), who) if not choosing.too_few_or_many() else ()


def _not_yet(who: Asking, chosen_people: Sequence[Person]) -> ResponseReturnValue | None:
    """The page before, where a place, an answer or somebody to ask is missing."""
    trouble = choosing.too_few_or_many()
    if not trouble and who.criteria is not None and not all(each.open for each in chosen_people):
        trouble = str(gettext("One of the people you chose cannot be asked now. The list below says who can."))
    if trouble or who.criteria is None or who.must_answer or who.known.stopped:
        return choosing.page(who, trouble=trouble if who.criteria and not who.must_answer else ""), 422
    return None


def _form(who: Asking, chosen_people: Sequence[Person], *, talks: frozenset[Talk] | None = None) -> AskForm:
    hours = [
        SelectChoice(str(each), ngettext("%(num)s hour", "%(num)s hours", each))
        if each < 72
        else SelectChoice(str(each), ngettext("%(num)s day", "%(num)s days", each // 24))
        for each in LIMITS
    ]
    return AskForm(
        talks=_talks(chosen_people) if talks is None else talks,
        sharable=_sharable(who),
        limits=hours,
        zone=str(who.zone),
        now=site().clock(),
        age=_needed_age(who),
        told_age=who.known.age,
        adult=who.known.adult,
    )


def _needed_age(who: Asking) -> int:
    return ages.age_of_consent(who.criteria.point.jurisdiction if who.criteria else None)


def _talks(chosen_people: Sequence[Person]) -> frozenset[Talk]:
    """The ways to talk that everybody chosen offers."""
    offered = [each.available.talks for each in chosen_people if each.available]
    return frozenset.intersection(*offered) if offered else frozenset()


def _sharable(who: Asking) -> dict[Shared, list[str]]:
    """What was told, and so can be shared; of what was ticked, what each tick here would show."""
    known = who.known
    found: dict[Shared, list[str]] = {}
    if known.pregnancy not in (PregnancyStatus.NOT_ANSWERED, PregnancyStatus.NO):
        found[Shared.PREGNANCY] = []
    for code in (Shared.EXPECTING, Shared.HEALTH, Shared.NEEDLES):
        ticked = (known.conditions | _concerns(known)) & rules.COVERS[code]
        if ticked:
            found[code] = [told.name(each) for each in KINDS if each in ticked]
    if known.age is not None:
        found[Shared.AGE] = []
    return found


def _concerns(known: Facts) -> frozenset[Concern]:
    """What was ticked besides conditions, as far as it still holds."""
    return known.concerns & known.to_raise


def _page(who: Asking, chosen_people: Sequence[Person], form: AskForm, instead: Sequence[Others] = ()) -> str:
    needed = _needed_age(who)
    return render_template(
        "match/write.html",
        form=form,
        people=[each for each in chosen_people if each.open] if instead else chosen_people,
        instead=instead,
        others=OTHERS,
        criteria=who.criteria,
        told=who.known,
        state=told.pregnancy_state(who.known, today=who.today),
        told_chips=told.chips(who.known, today=who.today),
        to_tell=told.to_tell(who.known),
        clocks=_clocks(chosen_people, form.zone),
        at_the_place=form.zone == who.zone,
        needed_age=needed,
        asks_age=who.known.age is None and not who.known.adult,
        asks_guardian=not who.known.adult and (who.known.age is None or who.known.age < needed),
        consent=[gettext(text) for text in consent.TEXTS[consent.CURRENT]],
        several=len(chosen_people) > 1,
        action=address("match.send", who, named()),
        back=address("match.choose", who, named()),
        here=address("match.write", who, named()),
        reply_days=rules.REPLY_DAYS,
    )


def _clocks(chosen_people: Sequence[Person], zone: ZoneInfo) -> list[Clock]:
    """For each whose clock differs from the patient's: what noon is there."""
    now = site().clock()
    noon = now.astimezone(zone).replace(hour=12, minute=0, second=0, microsecond=0)
    found = []
    for each in chosen_people:
        match = each.chosen.match
        if match is None:
            continue
        there = ZoneInfo(each.chosen.timezone)
        if noon.astimezone(there).utcoffset() != noon.utcoffset():
            found.append(Clock(match.name, _clock(noon, there)))
    return found


def _clock(at: datetime, zone: ZoneInfo) -> str:
    """The time of day at an instant in a zone, and the name of the zone."""
    locale = current()
    name = get_timezone_name(at.astimezone(zone), width="long", locale=locale)
    return f"{format_time(at, format='short', tzinfo=zone, locale=locale)} ({name})"


def _draft(who: Asking, chosen_people: Sequence[Person], form: AskForm) -> AskDraft:
    if who.criteria is None:
        raise LookupError("a request is written for a place that is known")
    known, point = who.known, who.criteria.point
    in_order = form.order.data == Order.IN_ORDER and len(chosen_people) > 1
    return AskDraft(
        people=tuple(
            Whom(each.chosen.match.practitioner_id, each.chosen.match.place_id, each.chosen.match.mode)
            for each in chosen_people
            if each.chosen.match
        ),
        order=Order.IN_ORDER if in_order else Order.AT_ONCE,
        limit_hours=int(form.limit_hours.data) if in_order else None,
        talk=Talk(form.talk.data),
        starts=tuple(form.starts.values()),
        name=form.name.data,
        email=form.email.data,
        mailbox=rules.mailbox(site().config.secret_key, form.email.data),
        telephone=form.telephone.data if form.talk.data == Talk.PHONE else "",
        words=form.words.data,
        told=Told(
            pregnancy=known.pregnancy,
            due=known.due,
            age=known.age,
            conditions=known.conditions,
            concerns=_concerns(known),
        ),
        red_flags=known.patient(today=who.today).red_flags,
        shared=frozenset(Shared(code) for code in form.shared.data),
        of_age=known.adult or bool(form.of_age.data),
        guardian=form.guardian.data,
        waitlist_ok=who.criteria.waitlist_ok,
        timezone=str(form.zone),
        jurisdiction=point.jurisdiction,
        point=(point.latitude, point.longitude),
        consent=consent.CURRENT if form.consent.data else "",
        locale=str(current()),
    )


def _say_who_cannot(form: AskForm, error: CannotAsk, chosen_people: Sequence[Person]) -> None:
    for each in chosen_people:
        match = each.chosen.match
        if match is not None and match.practitioner_id in error.whom:
            why = labels.word(BARS, error.whom[match.practitioner_id])
            form.form_errors.append(
                gettext("%(name)s: %(why)s. Nothing was sent to anybody.", name=match.name, why=why)
            )


def _say_at_field(form: AskForm, error: InvalidInput) -> None:
    name = _FIELDS.get(error.field or "", error.field or "")
    name = "of_age" if name == "age" else name
    said = gettext(str(error))
    if name in form:
        field: Any = form[name]
        field.errors = [*field.errors, said]
    else:
        form.form_errors.append(said)


def _may_send(form: AskForm) -> bool:
    """Whether this network may send another one, which is counted; otherwise the form says how long to wait."""
    network = limits.network(request.remote_addr)
    who = limits.subject(site().config.secret_key, Action.ASK_FOR_TALK, Scope.NETWORK, network)
    now, subjects = site().clock(), {Scope.NETWORK: who}
    waiting = throttle.must_wait(session(), Action.ASK_FOR_TALK, subjects, now=now)
    if not waiting:
        throttle.count(session(), Action.ASK_FOR_TALK, subjects, now=now)
        return True
    form.wait_seconds = max(1, math.ceil(waiting.total_seconds()))
    form.form_errors.append(
        gettext(
            "Many requests came from your network in a short time. Please wait %(minutes)s min and send it again.",
            minutes=max(1, math.ceil(form.wait_seconds / 60)),
        )
    )
    return False
