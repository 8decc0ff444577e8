"""What the pages work with: settings, database, places, search index, names, counts and clock of this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from flask import current_app
from sqlalchemy.orm import Session

from directory.figures.tally import Tally
from directory.geo.geocoders import PlaceFinder
from directory.http.unit_of_work import UnitOfWork
from directory.search.loader import IndexHolder
from directory.search.name_index import NameHolder
from directory.search.shown import ShownHolder

if TYPE_CHECKING:
    from config import Config

EXTENSION = "stillpoint"


def utc_now() -> datetime:
    """The instant now."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """One per application."""

    config: Config
    database: UnitOfWork
    index: IndexHolder
    names: NameHolder
    places: PlaceFinder
    shown: ShownHolder = field(default_factory=ShownHolder)
    figures: Tally = field(default_factory=Tally)
    clock: Callable[[], datetime] = utc_now


def site() -> Site:
    """That of the application which answers this request."""
    return cast("Site", current_app.extensions[EXTENSION])


def session() -> Session:
    """The database session of this request."""
    return site().database.session
