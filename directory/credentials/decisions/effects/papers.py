"""What decisions do to one paper."""

from __future__ import annotations

from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from directory import changes
from directory.credentials import service as papers
from directory.credentials.decisions import rules
from directory.credentials.decisions.effects.telling import evidence_decided, tell_of_claim
from directory.credentials.decisions.handling import Deed, Handler, Matter
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.rules import Claim, Reading
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.keeping import letters as keeping
from directory.credentials.models import Credential, CredentialCondition
from directory.credentials.service import Check
from directory.credentials.stating.stated import LEARNT
from directory.credentials.terms import (
    CheckMethod,
    ConditionCode,
    CredentialStatus,
)
from directory.credentials.wording import codes_in
from directory.errors import InvalidInput, NotFound
from directory.guide.words import N_
from directory.practitioners import queries as people


def _paper_claim(session: Session, matter: Matter) -> Claim:
    row = _paper(session, matter)
    learnt = row.kind in LEARNT
    on_record = row.last_known_status if row.status is CredentialStatus.UNKNOWN else row.status
    person = people.practitioner(session, row.practitioner_id)
    at_source = row.verified_on is not None and row.check_method is not CheckMethod.DOCUMENT_ONLY
    return Claim(
        kind=matter.kind,
        name=person.display_name,
        name_on_record=row.name_on_record,
        status=None if learnt else on_record or CredentialStatus.ACTIVE,
        dated=not learnt or row.expires is not None,
        expires=row.expires,
        read_at_source=at_source,
        has_conditions=bool(row.conditions_text),
    )


def _paper_state(session: Session, matter: Matter) -> str | None:
    row = _paper(session, matter)
    if row.verified_on is None:
        return "not_checked"
    return f"document_only:{row.status}" if row.check_method is CheckMethod.DOCUMENT_ONLY else str(row.status)


def _decide_paper(session: Session, deed: Deed) -> None:
    row, verdict = _paper(session, deed.matter), deed.verdict
    read = verdict.reading
    if verdict.outcome is Outcome.NOT_CHECKED:
        _not_read(session, row, deed)
        return
    if verdict.outcome is Outcome.MORE_INFORMATION:
        return
    if verdict.outcome in (Outcome.VERIFIED, Outcome.RESTORED):
        _put_down(session, row, deed, status=read.status, match=bool(verdict.identity_match))
    else:
        _against(session, row, deed)
    if rules.is_settled(verdict.outcome, kind=deed.matter.kind, method=verdict.method):
        evidence_decided(session, deed, row.practitioner_id, deed.matter.subject)


def _not_read(session: Session, row: Credential, deed: Deed) -> None:
    """The source was away: what was known is believed for a while, and then the paper counts for nothing."""
    method = CheckMethod(deed.verdict.method or Method.PRIMARY_SOURCE)
    check = Check(verified_on=deed.verdict.read_on or deed.now.date(), method=method, status=CredentialStatus.UNKNOWN)
    papers.record_check(session, row.id, check, now=deed.now)


def _against(session: Session, row: Credential, deed: Deed) -> None:
    """Whatever was read goes on record also where it speaks against the paper. An order closes the gate at once."""
    verdict = deed.verdict
    ordered = {Outcome.SUSPENDED: CredentialStatus.SUSPENDED, Outcome.REVOKED: CredentialStatus.REVOKED}
    status = verdict.reading.status or ordered.get(verdict.outcome)
    if status is not None and verdict.outcome in ordered and rules.may_practise(status, verdict.reading.late_until):
        raise InvalidInput(N_("The status you read permits this work, so it is no order to stop."), field="status_read")
    elses = verdict.reason_code in (ReasonCode.SOMEBODY_ELSES, ReasonCode.NAME_DIFFERS)
    was_checked = row.verified_on is not None
    if status is None and not (elses and was_checked):
        if verdict.outcome is Outcome.REJECTED and was_checked:
            # What was believed is not confirmed any more: nothing rests on it until it is read again.
            row.identity_match = False
            session.flush()
            changes.record(session, row.practitioner_id)
        return
    # A refusal opens nothing, whatever was read; an order to stop is believed to be this person's.
    practises = status is None or rules.may_practise(status, verdict.reading.late_until)
    match = not (elses or practises) and verdict.identity_match is not False
    _put_down(session, row, deed, status=status, match=match)


def _put_down(session: Session, row: Credential, deed: Deed, *, status: CredentialStatus | None, match: bool) -> None:
    verdict, read = deed.verdict, deed.verdict.reading
    method = CheckMethod(verdict.method) if verdict.method is not None else CheckMethod.PRIMARY_SOURCE
    if read.no_expiry and verdict.as_read and row.expires is not None:
        row.expires, row.no_expiry = None, True
    _conditions(session, row, read)
    check = Check(
        verified_on=verdict.read_on or deed.now.date(),
        method=method,
        identity_match=match,
        status=status,
        expires=read.expires,
        late_until=read.late_until,
        raw_status=read.raw_status,
        name_on_record=read.name,
        evidence_url=verdict.source,
    )
    papers.record_check(session, row.id, check, now=deed.now)
    row.evidence_hash = verdict.snapshot_hash or row.evidence_hash
    row.next_check_on = rules.next_check(row.expires, today=deed.now.date())
    session.flush()


def _conditions(session: Session, row: Credential, read: Reading) -> None:
    if not read.conditions:
        return
    row.conditions_text = read.conditions
    there = set(session.scalars(select(CredentialCondition.code).where(CredentialCondition.credential_id == row.id)))
    codes = codes_in(read.conditions) or {ConditionCode.OTHER}
    new = [{"credential_id": row.id, "code": code} for code in sorted(codes - there)]
    if new:
        session.execute(insert(CredentialCondition), new)


def _paper(session: Session, matter: Matter) -> Credential:
    row = session.get(Credential, matter.row_id) if matter.is_of("credential") else None
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    return row


def _paper_told(session: Session, deed: Deed, decision: Decision) -> None:
    row = _paper(session, deed.matter)
    what = keeping.paper(row.kind, body=row.body, jurisdiction=row.jurisdiction)
    tell_of_claim(session, deed, row.practitioner_id, what)


PAPER: Final = Handler(claim=_paper_claim, state=_paper_state, apply=_decide_paper, afterwards=_paper_told)
"""Decisions on one paper; its number stands in the subject."""
