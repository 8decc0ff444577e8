"""The words of credentials: closed lists that tables, rules and the search share."""

from __future__ import annotations

from enum import StrEnum


class CredentialKind(StrEnum):
    """What sort of paper it is."""

    STATUTORY_LICENCE = "statutory_licence"
    STATUTORY_REGISTRATION = "statutory_registration"
    CERTIFICATION_STATE = "certification_state"
    ACCREDITED_REGISTER = "accredited_register"
    PROFESSIONAL_BODY = "professional_body"
    STATUTORY_OTHER_PROFESSION = "statutory_other_profession"
    LOCAL_AUTHORITY_REGISTRATION = "local_authority_registration"
    SPECIAL_PROCEDURE_LICENCE = "special_procedure_licence"
    PREMISES_APPROVAL = "premises_approval"
    NATIONAL_CERTIFICATION = "national_certification"
    CLEAN_NEEDLE_TECHNIQUE = "clean_needle_technique"
    EDUCATION = "education"
    MATERNITY_TRAINING = "maternity_training"
    RLS_TRAINING = "rls_training"


STATUTORY_ACUPUNCTURE = frozenset(
    {CredentialKind.STATUTORY_LICENCE, CredentialKind.STATUTORY_REGISTRATION, CredentialKind.CERTIFICATION_STATE}
)
"""The kinds that are themselves permission to practise acupuncture somewhere."""


class CredentialStatus(StrEnum):
    """One canonical word for what registers say in many (the raw word is kept beside it)."""

    ACTIVE = "active"
    ACTIVE_WITH_CONDITIONS = "active_with_conditions"
    PROBATION = "probation"
    EXPIRED_GRACE = "expired_grace"
    TEMPORARY = "temporary"
    PENDING = "pending"
    INACTIVE = "inactive"
    EXEMPT = "exempt"
    REGISTERED_NOT_PRACTISING = "registered_not_practising"
    DELINQUENT = "delinquent"
    EXPIRED = "expired"
    LAPSED = "lapsed"
    RETIRED = "retired"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    DECEASED = "deceased"
    SUSPENDED = "suspended"
    INTERIM_SUSPENDED = "interim_suspended"
    REVOKED = "revoked"
    SURRENDERED = "surrendered"
    DENIED = "denied"
    UNKNOWN = "unknown"


PERMITS_PRACTICE = frozenset(
    {
        CredentialStatus.ACTIVE,
        CredentialStatus.ACTIVE_WITH_CONDITIONS,
        CredentialStatus.PROBATION,
        CredentialStatus.TEMPORARY,
    }
)
PERMITS_IN_LATE_PERIOD = frozenset({CredentialStatus.EXPIRED_GRACE, CredentialStatus.EXPIRED, CredentialStatus.LAPSED})
"""Only while the register itself says by date that practice may go on."""

ORDERED_TO_STOP = frozenset(
    {
        CredentialStatus.SUSPENDED,
        CredentialStatus.INTERIM_SUSPENDED,
        CredentialStatus.REVOKED,
        CredentialStatus.SURRENDERED,
        CredentialStatus.DENIED,
    }
)
"""Words that close the door even when another paper of the same register looks open."""

STATABLE = (
    CredentialStatus.ACTIVE,
    CredentialStatus.ACTIVE_WITH_CONDITIONS,
    CredentialStatus.PROBATION,
    CredentialStatus.TEMPORARY,
    CredentialStatus.PENDING,
    CredentialStatus.INACTIVE,
    CredentialStatus.EXPIRED,
    CredentialStatus.SUSPENDED,
)
"""What a practitioner may say of a paper of their own; the register's own word stands beside it."""


class ConditionCode(StrEnum):
    """What a register's condition or order means for a listing. The register's text is always shown as well."""

    EXCLUDES_PREGNANCY = "excludes_pregnancy"
    EXCLUDES_MINORS = "excludes_minors"
    SUPERVISED_ONLY = "supervised_only"
    NO_ELECTRO = "no_electro"
    FORBIDS_PRACTICE = "forbids_practice"
    OTHER = "other"


class Verification(StrEnum):
    """How far a self-declared item has been checked."""

    NONE = "none"
    SELF_ATTESTED = "self_attested"
    DOCUMENT_CHECKED = "document_checked"
    INDEPENDENTLY_CONFIRMED = "independently_confirmed"


class CheckMethod(StrEnum):
    """How a credential was checked. ``DOCUMENT_ONLY`` never opens the licence gate."""

    PRIMARY_SOURCE = "primary_source"
    ROSTER_FILE = "roster_file"
    TELEPHONE = "telephone"
    DOCUMENT_ONLY = "document_only"


class OutcomeTracking(StrEnum):
    """How the practitioner follows whether treatment helps."""

    NONE = "none"
    OWN_DIARY = "own_diary"
    VALIDATED_SCALE_ROUTINE = "validated_scale_routine"
    AGGREGATE_REPORTED = "aggregate_reported"


class Liaison(StrEnum):
    """Whether the practitioner works with the patient's doctors or midwives."""

    NONE = "none"
    SELF_ATTESTED = "self_attested"
    CONFIRMED = "confirmed"


class PointPolicy(StrEnum):
    """What the practitioner does about the points many avoid in pregnancy; ``NONE`` fails the pregnancy gate."""

    NONE = "none"
    AVOID_TRADITIONAL_LIST = "avoid_traditional_list_before_37w"
    RISK_BENEFIT_CONSENT = "risk_benefit_with_written_consent"


class Mode(StrEnum):
    """How patient and practitioner meet."""

    IN_PERSON = "in_person"
    HOME_VISIT = "home_visit"
    REMOTE = "telehealth_consult"


class Refusal(StrEnum):
    """Why somebody is not listed, or not for this patient."""

    NOT_PUBLISHED = "not_published"
    HELD = "held"
    HOLDER_NOT_PROVED = "holder_not_proved"
    NOT_ATTESTED = "not_attested"
    NO_INDEMNITY = "no_indemnity"
    DRY_NEEDLING = "dry_needling"
    NO_RULE = "no_rule_for_jurisdiction"
    CLOSED_JURISDICTION = "closed_jurisdiction"
    HIDDEN_JURISDICTION = "hidden_jurisdiction"
    ORDERED_TO_STOP = "ordered_to_stop"
    NOTHING_TO_OFFER = "nothing_to_offer"
    """All that is offered is what a condition on a paper forbids."""
    NO_LICENCE = "no_licence"
    NO_MEMBERSHIP = "no_membership"
    NO_CERTIFICATION = "no_certification"
    NO_LOCAL_PAPERS = "no_local_papers"
    PREGNANCY_NOT_TREATED = "pregnancy_not_treated"
    WEEK_OUTSIDE_WINDOW = "week_outside_window"
    DECLARATION_NOT_CURRENT = "declaration_not_current"
    TRAINING_NOT_CHECKED = "training_not_checked"
    NO_POINT_POLICY = "no_point_policy"
    NO_WRITTEN_CONSENT = "no_written_consent"
    NO_EMERGENCY_POLICY = "no_emergency_policy"
    NO_PREGNANCY_COVER = "no_pregnancy_cover"
    CONDITION_EXCLUDES_PREGNANCY = "condition_excludes_pregnancy"
