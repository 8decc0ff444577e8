"""One result in words: what was checked, what the person says, why they stand in this list, and the sum behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from directory.credentials.terms import Liaison, Mode, OutcomeTracking, Verification
from directory.guide import evidence
from directory.http.locale import day, distance, gettext, money, ngettext, number, span
from directory.practitioners.terms import PointPrecision
from directory.screening.rules import LAST_WEEK, completed_weeks, last_day_of, plan_goes_beyond
from directory.search.criteria import Criteria, Part
from directory.search.results import Match, PregnancyFacts, RlsFacts, ScorePart
from directory.web.facts import NOTHING_TOLD, Facts
from directory.web.presenters import journeys, known, labels
from directory.web.presenters.known import Known
from directory.web.presenters.told import ToRaise, to_raise


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the arithmetic, as the component of that name takes it."""

    label: str
    said: str
    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the template of a result shows."""

    match: Match
    href: str
    title: str
    where: str
    distance: str
    """In a straight line, with its unit; empty where nobody travels."""
    known: tuple[Known, ...]
    """The papers that were checked, experience with RLS, and pregnancy or whether new patients are taken."""
    more: tuple[str, ...]
    notes: tuple[str, ...]
    """What must be read with it: orders, no licence in this state, needling not possible from a distance."""
    to_raise: tuple[ToRaise, ...]
    """What this patient should ask this practitioner about."""
    reasons: tuple[str, ...]
    rows: tuple[Row, ...]
    total: float


def card(match: Match, criteria: Criteria, *, today: date, told: Facts = NOTHING_TOLD) -> Card:
    """The words for one result, for a visitor who told these facts; ``today`` is the day at the patient's place."""
    rows = tuple(_row(part, match, criteria) for part in match.score.parts)
    pregnant = criteria.patient.gestation is not None
    takes = known.accepting(match.accepting, match.accepting_confirmed_on, today=today, away_until=match.away_until)
    third = known.pregnancy(match.pregnancy) if pregnant and match.pregnancy else takes
    return Card(
        match=match,
        href=url_for("practitioners.profile", slug=match.slug),
        title=match.title or labels.word(labels.PROFESSIONS, match.profession),
        where=where(match),
        distance=how_far(match, criteria),
        known=(*known.basis(match.permit), known.rls(match.rls), third),
        more=(*journeys.of_one(match, criteria), *_more(match, takes if pregnant else None)),
        notes=(*until(match, told, today), *notes(match, today)),
        to_raise=to_raise(told, protocols=match.protocols_met, techniques=match.techniques),
        reasons=tuple(_reasons(match, criteria)),
        rows=rows,
        # What is shown shall add up as shown, so the sum is that of the rounded points.
        total=round(sum(row.points for row in rows), 3),
    )


def where(match: Match) -> str:
    """Where the practice is, as far as it may be known."""
    if match.mode is Mode.HOME_VISIT:
        return str(gettext("Comes to your home; the practice is in %(town)s", town=match.locality))
    if match.mode is Mode.REMOTE:
        return str(gettext("Talks with you from %(town)s", town=match.locality))
    if match.place_label and match.locality not in match.place_label:
        return f"{match.place_label}, {match.locality}"
    return match.place_label or match.locality


def how_far(match: Match, criteria: Criteria) -> str:
    """The straight line, "about" where either end stands for an area; empty for a remote consultation."""
    if match.mode is Mode.REMOTE:
        return ""
    far = distance(match.distance_km, criteria.point.country)
    if criteria.point.about or match.point_precision is not PointPrecision.EXACT:
        return str(gettext("about %(distance)s", distance=far))
    return far


def _more(match: Match, takes: Known | None) -> tuple[str, ...]:
    said = [takes.said] if takes is not None else []
    if match.price_currency and match.price_first_visit is not None:
        said.append(gettext("First visit %(price)s", price=money(match.price_first_visit, match.price_currency)))
    if match.price_currency and match.price_follow_up is not None:
        said.append(gettext("Later visits %(price)s", price=money(match.price_follow_up, match.price_currency)))
    spoken = sorted({each.name for each in match.languages if each.code != "en"})
    if spoken:
        said.append(gettext("Also speaks %(languages)s", languages=", ".join(spoken)))
    if match.step_free:
        said.append(gettext("Step-free from street to table, they say"))
    if match.home_visit_radius_km > 0 and match.mode is Mode.IN_PERSON:
        said.append(
            gettext(
                "Says they come to homes up to %(far)s away", far=distance(match.home_visit_radius_km, match.country)
            )
        )
    if match.remote_consultation and match.mode is not Mode.REMOTE:
        said.append(gettext("Offers a first talk from a distance"))
    return tuple(str(each) for each in said)


def until(match: Match, told: Facts, today: date) -> Iterator[str]:
    """Until when somebody pregnant is seen, and whether a usual plan would go beyond that."""
    if match.pregnancy is None or told.patient(today=today).gestation is None:
        return
    last = match.pregnancy.max_week
    if last >= LAST_WEEK:
        yield str(gettext("Sees you until the birth."))
    elif told.due is None:
        yield str(gettext("Sees you until week %(week)s.", week=last))
    else:
        until = last_day_of(last, due=told.due)
        yield str(gettext("Sees you until week %(week)s, which is until %(day)s.", week=last, day=day(until)))
        if plan_goes_beyond(completed_weeks(told.due, on=today), last_week=last):
            yield str(
                gettext("A usual plan of six to ten visits goes beyond that. Ask first who would see you afterwards.")
            )


def notes(match: Match, today: date) -> tuple[str, ...]:
    """What must be read with it: orders, no licence in this state, needling not possible from a distance."""
    rests_on = []
    if match.permit.on_probation:
        rests_on.append(evidence.PROBATION.text)
    if match.permit.no_licence_exists:
        rests_on.append(evidence.NO_LICENCE.text)
    if match.mode is Mode.REMOTE:
        rests_on.append(evidence.REMOTE.text)
    said = [str(gettext(text)) for text in rests_on]
    said += [
        str(gettext("The register states conditions: %(text)s", text=paper.conditions_text))
        for paper in match.permit.basis
        if paper.conditions_text
    ]
    said += [
        str(gettext("The register states earlier discipline: %(text)s", text=paper.discipline))
        for paper in match.permit.basis
        if paper.discipline
    ]
    unconfirmed = known.unconfirmed(match.said_true_on, today=today)
    if unconfirmed:
        said.append(unconfirmed)
    if match.min_patient_age > 18:
        said.append(str(gettext("Takes patients from %(age)s years of age", age=match.min_patient_age)))
    return tuple(said)


def _reasons(match: Match, criteria: Criteria) -> Iterator[str]:
    """Why somebody stands where they do, without repeating what the card says above and what holds for everybody."""
    for part in match.score.parts:
        said = ""
        if part.part is Part.RLS and match.rls is not None and known.has_shown(match.rls):
            said = _besides(_rls_items(match.rls, besides_the_line=True))
        elif part.part is Part.PREGNANCY and match.pregnancy is not None:
            said = _besides(_pregnancy_items(match.pregnancy))
        elif part.part is Part.DISTANCE:
            said = _why_near(match, criteria)
        elif part.part is Part.FIT and (match.wishes_met or match.protocols_met or match.wishes_unmet):
            said = _why_fit(match)
        elif part.part is Part.TRUST:
            said = "; ".join(_standing(match))
        if said:
            yield f"{labels.word(labels.PARTS, part.part)}: {said}"


def _besides(items: Sequence[str]) -> str:
    """What counts together with the line that the card already shows."""
    return str(gettext("also %(items)s", items="; ".join(items)) if items else gettext("what is said above"))


def _why_near(match: Match, criteria: Criteria) -> str:
    if match.mode is Mode.HOME_VISIT:
        return str(gettext("they come to you"))
    if match.mode is Mode.REMOTE:
        return ""
    radius = distance(criteria.radius_km, criteria.point.country)
    return str(gettext("you asked within %(radius)s, and nearer counts more", radius=radius))


def _row(part: ScorePart, match: Match, criteria: Criteria) -> Row:
    return Row(
        label=labels.word(labels.PARTS, part.part),
        said=_why(part, match, criteria),
        value=part.value,
        weight=part.weight,
        points=round(part.points, 3),
    )


def _why(part: ScorePart, match: Match, criteria: Criteria) -> str:
    if part.part is Part.RLS:
        return _why_rls(match.rls)
    if part.part is Part.DISTANCE:
        if match.mode is Mode.HOME_VISIT and part.value == 1.0:
            return str(gettext("they come to you, so there is no way to travel"))
        radius = distance(criteria.radius_km, criteria.point.country)
        far = gettext("%(distance)s in a straight line", distance=how_far(match, criteria))
        return str(gettext("%(far)s; you asked within %(radius)s", far=far, radius=radius))
    if part.part is Part.PREGNANCY:
        return _why_pregnancy(match.pregnancy)
    if part.part is Part.FIT:
        return _why_fit(match)
    return _why_trust(match)


def _why_rls(facts: RlsFacts | None) -> str:
    if facts is None or not known.has_shown(facts):
        return str(gettext("nothing told us yet"))
    return "; ".join(_rls_items(facts, besides_the_line=False))


def _rls_items(facts: RlsFacts, *, besides_the_line: bool) -> list[str]:
    """What is known about somebody's work with RLS; or only what the one line of the card leaves out."""
    items: dict[Verification | None, list[str]] = {}
    if facts.patients_24m and not besides_the_line:
        seen = ngettext("%(num)s person in 24 months", "%(num)s people in 24 months", facts.patients_24m)
        items.setdefault(facts.patients_verification, []).append(str(seen))
    if facts.training_hours and not (besides_the_line and not facts.patients_24m):
        hours = gettext("%(hours)s hours of training", hours=number(facts.training_hours))
        items.setdefault(facts.training_verification, []).append(str(hours))
    if facts.outcomes is not OutcomeTracking.NONE:
        items.setdefault(facts.outcomes_verification, []).append(str(gettext("follows results")))
    if facts.years and not (besides_the_line and not facts.patients_24m and not facts.training_hours):
        items.setdefault(None, []).append(span(facts.years))
    if facts.liaison is not Liaison.NONE:
        items.setdefault(None, []).append(str(gettext("writes to doctors")))
    return [", ".join(said) if how is None else _with_check(", ".join(said), how) for how, said in items.items()]


def _with_check(said: object, verification: Verification) -> str:
    return f"{said} ({labels.word(labels.VERIFICATION, verification)})"


def _why_pregnancy(facts: PregnancyFacts | None) -> str:
    if facts is None:
        return ""
    hours = gettext("%(hours)s hours of training", hours=number(facts.training_hours))
    return "; ".join([_with_check(hours, facts.training_verification), *_pregnancy_items(facts)])


def _pregnancy_items(facts: PregnancyFacts) -> list[str]:
    said = []
    if facts.patients_24m:
        said.append(
            ngettext("%(num)s pregnant person in 24 months", "%(num)s pregnant people in 24 months", facts.patients_24m)
        )
    if facts.liaison is not Liaison.NONE:
        said.append(gettext("works with midwives or doctors"))
    return [str(each) for each in said]


def _why_fit(match: Match) -> str:
    met = [labels.word(labels.WISHES, name) for name in match.wishes_met]
    met += [labels.word(labels.PROTOCOLS, name) for name in match.protocols_met]
    unmet = [labels.word(labels.WISHES, name) for name in match.wishes_unmet]
    if not met and not unmet:
        return _no_wish()
    said = []
    if met:
        said.append(str(gettext("met: %(wishes)s", wishes=", ".join(met))))
    if unmet:
        said.append(str(gettext("not met: %(wishes)s", wishes=", ".join(unmet))))
    return "; ".join(said)


def _no_wish() -> str:
    """The same for everybody, so it stands in the sum and not among the reasons."""
    return str(gettext("You asked for nothing in particular, so everybody gets the middle value."))


def _why_trust(match: Match) -> str:
    return "; ".join([str(gettext("the papers above are current")), *_standing(match)])


def _standing(match: Match) -> list[str]:
    """What moves somebody's standing up or down."""
    said = []
    if match.nationally_certified:
        said.append(gettext("a national certification was checked as well"))
    if match.permit.on_probation:
        said.append(gettext("a public order lowers this"))
    elif any(paper.discipline for paper in match.permit.basis):
        said.append(gettext("earlier discipline in the register lowers this"))
    return [str(each) for each in said]


def cards(matches: Sequence[Match], criteria: Criteria, *, today: date, told: Facts = NOTHING_TOLD) -> list[Card]:
    """The words for several results, for a visitor who told these facts."""
    return [card(match, criteria, today=today, told=told) for match in matches]
