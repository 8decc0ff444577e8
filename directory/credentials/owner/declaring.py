"""Declaring one's work with RLS and in pregnancy: at once while nobody has seen the profile, and afterwards at once
only where less is claimed. The rest waits for somebody who looks at it, and what stood before stays live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials.edits import letters
from directory.credentials.edits import queries as waiting_edits
from directory.credentials.edits import service as edits
from directory.credentials.edits.terms import FieldClass
from directory.credentials.models import Credential, PregnancyDeclaration
from directory.credentials.stating import declarations
from directory.credentials.stating.declarations import SIGNATURE
from directory.credentials.stating.declared import (
    PREGNANCY_ITEMS,
    RLS_ITEMS,
    Change,
    PregnancyStated,
    RlsStated,
    checked_pregnancy,
    checked_rls,
    payload,
    pregnancy_changes,
    rls_changes,
    with_payload,
)
from directory.credentials.stating.plausibility import Doubt, Issued, doubts, longest_possible
from directory.credentials.stating.stated import LEARNT, line
from directory.credentials.terms import CheckMethod
from directory.errors import InvalidInput, NotFound
from directory.geo.names import fold
from directory.guide.words import N_
from directory.practitioners.models import Practitioner

RLS: Final = "rls"
PREGNANCY: Final = "pregnancy"


@dataclass(frozen=True, slots=True)
class Declared:
    """What became of a declaration: the items that stand, those that wait, and what somebody will ask about."""

    applied: frozenset[str]
    waiting: frozenset[str]
    doubts: frozenset[Doubt] = frozenset()


def rls_as_stated(session: Session, practitioner_id: int) -> RlsStated:
    """What its author last declared, with what still waits."""
    said = declarations.rls_said(declarations.rls_row(session, practitioner_id))
    waits = waiting_edits.waiting(session, practitioner_id).get(RLS)
    return said if waits is None else with_payload(said, RLS_ITEMS, waits.after)


def pregnancy_as_stated(session: Session, practitioner_id: int) -> PregnancyStated:
    """What its author last declared, with what still waits."""
    said = declarations.pregnancy_said(declarations.pregnancy_row(session, practitioner_id))
    waits = waiting_edits.waiting(session, practitioner_id).get(PREGNANCY)
    return said if waits is None else with_payload(said, PREGNANCY_ITEMS, waits.after)


def declare_rls(
    session: Session, practitioner_id: int, stated: RlsStated, *, attested: bool, today: date, now: datetime
) -> Declared:
    """Declare work with RLS; ``attested`` is the author's "this is true", without which nothing counts.

    ``InvalidInput`` names the field that cannot be kept: among them years that the papers on record rule out.
    """
    person = _locked(session, practitioner_id)
    tidy = checked_rls(stated, today=today)
    row = declarations.rls_row(session, practitioner_id) or declarations.new_rls_row(session, practitioner_id)
    papers = _issued(session, practitioner_id)
    live = declarations.rls_said(row)
    how = rls_changes(live, tidy)
    _possible(tidy, how["years"], papers, today)
    if person.published_at is None:
        at_once = [item for item, change in how.items() if change is not Change.SAME]
    else:
        if not attested:
            raise InvalidInput(N_("Please declare that this is true."), field="attested")
        at_once = [item for item, change in how.items() if change is Change.NARROWER]
    declarations.write_rls(row, tidy, how, at_once)
    row.visits_per_week = tidy.visits_per_week
    if attested:
        unchanged = [item for item, change in how.items() if change is Change.SAME]
        declarations.write_rls(row, tidy, how, unchanged)
        row.attested_on = today
    elif at_once:
        row.attested_on = None
    session.flush()
    waits = frozenset(how) - frozenset(at_once) - {item for item, change in how.items() if change is Change.SAME}
    if person.published_at is not None:
        stands = payload(declarations.rls_said(row), RLS_ITEMS, RLS_ITEMS)
        edits.propose(
            session,
            practitioner_id,
            RLS,
            stands,
            stands | payload(tidy, RLS_ITEMS, waits),
            FieldClass.REVERIFY,
            now=now,
        )
        _tell_of_less(session, practitioner_id, at_once, now)
    found = _rls_doubts(tidy, papers, today)
    _ask_about(session, practitioner_id, f"rls:{practitioner_id}", found, now)
    changes.record(session, practitioner_id)
    return Declared(frozenset(at_once), waits, found)


def rls_doubts(session: Session, practitioner_id: int, *, today: date) -> frozenset[Doubt]:
    """What somebody will ask about the numbers last declared."""
    return _rls_doubts(rls_as_stated(session, practitioner_id), _issued(session, practitioner_id), today)


def declare_pregnancy(
    session: Session,
    practitioner_id: int,
    stated: PregnancyStated,
    *,
    signed_name: str | None,
    today: date,
    now: datetime,
) -> Declared:
    """Declare work in pregnancy. Without a name under it, it is a draft that counts for nothing.

    Of a published profile, less is at once and unsigned; more needs a signature and waits. Signed anew while it still
    runs and unchanged, it runs on for twelve months; once it has lapsed, somebody looks at it again.
    """
    person = _locked(session, practitioner_id)
    tidy = checked_pregnancy(stated)
    signed = _signature(person, tidy, signed_name)
    row = declarations.pregnancy_row(session, practitioner_id)
    row = row or declarations.new_pregnancy_row(session, practitioner_id)
    how = pregnancy_changes(declarations.pregnancy_said(row), tidy)
    if person.published_at is None:
        return _declare_unseen(session, row, tidy, how, signed, today=today, now=now)
    at_once = [item for item, change in how.items() if change is Change.NARROWER]
    waits = {item for item, change in how.items() if change is Change.OTHER}
    if waits and signed is None:
        raise InvalidInput(
            N_("Please sign. What you take on now goes to somebody who looks at it first."), field="signed_name"
        )
    renews = not waits and signed is not None and declarations.runs(row, today=today)
    declarations.write_pregnancy(row, tidy, how, at_once)
    if not tidy.treats:
        declarations.sign(row, None, None)
    elif renews:
        declarations.sign(row, signed, today)
    session.flush()
    stands = payload(declarations.pregnancy_said(row), PREGNANCY_ITEMS, PREGNANCY_ITEMS)
    stands[SIGNATURE] = dict(declarations.signature(row))
    wanted = stands | payload(tidy, PREGNANCY_ITEMS, waits)
    if tidy.treats and signed is not None and not renews:
        waits.add(SIGNATURE)
        wanted[SIGNATURE] = {"signed_name": signed, "signed_on": today.isoformat()}
    edits.propose(session, practitioner_id, PREGNANCY, stands, wanted, FieldClass.REVERIFY, now=now)
    _tell_of_less(session, practitioner_id, at_once, now)
    found = _pregnancy_doubts(session, practitioner_id, tidy, today=today, now=now)
    changes.record(session, practitioner_id)
    return Declared(frozenset(at_once), frozenset(waits), found)


def _declare_unseen(
    session: Session,
    row: PregnancyDeclaration,
    tidy: PregnancyStated,
    how: dict[str, Change],
    signed: str | None,
    *,
    today: date,
    now: datetime,
) -> Declared:
    at_once = [item for item, change in how.items() if change is not Change.SAME]
    declarations.write_pregnancy(row, tidy, how, at_once)
    if signed is not None and tidy.treats:
        declarations.sign(row, signed, today)
    elif at_once or not tidy.treats:
        declarations.sign(row, None, None)
    session.flush()
    found = _pregnancy_doubts(session, row.practitioner_id, tidy, today=today, now=now)
    changes.record(session, row.practitioner_id)
    return Declared(frozenset(at_once), frozenset(), found)


def _signature(person: Practitioner, tidy: PregnancyStated, typed: str | None) -> str | None:
    name = line("signed_name", typed, 200)
    if name is None or not tidy.treats:
        return None
    if tidy.min_week is None or tidy.max_week is None:
        raise InvalidInput(N_("Please say for which weeks, before you sign."), field="min_week")
    if sorted(fold(name).split()) != sorted(fold(person.display_name).split()):
        raise InvalidInput(N_("Please type your name as it stands on your profile."), field="signed_name")
    return name


def _rls_doubts(stated: RlsStated, papers: Iterable[Issued], today: date) -> frozenset[Doubt]:
    return doubts(
        patients=stated.patients_24m,
        visits_per_week=stated.visits_per_week,
        years=stated.years,
        hours=stated.training_hours,
        publications=stated.publications,
        papers=papers,
        today=today,
    )


def _pregnancy_doubts(
    session: Session, practitioner_id: int, tidy: PregnancyStated, *, today: date, now: datetime
) -> frozenset[Doubt]:
    if not tidy.treats:
        return frozenset()
    found = doubts(patients=tidy.patients_24m, hours=tidy.training_hours, today=today)
    _ask_about(session, practitioner_id, f"pregnancy:{practitioner_id}", found, now)
    return found


def _possible(tidy: RlsStated, change: Change, papers: Iterable[Issued], today: date) -> None:
    most = longest_possible(papers, today=today)
    if change is Change.OTHER and most is not None and tidy.years > most:
        raise InvalidInput(
            N_(
                "Your oldest paper on record was issued later than that, and its day was checked. If you worked "
                "elsewhere before, add that licence first, with its day of issue."
            ),
            field="years",
        )


def _issued(session: Session, practitioner_id: int) -> list[Issued]:
    """Papers under which this person may have worked: all but what they learnt."""
    rows = session.execute(
        select(Credential.valid_from, Credential.verified_on, Credential.check_method, Credential.identity_match).where(
            Credential.practitioner_id == practitioner_id, Credential.kind.not_in(LEARNT)
        )
    )
    return [
        Issued(on, match and verified_on is not None and method is not CheckMethod.DOCUMENT_ONLY)
        for on, verified_on, method, match in rows
    ]


def _ask_about(session: Session, practitioner_id: int, subject: str, found: frozenset[Doubt], now: datetime) -> None:
    if found:
        cases.open_for(session, Kind.PLAUSIBILITY, subject, about=practitioner_id, now=now)
    else:
        cases.withdraw(session, Kind.PLAUSIBILITY, subject, now=now)


def _tell_of_less(session: Session, practitioner_id: int, at_once: Iterable[str], now: datetime) -> None:
    if list(at_once):
        edits.tell_old_channels(session, practitioner_id, letters.changed_at_once(on=now.date()), now=now)


def _locked(session: Session, practitioner_id: int) -> Practitioner:
    found = session.scalars(
        select(Practitioner).where(Practitioner.id == practitioner_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such practitioner.")
    return found
