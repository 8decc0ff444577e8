"""``stillpoint judge``: all given scenarios pass, and a wrong expectation is told with its scores."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from directory.cli.judge import judge

if TYPE_CHECKING:
    from collections.abc import Callable

TESTS = Path(__file__).parent.parent
GIVEN = TESTS / "judgements.json"


def _run(file: Path) -> tuple[int, list[str], str]:
    result = CliRunner().invoke(judge, [str(file)])
    return result.exit_code, result.stdout.splitlines(), result.stderr


def _scenario(key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        copy.deepcopy(each) for each in json.loads(GIVEN.read_text(encoding="utf-8"))["scenarios"] if each["id"] == key
    )
    return found


def _changed(folder: Path, key: str, change: Callable[[dict[str, Any]], object]) -> Path:
    scenario = _scenario(key)
    change(scenario)
    file = folder / "file.json"
    file.write_text(json.dumps({"scenarios": [scenario]}), encoding="utf-8")
    return file


@pytest.mark.parametrize(("name", "number"), [("judgements.json", 24), ("judgements_more.json", 48)])
def test_all_scenarios_pass(name: str, number: int) -> None:
    code, lines, stderr = _run(TESTS / name)
    assert [line for line in lines if not line.startswith("PASS ")] == [f"{number} passed, 0 failed"]
    assert code == 0
    assert stderr == ""


def test_a_wrong_order_is_told_with_the_parts_of_both_scores(tmp_path: Path) -> None:
    file = _changed(tmp_path, "S01", lambda each: each.update(must_order=[["A", "B", "nonsense"]]))
    code, (line, summary), _ = _run(file)
    assert code == 1
    assert summary == "0 passed, 1 failed"
    assert line.startswith("FAIL S01 ")
    assert "A must stand above B (nonsense): stands below; A 0." in line
    assert line.count("rls 0.500×") == 2


def test_an_absence_that_does_not_hold(tmp_path: Path) -> None:
    file = _changed(tmp_path, "S01", lambda each: each.update(must_exclude=["B"]))
    code, (line, _), _ = _run(file)
    assert code == 1
    assert "B must be absent but is in the main list: B 0." in line


def test_an_order_that_names_somebody_absent(tmp_path: Path) -> None:
    file = _changed(tmp_path, "S01", lambda each: each.update(must_order=[["C", "A", ""]]))
    code, (line, _), _ = _run(file)
    assert code == 1
    assert "C must stand above A: C not listed" in line


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"main_list_empty": True}, "the main list must be empty; it holds B, E, A"),
        ({"interstitial": "call"}, "where to call must be shown"),
        ({"tie": ["A", "B"]}, "A, B must tie"),
        ({"tie": True}, "must tie"),
    ],
)
def test_expectations_are_asserted(tmp_path: Path, expected: dict[str, Any], told: str) -> None:
    code, (line, _), _ = _run(_changed(tmp_path, "S01", lambda each: each.update(expect=expected)))
    assert code == 1
    assert told in line


def test_an_unknown_filter_fails_by_name(tmp_path: Path) -> None:
    file = _changed(tmp_path, "S01", lambda each: each["patient"].update(hard_filters={"colour": "blue"}))
    code, (line, summary), _ = _run(file)
    assert (code, summary) == (1, "0 passed, 1 failed")
    assert "unknown filter “colour”" in line


def test_what_the_service_refuses_fails_its_scenario(tmp_path: Path) -> None:
    file = _changed(tmp_path, "S01", lambda each: each["candidates"][0]["price"].update(currency="dollars"))
    code, (line, _), _ = _run(file)
    assert code == 1
    assert "cannot be run: " in line


def test_a_malformed_file_says_where_and_prints_nothing(tmp_path: Path) -> None:
    file = _changed(tmp_path, "S01", lambda each: each["candidates"][2]["practice"].update(lat="north"))
    code, lines, stderr = _run(file)
    assert code == 2
    assert lines == []
    assert "S01.candidates[2].practice.lat" in stderr


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    code, lines, stderr = _run(tmp_path / "none.json")
    assert (code, lines) == (2, [])
    assert "none.json" in stderr


def test_no_scenarios_at_all(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text('{"scenarios": []}', encoding="utf-8")
    assert _run(file) == (0, ["0 passed, 0 failed"], "")
