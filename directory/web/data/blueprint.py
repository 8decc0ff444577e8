"""The page about the data, and where the parts of this package put their routes."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from directory.http import headers
from directory.http.site import site
from directory.web.data.columns import BETWEEN, COLUMNS, ORIGINS

pages = Blueprint("data", __name__, url_prefix="/data")


@pages.get("")
def index() -> str:
    """What there is, what each field means and where it comes from, and what may be done with it."""
    return render_template("data/index.html", columns=COLUMNS, origins=ORIGINS, between=BETWEEN, config=site().config)


@pages.after_request
def _open(response: Response) -> Response:
    """Scripts of any site may read the data, which are the same for everybody; the page about them is ours."""
    return response if request.endpoint == "data.index" else headers.open_to_scripts(response)
