"""What waits for the desk of the demonstration: people who have just handed in, what they show, and what changed.

Everybody is fictional, and everything goes the way it goes in life, through the services; the same day makes the same
desk. Some of it is late, some waits for an answer, some was handed in a moment ago.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Final

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts import demonstration
from directory.accounts import queries as accounts
from directory.accounts import service as accounts_service
from directory.accounts.terms import Role
from directory.cases import service as cases
from directory.cases.models import Case, Contact
from directory.cases.terms import Kind
from directory.cli.demo.declarations import indemnity
from directory.cli.demo.density import Spots, spots_of
from directory.cli.demo.people import Made, Maker
from directory.credentials import service as credentials
from directory.credentials.edits import service as edits
from directory.credentials.evidence import photos
from directory.credentials.evidence import service as evidence
from directory.credentials.evidence.rules import subject
from directory.credentials.evidence.scanner import Scan
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import MediaType, Verdict
from directory.credentials.evidence.workbench import Portrait, Renewed
from directory.credentials.models import Credential
from directory.credentials.registration import service as registration
from directory.credentials.registration.terms import StepKey
from directory.credentials.service import CredentialDraft, PregnancyDraft, RlsDraft
from directory.credentials.terms import CredentialKind, CredentialStatus, PointPolicy, Verification
from directory.jurisdictions import queries as jurisdictions
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.terms import AccountStatus

_FIRST_NUMBER: Final = 900_001
"""Beyond every number of the population, so that no paper of an applicant bears the number of somebody else's."""
_NOTHING_FOUND: Final = Scan(Verdict.NOTHING_FOUND)


@dataclass(frozen=True, slots=True)
class _Applicant:
    """Somebody who has handed in."""

    country: str
    admin1: str
    hours_ago: float
    name: str
    rls: bool = True
    pregnancy: bool = False
    shows: bool = False
    """Whether they sent a picture of their licence and one of themselves."""
    asked: bool = False
    """Whether the desk has asked them something."""


_APPLICANTS: Final = (
    _Applicant("US", "OR", 150, "Marguerite Wexelblatt-Okonkwo", pregnancy=True, shows=True, asked=True),
    _Applicant("US", "CA", 100, "Tomás Ibarra-Quist", shows=True),
    _Applicant("US", "NY", 75, "نور الدين الحسيني", pregnancy=True, shows=True),
    _Applicant("US", "CA", 52, "Linnea Fairweather", rls=False),
    _Applicant("GB", "", 30, "Gwendolen Ashby-Featherstonehaugh of Nether Wallop", pregnancy=True),
    _Applicant("AU", "", 9, "Priya Raghunathan-Smythe", shows=True),
    _Applicant("US", "CA", 0.5, "Odell Marchbanks"),
)


_NEEDED: Final = 8
"""How many listed people the cases are about."""


def fill(session: Session, store: Store, *, today: date, now: datetime) -> int:
    """Put some forty cases onto the desk; how many are open. Flushes and never commits.

    A demonstration of a handful of people has none: there is nobody in it whom a case could be about.
    """
    if len(_listed(session)) < _NEEDED:
        return 0
    rules = jurisdictions.all_rules(session)
    maker = Maker(rules, today)
    allowed = [code for code, rule in rules.items() if rule.open]
    spots = {country: spots_of(country, allowed) for country in sorted({who.country for who in _APPLICANTS})}
    for number, who in enumerate(_APPLICANTS, _FIRST_NUMBER):
        made = _invented(maker, spots[who.country][who.admin1], who, number)
        _hand_in(session, store, who, made, today=today, now=now - timedelta(hours=who.hours_ago))
    _changes(session, store, now=now)
    _claims_from_outside(session, now=now)
    _asked(session, now=now)
    verifier = accounts.by_email(session, demonstration.VERIFIER.email)
    given = session.scalars(select(Case).where(Case.kind == Kind.RLS_CASELOAD).order_by(Case.id).limit(2)).all()
    for case in given if verifier is not None else ():
        case.assigned_to = verifier.id if verifier is not None else None
    session.flush()
    return len(cases.open_cases(session))


def clear(session: Session) -> None:
    """Take the cases about fictional people out again, before the people go."""
    ids = people.fictional_ids(session)
    for case in session.scalars(select(Case).where(Case.about.in_(ids))).all():
        session.delete(case)
    session.flush()


# --- people who hand in ----------------------------------------------------------------------------------------------


def _invented(maker: Maker, spots: Spots, who: _Applicant, number: int) -> Made:
    made = maker.make(number, spots, Random(f"desk/{number}"))  # noqa: S311 -- people, not secrets
    return replace(made, person=replace(made.person, display_name=who.name, email=f"applicant{number}@example.com"))


def _hand_in(session: Session, store: Store, who: _Applicant, made: Made, *, today: date, now: datetime) -> None:
    """A registration from its first step to the signature, with nothing checked."""
    account = accounts_service.create(
        session, str(made.person.email), roles=[Role.PRACTITIONER], fictional=True, now=now
    )
    person = registration.begin(session, account.id, made.person, now=now)
    for place in made.places:
        premises.add_place(session, replace(place, practitioner_id=person.id))
    papers = [replace(paper, practitioner_id=person.id, check=None) for paper in made.papers.held]
    school = CredentialDraft(
        practitioner_id=person.id,
        kind=CredentialKind.EDUCATION,
        status=CredentialStatus.UNKNOWN,
        body="Fictional College of Acupuncture",
        title="Master’s degree",
        completed_year=today.year - 9,
    )
    course = replace(
        school,
        kind=CredentialKind.MATERNITY_TRAINING,
        body="Fictional Maternity School",
        title="Acupuncture in pregnancy",
    )
    stated = (*papers, school, course) if who.pregnancy else (*papers, school)
    rows = [credentials.record(session, paper, now=now) for paper in stated]
    cover = made.covers[0] if made.covers else indemnity(today, made.pregnancy, Random(who.name))  # noqa: S311 -- as above
    credentials.record_indemnity(
        session, replace(cover, practitioner_id=person.id, verified_on=None, covers_pregnancy=who.pregnancy), now=now
    )
    _declare(session, who, person, today=today, now=now)
    if who.shows:
        _show(session, store, person, rows[0], now=now)
    registration.submit(session, person.id, signed_as=person.display_name, now=now)


def _declare(session: Session, who: _Applicant, person: Practitioner, *, today: date, now: datetime) -> None:
    if who.rls:
        own_word = Verification.SELF_ATTESTED
        draft = RlsDraft(
            practitioner_id=person.id,
            patients_24m=14,
            patients_verification=own_word,
            years=4.0,
            years_verification=own_word,
            attested_on=today,
        )
        credentials.declare_rls(session, draft)
    if who.pregnancy:
        credentials.declare_pregnancy(
            session,
            PregnancyDraft(
                practitioner_id=person.id,
                treats=True,
                min_week=12,
                max_week=40,
                training_provider="Fictional Maternity School",
                training_title="Acupuncture in pregnancy",
                training_hours=24.0,
                training_verification=Verification.SELF_ATTESTED,
                point_policy=PointPolicy.AVOID_TRADITIONAL_LIST,
                written_consent=True,
                emergency_policy=True,
                positions_adapted=True,
                not_offered_as_induction=True,
                truth_declared=True,
                signed_on=today,
            ),
        )
    for step in (StepKey.RLS, StepKey.PREGNANCY):
        registration.saved(session, person.id, step, now=now)


def _show(session: Session, store: Store, person: Practitioner, paper: Credential, *, now: datetime) -> None:
    """A picture of the paper, which says that it is invented, and one of the person, which is nobody's."""
    lines = ("SPECIMEN – NOT A REAL DOCUMENT", "", paper.title or "Licence", f"Number {paper.number}",
             f"Expires {paper.expires}", "Issued by a fictional board")  # fmt: skip
    picture = Image.new("RGB", (1000, 700), "#f6f0e2")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((30, 30, 970, 670), outline="#8a7f6f", width=6)
    for row, line in enumerate(lines):
        draw.text((90, 100 + row * 85), line, fill="#23262b", font_size=44)
    content = _jpeg(picture)
    evidence.add_file(
        session,
        store,
        practitioner_id=person.id,
        subject=subject(f"credential:{paper.id}"),
        renewed=Renewed(
            media_type=MediaType.JPEG, content=content, pages=1, sent_sha256=hashlib.sha256(content).hexdigest()
        ),
        scan=_NOTHING_FOUND,
        now=now,
    )
    _portray(session, store, person, now=now)


def _portray(session: Session, store: Store, person: Practitioner, *, now: datetime) -> None:
    picture = Image.new("RGB", (480, 480), "#d8e3dc")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((150, 90, 330, 290), fill="#b98d6a")
    draw.ellipse((70, 310, 410, 700), fill="#14545a")
    large, small = _jpeg(picture), _jpeg(picture.resize((96, 96)))
    portrait = Portrait(large=large, small=small, sent_sha256=hashlib.sha256(large).hexdigest())
    photos.add_photo(session, store, practitioner_id=person.id, portrait=portrait, scan=_NOTHING_FOUND, now=now)


def _jpeg(picture: Image.Image) -> bytes:
    into = BytesIO()
    picture.save(into, "JPEG", quality=80)
    return into.getvalue()


# --- what happens to people who are listed ---------------------------------------------------------------------------


def _listed(session: Session) -> Sequence[Practitioner]:
    return session.scalars(
        select(Practitioner)
        .where(Practitioner.account_status == AccountStatus.PUBLISHED, Practitioner.account_id.is_(None))
        .order_by(Practitioner.id)
        .limit(_NEEDED)
    ).all()


def _changes(session: Session, store: Store, *, now: datetime) -> None:
    """Some who are listed change something; one number is somebody else's; a register has news of another."""
    listed = _listed(session)
    hours = iter((60, 49, 26, 20, 8, 5, 3, 1))

    def ago() -> datetime:
        return now - timedelta(hours=next(hours))

    edits.save_person(session, listed[0].id, {"display_name": f"{listed[0].display_name}-Hale"}, now=ago())
    edits.save_person(session, listed[1].id, {"website": "https://example.org/new-rooms"}, now=ago())
    edits.save_person(session, listed[2].id, {"biography": "I have worked with needles since 2009."}, now=ago())
    place = people.places_of(session, listed[3].id)[0]
    edits.save_place_name(session, place.id, label="Quiet Rooms", title=place.title, timezone=place.timezone, now=ago())
    _portray(session, store, listed[4], now=ago())
    paper = _first_paper(session, listed[5].id)
    cases.open_for(session, Kind.PLAUSIBILITY, f"credential:{paper.id}", about=listed[5].id, now=ago())
    paper = _first_paper(session, listed[6].id)
    cases.open_for(
        session,
        Kind.REGISTER_NEWS,
        f"credential:{paper.id}",
        about=listed[6].id,
        jurisdiction=paper.jurisdiction,
        now=ago(),
    )


def _first_paper(session: Session, practitioner_id: int) -> Credential:
    found = select(Credential).where(Credential.practitioner_id == practitioner_id).order_by(Credential.id).limit(1)
    return session.scalars(found).one()


def _claims_from_outside(session: Session, *, now: datetime) -> None:
    """Two who found a number of theirs in the register, and have no account."""
    for hours, npi, name in ((70, "2900100019", "Rosalind Achterberg"), (2, "2900100027", "Idris Penhaligon")):
        contact = Contact(
            name=name, email=f"{name.split()[0].lower()}@example.com", reach="+1 503 555 0100, mornings",
            note="This is my number. I would like to keep my own page.",
        )  # fmt: skip
        cases.open_case(session, Kind.PROFILE_CLAIM, f"npi:{npi}", contact, now=now - timedelta(hours=hours))


def _asked(session: Session, *, now: datetime) -> None:
    """Whoever was asked something: the clock stands."""
    asked = [who.name for who in _APPLICANTS if who.asked]
    waiting = (
        select(Case)
        .join(Practitioner, Practitioner.id == Case.about)
        .where(Practitioner.display_name.in_(asked), Case.kind.in_((Kind.EDUCATION, Kind.INDEMNITY)))
    )
    for case in session.scalars(waiting.order_by(Case.id)).all():
        cases.wait_for_answer(session, case, now=now - timedelta(hours=40))
