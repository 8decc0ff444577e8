"""Which jurisdiction a place lies in, and what its row says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import InvalidInput
from directory.jurisdictions import rules
from directory.jurisdictions.rules import AcceptedBody, LocalRule, PraiseRule, Regime
from directory.jurisdictions.words import told
from directory.paths import SEEDS

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = SEEDS / "jurisdictions.csv"
KNOWN = rules.read(SOURCE)


@pytest.mark.parametrize(
    ("country", "admin1", "admin2", "code"),
    [
        ("US", "OR", "Multnomah", "US-OR"),
        ("us", "or", None, "US-OR"),
        ("US", "DC", "District of Columbia", "US-DC"),
        ("US", "MH", None, None),
        ("US", "", None, None),
        ("US", None, None, None),
        ("PR", "127", None, None),
        ("GU", None, None, None),
        ("GB", "ENG", "Kent", "GB-ENG"),
        ("GB", "ENG", "", "GB-ENG"),
        ("GB", "ENG", "Greater London", "GB-LDN"),
        ("GB", "SCT", "Greater London", "GB-SCT"),
        ("GB", "WLS", None, "GB-WLS"),
        ("GB", "NIR", None, "GB-NIR"),
        ("GB", "", "Isle of Man", None),
        ("GB", "L93000001", "", None),
        ("JE", None, None, None),
        ("GG", None, None, None),
        ("IM", None, None, None),
        ("CA", "BC", None, "CA-BC"),
        ("CA", "QC", None, "CA-QC"),
        ("CA", "NS", None, "CA-other"),
        ("CA", "YT", None, "CA-other"),
        ("CA", "", None, None),
        ("CA", "ZZ", None, None),
        ("AU", "NSW", None, "AU"),
        ("AU", None, None, "AU"),
        ("NZ", "E7", None, "NZ"),
        ("IE", "L", None, "IE"),
        ("FR", "11", None, None),
        ("", "", "", None),
        (None, None, None, None),
    ],
)
def test_a_place_lies_in_one_jurisdiction_or_none(
    country: str | None, admin1: str | None, admin2: str | None, code: str | None
) -> None:
    assert rules.at(country, admin1, admin2) == code


@given(st.text(max_size=4), st.text(max_size=4), st.text(max_size=16))
def test_every_code_of_a_place_has_its_row(country: str, admin1: str, admin2: str) -> None:
    code = rules.at(country, admin1, admin2)
    assert code is None or code in KNOWN


def test_every_row_but_none_is_the_row_of_some_place() -> None:
    places = [(code[:2], code[3:], "") for code in KNOWN] + [("CA", "NS", ""), ("GB", "ENG", "Greater London")]
    assert {rules.at(*place) for place in places} - {None} == set(KNOWN)


def test_a_province_without_a_college_has_the_common_rules() -> None:
    assert rules.rule_for("CA-NS", KNOWN) is KNOWN["CA-other"]
    assert rules.rule_for("CA-ON", KNOWN) is KNOWN["CA-ON"]
    for code in ("CA-ZZ", "US-PR", "FR", "", None):
        assert rules.rule_for(code, KNOWN) is None


def test_the_shipped_table() -> None:
    assert len(KNOWN) == 65
    assert {code for code, rule in KNOWN.items() if not rule.open} == {"US-AL", "US-SD"}
    assert {code for code, rule in KNOWN.items() if rule.regime is Regime.NONE} == {"US-AL", "US-OK", "US-SD"}
    assert KNOWN["GB-WLS"].local_rule is KNOWN["GB-SCT"].local_rule is LocalRule.REQUIRED
    assert KNOWN["GB-LDN"].local_rule is LocalRule.REQUIRED_UNLESS_EXEMPT
    assert KNOWN["GB-LDN"].exempt_bodies == ("BAcC", "statutory health professions")
    assert KNOWN["US-OR"].local_rule is None
    assert (KNOWN["AU"].late_days, KNOWN["AU"].cluster_day) == (31, "11-30")
    assert KNOWN["AU"].testimonials is PraiseRule.FORBIDDEN
    assert KNOWN["US-OK"].accepted_bodies == (AcceptedBody("NCBAHM"), AcceptedBody("ABMA", physicians_only=True))
    assert KNOWN["GB-ENG"].accepted_bodies == (
        AcceptedBody("BAcC"),
        AcceptedBody("AACP", needs=("HCPC",)),
        AcceptedBody("BMAS", needs=("GMC", "NMC", "HCPC")),
    )


def test_bodies_written_out_are_read_again() -> None:
    for jurisdiction in KNOWN.values():
        text = ";".join(str(body) for body in jurisdiction.accepted_bodies)
        assert rules.accepted_bodies(text) == jurisdiction.accepted_bodies


@pytest.mark.parametrize("text", ["AACP (without HCPC)", "AACP (with HCPC", "(with HCPC)"])
def test_a_condition_nobody_knows_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        rules.accepted_bodies(text)


def test_a_number_pattern_is_a_hint() -> None:
    assert KNOWN["US-OR"].number_looks_usual("ac123456")
    assert not KNOWN["US-OR"].number_looks_usual("123")
    assert KNOWN["IE"].number_looks_usual("anything")


@pytest.mark.parametrize(
    ("column", "cell", "line"),
    [
        ("regime", "perhaps", 6),
        ("open", "maybe", 6),
        ("local_rule", "sometimes", 6),
        ("accepted_bodies", "AACP (sometimes)", 6),
        ("late_days", "-1", 6),
        ("late_days", "many", 6),
        ("late_days", "²", 6),
        ("cluster_day", "13-01", 6),
        ("testimonials", "", 6),
        ("number_regex_soft", "(", 6),
        ("regex_confidence", "sure", 6),
        ("jurisdiction", "california", 6),
        ("jurisdiction", "US-AL", 6),
        ("country", "GB", 6),
        ("source", "", 6),
    ],
)
def test_a_malformed_cell_is_named_with_its_line(tmp_path: Path, column: str, cell: str, line: int) -> None:
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    cells = ["US-CA", "US", "statutory", "yes", "", "", "", "0", "", "service_only", "s", "t", "b", "l"]
    cells += ["", "", "r", "c", "n", "s"]
    cells[rules.COLUMNS.index(column)] = cell
    lines[line - 1] = ",".join(cells)
    broken = tmp_path / "jurisdictions.csv"
    broken.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InvalidInput, match=f"Line {line}, column {column}:") as caught:
        rules.read(broken)
    assert caught.value.field == column


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"\xff\xfe", (",".join(rules.COLUMNS) + "\nUS-OR,US\n").encode(), b'"\n']
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "jurisdictions.csv"
    broken.write_bytes(content)
    with pytest.raises(InvalidInput):
        rules.read(broken)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        rules.read(tmp_path / "none.csv")


def test_notes_of_those_who_keep_the_table_stay_out_of_sight() -> None:
    table = KNOWN
    for rule in table.values():
        said = told(rule, table)
        raw = " ".join((rule.titles, rule.body, rule.lookup, rule.renewal, rule.education))
        assert not re.search(r"\bverify\b(?! a License)|check:|re-read|old list|old page|unsure|historically", raw), raw
        shown = " ".join(filter(None, (said.titles, said.body, said.lookup, said.renewal, said.source)))
        assert not re.search(r"verify|re-read|old list|unsure|moderate|as England", shown), (rule.code, shown)
        assert shown.count("(") == shown.count(")"), shown
    oregon = told(table["US-OR"], table)
    assert (oregon.name, oregon.body, oregon.example) == ("Oregon", "Oregon Medical Board", "AC123456")
    assert told(table["US-FL"], table).source == "floridasacupuncture.gov; aceumasters 2025"
    assert told(table["AU"], table).cluster == (11, 30)
    assert told(table["US-OR"], table).source is None
