"""The list: what it shows, what it refuses, and how its pages fit together."""

from __future__ import annotations

from tests.web.client import Client


def test_a_place_in_the_address_lists_people_as_links_to_their_profiles(client: Client) -> None:
    page = client.get("/search?place=97214")
    assert len(page.slugs()) == 20
    assert page.slugs()[0] in "".join(page.links())
