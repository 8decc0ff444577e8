"""Counting: after the answer, for people and not for programs, and with nothing about whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from config import Config
from directory.app import DirectoryApp, create_app
from directory.crypto import keyring
from directory.figures.models import SearchAppearance
from directory.figures.tally import WRITE_AFTER
from directory.practitioners.models import Practitioner
from tests.web import ready
from tests.web.client import Client
from tests.web.conftest import Clock

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture(scope="module")
def engine(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    keyring.install(config.encryption_keys)
    engine = ready.with_population(f"sqlite:///{tmp_path_factory.mktemp('counting') / 'site.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(config: Config, engine: Engine, clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> DirectoryApp:
    with Session(engine) as session:
        session.query(SearchAppearance).delete()
        session.commit()
    return create_app(replace(config, var_dir=tmp_path_factory.mktemp("var")), engine=engine, clock=clock)


@pytest.fixture
def visitor(app: DirectoryApp) -> Client:
    return Client(app)


def counted(engine: Engine) -> dict[str, tuple[int, int, int, int]]:
    """Appearances, sum of ranks, times beside a list and views, by the address of each person."""
    statement = select(Practitioner.slug, SearchAppearance).join(
        SearchAppearance, SearchAppearance.practitioner_id == Practitioner.id
    )
    with Session(engine) as session:
        return {
            slug: (row.appearances, row.sum_of_rank, row.apart, row.views) for slug, row in session.execute(statement)
        }


def test_a_list_counts_everybody_on_it_with_their_place(visitor: Client, engine: Engine, clock: Clock) -> None:
    first = visitor.get("/search?place=97214", headers=BROWSER)
    clock.now += WRITE_AFTER
    second = visitor.get(first.next_page() or "", headers=BROWSER)
    found = counted(engine)
    ranks = {slug: (each[0], each[1]) for slug, each in found.items() if each[0]}
    in_order = dict.fromkeys([*first.slugs(), *second.slugs()])
    listed = [slug for slug in in_order if slug in ranks]
    assert len(listed) > 20
    assert ranks == {slug: (1, rank) for rank, slug in enumerate(listed, start=1)}
    beside = [slug for slug, each in found.items() if each[2]]
    assert len(beside) == 2
    assert not set(beside) & set(listed[:20])


def test_a_profile_counts_one_view(visitor: Client, engine: Engine) -> None:
    visitor.get("/practitioners/whole-pregnancy", headers=BROWSER)
    assert counted(engine) == {"whole-pregnancy": (0, 0, 0, 1)}


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/practitioners/whole-pregnancy", {"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}),
        ("/practitioners/whole-pregnancy", {**BROWSER, "Sec-Purpose": "prefetch;prerender"}),
        ("/search?place=97214", {"User-Agent": ""}),
        ("/search?place=nowhere at all", BROWSER),
        ("/practitioners/lapsed-yesterday", BROWSER),
        ("/practitioners/not-published", BROWSER),
    ],
)
def test_what_nobody_sees_is_not_counted(visitor: Client, engine: Engine, path: str, headers: dict[str, str]) -> None:
    visitor.inner.get(path, base_url=visitor.base, headers=headers)
    assert counted(engine) == {}


def test_a_head_request_is_not_counted(visitor: Client, engine: Engine) -> None:
    visitor.inner.head("/practitioners/whole-pregnancy", base_url=visitor.base, headers=BROWSER)
    assert counted(engine) == {}


def test_counts_of_half_a_minute_are_written_together(visitor: Client, engine: Engine, clock: Clock) -> None:
    for _ in range(4):
        visitor.get("/practitioners/whole-pregnancy", headers=BROWSER)
    assert counted(engine)["whole-pregnancy"][3] == 1
    clock.now += timedelta(seconds=31)
    visitor.get("/practitioners/practitioner-01", headers=BROWSER)
    assert counted(engine)["whole-pregnancy"][3] == 4
    assert counted(engine)["practitioner-01"][3] == 1


def test_a_search_that_writes_counts_asks_no_more_before_its_answer(app: DirectoryApp, engine: Engine) -> None:
    client = Client(app)
    client.get("/search?place=97214", headers=BROWSER)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0] in ("SELECT", "INSERT"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    client.get("/search?place=97214", headers=BROWSER)
    event.remove(engine, "before_cursor_execute", note)
    assert len(statements) <= 3, statements
    assert not any("search_appearance" in each for each in statements)


def test_a_database_that_cannot_count_still_answers(visitor: Client, engine: Engine) -> None:
    with Session(engine) as session:
        session.connection().exec_driver_sql("ALTER TABLE search_appearance RENAME TO elsewhere")
        session.commit()
    try:
        visitor.get("/search?place=97214", headers=BROWSER)
    finally:
        with Session(engine) as session:
            session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO search_appearance")
            session.commit()
