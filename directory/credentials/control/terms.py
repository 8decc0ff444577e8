"""The closed lists of words of proving who somebody is."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """How it was proved. The words are those of decisions (``decisions.terms.Method``)."""

    REGISTER_TELEPHONE = "register_telephone"
    LETTER_CODE = "letter_code"
    CERTIFIER_MAILBOX = "certifier_mailbox"
    IDENTITY_CHECK = "identity_check"


class Origin(StrEnum):
    """Who says that somebody is reached there."""

    NPPES = "nppes"
    """The national register, as taken in from its file."""
    REGISTER = "register"
    """The register's own page, as read by the desk."""
    CERTIFIER = "certifier"
    """The certifying body's own page."""
    APPLICANT = "applicant"
    """Whoever applies. That never proves anything."""


class Answer(StrEnum):
    """What came of a call."""

    THEMSELVES = "themselves"
    """The person whom the register names, and the registration is theirs."""
    NOT_THEIRS = "not_theirs"
    """The person whom the register names, who knows nothing of the registration."""
    SOMEBODY_ELSE = "somebody_else"
    NO_ANSWER = "no_answer"


class Paper(StrEnum):
    """What kind of identity paper was seen. Its number is never kept."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    DRIVING_LICENCE = "driving_licence"
    RESIDENCE_PERMIT = "residence_permit"


class Look(StrEnum):
    """How it was seen."""

    VIDEO = "video"
    IN_PERSON = "in_person"
    NOTARY = "notary"


class LetterState(StrEnum):
    """How a letter with a code stands."""

    LIVE = "live"
    USED = "used"
    DEAD = "dead"
    """Too many wrong tries."""
    EXPIRED = "expired"


class Tried(StrEnum):
    """What came of typing a code."""

    RIGHT = "right"
    WRONG = "wrong"
    DEAD = "dead"
    EXPIRED = "expired"
    NONE = "none"
    """No letter was sent to this person."""
