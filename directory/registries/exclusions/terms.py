"""The words of the exclusion list."""

from __future__ import annotations

from enum import StrEnum


class By(StrEnum):
    """What an entry and somebody of ours have in common."""

    NUMBER = "number"
    """The NPI: the list means them."""
    NAME = "name"
    """Only the name: it may be somebody else."""


class Reason(StrEnum):
    """One thing that speaks for an entry being about somebody, or against it."""

    NUMBER = "number"
    FAMILY_NAME = "family_name"
    FAMILY_NAME_PART = "family_name_part"
    """One of two family names."""
    FIRST_NAME = "first_name"
    FIRST_NAME_VARIANT = "first_name_variant"
    """Another form of the same name: Bob and Robert."""
    FIRST_NAME_INITIAL = "first_name_initial"
    MIDDLE_NAME = "middle_name"
    OTHER_MIDDLE_NAME = "other_middle_name"
    STATE = "state"
    OTHER_STATE = "other_state"
    CITY = "city"
    ACUPUNCTURE = "acupuncture"
    """The list says that they were acupuncturists."""
    BIRTH = "birth"
    OTHER_BIRTH = "other_birth"
    OTHER_NAME = "other_name"
    """The number is theirs and the name is not."""
    FITS_ANOTHER_BETTER = "fits_another_better"
    """Somebody else of ours is nearer to what the list says."""


class Standing(StrEnum):
    """Whether an entry says that somebody is excluded on a day, where they work."""

    EXCLUDED = "excluded"
    REINSTATED = "reinstated"
    WAIVED = "waived"
    """Excluded, and allowed to go on in the only state in which they work."""


class Freshness(StrEnum):
    """Whether the list can be relied on. Only ``CHECKED`` ever lets somebody say "not on the list"."""

    CHECKED = "checked"
    STALE = "stale"
    NEVER = "never"
