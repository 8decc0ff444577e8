"""A practitioner and the places where they are listed."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from pydantic import Field, WithJsonSchema

from directory.api.v1.models.parts import (
    Answer,
    ClaimsApart,
    Fact,
    Known,
    KnownApart,
    Language,
    Links,
    Point,
    Prices,
    Word,
)

Clock = Annotated[time, WithJsonSchema({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$"})]
"""An hour of the day without a zone, which RFC 3339, and so ``format: time``, does not know."""


class Hours(Answer):
    """One opening interval, by the clock of the place."""

    weekday: int = Field(ge=0, le=6, description="0 is Monday.")
    opens: Clock
    closes: Clock


class Payer(Answer):
    """An insurer that somebody says has paid for visits here; their own statement."""

    code: str
    name: str
    stated_on: date


class PracticePlace(Answer):
    """A place where somebody is listed today. Everything but the listing itself is their own word."""

    id: int
    practitioner: str = Field(description="The slug of whoever works here.")
    fictional: bool = Field(description="Whether this person is made up, for trying the site.")
    label: str
    title: str | None = Field(description="The title this person uses here.")
    address: str = Field(description="As everybody may read it; a hidden home has its area only.")
    locality: str
    country: str = Field(description="ISO 3166-1.")
    jurisdiction: str | None = Field(description="By whose rules somebody is listed here.")
    timezone: str
    telephone: str | None
    point: Point
    meets: tuple[Word, ...] = Field(description="How patients are met from here.")
    home_visit_radius_km: float | None = Field(description="How far they say they come; null where they do not.")
    new_patients: Known
    prices: Prices | None
    payers: tuple[Payer, ...]
    hours: tuple[Hours, ...]
    step_free: bool | None = Field(description="From street to table, they say; null where nothing is said.")
    facts: tuple[Fact, ...] = Field(description="The same and more as the profile says it.")
    rests_on: KnownApart = Field(description="What the listing here rests on.")
    notes: tuple[str, ...] = Field(description="What must be read with it: public orders, or that no licence exists.")


class PracticePlaceAnswer(Answer):
    """One place."""

    place: PracticePlace
    limits: str = Field(description="What our checks are not.")
    links: Links


class Practitioner(Answer):
    """Everything a patient may know about somebody who is listed today."""

    slug: str
    name: str
    fictional: bool = Field(description="Whether this person is made up, for trying the site.")
    profession: Word
    title: str
    gender: Word
    npi: str | None = Field(description="National Provider Identifier, in the United States.")
    website: str | None
    attested: str = Field(description="When they last said that all this is true.")
    attested_on: date | None
    notes: tuple[str, ...] = Field(description="What must be read first: public orders, or that no licence exists.")
    papers: ClaimsApart = Field(description="Licence, membership, insurance and whose profile this is.")
    rls: ClaimsApart = Field(description="Experience with restless legs syndrome (RLS).")
    pregnancy: ClaimsApart = Field(
        description="Empty unless everything we ask for in pregnancy is in place for the weeks they name."
    )
    pregnancy_said: str
    about: tuple[Fact, ...] = Field(description="Their own word.")
    way_of_working: tuple[Fact, ...] = Field(description="Their own word.")
    languages: tuple[Language, ...]
    techniques: tuple[Word, ...]
    min_patient_age: int
    words: str = Field(description="A sentence or two of their own.")
    places: tuple[PracticePlace, ...]


class PractitionerAnswer(Answer):
    """One practitioner."""

    practitioner: Practitioner
    limits: str = Field(description="What our checks are not.")
    changed_at: datetime | None = Field(description="When what is shown last changed, as far as it is noted.")
    links: Links
