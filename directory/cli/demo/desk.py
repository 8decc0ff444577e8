"""What waits for the desk of the demonstration: a case of every kind, in every state in which a verifier meets one.

Everybody is fictional, and everything goes the way it goes in life, through the services; the same day makes the same
desk. Some of it is late, some waits for an answer, some was handed in a moment ago. What somebody decided was decided
by the second verifier, so that the first one may look at it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts import demonstration
from directory.cases import service as cases
from directory.cases.models import Case, Contact
from directory.cases.terms import Kind, State
from directory.cli.demo import applicants, concerns, publications
from directory.cli.demo.applicants import APPLICANTS, FIRST_NUMBER
from directory.cli.demo.density import spots_of
from directory.cli.demo.people import Maker
from directory.credentials.decisions.handling import Tools
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.terms import Outcome
from directory.credentials.edits import service as edits
from directory.credentials.evidence.store import Store
from directory.desk.deciding import decide
from directory.jurisdictions import queries as jurisdictions
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus

_NEEDED: Final = 8
"""How many listed people the cases are about, at the least."""
_WANTED: Final = 16
"""With so many, hardly two cases are about the same one."""
_LOCKED_FOR: Final = timedelta(hours=12)
"""Longer than in life, so that a lock of somebody else's can still be seen in the afternoon."""


def fill(session: Session, store: Store, *, today: date, now: datetime) -> int:
    """Put some sixty cases onto the desk; how many are open. Flushes and never commits.

    A demonstration of a handful of people has none: there is nobody in it whom a case could be about.
    """
    listed = _listed(session)
    if len(listed) < _NEEDED:
        return 0
    staff = demonstration.make(session, now=now)
    verifier, colleague = staff[demonstration.VERIFIER].id, staff[demonstration.COLLEAGUE].id
    rules = jurisdictions.all_rules(session)
    maker = Maker(rules, today)
    allowed = [code for code, rule in rules.items() if rule.open]
    spots = {country: spots_of(country, allowed) for country in sorted({who.country for who in APPLICANTS})}
    for number, who in enumerate(APPLICANTS, FIRST_NUMBER):
        made = applicants.invented(maker, spots[who.country][who.admin1], who, number)
        applicants.hand_in(session, store, who, made, today=today, now=now - timedelta(hours=who.hours_ago))
    _changes(session, store, listed, now=now)
    _claims_from_outside(session, now=now)
    _asked(session, by=colleague, now=now)
    tools = Tools(store=store)
    concerns.report(session, listed, by=colleague, tools=tools, now=now)
    concerns.decide_and_doubt(session, by=colleague, tools=tools, now=now)
    concerns.contest(session, store, maker, spots["US"], listed, today=today, now=now)
    publications.publish(session, listed, today=today, now=now)
    for case in _of_kind(session, Kind.RLS_CASELOAD)[:2]:
        case.assigned_to = verifier
    locked = _of_kind(session, Kind.LICENCE)[1]
    cases.take(session, locked.id, by=colleague, now=now)
    locked.claimed_until = now + _LOCKED_FOR
    session.flush()
    return len(cases.open_cases(session))


def clear(session: Session, *, now: datetime) -> None:
    """Take the cases about fictional people out again, before the people go.

    Those about which something was decided are closed instead: a decision stays, and no other case may get its number.
    """
    ids = people.fictional_ids(session)
    decided = set(session.scalars(select(Decision.case_id).where(Decision.case_id.is_not(None))))
    claims = [f"npi:{npi}" for npi, _, _ in _FROM_OUTSIDE]
    for case in session.scalars(select(Case).where(Case.about.in_(ids) | Case.subject.in_(claims))).all():
        if case.id not in decided:
            session.delete(case)
        elif case.state is State.OPEN:
            cases.end(session, case, now=now)
    publications.withdraw(session)
    session.flush()


# --- what happens to people who are listed ---------------------------------------------------------------------------


def _listed(session: Session) -> Sequence[Practitioner]:
    return session.scalars(
        select(Practitioner)
        .where(Practitioner.account_status == AccountStatus.PUBLISHED, Practitioner.account_id.is_(None))
        .order_by(Practitioner.id)
        .limit(_WANTED)
    ).all()


def _changes(session: Session, store: Store, listed: Sequence[Practitioner], *, now: datetime) -> None:
    """Some who are listed change something."""
    hours = iter((60, 49, 26, 20, 8))

    def ago() -> datetime:
        return now - timedelta(hours=next(hours))

    edits.save_person(session, listed[0].id, {"display_name": f"{listed[0].display_name}-Hale"}, now=ago())
    edits.save_person(session, listed[1].id, {"website": "https://example.org/new-rooms"}, now=ago())
    edits.save_person(session, listed[2].id, {"biography": "I have worked with needles since 2009."}, now=ago())
    place = people.places_of(session, listed[3].id)[0]
    edits.save_place_name(session, place.id, label="Quiet Rooms", title=place.title, timezone=place.timezone, now=ago())
    applicants.portray(session, store, listed[4], now=ago())


_FROM_OUTSIDE: Final = (("2900100019", "Rosalind Achterberg", 70), ("2900100027", "Idris Penhaligon", 2))
"""Numbers of a register whose holders have no account here: NPI, name, and how many hours ago they wrote."""


def _claims_from_outside(session: Session, *, now: datetime) -> None:
    """Two who found a number of theirs in the register, and have no account."""
    for npi, name, hours in _FROM_OUTSIDE:
        contact = Contact(
            name=name, email=f"{name.split()[0].lower()}@example.com", reach="+1 503 555 0100, mornings",
            note="This is my number. I would like to keep my own page.",
        )  # fmt: skip
        cases.open_case(session, Kind.PROFILE_CLAIM, f"npi:{npi}", contact, now=now - timedelta(hours=hours))


_QUESTIONS: Final = {
    Kind.EDUCATION: "Which school gave you this degree, and in which year?",
    Kind.INDEMNITY: "Does your policy name acupuncture during pregnancy? Please send the page that says so.",
}


def _asked(session: Session, *, by: int, now: datetime) -> None:
    """Whoever was asked something: the clock stands until they answer."""
    asked = [who.name for who in APPLICANTS if who.asked]
    waiting = (
        select(Case)
        .join(Practitioner, Practitioner.id == Case.about)
        .where(Practitioner.display_name.in_(asked), Case.kind.in_(_QUESTIONS), Case.state == State.OPEN)
    )
    for case in session.scalars(waiting.order_by(Case.id)).all():
        verdict = Verdict(outcome=Outcome.MORE_INFORMATION, questions=(_QUESTIONS[case.kind],), took_seconds=140)
        decide(session, case.id, verdict, by=by, now=now - timedelta(hours=40))


def _of_kind(session: Session, kind: Kind) -> Sequence[Case]:
    return [case for case in cases.open_cases(session) if case.kind is kind]
