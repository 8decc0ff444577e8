"""Fictional people who can sign in: one of each role, and one published practitioner who belongs to one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts import demonstration
from directory.consultations import gates
from directory.consultations.feedback.rules import may_be_shown
from directory.consultations.gates import Asking
from directory.consultations.rules import Told
from directory.consultations.terms import Talk
from directory.credentials.terms import Mode
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners import queries as people
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import AccountStatus
from directory.screening.terms import PregnancyStatus
from directory.search import listings
from directory.search.listings import Listing

_LOOKED_AT: Final = 200
OTHERS: Final = 2
"""How many others a request of the demonstration goes to, where it goes to several."""
SINCE: Final = timedelta(days=12)
"""When the first request of the demonstration was sent."""


def make(session: Session, *, now: datetime) -> Practitioner | None:
    """Make those who are missing, and give the practitioner's account a published profile where it has none; whose
    profile that is."""
    account = demonstration.make(session, now=now)[demonstration.PRACTITIONER]
    if people.of_account(session, account.id) is None:
        free = whom_patients_find(session, now=now) or people.published_without_account(session)
        if free is not None:
            publication.give_to(session, free.id, account.id, now=now)
    return people.of_account(session, account.id)


def can_be_asked(listing: Listing, table: Mapping[str, Jurisdiction], *, now: datetime) -> bool:
    """Whether a patient of whom nothing stands against it may ask this person for a talk, now and all the time since
    the first request of the demonstration."""
    return all(_can_be_asked(listing, table, now=at) for at in (now - SINCE, now))


def _can_be_asked(listing: Listing, table: Mapping[str, Jurisdiction], *, now: datetime) -> bool:
    place = listing.place
    asking = Asking(
        mode=Mode.IN_PERSON,
        talk=Talk.PHONE,
        told=Told(pregnancy=PregnancyStatus.NO),
        starts=(),
        timezone=place.timezone,
        jurisdiction=place.jurisdiction,
        point=None,
    )
    return gates.bar(listing, asking, table, now=now) is None


def whom_patients_find(session: Session, *, now: datetime) -> Practitioner | None:
    """The first fictional person without an account who can be asked, as some others in the same jurisdiction can, and
    where words about a service may be shown; in Portland, Oregon, where there is one."""
    places = session.scalars(
        select(PracticePlace.id)
        .join(Practitioner, Practitioner.id == PracticePlace.practitioner_id)
        .where(
            Practitioner.fictional,
            Practitioner.account_status == AccountStatus.PUBLISHED,
            Practitioner.account_id.is_(None),
            PracticePlace.country == "US",
        )
        .order_by(PracticePlace.locality != "Portland", PracticePlace.jurisdiction != "US-OR", Practitioner.id)
        .limit(_LOOKED_AT)
    ).all()
    table = jurisdictions.all_rules(session)
    able = {
        each.place.id: (each.practitioner.id, each.place.jurisdiction)
        for each in listings.read(session, place_ids=places)
        if may_be_shown(rule_for(each.place.jurisdiction, table)) and can_be_asked(each, table, now=now)
    }
    neighbours = Counter(jurisdiction for _, jurisdiction in set(able.values()))
    found = [able[each] for each in places if each in able]
    chosen = next((person for person, jurisdiction in found if neighbours[jurisdiction] > OTHERS), None)
    return None if chosen is None else session.get_one(Practitioner, chosen)


def told(address: str) -> list[str]:
    """What whoever tries the site out should know, line by line."""
    who = ", ".join(each.email.partition("@")[0] for each in demonstration.PEOPLE)
    return [
        f"Sign in as {who} (each …@example.org) with the password: {demonstration.PASSWORD}",
        f"Codes of their authenticator apps: {address}/account/demo",
    ]
