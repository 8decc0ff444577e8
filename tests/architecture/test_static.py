"""Static files: what the stylesheets name exists and is the very file, and nothing grows unseen."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from directory.paths import STATIC
from tests.architecture.messages import ROOT

STYLESHEETS = sorted(STATIC.glob("*.css"))
NAMED = re.compile(r'url\("([^"?]+)(?:\?v=([0-9a-f]+))?"\)')


@pytest.mark.parametrize("stylesheet", STYLESHEETS, ids=lambda path: path.name)
def test_a_stylesheet_names_files_by_their_content(stylesheet: Path) -> None:
    """Browsers keep them for a year, and a preload of the same address is the same file."""
    for name, version in NAMED.findall(stylesheet.read_text(encoding="utf-8")):
        content = (STATIC / name).read_bytes()
        assert version == hashlib.sha256(content).hexdigest()[:16], name


def test_fonts_come_with_their_licence() -> None:
    assert "SIL Open Font License" in (STATIC / "fonts" / "OFL.txt").read_text(encoding="utf-8")


def test_every_sign_that_a_template_asks_for_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    templates = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    asked = set(re.findall(r'icon\("([a-z]+)"', templates))
    assert asked <= drawn
    assert {"checked", "shown", "stated", "missing", "ask"} <= drawn


def test_what_every_page_loads_is_light() -> None:
    """A results page with all it loads stays below 60 kB; this is the share of what all pages load."""
    packed = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in ("site.css", "icons.svg", "favicon.svg"))
    assert packed + (STATIC / "fonts" / "text.woff2").stat().st_size < 32_000
