"""The table of jurisdictions follows its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from directory.errors import InvalidInput
from directory.jurisdictions import queries, rules, service
from directory.jurisdictions.models import JurisdictionRow

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session


def test_what_is_loaded_is_what_the_file_says(session: Session) -> None:
    assert service.load(session) == 65
    session.expire_all()
    assert queries.all_rules(session) == rules.read(service.SOURCE)


def test_loading_again_changes_nothing_and_mends_what_differs(session: Session) -> None:
    service.load(session)
    session.execute(update(JurisdictionRow).where(JurisdictionRow.code == "AU").values(late_days=0))
    session.expire_all()
    service.load(session)
    service.load(session)
    assert session.scalar(select(func.count()).select_from(JurisdictionRow)) == 65
    assert queries.all_rules(session)["AU"].late_days == 31


def test_a_malformed_row_changes_nothing(session: Session, tmp_path: Path) -> None:
    service.load(session)
    broken = tmp_path / "jurisdictions.csv"
    text = service.SOURCE.read_text(encoding="utf-8")
    broken.write_text(text.replace("US-CA,US,statutory", "US-CA,US,guild", 1).replace(",31,", ",7,"), encoding="utf-8")
    with pytest.raises(InvalidInput, match="Line 6, column regime"):
        service.load(session, broken)
    session.flush()
    session.expire_all()
    assert queries.all_rules(session) == rules.read(service.SOURCE)


def test_the_database_refuses_what_no_rule_knows(session: Session) -> None:
    service.load(session)
    with pytest.raises(IntegrityError, match="ck_jurisdiction_late_days"), session.begin_nested():
        session.execute(update(JurisdictionRow).values(late_days=-1))
