"""Putting a scenario's people into the database, through the services that every registration goes through.

Candidates with one ``practitioner_id`` are one person with several places: papers, techniques, declined conditions and
protocols are put together, the strictest account status and the highest minimum age count, and what is declared about
RLS and pregnancy is taken from the first of them. A practice where no rule of ours holds gets a closed jurisdiction of
its own, so that nobody is ever listed there while remote consultations and home visits from it are still judged where
the patient is. Nothing decides here: whether somebody is listed is left to the search.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from directory.cli.judge.candidates import Candidate, Licence
from directory.cli.judge.scenarios import CURRENCIES, Scenario, asked_languages, earliest_today
from directory.credentials import service as credentials
from directory.credentials.terms import CheckMethod, CredentialKind
from directory.jurisdictions.models import JurisdictionRow
from directory.jurisdictions.rules import Jurisdiction, PraiseRule, Regime, rule_for
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import PersonDraft, PlaceDraft, Spoken
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.practitioners.reference import service as reference_data
from directory.practitioners.terms import Accepting, AccountStatus, Protocol, Technique
from directory.screening.terms import Condition
from directory.search.criteria import Criteria

_WALES = "GB-WLS"
_NOWHERE = "nowhere"
_STRICTEST_FIRST = (
    AccountStatus.CLOSED,
    AccountStatus.SUSPENDED,
    AccountStatus.PAUSED,
    AccountStatus.DRAFT,
    AccountStatus.PUBLISHED,
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario in the database: which place is whose, and the search with its jurisdiction as the rules know it."""

    candidate_of_place: Mapping[int, str]
    criteria: Criteria


def load(session: Session, scenario: Scenario, rules: Mapping[str, Jurisdiction]) -> Loaded:
    """Store everybody of this scenario; the caller rolls back afterwards."""
    here = rule_for(scenario.criteria.point.jurisdiction, rules)
    point = replace(scenario.criteria.point, jurisdiction=here.code if here else None)
    _prepare(session, scenario, rules)
    people: dict[str, list[Candidate]] = {}
    for each in scenario.candidates:
        people.setdefault(each.practitioner_id, []).append(each)
    places: dict[int, str] = {}
    for candidates in people.values():
        places |= _Person(session, candidates, scenario.as_of, rules).store()
    return Loaded(places, replace(scenario.criteria, point=point))


def _prepare(session: Session, scenario: Scenario, rules: Mapping[str, Jurisdiction]) -> None:
    for code in dict.fromkeys(asked_languages(scenario)):
        reference_data.ensure_language(session, code=code, name=code, autonym=code)
    for each in scenario.candidates:
        for payer in each.payers:
            reference_data.ensure_payer(session, country=each.country, name=payer, code=payer)
    named = {each.jurisdiction or _NOWHERE for each in scenario.candidates}
    for code in sorted(code for code in named if rule_for(code, rules) is None):
        session.add(_closed(code))
    session.flush()


def _closed(code: str) -> JurisdictionRow:
    return JurisdictionRow(
        code=code,
        country=code[:2].upper(),
        regime=Regime.NONE,
        open=False,
        local_rule=None,
        exempt_bodies=[],
        accepted_bodies="",
        late_days=0,
        testimonials=PraiseRule.SERVICE_ONLY,
        regulates="",
        titles="",
        body="",
        lookup="",
        renewal="",
        education="",
        notes="",
        source="a practice in the file, about whose place no rule is known",
    )


class _Person:
    """One person of a scenario on the way into the database."""

    def __init__(
        self, session: Session, candidates: Sequence[Candidate], as_of: datetime, rules: Mapping[str, Jurisdiction]
    ) -> None:
        self.session = session
        self.candidates = candidates
        self.first = candidates[0]
        self.now = earliest_today(as_of)
        self.today = self.now.date()
        self.rules = rules

    def store(self) -> dict[int, str]:
        """Everything about this person; which candidate each place is."""
        first, every = self.first, self.candidates
        spoken = dict.fromkeys(code for each in every for code in each.languages)
        self.person = practitioners.register(
            self.session,
            PersonDraft(
                display_name=f"Person {first.practitioner_id}",
                profession=first.profession,
                gender=first.gender,
                min_patient_age=max(each.min_patient_age for each in self.candidates),
                fictional=True,
                languages=tuple(Spoken(code) for code in spoken),
                techniques=frozenset[Technique]().union(*(each.techniques for each in every)),
                declines=frozenset[Condition]().union(*(each.declines for each in every)),
                protocols=frozenset[Protocol]().union(*(each.protocols for each in every)),
            ),
            now=self.now,
        ).id
        places = {premises.add_place(self.session, self._place(each)).id: each for each in self.candidates}
        self._papers(places)
        self._declarations()
        publication.prove_holder(self.session, self.person, today=self.today, now=self.now)
        practitioners.attest(self.session, self.person, now=self.now)
        self._account()
        return {place_id: each.id for place_id, each in places.items()}

    def _account(self) -> None:
        strictest = min((each.account_status for each in self.candidates), key=_STRICTEST_FIRST.index)
        if strictest is not AccountStatus.DRAFT:
            publication.publish(self.session, self.person, now=self.now)
        if strictest is AccountStatus.PAUSED:
            publication.pause(self.session, self.person, now=self.now)
        if strictest in (AccountStatus.SUSPENDED, AccountStatus.CLOSED):
            publication.suspend(self.session, self.person, now=self.now)

    def _place(self, each: Candidate) -> PlaceDraft:
        rule = rule_for(each.jurisdiction, self.rules)
        currency = each.currency or CURRENCIES.get(each.country)
        price = each.price if currency else None
        return PlaceDraft(
            practitioner_id=self.person,
            label=each.label,
            latitude=each.latitude,
            longitude=each.longitude,
            country=each.country,
            locality=each.label,
            timezone=each.timezone,
            jurisdiction=rule.code if rule else each.jurisdiction or _NOWHERE,
            in_person=each.in_person,
            home_visit_radius_km=each.home_visit_radius_km,
            # The file says that remote talks are offered, not for whom: the patient's place decides who may be shown.
            remote_jurisdictions=frozenset(self.rules) if each.remote else frozenset(),
            accepting=each.accepting,
            accepting_confirmed_on=None if each.accepting is Accepting.UNKNOWN else self.today,
            price_currency=currency if price is not None else None,
            price_first_visit=price,
            price_follow_up=price,
            step_free=each.step_free,
            hours=each.hours,
            payers=dict.fromkeys(each.payers, self.today),
        )

    def _papers(self, places: Mapping[int, Candidate]) -> None:
        held = dict.fromkeys(paper for each in self.candidates for paper in each.licences if paper.kind)
        drafts = [self._paper(paper, paper.kind) for paper in held if paper.kind]
        for place_id, each in places.items():
            drafts += [
                replace(self._paper(paper, CredentialKind.PREMISES_APPROVAL), place_id=place_id)
                for paper in _premises(each.licences)
            ]
        credentials.record_all(self.session, drafts, now=self.now)
        covers = {
            (each.indemnity_expires, each.pregnancy.covered) for each in self.candidates if each.indemnity_expires
        }
        for expires, covered in sorted(covers):
            credentials.record_indemnity(
                self.session,
                credentials.IndemnityDraft(
                    practitioner_id=self.person, expires=expires, covers_pregnancy=covered, verified_on=self.today
                ),
                now=self.now,
            )

    def _paper(self, paper: Licence, kind: CredentialKind) -> credentials.CredentialDraft:
        rule = rule_for(paper.jurisdiction, self.rules)
        check = None
        if paper.admin_verified:
            check = credentials.Check(
                verified_on=paper.verified_on or self.today,
                method=CheckMethod.PRIMARY_SOURCE,
                identity_match=paper.identity_match,
            )
        return credentials.CredentialDraft(
            practitioner_id=self.person,
            kind=kind,
            status=paper.status,
            jurisdiction=rule.code if rule else None,
            title=paper.title,
            body=paper.body,
            number=paper.number,
            expires=paper.expires,
            late_until=paper.late_until,
            conditions_text=paper.conditions,
            discipline=paper.discipline,
            identity_match=paper.identity_match,
            check=check,
        )

    def _declarations(self) -> None:
        rls, pregnancy = self.first.rls, self.first.pregnancy
        credentials.declare_rls(
            self.session,
            credentials.RlsDraft(
                practitioner_id=self.person,
                patients_24m=rls.patients_24m,
                patients_verification=rls.verification,
                years=rls.years,
                years_verification=rls.verification,
                training_hours=rls.training_hours,
                training_on=rls.training_on,
                training_verification=rls.verification,
                outcomes=rls.outcomes,
                outcomes_verification=rls.verification,
                liaison=rls.liaison,
                liaison_verification=rls.verification,
                publications=rls.publications,
                publications_verification=rls.verification,
                attested_on=rls.attested_on,
            ),
        )
        first_week, last_week = _window(pregnancy.min_week, pregnancy.max_week)
        credentials.declare_pregnancy(
            self.session,
            credentials.PregnancyDraft(
                practitioner_id=self.person,
                treats=pregnancy.treats,
                min_week=first_week,
                max_week=last_week,
                training_hours=pregnancy.training_hours,
                training_verification=pregnancy.training_verification,
                point_policy=pregnancy.point_policy,
                written_consent=pregnancy.written_consent,
                emergency_policy=pregnancy.emergency_policy,
                positions_adapted=pregnancy.positions_adapted,
                liaison=pregnancy.liaison,
                truth_declared=pregnancy.truth_declared,
                patients_24m=pregnancy.patients_24m,
                signed_on=pregnancy.signed_on,
            ),
        )


def _window(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """The weeks declared; a window that runs backwards holds no week, which is the same as none."""
    if first is not None and last is not None and first > last:
        return None, None
    return first, last


def _premises(papers: Iterable[Licence]) -> list[Licence]:
    """What speaks for the premises in Wales: the council's own paper where one is named, else the special procedure
    licence, which at a practice names that practice's approved premises too."""
    welsh = [paper for paper in papers if paper.jurisdiction == _WALES]
    council = [paper for paper in welsh if paper.kind is CredentialKind.LOCAL_AUTHORITY_REGISTRATION]
    return council or [paper for paper in welsh if paper.kind is CredentialKind.SPECIAL_PROCEDURE_LICENCE]
