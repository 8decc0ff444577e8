"""A roster of 35,000 rows read and set beside as many claims in one pass; its peer is a plain nested fuzzy match."""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz, process

from directory import downloads
from directory.registries.rosters import reading
from directory.registries.rosters.layouts import BY_JURISDICTION
from directory.registries.rosters.matching import Register, claim
from directory.registries.rosters.terms import Seen
from tests.benchmarks import report

ROWS = 35_000
ASKED_OF_THE_PEER = 60
TODAY = date(2026, 1, 15)
_SOUNDS = tuple(
    re.findall("[a-z]+", "ba chen dor el fin gar hu in jo kim lo ma nor park qui ros san tor un vel wil xi yoon zab")
)
_HEADER = (
    "Agency Name,LicTypeCode,License Type,License Number,Indiv/Org,Org/Last Name,First Name,Middle Name,City,State,"
    "Original Issue Date,Expiration Date,License Status"
)


def run(rows: int = ROWS) -> None:
    """Measure, and print how both did."""
    report.heading(f"Rosters: {rows:,} rows beside {rows:,} claims")
    dice = random.Random(7)
    people = [_person(dice) for _ in range(rows)]
    numbers = dice.sample(range(1000, 10 * rows), rows)
    claims = [_written(person, dice) for person in people]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "roster.csv"
        file.write_text("\n".join([_HEADER, *map(_row, people, numbers)]) + "\n", encoding="utf-8")
        began = time.perf_counter()
        with downloads.opened(file, choose=reading.data_file) as download:
            roster = reading.read(download)
        read = time.perf_counter()
    layout = BY_JURISDICTION["US-CA"]
    register = Register(roster.entries)
    right = 0
    for name, number in zip(claims, numbers, strict=True):
        found = register.look_up(claim(layout.number_key(f"AC{number}"), name), today=TODAY)
        right += found.seen in (Seen.MATCH, Seen.NAME_VARIANT)
    done = time.perf_counter()
    for number in range(rows):
        register.look_up(claim(f"{number}x", claims[number]), today=TODAY)
    nobody = time.perf_counter()
    peer, peer_right = _peer(people, claims)
    ours = done - began
    report.table(
        ["", "seconds", "rows/s", "right"],
        [
            ["read the file", f"{read - began:.2f}", f"{rows / (read - began):,.0f}", ""],
            [
                "set beside the claims, by number",
                f"{done - read:.2f}",
                f"{rows / (done - read):,.0f}",
                _share(right, rows),
            ],
            ["both, in one pass", f"{ours:.2f}", f"{rows / ours:,.0f}", _share(right, rows)],
            ["by name, where no number fits", f"{nobody - done:.2f}", f"{rows / (nobody - done):,.0f}", ""],
            [
                f"nested fuzzy match ({ASKED_OF_THE_PEER} claims, scaled)",
                f"{peer * rows / ASKED_OF_THE_PEER:,.0f}",
                f"{ASKED_OF_THE_PEER / peer:,.0f}",
                _share(peer_right, ASKED_OF_THE_PEER),
            ],
        ],
    )
    report.say(f"The nested match takes {report.times(peer * rows / ASKED_OF_THE_PEER / ours)} as long.")
    verdict = "kept" if rows / ours >= 5_000 else "BROKEN"
    report.say(f"Promise of 5,000 rows a second: {verdict}.")


def _peer(people: Sequence[Sequence[str]], claims: Sequence[str]) -> tuple[float, int]:
    """Every claim beside every row, by how alike the names look: seconds, and how often the right row came first."""
    names = [" ".join(person[:3]) for person in people]
    step = len(claims) // ASKED_OF_THE_PEER
    asked = [index * step for index in range(ASKED_OF_THE_PEER)]
    began = time.perf_counter()
    best = [process.extractOne(claims[index].upper(), names, scorer=fuzz.token_sort_ratio)[2] for index in asked]
    took = time.perf_counter() - began
    return took, sum(found == index for found, index in zip(best, asked, strict=True))


def _person(dice: random.Random) -> tuple[str, str, str, str]:
    family = "".join(dice.choices(_SOUNDS, k=dice.choice((1, 2, 2, 3)))).upper()
    given = "".join(dice.choices(_SOUNDS, k=2)).upper()
    return given, dice.choice(("", "", "A", "J", "M")), family, dice.choice(("FRESNO", "OAKLAND", "ELK GROVE"))


def _row(person: Sequence[str], number: int) -> str:
    given, middle, family, city = person
    return (
        f"Acupuncture Board,AC,Acupuncturist,{number},Individual,{family},{given},{middle},{city},CA,04/16/2007,"
        "02/02/2027,Current"
    )


def _written(person: Sequence[str], dice: random.Random) -> str:
    """The name as its owner writes it, of one in sixteen with a second family name."""
    given, middle, family, _ = person
    second = f"-{''.join(dice.choices(_SOUNDS, k=2)).title()}" if dice.random() < 1 / 16 else ""
    return " ".join(filter(None, (given.title(), middle, family.title() + second)))


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %"
