"""The console command ``stillpoint``. A refusal is one plain sentence on stderr and exit code 1, never a traceback."""

from __future__ import annotations

import gc
import importlib
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import Any

import click

from directory import db, logs
from directory.errors import DomainError

_COMMANDS = {
    "serve": "directory.cli.serve:serve",
    "db": "directory.cli.database:database",
    "reference": "directory.cli.database:reference",
    "seed-demo": "directory.cli.demo:seed_demo",
    "judge": "directory.cli.judge:judge",
    "import-nppes": "directory.cli.import_nppes:import_nppes",
    "import-roster": "directory.cli.import_roster:import_roster",
    "import-exclusions": "directory.cli.import_exclusions:import_exclusions",
    "gazetteer": "directory.cli.gazetteer:gazetteer",
    "registry": "directory.cli.registry:registry",
    "cases": "directory.cli.cases:cases",
    "guide": "directory.cli.guide:guide",
    "jobs": "directory.cli.jobs:jobs",
    "mail": "directory.cli.mail:mail",
    "audit": "directory.cli.audit:audit",
    "legal-hold": "directory.cli.legal_hold:legal_hold",
    "backup": "directory.cli.backup:backup",
    "restore": "directory.cli.backup:restore",
    "admin": "directory.cli.admin:admin",
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
        command: click.Command = getattr(_loaded(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as error:
            raise click.ClickException(str(error)) from error
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            raise click.ClickException(_plainly(error)) from error


def _loaded(module: str) -> ModuleType:
    # What is loaded stays until the end: looking through it for garbage while it grows is a fifth of the time it takes.
    was_on = gc.isenabled()
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        if was_on:
            gc.enable()


def _plainly(error: Exception) -> str:
    """One sentence about a fault nobody foresaw, with what a developer needs and none of the values in play."""
    if db.is_unavailable(error):
        return f"The database does not answer or cannot be written to ({_kind(error)})."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f': {error.filename}' if error.filename else ''}."
    told = logs.described(error)
    where = told["stack"][-1] if told["stack"] else "nowhere"
    return f"Something unexpected went wrong: {_kind(error)} at {where}."


def _kind(error: Exception) -> str:
    told = logs.described(error)
    return " ".join(str(each) for each in (told["type"].rpartition(".")[2], told.get("code")) if each)


@click.group(cls=_Stillpoint)
@click.version_option(_version(), prog_name="stillpoint")
def main() -> None:
    """Stillpoint: a directory of acupuncturists for people with restless legs syndrome (RLS)."""
