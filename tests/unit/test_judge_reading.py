"""Reading a file of scenarios: what is malformed is named by scenario and path, what is unknown permits nothing."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from directory.cli.judge.candidates import candidate
from directory.cli.judge.nodes import Malformed, Node
from directory.cli.judge.scenarios import Scenario, read
from directory.credentials.terms import CredentialStatus, Mode, Verification
from directory.practitioners.rules import availability
from directory.practitioners.terms import Accepting, AccountStatus, Availability
from directory.screening.rules import Weeks

if TYPE_CHECKING:
    from pathlib import Path

CANDIDATE: dict[str, Any] = {
    "id": "A",
    "practice": {"country": "US", "jurisdiction": "US-OR", "lat": 45.5, "lon": -122.6, "tz": "America/Los_Angeles"},
    "licences": [{"kind": "statutory", "status": "active", "jurisdiction": "US-OR", "admin_verified": True}],
}
SCENARIO: dict[str, Any] = {
    "id": "X1",
    "title": "One",
    "as_of": "2026-11-23T12:00:00",
    "patient": {
        "place": {"country": "US", "jurisdiction": "US-OR", "lat": 45.5, "lon": -122.6, "tz": "America/Los_Angeles"},
        "search_radius_km": 25,
        "pregnancy_status": "no",
    },
    "candidates": [CANDIDATE, {**CANDIDATE, "id": "B"}],
    "must_exclude": ["A"],
    "must_order": [["A", "B", "dominance"]],
    "expect": {},
}


def _with(path: str, value: Any) -> dict[str, Any]:
    """The scenario with one value changed; the path is written with dots."""
    changed: dict[str, Any] = copy.deepcopy(SCENARIO)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at: Any = changed
    for step in steps:
        at = at[step]
    at[last] = value
    return changed


def _read(folder: Path, *scenarios: Any, **more: Any) -> list[Scenario]:
    file = folder / "file.json"
    file.write_text(json.dumps({"scenarios": list(scenarios), **more}), encoding="utf-8")
    return read(file)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("as_of", "yesterday", "X1.as_of"),
        ("patient.place.lat", "45", "X1.patient.place.lat"),
        ("patient.place.lat", 91, "X1.patient.place.lat"),
        ("patient.place.lon", float("nan"), "X1.patient.place.lon"),
        ("patient.place.lon", 10**400, "X1.patient.place.lon"),
        ("patient.search_radius_km", float("inf"), "X1.patient.search_radius_km"),
        ("as_of", "9999-12-31", "X1.as_of"),
        ("as_of", "0001-01-01", "X1.as_of"),
        ("title", "half \ud800", "X1.title"),
        ("candidates.0.languages", ["\udc80"], "X1.candidates[0].languages[0]"),
        ("candidates.0.min_patient_age", 10**400, "X1.candidates[0].min_patient_age"),
        ("patient.place.tz", "Mars/Olympus", "X1.patient.place.tz"),
        ("patient.place.tz", "../etc/passwd", "X1.patient.place.tz"),
        ("patient.search_radius_km", -1, "X1.patient.search_radius_km"),
        ("patient.age", "old", "X1.patient.age"),
        ("patient.red_flags", "fever", "X1.patient.red_flags"),
        ("patient.hard_filters", [], "X1.patient.hard_filters"),
        ("patient.waitlist_ok", "yes", "X1.patient.waitlist_ok"),
        ("candidates", {}, "X1.candidates"),
        ("candidates.1.id", "A", "X1.candidates"),
        ("candidates.0.practice", None, "X1.candidates[0].practice"),
        ("candidates.0.licences.0.expires", "2027-13-01", "X1.candidates[0].licences[0].expires"),
        ("candidates.0.licences.0.admin_verified", "true", "X1.candidates[0].licences[0].admin_verified"),
        ("must_exclude", ["Z"], "X1.must_exclude[0]"),
        ("must_order", [["A"]], "X1.must_order[0]"),
        ("must_order", [["A", "Q", ""]], "X1.must_order[0][1]"),
        ("expect.main_list_empty", "no", "X1.expect.main_list_empty"),
    ],
)
def test_a_malformed_value_is_named(tmp_path: Path, path: str, value: Any, named: str) -> None:
    with pytest.raises(Malformed) as error:
        _read(tmp_path, _with(path, value))
    assert str(error.value).startswith(f"{named}: ")


@pytest.mark.parametrize("text", ["", "[]", "{}", "nonsense", '{"scenarios": 3}', '{"scenarios": [3]}', '"\\ud800"'])
def test_a_file_that_is_no_list_of_scenarios(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Malformed):
        read(file)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Malformed):
        read(file)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("patient.hard_filters", {"colour": "blue"}, "unknown filter “colour” in patient.hard_filters"),
        ("patient.preferences", {"parking": True}, "unknown filter “parking” in patient.preferences"),
        ("patient.hard_filters", {"gender": "tall"}, "unknown value “tall” in patient.hard_filters.gender"),
        ("patient.screening_flags", ["hay_fever"], "unknown value “hay_fever” in patient.screening_flags[0]"),
        ("patient.pregnancy_status", "perhaps", "unknown value “perhaps” in patient.pregnancy_status"),
        ("patient.visit_mode", "by post", "unknown value “by post” in patient.visit_mode"),
    ],
)
def test_an_unknown_wish_fails_its_scenario_and_no_other(tmp_path: Path, path: str, value: Any, problem: str) -> None:
    first, second = _read(tmp_path, _with(path, value), SCENARIO)
    assert first.problems == (problem,)
    assert not second.problems


def test_wishes_and_musts_are_understood(tmp_path: Path) -> None:
    asked = {
        "languages_any": ["es"],
        "technique_any": ["laser"],
        "gender": "female",
        "availability_any": ["evening"],
        "payers_any": ["aetna"],
        "max_price": 45,
        "wheelchair_or_home_visit": True,
    }
    (scenario,) = _read(
        tmp_path, _with("patient", {**SCENARIO["patient"], "hard_filters": asked, "preferences": asked})
    )
    criteria = scenario.criteria
    assert criteria.musts == criteria.wishes
    assert criteria.musts.currency == "USD"
    assert set(criteria.musts.asked()) == {
        "languages",
        "techniques",
        "gender",
        "availability",
        "payers",
        "max_price",
        "step_free_or_home_visit",
    }


def test_the_week_of_the_file_is_the_week_of_the_visit(tmp_path: Path) -> None:
    patient = {**SCENARIO["patient"], "pregnancy_status": "yes", "gestation_weeks": 30}
    pregnant, maybe = _read(
        tmp_path, _with("patient", patient), _with("patient", {**patient, "pregnancy_status": "maybe"})
    )
    assert pregnant.criteria.patient.gestation == Weeks(30, 30)
    assert maybe.criteria.patient.gestation == Weeks(0, 13)


def test_as_of_may_stand_once_for_all(tmp_path: Path) -> None:
    bare = {key: value for key, value in SCENARIO.items() if key != "as_of"}
    (scenario,) = _read(tmp_path, bare, as_of_default="2026-11-23T12:00:00Z (UTC)")
    assert scenario.as_of.isoformat() == "2026-11-23T12:00:00+00:00"
    with pytest.raises(Malformed, match="as_of"):
        _read(tmp_path, bare)


def test_remote(tmp_path: Path) -> None:
    (scenario,) = _read(tmp_path, _with("patient.visit_mode", "telehealth_consult"))
    assert scenario.criteria.mode is Mode.REMOTE


@pytest.mark.parametrize(
    ("tie", "groups"),
    [
        (True, ((),)),
        (False, ()),
        (["A", "B"], (("A", "B"),)),
        ([["A", "B", "why"]], (("A", "B"),)),
        ("A and B take turns", (("A", "B"),)),
        ("they take turns", ((),)),
        ({"group": ["A", "B"]}, (("A", "B"),)),
    ],
)
def test_a_tie_may_be_written_in_many_ways(tmp_path: Path, tie: Any, groups: Any) -> None:
    (scenario,) = _read(tmp_path, _with("expect", {"tie": tie}))
    assert scenario.expected.ties == groups


def _candidate(**changed: Any) -> Any:
    return candidate(Node({**CANDIDATE, **changed}, "A"))


@pytest.mark.parametrize("word", ["looks fine", "temporary", "", None])
def test_an_unknown_status_never_permits(word: str | None) -> None:
    (paper,) = _candidate(licences=[{"kind": "statutory", "status": word}]).licences
    assert paper.status is CredentialStatus.UNKNOWN


@pytest.mark.parametrize("word", ["statutory_licence", "letter", "", None])
def test_an_unknown_kind_is_no_paper(word: str | None) -> None:
    (paper,) = _candidate(licences=[{"kind": word, "status": "active"}]).licences
    assert paper.kind is None


@pytest.mark.parametrize(
    ("seen", "stated", "counts"), [(True, None, True), (True, False, False), (False, None, False), (False, True, True)]
)
def test_whose_paper_it_is(seen: bool, stated: bool | None, counts: bool) -> None:
    paper = {"kind": "statutory", "status": "active", "admin_verified": seen, "identity_match": stated}
    assert _candidate(licences=[paper]).licences[0].identity_match is counts


def test_what_is_not_said_is_unknown_or_refused() -> None:
    bare = _candidate()
    assert bare.accepting is Accepting.UNKNOWN
    assert bare.account_status is AccountStatus.DRAFT
    assert (bare.price, bare.step_free, bare.indemnity_expires) == (None, None, None)
    assert not bare.pregnancy.treats
    assert bare.rls.verification is Verification.NONE
    assert _candidate(rls={"verification": "trust me"}).rls.verification is Verification.NONE


def test_items_of_the_declaration_that_are_not_named_count_as_signed() -> None:
    declared = _candidate(pregnancy={"treats": True, "emergency_policy": False, "training_hours": 20}).pregnancy
    assert declared.written_consent
    assert not declared.emergency_policy
    assert declared.training_verification is Verification.NONE


@pytest.mark.parametrize("word", list(Availability))
def test_hours_stand_for_just_one_part_of_the_week(word: Availability) -> None:
    assert availability(_candidate(availability=[word.value]).hours) == {word}
