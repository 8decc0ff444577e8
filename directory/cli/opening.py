"""What most commands begin with: the settings, the keys, the log and an engine over the database they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine, make_url

from directory import logs, settings
from directory.crypto import keyring
from directory.db import make_engine

if TYPE_CHECKING:
    from config import Config


@contextmanager
def opened() -> Iterator[tuple[Config, Engine]]:
    """The settings and an engine; the engine is disposed of at the end."""
    config = settings.load()
    logs.configure(config.log_level)
    if not config.production:
        config.var_dir.mkdir(parents=True, exist_ok=True)
    keyring.install(config.encryption_keys)
    engine = make_engine(config.database_url, timeout_seconds=config.database_timeout_seconds)
    try:
        yield config, engine
    finally:
        engine.dispose()


def plain_address(url: str) -> str:
    """The database's address, without its password, as it may be printed."""
    return make_url(url).render_as_string(hide_password=True)
