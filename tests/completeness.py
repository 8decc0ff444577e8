"""What becomes of tests that this machine cannot run."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def leave_out(reason: str) -> NoReturn:
    """Skip this test, saying why; with CI=true every test must run, and leaving one out fails."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
