"""What others say of people of the demonstration, and what the desk has decided and somebody doubts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.models import Contact
from directory.cases.terms import Kind
from directory.cli.demo import applicants
from directory.cli.demo.applicants import FIRST_NUMBER, Applicant
from directory.cli.demo.density import Spots
from directory.cli.demo.people import Maker
from directory.complaints import service as complaints
from directory.complaints.models import Complaint
from directory.complaints.terms import Field
from directory.credentials.decisions.handling import Tools
from directory.credentials.decisions.rules import Reading, Verdict
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.evidence.store import Store
from directory.credentials.models import Credential
from directory.credentials.terms import CredentialKind
from directory.desk import disputes
from directory.desk.deciding import decide
from directory.desk.duplicates import service as duplicates
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import PersonDraft, PlaceDraft
from directory.practitioners.models import Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication

_NUMBER_OF_RIVAL: Final = FIRST_NUMBER + 500
_HARM_HOURS: Final = 8
_PAIRS: Final = 4
_TO_HIDE: Final = "Somebody told us of an injury. Until we have heard both sides nobody sees your profile."


def report(session: Session, listed: Sequence[Practitioner], *, by: int, tools: Tools, now: datetime) -> None:
    """Two complaints, two reports of harm, after one of which somebody is hidden for now, and somebody who retired."""
    _report(session, listed[7], Field.ACCESS, "The page says no steps. There are three, and no rail.", 27, now=now)
    _report(session, listed[8 % len(listed)], Field.MEDICINE, "I was told to stop my tablets for the legs.", 4, now=now)
    _report(
        session, listed[9 % len(listed)], Field.HARM, "A needle was left in, and I was told to say nothing.", 1, now=now
    )
    hurt = _report(session, listed[10 % len(listed)], Field.HARM, "I bled for an hour and was sent home.", 20, now=now)
    verdict = Verdict(outcome=Outcome.HELD, words=_TO_HIDE, note="Called the reporter back.", took_seconds=400)
    decide(session, hurt.case_id or 0, verdict, by=by, now=now - timedelta(hours=18), tools=tools)
    retired = listed[11 % len(listed)]
    contact = Contact(
        name="Marisol Trevelyan", email="marisol@example.com", reach="", note="She closed her rooms in the summer."
    )
    cases.open_case(
        session,
        Kind.CLOSING,
        f"practitioner:{retired.id}",
        contact,
        about=retired.id,
        now=now - timedelta(hours=44),
    )


def _report(
    session: Session, whom: Practitioner, field: Field, words: str, hours: float, *, now: datetime
) -> Complaint:
    return complaints.report(
        session,
        field,
        words,
        about=whom.id,
        email="reporter@example.com",
        jurisdiction=people.places_of(session, whom.id)[0].jurisdiction,
        language="en_US",
        harm_hours=_HARM_HOURS,
        now=now - timedelta(hours=hours),
    )


def decide_and_doubt(session: Session, *, by: int, tools: Tools, now: datetime) -> None:
    """One decision was made in haste and comes back; another was not what the applicant hoped, and they say so."""
    schools = [
        case
        for case in cases.open_cases(session)
        if case.kind is Kind.EDUCATION and case.waiting_since is None and case.about is not None
    ]
    hasty, refused = schools[0], schools[1]
    on = (now - timedelta(hours=25)).date()
    graduate = session.get_one(Practitioner, hasty.about)
    verified = Verdict(
        outcome=Outcome.VERIFIED,
        method=Method.DOCUMENT_ONLY,
        read_on=on,
        reading=Reading(name=graduate.display_name),
        identity_match=True,
        took_seconds=9,
    )
    decide(session, hasty.id, verified, by=by, now=now - timedelta(hours=25), tools=tools)
    rejected = Verdict(
        outcome=Outcome.REJECTED,
        reason_code=ReasonCode.UNREADABLE,
        words="The name of the school cannot be read. A sharper picture would do.",
        took_seconds=90,
    )
    decision = decide(session, refused.id, rejected, by=by, now=now - timedelta(hours=22), tools=tools)
    person = session.get_one(Practitioner, refused.about)
    complaints.appeal(
        session,
        person.id,
        decision.id,
        "The picture was sharp when I sent it. The school writes to you itself, if you ask it.",
        by=person.account_id or 0,
        now=now - timedelta(hours=6),
    )


def contest(
    session: Session,
    store: Store,
    maker: Maker,
    spots: Mapping[str, Spots],
    listed: Sequence[Practitioner],
    *,
    today: date,
    now: datetime,
) -> None:
    """Somebody says that the number of a person who is listed is theirs; and somebody seems to be here twice."""
    paper = _american_licence(session, listed)
    if paper is not None:
        rival = _rival(session, store, maker, spots, paper, today=today, now=now - timedelta(hours=12))
        disputes.begin(session, paper.practitioner_id, rival.id, now=now - timedelta(hours=3))
    _again(session, listed[12 % len(listed)], now=now)
    duplicates.ask_about_pairs(session, now=now - timedelta(hours=1), most=_PAIRS)


def _american_licence(session: Session, listed: Sequence[Practitioner]) -> Credential | None:
    """The licence of an American state that the last of these has, of whom nobody changed anything."""
    return session.scalars(
        select(Credential)
        .join(Practitioner, Practitioner.id == Credential.practitioner_id)
        .where(
            Practitioner.id.in_([each.id for each in listed[5:]]),
            Practitioner.held_since.is_(None),
            Credential.kind == CredentialKind.STATUTORY_LICENCE,
            Credential.jurisdiction.like("US-%"),
        )
        .order_by(Practitioner.id.desc())
        .limit(1)
    ).first()


def _rival(
    session: Session,
    store: Store,
    maker: Maker,
    spots: Mapping[str, Spots],
    paper: Credential,
    *,
    today: date,
    now: datetime,
) -> Practitioner:
    """Somebody of the same name, who hands the same licence in and has proved who they are."""
    state = str(paper.jurisdiction).removeprefix("US-")
    who = Applicant("US", state, 0, people.practitioner(session, paper.practitioner_id).display_name, rls=False)
    made = applicants.invented(maker, spots[state], who, _NUMBER_OF_RIVAL)
    same = replace(made.papers.held[0], number=paper.number, jurisdiction=paper.jurisdiction, kind=paper.kind)
    made = replace(made, papers=replace(made.papers, held=(same,)))
    rival = applicants.hand_in(session, store, who, made, today=today, now=now)
    publication.prove_holder(session, rival.id, today=today, now=now)
    cases.withdraw(session, Kind.CONTROL, f"practitioner:{rival.id}", now=now)
    return rival


def _again(session: Session, person: Practitioner, *, now: datetime) -> None:
    """A profile that somebody began a second time, with the telephone and the town of the first."""
    there = people.places_of(session, person.id)[0]
    draft = PersonDraft(display_name=person.display_name, profession=person.profession, fictional=True)
    second = practitioners.register(session, draft, now=now - timedelta(hours=30))
    premises.add_place(
        session,
        PlaceDraft(
            practitioner_id=second.id,
            label=f"{there.locality} Rooms",
            latitude=there.latitude,
            longitude=there.longitude,
            country=there.country,
            admin1=there.admin1,
            locality=there.locality,
            postal_code=there.postal_code,
            timezone=there.timezone,
            jurisdiction=there.jurisdiction,
            telephone=there.telephone,
        ),
    )
