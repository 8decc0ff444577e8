"""Letters about what is due: one a day, each occasion once, whatever the job does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, undefer

from directory.accounts import service as accounts
from directory.accounts.models import Account
from directory.accounts.terms import Role
from directory.credentials import service as credentials
from directory.credentials.keeping import reminding
from directory.credentials.models import Credential
from directory.crypto import keyring, new_key
from directory.db import make_engine, writing
from directory.errors import Gone, NotFound
from directory.jobs import table
from directory.jobs.runner import Work
from directory.jurisdictions import service as jurisdictions
from directory.mail.letters import Worded
from directory.mail.models import OutgoingLetter
from directory.practitioners import service as practitioners
from directory.practitioners import still_true
from directory.practitioners.models import PracticePlace, Practitioner, ReminderSent
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.practitioners.reference import service as reference_data
from directory.practitioners.terms import Accepting
from tests import factories
from tests.factories import NOW, TODAY, Changes, licence_draft, listed, place_draft

FAR = TODAY + timedelta(days=3000)


@pytest.fixture(autouse=True)
def keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def town(session: Session) -> Session:
    jurisdictions.load(session)
    reference_data.load_reference(session)
    return session


def somebody(session: Session, *, expires: date = FAR, cover: date = FAR) -> int:
    """A published person with an account, whose word is ten days old."""
    made = listed(session, Changes(licence={"expires": expires}, indemnity_expires=cover))
    account = accounts.create(session, f"p{made.id}@example.org", roles=(Role.PRACTITIONER,), now=NOW)
    session.execute(update(Practitioner).where(Practitioner.id == made.id).values(account_id=account.id))
    session.flush()
    return made.id


def letters(session: Session) -> list[Worded]:
    rows = session.scalars(
        select(OutgoingLetter).order_by(OutgoingLetter.id).options(undefer(OutgoingLetter.text_sealed))
    )
    return [Worded.from_json(row.text_sealed or "") for row in rows if row.purpose == "reminder"]


def on(day: int) -> datetime:
    """So many days after the last word."""
    return NOW - timedelta(days=10) + timedelta(days=day)


def test_a_profile_is_asked_about_on_each_day_and_once_a_day(town: Session) -> None:
    person_id = somebody(town)
    written = []
    for day in range(60, 160):
        if reminding.remind(town, person_id, now=on(day)):
            written.append(day)
            assert not any(reminding.remind(town, person_id, now=on(day)) for _ in range(2))
    assert written == [75, 80, 85, 91, 104, 110, 118, 121]
    said = letters(town)
    assert {each.subject for each in said[:-1]} == {"Is it all still true?"}
    assert said[-1].subject == "You are off the list for now"
    assert all(each.path.startswith("/practice/still-true/") for each in said)


def test_a_licence_is_spoken_of_at_sixty_thirty_seven_days_and_on_the_last(town: Session) -> None:
    person_id = somebody(town, expires=TODAY + timedelta(days=60))
    practitioners.attest(town, person_id, now=NOW + timedelta(days=40))
    written = [day for day in range(-5, 80) if reminding.remind(town, person_id, now=NOW + timedelta(days=day))]
    assert written == [0, 30, 53, 60]
    assert letters(town)[0].subject == "A date is coming up"
    assert "license (Oregon): valid to" in letters(town)[0].paragraphs[0]
    assert letters(town)[0].path == "/practice/listed"


def test_several_things_of_one_day_are_one_letter(town: Session) -> None:
    person_id = somebody(town, expires=TODAY + timedelta(days=65), cover=TODAY + timedelta(days=65))
    assert reminding.remind(town, person_id, now=on(75))
    (letter,) = letters(town)
    words = " ".join(letter.paragraphs)
    assert "indemnity insurance" in words
    assert "license (Oregon)" in words
    assert "You last said on" in words
    assert not reminding.remind(town, person_id, now=on(75) + timedelta(hours=5))


def test_what_comes_up_later_on_a_day_with_a_letter_waits_for_the_next(town: Session) -> None:
    person_id = somebody(town)
    assert reminding.remind(town, person_id, now=on(75))
    soon = (on(75) + timedelta(days=60)).date()
    credentials.record(town, licence_draft(person_id, number="X2", expires=soon), now=NOW)
    assert not reminding.remind(town, person_id, now=on(75) + timedelta(hours=1))
    assert reminding.remind(town, person_id, now=on(76))


def test_a_renewal_that_was_handed_in_is_not_asked_for(town: Session) -> None:
    person_id = somebody(town, expires=TODAY + timedelta(days=60))
    old = town.scalars(select(Credential.id).where(Credential.practitioner_id == person_id)).one()
    newer = replace(licence_draft(person_id, expires=FAR), check=None)
    row = credentials.record(town, newer, now=NOW)
    row.supersedes_id = old
    town.flush()
    assert not reminding.remind(town, person_id, now=NOW)
    other = somebody(town, expires=TODAY + timedelta(days=60))
    assert reminding.perhaps_due(town, now=NOW) == [other]


def test_places_confirmed_on_different_days_are_named_apart(town: Session) -> None:
    person_id = somebody(town)
    new = premises.add_place(town, place_draft(person_id, label="Second Street Rooms"))
    practitioners.attest_place(town, new.id, now=on(30))
    assert reminding.remind(town, person_id, now=on(75))
    (letter,) = letters(town)
    assert "Second Street Rooms" not in " ".join(letter.paragraphs)
    practitioners.attest_place(
        town, town.scalars(select(PracticePlace.id).order_by(PracticePlace.id)).first() or 0, now=on(76)
    )
    assert reminding.remind(town, person_id, now=on(105))
    assert "Second Street Rooms" in " ".join(letters(town)[1].paragraphs)


def test_nobody_is_written_to_without_an_account_or_while_unpublished(town: Session) -> None:
    made = listed(town)
    assert made.id not in reminding.perhaps_due(town, now=on(75))
    assert not reminding.remind(town, made.id, now=on(75))
    person_id = somebody(town)
    assert reminding.perhaps_due(town, now=on(75)) == [person_id]
    publication.pause(town, person_id, now=NOW)
    assert not reminding.remind(town, person_id, now=on(75))


def test_letters_are_in_the_persons_language_and_say_nothing_in_the_subject(town: Session) -> None:
    person_id = somebody(town)
    town.execute(update(Account).values(locale="en_GB"))
    assert reminding.remind(town, person_id, now=on(75))
    assert letters(town)[0].language == "en_GB"


@pytest.fixture
def store(upgraded_database: str) -> Iterator[Engine]:
    engine = make_engine(upgraded_database, timeout_seconds=10)
    yield engine
    engine.dispose()


def test_the_job_writes_once_however_often_it_runs_and_whatever_breaks(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(store) as session:
        writing(session)
        jurisdictions.load(session)
        reference_data.load_reference(session)
        people = [somebody(session) for _ in range(3)]
        session.commit()
    now = on(75)
    work = Work(engine=store, config=None, clock=lambda: now, stopping=lambda: False)  # type: ignore[arg-type]
    send = reminding.outbox.send
    seen: list[str] = []

    def breaks_at_the_second(session: Session, **facts: object) -> object:
        seen.append(str(facts["to"]))
        if len(seen) == 2:
            raise RuntimeError("the power went")
        return send(session, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(reminding.outbox, "send", breaks_at_the_second)
    with pytest.raises(RuntimeError):
        table._reminders(work)
    assert table._reminders(work) == 2
    assert table._reminders(work) == 0
    with Session(store) as session:
        assert len(letters(session)) == 3
        assert len(session.scalars(select(ReminderSent)).all()) == len(people)


# --- the link -------------------------------------------------------------------------------------------------------


def test_the_link_is_answered_once_and_says_when(town: Session) -> None:
    person_id = somebody(town)
    asked = still_true.read(still_true.token(person_id, now=on(75)), now=on(75))
    assert still_true.answered_at(town, asked) is None
    place = town.scalars(select(PracticePlace.id).where(PracticePlace.practitioner_id == person_id)).one()
    still_true.confirm(town, person_id, {place: Accepting.CLOSED}, now=on(76))
    assert still_true.answered_at(town, asked) == on(76)
    row = town.get(PracticePlace, place)
    assert row is not None
    assert (row.accepting, row.accepting_confirmed_on) == (Accepting.CLOSED, on(76).date())


def test_unanswered_a_place_keeps_what_it_said_and_the_date(town: Session) -> None:
    person_id = somebody(town)
    place = town.scalars(select(PracticePlace).where(PracticePlace.practitioner_id == person_id)).one()
    before = (place.accepting, place.accepting_confirmed_on)
    still_true.confirm(town, person_id, {place.id: None}, now=on(76))
    assert (place.accepting, place.accepting_confirmed_on) == before


def test_places_of_others_cannot_be_answered_for(town: Session) -> None:
    person_id, other = somebody(town), somebody(town)
    theirs = town.scalars(select(PracticePlace.id).where(PracticePlace.practitioner_id == other)).one()
    with pytest.raises(NotFound):
        still_true.confirm(town, person_id, {theirs: Accepting.YES}, now=NOW)


def test_a_link_ends_after_sixty_days_and_an_altered_one_is_none(town: Session) -> None:
    sealed = still_true.token(7, now=NOW)
    assert still_true.read(sealed, now=NOW + timedelta(days=60)).practitioner_id == 7
    with pytest.raises(Gone):
        still_true.read(sealed, now=NOW + timedelta(days=60, seconds=2))
    other = "B" if sealed[20] == "A" else "A"
    for altered in (sealed[:-3], sealed[:20] + other + sealed[21:], "", "x" * 5000, "ä", factories.__name__):
        with pytest.raises(NotFound):
            still_true.read(altered, now=NOW)


def test_what_was_sealed_for_something_else_is_no_link(town: Session) -> None:
    with pytest.raises(NotFound):
        still_true.read(keyring.seal("somebody else's secret:7:1").rstrip("="), now=NOW)
