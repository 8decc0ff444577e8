"""Addresses of static files carry a hash of their content, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask


def init_app(app: Flask) -> None:
    """Add ``?v=…`` to every address ``url_for("static", …)`` makes."""
    folder = Path(app.static_folder or ".")
    known: dict[str, tuple[int, str]] = {}

    @app.url_defaults
    def _fingerprint(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values and isinstance(values.get("filename"), str):
            path = folder / values["filename"]
            if path.is_file():
                values["v"] = _hash(path, known)


def _hash(path: Path, known: dict[str, tuple[int, str]]) -> str:
    """The first 16 hexadecimal digits of the file's SHA-256, read again only when the file has changed."""
    changed = path.stat().st_mtime_ns
    kept = known.get(str(path))
    if kept is None or kept[0] != changed:
        kept = (changed, hashlib.sha256(path.read_bytes()).hexdigest()[:16])
        known[str(path)] = kept
    return kept[1]
