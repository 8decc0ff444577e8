"""Compiled templates kept on disk, so that a process that starts need not compile them before its first page."""

from __future__ import annotations

from pathlib import Path

import structlog
from flask import Flask
from jinja2.bccache import Bucket, FileSystemBytecodeCache

_log = structlog.get_logger("stillpoint.web")


class _Kept(FileSystemBytecodeCache):
    """Jinja's own cache, which checks each template's source; here a disk that refuses costs time and no page."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one compiled template, if that can be done."""
        try:
            super().dump_bytecode(bucket)
        except OSError as error:
            _log.warning("template_not_kept", reason=error.strerror or str(error))


def init_app(app: Flask, folder: Path) -> None:
    """Keep compiled templates in this folder, which only this user may read or write."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_mode & 0o022:
            # What lies there is run. Where others may write, nothing is.
            raise PermissionError(f"others may write to {folder}")
    except OSError as error:
        _log.warning("template_not_kept", reason=error.strerror or str(error))
        return
    app.jinja_env.bytecode_cache = _Kept(str(folder))
