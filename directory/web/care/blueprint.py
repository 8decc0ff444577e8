"""What the pages around visits share. They keep nothing: what somebody types comes back on paper or as a file."""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template

from directory.http.site import site

pages: Final = Blueprint("care", __name__, url_prefix="/care")


@pages.get("")
def index() -> str:
    """What there is for the time before, between and after visits."""
    return render_template("care/index.html")


def today_in(zone: str) -> date:
    """The day it is in a time zone."""
    return site().clock().astimezone(ZoneInfo(zone)).date()


def calendar_file(content: bytes, name: str) -> Response:
    """A calendar file to take away."""
    response = Response(content, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
