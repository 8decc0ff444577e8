"""What balancers and monitors ask."""

from __future__ import annotations

from pathlib import Path

from config import Config
from directory import migrations
from directory.app import create_app
from directory.db import make_engine
from tests.web.client import Client


def test_a_site_that_can_search_is_well(client: Client) -> None:
    assert client.inner.get("/healthz").data == b"ok\n"
    assert client.inner.get("/readyz").json == {
        "ready": True,
        "database": {"ok": True},
        "migrations": {"ok": True},
        "index": {"ok": True},
        "mail": {"ok": True},
        "jobs": {"ok": False, "why": "have not run lately"},
    }


def test_before_the_tables_are_made_it_is_not(config: Config, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    client = create_app(config, engine=engine).test_client()
    assert client.get("/healthz").status_code == 503
    state = client.get("/readyz").json
    assert state is not None
    assert state["database"] == {"ok": True}
    assert state["migrations"]["ok"] is False
    assert state["index"] == {"ok": False, "why": "not asked"}
    migrations.upgrade(engine)
    assert client.get("/healthz").status_code == 200
    engine.dispose()


def test_a_database_that_is_away_is_said_and_heals(config: Config, tmp_path: Path) -> None:
    folder = tmp_path / "away"
    engine = make_engine(f"sqlite:///{folder / 'site.db'}")
    app = create_app(config, engine=engine)
    client = Client(app)
    assert client.inner.get("/healthz").status_code == 503
    page = client.get("/search?place=97214", 503)
    assert page.response.headers["Retry-After"] == "30"
    assert "We cannot answer just now" in page.words()
    client.get("/")
    folder.mkdir()
    migrations.upgrade(engine)
    assert client.inner.get("/healthz").status_code == 200
    client.get("/search?place=97214")
    engine.dispose()
