"""What decisions about registers and the exclusion list do.

News of one licence is decided of that licence, on what is read, as the licence itself would be; a hold is of the whole
profile. An entry of the exclusion list, a deactivated number and another name are decided of the person. Whatever is
decided, nobody is asked about the same entry again: its case stays known by its subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from directory.cases.terms import Kind
from directory.credentials.decisions.effects.papers import PAPER
from directory.credentials.decisions.effects.people import (
    decide_person_concerned,
    state_of_person_concerned,
    tell_person_concerned,
)
from directory.credentials.decisions.handling import Deed, Handler, Matter, only_its_kind
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.rules import Claim
from directory.credentials.decisions.terms import Outcome

_ON_THE_PAPER: Final = frozenset(
    {Outcome.VERIFIED, Outcome.REJECTED, Outcome.SUSPENDED, Outcome.REVOKED, Outcome.RESTORED}
)


def _is_of_a_paper(matter: Matter) -> bool:
    return matter.subject.startswith("credential:")


def _claim(session: Session, matter: Matter) -> Claim:
    return PAPER.claim(session, matter) if _is_of_a_paper(matter) else only_its_kind(session, matter)


def _state(session: Session, matter: Matter) -> str | None:
    if _is_of_a_paper(matter):
        return PAPER.state(session, matter)
    return state_of_person_concerned(session, matter)


def _apply(session: Session, deed: Deed) -> None:
    if _is_of_a_paper(deed.matter) and deed.verdict.outcome in _ON_THE_PAPER:
        PAPER.apply(session, deed)
    else:
        decide_person_concerned(session, deed)


def _told(session: Session, deed: Deed, decision: Decision) -> None:
    if _is_of_a_paper(deed.matter) and deed.verdict.outcome in _ON_THE_PAPER:
        PAPER.afterwards(session, deed, decision)
    else:
        tell_person_concerned(session, deed)


_NEWS: Final = Handler(claim=_claim, state=_state, apply=_apply, afterwards=_told)
HANDLERS: Final[Mapping[Kind, Handler]] = {Kind.EXCLUSION: _NEWS, Kind.REGISTER_NEWS: _NEWS}
"""The kinds that registers lead to."""
