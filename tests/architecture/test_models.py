"""Each feature's tables know what they point at, so a command that imports one feature alone can write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(".".join(file.relative_to(ROOT).with_suffix("").parts) for file in ROOT.glob("directory/**/models.py"))

RESOLVE = """
import importlib, sys
importlib.import_module(sys.argv[1])
from directory.db import Base
print(sum(1 for table in Base.metadata.tables.values() for key in table.foreign_keys if key.column is not None))
"""


def test_there_are_models() -> None:
    assert "directory.credentials.models" in MODULES


@pytest.mark.parametrize("module", MODULES)
def test_tables_of_a_feature_stand_alone(module: str) -> None:
    run = subprocess.run([sys.executable, "-c", RESOLVE, module], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
