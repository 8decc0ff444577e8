"""The ledger of entries: each difference is noted once, in order, and who went stays noted when their row is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory import changes
from directory.entries import queries, rules, service
from directory.entries.models import Entry, EntryLook
from directory.entries.queries import Stamp
from directory.jurisdictions import queries as jurisdictions
from directory.practitioners import service as practitioners
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.search import listings
from directory.search.visible import open_places
from tests import factories

NOW = factories.NOW
MINUTE = timedelta(minutes=1)


@pytest.fixture
def listed(session: Session) -> list[factories.Listed]:
    factories.reference(session)
    found = [factories.listed(session) for _ in range(3)]
    session.commit()
    return found


def _look(session: Session, now: datetime) -> int:
    """What the job does."""
    count = service.catch_up(session, now=now)
    session.commit()
    return count


def test_the_first_look_notes_everybody_since_they_are_published(
    session: Session, listed: list[factories.Listed]
) -> None:
    publication.hold(session, listed[2].id, now=NOW)
    session.commit()
    assert _look(session, NOW + MINUTE) == 2
    stamps = queries.stamps(session, [each.id for each in listed])
    assert stamps[listed[0].id] == Stamp(first_shown_at=NOW, changed_at=NOW + MINUTE + rules.STEP)
    assert stamps[listed[2].id].changed_at == queries.ledger(session).began_at == NOW + MINUTE
    assert queries.newest_shown(session, limit=9) == [(listed[1].id, NOW), (listed[0].id, NOW)]


def test_before_the_first_look_nobody_lacks_a_stamp(session: Session, listed: list[factories.Listed]) -> None:
    stamps = queries.stamps(session, [listed[0].id, 4711])
    assert stamps[listed[0].id] == stamps[4711]
    assert stamps[4711].changed_at == queries.ledger(session).began_at


def test_looking_again_notes_nothing(session: Session, listed: list[factories.Listed]) -> None:
    _look(session, NOW)
    assert service.waiting(session, now=NOW + MINUTE).nothing_new
    changes.begin_epoch(session)
    session.commit()
    assert not service.waiting(session, now=NOW + MINUTE).nothing_new
    before = queries.changed(session, limit=9)
    assert _look(session, NOW + MINUTE) == 0
    assert queries.changed(session, limit=9) == before


def test_a_change_of_what_is_shown_is_noted_and_one_of_what_is_not_shown_is_not(
    session: Session, listed: list[factories.Listed]
) -> None:
    _look(session, NOW)
    first, second, _ = (each.id for each in listed)
    session.get_one(Practitioner, first).words = "I work slowly and explain each step."
    session.get_one(Practitioner, second).email = "another@example.org"
    for each in (first, second):
        changes.record(session, each)
    session.commit()
    assert _look(session, NOW + MINUTE) == 1
    since = NOW + MINUTE
    assert [(each.id, each.changed_at, each.gone_at) for each in queries.changed(session, since=since, limit=9)] == [
        (first, since, None)
    ]


def test_who_is_hidden_is_gone_and_who_comes_back_is_there_since_the_first_time(
    session: Session, listed: list[factories.Listed]
) -> None:
    _look(session, NOW)
    person = listed[0]
    publication.hold(session, person.id, now=NOW)
    session.commit()
    hidden, back = NOW + 5 * MINUTE, NOW + 9 * MINUTE
    assert _look(session, hidden) == 1
    assert queries.stamps(session, [person.id])[person.id] == Stamp(NOW, hidden, hidden)
    assert [each.id for each in queries.gone_places(session, limit=9)] == [person.place_id]
    assert person.id not in dict(queries.newest_shown(session, limit=9))
    session.get_one(Practitioner, person.id).held_since = None
    changes.record(session, person.id)
    session.commit()
    assert _look(session, back) == 1
    assert queries.stamps(session, [person.id])[person.id] == Stamp(NOW, back, None)
    assert queries.gone_places(session, limit=9) == []


def test_who_is_erased_stays_noted_as_gone_by_number_alone(session: Session, listed: list[factories.Listed]) -> None:
    _look(session, NOW)
    erased = listed[1]
    session.execute(delete(Practitioner).where(Practitioner.id == erased.id))
    changes.record(session, erased.id)
    session.commit()
    assert _look(session, NOW + MINUTE) == 1
    assert queries.stamps(session, [erased.id])[erased.id].gone_at == NOW + MINUTE
    (gone,) = session.execute(select(Entry).where(Entry.practitioner_id == erased.id)).scalars()
    assert gone.digest is None
    assert queries.gone_places(session, limit=9)[0].practitioner_id == erased.id


def test_a_place_that_is_closed_is_gone_while_the_person_stays(
    session: Session, listed: list[factories.Listed]
) -> None:
    person = listed[0]
    second = premises.add_place(session, factories.place_draft(person.id, label="Second rooms"))
    practitioners.attest(session, person.id, now=NOW)
    session.commit()
    _look(session, NOW)
    session.get_one(PracticePlace, second.id).active = False
    changes.record(session, person.id)
    session.commit()
    assert _look(session, NOW + MINUTE) == 1
    assert [(each.id, each.gone_at) for each in queries.gone_places(session, limit=9)] == [(second.id, NOW + MINUTE)]
    assert queries.stamps(session, [person.id])[person.id] == Stamp(NOW, NOW + MINUTE, None)
    noted = queries.place_stamps(session, [second.id, person.place_id, 4711])
    assert {key: each.gone_at for key, each in noted.items()} == {second.id: NOW + MINUTE, person.place_id: None}


def test_who_lapses_by_time_alone_is_gone_since_the_midnight_of_their_place(session: Session) -> None:
    factories.reference(session)
    person = factories.listed(session, factories.Changes(indemnity_expires=factories.TODAY + timedelta(days=3)))
    session.commit()
    _look(session, NOW)
    midnight = datetime(2026, 11, 27, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert _look(session, midnight - MINUTE) == 0
    late = midnight + timedelta(hours=2)
    assert service.waiting(session, now=late).people == (person.id,)
    assert _look(session, late) == 1
    stamp = queries.stamps(session, [person.id])[person.id]
    assert (stamp.changed_at, stamp.gone_at) == (late, midnight)


def test_who_may_be_shown_from_a_day_on_is_there_on_that_day(session: Session) -> None:
    factories.reference(session)
    person = factories.listed(session)
    publication.prove_holder(session, person.id, today=factories.TODAY + timedelta(days=4), now=NOW)
    session.commit()
    assert _look(session, NOW) == 0
    for _ in range(9):
        due = session.scalars(select(EntryLook.due_at)).one()
        if _look(session, due):
            break
    stamp = queries.stamps(session, [person.id])[person.id]
    assert stamp.first_shown_at == stamp.changed_at
    assert NOW < stamp.changed_at < NOW + timedelta(days=5)


def test_stamps_go_forward_though_the_clock_goes_back(session: Session, listed: list[factories.Listed]) -> None:
    _look(session, NOW)
    newest = queries.ledger(session).looked_at
    publication.hold(session, listed[0].id, now=NOW)
    session.commit()
    _look(session, NOW - timedelta(hours=3))
    (gone,) = queries.changed(session, since=newest + rules.STEP, limit=9)
    assert gone.id == listed[0].id
    assert queries.ledger(session).looked_at == gone.changed_at > newest


def test_after_going_back_to_an_older_state_everybody_is_noted_anew(
    session: Session, listed: list[factories.Listed]
) -> None:
    _look(session, NOW)
    changes.begin_epoch(session)
    service.begin_anew(session)
    session.commit()
    assert _look(session, NOW + MINUTE) == 3
    assert len(queries.changed(session, since=NOW + MINUTE, limit=9)) == 3
    assert {shown for _, shown in queries.newest_shown(session, limit=9)} == {NOW}


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_of_changes_leave_nobody_out_and_tell_nobody_twice(
    session: Session, listed: list[factories.Listed], size: int
) -> None:
    """All three have one stamp, so that the number decides."""
    _look(session, NOW)
    found: list[int] = []
    after = None
    while page := queries.changed(session, after=after, limit=size):
        found += [each.id for each in page]
        after = page[-1].changed_at, page[-1].id
    assert found == [each.id for each in listed]
    assert queries.changed(session, until=NOW, limit=9) == []


def test_a_tag_is_another_one_as_soon_as_something_may_be_different(
    session: Session, listed: list[factories.Listed]
) -> None:
    first, second = listed[0].id, listed[1].id
    tags = [queries.tag_of(session, first, now=NOW)]
    _look(session, NOW)
    tags.append(queries.tag_of(session, first, now=NOW))
    other, everybody = queries.tag_of(session, second, now=NOW), queries.tag_of_all(session, now=NOW)
    assert queries.tag_of(session, first, now=NOW + MINUTE) == tags[-1]
    publication.hold(session, first, now=NOW)
    session.commit()
    tags.append(queries.tag_of(session, first, now=NOW))
    _look(session, NOW + MINUTE)
    tags.append(queries.tag_of(session, first, now=NOW))
    assert len(set(tags)) == 4
    assert queries.tag_of(session, second, now=NOW) == other
    assert queries.tag_of_all(session, now=NOW) != everybody
    due = session.scalars(select(EntryLook.due_at).where(EntryLook.practitioner_id == second)).one()
    assert queries.tag_of(session, second, now=due) != other


def test_a_digest_is_of_what_is_said_and_not_of_the_order_it_comes_in(
    session: Session, listed: list[factories.Listed]
) -> None:
    table = jurisdictions.all_rules(session)
    read = [list(listings.read(session, practitioner_ids=[each.id])) for each in listed[:1] * 2]
    once, again = (
        rules.digest((each.listing, each.permit) for each in open_places(some, table, now=NOW)) for some in read
    )
    assert once == again


@given(st.sets(st.text(max_size=4), max_size=6), st.dictionaries(st.text(max_size=3), st.integers(), max_size=5))
def test_sets_and_mappings_have_one_order(words: set[str], numbers: dict[str, int]) -> None:
    turned = dict(reversed(numbers.items()))
    assert rules.digest([frozenset(words), numbers]) == rules.digest([frozenset(sorted(words)), turned])
    assert rules.digest([frozenset(words)]) != rules.digest([frozenset(words | {"another one"})])
