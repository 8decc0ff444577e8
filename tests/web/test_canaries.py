"""What a patient tells lies where it belongs and nowhere else.

Unique words are entered through the real pages (pregnancy, screening, names, addresses, what is written) and then
looked for in every line of the log, every address, every cookie in clear, every letter with its headers, every column
of every table, and every file that the site keeps. Requests to other machines need no search: tests/conftest.py ends a
test that makes one.
"""

from __future__ import annotations

import base64
import io
import itertools
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session, undefer

from config import Config
from directory import db, logs, migrations
from directory.app import DirectoryApp, create_app
from directory.consultations import links
from directory.consultations.models import Consultation, ConsultationRequest
from directory.consultations.terms import Purpose, State
from directory.crypto import keyring
from directory.mail import messages
from directory.mail.letters import Worded
from directory.mail.models import OutgoingLetter
from tests.databases import BOTH
from tests.web import population
from tests.web.client import Client
from tests.web.conftest import Clock
from tests.web.population import Someone

if TYPE_CHECKING:
    from tests.databases import Databases

DUE = "2027-04-15"
CANARIES = {
    "due date": DUE,
    "due date in words": "April 15, 2027",
    "age": "17 years old",
    "name": "Quetzalina",
    "address": "asked.canary@example.org",
    "other address": "saved.canary@example.org",
    "telephone": "503 555 0177",
    "guardian": "Rosamunda",
    "words": "my legs dance the tarantella",
    "condition": "anticoagulant",
    "needles": "needle_phobia",
    "state": "postpartum",
    "medicine": "Zanthiopramine",
    "answer": "she leaves a brass bell",
    "diary": "2026-10-17",
}
WHOM = "Juniper Underhill"


@dataclass
class Seen:
    """Everything that left the application or was kept by it, as text."""

    addresses: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    log: str = ""


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    """A database of each kind with one practitioner, and nobody else's words in it."""
    made = db.make_engine(databases.create(request.param))
    migrations.upgrade(made)
    yield made
    made.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "var").mkdir()
    return tmp_path


@pytest.fixture
def app(engine: Engine, folder: Path) -> DirectoryApp:
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    person: dict[str, Any] = {"min_patient_age": 12}
    with Session(engine) as session:
        population.settle(session, [Someone(name=WHOM, rls_people=4, weeks=(0, 43), person=person)])
        session.commit()
    return create_app(config, engine=engine, clock=Clock())


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log of the product at its most talkative."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    logs.configure("debug")
    yield written
    monkeypatch.undo()
    logs.configure("error")


class Watched(Client):
    """A visitor whose addresses and cookies are written down."""

    def __init__(self, app: DirectoryApp, seen: Seen) -> None:
        super().__init__(app)
        self._seen = seen

        @app.after_request
        def _note(response: Any) -> Any:
            from flask import request

            seen.addresses.append(unquote(request.full_path))
            seen.addresses.append(unquote(response.headers.get("Location", "")))
            seen.cookies.extend(response.headers.getlist("Set-Cookie"))
            return response


def go_through(client: Client) -> None:
    """Tell everything there is to tell, look around, save a search, and ask for a talk."""
    here = "?place=97214"
    client.get("/")
    client.submit(client.get(f"/search{here}"), "/search/about-you", {"pregnancy": "yes", "due": DUE, "weeks": ""})
    client.submit(client.get(f"/about-you/3{here}"), "/about-you/3", {"health": "anticoagulant"})
    client.submit(client.get(f"/about-you/4{here}"), "/about-you/4", {"needles": "nervous"})
    client.submit(client.get(f"/about-you/5{here}"), "/about-you/5", {"age_group": "younger", "years": "17"})
    client.get(f"/about-you{here}")
    listed = client.get(f"/search{here}")
    slug = listed.slugs()[0]
    client.submit(listed, "/shortlist/add", {"who": slug})
    client.get(f"/compare{here}")
    client.get(f"/practitioners/{slug}")
    page = client.get(f"/saved/new{here}")
    client.submit(page, "/saved/new", {"email": CANARIES["other address"], "keep_facts": "y"})
    client.get(f"/match{here}")
    address = f"/match/write{here}&who={slug}"
    fields = {
        "name": CANARIES["name"],
        "email": CANARIES["address"],
        "telephone": CANARIES["telephone"],
        "guardian": CANARIES["guardian"],
        "words": CANARIES["words"],
        "talk": "phone",
        "first": "2026-11-25T10:30",
        "shared": "pregnancy",
    }
    client.submit(client.get(address), "/match/write", fields, 422)
    client.follow(client.submit(client.get(address), "/match/write", fields | {"consent": "y"}))
    client.submit(client.get(f"/search{here}"), "/search/about-you", {"pregnancy": "postpartum", "due": ""})
    hand_over(client.app, client)
    client.get("/no-such-page", 404)


def hand_over(app: Any, client: Client) -> None:
    """Agree on the talk that was asked for, hand a summary over, look at it, replace it, and take it back."""
    with Session(app.database.engine) as session:
        keyring.install(app.extensions["stillpoint"].config.encryption_keys)
        one = session.scalars(select(Consultation)).one()
        request = session.get_one(ConsultationRequest, one.request_id)
        token = links.make(session, request, Purpose.MEETING, now=population.NOW).rpartition("/")[2]
        one.state, one.starts_at = State.CONFIRMED, population.NOW + timedelta(days=2)
        code = one.code
        session.commit()
    night = {"date": CANARIES["diary"], "intensity": 7, "awake": 55, "treatment": False}
    night |= {"medicine": True, "iron": False}
    summary = {
        "version": 1,
        "diary": {"from": CANARIES["diary"], "to": CANARIES["diary"], "nights": [night]},
        "medicines": [{"name": CANARIES["medicine"], "dose": "", "reason": ""}],
        "answers": [{"question": "How do I say so?", "answer": CANARIES["answer"]}],
        "words": CANARIES["words"],
    }
    page = f"/care/summary/{token}/{code}"
    fields = {"content": json.dumps(summary), "lasts": "week"}
    client.submit(client.get(page), page, fields, 422)
    for _ in range(2):
        client.submit(client.get(page), page, fields | {"agree": "y"})
        assert CANARIES["medicine"] in client.get(page).words()
    client.submit(client.get(f"/visits/{token}"), f"/visits/{token}/{code}/revoke")
    client.submit(client.get(page), page, fields | {"agree": "y"})


def found_in(where: str, *, besides: tuple[str, ...] = ()) -> list[str]:
    """The canaries that stand in a text, by name."""
    return [name for name, canary in CANARIES.items() if name not in besides and canary.lower() in where.lower()]


def test_nothing_that_was_told_lies_where_it_does_not_belong(app: DirectoryApp, folder: Path, log: io.StringIO) -> None:
    seen = Seen()
    go_through(Watched(app, seen))
    assert len(seen.addresses) > 40
    assert found_in("\n".join(seen.addresses)) == []
    assert not re.search(r"(?i)pregnan|week|\bdue\b|\bage=", "\n".join(seen.addresses).replace("/about-you", ""))
    assert found_in("\n".join(map(_opened, seen.cookies))) == []
    assert '"event": "request"' in log.getvalue()
    assert found_in(log.getvalue()) == []
    _letters(app)
    _tables(app.database.engine)
    for file in (each for each in folder.rglob("*") if each.is_file() and "templates" not in each.parts):
        assert found_in(file.read_bytes().decode("latin-1"), besides=("condition", "needles", "state")) == [], file


def _opened(cookie: str) -> str:
    """A cookie with whatever of it anybody can read: what is signed is not secret."""
    value = cookie.partition(";")[0].partition("=")[2]
    readable = [cookie]
    for part in value.strip(".").split("."):
        encoded = re.fullmatch(r"[\w-]*", part) is not None and len(part) % 4 != 1
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) if encoded else b""
        readable.append(raw.decode("latin-1"))
        try:
            readable.append(zlib.decompress(raw).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(readable)


def _letters(app: DirectoryApp) -> None:
    """Every letter as it goes over the wire: to the patient, to the practitioner, and to whoever saved a search."""
    config = app.extensions["stillpoint"].config
    with Session(app.database.engine) as session:
        rows = session.scalars(
            select(OutgoingLetter).options(
                undefer(OutgoingLetter.recipient_sealed), undefer(OutgoingLetter.text_sealed)
            )
        ).all()
    assert len(rows) >= 2
    for row in rows:
        worded = Worded.from_json(row.text_sealed or "")
        to = row.recipient_sealed or ""
        message = messages.compose(worded, to=to, mark=row.mark, written_at=row.created_at, config=config)
        parts = [part.get_payload(decode=True) or b"" for part in message.walk() if not part.is_multipart()]
        body = "\n".join(part.decode() for part in parts if isinstance(part, bytes))
        heads = "\n".join(f"{name}: {value}" for name, value in message.items())
        own = tuple(name for name, canary in CANARIES.items() if canary == to)
        assert found_in(heads, besides=own) == []
        assert found_in(body) == []
        assert not re.search(r"(?i)pregnan|needle|blood", heads + body)


_SAID_OF_THE_RULES = {"practitioner_decline", "practitioner_protocol"}
"""Tables in which a code stands because a practitioner declared it."""


def _tables(engine: Engine) -> None:
    """Every column of every table as the database holds it."""
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name not in _SAID_OF_THE_RULES]
        rows = {name: connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}
    assert rows["consultation_request"]
    assert rows["saved_search"]
    assert rows["shared_summary"]
    for name, found in rows.items():
        held = "\n".join(str(value) for value in itertools.chain.from_iterable(found))
        assert found_in(held) == [], name


def test_the_search_for_canaries_finds_one() -> None:
    """A test that could not fail would be worth nothing."""
    assert found_in(f"… {DUE} … ROSAMUNDA …") == ["due date", "guardian"]
    signed = base64.urlsafe_b64encode(f'{{"due": "{DUE}"}}'.encode()).decode().rstrip("=")
    assert found_in(_opened(f"session={signed}.rest; Path=/")) == ["due date"]
    packed = base64.urlsafe_b64encode(zlib.compress(b"Quetzalina")).decode().rstrip("=")
    assert found_in(_opened(f"session=.{packed}; Path=/")) == ["name"]
