"""Declarations as rows: what they say, and writing the items of one that may stand.

How far an item was checked belongs to the item as it was then. A number that its author lowers keeps its check, since
what was shown covers it; whatever else changes is their own word again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes
from directory.credentials.models import PregnancyDeclaration, RlsExperience
from directory.credentials.rules import declaration_ends
from directory.credentials.stating.declared import (
    PREGNANCY_ITEMS,
    RLS_ITEMS,
    Change,
    PregnancyStated,
    RlsStated,
    pregnancy_changes,
    rls_changes,
    with_payload,
)
from directory.credentials.terms import Liaison, OutcomeTracking, PointPolicy, Verification

SIGNATURE: Final = "signature"
"""Beside the items of a pregnancy declaration that waits: under what name and when it was signed."""

_COUNTED: Final = frozenset({"patients", "years", "training", "publications"})
"""Items that are numbers: a check of twelve covers ten."""


def rls_row(session: Session, practitioner_id: int) -> RlsExperience | None:
    """What this person declares about work with RLS, where they have."""
    return session.scalars(select(RlsExperience).where(RlsExperience.practitioner_id == practitioner_id)).one_or_none()


def pregnancy_row(session: Session, practitioner_id: int) -> PregnancyDeclaration | None:
    """What this person declares about work in pregnancy, where they have."""
    statement = select(PregnancyDeclaration).where(PregnancyDeclaration.practitioner_id == practitioner_id)
    return session.scalars(statement).one_or_none()


def rls_said(row: RlsExperience | None) -> RlsStated:
    """What a row says, as its author says it."""
    if row is None:
        return RlsStated()
    values = {name: getattr(row, name) for name in RlsStated.__dataclass_fields__ if name != "supervisor_reach"}
    values["liaison"] = Liaison.NONE if row.liaison is Liaison.NONE else Liaison.SELF_ATTESTED
    return RlsStated(**values, supervisor_reach=row.supervisor_reach_sealed)


def pregnancy_said(row: PregnancyDeclaration | None) -> PregnancyStated:
    """What a row says, as its author says it."""
    if row is None:
        return PregnancyStated(treats=False)
    values = {name: getattr(row, name) for name in PregnancyStated.__dataclass_fields__}
    values["liaison"] = Liaison.NONE if row.liaison is Liaison.NONE else Liaison.SELF_ATTESTED
    return PregnancyStated(**values)


def new_rls_row(session: Session, practitioner_id: int) -> RlsExperience:
    """A declaration that says nothing yet."""
    row = RlsExperience(
        practitioner_id=practitioner_id,
        patients_24m=0,
        years=0.0,
        training_hours=0.0,
        outcomes=OutcomeTracking.NONE,
        scale_permitted=False,
        liaison=Liaison.NONE,
        publications=0,
        **{f"{item}_verification": Verification.NONE for item in RLS_ITEMS},
    )
    session.add(row)
    return row


def new_pregnancy_row(session: Session, practitioner_id: int) -> PregnancyDeclaration:
    """A declaration that says nothing yet."""
    row = PregnancyDeclaration(
        practitioner_id=practitioner_id,
        treats=False,
        training_hours=0.0,
        training_verification=Verification.NONE,
        point_policy=PointPolicy.NONE,
        written_consent=False,
        emergency_policy=False,
        emergency_red_flags=False,
        emergency_contact=False,
        emergency_stops=False,
        positions_adapted=False,
        liaison=Liaison.NONE,
        not_offered_as_induction=False,
        adverse_event_log=False,
        truth_declared=False,
        patients_24m=0,
        second_registration_counts=False,
    )
    session.add(row)
    return row


def write_rls(row: RlsExperience, stated: RlsStated, how: Mapping[str, Change], items: Iterable[str]) -> None:
    """Put these items of the declaration into the row. One that says the same as before keeps what was found out."""
    for item in items:
        for name in RLS_ITEMS[item] if how[item] is not Change.SAME else ():
            setattr(row, "supervisor_reach_sealed" if name == "supervisor_reach" else name, getattr(stated, name))
        standing = f"{item}_verification"
        said = getattr(stated, RLS_ITEMS[item][0])
        empty = not said or said in (OutcomeTracking.NONE, Liaison.NONE)
        setattr(row, standing, _standing(getattr(row, standing), how[item], item, empty=empty))


def write_pregnancy(
    row: PregnancyDeclaration, stated: PregnancyStated, how: Mapping[str, Change], items: Iterable[str]
) -> None:
    """Put these items of the declaration into the row."""
    for item in items:
        for name in PREGNANCY_ITEMS[item]:
            setattr(row, name, getattr(stated, name))
        if item == "second_registration" and how[item] is not Change.SAME:
            row.second_registration_counts = False
        if item == "training":
            row.training_verification = _standing(
                row.training_verification, how[item], item, empty=not stated.training_hours
            )
    row.emergency_policy = row.emergency_red_flags and row.emergency_contact and row.emergency_stops


def sign(row: PregnancyDeclaration, name: str | None, on: date | None) -> None:
    """Set under what name and when the declaration was signed as true, or that it is not."""
    row.signed_name, row.signed_on, row.truth_declared = name, on, on is not None


def apply_rls(session: Session, practitioner_id: int, accepted: Mapping[str, Any]) -> None:
    """Let the items of a change that was accepted stand; each is its author's own word until it is checked."""
    row = rls_row(session, practitioner_id) or new_rls_row(session, practitioner_id)
    before = rls_said(row)
    stated = with_payload(before, RLS_ITEMS, accepted)
    how = rls_changes(before, stated)
    write_rls(row, stated, how, [item for item in accepted if item in how and how[item] is not Change.SAME])
    session.flush()
    changes.record(session, practitioner_id)


def apply_pregnancy(session: Session, practitioner_id: int, accepted: Mapping[str, Any]) -> None:
    """Let the items of a change that was accepted stand, under the signature it came with."""
    row = pregnancy_row(session, practitioner_id) or new_pregnancy_row(session, practitioner_id)
    before = pregnancy_said(row)
    stated = with_payload(before, PREGNANCY_ITEMS, accepted)
    how = pregnancy_changes(before, stated)
    write_pregnancy(row, stated, how, [item for item in accepted if item in how and how[item] is not Change.SAME])
    signed = accepted.get(SIGNATURE)
    if signed and signed["signed_on"]:
        on = date.fromisoformat(signed["signed_on"])
        if row.signed_on is None or on >= row.signed_on:
            sign(row, signed["signed_name"], on)
    session.flush()
    changes.record(session, practitioner_id)


def signature(row: PregnancyDeclaration) -> dict[str, str | None]:
    """The signature as a change that waits holds it."""
    return {
        "signed_name": row.signed_name,
        "signed_on": row.signed_on.isoformat() if row.signed_on is not None else None,
    }


def runs(row: PregnancyDeclaration, *, today: date) -> bool:
    """Whether the signature counts today."""
    return (
        row.truth_declared and row.signed_on is not None and row.signed_on <= today <= declaration_ends(row.signed_on)
    )


def _standing(held: Verification, how: Change, item: str, *, empty: bool) -> Verification:
    if empty:
        return Verification.NONE
    if how is Change.SAME or (how is Change.NARROWER and item in _COUNTED):
        return Verification.SELF_ATTESTED if held is Verification.NONE else held
    return Verification.SELF_ATTESTED
