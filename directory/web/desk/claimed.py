"""What somebody claims, in their own words, for whoever has to decide on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from directory.cases.terms import Kind
from directory.credentials.models import Credential, Indemnity, PregnancyDeclaration, RlsExperience
from directory.credentials.stating.plausibility import Doubt
from directory.credentials.terms import PointPolicy, Verification
from directory.desk.review import Review
from directory.http.locale import day, gettext, number
from directory.http.locale import lazy_gettext as _l
from directory.jurisdictions.names import name_of
from directory.web.desk import feedback, registers
from directory.web.desk.facts import Change, Claimed, Fact
from directory.web.presenters import labels, papers

GONE: Final = _l("What this is about is not there any more. Whoever claimed it may have taken it back.")

DOUBTS: Final[Mapping[Any, Any]] = {
    Doubt.MANY_PATIENTS: _l("More than 400 people with one condition in 24 months is rare."),
    Doubt.LARGE_SHARE: _l("That is more than 15 in 100 of all the visits they say they have."),
    Doubt.LONGER_THAN_LICENSED: _l("That is longer than their oldest paper with a known day has been in force."),
    Doubt.MANY_HOURS: _l("More than 1,000 hours of training about one thing is rare."),
    Doubt.MANY_PUBLICATIONS: _l("More than 100 publications is rare."),
}


def claimed(review: Review) -> Claimed:
    """What is claimed in this case."""
    return _BY_KIND[review.case.kind](review)


def paper_facts(paper: Credential) -> list[Fact]:
    """A paper as its holder states it."""
    told = [
        (_l("What"), labels.word(labels.KINDS, paper.kind)),
        (_l("Whose register"), name_of(paper.jurisdiction)),
        (_l("Body"), paper.body),
        (_l("Title"), paper.title),
        (_l("Scope"), paper.scope),
        (_l("Type of registration"), paper.registration_type),
        (_l("Number"), paper.number),
        (_l("Name on the register, as they say"), paper.name_on_record),
        (_l("Status, as they say"), papers.STATUSES.get(paper.status)),
        (_l("In the register’s own words"), paper.raw_status),
        (_l("Issued"), _day(paper.valid_from)),
        (_l("Last day"), _day(paper.expires) or (gettext("prints none, as they say") if paper.no_expiry else "")),
        (_l("Practice may go on until"), _day(paper.late_until)),
        (_l("Renewal"), gettext("applied for, as they say") if paper.renewal_pending else ""),
        (_l("Conditions"), paper.conditions_text),
        (_l("Discipline"), paper.discipline),
        (_l("Accredited by"), paper.accredited_by),
        (_l("Finished in"), None if paper.completed_year is None else str(paper.completed_year)),
        (_l("Where they found it"), paper.evidence_url),
        (_l("Given up on"), _day(paper.given_up_on)),
    ]
    return [Fact(str(name), str(said)) for name, said in told if said]


def cover_facts(cover: Indemnity) -> list[Fact]:
    """Insurance as its holder states it."""
    names = {True: gettext("yes, as they say"), False: gettext("no"), None: gettext("not said")}
    told = [
        (_l("Insurer"), cover.insurer or gettext("not said")),
        (_l("Last day"), day(cover.expires)),
        (_l("Names acupuncture"), names[cover.covers_acupuncture]),
        (_l("Names pregnancy"), names[cover.covers_pregnancy]),
        (_l("Ended on"), _day(cover.ended_on)),
    ]
    return [Fact(str(name), str(said)) for name, said in told if said]


# --- by kind ---------------------------------------------------------------------------------------------------------


def _paper(review: Review) -> Claimed:
    if review.paper is None:
        return Claimed(nothing=str(GONE))
    paper, warnings = review.paper, []
    rule = review.rule
    if paper.number and rule is not None and not rule.number_looks_usual(paper.number):
        warnings.append(str(gettext("The number does not look like those of this register. Boards change them.")))
    return Claimed(facts=paper_facts(paper), warnings=warnings)


def _cover(review: Review) -> Claimed:
    return Claimed(nothing=str(GONE)) if review.cover is None else Claimed(facts=cover_facts(review.cover))


def _rls(review: Review) -> Claimed:
    row = review.file.rls
    if row is None:
        return Claimed(nothing=str(GONE))
    return Claimed(facts=rls_facts(row, review.doubts))


def rls_facts(row: RlsExperience, doubts: frozenset[Doubt] = frozenset()) -> list[Fact]:
    """The declaration about restless legs, item by item."""
    many = {Doubt.MANY_PATIENTS, Doubt.LARGE_SHARE} & doubts
    long = {Doubt.LONGER_THAN_LICENSED} & doubts
    hours = {Doubt.MANY_HOURS} & doubts
    printed = {Doubt.MANY_PUBLICATIONS} & doubts
    return [
        _item(_l("People with RLS in 24 months"), number(row.patients_24m), row.patients_verification, many),
        Fact(
            gettext("Visits of all patients in a week"),
            gettext("not said") if row.visits_per_week is None else number(row.visits_per_week),
        ),
        _item(_l("Years of this work"), number(row.years), row.years_verification, long),
        _item(
            _l("Training"),
            _joined(
                gettext("%(hours)s hours", hours=number(row.training_hours)),
                row.training_title,
                row.training_provider,
                _day(row.training_on),
            ),
            row.training_verification,
            hours,
        ),
        _item(
            _l("How they follow results"),
            _joined(
                labels.word(labels.OUTCOMES, row.outcomes),
                row.scale,
                gettext("may use the scale, as they say") if row.scale_permitted else "",
            ),
            row.outcomes_verification,
        ),
        _item(
            _l("Work with doctors"),
            _joined(labels.word(labels.LIAISON, row.liaison), row.liaison_with),
            row.liaison_verification,
        ),
        _item(
            _l("Publications and teaching"),
            _joined(number(row.publications), row.publications_listed),
            row.publications_verification,
            printed,
        ),
        _item(
            _l("Supervisor"),
            _joined(row.supervisor or gettext("none named"), row.supervisor_reach_sealed),
            row.supervisor_verification,
        ),
        Fact(gettext("Said to be true on"), _day(row.attested_on) or gettext("not said")),
    ]


def _pregnancy(review: Review) -> Claimed:
    row = review.file.pregnancy
    if row is None:
        return Claimed(nothing=str(GONE))
    return Claimed(facts=pregnancy_facts(row, review.doubts))


def pregnancy_facts(row: PregnancyDeclaration, doubts: frozenset[Doubt] = frozenset()) -> list[Fact]:
    """The declaration about pregnancy, item by item."""
    weeks = (
        gettext("weeks %(first)s to %(last)s", first=row.min_week, last=row.max_week)
        if row.min_week is not None and row.max_week is not None
        else gettext("not said")
    )
    return [
        Fact(gettext("Treats pregnant people"), _yes(row.treats)),
        Fact(gettext("1. Which weeks"), weeks),
        _item(
            _l("2. Training"),
            _joined(
                gettext("%(hours)s hours", hours=number(row.training_hours)), row.training_title, row.training_provider
            ),
            row.training_verification,
            {Doubt.MANY_HOURS} & doubts,
        ),
        Fact(
            gettext("2. Or a registration as a midwife, nurse or doctor"),
            row.second_registration or gettext("none named"),
            gettext("two of us agreed that it counts") if row.second_registration_counts else "",
        ),
        Fact(
            gettext("3. Points"),
            _joined(labels.word(labels.POINT_POLICIES, row.point_policy), row.point_policy_words),
            odd=row.point_policy is PointPolicy.NONE,
        ),
        Fact(gettext("4. Written consent"), _yes(row.written_consent), odd=not row.written_consent),
        Fact(gettext("5. Asks about warning signs"), _yes(row.emergency_red_flags), odd=not row.emergency_red_flags),
        Fact(gettext("5. Knows whom to call"), _yes(row.emergency_contact), odd=not row.emergency_contact),
        Fact(gettext("5. Stops then"), _yes(row.emergency_stops), odd=not row.emergency_stops),
        Fact(gettext("7. Positions adapted"), _yes(row.positions_adapted)),
        Fact(gettext("8. Midwives and obstetricians"), labels.word(labels.LIAISON, row.liaison)),
        Fact(gettext("9. Does not offer to start labour"), _yes(row.not_offered_as_induction)),
        Fact(gettext("10. Electro-acupuncture and moxa"), row.electro_and_moxa_policy or gettext("not said")),
        Fact(gettext("11. Keeps a log of unwanted effects"), _yes(row.adverse_event_log)),
        Fact(
            gettext("Pregnant people in 24 months"),
            number(row.patients_24m),
            _why({Doubt.MANY_PATIENTS} & doubts),
            odd=Doubt.MANY_PATIENTS in doubts,
        ),
        Fact(
            gettext("12. Signed"),
            _joined(row.signed_name, _day(row.signed_on)) or gettext("not signed"),
            odd=row.signed_on is None,
        ),
    ]


def _plausibility(review: Review) -> Claimed:
    subject, file = review.case.subject, review.file
    if subject.startswith("pregnancy:"):
        facts = [] if file.pregnancy is None else pregnancy_facts(file.pregnancy, review.doubts)
    elif subject.startswith("rls:"):
        facts = [] if file.rls is None else rls_facts(file.rls, review.doubts)
    else:
        facts = [] if review.paper is None else paper_facts(review.paper)
    why = [str(DOUBTS[doubt]) for doubt in Doubt if doubt in review.doubts]
    if facts and not why:
        why = [str(gettext("The numbers were changed since, and none of them stands out any more."))]
    doubted = sorted(facts, key=lambda each: not each.odd) if review.doubts else facts
    return Claimed(facts=doubted, warnings=why, nothing="" if facts else str(GONE))


def _profile_claim(review: Review) -> Claimed:
    case, file = review.case, review.file
    facts = []
    if case.subject.startswith("npi:"):
        facts.append(Fact(gettext("Says that this NPI is theirs"), case.subject.removeprefix("npi:")))
    contact = case.contact
    if contact is not None:
        told = [
            (_l("Name they gave"), contact.name),
            (_l("Address they gave"), contact.email),
            (_l("How else they can be reached"), contact.reach),
        ]
        facts += [Fact(str(name), said) for name, said in told if said]
    elif file.person is not None:
        facts.append(Fact(gettext("Their own profile"), file.person.display_name))
        facts += [Fact(gettext("Address of their account"), file.email)] if file.email else []
    words = [contact.note] if contact is not None and contact.note else []
    return Claimed(facts=facts, words=words)


def _control(review: Review) -> Claimed:
    file = review.file
    if file.person is None:
        return Claimed(nothing=str(GONE))
    person = file.person
    told = [
        (_l("Name on the profile"), person.display_name),
        (_l("Profession"), labels.word(labels.PROFESSIONS, person.profession)),
        (_l("NPI"), person.npi or ""),
        (_l("Signed the registration as"), file.registration.signed_as_sealed if file.registration else ""),
        (_l("Address of their account"), file.email or ""),
        (_l("Address on the profile"), person.email or ""),
        (_l("Their website"), person.website or ""),
        (_l("Proved on"), _day(person.holder_proved_on)),
    ]
    facts = [Fact(str(name), str(said)) for name, said in told if said]
    telephones = [each.place.telephone for each in review.listings if each.place.telephone]
    facts += [Fact(gettext("Telephone they gave"), said) for said in dict.fromkeys(telephones)]
    return Claimed(facts=facts)


def _photo(review: Review) -> Claimed:
    file = review.file
    return Claimed(photos=True, nothing="" if file.newer_photo or file.live_photo else str(GONE))


FIELDS: Final[Mapping[str, Any]] = {
    "display_name": _l("Name"),
    "profession": _l("Profession"),
    "npi": _l("NPI"),
    "website": _l("Website"),
    "email": _l("Address on the profile"),
    "biography": _l("Text about themselves"),
    "country": _l("Country"),
    "admin1": _l("State or region"),
    "locality": _l("Town"),
    "postal_code": _l("Post code"),
    "street": _l("Street"),
    "latitude": _l("Latitude"),
    "longitude": _l("Longitude"),
    "point_precision": _l("How exact the point is"),
    "timezone": _l("Time zone"),
    "jurisdiction": _l("Whose rules hold"),
    "hidden_home": _l("A home that is not shown"),
    "address_sealed": _l("Address that nobody sees"),
    "telephone": _l("Telephone"),
    "patients_24m": _l("People in 24 months"),
    "years": _l("Years of this work"),
    "training_hours": _l("Hours of training"),
    "min_week": _l("From week"),
    "max_week": _l("To week"),
}


def _edit(review: Review) -> Claimed:
    edit = review.file.edit
    if edit is None:
        return Claimed(nothing=str(GONE))
    before, after = _flat(edit.before), _flat(edit.after)
    changes = [
        Change(str(FIELDS.get(name, name.replace("_", " "))), _value(before.get(name)), _value(new))
        for name, new in after.items()
        if _value(before.get(name)) != _value(new)
    ]
    return Claimed(changes=changes)


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Items of declarations hold fields of their own."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= value
        else:
            flat[name] = value
    return flat


def _second_look(review: Review) -> Claimed:
    return Claimed(nothing="" if review.looked_at else str(GONE))


def _reported(review: Review) -> Claimed:
    """The report itself stands below, with what else was reported."""
    return Claimed(intro=str(gettext("What was reported stands below. It is settled on a page of its own.")))


def _hold(review: Review) -> Claimed:
    person = review.file.person
    if person is None:
        return Claimed(nothing=str(GONE))
    if person.held_since is None:
        return Claimed(intro=str(gettext("This profile is not hidden any more.")))
    since = day(person.held_since.date())
    told = gettext("This profile is hidden until we know more. Is that right, and for how much longer?")
    return Claimed(intro=str(told), facts=[Fact(gettext("Hidden since"), since)])


def _appeal(review: Review) -> Claimed:
    if review.case.subject.startswith("appeal:"):
        told = gettext("They do not agree with a decision. What they write and what was decided stand below.")
    else:
        told = gettext("Somebody wants to take back what was decided. A second person has to agree.")
    return Claimed(intro=str(told))


def _news(review: Review) -> Claimed:
    """What a register says now, beside what the holder says."""
    if not review.case.subject.startswith("credential:"):
        told = registers.nppes(review)
        return Claimed(
            intro=str(gettext("NPPES says something that it did not say before.")),
            warnings=[told.summary],
            facts=told.facts,
        )
    if review.paper is None:
        return Claimed(nothing=str(GONE))
    return Claimed(
        intro=str(gettext("A register says something of this paper that it did not say before.")),
        warnings=[registers.roster(each).summary for each in review.rosters if each.credential_id == review.paper.id],
        facts=paper_facts(review.paper),
    )


def _excluded(review: Review) -> Claimed:
    facts = registers.excluded(review)
    if not facts:
        return Claimed(intro=str(gettext("The newest exclusion list does not name them any more.")))
    told = gettext("An exclusion list may name this person. A name alone says little: compare town, work and year.")
    return Claimed(intro=str(told), facts=facts)


def _dispute(review: Review) -> Claimed:
    told = gettext("Two people say that they are the same one. Whose profile it is, two of us find out side by side.")
    return Claimed(intro=str(told))


def _duplicate(review: Review) -> Claimed:
    return Claimed(intro=str(gettext("Two profiles may be of one person. Compare them side by side.")))


def _closing(review: Review) -> Claimed:
    """What whoever wrote says of somebody's practice."""
    contact = review.case.contact
    intro = str(gettext("Somebody says that this person has retired, died or closed."))
    if contact is None:
        return Claimed(intro=intro)
    told = [
        (_l("Name they gave"), contact.name),
        (_l("Address they gave"), contact.email),
        (_l("How else they can be reached"), contact.reach),
    ]
    facts = [Fact(str(name), said) for name, said in told if said]
    return Claimed(intro=intro, facts=facts, words=[contact.note] if contact.note else [])


_BY_KIND: Final[Mapping[Kind, Callable[[Review], Claimed]]] = {
    Kind.LICENCE: _paper,
    Kind.CERTIFICATION: _paper,
    Kind.EDUCATION: _paper,
    Kind.TRAINING: _paper,
    Kind.INDEMNITY: _cover,
    Kind.RLS_CASELOAD: _rls,
    Kind.PREGNANCY_DECLARATION: _pregnancy,
    Kind.PLAUSIBILITY: _plausibility,
    Kind.PROFILE_CLAIM: _profile_claim,
    Kind.CONTROL: _control,
    Kind.PHOTO: _photo,
    Kind.SENSITIVE_EDIT: _edit,
    Kind.FEEDBACK: feedback.claimed,
    Kind.SECOND_LOOK: _second_look,
    Kind.COMPLAINT: _reported,
    Kind.HARM: _reported,
    Kind.HOLD_REVIEW: _hold,
    Kind.APPEAL: _appeal,
    Kind.REGISTER_NEWS: _news,
    Kind.EXCLUSION: _excluded,
    Kind.DISPUTE: _dispute,
    Kind.DUPLICATE: _duplicate,
    Kind.CLOSING: _closing,
}


# --- words -----------------------------------------------------------------------------------------------------------


def _item(name: Any, said: str, verification: Verification, odd: set[Doubt] | frozenset[Doubt] = frozenset()) -> Fact:
    note = _joined(labels.word(labels.VERIFICATION, verification), _why(odd), by="; ")
    return Fact(str(name), said, note, odd=bool(odd))


def _why(odd: set[Doubt] | frozenset[Doubt]) -> str:
    return " ".join(str(DOUBTS[each]) for each in sorted(odd))


def _joined(*parts: str | None, by: str = ", ") -> str:
    return by.join(part for part in parts if part)


def _day(value: date | None) -> str:
    return "" if value is None else day(value)


def _yes(value: bool) -> str:
    return str(gettext("yes") if value else gettext("no"))


def _value(value: Any) -> str:
    if value is None or value == "":
        return str(gettext("nothing"))
    if isinstance(value, bool):
        return _yes(value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
