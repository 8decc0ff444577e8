"""Reading how far registrations have come."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from directory.credentials.models import Credential, Indemnity, PregnancyDeclaration
from directory.credentials.registration.models import PrefilledField, Registration, RegistrationStep
from directory.credentials.registration.rules import Facts
from directory.credentials.registration.terms import StepKey
from directory.credentials.terms import CredentialKind
from directory.guide import claims
from directory.practitioners.models import PracticePlace, Practitioner, PractitionerLanguage
from directory.practitioners.terms import Profession

LICENCES = frozenset(CredentialKind) - {
    CredentialKind.EDUCATION,
    CredentialKind.CLEAN_NEEDLE_TECHNIQUE,
    CredentialKind.MATERNITY_TRAINING,
    CredentialKind.RLS_TRAINING,
}
"""Papers that say that somebody may work, or belongs to those who may."""


def registration(session: Session, practitioner_id: int) -> Registration | None:
    """This person's registration; whoever was imported has none."""
    return session.get(Registration, practitioner_id)


def saved_steps(session: Session, practitioner_id: int) -> frozenset[StepKey]:
    """The steps that were saved at least once."""
    statement = select(RegistrationStep.step).where(RegistrationStep.practitioner_id == practitioner_id)
    return frozenset(session.scalars(statement))


def prefilled(session: Session, practitioner_id: int) -> Sequence[PrefilledField]:
    """What was decided about values that a register offered."""
    statement = select(PrefilledField).where(PrefilledField.practitioner_id == practitioner_id)
    return session.scalars(statement.order_by(PrefilledField.field)).all()


def facts(session: Session, person: Practitioner) -> Facts:
    """What ``rules.missing`` asks of one person's registration; two statements."""
    of_person = Credential.practitioner_id == person.id
    row = session.execute(
        select(
            exists().where(of_person, Credential.kind == CredentialKind.EDUCATION),
            exists().where(of_person, Credential.kind.in_(LICENCES), Credential.given_up_on.is_(None)),
            exists().where(Indemnity.practitioner_id == person.id, Indemnity.ended_on.is_(None)),
            exists().where(PractitionerLanguage.practitioner_id == person.id),
            select(func.count())
            .select_from(PracticePlace)
            .where(PracticePlace.practitioner_id == person.id, PracticePlace.active)
            .scalar_subquery(),
            exists().where(PregnancyDeclaration.practitioner_id == person.id, PregnancyDeclaration.treats),
            exists().where(
                PregnancyDeclaration.practitioner_id == person.id,
                PregnancyDeclaration.treats,
                PregnancyDeclaration.truth_declared,
                PregnancyDeclaration.signed_on.is_not(None),
            ),
        )
    ).one()
    education, licences, indemnity, languages, places, treats, signed = row
    return Facts(
        name=person.display_name,
        saved=saved_steps(session, person.id),
        education=education or person.profession is not Profession.ACUPUNCTURIST,
        licences=licences,
        indemnity=indemnity,
        places=places > 0,
        treats_in_pregnancy=treats,
        declaration_signed=signed,
        languages=languages,
        claims=bool(claims_in(session, person)),
    )


def jurisdictions_of(session: Session, practitioner_id: int) -> frozenset[str]:
    """Where this person works."""
    statement = select(PracticePlace.jurisdiction).where(
        PracticePlace.practitioner_id == practitioner_id,
        PracticePlace.active,
        PracticePlace.jurisdiction.is_not(None),
    )
    return frozenset(code for code in session.scalars(statement) if code is not None)


def claims_in(session: Session, person: Practitioner) -> tuple[claims.Hit, ...]:
    """What their own words say that nobody may advertise where they work."""
    if not (person.words or person.biography):
        return ()
    where = jurisdictions_of(session, person.id)
    return (*claims.check(person.words, where), *claims.check(person.biography, where))


def holders_of_same_numbers(session: Session, practitioner_id: int) -> dict[str, str]:
    """Published people who have the NPI that this person claims, or a licence number of theirs: slug and why.

    Whether anybody may be told of them is for the caller to judge.
    """
    other = Practitioner.published_at.is_not(None), Practitioner.id != practitioner_id
    claimed = select(Registration.npi_claimed).where(Registration.practitioner_id == practitioner_id).scalar_subquery()
    by_npi = session.scalars(select(Practitioner.slug).where(*other, Practitioner.npi == claimed))
    mine = aliased(Credential)
    by_licence = (
        select(Practitioner.slug)
        .join(Credential, Credential.practitioner_id == Practitioner.id)
        .join(mine, and_(mine.jurisdiction == Credential.jurisdiction, mine.number == Credential.number))
        .where(*other, mine.practitioner_id == practitioner_id)
        .distinct()
    )
    return dict.fromkeys(session.scalars(by_licence), "licence") | dict.fromkeys(by_npi, "npi")
