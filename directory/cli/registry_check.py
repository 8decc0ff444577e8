"""``stillpoint registry check``: whether the desk would see in a folder of register files what was planted there."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

import click
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from directory import db, downloads, migrations
from directory.cli.refused import FileRefused
from directory.credentials.models import Credential
from directory.credentials.terms import CheckMethod, CredentialKind, CredentialStatus
from directory.downloads import BrokenFile, Download
from directory.jurisdictions import service as jurisdictions
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import Profession
from directory.registries import reading as nppes_reading
from directory.registries import service as registries
from directory.registries.exclusions import reading as exclusions_reading
from directory.registries.exclusions import rules as exclusions
from directory.registries.exclusions.terms import By
from directory.registries.naming import of_parts
from directory.registries.nppes import Counts, Told
from directory.registries.reading import Batch, Checkpoint
from directory.registries.rosters import queries
from directory.registries.rosters import reading as rosters_reading
from directory.registries.rosters import service as rosters
from directory.registries.rosters.layouts import BY_JURISDICTION, normalised
from directory.registries.rosters.queries import Said
from directory.registries.rosters.reading import Roster
from directory.registries.rosters.terms import Seen
from directory.registries.rules import full_name, rejects_too_many
from directory.registries.terms import Reach, Standing

_PLANTED: Final = "expected_matches.csv"
_PLANTED_EXCLUSIONS: Final = "expected.csv"
_FAR_AHEAD: Final = date(9999, 12, 1)
"""What a file is called newer than does not matter here: the folder may be of any day."""
_MOST_SHOWN: Final = 40
_HIDDEN: Final = (Seen.EXPIRED, Seen.INACTIVE, Seen.DISCIPLINED, Seen.SUSPENDED, Seen.REVOKED)
_URGENT, _QUESTION = "urgent_case", "question"


@click.command("check")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--as-of", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of the desk, YYYY-MM-DD.")
def check(folder: Path, *, as_of: datetime) -> None:
    """Compare what the desk would see on a day with what was planted in a folder of register files.

    FOLDER holds nppes/ (every npidata_pfile_… with rows, merged by NPI), rosters/ with its expected_matches.csv and
    leie/ with its expected.csv. Rosters and lists are known by their headers, never by their names. The people of the
    NPPES files stand for our practitioners and claim the licences they state there. Everything is loaded into a
    database of its own that is thrown away. Exit code 0: all found; 1: something is not as planted; 2: a file cannot be
    read.
    """
    today = as_of.date()
    try:
        given = _given(folder)
        with _throw_away() as engine:
            report = _compared(engine, given, today=today)
    except (BrokenFile, OSError, UnicodeDecodeError) as error:
        raise FileRefused(str(error)) from error
    for line in report.lines():
        click.echo(line)
    if not report.is_right:
        raise click.exceptions.Exit(1)


# --- what the folder holds -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted answer."""

    npi: str
    what: str
    state: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """Everything that was read from the folder."""

    people: Mapping[str, Told]
    rosters: Mapping[str, Roster]
    excluded: Sequence[exclusions.Entry]
    planted: Sequence[Planted]
    planted_exclusions: Sequence[Planted]


def _given(folder: Path) -> Given:
    parts = {name: folder / name for name in ("nppes", "rosters", "leie")}
    for name, part in parts.items():
        if not part.is_dir():
            raise BrokenFile(f"{folder} has no folder {name}.")
    found: dict[str, Roster] = {}
    for file in _files(parts["rosters"], besides=_PLANTED):
        with _reading(file, rosters_reading.data_file) as download:
            roster = rosters_reading.read(download, empty=True)
        before = found.get(roster.layout.jurisdiction)
        found[roster.layout.jurisdiction] = roster if before is None else rosters_reading.joined(before, roster)
    excluded: dict[str, exclusions.Entry] = {}
    for file in _files(parts["leie"], besides=_PLANTED_EXCLUSIONS):
        with _reading(file, exclusions_reading.data_file) as download:
            excluded |= {entry.key: entry for entry in exclusions_reading.read(download).entries}
    return Given(
        people=_people(parts["nppes"]),
        rosters=found,
        excluded=tuple(excluded.values()),
        planted=list(_planted(parts["rosters"] / _PLANTED)),
        planted_exclusions=list(_planted_exclusions(parts["leie"] / _PLANTED_EXCLUSIONS)),
    )


def _files(part: Path, *, besides: str) -> list[Path]:
    files = sorted(each for each in part.iterdir() if each.is_file() and not each.name.startswith("."))
    return [each for each in files if each.name != besides]


@contextmanager
def _reading(file: Path, choose: Callable[[Sequence[str]], str]) -> Iterator[Download]:
    """The file, opened; what is wrong with it is said with the folder it lies in."""
    try:
        with downloads.opened(file, choose=choose) as download:
            yield download
    except BrokenFile as error:
        raise BrokenFile(f"{file.parent.name}/{file.name}: {error}") from error


def _table(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The numbered rows of a list of planted answers, in these columns wherever they stand."""
    where = f"{file.parent.name}/{file.name}"
    if not file.is_file():
        raise BrokenFile(f"There is no {where}.")
    with _reading(file, lambda names: names[0]) as download:
        lines = [line for _, line in downloads.lines(download)]
    rows = csv.reader(lines, strict=True)
    try:
        header = [normalised(each) for each in next(rows, [])]
        missing = [each for each in columns if each not in header]
        if missing:
            raise BrokenFile(f"{where}, line 1: its header lacks {', '.join(missing)}.")
        at = [header.index(each) for each in columns]
        for row in rows:
            if not row:
                continue
            if len(row) < len(header):
                raise BrokenFile(f"{where}, line {rows.line_num:,}: it has fewer columns than the header.")
            yield rows.line_num, [row[index].strip() for index in at]
    except csv.Error as error:
        raise BrokenFile(f"{where}, line {rows.line_num:,}: {error}.") from error


def _planted(file: Path) -> Iterator[Planted]:
    for line, (npi, state, number, what) in _table(file, ("npi", "state", "licensenumber", "plantedcase")):
        if what not in {each.value for each in Seen}:
            raise BrokenFile(f"rosters/{file.name}, line {line:,}: {what!r} is nothing that the desk could see.")
        yield Planted(npi=npi, what=what, state=state.upper(), number=number)


def _planted_exclusions(file: Path) -> Iterator[Planted]:
    for line, (npi, what) in _table(file, ("npi", "expected")):
        if what not in {_URGENT, _QUESTION}:
            raise BrokenFile(f"leie/{file.name}, line {line:,}: {what!r} is nothing that the desk could see.")
        yield Planted(npi=npi, what=what)


class _NobodyYet(set[str]):
    """Numbers that were seen before: none, because a row that comes twice is told apart by its day."""

    def __contains__(self, _number: object) -> bool:
        return False


class _Everybody(set[str]):
    """Numbers of which every row matters."""

    def __contains__(self, _number: object) -> bool:
        return True


def _people(part: Path) -> dict[str, Told]:
    """What the newest row of each number says, in all NPPES files of the folder that have rows."""
    newest: dict[str, Told] = {}
    files = [each for each in sorted(part.iterdir()) if each.is_file() and each.name.startswith("npidata_pfile_")]
    for file in files:
        with _reading(file, nppes_reading.data_file) as download:
            has_rows = _has_rows(download)
        if not has_rows:
            continue
        with _reading(file, nppes_reading.data_file) as download:
            counts = Counts()
            batches = nppes_reading.read(download, known=_Everybody(), seen=_NobodyYet(), today=_FAR_AHEAD)
            for batch in batches:
                counts = batch.at.counts
                for told in batch.told:
                    before = newest.get(told.npi)
                    if before is None or _day(told) >= _day(before):
                        newest[told.npi] = told
            if rejects_too_many(counts.rejected, counts.rows):
                raise BrokenFile(f"{counts.rejected:,} of {counts.rows:,} rows cannot be used.")
    return newest


def _has_rows(download: Download) -> bool:
    """Whether anything stands below the header."""
    data = b""
    for block in download.blocks():
        data += block
        _, line_end, below = data.lstrip().partition(b"\n")
        if line_end and below.strip():
            return True
    if not data.strip():
        raise BrokenFile(f"{download.name} is empty.")
    return False


def _day(told: Told) -> date:
    return told.updated_on or told.since or date.min


# --- the desk of that day --------------------------------------------------------------------------------------------


@contextmanager
def _throw_away() -> Iterator[Engine]:
    """A database with our tables that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="stillpoint-check-") as folder:
        engine = db.make_engine(f"sqlite:///{folder}/check.sqlite3")
        try:
            migrations.models().create_all(engine)
            yield engine
        finally:
            engine.dispose()


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk sees on the day."""

    papers: Mapping[tuple[str, str, str], Said]
    """By NPI, jurisdiction and number."""
    cases: Mapping[str, str]
    """What the exclusion list leads to, by NPI."""


def _loaded(engine: Engine, given: Given, *, today: date) -> Desk:
    now = datetime.combine(today, time(12), UTC)
    with Session(engine) as session:
        db.writing(session)
        jurisdictions.load(session)
        _register(session, given.people, today=today, now=now)
        owners = _practitioners(session, given.people, today=today, now=now)
        for number, roster in enumerate(given.rosters.values()):
            rosters.apply(session, roster, sha256=f"{number:064}", file_name=roster.layout.board, as_of=today, now=now)
        session.commit()
        said = {
            (
                owners[each.practitioner_id],
                jurisdiction,
                BY_JURISDICTION[jurisdiction].number_key(each.number_on_paper),
            ): each
            for jurisdiction in given.rosters
            for each in queries.about_all(session, jurisdiction, today=today)
        }
    return Desk(said, _excluded(given, today=today))


def _register(session: Session, people: Mapping[str, Told], *, today: date, now: datetime) -> None:
    """Take the people in as the register names them; how to reach them does not matter here."""
    told = [replace(each, practice=None, mailing=None) for each in people.values() if each.standing is Standing.SHOWN]
    row = registries.begin(
        session, sha256="0" * 64, file_name="npidata_pfile.csv", reach=Reach.PARTIAL, as_of=today, now=now
    )
    at = Checkpoint(read_to=1, next_line=2, counts=Counts(rows=len(people)))
    registries.stage(session, row.id, Batch(told=told, rejects=(), at=at))
    registries.apply(session, row.id, now=now)


def _practitioners(session: Session, people: Mapping[str, Told], *, today: date, now: datetime) -> dict[int, str]:
    """Let everybody of the register be a practitioner of ours with the licences they say they hold, each checked
    before; whose NPI each practitioner has."""
    shown = [each for each in people.values() if each.standing is Standing.SHOWN]
    owners = {number: told.npi for number, told in enumerate(shown, start=1)}
    persons = [
        {
            "id": number,
            "slug": told.npi,
            "npi": told.npi,
            "display_name": full_name(told.first_name, told.middle_name, told.last_name, told.suffix)[:200],
            "profession": Profession.ACUPUNCTURIST,
            "created_at": now,
            "updated_at": now,
        }
        for number, told in enumerate(shown, start=1)
    ]
    licences = [
        {
            "practitioner_id": number,
            "kind": CredentialKind.STATUTORY_LICENCE,
            "jurisdiction": f"US-{lead.state.upper()}",
            "number": lead.number,
            "status": CredentialStatus.ACTIVE,
            "verified_on": today,
            "check_method": CheckMethod.PRIMARY_SOURCE,
            "created_at": now,
        }
        for number, told in enumerate(shown, start=1)
        for lead in told.leads
        if lead.number and f"US-{lead.state.upper()}" in BY_JURISDICTION
    ]
    if persons:
        session.execute(insert(Practitioner), persons)
    if licences:
        session.execute(insert(Credential), licences)
    return owners


def _excluded(given: Given, *, today: date) -> dict[str, str]:
    """What the exclusion list leads to: an urgent case for a number of ours, a question for a name."""
    shown = [each for each in given.people.values() if each.standing is Standing.SHOWN]
    persons = [
        exclusions.Person(
            key=number,
            npi=told.npi,
            names=(of_parts(told.last_name, told.first_name, told.middle_name),),
            places=frozenset({(told.region, told.city), *((lead.state.upper(), "") for lead in told.leads)}),
        )
        for number, told in enumerate(shown)
    ]
    cases: dict[str, str] = {}
    for match in exclusions.List(given.excluded).matches(persons, today=today):
        if match.is_asked:
            npi = shown[match.person].npi
            cases[npi] = _URGENT if match.by is By.NUMBER else cases.get(npi, _QUESTION)
    return cases


# --- what was planted beside it --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """One kind of answer."""

    found: int = 0
    missed: int = 0
    false: int = 0


@dataclass(slots=True)
class Report:
    """The outcome, kind by kind."""

    rosters: dict[str, Tally]
    lists: dict[str, Tally]
    wrong: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    """People of whom nothing was planted and of whom the desk would think ill."""
    asked: int = 0
    """Questions about people of whom nothing was planted; they hide nobody."""

    @property
    def passed(self) -> int:
        """How many planted rows were seen as planted."""
        return sum(each.found for each in (*self.rosters.values(), *self.lists.values()))

    @property
    def failed(self) -> int:
        """How many were not."""
        return sum(each.missed for each in (*self.rosters.values(), *self.lists.values()))

    @property
    def is_right(self) -> bool:
        """Whether everything was found and nobody else is hidden."""
        return not self.failed and not self.hidden

    def lines(self) -> Iterator[str]:
        """The report, its last line the sum."""
        for title, tallies in (("Rosters", self.rosters), ("Exclusion list", self.lists)):
            yield f"{title}:"
            for kind, tally in tallies.items():
                yield f"  {kind:<14}{tally.found:>7,} found {tally.missed:>7,} missed {tally.false:>7,} false"
        yield from self.wrong[:_MOST_SHOWN]
        if len(self.wrong) > _MOST_SHOWN:
            yield f"… and {len(self.wrong) - _MOST_SHOWN:,} more"
        yield from self.hidden[:_MOST_SHOWN]
        yield f"{len(self.hidden):,} people of whom nothing was planted would be hidden; {self.asked:,} are asked about"
        yield f"{self.passed:,} passed, {self.failed:,} failed"


def _compared(engine: Engine, given: Given, *, today: date) -> Report:
    desk = _loaded(engine, given, today=today)
    report = Report(
        rosters={each.value: Tally() for each in Seen if each is not Seen.NOT_CHECKED},
        lists={_URGENT: Tally(), _QUESTION: Tally()},
    )
    planted = set()
    for row in given.planted:
        layout = BY_JURISDICTION.get(f"US-{row.state}")
        key = (row.npi, f"US-{row.state}", layout.number_key(row.number) if layout else row.number)
        planted.add(key)
        _judge(report, row, desk.papers.get(key), given)
    _others(report, desk, planted)
    _judge_exclusions(report, given, desk)
    report.rosters = {
        kind: tally for kind, tally in report.rosters.items() if tally.found or tally.missed or tally.false
    }
    return report


def _judge(report: Report, row: Planted, said: Said | None, given: Given) -> None:
    right = said is not None and _answers(said, row.what)
    tally = report.rosters[row.what]
    tally.found += right
    tally.missed += not right
    if right:
        return
    where = f"{row.npi} {row.state} {row.number}: planted {row.what}"
    if said is not None:
        if said.seen.value in report.rosters:
            report.rosters[said.seen.value].false += 1
        why = " ".join(said.explanation)
        report.wrong.append(f"{where}, seen {said.seen.value} ({said.raw_status or 'nothing'}). {why}")
    elif row.npi not in given.people:
        report.wrong.append(f"{where}, and no NPPES file names this number")
    elif f"US-{row.state}" not in given.rosters:
        report.wrong.append(f"{where}, and there is no roster of this state")
    else:
        report.wrong.append(f"{where}, and NPPES does not name this licence")


def _answers(said: Said, what: str) -> bool:
    """Whether what the desk sees is what was planted.

    A licence may be more than one thing at once, and the desk sees all of it. Another form of the name is seen where
    the number is this person's and both names stand there. A number that is somebody else's is absent for this person.
    """
    if what == Seen.NAME_VARIANT:
        return said.is_theirs and said.names_differ
    if what == Seen.ABSENT:
        return said.seen is Seen.ABSENT or (said.seen is Seen.QUESTION and not said.is_theirs)
    if what == Seen.MATCH:
        return said.seen is Seen.MATCH
    return Seen(what) in said.facts


def _others(report: Report, desk: Desk, planted: Iterable[tuple[str, str, str]]) -> None:
    """Whoever has a licence of whom nothing was planted must not look as if they had none."""
    known = set(planted)
    for key, said in desk.papers.items():
        if key in known:
            continue
        report.asked += said.asks
        bad = next((each for each in _HIDDEN if each in said.facts), None)
        if bad is not None:
            report.rosters[bad.value].false += 1
            report.hidden.append(f"{key[0]} {key[1]} {said.number_on_paper}: nothing was planted, seen {bad.value}")


def _judge_exclusions(report: Report, given: Given, desk: Desk) -> None:
    for row in given.planted_exclusions:
        seen = desk.cases.get(row.npi)
        right = seen == row.what
        report.lists[row.what].found += right
        report.lists[row.what].missed += not right
        if not right:
            if seen is not None:
                report.lists[seen].false += 1
            report.wrong.append(f"{row.npi}: planted {row.what} on the exclusion list, seen {seen or 'nothing'}")
    known = {row.npi for row in given.planted_exclusions}
    for npi, seen in desk.cases.items():
        if npi in known:
            continue
        report.lists[seen].false += 1
        if seen == _URGENT:
            report.hidden.append(f"{npi}: nothing was planted, and the exclusion list names the number")
        else:
            report.asked += 1
