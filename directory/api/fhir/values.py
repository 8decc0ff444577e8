"""Where the values stand that a search looks at: for each element of a resource, the columns that say it.

It says of the tables what ``resources`` makes of a listing; a test compares the two over everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import Date, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from directory.api.fhir import names, near
from directory.api.fhir import terminology as codes
from directory.api.fhir.conditions import Of
from directory.api.fhir.elements import line
from directory.api.fhir.sources import (
    Codes,
    Dated,
    Identifier,
    Identifiers,
    Instant,
    Nearby,
    Nobody,
    Number,
    Profiles,
    Reference,
    Theirs,
)
from directory.api.fhir.strings import Text, folded
from directory.credentials.models import Credential, CredentialCondition
from directory.credentials.terms import (
    PERMITS_PRACTICE,
    STATUTORY_ACUPUNCTURE,
    CheckMethod,
    ConditionCode,
    CredentialKind,
    CredentialStatus,
)
from directory.db import UTCDateTime
from directory.entries.models import Entry, EntryLedger
from directory.practitioners.models import PracticePlace, Practitioner, PractitionerLanguage
from directory.practitioners.rules import ACCEPTING_FADES_DAYS, npi_is_valid
from directory.practitioners.terms import Accepting, PointPrecision, Profession, SpokenBy

# --- everybody ----------------------------------------------------------------------------------------------------

_NOTED = select(Entry.changed_at).where(Entry.practitioner_id == Practitioner.id).correlate(Practitioner)
LAST_UPDATED: Final[Any] = func.coalesce(
    _NOTED.scalar_subquery(),
    select(EntryLedger.began_at).scalar_subquery(),
    literal(datetime(1970, 1, 1, tzinfo=UTC), UTCDateTime()),
    type_=UTCDateTime(),
)
"""As ``entries.queries.stamps`` says it: of somebody who is not noted yet, the ledger's beginning."""
UPDATED: Final = Instant(LAST_UPDATED)
TAGS: Final = Codes({(codes.ACT_REASON, codes.TEST_DATA): Practitioner.fictional.is_(True)})
ACTIVE: Final = Codes({("", "true"): True})
CHECKED: Final = Codes({(codes.VERIFICATION_STATUS_CODES, "complete"): True})
STATED: Final = Codes({(codes.VERIFICATION_STATUS_CODES, "incomplete"): True})
NOBODY: Final = Nobody()
PERSON: Final = Number(Practitioner.id)
PLACE: Final = Number(PracticePlace.id)
PAPER: Final = Number(Credential.id)

# --- people -------------------------------------------------------------------------------------------------------

_NAME = (Practitioner.display_name, Practitioner.slug)
_WRITTEN = (Practitioner.display_name,)
_ACUPUNCTURIST = Practitioner.profession == Profession.ACUPUNCTURIST


def _split(name: str, slug: str) -> tuple[str, names.Name]:
    written = line(name) or slug
    return written, names.split(written)


def _names(name: str, slug: str) -> list[str]:
    written, parts = _split(name, slug)
    return [written, parts.family, *parts.given, *parts.prefix, *parts.suffix]


def _speaks(code: str) -> Any:
    spoken = PractitionerLanguage.spoken_by == SpokenBy.PRACTITIONER
    theirs = PractitionerLanguage.practitioner_id == Practitioner.id
    return exists().where(theirs, spoken, *([PractitionerLanguage.language_code == code] if code else []))


NAME: Final = Text(_NAME, _names, looked=_WRITTEN)
FAMILY: Final = Text(_NAME, lambda name, slug: [_split(name, slug)[1].family], looked=_WRITTEN)
GIVEN: Final = Text(_NAME, lambda name, slug: _split(name, slug)[1].given, present=None, looked=_WRITTEN)
GENDER: Final = Codes(
    {
        ("http://hl7.org/fhir/administrative-gender", code): Practitioner.gender == gender
        for gender, code in codes.GENDERS.items()
    }
)
_HAS_NPI = Practitioner.npi.is_not(None)
PERSON_IDENTIFIER: Final = Identifiers(
    (
        Identifier(
            codes.NPI,
            # Whoever has none is certain not to have this one.
            lambda value: and_(_HAS_NPI, Practitioner.npi == value) if npi_is_valid(value) else False,
            _HAS_NPI,
        ),
        Identifier("{site}/practitioners", lambda value: Practitioner.slug == value, True),
    )
)
COMMUNICATION: Final = Identifiers((Identifier(codes.LANGUAGES, _speaks, _speaks("")),))
SPECIALTY: Final = Codes({(codes.NUCC, codes.ACUPUNCTURIST): _ACUPUNCTURIST})


def _roles() -> dict[tuple[str, str], Any]:
    """By code, whose it is; the same as ``terminology.role`` says of one."""
    title = func.lower(func.coalesce(PracticePlace.title, ""))
    oriental = and_(
        _ACUPUNCTURIST,
        or_(
            PracticePlace.jurisdiction == "US-NM",
            and_(PracticePlace.jurisdiction == "US-NV", title.contains("doctor of oriental medicine")),
        ),
    )
    found: dict[tuple[str, str], Any] = {(codes.ROLE_CODES, codes.DOCTOR_OF_ORIENTAL_MEDICINE[0]): oriental}
    other = codes.OTHER_SERVICE_PROVIDER[0]
    for code in {each[0] for each in codes.ROLES.values()} | {other}:
        professions = [each for each in Profession if codes.ROLES.get(each, codes.OTHER_SERVICE_PROVIDER)[0] == code]
        found[codes.ROLE_CODES, code] = and_(Practitioner.profession.in_(professions), ~oriental)
    return found


ROLE: Final = Codes(_roles(), always=True)

# --- places -------------------------------------------------------------------------------------------------------

_PLACE_NAME = (PracticePlace.label, PracticePlace.locality, PracticePlace.country)
_ADDRESS = (
    PracticePlace.hidden_home,
    PracticePlace.point_precision,
    PracticePlace.street,
    PracticePlace.locality,
    PracticePlace.admin1,
    PracticePlace.postal_code,
    PracticePlace.country,
)


def _place_name(label: str, locality: str, country: str) -> str:
    return line(label) or line(locality) or country


def _address(
    hidden: bool,
    precision: PointPrecision,
    street: str | None,
    city: str,
    state: str | None,
    postal_code: str | None,
    country: str,
) -> Iterator[str]:
    """The parts of an address, and the whole as it is written; see ``resources.words.address``."""
    yield from (each for each in (city, state, postal_code, country) if each)
    town = ", ".join(each for each in (city, postal_code) if each)
    if hidden:
        yield f"{_ABOUT} {town}. {_WHEN}"
    elif street:
        yield street
        yield f"{street}, {town}"
    else:
        yield town if precision is PointPrecision.EXACT else f"{_ABOUT} {town}"


_ABOUT, _WHEN = "About", "The exact address is given when you book."
_SERVICE: Final = "Acupuncture at"

LABEL: Final = Text(_PLACE_NAME, lambda *place: [_place_name(*place)])
SERVICE_NAME: Final = Text(
    _PLACE_NAME, lambda *place: [f"{_SERVICE} {_place_name(*place)}"], fixed=folded(_SERVICE) or ""
)
ADDRESS: Final = Text(_ADDRESS, _address, fixed=folded(f"{_ABOUT} {_WHEN}") or "")
CITY: Final = Text((PracticePlace.locality,), lambda city: [line(city) or ""], present=None)
STATE: Final = Text((PracticePlace.admin1,), lambda state: [line(state) or ""], present=None)
POSTAL_CODE: Final = Text((PracticePlace.postal_code,), lambda code: [line(code) or ""], present=None)
COUNTRY: Final = Text((PracticePlace.country,), lambda country: [country])
NEAR: Final = Nearby(near.read)
ACCESSIBILITY: Final = Codes(
    {
        (codes.ACCESSIBILITY_CODES, "handiaccess"): PracticePlace.step_free.is_(True),
        (codes.ACCESSIBILITY_CODES, "mobility"): or_(
            PracticePlace.adjustable_table.is_(True),
            PracticePlace.transfer_help.is_(True),
            PracticePlace.treatment_in_own_chair.is_(True),
        ),
    }
)


@lru_cache(maxsize=8)
def _zones(hour: datetime) -> dict[date, list[str]]:
    """The time zones by the day it is there, but for those where it is the day of UTC."""
    found: dict[date, list[str]] = {}
    for zone in sorted(available_timezones()):
        found.setdefault(hour.astimezone(ZoneInfo(zone)).date(), []).append(zone)
    return {day: zones for day, zones in found.items() if day != hour.date()}


def _accepting(now: datetime) -> dict[tuple[str, str], Any]:
    """By code, which places say so as far as that is still known; see ``practitioners.rules.accepting_now``."""
    # No offset of a time zone changes the day within a quarter of an hour.
    quarter = now.astimezone(UTC).replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    fading = timedelta(days=ACCEPTING_FADES_DAYS)
    said, zone = PracticePlace.accepting_confirmed_on, PracticePlace.timezone
    elsewhere = [(zone.in_(zones), literal(day - fading, Date())) for day, zones in _zones(quarter).items()]
    since = literal(quarter.date() - fading, Date())
    fresh = and_(said.is_not(None), said >= (case(*elsewhere, else_=since) if elsewhere else since))
    known = {
        Accepting.YES: and_(PracticePlace.accepting == Accepting.YES, fresh),
        Accepting.CLOSED: PracticePlace.accepting == Accepting.CLOSED,
    }
    return {(codes.ACCEPTING_CODES, code): known[answer] for answer, (code, _) in codes.ACCEPTS.items()}


NEW_PATIENTS: Final = Dated(_accepting)
LOCATION_STATUS: Final = Codes({("http://hl7.org/fhir/location-status", "active"): True})
LOCATION_TYPE: Final = Codes(
    {(codes.ROLE_CODE, codes.PROVIDERS_OFFICE): PracticePlace.in_person.is_(True)}, always=True
)
ORGANIZATION_TYPE: Final = Codes({(codes.ORGANIZATION_CODES, "prvgrp"): True})
CATEGORY: Final = Codes({(codes.CATEGORY_CODES, "prov"): True})
SERVICE_TYPE: Final = Codes({(codes.SERVICE_TYPE, codes.SERVICE_IS_ACUPUNCTURE): True})

ADDRESS_USE: Final = Codes({("http://hl7.org/fhir/address-use", "work"): True})

# --- of one of a person's places ------------------------------------------------------------------------------------

ONE_ADDRESS: Final = Theirs(Of.PLACE, ADDRESS)
ONE_CITY: Final = Theirs(Of.PLACE, CITY)
ONE_STATE: Final = Theirs(Of.PLACE, STATE)
ONE_POSTAL_CODE: Final = Theirs(Of.PLACE, POSTAL_CODE)
ONE_COUNTRY: Final = Theirs(Of.PLACE, COUNTRY)
ONE_ADDRESS_USE: Final = Theirs(Of.PLACE, ADDRESS_USE)

# --- references ---------------------------------------------------------------------------------------------------

TO_PERSON: Final = Reference({"Practitioner": Practitioner.id})
TO_ORGANIZATION: Final = Reference({"Organization": PracticePlace.id})
TO_LOCATION: Final = Reference({"Location": PracticePlace.id})
TO_SERVICE: Final = Reference({"HealthcareService": PracticePlace.id})
TO_ENDPOINT: Final = Reference({"Endpoint": None})
TO_NETWORK: Final = Reference({"Organization": None})
TO_AREA: Final = Reference({"Location": None})
TO_ISSUER: Final = Reference({"Organization": None})
OF_PAPER: Final = Reference({"Practitioner": Credential.practitioner_id})

# --- papers -------------------------------------------------------------------------------------------------------

_A_DAY: Final = timedelta(days=1)
_OTHER = aliased(Credential)

PAPER_CHECKED: Final = and_(
    Credential.verified_on.is_not(None),
    Credential.identity_match.is_(True),
    Credential.given_up_on.is_(None),
    Credential.check_method.is_not(None),
    Credential.check_method != CheckMethod.DOCUMENT_ONLY,
)
"""Without this no paper is told of as checked."""


def paper_holds(today: date) -> Any:
    """What makes it sure that a paper of somebody who is shown is told of, whatever day it is at their place. Where it
    does not hold, the rules must look at the paper itself."""
    before, after = today - _A_DAY, today + _A_DAY
    replaced = select(_OTHER.supersedes_id).where(_OTHER.supersedes_id.is_not(None), _OTHER.verified_on.is_not(None))
    shared = exists().where(
        _OTHER.jurisdiction == Credential.jurisdiction,
        _OTHER.number == Credential.number,
        _OTHER.kind == Credential.kind,
        _OTHER.practitioner_id != Credential.practitioner_id,
        _OTHER.verified_on.is_not(None),
    )
    forbidden = exists().where(
        CredentialCondition.credential_id == Credential.id, CredentialCondition.code == ConditionCode.FORBIDS_PRACTICE
    )
    lasting = and_(
        Credential.expires.is_(None),
        Credential.kind.not_in(STATUTORY_ACUPUNCTURE),
        Credential.status != CredentialStatus.TEMPORARY,
    )
    return and_(
        Credential.verified_on <= before,
        or_(Credential.valid_from.is_(None), Credential.valid_from <= before),
        Credential.status.in_(PERMITS_PRACTICE),
        or_(Credential.expires >= after, lasting),
        Credential.id.not_in(replaced),
        ~shared,
        ~forbidden,
    )


def _sources() -> dict[tuple[str, str], Any]:
    """By code, the papers that come from such a source; see ``terminology.SOURCES``."""
    kinds: dict[str, list[CredentialKind]] = {}
    for kind in CredentialKind:
        kinds.setdefault(codes.SOURCES.get(kind, codes.ISSUING_SOURCE)[0], []).append(kind)
    return {(codes.PRIMARY_SOURCE_TYPE, code): Credential.kind.in_(each) for code, each in kinds.items()}


_OF_ACUPUNCTURE = Credential.kind.in_(STATUTORY_ACUPUNCTURE | {CredentialKind.NATIONAL_CERTIFICATION})
_OTHER_PROFESSION = Credential.kind == CredentialKind.STATUTORY_OTHER_PROFESSION
_UNREADABLE = Credential.status == CredentialStatus.UNKNOWN
_ABROAD = and_(Credential.jurisdiction.is_not(None), ~func.coalesce(Credential.jurisdiction, "").startswith("US-"))

QUALIFICATION: Final = Theirs(
    Of.PAPER,
    Codes(
        {
            (codes.NUCC, codes.ACUPUNCTURIST): and_(_OF_ACUPUNCTURE, _ACUPUNCTURIST),
            (codes.DEGREE, "MD"): and_(_OTHER_PROFESSION, func.coalesce(Credential.title, "") == "MD"),
            (codes.DEGREE, "DO"): and_(_OTHER_PROFESSION, func.coalesce(Credential.title, "") == "DO"),
        },
        always=True,
    ),
)
VALIDATION: Final = Codes(
    {
        ("http://hl7.org/fhir/CodeSystem/status", "validated"): ~_UNREADABLE,
        ("http://hl7.org/fhir/CodeSystem/status", "req-revalid"): _UNREADABLE,
    }
)
VALIDATION_STATUS: Final = Codes({(codes.VALIDATION_STATUS, "successful"): True})
SOURCE_TYPE: Final = Codes(_sources())


def profiles(kind: str) -> Profiles:
    """What resources of this type claim in ``meta.profile``. Whoever has a paper of another country than the United
    States does not fulfil Plan-Net's binding for where it is valid."""
    if kind in ("Practitioner", "PractitionerRole"):
        return Profiles((codes.mcsd_profile(kind),), unless=codes.plan_net_profile(kind), paper=_ABROAD)
    if kind == "VerificationResult":
        return Profiles((codes.NDH_VERIFICATION,))
    distance = (codes.mcsd_profile("LocationDistance"),) if kind == "Location" else ()
    return Profiles((codes.plan_net_profile(kind), codes.mcsd_profile(kind), *distance))
