"""The colours of the stylesheet, measured as WCAG 2.2 measures them (success criteria 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from tests.architecture.messages import ROOT

STYLES = (ROOT / "directory" / "static" / "site.css").read_text(encoding="utf-8")

TEXT = (
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "accent-soft"),
    ("ink", "caution-paper"),
    ("ink", "urgent-paper"),
    ("ink-soft", "paper"),
    ("ink-soft", "surface"),
    ("ink-soft", "caution-paper"),
    ("ink-soft", "urgent-paper"),
    ("accent", "paper"),
    ("accent", "surface"),
    ("accent", "accent-soft"),
    ("accent", "caution-paper"),
    ("accent", "urgent-paper"),
    ("accent-strong", "paper"),
    ("accent-strong", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("paper", "ink"),
    ("good", "surface"),
    ("caution-ink", "caution-paper"),
    ("urgent-ink", "urgent-paper"),
    ("urgent-ink", "paper"),
    ("urgent-ink", "surface"),
)
CONTROLS = (
    ("line-strong", "surface"),
    ("line-strong", "paper"),
    ("focus", "paper"),
    ("focus", "surface"),
    ("focus", "caution-paper"),
    ("focus", "urgent-paper"),
    ("caution-line", "paper"),
    ("urgent-line", "paper"),
    ("urgent-line", "surface"),
    ("accent", "surface"),
)


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def _schemes() -> dict[str, dict[str, str]]:
    light = _tokens(STYLES.split("@media (prefers-color-scheme: dark)")[0])
    dark = _tokens(STYLES.split("@media (prefers-color-scheme: dark)")[1].split("/* Elements */")[0])
    assert light.keys() == dark.keys()
    return {"light": light, "dark": dark}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (CONTROLS, 3.0)], ids=["text", "controls"])
def test_colours_can_be_told_apart(scheme: str, pairs: tuple[tuple[str, str], ...], least: float) -> None:
    tokens = _schemes()[scheme]
    weak = {f"{one} on {other}": round(contrast(tokens[one], tokens[other]), 2) for one, other in pairs}
    assert not {pair: value for pair, value in weak.items() if value < least}


def test_colours_stand_in_tokens_alone() -> None:
    parts = STYLES.split("/* Elements */")[1].split("@media print")[0]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", parts)
