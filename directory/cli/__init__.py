"""The console command ``stillpoint``. A refusal is one plain sentence on stderr and exit code 1, never a traceback."""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from directory.errors import DomainError

_COMMANDS = {
    "serve": "directory.cli.serve:serve",
    "db": "directory.cli.database:database",
    "reference": "directory.cli.database:reference",
    "seed-demo": "directory.cli.demo:seed_demo",
    "judge": "directory.cli.judge:judge",
    "backup": "directory.cli.backup:backup",
    "restore": "directory.cli.backup:restore",
    "keys": "directory.cli.keys:keys",
}


def _version() -> str:
    try:
        return version("stillpoint")
    except PackageNotFoundError:
        return "not installed"


class _Stillpoint(click.Group):
    """Loads a command's module when it is asked for: numpy and Alembic take longer to load than help to print."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Stillpoint)
@click.version_option(_version(), prog_name="stillpoint")
def main() -> None:
    """Stillpoint: a directory of acupuncturists for people with restless legs syndrome (RLS)."""
