"""What a decision would change on the list: who may be shown where, before and after. Pure.

Granted means: read at its source as it was claimed. Whatever else the rules ask stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from directory.credentials.rules import Cover, Permit, Person, admits_pregnancy, permits
from directory.credentials.terms import CheckMethod, CredentialStatus, Mode, Refusal, Verification
from directory.geo.timezones import is_zone
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners.terms import AccountStatus
from directory.screening.rules import Weeks
from directory.search.listings import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What is granted."""

    paper: int | None = None
    """The number of the paper that agrees with its source."""
    supersedes: int | None = None
    """The paper whose place it takes."""
    cover: Cover | None = None
    training: bool = False
    """That of the pregnancy declaration."""
    holder: bool = False
    """That the person is who the papers name."""
    publishes: bool = False
    """The profile was handed in, and is shown once nothing is lacking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceThen:
    """One place today, and as it would be."""

    place_id: int
    label: str
    locality: str
    jurisdiction: str | None
    before: tuple[Refusal, ...]
    """Why it is not listed; empty when it is."""
    after: tuple[Refusal, ...]
    pregnant_before: tuple[Refusal, ...]
    """Why nobody pregnant is sent there, in the weeks that the declaration names."""
    pregnant_after: tuple[Refusal, ...]

    @property
    def opens(self) -> bool:
        """Whether it would be listed and is not."""
        return bool(self.before) and not self.after

    @property
    def opens_for_pregnant(self) -> bool:
        """Whether somebody pregnant would be sent there and is not."""
        then = not self.after and not self.pregnant_after
        return then and bool(self.before or self.pregnant_before)


def if_granted(
    listings: Iterable[Listing],
    rules: Mapping[str, Jurisdiction],
    grant: Grant,
    paper_ids: Sequence[int],
    *,
    now: datetime,
) -> list[PlaceThen]:
    """Each place before and after, the oldest first. ``paper_ids`` are those of the person's papers, in order."""
    found = []
    for listing in sorted(listings, key=lambda each: each.place.id):
        place = listing.place
        if not is_zone(place.timezone):
            continue
        today = now.astimezone(ZoneInfo(place.timezone)).date()
        person, then = listing.person, granted(listing.person, grant, paper_ids, today=today)
        rule = rule_for(place.jurisdiction, rules)
        found.append(
            PlaceThen(
                place_id=place.id,
                label=place.label,
                locality=place.locality,
                jurisdiction=place.jurisdiction,
                before=_permit(listing, person, rules, today).refusals,
                after=_permit(listing, then, rules, today).refusals,
                pregnant_before=_pregnant(person, rule, today),
                pregnant_after=_pregnant(then, rule, today),
            )
        )
    return found


def granted(person: Person, grant: Grant, paper_ids: Sequence[int], *, today: date) -> Person:
    """The person as the rules would see them with this granted."""
    then = person
    if grant.paper in paper_ids and len(paper_ids) == len(person.papers):
        then = _with_paper(then, grant, paper_ids, today)
    if grant.cover is not None:
        then = replace(then, covers=(*then.covers, grant.cover))
    if grant.training and then.declaration is not None:
        declared = replace(then.declaration, training_verification=Verification.DOCUMENT_CHECKED)
        then = replace(then, declaration=declared)
    if grant.holder:
        then = replace(then, holder_proved_on=today)
    if grant.publishes and then.holder_proved_on is not None:
        then = replace(then, account_status=AccountStatus.PUBLISHED)
    return then


def _with_paper(person: Person, grant: Grant, paper_ids: Sequence[int], today: date) -> Person:
    papers = list(person.papers)
    at = list(paper_ids).index(grant.paper or 0)
    paper = papers[at]
    status = paper.status
    if status is CredentialStatus.UNKNOWN and paper.last_known_status is not None:
        status = paper.last_known_status
    papers[at] = replace(
        paper,
        status=status,
        unknown_since=None,
        identity_match=True,
        verified_on=today,
        last_checked_on=today,
        check_method=CheckMethod.PRIMARY_SOURCE,
    )
    if grant.supersedes in paper_ids:
        older = list(paper_ids).index(grant.supersedes or 0)
        papers[older] = replace(papers[older], superseded=True)
    return replace(person, papers=tuple(papers))


def _permit(listing: Listing, person: Person, rules: Mapping[str, Jurisdiction], today: date) -> Permit:
    """Of the ways of meeting that the place offers, the one that lacks least."""
    place = listing.place
    ways: list[tuple[Mode, str | None, int | None]] = []
    if place.in_person:
        ways.append((Mode.IN_PERSON, place.jurisdiction, place.id))
    if place.home_visit_radius_km > 0:
        ways.append((Mode.HOME_VISIT, place.jurisdiction, None))
    if place.remote_consultation:
        ways += [(Mode.REMOTE, code, None) for code in sorted(listing.remote_jurisdictions)]
    ways = ways or [(Mode.IN_PERSON, place.jurisdiction, place.id)]
    answers = [
        permits(person, rule_for(code, rules), place_id=place_id, mode=mode, today=today)
        for mode, code, place_id in ways
    ]
    return min(answers, key=lambda each: len(each.refusals))


def _pregnant(person: Person, rule: Jurisdiction | None, today: date) -> tuple[Refusal, ...]:
    declared = person.declaration
    if rule is None:
        return (Refusal.NO_RULE,)
    if declared is None or not declared.treats:
        return (Refusal.PREGNANCY_NOT_TREATED,)
    week = declared.min_week or 0
    return admits_pregnancy(person, rule, weeks=Weeks(week, week), today=today)
