"""A site with one person who was asked for talks, for the pages on which patients tell how it went."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from config import Config
from directory.app import DirectoryApp, create_app
from directory.consultations.terms import State
from directory.crypto import keyring
from tests.consultations import reader
from tests.factories import Listed, reference
from tests.outcomes import LATER, asked
from tests.web import ready
from tests.web.client import Client
from tests.web.conftest import Clock


@dataclass
class Asked:
    """The site some days after a patient asked somebody for a talk."""

    app: DirectoryApp
    clock: Clock
    person: Listed

    def visitor(self) -> Client:
        """Somebody without a cookie."""
        return Client(self.app)

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """The database, committed at the end."""
        with Session(self.app.database.engine) as session:
            yield session
            session.commit()

    def link(self, email: str, *, state: State = State.HAPPENED) -> str:
        """The token in the letter to a patient of this mailbox, whose request came to this end."""
        with self.rows() as session:
            return asked(session, self.person, email, state=state)


@contextmanager
def site(folder: Path) -> Iterator[Asked]:
    """A new one in this folder."""
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        reference(session)
        person = reader(session)
        session.commit()
    clock = Clock(LATER)
    yield Asked(create_app(config, engine=engine, clock=clock), clock, person)
    engine.dispose()
