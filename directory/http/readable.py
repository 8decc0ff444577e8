"""Where a page can be read again. A form that came back refused stands at an address that only takes forms."""

from __future__ import annotations

from urllib.parse import quote

from flask import current_app, request
from werkzeug.exceptions import HTTPException


def is_page(path: str) -> bool:
    """Whether something of ours can be read under this path."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def here() -> str:
    """The address of this page; of a form that was sent, the nearest address above it that can be read."""
    path = request.path
    while path and not is_page(path):
        path = path.rpartition("/")[0]
    query = request.query_string.decode("utf-8", "replace")
    return f"{quote(path or '/')}{'?' if query else ''}{query}"
