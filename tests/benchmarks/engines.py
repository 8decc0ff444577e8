"""The same question to different engines. Each is given what helps it: the bit masks of the index as whole numbers, the
day's values of RLS experience, pregnancy practice and standing as columns, and for the databases the rows in geographic
order. Each answers with its best thirty (practitioner, height) and the exact number of practitioners; ``height`` is
band and turn in one number (``search.selection``). Lots, which no database can draw, settle what is equal afterwards.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import duckdb
import numpy as np
import polars as pl
from geopy.distance import geodesic
from sqlalchemy import Engine, Float, Integer, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from directory.search import ranking
from directory.search.criteria import Part
from directory.search.loader import Snapshot
from directory.search.selection import Selection
from tests.benchmarks.population import (
    BITS_OF_A_WORD,
    GENDERS,
    HOURS,
    LANGUAGES,
    NOW,
    PAYER_WORDS,
    PAYERS,
    TECHNIQUES,
    TODAY,
    Columns,
    Population,
    Question,
)

SHOWN: Final = 20
FETCHED: Final = 30
ACCEPTING_DAYS: Final = 30
TURNS: Final = 1 << 40
RADIUS_KM: Final = 6371.0088
"""Of the earth, in the mean."""
KM_PER_DEGREE: Final = 110.5
COLUMNS: Final = (
    "place",
    "practitioner",
    "latitude",
    "longitude",
    "x",
    "y",
    "z",
    "first_day",
    "last_day",
    "closed",
    "min_age",
    "price",
    "accepting_day",
    "pregnancy_last_day",
    "min_week",
    "max_week",
    "gender",
    "languages",
    "techniques",
    "hours",
    *(f"payers_{number}" for number in range(PAYER_WORDS)),
    f"worth_{Part.RLS}",
    f"worth_{Part.PREGNANCY}",
    f"worth_{Part.TRUST}",
)
WHOLE: Final = frozenset(COLUMNS) - {"latitude", "longitude", "x", "y", "z", "price"}

Answer: TypeAlias = tuple[tuple[int, ...], int]
"""The best twenty in order, and how many practitioners there are."""


class Answering(Protocol):
    """Something that can be asked."""

    name: str
    note: str
    """What it does, for the reader of the table."""

    def ask(self, question: Question) -> Answer:
        """The answer."""


@dataclass(frozen=True)
class Plain:
    """A question in numbers, as the SQL engines take it."""

    latitude: float
    longitude: float
    origin: tuple[float, float, float]
    radius: float
    south: float
    north: float
    west: float
    east: float
    conditions: tuple[str, ...]
    """In SQL that all of them understand; the circle is not among them."""


def plain(question: Question) -> Plain:
    """The box around the circle, and every filter as a condition."""
    criteria = question.criteria
    latitude, longitude = criteria.point.latitude, criteria.point.longitude
    reach = criteria.radius_km / KM_PER_DEGREE
    wide = math.degrees(math.asin(math.sin(math.radians(reach)) / math.cos(math.radians(latitude)))) * 1.01
    return Plain(
        latitude=latitude,
        longitude=longitude,
        origin=_ecef(latitude, longitude),
        radius=criteria.radius_km,
        south=latitude - reach,
        north=latitude + reach,
        west=longitude - wide,
        east=longitude + wide,
        conditions=tuple(_conditions(question)),
    )


def _conditions(question: Question) -> Iterator[str]:
    criteria, musts = question.criteria, question.criteria.musts
    yield f"first_day <= {TODAY} AND {TODAY} <= last_day"
    yield "closed = 0"
    if criteria.patient.age is not None:
        yield f"min_age <= {criteria.patient.age}"
    weeks = criteria.patient.gestation
    if weeks is not None:
        yield f"{TODAY} <= pregnancy_last_day AND min_week <= {weeks.first} AND {weeks.last} <= max_week"
    for name, column, kinds in (("languages", "languages", LANGUAGES), ("techniques", "techniques", TECHNIQUES),
                                ("availability", "hours", HOURS)):  # fmt: skip
        numbers = [kinds.index(str(each)) for each in getattr(musts, name)]
        if numbers:
            yield f"({column} & {sum(1 << number for number in numbers)}) <> 0"
    for payer in sorted(musts.payers):
        number = PAYERS.index(payer)
        yield f"(payers_{number // BITS_OF_A_WORD} & {1 << number % BITS_OF_A_WORD}) <> 0"
    if musts.gender is not None:
        yield f"gender = {GENDERS.index(str(musts.gender))}"
    if musts.max_price is not None:
        yield f"price <= {float(musts.max_price)}"
    if musts.accepting_confirmed:
        yield f"accepting_day >= {TODAY - ACCEPTING_DAYS}"


def _ecef(latitude: float, longitude: float) -> tuple[float, float, float]:
    """Of the WGS 84 ellipsoid, by reduced latitude, which the product does not use."""
    a, b = 6378.137, 6356.752314245
    beta, lam = (
        math.atan2(b * math.sin(math.radians(latitude)), a * math.cos(math.radians(latitude))),
        math.radians(longitude),
    )
    return a * math.cos(beta) * math.cos(lam), a * math.cos(beta) * math.sin(lam), b * math.sin(beta)


def score_of(question: Question, near: str, *, rounded: Callable[[str, int], str]) -> str:
    """SQL for the height of a row, from the column ``near`` (nearness in millionths)."""
    values = {
        Part.PREGNANCY: f"worth_{Part.PREGNANCY}",
        Part.RLS: f"worth_{Part.RLS}",
        Part.DISTANCE: near,
        Part.FIT: "500000",
        Part.TRUST: f"worth_{Part.TRUST}",
    }
    score = " + ".join(f"{weight!r} * ({values[part]} / 1000000.0)" for part, weight in question.weights.items())
    turn = " + ".join(f"{values[part]} * {question.draws[part]}" for part in question.weights)
    band = f"floor({rounded(score, 9)} / 0.01 + 0.0000001)"
    return f"CAST({band} AS BIGINT) * {TURNS} + CAST({turn} AS BIGINT)"


def chord(origin: tuple[float, float, float]) -> str:
    """SQL for kilometres over the ground from earth-centred coordinates."""
    squared = " + ".join(
        f"(p.{axis} - ({at!r})) * (p.{axis} - ({at!r}))" for axis, at in zip("xyz", origin, strict=True)
    )
    return f"{2 * RADIUS_KM!r} * asin(sqrt({squared}) / {2 * RADIUS_KM!r})"


def settled(question: Question, best: Iterable[tuple[int, int]], count: int) -> Answer:
    """The first twenty of these (practitioner, height), equals by lot."""
    rows = list(best)
    if not rows:
        return (), count
    ids, heights = np.array([row[0] for row in rows]), np.array([row[1] for row in rows], dtype=np.int64)
    order = np.lexsort((ids, ranking.lots(ids, question.seed), -heights))[:SHOWN]
    return tuple(int(each) for each in ids[order]), count


# --- the product -----------------------------------------------------------------------------------------------------


class Product:
    """The product's own index, as ``find`` uses it, up to the ids of the first page."""

    name = "the product's index"
    note = "directory.search: the first 20 and the exact count, one thread"

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def ask(self, question: Question) -> Answer:
        selection = Selection(self.snapshot, question.criteria, now=NOW)
        ranked = selection.ranked
        positions, _ = ranked.first(SHOWN)
        table = self.snapshot.table
        return tuple(int(table.practitioner[ranked.hits.rows[each]]) for each in positions), len(ranked)


class ProductWithFacets(Product):
    """The same with all that a first page of results needs besides: counts of every further filter, newcomers, and how
    many the pregnancy gate left out."""

    name = "… with all facet counts"
    note = "what a page needs besides: some 350 facet counts, newcomers, whom the pregnancy gate left out"

    def ask(self, question: Question) -> Answer:
        selection = Selection(self.snapshot, question.criteria, now=NOW)
        ranked = selection.ranked
        positions, _ = ranked.first(SHOWN)
        selection.facets()
        selection.without_pregnancy()
        ranked.newcomers(positions)
        table = self.snapshot.table
        return tuple(int(table.practitioner[ranked.hits.rows[each]]) for each in positions), len(ranked)


# --- every row -------------------------------------------------------------------------------------------------------


class BruteForce:
    """Every row, every condition, every score, a full sort: the oracle. It shares no code with the index."""

    name = "numpy over every row"
    note = "no index: the answer that all others must give"

    def __init__(self, population: Population) -> None:
        self.facts = population.facts

    def ask(self, question: Question) -> Answer:
        facts, criteria, musts = self.facts, question.criteria, question.criteria.musts
        origin = _ecef(criteria.point.latitude, criteria.point.longitude)
        squared = sum((facts[axis] - at) ** 2 for axis, at in zip("xyz", origin, strict=True))
        km = 2 * RADIUS_KM * np.arcsin(np.sqrt(squared) / (2 * RADIUS_KM))
        passes = (km <= criteria.radius_km) & (facts["first_day"] <= TODAY) & (facts["last_day"] >= TODAY)
        passes &= ~facts["closed"]
        if criteria.patient.age is not None:
            passes &= facts["min_age"] <= criteria.patient.age
        weeks = criteria.patient.gestation
        if weeks is not None:
            passes &= (facts["pregnancy_last_day"] >= TODAY) & (facts["min_week"] <= weeks.first)
            passes &= facts["max_week"] >= weeks.last
        for name, column, kinds in (("languages", "languages", LANGUAGES), ("techniques", "techniques", TECHNIQUES),
                                    ("availability", "hours", HOURS)):  # fmt: skip
            asked = getattr(musts, name)
            if asked:
                passes &= np.any([facts[column] >> kinds.index(str(each)) & 1 for each in asked], axis=0)
        for payer in musts.payers:
            number = PAYERS.index(payer)
            passes &= (facts[f"payers_{number // BITS_OF_A_WORD}"] >> (number % BITS_OF_A_WORD) & 1).astype(bool)
        if musts.gender is not None:
            passes &= facts["gender"] == GENDERS.index(str(musts.gender))
        if musts.max_price is not None:
            passes &= facts["price"] <= float(musts.max_price)
        if musts.accepting_confirmed:
            passes &= facts["accepting_day"] >= TODAY - ACCEPTING_DAYS
        found = np.flatnonzero(passes)
        near = np.rint(np.exp(-km[found] / (0.8 * criteria.radius_km)) * 1e6)
        values = {part: facts[f"worth_{part}"][found] for part in (Part.RLS, Part.PREGNANCY, Part.TRUST)}
        values |= {Part.DISTANCE: near, Part.FIT: np.full(len(found), 500_000)}
        score = sum(weight * (values[part] / 1e6) for part, weight in question.weights.items())
        turn = sum(values[part].astype(np.int64) * question.draws[part] for part in question.weights)
        height = np.floor(np.round(score, 9) / 0.01 + 1e-7).astype(np.int64) * TURNS + turn
        ids = facts["practitioner"][found]
        order = np.lexsort((ids, ranking.lots(ids, question.seed), -height))
        first = dict.fromkeys(ids[order].tolist())
        return tuple(list(first)[:SHOWN]), len(first)


# --- databases -------------------------------------------------------------------------------------------------------


def geographic(population: Population) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The order of the index: latitude bands of 0.05 degrees, then longitude."""
    facts = population.facts
    return np.lexsort((facts["longitude"], np.floor(facts["latitude"] / 0.05)))


def rows_of(population: Population, order: Any) -> Iterator[tuple[Any, ...]]:
    """Every place as a tuple of ``COLUMNS``, in batches' worth of memory."""
    facts = population.facts
    for start in range(0, len(order), 50_000):
        part = order[start : start + 50_000]
        columns = [facts[name][part] for name in COLUMNS]
        plain_columns = [
            [None if each != each else each for each in column.tolist()]  # noqa: PLR0124 -- NaN is not itself
            if name == "price"
            else column.astype(np.int64).tolist()
            if name in WHOLE
            else column.tolist()
            for name, column in zip(COLUMNS, columns, strict=True)
        ]
        yield from zip(*plain_columns, strict=True)


class RStarTree:
    """What one would write on SQLite: an R*Tree finds the box, SQL filters, scores, groups and sorts."""

    name = "SQLite R*Tree, in order"
    note = "rows stored in geographic order, filters as bit masks, score and grouping in SQL, one thread"

    def __init__(self, population: Population, file: Path, progress: Callable[[int], object]) -> None:
        self.connection = sqlite3.connect(file)
        run = self.connection.execute
        run("PRAGMA journal_mode=OFF")
        run("PRAGMA synchronous=OFF")
        run("PRAGMA cache_size=-400000")
        run("PRAGMA mmap_size=4000000000")
        kinds = ", ".join(f"{name} {'INTEGER' if name in WHOLE else 'REAL'}" for name in COLUMNS)
        run(f"CREATE TABLE place (id INTEGER PRIMARY KEY, {kinds})")
        run("CREATE VIRTUAL TABLE box USING rtree(id, south, north, west, east)")
        order = geographic(population)
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        batch: list[tuple[Any, ...]] = []

        def send() -> None:
            self.connection.executemany(f"INSERT INTO place VALUES ({marks})", batch)
            at = COLUMNS.index("latitude") + 1
            points = [(row[0], row[at], row[at], row[at + 1], row[at + 1]) for row in batch]
            self.connection.executemany("INSERT INTO box VALUES (?, ?, ?, ?, ?)", points)
            progress(len(batch))
            batch.clear()

        for number, row in enumerate(rows_of(population, order), start=1):
            batch.append((number, *row))
            if len(batch) == 50_000:
                send()
        send()
        run("CREATE INDEX place_point ON place (latitude, longitude)")
        self.connection.commit()
        run("ANALYZE")

    def ask(self, question: Question) -> Answer:
        asked = plain(question)
        where = " AND ".join(asked.conditions)
        near = f"round(exp(-km / {0.8 * asked.radius!r}) * 1000000)"
        height = score_of(question, "near", rounded=lambda score, places: f"round({score}, {places})")
        statement = f"""
            SELECT practitioner, max({height}) AS height, count(*) OVER ()
            FROM (SELECT *, {near} AS near
                  FROM (SELECT p.*, {chord(asked.origin)} AS km
                        FROM box CROSS JOIN place AS p ON p.id = box.id
                        WHERE south <= {asked.north!r} AND north >= {asked.south!r}
                          AND west <= {asked.east!r} AND east >= {asked.west!r} AND {where})
                  WHERE km <= {asked.radius!r})
            GROUP BY practitioner ORDER BY height DESC LIMIT {FETCHED}"""
        rows = self.connection.execute(statement).fetchall()
        return settled(question, ((row[0], row[1]) for row in rows), rows[0][2] if rows else 0)


class _Base(DeclarativeBase):
    pass


def _mapped() -> dict[str, Any]:
    kinds = {name: mapped_column(Integer if name in WHOLE else Float, nullable=True) for name in COLUMNS}
    return {"__tablename__": "place", "id": mapped_column(Integer, primary_key=True), **kinds}


_Place: Any = type("_Place", (_Base,), _mapped())


class OrmAndGeopy:
    """What most would write: objects in the box, then Python for distance, filters, score and order."""

    name = "ORM + geopy"
    note = "objects of the box through SQLAlchemy, gates and filters in Python, geopy's geodesic, sorted()"

    def __init__(self, file: Path) -> None:
        self.engine: Engine = create_engine(f"sqlite:///{file}")

    def ask(self, question: Question) -> Answer:
        asked, criteria, musts = plain(question), question.criteria, question.criteria.musts
        here = (asked.latitude, asked.longitude)
        best: dict[int, int] = {}
        statement = select(_Place).where(
            _Place.latitude.between(asked.south, asked.north), _Place.longitude.between(asked.west, asked.east)
        )
        with Session(self.engine) as session:
            for place in session.scalars(statement):
                if not _suits(place, criteria, musts):
                    continue
                km = geodesic(here, (place.latitude, place.longitude)).km
                if km <= asked.radius:
                    height = _height(place, question, km)
                    best[place.practitioner] = max(best.get(place.practitioner, -1), height)
        top = sorted(best.items(), key=lambda each: -each[1])[:FETCHED]
        return settled(question, top, len(best))


def _suits(place: Any, criteria: Any, musts: Any) -> bool:
    weeks = criteria.patient.gestation
    if not (place.first_day <= TODAY <= place.last_day) or place.closed:
        return False
    if criteria.patient.age is not None and place.min_age > criteria.patient.age:
        return False
    if weeks is not None and not (
        place.pregnancy_last_day >= TODAY and place.min_week <= weeks.first and weeks.last <= place.max_week
    ):
        return False
    for name, column, kinds in (("languages", "languages", LANGUAGES), ("techniques", "techniques", TECHNIQUES),
                                ("availability", "hours", HOURS)):  # fmt: skip
        asked = getattr(musts, name)
        if asked and not any(getattr(place, column) >> kinds.index(str(each)) & 1 for each in asked):
            return False
    for payer in musts.payers:
        number = PAYERS.index(payer)
        if not getattr(place, f"payers_{number // BITS_OF_A_WORD}") >> number % BITS_OF_A_WORD & 1:
            return False
    if musts.gender is not None and place.gender != GENDERS.index(str(musts.gender)):
        return False
    if musts.max_price is not None and not (place.price is not None and place.price <= float(musts.max_price)):
        return False
    return not musts.accepting_confirmed or place.accepting_day >= TODAY - ACCEPTING_DAYS


def _height(place: Any, question: Question, km: float) -> int:
    values = {
        Part.RLS: getattr(place, f"worth_{Part.RLS}"),
        Part.PREGNANCY: getattr(place, f"worth_{Part.PREGNANCY}"),
        Part.TRUST: getattr(place, f"worth_{Part.TRUST}"),
        Part.DISTANCE: round(math.exp(-km / (0.8 * question.criteria.radius_km)) * 1e6),
        Part.FIT: 500_000,
    }
    score = sum(weight * (values[part] / 1e6) for part, weight in question.weights.items())
    turn = sum(values[part] * question.draws[part] for part in question.weights)
    return math.floor(round(score, 9) / 0.01 + 1e-7) * TURNS + turn


class DuckDb:
    """DuckDB in memory."""

    name = "DuckDB, in order"
    note = "in memory, rows in geographic order, all cores"

    def __init__(self, population: Population) -> None:
        self.connection = duckdb.connect(":memory:")
        # A missing price stays "not a number", which for DuckDB is more than any cap.
        self.connection.register("frame", _ordered(population))
        self.connection.execute("CREATE TABLE place AS SELECT * FROM frame")
        self.connection.unregister("frame")

    def ask(self, question: Question) -> Answer:
        asked = plain(question)
        where = " AND ".join(asked.conditions)
        near = f"round(exp(-km / {0.8 * asked.radius!r}) * 1000000)"
        height = score_of(question, "near", rounded=lambda score, places: f"round({score}, {places})")
        rows = self.connection.execute(f"""
            SELECT practitioner, max({height}) AS height, count(*) OVER ()
            FROM (SELECT *, {near} AS near FROM (SELECT p.*, {chord(asked.origin)} AS km FROM place AS p
                  WHERE latitude BETWEEN {asked.south!r} AND {asked.north!r}
                    AND longitude BETWEEN {asked.west!r} AND {asked.east!r} AND {where})
                  WHERE km <= {asked.radius!r})
            GROUP BY practitioner ORDER BY height DESC LIMIT {FETCHED}""").fetchall()
        return settled(question, ((row[0], row[1]) for row in rows), rows[0][2] if rows else 0)


class Polars:
    """Polars, lazily."""

    name = "Polars, in order"
    note = "a lazy query over a frame in geographic order, all cores"

    def __init__(self, population: Population) -> None:
        self.frame = _frame(population).rechunk()

    def ask(self, question: Question) -> Answer:
        asked, col = plain(question), pl.col
        where = [pl.sql_expr(each) for each in asked.conditions]
        squared = sum(((col(axis) - at) ** 2 for axis, at in zip("xyz", asked.origin, strict=True)), pl.lit(0.0))
        km = (squared.sqrt() / (2 * RADIUS_KM)).arcsin() * (2 * RADIUS_KM)
        near = ((col("km") / (-0.8 * asked.radius)).exp() * 1e6).round()
        values = {part: col(f"worth_{part}") for part in (Part.RLS, Part.PREGNANCY, Part.TRUST)}
        values |= {Part.DISTANCE: col("near"), Part.FIT: pl.lit(500_000)}
        score = sum((weight * (values[part] / 1e6) for part, weight in question.weights.items()), pl.lit(0.0))
        turn = sum((values[part].cast(pl.Int64) * question.draws[part] for part in question.weights), pl.lit(0))
        height = (score.round(9) / 0.01 + 1e-7).floor().cast(pl.Int64) * TURNS + turn
        found = (
            self.frame.lazy()
            .filter(
                col("latitude").is_between(asked.south, asked.north),
                col("longitude").is_between(asked.west, asked.east),
                *where,
            )
            .with_columns(km=km)
            .filter(col("km") <= asked.radius)
            .with_columns(near=near)
            .group_by("practitioner")
            .agg(height=height.max())
            .collect()
        )
        best = found.top_k(FETCHED, by="height")
        return settled(question, best.select("practitioner", "height").iter_rows(), len(found))


def _frame(population: Population) -> pl.DataFrame:
    return pl.DataFrame(_ordered(population)).with_columns(pl.col("price").fill_nan(None))


def _ordered(population: Population) -> Columns:
    order, facts = geographic(population), population.facts
    return {name: facts[name][order].astype(np.int64 if name in WHOLE else np.float64) for name in COLUMNS}
