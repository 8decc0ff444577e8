"""What the index says is shown, against the rules asked about everybody, at any hour."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from directory.geo.distance import distance_km
from directory.jurisdictions import queries as jurisdictions
from directory.search import listings
from directory.search.loader import IndexHolder
from directory.search.shown import ShownHolder
from directory.search.visible import open_places
from tests.db.search.conftest import counted
from tests.db.search.people import NOW, PORTLAND, add, crowd


def judged(session: Session, now: datetime) -> dict[int, int]:
    """Every place that the rules allow to be shown, with whose it is."""
    rules = jurisdictions.all_rules(session)
    return {
        each.listing.place.id: each.listing.practitioner.id
        for each in open_places(listings.read(session), rules, now=now)
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_places_shown_are_those_that_the_rules_allow(town: Session, holder: IndexHolder, seed: int) -> None:
    crowd(town, 120, random.Random(seed))
    town.commit()
    shown = ShownHolder()
    for hours in (0, 5, 10, 11, 24, 48, 24 * 45):
        now = NOW + timedelta(hours=hours)
        found = shown.current(town, holder, now=now)
        assert dict(zip(found.places.tolist(), found.practitioners.tolist(), strict=True)) == judged(town, now)
        assert found.places.tolist() == sorted(found.places.tolist())


def test_distances_are_those_from_the_public_points(town: Session, holder: IndexHolder) -> None:
    crowd(town, 60, random.Random(7))
    town.commit()
    found = ShownHolder().current(town, holder, now=NOW)
    points = {each.place.id: (each.place.latitude, each.place.longitude) for each in listings.read(town)}
    latitude, longitude = PORTLAND.latitude, PORTLAND.longitude
    for place, km in zip(found.places.tolist(), found.km_from(latitude, longitude).tolist(), strict=True):
        assert km == pytest.approx(distance_km(latitude, longitude, *points[place]), abs=1e-6)


def test_nothing_is_asked_twice_while_nothing_changes(town: Session, holder: IndexHolder) -> None:
    add(town, "somebody")
    town.commit()
    shown = ShownHolder()
    with counted(town) as first:
        before = shown.current(town, holder, now=NOW)
    with counted(town) as again:
        assert shown.current(town, holder, now=NOW + timedelta(seconds=20)) is before
    assert len(again) == 1 < len(first)
    add(town, "somebody else")
    town.commit()
    after = shown.current(town, holder, now=NOW)
    assert len(after.places) == len(before.places) + 1
