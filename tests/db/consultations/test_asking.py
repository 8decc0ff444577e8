"""Sending a request: looked at before anything is written, sealed, told to both sides without a word about health."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from directory.consultations import queries, rules, service
from directory.consultations import taking as capacities
from directory.consultations.drafts import Whom
from directory.consultations.models import Consultation, ConsultationRequest, ConsultationSetting
from directory.consultations.rules import Capacity, Told
from directory.consultations.service import CannotAsk, TooManyRequests
from directory.consultations.terms import Bar, Closed, Order, Shared, State, Talk
from directory.credentials import service as credentials
from directory.credentials.models import Credential
from directory.credentials.terms import CredentialStatus, Mode
from directory.crypto import keyring, new_key
from directory.db import make_engine, writing
from directory.errors import InvalidInput
from directory.mail import suppression
from directory.mail.models import Why
from directory.practitioners.models import Practitioner
from directory.screening.terms import Concern, Condition, PregnancyStatus
from tests.consultations import PATIENT, THURSDAY, TUESDAY, draft, letters_to, purposes, reader
from tests.factories import NOW, Changes, Listed, pregnancy_draft, reference

PREGNANT = Told(pregnancy=PregnancyStatus.YES, due=date(2027, 3, 1), age=31)


@pytest.fixture(autouse=True)
def keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def person(session: Session) -> Listed:
    reference(session)
    return reader(session)


def refused(session: Session, one: service.AskDraft) -> str | None:
    with pytest.raises(InvalidInput) as found:
        service.ask(session, one, now=NOW)
    return found.value.field


def barred(session: Session, one: service.AskDraft) -> dict[int, Bar]:
    with pytest.raises(CannotAsk) as found:
        service.ask(session, one, now=NOW)
    return dict(found.value.whom)


def without_addresses(letter: str) -> str:
    """The letter without its links, whose random signs may say anything."""
    return re.sub(r'[^\s"]*/[^\s"]*', "", letter)


def test_a_request_goes_out_at_once_and_tells_nobody_what_it_is_about(session: Session, person: Listed) -> None:
    asked = service.ask(session, draft(person, shared=frozenset({Shared.AGE})), now=NOW)
    assert [each.state for each in asked.people] == [State.ASKED]
    assert asked.people[0].answer_by == NOW + timedelta(days=2)
    assert purposes(session, PATIENT) == ["talk_requested"]
    assert purposes(session, "juniper@example.org") == ["request_received"]
    (_, to_patient), (_, to_practitioner) = (
        letters_to(session, PATIENT)[0],
        letters_to(session, "juniper@example.org")[0],
    )
    for secret in ("Maria", "legs", "44", PATIENT):
        assert secret not in without_addresses(to_practitioner)
    for typed in ("Maria", "legs", "44"):
        assert typed not in without_addresses(to_patient), "nobody has shown that the address is theirs"


def test_what_was_typed_is_sealed(session: Session, person: Listed) -> None:
    asked = service.ask(
        session,
        draft(person, telephone="+1 503 555 0100", told=replace(PREGNANT, pregnancy=PregnancyStatus.POSTPARTUM)),
        now=NOW,
    )
    row = (
        session.execute(text("SELECT * FROM consultation_request WHERE id = :id"), {"id": asked.request_id})
        .mappings()
        .one()
    )
    whole = " ".join(str(value) for value in row.values())
    for secret in ("Maria", "legs", "555", PATIENT, "postpartum"):
        assert secret not in whole.replace(str(row["created_at"]), "").replace(str(row["consented_at"]), "")


def test_only_what_was_ticked_is_revealed(session: Session, person: Listed) -> None:
    told = Told(pregnancy=PregnancyStatus.NO, age=44, conditions=frozenset({Condition.ANTICOAGULANT}))
    asked = service.ask(session, draft(person, told=told, shared=frozenset({Shared.CONDITIONS})), now=NOW)
    (one,) = queries.of_request(session, asked.request_id)
    seen = queries.revealed(one.request)
    assert seen is not None
    assert seen.told == Told(conditions=told.conditions)


def test_a_concern_is_kept_where_it_is_shared_and_nowhere_else(session: Session, person: Listed) -> None:
    told = Told(
        pregnancy=PregnancyStatus.NO,
        age=44,
        conditions=frozenset({Condition.ANTICOAGULANT}),
        concerns=frozenset({Concern.NEEDLE_NERVES, Concern.CANCER}),
    )
    asked = service.ask(session, draft(person, told=told, shared=frozenset({Shared.NEEDLES})), now=NOW)
    (one,) = queries.of_request(session, asked.request_id)
    seen = queries.revealed(one.request)
    assert seen is not None
    assert seen.told == Told(concerns=frozenset({Concern.NEEDLE_NERVES}))
    kept = Told.from_json(one.request.facts_sealed or "")
    assert kept == replace(told, concerns=seen.told.concerns)


def test_no_concern_stands_in_the_row_or_in_a_letter(session: Session, person: Listed) -> None:
    told = Told(pregnancy=PregnancyStatus.NO, age=44, concerns=frozenset({Concern.CANCER}))
    service.ask(session, draft(person, told=told, shared=frozenset({Shared.HEALTH})), now=NOW)
    row = session.execute(text("SELECT facts_sealed, shared_sealed FROM consultation_request")).one()
    letters = letters_to(session, PATIENT) + letters_to(session, "juniper@example.org")
    for secret in ("cancer", "health"):
        assert secret not in " ".join(row)
        assert not [said for _, said in letters if secret in said]


def test_what_an_older_request_holds_is_revealed_as_it_was_shared(session: Session, person: Listed) -> None:
    asked = service.ask(session, draft(person), now=NOW)
    (one,) = queries.of_request(session, asked.request_id)
    one.request.facts_sealed = '{"pregnancy": "no", "due": null, "age": 44, "conditions": ["needle_phobia"]}'
    one.request.shared_sealed = '["conditions"]'
    session.flush()
    seen = queries.revealed(one.request)
    assert seen is not None
    assert seen.told == Told(conditions=frozenset({Condition.NEEDLE_PHOBIA}))


def test_sent_twice_with_a_concern_that_is_not_shared_it_is_one(session: Session, person: Listed) -> None:
    told = Told(pregnancy=PregnancyStatus.NO, age=44, concerns=frozenset({Concern.CANCER}))
    first = service.ask(session, draft(person, told=told), now=NOW)
    assert service.ask(session, draft(person, told=told), now=NOW) == first


def test_the_price_is_that_of_the_day_on_which_it_was_asked(session: Session) -> None:
    reference(session)
    person = reader(session, changes=Changes(place={"price_first_talk": Decimal(0)}))
    asked = service.ask(session, draft(person), now=NOW)
    (one,) = queries.of_request(session, asked.request_id)
    assert (one.price_amount, one.price_currency) == (Decimal(0), "USD")


def test_sent_twice_it_is_one(session: Session, person: Listed) -> None:
    first = service.ask(session, draft(person), now=NOW)
    again = service.ask(session, draft(person), now=NOW + timedelta(minutes=5))
    assert again == first
    assert purposes(session, PATIENT) == ["talk_requested"]
    later = service.ask(session, draft(person, words="Something else."), now=NOW + timedelta(minutes=6))
    assert later.request_id != first.request_id


def test_in_order_only_the_first_is_asked_and_has_as_long_as_the_patient_says(session: Session, person: Listed) -> None:
    other = reader(session, "Ada Second")
    asked = service.ask(session, draft(person, other, order=Order.IN_ORDER, limit_hours=24), now=NOW)
    assert [each.state for each in asked.people] == [State.ASKED, State.QUEUED]
    assert asked.people[0].answer_by == NOW + timedelta(hours=24)
    assert asked.people[1].answer_by is None
    assert purposes(session, "ada@example.org") == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"consent": ""}, "consent"),
        ({"consent": "of another age"}, "consent"),
        ({"name": "  "}, "name"),
        ({"name": "Maria\r\nBcc: all@example.org"}, "name"),
        ({"name": "M" * 81}, "name"),
        ({"email": "not an address"}, "email"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "email"),
        ({"starts": ()}, "starts"),
        ({"starts": (NOW + timedelta(minutes=15),)}, "starts"),
        ({"starts": (TUESDAY + timedelta(minutes=7),)}, "starts"),
        ({"starts": (TUESDAY + timedelta(days=90),)}, "starts"),
        ({"starts": tuple(TUESDAY + timedelta(hours=each) for each in range(4))}, "starts"),
        ({"timezone": "Middle/Earth"}, "timezone"),
        ({"words": "w" * 1501}, "words"),
        ({"words": "https://a.example www.b.example https://c.example http://d.example"}, "words"),
        ({"order": Order.IN_ORDER}, "limit_hours"),
        ({"order": Order.IN_ORDER, "limit_hours": 1}, "limit_hours"),
        ({"limit_hours": 24}, "limit_hours"),
        ({"told": Told(age=44)}, "pregnancy"),
        ({"told": Told(pregnancy=PregnancyStatus.YES, due=NOW.date() - timedelta(days=1), age=31)}, "pregnancy"),
        ({"told": Told(pregnancy=PregnancyStatus.NO)}, "age"),
        ({"told": Told(pregnancy=PregnancyStatus.NO, age=17)}, "guardian"),
        ({"red_flags": frozenset({"fever"})}, "red_flags"),
        ({"people": ()}, "people"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_written(
    session: Session, person: Listed, changed: dict[str, object], field: str
) -> None:
    assert refused(session, draft(person, **changed)) == field
    assert session.scalars(select(ConsultationRequest.id)).all() == []
    assert purposes(session, PATIENT) == []


def test_nobody_is_asked_twice_in_one_request(session: Session, person: Listed) -> None:
    assert refused(session, draft(person, person)) == "people"


def test_the_age_of_consent_is_that_of_the_place(session: Session) -> None:
    reference(session)
    person = reader(session, changes=Changes(person={"min_patient_age": 12}))
    young = draft(person, told=Told(pregnancy=PregnancyStatus.NO, age=15))
    assert refused(session, young) == "guardian"
    service.ask(session, replace(young, guardian="Rosa"), now=NOW)
    service.ask(session, replace(young, jurisdiction="CA-QC", words="By myself."), now=NOW)


def test_pregnancy_is_judged_in_the_week_of_the_day(session: Session, person: Listed) -> None:
    credentials.declare_pregnancy(session, pregnancy_draft(person.id, min_week=14, max_week=26))
    # 280 days before the due date, and 26 completed weeks on Thursday.
    due = THURSDAY.date() + timedelta(days=280 - 26 * 7 - 6)
    told = Told(pregnancy=PregnancyStatus.YES, due=due, age=31)
    in_person = draft(person, talk=Talk.IN_PERSON, told=told)
    service.ask(session, in_person, now=NOW)
    assert barred(session, replace(in_person, starts=(THURSDAY + timedelta(days=1),))) == {person.id: Bar.PREGNANCY}
    # A talk from afar comes before a visit in the week that follows.
    assert barred(session, replace(in_person, talk=Talk.PHONE)) == {person.id: Bar.PREGNANCY}


def test_maybe_is_the_first_trimester(session: Session, person: Listed) -> None:
    maybe = draft(person, told=Told(pregnancy=PregnancyStatus.MAYBE, age=31))
    assert barred(session, maybe) == {person.id: Bar.PREGNANCY}


def test_somebody_who_lapsed_since_is_not_asked(session: Session, person: Listed) -> None:
    row = session.get_one(Credential, person.licence_id)
    row.status = CredentialStatus.REVOKED
    session.flush()
    assert barred(session, draft(person)) == {person.id: Bar.NOT_LISTED}
    assert purposes(session, PATIENT) == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"talk": Talk.VIDEO}, Bar.TALK),
        ({"told": Told(pregnancy=PregnancyStatus.NO, age=44, conditions=frozenset({Condition.NEEDLE_PHOBIA}))}, None),
    ],
)
def test_what_somebody_does_not_offer(
    session: Session, person: Listed, changed: dict[str, object], why: Bar | None
) -> None:
    assert barred(session, draft(person, **changed)) == {person.id: why or Bar.DOES_NOT_SUIT}


def test_a_home_visit_has_to_reach(session: Session) -> None:
    reference(session)
    person = reader(session, changes=Changes(place={"home_visit_radius_km": 10.0}))
    near = draft(person, people=(Whom(person.id, person.place_id, Mode.HOME_VISIT),), point=(45.55123, -122.6))
    far = replace(near, point=(44.0, -122.6))
    assert barred(session, far) == {person.id: Bar.DOES_NOT_SUIT}
    asked = service.ask(session, near, now=NOW)
    (one,) = queries.of_request(session, asked.request_id)
    assert one.request.point_sealed == "[45.55, -122.6]"


def test_the_day_is_that_of_the_patients_place_and_not_of_the_clock_they_read(session: Session) -> None:
    reference(session)
    person = reader(session, changes=Changes(place={"home_visit_radius_km": 10.0}))
    session.get_one(Credential, person.licence_id).expires = NOW.date()
    session.flush()
    visit = draft(
        person,
        people=(Whom(person.id, person.place_id, Mode.HOME_VISIT),),
        point=(45.55, -122.6),
        timezone="Pacific/Honolulu",
        starts=(THURSDAY,),
    )
    after_midnight = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    with pytest.raises(CannotAsk) as refusal:
        service.ask(session, visit, now=after_midnight)
    assert refusal.value.whom == {person.id: Bar.NOT_LISTED}
    service.ask(session, visit, now=after_midnight - timedelta(hours=1))


def test_another_persons_place_is_nobodys(session: Session, person: Listed) -> None:
    other = reader(session, "Ada Second")
    crossed = draft(person, people=(Whom(person.id, other.place_id),))
    assert barred(session, crossed) == {person.id: Bar.NOT_LISTED}


# --- nobody is flooded -----------------------------------------------------------------------------------------------


def test_a_mailbox_sends_three_a_day(session: Session, person: Listed) -> None:
    for number in range(rules.MOST_A_DAY_FROM_A_MAILBOX):
        service.ask(session, draft(person, words=f"Request {number}"), now=NOW)
    with pytest.raises(TooManyRequests):
        service.ask(session, draft(person, words="One more"), now=NOW)
    service.ask(session, draft(person, words="Tomorrow", starts=(THURSDAY,)), now=NOW + timedelta(days=1, minutes=1))


def test_a_mailbox_that_takes_no_letters_is_told_so_in_the_form(session: Session, person: Listed) -> None:
    suppression.note(session, PATIENT, status="5.1.1", for_good=True, why=Why.BOUNCED, now=NOW)
    assert refused(session, draft(person)) == "email"


def fill(session: Session, person: Listed, number: int) -> None:
    for each in range(number):
        service.ask(session, draft(person, email=f"p{each}@example.org"), now=NOW)


def test_whoever_has_as_many_as_they_take_is_not_asked(session: Session, person: Listed) -> None:
    capacities.state(session, person.id, Capacity(most_open=2), now=NOW)
    fill(session, person, 2)
    assert barred(session, draft(person)) == {person.id: Bar.CLOSED}
    found = queries.open_to_requests(session, [person.id], now=NOW)[person.id]
    assert (found.closed, found.open) == (Closed.FULL, False)


def test_so_many_a_week_also_when_they_are_answered(session: Session, person: Listed) -> None:
    capacities.state(session, person.id, Capacity(most_a_week=1), now=NOW)
    fill(session, person, 1)
    session.scalars(select(Consultation)).one().state = State.WITHDRAWN
    session.flush()
    assert queries.open_to_requests(session, [person.id], now=NOW)[person.id].closed is Closed.FULL_THIS_WEEK
    assert queries.open_to_requests(session, [person.id], now=NOW + timedelta(days=8))[person.id].open


def test_not_now_until_a_day(session: Session, person: Listed) -> None:
    until = NOW.date() + timedelta(days=10)
    capacities.state(session, person.id, Capacity(not_before=until, minutes=45), now=NOW)
    found = queries.open_to_requests(session, [person.id], now=NOW)[person.id]
    assert (found.closed, found.until, found.minutes) == (Closed.NOT_NOW, until, 45)
    assert queries.open_to_requests(session, [person.id], now=NOW + timedelta(days=10))[person.id].open


def test_nobody_is_asked_whom_nobody_reads_for(session: Session, person: Listed) -> None:
    row = session.get_one(Practitioner, person.id)
    row.account_id = None
    session.flush()
    assert queries.open_to_requests(session, [person.id], now=NOW)[person.id].closed is Closed.NOT_HERE
    row.fictional = True
    session.flush()
    assert queries.open_to_requests(session, [person.id], now=NOW)[person.id].open


@pytest.mark.parametrize(
    ("capacity", "field"),
    [
        (Capacity(most_open=0), "most_open"),
        (Capacity(most_a_week=51), "most_a_week"),
        (Capacity(talks=frozenset()), "talks"),
        (Capacity(minutes=20), "minutes"),
    ],
)
def test_a_capacity_that_cannot_be(session: Session, person: Listed, capacity: Capacity, field: str) -> None:
    with pytest.raises(InvalidInput) as found:
        capacities.state(session, person.id, capacity, now=NOW)
    assert found.value.field == field
    assert session.get(ConsultationSetting, person.id) is None


def test_asking_takes_few_statements(session: Session, person: Listed) -> None:
    others = [reader(session, f"Person{letter} Other") for letter in "AB"]
    statements: list[str] = []
    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *given: statements.append(given[2]))
    service.ask(session, draft(person, *others), now=NOW)
    assert len([each for each in statements if "SAVEPOINT" not in each]) <= 30


def test_two_who_ask_at_once_do_not_get_more_than_somebody_takes(upgraded_database: str) -> None:
    engine = make_engine(upgraded_database)
    with Session(engine) as session:
        reference(session)
        person = reader(session)
        capacities.state(session, person.id, Capacity(most_open=1), now=NOW)
        session.commit()
    done: list[str] = []

    def one(number: int) -> None:
        with Session(engine) as own:
            writing(own)
            try:
                service.ask(own, draft(person, email=f"p{number}@example.org"), now=NOW)
                own.commit()
                done.append("asked")
            except CannotAsk:
                done.append("refused")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    engine.dispose()
    assert sorted(done) == ["asked", "refused", "refused"]
