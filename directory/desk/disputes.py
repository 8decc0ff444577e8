"""Two people say that they are the same one: both are hidden until two of the desk agree whose profile it is.

Whoever is found to be the holder is shown again as far as the rules allow; the other profile is taken off the list,
and stays so. Where both turn out to be of one person they are made one instead (``duplicates``).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.credentials.decisions import queries as decisions
from directory.credentials.decisions import service
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.service import Draft, NeedsAnother, OwnRecord
from directory.credentials.decisions.terms import Outcome, ReasonCode
from directory.credentials.registration.models import Registration
from directory.errors import Conflict, InvalidInput, NotFound
from directory.guide.words import N_
from directory.practitioners import service as practitioners
from directory.practitioners.merging import queries as merging
from directory.practitioners.models import Practitioner
from directory.practitioners.publication import service as publication

_SUBJECT: Final = re.compile(r"practitioner:([0-9]{1,18}) by ([0-9]{1,18})")


def subject_of(holder: int, rival: int) -> str:
    """How a case names the two: the profile that was there, and whoever says that it is theirs."""
    return f"practitioner:{holder} by {rival}"


def begin(session: Session, holder: int, rival: int, *, now: datetime) -> Case:
    """Hide both, and have the desk find out whose it is. Doing it twice is doing it once."""
    for each in (holder, rival):
        publication.hold(session, each, now=now)
    return cases.open_for(session, Kind.DISPUTE, subject_of(holder, rival), about=rival, now=now)


def both(session: Session, case: Case) -> tuple[Practitioner, Practitioner]:
    """The two, the profile that was there first. ``NotFound`` for a case of another kind or where one is gone."""
    named = _SUBJECT.fullmatch(case.subject) if case.kind is Kind.DISPUTE else None
    if named is not None:
        first, second = (session.get(Practitioner, merging.stays(session, int(each))) for each in named.groups())
        if first is not None and second is not None and first is not second:
            return first, second
    raise NotFound("There are no two profiles any more about which this could ask.")


def proposed(session: Session, case: Case) -> tuple[Decision, int] | None:
    """What one of the desk has found already, with whose profile it is; ``None`` while nobody has said anything."""
    first = decisions.waiting_for_second(session, case.id)
    if first is None or first.to_state is None or not first.to_state.startswith(_HOLDER):
        return None
    return first, int(first.to_state.removeprefix(_HOLDER))


def settle(session: Session, case_id: int, *, holder: int, note: str, by: int, now: datetime) -> bool:
    """Say whose profile it is; whether that was the second voice, and it is settled.

    ``NeedsAnother`` for whoever has said so already, ``Conflict`` where the second finds otherwise than the first: then
    what was found is dropped, and the desk begins anew. ``InvalidInput`` without a word of how it was found.
    """
    case = cases.locked(session, case_id)
    first, second = both(session, case)
    people = {each.id: each for each in (first, second)}
    if holder not in people:
        raise InvalidInput(N_("Please choose whose profile it is."), field="holder")
    if not note.strip():
        raise InvalidInput(N_("Please say how you found out."), field="note")
    if by in {each.account_id for each in people.values()}:
        raise OwnRecord(N_("This is about yourself. Two others have to decide it."))
    if people[holder].holder_proved_on is None:
        raise Conflict(N_("Who keeps that profile has to be proved first."))
    earlier = proposed(session, case)
    if earlier is None:
        service.append(session, _draft(case, holder, note=note, by=by, takes_effect=False), now=now)
        case.not_by = by
        session.flush()
        return False
    found, whose = earlier
    if found.decided_by == by:
        raise NeedsAnother(N_("You decided this before, so somebody else has to look at it now."))
    agrees = whose == holder
    draft = _draft(case, holder, note=note, by=by, takes_effect=agrees, second_of=found.id, agrees=agrees)
    service.append(session, draft, now=now)
    case.not_by = None
    if not agrees:
        session.flush()
        return False
    rival = next(each for each in people if each != holder)
    publication.release(session, holder, now=now)
    publication.suspend(session, rival, now=now)
    _hand_over_number(session, rival, holder, now=now)
    publication.release(session, rival, now=now)
    service.append(
        session,
        Draft(
            kind=Kind.DISPUTE,
            subject=f"practitioner:{rival}",
            case_id=case.id,
            practitioner_id=rival,
            outcome=Outcome.SUSPENDED,
            reason_code=ReasonCode.SOMEBODY_ELSES,
            by=by,
            second_of=found.id,
            agrees=True,
        ),
        now=now,
    )
    cases.end(session, case, now=now)
    return True


def _hand_over_number(session: Session, rival: int, holder: int, *, now: datetime) -> None:
    """An NPI that the holder asks for and the other has is the holder's from now on."""
    wish = session.get(Registration, holder, with_for_update=True)
    other = session.get_one(Practitioner, rival)
    if wish is not None and wish.npi_claimed is not None and wish.npi_claimed == other.npi:
        practitioners.change_person(session, rival, {"npi": None}, now=now)
        practitioners.change_person(session, holder, {"npi": wish.npi_claimed}, now=now)
        wish.npi_claimed = None
        session.flush()


_HOLDER: Final = "holder:"


def _draft(
    case: Case,
    holder: int,
    *,
    note: str,
    by: int,
    takes_effect: bool,
    second_of: int | None = None,
    agrees: bool | None = None,
) -> Draft:
    return Draft(
        kind=Kind.DISPUTE,
        subject=case.subject,
        case_id=case.id,
        practitioner_id=holder,
        outcome=Outcome.RELEASED,
        to_state=f"{_HOLDER}{holder}",
        by=by,
        takes_effect=takes_effect,
        second_of=second_of,
        agrees=agrees,
        note=note,
    )
