"""Everything that somebody needs to see before they decide a case, put together in a handful of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.credentials.decisions.queries import Told
from directory.credentials.evidence.models import Evidence
from directory.credentials.models import Credential, Indemnity
from directory.credentials.rules import Cover
from directory.credentials.stating.plausibility import Doubt, Issued, doubts
from directory.credentials.stating.stated import LEARNT
from directory.credentials.terms import CheckMethod
from directory.desk import granting
from directory.desk.dossier import queries as dossier
from directory.desk.dossier.file import Dossier
from directory.desk.granting import Grant, PlaceThen
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners.terms import AccountStatus
from directory.registries.exclusions import rules as exclusion_rules
from directory.registries.exclusions.terms import Freshness
from directory.registries.rosters import queries as rosters
from directory.registries.rosters.queries import Said as OnRoster
from directory.search import listings
from directory.search.listings import Listing

_WHOLE_CLAIM: Final[Mapping[Kind, str]] = {
    Kind.RLS_CASELOAD: "rls:",
    Kind.PREGNANCY_DECLARATION: "pregnancy:",
}
"""Kinds whose evidence is shown item by item."""

_ONE_CLAIM: Final = frozenset(
    {Kind.LICENCE, Kind.CERTIFICATION, Kind.EDUCATION, Kind.TRAINING, Kind.INDEMNITY, Kind.PLAUSIBILITY}
)
"""Kinds about one thing, beside which the other papers are only the background."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One case as the desk looks at it."""

    file: Dossier
    paper: Credential | None
    """The paper that the case is about."""
    cover: Indemnity | None
    rule: Jurisdiction | None
    """Of the place whose register answers, or else where they work."""
    listings: Sequence[Listing]
    places: Sequence[PlaceThen]
    evidence: Sequence[Evidence]
    """What was shown for this claim."""
    more_evidence: Sequence[Evidence]
    earlier: Sequence[Told]
    """What was decided about this very thing."""
    decided_besides: Sequence[Told]
    """What else was decided about the person."""
    looked_at: Told | None
    """The decision that is looked at a second time."""
    doubts: frozenset[Doubt]
    """Which numbers are hard to believe."""
    exclusion_list: Freshness
    rosters: Sequence[OnRoster]
    """What the newest rosters say of their licences; of the paper at hand first."""

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.file.case

    @property
    def waits_for_second(self) -> Told | None:
        """The first of two decisions in this case, while nobody else has said anything to it."""
        seconds = {each.decision.second_of for each in self.file.decisions}
        return next(
            (
                each
                for each in self.file.decisions
                if each.decision.case_id == self.case.id
                and not each.decision.takes_effect
                and each.decision.second_of is None
                and each.decision.id not in seconds
            ),
            None,
        )

    @property
    def changes_list(self) -> bool:
        """Whether what is claimed here decides about being listed at all."""
        return self.case.kind in _OPENS


def review(session: Session, case_id: int, *, now: datetime) -> Review:
    """The case with everything beside it: two statements, and one more where a roster can know the person.

    ``NotFound`` where there is no such case.
    """
    file = dossier.read(session, case_id)
    case = file.case
    about = [] if file.person is None else list(listings.read(session, practitioner_ids=[file.person.id]))
    paper = next((each for each in file.papers if case.subject == f"credential:{each.id}"), None)
    cover = next((each for each in file.covers if case.subject == f"indemnity:{each.id}"), None)
    shown = [each for each in file.evidence if _belongs(case, each)]
    grant = _grant(file, paper, cover, now=now)
    screened = None if file.exclusion_file is None else file.exclusion_file.as_of
    return Review(
        file=file,
        paper=paper,
        cover=cover,
        rule=_rule(file, paper, about),
        listings=about,
        places=granting.if_granted(about, file.rules, grant, [each.id for each in file.papers], now=now),
        evidence=shown,
        more_evidence=[each for each in file.evidence if each not in shown],
        earlier=[each for each in file.decisions if each.decision.subject == case.subject],
        decided_besides=[each for each in file.decisions if each.decision.subject != case.subject],
        looked_at=next((each for each in file.decisions if case.subject == f"decision:{each.decision.id}"), None),
        doubts=_doubts(file, now=now),
        exclusion_list=exclusion_rules.freshness(screened, now=now),
        rosters=_rosters(session, file, paper, about, now=now),
    )


_AT_SOURCE: Final = frozenset(CheckMethod) - {CheckMethod.DOCUMENT_ONLY}
_OPENS: Final = frozenset({Kind.LICENCE, Kind.CERTIFICATION, Kind.INDEMNITY, Kind.CONTROL, Kind.PREGNANCY_DECLARATION})


def _belongs(case: Case, evidence: Evidence) -> bool:
    """Whether this was shown for what the case is about."""
    whole = _WHOLE_CLAIM.get(case.kind)
    if case.kind is Kind.PLAUSIBILITY:
        whole = f"{case.subject.partition(':')[0]}:" if not case.subject.startswith("credential:") else None
    if whole is not None:
        return evidence.subject.startswith(whole)
    return evidence.subject == case.subject if case.kind in _ONE_CLAIM else True


def _grant(file: Dossier, paper: Credential | None, cover: Indemnity | None, *, now: datetime) -> Grant:
    person, registration, kind = file.person, file.registration, file.case.kind
    insured = None
    if cover is not None:
        insured = Cover(expires=cover.expires, covers_pregnancy=cover.covers_pregnancy, verified_on=now.date())
    return Grant(
        paper=None if paper is None else paper.id,
        supersedes=None if paper is None else paper.supersedes_id,
        cover=insured,
        training=kind is Kind.PREGNANCY_DECLARATION,
        holder=kind is Kind.CONTROL,
        publishes=person is not None
        and person.account_status is AccountStatus.DRAFT
        and person.published_at is None
        and registration is not None
        and registration.submitted_at is not None,
    )


def _rule(file: Dossier, paper: Credential | None, about: Sequence[Listing]) -> Jurisdiction | None:
    codes = [
        file.case.jurisdiction,
        None if paper is None else paper.jurisdiction,
        *(each.place.jurisdiction for each in sorted(about, key=lambda each: each.place.id)),
    ]
    return next((rule for rule in (rule_for(code, file.rules) for code in codes) if rule is not None), None)


def _rosters(
    session: Session, file: Dossier, paper: Credential | None, about: Sequence[Listing], *, now: datetime
) -> list[OnRoster]:
    person = file.person
    if person is None:
        return []
    at_hand = None if paper is None else paper.id
    stated = rosters.of_one_person(
        file.papers,
        display_name=person.display_name,
        told=file.entry if file.entry is not None and file.entry.npi == person.npi else None,
        cities={each.place.locality for each in about if each.place.locality},
        always=at_hand,
    )
    found = rosters.said_of(session, stated, today=now.date())
    return sorted(found, key=lambda each: (each.credential_id != at_hand, each.credential_id))


def _doubts(file: Dossier, *, now: datetime) -> frozenset[Doubt]:
    today = now.date()
    issued = [
        Issued(
            each.valid_from, each.identity_match and each.verified_on is not None and each.check_method in _AT_SOURCE
        )
        for each in file.papers
        if each.kind not in LEARNT
    ]
    if file.case.subject.startswith("rls:") and file.rls is not None:
        return doubts(
            patients=file.rls.patients_24m,
            visits_per_week=file.rls.visits_per_week,
            years=file.rls.years,
            hours=file.rls.training_hours,
            publications=file.rls.publications,
            papers=issued,
            today=today,
        )
    if file.case.subject.startswith("pregnancy:") and file.pregnancy is not None:
        return doubts(patients=file.pregnancy.patients_24m, hours=file.pregnancy.training_hours, today=today)
    return frozenset()
