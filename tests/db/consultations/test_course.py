"""From a request to a talk: yes, no, other times, silence. Each side hears what concerns it; nothing is done twice."""

from __future__ import annotations

import json
import threading
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from directory.consultations import answering, booking, choosing, course, keeping, links, queries, rounds, service
from directory.consultations import taking as capacities
from directory.consultations.booking import TimeTaken
from directory.consultations.choosing import AskAgain
from directory.consultations.course import WrongState
from directory.consultations.links import LinkEnded, LinkUsed, NotOverThisLink
from directory.consultations.models import (
    BookedQuarter,
    Consultation,
    ConsultationMessage,
    ConsultationRequest,
    ConsultationSetting,
)
from directory.consultations.rules import Capacity, Told
from directory.consultations.terms import Declining, Order, Side, State, Talk
from directory.consultations.writing import TooManyMessages
from directory.credentials import service as credentials
from directory.credentials.models import Credential
from directory.credentials.terms import CredentialStatus
from directory.db import make_engine, writing
from directory.desk.listed import service as listed_now
from directory.errors import InvalidInput, NotFound
from directory.screening.terms import PregnancyStatus
from tests.consultations import (
    PATIENT,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    draft,
    letters_to,
    newest_link,
    purposes,
    reader,
)
from tests.factories import NOW, Listed, pregnancy_draft, reference

JUNIPER, ADA = "juniper@example.org", "ada@example.org"
LATER = NOW + timedelta(hours=1)


def asked(session: Session, *people: Listed, **facts: object) -> list[Consultation]:
    made = service.ask(session, draft(*people, **facts), now=NOW)
    return queries.of_request(session, made.request_id)


def accepted(session: Session, person: Listed, at: datetime = TUESDAY) -> Consultation:
    (one,) = asked(session, person)
    return answering.accept(session, person.id, one.code, at, how="I ring you.", now=LATER)


def agreed(session: Session, person: Listed, at: datetime = WEDNESDAY) -> Consultation:
    one = accepted(session, person, at)
    return choosing.confirm(session, newest_link(session), one.code, at, now=LATER)


def quarters(session: Session, person: Listed) -> list[datetime]:
    rows = select(BookedQuarter.starts_at).where(BookedQuarter.practitioner_id == person.id)
    return sorted(session.scalars(rows))


def stop(session: Session, person: Listed, status: CredentialStatus = CredentialStatus.REVOKED) -> None:
    session.get_one(Credential, person.licence_id).status = status
    session.flush()


def entry(session: Session, address: str) -> dict[str, object]:
    found = json.loads(letters_to(session, address)[-1][1])["entry"]
    assert isinstance(found, dict)
    return found


# --- yes -------------------------------------------------------------------------------------------------------------


def test_a_yes_is_agreed_when_the_patient_says_so_too(session: Session, person: Listed) -> None:
    one = accepted(session, person)
    assert (one.state, one.starts_at, one.answered_at) == (State.ACCEPTED, TUESDAY, LATER)
    assert quarters(session, person) == [TUESDAY, TUESDAY + timedelta(minutes=15)]
    assert purposes(session, PATIENT)[-1] == "talk_accepted"
    one = choosing.confirm(session, newest_link(session), one.code, TUESDAY, now=LATER)
    assert one.state is State.CONFIRMED
    assert one.request.proved_at == LATER
    mine, theirs = entry(session, PATIENT), entry(session, JUNIPER)
    assert mine["uid"] == theirs["uid"]
    assert mine["summary"] == "Talk with Juniper Underhill"
    assert theirs["summary"] == "Talk"


def test_everybody_else_is_told_that_it_went_elsewhere(session: Session, person: Listed) -> None:
    ada = reader(session, "Ada Second")
    first, second = asked(session, person, ada)
    answering.accept(session, person.id, first.code, TUESDAY, now=LATER)
    answering.accept(session, ada.id, second.code, WEDNESDAY, now=LATER)
    choosing.confirm(session, newest_link(session), second.code, WEDNESDAY, now=LATER)
    assert (first.state, second.state) == (State.ELSEWHERE, State.CONFIRMED)
    assert purposes(session, JUNIPER) == ["request_received", "request_over"]
    assert quarters(session, person) == []


def test_only_a_time_that_was_named_can_be_accepted(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    for at in (TUESDAY + timedelta(hours=1), TUESDAY + timedelta(minutes=5)):
        with pytest.raises(InvalidInput):
            answering.accept(session, person.id, one.code, at, now=LATER)
    with pytest.raises(InvalidInput):
        answering.accept(session, person.id, one.code, TUESDAY, now=TUESDAY - timedelta(hours=1))


def test_nobody_answers_for_somebody_else(session: Session, person: Listed) -> None:
    ada = reader(session, "Ada Second")
    (one,) = asked(session, person)
    with pytest.raises(NotFound):
        answering.accept(session, ada.id, one.code, TUESDAY, now=LATER)
    with pytest.raises(NotFound):
        answering.write(session, ada.id, one.code, "Hello", now=LATER)


def test_whose_turn_has_not_come_sees_nothing(session: Session, person: Listed) -> None:
    ada = reader(session, "Ada Second")
    _, second = asked(session, person, ada, order=Order.IN_ORDER, limit_hours=24)
    with pytest.raises(NotFound):
        queries.own(session, ada.id, second.code)
    assert queries.of_practitioner(session, ada.id) == []


def test_other_times_are_offered_and_one_is_chosen(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    other = THURSDAY + timedelta(hours=3)
    answering.offer(session, person.id, one.code, [other, other + timedelta(hours=1)], now=LATER)
    assert one.starts_at is None
    token = newest_link(session)
    with session.begin_nested() as attempt:
        with pytest.raises(InvalidInput):
            choosing.confirm(session, token, one.code, TUESDAY, now=LATER)
        attempt.rollback()
    one = choosing.confirm(session, token, one.code, other, now=LATER)
    assert (one.state, one.starts_at) == (State.CONFIRMED, other)


def test_an_offer_can_be_answered_with_other_times(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    other = THURSDAY + timedelta(hours=3)
    answering.offer(session, person.id, one.code, [other], now=LATER)
    choosing.propose(session, newest_link(session), one.code, [THURSDAY + timedelta(hours=6)], now=LATER)
    assert one.state is State.ASKED
    with pytest.raises(InvalidInput):
        answering.accept(session, person.id, one.code, TUESDAY, now=LATER)
    answering.accept(session, person.id, one.code, THURSDAY + timedelta(hours=6), now=LATER)
    assert one.starts_at == THURSDAY + timedelta(hours=6)
    choosing.confirm(session, newest_link(session), one.code, THURSDAY + timedelta(hours=6), now=LATER)
    assert one.state is State.CONFIRMED


# --- no double booking -----------------------------------------------------------------------------------------------


def test_a_time_that_overlaps_is_taken(session: Session, person: Listed) -> None:
    accepted(session, person)
    (other,) = asked(session, person, email="other@example.org", starts=(TUESDAY + timedelta(minutes=15),))
    with pytest.raises(TimeTaken):
        answering.accept(session, person.id, other.code, TUESDAY + timedelta(minutes=15), now=LATER)
    with pytest.raises(InvalidInput):
        answering.offer(session, person.id, other.code, [TUESDAY], now=LATER)
    assert quarters(session, person) == [TUESDAY, TUESDAY + timedelta(minutes=15)]


def test_of_two_who_say_yes_to_the_same_time_one_has_it(upgraded_database: str) -> None:
    engine = make_engine(upgraded_database)
    with Session(engine) as session:
        reference(session)
        person = reader(session)
        codes = []
        for number, at in enumerate((TUESDAY, TUESDAY + timedelta(minutes=15))):
            made = service.ask(session, draft(person, email=f"p{number}@example.org", starts=(at,)), now=NOW)
            codes.append((queries.of_request(session, made.request_id)[0].code, at))
        session.commit()
    done: list[str] = []
    ready = threading.Barrier(2)

    def accept(code: str, at: datetime) -> None:
        with Session(engine) as own:
            ready.wait(timeout=30)
            writing(own)
            try:
                answering.accept(own, person.id, code, at, now=LATER)
                own.commit()
                done.append("has it")
            except TimeTaken:
                done.append("taken")

    threads = [threading.Thread(target=accept, args=each) for each in codes]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(BookedQuarter)) == 2
    engine.dispose()
    assert sorted(done) == ["has it", "taken"]


def test_of_two_who_use_one_link_at_once_one_decides(upgraded_database: str) -> None:
    engine = make_engine(upgraded_database)
    with Session(engine) as session:
        reference(session)
        one = accepted(session, reader(session))
        token, code = newest_link(session), one.code
        session.commit()
    done: list[str] = []
    ready = threading.Barrier(2)

    def confirm() -> None:
        with Session(engine) as own:
            ready.wait(timeout=30)
            writing(own)
            try:
                choosing.confirm(own, token, code, TUESDAY, now=LATER)
                own.commit()
                done.append("agreed")
            except LinkUsed:
                done.append("used")

    threads = [threading.Thread(target=confirm) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with Session(engine) as session:
        assert purposes(session, PATIENT).count("talk_agreed") == 1
    engine.dispose()
    assert sorted(done) == ["agreed", "used"]


def test_a_time_that_is_given_back_is_free(session: Session, person: Listed) -> None:
    one = agreed(session, person, TUESDAY)
    answering.cancel(session, person.id, one.code, now=LATER)
    assert (one.state, one.closed_by) == (State.CANCELLED, Side.PRACTITIONER)
    assert quarters(session, person) == []
    (other,) = asked(session, person, email="other@example.org")
    answering.accept(session, person.id, other.code, TUESDAY, now=LATER)


# --- no, and silence -------------------------------------------------------------------------------------------------


def test_a_no_asks_the_next_in_the_order(session: Session, person: Listed) -> None:
    ada = reader(session, "Ada Second")
    first, second = asked(session, person, ada, order=Order.IN_ORDER, limit_hours=24)
    answering.decline(session, person.id, first.code, Declining.NO_ROOM, now=LATER)
    assert (first.state, second.state) == (State.DECLINED, State.ASKED)
    assert purposes(session, ADA) == ["request_received"]
    assert "not answered yet" in letters_to(session, PATIENT)[-1][1]
    assert "no_room" not in letters_to(session, PATIENT)[-1][1]


def test_the_next_is_left_out_who_takes_none_or_must_not_be_asked(session: Session, person: Listed) -> None:
    ada, cy = reader(session, "Ada Second"), reader(session, "Cy Third")
    _, second, third = theirs = asked(session, person, ada, cy, order=Order.IN_ORDER, limit_hours=24)
    stop(session, ada)
    capacities.state(session, cy.id, Capacity(not_before=date(2027, 1, 1)), now=NOW)
    answering.decline(session, person.id, theirs[0].code, Declining.NO_ROOM, now=LATER)
    assert (second.state, third.state) == (State.LAPSED, State.LAPSED)
    assert purposes(session, ADA) == purposes(session, "cy@example.org") == []


def test_silence_is_reminded_of_twice_and_then_nobody_waits_any_longer(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    hours = (23, 24, 25, 48, 72, 95, 96)
    done = [rounds.step(session, one.id, now=NOW + timedelta(hours=each)) for each in hours]
    assert done == [False, True, False, True, False, False, True], "the third day is Thanksgiving"
    assert one.state is State.LAPSED
    assert purposes(session, JUNIPER) == ["request_received", "request_waits", "request_waits", "request_lapsed"]
    assert purposes(session, PATIENT)[-1] == "talk_unanswered"
    assert not rounds.step(session, one.id, now=NOW + timedelta(days=5))


def test_in_order_the_limit_of_the_patient_asks_the_next(session: Session, person: Listed) -> None:
    ada = reader(session, "Ada Second")
    first, second = asked(session, person, ada, order=Order.IN_ORDER, limit_hours=6)
    assert first.id in rounds.perhaps_due(session, now=NOW + timedelta(hours=6))
    assert rounds.step(session, first.id, now=NOW + timedelta(hours=6))
    assert (first.state, second.state) == (State.LAPSED, State.ASKED)


def test_a_patient_who_does_not_choose_gives_the_time_back(session: Session, person: Listed) -> None:
    one = accepted(session, person, THURSDAY)
    assert one.due_at == THURSDAY - timedelta(hours=1)
    assert rounds.step(session, one.id, now=THURSDAY)
    assert one.state is State.LAPSED
    assert quarters(session, person) == []
    assert purposes(session, JUNIPER)[-1] == "request_over"
    assert purposes(session, PATIENT)[-1] == "talk_not_chosen"


def test_a_question_counts_as_an_answer_and_gives_the_patient_time(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    answering.write(session, person.id, one.code, "Do you take a blood thinner?", now=NOW + timedelta(days=2))
    assert one.answered_at == NOW + timedelta(days=2)
    assert not rounds.step(session, one.id, now=NOW + timedelta(days=3))
    assert one.state is State.ASKED


def test_the_median_needs_three_answers_and_counts_silence_of_real_requests_only(
    session: Session, person: Listed
) -> None:
    rows = []
    for number in range(4):
        (one,) = asked(session, person, email=f"p{number}@example.org")
        rows.append(one)
    for one, hours in zip(rows, (1, 2), strict=False):
        answering.decline(session, person.id, one.code, Declining.OTHER, now=NOW + timedelta(hours=hours))
    for one in rows[2:]:
        rounds.step(session, one.id, now=NOW + timedelta(days=4))
    assert queries.median_reply(session, [person.id], now=NOW + timedelta(days=4)) == {}
    rows[3].request.proved_at = NOW
    session.flush()
    assert queries.median_reply(session, [person.id], now=NOW + timedelta(days=4)) == {person.id: timedelta(hours=2)}


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_link_decides_once_and_is_still_read(session: Session, person: Listed) -> None:
    one = accepted(session, person)
    token = newest_link(session)
    choosing.confirm(session, token, one.code, TUESDAY, now=LATER)
    with pytest.raises(LinkUsed):
        choosing.cancel(session, token, one.code, now=LATER)
    assert links.find(session, token).used_for == "confirm"
    choosing.cancel(session, newest_link(session), one.code, now=LATER)
    assert one.state is State.CANCELLED


def test_a_link_is_for_what_its_letter_was_about(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    with pytest.raises(NotOverThisLink):
        choosing.cancel(session, newest_link(session), one.code, now=LATER)


def test_a_link_ends(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    token = newest_link(session)
    with pytest.raises(LinkEnded):
        choosing.withdraw(session, token, now=NOW + timedelta(days=46))
    choosing.renew(session, token, now=NOW + timedelta(days=46))
    assert purposes(session, PATIENT)[-1] == "talk_new_link"
    choosing.withdraw(session, newest_link(session), now=NOW + timedelta(days=46))
    assert one.state is State.WITHDRAWN


def test_a_link_opens_no_other_request(session: Session, person: Listed) -> None:
    asked(session, person)
    token = newest_link(session)
    ada = reader(session, "Ada Second")
    (other,) = asked(session, ada, email="other@example.org")
    with pytest.raises(NotFound):
        choosing.write(session, token, other.code, "Hello", now=LATER)
    with pytest.raises(NotFound):
        links.find(session, token + "x")


def test_only_something_that_is_done_proves_a_mailbox(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    token = newest_link(session)
    links.find(session, token)
    assert one.request.proved_at is None
    choosing.prove(session, token, now=LATER)
    assert one.request.proved_at == LATER
    choosing.withdraw(session, token, now=LATER)


def test_a_request_that_somebody_else_sent_is_erased_and_they_hear_nothing_more(
    session: Session, person: Listed
) -> None:
    (one,) = asked(session, person)
    choosing.disown(session, newest_link(session), now=LATER)
    request = session.get_one(ConsultationRequest, one.request_id)
    assert (request.proved_at, request.email_sealed, request.erased_at) == (None, None, LATER)
    assert purposes(session, PATIENT) == ["talk_requested"]
    assert purposes(session, JUNIPER) == ["request_received", "request_over"]
    assert len(queries.sent_lately(session, request.email_hash, now=LATER)) == 1


# --- moving and calling off ------------------------------------------------------------------------------------------


def test_a_patient_moves_and_the_old_time_stands_until_then(session: Session, person: Listed) -> None:
    one = agreed(session, person)
    other = THURSDAY + timedelta(hours=2)
    choosing.propose(session, newest_link(session), one.code, [other], now=LATER)
    assert (one.state, one.starts_at) == (State.CONFIRMED, WEDNESDAY)
    assert purposes(session, JUNIPER)[-1] == "request_other_times"
    before = one.sequence
    answering.answer_move(session, person.id, one.code, other, now=LATER)
    assert (one.starts_at, one.sequence) == (other, before + 1)
    assert quarters(session, person)[0] == other
    assert entry(session, PATIENT)["sequence"] == before


def test_a_move_that_cannot_be_leaves_it_where_it_was(session: Session, person: Listed) -> None:
    one = agreed(session, person)
    choosing.propose(session, newest_link(session), one.code, [THURSDAY], now=LATER)
    answering.answer_move(session, person.id, one.code, None, now=LATER)
    assert (one.state, one.starts_at) == (State.CONFIRMED, WEDNESDAY)
    assert purposes(session, PATIENT)[-1] == "talk_not_moved"
    with pytest.raises(WrongState):
        answering.answer_move(session, person.id, one.code, THURSDAY, now=LATER)


def test_a_practitioner_asks_to_move_and_the_patient_decides(session: Session, person: Listed) -> None:
    one = agreed(session, person)
    answering.propose_move(session, person.id, one.code, [THURSDAY], now=LATER)
    choosing.confirm(session, newest_link(session), one.code, THURSDAY, now=LATER)
    assert one.starts_at == THURSDAY
    answering.propose_move(session, person.id, one.code, [TUESDAY + timedelta(hours=6)], now=LATER)
    choosing.refuse(session, newest_link(session), one.code, now=LATER)
    assert one.starts_at == THURSDAY
    assert purposes(session, JUNIPER)[-1] == "request_not_moved"


def test_a_move_to_a_time_that_is_taken_keeps_the_old_one(session: Session, person: Listed) -> None:
    one = agreed(session, person)
    (other,) = asked(session, person, email="other@example.org", starts=(THURSDAY,))
    choosing.propose(session, newest_link(session), one.code, [THURSDAY], now=LATER)
    answering.accept(session, person.id, other.code, THURSDAY, now=LATER)
    with pytest.raises(TimeTaken):
        answering.answer_move(session, person.id, one.code, THURSDAY, now=LATER)
    assert one.starts_at == WEDNESDAY
    assert WEDNESDAY in quarters(session, person)


def test_what_is_called_off_leaves_both_calendars(session: Session, person: Listed) -> None:
    one = agreed(session, person)
    choosing.cancel(session, newest_link(session), one.code, now=LATER)
    assert (one.state, one.closed_by) == (State.CANCELLED, Side.PATIENT)
    for address in (PATIENT, JUNIPER):
        assert entry(session, address)["standing"] == "called_off"
        assert entry(session, address)["sequence"] == 1
    with pytest.raises(WrongState):
        answering.cancel(session, person.id, one.code, now=LATER)


# --- the gates again -------------------------------------------------------------------------------------------------


def test_who_must_not_practise_any_more_cannot_accept(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    stop(session, person)
    answering.accept(session, person.id, one.code, TUESDAY, now=LATER)
    assert (one.state, one.paused_from) == (State.PAUSED, State.ASKED)
    assert purposes(session, PATIENT)[-1] == "talk_on_hold"
    assert purposes(session, JUNIPER)[-1] == "request_on_hold"
    for address in (PATIENT, JUNIPER):
        assert not {"licen", "revoked", "pregnan"} & set(letters_to(session, address)[-1][1].lower().split())


def test_between_a_yes_and_the_patients_word_it_is_looked_at_again(session: Session, person: Listed) -> None:
    one = accepted(session, person, WEDNESDAY)
    stop(session, person)
    choosing.confirm(session, newest_link(session), one.code, WEDNESDAY, now=LATER)
    assert one.state is State.PAUSED


def test_the_day_before_it_is_looked_at_again_and_goes_on_when_it_is_mended(session: Session, person: Listed) -> None:
    one = agreed(session, person, THURSDAY)
    stop(session, person)
    eve = THURSDAY - timedelta(hours=23)
    assert rounds.step(session, one.id, now=eve)
    assert one.state is State.PAUSED
    assert entry(session, PATIENT)["standing"] == "paused"
    assert not rounds.step(session, one.id, now=eve)
    stop(session, person, CredentialStatus.ACTIVE)
    assert rounds.step(session, one.id, now=eve + timedelta(hours=1))
    assert one.state is State.CONFIRMED
    assert entry(session, PATIENT)["standing"] == "agreed"
    assert rounds.step(session, one.id, now=eve + timedelta(hours=2))
    assert purposes(session, PATIENT)[-1] == "talk_reminder"


def test_what_stays_on_hold_is_called_off_when_its_time_comes(session: Session, person: Listed) -> None:
    one = agreed(session, person, THURSDAY)
    stop(session, person)
    rounds.step(session, one.id, now=THURSDAY - timedelta(hours=23))
    assert rounds.step(session, one.id, now=THURSDAY)
    assert (one.state, one.closed_by) == (State.CANCELLED, None), "neither of the two did it"
    assert quarters(session, person) == []


def test_the_day_before_both_are_reminded_once_and_then_it_is_over(session: Session, person: Listed) -> None:
    one = agreed(session, person, THURSDAY)
    assert not rounds.step(session, one.id, now=THURSDAY - timedelta(hours=25))
    assert rounds.step(session, one.id, now=THURSDAY - timedelta(hours=24))
    assert not rounds.step(session, one.id, now=THURSDAY - timedelta(hours=23))
    assert purposes(session, JUNIPER)[-1] == "request_reminder"
    assert rounds.step(session, one.id, now=THURSDAY + timedelta(minutes=30))
    assert one.state is State.HAPPENED


def test_a_move_into_a_week_that_somebody_does_not_take_is_held(session: Session, person: Listed) -> None:
    credentials.declare_pregnancy(session, pregnancy_draft(person.id, min_week=14, max_week=26))
    due = THURSDAY.date() + timedelta(days=280 - 26 * 7 - 6)
    told = Told(pregnancy=PregnancyStatus.YES, due=due, age=31)
    (one,) = asked(session, person, talk=Talk.IN_PERSON, told=told)
    answering.accept(session, person.id, one.code, WEDNESDAY, now=LATER)
    choosing.confirm(session, newest_link(session), one.code, WEDNESDAY, now=LATER)
    choosing.propose(session, newest_link(session), one.code, [THURSDAY + timedelta(days=1)], now=LATER)
    answering.answer_move(session, person.id, one.code, THURSDAY + timedelta(days=1), now=LATER)
    assert one.state is State.PAUSED


def test_after_the_due_date_the_question_is_asked_again(session: Session, person: Listed) -> None:
    credentials.declare_pregnancy(session, pregnancy_draft(person.id))
    told = Told(pregnancy=PregnancyStatus.YES, due=NOW.date(), age=31)
    (one,) = asked(session, person, told=told, talk=Talk.IN_PERSON)
    answering.accept(session, person.id, one.code, THURSDAY, now=LATER)
    token, after = newest_link(session), NOW + timedelta(days=1, hours=12)
    with session.begin_nested() as attempt:
        with pytest.raises(AskAgain):
            choosing.confirm(session, token, one.code, THURSDAY, now=after)
        attempt.rollback()
    again = (PregnancyStatus.POSTPARTUM, None)
    choosing.confirm(session, token, one.code, THURSDAY, again=again, now=after)
    (one,) = queries.of_request(session, one.request_id)
    assert one.state is State.CONFIRMED


# --- messages --------------------------------------------------------------------------------------------------------


def test_messages_are_sealed_and_letters_do_not_repeat_them(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    token = newest_link(session)
    choosing.write(session, token, one.code, "I <b>dream</b> of http://sleep.example", now=LATER)
    choosing.write(session, token, one.code, "And more.", now=LATER + timedelta(minutes=1))
    assert purposes(session, JUNIPER) == ["request_received", "request_message"]
    assert "dream" not in letters_to(session, JUNIPER)[-1][1]
    stored = session.connection().exec_driver_sql("SELECT text_sealed FROM consultation_message").scalars().all()
    assert len(stored) == 2
    assert not any("dream" in each or "more" in each for each in stored)
    answering.write(session, person.id, one.code, "Yes.", now=LATER)
    sides = [each.side for each in queries.messages_of(session, [one.id])]
    assert sides == [Side.PATIENT, Side.PATIENT, Side.PRACTITIONER] or sides.count(Side.PATIENT) == 2


@pytest.mark.parametrize("words", ["", "  \n ", "w" * 2001, "http://a http://b http://c www.d"])
def test_what_cannot_be_sent_is_not(session: Session, person: Listed, words: str) -> None:
    (one,) = asked(session, person)
    with pytest.raises(InvalidInput):
        answering.write(session, person.id, one.code, words, now=LATER)


def test_nobody_is_flooded_with_messages(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    for number in range(40):
        answering.write(session, person.id, one.code, f"Message {number}", now=LATER)
    with pytest.raises(TooManyMessages):
        answering.write(session, person.id, one.code, "One more", now=LATER)
    assert purposes(session, PATIENT).count("talk_message") == 1


# --- keeping ---------------------------------------------------------------------------------------------------------


def test_what_was_told_goes_when_its_time_is_over(session: Session, person: Listed) -> None:
    one = agreed(session, person, THURSDAY)
    answering.write(session, person.id, one.code, "See you.", now=LATER)
    rounds.step(session, one.id, now=THURSDAY + timedelta(hours=1))
    kept, end = timedelta(days=90), THURSDAY + timedelta(hours=1)
    assert keeping.forget(session, kept=kept, now=end + kept - timedelta(minutes=1)) == 0
    assert keeping.forget(session, kept=kept, held={person.id}, now=end + kept) == 0
    assert keeping.forget(session, kept=kept, now=end + kept) == 1
    assert keeping.forget(session, kept=kept, now=end + kept) == 0
    request = session.get_one(ConsultationRequest, one.request_id)
    sealed = [each.key for each in inspect(ConsultationRequest).column_attrs if each.key.endswith("_sealed")]
    assert [getattr(request, name) for name in sealed] == [None] * len(sealed)
    assert session.scalars(select(ConsultationMessage)).all() == []
    keeping.forget(session, kept=kept, now=end + kept + timedelta(days=2))
    session.refresh(request)
    assert request.email_hash == ""
    keeping.forget(session, kept=kept, now=end + kept + timedelta(days=401))
    assert session.scalars(select(Consultation)).all() == []


def test_what_is_open_is_kept(session: Session, person: Listed) -> None:
    asked(session, person)
    assert keeping.due(session, kept=timedelta(days=1), held=(), now=NOW + timedelta(days=2)) == []


def test_a_patient_erases_everything_over_a_link(session: Session, person: Listed) -> None:
    one = agreed(session, person)
    assert choosing.erase(session, newest_link(session), now=LATER)
    assert one.state is State.CANCELLED
    assert purposes(session, JUNIPER)[-1] == "request_called_off"
    assert session.get_one(ConsultationRequest, one.request_id).name_sealed is None


def test_under_a_legal_hold_it_is_ended_and_kept(session: Session, person: Listed) -> None:
    one = agreed(session, person)
    assert not choosing.erase(session, newest_link(session), held=True, now=LATER)
    assert one.state is State.CANCELLED
    assert session.get_one(ConsultationRequest, one.request_id).erased_at is None


def test_patients_of_somebody_who_leaves_for_good_are_told(session: Session, person: Listed) -> None:
    agreed(session, person)
    keeping.leave(session, person.id, now=LATER)
    assert purposes(session, PATIENT)[-1] == "talk_gone"
    assert session.scalars(select(Consultation)).all() == []


def test_what_a_calendar_has_can_be_saved_once_more(session: Session, person: Listed) -> None:
    one = agreed(session, person)
    mine = course.in_calendar(one, Side.PATIENT)
    assert (mine.uid, mine.sequence, mine.starts_at) == (one.uid, 0, WEDNESDAY)
    booking.free(session, one)
    assert session.get(ConsultationSetting, person.id) is None


def test_what_is_open_goes_on_hold_when_somebody_stops_to_be_listed(session: Session, person: Listed) -> None:
    listed_now.tell(session, person.id, now=NOW)
    one = agreed(session, person, THURSDAY)
    (other,) = asked(session, person, email="other@example.org")
    stop(session, person)
    listed_now.tell(session, person.id, now=LATER)
    assert (one.state, other.state) == (State.PAUSED, State.PAUSED)
    stop(session, person, CredentialStatus.ACTIVE)
    listed_now.tell(session, person.id, now=LATER + timedelta(hours=1))
    assert (one.state, other.state) == (State.CONFIRMED, State.ASKED)


def test_a_step_that_died_half_way_is_done_again_and_once(session: Session, person: Listed) -> None:
    (one,) = asked(session, person)
    late = NOW + timedelta(days=4)
    with session.begin_nested() as attempt:
        assert rounds.step(session, one.id, now=late)
        attempt.rollback()
    assert one.state is State.ASKED
    assert rounds.step(session, one.id, now=late)
    assert not rounds.step(session, one.id, now=late)
    assert purposes(session, PATIENT).count("talk_unanswered") == 1
