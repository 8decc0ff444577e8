"""The address under which evidence lies, and where its files are kept."""

from __future__ import annotations

from flask import Blueprint, Response

from directory.credentials.evidence.scanner import Scanner
from directory.credentials.evidence.store import Store
from directory.http import headers
from directory.http.site import site

pages = Blueprint("evidence", __name__, url_prefix="/evidence")


@pages.before_request
def _personal() -> None:
    headers.personal()


@pages.after_request
def _keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def store() -> Store:
    """The folder of files."""
    return Store(site().config.evidence_dir)


def scanner() -> Scanner:
    """The virus scanner, or none."""
    return Scanner(site().config.clamd)
