"""The closed list of words of duplicates."""

from __future__ import annotations

from enum import StrEnum


class Sign(StrEnum):
    """What two profiles have in common, or differ in though one person has but one."""

    NPI = "npi"
    LICENCE_NUMBER = "licence_number"
    NAME = "name"
    NAME_PARTS = "name_parts"
    TOWN = "town"
    TELEPHONE = "telephone"
    WEBSITE = "website"
    EMAIL = "email"
    OTHER_NPI = "other_npi"
    OTHER_NUMBER = "other_number"
