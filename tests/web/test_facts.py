"""The sealed cookie: what it holds, how long it counts, and that nothing else ever holds it."""

from __future__ import annotations

import base64
import time

import pytest
from flask import Flask, Response

from directory.crypto import keyring
from directory.screening.terms import Condition, PregnancyStatus, RedFlag
from directory.web import facts
from directory.web.facts import COOKIE, LARGEST_BYTES, Facts
from tests.web.client import Client
from tests.web.population import TODAY

EVERYTHING = Facts(
    pregnancy=PregnancyStatus.YES,
    due=TODAY,
    age=101,
    conditions=frozenset(Condition),
    red_flags=frozenset(RedFlag),
)


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


@pytest.mark.parametrize("told", [EVERYTHING, Facts(pregnancy=PregnancyStatus.NO), Facts(age=0), Facts(due=TODAY)])
def test_what_was_told_comes_back(site: Flask, told: Facts) -> None:
    assert read(site, sealed(site, told)) == (told if told != Facts() else Facts())


def test_everything_fits_into_a_kilobyte_and_a_half(site: Flask) -> None:
    assert len(sealed(site, EVERYTHING)) <= LARGEST_BYTES


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
        '{"r":[["fever"]]}',
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


def test_a_red_flag_stops_the_list_and_shows_where_to_call(client: Client, site: Flask) -> None:
    told = Facts(pregnancy=PregnancyStatus.YES, red_flags=frozenset({RedFlag.VAGINAL_BLEEDING}))
    client.inner.set_cookie(COOKIE, sealed(site, told), domain="localhost")
    page = client.get("/search?place=97214")
    assert page.slugs() == []
    assert "bleeding from the vagina" in page.words()
    assert "911" in page.words()
    again = client.follow(client.submit(page, "/search/forget"))
    assert len(again.slugs()) == 20
