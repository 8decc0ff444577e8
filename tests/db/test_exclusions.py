"""The exclusion list counts wholly or not at all, asks the desk once about each entry, and hides nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, Risk
from directory.cases.terms import State as CaseState
from directory.cli import main
from directory.cli.import_exclusions import Done, take_in
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.terms import Outcome
from directory.crypto import keyring, new_key
from directory.db import make_engine
from directory.desk import deciding
from directory.downloads import BrokenFile
from directory.practitioners.models import Practitioner
from directory.registries.exclusions import queries, service
from directory.registries.exclusions.models import ExclusionEntry, ExclusionFile, ExclusionHit
from directory.registries.exclusions.service import OlderList
from directory.registries.exclusions.terms import By, Freshness
from tests import factories
from tests.exclusions import ANOTHER, HEADER, NPI, written
from tests.factories import NOW, TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def store(upgraded_database: str) -> Iterator[Engine]:
    keyring.install([new_key()])
    engine = make_engine(upgraded_database)
    with Session(engine) as session:
        factories.reference(session)
        session.commit()
    yield engine
    engine.dispose()


def somebody(engine: Engine, name: str, *, npi: str | None = None, **place: Any) -> int:
    changes = factories.Changes(person={"display_name": name, "npi": npi}, place=place)
    with Session(engine) as session:
        found = factories.listed(session, changes, now=NOW)
        session.commit()
    return found.id


def take(engine: Engine, folder: Path, *rows: dict[str, str], as_of: date = TODAY, **options: Any) -> Done:
    file = folder / f"list-{len(rows)}-{abs(hash(str(rows)))}.csv"
    file.write_text(written(*rows), encoding="utf-8")
    return take_in(engine, file, **{"as_of": as_of, "allow_shorter": False, "now": NOW} | options)


def open_cases(engine: Engine) -> list[tuple[int | None, Risk]]:
    with Session(engine) as session:
        found = session.scalars(
            select(Case).where(Case.kind == Kind.EXCLUSION, Case.state == CaseState.OPEN).order_by(Case.about)
        )
        return [(case.about, Risk(case.risk)) for case in found]


def test_a_number_is_urgent_a_name_is_a_question_and_neither_hides_anybody(store: Engine, tmp_path: Path) -> None:
    numbered = somebody(store, "Karin Berg", npi=NPI)
    named = somebody(store, "Astrid Lindquist, L.Ac.", locality="Salem")
    stranger = somebody(store, "Astra Lindquist", locality="Salem")
    done = take(
        store,
        tmp_path,
        {"LASTNAME": "BERG", "FIRSTNAME": "KARIN", "NPI": NPI},
        {},
        {"LASTNAME": "", "FIRSTNAME": "", "BUSNAME": "ASTRA LINDQUIST PC", "NPI": ANOTHER},
    )
    assert (done.screened.by_number, done.screened.by_name, done.screened.opened) == (1, 1, 2)
    assert open_cases(store) == [(numbered, Risk.URGENT), (named, Risk.USUAL)]
    with Session(store) as session:
        told = {pid: queries.about_person(session, pid, now=NOW) for pid in (numbered, named, stranger)}
        assert [[hit.by for hit in told[pid].hits] for pid in told] == [[By.NUMBER], [By.NAME], []]
        assert all(each.is_checked for each in told.values())
        assert all(hit.case_open and hit.case_id for each in told.values() for hit in each.hits)
        people = session.scalars(select(Practitioner)).all()
        assert {(each.account_status.value, each.held_since) for each in people} == {("published", None)}


def test_what_the_desk_answered_is_not_asked_again_until_the_entry_changes(store: Engine, tmp_path: Path) -> None:
    whom = somebody(store, "Astrid Lindquist", locality="Salem")
    take(store, tmp_path, {})
    with Session(store) as session:
        (hit,) = queries.about_person(session, whom, now=NOW).hits
        assert hit.case_id is not None
        answer = Verdict(outcome=Outcome.NO_ACTION, note="A namesake.", took_seconds=90)
        deciding.decide(session, hit.case_id, answer, by=901, now=NOW)
        session.commit()
    assert take(store, tmp_path, {}).taken is None
    assert take(store, tmp_path, {}, {"LASTNAME": "OTHER"}).screened.opened == 0
    assert open_cases(store) == []
    assert take(store, tmp_path, {"EXCLTYPE": "1128a1"}, {"LASTNAME": "OTHER"}).screened.opened == 1
    assert open_cases(store) == [(whom, Risk.USUAL)]


def test_an_answer_about_the_name_does_not_answer_for_the_number(store: Engine, tmp_path: Path) -> None:
    whom = somebody(store, "Astrid Lindquist", locality="Salem")
    take(store, tmp_path, {"NPI": NPI})
    with Session(store) as session:
        (hit,) = queries.about_person(session, whom, now=NOW).hits
        assert (hit.by, hit.case_id is not None) == (By.NAME, True)
        cases.close(session, hit.case_id or 0, now=NOW)
        session.get_one(Practitioner, whom).npi = NPI
        session.commit()
    assert take(store, tmp_path, {"NPI": NPI}).screened.opened == 1
    assert open_cases(store) == [(whom, Risk.URGENT)]


def test_a_file_taken_twice_and_everybody_compared_twice_change_nothing(store: Engine, tmp_path: Path) -> None:
    somebody(store, "Astrid Lindquist", locality="Salem")

    def held() -> list[Any]:
        with Session(store) as session:
            tables = (ExclusionFile.sha256, ExclusionEntry.key, ExclusionHit.entry_key, Case.subject)
            return [sorted(session.scalars(select(each))) for each in tables]

    take(store, tmp_path, {})
    before = held()
    take(store, tmp_path, {})
    with Session(store) as session:
        service.screen(session, now=NOW)
        session.commit()
    assert held() == before


def test_what_is_broken_older_or_cut_off_changes_nothing(
    store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.rules, "FEW", 1)
    many = tuple({"FIRSTNAME": f"ASTRID{number}"} for number in range(20))
    take(store, tmp_path, *many)
    with pytest.raises(BrokenFile, match="line 2"):
        take(store, tmp_path, {"EXCLDATE": "yesterday"}, *many)
    with pytest.raises(OlderList):
        take(store, tmp_path, *many, {}, as_of=TODAY - timedelta(days=1))
    with pytest.raises(BrokenFile, match="cut off"):
        take(store, tmp_path, *many[:15])
    with Session(store) as session:
        assert (queries.state(session, now=NOW).entries, len(queries.entries(session))) == (20, 20)
    assert take(store, tmp_path, *many[:15], allow_shorter=True).taken is not None


def test_an_entry_that_is_gone_stays_known_where_it_was_held_against_somebody(store: Engine, tmp_path: Path) -> None:
    whom = somebody(store, "Astrid Lindquist", locality="Salem")
    take(store, tmp_path, {}, {"LASTNAME": "OTHER"}, {"LASTNAME": "THIRD"})
    done = take(store, tmp_path, {"LASTNAME": "THIRD"})
    assert done.taken is not None
    assert (done.taken.gone, done.taken.unchanged) == (2, 1)
    with Session(store) as session:
        (hit,) = queries.about_person(session, whom, now=NOW).hits
        assert hit.gone_on == TODAY
        assert len(session.scalars(select(ExclusionEntry)).all()) == 2


def test_a_list_that_is_too_old_missing_or_behind_the_person_is_not_checked(store: Engine, tmp_path: Path) -> None:
    whom = somebody(store, "Ingrid Moe")

    def checked(now: datetime) -> bool:
        with Session(store) as session:
            return queries.about_person(session, whom, now=now).is_checked

    assert not checked(NOW)
    take(store, tmp_path, {})
    assert checked(NOW)
    late = NOW + timedelta(days=46)
    assert not checked(late)
    with Session(store) as session:
        assert queries.state(session, now=late).freshness is Freshness.STALE
        session.get_one(Practitioner, whom).updated_at = NOW + timedelta(hours=1)
        session.commit()
    assert not checked(NOW + timedelta(hours=2))


def test_without_a_day_the_list_is_as_old_as_its_newest_exclusion(store: Engine, tmp_path: Path) -> None:
    assert take(store, tmp_path, {"EXCLDATE": "20261020"}, as_of=None).as_of == date(2026, 10, 20)
    assert take(store, tmp_path, {"EXCLDATE": "20261220"}, as_of=None).as_of == NOW.date()


def test_a_namesake_overseas_is_no_question(store: Engine, tmp_path: Path) -> None:
    overseas = factories.Changes(
        person={"display_name": "Astrid Lindquist"},
        place={"country": "GB", "admin1": "ENG", "locality": "Bath", "jurisdiction": "GB-ENG"},
        licence={"jurisdiction": "GB-ENG"},
    )
    with Session(store) as session:
        factories.listed(session, overseas, now=NOW)
        session.commit()
    assert take(store, tmp_path, {}).screened.by_name == 0


def test_the_list_is_taken_in_by_a_command(
    store: Engine, upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key = new_key()
    keyring.install([key])
    runner = CliRunner(env={"DATABASE_URL": upgraded_database, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": key})
    person = somebody(store, "Karin Berg", npi=NPI)
    file = tmp_path / "UPDATED.csv"
    file.write_text(written({"NPI": NPI}), encoding="utf-8")
    done = runner.invoke(main, ["import-exclusions", str(file), "--as-of", TODAY.isoformat()])
    assert done.exit_code == 0, done.output
    assert open_cases(store) == [(person, Risk.URGENT)]
    again = runner.invoke(main, ["import-exclusions", str(file)])
    assert (again.exit_code, len(open_cases(store))) == (0, 1)
    broken = tmp_path / "broken.csv"
    broken.write_text(written({"EXCLDATE": "2026"}, header=HEADER[:5]), encoding="utf-8")
    refused = runner.invoke(main, ["import-exclusions", str(broken), "--as-of", TODAY.isoformat()])
    assert refused.exit_code == 2
    with Session(store) as session:
        assert len(session.scalars(select(ExclusionFile)).all()) == 1
