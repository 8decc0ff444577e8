"""Saving what somebody changes about themselves: at once, or as a wish that the verification desk decides."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from directory.accounts import queries as accounts
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials.control import service as control
from directory.credentials.edits import letters, queries, rules
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.edits.terms import EditState, FieldClass
from directory.credentials.stating import declarations
from directory.errors import Conflict, InvalidInput
from directory.mail import outbox
from directory.mail.letters import DEFAULT_LANGUAGE, Letter
from directory.practitioners import drafts
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import Address, PlaceDraft
from directory.practitioners.models import PracticePlace
from directory.practitioners.premises import service as premises

PERSON: Final = "person"
PLACE: Final = "place"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a save did."""

    applied: frozenset[str]
    waiting: frozenset[str]
    """Fields whose new value somebody looks at first."""


def save_person(session: Session, practitioner_id: int, values: Mapping[str, Any], *, now: datetime) -> Outcome:
    """Change facts about the person; a name outside ``rules.PERSON`` is a fault of the caller.

    ``InvalidInput`` names the field that cannot be used, also one that would only wait.
    """
    row = people.practitioner(session, practitioner_id)
    waits = queries.waiting(session, practitioner_id).get(PERSON)
    wanted = waits.after if waits else {}
    changed = {key: new for key, new in values.items() if new != getattr(row, key) or key in wanted}
    practitioners.check_person_values(session, row, changed)
    parts = rules.split(changed, rules.PERSON, published=row.published_at is not None)
    if parts.at_once:
        was = row.display_name
        practitioners.change_person(session, practitioner_id, parts.at_once, now=now)
        control.renamed(session, practitioner_id, was=was, now=now)
    before = {key: getattr(row, key) for key in parts.to_be_seen}
    propose(session, practitioner_id, PERSON, before, parts.to_be_seen, parts.field_class, now=now)
    return Outcome(frozenset(parts.at_once), frozenset(parts.to_be_seen))


def add_place(session: Session, draft: PlaceDraft, *, now: datetime) -> PracticePlace:
    """A new place. That of a published profile has no rules to be shown under until somebody has looked at it.

    Somebody who sends the same address again gets the place they have, as it is.
    """
    there = {each.id for each in people.places_of(session, draft.practitioner_id)}
    row = premises.add_place(session, draft)
    person = people.practitioner(session, draft.practitioner_id)
    if person.published_at is None or row.id in there or row.jurisdiction is None:
        return row
    wanted = {"jurisdiction": row.jurisdiction}
    premises.change_place(session, row.id, {"jurisdiction": None})
    subject = place_subject(row.id)
    propose(session, person.id, subject, {"jurisdiction": None}, wanted, FieldClass.REVERIFY, now=now)
    return row


def save_address(session: Session, place_id: int, address: Address, *, now: datetime) -> Outcome:
    """Change where a place is. What patients see stays as it is until somebody has looked at the new address.

    Hiding a home waits for nobody: the old address is hidden at once, and a new one is looked at like any other.
    """
    row = people.place(session, place_id)
    person = people.practitioner(session, row.practitioner_id)
    if person.published_at is None:
        premises.move_place(session, place_id, address)
        return Outcome(premises.ADDRESS_COLUMNS, frozenset())
    if address.hidden_home and not row.hidden_home:
        premises.hide_place(session, place_id)
    return _save_place(session, row, premises.address_values(address), now=now)


def save_place_name(
    session: Session, place_id: int, *, label: str, title: str | None, timezone: str, now: datetime
) -> Outcome:
    """Change what a place is called and by which clock, and leave it where it is."""
    row = people.place(session, place_id)
    drafts.check_name(label, title, timezone)
    return _save_place(session, row, {"label": label, "title": title, "timezone": timezone}, now=now)


def save_telephone(session: Session, place_id: int, telephone: str | None, *, now: datetime) -> Outcome:
    """Change the telephone number of a place; the old one stays until somebody has looked at the new one."""
    row = people.place(session, place_id)
    return _save_place(session, row, {"telephone": drafts.check_telephone(telephone)}, now=now)


def place_subject(place_id: int) -> str:
    """How a wish names a place."""
    return f"{PLACE}:{place_id}"


def _save_place(session: Session, row: PracticePlace, values: Mapping[str, Any], *, now: datetime) -> Outcome:
    person = people.practitioner(session, row.practitioner_id)
    subject = place_subject(row.id)
    waits = queries.waiting(session, row.practitioner_id).get(subject)
    wanted = waits.after if waits else {}
    changed = {key: new for key, new in values.items() if new != getattr(row, key) or key in wanted}
    classes = {**dict.fromkeys(changed, FieldClass.FREE), **rules.PLACE}
    parts = rules.split(changed, classes, published=person.published_at is not None)
    if parts.at_once:
        premises.change_place(session, row.id, parts.at_once)
    before = {key: getattr(row, key) for key in parts.to_be_seen}
    propose(session, row.practitioner_id, subject, before, parts.to_be_seen, parts.field_class, now=now)
    return Outcome(frozenset(parts.at_once), frozenset(parts.to_be_seen))


def propose(
    session: Session,
    practitioner_id: int,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    field_class: FieldClass,
    *,
    now: datetime,
) -> ProposedEdit | None:
    """Add a wish to what waits about this subject, and open a case for it; ``None`` when nothing is left to wish.

    A value that goes back to what is live is a wish taken back.
    """
    row = queries.waiting(session, practitioner_id).get(subject)
    was, wanted = (row.before, row.after) if row else ({}, {})
    was |= before
    wanted |= after
    kept = {key: new for key, new in wanted.items() if _plain(new) != _plain(was.get(key))}
    if not kept:
        if row is not None:
            _end(session, row, EditState.WITHDRAWN, now=now)
        return None
    if row is None:
        row = ProposedEdit(practitioner_id=practitioner_id, subject=subject, state=EditState.WAITING)
        session.add(row)
    told = row.after if row.after_sealed else {}
    row.before_sealed = _sealed({key: was.get(key) for key in kept})
    row.after_sealed = _sealed(kept)
    row.field_class = FieldClass.REVERIFY if FieldClass.REVERIFY in (field_class, row.field_class) else field_class
    row.proposed_at = now
    session.flush()
    cases.open_for(session, Kind.SENSITIVE_EDIT, subject_of(row), about=practitioner_id, now=now)
    if field_class is FieldClass.REVERIFY and row.after != told:
        tell_old_channels(session, practitioner_id, letters.change_wished(on=now.date()), now=now)
    return row


def accept(session: Session, edit_id: int, *, now: datetime) -> ProposedEdit:
    """Let a proposed change be seen. ``Conflict`` when it was decided before, or when it cannot be applied any more."""
    row = _undecided(session, edit_id)
    try:
        _APPLY[row.subject.partition(":")[0]](session, row, now)
    except InvalidInput as error:
        raise Conflict(f"This change cannot be made any more: {error}") from error
    _end(session, row, EditState.ACCEPTED, now=now)
    return row


def refuse(session: Session, edit_id: int, *, answer: str, now: datetime) -> ProposedEdit:
    """Leave everything as it is; ``answer`` is what the person is told."""
    row = _undecided(session, edit_id)
    row.answer_sealed = answer
    _end(session, row, EditState.REFUSED, now=now)
    return row


def withdraw(session: Session, edit_id: int, *, owner: int, now: datetime) -> None:
    """Take back what one wished oneself; ``NotFound`` when it is somebody else's."""
    row = queries.edit(session, edit_id, owner=owner)
    if row.state is EditState.WAITING:
        _end(session, row, EditState.WITHDRAWN, now=now)


def subject_of(row: ProposedEdit) -> str:
    """How a case names a proposed change."""
    return f"edit:{row.id}"


def tell_old_channels(session: Session, practitioner_id: int, letter: Letter, *, now: datetime) -> None:
    """Write to the addresses known before the change. The desk rings the old telephone number; we cannot."""
    person = people.practitioner(session, practitioner_id)
    account = None if person.account_id is None else accounts.account(session, person.account_id)
    language = account.locale if account else DEFAULT_LANGUAGE
    addresses = {each.casefold(): each for each in (account and account.email, person.email) if each}
    for to in addresses.values():
        outbox.send(session, to=to, letter=letter, language=language, now=now)


def _undecided(session: Session, edit_id: int) -> ProposedEdit:
    row = queries.edit(session, edit_id)
    if row.state is not EditState.WAITING:
        raise Conflict("This change was decided already.")
    return row


def _end(session: Session, row: ProposedEdit, state: EditState, *, now: datetime) -> None:
    row.state, row.decided_at = state, now
    session.flush()
    cases.withdraw(session, Kind.SENSITIVE_EDIT, subject_of(row), now=now)


def _apply_person(session: Session, row: ProposedEdit, now: datetime) -> None:
    practitioners.change_person(session, row.practitioner_id, row.after, now=now)


def _apply_place(session: Session, row: ProposedEdit, _now: datetime) -> None:
    premises.change_place(session, int(row.subject.partition(":")[2]), row.after)


def _apply_rls(session: Session, row: ProposedEdit, _now: datetime) -> None:
    declarations.apply_rls(session, row.practitioner_id, row.after)


def _apply_pregnancy(session: Session, row: ProposedEdit, _now: datetime) -> None:
    declarations.apply_pregnancy(session, row.practitioner_id, row.after)


_APPLY: Final[Mapping[str, Callable[[Session, ProposedEdit, datetime], None]]] = {
    PERSON: _apply_person,
    PLACE: _apply_place,
    "rls": _apply_rls,
    "pregnancy": _apply_pregnancy,
}


def _sealed(values: Mapping[str, Any]) -> str:
    return json.dumps({key: _plain(value) for key, value in values.items()}, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """As it comes back out of JSON."""
    return json.loads(json.dumps(value, default=str))
