"""The address under which the desk lies, and the rooms that its frame leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint
from flask_babel import LazyString

from directory.accounts import permissions
from directory.accounts.terms import Permission
from directory.http import who
from directory.http.locale import lazy_gettext as _l

pages = Blueprint("desk", __name__, url_prefix="/desk")


@dataclass(frozen=True, slots=True)
class Room:
    """One part of the desk: the route of its first page, its name, and who may enter."""

    route: str
    name: LazyString
    needs: Permission = Permission.VERIFY_CLAIMS


ROOMS: Final = (
    Room("desk.queue", _l("Queue")),
    Room("desk.rosters", _l("Rosters")),
    Room("desk.forecast", _l("Forecast")),
    Room("desk.figures", _l("Figures")),
    Room("desk.calls", _l("Calls")),
    Room("desk.staff", _l("Staff"), needs=Permission.ADMINISTER),
    Room("desk.jobs", _l("Jobs"), needs=Permission.ADMINISTER),
    Room("desk.log", _l("Log"), needs=Permission.ADMINISTER),
    Room("desk.api_keys", _l("Keys"), needs=Permission.ADMINISTER),
    Room("desk.jurisdictions", _l("Jurisdictions"), needs=Permission.ADMINISTER),
)


@pages.context_processor
def _rooms() -> dict[str, object]:
    roles = who.account().roles
    return {"rooms": [room for room in ROOMS if permissions.may(roles, room.needs)]}
