"""The papers of a demonstration person: what their place asks for, and sometimes something less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from directory.credentials.service import Check, CredentialDraft
from directory.credentials.terms import CheckMethod, CredentialKind, CredentialStatus
from directory.jurisdictions.rules import Jurisdiction, Regime
from directory.practitioners.terms import Profession


class Lack(StrEnum):
    """Why a demonstration person is not listed. About one in ten has such a reason, so that the gates show."""

    EXPIRED = "expired"
    NOT_ATTESTED = "not_attested"
    NOT_VERIFIED = "not_verified"
    PAUSED = "paused"
    NO_INDEMNITY = "no_indemnity"
    DRAFT = "draft"
    SUSPENDED = "suspended"
    HELD = "held"
    LICENCE_SUSPENDED = "licence_suspended"


LACKS: Mapping[Lack | None, float] = {
    None: 89.5,
    Lack.EXPIRED: 2.5,
    Lack.NOT_ATTESTED: 2.5,
    Lack.NOT_VERIFIED: 1.6,
    Lack.PAUSED: 1.2,
    Lack.NO_INDEMNITY: 1.0,
    Lack.DRAFT: 0.8,
    Lack.SUSPENDED: 0.3,
    Lack.HELD: 0.2,
    Lack.LICENCE_SUSPENDED: 0.4,
}
_NOBODY = 0
"""Stands for the person's id until they are registered."""


@dataclass(frozen=True, slots=True)
class Papers:
    """A profession with its papers. Those about premises belong to the first place."""

    profession: Profession
    held: tuple[CredentialDraft, ...]
    premises: tuple[CredentialDraft, ...] = ()


class PaperMaker:
    """Makes papers as they would look today."""

    def __init__(self, rules: Mapping[str, Jurisdiction], today: date) -> None:
        self._rules = rules
        self._today = today

    def make(self, person: int, code: str, lack: Lack | None, random: Random) -> Papers:
        """Papers of this person (a number) for practice in this jurisdiction, or what this lack leaves of them."""
        made = _numbered(self._for(self._rules[code], random), person)
        if lack is Lack.NOT_VERIFIED:
            return replace(made, held=tuple(replace(each, check=None) for each in made.held))
        if lack is Lack.EXPIRED:
            ended = self._today - timedelta(days=random.randint(40, 400))
            return replace(made, held=tuple(replace(each, valid_from=None, expires=ended) for each in made.held))
        if lack is Lack.LICENCE_SUSPENDED:
            first = replace(made.held[0], status=CredentialStatus.SUSPENDED, raw_status="Suspended")
            return replace(made, held=(first, *made.held[1:]))
        return made

    def _for(self, rule: Jurisdiction, random: Random) -> Papers:
        if rule.regime is Regime.STATUTORY:
            return self._statutory(rule, random)
        if rule.country == "GB":
            return self._british(rule, random)
        if rule.regime is Regime.NONE:
            return Papers(Profession.ACUPUNCTURIST, (self._national("NCBAHM", random),))
        body = str(rule.accepted_bodies[0]) if rule.accepted_bodies else None
        return Papers(
            Profession.ACUPUNCTURIST,
            (self._paper(CredentialKind.PROFESSIONAL_BODY, rule, random, body=body, title="R.Ac."),),
        )

    def _statutory(self, rule: Jurisdiction, random: Random) -> Papers:
        if rule.country == "US" and random.random() < 0.02:
            medical = self._paper(CredentialKind.STATUTORY_OTHER_PROFESSION, rule, random, title="MD")
            return Papers(Profession.PHYSICIAN, (medical, self._national("ABMA", random)))
        kind = CredentialKind.STATUTORY_LICENCE if rule.country == "US" else CredentialKind.STATUTORY_REGISTRATION
        licence = self._paper(kind, rule, random, body=rule.body, title=title_in(rule))
        drawn = random.random()
        if drawn < 0.008:
            licence = replace(
                licence,
                status=CredentialStatus.PROBATION,
                raw_status="Probation",
                discipline="Invented order: probation for two years; record keeping.",
            )
        elif drawn < 0.02:
            licence = replace(
                licence,
                status=CredentialStatus.ACTIVE_WITH_CONDITIONS,
                conditions_text="Invented condition: " + random.choice(_CONDITIONS),
            )
        if rule.country == "US" and random.random() < 0.7:
            return Papers(Profession.ACUPUNCTURIST, (licence, self._national("NCBAHM", random)))
        return Papers(Profession.ACUPUNCTURIST, (licence,))

    def _british(self, rule: Jurisdiction, random: Random) -> Papers:
        drawn = random.random()
        if drawn < 0.85:
            profession = Profession.ACUPUNCTURIST
            held = [self._paper(CredentialKind.ACCREDITED_REGISTER, rule, random, body="BAcC", title="MBAcC")]
        elif drawn < 0.95:
            profession = Profession.PHYSIOTHERAPIST
            held = [
                self._paper(CredentialKind.PROFESSIONAL_BODY, rule, random, body="AACP", title="AACP member"),
                self._paper(
                    CredentialKind.STATUTORY_OTHER_PROFESSION, rule, random, body="HCPC", title="HCPC physiotherapist"
                ),
            ]
        else:
            profession = Profession.PHYSICIAN
            held = [
                self._paper(CredentialKind.PROFESSIONAL_BODY, rule, random, body="BMAS", title="DipMedAc"),
                self._paper(CredentialKind.STATUTORY_OTHER_PROFESSION, rule, random, body="GMC", title="GMC"),
            ]
        premises: list[CredentialDraft] = []
        if rule.code == "GB-WLS" and random.random() < 0.93:
            held.append(self._paper(CredentialKind.SPECIAL_PROCEDURE_LICENCE, rule, random, body="Local council"))
            premises.append(self._paper(CredentialKind.PREMISES_APPROVAL, rule, random, body="Local council"))
        elif rule.code != "GB-WLS" and random.random() < (0.95 if rule.code == "GB-SCT" else 0.4):
            held.append(self._paper(CredentialKind.LOCAL_AUTHORITY_REGISTRATION, rule, random, body="Local council"))
        return Papers(profession, tuple(held), tuple(premises))

    def _national(self, body: str, random: Random) -> CredentialDraft:
        title = "Dipl. Ac." if body == "NCBAHM" else "DABMA"
        made = self._paper(CredentialKind.NATIONAL_CERTIFICATION, None, random, body=body, title=title)
        return replace(made, expires=self._today + timedelta(days=random.randint(60, 1400)))

    def _paper(
        self,
        kind: CredentialKind,
        rule: Jurisdiction | None,
        random: Random,
        *,
        body: str | None = None,
        title: str | None = None,
    ) -> CredentialDraft:
        checked = self._today - timedelta(days=self._days_since_check(random))
        return CredentialDraft(
            practitioner_id=_NOBODY,
            kind=kind,
            status=CredentialStatus.ACTIVE,
            raw_status="Active",
            jurisdiction=rule.code if rule else None,
            body=body,
            title=title,
            valid_from=checked - timedelta(days=random.randint(200, 6000)),
            expires=self._expiry(rule, random),
            check=Check(verified_on=checked, method=random.choices(_METHODS, (80, 15, 5))[0]),
        )

    @staticmethod
    def _days_since_check(random: Random) -> int:
        """The directory asks registers every month; now and then one could not be reached for a while."""
        return random.randint(1, 29) if random.random() < _CHECKED_THIS_MONTH else random.randint(31, 75)

    def _expiry(self, rule: Jurisdiction | None, random: Random) -> date:
        """A day ahead, or the next day but one on which everybody there expires, where there is such a day."""
        if rule is None or rule.cluster_day is None:
            return self._today + timedelta(days=random.randint(20, 800))
        month, day = (int(part) for part in rule.cluster_day.split("-"))
        this_year = self._today.replace(month=month, day=day)
        years = 0 if this_year >= self._today else 1
        # In the last weeks before the day most have renewed already.
        if (this_year - self._today).days < 60 and random.random() < 0.7:
            years += 1
        return this_year.replace(year=this_year.year + years)


_CHECKED_THIS_MONTH = 0.93
_PAPERS_AT_MOST = 8
_NUMBERS, _STRIDE = 10_000_000, 7_654_321
"""Every number is dealt once: the stride shares no divisor with how many there are."""
_METHODS = (CheckMethod.PRIMARY_SOURCE, CheckMethod.ROSTER_FILE, CheckMethod.TELEPHONE)
_CONDITIONS = (
    "must not treat pregnant patients.",
    "must work under supervision until further notice.",
    "must not use electro-acupuncture.",
    "must keep a log of every visit for the board.",
)


def _numbered(papers: Papers, person: int) -> Papers:
    """These papers with numbers that no other person's and no other paper bears: a shared one hides both its holders.

    No board writes numbers like this, so that none of them is anybody's.
    """
    first = person * _PAPERS_AT_MOST
    numbers = (f"DEMO-{each * _STRIDE % _NUMBERS:07}" for each in range(first, first + _PAPERS_AT_MOST))
    held = tuple(replace(paper, number=number) for paper, number in zip(papers.held, numbers, strict=False))
    premises = tuple(replace(paper, number=number) for paper, number in zip(papers.premises, numbers, strict=False))
    return replace(papers, held=held, premises=premises)


def title_in(rule: Jurisdiction) -> str | None:
    """The title people use there: the first that the table names."""
    if rule.regime is Regime.NONE:
        return None
    title = rule.titles.replace(";", ",").split(",")[0].split("(")[0].split("/")[0].strip()
    return title.removeprefix("older: ") or None
