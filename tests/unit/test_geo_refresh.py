"""A dump of GeoNames cuts the gazetteer anew, keeps what was corrected, and never moves a code to another island."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from directory.cli import gazetteer as command
from directory.cli import main
from directory.geo import refresh
from directory.geo.refresh import CITY_COLUMNS, CODE_COLUMNS, PLACE_COLUMNS, cut
from directory.paths import SEEDS

OVERRIDES = "country_code,postal_code,latitude,longitude\nUS,97201,45.50000,-122.70000\n"


def spot(code: str, name: str = "Portland", point: tuple[float, float] = (45.5, -122.6), country: str = "US") -> str:
    """One line of a dump."""
    part = {"US": ("Oregon", "OR", "Multnomah"), "GB": ("England", "ENG", "Norfolk")}.get(country, ("Part", "P", ""))
    return "\t".join([country, code, name, part[0], part[1], part[2], "051", "", "", f"{point[0]}", f"{point[1]}", "4"])


DUMP = [
    *(spot(f"972{number:02}", point=(45.5 + number / 1000, -122.6)) for number in range(2, 40)),
    spot("97201", point=(45.9, -122.0)),
    spot("97201", "Lake Oswego", (45.92, -122.0)),
    spot("NR1", "Norwich", (52.62, 1.3), "GB"),
    spot("NR2", "Norwich", (52.62, 1.28), "GB"),
    spot("75001", "Paris", (48.9, 2.3), "FR"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A gazetteer cut from ``DUMP``."""
    into = tmp_path / "gazetteer"
    into.mkdir()
    (into / "us_zip_overrides.csv").write_text(OVERRIDES)
    command.replace(
        into,
        {
            "postal_codes.csv.gz": command.packed(CODE_COLUMNS, []),
            "postal_places.csv.gz": command.packed(PLACE_COLUMNS, []),
            "world_cities.csv.gz": command.packed(CITY_COLUMNS, []),
        },
    )
    assert run(into, DUMP).exit_code == 0
    return into


def run(into: Path, lines: list[str] | bytes, *more: str, name: str = "allCountries.txt") -> Result:
    """What the command does with a dump."""
    data = lines if isinstance(lines, bytes) else ("\n".join(lines) + "\n").encode()
    file = into.parent / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("readme.txt", "Readme for GeoNames Postal Code files")
            archive.writestr("allCountries.txt", data)
    else:
        file.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return CliRunner().invoke(main, ["gazetteer", "refresh", str(file), "--into", str(into), *more])


def codes(into: Path) -> dict[str, tuple[str, ...]]:
    return {row[1]: row for row in command.read(into / "postal_codes.csv.gz", CODE_COLUMNS)}


def places(into: Path) -> dict[str, tuple[str, ...]]:
    return {row[1]: row for row in command.read(into / "postal_places.csv.gz", PLACE_COLUMNS)}


def contents(into: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(into.iterdir())}


def test_codes_and_places_are_cut_and_other_countries_left_out(folder: Path) -> None:
    assert set(codes(folder)) == {f"972{number:02}" for number in range(1, 40)} | {"NR1", "NR2"}
    assert codes(folder)["NR1"] == (
        *("GB", "NR1", "Norwich", "ENG", "England", "Norfolk"),
        *("52.62000", "1.30000", "4", "1"),
    )
    assert places(folder)["Norwich"][5:] == ("52.62000", "1.29000", "2")


def test_a_correction_keeps_its_point_for_the_code_and_for_its_places(folder: Path) -> None:
    row = codes(folder)["97201"]
    assert row[2] == "Portland"
    assert row[6:] == ("45.50000", "-122.70000", "o", "2")
    assert places(folder)["Lake Oswego"][5:] == ("45.50000", "-122.70000", "1")


@pytest.mark.parametrize("name", ["allCountries.txt", "allCountries.zip", "US.txt.gz"])
def test_the_same_dump_writes_the_same_bytes_however_it_is_packed(folder: Path, name: str) -> None:
    before = contents(folder)
    done = run(folder, DUMP, name=name)
    assert done.exit_code == 0, done.output
    assert "0 codes move" in done.output
    assert contents(folder) == before


def test_a_code_that_would_move_too_far_keeps_its_point_and_is_named(folder: Path) -> None:
    moved = [spot("97202", "Thursday Island", (-10.58, 142.2)) if "\t97202\t" in line else line for line in DUMP]
    moved = [spot("97203", point=(45.6, -122.6)) if "\t97203\t" in line else line for line in moved]
    before = codes(folder)["97202"]
    done = run(folder, moved)
    assert done.exit_code == 0, done.output
    assert "REFUSED US 97202: it would move by 11," in done.output
    assert "1 codes move by more than 5 km" in done.output
    assert "US 97203: 11 km" in done.output
    assert codes(folder)["97202"] == before
    assert codes(folder)["97203"][6] == "45.60000"
    assert places(folder)["Thursday Island"][5:7] == before[6:8]


def test_new_and_gone_codes_are_counted_and_the_gone_are_named(folder: Path) -> None:
    done = run(folder, [line for line in DUMP if "\t97239\t" not in line] + [spot("97299")])
    assert "US: 1 new codes, 1 gone (97239)" in done.output
    assert "97239" not in codes(folder)
    assert "97299" in codes(folder)


def test_countries_that_a_dump_does_not_hold_stay_as_they_are(folder: Path) -> None:
    before = codes(folder)
    done = run(folder, [line for line in DUMP if line.startswith("US")], name="US.txt")
    assert done.exit_code == 0, done.output
    assert codes(folder) == before
    assert "Norwich" in places(folder)


def test_a_dry_run_says_the_same_and_writes_nothing(folder: Path) -> None:
    before = contents(folder)
    done = run(folder, [*DUMP, spot("97299")], "--dry-run")
    assert "US: 1 new codes, 0 gone" in done.output
    assert done.output.endswith("Nothing was written.\n")
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([line.removesuffix("\t4") for line in DUMP], "line 1 has 11 columns and not 12"),
        ([*DUMP, spot("97299", point=(91.0, 0.0))], "line 44 names no place"),
        ([*DUMP, spot("97299").replace("45.5", "north")], "line 44 names no place"),
        ([*DUMP, spot("97299", name="")], "line 44 names no place"),
        (DUMP[:20], "has 20 codes of US, and there were 39: it looks cut off"),
        ([spot("75001", "Paris", (48.9, 2.3), "FR")], "no postal code of a country that is shipped"),
        (
            [spot(line.split("\t")[1], point=(-45.5, 122.6)) for line in DUMP if line.startswith("US")],
            "cannot be right",
        ),
        ("\n".join(DUMP).encode("utf-16"), "not a text in UTF-8"),
        ("\n".join([*DUMP, spot("97299", "Montréal")]).encode("latin-1"), "not a text in UTF-8"),
        (b"", "no postal code"),
        (b"country_code,postal_code\nUS,97214\n", "line 1 has 1 columns"),
    ],
)
def test_a_broken_dump_changes_nothing_and_exits_with_2(folder: Path, lines: list[str] | bytes, says: str) -> None:
    before = contents(folder)
    done = run(folder, lines)
    assert done.exit_code == 2, done.output
    (line,) = done.output.splitlines()
    assert says in line
    assert line.endswith("Nothing was changed.")
    assert contents(folder) == before


def test_a_cut_archive_changes_nothing(folder: Path) -> None:
    run(folder, DUMP, "--dry-run", name="allCountries.zip")
    file = folder.parent / "allCountries.zip"
    whole, before = file.read_bytes(), contents(folder)
    for length in (3, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        done = CliRunner().invoke(main, ["gazetteer", "refresh", str(file), "--into", str(folder)])
        assert done.exit_code == 2, done.output
    assert contents(folder) == before


def test_a_disk_that_is_full_leaves_the_old_files_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(folder)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    done = run(folder, [*DUMP, spot("97299")])
    assert done.exit_code == 1
    assert "No space left on device" in done.output
    assert contents(folder) == before


def city(number: str, name: str, point: tuple[str, str], country: str, part: str, people: str, zone: str) -> list[str]:
    """One line of a dump of cities."""
    return [
        number,
        name,
        name,
        "",
        *point,
        "P",
        "PPL",
        country,
        "",
        part,
        "",
        "",
        "",
        people,
        "",
        "15",
        zone,
        "2024-01-01",
    ]


CITY = city("5746545", "Portland", ("45.52345", "-122.67621"), "US", "OR", "652503", "America/Los_Angeles")


def test_cities_are_cut_by_number_with_the_letters_of_their_parts(folder: Path) -> None:
    toronto = city("6167865", "Toronto", ("43.70011", "-79.4163"), "CA", "08", "2794356", "America/Toronto")
    file = folder.parent / "cities15000.txt"
    file.write_text("\n".join("\t".join(each) for each in (toronto, CITY)))
    done = run(folder, DUMP, "--cities", str(file))
    assert done.exit_code == 0, done.output
    assert command.read(folder / "world_cities.csv.gz", CITY_COLUMNS) == [
        ("5746545", "Portland", "US", "OR", "45.52345", "-122.67621", "652503", "America/Los_Angeles"),
        ("6167865", "Toronto", "CA", "ON", "43.70011", "-79.41630", "2794356", "America/Toronto"),
    ]
    before = contents(folder)
    for broken, says in ((CITY[:18], "damaged in line 1"), (CITY, "has 1 cities, and there were 2")):
        file.write_text("\t".join(broken))
        done = run(folder, [*DUMP, spot("97299")], "--cities", str(file))
        assert done.exit_code == 2
        assert says in done.output
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("country", "code", "kept"),
    [
        ("GB", "NR1 4AB", "NR1"),
        ("GB", "EC1A1BB", "EC1A"),
        ("GB", "AB10", "AB10"),
        ("JE", "JE2 3AB", "JE2"),
        ("CA", "M5V 2T6", "M5V"),
        ("CA", "m5v", "M5V"),
        ("IE", "D02 AF30", "D02"),
        ("US", "97214", "97214"),
        ("AU", "0200", "0200"),
    ],
)
def test_codes_are_cut_as_the_gazetteer_is_asked(country: str, code: str, kept: str) -> None:
    assert cut(country, code) == kept


@given(st.sampled_from(refresh.COUNTRIES), st.text(st.sampled_from("ABCNRWE0123459 "), max_size=8))
def test_cutting_twice_is_cutting_once(country: str, code: str) -> None:
    assert cut(country, cut(country, code)) == cut(country, code)


def test_the_shipped_files_have_the_form_this_command_writes() -> None:
    shipped = SEEDS / "gazetteer"
    for name, columns in (("postal_codes.csv.gz", CODE_COLUMNS), ("world_cities.csv.gz", CITY_COLUMNS)):
        rows = command.read(shipped / name, columns)
        assert gzip.decompress(command.packed(columns, rows)) == gzip.decompress((shipped / name).read_bytes())
