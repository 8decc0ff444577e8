"""What the ledger says of FHIR resources, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from directory.api.fhir import deltas, entries, resources
from directory.entries import service as ledger
from directory.jurisdictions import queries as jurisdictions
from directory.practitioners.publication import service as publication
from tests.factories import NOW, Listed, listed, reference

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LATER = NOW + timedelta(hours=1)


def settle(session: Session, count: int = 3) -> list[Listed]:
    """So many people who are listed and noted."""
    reference(session)
    people = [listed(session) for _ in range(count)]
    session.commit()
    ledger.catch_up(session, now=NOW)
    session.commit()
    return people


def pause(session: Session, person: Listed) -> None:
    publication.pause(session, person.id, now=LATER)
    session.commit()


def note(session: Session) -> None:
    ledger.catch_up(session, now=LATER)
    session.commit()


def numbers(person: Listed) -> dict[str, int]:
    at_the_place = dict.fromkeys(resources.AT_A_PLACE, person.place_id)
    return at_the_place | {resources.PERSON: person.id, resources.PAPER: person.licence_id}


def test_whoever_is_read_bears_the_stamp_of_the_ledger(session: Session) -> None:
    first, second, third = settle(session)
    rules = jurisdictions.all_rules(session)
    found = entries.read(session, [third.id, first.id, 999], now=NOW, rules=rules)
    assert list(found) == [first.id, third.id]
    for person in (first, third):
        entry = found[person.id]
        assert [each.id for each in entry.papers] == [person.licence_id]
        for kind, number in numbers(person).items():
            assert deltas.settled(session, kind, number, now=NOW) == entry.last_updated
            assert resources.plain_one(entry, kind, number, "http://x/fhir") is not None
            assert resources.plain_one(entry, kind, numbers(second)[kind], "http://x/fhir") is None
    assert entries.read(session, [], now=NOW, rules=rules) == {}


def test_nothing_is_settled_while_a_change_waits_to_be_noted(session: Session) -> None:
    gone, stays, _ = settle(session)
    pause(session, gone)
    for kind, number in numbers(gone).items():
        assert deltas.settled(session, kind, number, now=LATER) is None
    for kind, number in numbers(stays).items():
        assert deltas.settled(session, kind, number, now=LATER) is not None
    note(session)
    for kind, number in numbers(gone).items():
        assert deltas.settled(session, kind, number, now=LATER) is None
        assert deltas.owner(session, kind, number) == gone.id
        assert deltas.was_shown(session, kind, number, gone.id)
        assert deltas.settled(session, kind, 999, now=LATER) is None


def test_time_alone_unsettles(session: Session) -> None:
    person = settle(session)[0]
    assert deltas.settled(session, resources.PERSON, person.id, now=NOW + timedelta(days=400)) is None


def test_the_newest_changes_come_first_and_pages_join(session: Session) -> None:
    people = settle(session, 4)
    pause(session, people[1])
    note(session)
    until = LATER + timedelta(days=1)
    whole = deltas.moved(session, since=None, until=until, before=None, limit=10)
    assert [each.practitioner_id for each in whole] == [people[1].id, people[3].id, people[2].id, people[0].id]
    assert whole[0].gone_at is not None
    here = whole[1].changed_at, whole[1].practitioner_id
    assert deltas.moved(session, since=None, until=until, before=here, limit=10) == whole[1:]
    assert deltas.moved(session, since=LATER, until=until, before=None, limit=10) == whole[:1]
    assert deltas.moved(session, since=None, until=NOW + timedelta(minutes=1), before=None, limit=10) == whole[1:]


def test_what_is_to_be_taken_out_is_known_by_number(session: Session) -> None:
    gone, stays, _ = settle(session)
    pause(session, gone)
    note(session)
    told = deltas.gone(session, [gone.id, stays.id])
    assert list(told[gone.id].places) == [gone.place_id]
    assert told[gone.id].papers == (gone.licence_id,)
    assert not told[stays.id].places
    assert deltas.gone(session, []) == {}


def test_people_are_walked_in_order_some_at_a_time(session: Session) -> None:
    people = settle(session)
    ids = sorted(each.id for each in people)
    assert deltas.shown_after(session, 0, since=None, limit=2) == ids[:2]
    assert deltas.shown_after(session, ids[1], since=None, limit=2) == ids[2:]
    assert deltas.shown_after(session, 0, since=LATER, limit=9) == []
    pause(session, people[0])
    note(session)
    assert deltas.changed_after(session, 0, since=LATER, limit=9) == [people[0].id]
