"""Small objects that several answers hold."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """An object that never changes and holds nothing but what it says."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Word(Answer):
    """A word of a closed list."""

    code: str = Field(description="The same in every language and release of version 1.")
    said: str = Field(description="For people, in the language of the answer.")


class Known(Answer):
    """One thing that is known of somebody, and how."""

    mark: Literal["checked", "shown", "stated", "missing", "ask"] = Field(
        description="checked: we looked at the source itself. shown: we have seen a document. stated: their own word. "
        "missing: nothing was told. ask: it was said a while ago, or nobody knows."
    )
    said: str
    how: str = Field(default="", description="With whom and when, in a sentence; empty where there is nothing to add.")


class KnownApart(Answer):
    """What was looked at, and what is only somebody's own word, never mixed."""

    checked: tuple[Known, ...] = Field(description="Marks checked and shown only.")
    stated: tuple[Known, ...] = Field(description="Marks stated, missing and ask only.")


class Claim(Answer):
    """One line of a profile: what is claimed, what is known of it, and what comes next."""

    claim: str
    mark: Literal["checked", "shown", "stated", "missing", "ask"]
    said: str
    next: str | None = Field(default=None, description="What is looked at next, or by when it is renewed.")
    register_url: str | None = Field(default=None, description="Where the register itself can be read.")


class ClaimsApart(Answer):
    """Claims that were looked at, and those that are only somebody's own word, never mixed."""

    checked: tuple[Claim, ...] = Field(description="Marks checked and shown only.")
    stated: tuple[Claim, ...] = Field(description="Marks stated, missing and ask only.")


class Fact(Answer):
    """A fact as a profile says it: its name and what is said."""

    name: str
    said: str


class Point(Answer):
    """A point on the map in degrees (WGS 84)."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    precision: str = Field(
        description="What it stands for. Anything but exact is the middle of an area; a hidden home has no other point."
    )


class Language(Answer):
    """A language that is spoken at work."""

    code: str = Field(description="BCP 47.")
    name: str
    level: Word
    spoken_by: Word


class Prices(Answer):
    """What somebody says they charge; a price that is not stated is null."""

    currency: str = Field(description="ISO 4217.", min_length=3, max_length=3)
    first_talk: str | None = Field(description="A decimal number.")
    first_visit: str | None = Field(description="A decimal number.")
    follow_up: str | None = Field(description="A decimal number.")


class Links(Answer):
    """Where else this can be read."""

    self: str = Field(description="This answer, here.")
    page: str | None = Field(default=None, description="The page for people.")
    next: str | None = Field(default=None, description="The next page of the same list.")
