"""How fast everybody is compared with the exclusion list: ``python -m tests.benchmarks.exclusions``.

A made-up list of the real one's size against as many people as hold an acupuncture licence in the United States. The
peer is the plain way, each person's name held against each name of the list by a fuzzy ratio, once with the standard
library and once with a fast one. It would take hours, so it is given some people, told as a share of all, and its time
is multiplied.
"""

from __future__ import annotations

import difflib
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from rapidfuzz import fuzz
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from directory import db, migrations
from directory.cli.import_exclusions import take_in
from directory.crypto import keyring, new_key
from directory.jurisdictions import service as jurisdictions
from directory.practitioners.models import PracticePlace, Practitioner
from directory.registries.exclusions import queries, rules
from directory.registries.exclusions.rules import Entry, Person
from tests import nppes
from tests.benchmarks import report
from tests.exclusions import written

ENTRIES = 85_000
PEOPLE = 34_500
PLANTED = 60
SAMPLES = {"difflib": 3, "rapidfuzz": 150}
ALIKE = 0.9
TARGET_SECONDS = 30
ROUNDS = 3
_STATES = ("CA", "NY", "TX", "FL", "OR", "WA", "CO", "IL", "NJ", "MA")
_SYLLABLES = re.findall("...?", "badaelfigahanisjokalinmorolpequirostiulvinweyazimtarsonberley")
_NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def main() -> None:
    """Print the table."""
    report.heading(f"Exclusion list: {ENTRIES:,} entries against {PEOPLE:,} people")
    keyring.install([new_key()])
    draw = random.Random(20260115)
    people = [_person(draw, number) for number in range(PEOPLE)]
    rows = [_row(draw) for _ in range(ENTRIES - PLANTED)] + [_planted(people[each]) for each in range(PLANTED)]
    draw.shuffle(rows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "UPDATED.csv"
        file.write_text(written(*rows), encoding="utf-8")
        engine = db.make_engine(f"sqlite:///{folder}/bench.db")
        migrations.upgrade(engine)
        with Session(engine) as session:
            jurisdictions.load(session)
            _store(session, people)
            session.commit()
        first = _timed(lambda: _take(engine, file))
        again = statistics.median(_timed(lambda: _take(engine, file)) for _ in range(ROUNDS))
        with Session(engine) as session:
            entries, ours = queries.entries(session), queries.people(session)
        engine.dispose()
    began = time.perf_counter()
    found = rules.List(entries).matches(ours, today=_NOW.date())
    matched = time.perf_counter() - began
    told = sorted({(each.person, each.entry.key) for each in found})
    table = [
        ["the product, file and all, the first time", f"{first:.1f}", "all", ""],
        ["the product, the same list again", f"{again:.1f}", "all", ""],
        ["the product, comparing alone", f"{matched:.2f}", "all", "1.0x"],
    ]
    for name, ratio in (("difflib", _difflib), ("rapidfuzz", _rapidfuzz)):
        seconds = _nested(entries, ours, ratio, sample=SAMPLES[name]) * PEOPLE / SAMPLES[name]
        table.append(
            [f"nested fuzzy match, {name}", f"{seconds:,.0f}", f"{SAMPLES[name]:,}", report.times(seconds / matched)]
        )
    report.table(["", "seconds", "people measured", "against comparing"], table)
    planted = {each.person for each in found} & set(range(1, PLANTED + 1))
    report.say(f"{len(planted)} of {PLANTED} planted people found; {len(told):,} pairs in all, most of them namesakes.")
    report.say(
        f"Target: under {TARGET_SECONDS} seconds, file and all: {'met' if first < TARGET_SECONDS else 'MISSED'}."
    )


def _take(engine: Engine, file: Path) -> None:
    take_in(engine, file, as_of=_NOW.date(), allow_shorter=False, now=_NOW)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _difflib(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _rapidfuzz(one: str, other: str) -> float:
    return fuzz.ratio(one, other) / 100


def _nested(
    entries: Sequence[Entry], people: Sequence[Person], ratio: Callable[[str, str], float], *, sample: int
) -> float:
    """Seconds for so many people, spread over all of them."""
    names = [f"{each.first_name} {each.last_name}".lower() for each in entries if each.last_name]
    some = people[:: max(1, len(people) // sample)][:sample]
    began = time.perf_counter()
    for person in some:
        for name in person.names:
            theirs = f"{name.given} {name.family}"
            for listed in names:
                if ratio(theirs, listed) >= ALIKE:
                    continue
    return time.perf_counter() - began


def _word(draw: random.Random, most: int) -> str:
    """A name out of syllables: few make many namesakes, as in life."""
    return "".join(draw.choice(_SYLLABLES) for _ in range(draw.randint(2, most)))


def _person(draw: random.Random, number: int) -> dict[str, str]:
    return {
        "first": _word(draw, 2),
        "last": _word(draw, 3),
        "state": draw.choice(_STATES),
        "city": _word(draw, 3),
        "npi": nppes.npi(number),
    }


def _row(draw: random.Random) -> dict[str, str]:
    state, city = draw.choice(_STATES), _word(draw, 3).upper()
    place = {"STATE": state, "CITY": city, "SPECIALTY": draw.choice(("NURSE/NURSES AIDE", "OWNER", "ACUPUNCTURIST"))}
    if draw.random() < 0.04:
        return place | {"LASTNAME": "", "FIRSTNAME": "", "BUSNAME": f"{_word(draw, 3)} CLINIC".upper()}
    born = date(1950, 1, 1).toordinal() + draw.randrange(15_000)
    return place | {
        "LASTNAME": _word(draw, 3).upper(),
        "FIRSTNAME": _word(draw, 2).upper(),
        "DOB": date.fromordinal(born).strftime("%Y%m%d"),
    }


def _planted(person: dict[str, str]) -> dict[str, str]:
    return {
        "LASTNAME": person["last"].upper(),
        "FIRSTNAME": person["first"].upper(),
        "STATE": person["state"],
        "CITY": person["city"].upper(),
        "NPI": person["npi"] if int(person["npi"]) % 2 else "0000000000",
    }


def _store(session: Session, people: Sequence[dict[str, str]]) -> None:
    session.execute(
        insert(Practitioner),
        [
            {
                "id": number,
                "slug": f"p{number}",
                "display_name": f"{each['first'].title()} {each['last'].title()}, L.Ac.",
                "profession": "acupuncturist",
                "npi": each["npi"],
                "account_status": "published",
                "published_at": _NOW,
                "created_at": _NOW,
                "updated_at": _NOW,
            }
            for number, each in enumerate(people, start=1)
        ],
    )
    session.execute(
        insert(PracticePlace),
        [
            {
                "practitioner_id": number,
                "label": "Practice",
                "country": "US",
                "admin1": each["state"],
                "locality": each["city"],
                "latitude": 45.0,
                "longitude": -122.0,
                "point_precision": "postcode",
                "timezone": "America/Los_Angeles",
            }
            for number, each in enumerate(people, start=1)
        ],
    )


if __name__ == "__main__":
    main()
