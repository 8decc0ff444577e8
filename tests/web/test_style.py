"""The style page: every part draws, in development; in production there is no such page."""

from __future__ import annotations

import re

import pytest

from config import Config
from directory.app import create_app
from directory.db import make_engine
from directory.paths import STATIC
from tests.web.client import Client


def test_it_draws_every_token_and_every_sign(client: Client) -> None:
    page = client.get("/style")
    shown = {
        each.get("class", "").rpartition("--")[2] for each in page.all("span") if "swatch--" in each.get("class", "")
    }
    sheet = (STATIC / "site.css").read_text(encoding="utf-8")
    assert shown == set(re.findall(r"--([a-z-]+): #[0-9a-f]{6};", sheet))
    classes = (STATIC / "style-page.css").read_text(encoding="utf-8")
    assert all(f".swatch--{name} " in classes for name in shown)
    drawn = set(re.findall(r"icons\.svg[^#\"]*#([a-z]+)", page.text))
    assert set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8"))) <= drawn


def test_production_has_no_style_page(tmp_path_factory: pytest.TempPathFactory, config: Config) -> None:
    folder = tmp_path_factory.mktemp("production")
    settings = {
        "STILLPOINT_ENV": "production",
        "SECRET_KEY": config.secret_key,
        "ENCRYPTION_KEYS": ",".join(config.encryption_keys),
        "DATABASE_URL": f"sqlite:///{folder}/stillpoint.db",
        "SITE_URL": "https://example.org",
        "TRUSTED_HOSTS": "localhost",
        "OPERATOR_NAME": "Somebody",
        "OPERATOR_EMAIL": "somebody@example.org",
        "OPERATOR_ADDRESS": "1 Example Street",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_FROM": "Stillpoint <hello@directory.example.org>",
    }
    app = create_app(Config.from_environment(settings, cwd=folder), engine=make_engine("sqlite://"))
    Client(app, base="https://localhost").get("/style", 404)
