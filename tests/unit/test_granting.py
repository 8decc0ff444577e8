"""What a decision would change: the person as the rules would see them, and nobody else."""

from __future__ import annotations

from datetime import date, timedelta

from directory.credentials.rules import Cover, Paper, Person, permits
from directory.credentials.terms import CredentialKind, CredentialStatus, Refusal
from directory.desk.granting import Grant, granted
from directory.jurisdictions import rules as jurisdictions
from directory.jurisdictions.service import SOURCE
from directory.practitioners.terms import AccountStatus, Profession

TODAY = date(2026, 11, 26)
END = TODAY + timedelta(days=100)
RULE = jurisdictions.read(SOURCE)["US-OR"]
LICENCE = Paper(
    kind=CredentialKind.STATUTORY_LICENCE, status=CredentialStatus.ACTIVE, jurisdiction="US-OR", expires=END
)
PERSON = Person(
    profession=Profession.ACUPUNCTURIST,
    account_status=AccountStatus.DRAFT,
    held=False,
    holder_proved_on=None,
    attested_on=TODAY,
    papers=(LICENCE,),
    covers=(),
)


def lacks(person: Person) -> set[Refusal]:
    return set(permits(person, RULE, place_id=1, today=TODAY).refusals)


def test_each_grant_takes_away_what_it_answers_and_nothing_else() -> None:
    before = lacks(PERSON)
    assert before == {
        Refusal.NOT_PUBLISHED,
        Refusal.HOLDER_NOT_PROVED,
        Refusal.NO_INDEMNITY,
        Refusal.NO_LICENCE,
    }
    cover = Cover(expires=END, covers_pregnancy=False, verified_on=TODAY)
    told = {
        Refusal.NO_LICENCE: Grant(paper=7),
        Refusal.NO_INDEMNITY: Grant(cover=cover),
        Refusal.HOLDER_NOT_PROVED: Grant(holder=True),
    }
    for answered, grant in told.items():
        assert before - lacks(granted(PERSON, grant, [7], today=TODAY)) == {answered}
    whole = Grant(paper=7, cover=cover, holder=True, publishes=True)
    assert lacks(granted(PERSON, whole, [7], today=TODAY)) == set()


def test_nothing_is_published_before_it_was_proved_who_they_are() -> None:
    then = granted(PERSON, Grant(paper=7, publishes=True), [7], today=TODAY)
    assert then.account_status is AccountStatus.DRAFT


def test_a_paper_that_ran_out_opens_nothing_when_it_is_read_as_claimed() -> None:
    old = Person(
        profession=PERSON.profession,
        account_status=PERSON.account_status,
        held=False,
        holder_proved_on=TODAY,
        attested_on=TODAY,
        papers=(Paper(kind=LICENCE.kind, status=LICENCE.status, jurisdiction="US-OR", expires=TODAY - timedelta(1)),),
        covers=(),
    )
    assert Refusal.NO_LICENCE in lacks(granted(old, Grant(paper=7), [7], today=TODAY))
