"""Where the files of the product lie, in a checkout and inside an installed wheel alike.

In a checkout ``templates/`` and ``seeds/`` stand beside the package; the wheel carries them inside it, because a
distribution must not drop folders with such general names into everybody's site-packages.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_HOME = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent

TEMPLATES = _HOME / "templates"
SEEDS = _HOME / "seeds"
CONFIG = _HOME / "config.py"
STATIC = PACKAGE / "static"
MIGRATIONS = PACKAGE / "migrations"
TRANSLATIONS = PACKAGE / "translations"
