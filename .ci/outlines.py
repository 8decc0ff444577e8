# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6", "pyshp==3.1.6", "shapely==2.2.0"]
# ///
"""Makes seeds/outlines/outlines.npz, the land and the borders under the map, from public-domain files.

    python -m venv /tmp/outlines && /tmp/outlines/bin/pip install numpy==2.4.6 pyshp==3.1.6 shapely==2.2.0
    /tmp/outlines/bin/python .ci/outlines.py FOLDER

FOLDER holds, as published: of Natural Earth (naturalearthdata.com, 1:10 million) ne_10m_land, ne_10m_lakes,
ne_10m_admin_0_boundary_lines_land and ne_10m_admin_1_states_provinces_lines; of the United States Census Bureau
cb_2023_us_county_5m; each as .shp and .shx; and states-10m.json of us-atlas 3.0.1 and countries-10m.json of
world-atlas 2.0.2, which say which county lies in which state and which part of Natural Earth's land is American.
The same files and versions make the same bytes.

What is done: the United States are drawn as the Census Bureau draws them, everywhere else as Natural Earth does, and
the seam along the border is closed; lakes are cut out; all of it is simplified for three scales and cut into cells, so
that a page reads only the few cells it shows. directory/geo/outlines.py reads the file and explains its layout.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapefile
import shapely
from shapely import LineString, MultiLineString, Polygon, STRtree, box
from shapely.geometry.base import BaseGeometry

TARGET = Path(__file__).resolve().parents[1] / "seeds" / "outlines" / "outlines.npz"
SOURCES = {
    "ne_10m_land.shp": "4cad3a49bc75c1a4c2f3d7efae04f2f8e63151c96764b2658effabf524331fa6",
    "ne_10m_lakes.shp": "11064fa55ed91b56a0d86733643c1a5bfcc137fdf044e83f471978a5b86617e1",
    "ne_10m_admin_0_boundary_lines_land.shp": "b6811b9e2f6ed40b31622e6d261210c5e6afded9b7ad71977d3658293f56373f",
    "ne_10m_admin_1_states_provinces_lines.shp": "c89b8545fdb03a764df9de2efeadf0d6735169d94b48a315b5e233780e073ab5",
    "cb_2023_us_county_5m.shp": "d9ce1e8941c78bc4ff02c0b537628ad29e4e71039ff7a0656c327431515af223",
}

LAND, COUNTY, STATE, COUNTRY = range(4)
STEPS = 4096
"""Steps of a coordinate within a cell."""
OVERLAP = 0.004
"""How far land reaches into the next cell, as a part of a cell, so that no gap shows between them."""

SEARCHED = shapely.union_all(
    [
        box(-180, 50, -129, 72),  # Alaska
        box(172, 50, 180, 56),  # Alaska beyond the date line
        box(-161, 18, -154, 23),  # Hawaii
        box(-129, 24, -52, 61),  # the United States and the Canada where people live
        box(-68, 17, -64, 19),  # Puerto Rico and the Virgin Islands
        box(143, 13, 147, 21),  # Guam and the Northern Marianas
        box(-171, -15, -168, -10),  # American Samoa
        box(-11, 49, 3, 62),  # Great Britain and Ireland
        box(112, -45, 155, -9),  # Australia
        box(165, -48, 180, -33),  # New Zealand
        box(-178, -45, -175, -43),  # the Chatham Islands
    ]
)
"""Where people may be listed, and what is drawn with care."""


@dataclass(frozen=True)
class Level:
    """One scale: its cells and what is left out, in degrees."""

    name: str
    cell: int
    tolerance: float
    tolerance_elsewhere: float
    counties: bool


LEVELS = (
    Level("fine", 1, 0.0006, 0.03, counties=True),
    Level("middle", 5, 0.004, 0.03, counties=False),
    Level("coarse", 20, 0.02, 0.06, counties=False),
)


def shapes(file: Path) -> list[BaseGeometry]:
    """The geometries of a shapefile."""
    with shapefile.Reader(shp=str(file), shx=str(file.with_suffix(".shx"))) as reader:
        return [shapely.geometry.shape(shape.__geo_interface__) for shape in reader.shapes() if shape.points]


def topology(file: Path, name: str) -> dict[str, BaseGeometry]:
    """The polygons of a TopoJSON file by their id."""
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    scale, translate = data["transform"]["scale"], data["transform"]["translate"]
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in data["arcs"]]

    def ring(numbers: list[int]) -> list[tuple[float, float]]:
        parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
        return [tuple(point) for index, part in enumerate(parts) for point in part[bool(index) :]]

    found: dict[str, list[BaseGeometry]] = defaultdict(list)
    for geometry in data["objects"][name]["geometries"]:
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])
        for rings in polygons:
            outer, *holes = (ring(each) for each in rings)
            if len(outer) > 3:
                inner = [hole for hole in holes if len(hole) > 3]
                found[str(geometry.get("id"))].append(shapely.make_valid(Polygon(outer, inner)))
    return {key: shapely.union_all(parts) for key, parts in found.items()}


def edges(polygon: BaseGeometry) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Every side of a polygon, whichever way round it is drawn."""
    for part in shapely.get_parts(polygon):
        for ring in (part.exterior, *part.interiors):
            for one, other in pairwise(ring.coords):
                yield (one, other) if one <= other else (other, one)


def between(counties: list[BaseGeometry], states: dict[str, BaseGeometry]) -> tuple[BaseGeometry, BaseGeometry]:
    """The lines between counties of one state, and those between states. Shores are sides of one county only."""
    codes, areas = list(states), list(states.values())
    tree = STRtree(areas)
    state_of = [codes[int(tree.nearest(shapely.point_on_surface(county)))] for county in counties]
    owners: dict[Any, set[int]] = defaultdict(set)
    for number, county in enumerate(counties):
        for edge in edges(county):
            owners[edge].add(number)
    lines: dict[bool, list[LineString]] = {True: [], False: []}
    for edge, numbers in owners.items():
        if len(numbers) > 1:
            lines[len({state_of[number] for number in numbers}) > 1].append(LineString(edge))
    within, among = (shapely.line_merge(MultiLineString(lines[kind])) for kind in (False, True))
    return within, among


def drawn(folder: Path) -> dict[int, BaseGeometry]:
    """Everything at full detail, by kind."""
    land = shapely.make_valid(shapely.union_all(shapes(folder / "ne_10m_land.shp")))
    lakes = shapes(folder / "ne_10m_lakes.shp")
    countries = MultiLineString(
        [part for line in shapes(folder / "ne_10m_admin_0_boundary_lines_land.shp") for part in shapely.get_parts(line)]
    )
    parts = MultiLineString(
        [
            part
            for line in shapes(folder / "ne_10m_admin_1_states_provinces_lines.shp")
            for part in shapely.get_parts(line)
        ]
    )
    counties = [shapely.make_valid(each) for each in shapes(folder / "cb_2023_us_county_5m.shp")]
    american = topology(folder / "countries-10m.json", "countries")["840"].buffer(0.006)
    united = shapely.union_all(counties)

    # The Census Bureau stops at the shores of the Great Lakes and counts every other lake as land.
    inland = [lake for lake in lakes if lake.intersects(united) and lake.intersection(united).area > lake.area / 2]
    water = shapely.union_all(lakes)
    elsewhere = land.difference(american).difference(water)
    seam = shapely.union_all([line.buffer(0.015) for line in countries.geoms if line.intersects(american)])
    ground = shapely.union_all(
        [united.difference(shapely.union_all(inland)), elsewhere, seam.intersection(land.difference(water))]
    )
    within, among = between(counties, topology(folder / "states-10m.json", "states"))
    return {
        LAND: ground,
        COUNTY: within,
        STATE: shapely.union_all([among, parts.difference(united.buffer(0.03)).intersection(SEARCHED)]),
        COUNTRY: countries,
    }


def simplified(shape: BaseGeometry, level: Level) -> BaseGeometry:
    """The shape without what cannot be seen at this scale, and with far fewer points where nobody is listed."""
    # Keeping the topology takes hours on a coast; what crosses itself afterwards is mended.
    careful = shape.intersection(SEARCHED).simplify(level.tolerance, preserve_topology=False)
    rough = shape.difference(SEARCHED).simplify(level.tolerance_elsewhere, preserve_topology=False)
    large = [part for part in shapely.get_parts(rough) if part.length > 8 * level.tolerance_elsewhere]
    return shapely.union_all([shapely.make_valid(careful), *map(shapely.make_valid, large)])


def pieces(shape: BaseGeometry, kind: int, level: Level) -> Iterator[tuple[tuple[int, int], list[np.ndarray]]]:
    """The shape cut into cells; each piece as steps from the cell's south-west corner."""
    margin = OVERLAP * level.cell if kind == LAND else 0.0
    least = 3 if kind == LAND else 1
    parts = [part for part in shapely.get_parts(shape) if part.length]
    parts = [part for part in parts if kind != LAND or part.area > level.tolerance**2 * 4]
    for west, south, found in cut(parts, (-180, 180), (-100, 100), (20, 5, 1), level.cell, margin):
        corner = np.array([west, south])
        rings = (steps((np.asarray(line.coords)[:, :2] - corner) / level.cell) for line in lines_of(found, kind))
        kept = sorted((ring for ring in rings if len(ring) > least), key=lambda ring: ring.tobytes())
        if kept:
            yield (west, south), kept


def cut(
    parts: list[BaseGeometry],
    across: tuple[int, int],
    up: tuple[int, int],
    sides: tuple[int, ...],
    cell: int,
    margin: float,
) -> Iterator[tuple[int, int, list[BaseGeometry]]]:
    """The parts in each cell, cut first into large squares and these into smaller ones, which is many times faster."""
    side, *smaller = sides
    tree = STRtree(parts)
    for west in range(*across, side):
        for south in range(*up, side):
            square = box(west - margin, south - margin, west + side + margin, south + side + margin)
            near = sorted(tree.query(square, predicate="intersects"))
            found = [shape for number in near if not (shape := parts[number].intersection(square)).is_empty]
            if found and side == cell:
                yield west, south, found
            elif found:
                yield from cut(found, (west, west + side), (south, south + side), tuple(smaller), cell, margin)


def lines_of(found: Iterable[BaseGeometry], kind: int) -> Iterator[BaseGeometry]:
    """The rings of polygons, or lines put together as far as they go on."""
    if kind == LAND:
        for shape in found:
            for part in shapely.get_parts(shape):
                if part.geom_type == "Polygon":
                    # Holes run the other way round, so that overlapping pieces can be filled together.
                    turned = shapely.orient_polygons(part)
                    yield from (turned.exterior, *turned.interiors)
    else:
        lines = [part for shape in found for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
        if lines:
            yield from shapely.get_parts(shapely.line_merge(MultiLineString(lines)))


def steps(part: np.ndarray) -> np.ndarray:
    """Whole steps without those that lead nowhere."""
    whole = np.round(part * STEPS).astype(np.int64)
    moved = np.r_[True, np.any(np.diff(whole, axis=0) != 0, axis=1)]
    return whole[moved]


def arrays(kinds: dict[int, BaseGeometry], level: Level) -> dict[str, np.ndarray]:
    """One level as the arrays that directory/geo/outlines.py reads."""
    cells: dict[tuple[int, int], list[tuple[int, np.ndarray]]] = defaultdict(list)
    for kind, shape in kinds.items():
        if kind != COUNTY or level.counties:
            sys.stderr.write(f"{level.name} {kind}\n")
            for corner, rings in pieces(simplified(shape, level), kind, level):
                cells[corner] += [(kind, ring) for ring in rings]
    corners = sorted(cells)
    every = [part for corner in corners for part in cells[corner]]
    deltas = [np.diff(ring, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)) for _, ring in every]
    points = np.concatenate(deltas).astype(np.int16)
    return {
        f"{level.name}_corners": np.array(corners, dtype=np.int16),
        f"{level.name}_counts": np.array([len(cells[corner]) for corner in corners], dtype=np.uint16),
        f"{level.name}_kinds": np.array([kind for kind, _ in every], dtype=np.uint8),
        f"{level.name}_lengths": np.array([len(delta) for delta in deltas], dtype=np.uint16),
        f"{level.name}_x": points[:, 0],
        f"{level.name}_y": points[:, 1],
    }


def main(folder: Path) -> None:
    """Check the sources, draw, and write the file."""
    for name, digest in SOURCES.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            sys.stderr.write(f"{name} is another edition than the one this was made for; look at the map with care.\n")
    kinds = drawn(folder)
    sys.stderr.write("read\n")
    found: dict[str, np.ndarray] = {}
    for level in LEVELS:
        found |= arrays(kinds, level)
        sys.stderr.write(f"{level.name}: {len(found[level.name + '_x'])} points\n")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(TARGET, **found)
    sys.stderr.write(f"{TARGET}: {TARGET.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
