"""The room of rosters: how new each board's file is, what was refused, and that nothing taken is "not checked"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.cli.import_roster import take_in
from directory.crypto import keyring
from directory.downloads import BrokenFile
from tests import rosters
from tests.factories import reference
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client

NOW = population.NOW


@pytest.fixture
def app(tmp_path: Path) -> Iterator[DirectoryApp]:
    (tmp_path / "var").mkdir()
    config = Config.from_environment({}, cwd=tmp_path)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        reference(session)
        session.commit()
    yield create_app(config, engine=engine, clock=lambda: NOW)
    engine.dispose()


def test_the_desk_sees_how_new_each_roster_is_and_why_a_file_was_refused(app: DirectoryApp, tmp_path: Path) -> None:
    desk = Client(app)
    sign_in(desk, email="verifier@example.org", roles=[Role.VERIFIER])
    empty = desk.get("/desk/rosters").words()
    assert empty.count("No file was taken yet: not checked.") == 8
    assert "None so far." in empty
    engine = app.database.engine
    file = tmp_path / "<b>maryland.csv"
    file.write_text(rosters.maryland("U00717,LOPEZ,ANA,A,04/17/2027,N", "U00718,,ANA,A,04/17/2027,N"))
    take_in(engine, file, as_of=(NOW - timedelta(days=46)).date(), shrunk=False, now=NOW)
    file = tmp_path / "colorado.csv"
    file.write_text(rosters.lines(rosters.COLORADO.replace("licensestatusdescription", "mood"), []))
    with pytest.raises(BrokenFile):
        take_in(engine, file, as_of=NOW.date(), shrunk=False, now=NOW)
    page = desk.get("/desk/rosters").words()
    assert page.count("No file was taken yet: not checked.") == 7
    assert "<b>maryland.csv" in page
    assert "46 days old – not checked any more" in page
    assert (
        "looks like the roster of Colorado Department of Regulatory Agencies but has no column for the status" in page
    )
    practitioner = Client(app)
    sign_in(practitioner, email="practitioner@example.org", roles=[Role.PRACTITIONER])
    practitioner.get("/desk/rosters", status=404)
