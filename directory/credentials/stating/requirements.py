"""Which papers somebody may be asked for under a jurisdiction's rule, as choices a person can understand. Pure.

What opens a listing is decided by ``rules.permits`` alone; a test holds that each way named here would open it once
its papers were checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from directory.credentials.rules import LOCAL_PAPERS, asks_for_local_papers
from directory.credentials.terms import CredentialKind
from directory.errors import NotFound
from directory.jurisdictions.rules import AcceptedBody, Jurisdiction, LocalRule, Regime
from directory.practitioners.terms import Profession


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A paper that somebody may state. ``code`` names it in an address."""

    code: str
    kind: CredentialKind
    jurisdiction: str | None = None
    """``None`` for what holds in a whole country, such as a national certification."""
    body: str | None = None
    """Who issues it; ``None`` where the holder has to say."""
    title: str | None = None
    per_place: bool = False
    """It is about premises."""


@dataclass(frozen=True, slots=True)
class Way:
    """Papers that are asked for together."""

    choices: tuple[Choice, ...]
    one_of: tuple[Choice, ...] = ()
    """Besides those, any one of these."""
    physicians_only: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for in one jurisdiction: any one of the ways, and the local papers."""

    ways: tuple[Way, ...]
    local: tuple[Choice, ...] = ()
    local_required: bool = False
    exempt: tuple[str, ...] = ()
    """Members of these bodies need no local paper."""

    def __iter__(self) -> Iterator[Choice]:
        """Every paper once."""
        seen: dict[str, Choice] = {}
        for way in self.ways:
            seen |= {each.code: each for each in (*way.choices, *way.one_of)}
        return iter((seen | {each.code: each for each in self.local}).values())


NATIONAL_BODIES: Final = ("NCBAHM", "ABMA")

BODY_NAMES: Final[Mapping[str, str]] = {
    "BAcC": "British Acupuncture Council (BAcC)",
    "AACP": "Acupuncture Association of Chartered Physiotherapists (AACP)",
    "BMAS": "British Medical Acupuncture Society (BMAS)",
    "HCPC": "Health and Care Professions Council (HCPC)",
    "GMC": "General Medical Council (GMC)",
    "NMC": "Nursing and Midwifery Council (NMC)",
    "NCBAHM": "National Certification Board for Acupuncture and Herbal Medicine (NCBAHM, before 2026 NCCAOM)",
    "ABMA": "American Board of Medical Acupuncture (ABMA)",
    "ACI": "Acupuncture Council of Ireland (ACI, before TCMCI)",
    "AFPA": "Acupuncture Foundation Professional Association (AFPA)",
    "PRTCM": "Professional Register of Traditional Chinese Medicine (PRTCM)",
    "CCAHM": "Council of Colleges of Acupuncture and Herbal Medicine (CCAHM, before CCAOM)",
}
"""The full names of bodies: proper names, the same in every English."""

ACCREDITORS: Final[Mapping[str, tuple[str, ...]]] = {
    "US": ("ACAHM (before 2021 ACAOM)",),
    "GB": ("BAAB (British Acupuncture Accreditation Board)",),
    "CA": ("CARB-TCMPA (Canada)", "CMAAC (Canada)"),
    "AU": ("Chinese Medicine Accreditation Committee (Australia)",),
    "NZ": ("Chinese Medicine Council of New Zealand",),
    "IE": ("ACI (Ireland)",),
}
"""Who accredits programmes, by country: suggestions, since a school may lie anywhere and bodies change their names."""


def accreditors(countries: tuple[str, ...]) -> tuple[str, ...]:
    """Suggestions for who accredited a programme: of these countries first, then all others."""
    first = [country for country in dict.fromkeys(countries) if country in ACCREDITORS]
    return tuple(
        name for country in (*first, *(set(ACCREDITORS) - set(first))) for name in sorted(ACCREDITORS[country])
    )


def asked_in(rule: Jurisdiction, profession: Profession) -> Asked:
    """What this rule asks of somebody of this profession; only physicians are told of the ways for physicians."""
    ways: list[Way] = []
    match rule.regime:
        case Regime.STATUTORY:
            ways = [Way((licence(rule),))]
            if rule.country == "US":
                ways.append(Way((_medical(rule),), tuple(map(national, NATIONAL_BODIES)), physicians_only=True))
        case Regime.VOLUNTARY:
            ways = [_membership(rule, each) for each in rule.accepted_bodies]
        case Regime.NONE:
            ways = [_certified(rule, each) for each in rule.accepted_bodies]
    return Asked(
        ways=tuple(way for way in ways if profession is Profession.PHYSICIAN or not way.physicians_only),
        local=tuple(_local(rule)),
        local_required=asks_for_local_papers(rule),
        exempt=rule.exempt_bodies,
    )


def licence(rule: Jurisdiction) -> Choice:
    """The paper that a state with a law issues itself."""
    if rule.code == "US-WI":
        kind = CredentialKind.CERTIFICATION_STATE
    elif rule.country == "US":
        kind = CredentialKind.STATUTORY_LICENCE
    else:
        kind = CredentialKind.STATUTORY_REGISTRATION
    return Choice(code="licence", kind=kind, jurisdiction=rule.code, body=rule.body)


def national(body: str) -> Choice:
    """A certification that holds in the whole country."""
    return Choice(code=body.lower(), kind=CredentialKind.NATIONAL_CERTIFICATION, body=body)


def choice(rule: Jurisdiction | None, code: str, profession: Profession) -> Choice:
    """The choice of this name under a rule, or among national certifications; ``NotFound`` where there is none."""
    offered = asked_in(rule, profession) if rule is not None else map(national, NATIONAL_BODIES)
    found = next((each for each in offered if each.code == code), None)
    if found is None:
        raise NotFound("There is no such paper here.")
    return found


def choice_of(
    kind: CredentialKind, body: str | None, rule: Jurisdiction | None, profession: Profession
) -> Choice | None:
    """The choice that a paper on record was stated under, as near as can be told."""
    offered = list(asked_in(rule, profession) if rule is not None else map(national, NATIONAL_BODIES))
    alike = [each for each in offered if each.kind is kind]
    return next((each for each in alike if each.body == body), alike[0] if alike else None)


def _membership(rule: Jurisdiction, accepted: AcceptedBody) -> Way:
    # "CMAAC and provincial associations" is no body's name, so its members say which one it is.
    named = "associations" not in accepted.name
    member = Choice(
        code=accepted.name.lower() if named else "association",
        kind=CredentialKind.ACCREDITED_REGISTER if accepted.name == "BAcC" else CredentialKind.PROFESSIONAL_BODY,
        jurisdiction=rule.code,
        body=accepted.name if named else None,
    )
    registers = tuple(
        Choice(code=each.lower(), kind=CredentialKind.STATUTORY_OTHER_PROFESSION, jurisdiction=rule.code, body=each)
        for each in accepted.needs
    )
    return Way((member,), registers)


def _certified(rule: Jurisdiction, accepted: AcceptedBody) -> Way:
    if accepted.physicians_only:
        return Way((_medical(rule), national(accepted.name)), physicians_only=True)
    return Way((national(accepted.name),))


def _medical(rule: Jurisdiction) -> Choice:
    return Choice(
        code="physician",
        kind=CredentialKind.STATUTORY_OTHER_PROFESSION,
        jurisdiction=rule.code,
        title="MD",
    )


def _local(rule: Jurisdiction) -> Iterator[Choice]:
    kinds = LOCAL_PAPERS.get(rule.code, ())
    if not kinds and rule.local_rule is LocalRule.SHOWN:
        kinds = (CredentialKind.LOCAL_AUTHORITY_REGISTRATION,)
    for kind in kinds:
        yield Choice(
            code=_LOCAL_CODES[kind],
            kind=kind,
            jurisdiction=rule.code,
            per_place=kind is CredentialKind.PREMISES_APPROVAL,
        )


_LOCAL_CODES = {
    CredentialKind.SPECIAL_PROCEDURE_LICENCE: "special-procedure",
    CredentialKind.PREMISES_APPROVAL: "premises",
    CredentialKind.LOCAL_AUTHORITY_REGISTRATION: "council",
}
