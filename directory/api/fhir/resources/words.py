"""What resources say in words: the same facts as the profile page, in one English for every reader.

They say what was checked, with whom and when, and what is somebody's own word. None of them promises anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from directory.api.fhir.entries import Entry, Filed
from directory.credentials.models import RlsExperience
from directory.credentials.rules import LatePeriod, Paper, admits_pregnancy, late_period
from directory.credentials.terms import (
    PERMITS_IN_LATE_PERIOD,
    CheckMethod,
    CredentialKind,
    CredentialStatus,
    Verification,
)
from directory.jurisdictions.names import name_of
from directory.jurisdictions.rules import Jurisdiction, Regime, rule_for
from directory.practitioners.models import PracticePlace, WorkingWay
from directory.practitioners.terms import LanguageLevel, PointPrecision, Profession, SpokenBy, Technique
from directory.screening.rules import Weeks
from directory.search.listings import Listing
from directory.search.visible import Open

LANGUAGE: Final = "en"

FICTIONAL: Final = "This is a fictional person, made up to show how this directory works. Nobody of this name is meant."
PAPERS_NOT_SKILL: Final = "We check papers, not skill or results."
NO_LICENCE: Final = "This state issues no acupuncture licence. What was checked is a national certification."
PROBATION: Final = "Practises under a public order of the register (probation)."
NOT_REMOTE: Final = "A remote consultation is a conversation: needling cannot be done remotely."
AREA_ONLY: Final = "The point shown is the middle of a wider area."
POSTCODE_ONLY: Final = "The point shown is the middle of its postcode."
OWN_WORD: Final = "their own statement, not checked by us"

PROFESSIONS: Final[Mapping[Profession, str]] = {
    Profession.ACUPUNCTURIST: "Acupuncturist",
    Profession.PHYSICIAN: "Physician who practises acupuncture",
    Profession.PHYSIOTHERAPIST: "Physiotherapist who practises acupuncture",
    Profession.NURSE: "Nurse who practises acupuncture",
    Profession.MIDWIFE: "Midwife who practises acupuncture",
    Profession.DRY_NEEDLING: "Physical therapist",
}
TECHNIQUES: Final[Mapping[Technique, str]] = {
    Technique.MANUAL: "Needles by hand",
    Technique.ELECTRO: "Electro-acupuncture",
    Technique.AURICULAR: "Ear acupuncture",
    Technique.ACUPRESSURE: "Acupressure, no needles",
    Technique.LASER: "Laser, no needles",
    Technique.TEISHIN: "Teishin, no needles",
    Technique.MOXIBUSTION: "Moxibustion (warmth)",
}
LEVELS: Final[Mapping[LanguageLevel, str]] = {
    LanguageLevel.BASIC: "a little",
    LanguageLevel.CONVERSATIONAL: "in conversation",
    LanguageLevel.FLUENT: "fluently",
    LanguageLevel.NATIVE: "as a mother tongue",
}
SPEAKERS: Final[Mapping[SpokenBy, str]] = {
    SpokenBy.PRACTITIONER: "the practitioner",
    SpokenBy.STAFF: "somebody at the practice",
    SpokenBy.INTERPRETER: "an interpreter",
}
VERIFICATION: Final[Mapping[Verification, str]] = {
    Verification.NONE: "not checked",
    Verification.SELF_ATTESTED: OWN_WORD,
    Verification.DOCUMENT_CHECKED: "we have seen a document",
    Verification.INDEPENDENTLY_CONFIRMED: "confirmed to us by somebody else who knows",
}
KINDS: Final[Mapping[CredentialKind, str]] = {
    CredentialKind.STATUTORY_LICENCE: "acupuncture licence",
    CredentialKind.STATUTORY_REGISTRATION: "registration to practise acupuncture",
    CredentialKind.CERTIFICATION_STATE: "state certification to practise acupuncture",
    CredentialKind.ACCREDITED_REGISTER: "entry in an accredited register",
    CredentialKind.PROFESSIONAL_BODY: "membership of a professional body",
    CredentialKind.STATUTORY_OTHER_PROFESSION: "registration in another health profession",
    CredentialKind.LOCAL_AUTHORITY_REGISTRATION: "registration with the local council",
    CredentialKind.SPECIAL_PROCEDURE_LICENCE: "special procedure licence",
    CredentialKind.PREMISES_APPROVAL: "approval of the premises",
    CredentialKind.NATIONAL_CERTIFICATION: "national certification",
    CredentialKind.CLEAN_NEEDLE_TECHNIQUE: "clean needle technique course",
    CredentialKind.EDUCATION: "acupuncture education",
    CredentialKind.MATERNITY_TRAINING: "maternity acupuncture training",
    CredentialKind.RLS_TRAINING: "training about restless legs syndrome (RLS)",
}
STATUSES: Final[Mapping[CredentialStatus, str]] = {
    CredentialStatus.ACTIVE: "active",
    CredentialStatus.ACTIVE_WITH_CONDITIONS: "active, with conditions",
    CredentialStatus.PROBATION: "under a public order (probation)",
    CredentialStatus.TEMPORARY: "temporary",
    CredentialStatus.UNKNOWN: "not readable in the register just now; we rely on the last state we read",
}
IN_FORCE: Final = "in force"
_WITH_PLACE: Final = frozenset(
    {
        CredentialKind.STATUTORY_LICENCE,
        CredentialKind.STATUTORY_REGISTRATION,
        CredentialKind.CERTIFICATION_STATE,
        CredentialKind.LOCAL_AUTHORITY_REGISTRATION,
        CredentialKind.SPECIAL_PROCEDURE_LICENCE,
        CredentialKind.PREMISES_APPROVAL,
    }
)
_LEARNT: Final = frozenset(
    {
        CredentialKind.CLEAN_NEEDLE_TECHNIQUE,
        CredentialKind.EDUCATION,
        CredentialKind.MATERNITY_TRAINING,
        CredentialKind.RLS_TRAINING,
    }
)
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July",
                  "August", "September", "October", "November", "December")  # fmt: skip
_AS_ENGLAND: Final = "as England"


@lru_cache(maxsize=4096)
def day(value: date) -> str:
    """A date in words: "3 November 2026"."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def counted(number: float, one: str, many: str) -> str:
    """So many of something, without a needless ".0"."""
    return f"{number:g} {one if number == 1 else many}"


# --- papers -------------------------------------------------------------------------------------------------------


def authority(paper: Paper, rules: Mapping[str, Jurisdiction]) -> str | None:
    """Who gave the paper out: the body it names, else who keeps the register of its jurisdiction."""
    if paper.body:
        return paper.body
    rule = rules.get(paper.jurisdiction or "")
    if rule is None or rule.regime is Regime.NONE:
        return None
    england = rules.get("GB-ENG")
    return rule.body.replace(_AS_ENGLAND, england.body) if england is not None else rule.body


def what(paper: Paper) -> str:
    """The paper's name: "Oregon acupuncture licence"."""
    kind = KINDS[paper.kind]
    if paper.kind in _WITH_PLACE and paper.jurisdiction:
        return f"{name_of(paper.jurisdiction)} {kind}"
    return f"{paper.body}: {kind}" if paper.body else kind[:1].upper() + kind[1:]


def paper_said(filed: Filed, rules: Mapping[str, Jurisdiction], today: date) -> str:
    """What the paper is, its state, with whom and when it was checked, until when it counts, and its conditions."""
    paper = filed.paper
    rule = rules.get(paper.jurisdiction or "")
    late = late_period(paper, rule, today=today) if rule is not None else None
    parts = [f"{what(paper)} {_status(paper, late)}".strip(), _checked(paper, rules), _valid_to(paper, late)]
    said = ", ".join(part for part in parts if part) + "."
    if paper.conditions_text:
        said += f" The register states conditions: {paper.conditions_text}"
    if paper.discipline:
        said += f" The register states earlier discipline: {paper.discipline}"
    return said


def short(paper: Paper) -> str:
    """The paper's name, and what a reader must not miss about it."""
    said = what(paper)
    if paper.status is CredentialStatus.PROBATION:
        said += f", {STATUSES[paper.status]}"
    if paper.conditions_text:
        said += f"; conditions: {paper.conditions_text}"
    return said


def _status(paper: Paper, late: LatePeriod | None) -> str:
    if paper.kind in _LEARNT:
        return ""
    if late is not None and paper.status in PERMITS_IN_LATE_PERIOD:
        return IN_FORCE
    return STATUSES.get(paper.status, IN_FORCE)


def _checked(paper: Paper, rules: Mapping[str, Jurisdiction]) -> str:
    on = paper.last_checked_on or paper.verified_on
    if on is None:
        return OWN_WORD
    whom = authority(paper, rules) or "the public register"
    if paper.check_method is CheckMethod.ROSTER_FILE:
        return f"checked in the list published by {whom} on {day(on)}"
    if paper.check_method is CheckMethod.TELEPHONE:
        return f"confirmed by telephone by {whom} on {day(on)}"
    return f"checked with {whom} on {day(on)}"


def _valid_to(paper: Paper, late: LatePeriod | None) -> str:
    if late is not None and late.assessed:
        return "registration continues by law while the renewal is assessed"
    if late is not None:
        return f"registration continues by law to {day(late.until)}"
    return f"valid to {day(paper.expires)}" if paper.expires is not None else ""


def notes(entry: Entry) -> Iterator[str]:
    """What must be read beside everything else."""
    if entry.practitioner.fictional:
        yield FICTIONAL
    if any(each.permit.on_probation for each in entry.places):
        yield PROBATION
    if any(each.permit.no_licence_exists for each in entry.places):
        yield NO_LICENCE


# --- restless legs and pregnancy ----------------------------------------------------------------------------------


def rls(declared: RlsExperience | None) -> Iterator[str]:
    """What somebody told of their work with RLS, each item with how far it was checked. Nothing told, nothing said."""
    if declared is None:
        return
    if declared.patients_24m:
        people = counted(declared.patients_24m, "person", "people")
        how = VERIFICATION[declared.patients_verification]
        yield f"Has seen {people} with restless legs syndrome (RLS) in the last 24 months ({how})"
    if declared.years:
        how = VERIFICATION[declared.years_verification]
        yield f"Has seen people with restless legs syndrome (RLS) for {_span(declared.years)} ({how})"
    if declared.training_hours:
        hours = counted(declared.training_hours, "hour", "hours")
        how = VERIFICATION[declared.training_verification]
        yield f"Has {hours} of training about restless legs syndrome (RLS) ({how})"


def pregnancy(shown: Open, rules: Mapping[str, Jurisdiction]) -> str | None:
    """The weeks of pregnancy in which somebody takes people on, where everything is in place for them today."""
    listing, declared = shown.listing, shown.listing.declaration
    rule = rule_for(listing.place.jurisdiction, rules)
    if declared is None or rule is None or declared.min_week is None or declared.max_week is None:
        return None
    weeks = Weeks(declared.min_week, declared.max_week)
    if declared.signed_on is None or admits_pregnancy(listing.person, rule, weeks=weeks, today=shown.today):
        return None
    hours = counted(declared.training_hours, "hour", "hours")
    how = VERIFICATION[declared.training_verification]
    return (
        f"Takes on weeks {declared.min_week} to {declared.max_week} of pregnancy;"
        f" {hours} of maternity training ({how}); declaration signed on {day(declared.signed_on)}."
        " These are facts about training and cover, and no promise about a treatment"
    )


def _span(years: float) -> str:
    if 0 < years < 1:
        return counted(max(1, round(years * 12)), "month", "months")
    return counted(years, "year", "years")


# --- a place ------------------------------------------------------------------------------------------------------


def town(place: PracticePlace) -> str:
    """The town and postcode, which for a hidden home are those of its area."""
    return ", ".join(part for part in (place.locality, place.postal_code) if part)


def address(place: PracticePlace) -> str:
    """Where a place is, as everybody may read it."""
    where = town(place)
    if place.hidden_home:
        return f"About {where}. The exact address is given when you book."
    if place.street:
        return f"{place.street}, {where}"
    return where if place.point_precision is PointPrecision.EXACT else f"About {where}"


def about_the_point(place: PracticePlace) -> Iterator[str]:
    """What the point stands for, where it is not the door."""
    if place.hidden_home or place.point_precision is PointPrecision.AREA:
        yield AREA_ONLY
    elif place.point_precision is PointPrecision.POSTCODE:
        yield POSTCODE_ONLY


def meeting(place: PracticePlace) -> Iterator[str]:
    """How one meets there."""
    if place.in_person:
        yield "At the practice"
    if place.home_visit_radius_km > 0:
        yield f"At homes up to {place.home_visit_radius_km:g} km away"
    if place.remote_consultation:
        yield NOT_REMOTE.removesuffix(".")
    if place.appointment_only:
        yield "By appointment only"


def access(place: PracticePlace) -> Iterator[str]:
    """What is said about getting in and onto the table."""
    stated = {
        "Step-free from street to table": place.step_free,
        "Table that can be lowered": place.adjustable_table,
        "Help with moving onto the table": place.transfer_help,
        "Treatment in your own chair": place.treatment_in_own_chair,
        "Accessible toilet": place.accessible_toilet,
        "Parking": place.parking,
    }
    yield from _yes_or_no(stated)
    if place.door_width_cm is not None:
        yield f"Narrowest door: {place.door_width_cm} cm"


def prices(place: PracticePlace) -> Iterator[str]:
    """The prices as stated, with their currency."""
    if place.price_currency is None:
        return
    stated = {
        "First talk": place.price_first_talk,
        "First visit": place.price_first_visit,
        "Later visits": place.price_follow_up,
        "A visit in a shared room": place.price_shared_room,
        "A visit without insurance": place.price_without_insurance,
    }
    for name, amount in stated.items():
        if amount is not None:
            yield f"{name}: {'free of charge' if amount == 0 else f'{place.price_currency} {amount:.2f}'}"
    if place.same_without_insurance:
        yield "A visit without insurance: says it costs the same"
    if place.sliding_scale:
        yield "Says the price can follow what you can pay"


def payers(listing: Listing) -> Iterator[str]:
    """Which insurers are said to have paid for visits here, and when that was said."""
    for code, name in listing.payers:
        yield f"Says that {name} has paid for visits here (said on {day(listing.payers_stated[code])})"


def languages(listing: Listing) -> Iterator[str]:
    """Who speaks what, and how well."""
    for each in listing.languages:
        who, level = SPEAKERS[SpokenBy(each.spoken_by)], LEVELS[LanguageLevel(each.level)]
        yield f"{each.name}: {who}, {level}"


def way(said: WorkingWay | None) -> Iterator[str]:
    """How somebody says they work."""
    if said is None:
        return
    stated = {
        "Asks whether ferritin was measured": said.asks_ferritin,
        "Reads your list of medicines": said.reads_medicines,
        "Writes to your GP or midwife, if you agree": said.writes_to_doctors,
        "You may move when the urge comes": said.may_move,
        "Needling seated or standing is possible": said.seated_or_standing,
        "Uses sterile needles once only": said.single_use_needles,
    }
    yield from _yes_or_no(stated)
    if said.visit_minutes is not None:
        yield f"A visit takes {said.visit_minutes} minutes"


def _yes_or_no(stated: Mapping[str, bool | None]) -> Iterator[str]:
    """What somebody says of themselves, where they said anything."""
    for name, holds in stated.items():
        if holds is not None:
            yield f"{name}: {'yes, they say' if holds else 'no'}"
