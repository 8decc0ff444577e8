"""How a visitor's country writes things."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from directory.http import locale


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", "en-US"),
        ("en-GB", "en-GB"),
        ("en-gb;q=0.5, en-US;q=0.4", "en-GB"),
        ("en-AU", "en-GB"),
        ("en-IE,en;q=0.9", "en-GB"),
        ("en", "en-US"),
        ("de-DE,de;q=0.9", "en-US"),
        ("de-DE, en-GB;q=0.3", "en-GB"),
        ("*", "en-US"),
        ("x" * 5000, "en-US"),
        ("en-\x00", "en-US"),
    ],
)
def test_the_first_english_that_is_asked_for_is_spoken(site: Flask, asked: str, found: str) -> None:
    with site.test_request_context(headers={"Accept-Language": asked.replace("\x00", "")}):
        assert locale.lang() == found


@pytest.mark.parametrize(
    ("km", "country", "said"),
    [
        (0.0, "US", "less than 0.1 miles"),
        (0.05, "AU", "less than 100 metres"),
        (1.609344, "GB", "1 mile"),
        (1.0, "IE", "1 km"),
        (5.15, "US", "3.2 miles"),
        (5.15, "NZ", "5.2 km"),
        (40.2336, "US", "25 miles"),
        (1609.344, "US", "1,000 miles"),
    ],
)
def test_distances_are_said_in_the_unit_of_the_country(site: Flask, km: float, country: str, said: str) -> None:
    with site.test_request_context(headers={"Accept-Language": "en-GB"}):
        assert locale.distance(km, country) == said


@pytest.mark.parametrize(
    ("amount", "currency", "tag", "said"),
    [
        ("95", "USD", "en-US", "$95"),
        ("95.50", "USD", "en-US", "$95.50"),
        ("1200", "USD", "en-GB", "US$1,200"),
        ("45", "GBP", "en-GB", "£45"),
        ("45", "AUD", "en-US", "A$45"),
    ],
)
def test_money_is_written_as_the_visitor_writes_it(
    site: Flask, amount: str, currency: str, tag: str, said: str
) -> None:
    with site.test_request_context(headers={"Accept-Language": tag}):
        assert locale.money(Decimal(amount), currency) == said


def test_dates_are_written_in_words(site: Flask) -> None:
    with site.test_request_context(headers={"Accept-Language": "en-GB"}):
        assert locale.day(date(2026, 11, 3)) == "3 November 2026"
    with site.test_request_context():
        assert locale.day(date(2026, 11, 3)) == "November 3, 2026"


@pytest.mark.parametrize(
    ("years", "said"),
    [
        (0.01, "about 1 month"),
        (0.8, "about 10 months"),
        (1.0, "1 year"),
        (1.5, "1.5 years"),
        (12.0, "12 years"),
    ],
)
def test_less_than_a_year_is_told_in_months(site: Flask, years: float, said: str) -> None:
    with site.test_request_context():
        assert locale.span(years) == said
