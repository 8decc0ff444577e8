"""A roster counts wholly or not at all, changes no paper, and opens a case for what was not known."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from directory import db
from directory.cases.models import Case
from directory.cases.terms import Kind, Risk
from directory.cli import main
from directory.cli.import_roster import take_in
from directory.credentials.models import Credential
from directory.credentials.terms import CredentialStatus as Status
from directory.crypto import keyring, new_key
from directory.downloads import BrokenFile
from directory.registries.rosters import queries
from directory.registries.rosters.models import RosterEntry, RosterFile
from directory.registries.rosters.service import OlderFile
from directory.registries.rosters.terms import FileState, Reason, Seen
from tests import factories, nppes, rosters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
FIRST, SECOND = date(2026, 1, 5), date(2026, 1, 12)
KEY = new_key()
OTHERS = tuple(f"U{number},PERSON,P{chr(65 + number % 26)},A,04/17/2027,N" for number in range(100, 112))


@pytest.fixture
def store(upgraded_database: str) -> Iterator[Engine]:
    keyring.install([KEY])
    engine = db.make_engine(upgraded_database)
    with Session(engine) as session:
        factories.reference(session)
        session.commit()
    yield engine
    engine.dispose()


def practitioner(engine: Engine, name: str, number: str) -> tuple[int, int]:
    """Somebody listed with a licence of Maryland: their id and the paper's."""
    licence = {"jurisdiction": "US-MD", "number": number}
    with Session(engine) as session:
        made = factories.listed(session, factories.Changes(person={"display_name": name}, licence=licence), now=NOW)
        session.commit()
        return made.id, made.licence_id


def take(engine: Engine, folder: Path, *rows: str, as_of: date, **options: Any) -> RosterFile:
    file = folder / f"{as_of}.csv"
    file.write_text(rosters.maryland(*rows, *OTHERS))
    return take_in(engine, file, as_of=as_of, shrunk=options.get("shrunk", False), now=NOW).file


def open_cases(engine: Engine) -> dict[str, tuple[Kind, int, int | None, str | None]]:
    with Session(engine) as session:
        rows = session.scalars(select(Case).where(Case.kind == Kind.REGISTER_NEWS))
        return {row.subject: (row.kind, row.risk, row.about, row.jurisdiction) for row in rows}


def everything(engine: Engine) -> list[list[tuple[Any, ...]]]:
    with engine.connect() as connection:
        return [
            sorted(map(tuple, connection.execute(text(f"SELECT * FROM {name}"))), key=repr)
            for name in ("roster_entry", "work_case", "credential")
        ]


def test_what_a_newer_file_says_otherwise_opens_a_case_and_changes_no_paper(store: Engine, tmp_path: Path) -> None:
    people = {
        name: practitioner(store, name, number)
        for name, number in (("Ana Lopez", "U00717"), ("Bela Nagy", "718"), ("Li Ma", "U719"), ("Zoe Hart", "U720"))
    }
    before = (
        "U00717,LOPEZ,ANA,A,04/17/2027,N",
        "U00718,NAGY,BELA,A,04/17/2027,N",
        "U00719,MA,LI,A,04/17/2027,N",
        "U00720,HART,ZOE,A,01/05/2026,N",
    )
    first = take(store, tmp_path, *before, as_of=FIRST)
    assert (first.counts["new"], first.counts["news"], open_cases(store)) == (16, 0, {})
    papers = [(row[0], row[10], row[11]) for row in everything(store)[2]]
    second = take(
        store,
        tmp_path,
        "U00717,LOPEZ,ANA,R,04/17/2027,Y",
        "U00719,MA,LI,A,04/17/2027,Y",
        "U00720,HART,ZOE,A,01/05/2026,N",
        as_of=SECOND,
    )
    assert {name: second.counts[name] for name in ("new", "changed", "gone", "unchanged", "news")} == {
        "new": 0,
        "changed": 2,
        "gone": 1,
        "unchanged": 13,
        "news": 4,
    }
    (ana, paper), (bela, vanished), (li, marked), (zoe, ran_out) = people.values()
    assert open_cases(store) == {
        f"credential:{paper}": (Kind.REGISTER_NEWS, Risk.URGENT, ana, "US-MD"),
        f"credential:{vanished}": (Kind.REGISTER_NEWS, Risk.USUAL, bela, "US-MD"),
        f"credential:{marked}": (Kind.REGISTER_NEWS, Risk.HIGH, li, "US-MD"),
        f"credential:{ran_out}": (Kind.REGISTER_NEWS, Risk.HIGH, zoe, "US-MD"),
    }
    assert [(row[0], row[10], row[11]) for row in everything(store)[2]] == papers
    with Session(store) as session:
        assert set(session.scalars(select(Credential.status))) == {Status.ACTIVE}
        said = queries.about_credential(session, paper, today=SECOND)
        assert said is not None
        assert (said.seen, said.raw_status, said.status_before, said.changed_on) == (
            Seen.REVOKED,
            "R",
            Status.ACTIVE,
            SECOND,
        )
        assert (said.name_on_paper, said.name_in_register, said.names_differ) == ("Ana Lopez", "ANA LOPEZ", False)
        (gone,) = queries.about_person(session, bela, today=SECOND)
        assert (gone.seen, gone.gone_since, gone.raw_status) == (Seen.ABSENT, SECOND, "A")
        assert gone.reasons == (Reason.GONE,)
        late = date(2026, 3, 1)
        old = {each.practitioner_id: each.seen for each in queries.about_all(session, "US-MD", today=late)}
        assert old == {ana: Seen.REVOKED, bela: Seen.NOT_CHECKED, li: Seen.DISCIPLINED, zoe: Seen.EXPIRED}
        every = {each.credential_id: each.facts for each in queries.about_all(session, "US-MD", today=SECOND)}
        for one in (paper, vanished, marked, ran_out):
            alone = queries.about_credential(session, one, today=SECOND)
            assert alone is not None
            assert alone.facts == every[one]
        fresh = {each.jurisdiction: each for each in queries.freshness(session)}
        assert (fresh["US-MD"].as_of, fresh["US-MD"].licences, fresh["US-CA"].as_of) == (SECOND, 15, None)


def test_a_number_under_another_name_asks_and_a_namesake_is_named(store: Engine, tmp_path: Path) -> None:
    _, paper = practitioner(store, "Ana Lopez", "U00717")
    _, unnumbered = practitioner(store, "Bela Nagy", "U99999")
    take(
        store,
        tmp_path,
        "U00717,ZOLTAN,KISS,R,04/17/2027,Y",
        "U00718,NAGY,BELA,R,04/17/2027,Y",
        as_of=FIRST,
    )
    assert {subject: case[1] for subject, case in open_cases(store).items()} == {
        f"credential:{paper}": Risk.USUAL,
        f"credential:{unnumbered}": Risk.USUAL,
    }
    with Session(store) as session:
        asked = queries.about_credential(session, paper, today=FIRST)
        named = queries.about_credential(session, unnumbered, today=FIRST)
        assert asked is not None
        assert named is not None
        assert (asked.seen, asked.name_in_register) == (Seen.QUESTION, "KISS ZOLTAN")
        assert (named.seen, named.asks, [each.number for each in named.others]) == (Seen.ABSENT, True, ["U00718"])
    _, elsewhere = practitioner(store, "Cleo Fox", "OR1")
    with Session(store) as session:
        session.get_one(Credential, elsewhere).jurisdiction = "US-CA"
        said = queries.about_credential(session, elsewhere, today=FIRST)
        assert said is not None
        assert said.seen is Seen.NOT_CHECKED


def test_the_same_file_again_an_older_one_and_one_that_lost_most_change_nothing(store: Engine, tmp_path: Path) -> None:
    practitioner(store, "Ana Lopez", "U00717")
    rows = [f"U{number},LI,AN,A,04/17/2027,N" for number in range(300, 340)]
    take(store, tmp_path, *rows, as_of=SECOND)
    whole = everything(store)
    file = tmp_path / f"{SECOND}.csv"
    assert take_in(store, file, as_of=date(2026, 1, 19), shrunk=False, now=NOW).already
    with pytest.raises(OlderFile, match="2026-01-12"):
        take(store, tmp_path, *rows, "U999,LI,AN,A,04/17/2027,N", as_of=FIRST)
    with pytest.raises(BrokenFile, match="looks cut off"):
        take(store, tmp_path, as_of=date(2026, 1, 19))
    (tmp_path / "broken.csv").write_text(rosters.maryland(*rows) + "Acupuncturist,U1")
    with pytest.raises(BrokenFile, match="line 42"):
        take_in(store, tmp_path / "broken.csv", as_of=date(2026, 1, 19), shrunk=False, now=NOW)
    assert everything(store) == whole
    with Session(store) as session:
        states = session.scalars(select(RosterFile.state).order_by(RosterFile.id)).all()
        assert states == [FileState.APPLIED, *[FileState.REFUSED] * 3]
        assert queries.refused(session)[0].refusal == "broken.csv is cut off in line 42."
    assert take(store, tmp_path, as_of=date(2026, 1, 19), shrunk=True).counts["gone"] == 40


def test_an_import_that_is_stopped_leaves_nothing_and_does_all_of_it_the_next_time(
    store: Engine, tmp_path: Path
) -> None:
    practitioner(store, "Ana Lopez", "U00717")
    take(store, tmp_path, "U00717,LOPEZ,ANA,A,04/17/2027,N", as_of=FIRST)
    before = everything(store)

    def die(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO work_case"):
            raise KeyboardInterrupt

    event.listen(store, "before_cursor_execute", die)
    with pytest.raises(KeyboardInterrupt):
        take(store, tmp_path, "U00717,LOPEZ,ANA,R,04/17/2027,Y", as_of=SECOND)
    event.remove(store, "before_cursor_execute", die)
    assert everything(store) == before
    row = take(store, tmp_path, "U00717,LOPEZ,ANA,R,04/17/2027,Y", as_of=SECOND)
    assert (row.counts["changed"], len(open_cases(store))) == (1, 1)
    with Session(store) as session:
        assert len(session.scalars(select(RosterEntry)).all()) == 13
        assert len(session.scalars(select(RosterFile)).all()) == 2


# --- the check of a folder -------------------------------------------------------------------------------------------

LEIE = (
    "LASTNAME,FIRSTNAME,MIDNAME,BUSNAME,GENERAL,SPECIALTY,UPIN,NPI,DOB,ADDRESS,CITY,STATE,ZIP,EXCLTYPE,EXCLDATE,"
    "REINDATE,WAIVERDATE,WVRSTATE"
)
EXCLUDED = ",,,ACUPUNCTURIST,,,{},,1 A ST,TOWSON,MD,21204,1128a1,20200320,00000000,00000000,"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with four people of Maryland, each another case, and one of whom nothing is planted."""
    for name in ("nppes", "rosters", "leie"):
        (tmp_path / name).mkdir()
    people = [
        nppes.person(number, last=family, first=given) | nppes.slot(1, licence=licence, state="MD")
        for number, family, given, licence in (
            (1, "LOPEZ", "ANA", "U00717"),
            (2, "NAGY", "BELA", "U00718"),
            (3, "MA", "LI", "U00719"),
            (4, "HART", "ZOE", "U00720"),
            (5, "FOX", "CLEO", "U00717"),
        )
    ]
    shutil.copy(nppes.HEADERS[0], tmp_path / "nppes")
    nppes.write(tmp_path / "nppes" / "npidata_pfile_b.csv", people)
    older = nppes.person(1, last="LOPEZ", first="ANA", updated="01/01/2020") | nppes.slot(1, licence="U1", state="MD")
    nppes.write(tmp_path / "nppes" / "npidata_pfile_c.csv.gz", [older])
    (tmp_path / "rosters" / "whatever.dat").write_text(
        rosters.maryland(
            "U00717,LOPEZ,ANA,A,01/15/2026,N", "U00718,NAGY-KISS,BELA,A,04/17/2027,N", "U00719,MA,LI,R,04/17/2027,Y"
        )
    )
    expected = [
        (1, "U00717", "match"),
        (2, "U00718", "name_variant"),
        (3, "U00719", "revoked"),
        (4, "U00720", "absent"),
    ]
    (tmp_path / "rosters" / "expected_matches.csv").write_text(
        rosters.lines(
            "npi,state,license_number,planted_case",
            [f"{nppes.npi(number)},MD,{licence},{what}" for number, licence, what in expected],
        )
    )
    (tmp_path / "leie" / "list.txt").write_text(
        rosters.lines(
            LEIE,
            [
                "LOPEZ,ANA" + EXCLUDED.format(nppes.npi(1)),
                "HART,ZOE" + EXCLUDED.format("0000000000"),
            ],
        )
    )
    (tmp_path / "leie" / "expected.csv").write_text(
        rosters.lines(
            "npi,last_name,first_name,expected",
            [f"{nppes.npi(1)},LOPEZ,ANA,urgent_case", f"{nppes.npi(4)},HART,ZOE,question"],
        )
    )
    return tmp_path


def check(folder: Path, day: str = "2026-01-15") -> tuple[int, str]:
    result = CliRunner().invoke(main, ["registry", "check", str(folder), "--as-of", day])
    return result.exit_code, result.output


def test_a_folder_is_checked_against_what_was_planted(folder: Path) -> None:
    code, said = check(folder)
    assert (code, said.splitlines()[-1]) == (0, "6 passed, 0 failed"), said
    code, said = check(folder, "2026-01-16")
    assert (code, said.splitlines()[-1]) == (1, "5 passed, 1 failed")
    assert "planted match, seen expired" in said
    planted = folder / "rosters" / "expected_matches.csv"
    planted.write_text("".join(line for line in planted.read_text().splitlines(True) if "revoked" not in line))
    code, said = check(folder)
    assert (code, said.splitlines()[-1]) == (1, "5 passed, 0 failed")
    assert f"{nppes.npi(3)} US-MD U00719: nothing was planted, seen revoked" in said
    (folder / "rosters" / "whatever.dat").write_text(rosters.maryland("U00717,LOPEZ,ANA,A,04/17/2027,N") + "Acu,1")
    code, said = check(folder)
    assert code == 2
    assert "rosters/whatever.dat" in said
    assert "line 3" in said
    assert "Traceback" not in said


def test_what_was_planted_about_the_first_people_of_the_synthetic_files_is_seen(folder: Path) -> None:
    shutil.rmtree(folder / "rosters")
    shutil.copytree(rosters.FOLDER, folder / "rosters")
    (folder / "nppes" / "npidata_pfile_b.csv").unlink()
    shutil.copy(nppes.SAMPLE, folder / "nppes")
    people = {line.split(",")[0].strip('"') for line in nppes.SAMPLE.read_text().splitlines()}
    planted = folder / "rosters" / "expected_matches.csv"
    header, *rows = planted.read_text().splitlines()
    among = [row for row in rows if row.split(",")[0] in people]
    planted.write_text(rosters.lines(header, among))
    (folder / "leie" / "expected.csv").write_text("npi,last_name,first_name,expected\n")
    (folder / "leie" / "list.txt").write_text(rosters.lines(LEIE, ["HART,ZOE" + EXCLUDED.format("0000000000")]))
    code, said = check(folder)
    assert (code, said.splitlines()[-1]) == (0, f"{len(among)} passed, 0 failed"), said
    assert len(among) == 15
