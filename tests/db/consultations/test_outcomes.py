"""A patient's word about whether it worked: once for each real request, and never enough by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.complaints.models import Complaint
from directory.complaints.terms import Field
from directory.consultations.models import Consultation, ConsultationRequest
from directory.consultations.outcomes import queries, rules, service
from directory.consultations.outcomes.models import ContactOutcome
from directory.consultations.outcomes.terms import Contact
from directory.consultations.terms import State
from directory.crypto import keyring, new_key
from directory.db import make_engine, writing
from directory.errors import Conflict, NotFound
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import Accepting, AccountStatus
from tests.consultations import PATIENT, letters_to, purposes, reader
from tests.databases import POSTGRESQL, Databases
from tests.factories import NOW, Listed, reference
from tests.outcomes import DAY, LATER, asked

OTHER = "otto@example.org"


@pytest.fixture(autouse=True)
def keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def person(session: Session) -> Listed:
    reference(session)
    return reader(session)


def tell(session: Session, token: str, contact: Contact, *, network: str = "one") -> ContactOutcome:
    return service.tell(session, token, contact, network=network, now=LATER)


def complaints(session: Session) -> list[Field]:
    return list(session.scalars(select(Complaint.field).order_by(Complaint.id)))


def test_a_patient_is_asked_once_and_the_letter_says_no_more_than_it_must(session: Session, person: Listed) -> None:
    asked(session, person, PATIENT)
    consultation_id = session.scalars(select(Consultation.id)).one()
    assert not service.ask(session, consultation_id, now=LATER + DAY)
    assert purposes(session, PATIENT)[-1] == "talk_outcome"
    letter = letters_to(session, PATIENT)[-1][1]
    assert "Juniper Underhill" in letter
    assert not any(word in letter for word in ("legs", "RLS", "Maria", "Portland"))


def test_who_is_due_is_found_and_nobody_else(session: Session, person: Listed) -> None:
    asked(session, person, PATIENT)
    assert queries.due(session, now=LATER) == []
    row = session.scalars(select(ContactOutcome)).one()
    session.delete(row)
    session.flush()
    assert queries.due(session, now=LATER) == [row.consultation_id]
    assert queries.due(session, now=NOW + rules.AFTER_ASKING - timedelta(seconds=1)) == []
    assert queries.due(session, now=NOW + rules.AFTER_ASKING + rules.TOO_LATE) == []
    session.scalars(select(Consultation)).one().state = State.WITHDRAWN
    session.flush()
    assert queries.due(session, now=LATER) == []


def test_one_word_changes_nothing_and_proves_the_mailbox(session: Session, person: Listed) -> None:
    token = asked(session, person, PATIENT)
    for contact in (Contact.NO_ANSWER, Contact.WRONG_NUMBER, Contact.NOT_TAKING):
        assert tell(session, token, contact).contact is contact
    assert complaints(session) == []
    assert session.get_one(PracticePlace, person.place_id).accepting_confirmed_on is not None
    assert session.scalars(select(ConsultationRequest)).one().proved_at == LATER
    assert session.scalar(select(func.count()).select_from(ContactOutcome)) == 1


def test_two_different_people_open_a_case_and_hide_nobody(session: Session, person: Listed) -> None:
    first, second = asked(session, person, PATIENT), asked(session, person, OTHER)
    tell(session, first, Contact.WRONG_NUMBER, network="one")
    tell(session, second, Contact.WRONG_NUMBER, network="two")
    assert complaints(session) == [Field.TELEPHONE]
    case = session.scalars(select(Case)).one()
    assert (case.kind, case.about, case.jurisdiction) == (Kind.COMPLAINT, person.id, "US-OR")
    assert session.get_one(Practitioner, person.id).account_status is AccountStatus.PUBLISHED
    assert purposes(session, "juniper@example.org")[-1] == "entry_doubted"
    said = letters_to(session, "juniper@example.org")[-1][1]
    assert not any(word in said for word in ("Maria", PATIENT, OTHER))
    with pytest.raises(Conflict):
        tell(session, second, Contact.REACHED, network="two")


def test_from_one_network_or_over_one_mailbox_two_words_are_one(session: Session, person: Listed) -> None:
    first, second = asked(session, person, PATIENT), asked(session, person, OTHER)
    third = asked(session, person, PATIENT, now=NOW + timedelta(hours=1))
    tell(session, first, Contact.NO_ANSWER, network="one")
    tell(session, second, Contact.NO_ANSWER, network="one")
    tell(session, third, Contact.NO_ANSWER, network="one")
    assert complaints(session) == []
    row = queries.by_token(session, second)
    session.delete(row)
    session.flush()
    tell(session, third, Contact.WRONG_NUMBER, network="three")
    tell(session, first, Contact.WRONG_NUMBER, network="one")
    assert complaints(session) == []


def test_takes_nobody_said_twice_takes_the_confirmation_and_not_the_word(session: Session, person: Listed) -> None:
    first, second = asked(session, person, PATIENT), asked(session, person, OTHER)
    tell(session, first, Contact.NOT_TAKING, network="one")
    tell(session, second, Contact.NOT_TAKING, network="two")
    place = session.get_one(PracticePlace, person.place_id)
    session.refresh(place)
    assert (place.accepting, place.accepting_confirmed_on) == (Accepting.YES, None)
    assert complaints(session) == [Field.ACCEPTING]


def test_a_second_case_needs_two_new_people(session: Session, person: Listed) -> None:
    tokens = [asked(session, person, f"p{number}@example.org") for number in range(4)]
    opened = []
    for number, token in enumerate(tokens):
        tell(session, token, Contact.NO_ANSWER, network=str(number))
        opened.append({row.case_id for row in session.scalars(select(ContactOutcome)) if row.case_id})
    assert [len(each) for each in opened[:3]] == [0, 1, 1]
    assert session.scalar(select(func.count()).where(ContactOutcome.case_id.is_(None))) == 0


def test_a_link_that_is_no_link_and_one_that_is_too_old(session: Session, person: Listed) -> None:
    token = asked(session, person, PATIENT)
    for wrong in ("x", token + "x", "é", "x" * 500):
        with pytest.raises(NotFound):
            tell(session, wrong, Contact.REACHED)
    with pytest.raises(service.TooLate):
        service.tell(session, token, Contact.REACHED, network="one", now=LATER + rules.ANSWERED_WITHIN)


def test_an_erased_request_is_not_asked_about(session: Session, person: Listed) -> None:
    token = asked(session, person, PATIENT)
    row = queries.by_token(session, token)
    consultation_id = row.consultation_id
    session.delete(row)
    request = session.scalars(select(ConsultationRequest)).one()
    request.name_sealed = request.email_sealed = request.facts_sealed = None
    request.erased_at = LATER
    session.flush()
    assert queries.due(session, now=LATER) == []
    assert not service.ask(session, consultation_id, now=LATER)


def test_who_said_it_is_forgotten_after_sixty_days_and_what_after_a_year(session: Session, person: Listed) -> None:
    tell(session, asked(session, person, PATIENT), Contact.REACHED)
    assert queries.tally(session, now=LATER).by_contact[Contact.REACHED] == 1
    assert service.forget(session, now=LATER + rules.WITHIN - DAY) == 0
    assert service.forget(session, now=LATER + rules.WITHIN) == 1
    session.expire_all()
    row = session.scalars(select(ContactOutcome)).one()
    assert (row.contact, row.mailbox, row.network) == (Contact.REACHED, None, None)
    assert service.forget(session, now=LATER + rules.KEPT) == 1
    assert queries.tally(session, now=LATER + rules.KEPT).said == 0


@pytest.mark.postgres
def test_two_who_say_it_in_the_same_instant_open_one_case(databases: Databases) -> None:
    url = databases.copy(POSTGRESQL)
    engine = make_engine(url, timeout_seconds=30)
    with Session(engine) as session:
        reference(session)
        person = reader(session)
        tokens = [asked(session, person, each) for each in (PATIENT, OTHER)]
        session.commit()
    together = Barrier(2, timeout=60)

    def say(number: int) -> None:
        together.wait()
        with Session(engine) as session:
            writing(session)
            service.tell(session, tokens[number], Contact.NO_ANSWER, network=str(number), now=LATER)
            session.commit()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(say, range(2)))
    with Session(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM complaint")) == 1
        assert session.scalar(text("SELECT count(*) FROM contact_outcome WHERE case_id IS NOT NULL")) == 2
    engine.dispose()
    databases.drop(url)
