"""Computed and not stored: with the clock moved and nothing else done, what is shown follows the place's own days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import Config
from directory.app import DirectoryApp, create_app
from directory.credentials import service as credentials
from directory.credentials.service import Check, CredentialDraft, IndemnityDraft
from directory.credentials.terms import CheckMethod, CredentialKind, CredentialStatus
from directory.crypto import keyring
from directory.jurisdictions import service as jurisdictions
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import PersonDraft, PlaceDraft
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.practitioners.reference import service as reference_data
from directory.practitioners.terms import Technique
from tests.web import ready
from tests.web.accounts import sign_in
from tests.web.client import Client
from tests.web.conftest import Clock

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BRITISH = {"headers": {"Accept-Language": "en-GB"}}


@dataclass
class Somewhere:
    """Somebody who works at one place, and the site with a clock that a test moves."""

    app: DirectoryApp
    clock: Clock
    person: int
    paper: int
    place: str

    def visitor(self) -> Client:
        return Client(self.app)

    def shown(self) -> bool:
        """By the profile; the search by name and the list must say the same."""
        client = self.visitor()
        status = client.inner.get("/practitioners/ada-byron", base_url=client.base).status_code
        named = "ada-byron" in "".join(client.get("/practitioners?name=Ada+Byron").links())
        listed = client.get(f"/search?place={self.place}", **BRITISH).slugs()
        assert {status == 200, named, "ada-byron" in listed} == {status == 200}
        return status == 200


PLACES = {
    "AU": ("Sydney", "AU", "NSW", -33.8688, 151.2093, "Australia/Sydney", CredentialKind.STATUTORY_REGISTRATION),
    "US-HI": ("Honolulu", "US", "HI", 21.3069, -157.8583, "Pacific/Honolulu", CredentialKind.STATUTORY_LICENCE),
    "US-OR": ("Salem", "US", "OR", 44.9429, -123.0351, "America/Los_Angeles", CredentialKind.STATUTORY_LICENCE),
}


ASKED = {"AU": "Sydney, AU", "US-HI": "Honolulu, HI", "US-OR": "Salem, OR"}


@pytest.fixture
def somewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Somewhere]:
    code: str = request.param
    town, country, admin1, latitude, longitude, zone, kind = PLACES[code]
    (tmp_path / "var").mkdir()
    config = Config.from_environment({}, cwd=tmp_path)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    clock = Clock(START)
    with Session(engine) as session:
        jurisdictions.load(session)
        reference_data.load_reference(session)
        row = practitioners.register(
            session,
            PersonDraft(display_name="Ada Byron", techniques=frozenset({Technique.MANUAL}), fictional=True),
            now=START,
        )
        premises.add_place(
            session,
            PlaceDraft(
                practitioner_id=row.id,
                label="The practice",
                latitude=latitude,
                longitude=longitude,
                country=country,
                admin1=admin1,
                locality=town,
                timezone=zone,
                jurisdiction=code,
            ),
        )
        paper = credentials.record(
            session,
            CredentialDraft(
                practitioner_id=row.id,
                kind=kind,
                status=CredentialStatus.ACTIVE,
                jurisdiction=code,
                number="CMR0001234567",
                expires=date(2026, 11, 30),
                check=Check(verified_on=START.date() - timedelta(days=3)),
            ),
            now=START,
        )
        cover = IndemnityDraft(
            practitioner_id=row.id, expires=date(2028, 1, 1), verified_on=START.date() - timedelta(days=3)
        )
        credentials.record_indemnity(session, cover, now=START)
        publication.prove_holder(session, row.id, today=START.date() - timedelta(days=3), now=START)
        practitioners.attest(session, row.id, now=START)
        publication.publish(session, row.id, now=START)
        session.commit()
        found = row.id, paper.id
    yield Somewhere(create_app(config, engine=engine, clock=clock), clock, *found, ASKED[code])
    engine.dispose()


@pytest.mark.parametrize("somewhere", ["AU"], indirect=True)
def test_an_australian_in_december_is_registered_by_law_and_in_january_no_more(somewhere: Somewhere) -> None:
    visitor, law = somewhere.visitor(), "registration continues by law to 31 December 2026"
    somewhere.clock.now = datetime(2026, 11, 30, 12, 59, tzinfo=UTC)
    page = visitor.get("/practitioners/ada-byron", **BRITISH).words()
    assert law not in page
    assert "valid to 30 November 2026" in page
    # One minute later it is December in Sydney, where it is still November everywhere west of it.
    somewhere.clock.now = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    page = visitor.get("/practitioners/ada-byron", **BRITISH).words()
    assert law in page
    assert "stays registered one month (late period)" in page
    assert "past its date" not in page
    card = visitor.get("/search?place=Sydney, AU", **BRITISH).words()
    assert law in card
    own = Client(somewhere.app)
    sign_in(own, practitioner_id=somewhere.person)
    assert law in own.get("/registration/licences", **BRITISH).words().casefold().replace("december", "December")
    somewhere.clock.now = datetime(2026, 12, 31, 12, 59, tzinfo=UTC)
    assert somewhere.shown()
    somewhere.clock.now = datetime(2026, 12, 31, 13, 0, tzinfo=UTC)
    assert not somewhere.shown()


@pytest.mark.parametrize("somewhere", ["US-HI"], indirect=True)
def test_honolulu_is_hidden_from_its_own_midnight_on(somewhere: Somewhere) -> None:
    somewhere.clock.now = datetime(2026, 12, 1, 9, 59, tzinfo=UTC)
    assert somewhere.shown()
    somewhere.clock.now = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    assert not somewhere.shown()


@pytest.mark.parametrize("somewhere", ["US-OR"], indirect=True)
def test_a_register_that_is_away_is_believed_for_fourteen_days(somewhere: Somewhere) -> None:
    def read(status: CredentialStatus, on: date) -> None:
        with Session(somewhere.app.database.engine) as session:
            check = Check(verified_on=on, status=status, expires=date(2028, 1, 1), method=CheckMethod.PRIMARY_SOURCE)
            credentials.record_check(session, somewhere.paper, check, now=somewhere.clock.now)
            session.commit()

    read(CredentialStatus.ACTIVE, START.date())
    away = datetime(2026, 11, 21, 20, tzinfo=UTC)
    somewhere.clock.now = away
    read(CredentialStatus.UNKNOWN, away.date())
    assert somewhere.shown()
    words = somewhere.visitor().get("/practitioners/ada-byron", **BRITISH).words()
    assert "not readable in the register just now" in words
    somewhere.clock.now = away + timedelta(days=14)
    assert somewhere.shown()
    somewhere.clock.now = away + timedelta(days=15)
    assert not somewhere.shown()


@pytest.mark.parametrize("somewhere", ["US-HI"], indirect=True)
def test_a_word_of_the_practitioner_is_believed_for_120_days(somewhere: Somewhere) -> None:
    with Session(somewhere.app.database.engine) as session:
        check = Check(verified_on=START.date(), expires=date(2028, 1, 1))
        credentials.record_check(session, somewhere.paper, check, now=START)
        session.commit()
    somewhere.clock.now = START + timedelta(days=120)
    assert somewhere.shown()
    somewhere.clock.now = START + timedelta(days=122)
    assert not somewhere.shown()
