"""Street maps of another host, where the operator has named one: offered, and never asked before a visitor says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from config import Config


@dataclass(frozen=True, slots=True)
class Streets:
    """Where street maps come from. ``template`` holds {z}, {x} and {y}."""

    template: str
    credit: str
    host: str


def offered(config: Config) -> Streets | None:
    """The street maps of this site, if it has any."""
    if not config.map_tile_url:
        return None
    return Streets(config.map_tile_url, config.map_tile_credit, urlsplit(config.map_tile_url).hostname or "")


def origin(config: Config) -> str:
    """The one origin that pages with a map may load images from; empty where there is none."""
    parts = urlsplit(config.map_tile_url)
    return f"{parts.scheme}://{parts.netloc}" if config.map_tile_url else ""
