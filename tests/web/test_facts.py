"""The sealed cookie: what it holds, how long it counts, and that nothing else ever holds it."""

from __future__ import annotations

import base64
import time
from datetime import date, timedelta

import pytest
from flask import Flask, Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.crypto import keyring
from directory.screening.terms import Concern, Condition, PregnancyStatus
from directory.web import facts
from directory.web.facts import COOKIE, COOKIE_OF_SOMEONE_ELSE, LARGEST_BYTES, Facts
from tests.web.client import Client
from tests.web.population import TODAY

EVERYTHING = Facts(
    pregnancy=PregnancyStatus.YES,
    due=TODAY,
    still_on=TODAY,
    age=101,
    adult=True,
    conditions=frozenset(Condition),
    concerns=frozenset(Concern),
    stopped=True,
)
ANYTHING = st.builds(
    Facts,
    pregnancy=st.sampled_from(PregnancyStatus),
    due=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    still_on=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    age=st.none() | st.integers(0, 120),
    adult=st.booleans(),
    conditions=st.frozensets(st.sampled_from(Condition)),
    concerns=st.frozensets(st.sampled_from(Concern)),
    stopped=st.booleans(),
    someone_else=st.booleans(),
)
"""Whatever anybody may have told, of themselves or of somebody else."""


def sealed(site: Flask, told: Facts) -> str:
    """The value of the cookie that would hold these facts."""
    with site.test_request_context():
        response = Response()
        facts.keep(response, told)
    return response.headers["Set-Cookie"].partition("=")[2].partition(";")[0]


def read(site: Flask, cookie: str) -> Facts:
    """What a request with this cookie tells."""
    with site.test_request_context(headers={"Cookie": f"{COOKIE}={cookie}"}):
        return facts.read()


def returned(site: Flask, told: Facts, *, besides: str = "") -> Facts:
    """What the next request of a browser tells that was given these facts."""
    with site.test_request_context():
        response = Response()
        facts.keep(response, told)
    pair = response.headers["Set-Cookie"].partition(";")[0]
    with site.test_request_context(headers={"Cookie": "; ".join(filter(None, [pair, besides]))}):
        return facts.read()


@pytest.mark.parametrize("told", [EVERYTHING, Facts(pregnancy=PregnancyStatus.NO), Facts(age=0), Facts(due=TODAY)])
def test_what_was_told_comes_back(site: Flask, told: Facts) -> None:
    assert read(site, sealed(site, told)) == (told if told != Facts() else Facts())


def test_everything_fits_into_a_kilobyte_and_a_half(site: Flask) -> None:
    assert len(sealed(site, EVERYTHING)) <= LARGEST_BYTES


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(told=ANYTHING)
def test_whatever_was_told_comes_back_and_fits(site: Flask, told: Facts) -> None:
    assert returned(site, told) == told
    assert len(sealed(site, told)) <= LARGEST_BYTES


def test_facts_of_somebody_else_stand_before_ones_own_and_end_with_the_browser(site: Flask) -> None:
    own = f"{COOKIE}={sealed(site, Facts(age=40))}"
    told = Facts(pregnancy=PregnancyStatus.MAYBE, someone_else=True)
    assert returned(site, told, besides=own) == told
    with site.test_request_context():
        response = Response()
        facts.keep(response, told)
    kept = response.headers["Set-Cookie"]
    assert kept.startswith(f"{COOKIE_OF_SOMEONE_ELSE}=")
    assert "Max-Age" not in kept
    assert "Expires" not in kept


@pytest.mark.parametrize("cookie", ["", "x", "gAAAAA"])
def test_ones_own_facts_are_never_taken_for_those_of_somebody_else(site: Flask, cookie: str) -> None:
    own = f"{COOKIE}={sealed(site, Facts(age=40))}"
    with site.test_request_context(headers={"Cookie": f"{own}; {COOKIE_OF_SOMEONE_ELSE}={cookie}"}):
        assert facts.read() == Facts(someone_else=True)


def test_forgetting_drops_what_was_told_of_everybody(site: Flask) -> None:
    with site.test_request_context(headers={"Cookie": f"{COOKIE_OF_SOMEONE_ELSE}=x; {COOKIE}=y"}):
        response = Response()
        facts.forget(response)
    names = {each.partition("=")[0] for each in response.headers.getlist("Set-Cookie")}
    assert names == {COOKIE, COOKIE_OF_SOMEONE_ELSE}


@pytest.mark.parametrize(
    ("told", "asks"),
    [
        (Facts(pregnancy=PregnancyStatus.YES, due=TODAY), False),
        (Facts(pregnancy=PregnancyStatus.YES, due=TODAY - timedelta(days=1)), True),
        (Facts(pregnancy=PregnancyStatus.YES, due=TODAY - timedelta(days=1), still_on=TODAY), False),
        (
            Facts(pregnancy=PregnancyStatus.YES, due=TODAY - timedelta(days=2), still_on=TODAY - timedelta(days=1)),
            True,
        ),
        (Facts(pregnancy=PregnancyStatus.YES), False),
        (Facts(pregnancy=PregnancyStatus.POSTPARTUM, due=TODAY - timedelta(days=9)), False),
        (Facts(), False),
    ],
)
def test_past_the_due_date_it_is_asked_again_each_day(told: Facts, asks: bool) -> None:
    assert told.asks_again(TODAY) is asks


def test_nothing_can_be_read_from_outside(site: Flask) -> None:
    token = sealed(site, EVERYTHING)
    assert TODAY.isoformat() not in token
    assert TODAY.isoformat().encode() not in base64.urlsafe_b64decode(token)
    assert token != sealed(site, EVERYTHING)


@pytest.mark.parametrize(
    "plain",
    [
        "",
        "[]",
        "null",
        "7",
        "{",
        '{"p":"certainly"}',
        '{"p":["yes"]}',
        '{"a":"12"}',
        '{"a":true}',
        '{"a":-1}',
        '{"a":121}',
        '{"d":"soon"}',
        '{"d":7}',
        '{"c":["unknown"]}',
        '{"c":7}',
        '{"x":["unknown"]}',
        '{"s":1}',
        '{"o":"yes"}',
        '{"n":"today"}',
    ],
)
def test_a_cookie_that_makes_no_sense_is_no_answer(site: Flask, plain: str) -> None:
    assert read(site, keyring.seal(plain)) == Facts()


@pytest.mark.parametrize("cookie", ["", "x", "gAAAAA", "x" * 5000, "%00", "é"])
def test_a_cookie_nobody_sealed_is_no_answer(site: Flask, cookie: str) -> None:
    assert read(site, cookie) == Facts()


def test_a_cookie_older_than_a_day_is_no_answer(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = sealed(site, EVERYTHING)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 24 * 3600 + 5)
    assert read(site, cookie) == Facts()


def test_a_stopped_list_shows_where_to_call_and_nobody(client: Client, site: Flask) -> None:
    told = Facts(pregnancy=PregnancyStatus.YES, stopped=True)
    client.inner.set_cookie(COOKIE, sealed(site, told), domain="localhost")
    page = client.get("/search?place=97214")
    assert page.slugs() == []
    assert "911" in page.words()
    again = client.follow(client.submit(page, "/search/forget"))
    assert len(again.slugs()) == 20
