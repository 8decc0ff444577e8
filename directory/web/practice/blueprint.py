"""The pages of a practitioner's own practice; each module beside this one adds its own."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("practice", __name__, url_prefix="/practice")
