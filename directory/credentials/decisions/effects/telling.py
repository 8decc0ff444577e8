"""Letters about decisions, and what becomes of the evidence that led to them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.accounts import queries as accounts
from directory.credentials.decisions import letters
from directory.credentials.decisions.handling import Deed
from directory.credentials.decisions.rules import GATES
from directory.credentials.decisions.terms import Method, Outcome
from directory.credentials.evidence import service as evidence
from directory.mail import outbox
from directory.mail.letters import DEFAULT_LANGUAGE, Letter, Sentence
from directory.practitioners import queries as people


def tell(session: Session, practitioner_id: int, letter: Letter, deed: Deed) -> None:
    """Write to a practitioner where they read mail: their account's address, or the one that was put on record."""
    person = people.practitioner(session, practitioner_id)
    account = None if person.account_id is None else accounts.account(session, person.account_id)
    to = account.email if account is not None else person.email
    if to:
        language = account.locale if account is not None else DEFAULT_LANGUAGE
        outbox.send(session, to=to, letter=letter, language=language, now=deed.now)


def tell_of_claim(session: Session, deed: Deed, practitioner_id: int, what: str | Sentence) -> None:
    letter = claim_letter(deed, what)
    if letter is not None:
        tell(session, practitioner_id, letter, deed)


def claim_letter(deed: Deed, what: str | Sentence) -> Letter | None:
    verdict = deed.verdict
    if verdict.outcome in (Outcome.SUSPENDED, Outcome.REVOKED) and verdict.reason_code is not None:
        return letters.stopped(what, verdict.reason_code, verdict.words)
    if verdict.outcome is Outcome.REJECTED and verdict.reason_code is not None:
        return letters.not_confirmed(what, verdict.reason_code, verdict.words)
    if verdict.outcome in (Outcome.VERIFIED, Outcome.RESTORED):
        only_seen = deed.matter.kind in GATES and verdict.method is Method.DOCUMENT_ONLY
        return None if only_seen else letters.confirmed(what, published=deed.published)
    return None


def evidence_decided(session: Session, deed: Deed, practitioner_id: int, subject: str) -> None:
    evidence.decided(session, practitioner_id, subject, now=deed.now, retention_days=deed.tools.retention_days)
