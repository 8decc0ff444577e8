"""Who may be listed. ``permits`` is the one place that decides; everything is computed from dates and facts as read.

The regime is that of the jurisdiction where the needles go in (practice place or, for a home visit, the patient's
place); for a remote consultation it is the patient's. ``today`` is always the local date there, and an expiry day is
still valid. Sources of each rule: the jurisdiction table and its source column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from directory.credentials import wording
from directory.credentials.terms import (
    ORDERED_TO_STOP,
    PERMITS_IN_LATE_PERIOD,
    PERMITS_PRACTICE,
    STATUTORY_ACUPUNCTURE,
    CheckMethod,
    ConditionCode,
    CredentialKind,
    CredentialStatus,
    Mode,
    PointPolicy,
    Refusal,
    Verification,
)
from directory.jurisdictions.rules import AcceptedBody, Jurisdiction, LocalRule, Regime
from directory.practitioners.rules import ATTESTATION_DAYS
from directory.practitioners.terms import AccountStatus, Profession, Technique
from directory.screening.rules import Weeks

UNKNOWN_STATUS_DAYS = 14
"""How long the last known status is believed when a register cannot be read."""

RENEWAL_CHECK_DAYS = 31
"""How long after the last look a renewal under assessment is believed."""

SLACK = timedelta(days=1)
"""What was recorded carries the day in UTC, and west of Greenwich the local day may still be the one before."""

LEAST_MATERNITY_HOURS = 12
"""This project's own published rule; no regulator sets a number of hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A credential as the rules see it."""

    kind: CredentialKind
    status: CredentialStatus
    jurisdiction: str | None = None
    place_id: int | None = None
    body: str | None = None
    title: str | None = None
    number: str | None = None
    valid_from: date | None = None
    expires: date | None = None
    late_until: date | None = None
    renewal_pending: bool = False
    last_checked_on: date | None = None
    verified_on: date | None = None
    check_method: CheckMethod | None = None
    identity_match: bool = False
    superseded: bool = False
    given_up: bool = False
    """Its holder said that they no longer work under it. It opens nothing; what it forbids, it still forbids."""
    number_shared: bool = False
    """Somebody else's checked paper bears the same number: one of the two is not who they say."""
    codes: frozenset[ConditionCode] = frozenset()
    conditions_text: str | None = None
    discipline: str | None = None
    unknown_since: date | None = None
    last_known_status: CredentialStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Indemnity insurance as the rules see it."""

    expires: date
    covers_pregnancy: bool
    verified_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The pregnancy declaration as the rules see it."""

    treats: bool
    min_week: int | None
    max_week: int | None
    training_hours: float
    training_verification: Verification
    point_policy: PointPolicy
    written_consent: bool
    emergency_policy: bool
    truth_declared: bool
    signed_on: date | None
    registration_counts: bool = False
    """A current registration as a midwife or in obstetrics stands for the training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Everything about a practitioner that decides whether they may be listed at a place of theirs."""

    profession: Profession
    account_status: AccountStatus
    held: bool
    holder_proved_on: date | None
    attested_on: date | None
    """When they last said that all is still true at the place at hand; each place has a day of its own."""
    papers: tuple[Paper, ...]
    covers: tuple[Cover, ...]
    declaration: Declaration | None = None
    techniques: frozenset[Technique] = frozenset()
    """All that they offer, as far as they say."""


@dataclass(frozen=True, slots=True)
class LatePeriod:
    """What a register's law says of a paper that is past its date and still in force."""

    until: date
    """The last day on which it counts, as far as is known today."""
    assessed: bool = False
    """A renewal that was handed in is being looked at; until it has been, the paper goes on."""


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer of ``permits``: refusals (none means listed) and the papers it rests on."""

    refusals: tuple[Refusal, ...]
    basis: tuple[Paper, ...] = ()
    no_licence_exists: bool = False
    """The jurisdiction issues no acupuncture licence; the listing must say so."""
    late: tuple[tuple[Paper, LatePeriod], ...] = ()
    """Those of ``basis`` that are past their date and go on by law."""

    def late_period(self, paper: Paper) -> LatePeriod | None:
        """The late period in which this paper of ``basis`` is today, if it is in one."""
        return next((period for late, period in self.late if late is paper), None)

    @property
    def allowed(self) -> bool:
        """Whether the person may be listed."""
        return not self.refusals

    @property
    def on_probation(self) -> bool:
        """Whether a paper the listing rests on is under a probation order, which is shown."""
        return any(paper.status is CredentialStatus.PROBATION for paper in self.basis)


def permits(
    person: Person, rule: Jurisdiction | None, *, place_id: int | None, mode: Mode = Mode.IN_PERSON, today: date
) -> Permit:
    """Whether this person may be shown for this way of meeting under this jurisdiction's rule, today.

    ``place_id`` is the practice place in person and ``None`` where the patient's place decides.
    """
    refusals = list(_standing(person, today))
    if rule is None:
        return Permit((*refusals, Refusal.NO_RULE))
    if not rule.open:
        shut = Refusal.HIDDEN_JURISDICTION if rule.hidden else Refusal.CLOSED_JURISDICTION
        return Permit((*refusals, shut))
    if person.profession is Profession.DRY_NEEDLING:
        return Permit((*refusals, Refusal.DRY_NEEDLING))
    if any(_ordered_to_stop(paper, rule) for paper in person.papers):
        return Permit((*refusals, Refusal.ORDERED_TO_STOP))
    if person.techniques == {Technique.ELECTRO} and ConditionCode.NO_ELECTRO in conditions_on(person, rule):
        refusals.append(Refusal.NOTHING_TO_OFFER)
    basis, lacking = _basis(person, rule, today)
    if lacking:
        refusals.append(lacking)
    elif mode is not Mode.REMOTE and not _has_local_papers(person, rule, place_id, today):
        refusals.append(Refusal.NO_LOCAL_PAPERS)
    late = tuple((paper, late) for paper in basis if (late := late_period(paper, rule, today=today)) is not None)
    return Permit(tuple(refusals), basis, no_licence_exists=rule.regime is Regime.NONE, late=late)


def asks_for_local_papers(rule: Jurisdiction) -> bool:
    """Whether ``permits`` looks at the practice place and at the way of meeting; under any other rule they are one."""
    return rule.local_rule in (LocalRule.REQUIRED, LocalRule.REQUIRED_UNLESS_EXEMPT)


def admits_pregnancy(person: Person, rule: Jurisdiction, *, weeks: Weeks, today: date) -> tuple[Refusal, ...]:
    """Why this person must not be shown to somebody pregnant in these weeks; empty when the gate is passed.

    The gate of the project's published rule: declared, signed within twelve months, training checked and long enough,
    a policy on points, written consent, an emergency policy, cover that names pregnancy, no condition against it.
    """
    declared = person.declaration
    if declared is None or not declared.treats:
        return (Refusal.PREGNANCY_NOT_TREATED,)
    checks = {
        Refusal.WEEK_OUTSIDE_WINDOW: declared.min_week is not None
        and declared.max_week is not None
        and declared.min_week <= weeks.first
        and weeks.last <= declared.max_week,
        Refusal.DECLARATION_NOT_CURRENT: declaration_current(declared, today=today),
        Refusal.TRAINING_NOT_CHECKED: training_checked(declared),
        Refusal.NO_POINT_POLICY: declared.point_policy is not PointPolicy.NONE,
        Refusal.NO_WRITTEN_CONSENT: declared.written_consent,
        Refusal.NO_EMERGENCY_POLICY: declared.emergency_policy,
        Refusal.NO_PREGNANCY_COVER: any(_runs(cover, today) and cover.covers_pregnancy for cover in person.covers),
        Refusal.CONDITION_EXCLUDES_PREGNANCY: ConditionCode.EXCLUDES_PREGNANCY not in conditions_on(person, rule),
    }
    return tuple(refusal for refusal, passed in checks.items() if not passed)


def conditions_on(person: Person, rule: Jurisdiction) -> frozenset[ConditionCode]:
    """What registers' conditions mean for practice under this rule: of papers here, and of those that know no place.

    A paper that a later one has superseded says nothing any more.
    """
    speaking = (p for p in person.papers if not p.superseded and (p.jurisdiction is None or _concerns(p, rule)))
    return frozenset(code for paper in speaking for code in paper.codes)


def declaration_current(declared: Declaration, *, today: date) -> bool:
    """Whether the declaration is signed as true and not older than twelve months, the anniversary included."""
    return (
        declared.truth_declared
        and declared.signed_on is not None
        and _recorded(declared.signed_on, today)
        and today <= declaration_ends(declared.signed_on)
    )


def declaration_ends(signed_on: date) -> date:
    """The last day on which a declaration signed that day counts."""
    if signed_on.year == date.max.year:
        return date.max
    try:
        return signed_on.replace(year=signed_on.year + 1)
    except ValueError:
        return date(signed_on.year + 1, 2, 28)


def training_checked(declared: Declaration) -> bool:
    """Whether the maternity training is long enough and somebody has seen its certificate, or a registration counts."""
    if declared.registration_counts:
        return True
    return declared.training_hours >= LEAST_MATERNITY_HOURS and declared.training_verification in (
        Verification.DOCUMENT_CHECKED,
        Verification.INDEPENDENTLY_CONFIRMED,
    )


def nationally_certified(person: Person, *, today: date) -> bool:
    """Whether a national acupuncture certification (NCBAHM, before 2026 NCCAOM; ABMA for physicians) is active."""
    return any(_is_national(paper, _NATIONAL) and in_force(paper, today=today) for paper in person.papers)


def in_force(paper: Paper, *, today: date, late_days: int = 0, needs_expiry: bool = True) -> bool:
    """Whether this paper lets its holder practise today.

    It must have been checked at its source by somebody who found it to be this person's; status and dates must agree,
    and the date wins. A late period counts where the register grants it, by date or by the jurisdiction's rule.
    """
    if paper.superseded or paper.given_up or ConditionCode.FORBIDS_PRACTICE in paper.codes:
        return False
    if not checked_at_source(paper, today=today):
        return False
    if paper.valid_from is not None and today < paper.valid_from:
        return False
    status = _believed_status(paper, today)
    if status in PERMITS_IN_LATE_PERIOD:
        return paper.late_until is not None and today <= paper.late_until
    if status not in PERMITS_PRACTICE:
        return False
    if paper.expires is None:
        return not needs_expiry and status is not CredentialStatus.TEMPORARY
    return today <= last_day(paper, late_days=0 if status is CredentialStatus.TEMPORARY else late_days)


def last_day(paper: Paper, *, late_days: int) -> date:
    """The last day a practising status counts: expiry, or the end of a late period or of a renewal's assessment."""
    expires = paper.expires or date.max
    ends = [expires, paper.late_until or expires]
    if late_days:
        ends.append(_after(expires, late_days))
        if paper.renewal_pending and paper.last_checked_on is not None:
            ends.append(_after(paper.last_checked_on, RENEWAL_CHECK_DAYS))
    return max(ends)


def late_period(paper: Paper, rule: Jurisdiction, *, today: date) -> LatePeriod | None:
    """The late period in which this paper is today; ``None`` before its date, after the period, or where none is.

    It says something of dates only: whether the paper counts at all is for ``in_force``.
    """
    if paper.expires is None or today <= paper.expires:
        return None
    status = _believed_status(paper, today)
    late_days = rule.late_days if _concerns(paper, rule) and status is not CredentialStatus.TEMPORARY else 0
    until = paper.late_until
    if status in PERMITS_PRACTICE:
        until = last_day(paper, late_days=late_days)
    elif status not in PERMITS_IN_LATE_PERIOD:
        until = None
    if until is None or today > until:
        return None
    fixed = max(_after(paper.expires, late_days), paper.late_until or paper.expires)
    return LatePeriod(until, assessed=today > fixed)


def checked_at_source(paper: Paper, *, today: date) -> bool:
    """Whether the register itself was asked and named this person and nobody else; a document alone is never enough."""
    return (
        paper.identity_match
        and not paper.number_shared
        and _recorded(paper.verified_on, today)
        and paper.check_method is not None
        and paper.check_method is not CheckMethod.DOCUMENT_ONLY
    )


def replaced(papers: Iterable[tuple[int | None, date | None]]) -> set[int]:
    """Ids of the papers that a newer one has replaced, from each paper's ``supersedes_id`` and day of checking.

    Only a paper that was checked takes an older one's place: a renewal just typed in neither hides nor frees anybody.
    """
    return {supersedes for supersedes, checked in papers if supersedes is not None and checked is not None}


def turning_days(person: Person, *, late_days: int) -> list[date]:
    """The days on which an answer about this person may change by itself, in order.

    Between two of them nothing changes: who asks ``permits`` or ``admits_pregnancy`` on each knows every later answer.
    """
    recorded = [person.attested_on, person.holder_proved_on, *(cover.verified_on for cover in person.covers)]
    recorded += (paper.verified_on for paper in person.papers)
    lasting = [(person.attested_on, ATTESTATION_DAYS), *((cover.expires, 0) for cover in person.covers)]
    for paper in person.papers:
        lasting += ((paper.expires, 0), (paper.expires, late_days), (paper.late_until, 0))
        lasting += ((paper.last_checked_on, RENEWAL_CHECK_DAYS), (paper.unknown_since, UNKNOWN_STATUS_DAYS))
    if person.declaration is not None and person.declaration.signed_on is not None:
        recorded.append(person.declaration.signed_on)
        lasting.append((declaration_ends(person.declaration.signed_on), 0))
    days = {paper.valid_from for paper in person.papers if paper.valid_from is not None}
    days.update(day - SLACK for day in recorded if day is not None and day > date.min)
    days.update(_after(day, length + 1) for day, length in lasting if day is not None)
    return sorted(days)


def last_possible_day(person: Person) -> date | None:
    """A day after which ``permits`` says no whatever else is true: no attestation or no cover reaches beyond it."""
    if not person.covers or person.attested_on is None:
        return None
    return min(max(cover.expires for cover in person.covers), _after(person.attested_on, ATTESTATION_DAYS))


_NATIONAL = ("NCBAHM", "ABMA")

LOCAL_PAPERS: dict[str, tuple[CredentialKind, ...]] = {
    "GB-WLS": (CredentialKind.SPECIAL_PROCEDURE_LICENCE, CredentialKind.PREMISES_APPROVAL),
    "GB-SCT": (CredentialKind.LOCAL_AUTHORITY_REGISTRATION,),
    "GB-LDN": (CredentialKind.LOCAL_AUTHORITY_REGISTRATION,),
}
"""The local papers a jurisdiction with a binding local rule asks for."""


def _standing(person: Person, today: date) -> Iterator[Refusal]:
    if person.account_status is not AccountStatus.PUBLISHED:
        yield Refusal.NOT_PUBLISHED
    if person.held:
        yield Refusal.HELD
    if not _recorded(person.holder_proved_on, today):
        yield Refusal.HOLDER_NOT_PROVED
    attested = person.attested_on
    if attested is None or not (_recorded(attested, today) and today <= _after(attested, ATTESTATION_DAYS)):
        yield Refusal.NOT_ATTESTED
    if not any(_runs(cover, today) for cover in person.covers):
        yield Refusal.NO_INDEMNITY


def _runs(cover: Cover, today: date) -> bool:
    return _recorded(cover.verified_on, today) and today <= cover.expires


def _recorded(day: date | None, today: date) -> bool:
    """Whether something noted with this UTC day has happened, seen from a place where it is ``today``."""
    return day is not None and (day <= today or day - today <= SLACK)


def _after(day: date, days: int) -> date:
    """So many days later, or the calendar's last day: a register may say "never" with the year 9999."""
    return day + timedelta(days=days) if days <= (date.max - day).days else date.max


def _believed_status(paper: Paper, today: date) -> CredentialStatus:
    if paper.status is not CredentialStatus.UNKNOWN:
        return paper.status
    recent = paper.unknown_since is not None and today <= _after(paper.unknown_since, UNKNOWN_STATUS_DAYS)
    return paper.last_known_status if recent and paper.last_known_status else CredentialStatus.UNKNOWN


def _concerns(paper: Paper, rule: Jurisdiction) -> bool:
    """Whether a paper says something about practice under this rule; memberships reach over a whole country."""
    if paper.jurisdiction is None:
        return False
    if rule.regime is Regime.VOLUNTARY:
        return paper.jurisdiction.partition("-")[0] == rule.country
    return paper.jurisdiction == rule.code


def _ordered_to_stop(paper: Paper, rule: Jurisdiction) -> bool:
    """Whether a paper of this person says stop here. A register that cannot be read today has lifted nothing; one that
    only bears the name of somebody else says nothing."""
    status = paper.last_known_status if paper.status is CredentialStatus.UNKNOWN else paper.status
    stops = status in ORDERED_TO_STOP or ConditionCode.FORBIDS_PRACTICE in paper.codes
    return stops and paper.identity_match and not paper.superseded and _concerns(paper, rule)


def _basis(person: Person, rule: Jurisdiction, today: date) -> tuple[tuple[Paper, ...], Refusal | None]:
    """The papers that open this regime's gate, or what is lacking."""
    current = [paper for paper in person.papers if _current(paper, rule, today)]
    if rule.regime is Regime.STATUTORY:
        found = _licence(current, rule) or _physician(person, current, rule)
        return found, None if found else Refusal.NO_LICENCE
    if rule.regime is Regime.VOLUNTARY:
        found = _membership(person, current, rule)
        return found, None if found else Refusal.NO_MEMBERSHIP
    found = tuple(paper for paper in current if _is_national(paper, ("NCBAHM",))) or _physician(person, current, rule)
    return found, None if found else Refusal.NO_CERTIFICATION


def _current(paper: Paper, rule: Jurisdiction, today: date) -> bool:
    late_days = rule.late_days if _concerns(paper, rule) else 0
    # Memberships and the registers of British health professions may run without an end; licences never do.
    needs_expiry = rule.regime is not Regime.VOLUNTARY or paper.kind in STATUTORY_ACUPUNCTURE
    return in_force(paper, today=today, late_days=late_days, needs_expiry=needs_expiry)


def _licence(current: Iterable[Paper], rule: Jurisdiction) -> tuple[Paper, ...]:
    return tuple(p for p in current if p.kind in STATUTORY_ACUPUNCTURE and p.jurisdiction == rule.code)


def _physician(person: Person, current: Sequence[Paper], rule: Jurisdiction) -> tuple[Paper, ...]:
    """A physician's own licence here together with checked acupuncture training; never physical therapy."""
    if person.profession is not Profession.PHYSICIAN:
        return ()
    medical = tuple(
        p
        for p in current
        if p.kind is CredentialKind.STATUTORY_OTHER_PROFESSION and p.jurisdiction == rule.code and _is_medical(p)
    )
    trained = tuple(p for p in current if _is_national(p, _NATIONAL))
    return medical + trained if medical and trained else ()


def _is_medical(paper: Paper) -> bool:
    return not paper.title or wording.is_medical(paper.title)


def _is_national(paper: Paper, bodies: Iterable[str]) -> bool:
    return paper.kind is CredentialKind.NATIONAL_CERTIFICATION and any(_names(paper, body) for body in bodies)


def _membership(person: Person, current: Sequence[Paper], rule: Jurisdiction) -> tuple[Paper, ...]:
    here = [paper for paper in current if _concerns(paper, rule)]
    for accepted in rule.accepted_bodies:
        members = tuple(paper for paper in here if _is_member(paper, accepted))
        if not members:
            continue
        if not accepted.needs:
            return members
        registered = tuple(p for p in here if _is_registered(person, p, accepted.needs))
        if registered:
            return members + registered
    return ()


def _is_member(paper: Paper, accepted: AcceptedBody) -> bool:
    if paper.kind not in (CredentialKind.ACCREDITED_REGISTER, CredentialKind.PROFESSIONAL_BODY):
        return False
    # "… and provincial associations": any association membership that a verifier checked at its source.
    if _names(paper, accepted.name) or "associations" in accepted.name:
        return True
    unnamed = paper.body is None and paper.title is None
    return unnamed and paper.kind is CredentialKind.ACCREDITED_REGISTER and not accepted.needs


def _is_registered(person: Person, paper: Paper, registers: Sequence[str]) -> bool:
    if paper.kind is not CredentialKind.STATUTORY_OTHER_PROFESSION:
        return False
    if paper.body is None and paper.title is None:
        own = {Profession.PHYSIOTHERAPIST: "HCPC", Profession.PHYSICIAN: "GMC"}
        return own.get(person.profession, "") in registers
    return any(_names(paper, register) for register in registers)


def _names(paper: Paper, body: str) -> bool:
    return wording.names(f"{paper.body or ''} {paper.title or ''}", body)


def _has_local_papers(person: Person, rule: Jurisdiction, place_id: int | None, today: date) -> bool:
    if not asks_for_local_papers(rule) or _exempt(person, rule, today):
        return True
    needed = LOCAL_PAPERS.get(rule.code, ())
    return bool(needed) and all(
        any(_local_paper_fits(paper, kind, rule, place_id, today) for paper in person.papers) for kind in needed
    )


def _local_paper_fits(
    paper: Paper, kind: CredentialKind, rule: Jurisdiction, place_id: int | None, today: date
) -> bool:
    if paper.kind is not kind or paper.jurisdiction != rule.code:
        return False
    if kind is CredentialKind.PREMISES_APPROVAL and (place_id is None or paper.place_id != place_id):
        return False
    return in_force(paper, today=today, needs_expiry=False)


def _exempt(person: Person, rule: Jurisdiction, today: date) -> bool:
    current = [p for p in person.papers if _concerns(p, rule) and in_force(p, today=today, needs_expiry=False)]
    for body in rule.exempt_bodies:
        if body.lower().startswith("statutory health profession"):
            if any(paper.kind is CredentialKind.STATUTORY_OTHER_PROFESSION for paper in current):
                return True
        elif any(_is_member(paper, AcceptedBody(body, ())) for paper in current):
            return True
    return False
