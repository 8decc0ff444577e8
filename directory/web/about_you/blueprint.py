"""The screens about a patient, their order, and the ways between them."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, request, url_for

from directory.http import readable
from directory.http.locale import lazy_gettext as _l
from directory.web import addresses

pages = Blueprint("about_you", __name__, url_prefix="/about-you")

STEPS: Final = {
    "pregnancy": _l("Pregnancy"),
    "signs": _l("Signs that cannot wait"),
    "health": _l("What makes needling a question"),
    "needles": _l("Needles"),
    "age": _l("Age"),
    "wishes": _l("What matters to you"),
}
"""The endpoints of the screens in their order, with what each is about.

Their addresses are numbers, so that no history of a browser and no log tells on which of them somebody stayed.
"""


def step_address(step: str) -> str:
    """Where a screen is, with the list to which one goes back in its address."""
    return addresses.of(addresses.asked(request.args), endpoint=f"about_you.{step}")


def list_address() -> str:
    """The list from which somebody came; the first page where they came from none."""
    asks = addresses.asked(request.args)
    return addresses.of(asks) if asks.get("place") else url_for("home.ask")


def after(step: str) -> str:
    """Where one goes on from a screen: the next one, and the list from the last."""
    names = list(STEPS)
    at = names.index(step) + 1
    return step_address(names[at]) if at < len(names) else list_address()


def before(step: str) -> str:
    """The screen before; the overview before the first."""
    names = list(STEPS)
    at = names.index(step)
    return step_address(names[at - 1]) if at else step_address("overview")


def go(address: str) -> Response:
    """A redirect that ends the POST."""
    return make_response(redirect(address, 303))


def back_to(wanted: str | None) -> Response:
    """Back to the page of ours from which a small form was sent; to the list where it named none."""
    parts = urlsplit(wanted or "")
    local = not parts.scheme and not parts.netloc and parts.path.startswith("/") and "\\" not in (wanted or "")
    return go(wanted if wanted and local and readable.is_page(parts.path) else list_address())
