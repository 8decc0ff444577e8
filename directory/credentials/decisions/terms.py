"""The closed lists of words of decisions."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What was decided."""

    VERIFIED = "verified"
    """What was claimed was read at its source, and agrees."""
    NOT_CHECKED = "not_checked"
    """The source was away: nothing was read, and what is on record is believed for a while."""
    MORE_INFORMATION = "more_information"
    """The practitioner was asked something."""
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    RESTORED = "restored"
    HELD = "held"
    """Hidden at once while something is looked into; says nothing against anybody."""
    RELEASED = "released"
    """Such a hold was lifted."""
    NO_ACTION = "no_action"
    """Somebody looked, and nothing has to change."""


class Method(StrEnum):
    """How it was checked."""

    PRIMARY_SOURCE = "primary_source"
    """The register's own page on the web."""
    ROSTER_FILE = "roster_file"
    TELEPHONE = "telephone"
    """Whoever keeps the register, by a number of theirs."""
    DOCUMENT_ONLY = "document_only"
    REGISTER_TELEPHONE = "register_telephone"
    """The person, by a telephone number that a register prints."""
    LETTER_CODE = "letter_code"
    """The person, by a code sent on paper to the address that a register prints."""
    CERTIFIER_MAILBOX = "certifier_mailbox"
    """The person, by way of whoever certifies them."""
    IDENTITY_CHECK = "identity_check"
    """The person, by a documented look at an identity paper."""


class ReasonCode(StrEnum):
    """Why something was not granted, or was taken away."""

    NOT_FOUND = "not_found"
    """The register does not know it."""
    NAME_DIFFERS = "name_differs"
    NUMBER_DIFFERS = "number_differs"
    NOT_IN_FORCE = "not_in_force"
    """Expired, inactive or under an order."""
    WRONG_KIND = "wrong_kind"
    """It is not the paper that it was said to be, or does not permit acupuncture."""
    UNREADABLE = "unreadable"
    NOT_PROVED = "not_proved"
    """What was sent does not show it."""
    SOMEBODY_ELSES = "somebody_elses"
    NO_ANSWER = "no_answer"
    DISCIPLINE = "discipline"
    SAFETY = "safety"
    MISLEADING = "misleading"
    DUPLICATE = "duplicate"
    OTHER = "other"
