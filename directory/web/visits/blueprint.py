"""What these pages share: nobody keeps them, and what a link shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, url_for

from directory.consultations import course, links, queries, rules, turns
from directory.consultations.models import (
    Consultation,
    ConsultationLink,
    ConsultationMessage,
    ConsultationRequest,
    ProposedTime,
)
from directory.consultations.rules import Told
from directory.consultations.summaries import queries as summaries
from directory.consultations.summaries.queries import Standing
from directory.consultations.terms import Act, Side, State
from directory.credentials.terms import Mode
from directory.errors import NotFound
from directory.http import headers
from directory.http.locale import gettext, moment
from directory.http.site import session, site
from directory.web import picks
from directory.web.forms.talks import MessageForm
from directory.web.forms.times import TimesForm
from directory.web.forms.visits import ConfirmForm
from directory.web.match import blueprint as match
from directory.web.presenters import talks

pages: Final = Blueprint("visits", __name__, url_prefix="/visits")


@pages.before_request
def _personal() -> None:
    headers.personal()


@pages.after_request
def _keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One of the people asked, as the page shows it."""

    one: Consultation
    name: str
    slug: str
    state: str
    when: str | None
    answer_by: str | None
    """While somebody is asked."""
    price: str
    place: str
    address: str | None
    """Where they meet, of an agreed talk in person."""
    how: str | None
    agreed: bool
    proposed: list[str]
    """The times that the patient would like instead and that wait for the practitioner."""
    messages: list[ConsultationMessage]
    confirm: ConfirmForm | None
    propose: TimesForm | None
    message: MessageForm | None
    summary: Standing | None
    """What was handed over and lies there now."""
    may_share: bool
    may_refuse: bool
    may_cancel: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Everything behind a link."""

    token: str
    link: ConsultationLink
    request: ConsultationRequest
    talks: list[Talk]
    made_for: str | None
    """The answer about pregnancy that it was made with."""
    wanted: list[str]
    """The times that the patient named for everybody."""
    shown: list[str]
    """What the patient lets the people asked see of what they told."""
    may: frozenset[Act]
    proved: bool

    @property
    def under_way(self) -> bool:
        """Whether anything of it may still come about."""
        return any(each.one.state in rules.UNDER_WAY for each in self.talks)

    @property
    def came_to_nothing(self) -> bool:
        """Whether everybody has said no or let the time run out, so that somebody else may be asked."""
        return rules.came_to_nothing([each.one.state for each in self.talks])

    @property
    def ask_somebody_else(self) -> str:
        """Where to choose somebody else: near the same place and by the same way of meeting, past those who were asked,
        and with whoever else is on the shortlist of this browser. A stranger learns nothing of it."""
        if self.unproved:
            return url_for("match.choose")
        point = json.loads(self.request.point_sealed) if self.request.point_sealed else None
        modes = {each.one.mode for each in self.talks}
        been = [each.slug for each in self.talks]
        asks: dict[str, Any] = {
            "place": None if point is None else f"{point[0]}, {point[1]}",
            "mode": "remote" if modes == {Mode.REMOTE} else None,
            "home_visit": "yes" if Mode.HOME_VISIT in modes else None,
            match.BEEN: been,
            match.WHO: [slug for slug in picks.read() if slug not in been][: rules.MOST_PEOPLE],
        }
        return url_for("match.choose", **asks)

    @property
    def unproved(self) -> bool:
        """Whether whoever opens it may be a stranger, who is shown nothing of what was sent."""
        return not self.used and not self.proved and Act.DISOWN in self.may

    @property
    def used(self) -> bool:
        """Whether something was decided over this link."""
        return self.link.used_at is not None


def read(token: str, *, now: datetime) -> tuple[ConsultationLink, list[Consultation]] | None:
    """The link and everybody asked; ``None`` for a link that has ended and shows nothing. ``NotFound``."""
    try:
        link = links.find(session(), token)
    except NotFound as error:
        raise NotFound(gettext(str(error))) from error
    if links.has_ended(link, now=now):
        return None
    return link, queries.of_request(session(), link.request_id)


def page(token: str, typed: dict[tuple[str, str], Any] | None = None) -> tuple[str, int]:
    """The page behind a link, with what was typed into its forms, by the code of the talk and the form's name."""
    now = site().clock()
    found = read(token, now=now)
    if found is None:
        return render_template("visits/ended.html", token=token), 410
    return render_template(
        "visits/visit.html", visit=_visit(token, *found, typed or {}, now=now), names=talks.TALKS
    ), 200


def confirm_form(one: Consultation, times: list[tuple[str, str]], *, now: datetime, typed: bool) -> ConfirmForm:
    """The form for choosing a time, which asks about pregnancy again where the due date has passed."""
    prefix = f"confirm-{one.code}"
    form = ConfirmForm(prefix=prefix) if typed else ConfirmForm(formdata=None, prefix=prefix)
    form.offer(times)
    if not typed and len(times) == 1:
        form.starts.data = times[0][0]
    if one.request.facts_sealed is not None:
        today = now.astimezone(ZoneInfo(one.request.timezone)).date()
        form.asks = Told.from_json(one.request.facts_sealed).must_be_asked_again(today=today)
    return form


def choices(one: Consultation, *, now: datetime) -> list[tuple[str, str]]:
    """The times that wait for the patient's word."""
    times = queries.times_of(session(), one.request_id)
    offered = list(queries.times_for(times, one, Side.PRACTITIONER))
    here, there = one.request.timezone, one.place.timezone
    found = dict(talks.options(offered, here, there, now=now))
    if one.state is State.ACCEPTED and one.starts_at is not None and one.starts_at > now:
        found[one.starts_at.isoformat()] = talks.when(one.starts_at, here, there)
    return sorted(found.items())


def _visit(
    token: str,
    link: ConsultationLink,
    theirs: list[Consultation],
    typed: dict[tuple[str, str], Any],
    *,
    now: datetime,
) -> Visit:
    request = theirs[0].request
    may = frozenset(act for act in Act if links.decides(link, act, now=now))
    times = queries.times_of(session(), request.id)
    written = queries.messages_of(session(), [each.id for each in theirs])
    handed = summaries.standing(session(), [each.id for each in theirs], now=now)
    wanted = [each.starts_at for each in times if each.consultation_id is None]
    today = now.astimezone(ZoneInfo(request.timezone)).date()
    return Visit(
        token=token,
        link=link,
        request=request,
        talks=[
            _talk(
                each,
                may,
                [time for time in times if time.consultation_id == each.id and time.side is Side.PATIENT],
                [word for word in written if word.consultation_id == each.id],
                handed.get(each.id),
                typed,
                now=now,
            )
            for each in theirs
        ],
        made_for=talks.made_for(request, today=today),
        wanted=[moment(each, request.timezone) for each in wanted],
        shown=talks.facts(queries.revealed(request), today=today),
        may=may,
        proved=request.proved_at is not None,
    )


def _talk(
    one: Consultation,
    may: frozenset[Act],
    wanted: list[ProposedTime],
    written: list[ConsultationMessage],
    handed: Standing | None,
    typed: dict[tuple[str, str], Any],
    *,
    now: datetime,
) -> Talk:
    here, there = one.request.timezone, one.place.timezone
    waits = choices(one, now=now) if one.state in (State.ACCEPTED, State.CONFIRMED) and Act.CONFIRM in may else []
    agreed = course.is_agreed(one)
    confirm = typed.get((one.code, "confirm")) or (confirm_form(one, waits, now=now, typed=False) if waits else None)
    proposes = Act.PROPOSE in may and one.state in (State.ACCEPTED, State.CONFIRMED)

    def empty(form: Any, name: str) -> Any:
        return form(formdata=None, prefix=f"{name}-{one.code}")

    writes = Act.WRITE in may and one.state in rules.UNDER_WAY - {State.QUEUED}
    return Talk(
        one=one,
        name=one.practitioner.display_name,
        slug=one.practitioner.slug,
        state=talks.stands(one, Side.PATIENT),
        when=None if one.starts_at is None or one.state is State.ACCEPTED else talks.when(one.starts_at, here, there),
        answer_by=_answer_by(one),
        price=talks.price(one),
        place=one.place.label,
        address=talks.address(one, Side.PATIENT),
        how=one.how_sealed if agreed else None,
        agreed=agreed,
        proposed=[said for _, said in talks.options(wanted, here, there, now=now)]
        if one.state in (State.ASKED, State.CONFIRMED)
        else [],
        messages=written,
        confirm=confirm,
        propose=typed.get((one.code, "propose"))
        or (TimesForm(formdata=None, prefix=f"propose-{one.code}") if proposes else None),
        message=typed.get((one.code, "write"))
        or (MessageForm(formdata=None, prefix=f"write-{one.code}") if writes else None),
        summary=handed,
        may_share=Act.SHARE in may and one.state is State.CONFIRMED,
        may_refuse=Act.REFUSE in may and bool(waits),
        may_cancel=Act.CANCEL in may and agreed,
        may_withdraw=Act.WITHDRAW in may and not agreed and rules.may_become(one.state, State.WITHDRAWN),
    )


def _answer_by(one: Consultation) -> str | None:
    if one.state is not State.ASKED or one.asked_at is None:
        return None
    return moment(turns.answer_by(one, one.asked_at), one.request.timezone)
