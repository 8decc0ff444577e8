"""A copy of what was decided about somebody can be checked by whoever gets it, with nothing of ours."""

from __future__ import annotations

import hashlib
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from directory import access_log, audit, db
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.cli import main
from directory.credentials.decisions import service as decisions
from directory.credentials.decisions.service import Draft
from directory.credentials.decisions.terms import Outcome, ReasonCode
from directory.crypto import keyring, new_key
from directory.desk import record
from directory.errors import NotFound
from tests.factories import NOW, Changes, listed, reference

if TYPE_CHECKING:
    from pathlib import Path

NOTE, WORDS = "The board’s page names somebody else.", "Please send us your number again."


def _decided(session: Session) -> int:
    """Two people, each with a decision; the number of the first."""
    reference(session)
    both = [listed(session), listed(session, Changes(licence={"number": "AC777777"}))]
    for each in both:
        case = cases.open_for(session, Kind.LICENCE, f"credential:{each.licence_id}", about=each.id, now=NOW)
        draft = Draft(
            kind=Kind.LICENCE,
            subject=f"credential:{each.licence_id}",
            case_id=case.id,
            practitioner_id=each.id,
            outcome=Outcome.REJECTED,
            reason_code=ReasonCode.NAME_DIFFERS,
            from_state="active",
            to_state="active",
            by=77,
            note=NOTE,
            words=WORDS,
        )
        decisions.append(session, draft, now=NOW)
        audit.record(session, action="credential.read", actor=77, subject=f"credential:{each.licence_id}", now=NOW)
    session.commit()
    return both[0].id


def _recomputed(line: dict[str, Any]) -> str:
    """As the header tells a stranger to do it."""
    text = json.dumps(line["sealed"], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((line["previous"] + text).encode()).hexdigest()


def test_whoever_gets_it_can_check_every_entry_and_every_reason(session: Session) -> None:
    keyring.install([new_key()])
    number = _decided(session)
    header, *lines = json.loads(json.dumps(list(record.export(session, number, now=NOW))))
    head = audit.head(session)
    assert head is not None
    assert header["head"] == {"seq": head.seq, "hash": head.hash}
    entries = [each for each in lines if each["record"] == "audit_entry"]
    told = [each for each in lines if each["record"] == "decision"]
    assert (header["entries"], header["decisions"]) == (len(entries), len(told)) == (len(entries), 1)
    assert [_recomputed(each) for each in entries] == [each["hash"] for each in entries]
    assert {each["sealed"]["action"] for each in entries} >= {"decision.rejected", "credential.read"}
    assert f"practitioner:{number + 1}" not in {each["sealed"]["subject"] for each in entries}
    (one,) = told
    assert (one["decided_by"], one["outcome"], one["reason"]) == (77, "rejected", {"note": NOTE, "words": WORDS})
    sealed = next(each["sealed"] for each in entries if each["sealed"]["action"] == "decision.rejected")
    assert hashlib.sha256(f"{sealed['reason_salt']}{NOTE}\n{WORDS}".encode()).hexdigest() == sealed["reason_hash"]
    (look,) = access_log.about(session, number)
    assert (look.actor, look.what, look.subject) == (access_log.COMMAND, "audit.exported", f"practitioner:{number}")


def test_what_was_erased_is_not_in_it_and_the_rest_still_holds(session: Session) -> None:
    keyring.install([new_key()])
    number = _decided(session)
    decisions.forget(session, number)
    session.commit()
    lines = list(record.export(session, number, now=NOW))
    assert [each["reason"] for each in lines if each["record"] == "decision"] == [None]
    entries = [each for each in lines if each["record"] == "audit_entry"]
    assert entries
    assert [_recomputed(each) for each in entries] == [each["hash"] for each in entries]
    with pytest.raises(NotFound):
        record.export(session, number + 1_000, now=NOW)


def test_the_command_writes_a_file_of_ones_own_and_over_none(
    upgraded_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", upgraded_database)
    monkeypatch.setenv("ENCRYPTION_KEYS", key)
    keyring.install([key])
    engine = db.make_engine(upgraded_database)
    with Session(engine) as session:
        audit.record(session, action="profile.published", actor=None, subject="practitioner:12", now=NOW)
        session.commit()
    engine.dispose()
    out = tmp_path / "record.jsonl"
    command = ["audit", "export", "--about", "practitioner:12"]
    run = CliRunner().invoke(main, [*command, "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    lines = [json.loads(each) for each in out.read_text("utf-8").splitlines()]
    assert [each["record"] for each in lines] == ["header", "audit_entry"]
    assert CliRunner().invoke(main, [*command, "--out", str(out)]).exit_code == 1
    assert json.loads(CliRunner().invoke(main, command).stdout.splitlines()[1]) == lines[1]
    assert CliRunner().invoke(main, ["audit", "export", "--about", "practitioner:13"]).exit_code == 1
    assert CliRunner().invoke(main, ["audit", "export", "--about", "zoe@example.org"]).exit_code == 2
