"""The steps of a registration, and what can be missing in them."""

from __future__ import annotations

from enum import StrEnum


class StepKey(StrEnum):
    """One screen of a registration, in the order in which they are asked; the value stands in its address."""

    WHO = "who"
    EDUCATION = "education"
    LICENCES = "licences"
    PLACES = "places"
    RLS = "rls"
    PREGNANCY = "pregnancy"
    WORK = "work"
    OFFERS = "offers"
    WORDS = "words"
    REVIEW = "review"


class Missing(StrEnum):
    """What a registration cannot be handed in without."""

    NAME = "name"
    EDUCATION = "education"
    LICENCE = "licence"
    INDEMNITY = "indemnity"
    PLACE = "place"
    RLS = "rls"
    """The RLS step was not saved yet. Nothing in it need be claimed."""
    PREGNANCY = "pregnancy"
    """The pregnancy step was not saved yet. "I do not treat in pregnancy" is an answer."""
    PREGNANCY_SIGNATURE = "pregnancy_signature"
    LANGUAGE = "language"
    CLAIMS = "claims"
    """Their own words say something that nobody may advertise."""


class Progress(StrEnum):
    """How a step stands."""

    NOT_SEEN = "not_seen"
    INCOMPLETE = "incomplete"
    DONE = "done"
