"""How true the directory is, as it measures itself every day."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from directory.api.v1.models.parts import Answer, Fact, Links


class Figures(Answer):
    """Shares from 0 to 1; null where one would speak of too few people or calls."""

    listed: int
    licence_checked_share: float | None
    licence_check_median_age_days: float | None
    confirmed_share: float | None
    rls_caseload_checked_share: float | None
    pregnancy_training_checked_share: float | None
    calls: int
    reached_share: float | None


class FiguresOf(Figures):
    """Of one jurisdiction."""

    jurisdiction: str


class Patients(Answer):
    """What patients told us after a request, apart from our own calls."""

    meaning: str
    told: int
    reached_share: float | None
    no_answer_share: float | None
    wrong_number_share: float | None
    not_taking_share: float | None


class AccuracyAnswer(Answer):
    """The newest measurement."""

    measured_on: date | None = Field(description="Null before anything was measured.")
    fewest_told: int = Field(description="Of fewer people or calls no share is told.")
    definitions: tuple[Fact, ...]
    patients: Patients
    everywhere: Figures | None
    jurisdictions: tuple[FiguresOf, ...]
    links: Links
