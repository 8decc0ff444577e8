"""Keeping evidence: whole or not at all, sealed, for as long as it is needed and no longer."""

from __future__ import annotations

import os
import resource
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config import Config
from directory import db, migrations
from directory.credentials import service as credentials
from directory.credentials.evidence import photos, queries, rules, service
from directory.credentials.evidence.models import Evidence, ProfilePhoto
from directory.credentials.evidence.scanner import Scan
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import EvidenceState, MediaType, PhotoState, Verdict
from directory.credentials.evidence.workbench import Portrait, Renewed
from directory.credentials.service import IndemnityDraft
from directory.crypto import keyring, new_key
from directory.db import make_engine
from directory.errors import Conflict, Gone, InvalidInput, NotFound, Unavailable
from directory.jobs.runner import Work
from directory.jobs.table import JOBS
from directory.privacy import service as privacy
from tests.clamd import EICAR, clamd, served
from tests.factories import NOW, TODAY, Changes, Listed, licence_draft, listed, reference

CONTENT = b"%PDF-1.7 a licence of somebody"
RENEWED = Renewed(media_type=MediaType.PDF, content=CONTENT, pages=1, sent_sha256="a" * 64)
PORTRAIT = Portrait(large=b"large", small=b"small", sent_sha256="b" * 64)
SEEN = Scan(Verdict.NOTHING_FOUND)
AWAY = Scan(Verdict.AWAY)
FOUND = Scan(Verdict.FOUND, "Eicar-Test-Signature")
COLLEAGUE = {"words": "About twelve people in two years.", "name": "Hazel Moss", "email": "hazel@example.org"}


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "evidence")


@pytest.fixture
def somebody(session: Session) -> Listed:
    reference(session)
    return listed(session)


@pytest.fixture
def subject(session: Session, somebody: Listed) -> rules.Subject:
    paper = credentials.record(session, licence_draft(somebody.id), now=NOW)
    return service.own_subject(session, somebody.id, f"credential:{paper.id}")


def _add(session: Session, store: Store, who: Listed, subject: rules.Subject, scan: Scan = SEEN) -> Evidence:
    return service.add_file(
        session, store, practitioner_id=who.id, subject=subject, renewed=RENEWED, scan=scan, now=NOW
    )


def _ask(session: Session, who: Listed, **words: str) -> service.Asked:
    about = rules.subject("rls:patients")
    return service.ask_colleague(session, practitioner_id=who.id, subject=about, now=NOW, **(COLLEAGUE | words))


def test_what_is_kept_is_sealed_under_a_name_that_says_nothing(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    evidence = _add(session, store, somebody, subject)
    session.commit()
    (file,) = [path for path in store.folder.rglob("*") if path.is_file()]
    assert file.name == evidence.file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert b"licence" not in file.read_bytes()
    assert service.read(store, evidence) == CONTENT
    assert (evidence.state, evidence.sha256) == (EvidenceState.CLEAN, "a" * 64)


def test_a_file_whose_row_is_not_committed_is_gone(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    session.commit()
    _add(session, store, somebody, subject)
    assert len(list(store.names())) == 1
    session.rollback()
    assert list(store.names()) == []
    kept = _add(session, store, somebody, subject)
    session.commit()
    service.withdraw(session, store, practitioner_id=somebody.id, code=kept.code, now=NOW)
    session.rollback()
    assert list(store.names()) == [kept.file]


def test_a_session_that_is_closed_without_a_word_leaves_no_file(upgraded_database: str, store: Store) -> None:
    engine = make_engine(upgraded_database)
    with Session(engine) as session:
        db.writing(session)
        reference(session)
        who = listed(session)
        session.commit()
    with Session(engine) as session:
        db.writing(session)
        about = rules.subject("pregnancy:training")
        _add(session, store, who, about)
        assert len(list(store.names())) == 1
    assert list(store.names()) == []
    engine.dispose()


def test_a_claim_of_somebody_else_is_no_claim(session: Session, somebody: Listed, subject: rules.Subject) -> None:
    other = listed(session, Changes(person={"display_name": "Somebody Else"}))
    cover = credentials.record_indemnity(session, IndemnityDraft(practitioner_id=other.id, expires=TODAY), now=NOW)
    for text in (
        subject.text,
        f"indemnity:{cover.id}",
        "credential:999999",
        "credential:0",
        "credential:1x",
        "rls:all",
    ):
        with pytest.raises(NotFound):
            service.own_subject(session, other.id if text == subject.text else somebody.id, text)
    assert service.own_subject(session, other.id, f"indemnity:{cover.id}").row_id == cover.id


def test_a_number_of_patients_is_never_shown_by_a_file(session: Session, store: Store, somebody: Listed) -> None:
    for claim in ("rls:patients", "rls:outcomes", "pregnancy:patients"):
        with pytest.raises(InvalidInput):
            _add(session, store, somebody, rules.subject(claim))
    assert list(store.names()) == []


def test_what_the_scanner_finds_something_in_is_not_kept_and_told(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    evidence = _add(session, store, somebody, subject, FOUND)
    session.commit()
    assert list(store.names()) == []
    assert (evidence.state, evidence.found, evidence.file) == (EvidenceState.REFUSED, "Eicar-Test-Signature", None)
    (told,) = queries.shown_for(session, somebody.id, subject.text)
    assert (told.state, told.may_be_opened) == (EvidenceState.REFUSED, False)


def test_what_waits_for_the_scanner_is_opened_by_nobody(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    evidence = _add(session, store, somebody, subject, AWAY)
    photo = photos.add_photo(session, store, practitioner_id=somebody.id, portrait=PORTRAIT, scan=AWAY, now=NOW)
    session.commit()
    with pytest.raises(NotFound):
        service.read(store, evidence)
    with pytest.raises(Conflict):
        photos.accept_photo(session, store, photo.id, now=NOW)
    waiting = service.waiting_for_scanner(session)
    assert {each.row for each in waiting} == {Evidence, ProfilePhoto}
    for each in waiting:
        service.record_scan(session, store, each, AWAY, now=NOW)
    assert evidence.state is EvidenceState.WAITING_SCAN
    for each in waiting:
        service.record_scan(session, store, each, SEEN, now=NOW)
    assert service.read(store, evidence) == CONTENT
    assert photo.state is PhotoState.WAITING
    assert service.waiting_for_scanner(session) == []


def test_what_is_found_later_is_erased(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    evidence = _add(session, store, somebody, subject, AWAY)
    photo = photos.add_photo(session, store, practitioner_id=somebody.id, portrait=PORTRAIT, scan=AWAY, now=NOW)
    session.commit()
    for each in service.waiting_for_scanner(session):
        service.record_scan(session, store, each, FOUND, now=NOW)
    session.commit()
    assert (evidence.state, photo.state) == (EvidenceState.REFUSED, PhotoState.REFUSED)
    assert list(store.names()) == []


def test_a_day_has_room_for_twenty_files(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    for _ in range(rules.MOST_FILES_A_DAY):
        last = _add(session, store, somebody, subject)
    service.withdraw(session, store, practitioner_id=somebody.id, code=last.code, now=NOW)
    with pytest.raises(rules.TooMuch):
        _add(session, store, somebody, subject)
    for each in session.scalars(select(Evidence)):
        each.sent_at = NOW - timedelta(days=1)
    session.flush()
    _add(session, store, somebody, subject)


def test_a_person_has_room_for_so_much(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    evidence = _add(session, store, somebody, subject)
    evidence.size = rules.MOST_BYTES_HELD - len(CONTENT)
    session.flush()
    last = _add(session, store, somebody, subject)
    with pytest.raises(rules.TooMuch):
        _add(session, store, somebody, subject)
    service.withdraw(session, store, practitioner_id=somebody.id, code=last.code, now=NOW)
    _add(session, store, somebody, subject)


def test_only_the_owner_deletes_and_only_before_a_decision(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    other = listed(session, Changes(person={"display_name": "Somebody Else"}))
    first, second = (_add(session, store, somebody, subject) for _ in range(2))
    session.commit()
    with pytest.raises(NotFound):
        service.withdraw(session, store, practitioner_id=other.id, code=first.code, now=NOW)
    service.withdraw(session, store, practitioner_id=somebody.id, code=first.code, now=NOW)
    session.commit()
    assert list(store.names()) == [second.file]
    assert (first.state, first.sha256) == (EvidenceState.ERASED, "a" * 64)
    with pytest.raises(NotFound):
        service.withdraw(session, store, practitioner_id=somebody.id, code=first.code, now=NOW)
    with pytest.raises(NotFound):
        queries.by_code(session, first.code)
    assert service.decided(session, somebody.id, subject.text, now=NOW, retention_days=90) == 1
    with pytest.raises(Conflict):
        service.withdraw(session, store, practitioner_id=somebody.id, code=second.code, now=NOW)


def test_everything_is_erased_when_its_time_is_over(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    settled, open_ = _add(session, store, somebody, subject), _ask(session, somebody).evidence
    service.decided(session, somebody.id, subject.text, now=NOW + timedelta(days=10), retention_days=90)
    session.commit()
    assert service.erase_due(session, store, now=NOW + timedelta(days=99)) == 0
    assert service.erase_due(session, store, now=NOW + timedelta(days=100)) == 1
    session.commit()
    assert (settled.state, settled.sha256, list(store.names())) == (EvidenceState.ERASED, "a" * 64, [])
    assert service.erase_due(session, store, now=NOW + timedelta(days=364)) == 0
    assert service.erase_due(session, store, now=NOW + timedelta(days=365)) == 1
    session.refresh(open_)
    assert (open_.told, open_.token_hash) == (None, None)
    assert queries.attachments(session, somebody.id) == {}


def test_whoever_leaves_leaves_nothing(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    _add(session, store, somebody, subject)
    photo = photos.add_photo(session, store, practitioner_id=somebody.id, portrait=PORTRAIT, scan=SEEN, now=NOW)
    photos.accept_photo(session, store, photo.id, now=NOW)
    session.commit()
    assert service.erase_all(session, store, somebody.id, now=NOW) == 2
    session.commit()
    assert list(store.names()) == []


def test_a_statement_is_sealed(session: Session, somebody: Listed) -> None:
    about = rules.subject("rls:patients")
    evidence = service.sign_statement(
        session, practitioner_id=somebody.id, subject=about, words="Twelve people.", name="Juniper Underhill", now=NOW
    )
    session.expire_all()
    (told,) = queries.shown_for(session, somebody.id, "rls:patients")
    assert told.told is not None
    assert (told.told.words, told.told.name) == ("Twelve people.", "Juniper Underhill")
    raw = session.connection().exec_driver_sql("SELECT told_sealed FROM evidence").scalar_one()
    assert "Twelve" not in raw
    assert evidence.state is EvidenceState.CLEAN


@pytest.mark.parametrize("confirms", [True, False])
def test_a_colleague_answers_once(session: Session, somebody: Listed, confirms: bool) -> None:
    asked = _ask(session, somebody)
    session.commit()
    assert asked.token not in (asked.evidence.token_hash or "")
    evidence = service.answer(session, asked.token, confirms=confirms, name="H. Moss", words="", now=NOW)
    assert evidence.state is (EvidenceState.CONFIRMED if confirms else EvidenceState.DECLINED)
    assert evidence.told is not None
    assert (evidence.told.name, evidence.told.answered_by) == ("Hazel Moss", "H. Moss")
    with pytest.raises(Gone):
        service.answer(session, asked.token, confirms=True, name="H. Moss", words="", now=NOW)


def test_a_link_ends(session: Session, store: Store, somebody: Listed) -> None:
    asked = _ask(session, somebody)
    with pytest.raises(Gone):
        service.question(session, asked.token + "x", now=NOW)
    assert service.question(session, asked.token, now=NOW + timedelta(days=29)) is asked.evidence
    with pytest.raises(Gone):
        service.question(session, asked.token, now=NOW + timedelta(days=30))
    service.withdraw(session, store, practitioner_id=somebody.id, code=asked.evidence.code, now=NOW)
    with pytest.raises(Gone):
        service.question(session, asked.token, now=NOW)


def test_colleagues_get_few_letters(session: Session, somebody: Listed) -> None:
    _ask(session, somebody)
    with pytest.raises(Conflict):
        _ask(session, somebody, email="HAZEL@example.org")
    for number in range(rules.MOST_LETTERS_A_DAY - 1):
        _ask(session, somebody, email=f"{number}@example.org")
    with pytest.raises(Conflict):
        _ask(session, somebody, email="another@example.org")


def test_the_old_photo_stays_until_the_new_one_is_accepted(session: Session, store: Store, somebody: Listed) -> None:
    def add(content: bytes) -> ProfilePhoto:
        portrait = replace(PORTRAIT, large=content)
        return photos.add_photo(session, store, practitioner_id=somebody.id, portrait=portrait, scan=SEEN, now=NOW)

    first = photos.accept_photo(session, store, add(b"one").id, now=NOW)
    add(b"two")
    third = add(b"three")
    session.commit()
    assert queries.live_photo(session, somebody.id) is first
    assert queries.newer_photo(session, somebody.id) is third
    assert len(list(store.names())) == 4
    photos.refuse_photo(session, store, third.id, reason="Two people are on it.", now=NOW)
    session.commit()
    assert queries.live_photo(session, somebody.id) is first
    assert third.reason_sealed == "Two people are on it."
    with pytest.raises(Conflict):
        photos.accept_photo(session, store, third.id, now=NOW)
    fourth = photos.accept_photo(session, store, add(b"four").id, now=NOW)
    session.commit()
    assert queries.live_photo(session, somebody.id) is fourth
    assert {fourth.large_file, fourth.small_file} == set(store.names())
    photos.remove_photo(session, store, somebody.id, live=True, now=NOW)
    session.commit()
    assert queries.live_photo(session, somebody.id) is None
    assert list(store.names()) == []


def test_what_a_killed_process_left_is_swept_and_what_is_missing_is_named(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    kept, lost = (_add(session, store, somebody, subject) for _ in range(2))
    session.commit()
    store.remove(str(lost.file))
    orphan = "f" * 32
    store.write_sealed(orphan, b"x")
    draft = store.folder / "aa" / f".{orphan}.part"
    draft.parent.mkdir(exist_ok=True)
    draft.write_bytes(b"half")
    now = NOW
    for path in (draft, store.folder / "ff" / orphan, store.folder / str(kept.file)[:2] / str(kept.file)):
        os.utime(path, times=((now - timedelta(hours=1)).timestamp(),) * 2)
    assert service.sweep(session, store, now=now).removed == 0
    swept = service.sweep(session, store, now=now + timedelta(seconds=1))
    assert swept == service.Swept(2, (f"evidence {lost.id}",))
    assert list(store.names()) == [kept.file]
    with pytest.raises(Unavailable):
        service.read(store, lost)


def test_a_file_that_was_changed_behind_our_back_is_not_shown(
    session: Session, store: Store, somebody: Listed, subject: rules.Subject
) -> None:
    evidence = _add(session, store, somebody, subject)
    store.write_sealed(str(evidence.file), keyring.seal_bytes(b"another licence"))
    with pytest.raises(Unavailable):
        service.read(store, evidence)
    store.write_sealed(str(evidence.file), b"not even sealed")
    with pytest.raises(Unavailable):
        service.read(store, evidence)


def test_a_name_that_leaves_the_folder_is_no_name(store: Store) -> None:
    for name in ("../../etc/passwd", "", "A" * 32, "a" * 31, f"{'a' * 32}/..", "a" * 32 + "\n"):
        with pytest.raises(NotFound):
            store.read_sealed(name)


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from sqlalchemy.orm import Session
from directory.credentials.evidence.store import Store
from directory.crypto import keyring, new_key
from directory.errors import Unavailable
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
keyring.install([new_key()])
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
store = Store(Path(sys.argv[1]))
with Session() as session:
    try:
        store.keep(session, bytes(100_000))
    except Unavailable as error:
        print(error, list(Path(sys.argv[1]).rglob("*.part")), list(store.names()))
"""


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True, timeout=300
    ).stdout
    assert told == "We cannot keep files just now. Nothing was kept of yours; please send it again later. [] []\n"
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 50_000


def test_two_uploads_at_once_count_each_other(upgraded_database: str, store: Store) -> None:
    """The nineteenth file is there; of two more that come together one is refused."""
    engine = make_engine(upgraded_database)
    with Session(engine) as session:
        db.writing(session)
        reference(session)
        who = listed(session)
        for _ in range(rules.MOST_FILES_A_DAY - 1):
            _add(session, store, who, rules.subject("pregnancy:training"))
        session.commit()
    assert sorted(_at_once(engine, store, who)) == ["kept", "refused"]
    engine.dispose()


def _at_once(engine: Engine, store: Store, who: Listed) -> list[str]:
    from concurrent.futures import ThreadPoolExecutor

    def add(_: int) -> str:
        with Session(engine) as session:
            db.writing(session)
            try:
                _add(session, store, who, rules.subject("pregnancy:training"))
            except rules.TooMuch:
                return "refused"
            session.commit()
            return "kept"

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(add, range(2)))


@pytest.fixture
def house(upgraded_database: str) -> Iterator[Engine]:
    engine = make_engine(upgraded_database)
    migrations.models().create_all(engine)
    yield engine
    engine.dispose()


def _config(tmp_path: Path, **settings: str) -> Config:
    return Config.from_environment(settings, cwd=tmp_path)


def _run(name: str, engine: Engine, config: Config, now: datetime = NOW) -> int:
    job = next(each for each in JOBS if each.name == name)
    return job.run(Work(engine=engine, config=config, clock=lambda: now, stopping=lambda: False))


def _sent(engine: Engine, store: Store, *contents: bytes, scan: Scan = AWAY) -> list[int]:
    """Somebody has sent these."""
    with Session(engine) as session:
        db.writing(session)
        reference(session)
        who = listed(session)
        rows = [
            service.add_file(
                session,
                store,
                practitioner_id=who.id,
                subject=rules.subject("pregnancy:training"),
                renewed=replace(RENEWED, content=content),
                scan=scan,
                now=NOW,
            )
            for content in contents
        ]
        session.commit()
        return [each.id for each in rows]


def test_what_waited_is_scanned_when_the_scanner_is_back(house: Engine, store: Store, tmp_path: Path) -> None:
    harmless, infected = _sent(house, store, b"a licence", b"a licence with " + EICAR)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with served(server, clamd):
            config = _config(tmp_path, CLAMD=address, EVIDENCE_DIR=str(store.folder))
            assert _run("scan_evidence", house, config) == 2
            assert _run("scan_evidence", house, config) == 0
    with Session(house) as session:
        states = {each.id: each.state for each in session.scalars(select(Evidence))}
    assert states == {harmless: EvidenceState.CLEAN, infected: EvidenceState.REFUSED}
    assert len(list(store.names())) == 1


def test_a_scanner_that_stays_away_is_told_by_the_job(house: Engine, store: Store, tmp_path: Path) -> None:
    _sent(house, store, b"a licence")
    away = _config(tmp_path, CLAMD=str(tmp_path / "nobody"), EVIDENCE_DIR=str(store.folder))
    with pytest.raises(Unavailable, match="1 files wait"):
        _run("scan_evidence", house, away)
    assert _run("scan_evidence", house, _config(tmp_path, EVIDENCE_DIR=str(store.folder))) == 1


def test_the_jobs_erase_and_sweep(house: Engine, store: Store, tmp_path: Path) -> None:
    (number,) = _sent(house, store, b"a licence", scan=SEEN)
    config = _config(tmp_path, EVIDENCE_DIR=str(store.folder))
    assert _run("sweep_evidence", house, config) == 0
    assert _run("erase_evidence", house, config, NOW + timedelta(days=364)) == 0
    assert _run("erase_evidence", house, config, NOW + timedelta(days=366)) == 1
    assert list(store.names()) == []
    (number,) = _sent(house, store, b"another licence", scan=SEEN)
    for name in store.names():
        store.remove(name)
    with pytest.raises(Conflict, match=f"evidence {number}"):
        _run("sweep_evidence", house, config)


def test_whoever_is_erased_takes_their_files_along(house: Engine, store: Store, tmp_path: Path) -> None:
    _sent(house, store, b"a licence", scan=SEEN)
    with Session(house) as session:
        db.writing(session)
        who = session.scalars(select(Evidence.practitioner_id)).one()
        privacy.leave(session, who, grace_days=30, by=None, now=NOW)
        session.commit()
    later = datetime.now(UTC) + timedelta(days=60)
    assert _run("erase_departed", house, _config(tmp_path, EVIDENCE_DIR=str(store.folder)), later) == 1
    assert list(store.names()) == []
