"""One demonstration person after another: what they say, where they work, what they declare. Same seed, same people."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from directory.cli.demo.declarations import indemnity, pregnancy, rls
from directory.cli.demo.density import Spot, Spots
from directory.cli.demo.names import SPEAKS, Name, Names
from directory.cli.demo.papers import LACKS, Lack, PaperMaker, Papers, title_in
from directory.cli.demo.payers import Payers
from directory.credentials.service import IndemnityDraft, PregnancyDraft, RlsDraft
from directory.geo.timezones import timezone_at
from directory.jurisdictions.rules import Jurisdiction
from directory.paths import SEEDS
from directory.practitioners.drafts import PersonDraft, PlaceDraft, Spoken, Way
from directory.practitioners.rules import Interval
from directory.practitioners.terms import (
    Accepting,
    LanguageLevel,
    PointPrecision,
    Profession,
    Protocol,
    SpokenBy,
    Technique,
)
from directory.screening.terms import Condition

NOBODY = 0
"""Stands for ids until somebody is registered."""

_NEAR_DEGREES = 0.008
_AHEAD_DAYS = 500

# fmt: off
_TECHNIQUES = {
    Technique.ELECTRO: 0.45, Technique.AURICULAR: 0.35, Technique.ACUPRESSURE: 0.32, Technique.MOXIBUSTION: 0.30,
    Technique.TEISHIN: 0.09, Technique.LASER: 0.05,
}
_LEARNT = {
    "US": {"es": 0.10, "zh": 0.03, "fr": 0.02, "ase": 0.01, "ru": 0.01}, "GB": {"fr": 0.04, "pl": 0.02, "pa": 0.01},
    "CA": {"fr": 0.12, "yue": 0.03, "pa": 0.02}, "AU": {"zh": 0.04, "el": 0.02, "it": 0.02}, "NZ": {"mi": 0.05},
}
_PRICES = {
    "US": ("USD", 85, 190), "GB": ("GBP", 45, 95), "CA": ("CAD", 85, 160), "AU": ("AUD", 85, 170),
    "NZ": ("NZD", 80, 150),
}
_HOURS = (
    (30, tuple(Interval(day, time(9), time(17)) for day in range(5))),
    (20, tuple(Interval(day, time(10), time(19)) for day in (0, 1, 3))),
    (14, (*(Interval(day, time(9), time(16)) for day in (1, 2, 4)), Interval(3, time(12), time(20)))),
    (12, (*(Interval(day, time(9, 30), time(17, 30)) for day in range(1, 5)), Interval(5, time(9), time(13)))),
    (8, (Interval(0, time(17, 30), time(21)), Interval(2, time(17, 30), time(21)), Interval(5, time(10), time(15)))),
    (6, (Interval(5, time(10), time(16)), Interval(6, time(10), time(16)))),
    (10, ()),
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A person ready to be registered; ids are filled in then."""

    person: PersonDraft
    places: tuple[PlaceDraft, ...]
    papers: Papers
    covers: tuple[IndemnityDraft, ...]
    rls: RlsDraft
    pregnancy: PregnancyDraft | None
    attested_days_ago: int
    lack: Lack | None
    way: Way


class Maker:
    """Makes people for one day."""

    def __init__(self, rules: Mapping[str, Jurisdiction], today: date) -> None:
        self._rules = rules
        self._payers = Payers()
        self._today = today
        self._names = Names()
        self._papers = PaperMaker(rules, today)
        self._telephones = _telephones()
        self._sentences = (SEEDS / "demo" / "words.txt").read_text(encoding="utf-8").splitlines()

    def make(self, number: int, spots: Spots, random: Random) -> Made:
        """The person of this number, somewhere among these spots."""
        spot = spots.pick(random)
        name = self._names.deal(spot.point.country, spot.jurisdiction, random)
        lack = random.choices(list(LACKS), list(LACKS.values()))[0]
        papers = self._papers.make(number, spot.jurisdiction, lack, random)
        techniques = self._techniques(random)
        experience = rls(self._today, random)
        declared = pregnancy(self._today, number, random)
        places = [self._place(number, spot, techniques, random)]
        if random.random() < 0.10:
            places.append(self._place(number, spots.near(spot, random), techniques, random))
        return Made(
            person=self._person(number, name, spot, papers.profession, techniques, random),
            places=tuple(places),
            papers=papers,
            covers=() if lack is Lack.NO_INDEMNITY else (indemnity(self._today, declared, random),),
            rls=experience,
            pregnancy=declared,
            attested_days_ago=random.randint(125, 400) if lack is Lack.NOT_ATTESTED else random.randint(0, 110),
            lack=lack,
            # Drawn last, so that everything else about everybody stays as it was.
            way=_way(random),
        )

    def _person(
        self,
        number: int,
        name: Name,
        spot: Spot,
        profession: Profession,
        techniques: frozenset[Technique],
        random: Random,
    ) -> PersonDraft:
        declines = {each for each in _DECLINED if random.random() < 0.03}
        protocols = {each for each, share in _PROTOCOLS.items() if random.random() < share}
        return PersonDraft(
            display_name=name.text,
            profession=profession,
            gender=name.gender,
            npi=_npi(number) if spot.point.country == "US" and random.random() < 0.6 else None,
            email=f"person{number}@example.com" if random.random() < 0.8 else None,
            website=f"https://example.org/people/{number}" if random.random() < 0.6 else None,
            words=" ".join(random.sample(self._sentences, random.randint(0, 4))),
            min_patient_age=random.choices((18, 16, 12, 5, 0), (60, 12, 14, 9, 5))[0],
            fictional=True,
            languages=self._languages(name, spot, random),
            techniques=techniques,
            declines=frozenset(declines),
            protocols=frozenset(protocols),
        )

    @staticmethod
    def _techniques(random: Random) -> frozenset[Technique]:
        if random.random() < 0.02:
            return frozenset({Technique.ACUPRESSURE, Technique.TEISHIN})
        return frozenset({Technique.MANUAL, *(each for each, share in _TECHNIQUES.items() if random.random() < share)})

    @staticmethod
    def _languages(name: Name, spot: Spot, random: Random) -> tuple[Spoken, ...]:
        """English (in Quebec French first), what the family speaks, and what was learnt."""
        spoken: dict[str, Spoken] = {"en": Spoken("en", LanguageLevel.NATIVE)}
        if spot.jurisdiction == "CA-QC":
            spoken["fr"] = Spoken("fr", LanguageLevel.NATIVE)
            if random.random() < 0.2:
                del spoken["en"]
        inherited = SPEAKS.get(name.culture)
        if inherited and random.random() < 0.7:
            code = random.choice(inherited)
            spoken.setdefault(code, Spoken(code, random.choice((LanguageLevel.NATIVE, LanguageLevel.FLUENT))))
        learnt = dict(_LEARNT[spot.point.country])
        if spot.jurisdiction == "GB-WLS":
            learnt["cy"] = 0.2
        for code, share in learnt.items():
            if random.random() < share and code not in spoken:
                level = random.choice((LanguageLevel.BASIC, LanguageLevel.CONVERSATIONAL, LanguageLevel.FLUENT))
                by = SpokenBy.STAFF if random.random() < 0.25 else SpokenBy.PRACTITIONER
                spoken[code] = Spoken(code, level, by)
        return tuple(spoken.values())

    def _place(self, number: int, spot: Spot, techniques: frozenset[Technique], random: Random) -> PlaceDraft:
        point = spot.point
        latitude = round(point.latitude + random.uniform(-1, 1) * _NEAR_DEGREES, 5)
        longitude = round(point.longitude + random.uniform(-1, 1) * _NEAR_DEGREES, 5)
        town = point.place_name.partition(" (")[0][:120]
        rule = self._rules[spot.jurisdiction]
        accepting = random.choices((Accepting.YES, Accepting.UNKNOWN, Accepting.CLOSED), (63, 24, 13))[0]
        hidden = random.random() < 0.08
        draft = PlaceDraft(
            practitioner_id=NOBODY,
            label=f"{town} {_kind_of_place(point.country, random)}",
            latitude=latitude,
            longitude=longitude,
            country=point.country,
            admin1=point.admin1 or None,
            locality=town,
            postal_code=point.code,
            street=f"{random.randint(1, 240)} {random.choice(_STREETS)}",
            precision=PointPrecision.EXACT if random.random() < 0.85 else PointPrecision.POSTCODE,
            timezone=timezone_at(latitude, longitude),
            jurisdiction=spot.jurisdiction,
            hidden_home=hidden,
            title=title_in(rule) if rule.country != "GB" else None,
            telephone=self._telephone(spot, random),
            in_person=random.random() < 0.985,
            home_visit_radius_km=float(random.choice((5, 8, 10, 15, 25))) if random.random() < 0.05 else 0.0,
            remote_jurisdictions=frozenset({spot.jurisdiction}) if random.random() < 0.06 else frozenset(),
            accepting=accepting,
            accepting_confirmed_on=self._said(accepting, random),
            hours=random.choices([hours for _, hours in _HOURS], [share for share, _ in _HOURS])[0],
            payers={
                code: self._today - timedelta(days=random.randint(1, 360))
                for code in self._payers.deal(point.country, point.admin1, random)
            },
        )
        return _with_other_prices(_with_prices(_with_access(draft, random), random))

    def _said(self, accepting: Accepting, random: Random) -> date | None:
        if accepting is Accepting.UNKNOWN:
            return None
        days = random.randint(0, 28) if random.random() < 0.7 else random.randint(31, 300)
        return self._today - timedelta(days=days)

    def _telephone(self, spot: Spot, random: Random) -> str | None:
        """A number from a range kept free for fiction; New Zealand has none."""
        country, region = spot.point.country, f"{spot.point.country}-{spot.point.admin1}"
        pattern = self._telephones.get(spot.jurisdiction) or self._telephones.get(region)
        pattern = pattern or self._telephones.get(country)
        if pattern is None or random.random() < 0.06:
            return None
        return "".join(str(random.randint(0, 9)) if sign == "#" else sign for sign in pattern)


_KINDS_OF_PLACE = ("Acupuncture", "Acupuncture Rooms", "Wellbeing Rooms", "Clinic", "Health Centre", "Practice")
_STREETS = ("Alder Street", "Bramble Lane", "Cedar Avenue", "Dove Road", "Elm Court", "Fern Way", "Garden Row")
_DECLINED = (Condition.ANTICOAGULANT, Condition.BLEEDING_DISORDER, Condition.EPILEPSY, Condition.LYMPHOEDEMA)
_PROTOCOLS = {Protocol.ANTICOAGULANT_BLEEDING: 0.25, Protocol.LYMPHOEDEMA_LIMB: 0.15}


def _kind_of_place(country: str, random: Random) -> str:
    """What a place calls itself, spelt as people there do."""
    kind = random.choice(_KINDS_OF_PLACE)
    return kind.replace("Centre", "Center") if country == "US" else kind


def _with_access(draft: PlaceDraft, random: Random) -> PlaceDraft:
    """Facts about getting in; a good part of all people has not said."""
    if random.random() < 0.3:
        return draft
    step_free = random.random() < (0.35 if draft.hidden_home else 0.65)
    return replace(
        draft,
        step_free=step_free,
        door_width_cm=random.choice((76, 80, 85, 90)) if step_free and random.random() < 0.5 else None,
        adjustable_table=random.choice((True, False, None)),
        transfer_help=random.choice((True, False, None)),
        treatment_in_own_chair=random.choice((True, None)),
        accessible_toilet=step_free and random.random() < 0.7,
        parking=random.choice((True, False, None)),
    )


def _with_prices(draft: PlaceDraft, random: Random) -> PlaceDraft:
    """Prices in the country's money; one in ten does not say."""
    if random.random() < 0.1:
        return draft
    currency, least, most = _PRICES[draft.country]
    first = random.randrange(least, most, 5)
    return replace(
        draft,
        price_currency=currency,
        price_first_talk=Decimal(0) if random.random() < 0.5 else None,
        price_first_visit=Decimal(first),
        price_follow_up=Decimal(round(first * random.uniform(0.65, 0.9) / 5) * 5) if random.random() < 0.9 else None,
        sliding_scale=random.random() < 0.2,
    )


def _with_other_prices(draft: PlaceDraft) -> PlaceDraft:
    """What few state: shared rooms, and whether it costs the same without insurance; a place alone decides."""
    random = Random(f"{draft.label}/{draft.latitude}/{draft.longitude}")  # noqa: S311 -- people, not secrets
    draft = replace(draft, appointment_only=random.random() < 0.15)
    if draft.price_follow_up is None:
        return draft
    return replace(
        draft,
        price_shared_room=Decimal(round(int(draft.price_follow_up) * 0.4 / 5) * 5) if random.random() < 0.15 else None,
        same_without_insurance=True if random.random() < 0.5 else None,
    )


def _way(random: Random) -> Way:
    """How somebody says they work; one in four has not said."""
    if random.random() < 0.25:
        return Way()
    visit = random.choice((45, 60, 75, 90))
    answers = (True, True, None, False)
    return Way(
        asks_ferritin=random.choice(answers),
        reads_medicines=random.choice(answers),
        writes_to_doctors=random.choice(answers),
        single_use_needles=random.choice((True, True, True, None)),
        may_move=random.choice(answers),
        seated_or_standing=random.choice(answers),
        visit_minutes=visit,
        needle_minutes=random.choice((20, 25, 30, None)),
        visits_a_week=random.choice((1, 1, 2, None)),
        review_after_visits=random.choice((4, 6, 8, None)),
    )


def _npi(number: int) -> str:
    """A number with the form of an NPI that begins with 2, of which none has been given out."""
    body = f"2{number:08d}"
    total = 24 + sum(_doubled(int(sign)) if place % 2 == 0 else int(sign) for place, sign in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


def _doubled(digit: int) -> int:
    return digit * 2 - 9 if digit > 4 else digit * 2


def _telephones() -> dict[str, str]:
    with (SEEDS / "demo" / "telephones.csv").open(encoding="utf-8", newline="") as file:
        return {row["region"]: row["pattern"] for row in csv.DictReader(file)}
