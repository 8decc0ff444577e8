"""One switch hides a whole jurisdiction in every process at once, and one shows it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import audit
from directory.crypto import keyring, new_key
from directory.db import writing
from directory.errors import Conflict, InvalidInput
from directory.jurisdictions import queries, service
from directory.search.by_name import find_by_name
from directory.search.criteria import Criteria, Page
from directory.search.index_file import IndexFile
from directory.search.loader import IndexHolder
from directory.search.name_index import NameHolder
from directory.search.results import Results, Stop
from directory.search.service import find
from tests.db.search.conftest import counted
from tests.db.search.people import NOW, PORTLAND, add

AFAR = {"latitude": 47.6062, "longitude": -122.3321, "jurisdiction": "US-WA", "admin1": "WA", "locality": "Seattle"}


@pytest.fixture(autouse=True)
def keys() -> None:
    """The reason of a switch is sealed."""
    keyring.install([new_key()])


def _turn(store: Engine, *, hide: bool, code: str = "US-OR") -> None:
    with Session(store) as session:
        writing(session)
        (service.hide if hide else service.show)(session, code, reason="The register is down", by=3, now=NOW)
        session.commit()


def _search(store: Engine, holder: IndexHolder, criteria: Criteria) -> Results:
    with Session(store) as session:
        return find(session, criteria, Page(), now=NOW, holder=holder)


def _named(store: Engine, names: NameHolder) -> int:
    with Session(store) as session:
        found = find_by_name(session, "Wei Li", now=NOW, holder=names)
    return len(found.named) + len(found.close)


@pytest.fixture
def people(store: Engine) -> Engine:
    with Session(store) as session:
        writing(session)
        add(session, "Wei Li")
        add(session, "Ada Seattle", place=AFAR, licence={"jurisdiction": "US-WA"})
        session.commit()
    return store


def test_every_process_hides_it_with_its_next_search_and_shows_it_again(people: Engine, tmp_path: Path) -> None:
    first, second = IndexHolder(), IndexHolder(IndexFile(tmp_path))
    names = NameHolder()
    wide = Criteria(point=PORTLAND, radius_km=400.0)
    assert [_search(people, each, wide).total for each in (first, second)] == [2, 2]
    assert _named(people, names) == 1
    _turn(people, hide=True)
    for holder in (first, second, IndexHolder(IndexFile(tmp_path))):
        assert _search(people, holder, wide).total == 1
        near = _search(people, holder, Criteria(point=PORTLAND))
        assert (near.total, near.stop) == (0, Stop.JURISDICTION_HIDDEN)
    assert _named(people, names) == 0
    with Session(people) as session:
        assert queries.all_rules(session)["US-OR"].hidden
        service.load(session)
        assert queries.all_rules(session)["US-OR"].hidden
    _turn(people, hide=False)
    assert [_search(people, each, wide).total for each in (first, second)] == [2, 2]
    assert _named(people, names) == 1


def test_once_it_is_known_a_search_asks_no_more_than_before(people: Engine) -> None:
    holder = IndexHolder()
    _search(people, holder, Criteria(point=PORTLAND))
    _turn(people, hide=True)
    _search(people, holder, Criteria(point=PORTLAND))
    with Session(people) as session, counted(session) as statements:
        find(session, Criteria(point=PORTLAND), Page(), now=NOW, holder=holder)
    assert len(statements) <= 3


def test_it_is_logged_with_a_reason_and_turned_once(people: Engine) -> None:
    with Session(people) as session, pytest.raises(InvalidInput):
        service.hide(session, "US-OR", reason="  ", by=3, now=NOW)
    _turn(people, hide=True)
    with pytest.raises(Conflict):
        _turn(people, hide=True)
    with pytest.raises(Conflict):
        _turn(people, hide=False, code="US-WA")
    with pytest.raises(Conflict):
        _turn(people, hide=True, code="US-AL")
    with Session(people) as session:
        entries = audit.about(session, "jurisdiction:US-OR")
        assert [(each.action, each.actor) for each in entries] == [("jurisdiction.hidden", 3)]
        assert audit.told(entries[0], "The register is down")
