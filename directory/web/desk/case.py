"""One case with everything beside it: what is claimed, what shows it, what registers say, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.models import Account
from directory.cases.rules import is_taken_by_another
from directory.cases.terms import Kind, Risk, State
from directory.credentials.decisions.queries import Told
from directory.credentials.evidence import rules as evidence_rules
from directory.credentials.evidence.models import Evidence
from directory.credentials.evidence.terms import EvidenceState, MediaType, Way
from directory.credentials.terms import Refusal
from directory.desk import review as reviewing
from directory.desk.criteria import clock
from directory.desk.granting import PlaceThen
from directory.desk.review import Review
from directory.errors import NotFound
from directory.http import headers, who
from directory.http.locale import day, gettext
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.jurisdictions import lookups
from directory.jurisdictions.names import name_of
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.web.desk import asking, claimed, complaints, control, lines, registers
from directory.web.desk.asking import Panel
from directory.web.desk.blueprint import pages
from directory.web.desk.facts import Fact
from directory.web.evidence import panels
from directory.web.presenters import case_labels
from directory.web.presenters.case_labels import KINDS, RISKS, WHY

LACKS: Final[Mapping[Refusal, Any]] = {
    Refusal.NOT_PUBLISHED: _l("the profile is not published"),
    Refusal.HELD: _l("the profile is held"),
    Refusal.HOLDER_NOT_PROVED: _l("that the person is who the papers name"),
    Refusal.NOT_ATTESTED: _l("their word that the place is still right"),
    Refusal.NO_INDEMNITY: _l("checked insurance that runs"),
    Refusal.DRY_NEEDLING: _l("acupuncture: dry needling is not listed"),
    Refusal.NO_RULE: _l("rules that we know for this place"),
    Refusal.CLOSED_JURISDICTION: _l("a place where we list anybody at all"),
    Refusal.HIDDEN_JURISDICTION: _l("a place where we have not stopped listing people for a while"),
    Refusal.ORDERED_TO_STOP: _l("a register says that practice must stop"),
    Refusal.NOTHING_TO_OFFER: _l("anything on offer that a condition on a paper does not forbid"),
    Refusal.NO_LICENCE: _l("a licence for here, checked with its register"),
    Refusal.NO_MEMBERSHIP: _l("a membership that counts here, checked"),
    Refusal.NO_CERTIFICATION: _l("a national certification, checked"),
    Refusal.NO_LOCAL_PAPERS: _l("the papers of the local council"),
    Refusal.PREGNANCY_NOT_TREATED: _l("they do not treat pregnant people"),
    Refusal.WEEK_OUTSIDE_WINDOW: _l("weeks in the declaration"),
    Refusal.DECLARATION_NOT_CURRENT: _l("a signed declaration of the last twelve months"),
    Refusal.TRAINING_NOT_CHECKED: _l("maternity training of enough hours, checked"),
    Refusal.NO_POINT_POLICY: _l("a policy on points"),
    Refusal.NO_WRITTEN_CONSENT: _l("written consent"),
    Refusal.NO_EMERGENCY_POLICY: _l("an emergency policy"),
    Refusal.NO_PREGNANCY_COVER: _l("insurance that names pregnancy, checked"),
    Refusal.CONDITION_EXCLUDES_PREGNANCY: _l("a condition on a paper excludes pregnancy"),
}
"""What is lacking, in a few words after "still lacks"."""

_NO_LIST: Final[Mapping[Kind, Any]] = {
    Kind.RLS_CASELOAD: _l("Whether they are listed does not change. Each item counts more in the order of the list."),
    Kind.TRAINING: _l("Whether they are listed does not change. It is shown on their profile, and may count there."),
    Kind.EDUCATION: _l("Whether they are listed does not change. It is shown on their profile as checked."),
    Kind.PHOTO: _l("Whether they are listed does not change. The photo is shown on their profile."),
    Kind.FEEDBACK: _l(
        "Whether and where anybody is listed does not change. The words are shown on the profile, apart."
    ),
    Kind.SENSITIVE_EDIT: _l("What patients see changes to what is asked for. Its rules are asked again then."),
    Kind.PLAUSIBILITY: _l("A number that is not believed counts for nothing in the order of the list."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One piece of evidence as the page shows it."""

    id: int
    about: str
    what: str
    state: str
    sent: str
    kind: str
    """``pdf``, ``picture``, ``words`` or ``none`` for what cannot be opened."""
    href: str
    download: str
    words: str
    by: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """A place before and after, in words."""

    label: str
    where: str
    icon: str
    said: str
    lacks: Sequence[str]


@pages.get("/cases/<int:case_id>")
def case(case_id: int) -> ResponseReturnValue:
    """Everything about one case. At most six statements, with the one that finds who is asking."""
    return page(case_id), 200


def page(case_id: int, *, panel: asking.Panel | None = None, **besides: Any) -> str:
    """The page, also as the answer to something that was sent from it: then with the form as it was sent."""
    now, me = site().clock(), who.account()
    try:
        found = reviewing.review(session(), case_id, now=now)
    except NotFound as error:
        raise NotFound(gettext(str(error))) from error
    headers.allow_frames()
    kind = found.case.kind
    return render_template(
        "desk/case.html",
        review=found,
        case=found.case,
        person=found.file.person,
        heading=_heading(found),
        kind=str(KINDS[kind]),
        why=str(WHY[kind]),
        risk=str(RISKS[Risk(found.case.risk)]),
        clock=_clock(found, now),
        stands=_stands(found, now),
        granted=kind in _CLAIMS,
        holder=_holder(found, me, now),
        mine=found.case.claimed_by == me.id and not _is_over(found, now),
        theirs=is_taken_by_another(found.case.claimed_by, found.case.claimed_until, by=me.id, now=now),
        is_open=found.case.state is State.OPEN,
        claim=claimed.claimed(found),
        other_profile=_other_profile(found),
        exhibits=[_exhibit(each) for each in found.evidence],
        more_exhibits=[_exhibit(each) for each in found.more_evidence],
        rule=registers.rule(found),
        lookups=registers.links(found),
        written_on=lookups.WRITTEN_ON,
        registers=registers.said(found, now=now),
        places=[_then(found, each) for each in found.places],
        no_list=str(_NO_LIST.get(kind, "")),
        papers=_papers(found),
        standing=""
        if found.file.person is None
        else str(case_labels.ACCOUNT_STATUSES[found.file.person.account_status]),
        case_kind=lambda each: str(KINDS[Kind(each)]),
        panel=panel or _panel(found),
        report=complaints.panel_for(found),
        ways=_ways(found),
        channels=control.ways(found),
        questions=[each for each in found.file.questions if each.subject == found.case.subject],
        looked_at=[] if found.looked_at is None else [_decided(found.looked_at)],
        towns={each.place.locality for each in found.listings},
        decisions=[_decided(each) for each in found.earlier],
        more_decisions=[_decided(each) for each in found.decided_besides],
        **besides,
    )


_SETTLED_ELSEWHERE: Final = frozenset({Kind.DISPUTE, Kind.COMPLAINT, Kind.HARM})
"""Kinds that are decided on a page of their own and never by the general form."""

_CLAIMS: Final = frozenset(_NO_LIST) | {
    Kind.PROFILE_CLAIM,
    Kind.CONTROL,
    Kind.LICENCE,
    Kind.CERTIFICATION,
    Kind.INDEMNITY,
    Kind.PREGNANCY_DECLARATION,
}
"""Kinds in which somebody asks for something that the desk can grant."""

_ABOUT_A_PERSON: Final = frozenset(
    {Kind.CLOSING, Kind.REGISTER_NEWS, Kind.EXCLUSION, Kind.COMPLAINT, Kind.HARM, Kind.PLAUSIBILITY}
)
"""Kinds after which somebody may have to be hidden or taken off the list."""


def _panel(review: Review) -> Panel | None:
    """The form of the decision; none where there is nothing left to decide about, or where another page decides."""
    gone = review.case.kind is Kind.SECOND_LOOK and review.looked_at is None
    if gone or review.case.state is State.CLOSED or review.case.kind in _SETTLED_ELSEWHERE:
        return None
    return asking.panel_for(review)


@dataclass(frozen=True, slots=True)
class Onward:
    """A page on which this case, or its person, is dealt with."""

    href: str
    name: str
    first: bool = False
    """It is where this case is decided."""


def _ways(review: Review) -> Sequence[Onward]:
    case, person = review.case, review.file.person
    found = []
    if case.state is State.OPEN and case.kind is Kind.DUPLICATE:
        href = url_for("desk.duplicates", case_id=case.id)
        found.append(Onward(href, str(gettext("Compare the two profiles")), first=True))
    if case.state is State.OPEN and case.kind is Kind.DISPUTE:
        href = url_for("desk.dispute", case_id=case.id)
        found.append(Onward(href, str(gettext("Say whose profile it is")), first=True))
    if person is None:
        return found
    if case.kind in (Kind.CLOSING, Kind.REGISTER_NEWS):
        href = url_for("desk.closing", slug=person.slug)
        found.append(Onward(href, str(gettext("Close this profile")), first=case.kind is Kind.CLOSING))
    if case.kind in _ABOUT_A_PERSON:
        href = url_for("desk.person_decision", slug=person.slug)
        found.append(Onward(href, str(gettext("Hide it or take it off the list"))))
    return found


# --- the head --------------------------------------------------------------------------------------------------------


def _heading(review: Review) -> str:
    person, subject = review.file.person, review.case.subject
    kind = str(KINDS[review.case.kind])
    if person is not None:
        return f"{kind}: {person.display_name}"
    if subject.startswith("npi:"):
        return str(gettext("%(kind)s: NPI %(number)s", kind=kind, number=subject.removeprefix("npi:")))
    return kind


def _is_over(review: Review, now: datetime) -> bool:
    return review.case.claimed_until is None or review.case.claimed_until <= now


def _stands(review: Review, now: datetime) -> str:
    found = review.case
    return clock(due=found.due, waiting_since=found.waiting_since, closed_at=found.closed_at, now=now).value


def _clock(review: Review, now: datetime) -> str:
    found = review.case
    if found.closed_at is not None:
        return str(gettext("Closed on %(day)s", day=day(found.closed_at.date())))
    if found.waiting_since is not None:
        return str(gettext("Waiting for the practitioner since %(day)s", day=day(found.waiting_since.date())))
    if now > found.due:
        return str(gettext("Overdue by %(span)s", span=lines.span(now - found.due)))
    return str(gettext("Due in %(span)s", span=lines.span(found.due - now)))


def _holder(review: Review, me: Account, now: datetime) -> str:
    found = review.case
    if _is_over(review, now) or found.claimed_until is None:
        return ""
    until = lines.time_of_day(found.claimed_until)
    if found.claimed_by == me.id:
        return str(gettext("Yours until %(time)s", time=until))
    return str(gettext("With %(who)s until %(time)s", who=review.file.holder or gettext("somebody"), time=until))


def _other_profile(review: Review) -> Practitioner | None:
    """The profile of ours that somebody says is theirs."""
    scheme, _, rest = review.case.subject.partition(":")
    number = rest.partition(" ")[0]
    if review.case.kind is not Kind.PROFILE_CLAIM or scheme != "practitioner" or not number.isdigit():
        return None
    return people.practitioner(session(), int(number))


# --- evidence --------------------------------------------------------------------------------------------------------

_EVIDENCE_STATES: Final[Mapping[EvidenceState, Any]] = {
    EvidenceState.WAITING_SCAN: _l("Waits for the virus scanner; nobody can open it yet"),
    EvidenceState.CLEAN: _l("Ready to be looked at"),
    EvidenceState.ASKED: _l("Asked, no answer yet"),
    EvidenceState.CONFIRMED: _l("Confirmed; we have not proved who answered"),
    EvidenceState.DECLINED: _l("Not confirmed"),
    EvidenceState.REFUSED: _l("Refused and deleted: the virus scanner found something in it"),
}
_WAYS: Final[Mapping[Way, Any]] = {
    Way.FILE: _l("A file"),
    Way.STATEMENT: _l("A signed statement"),
    Way.COLLEAGUE: _l("The word of a colleague"),
}


def _exhibit(evidence: Evidence) -> Exhibit:
    told = evidence.told
    opens = evidence.way is Way.FILE and evidence_rules.may_be_opened(evidence.state)
    kind = "words" if evidence.way is not Way.FILE else "none"
    if opens:
        kind = "pdf" if evidence.media_type is MediaType.PDF else "picture"
    return Exhibit(
        id=evidence.id,
        about=panels.claim(evidence.subject),
        what=str(_WAYS[evidence.way]),
        state=str(gettext("Looked at before") if evidence.decided_at else _EVIDENCE_STATES[evidence.state]),
        sent=day(evidence.sent_at.date()),
        kind=kind,
        href=url_for("evidence.view", code=evidence.code) if opens else "",
        download=url_for("evidence.download", code=evidence.code) if opens else "",
        words="" if told is None else told.words,
        by="" if told is None else told.name,
        answer="" if told is None else ", ".join(part for part in (told.answered_by, told.answer) if part),
    )


# --- the rule and the list -------------------------------------------------------------------------------------------


def _then(review: Review, place: PlaceThen) -> Then:
    where = ", ".join(part for part in (place.locality, name_of(place.jurisdiction)) if part)
    if review.case.kind is Kind.PREGNANCY_DECLARATION and not place.after:
        lacks = [str(LACKS[each]) for each in place.pregnant_after]
        if place.opens_for_pregnant:
            said = gettext("Pregnant people would be sent here.")
        elif lacks:
            said = gettext("Pregnant people would not be sent here. It still lacks:")
        else:
            said = gettext("Pregnant people are sent here already.")
        return Then(label=place.label, where=where, icon="checked" if not lacks else "missing", said=said, lacks=lacks)
    lacks = [str(LACKS[each]) for each in place.after]
    if place.opens:
        said = gettext("Would be listed here.")
    elif lacks:
        said = gettext("Would not be listed here. It still lacks:")
    else:
        said = gettext("Is listed here already.")
    return Then(label=place.label, where=where, icon="checked" if not lacks else "missing", said=said, lacks=lacks)


def _papers(review: Review) -> Sequence[tuple[int, Sequence[Fact], str]]:
    """The person's other papers, the newest first, each with how it was checked."""
    found = []
    for paper in sorted(review.file.papers, key=lambda each: -each.id):
        if review.paper is not None and paper.id == review.paper.id:
            continue
        checked = gettext("not checked")
        if paper.verified_on is not None and paper.check_method is not None:
            how = registers.METHODS[paper.check_method]
            checked = gettext("%(how)s, %(day)s", how=how, day=day(paper.verified_on))
        found.append((paper.id, claimed.paper_facts(paper), str(checked)))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """An earlier decision in words."""

    told: Told
    kind: str
    outcome: str
    on: str
    how: str


def _decided(told: Told) -> Decided:
    decision = told.decision
    outcome = case_labels.outcome(decision.kind, decision.outcome)
    if decision.agrees is not None:
        outcome = str(
            gettext("%(outcome)s: agreed", outcome=outcome)
            if decision.agrees
            else gettext("%(outcome)s: disagreed", outcome=outcome)
        )
    how = [
        "" if decision.method is None else str(registers.DECISION_METHODS[decision.method]),
        "" if decision.read_on is None else day(decision.read_on),
        decision.source or "",
        "" if decision.takes_effect else str(gettext("without effect yet")),
    ]
    return Decided(
        told=told,
        kind=str(KINDS[decision.kind]),
        outcome=outcome,
        on=day(decision.decided_at.date()),
        how=", ".join(part for part in how if part),
    )
