"""The address under which every step lies, and the pair of routes that a step is."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

pages = Blueprint("registration", __name__, url_prefix="/registration")

View = Callable[..., ResponseReturnValue]


def step(rule: str, endpoint: str) -> Callable[[View], View]:
    """One view under two endpoints: ``endpoint`` shows the form, ``save_`` and its name takes what was sent from it."""

    def register(view: View) -> View:
        pages.add_url_rule(rule, endpoint, view, methods=["GET"])
        pages.add_url_rule(rule, f"save_{endpoint}", view, methods=["POST"])
        return view

    return register
