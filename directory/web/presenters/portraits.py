"""Where the photo of a profile is to be had: the accepted one for everybody, the one that waits for its owner."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from directory.credentials.evidence.models import ProfilePhoto
from directory.credentials.evidence.terms import PhotoState
from directory.practitioners.models import Practitioner


@dataclass(frozen=True, slots=True)
class Portrait:
    """The addresses of a photo. ``large`` is for screens with twice the dots."""

    small: str
    large: str


def mark(photo: ProfilePhoto) -> str:
    """What stands in a photo's address, so that another picture has another address."""
    return photo.sha256[:8]


def public(person: Practitioner, live: ProfilePhoto | None) -> Portrait | None:
    """The accepted photo, as everybody sees it while the profile is visible."""
    if live is None:
        return None
    small, large = (
        url_for(f"practitioners.{endpoint}", slug=person.slug, mark=mark(live)) for endpoint in ("small_photo", "photo")
    )
    return Portrait(small, large)


def own(live: ProfilePhoto | None, newer: ProfilePhoto | None) -> Portrait | None:
    """The photo as its owner may see it before anybody else does: the newest that was not refused."""
    shown = newer if newer is not None and newer.state is PhotoState.WAITING else live
    if shown is None:
        return None
    address = url_for("evidence.photo_file", photo_id=shown.id)
    return Portrait(address, address)
