"""What goes over the wire compressed, and what must not."""

from __future__ import annotations

import gzip
import re

import pytest

from directory.app import DirectoryApp
from tests.web.client import Client

LIST = "/search?place=97214"
GZIP = {"Accept-Encoding": "gzip, deflate, br"}
OWN = {"Sec-Fetch-Site": "same-origin"}


def test_a_list_that_the_visitor_asked_for_is_compressed(site: DirectoryApp, client: Client) -> None:
    plain = client.get(LIST)
    for asked in ("same-origin", "none"):
        packed = site.test_client().get(LIST, headers={**GZIP, "Sec-Fetch-Site": asked})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.text) / 3
        words = gzip.decompress(packed.data).decode()
        assert words.startswith("<!doctype html>")
        assert abs(len(words) - len(plain.text)) < 400, "tokens differ, the page does not"


@pytest.mark.parametrize("address", [LIST, "/"])
@pytest.mark.parametrize("site_that_asked", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}])
def test_nobody_else_learns_anything_from_the_length_of_a_personal_page(
    site: DirectoryApp, address: str, site_that_asked: dict[str, str]
) -> None:
    visitor = site.test_client()
    visitor.set_cookie("session", "of an earlier visit")
    answer = visitor.get(address, headers={**GZIP, **site_that_asked})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_who_brings_no_cookie_has_nothing_to_be_guessed_and_a_new_token_each_time(site: DirectoryApp) -> None:
    answers = [site.test_client().get(LIST, headers=GZIP) for _ in range(2)]
    assert [answer.headers["Content-Encoding"] for answer in answers] == ["gzip", "gzip"]
    tokens = {
        found for each in answers for found in re.findall(rb'csrf_token" value="([^"]+)"', gzip.decompress(each.data))
    }
    assert len(tokens) == 2


def test_a_page_without_secrets_is_compressed_whoever_asks(site: DirectoryApp) -> None:
    for asked in ({}, {"Sec-Fetch-Site": "cross-site"}):
        answer = site.test_client().get("/about/ranking", headers={**GZIP, **asked})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("accepted", [None, "identity", "br", "gzip;q=0"])
def test_who_cannot_unpack_gets_it_plain(site: DirectoryApp, accepted: str | None) -> None:
    headers = OWN | ({"Accept-Encoding": accepted} if accepted is not None else {})
    answer = site.test_client().get("/about/ranking", headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"<!doctype html>")
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_files_are_compressed_and_still_known_by_their_tag(site: DirectoryApp) -> None:
    client = site.test_client()
    with client.get("/static/site.css") as plain, client.get("/static/site.css", headers=GZIP) as packed:
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["ETag"].startswith("W/")
        tag = packed.headers["ETag"]
    with client.get("/static/site.css", headers={**GZIP, "If-None-Match": tag}) as again:
        assert again.status_code == 304
        assert not again.data


def test_a_part_of_a_file_is_that_part(site: DirectoryApp) -> None:
    with site.test_client().get("/static/site.css", headers={**GZIP, "Range": "bytes=0-9"}) as part:
        assert part.status_code == 206
        assert len(part.data) == 10


def test_pictures_that_are_packed_already_and_short_answers_stay_as_they_are(site: DirectoryApp) -> None:
    client = site.test_client()
    assert "Content-Encoding" not in client.get("/healthz", headers=GZIP).headers
    head = client.head("/about/ranking", headers=GZIP)
    assert head.status_code == 200
    assert "Content-Encoding" not in head.headers


def test_a_page_that_says_no_is_plain(site: DirectoryApp) -> None:
    answer = site.test_client().get("/no-such-page", headers=GZIP | OWN)
    assert answer.status_code == 404
    assert "Content-Encoding" not in answer.headers
