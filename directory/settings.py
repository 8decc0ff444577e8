"""The settings of this process, read with ``config.py`` where it lies: beside the package, or inside it in the wheel.

``import config`` would take whatever module of that common name comes first on the path, so it is loaded by its file.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from directory.errors import DomainError
from directory.paths import CONFIG

if TYPE_CHECKING:
    from config import Config

_NAME = "stillpoint_config"
_UNNAMED_SITE = "http://127.0.0.1"
"""What stands in for SITE_URL in development."""


class SettingsError(DomainError):
    """A setting is missing or makes no sense; the sentence names it."""

    code = "settings"


def load() -> Config:
    """The settings from the environment and the current folder's ``.env``; ``SettingsError`` names the wrong ones."""
    module = _module()
    try:
        config: Config = module.Config.from_environment(os.environ, cwd=Path.cwd())
    except module.ConfigError as error:
        raise SettingsError(str(error)) from error
    return config


def listen_at(config: Config, address: str) -> None:
    """Let letters, feeds and addresses for programs lead to where a laptop listens, port and all, in this process and
    those it starts, unless a setting names the site."""
    if not config.production and config.site_url == _UNNAMED_SITE:
        os.environ["SITE_URL"] = address


def _module() -> ModuleType:
    if _NAME not in sys.modules:
        spec = importlib.util.spec_from_file_location(_NAME, CONFIG)
        if spec is None or spec.loader is None:
            raise SettingsError(f"The settings cannot be read: {CONFIG} is not a Python file.")
        module = importlib.util.module_from_spec(spec)
        # Dataclasses look their module up by its name while they are made.
        sys.modules[_NAME] = module
        spec.loader.exec_module(module)
    return sys.modules[_NAME]
