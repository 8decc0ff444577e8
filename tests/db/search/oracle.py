"""The answer to a search by reading every table with the simplest queries and asking the rules about everybody."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.credentials.models import Credential, CredentialCondition, Indemnity, PregnancyDeclaration
from directory.credentials.rules import Cover, Declaration, Paper, Person, admits_pregnancy, conditions_on, permits
from directory.credentials.terms import ConditionCode, Mode
from directory.practitioners.models import (
    PlaceHours,
    PlacePayer,
    PlaceRemoteJurisdiction,
    PracticePlace,
    Practitioner,
    PractitionerDecline,
    PractitionerLanguage,
    PractitionerTechnique,
    ProfileAttestation,
)
from directory.practitioners.rules import Interval, availability
from directory.practitioners.terms import Accepting, LanguageLevel, Technique
from directory.screening.terms import Condition
from directory.search.criteria import Criteria
from tests.db.search.people import RULES


def km_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Through the earth between two points of the WGS 84 ellipsoid, then over a sphere of its mean radius."""

    def place(latitude: float, longitude: float) -> tuple[float, float, float]:
        equator, pole = 6378.137, 6356.752314245
        beta = math.atan2(pole * math.sin(math.radians(latitude)), equator * math.cos(math.radians(latitude)))
        lam, out = math.radians(longitude), equator * math.cos(beta)
        return out * math.cos(lam), out * math.sin(lam), pole * math.sin(beta)

    return 2 * 6371.0088 * math.asin(min(1.0, math.dist(place(*one), place(*other)) / (2 * 6371.0088)))


@dataclass(frozen=True)
class Way:
    """One way of meeting one person."""

    practitioner_id: int
    place_id: int
    mode: Mode
    facts: Any


@dataclass(frozen=True)
class Known:
    """What is known of one place of one person."""

    place: PracticePlace
    practitioner: Practitioner
    person: Person
    languages: frozenset[str]
    techniques: frozenset[str]
    declines: frozenset[Condition]
    hours: frozenset[str]
    payers: frozenset[str]
    remote: frozenset[str]


class World:
    """Everything in the database, read once."""

    def __init__(self, session: Session) -> None:
        session.expire_all()
        of_person: dict[type, dict[int, list[Any]]] = {}
        for model in (
            ProfileAttestation,
            Credential,
            Indemnity,
            PregnancyDeclaration,
            PractitionerLanguage,
            PractitionerTechnique,
            PractitionerDecline,
        ):
            of_person[model] = defaultdict(list)
            for row in session.scalars(select(model)):
                of_person[model][row.practitioner_id].append(row)
        codes: dict[int, set[ConditionCode]] = defaultdict(set)
        for condition in session.scalars(select(CredentialCondition)):
            codes[condition.credential_id].add(condition.code)
        of_place: dict[type, dict[int, list[Any]]] = {}
        for model in (PlaceHours, PlacePayer, PlaceRemoteJurisdiction):
            of_place[model] = defaultdict(list)
            for row in session.scalars(select(model)):
                of_place[model][row.place_id].append(row)
        people = {each.id: each for each in session.scalars(select(Practitioner))}
        self.known = [
            Known(
                place=place,
                practitioner=people[place.practitioner_id],
                person=_person(people[place.practitioner_id], place, of_person, codes),
                languages=frozenset(
                    each.language_code
                    for each in of_person[PractitionerLanguage][place.practitioner_id]
                    if each.level is not LanguageLevel.BASIC
                ),
                techniques=frozenset(
                    each.technique for each in of_person[PractitionerTechnique][place.practitioner_id]
                ),
                declines=frozenset(each.condition for each in of_person[PractitionerDecline][place.practitioner_id]),
                hours=frozenset(
                    availability(
                        Interval(each.weekday, each.opens, each.closes) for each in of_place[PlaceHours][place.id]
                    )
                ),
                payers=frozenset(each.payer_code for each in of_place[PlacePayer][place.id]),
                remote=frozenset(each.jurisdiction for each in of_place[PlaceRemoteJurisdiction][place.id]),
            )
            for place in session.scalars(select(PracticePlace))
            if place.active
        ]

    def ways(self, criteria: Criteria, *, now: datetime) -> list[Way]:
        """Every way to meet anybody that passes the gates and the musts."""
        return [
            Way(known.practitioner.id, known.place.id, mode, known)
            for known in self.known
            for mode in Mode
            if _offered(known, criteria, mode, now) and self._musts(known, criteria, mode, now)
        ]

    def ids(self, criteria: Criteria, *, now: datetime) -> set[int]:
        """Everybody who matches."""
        return {way.practitioner_id for way in self.ways(criteria, now=now)}

    def facet(self, criteria: Criteria, group: str, value: str, *, now: datetime) -> int:
        """How many would be left if this value were asked for as well, or instead within its own group."""
        asked = value if group == "gender" else frozenset({value})
        return len(self.ids(replace(criteria, musts=replace(criteria.musts, **{group: asked})), now=now))

    def _musts(self, known: Known, criteria: Criteria, mode: Mode, now: datetime) -> bool:
        musts, place = criteria.musts, known.place
        visit = mode is Mode.HOME_VISIT
        today = now.astimezone(ZoneInfo(criteria.point.timezone)).date()
        price = place.price_follow_up if place.price_follow_up is not None else place.price_first_visit
        age = None if place.accepting_confirmed_on is None else (today - place.accepting_confirmed_on).days
        met = {
            "languages": bool(musts.languages & known.languages),
            "techniques": bool(musts.techniques & known.techniques),
            "gender": known.practitioner.gender == musts.gender,
            "availability": bool(musts.availability & known.hours),
            "payers": bool(musts.payers & known.payers),
            "max_price": price is not None
            and musts.max_price is not None
            and place.price_currency == musts.currency
            and price <= musts.max_price,
            "step_free": place.step_free is True and not visit,
            "step_free_or_home_visit": place.step_free is True or visit,
            "home_visit": visit,
            "remote_first_talk": any(
                other.practitioner.id == known.practitioner.id
                and _permitted(other, criteria.point.jurisdiction, Mode.REMOTE, today)
                and other.place.remote_consultation
                and criteria.point.jurisdiction in other.remote
                for other in self.known
            ),
            "accepting_confirmed": place.accepting is Accepting.YES and age is not None and -1 <= age <= 30,
        }
        return all(met[name] for name in musts.asked())


def _offered(known: Known, criteria: Criteria, mode: Mode, now: datetime) -> bool:
    place, point = known.place, criteria.point
    if (mode is Mode.REMOTE) is not (criteria.mode is Mode.REMOTE):
        return False
    km = km_between((place.latitude, place.longitude), (point.latitude, point.longitude))
    within = {
        Mode.IN_PERSON: place.in_person and km <= criteria.radius_km,
        Mode.HOME_VISIT: place.home_visit_radius_km > 0 and km <= place.home_visit_radius_km,
        Mode.REMOTE: place.remote_consultation and point.jurisdiction in known.remote,
    }
    code = place.jurisdiction if mode is Mode.IN_PERSON else point.jurisdiction
    zone = place.timezone if mode is Mode.IN_PERSON else point.timezone
    today = now.astimezone(ZoneInfo(zone)).date()
    there = now.astimezone(ZoneInfo(place.timezone)).date()
    away = place.away_from is not None and place.away_from <= there <= place.away_until
    return (
        within[mode]
        and (criteria.waitlist_ok or not away)
        and _permitted(known, code, mode, today)
        and _suits(known, criteria, str(code), today)
    )


def _permitted(known: Known, code: str | None, mode: Mode, today: date) -> bool:
    place_id = known.place.id if mode is Mode.IN_PERSON else None
    return permits(known.person, RULES.get(code or ""), place_id=place_id, mode=mode, today=today).allowed


def _suits(known: Known, criteria: Criteria, code: str, today: date) -> bool:
    patient, rule = criteria.patient, RULES[code]
    codes = conditions_on(known.person, rule)
    least = max(known.practitioner.min_patient_age, 18 if ConditionCode.EXCLUDES_MINORS in codes else 0)
    electro_only = known.techniques == {Technique.ELECTRO}
    needles = {Technique.MANUAL, Technique.ELECTRO, Technique.AURICULAR}
    refusals = [
        known.place.accepting is Accepting.CLOSED and not criteria.waitlist_ok,
        patient.age is not None and patient.age < least,
        patient.gestation is not None
        and bool(admits_pregnancy(known.person, rule, weeks=patient.gestation, today=today)),
        bool(known.declines & patient.declined_as),
        Condition.NEEDLE_PHOBIA in patient.conditions and known.techniques <= needles,
        Condition.PACEMAKER in patient.conditions and electro_only,
        ConditionCode.NO_ELECTRO in codes and electro_only,
    ]
    return not any(refusals)


def _person(
    row: Practitioner,
    place: PracticePlace,
    of_person: dict[type, dict[int, list[Any]]],
    codes: dict[int, set[ConditionCode]],
) -> Person:
    attested = [each.attested_at for each in of_person[ProfileAttestation][row.id] if each.place_id == place.id]
    declared = next(iter(of_person[PregnancyDeclaration][row.id]), None)
    replaced = {each.supersedes_id for each in of_person[Credential][row.id]}
    return Person(
        profession=row.profession,
        account_status=row.account_status,
        held=row.held_since is not None,
        holder_proved_on=row.holder_proved_on,
        attested_on=max(attested).date() if attested else None,
        techniques=frozenset(Technique(each.technique) for each in of_person[PractitionerTechnique][row.id]),
        papers=tuple(
            Paper(
                superseded=each.id in replaced,
                codes=frozenset(codes[each.id]),
                last_checked_on=each.last_checked_at and each.last_checked_at.date(),
                unknown_since=each.unknown_since and each.unknown_since.date(),
                **_same(
                    each,
                    "kind status jurisdiction place_id body title number valid_from expires late_until renewal_pending"
                    " verified_on check_method identity_match last_known_status",
                ),
            )
            for each in of_person[Credential][row.id]
        ),
        covers=tuple(
            Cover(**_same(each, "expires covers_pregnancy verified_on")) for each in of_person[Indemnity][row.id]
        ),
        declaration=declared
        and Declaration(
            **_same(
                declared,
                "treats min_week max_week training_hours training_verification point_policy written_consent"
                " emergency_policy truth_declared signed_on",
            )
        ),
    )


def _same(row: object, names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names.split()}
