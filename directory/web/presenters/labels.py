"""The closed lists of the domain in words for people, and the codes that stand for them in addresses."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from directory.credentials.terms import CredentialKind, Liaison, Mode, OutcomeTracking, PointPolicy, Verification
from directory.geo.mercator import Compass
from directory.http.locale import lazy_gettext as _l
from directory.practitioners.terms import Availability, Gender, LanguageLevel, Profession, Protocol, SpokenBy, Technique
from directory.screening.terms import Condition
from directory.search.criteria import Part, Preset

Words = Mapping[Any, Any]
"""From a code to a lazily translated word."""

TECHNIQUES: Final[Words] = {
    Technique.MANUAL: _l("Needles by hand"),
    Technique.ELECTRO: _l("Electro-acupuncture"),
    Technique.AURICULAR: _l("Ear acupuncture"),
    Technique.ACUPRESSURE: _l("Acupressure, no needles"),
    Technique.LASER: _l("Laser, no needles"),
    Technique.TEISHIN: _l("Teishin, no needles"),
    Technique.MOXIBUSTION: _l("Moxibustion (warmth)"),
}
GENDERS: Final[Words] = {
    Gender.FEMALE: _l("A woman"),
    Gender.MALE: _l("A man"),
    Gender.NON_BINARY: _l("A non-binary person"),
    Gender.UNSPECIFIED: _l("Not stated"),
}
AVAILABILITY: Final[Words] = {
    Availability.WEEKDAY_DAY: _l("Weekdays by day"),
    Availability.EVENING: _l("Weekday evenings, after six"),
    Availability.WEEKEND: _l("Weekends"),
}
PROFESSIONS: Final[Words] = {
    Profession.ACUPUNCTURIST: _l("Acupuncturist"),
    Profession.PHYSICIAN: _l("Physician who practises acupuncture"),
    Profession.PHYSIOTHERAPIST: _l("Physiotherapist who practises acupuncture"),
    Profession.DRY_NEEDLING: _l("Physical therapist"),
    Profession.NURSE: _l("Nurse who practises acupuncture"),
    Profession.MIDWIFE: _l("Midwife who practises acupuncture"),
}
PROTOCOLS: Final[Words] = {
    Protocol.ANTICOAGULANT_BLEEDING: _l("Says they follow a written protocol for people who bleed easily"),
    Protocol.LYMPHOEDEMA_LIMB: _l("Says they never needle a limb with lymphoedema"),
}
CONDITIONS: Final[Words] = {
    Condition.ANTICOAGULANT: _l("people who take a blood thinner"),
    Condition.BLEEDING_DISORDER: _l("people with a bleeding disorder"),
    Condition.PACEMAKER: _l("people with a pacemaker or another implanted device"),
    Condition.NEEDLE_PHOBIA: _l("people who cannot have needles"),
    Condition.LYMPHOEDEMA: _l("people with lymphoedema"),
    Condition.EPILEPSY: _l("people with epilepsy"),
    Condition.IMMUNE_SUPPRESSION: _l("people whose immune system is weakened"),
    Condition.METAL_ALLERGY: _l("people allergic to a metal"),
    Condition.ACTIVE_INFECTION: _l("people with an infection"),
    Condition.PREGNANCY: _l("people who are pregnant"),
}
LEVELS: Final[Words] = {
    LanguageLevel.BASIC: _l("a little"),
    LanguageLevel.CONVERSATIONAL: _l("in conversation"),
    LanguageLevel.FLUENT: _l("fluently"),
    LanguageLevel.NATIVE: _l("as a mother tongue"),
}
SPEAKERS: Final[Words] = {
    SpokenBy.PRACTITIONER: _l("the practitioner"),
    SpokenBy.STAFF: _l("somebody at the practice"),
    SpokenBy.INTERPRETER: _l("an interpreter"),
}
VERIFICATION: Final[Words] = {
    Verification.NONE: _l("not checked"),
    Verification.SELF_ATTESTED: _l("their own statement, not checked by us"),
    Verification.DOCUMENT_CHECKED: _l("we have seen a document"),
    Verification.INDEPENDENTLY_CONFIRMED: _l("confirmed to us by somebody else who knows"),
}
OUTCOMES: Final[Words] = {
    OutcomeTracking.NONE: _l("Does not say how they follow results"),
    OutcomeTracking.OWN_DIARY: _l("Follows results with a diary of their own"),
    OutcomeTracking.VALIDATED_SCALE_ROUTINE: _l("Follows results routinely with a recognised scale"),
    OutcomeTracking.AGGREGATE_REPORTED: _l("Follows results with a recognised scale and reports them together"),
}
LIAISON: Final[Words] = {
    Liaison.NONE: _l("Does not say whether they write to doctors or midwives"),
    Liaison.SELF_ATTESTED: _l("Says they write to doctors or midwives"),
    Liaison.CONFIRMED: _l("Writes to doctors or midwives, confirmed to us"),
}
POINT_POLICIES: Final[Words] = {
    PointPolicy.NONE: _l("No policy on points"),
    PointPolicy.AVOID_TRADITIONAL_LIST: _l("Avoids the traditional list of points before 37 weeks"),
    PointPolicy.RISK_BENEFIT_CONSENT: _l("Weighs each point with the patient, with written consent"),
}
KINDS: Final[Words] = {
    CredentialKind.STATUTORY_LICENCE: _l("acupuncture licence"),
    CredentialKind.STATUTORY_REGISTRATION: _l("registration to practise acupuncture"),
    CredentialKind.CERTIFICATION_STATE: _l("state certification to practise acupuncture"),
    CredentialKind.ACCREDITED_REGISTER: _l("entry in an accredited register"),
    CredentialKind.PROFESSIONAL_BODY: _l("membership of a professional body"),
    CredentialKind.STATUTORY_OTHER_PROFESSION: _l("registration in another health profession"),
    CredentialKind.LOCAL_AUTHORITY_REGISTRATION: _l("registration with the local council"),
    CredentialKind.SPECIAL_PROCEDURE_LICENCE: _l("special procedure licence"),
    CredentialKind.PREMISES_APPROVAL: _l("approval of the premises"),
    CredentialKind.NATIONAL_CERTIFICATION: _l("national certification"),
    CredentialKind.CLEAN_NEEDLE_TECHNIQUE: _l("clean needle technique course"),
    CredentialKind.EDUCATION: _l("acupuncture education"),
    CredentialKind.MATERNITY_TRAINING: _l("maternity acupuncture training"),
    CredentialKind.RLS_TRAINING: _l("training about restless legs syndrome (RLS)"),
}
PARTS: Final[Words] = {
    Part.PREGNANCY: _l("Practice in pregnancy"),
    Part.RLS: _l("Experience with RLS"),
    Part.DISTANCE: _l("Nearness"),
    Part.FIT: _l("What you wished for"),
    Part.TRUST: _l("Standing"),
}
PRESETS: Final[Words] = {
    Preset.BALANCED: _l("Balanced"),
    Preset.NEAREST: _l("Nearest first"),
    Preset.EXPERIENCED: _l("Most experienced first"),
}
WISHES: Final[Words] = {
    "languages": _l("language"),
    "techniques": _l("way of working"),
    "gender": _l("who treats you"),
    "availability": _l("time of the week"),
    "payers": _l("insurance"),
    "max_price": _l("highest price"),
    "step_free": _l("step-free access"),
    "step_free_or_home_visit": _l("step-free access or a home visit"),
    "home_visit": _l("home visit"),
    "remote_first_talk": _l("remote first talk"),
    "accepting_confirmed": _l("takes new patients, confirmed within 30 days"),
    "all": _l("all your filters"),
}
WITHOUT: Final[Words] = {
    "languages": _l("Whatever the language"),
    "techniques": _l("Whatever the way of working"),
    "gender": _l("Whoever treats you"),
    "availability": _l("Whatever the time of the week"),
    "payers": _l("Whatever the insurance"),
    "max_price": _l("Whatever the price"),
    "step_free": _l("Also where there are steps"),
    "step_free_or_home_visit": _l("Also where there are steps"),
    "home_visit": _l("Also people who do not come to your home"),
    "remote_first_talk": _l("Also people without a first talk from a distance"),
    "accepting_confirmed": _l("Also people who have not confirmed lately that they take new patients"),
    "all": _l("Without any of your filters"),
}
"""What a list holds when one wish is left out."""
MODES: Final[Words] = {
    Mode.IN_PERSON: _l("In person"),
    Mode.REMOTE: _l("Remote consultation"),
    Mode.HOME_VISIT: _l("Home visit"),
}
DIRECTIONS: Final[Words] = {
    Compass.NORTH: _l("north"),
    Compass.NORTH_EAST: _l("north-east"),
    Compass.EAST: _l("east"),
    Compass.SOUTH_EAST: _l("south-east"),
    Compass.SOUTH: _l("south"),
    Compass.SOUTH_WEST: _l("south-west"),
    Compass.WEST: _l("west"),
    Compass.NORTH_WEST: _l("north-west"),
}


def word(words: Words, code: StrEnum | str) -> str:
    """The word for a code in the language of this request; the code itself where there is none."""
    return str(words.get(code, code))
