"""How FHIR says no: an OperationOutcome with the place, the reason as a code, and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from directory.api.fhir.elements import text

ISSUE_OF_STATUS: Final = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    414: "too-long",
    415: "not-supported",
    422: "processing",
    429: "throttled",
    500: "exception",
    503: "transient",
}


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to be told: a code of the value set issue-type, a sentence, and the parameter it is about."""

    code: str
    says: str
    about: str = ""
    severity: str = "error"


class Refused(Exception):
    """A request cannot be answered as it was asked."""

    def __init__(self, *issues: Issue, status: int = 400) -> None:
        super().__init__("; ".join(each.says for each in issues))
        self.issues = issues
        self.status = status


def invalid(says: str, about: str = "") -> Refused:
    """A refusal of a value that cannot be understood."""
    return Refused(Issue("invalid", says, about))


def unsupported(says: str, about: str = "") -> Refused:
    """A refusal of something that FHIR knows and this server does not do."""
    return Refused(Issue("not-supported", says, about))


def outcome(issues: Iterable[Issue]) -> dict[str, Any]:
    """The resource that tells these."""
    return {"resourceType": "OperationOutcome", "issue": [_issue(each) for each in issues]}


def of_status(status: int, sentence: str) -> dict[str, Any]:
    """The resource for an answer that failed before any of ours could say why."""
    severity = "fatal" if status >= 500 else "error"
    return outcome([Issue(ISSUE_OF_STATUS.get(status, "processing"), sentence, severity=severity)])


def _issue(issue: Issue) -> dict[str, Any]:
    # Both may repeat what was sent, which may hold signs that no answer could carry.
    says, about = text(issue.says) or "", text(issue.about)
    told: dict[str, Any] = {
        "severity": issue.severity,
        "code": issue.code,
        "details": {"text": says},
        "diagnostics": says if about is None else f"{about}: {says}",
    }
    if about is not None:
        # What a parameter of a search is called in an expression (R4, OperationOutcome.issue.expression).
        told["expression"] = [f"http.{about}"]
    return told
