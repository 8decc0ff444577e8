"""Leaving and being erased, and taking everything along."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory import audit, migrations
from directory.accounts import service as accounts
from directory.accounts.models import Account
from directory.accounts.terms import Role
from directory.cases import service as cases
from directory.cases.models import Case, Contact
from directory.cases.terms import Kind
from directory.credentials.evidence.models import Evidence
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import EvidenceState, MediaType, Way
from directory.crypto import keyring, new_key
from directory.db import Base
from directory.errors import Conflict, NotFound
from directory.figures import service as figures
from directory.figures.rules import Count
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import AccountStatus
from directory.privacy import export, queries, service
from directory.privacy.models import Departure, Tombstone
from directory.privacy.rules import Fate, slug_hash
from directory.search import service as search
from directory.search.loader import IndexHolder
from tests.db.search import people
from tests.db.search.people import NOW, TODAY, here

GRACE = 30
THE_DAY = TODAY + timedelta(days=GRACE)


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Where files of evidence lie."""
    return Store(tmp_path / "evidence")


@pytest.fixture
def ada(session: Session) -> int:
    """Somebody with an account and one of everything."""
    people.reference(session)
    account = accounts.create(session, "ada@example.org", roles=[Role.PRACTITIONER], now=NOW)
    return people.add(
        session,
        "ada",
        slug="ada-lovelace",
        account_id=account.id,
        place={"hours": ((0, 9, 16),), "payers": ("us-one",), "remote": ("US-OR",), "telephone": "+1 503 555 0100"},
        rls={"patients_24m": 12},
        pregnancy={},
    )


def listed(session: Session) -> list[str]:
    found = search.find(session, here(), now=NOW, holder=IndexHolder())
    return [match.slug for match in found.matches]


def settled(session: Session, store: Store, *, today: date) -> int:
    """How many departures the nightly work did something about."""
    return sum(
        service.settle(session, store, who, today=today, now=NOW) for who, _ in service.due(session, today=today)
    )


def leave(session: Session, who: int) -> Departure:
    return service.leave(session, who, grace_days=GRACE, by=None, now=NOW)


def test_whoever_leaves_is_hidden_at_once_and_programs_are_told(session: Session, ada: int) -> None:
    session.commit()
    assert listed(session) == ["ada-lovelace"]
    assert leave(session, ada).erase_on == THE_DAY
    session.commit()
    assert listed(session) == []
    assert queries.gone_since(session, slug="ada-lovelace") == NOW
    assert queries.gone_since_id(session, ada) == NOW


def test_leaving_twice_is_leaving_once(session: Session, ada: int) -> None:
    first = leave(session, ada).erase_on
    assert service.leave(session, ada, grace_days=GRACE, by=None, now=NOW + timedelta(days=3)).erase_on == first
    service.come_back(session, ada, by=None, now=NOW)
    assert session.get_one(Practitioner, ada).account_status is AccountStatus.PUBLISHED


def test_whoever_comes_back_is_listed_as_before(session: Session, ada: int) -> None:
    leave(session, ada)
    session.commit()
    service.come_back(session, ada, by=None, now=NOW)
    session.commit()
    assert listed(session) == ["ada-lovelace"]
    assert queries.departure(session, ada) is None
    assert queries.gone_since(session, slug="ada-lovelace") is None
    with pytest.raises(Conflict):
        service.come_back(session, ada, by=None, now=NOW)


def test_coming_back_lifts_no_suspension(session: Session, ada: int) -> None:
    leave(session, ada)
    session.get_one(Practitioner, ada).account_status = AccountStatus.SUSPENDED
    service.come_back(session, ada, by=None, now=NOW)
    assert session.get_one(Practitioner, ada).account_status is AccountStatus.SUSPENDED


def test_a_draft_leaves_no_tombstone(session: Session, ada: int) -> None:
    person = session.get_one(Practitioner, ada)
    person.account_status, person.published_at = AccountStatus.DRAFT, None
    leave(session, ada)
    assert queries.gone_since(session, slug="ada-lovelace") is None
    assert person.account_status is AccountStatus.DRAFT


def add_evidence(session: Session, store: Store, who: int) -> None:
    """A file that shows something."""
    session.add(
        Evidence(
            code="a" * 22,
            practitioner_id=who,
            subject="rls:patients",
            way=Way.FILE,
            state=EvidenceState.CLEAN,
            media_type=MediaType.PDF,
            size=4,
            sha256="0" * 64,
            stored_sha256="0" * 64,
            file=store.keep(session, b"%PDF"),
            sent_at=NOW,
            delete_after=NOW + timedelta(days=365),
        )
    )
    session.flush()


def rows_of_everything(session: Session) -> Iterator[str]:
    """Every value of every table as text."""
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            yield from (f"{table.name}: {value}" for value in row if value is not None)


def test_on_the_day_everything_is_erased_and_nothing_names_anybody(session: Session, store: Store, ada: int) -> None:
    bea = people.add(session, "bea")
    note = Contact(name="Ada Lovelace", email="ada@example.org", note="It is me.")
    cases.open_case(session, Kind.PROFILE_CLAIM, f"practitioner:{ada}", note, now=NOW)
    figures.write(session, {(ada, TODAY): Count(views=9)})
    add_evidence(session, store, ada)
    session.commit()
    assert len(list(store.names())) == 1
    leave(session, ada)
    assert settled(session, store, today=THE_DAY - timedelta(days=1)) == 0
    assert settled(session, store, today=THE_DAY) == 1
    session.commit()
    assert not list(store.names())
    left = list(rows_of_everything(session))
    assert not [text for text in left if re.search(r"\bada\b|lovelace|503 555", text, re.IGNORECASE)]
    for model in (Practitioner, PracticePlace):
        assert session.scalar(select(func.count()).select_from(model)) == 1, "bea is as she was"
    assert session.get(Practitioner, bea) is not None
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    (case,) = session.scalars(select(Case))
    assert case.closed_at == NOW
    assert case.contact is None
    (stone,) = session.scalars(select(Tombstone))
    assert (stone.practitioner_id, stone.slug_hash, stone.gone_at) == (ada, slug_hash("ada-lovelace"), NOW)
    assert [each.action for each in audit.about(session, f"practitioner:{ada}")] == [
        "practitioner.erased",
        "practitioner.left",
    ]
    assert audit.verify(session).fault is None


def test_an_account_that_is_more_stays_without_being_a_practitioners(session: Session, store: Store, ada: int) -> None:
    account_id = session.get_one(Practitioner, ada).account_id
    account = session.get_one(Account, account_id)
    session.delete(account)
    session.flush()
    both = accounts.create(session, "ada@example.org", roles=[Role.PRACTITIONER, Role.VERIFIER], now=NOW)
    session.get_one(Practitioner, ada).account_id = both.id
    session.flush()
    service.erase(session, store, ada, now=NOW)
    session.commit()
    session.expire_all()
    assert session.get_one(Account, both.id).roles == {Role.VERIFIER}


def test_a_legal_hold_suspends_erasing(session: Session, store: Store, ada: int) -> None:
    leave(session, ada)
    service.place_hold(session, ada, reason="A complaint before the Board.", now=NOW)
    assert service.due(session, today=THE_DAY) == [(ada, Fate.KEEP)]
    assert settled(session, store, today=THE_DAY) == 0
    with pytest.raises(Conflict):
        service.erase(session, store, ada, now=NOW)
    service.lift_hold(session, ada, now=NOW)
    assert settled(session, store, today=THE_DAY) == 1
    with pytest.raises(NotFound):
        service.lift_hold(session, ada, now=NOW)


def test_the_database_itself_keeps_whoever_is_under_a_hold(session: Session, ada: int) -> None:
    service.place_hold(session, ada, reason="A court.", now=NOW)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(Practitioner.__table__.delete().where(Practitioner.id == ada))
    session.rollback()


def test_whoever_is_shown_again_is_never_erased(session: Session, store: Store, ada: int) -> None:
    leave(session, ada)
    session.get_one(Practitioner, ada).account_status = AccountStatus.PUBLISHED
    assert settled(session, store, today=THE_DAY + timedelta(days=99)) == 1
    assert session.get(Practitioner, ada) is not None
    assert queries.departure(session, ada) is None


def test_nobody_cannot_leave(session: Session) -> None:
    with pytest.raises(NotFound):
        leave(session, 999)
    with pytest.raises(NotFound):
        service.come_back(session, 999, by=None, now=NOW)
    with pytest.raises(NotFound):
        service.place_hold(session, 999, reason="A court.", now=NOW)


# --- taking everything along -------------------------------------------------------------------------------------


def test_the_document_holds_everything_of_one_person_and_nobody_else(session: Session, ada: int) -> None:
    people.add(session, "bea", place={"telephone": "+1 503 555 0199"})
    leave(session, ada)
    figures.write(session, {(ada, TODAY): Count(views=9), (ada, TODAY - timedelta(days=7)): Count(views=2)})
    note = Contact(name="Somebody Else", email="else@example.org")
    cases.open_case(session, Kind.PROFILE_CLAIM, f"practitioner:{ada}", note, now=NOW)
    session.commit()
    told = json.loads(json.dumps(export.document(session, ada, now=NOW)))
    assert told["schema"] == export.SCHEMA
    assert told["person"][0]["slug"] == "ada-lovelace"
    assert told["account"][0]["email"] == "ada@example.org"
    assert [each["telephone"] for each in told["places"]] == ["+1 503 555 0100"]
    assert [each["opens"] for each in told["hours"]] == ["09:00:00"]
    assert told["rls_experience"][0]["patients_24m"] == 12
    assert told["cases"][0]["kind"] == "profile_claim"
    assert [each["purpose"] for each in told["letters"]] == ["profile_closed"]
    assert [(each["action"], each["by_you"]) for each in told["log"]] == [("practitioner.left", False)]
    assert [week["views"] for week in told["figures"][-2:]] == [None, 9]
    filled = {section.name for section in export.SECTIONS if told[section.name]}
    assert filled >= {
        "account",
        "roles",
        "person",
        "techniques",
        "attestations",
        "places",
        "hours",
        "payers",
        "remote_jurisdictions",
        "papers",
        "insurance",
        "rls_experience",
        "pregnancy_declarations",
    }
    assert not re.search("bea|0199|Somebody Else|else@", json.dumps(told))


def test_a_hidden_homes_address_is_its_owners_to_take(session: Session, ada: int) -> None:
    place = session.scalars(select(PracticePlace)).one()
    place.address_sealed = "7 Quiet Lane"
    session.commit()
    assert export.document(session, ada, now=NOW)["places"][0]["address_sealed"] == "7 Quiet Lane"


SECRET = re.compile(r"password$|secret|token|hash|uniquifier|user_handle|public_key|_key$|counter")


def test_nothing_that_opens_an_account_is_in_the_document() -> None:
    for section in export.SECTIONS:
        columns = {each.key for each in inspect(section.model).column_attrs} - section.hidden
        harmless = {"evidence_hash", "snapshot_hash", "entry_key"}
        assert not {name for name in columns if SECRET.search(name)} - harmless, section.name


def test_every_table_of_a_person_is_in_the_document_or_told_otherwise() -> None:
    """A new table with somebody's data must come here and say how they get it."""
    told = {section.model.__tablename__ for section in export.SECTIONS} | export.TOLD_OTHERWISE.keys()
    roots, tables = {"practitioner", "account"}, migrations.models().tables
    reached = set(roots)
    while True:
        more = {
            table.name
            for table in tables.values()
            for column in table.columns
            if any(key.column.table.name in reached for key in column.foreign_keys)
        }
        if more <= reached:
            break
        reached |= more
    assert reached - told == set()
