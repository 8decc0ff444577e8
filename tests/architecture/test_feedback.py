"""Words about a service have no part in any order: what searches, ranks and measures knows nothing of them."""

from __future__ import annotations

import re

import pytest

from directory.paths import PACKAGE

APART = ("search", "api", "figures")
"""Packages that order people, or tell others how they are ordered."""


@pytest.mark.parametrize("package", APART)
def test_what_orders_people_never_reads_what_patients_say(package: str) -> None:
    folder = PACKAGE / package
    sources = sorted(folder.rglob("*.py")) if folder.exists() else []
    knows = re.compile(r"directory\.consultations|feedback|ServiceStory|ContactOutcome|service_story|contact_outcome")
    assert [file.name for file in sources if knows.search(file.read_text(encoding="utf-8"))] == []


def test_there_is_something_that_orders_people() -> None:
    assert (PACKAGE / "search" / "ranking.py").exists()
