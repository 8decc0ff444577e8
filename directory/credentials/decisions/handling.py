"""What a feature says about the decisions of its own kinds: what is claimed, how it stands, and what a verdict does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from directory.cases.models import Case, Contact
from directory.cases.terms import Kind
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.rules import Claim, Verdict
from directory.credentials.evidence.store import Store


@dataclass(frozen=True, slots=True)
class Tools:
    """What of the site a verdict may need beside the database."""

    store: Store | None = None
    """Where photos lie."""
    retention_days: int = 90
    """How long evidence is kept after a decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is decided about."""

    kind: Kind
    subject: str
    about: int | None
    """The practitioner, where it is about one of ours."""
    jurisdiction: str | None = None
    case_id: int | None = None
    contact: Contact | None = None
    """Who wrote, where it was a person without an account."""

    @classmethod
    def of(cls, case: Case) -> Matter:
        """That of a case."""
        return cls(
            kind=case.kind,
            subject=case.subject,
            about=case.about,
            jurisdiction=case.jurisdiction,
            case_id=case.id,
            contact=case.contact,
        )

    def is_of(self, what: str) -> bool:
        """Whether the subject names a row of this sort, such as ``credential``."""
        return self.subject.startswith(f"{what}:")

    @property
    def row_id(self) -> int:
        """The number in the subject, such as 12 of ``credential:12``; ``ValueError`` where there is none."""
        return int(self.subject.partition(":")[2].partition(" ")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A verdict on its way."""

    matter: Matter
    verdict: Verdict
    by: int
    now: datetime
    tools: Tools = field(default_factory=Tools)
    published: bool = False
    """Whether it was the last thing that was lacking, so that the profile can be found from now on."""


def says_nothing(_session: Session, _matter: Matter) -> str | None:
    """The state of what has none."""
    return None


def only_its_kind(_session: Session, matter: Matter) -> Claim:
    """A claim with which nothing that was read is compared."""
    return Claim(kind=matter.kind)


def does_nothing(_session: Session, _deed: Deed) -> None:
    """The effect of what has none."""


def tells_nobody(_session: Session, _deed: Deed, _decision: Decision) -> None:
    """The letters of what writes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """How cases of one kind are decided. Everything runs in the transaction of the decision."""

    apply: Callable[[Session, Deed], None] = does_nothing
    """What the verdict changes, before the decision is written down. A refusal (``errors``) leaves everything as it
    was."""
    claim: Callable[[Session, Matter], Claim] = only_its_kind
    """What the rules compare the verdict with."""
    state: Callable[[Session, Matter], str | None] = says_nothing
    """How it stands in a few letters (40): read before and after."""
    afterwards: Callable[[Session, Deed, Decision], None] = tells_nobody
    """Letters and cases that follow from the decision."""
