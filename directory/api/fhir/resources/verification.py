"""VerificationResult: that a paper was checked, with whom, when, how, and when it will be again."""

from __future__ import annotations

from datetime import timedelta

from directory.api.fhir import identifiers
from directory.api.fhir import terminology as codes
from directory.api.fhir.elements import Element, coding, concept, line, made, named, reference
from directory.api.fhir.entries import Entry, Filed
from directory.api.fhir.resources import parts, people, words
from directory.credentials.keeping.rechecks import FROM_REGISTERS, SWEEP_DAYS
from directory.credentials.terms import CheckMethod, CredentialStatus


def result(entry: Entry, at: int, base: str) -> Element:
    """The check of the paper that stands at this place among the qualifications."""
    filed = entry.papers[at]
    paper = filed.paper
    checked_on = (paper.last_checked_on or paper.verified_on or entry.today).isoformat()
    readable = paper.status is not CredentialStatus.UNKNOWN
    return parts.resource(
        "VerificationResult",
        filed.id,
        entry,
        profiles=[codes.NDH_VERIFICATION],
        says=[people.display(entry), words.paper_said(filed, entry.rules, entry.today), words.PAPERS_NOT_SKILL],
        body=made(
            target=[reference("Practitioner", entry.practitioner.id, people.display(entry))],
            targetLocation=[f"Practitioner.qualification[{at}]"],
            need=concept(*_need(filed)),
            status="validated" if readable else "req-revalid",
            statusDate=checked_on,
            validationType=concept(coding(codes.VALIDATION_TYPE, "primary", "Primary Source")),
            validationProcess=[
                concept(
                    coding(codes.VALIDATION_PROCESS, "primary", "primary source"),
                    says=codes.PROCESSES[paper.check_method] if paper.check_method else None,
                )
            ],
            frequency=_frequency(filed),
            lastPerformed=checked_on,
            nextScheduled=_next(filed),
            failureAction=concept(coding(codes.FAILURE_ACTION, "fatal", "Fatal"), says=_CONSEQUENCE),
            primarySource=[_source(filed, entry, checked_on)],
            attestation=_attestation(entry),
            validator=[_validator(base)],
        ),
    )


_CONSEQUENCE = "Whoever no longer holds what the place asks for is not shown any more, from the same day on"


def _need(filed: Filed) -> list[Element]:
    if filed.paper.kind in FROM_REGISTERS:
        return [coding(codes.NEED, "periodic", "Periodic")]
    return [coding(codes.NEED, "initial", "Initial")]


def _frequency(filed: Filed) -> Element | None:
    if filed.paper.kind not in FROM_REGISTERS:
        return None
    return {"repeat": {"frequency": 1, "period": SWEEP_DAYS, "periodUnit": "d"}}


def _next(filed: Filed) -> str | None:
    """The next look: the day that is planned, else so long after the last one as registers are asked again."""
    last = filed.paper.last_checked_on or filed.paper.verified_on
    if filed.next_check_on is not None:
        return filed.next_check_on.isoformat()
    if last is None or filed.paper.kind not in FROM_REGISTERS:
        return None
    return (last + timedelta(days=SWEEP_DAYS)).isoformat()


def _source(filed: Filed, entry: Entry, checked_on: str) -> Element:
    paper = filed.paper
    by_hand = paper.check_method is CheckMethod.TELEPHONE
    method = ("manual", "Manual") if by_hand else ("pull", "Pull")
    return made(
        who=named(words.authority(paper, entry.rules) or "The public register"),
        type=[concept(coding(codes.PRIMARY_SOURCE_TYPE, *codes.SOURCES.get(paper.kind, codes.ISSUING_SOURCE)))],
        communicationMethod=[concept(coding(codes.COMMUNICATION_METHOD, *method))],
        validationStatus=concept(coding(codes.VALIDATION_STATUS, "successful", "Successful")),
        validationDate=checked_on,
        canPushUpdates=concept(coding(codes.CAN_PUSH, "undetermined", "Undetermined")),
    )


def _attestation(entry: Entry) -> Element:
    """That the practitioner said that what stands here is true, and when they last did."""
    days = [each.listing.person.attested_on for each in entry.places if each.listing.person.attested_on is not None]
    return made(
        who=reference("Practitioner", entry.practitioner.id, people.display(entry)),
        communicationMethod=concept(coding(codes.COMMUNICATION_METHOD, "portal", "Portal")),
        date=max(days).isoformat() if days else entry.today.isoformat(),
    )


def _validator(base: str) -> Element:
    site = identifiers.site_of(base)
    return {
        "organization": {
            "identifier": {"system": "urn:ietf:rfc:3986", "value": site},
            "display": line(f"The directory at {site}"),
        }
    }
