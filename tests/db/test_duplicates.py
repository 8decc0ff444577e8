"""Two profiles of one person: asked about once, answered for good, and made one without losing or gaining anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from directory import audit, migrations
from directory.accounts import service as accounts
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.service import AlreadyDecided
from directory.cases.terms import Kind, Risk, State
from directory.credentials import service as credentials
from directory.credentials.decisions import queries as decisions
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.service import OwnRecord
from directory.credentials.decisions.terms import Outcome
from directory.credentials.models import Credential, PregnancyDeclaration, RlsExperience
from directory.credentials.service import Check
from directory.credentials.terms import CredentialStatus, Verification
from directory.crypto import keyring
from directory.desk import deciding
from directory.desk.duplicates import queries, service
from directory.errors import Conflict, InvalidInput
from directory.jurisdictions import queries as jurisdictions
from directory.mail.models import OutgoingLetter
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.closing import service as closings
from directory.practitioners.closing.terms import Closing
from directory.practitioners.merging import queries as merging
from directory.practitioners.merging.models import PractitionerMergeNote
from directory.practitioners.models import Practitioner
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import AccountStatus
from directory.privacy import service as privacy
from directory.search import listings
from directory.search.visible import open_places
from tests.factories import NOW, TODAY, Changes, Listed, listed, pregnancy_draft, reference, rls_draft

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

VERIFIER = 77


@pytest.fixture(autouse=True)
def _reference(session: Session) -> None:
    keyring.install([Fernet.generate_key().decode()])
    reference(session)


def somebody(session: Session, name: str = "Juniper Underhill", number: str | None = None, **place: Any) -> Listed:
    return listed(session, Changes(person={"display_name": name}, place=place, licence={"number": number}))


def asked(session: Session) -> list[Case]:
    service.ask_about_pairs(session, now=NOW)
    statement = select(Case).where(Case.kind == Kind.DUPLICATE, Case.state == State.OPEN)
    return list(session.scalars(statement.order_by(Case.id)))


def make_one(session: Session, case: Case, into: Listed, **more: Any) -> None:
    service.merge(session, case.id, into=into.id, **({"chosen": {}, "by": VERIFIER, "now": NOW} | more))
    session.expire_all()


def keeper(session: Session, who: Listed, email: str) -> int:
    account = accounts.create(session, email, roles=(), now=NOW, password="a quiet river in november")
    publication.give_to(session, who.id, account.id, now=NOW)
    return account.id


def shown_places(session: Session, practitioner_id: int) -> int:
    rules = jurisdictions.all_rules(session)
    return len(open_places(listings.read(session, practitioner_ids=[practitioner_id]), rules, now=NOW))


def test_each_pair_is_asked_about_once_and_a_no_is_remembered(session: Session) -> None:
    somebody(session, "Ada Byron")
    somebody(session, "Ada Byron")
    somebody(session, "Somebody Else")
    first = asked(session)
    assert [each.risk for each in first] == [Risk.LOW]
    assert asked(session) == first
    service.not_the_same(session, first[0].id, note="Mother and daughter", by=VERIFIER, now=NOW)
    assert asked(session) == []
    with pytest.raises(AlreadyDecided):
        service.not_the_same(session, first[0].id, note="", by=VERIFIER, now=NOW)
    written = decisions.of_case(session, first[0].id)
    assert [(each.outcome, each.decided_by) for each in written] == [(Outcome.NO_ACTION, VERIFIER)]


def test_a_number_that_two_have_is_urgent_and_hides_neither_once_they_are_one(session: Session) -> None:
    one = somebody(session, "Ada Byron", "AC 0100", label="First")
    other = somebody(session, "Augusta King", "ac100", label="Second")
    credentials.record_check(session, other.licence_id, Check(verified_on=TODAY), now=NOW)
    (case,) = asked(session)
    assert case.risk == Risk.HIGH
    make_one(session, case, one)
    assert shown_places(session, one.id) == 2
    papers = session.scalars(select(Credential).where(Credential.practitioner_id == one.id)).all()
    by_id = {each.id: each for each in papers}
    assert by_id[other.licence_id].supersedes_id == one.licence_id
    assert session.get(Practitioner, other.id) is None


def test_an_order_to_stop_goes_along_and_is_covered_by_nothing(session: Session) -> None:
    one, other = somebody(session, "Ada Byron", "AC1"), somebody(session, "Ada Byron", "AC1")
    ordered = Check(verified_on=TODAY - timedelta(days=3), status=CredentialStatus.SUSPENDED)
    credentials.record_check(session, other.licence_id, ordered, now=NOW)
    make_one(session, asked(session)[0], one)
    assert shown_places(session, one.id) == 0


def test_the_old_address_leads_on_and_the_numbers_stay(session: Session) -> None:
    one, other = somebody(session, "Ada Byron"), somebody(session, "Ada Byron")
    slug = people.practitioner(session, other.id).slug
    waiting = cases.open_for(session, Kind.LICENCE, f"credential:{other.licence_id}", about=other.id, now=NOW)
    control = cases.open_for(session, Kind.CONTROL, f"practitioner:{other.id}", about=other.id, now=NOW)
    (case,) = asked(session)
    make_one(session, case, one, chosen={"display_name": other.id}, note="Rang the board")
    assert merging.leads_to(session, slug) == one.id
    assert list(merging.earlier_numbers(session, one.id)) == [other.id]
    assert (waiting.about, control.about, control.subject) == (one.id, one.id, f"practitioner:{one.id}")
    assert case.state is State.CLOSED
    assert decisions.of_case(session, case.id)[0].outcome is Outcome.VERIFIED
    assert [each.action for each in audit.about(session, f"practitioner:{other.id}")][:1] == ["practitioner.merged"]
    third = somebody(session, "Ada Byron")
    make_one(session, asked(session)[0], third)
    assert merging.leads_to(session, slug) == third.id
    notes = session.scalars(select(PractitionerMergeNote)).all()
    assert {each.practitioner_id for each in notes} == {third.id}
    assert all(slug in each.before_sealed or "ada-byron" in each.before_sealed for each in notes)


def test_what_is_chosen_stands_and_what_one_alone_says_is_kept(session: Session) -> None:
    one, other = somebody(session, "Ada Byron"), somebody(session, "Ada Byron")
    practitioners.change_person(session, one.id, {"words": "The first"}, now=NOW)
    practitioners.change_person(
        session, other.id, {"words": "The second", "website": "https://example.org", "npi": "1234567893"}, now=NOW
    )
    with pytest.raises(InvalidInput):
        make_one(session, asked(session)[0], one, chosen={"words": 999})
    session.expire_all()
    case = session.scalars(select(Case).where(Case.kind == Kind.DUPLICATE)).one()
    make_one(session, case, one, chosen={"words": other.id})
    row = people.practitioner(session, one.id)
    assert (row.words, row.website, row.npi) == ("The second", "https://example.org", "1234567893")


def test_no_declaration_is_checked_any_further_by_it(session: Session) -> None:
    one, other = somebody(session, "Ada Byron"), somebody(session, "Ada Byron")
    credentials.declare_rls(session, rls_draft(one.id, Verification.SELF_ATTESTED, patients_24m=3))
    credentials.declare_rls(session, rls_draft(other.id, Verification.INDEPENDENTLY_CONFIRMED, patients_24m=40))
    credentials.declare_pregnancy(session, pregnancy_draft(other.id))
    make_one(session, asked(session)[0], one)
    rls = session.scalars(select(RlsExperience)).one()
    assert (rls.practitioner_id, rls.patients_24m, rls.attested_on) == (one.id, 3, None)
    assert rls.patients_verification is Verification.SELF_ATTESTED
    pregnancy = session.scalars(select(PregnancyDeclaration)).one()
    assert (pregnancy.practitioner_id, pregnancy.signed_on) == (one.id, TODAY - timedelta(days=60))


def test_declarations_that_say_the_same_stay_signed_and_differing_ones_do_not(session: Session) -> None:
    one, other = somebody(session, "Ada Byron"), somebody(session, "Ada Byron")
    for who, weeks in ((one, 42), (other, 20)):
        credentials.declare_rls(session, rls_draft(who.id))
        credentials.declare_pregnancy(session, pregnancy_draft(who.id, max_week=weeks))
    make_one(session, asked(session)[0], one)
    assert session.scalars(select(RlsExperience)).one().attested_on is not None
    assert session.scalars(select(PregnancyDeclaration)).one().signed_on is None


def test_two_who_keep_them_must_both_be_proved_and_one_is_told(session: Session) -> None:
    one, other = somebody(session, "Ada Byron"), somebody(session, "Ada Byron")
    keeper(session, one, "one@example.org")
    kept = keeper(session, other, "other@example.org")
    (case,) = asked(session)
    people.practitioner(session, other.id).holder_proved_on = None
    with pytest.raises(Conflict, match="proved for both"):
        make_one(session, case, one)
    publication.prove_holder(session, other.id, today=TODAY, now=NOW)
    with pytest.raises(InvalidInput):
        make_one(session, case, one)
    make_one(session, case, one, account_of=other.id)
    row = people.practitioner(session, one.id)
    assert (row.account_id, row.holder_proved_on) == (kept, TODAY)
    letter = session.scalars(select(OutgoingLetter)).one()
    assert (letter.purpose, letter.recipient_sealed) == ("profiles_joined", "one@example.org")


def test_an_account_goes_along_with_what_was_proved_of_its_holder_and_no_more(session: Session) -> None:
    one, other = somebody(session, "Ada Byron"), somebody(session, "Ada Byron")
    kept = keeper(session, other, "other@example.org")
    people.practitioner(session, other.id).holder_proved_on = None
    make_one(session, asked(session)[0], one)
    row = people.practitioner(session, one.id)
    assert (row.account_id, row.holder_proved_on) == (kept, None)
    assert shown_places(session, one.id) == 0


def test_what_hides_one_hides_both(session: Session) -> None:
    one, other = somebody(session, "Ada Byron"), somebody(session, "Ada Byron")
    publication.suspend(session, other.id, now=NOW)
    publication.hold(session, other.id, now=NOW)
    make_one(session, asked(session)[0], one)
    row = people.practitioner(session, one.id)
    assert (row.account_status, row.held_since) == (AccountStatus.SUSPENDED, NOW)


def test_a_closed_profile_is_not_shown_again_by_it(session: Session) -> None:
    one, other = somebody(session, "Ada Byron"), somebody(session, "Ada Byron")
    closings.close(session, other.id, Closing.RETIRED, on=TODAY, by=VERIFIER, now=NOW)
    with pytest.raises(Conflict, match="closed"):
        make_one(session, asked(session)[0], one)


def test_nobody_merges_themselves(session: Session) -> None:
    one, _ = somebody(session, "Ada Byron"), somebody(session, "Ada Byron")
    mine = keeper(session, one, "one@example.org")
    (case,) = asked(session)
    with pytest.raises(OwnRecord):
        make_one(session, case, one, by=mine)
    with pytest.raises(OwnRecord):
        service.not_the_same(session, case.id, note="", by=mine, now=NOW)


def test_a_no_about_a_third_holds_for_the_one_that_stays(session: Session) -> None:
    one, other, third = (somebody(session, "Ada Byron") for _ in range(3))
    pairs = {queries.both(session, case): case for case in asked(session)}
    service.not_the_same(session, pairs[other.id, third.id].id, note="", by=VERIFIER, now=NOW)
    make_one(session, pairs[one.id, other.id], one)
    assert asked(session) == []


def test_a_legal_hold_goes_along(session: Session) -> None:
    one, other = somebody(session, "Ada Byron"), somebody(session, "Ada Byron")
    privacy.place_hold(session, other.id, reason="A court asked", now=NOW)
    privacy.place_hold(session, one.id, reason="Another court", now=NOW)
    make_one(session, asked(session)[0], one)
    privacy.lift_hold(session, one.id, now=NOW)


def test_somebody_who_says_that_another_profile_is_theirs_is_a_question_too(session: Session) -> None:
    one, other = somebody(session, "Ada Byron"), somebody(session, "Somebody Else")
    subject = f"practitioner:{one.id} by {other.id}"
    case = cases.open_for(session, Kind.DUPLICATE, subject, about=other.id, now=NOW)
    verdict = Verdict(outcome=Outcome.VERIFIED, note="Rang the board", took_seconds=100)
    with pytest.raises(Conflict, match="side by side"):
        deciding.decide(session, case.id, verdict, by=VERIFIER, now=NOW)
    no = Verdict(outcome=Outcome.NO_ACTION, note="Rang both", took_seconds=100)
    deciding.decide(session, case.id, no, by=VERIFIER, now=NOW)
    assert case.state is State.CLOSED
    assert queries.known_pairs(session) == {(one.id, other.id)}
    again = cases.open_for(session, Kind.DUPLICATE, subject, about=other.id, now=NOW)
    make_one(session, again, other)
    assert merging.stays(session, one.id) == other.id


def test_every_table_of_a_person_is_moved_or_said_to_be_moved_by_hand(session: Session) -> None:
    """What a merge does with a table follows from its keys; one that others refer to by its owner needs a hand."""
    tables = migrations.models().sorted_tables
    owned = {table.name for table in tables if service.columns_of_a_person(table)}
    assert owned >= service.BY_HAND
    owners = {name: service.columns_of_a_person(table) for name, table in ((each.name, each) for each in tables)}
    referred = {
        key.column.table.name
        for table in tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in owned and key.column.name in owners[key.column.table.name]
    }
    partly_unique = {
        table.name
        for table in tables
        for index in table.indexes
        if index.unique and index.dialect_kwargs and table.name in owned
    }
    assert (referred | partly_unique) <= service.BY_HAND
