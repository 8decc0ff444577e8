"""The map's own colours can be told apart, its data are credited, and with all it loads it stays light."""

from __future__ import annotations

import gzip
import re

import pytest

from directory.paths import SEEDS, STATIC
from tests.architecture.messages import ROOT, extracted
from tests.architecture.test_contrast import contrast

STYLES = (STATIC / "map.css").read_text(encoding="utf-8")

WORDS = (
    ("map-name", "map-land"),
    ("map-name", "map-sea"),
    ("map-name-large", "map-land"),
    ("map-name-large", "map-sea"),
    ("map-on-pin", "map-pin"),
    ("map-on-pin", "map-mark"),
    ("map-pin", "map-land"),
)
SIGNS = (
    ("map-pin", "map-land"),
    ("map-pin", "map-sea"),
    ("map-mark", "map-land"),
    ("map-mark", "map-sea"),
    ("map-place", "map-land"),
    ("map-place", "map-sea"),
)


def _schemes() -> dict[str, dict[str, str]]:
    light, dark = STYLES.split("/* Parts */")[0].split("@media (prefers-color-scheme: dark)")
    schemes = {
        name: dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part))
        for name, part in (("light", light), ("dark", dark))
    }
    assert schemes["light"].keys() == schemes["dark"].keys()
    return schemes


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(WORDS, 4.5), (SIGNS, 3.0)], ids=["words", "signs"])
def test_words_and_signs_stand_out_from_land_and_sea(
    scheme: str, pairs: tuple[tuple[str, str], ...], least: float
) -> None:
    tokens = _schemes()[scheme]
    weak = {f"{one} on {other}": round(contrast(tokens[one], tokens[other]), 2) for one, other in pairs}
    assert not {pair: value for pair, value in weak.items() if value < least}


def test_colours_stand_in_tokens_alone() -> None:
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", STYLES.split("/* Parts */")[1])


def test_every_word_of_the_map_names_where_its_outlines_come_from() -> None:
    assert [each for each in extracted() if "Natural Earth" in str(each) and "Census Bureau" in str(each)]
    script = (ROOT / ".ci" / "outlines.py").read_text(encoding="utf-8")
    assert "public-domain" in script
    assert (SEEDS / "outlines" / "outlines.npz").is_file()


def test_a_closed_map_adds_next_to_nothing_to_a_list_and_an_open_one_little() -> None:
    """A list with all it loads stays below 60 kB; what moves and colours the map is loaded when it is opened."""
    packed = {name: len(gzip.compress((STATIC / name).read_bytes())) for name in ("map-panel.js", "map.js", "map.css")}
    assert packed["map-panel.js"] < 1_500
    assert sum(packed.values()) < 11_500
