"""Asking about pairs, remembering that two are not the same, and making one profile of two.

What belonged to the profile that goes hangs on the one that stays from then on, as it was: what was checked stays
checked as far as it was, and nothing is checked any further by it. Decisions and the log keep the old number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, Table, UniqueConstraint, and_, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from directory import audit, changes
from directory.accounts.models import Account
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, Risk, State
from directory.credentials.decisions import service as decisions
from directory.credentials.decisions.handling import Deed, Handler
from directory.credentials.decisions.service import Draft, OwnRecord
from directory.credentials.decisions.terms import Outcome, ReasonCode
from directory.credentials.edits import service as edits
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.edits.terms import EditState
from directory.credentials.evidence.models import ProfilePhoto
from directory.credentials.evidence.terms import PhotoState
from directory.credentials.models import Credential, PregnancyDeclaration, RlsExperience
from directory.credentials.registration.models import PrefilledField, Registration, RegistrationStep
from directory.credentials.terms import ORDERED_TO_STOP
from directory.db import Base
from directory.desk.deciding import HANDLERS
from directory.desk.duplicates import letters, queries, rules
from directory.errors import Conflict, InvalidInput
from directory.guide.words import N_
from directory.mail import outbox
from directory.practitioners.merging.models import DuplicatePair, PractitionerMerge, PractitionerMergeNote
from directory.practitioners.merging.queries import slug_hash
from directory.practitioners.merging.terms import Answer
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus

MOST_AT_A_TIME: Final = 200
"""So many questions a night; the others wait for the next."""

CHOOSABLE: Final = (
    "display_name",
    "profession",
    "gender",
    "npi",
    "email",
    "website",
    "words",
    "biography",
    "min_patient_age",
)
"""Plain facts of which one profile may say this and the other that."""

BY_HAND: Final = frozenset(
    {
        "duplicate_pair",
        "profile_photo",
        "pregnancy_declaration",
        "rls_experience",
        "registration",
        "proposed_edit",
        "practitioner_closing",
    }
)
"""Tables of a person for which moving rows is not enough, or not right."""


# --- asking ----------------------------------------------------------------------------------------------------------


def ask_about_pairs(session: Session, *, now: datetime, most: int = MOST_AT_A_TIME) -> int:
    """Open a case for each pair that may be one person and that nobody was asked about yet; how many."""
    found = rules.pairs(queries.profiles(session), known=queries.known_pairs(session))
    for pair in found[:most]:
        row = DuplicatePair(first_id=pair.first, second_id=pair.second, answer=Answer.OPEN, noted_at=now)
        session.add(row)
        session.flush()
        cases.open_for(
            session,
            Kind.DUPLICATE,
            queries.subject_of(row.id),
            about=pair.second,
            risk=Risk.HIGH if pair.likeness.urgent else Risk.LOW,
            now=now,
        )
    return min(len(found), most)


def not_the_same(session: Session, case_id: int, *, note: str, by: int, now: datetime) -> None:
    """Two people: the desk is never asked about this pair again. ``AlreadyDecided`` where somebody was first."""
    case = cases.locked(session, case_id)
    _not_by_either(session, queries.both(session, case), by)
    _remember_no(session, case, by=by, now=now)
    _decide(session, case, Outcome.NO_ACTION, None, note=note, by=by, now=now)


def _remember_no(session: Session, case: Case, *, by: int, now: datetime) -> None:
    first, second = queries.both(session, case)
    pair = queries.pair_of(session, case) or session.scalars(_pair(first, second)).one_or_none()
    if pair is None:
        pair = DuplicatePair(first_id=first, second_id=second, noted_at=now)
        session.add(pair)
    pair.answer, pair.answered_at, pair.answered_by = Answer.NOT_THE_SAME, now, by
    session.flush()
    if case.subject != queries.subject_of(pair.id):
        cases.withdraw(session, Kind.DUPLICATE, queries.subject_of(pair.id), now=now)


def _pair(first: int, second: int) -> Select[Any]:
    return select(DuplicatePair).where(DuplicatePair.first_id == first, DuplicatePair.second_id == second)


def _decide(
    session: Session, case: Case, outcome: Outcome, reason: ReasonCode | None, *, note: str, by: int, now: datetime
) -> None:
    draft = Draft(
        kind=Kind.DUPLICATE,
        subject=case.subject,
        case_id=case.id,
        practitioner_id=case.about,
        outcome=outcome,
        reason_code=reason,
        by=by,
        note=note,
    )
    decisions.append(session, draft, now=now)
    cases.end(session, case, now=now)


def _not_by_either(session: Session, both: tuple[int, int], by: int) -> None:
    accounts = session.scalars(select(Practitioner.account_id).where(Practitioner.id.in_(both)))
    if by in set(accounts):
        raise OwnRecord(N_("This is about yourself. Two others have to decide it."))


# --- merging ---------------------------------------------------------------------------------------------------------


def merge(
    session: Session,
    case_id: int,
    *,
    into: int,
    chosen: Mapping[str, int],
    account_of: int | None = None,
    note: str = "",
    by: int,
    now: datetime,
) -> PractitionerMerge:
    """Make one profile of a pair: ``into`` stays. ``chosen`` names, for plain facts, the profile whose word stands;
    ``account_of`` the profile whose account keeps it where both have one.

    ``InvalidInput`` names the field that is wrong; ``Conflict`` where both are kept by somebody and it is not proved
    for both who that is, where a closed one would be shown again by it, and ``AlreadyDecided`` after somebody else.
    """
    case = cases.locked(session, case_id)
    ids = queries.both(session, case)
    _not_by_either(session, ids, by)
    both = {each: _locked(session, each) for each in ids}
    if into not in both:
        raise InvalidInput(N_("Please choose which profile stays."), field="into")
    stays = both.pop(into)
    goes = next(iter(both.values()))
    _may_be_one(stays, goes)
    before = _plain(goes)
    _settle_standing(stays, goes)
    told = _settle_account(session, stays, goes, account_of)
    values = _chosen(stays, goes, chosen)
    dropped = _move(session, goes.id, stays.id, now=now)
    _move_cases(session, goes.id, stays.id, this=case)
    row = PractitionerMerge(
        from_id=goes.id, into_id=stays.id, slug_hash=slug_hash(goes.slug), merged_at=now, merged_by=by
    )
    session.add(row)
    session.flush()
    kept = json.dumps({"practitioner": before, **dropped}, ensure_ascii=False, default=str)
    session.add(PractitionerMergeNote(merge_id=row.id, practitioner_id=stays.id, before_sealed=kept))
    session.flush()
    gone_id = goes.id
    session.expunge(goes)
    session.execute(delete(Practitioner).where(Practitioner.id == gone_id))
    for name, value in values.items():
        setattr(stays, name, value)
    stays.updated_at = now
    case.about = stays.id
    _decide(session, case, Outcome.VERIFIED, None, note=note, by=by, now=now)
    audit.record(session, action="practitioner.merged", actor=by, subject=f"practitioner:{gone_id}", now=now)
    audit.record(session, action="practitioner.joined", actor=by, subject=f"practitioner:{stays.id}", now=now)
    if told is not None:
        outbox.send(session, to=told.email, letter=letters.profiles_joined(), language=told.locale, now=now)
    for each in (gone_id, stays.id):
        changes.record(session, each)
    session.flush()
    return row


def _locked(session: Session, practitioner_id: int) -> Practitioner:
    return session.get_one(Practitioner, practitioner_id, with_for_update=True, populate_existing=True)


def _may_be_one(stays: Practitioner, goes: Practitioner) -> None:
    if AccountStatus.CLOSED in (stays.account_status, goes.account_status) and (
        stays.account_status is not goes.account_status
    ):
        raise Conflict(N_("One of the two is closed. Open it again first, or close the other one too."))
    both_kept = stays.account_id is not None and goes.account_id is not None
    if both_kept and None in (stays.holder_proved_on, goes.holder_proved_on):
        raise Conflict(N_("Somebody keeps each of the two. Who that is has to be proved for both first."))
    if stays.fictional is not goes.fictional:
        raise Conflict(N_("One of the two is made up."))


def _settle_standing(stays: Practitioner, goes: Practitioner) -> None:
    """Whatever hides one of the two hides the one that stays."""
    held = [each for each in (stays.held_since, goes.held_since) if each is not None]
    stays.held_since = min(held, default=None)
    if AccountStatus.SUSPENDED in (stays.account_status, goes.account_status):
        stays.account_status = AccountStatus.SUSPENDED
    stays.published_at = min((at for at in (stays.published_at, goes.published_at) if at is not None), default=None)


def _settle_account(
    session: Session, stays: Practitioner, goes: Practitioner, account_of: int | None
) -> Account | None:
    """One account keeps the profile, with what was proved of its holder; the other one, to be told, comes back."""
    if goes.account_id is None:
        return None
    if stays.account_id is not None and account_of not in (stays.id, goes.id):
        raise InvalidInput(N_("Please choose whose account keeps the profile."), field="account_of")
    other = goes.account_id
    goes.account_id = None
    session.flush()
    if stays.account_id is None:
        stays.account_id, stays.holder_proved_on = other, goes.holder_proved_on
        return None
    if account_of == goes.id:
        other, stays.account_id = stays.account_id, other
        stays.holder_proved_on = goes.holder_proved_on
        session.flush()
    return session.get(Account, other)


def _plain(person: Practitioner) -> dict[str, Any]:
    return {name: getattr(person, name) for name in ("slug", *CHOOSABLE)}


def _chosen(stays: Practitioner, goes: Practitioner, chosen: Mapping[str, int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in CHOOSABLE:
        own, other = getattr(stays, name), getattr(goes, name)
        if own == other:
            continue
        whose = chosen.get(name) or (goes.id if own in (None, "") else stays.id)
        if whose not in (stays.id, goes.id):
            raise InvalidInput(N_("Please choose one of the two."), field=name)
        values[name] = other if whose == goes.id else own
    return values


# --- what hangs on a profile -----------------------------------------------------------------------------------------


def _move(session: Session, goes: int, stays: int, *, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Hang every row of one person on the other; what both have and only one can have, of the one that goes, is given
    back by table and dropped."""
    dropped: dict[str, list[dict[str, Any]]] = {}
    _registration(session, goes, stays)
    _declarations(session, goes, stays, dropped)
    _photos(session, goes, stays)
    _edits(session, goes, stays, now=now)
    _pairs(session, goes, stays, now=now)
    for table in Base.metadata.sorted_tables:
        if table.name in BY_HAND:
            continue
        for name in columns_of_a_person(table):
            left = _rehang(session, table, name, goes, stays)
            if left:
                dropped[table.name] = left
    _same_papers(session, stays, now=now)
    return dropped


def columns_of_a_person(table: Table) -> list[str]:
    """The columns of a table that name the practitioner whom a row belongs to."""
    return [
        column.name
        for column in table.columns
        if any(key.column.table.name == Practitioner.__tablename__ for key in column.foreign_keys)
    ]


def _rehang(session: Session, table: Table, name: str, goes: int, stays: int) -> list[dict[str, Any]]:
    column = table.c[name]
    keys = _keys(table)
    other = table.alias()
    free = [
        ~exists(
            select(1)
            .select_from(other)
            .where(
                other.c[name] == stays, and_(True, *(other.c[each] == table.c[each] for each in key if each != name))
            )
        )
        for key in keys
        if name in key
    ]
    session.execute(update(table).where(column == goes, *free).values({name: stays}))
    left = [dict(row) for row in session.execute(select(table).where(column == goes)).mappings()]
    if left:
        session.execute(delete(table).where(column == goes))
    return left


def _keys(table: Table) -> list[list[str]]:
    """The sets of columns of which no two rows may be alike."""
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    indexes = [each for each in table.indexes if each.unique]
    found = [table.primary_key.columns, *(each.columns for each in unique), *(each.columns for each in indexes)]
    return [[column.name for column in columns] for columns in found]


def _registration(session: Session, goes: int, stays: int) -> None:
    """How somebody registered: that of the profile that stays, or else the other one's."""
    own = session.get(Registration, goes)
    if own is None or session.get(Registration, stays) is not None:
        return
    values = {column.key: getattr(own, column.key) for column in Registration.__table__.columns}
    session.execute(insert(Registration).values(values | {"practitioner_id": stays}))
    for model in (RegistrationStep, PrefilledField):
        session.execute(update(model).where(model.practitioner_id == goes).values(practitioner_id=stays))


_NOT_SAID: Final = frozenset({"id", "practitioner_id", "attested_on", "signed_on", "signed_name", "truth_declared"})


def _declarations(session: Session, goes: int, stays: int, dropped: dict[str, list[dict[str, Any]]]) -> None:
    """A declaration that only one of the two made goes along; of two that differ the one that stays must be signed
    again."""
    _declaration(session, RlsExperience, "attested_on", goes, stays, dropped)
    _declaration(session, PregnancyDeclaration, "signed_on", goes, stays, dropped)


def _declaration(
    session: Session,
    model: type[RlsExperience] | type[PregnancyDeclaration],
    signature: str,
    goes: int,
    stays: int,
    dropped: dict[str, list[dict[str, Any]]],
) -> None:
    found = {each.practitioner_id: each for each in session.scalars(_of(model, goes, stays))}
    mine, kept = found.get(goes), found.get(stays)
    if mine is None:
        return
    if kept is None:
        mine.practitioner_id = stays
    else:
        if _said(kept) != _said(mine):
            setattr(kept, signature, None)
        dropped[model.__tablename__] = [_said(mine) | {signature: getattr(mine, signature)}]
        session.delete(mine)
    session.flush()


def _of(model: type[RlsExperience] | type[PregnancyDeclaration], goes: int, stays: int) -> Select[Any]:
    return select(model).where(model.practitioner_id.in_([goes, stays]))


def _said(row: RlsExperience | PregnancyDeclaration) -> dict[str, Any]:
    """What was declared, without how far it was checked and who signed it."""
    names = (column.key for column in row.__table__.columns)
    return {
        name: getattr(row, name)
        for name in names
        if name not in _NOT_SAID and not name.endswith(("_verification", "_sealed"))
    }


def _photos(session: Session, goes: int, stays: int) -> None:
    """A photo goes along where the profile that stays has none in its place; the daily sweep takes other files away."""
    own = session.scalars(select(ProfilePhoto.state).where(ProfilePhoto.practitioner_id == stays)).all()
    taken = {each is PhotoState.ACCEPTED for each in own}
    for photo in session.scalars(select(ProfilePhoto).where(ProfilePhoto.practitioner_id == goes)).all():
        if (photo.state is PhotoState.ACCEPTED) in taken:
            session.delete(photo)
        else:
            photo.practitioner_id = stays
    session.flush()


def _edits(session: Session, goes: int, stays: int, *, now: datetime) -> None:
    """What was proposed goes along. A change to the person that still waits speaks of the profile that goes: it is
    taken back, and whoever keeps the other one proposes it again."""
    mine = select(ProposedEdit).where(ProposedEdit.practitioner_id == goes)
    for each in session.scalars(mine.order_by(ProposedEdit.id)).all():
        if each.state is EditState.WAITING and not each.subject.startswith("place:"):
            edits.withdraw(session, each.id, owner=goes, now=now)
        each.practitioner_id = stays
    session.flush()


def _pairs(session: Session, goes: int, stays: int, *, now: datetime) -> None:
    """That somebody is not the same as the one that goes holds for the one that stays; what is open is asked anew."""
    either = (DuplicatePair.first_id == goes) | (DuplicatePair.second_id == goes)
    for pair in session.scalars(select(DuplicatePair).where(either)).all():
        third = pair.second_id if pair.first_id == goes else pair.first_id
        if third == stays:
            session.delete(pair)
            continue
        first, second = sorted((third, stays))
        there = session.scalars(_pair(first, second)).one_or_none()
        no = pair.answer is Answer.NOT_THE_SAME
        if no and there is None:
            pair.first_id, pair.second_id = first, second
            continue
        asked = pair
        if no and there is not None and there.answer is Answer.OPEN:
            there.answer, there.answered_at, there.answered_by = pair.answer, pair.answered_at, pair.answered_by
            asked = there
        cases.withdraw(session, Kind.DUPLICATE, queries.subject_of(asked.id), now=now)
        session.delete(pair)
    session.flush()


def _same_papers(session: Session, stays: int, *, now: datetime) -> None:
    """Of two rows about the same paper the one looked at last stands; an order to stop is never covered by it."""
    rows = session.scalars(
        select(Credential)
        .where(Credential.practitioner_id == stays, Credential.number.is_not(None), Credential.given_up_on.is_(None))
        .order_by(Credential.id)
    ).all()
    same: dict[tuple[object, ...], list[Credential]] = {}
    replaced = {each.supersedes_id for each in rows}
    for row in rows:
        key = (row.kind, row.jurisdiction, row.place_id, row.body, rules.number_key(row.number))
        if row.id not in replaced and row.supersedes_id is None:
            same.setdefault(key, []).append(row)
    for found in same.values():
        *others, best = sorted(found, key=lambda row: (row.verified_on is not None, row.verified_on or now.date()))
        for row in others:
            if row.status in ORDERED_TO_STOP or row.last_known_status in ORDERED_TO_STOP:
                continue
            if row.verified_on is None:
                row.given_up_on = now.date()
            elif best.supersedes_id is None:
                best.supersedes_id = row.id
    session.flush()


def _move_cases(session: Session, goes: int, stays: int, *, this: Case) -> None:
    """Open cases about the one that goes are about the one that stays."""
    about = select(Case).where(Case.about == goes, Case.state == State.OPEN, Case.id != this.id)
    for case in session.scalars(about.with_for_update()).all():
        case.about = stays
        for what in ("practitioner", "rls", "pregnancy"):
            if case.subject == f"{what}:{goes}":
                case.subject = f"{what}:{stays}"
    session.flush()


# --- from the desk's own form ----------------------------------------------------------------------------------------


def _apply(session: Session, deed: Deed) -> None:
    if deed.verdict.outcome is Outcome.VERIFIED:
        raise Conflict(N_("Make one profile of them on the page that shows both side by side."))
    if deed.verdict.outcome is Outcome.NO_ACTION and deed.matter.case_id is not None:
        case = session.get_one(Case, deed.matter.case_id)
        _not_by_either(session, queries.both(session, case), deed.by)
        _remember_no(session, case, by=deed.by, now=deed.now)


HANDLERS[Kind.DUPLICATE] = Handler(apply=_apply)
