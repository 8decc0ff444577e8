"""Registrations and proposed changes: what is stored, what opens a case, and what an owner cannot do to others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import db, kept
from directory.accounts import service as accounts
from directory.accounts.terms import Role
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.credentials import service as credentials
from directory.credentials.edits import queries as edit_queries
from directory.credentials.edits import service as edits
from directory.credentials.edits.terms import EditState, FieldClass
from directory.credentials.registration import queries, rules, service
from directory.credentials.registration.terms import Missing, StepKey
from directory.credentials.service import IndemnityDraft, RlsDraft
from directory.credentials.terms import CredentialKind, Verification
from directory.crypto import keyring, new_key
from directory.db import make_engine
from directory.desk.publishing import publish_when_ready
from directory.errors import Conflict, InvalidInput, NotFound
from directory.mail.models import OutgoingLetter
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from tests import factories
from tests.factories import NOW, TODAY, licence_draft, person_draft, place_draft, pregnancy_draft

if TYPE_CHECKING:
    from directory.accounts.models import Account
    from directory.practitioners.models import Practitioner

NPI = "1558598797"


@pytest.fixture(autouse=True)
def _keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def account(session: Session) -> Account:
    factories.reference(session)
    return accounts.create(session, "juniper@example.org", roles=[Role.PRACTITIONER], now=NOW)


@pytest.fixture
def person(session: Session, account: Account) -> Practitioner:
    return service.begin(session, account.id, person_draft(), now=NOW)


def complete(session: Session, person: Practitioner) -> None:
    """Everything that is asked for."""
    premises.add_place(session, place_draft(person.id))
    licence = replace(licence_draft(person.id), check=None, number="AC123")
    credentials.record(session, licence, now=NOW)
    credentials.record(session, replace(licence, kind=CredentialKind.EDUCATION, number=None), now=NOW)
    credentials.record_indemnity(session, IndemnityDraft(practitioner_id=person.id, expires=TODAY), now=NOW)
    credentials.declare_rls(
        session,
        RlsDraft(practitioner_id=person.id, patients_24m=3, patients_verification=Verification.SELF_ATTESTED),
    )
    credentials.declare_pregnancy(session, pregnancy_draft(person.id))
    for step in StepKey:
        service.saved(session, person.id, step, now=NOW)


def waiting(session: Session) -> dict[Kind, str]:
    return {each.kind: each.subject for each in cases.open_cases(session)}


def test_an_account_has_one_person_and_what_is_missing_is_named(session: Session, account: Account) -> None:
    person = service.begin(session, account.id, person_draft(languages=()), now=NOW)
    assert person.account_id == account.id
    assert queries.saved_steps(session, person.id) == {StepKey.WHO}
    with pytest.raises(Conflict):
        service.begin(session, account.id, person_draft(), now=NOW)
    facts = queries.facts(session, person)
    assert not any((facts.education, facts.licences, facts.indemnity, facts.places, facts.languages))
    assert facts.name == "Juniper Underhill"


def test_handing_in_opens_a_case_for_everything_claimed_and_does_so_once(
    session: Session, person: Practitioner
) -> None:
    with pytest.raises(Conflict):
        service.submit(session, person.id, signed_as="Juniper Underhill", now=NOW)
    complete(session, person)
    with pytest.raises(InvalidInput) as error:
        service.submit(session, person.id, signed_as="  ", now=NOW)
    assert error.value.field == "signed_as"
    first = service.submit(session, person.id, signed_as="Juniper Underhill", now=NOW)
    opened = waiting(session)
    assert opened.keys() == {
        Kind.CONTROL,
        Kind.LICENCE,
        Kind.EDUCATION,
        Kind.INDEMNITY,
        Kind.RLS_CASELOAD,
        Kind.PREGNANCY_DECLARATION,
    }
    assert opened[Kind.CONTROL] == f"practitioner:{person.id}"
    again = service.submit(session, person.id, signed_as="Somebody else", now=NOW + timedelta(days=1))
    assert (again.submitted_at, again.signed_as_sealed) == (first.submitted_at, "Juniper Underhill")
    assert len(cases.open_cases(session)) == len(opened)
    assert person.published_at is None


def test_nobody_is_listed_under_a_name_for_which_nobody_proved_who_they_are(
    session: Session, person: Practitioner
) -> None:
    complete(session, person)
    publication.prove_holder(session, person.id, today=TODAY, now=NOW)
    edits.save_person(session, person.id, {"display_name": "UNDERHILL Juniper"}, now=NOW)
    assert person.holder_proved_on == TODAY
    service.submit(session, person.id, signed_as="Juniper Underhill", now=NOW)
    assert Kind.CONTROL not in waiting(session)
    edits.save_person(session, person.id, {"display_name": "Mallory Underhill"}, now=NOW)
    assert person.holder_proved_on is None
    assert waiting(session)[Kind.CONTROL] == f"practitioner:{person.id}"
    assert not publish_when_ready(session, person.id, now=NOW)
    publication.prove_holder(session, person.id, today=TODAY, now=NOW)
    publication.publish(session, person.id, now=NOW)
    edits.save_person(session, person.id, {"display_name": "Juniper Underhill"}, now=NOW)
    assert (person.display_name, person.holder_proved_on) == ("Mallory Underhill", TODAY)


def test_words_that_claim_too_much_keep_it_from_being_handed_in(session: Session, person: Practitioner) -> None:
    complete(session, person)
    practitioners.change_person(session, person.id, {"biography": "My treatment cures restless legs."}, now=NOW)
    assert queries.facts(session, person).claims
    with pytest.raises(Conflict):
        service.submit(session, person.id, signed_as="Juniper Underhill", now=NOW)


def test_a_claim_to_a_number_or_a_profile_opens_a_case_and_changes_nothing(
    session: Session, person: Practitioner
) -> None:
    other = people.practitioner(session, factories.listed(session).id)
    service.claim_npi(session, person.id, NPI, now=NOW)
    service.claim_profile(session, person.id, other.id, now=NOW)
    service.claim_profile(session, person.id, other.id, now=NOW)
    subjects = [each.subject for each in cases.open_cases(session)]
    assert sorted(subjects) == sorted([f"npi:{NPI}", f"practitioner:{other.id} by {person.id}"])
    assert other.account_id is None
    assert person.npi is None
    service.drop_npi_claim(session, person.id, now=NOW)
    assert [each.subject for each in cases.open_cases(session)] == [f"practitioner:{other.id} by {person.id}"]
    with pytest.raises(Conflict):
        service.claim_profile(session, person.id, person.id, now=NOW)
    with pytest.raises(NotFound):
        service.claim_profile(session, person.id, 999_999, now=NOW)


def test_who_holds_the_same_licence_number_is_found(session: Session, person: Practitioner) -> None:
    other = people.practitioner(session, factories.listed(session).id)
    for holder in (person, other):
        draft = replace(licence_draft(holder.id), check=None, number="AC777")
        credentials.record(session, draft, now=NOW)
    assert queries.holders_of_same_numbers(session, person.id) == {other.slug: "licence"}


def test_of_a_published_profile_the_old_value_stays_until_the_new_one_is_accepted(
    session: Session, person: Practitioner
) -> None:
    person.published_at = NOW
    outcome = edits.save_person(
        session, person.id, {"display_name": "Juniper Overhill", "words": "At once.", "biography": "Long."}, now=NOW
    )
    assert outcome.applied == {"words"}
    assert outcome.waiting == {"display_name", "biography"}
    assert (person.display_name, person.words, person.biography) == ("Juniper Underhill", "At once.", "")
    wish = edit_queries.waiting(session, person.id)["person"]
    assert wish.field_class is FieldClass.REVERIFY
    assert waiting(session) == {Kind.SENSITIVE_EDIT: f"edit:{wish.id}"}
    edits.accept(session, wish.id, now=NOW)
    assert (person.display_name, person.biography) == ("Juniper Overhill", "Long.")
    assert waiting(session) == {}
    for decide in (
        lambda: edits.accept(session, wish.id, now=NOW),
        lambda: edits.refuse(session, wish.id, answer="", now=NOW),
    ):
        with pytest.raises(Conflict):
            decide()


def test_wishes_about_one_thing_are_one_and_going_back_takes_them_back(session: Session, person: Practitioner) -> None:
    person.published_at = NOW
    edits.save_person(session, person.id, {"website": "https://one.example.org"}, now=NOW)
    edits.save_person(session, person.id, {"email": "hello@example.org"}, now=NOW)
    edits.save_person(session, person.id, {"website": "https://two.example.org"}, now=NOW)
    wish = edit_queries.waiting(session, person.id)["person"]
    assert wish.after == {"website": "https://two.example.org", "email": "hello@example.org"}
    edits.save_person(session, person.id, {"website": None, "email": None}, now=NOW)
    assert edit_queries.waiting(session, person.id) == {}
    assert wish.state is EditState.WITHDRAWN
    assert waiting(session) == {}


def test_every_old_address_is_told_once_of_each_change(session: Session, person: Practitioner) -> None:
    practitioners.change_person(session, person.id, {"email": "practice@example.org"}, now=NOW)
    person.published_at = NOW
    for _ in range(2):
        edits.save_person(session, person.id, {"email": "thief@example.com"}, now=NOW)
    letters = session.scalars(select(OutgoingLetter)).all()
    assert sorted(each.recipient_sealed or "" for each in letters) == ["juniper@example.org", "practice@example.org"]
    edits.save_person(session, person.id, {"biography": "Only read, not checked."}, now=NOW)
    assert len(session.scalars(select(OutgoingLetter)).all()) == 2


def test_a_wish_that_cannot_be_used_is_refused_at_its_field(session: Session, person: Practitioner) -> None:
    person.published_at = NOW
    with pytest.raises(InvalidInput) as error:
        edits.save_person(session, person.id, {"website": "javascript:alert(1)"}, now=NOW)
    assert error.value.field == "website"
    assert edit_queries.waiting(session, person.id) == {}


def test_a_field_that_is_nobodys_to_change_is_not(session: Session, person: Practitioner) -> None:
    for name in ("account_status", "holder_proved_on", "published_at", "slug", "id", "fictional"):
        with pytest.raises((ValueError, KeyError)):
            edits.save_person(session, person.id, {name: "x"}, now=NOW)


def test_somebody_elses_wish_is_not_there(session: Session, person: Practitioner) -> None:
    person.published_at = NOW
    edits.save_person(session, person.id, {"biography": "Mine."}, now=NOW)
    wish = edit_queries.waiting(session, person.id)["person"]
    with pytest.raises(NotFound):
        edits.withdraw(session, wish.id, owner=person.id + 1, now=NOW)
    assert wish.state is EditState.WAITING


def test_two_who_begin_at_once_from_one_account_begin_once(upgraded_database: str) -> None:
    engine = make_engine(upgraded_database)
    with Session(engine) as session:
        factories.reference(session)
        account = accounts.create(session, "juniper@example.org", roles=[Role.PRACTITIONER], now=NOW)
        session.commit()
        account_id = account.id

    def begin() -> bool:
        with Session(engine) as session:
            db.writing(session)
            try:
                service.begin(session, account_id, person_draft(), now=NOW)
                session.commit()
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = [each.result() for each in [pool.submit(begin), pool.submit(begin)]]
    engine.dispose()
    assert sorted(done) == [False, True]


def test_what_was_kept_is_sealed_short_lived_and_its_owners(session: Session) -> None:
    kept.keep(
        session, 1, "/registration/who", [("name", "Ann"), ("csrf_token", "x"), ("lang", "a"), ("lang", "b")], now=NOW
    )
    found = kept.kept(session, 1, "/registration/who", now=NOW)
    assert found is not None
    assert found.fields == [("name", "Ann"), ("lang", "a"), ("lang", "b")]
    assert kept.kept(session, 2, "/registration/who", now=NOW) is None
    assert kept.kept(session, 1, "/registration/who", now=NOW + kept.KEPT_FOR) is None
    assert kept.keep(session, 1, "/" + "x" * 500, [], now=NOW) is None
    assert kept.drop_old(session, now=NOW + kept.KEPT_FOR) == 1


def test_cases_about_members_are_one_until_closed(session: Session) -> None:
    first = cases.open_for(session, Kind.LICENCE, "credential:1", now=NOW)
    assert cases.open_for(session, Kind.LICENCE, "credential:1", now=NOW + timedelta(days=9)) is first
    cases.withdraw(session, Kind.LICENCE, "credential:1", now=NOW)
    assert session.get_one(Case, first.id).state is State.CLOSED
    assert cases.open_for(session, Kind.LICENCE, "credential:1", now=NOW) is not first


def test_missing_of_the_facts_is_what_the_database_says(session: Session, person: Practitioner) -> None:
    complete(session, person)
    facts = queries.facts(session, person)
    assert rules.missing(facts) == ()
    credentials.declare_pregnancy(session, pregnancy_draft(person.id, signed_on=None))
    assert rules.missing(queries.facts(session, person)) == (Missing.PREGNANCY_SIGNATURE,)
