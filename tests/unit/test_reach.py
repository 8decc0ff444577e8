"""Regions and telephone numbers as somebody abroad can use them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.web.presenters import reach


@pytest.mark.parametrize(
    ("written", "country", "expected"),
    [
        ("(02) 5550 7261", "AU", "+61 2 5550 7261"),
        ("01632 960265", "GB", "+44 1632 960265"),
        ("03-555 0142", "NZ", "+64 3 555 0142"),
        ("(01) 555 0142", "IE", "+353 1 555 0142"),
        ("+44 (0)20 7946 0000", "GB", "+44 20 7946 0000"),
        ("(503) 555-0142", "US", "+1 503 555 0142"),
        ("1-503-555-0142", "CA", "+1 503 555 0142"),
        ("+1 503 555 0142", "US", "+1 503 555 0142"),
        # What is no plain number of the country stays as it was written.
        ("1300 555 123", "AU", "1300 555 123"),
        ("555-0142", "US", "555-0142"),
        ("0044 20 7946 0000", "GB", "0044 20 7946 0000"),
        ("020 7946 0000 ext. 4", "GB", "020 7946 0000 ext. 4"),
        ("030 123456", "DE", "030 123456"),
        ("", "US", None),
        ("  ", "GB", None),
        (None, "GB", None),
    ],
)
def test_a_number_bears_the_code_of_its_country(written: str | None, country: str, expected: str | None) -> None:
    assert reach.telephone(written, country) == expected


@given(st.text("0123456789+()-/. x", max_size=24), st.sampled_from(["US", "CA", "GB", "IE", "AU", "NZ", "DE"]))
def test_no_digit_that_is_dialled_is_lost_and_twice_is_once(written: str, country: str) -> None:
    told = reach.telephone(written, country)
    if told is None:
        assert not written.strip()
        return
    assert reach.telephone(told, country) == told
    before = re.sub(r"[^0-9]", "", re.sub(r"\(0\)", "", written))
    assert re.sub(r"[^0-9]", "", told).endswith(before.lstrip("0")[-7:])


def test_a_region_is_named_as_addresses_there_name_it() -> None:
    assert reach.region("NZ", "E9") == "Canterbury"
    assert reach.region("GB", "SCT") == "Scotland"
    assert [reach.region("US", "OR"), reach.region("CA", "BC"), reach.region("AU", "NSW")] == ["OR", "BC", "NSW"]
    assert reach.region("NZ", None) is None
    assert reach.region("GB", "") is None
    assert reach.region("ZZ", "Q") == "Q", "a place of which the gazetteer knows nothing"
