"""Registrations: begun, saved step by step, handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.cases import service as cases
from directory.cases.terms import Kind
from directory.credentials.casework import kind_of
from directory.credentials.evidence import photos
from directory.credentials.models import Credential, Indemnity, PregnancyDeclaration, RlsExperience
from directory.credentials.registration import queries, rules
from directory.credentials.registration.models import PrefilledField, Registration, RegistrationStep
from directory.credentials.registration.terms import StepKey
from directory.errors import Conflict, NotFound
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import PersonDraft, cleaned
from directory.practitioners.models import Practitioner


def begin(session: Session, account_id: int, draft: PersonDraft, *, now: datetime) -> Practitioner:
    """A new person for this account, as a draft that nobody sees.

    An NPI that somebody has here already does not stop them: it is kept as a claim, and a case is opened.
    ``Conflict`` when the account has a person.
    """
    # Two windows of one account wait for each other here, so that the second one finds what the first one began.
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    if people.of_account(session, account_id) is not None:
        raise Conflict("You have begun already. Please look at the page again.")
    person = practitioners.register(session, draft, now=now)
    person.account_id = account_id
    session.add(Registration(practitioner_id=person.id, begun_at=now))
    session.flush()
    saved(session, person.id, StepKey.WHO, now=now)
    return person


def saved(session: Session, practitioner_id: int, step: StepKey, *, now: datetime) -> None:
    """A step was saved. Whoever was imported begins their registration with it."""
    if session.get(Registration, practitioner_id) is None:
        session.add(Registration(practitioner_id=practitioner_id, begun_at=now))
        session.flush()
    row = session.get(RegistrationStep, (practitioner_id, step))
    if row is None:
        session.add(RegistrationStep(practitioner_id=practitioner_id, step=step, saved_at=now))
    else:
        row.saved_at = now
    session.flush()


def claim_npi(session: Session, practitioner_id: int, npi: str, *, now: datetime) -> None:
    """Remember that this person says that an NPI is theirs which somebody else has here, and have it looked at."""
    row = _registration(session, practitioner_id)
    row.npi_claimed = npi
    session.flush()
    cases.open_for(session, Kind.PROFILE_CLAIM, f"npi:{npi}", about=practitioner_id, now=now)


def drop_npi_claim(session: Session, practitioner_id: int, *, now: datetime) -> None:
    """Take such a claim back."""
    row = session.get(Registration, practitioner_id)
    if row is not None and row.npi_claimed is not None:
        cases.withdraw(session, Kind.PROFILE_CLAIM, f"npi:{row.npi_claimed}", now=now)
        row.npi_claimed = None
        session.flush()


def claim_profile(session: Session, practitioner_id: int, other_id: int, *, now: datetime) -> None:
    """This person says that a profile of ours is theirs."""
    _registration(session, practitioner_id)
    if other_id == practitioner_id:
        raise Conflict("That profile is yours already.")
    people.practitioner(session, other_id)
    subject = f"practitioner:{other_id} by {practitioner_id}"
    cases.open_for(session, Kind.PROFILE_CLAIM, subject, about=practitioner_id, now=now)


@dataclass(frozen=True, slots=True)
class Offered:
    """A value that a register offered for a field, and whether it was taken."""

    field: str
    source: str
    as_of: date
    accepted: bool


def decide_prefill(session: Session, practitioner_id: int, offers: list[Offered], *, now: datetime) -> None:
    """Remember for each field where its value came from, or that it was turned down."""
    _registration(session, practitioner_id)
    for each in offers:
        row = session.get(PrefilledField, (practitioner_id, each.field))
        if row is None:
            row = PrefilledField(practitioner_id=practitioner_id, field=each.field)
            session.add(row)
        row.source, row.as_of, row.accepted, row.decided_at = each.source, each.as_of, each.accepted, now
    session.flush()


def submit(session: Session, practitioner_id: int, *, signed_as: str, now: datetime) -> Registration:
    """Hand in: everything claimed and not yet checked becomes a case, and who is behind the account another.

    ``InvalidInput`` without a name to sign with, ``Conflict`` while something is missing. Handing in twice is once.
    """
    person = people.practitioner(session, practitioner_id)
    row = _registration(session, practitioner_id)
    if row.submitted_at is not None:
        return row
    name = cleaned("signed_as", signed_as, 200)
    if rules.missing(queries.facts(session, person)):
        raise Conflict("Something is still missing.", code="incomplete")
    row.submitted_at, row.signed_as_sealed = now, name
    practitioners.attest(session, practitioner_id, now=now)
    for kind, subject, jurisdiction in _claims(session, person):
        cases.open_for(session, kind, subject, about=person.id, jurisdiction=jurisdiction, now=now)
    photos.hand_in(session, practitioner_id, now=now)
    session.flush()
    return row


def _claims(session: Session, person: Practitioner) -> list[tuple[Kind, str, str | None]]:
    """What is claimed and not yet checked: the kind of case, its subject, and whose register answers it."""
    found: list[tuple[Kind, str, str | None]] = []
    if person.holder_proved_on is None:
        found.append((Kind.CONTROL, f"practitioner:{person.id}", None))
    papers = select(Credential.id, Credential.kind, Credential.jurisdiction).where(
        Credential.practitioner_id == person.id, Credential.verified_on.is_(None)
    )
    for key, kind, jurisdiction in session.execute(papers.order_by(Credential.id)):
        found.append((kind_of(kind), f"credential:{key}", jurisdiction))
    covers = select(Indemnity.id).where(Indemnity.practitioner_id == person.id, Indemnity.verified_on.is_(None))
    found += [(Kind.INDEMNITY, f"indemnity:{key}", None) for key in session.scalars(covers.order_by(Indemnity.id))]
    claims_rls = select(RlsExperience.id).where(
        RlsExperience.practitioner_id == person.id,
        (RlsExperience.patients_24m > 0) | (RlsExperience.training_hours > 0) | (RlsExperience.years > 0),
    )
    if session.scalar(claims_rls) is not None:
        found.append((Kind.RLS_CASELOAD, f"rls:{person.id}", None))
    treats = select(PregnancyDeclaration.id).where(
        PregnancyDeclaration.practitioner_id == person.id, PregnancyDeclaration.treats
    )
    if session.scalar(treats) is not None:
        found.append((Kind.PREGNANCY_DECLARATION, f"pregnancy:{person.id}", None))
    return found


def _registration(session: Session, practitioner_id: int) -> Registration:
    found = session.scalars(
        select(Registration).where(Registration.practitioner_id == practitioner_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("There is no registration of this person.")
    return found
