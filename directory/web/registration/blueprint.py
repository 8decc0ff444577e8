"""The address under which every step lies."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("registration", __name__, url_prefix="/registration")
