"""Reports, holds and appeals: taken once, decided by the right people, told to both sides, and forgotten."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from directory.accounts import service as accounts
from directory.accounts.terms import Role
from directory.cases.models import Case
from directory.cases.service import TooMany
from directory.cases.terms import Kind, Risk, State
from directory.complaints import queries, rules, service
from directory.complaints.models import Complaint
from directory.complaints.terms import Field, Result
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.service import NeedsAnother
from directory.credentials.decisions.terms import Outcome
from directory.credentials.models import Indemnity
from directory.crypto import keyring, new_key
from directory.desk import deciding
from directory.desk.listed import service as listed_now
from directory.errors import Conflict, NotFound
from directory.mail.models import OutgoingLetter
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.privacy import export
from directory.privacy import service as privacy
from directory.privacy.rules import Fate
from tests.factories import NOW, listed, reference

FIRST, SECOND, THIRD = 901, 902, 903
WORDS = "He would not stop, although I asked him to."
REPORTER = "somebody@example.org"
HELD = Verdict(outcome=Outcome.HELD, words="We are looking into how a visit went.", took_seconds=90)


@pytest.fixture(autouse=True)
def keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def person(session: Session) -> int:
    """A listed practitioner with an account."""
    reference(session)
    made = listed(session)
    account = accounts.create(session, "juniper@example.org", roles=(Role.PRACTITIONER,), now=NOW)
    account.confirmed_at = NOW
    session.execute(update(Practitioner).where(Practitioner.id == made.id).values(account_id=account.id))
    session.flush()
    return made.id


def report(session: Session, person: int | None, field: Field = Field.HARM, words: str = WORDS) -> Complaint:
    return service.report(session, field, words, about=person, email=REPORTER, language="en_GB", harm_hours=24, now=NOW)


def open_case(session: Session, kind: Kind) -> Case:
    return session.scalars(select(Case).where(Case.kind == kind, Case.state == State.OPEN)).one()


def letters_to(session: Session, address: str) -> list[tuple[str, str]]:
    rows = session.scalars(
        select(OutgoingLetter)
        .order_by(OutgoingLetter.id)
        .options(undefer(OutgoingLetter.recipient_sealed), undefer(OutgoingLetter.text_sealed))
    )
    return [(each.purpose, each.text_sealed or "") for each in rows if each.recipient_sealed == address]


def test_harm_is_urgent_due_within_hours_and_one_when_sent_twice(session: Session, person: int) -> None:
    row = report(session, person)
    assert report(session, person).id == row.id
    case = open_case(session, Kind.HARM)
    assert (case.subject, case.about, case.risk) == (f"complaint:{row.id}", person, Risk.URGENT)
    assert case.due == NOW + timedelta(hours=24)
    assert case.contact_sealed is None


def test_a_flood_about_one_person_ends(session: Session, person: int) -> None:
    for number in range(rules.MOST_OF_ONE_A_DAY):
        report(session, person, Field.HOURS, f"Closed on day {number}.")
    with pytest.raises(TooMany):
        report(session, person, Field.HOURS, "Closed again.")


def test_one_holds_another_reviews_and_a_third_hears_the_appeal(session: Session, person: int) -> None:
    row = report(session, person)
    held = deciding.decide(session, open_case(session, Kind.HARM).id, HELD, by=FIRST, now=NOW)
    assert people.practitioner(session, person).held_since == NOW
    assert [purpose for purpose, _ in letters_to(session, REPORTER)] == ["report_outcome"]
    assert queries.complaint(session, row.id).result is Result.HIDDEN

    review = open_case(session, Kind.HOLD_REVIEW)
    assert review.due <= NOW + timedelta(days=4)
    with pytest.raises(NeedsAnother):
        deciding.decide(session, review.id, HELD, by=FIRST, now=NOW)
    later = NOW + timedelta(days=1)
    deciding.decide(session, review.id, HELD, by=SECOND, now=later)
    assert people.practitioner(session, person).held_since == NOW
    assert open_case(session, Kind.HOLD_REVIEW).not_by == SECOND

    (told,) = queries.appealable(session, person)
    service.appeal(session, person, told.decision.id, "It was not so.", by=5, now=later)
    with pytest.raises(Conflict):
        service.appeal(session, person, told.decision.id, "And another thing.", by=5, now=later)
    with pytest.raises(NotFound):
        service.appeal(session, person, held.id, "The older one.", by=5, now=later)
    appeal = open_case(session, Kind.APPEAL)
    lifted = Verdict(outcome=Outcome.RELEASED, took_seconds=90)
    with pytest.raises(NeedsAnother):
        deciding.decide(session, appeal.id, lifted, by=SECOND, now=later)
    deciding.decide(session, appeal.id, lifted, by=THIRD, now=later)
    assert people.practitioner(session, person).held_since is None
    open_kinds = session.scalars(select(Case.kind).where(Case.state == State.OPEN)).all()
    assert Kind.HOLD_REVIEW not in open_kinds
    purposes = [purpose for purpose, _ in letters_to(session, "juniper@example.org")]
    assert purposes == ["profile_held", "hold_confirmed", "appeal_decided"]


def test_the_practitioner_never_learns_who_wrote(session: Session, person: int) -> None:
    report(session, person)
    deciding.decide(session, open_case(session, Kind.HARM).id, HELD, by=FIRST, now=NOW)
    told = json.dumps(export.document(session, person, now=NOW), ensure_ascii=False)
    told += "".join(text for _, text in letters_to(session, "juniper@example.org"))
    assert HELD.words in told
    assert WORDS not in told
    assert REPORTER not in told


def test_nobody_is_erased_while_they_are_held(session: Session, person: int) -> None:
    report(session, person)
    deciding.decide(session, open_case(session, Kind.HARM).id, HELD, by=FIRST, now=NOW)
    privacy.leave(session, person, grace_days=0, by=None, now=NOW)
    late = NOW.date() + timedelta(days=400)
    assert privacy.due(session, today=late) == [(person, Fate.KEEP)]


def test_a_report_about_nobody_of_ours_hides_nobody(session: Session, person: int) -> None:
    report(session, None)
    with pytest.raises(Conflict):
        deciding.decide(session, open_case(session, Kind.HARM).id, HELD, by=FIRST, now=NOW)


def test_what_a_reporter_wrote_goes_after_the_answer(session: Session, person: int) -> None:
    row = report(session, person, Field.PRICES)
    kept = timedelta(days=90)
    assert service.forget(session, kept=kept, now=NOW + kept * 9) == 0
    service.choose(session, row.id, Result.CORRECTED)
    deciding.decide(
        session,
        open_case(session, Kind.COMPLAINT).id,
        Verdict(outcome=Outcome.NO_ACTION, took_seconds=90),
        by=FIRST,
        now=NOW,
    )
    assert "has been corrected" in letters_to(session, REPORTER)[0][1]
    assert service.forget(session, kept=kept, now=NOW + kept - timedelta(days=1)) == 0
    assert service.forget(session, kept=kept, now=NOW + kept) == 1
    assert (row.text_sealed, row.email_sealed, row.result) == (None, None, Result.CORRECTED)


def test_whoever_stops_being_listed_is_told_once(session: Session, person: int) -> None:
    assert listed_now.changed(session, now=NOW) == [person]
    assert listed_now.tell(session, person, now=NOW) == 0
    assert listed_now.changed(session, now=NOW) == []
    later = NOW + timedelta(days=1)
    session.execute(update(Indemnity).values(expires=NOW.date() - timedelta(days=3)))
    assert listed_now.changed(session, now=later) == [person]
    assert listed_now.tell(session, person, now=later) == 1
    assert listed_now.tell(session, person, now=later) == 0
    purposes = [purpose for purpose, _ in letters_to(session, "juniper@example.org")]
    assert purposes == ["not_listed"]
