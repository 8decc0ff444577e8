"""The resources of the people of one page, made when they are asked for and once each."""

from __future__ import annotations

from collections.abc import Mapping

from directory.api.fhir import resources
from directory.api.fhir.entries import Entry
from directory.api.fhir.formats import Resource
from directory.api.fhir.including import Name, name_of


class Made:
    """What these entries say, as plain JSON."""

    def __init__(self, entries: Mapping[int, Entry], base: str) -> None:
        self._entries = entries
        self._base = base
        self._whole: dict[int, dict[Name, Resource]] = {}

    def one(self, owner: int, kind: str, number: int) -> Resource | None:
        """This resource, where its owner is among those who were read and it is shown."""
        entry = self._entries.get(owner)
        return None if entry is None else resources.plain_one(entry, kind, number, self._base)

    def all_of(self, owner: int) -> Mapping[Name, Resource]:
        """Every resource of one practitioner."""
        if owner not in self._whole:
            made = (
                each for kind in resources.KINDS for each in resources.plain(self._entries[owner], kind, self._base)
            )
            self._whole[owner] = {name_of(each): each for each in made}
        return self._whole[owner]
