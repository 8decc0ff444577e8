"""Words about a service: only after a real talk, read before they are shown, never where the law forbids it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.cases.terms import State as CaseState
from directory.consultations.feedback import queries, rules, service
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.feedback.terms import Aspect, Stand
from directory.consultations.models import Consultation
from directory.consultations.outcomes import queries as outcomes
from directory.consultations.outcomes import service as telling
from directory.consultations.outcomes.models import ContactOutcome
from directory.consultations.outcomes.terms import Contact
from directory.consultations.terms import State
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.service import OwnRecord
from directory.credentials.decisions.terms import Outcome, ReasonCode
from directory.crypto import keyring, new_key
from directory.desk import deciding
from directory.errors import Conflict, InvalidInput, NotFound
from directory.jurisdictions import queries as jurisdictions
from directory.practitioners.models import PracticePlace, Practitioner
from tests.consultations import PATIENT, letters_to, purposes, reader
from tests.factories import Listed, reference
from tests.outcomes import DAY, LATER, asked

VERA = 9001
KIND = "Kind on the telephone, and on time."
PUBLISH = Verdict(outcome=Outcome.VERIFIED)
REFUSE = Verdict(outcome=Outcome.REJECTED, reason_code=ReasonCode.OTHER, words="It names somebody.")


@pytest.fixture(autouse=True)
def keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def person(session: Session) -> Listed:
    reference(session)
    return reader(session)


@pytest.fixture
def met(session: Session, person: Listed) -> ContactOutcome:
    """A patient who met the person and said so."""
    token = asked(session, person, PATIENT, state=State.HAPPENED)
    telling.tell(session, token, Contact.REACHED, network="one", now=LATER)
    return outcomes.by_token(session, token)


def send(session: Session, outcome: ContactOutcome, words: str = KIND, **answers: bool) -> ServiceStory:
    given = {Aspect(name): answer for name, answer in answers.items()}
    law = jurisdictions.all_rules(session)
    return service.send(session, outcome, given, words, law, now=LATER)


def decide(session: Session, subject: str, verdict: Verdict, *, by: int = VERA) -> None:
    case = session.scalars(select(Case).where(Case.subject == subject, Case.state == CaseState.OPEN)).one()
    deciding.decide(session, case.id, verdict, by=by, now=LATER)


def shown(session: Session, person: Listed, *, days: int = 0) -> list[str | None]:
    law = jurisdictions.all_rules(session)
    rows = queries.shown(session, person.id, law, now=LATER + days * DAY)
    return [each.words_sealed for each in rows]


def move_to(session: Session, person: Listed, code: str) -> None:
    session.execute(update(PracticePlace).where(PracticePlace.id == person.place_id).values(jurisdiction=code))
    session.expire_all()


def test_words_are_read_before_anybody_sees_them(session: Session, person: Listed, met: ContactOutcome) -> None:
    row = send(session, met, listened=True, price_first=False)
    assert shown(session, person) == []
    case = session.scalars(select(Case).where(Case.kind == Kind.FEEDBACK)).one()
    # The practitioner is told nothing before, and of what is refused never: the case names nobody.
    assert (case.subject, case.about) == (f"story:{row.id}", None)
    decide(session, case.subject, PUBLISH)
    assert shown(session, person) == [KIND]
    assert row.answers == {Aspect.PRICE_FIRST: False, Aspect.LISTENED: True}
    assert purposes(session, PATIENT)[-1] == "story_shown"
    assert purposes(session, "juniper@example.org")[-1] == "story_about_you"
    assert KIND not in letters_to(session, "juniper@example.org")[-1][1]


def test_what_is_refused_is_told_to_the_patient_alone(session: Session, person: Listed, met: ContactOutcome) -> None:
    row = send(session, met)
    before = purposes(session, "juniper@example.org")
    decide(session, f"story:{row.id}", REFUSE)
    assert shown(session, person) == []
    assert REFUSE.words in letters_to(session, PATIENT)[-1][1]
    assert purposes(session, "juniper@example.org") == before
    assert queries.of_practitioner(session, person.id) == []


@pytest.mark.parametrize("state", [State.LAPSED, State.ASKED])
def test_without_a_talk_nothing_can_be_said(session: Session, person: Listed, state: State) -> None:
    token = asked(session, person, PATIENT, state=state)
    telling.tell(session, token, Contact.REACHED, network="one", now=LATER)
    with pytest.raises(service.NotYet):
        send(session, outcomes.by_token(session, token))


def test_who_did_not_reach_anybody_has_met_nobody(session: Session, met: ContactOutcome) -> None:
    met.contact = Contact.NO_ANSWER
    with pytest.raises(service.NotYet):
        send(session, met)


@pytest.mark.parametrize(
    "words",
    ["It cured me.", "My legs are quiet now.", "the best acupuncturist in town", "www.example.org", "x" * 301],
)
def test_words_that_nobody_may_say_are_refused_at_once(session: Session, met: ContactOutcome, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        send(session, met, words)
    assert refused.value.field == "words"
    assert session.scalars(select(ServiceStory)).all() == []


def test_saying_nothing_at_all_is_asked_back(session: Session, met: ContactOutcome) -> None:
    with pytest.raises(InvalidInput):
        send(session, met, "  ")
    assert send(session, met, "", listened=True).words_sealed is None


def test_sent_again_while_it_waits_the_newer_one_counts_and_later_not(session: Session, met: ContactOutcome) -> None:
    first = send(session, met, "A first version.")
    second = send(session, met, KIND)
    assert (second.id, second.words_sealed) == (first.id, KIND)
    decide(session, f"story:{first.id}", PUBLISH)
    with pytest.raises(Conflict):
        send(session, met, "A third version.")


def test_where_the_law_forbids_it_nothing_is_taken_published_or_shown(
    session: Session, person: Listed, met: ContactOutcome
) -> None:
    row = send(session, met)
    move_to(session, person, "AU")
    with pytest.raises(Conflict, match="law"):
        decide(session, f"story:{row.id}", PUBLISH)
    with pytest.raises(service.NotHere):
        send(session, outcomes.by_token(session, _token(session)))
    move_to(session, person, "US-OR")
    decide(session, f"story:{row.id}", PUBLISH)
    assert shown(session, person) == [KIND]
    move_to(session, person, "AU")
    assert shown(session, person) == []


def _token(session: Session) -> str:
    return letters_to(session, PATIENT)[-1][1].split("/outcome/", 1)[1].split('"', 1)[0]


def test_taken_back_it_is_gone_with_its_case_and_its_answer(
    session: Session, person: Listed, met: ContactOutcome
) -> None:
    row = send(session, met)
    decide(session, f"story:{row.id}", PUBLISH)
    service.reply(session, person.id, row.id, "Thank you.", now=LATER)
    service.withdraw(session, row, now=LATER)
    assert shown(session, person) == []
    assert session.scalars(select(Case).where(Case.kind == Kind.FEEDBACK, Case.state == CaseState.OPEN)).all() == []


def test_an_answer_is_read_too_and_stands_below_the_words(
    session: Session, person: Listed, met: ContactOutcome
) -> None:
    row = send(session, met)
    with pytest.raises(NotFound):
        service.reply(session, person.id, row.id, "Thank you.", now=LATER)
    decide(session, f"story:{row.id}", PUBLISH)
    with pytest.raises(NotFound):
        service.reply(session, person.id + 1, row.id, "Thank you.", now=LATER)
    with pytest.raises(InvalidInput):
        service.reply(session, person.id, row.id, "My treatment works.", now=LATER)
    service.reply(session, person.id, row.id, "You were late, Maria.", now=LATER)
    decide(session, f"story_reply:{row.id}", REFUSE)
    assert purposes(session, "juniper@example.org")[-1] == "story_reply_refused"
    service.reply(session, person.id, row.id, "Thank you for coming.", now=LATER)
    with pytest.raises(Conflict):
        service.reply(session, person.id, row.id, "Once more.", now=LATER)
    decide(session, f"story_reply:{row.id}", PUBLISH)
    session.expire_all()
    assert (row.reply_stand, row.reply_sealed) == (Stand.PUBLISHED, "Thank you for coming.")
    service.take_reply_back(session, person.id, row.id, now=LATER)
    assert row.reply_sealed is None


def test_nobody_decides_about_words_about_themselves(session: Session, person: Listed, met: ContactOutcome) -> None:
    row = send(session, met)
    own = session.get_one(Practitioner, person.id).account_id
    assert own is not None
    with pytest.raises(OwnRecord):
        decide(session, f"story:{row.id}", PUBLISH, by=own)


def test_they_are_shown_newest_first_and_two_years_long(session: Session, person: Listed, met: ContactOutcome) -> None:
    row = send(session, met)
    decide(session, f"story:{row.id}", PUBLISH)
    token = asked(session, person, "otto@example.org", state=State.HAPPENED)
    telling.tell(session, token, Contact.REACHED, network="two", now=LATER)
    second = service.send(
        session,
        outcomes.by_token(session, token),
        {},
        "Second.",
        jurisdictions.all_rules(session),
        now=LATER + timedelta(hours=1),
    )
    decide(session, f"story:{second.id}", PUBLISH)
    assert shown(session, person) == ["Second.", KIND]
    assert service.forget(session, now=LATER + rules.SHOWN_FOR - DAY) == 0
    assert shown(session, person, days=rules.SHOWN_FOR.days) == []
    assert service.forget(session, now=LATER + rules.SHOWN_FOR) == 2


def test_words_outlive_the_request_that_they_came_of(session: Session, person: Listed, met: ContactOutcome) -> None:
    row = send(session, met)
    decide(session, f"story:{row.id}", PUBLISH)
    for each in session.scalars(select(Consultation)):
        session.delete(each)
    session.flush()
    session.expire_all()
    assert shown(session, person) == [KIND]
    assert session.get_one(ServiceStory, row.id).outcome_id is None
