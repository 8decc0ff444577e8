"""The words of a public profile: each check with what, with whom, when and what comes next; each statement as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from babel.dates import format_time, get_day_names

from directory.credentials.models import Indemnity, PregnancyDeclaration, RlsExperience
from directory.credentials.queries import PaperOnFile
from directory.credentials.rules import LEAST_MATERNITY_HOURS, admits_pregnancy, declaration_ends, late_period
from directory.credentials.terms import CredentialKind, Liaison, OutcomeTracking, Verification
from directory.guide import evidence
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners.models import PracticePlace, Practitioner, WorkingWay
from directory.practitioners.rules import ATTESTATION_DAYS, Interval
from directory.practitioners.terms import LanguageLevel, PointPrecision
from directory.screening.rules import Weeks
from directory.search import cards
from directory.search.listings import Listing, absence
from directory.search.visible import Open
from directory.web import known, labels, papers
from directory.web.known import Known
from directory.web.locale import current, day, distance, gettext, money, ngettext, number, span

Pairs = list[tuple[str, str]]

_IN_THE_STATES_REGISTER: Final = frozenset(
    {
        CredentialKind.STATUTORY_LICENCE,
        CredentialKind.STATUTORY_REGISTRATION,
        CredentialKind.CERTIFICATION_STATE,
    }
)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list of checks, as the component of that name takes it."""

    claim: str
    state: str
    said: str
    next: str | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place in words."""

    id: int
    label: str
    title: str
    address: str
    telephone: str | None
    geo: str
    facts: Pairs
    hours: Pairs


@dataclass(frozen=True, slots=True)
class ProfileView:
    """Everything the template shows."""

    title: str
    glance: tuple[Known, ...]
    """The lines of a card: papers, experience with RLS, new patients, and pregnancy where the gate is passed."""
    notes: tuple[str, ...]
    checks: tuple[Check, ...]
    places: tuple[PlaceView, ...]
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
    declared_ok = _declaration_passes(first, rules)
    return ProfileView(
        title=first.listing.place.title or labels.word(labels.PROFESSIONS, person.profession),
        glance=tuple(_glance(first, rules)),
        notes=tuple(_notes(shown)),
        checks=tuple(_checks(person, on_file, covers, rules, first.today)),
        places=tuple(place_view(each) for each in shown),
        about=_about(person, first.listing),
        way=[] if way is None else list(_way(way)),
        way_said="" if way is None else str(gettext("Their own word, on %(day)s.", day=day(way.stated_on))),
        rls=tuple(_rls(first.listing.experience)),
        pregnancy=tuple(_pregnancy(first.listing.declaration)) if declared_ok else (),
        pregnancy_said=_pregnancy_said(first.listing.declaration, passes=declared_ok),
        website=website(person.website),
        attested=_attested(shown),
    )


def _glance(shown: Open, rules: Mapping[str, Jurisdiction]) -> Iterator[Known]:
    listing, place = shown.listing, shown.listing.place
    yield from known.basis(shown.permit)
    yield known.rls(cards.rls_facts(listing.experience))
    yield _takes(shown)
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


def _checks(
    person: Practitioner,
    on_file: Sequence[PaperOnFile],
    covers: Sequence[Indemnity],
    rules: Mapping[str, Jurisdiction],
    today: date,
) -> Iterator[Check]:
    for each in on_file:
        yield _paper(each, rules, today)
    cover = next((each for each in covers if each.verified_on is not None and today <= each.expires), None)
    if cover is not None and cover.verified_on is not None:
        said = gettext(
            "Insurance document of %(insurer)s seen on %(day)s, valid to %(end)s.",
            insurer=cover.insurer or gettext("an insurer"),
            day=day(cover.verified_on),
            end=day(cover.expires),
        )
        more = gettext("It names pregnancy.") if cover.covers_pregnancy else gettext("It does not name pregnancy.")
        yield Check(str(gettext("Indemnity insurance")), "shown", f"{said} {more}")
    if person.holder_proved_on is not None:
        said = gettext(
            "On %(day)s it was shown that the person behind this profile holds the papers above.",
            day=day(person.holder_proved_on),
        )
        yield Check(str(gettext("Whose profile this is")), "checked", str(said))


def _paper(filed: PaperOnFile, rules: Mapping[str, Jurisdiction], today: date) -> Check:
    paper = filed.paper
    rule = rules.get(paper.jurisdiction or "")
    late = late_period(paper, rule, today=today) if rule is not None else None
    checked = papers.checked(paper, whom=rule.body if rule else None)
    parts = [papers.status(paper, late=late), checked, papers.valid_to(paper, late=late)]
    said = ", ".join(part for part in parts if part)
    details = [said[:1].upper() + said[1:] + "."]
    if late is not None and rule is not None and rule.late_days and rule.renewal:
        details.append(str(gettext("The rule of the register: %(rule)s.", rule=rule.renewal)))
    if paper.number:
        details.append(str(gettext("Number %(number)s.", number=paper.number)))
    details += _programme(filed)
    if filed.accredited_by:
        details.append(str(gettext("The programme was accredited by %(body)s.", body=filed.accredited_by)))
    register = website(filed.evidence_url)
    if rule is not None and register is None and paper.kind in _IN_THE_STATES_REGISTER and len(rule.lookup) > 1:
        details.append(str(gettext("Look the licence up at: %(lookup)s.", lookup=rule.lookup)))
    mark = known.mark_of(paper)
    return Check(
        papers.what(paper),
        mark,
        " ".join(details),
        None if mark == "stated" else _next(filed, today),
        register,
    )


def _programme(filed: PaperOnFile) -> Iterator[str]:
    """What was learnt at a school, and when it was finished."""
    if filed.paper.kind is CredentialKind.EDUCATION and filed.paper.title:
        yield str(gettext("Programme: %(title)s.", title=filed.paper.title))
    if filed.completed_year is not None:
        yield str(gettext("Finished in %(year)s.", year=filed.completed_year))


def _next(filed: PaperOnFile, today: date) -> str | None:
    """What comes next for a paper: our next look at it where one is planned, else its renewal; no day that is past."""
    if filed.next_check_on is not None and filed.next_check_on >= today:
        return str(gettext("Next check by %(day)s.", day=day(filed.next_check_on)))
    if filed.paper.expires is not None and filed.paper.expires >= today:
        return str(gettext("Next: its renewal, due by %(day)s.", day=day(filed.paper.expires)))
    return None


def place_view(shown: Open) -> PlaceView:
    """The words for one place."""
    place = shown.listing.place
    return PlaceView(
        id=place.id,
        label=place.label,
        title=place.title or "",
        address=address(place),
        telephone=place.telephone,
        geo=f"geo:{place.latitude:.5f},{place.longitude:.5f}",
        facts=[*_meeting(shown), *_prices(place), *_payers(shown.listing), *_access(place)],
        hours=list(_hours(shown.listing.hours)),
    )


def address(place: PracticePlace) -> str:
    """Where a place is, as everybody may read it."""
    where = town(place)
    if place.hidden_home:
        return str(gettext("About %(town)s. The exact address is given when you book.", town=where))
    if place.street:
        return f"{place.street}, {where}"
    exact = place.point_precision is PointPrecision.EXACT
    return where if exact else str(gettext("About %(town)s", town=where))


def town(place: PracticePlace) -> str:
    """The town and postcode, which for a hidden home are those of its area."""
    return ", ".join(part for part in (place.locality, place.postal_code) if part)


def _meeting(shown: Open) -> Iterator[tuple[str, str]]:
    place, said = shown.listing.place, []
    if place.in_person:
        said.append(gettext("at the practice"))
    if place.home_visit_radius_km > 0:
        said.append(gettext("at homes up to %(far)s away", far=distance(place.home_visit_radius_km, place.country)))
    if place.remote_consultation:
        said.append(gettext("in a remote consultation, which is a conversation: needling cannot be done remotely"))
    yield str(gettext("How you meet")), "; ".join(str(each) for each in said)
    if place.appointment_only:
        yield str(gettext("Appointments")), str(gettext("By appointment only"))
    takes = _takes(shown)
    yield str(gettext("New patients")), f"{takes.said}. {takes.how}".strip()


def _takes(shown: Open) -> known.Known:
    """Whether new patients are taken at this place, or when somebody is back."""
    place = shown.listing.place
    away = absence(place)
    away_until = away.last if away is not None and away.covers(shown.today) else None
    return known.accepting(place.accepting, place.accepting_confirmed_on, today=shown.today, away_until=away_until)


def _prices(place: PracticePlace) -> Iterator[tuple[str, str]]:
    if place.price_currency is None:
        return
    stated = {
        gettext("First talk"): place.price_first_talk,
        gettext("First visit"): place.price_first_visit,
        gettext("Later visits"): place.price_follow_up,
        gettext("A visit in a shared room"): place.price_shared_room,
        gettext("A visit without insurance"): place.price_without_insurance,
    }
    for name, amount in stated.items():
        if amount is not None:
            free = gettext("free of charge")
            yield str(name), str(free if amount == 0 else money(amount, place.price_currency))
    if place.same_without_insurance:
        yield str(gettext("A visit without insurance")), str(gettext("Says it costs the same"))
    if place.sliding_scale:
        yield str(gettext("Lower prices")), str(gettext("Says the price can follow what you can pay"))


def _payers(listing: Listing) -> Iterator[tuple[str, str]]:
    payers = sorted((name, listing.payers_stated[code]) for code, name in listing.payers)
    if payers:
        listed = "; ".join(
            str(gettext("%(payer)s (said on %(day)s)", payer=name, day=day(stated_on))) for name, stated_on in payers
        )
        ask = gettext("Their own statement. Check your plan for restless legs.")
        yield str(gettext("Insurance")), f"{listed}. {ask}"


def _access(place: PracticePlace) -> Iterator[tuple[str, str]]:
    stated = {
        gettext("Step-free from street to table"): place.step_free,
        gettext("Table that can be lowered"): place.adjustable_table,
        gettext("Help with moving onto the table"): place.transfer_help,
        gettext("Treatment in your own chair"): place.treatment_in_own_chair,
        gettext("Accessible toilet"): place.accessible_toilet,
        gettext("Parking"): place.parking,
    }
    for name, holds in stated.items():
        if holds is not None:
            yield str(name), str(gettext("yes, they say") if holds else gettext("no"))
    if place.door_width_cm is not None:
        yield str(gettext("Narrowest door")), str(gettext("%(width)s cm", width=place.door_width_cm))


def _hours(hours: Sequence[Interval]) -> Iterator[tuple[str, str]]:
    locale = current()
    names = get_day_names("wide", locale=locale)
    by_day: dict[int, list[str]] = {}
    for row in hours:
        opens, closes = (format_time(each, format="short", locale=locale) for each in (row.opens, row.closes))
        by_day.setdefault(row.weekday, []).append(f"{opens} – {closes}")
    runs: list[tuple[int, int, str]] = []
    for weekday, spans in sorted(by_day.items()):
        said = ", ".join(spans)
        if runs and runs[-1][1:] == (weekday - 1, said):
            runs[-1] = (runs[-1][0], weekday, said)
        else:
            runs.append((weekday, weekday, said))
    for first, last, said in runs:
        days = gettext("%(first)s to %(last)s", first=names[first], last=names[last])
        yield str(names[first]) if first == last else str(days), said


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
    for name, holds in stated.items():
        if holds is not None:
            yield str(name), str(gettext("yes, they say") if holds else gettext("no"))
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


def _rls(declared: RlsExperience | None) -> Iterator[Check]:
    if declared is None:
        return
    seen = ngettext(
        "%(num)s person in the last 24 months", "%(num)s people in the last 24 months", declared.patients_24m
    )
    yield _item(gettext("People with RLS seen"), seen, declared.patients_verification, bool(declared.patients_24m))
    yield _item(gettext("Since when"), span(declared.years), declared.years_verification, bool(declared.years))
    hours = gettext("%(hours)s hours", hours=number(declared.training_hours))
    if declared.training_on is not None:
        hours = gettext("%(hours)s, finished on %(day)s", hours=hours, day=day(declared.training_on))
    hours = _with(hours, declared.training_title, declared.training_provider)
    yield _item(gettext("Training about RLS"), hours, declared.training_verification, bool(declared.training_hours))
    yield _item(
        gettext("Following results"),
        _with(labels.word(labels.OUTCOMES, declared.outcomes), declared.scale),
        declared.outcomes_verification,
        declared.outcomes is not OutcomeTracking.NONE,
    )
    yield _item(
        gettext("Working with doctors"),
        _with(labels.word(labels.LIAISON, declared.liaison), declared.liaison_with),
        declared.liaison_verification,
        declared.liaison is not Liaison.NONE,
    )
    papers_said = ngettext("%(num)s publication", "%(num)s publications", declared.publications)
    papers_said = _with(papers_said, *(declared.publications_listed or "").splitlines())
    yield _item(
        gettext("Publications about RLS"), papers_said, declared.publications_verification, bool(declared.publications)
    )
    if declared.supervisor:
        yield _item(gettext("Works under supervision"), declared.supervisor, declared.supervisor_verification, True)


def _with(said: object, *details: str | None) -> str:
    """What is said, with its details behind a colon."""
    known_details = "; ".join(each for each in details if each)
    return f"{said}: {known_details}" if known_details else str(said)


def _item(claim: object, said: object, verification: Verification, stated: bool) -> Check:
    if not stated:
        return Check(str(claim), "missing", str(gettext("Nothing told us")))
    how = labels.word(labels.VERIFICATION, verification)
    return Check(str(claim), known.MARKS[verification], f"{said} ({how}).")


def _declaration_passes(shown: Open, rules: Mapping[str, Jurisdiction]) -> bool:
    """Whether somebody pregnant in the declared weeks could be shown this person at all."""
    declared, rule = shown.listing.person.declaration, rule_for(shown.listing.place.jurisdiction, rules)
    if declared is None or declared.min_week is None or declared.max_week is None or rule is None:
        return False
    weeks = Weeks(declared.min_week, declared.max_week)
    return not admits_pregnancy(shown.listing.person, rule, weeks=weeks, today=shown.today)


def _pregnancy_said(declared: PregnancyDeclaration | None, *, passes: bool) -> str:
    if declared is None or not declared.treats:
        return str(gettext("Has not said that they treat during pregnancy, so they are not shown to anybody pregnant."))
    if not passes:
        return str(
            gettext(
                "Says they treat during pregnancy. Not everything we ask for is in place today, so they are not shown "
                "to anybody pregnant."
            )
        )
    return str(
        gettext(
            "Takes on weeks %(first)s to %(last)s of pregnancy. These are facts about training and cover, and no "
            "promise about a treatment.",
            first=declared.min_week,
            last=declared.max_week,
        )
    )


def _pregnancy(declared: PregnancyDeclaration | None) -> Iterator[Check]:
    if declared is None or declared.signed_on is None:
        return
    ends = gettext("Counts until %(day)s.", day=day(declaration_ends(declared.signed_on)))
    signed = gettext("Signed as true on %(day)s.", day=day(declared.signed_on))
    yield Check(str(gettext("Declaration")), "stated", str(signed), str(ends))
    training = gettext("%(hours)s hours", hours=number(declared.training_hours))
    named = ", ".join(part for part in (declared.training_title, declared.training_provider) if part)
    if named:
        training = gettext("%(hours)s: %(what)s", hours=training, what=named)
    rule = gettext("We ask for at least %(hours)s hours; this is our own rule.", hours=LEAST_MATERNITY_HOURS)
    item = _item(gettext("Maternity acupuncture training"), training, declared.training_verification, True)
    yield Check(item.claim, item.state, item.said, str(rule))
    points = gettext("Policy on points")
    yield Check(str(points), "stated", f"{labels.word(labels.POINT_POLICIES, declared.point_policy)}.")
    stated = {
        gettext("Written consent that covers pregnancy"): declared.written_consent,
        gettext("Policy for emergencies and whom to call"): declared.emergency_policy,
        gettext("Positions adapted to pregnancy"): declared.positions_adapted,
        gettext("Not offered to start labour before term"): declared.not_offered_as_induction,
        gettext("Policy on electro-acupuncture and moxa in pregnancy"): bool(declared.electro_and_moxa_policy),
        gettext("Keeps a log of unwanted effects"): declared.adverse_event_log,
    }
    for name, holds in stated.items():
        yes, no = gettext("Yes, they say."), gettext("Not said.")
        yield Check(str(name), "stated" if holds else "missing", str(yes if holds else no))
    yield Check(str(gettext("Working with midwives")), "stated", f"{labels.word(labels.LIAISON, declared.liaison)}.")
    if declared.patients_24m:
        seen = ngettext(
            "%(num)s person in the last 24 months, they say.",
            "%(num)s people in the last 24 months, they say.",
            declared.patients_24m,
        )
        yield Check(str(gettext("Pregnant people seen")), "stated", str(seen))


def website(address: str | None) -> str | None:
    """The address when it is one that a browser may be sent to."""
    if not address:
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    return address.strip() if parts.scheme in ("http", "https") and parts.hostname else None


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
