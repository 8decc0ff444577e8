"""Who somebody is in registers, and on this site.

A number is only as good as the system that gives it out. Where a register has a name that FHIR's own guides publish,
it is used; for every other one the system is a name of ours that says which register is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from directory.api.fhir import terminology as codes
from directory.api.fhir.elements import Element, coding, concept, line, made, named
from directory.credentials.rules import Paper
from directory.credentials.terms import STATUTORY_ACUPUNCTURE, CredentialKind
from directory.practitioners.models import Practitioner
from directory.practitioners.rules import npi_is_valid

_UNITED_KINGDOM: Final[Mapping[str, str]] = {
    "GMC": "https://fhir.hl7.org.uk/Id/gmc-number",
    "HCPC": "https://fhir.hl7.org.uk/Id/hcpc-number",
    "NMC": "https://fhir.hl7.org.uk/Id/nmc-number",
}
"""UK Core (https://simplifier.net/hl7fhirukcorer4), systems of Practitioner.identifier."""
_AUSTRALIA: Final = "http://hl7.org.au/id/ahpra-registration-number"
"""AU Base (https://hl7.org.au/fhir), the profile for Ahpra registration numbers."""


def site_of(base: str) -> str:
    """The address of the site whose FHIR stands at this base."""
    return base.rstrip("/").removesuffix("/fhir")


def profile_system(base: str) -> str:
    """The system of the names that stand in the addresses of profiles."""
    return f"{site_of(base)}/practitioners"


def profile_address(base: str, slug: str) -> str:
    """The page of a profile, for people."""
    return f"{profile_system(base)}/{slug}"


def of_person(person: Practitioner, base: str) -> list[Element]:
    """The person's NPI where they have one, and the name under which they stand here."""
    found = []
    if person.npi and npi_is_valid(person.npi):
        found.append(
            made(
                type=concept(
                    coding(codes.IDENTIFIER_TYPE, "NPI", "National provider identifier"),
                    says="National Provider Identifier, as the practitioner states it",
                ),
                system=codes.NPI,
                value=person.npi,
            )
        )
    found.append(made(use="usual", system=profile_system(base), value=person.slug))
    return found


def of_paper(paper: Paper, base: str, *, authority: str | None, says: str) -> list[Element]:
    """The number that the register gave, where it gave one."""
    number = line(paper.number)
    if number is None:
        return []
    kind = concept(coding(codes.IDENTIFIER_TYPE, "LN", "License number")) if _is_licence(paper.kind) else {}
    return [
        made(
            use="official",
            type=kind | {"text": says},
            system=system_of(paper, base),
            value=number,
            assigner=named(authority),
        )
    ]


def system_of(paper: Paper, base: str) -> str:
    """The system of the numbers of this paper's register."""
    if paper.jurisdiction == "AU" and paper.kind in (
        CredentialKind.STATUTORY_REGISTRATION,
        CredentialKind.STATUTORY_OTHER_PROFESSION,
    ):
        return _AUSTRALIA
    if paper.kind is CredentialKind.STATUTORY_OTHER_PROFESSION and (paper.jurisdiction or "").startswith("GB"):
        words = f"{paper.body or ''} {paper.title or ''}".upper()
        for register, system in _UNITED_KINGDOM.items():
            if register in words:
                return system
    where = (paper.jurisdiction or "international").lower()
    return f"{base.rstrip('/')}/NamingSystem/{where}-{paper.kind.value.replace('_', '-')}"


def _is_licence(kind: CredentialKind) -> bool:
    return kind in STATUTORY_ACUPUNCTURE or kind is CredentialKind.STATUTORY_OTHER_PROFESSION
