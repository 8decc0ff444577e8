"""The words of this feature: closed lists that tables, rules, forms and the search share."""

from __future__ import annotations

from enum import StrEnum

from directory.screening.terms import Condition


class Profession(StrEnum):
    """What the person is by training; who may be listed is decided from credentials, never from this word alone."""

    ACUPUNCTURIST = "acupuncturist"
    PHYSICIAN = "physician"
    PHYSIOTHERAPIST = "physiotherapist"
    DRY_NEEDLING = "physical_therapist_dry_needling"
    NURSE = "nurse"
    MIDWIFE = "midwife"


class AccountStatus(StrEnum):
    """Where a profile stands. Only ``PUBLISHED`` can ever be seen by the public."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    SUSPENDED = "suspended_by_admin"
    CLOSED = "closed"
    """They practise no longer; only two people of the desk together can change that."""


class Gender(StrEnum):
    """As the practitioner states it; patients may ask for one."""

    FEMALE = "female"
    MALE = "male"
    NON_BINARY = "non_binary"
    UNSPECIFIED = "unspecified"


class Accepting(StrEnum):
    """Whether new patients are taken at a place. Nobody is hidden for ``UNKNOWN``; it is labelled."""

    YES = "yes"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class PointPrecision(StrEnum):
    """What the stored point stands for: a building, a postcode's centre, or a wider area such as a hidden home's."""

    EXACT = "exact"
    POSTCODE = "postcode"
    AREA = "area"


class LanguageLevel(StrEnum):
    """How well a language is spoken."""

    BASIC = "basic"
    CONVERSATIONAL = "conversational"
    FLUENT = "fluent"
    NATIVE = "native"


class SpokenBy(StrEnum):
    """Whose language it is."""

    PRACTITIONER = "practitioner"
    STAFF = "staff"
    INTERPRETER = "interpreter"


class Technique(StrEnum):
    """How the practitioner works."""

    MANUAL = "manual"
    ELECTRO = "electro"
    ACUPRESSURE = "acupressure"
    LASER = "laser"
    TEISHIN = "teishin"
    AURICULAR = "auricular"
    MOXIBUSTION = "moxibustion"

    @property
    def inserts_needles(self) -> bool:
        """Whether this method breaks the skin."""
        return self in (Technique.MANUAL, Technique.ELECTRO, Technique.AURICULAR)


class Protocol(StrEnum):
    """A written way of working that the practitioner declares."""

    ANTICOAGULANT_BLEEDING = "anticoagulant_bleeding_protocol"
    LYMPHOEDEMA_LIMB = "lymphoedema_limb_avoidance"


class Availability(StrEnum):
    """Parts of the week a patient may ask for; derived from opening hours, see ``practitioners.rules``."""

    WEEKDAY_DAY = "weekday_day"
    EVENING = "evening"
    WEEKEND = "weekend"


PROTOCOL_FOR: dict[Condition, Protocol] = {
    Condition.ANTICOAGULANT: Protocol.ANTICOAGULANT_BLEEDING,
    Condition.BLEEDING_DISORDER: Protocol.ANTICOAGULANT_BLEEDING,
    Condition.LYMPHOEDEMA: Protocol.LYMPHOEDEMA_LIMB,
}
