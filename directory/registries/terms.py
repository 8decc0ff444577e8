"""The closed lists of words about registers."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """What the register last said of somebody. Only ``SHOWN`` has a page."""

    SHOWN = "shown"
    DEACTIVATED = "deactivated"
    OTHER_WORK = "other_work"
    """No acupuncture among what they say they do any more."""
    ABSENT = "absent"
    """A full file did not name them."""


class ImportState(StrEnum):
    """How far a file has come."""

    READING = "reading"
    """Being read into the staging table, or stopped on the way."""
    APPLIED = "applied"


class Reach(StrEnum):
    """What it means that a file does not name somebody: nothing, unless it is full."""

    FULL = "full"
    PARTIAL = "partial"


class Flaw(StrEnum):
    """Why a row of a file was not taken."""

    COLUMNS = "columns"
    UNREADABLE = "unreadable"
    NPI = "npi"
    TWICE = "twice"
    ENTITY = "entity"
    NAME = "name"
    DATE = "date"
    LONG = "long"

    @property
    def reason(self) -> str:
        """In words, for whoever runs the import."""
        return _REASONS[self]


_REASONS = {
    Flaw.COLUMNS: "it has more or fewer columns than the header",
    Flaw.UNREADABLE: "its quotation marks do not pair",
    Flaw.NPI: "its number is not an NPI: ten digits with a check digit that fits",
    Flaw.TWICE: "its NPI stood in the file before",
    Flaw.ENTITY: "its entity type is neither 1 nor 2, and it is not a deactivated number",
    Flaw.NAME: "it names nobody, or with signs that cannot be read",
    Flaw.DATE: "a date in it is not written MM/DD/YYYY, or lies in the future",
    Flaw.LONG: "a field in it is longer than the register allows",
}
