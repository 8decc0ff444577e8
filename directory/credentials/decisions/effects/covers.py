"""What decisions do to insurance."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from directory import changes
from directory.cases.terms import Kind
from directory.credentials.decisions import letters
from directory.credentials.decisions.effects.telling import evidence_decided, tell_of_claim
from directory.credentials.decisions.handling import Deed, Handler, Matter
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.rules import Claim
from directory.credentials.decisions.terms import Outcome
from directory.credentials.models import Indemnity
from directory.errors import InvalidInput, NotFound
from directory.guide.words import N_
from directory.practitioners import queries as people


def _cover_claim(session: Session, matter: Matter) -> Claim:
    row = _cover(session, matter)
    person = people.practitioner(session, row.practitioner_id)
    return Claim(
        kind=matter.kind,
        name=person.display_name,
        dated=True,
        expires=row.expires,
        covers_pregnancy=row.covers_pregnancy,
    )


def _cover_state(session: Session, matter: Matter) -> str | None:
    row = _cover(session, matter)
    if row.ended_on is not None:
        return "ended"
    return "checked" if row.verified_on is not None else "not_checked"


def _decide_cover(session: Session, deed: Deed) -> None:
    row, verdict = _cover(session, deed.matter), deed.verdict
    if verdict.outcome is Outcome.VERIFIED:
        read = verdict.reading
        if read.expires is None:
            raise InvalidInput(
                N_("Insurance that never ends is not known to us. Please look again."), field="expires_read"
            )
        row.expires = read.expires
        row.covers_pregnancy, row.covers_acupuncture = bool(read.covers_pregnancy), bool(read.covers_acupuncture)
        row.verified_on = verdict.read_on
    elif verdict.outcome is Outcome.REJECTED:
        row.verified_on = None
    else:
        return
    session.flush()
    changes.record(session, row.practitioner_id)
    evidence_decided(session, deed, row.practitioner_id, deed.matter.subject)


def _cover(session: Session, matter: Matter) -> Indemnity:
    row = session.get(Indemnity, matter.row_id) if matter.is_of("indemnity") else None
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    return row


def _cover_told(session: Session, deed: Deed, _decision: Decision) -> None:
    tell_of_claim(session, deed, _cover(session, deed.matter).practitioner_id, letters.about(Kind.INDEMNITY))


COVER: Final = Handler(claim=_cover_claim, state=_cover_state, apply=_decide_cover, afterwards=_cover_told)
"""Decisions on one cover; its number stands in the subject."""
