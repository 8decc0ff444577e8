"""A made-up profession of any size, and questions to it: the same facts and questions for every engine.

Practices lie where the demonstration people do (postal codes of the United States, weighted by the inhabitants around
them), four in five practitioners have one place and the others two to four. Insurers, languages, techniques and hours
are many to many. Nothing in it is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from directory.cli.demo.density import regions, shared_out, spots_of
from directory.geo.distance import ecef
from directory.jurisdictions import rules
from directory.jurisdictions.service import SOURCE
from directory.practitioners.terms import Availability, Gender, Technique
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import PregnancyStatus
from directory.search import ranking
from directory.search.building import arranged
from directory.search.criteria import Criteria, Part, Point, Preset, Wishes
from directory.search.index import COLUMN_TYPES, WORD, Codes, Vocabulary, key_of
from directory.search.loader import Snapshot

Columns: TypeAlias = dict[str, npt.NDArray[Any]]

NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
TODAY = NOW.date().toordinal()
ZONE = "America/Chicago"
"""All places share it here, so that "today" is one number for engines that know no time zones."""

LANGUAGES = tuple(f"l{number:02}" for number in range(40))
PAYERS = tuple(f"us-payer-{number:03}" for number in range(300))
TECHNIQUES = tuple(each.value for each in Technique)
HOURS = tuple(each.value for each in Availability)
GENDERS = tuple(each.value for each in Gender)
BITS_OF_A_WORD = 62
"""In a signed integer of 64 bits, which is what the databases have."""
PAYER_WORDS = -(-len(PAYERS) // BITS_OF_A_WORD)


@dataclass(frozen=True)
class Population:
    """Facts of every place as columns, in the order of their ids."""

    facts: Columns

    def __len__(self) -> int:
        return len(self.facts["place"])

    @property
    def people(self) -> int:
        """How many practitioners there are."""
        return len(np.unique(self.facts["practitioner"]))


def invented(size: int, seed: int = 20261126) -> Population:
    """So many places; the same size and seed make the same ones."""
    chance = np.random.default_rng(seed)
    latitude, longitude = _scattered(size, chance)
    practitioner, home = _owners(size, chance)
    # A second place is near the first.
    latitude = latitude[home] + np.where(home == np.arange(size), 0, chance.normal(0, 0.05, size))
    longitude = longitude[home] + np.where(home == np.arange(size), 0, chance.normal(0, 0.06, size))

    def personal(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return values[home]

    pregnant = personal(chance.random(size) < 0.35)
    low = personal(chance.choice([0, 0, 14, 28], size))
    high = personal(chance.choice([13, 36, 43, 43], size))
    attested = personal(TODAY - chance.integers(0, 120, size))
    facts: Columns = {
        "place": np.arange(1, size + 1),
        "practitioner": practitioner,
        "latitude": latitude,
        "longitude": longitude,
        "first_day": np.full(size, TODAY - 1),
        "last_day": personal(np.where(chance.random(size) < 0.05, TODAY - 1, TODAY + chance.integers(0, 700, size))),
        "closed": chance.random(size) < 0.15,
        "min_age": personal(chance.choice([0, 12, 16, 18, 18, 18], size)),
        "price": np.where(chance.random(size) < 0.2, np.nan, chance.integers(9, 36, size) * 5.0),
        "accepting_day": np.where(chance.random(size) < 0.75, TODAY - chance.integers(0, 60, size), 0),
        "pregnancy_last_day": np.where(pregnant, TODAY + 200, 0),
        "min_week": np.where(pregnant, low, 0),
        "max_week": np.where(pregnant, np.maximum(high, low), 0),
        "rls_own": personal(np.where(chance.random(size) < 0.5, chance.random(size) * 0.3, 0)),
        "rls_own_training": personal(np.where(chance.random(size) < 0.1, chance.random(size) * 0.2, 0)),
        "rls_checked": personal(np.where(chance.random(size) < 0.25, chance.random(size) * 0.6, 0)),
        "rls_checked_training": personal(np.where(chance.random(size) < 0.15, chance.random(size) * 0.2, 0)),
        "training_day": personal(TODAY - chance.integers(0, 3000, size)),
        "attested_day": attested,
        "pregnancy": np.where(pregnant, 0.15 + personal(chance.random(size)) * 0.85, 0.0),
        "certified_until": personal(np.where(chance.random(size) < 0.6, TODAY + 300, 0)),
        "penalty": personal(chance.choice([0.0, -0.25, -0.5], size, p=[0.97, 0.02, 0.01])),
        "gender": personal(chance.integers(0, len(GENDERS), size)),
        "languages": personal(_some(chance, size, len(LANGUAGES), 1.6)),
        "techniques": personal(_some(chance, size, len(TECHNIQUES), 2.2)),
        "hours": _some(chance, size, len(HOURS), 1.7),
    }
    # The order in which numbers are drawn must not hang on what the columns are for.
    for number, word in enumerate(_payers(chance, size)):
        facts[f"payers_{number}"] = word
    settled = ranking.settled(
        ranking.Standing(**{name: facts[name] for name in ranking.Standing.__dataclass_fields__}), day=TODAY
    )
    for part, values in settled.items():
        facts[f"worth_{part}"] = values
    facts["x"], facts["y"], facts["z"] = ecef(latitude, longitude)
    return Population(facts)


def _scattered(size: int, chance: np.random.Generator) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    allowed = [code for code, rule in rules.read(SOURCE).items() if rule.open and rule.country == "US"]
    states = [each for each in regions(allowed) if each.country == "US"]
    spots = spots_of("US", allowed)
    latitudes, longitudes = [], []
    for state, share in zip(states, shared_out(size, states), strict=True):
        held = spots[state.admin1]
        running = np.asarray(held.running)
        picked = np.searchsorted(running, chance.random(share) * running[-1])
        points = np.array([(spot.point.latitude, spot.point.longitude) for spot in held.spots])[picked]
        latitudes.append(points[:, 0] + chance.normal(0, 0.012, share))
        longitudes.append(points[:, 1] + chance.normal(0, 0.015, share))
    order = chance.permutation(size)
    return np.concatenate(latitudes)[order], np.concatenate(longitudes)[order]


def _owners(size: int, chance: np.random.Generator) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each place the number of its practitioner, and the number of that person's first place."""
    counts = chance.choice([1, 1, 1, 1, 2, 2, 3, 4], size, p=[0.2, 0.2, 0.2, 0.2, 0.1, 0.04, 0.04, 0.02])
    starts = np.concatenate([[0], np.cumsum(counts)])
    member = np.searchsorted(starts, np.arange(size), side="right") - 1
    return member + 1, starts[member]


def _some(chance: np.random.Generator, size: int, kinds: int, mean: float) -> npt.NDArray[np.int64]:
    """One bit at least, on the average so many, the first kinds more often."""
    held = np.zeros(size, dtype=np.int64)
    weights = 1 / np.arange(1, kinds + 1)
    numbers = 1 + chance.poisson(mean - 1, size)
    for turn in range(int(numbers.max())):
        drawn = chance.choice(kinds, size, p=weights / weights.sum())
        held |= np.where(turn < numbers, np.int64(1) << drawn, 0)
    return held


def _payers(chance: np.random.Generator, size: int) -> list[npt.NDArray[np.int64]]:
    held = [np.zeros(size, dtype=np.int64) for _ in range(PAYER_WORDS)]
    weights = 1 / np.arange(1, len(PAYERS) + 1)
    numbers = chance.poisson(2.9, size)
    for turn in range(int(numbers.max())):
        drawn = chance.choice(len(PAYERS), size, p=weights / weights.sum())
        for word in range(PAYER_WORDS):
            mine = (turn < numbers) & (drawn // BITS_OF_A_WORD == word)
            held[word] |= np.where(mine, np.int64(1) << (drawn % BITS_OF_A_WORD), 0)
    return held


# --- the product's own index -----------------------------------------------------------------------------------------


def snapshot_of(population: Population) -> Snapshot:
    """What ``find`` works with, made of columns: a million objects would only be thrown away again."""
    facts, size = population.facts, len(population)
    vocabulary = Vocabulary(
        timezones=Codes([ZONE]), jurisdictions=Codes(["US-OR"]), currencies=Codes(["USD"]), terms=Codes(_terms())
    )
    fixed: Columns = {
        "mode": np.zeros(size, dtype=np.int8),
        "timezone": np.zeros(size),
        "jurisdiction": np.zeros(size),
        "currency": np.zeros(size),
        "reach_km": np.zeros(size),
        "away_first": np.zeros(size),
        "away_last": np.zeros(size),
        "key": key_of(np.zeros(size, dtype=np.int8), facts["latitude"], facts["longitude"], np.zeros(size)),
        "terms": _bits(facts),
    }
    names = COLUMN_TYPES.keys() - {"person"}
    columns = {name: (fixed | facts)[name].astype(COLUMN_TYPES[name]) for name in names}
    return Snapshot(
        table=arranged(columns),
        vocabulary=vocabulary,
        rules={},
        labels={},
        token="",
        seq=0,
        mark=None,
        start=NOW.date(),
        read_at=NOW,
    )


def _terms() -> list[tuple[str, str]]:
    return [
        ("fact", "closed"),
        *(("gender", each) for each in GENDERS),
        *(("languages", each) for each in LANGUAGES),
        *(("techniques", each) for each in TECHNIQUES),
        *(("availability", each) for each in HOURS),
        *(("payers", each) for each in PAYERS),
    ]


def _bits(facts: Columns) -> npt.NDArray[np.uint64]:
    """The terms of every place, in the order of ``_terms``."""
    holds = [facts["closed"]]
    holds += [facts["gender"] == number for number in range(len(GENDERS))]
    for name, kinds in (("languages", LANGUAGES), ("techniques", TECHNIQUES), ("hours", HOURS)):
        holds += [facts[name] >> number & 1 for number in range(len(kinds))]
    holds += [
        facts[f"payers_{number // BITS_OF_A_WORD}"] >> number % BITS_OF_A_WORD & 1 for number in range(len(PAYERS))
    ]
    packed = np.zeros((-(-len(holds) // WORD), len(facts["place"])), dtype=np.uint64)
    for number, held in enumerate(holds):
        packed[number // WORD] |= held.astype(np.uint64) << np.uint64(number % WORD)
    return packed


# --- questions -------------------------------------------------------------------------------------------------------

DENSE = {
    "Manhattan": (40.7580, -73.9855),
    "Los Angeles": (34.0522, -118.2437),
    "San Francisco": (37.7749, -122.4194),
    "Seattle": (47.6062, -122.3321),
}
MIDDLE = {
    "Portland": (45.5152, -122.6784),
    "Denver": (39.7392, -104.9903),
    "Austin": (30.2672, -97.7431),
    "Minneapolis": (44.9778, -93.2650),
    "Santa Fe": (35.6870, -105.9378),
    "Tampa": (27.9506, -82.4572),
}
RURAL = {
    "Burns": (43.5863, -119.0541),
    "Ely": (39.2474, -114.8886),
    "Marfa": (30.3094, -104.0206),
    "Glasgow": (48.1969, -106.6367),
    "Valentine": (42.8728, -100.5510),
}
KM_PER_MILE = 1.609344


@dataclass(frozen=True)
class Question:
    """One search in the product's words and, for the other engines, in plain numbers."""

    label: str
    criteria: Criteria
    weights: dict[Part, float]
    draws: dict[Part, int]
    """The numbers drawn for this day and search; see ``ranking.rank``."""
    seed: bytes


def questions(number: int, seed: int = 7) -> list[Question]:
    """So many, mixed as people search: most in the large cities, two in five with a pregnancy, an insurer or both."""
    chance = np.random.default_rng(seed)

    def odds(share: float) -> bool:
        return bool(chance.random() < share)

    found = []
    for _ in range(number):
        where = (DENSE, MIDDLE, RURAL)[chance.choice(3, p=[0.6, 0.3, 0.1])]
        label = str(chance.choice(list(where)))
        latitude, longitude = where[label]
        miles = float(chance.choice([5, 25, 100], p=[0.3, 0.5, 0.2]))
        week = int(chance.integers(4, 40))
        zipf = 1 / np.arange(1, len(PAYERS) + 1)
        wishes = Wishes(
            payers=frozenset({str(chance.choice(PAYERS, p=zipf / zipf.sum()))} if odds(0.4) else ()),
            languages=frozenset({str(chance.choice(LANGUAGES[:12]))} if odds(0.2) else ()),
            techniques=frozenset({Technique(str(chance.choice(TECHNIQUES)))} if odds(0.15) else ()),
            availability=frozenset({Availability(str(chance.choice(HOURS)))} if odds(0.15) else ()),
            gender=Gender(str(chance.choice(GENDERS[:2]))) if odds(0.1) else None,
            max_price=Decimal(int(chance.integers(12, 30)) * 5) if odds(0.15) else None,
            currency="USD",
            accepting_confirmed=odds(0.4),
        )
        criteria = Criteria(
            point=Point(latitude, longitude, "US", "US-OR", ZONE),
            radius_km=miles * KM_PER_MILE,
            patient=Patient(
                pregnancy=PregnancyStatus.YES if odds(0.4) else PregnancyStatus.NO,
                weeks=Weeks(week, week + 1),
                age=int(chance.integers(14, 80)) if odds(0.1) else None,
            ),
            musts=wishes,
            preset=Preset(str(chance.choice(list(Preset)))),
        )
        found.append(asked(f"{label} {miles:g} mi", criteria))
    return found


def asked(label: str, criteria: Criteria) -> Question:
    """The question with the numbers that every engine needs to score."""
    search = f"{criteria.point.latitude:.2f}|{criteria.point.longitude:.2f}|{criteria.radius_km:.1f}|{criteria.mode}"
    seed = ranking.seed_for(NOW.date(), search)
    draws = np.random.default_rng(int.from_bytes(seed[:8], "big")).integers(500, 1500, len(Part))
    return Question(
        label,
        criteria,
        dict(ranking.weights_for(criteria)),
        {part: int(draw) for part, draw in zip(Part, draws, strict=True)},
        seed,
    )
