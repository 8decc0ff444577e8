"""People of the demonstration who have just handed in, with what they show; nobody has checked anything of theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from random import Random
from time import struct_time
from typing import Final

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from directory.accounts import queries as accounts
from directory.accounts import service as accounts_service
from directory.accounts.terms import Role
from directory.cli.demo.declarations import indemnity
from directory.cli.demo.density import Spots
from directory.cli.demo.people import Made, Maker
from directory.credentials import service as credentials
from directory.credentials.evidence import photos
from directory.credentials.evidence import service as evidence
from directory.credentials.evidence.rules import subject
from directory.credentials.evidence.scanner import Scan
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import MediaType, Verdict
from directory.credentials.evidence.workbench import Portrait, Renewed
from directory.credentials.models import Credential, Indemnity
from directory.credentials.owner import declaring
from directory.credentials.registration import service as registration
from directory.credentials.registration.terms import StepKey
from directory.credentials.service import CredentialDraft, PregnancyDraft
from directory.credentials.stating.declared import RlsStated
from directory.credentials.terms import CredentialKind, CredentialStatus, PointPolicy, Verification
from directory.practitioners.models import Practitioner
from directory.practitioners.premises import service as premises

FIRST_NUMBER: Final = 900_001
"""Beyond every number of the population, so that no paper of an applicant bears the number of somebody else's."""
_NOTHING_FOUND: Final = Scan(Verdict.NOTHING_FOUND)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who has handed in."""

    country: str
    admin1: str
    hours_ago: float
    name: str
    rls: bool = True
    pregnancy: bool = False
    shows: bool = False
    """Whether they sent pictures of their licence and of themselves, and a document of their cover."""
    asked: bool = False
    """Whether the desk has asked them something."""
    patients: int = 14
    """With restless legs in 24 months, as they say."""


APPLICANTS: Final = (
    Applicant("US", "OR", 150, "Marguerite Wexelblatt-Okonkwo", pregnancy=True, shows=True, asked=True),
    Applicant("US", "CA", 100, "Tomás Ibarra-Quist", shows=True),
    Applicant("US", "NY", 75, "نور الدين الحسيني", pregnancy=True, shows=True),
    Applicant("US", "CA", 52, "Linnea Fairweather", rls=False),
    Applicant("GB", "", 30, "Gwendolen Ashby-Featherstonehaugh of Nether Wallop", pregnancy=True),
    Applicant("AU", "", 9, "Priya Raghunathan-Smythe", shows=True),
    Applicant("US", "CA", 0.5, "Odell Marchbanks", patients=460),
)


def invented(maker: Maker, spots: Spots, who: Applicant, number: int) -> Made:
    """Somebody of this name, somewhere among these spots; the number makes the rest of them."""
    made = maker.make(number, spots, Random(f"desk/{number}"))  # noqa: S311 -- people, not secrets
    return replace(made, person=replace(made.person, display_name=who.name, email=f"applicant{number}@example.com"))


def hand_in(session: Session, store: Store, who: Applicant, made: Made, *, today: date, now: datetime) -> Practitioner:
    """A registration from its first step to the signature, with nothing checked."""
    email = str(made.person.email)
    account = accounts.by_email(session, email) or accounts_service.create(
        session, email, roles=[Role.PRACTITIONER], fictional=True, now=now
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
    insured = credentials.record_indemnity(
        session, replace(cover, practitioner_id=person.id, verified_on=None, covers_pregnancy=who.pregnancy), now=now
    )
    _declare(session, who, person, today=today, now=now)
    if who.shows:
        _show(session, store, person, rows[0], insured, now=now)
    registration.submit(session, person.id, signed_as=person.display_name, now=now)
    return person


def _declare(session: Session, who: Applicant, person: Practitioner, *, today: date, now: datetime) -> None:
    if who.rls:
        stated = RlsStated(patients_24m=who.patients, visits_per_week=25, years=4.0)
        declaring.declare_rls(session, person.id, stated, attested=True, today=today, now=now)
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


def _show(
    session: Session, store: Store, person: Practitioner, paper: Credential, cover: Indemnity, *, now: datetime
) -> None:
    """A picture of the licence, a document of two pages for the cover, and a portrait, which is nobody's."""
    licence = _sheet(
        paper.title or "Licence", f"Number {paper.number}", f"Expires {paper.expires}", "Issued by a fictional board"
    )
    _add(session, store, person, f"credential:{paper.id}", MediaType.JPEG, [licence], now=now)
    policy = _sheet("Certificate of insurance", str(cover.insurer), f"Until {cover.expires}", "Acupuncture is covered")
    terms = _sheet("Terms of the policy", "Nobody is insured by this", "Page 2 of 2")
    _add(session, store, person, f"indemnity:{cover.id}", MediaType.PDF, [policy, terms], now=now)
    portray(session, store, person, now=now)


def _sheet(*lines: str) -> Image.Image:
    """A page of paper that says that it is invented."""
    picture = Image.new("RGB", (1000, 700), "#f6f0e2")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((30, 30, 970, 670), outline="#8a7f6f", width=6)
    for row, line in enumerate(("SPECIMEN: NOT A REAL DOCUMENT", "", *lines)):
        draw.text((90, 100 + row * 85), line, fill="#23262b", font_size=44)
    return picture


def _add(
    session: Session,
    store: Store,
    person: Practitioner,
    about: str,
    media_type: MediaType,
    pages: Sequence[Image.Image],
    *,
    now: datetime,
) -> None:
    content = _jpeg(pages[0]) if media_type is MediaType.JPEG else _pdf(pages)
    renewed = Renewed(
        media_type=media_type, content=content, pages=len(pages), sent_sha256=hashlib.sha256(content).hexdigest()
    )
    evidence.add_file(
        session,
        store,
        practitioner_id=person.id,
        subject=subject(about),
        renewed=renewed,
        scan=_NOTHING_FOUND,
        now=now,
    )


def portray(session: Session, store: Store, person: Practitioner, *, now: datetime) -> None:
    """Send a portrait in: a drawing of nobody."""
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


def _pdf(pages: Sequence[Image.Image]) -> bytes:
    into = BytesIO()
    # The day on which it is made would make it another file each time.
    epoch = struct_time((2026, 1, 1, 0, 0, 0, 0, 1, 0))
    pages[0].save(
        into, "PDF", save_all=True, append_images=pages[1:], creationDate=epoch, modDate=epoch, title="Specimen"
    )
    return into.getvalue()
