"""Found by name is only who may be shown now, judged on rows just read, whatever the names in memory say."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from directory import changes
from directory.credentials.terms import CredentialStatus
from directory.db import writing
from directory.practitioners.models import Practitioner
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import AccountStatus
from directory.search import name_index
from directory.search.by_name import READ, SHOWN, NameResults, Town, find_by_name
from directory.search.name_index import NameHolder
from tests.db.search.conftest import counted
from tests.db.search.people import NOW, add, add_place, day


@pytest.fixture
def names() -> NameHolder:
    return NameHolder()


def found(session: Session, names: NameHolder, text: str, *, now: datetime = NOW) -> list[str]:
    results = find_by_name(session, text, now=now, holder=names)
    return [each.name for each in (*results.named, *results.close)]


def search(store: Engine, names: NameHolder, text: str = "Wei Li") -> NameResults:
    with Session(store) as session:
        return find_by_name(session, text, now=NOW, holder=names)


def grow(store: Engine, name: str = "Wei Li", **facts: Any) -> int:
    with Session(store) as session:
        writing(session)
        person = add(session, name, **facts)
        session.commit()
    return person


def loads(logs: list[dict[str, object]]) -> int:
    return sum(each["event"] == "names_loaded" for each in logs)


HIDDEN: dict[str, dict[str, Any]] = {
    "past its date": {"licence": {"expires": day(-2)}},
    "suspended licence": {"licence": {"status": CredentialStatus.SUSPENDED}},
    "no licence": {"licence": None},
    "no cover": {"cover": {"expires": day(-2)}},
    "not confirmed for 121 days": {"attested_at": NOW - timedelta(days=121)},
    "held": {"held_since": NOW},
    "suspended": {"account_status": AccountStatus.SUSPENDED},
    "paused": {"account_status": AccountStatus.PAUSED},
    "never published": {"account_status": AccountStatus.DRAFT, "published_at": None},
    "holder not proved": {"holder_proved_on": None},
    "place closed": {"place": {"active": False}},
    "no such time zone": {"place": {"timezone": "Mars/Olympus"}},
}


@pytest.mark.parametrize("why", HIDDEN)
def test_whoever_may_not_be_shown_is_not_found(town: Session, names: NameHolder, why: str) -> None:
    add(town, "Wei Li", **HIDDEN[why])
    add(town, "Wei Li-Roe")
    assert found(town, names, "Wei Li") == ["Wei Li-Roe"]


def test_whoever_may_be_shown_is_found_with_what_was_checked_and_where(town: Session, names: NameHolder) -> None:
    person = add(town, "Wei Li", place={"title": "Licensed Acupuncturist"})
    add_place(town, person, locality="Salem")
    add_place(town, person, locality="Salem")
    add_place(town, person, locality="Seattle", jurisdiction="US-WA")
    [one] = find_by_name(town, "li", now=NOW, holder=names).named
    assert one.title == "Licensed Acupuncturist"
    assert one.towns == (Town("Portland", "US-OR"), Town("Salem", "US-OR"))
    assert [paper.jurisdiction for paper in one.permit.basis] == ["US-OR"]


def test_the_town_tells_people_of_one_name_apart(town: Session, names: NameHolder) -> None:
    add(town, "Wei Li")
    person = add(town, "Mei Li", place={"locality": "Bend"})
    add_place(town, person, locality="New Salem")
    add_place(town, person, locality="Eugene", active=False)
    assert found(town, names, "Li Bend") == found(town, names, "li new salem") == ["Mei Li"]
    assert found(town, names, "Li Eugene") == found(town, names, "Bend") == []


def test_the_expiry_day_is_still_shown_and_the_next_is_not(town: Session, names: NameHolder) -> None:
    add(town, "Wei Li", licence={"expires": day(3)})
    assert found(town, names, "Wei Li", now=NOW + timedelta(days=3)) == ["Wei Li"]
    assert found(town, names, "Wei Li", now=NOW + timedelta(days=4)) == []


def test_the_last_day_of_a_confirmation_is_still_shown(town: Session, names: NameHolder) -> None:
    add(town, "Wei Li", attested_at=NOW - timedelta(days=120))
    assert found(town, names, "Wei Li") == ["Wei Li"]
    assert found(town, names, "Wei Li", now=NOW + timedelta(days=1)) == []


def test_close_ones_stand_apart_and_after(town: Session, names: NameHolder) -> None:
    for name in ("Maria Gonsalez", "Maria Gonzalez", "Mario Gonzales", "Maria Gonzalez-Roe", "Ada Roe"):
        add(town, name)
    results = find_by_name(town, "maria gonzález", now=NOW, holder=names)
    assert [each.name for each in results.named] == ["Maria Gonzalez", "Maria Gonzalez-Roe"]
    assert [each.name for each in results.close] == ["Maria Gonsalez", "Mario Gonzales"]
    assert (results.named_total, results.more) == (2, False)


def test_letters_are_forgiven_only_while_nobody_bears_them_as_a_name(town: Session, names: NameHolder) -> None:
    add(town, "Mai Roe")
    assert [each.name for each in find_by_name(town, "Mai Do", now=NOW, holder=names).named] == ["Mai Roe"]
    add(town, "Mai Do")
    town.commit()
    results = find_by_name(town, "Mai Do", now=NOW, holder=names)
    assert [each.name for each in results.named] == ["Mai Do"]
    assert [each.name for each in results.close] == ["Mai Roe"]


def test_a_common_name_shows_the_first_and_says_that_there_are_more(town: Session, names: NameHolder) -> None:
    for number in range(SHOWN + 1):
        add(town, f"Li {chr(97 + number)}bc")
    results = find_by_name(town, "Li", now=NOW, holder=names)
    assert (len(results.named), results.named_total, results.more) == (SHOWN, SHOWN + 1, True)
    for number in range(READ):
        add(town, f"Li {chr(97 + number % 26)}cd")
    results = find_by_name(town, "Li", now=NOW, holder=NameHolder())
    assert (len(results.named), results.named_total, results.more) == (SHOWN, None, True)


@pytest.mark.parametrize("changed", [False, True])
def test_three_statements_are_enough(town: Session, names: NameHolder, changed: bool) -> None:
    add(town, "Wei Li")
    town.commit()
    find_by_name(town, "Li", now=NOW, holder=names)
    if changed:
        add(town, "Wei Ming Li")
        town.commit()
    with counted(town) as sent:
        assert len(find_by_name(town, "Li", now=NOW, holder=names).named) == 1 + changed
    assert len(sent) == 2 + changed


def test_what_is_typed_is_in_no_statement_and_no_log(town: Session, names: NameHolder) -> None:
    add(town, "Wei Li")
    with counted(town) as sent, capture_logs() as logs:
        find_by_name(town, "Xanthippe Wei", now=NOW, holder=names)
    assert "xanthippe" not in f"{sent} {logs}".lower()


def test_a_change_counts_from_the_next_search_on(store: Engine, names: NameHolder) -> None:
    person = grow(store)
    other = NameHolder()
    assert search(store, names).named_total == search(store, other).named_total == 1
    with Session(store) as session:
        writing(session)
        publication.suspend(session, person, now=NOW)
        session.commit()
    for holder in (names, other, NameHolder()):
        assert search(store, holder).named_total == 0
    with Session(store) as session:
        writing(session)
        publication.lift_suspension(session, person, now=NOW)
        publication.publish(session, person, now=NOW)
        session.execute(update(Practitioner).where(Practitioner.id == person).values(display_name="Amy Chen"))
        session.commit()
    assert search(store, names).named_total == 0
    assert [each.name for each in search(store, names, "chen").named] == ["Amy Chen"]


def test_a_change_reads_only_what_changed(store: Engine, names: NameHolder) -> None:
    grow(store)
    search(store, names)
    with capture_logs() as logs:
        grow(store, "Wei Li-Roe")
        grow(store, "Ada Roe")
        assert search(store, names).named_total == 2
    assert loads(logs) == 0


def test_a_long_tail_a_pruned_history_and_a_new_one_are_read_anew(
    store: Engine, names: NameHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_index, "LAYER", 2)
    grow(store)
    search(store, names)
    for number in range(4):
        grow(store, f"Wei Li {chr(97 + number)}bc")
    with capture_logs() as logs:
        assert search(store, names).named_total == 5
    assert loads(logs) == 1
    grow(store)
    with Session(store) as session:
        writing(session)
        changes.prune(session, keep=0)
        session.commit()
    with capture_logs() as logs:
        assert search(store, names).named_total == 6
    assert loads(logs) == 1
    with Session(store) as session:
        writing(session)
        changes.begin_epoch(session)
        session.commit()
    with capture_logs() as logs:
        assert search(store, names).named_total == 6
    assert loads(logs) == 1


def test_layers_of_changes_count_over_one_another_until_there_are_too_many(
    store: Engine, names: NameHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_index, "LAYER", 1)
    monkeypatch.setattr(name_index, "MOST_LAYERS", 3)
    person = grow(store)
    search(store, names)

    def rename(name: str) -> None:
        with Session(store) as session:
            writing(session)
            session.execute(update(Practitioner).where(Practitioner.id == person).values(display_name=name))
            changes.record(session, person)
            session.commit()

    with capture_logs() as logs:
        for name in ("Amy Chen", "Ada Roe", "Wei Li"):
            rename(name)
            assert [each.name for each in search(store, names, name).named] == [name]
        assert search(store, names, "Amy Chen").named_total == search(store, names, "Ada Roe").named_total == 0
    assert loads(logs) == 0
    with capture_logs() as logs:
        rename("Ida Noe")
        assert [each.name for each in search(store, names, "Ida Noe").named] == ["Ida Noe"]
        assert search(store, names).named_total == 0
    assert loads(logs) == 1


def test_while_somebody_reads_all_names_others_go_on_with_those_they_have(
    store: Engine, names: NameHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = grow(store)
    search(store, names)
    monkeypatch.setattr(name_index, "LAYER", 0)
    reading, go_on = threading.Event(), threading.Event()
    load = name_index._load

    def slowly(session: Session, position: changes.Position) -> name_index.NameSnapshot:
        reading.set()
        assert go_on.wait(30)
        return load(session, position)

    monkeypatch.setattr(name_index, "_load", slowly)
    grow(store, "Wei Li-Roe")
    with Session(store) as session:
        writing(session)
        publication.suspend(session, person, now=NOW)
        session.commit()
    found_by_the_first: list[int | None] = []
    first = threading.Thread(target=lambda: found_by_the_first.append(search(store, names).named_total))
    first.start()
    assert reading.wait(30)
    # Whoever was suspended is not shown although the names of a moment before still have them.
    assert search(store, names).named_total == 0
    go_on.set()
    first.join(30)
    assert found_by_the_first == [1]
    assert search(store, names).named_total == 1


def test_threads_find_everybody_committed_before_they_began(store: Engine, names: NameHolder) -> None:
    grow(store)
    search(store, names)
    done = threading.Event()
    committed = [1]
    wrong: list[object] = []

    def write() -> None:
        try:
            for _ in range(8):
                grow(store)
                committed[0] += 1
        except Exception as error:  # noqa: BLE001 - a thread's failure must fail the test
            wrong.append(error)
        done.set()

    def read() -> None:
        try:
            while not done.is_set():
                before = committed[0]
                total = search(store, names).named_total
                if total is None or not before <= total <= 9:
                    wrong.append((before, total))
        except Exception as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=each) for each in (write, read, read)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert not wrong
    assert search(store, names).named_total == 9
