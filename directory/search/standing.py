"""Where somebody is listed: each place with each way of meeting, and the one reason why not, first what to mend first.

The same functions that let patients see somebody decide here (``permits``, ``admits_pregnancy``), on the local day of
the place. Nothing in it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from directory.credentials.rules import (
    Paper,
    Person,
    admits_pregnancy,
    permits,
    turning_days,
)
from directory.credentials.terms import CheckMethod, CredentialStatus, Mode, Refusal, Verification
from directory.geo.timezones import is_zone
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners.rules import takes_nobody
from directory.screening.rules import Weeks
from directory.screening.terms import Condition
from directory.search.listings import Listing, absence


class Service(StrEnum):
    """A way in which a patient may come upon somebody at a place."""

    IN_PERSON = "in_person"
    HOME_VISIT = "home_visit"
    REMOTE = "remote"
    PREGNANCY = "pregnancy"


class Why(StrEnum):
    """What a refusal rests on, and so who can mend it."""

    WAITING = "waiting"
    """All is there; it waits for our check."""
    LAPSED = "lapsed"
    """It was there, and a date has passed."""
    LACKING = "lacking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One place with one way of meeting. Listed, unless there is a ``refusal``."""

    place_id: int
    service: Service
    jurisdiction: str | None
    refusal: Refusal | None = None
    why: Why | None = None
    waiting_list_only: bool = False
    """Listed for those alone who accept a waiting list, because new patients are not taken today."""
    away_until: date | None = None
    """The last day of an absence that lasts today."""
    lasts_until: date | None = None
    """The last day on which it stays listed if nothing is done."""

    @property
    def listed(self) -> bool:
        """Whether a patient may come upon it today."""
        return self.refusal is None


MEND_FIRST: Final = (
    Refusal.NO_RULE,
    Refusal.CLOSED_JURISDICTION,
    Refusal.HIDDEN_JURISDICTION,
    Refusal.DRY_NEEDLING,
    Refusal.ORDERED_TO_STOP,
    Refusal.HELD,
    Refusal.NOTHING_TO_OFFER,
    Refusal.NO_LICENCE,
    Refusal.NO_MEMBERSHIP,
    Refusal.NO_CERTIFICATION,
    Refusal.NO_LOCAL_PAPERS,
    Refusal.NO_INDEMNITY,
    Refusal.HOLDER_NOT_PROVED,
    Refusal.NOT_PUBLISHED,
    Refusal.NOT_ATTESTED,
    Refusal.PREGNANCY_NOT_TREATED,
    Refusal.CONDITION_EXCLUDES_PREGNANCY,
    Refusal.TRAINING_NOT_CHECKED,
    Refusal.NO_PREGNANCY_COVER,
    Refusal.NO_POINT_POLICY,
    Refusal.NO_WRITTEN_CONSENT,
    Refusal.NO_EMERGENCY_POLICY,
    Refusal.WEEK_OUTSIDE_WINDOW,
    Refusal.DECLARATION_NOT_CURRENT,
)
"""What nobody can mend stands first, then what takes longest; the signature under everything is the last thing."""


def lines(found: Iterable[Listing], rules: Mapping[str, Jurisdiction], *, now: datetime) -> list[Line]:
    """Every place of one person with every way of meeting it offers, oldest place first."""
    return [
        line for listing in sorted(found, key=lambda each: each.place.id) for line in _of_place(listing, rules, now=now)
    ]


def _of_place(listing: Listing, rules: Mapping[str, Jurisdiction], *, now: datetime) -> Iterator[Line]:
    place = listing.place
    # Without a known zone nobody is shown there; the day in UTC is as good as any to say why.
    today = (now.astimezone(ZoneInfo(place.timezone)) if is_zone(place.timezone) else now).date()
    ways: list[tuple[Service, Mode, str | None]] = []
    if place.in_person:
        ways.append((Service.IN_PERSON, Mode.IN_PERSON, place.jurisdiction))
    if place.home_visit_radius_km > 0:
        ways.append((Service.HOME_VISIT, Mode.HOME_VISIT, place.jurisdiction))
    needling = [mode for _, mode, _ in ways]
    if place.remote_consultation:
        ways += [(Service.REMOTE, Mode.REMOTE, code) for code in sorted(listing.remote_jurisdictions)]
    for service, mode, code in ways:
        yield _line(listing, rule_for(code, rules), service=service, mode=mode, code=code, today=today)
    for mode in needling[:1]:
        yield _line(
            listing,
            rule_for(place.jurisdiction, rules),
            service=Service.PREGNANCY,
            mode=mode,
            code=place.jurisdiction,
            today=today,
        )


def _line(
    listing: Listing, rule: Jurisdiction | None, *, service: Service, mode: Mode, code: str | None, today: date
) -> Line:
    place, person = listing.place, listing.person
    question = _Question(rule, place.id if mode is Mode.IN_PERSON else None, mode, service is Service.PREGNANCY)
    refusal = question.refusal(person, today)
    if refusal is None and service is Service.PREGNANCY and Condition.PREGNANCY in listing.declines:
        refusal = Refusal.PREGNANCY_NOT_TREATED
    away = absence(place)
    return Line(
        place_id=place.id,
        service=service,
        jurisdiction=code,
        refusal=refusal,
        why=None if refusal is None else question.why(person, refusal, today),
        waiting_list_only=takes_nobody(place.accepting, away, today=today),
        away_until=away.last if away is not None and away.covers(today) else None,
        lasts_until=question.lasts_until(person, today) if refusal is None else None,
    )


@dataclass(frozen=True, slots=True)
class _Question:
    """May this person be listed for this? Asked again of the same person as they might be."""

    rule: Jurisdiction | None
    place_id: int | None
    mode: Mode
    pregnancy: bool

    def refusals(self, person: Person, today: date) -> tuple[Refusal, ...]:
        permit = permits(person, self.rule, place_id=self.place_id, mode=self.mode, today=today)
        if not self.pregnancy or self.rule is None:
            return permit.refusals
        return (*permit.refusals, *admits_pregnancy(person, self.rule, weeks=_declared(person), today=today))

    def refusal(self, person: Person, today: date) -> Refusal | None:
        """What to mend first."""
        return min(self.refusals(person, today), key=MEND_FIRST.index, default=None)

    def why(self, person: Person, refusal: Refusal, today: date) -> Why:
        """Whether our check, or only a date, stands between this person and the listing."""
        if refusal not in self.refusals(_if_checked(person, today), today):
            return Why.WAITING
        if refusal not in self.refusals(_if_running(person, today), today):
            return Why.LAPSED
        return Why.LACKING

    def lasts_until(self, person: Person, today: date) -> date | None:
        """The last day of this listing, as far as dates that are known decide."""
        if self.rule is None:
            return None
        for day in turning_days(person, late_days=self.rule.late_days):
            if day > today and self.refusals(person, day):
                return date.fromordinal(day.toordinal() - 1)
        return None


def _declared(person: Person) -> Weeks:
    declared = person.declaration
    if declared is None or declared.min_week is None or declared.max_week is None:
        return Weeks(0, 0)
    return Weeks(declared.min_week, declared.max_week)


def _if_checked(person: Person, today: date) -> Person:
    """The same person, if everything they told us had been looked up today and found as they say."""
    declared = person.declaration
    if declared is not None and declared.training_verification in (Verification.NONE, Verification.SELF_ATTESTED):
        declared = replace(declared, training_verification=Verification.DOCUMENT_CHECKED)
    return replace(
        person,
        holder_proved_on=person.holder_proved_on or today,
        papers=tuple(_checked(paper, today) for paper in person.papers),
        covers=tuple(replace(cover, verified_on=cover.verified_on or today) for cover in person.covers),
        declaration=declared,
    )


def _checked(paper: Paper, today: date) -> Paper:
    if paper.verified_on is not None and paper.check_method is not CheckMethod.DOCUMENT_ONLY and paper.identity_match:
        return paper
    stated = paper.verified_on is None and paper.status is CredentialStatus.UNKNOWN
    return replace(
        paper,
        status=CredentialStatus.ACTIVE if stated else paper.status,
        verified_on=today,
        check_method=CheckMethod.PRIMARY_SOURCE,
        identity_match=True,
        last_checked_on=today,
    )


def _if_running(person: Person, today: date) -> Person:
    """The same person, if nothing of theirs that was once in order had run out."""
    declared = person.declaration
    if declared is not None and declared.signed_on is not None:
        declared = replace(declared, signed_on=today)
    return replace(
        person,
        attested_on=person.attested_on and today,
        papers=tuple(
            replace(paper, expires=max(paper.expires, today)) if paper.expires is not None else paper
            for paper in person.papers
        ),
        covers=tuple(replace(cover, expires=max(cover.expires, today)) for cover in person.covers),
        declaration=declared,
    )
