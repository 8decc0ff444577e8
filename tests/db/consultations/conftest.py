"""Keys for what is sealed, and one patient with one practitioner."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from directory.crypto import keyring, new_key
from tests.consultations import reader
from tests.factories import Listed, reference


@pytest.fixture(autouse=True)
def keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def person(session: Session) -> Listed:
    """Somebody who is listed and reads requests."""
    reference(session)
    return reader(session)
