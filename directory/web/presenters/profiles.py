"""The words of a public profile: each check with what, with whom, when and what comes next; each statement as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from directory.credentials.models import Indemnity
from directory.credentials.queries import PaperOnFile
from directory.guide import evidence
from directory.http.locale import day, gettext, ngettext
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners.models import Practitioner, WorkingWay
from directory.practitioners.rules import ATTESTATION_DAYS
from directory.practitioners.terms import LanguageLevel
from directory.search import cards
from directory.search.listings import Listing
from directory.search.visible import Open
from directory.web.presenters import checks, declarations, known, labels, practices
from directory.web.presenters.checks import Check
from directory.web.presenters.known import Known

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ProfileView:
    """Everything the template shows."""

    title: str
    glance: tuple[Known, ...]
    """The lines of a card: papers, experience with RLS, new patients, and pregnancy where the gate is passed."""
    notes: tuple[str, ...]
    checks: tuple[Check, ...]
    places: tuple[practices.PlaceView, ...]
    about: Pairs
    way: Pairs
    """How they say they work."""
    way_said: str
    rls: tuple[Check, ...]
    pregnancy: tuple[Check, ...]
    pregnancy_said: str
    website: str | None
    attested: str


def view(
    person: Practitioner,
    shown: Sequence[Open],
    *,
    on_file: Sequence[PaperOnFile],
    covers: Sequence[Indemnity],
    way: WorkingWay | None,
    rules: Mapping[str, Jurisdiction],
) -> ProfileView:
    """The words for one person at the places that may be shown."""
    first = shown[0]
    declared_ok = declarations.passes(first, rules)
    return ProfileView(
        title=first.listing.place.title or labels.word(labels.PROFESSIONS, person.profession),
        glance=tuple(_glance(first, rules)),
        notes=tuple(_notes(shown)),
        checks=tuple(checks.of_papers(person, on_file, covers, rules, first.today)),
        places=tuple(practices.place_view(each) for each in shown),
        about=_about(person, first.listing),
        way=[] if way is None else list(_way(way)),
        way_said="" if way is None else str(gettext("Their own word, on %(day)s.", day=day(way.stated_on))),
        rls=tuple(declarations.rls(first.listing.experience)),
        pregnancy=tuple(declarations.pregnancy(first.listing.declaration)) if declared_ok else (),
        pregnancy_said=declarations.pregnancy_said(first.listing.declaration, passes=declared_ok),
        website=checks.website(person.website),
        attested=_attested(shown),
    )


def _glance(shown: Open, rules: Mapping[str, Jurisdiction]) -> Iterator[Known]:
    listing, place = shown.listing, shown.listing.place
    yield from known.basis(shown.permit)
    yield known.rls(cards.rls_facts(listing.experience))
    yield practices.takes(shown)
    rule = rule_for(place.jurisdiction, rules)
    declared = cards.pregnancy_facts(listing, rule, shown.today) if rule is not None else None
    if declared is not None:
        yield known.pregnancy(declared)


def _notes(shown: Sequence[Open]) -> Iterator[str]:
    if any(each.permit.on_probation for each in shown):
        yield str(gettext(evidence.PROBATION.text))
    if any(each.permit.no_licence_exists for each in shown):
        yield str(gettext(evidence.NO_LICENCE.text))
    yield from _unconfirmed(shown)
    said = {paper.conditions_text for each in shown for paper in each.permit.basis if paper.conditions_text}
    for text in sorted(said):
        yield str(gettext("The register states conditions: %(text)s", text=text))
    said = {paper.discipline for each in shown for paper in each.permit.basis if paper.discipline}
    for text in sorted(said):
        yield str(gettext("The register states earlier discipline: %(text)s", text=text))


def _unconfirmed(shown: Sequence[Open]) -> Iterator[str]:
    """That nobody has said for long that this is true: in one line, or place by place where only some are old."""
    said = [known.unconfirmed(each.listing.person.attested_on, today=each.today) for each in shown]
    if len(set(said)) == 1:
        yield from filter(None, said[:1])
        return
    for each, warning in zip(shown, said, strict=True):
        if warning:
            yield f"{each.listing.place.label}: {warning}"


def _about(person: Practitioner, listing: Listing) -> Pairs:
    said: Pairs = []
    techniques = [labels.word(labels.TECHNIQUES, each) for each in labels.TECHNIQUES if each in listing.techniques]
    if techniques:
        said.append((str(gettext("How they work")), ", ".join(techniques)))
    if listing.languages:
        spoken = [
            str(
                gettext(
                    "%(language)s: %(who)s, %(level)s",
                    language=each.name,
                    who=labels.word(labels.SPEAKERS, each.spoken_by),
                    level=labels.word(labels.LEVELS, LanguageLevel(each.level)),
                )
            )
            for each in listing.languages
        ]
        said.append((str(gettext("Languages")), "; ".join(spoken)))
    declines = [labels.word(labels.CONDITIONS, each) for each in labels.CONDITIONS if each in listing.declines]
    if declines:
        said.append((str(gettext("Does not take on")), ", ".join(declines)))
    protocols = [labels.word(labels.PROTOCOLS, each) for each in labels.PROTOCOLS if each in listing.protocols]
    if protocols:
        said.append((str(gettext("Protocols")), "; ".join(protocols)))
    said.append(
        (str(gettext("Youngest patients")), str(gettext("%(age)s years and older", age=person.min_patient_age)))
    )
    return said


def _way(way: WorkingWay) -> Iterator[tuple[str, str]]:
    stated = {
        gettext("Asks whether ferritin was measured"): way.asks_ferritin,
        gettext("Reads your list of medicines"): way.reads_medicines,
        gettext("Writes to your GP or midwife, if you agree"): way.writes_to_doctors,
        gettext("You may move when the urge comes"): way.may_move,
        gettext("Needling seated or standing is possible"): way.seated_or_standing,
        gettext("Uses sterile needles once only"): way.single_use_needles,
    }
    yield from practices.answered(stated)
    if way.visit_minutes is not None:
        visit = gettext("%(number)s minutes", number=way.visit_minutes)
        if way.needle_minutes is not None:
            visit = gettext("%(visit)s, with needles for %(number)s", visit=visit, number=way.needle_minutes)
        yield str(gettext("A visit takes")), str(visit)
    elif way.needle_minutes is not None:
        yield str(gettext("The needles stay")), str(gettext("%(number)s minutes", number=way.needle_minutes))
    plan = [str(each) for each in _plan(way)]
    if plan:
        yield str(gettext("Their usual plan")), "; ".join(plan)


def _plan(way: WorkingWay) -> Iterator[object]:
    if way.visits_a_week is not None:
        often = ngettext("%(num)s visit a week at first", "%(num)s visits a week at first", way.visits_a_week)
        if way.first_weeks is None:
            yield often
        else:
            weeks = ngettext("for %(num)s week", "for %(num)s weeks", way.first_weeks)
            yield gettext("%(often)s, %(weeks)s", often=often, weeks=weeks)
    if way.review_after_visits is not None:
        yield ngettext(
            "after %(num)s visit they look with you whether it helps",
            "after %(num)s visits they look with you whether it helps",
            way.review_after_visits,
        )


def _attested(shown: Sequence[Open]) -> str:
    said = [each.listing.person.attested_on for each in shown if each.listing.person.attested_on is not None]
    if not said:
        return ""
    on = max(said)
    return str(
        gettext(
            "The practitioner said on %(day)s that this profile is true. "
            "After %(days)s days without a word it is hidden.",
            day=day(on),
            days=ATTESTATION_DAYS,
        )
    )
