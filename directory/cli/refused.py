"""How a command says that the file it was given is at fault, and not the system."""

from __future__ import annotations

import click


class FileRefused(click.ClickException):
    """A file that cannot be used, in one sentence; exit code 2, and nothing was changed."""

    exit_code = 2

    def __init__(self, refusal: str) -> None:
        super().__init__(refusal if "Nothing was" in refusal else f"{refusal} Nothing was changed.")
