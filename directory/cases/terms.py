"""The words of work items."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What is to be done."""

    PROFILE_CLAIM = "profile_claim"
    """Somebody says that an entry of a register, or a profile of ours, is theirs."""
    CONTROL = "control"
    """Whether whoever sits at the keyboard is the person whom the papers name."""
    LICENCE = "licence"
    CERTIFICATION = "certification"
    EDUCATION = "education"
    """Education and clean needle technique."""
    INDEMNITY = "indemnity"
    TRAINING = "training"
    RLS_CASELOAD = "rls_caseload"
    PREGNANCY_DECLARATION = "pregnancy_declaration"
    PHOTO = "photo"
    SENSITIVE_EDIT = "sensitive_edit"
    PLAUSIBILITY = "plausibility"
    """A number that is hard to believe, which may still be right."""
    COMPLAINT = "complaint"
    """Somebody says that an entry is wrong, or that something was not as described."""
    HARM = "harm"
    """Somebody was harmed or felt unsafe."""
    HOLD_REVIEW = "hold_review"
    """An interim hold that a second person must look at."""
    APPEAL = "appeal"
    """A practitioner does not agree with what was decided."""
    REGISTER_NEWS = "register_news"
    """A register says something of a person's paper that it did not say before, or does not name it any more."""
    EXCLUSION = "exclusion"
    """An exclusion list names somebody's number, or only somebody of their name."""
    DISPUTE = "dispute"
    """Two people say that they are the same one."""
    DUPLICATE = "duplicate"
    """Two profiles may be of one person."""
    CLOSING = "closing"
    """Somebody says that a practitioner has retired, died or closed."""
    SECOND_LOOK = "second_look"
    """A decision that a second person looks at again."""
    FEEDBACK = "feedback"
    """What a patient says about a service, or what the practitioner answers: read before it is shown."""


class State(StrEnum):
    """Whether anybody still has to do something."""

    OPEN = "open"
    CLOSED = "closed"


class Risk(IntEnum):
    """How much can go wrong while it waits; the desk looks at the smallest number first."""

    URGENT = 0
    HIGH = 1
    USUAL = 2
    LOW = 3
