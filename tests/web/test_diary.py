"""The diary as the server knows it: a page for everybody, the program that keeps it, and one page of PDF."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from config import Config
from directory.app import DirectoryApp, create_app
from tests.unit.care.test_nights import given_summary
from tests.web.client import Client


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> DirectoryApp:
    """An application whose database nobody made: none of these pages may need it."""
    folder: Path = tmp_path_factory.mktemp("diary")
    return create_app(Config.from_environment({}, cwd=folder))


@pytest.fixture
def client(app: DirectoryApp) -> Client:
    return Client(app)


def token(client: FlaskClient) -> str:
    found = re.search(r'id="token" value="([^"]+)"', client.get("/diary/pdf").get_data(as_text=True))
    assert found is not None
    return found[1]


def test_the_page_is_the_same_for_everybody_and_sets_no_cookie(client: Client) -> None:
    page = client.get("/diary")
    assert "Set-Cookie" not in page.response.headers
    assert "csrf_token" not in page.text
    assert "stays on this device" in page.words()
    client.get("/diary/pdf")


def test_the_program_keeps_what_the_page_needs(app: DirectoryApp) -> None:
    client = app.test_client()
    answer = client.get("/diary/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/diary"
    kept = json.loads(answer.get_data(as_text=True).split(";\n", 1)[0].removeprefix("self.KEPT = "))
    for file in kept["files"]:
        with client.get(file) as answer:
            assert answer.status_code == 200, file
    page = client.get("/diary").get_data(as_text=True)
    for needed in re.findall(r'(?:href|src)="(/static/[^"#]+)', page):
        assert needed in kept["files"] or "webmanifest" in needed, needed
    scripts = [name for file in kept["files"] if (name := Path(file.partition("?")[0]).name).endswith(".js")]
    for script in scripts:
        program = Path(app.static_folder or "", "diary", script).read_text(encoding="utf-8")
        for name in re.findall(r'from "\./([a-z]+\.js)"', program):
            assert name in scripts, f"{script} needs {name}"


def test_the_manifest_belongs_to_the_diary_alone(client: Client) -> None:
    answer = client.inner.get("/diary/app.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert answer.get_json()["scope"] == "/diary"


def test_the_numbers_become_one_page_and_are_kept_by_nobody(app: DirectoryApp) -> None:
    client = app.test_client()
    answer = client.post("/diary/pdf", json=given_summary(), headers={"X-CSRFToken": token(client)})
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b'{"recent": 1}', b'"' + b"x" * 30_000 + b'"', b"\xff\xfe"])
def test_anything_else_is_refused_in_words(app: DirectoryApp, sent: bytes) -> None:
    client = app.test_client()
    answer = client.post(
        "/diary/pdf", data=sent, content_type="application/json", headers={"X-CSRFToken": token(client)}
    )
    assert answer.status_code == 422
    assert "not a summary" in answer.get_data(as_text=True)


def test_another_site_cannot_have_pages_made(app: DirectoryApp) -> None:
    assert app.test_client().post("/diary/pdf", json=given_summary()).status_code == 400
