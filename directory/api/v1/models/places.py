"""Places that somebody may mean, and the jurisdictions they lie in."""

from __future__ import annotations

from pydantic import Field

from directory.api.v1.models.parts import Answer, Links, Point, Word


class Place(Answer):
    """A place somebody meant."""

    label: str
    country: str = Field(description="ISO 3166-1; empty on the high seas.")
    jurisdiction: str | None = Field(description="By whose rules somebody is listed there; null where nobody is.")
    timezone: str
    point: Point


class Suggestion(Answer):
    """A place to offer; `query` sent back means just this one."""

    label: str
    query: str


class PlacesAnswer(Answer):
    """What a text means."""

    found: Place | None = Field(description="The place, where the text means only one.")
    said: str = Field(description="Why there is none, for people; empty where there is one.")
    suggestions: tuple[Suggestion, ...]
    links: Links


class Jurisdiction(Answer):
    """Whose rules hold somewhere, and what they ask."""

    code: str
    name: str
    country: str = Field(description="ISO 3166-1.")
    regime: Word
    listing: bool = Field(description="Whether anybody is listed there at all.")
    titles: str | None
    kept_by: str | None = Field(description="Who keeps the register.")
    lookup: str | None = Field(description="Where it is read.")
    renewal: str | None
    accepted_bodies: tuple[str, ...] = Field(description="Whose members are listed where no law asks for a licence.")
    local_papers: Word | None = Field(description="Whether papers of a local council are asked for.")
    source: str | None


class JurisdictionAnswer(Answer):
    """One jurisdiction."""

    jurisdiction: Jurisdiction
    links: Links


class JurisdictionsAnswer(Answer):
    """All of them, by code."""

    jurisdictions: tuple[Jurisdiction, ...]
    links: Links
