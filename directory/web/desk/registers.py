"""What registers and lists say about the person of a case, in words. Where there is no file it was not checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from directory.cases.terms import Kind
from directory.credentials.decisions.terms import Method
from directory.credentials.terms import STATUTORY_ACUPUNCTURE, CheckMethod
from directory.desk.review import Review
from directory.http.locale import day, gettext, ngettext
from directory.http.locale import lazy_gettext as _l
from directory.jurisdictions import lookups
from directory.jurisdictions.lookups import Lookup
from directory.jurisdictions.names import name_of
from directory.jurisdictions.rules import LocalRule, Regime
from directory.registries.exclusions.terms import By, Freshness, Reason
from directory.registries.exclusions.terms import Standing as Excluded
from directory.registries.rosters.layouts import BY_JURISDICTION
from directory.registries.rosters.queries import Said as OnRoster
from directory.registries.rosters.terms import Seen
from directory.registries.terms import Standing
from directory.web.desk.facts import Fact
from directory.web.presenters import papers

REGIMES: Final[Mapping[Regime, Any]] = {
    Regime.STATUTORY: _l("the state licenses or registers"),
    Regime.VOLUNTARY: _l("no state register; memberships count"),
    Regime.NONE: _l("no licence exists; the national certification counts"),
}
LOCAL_RULES: Final[Mapping[LocalRule, Any]] = {
    LocalRule.REQUIRED: _l("needed as well"),
    LocalRule.REQUIRED_UNLESS_EXEMPT: _l("needed as well, unless exempt"),
    LocalRule.SHOWN: _l("shown where there are any"),
}
METHODS: Final[Mapping[CheckMethod, Any]] = {
    CheckMethod.PRIMARY_SOURCE: _l("read on the register’s own page"),
    CheckMethod.ROSTER_FILE: _l("read in the register’s file"),
    CheckMethod.TELEPHONE: _l("asked by telephone"),
    CheckMethod.DOCUMENT_ONLY: _l("a document was seen, nothing else"),
}
DECISION_METHODS: Final[Mapping[Method, Any]] = {
    Method.PRIMARY_SOURCE: _l("read on the register’s own page"),
    Method.ROSTER_FILE: _l("read in the register’s file"),
    Method.TELEPHONE: _l("asked by telephone"),
    Method.DOCUMENT_ONLY: _l("a document was seen, nothing else"),
    Method.REGISTER_TELEPHONE: _l("the person, at the register’s telephone number"),
    Method.LETTER_CODE: _l("the person, by a code in a letter"),
    Method.CERTIFIER_MAILBOX: _l("the person, by way of their certifier"),
    Method.IDENTITY_CHECK: _l("the person, by an identity check"),
}
_STANDINGS: Final[Mapping[Standing, Any]] = {
    Standing.SHOWN: _l("in force, as an acupuncturist"),
    Standing.DEACTIVATED: _l("deactivated"),
    Standing.OTHER_WORK: _l("in force, without acupuncture"),
    Standing.ABSENT: _l("not named any more"),
}
_EXCLUDED: Final[Mapping[Excluded, Any]] = {
    Excluded.EXCLUDED: _l("excluded"),
    Excluded.REINSTATED: _l("was excluded, and is no longer"),
    Excluded.WAIVED: _l("excluded, with a waiver for where they work"),
}
_REASONS: Final[Mapping[Reason, Any]] = {
    Reason.NUMBER: _l("the same NPI"),
    Reason.FAMILY_NAME: _l("the same family name"),
    Reason.FAMILY_NAME_PART: _l("one of two family names"),
    Reason.FIRST_NAME: _l("the same first name"),
    Reason.FIRST_NAME_VARIANT: _l("another form of the first name"),
    Reason.FIRST_NAME_INITIAL: _l("only the initial of the first name"),
    Reason.MIDDLE_NAME: _l("the same middle name"),
    Reason.OTHER_MIDDLE_NAME: _l("another middle name"),
    Reason.STATE: _l("the same state"),
    Reason.OTHER_STATE: _l("another state"),
    Reason.CITY: _l("the same town"),
    Reason.ACUPUNCTURE: _l("the list says acupuncture"),
    Reason.BIRTH: _l("the same day of birth"),
    Reason.OTHER_BIRTH: _l("another day of birth"),
    Reason.OTHER_NAME: _l("another name for the same number"),
    Reason.FITS_ANOTHER_BETTER: _l("it fits somebody else of ours better"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one register or list says."""

    name: str
    icon: str
    """``checked`` for something read, ``missing`` for what was not checked, ``alert`` for what needs a look."""
    summary: str
    facts: Sequence[Fact] = ()


def said(review: Review, *, now: datetime) -> list[Said]:
    """Every source that may know this person, in the order in which the desk asks them."""
    if review.file.person is None and review.file.entry is None:
        return []
    return [
        *(roster(each) for each in review.rosters),
        *_without_rosters(review),
        nppes(review),
        _exclusions(review, now=now),
    ]


_FITS: Final = frozenset({Seen.MATCH, Seen.NAME_VARIANT})


def roster(told: OnRoster) -> Said:
    """What the newest roster of a board says of one paper: both names, and why we think what we think."""
    name = str(gettext("Roster: %(board)s (%(code)s)", board=told.board, code=told.jurisdiction))
    if told.as_of is None:
        return Said(name=name, icon="missing", summary=str(gettext("Not checked: no file was taken in.")))
    as_of = day(told.as_of)
    if told.seen is Seen.NOT_CHECKED and told.is_stale:
        summary = gettext("Not checked: the newest file is of %(day)s, which is too old.", day=as_of)
        return Said(name=name, icon="missing", summary=str(summary), facts=_on_roster(told))
    summary = gettext("%(standing)s (file of %(day)s)", standing=gettext(told.seen.words), day=as_of)
    icon = "checked" if told.seen in _FITS else "missing" if told.seen is Seen.NOT_CHECKED else "alert"
    return Said(name=name, icon=icon, summary=str(summary), facts=_on_roster(told))


def _on_roster(told: OnRoster) -> list[Fact]:
    said = [
        (_l("Name on the paper"), told.name_on_paper, "", False),
        (
            _l("Name in the register"),
            told.name_in_register,
            gettext("written differently") if told.names_differ else "",
            told.names_differ,
        ),
        (_l("Number on the paper"), told.number_on_paper or gettext("none"), "", False),
        (_l("Number in the register"), told.number_in_register, "", False),
        (
            _l("Status there"),
            "" if told.status is None else str(papers.STATUSES[told.status]),
            gettext("in the register’s own words: %(words)s", words=told.raw_status) if told.raw_status else "",
            False,
        ),
        (
            _l("Status before"),
            "" if told.status_before is None else str(papers.STATUSES[told.status_before]),
            "",
            False,
        ),
        (_l("Changed in the file of"), "" if told.changed_on is None else day(told.changed_on), "", False),
        (_l("Issued"), "" if told.issued is None else day(told.issued), "", False),
        (_l("Last day"), "" if told.expires is None else day(told.expires), "", False),
        (_l("Town there"), told.city, "", False),
        (_l("Discipline"), told.discipline, "", bool(told.discipline)),
        (_l("Not in the file since"), "" if told.gone_since is None else day(told.gone_since), "", False),
        (_l("Why"), " ".join(str(gettext(each)) for each in told.explanation), "", False),
    ]
    facts = [Fact(str(label), str(value), str(note), odd=odd) for label, value, note, odd in said if value]
    for each in told.others:
        where = [each.number, each.city, each.raw_status, "" if each.expires is None else day(each.expires)]
        facts.append(Fact(gettext("Also in the file"), each.name, ", ".join(part for part in where if part)))
    return facts


def _without_rosters(review: Review) -> list[Said]:
    """Boards that publish no file we could read."""
    codes = {
        each.jurisdiction
        for each in review.file.papers
        if each.kind in STATUTORY_ACUPUNCTURE and each.jurisdiction and each.jurisdiction not in BY_JURISDICTION
    }
    return [
        Said(
            name=str(gettext("Roster: %(board)s", board=name_of(code))),
            icon="missing",
            summary=str(gettext("Not checked: we can read no file of this register.")),
        )
        for code in sorted(codes)
    ]


def nppes(review: Review) -> Said:
    """What the newest file of NPPES says of the number at hand."""
    file, entry, name = review.file, review.file.entry, str(gettext("NPPES"))
    number = (file.person and file.person.npi) or (file.registration and file.registration.npi_claimed)
    if entry is None and file.nppes_as_of is None:
        return Said(name=name, icon="missing", summary=str(gettext("Not checked: no file was taken in.")))
    as_of = day(file.nppes_as_of) if file.nppes_as_of else ""
    if entry is None and not number:
        return Said(name=name, icon="missing", summary=str(gettext("Not checked: they gave no NPI.")))
    if entry is None:
        summary = gettext("Names no acupuncturist with the number %(number)s (%(day)s).", number=number, day=as_of)
        return Said(name=name, icon="alert", summary=str(summary))
    person = " ".join(part for part in (entry.first_name, entry.middle_name, entry.last_name, entry.suffix) if part)
    leads = ", ".join(f"{each.state} {each.number}" for each in file.leads)
    told = [
        (_l("Name there"), person),
        (_l("NPI"), entry.npi),
        (_l("Town there"), ", ".join(part for part in (entry.city, entry.region) if part)),
        (_l("Licence numbers given there"), leads),
        (_l("Number since"), "" if entry.enumerated_on is None else day(entry.enumerated_on)),
        (_l("Last changed"), "" if entry.updated_on is None else day(entry.updated_on)),
    ]
    summary = gettext("%(standing)s (file of %(day)s)", standing=_STANDINGS[entry.standing], day=day(entry.as_of))
    return Said(
        name=name,
        icon="checked" if entry.standing is Standing.SHOWN else "alert",
        summary=str(summary),
        facts=[Fact(str(label), value) for label, value in told if value],
    )


def _exclusions(review: Review, *, now: datetime) -> Said:
    file, name = review.file, str(gettext("Exclusion list (OIG)"))
    if review.exclusion_list is Freshness.NEVER or file.exclusion_file is None:
        return Said(name=name, icon="missing", summary=str(gettext("Not checked: no list was taken in.")))
    as_of = day(file.exclusion_file.as_of)
    facts = excluded(review)
    if facts:
        summary = ngettext("%(num)s entry may be theirs", "%(num)s entries may be theirs", len(facts))
        return Said(name=name, icon="alert", summary=f"{summary} ({as_of})", facts=facts)
    if review.exclusion_list is Freshness.STALE:
        summary = gettext("Not checked: the newest list is of %(day)s, which is too old.", day=as_of)
        return Said(name=name, icon="missing", summary=str(summary))
    compared, person = file.exclusion_file.screened_at, file.person
    if person is None or compared is None or person.updated_at > compared:
        summary = gettext("Not checked: nobody was compared with it since this person last changed.")
        return Said(name=name, icon="missing", summary=str(summary))
    return Said(name=name, icon="checked", summary=str(gettext("Not on it (list of %(day)s).", day=as_of)))


def excluded(review: Review) -> list[Fact]:
    """Each entry of the exclusion list that may be theirs."""
    return [
        Fact(
            " ".join(part for part in (entry.first_name, entry.middle_name, entry.last_name) if part),
            ", ".join(
                part
                for part in (
                    str(_EXCLUDED[hit.standing]),
                    "" if entry.excluded_on is None else day(entry.excluded_on),
                    entry.city,
                    entry.state,
                    entry.general,
                    entry.specialty,
                )
                if part
            ),
            _why(hit.by, hit.reasons),
            odd=hit.by is By.NUMBER,
        )
        for hit, entry in review.file.exclusions
        if entry.gone_on is None
    ]


def _why(by: By, reasons: Sequence[str]) -> str:
    told = ", ".join(str(_REASONS[Reason(each)]) for each in reasons)
    if by is By.NAME:
        return str(gettext("only the name in common: %(reasons)s", reasons=told))
    return told


# --- the rule, and where it can be looked up ---------------------------------------------------------------------


def rule(review: Review) -> Sequence[Fact]:
    """What is known of the rule where this case is decided; nothing where none is."""
    found = review.rule
    if found is None:
        return ()
    cluster = ""
    if found.cluster_day:
        cluster = gettext("everybody on %(day)s (month and day)", day=found.cluster_day)
    late = gettext("%(number)s days after the last day", number=found.late_days) if found.late_days else gettext("none")
    accepted = ", ".join(str(each) for each in found.accepted_bodies)
    told = [
        (_l("Where"), name_of(found.code)),
        (_l("Regime"), REGIMES[found.regime]),
        (_l("Listed there at all"), gettext("yes") if found.open else gettext("no")),
        (_l("Titles"), found.titles),
        (_l("Who keeps the register"), found.body),
        (_l("Bodies that count"), accepted),
        (_l("Local papers"), "" if found.local_rule is None else LOCAL_RULES[found.local_rule]),
        (_l("Exempt from them"), ", ".join(found.exempt_bodies)),
        (_l("Late period"), late),
        (_l("Renewal"), found.renewal),
        (_l("Everybody renews"), cluster),
        (_l("Education asked for"), found.education),
        (_l("Notes"), found.notes),
        (_l("Source"), found.source),
    ]
    return [Fact(str(name), str(said)) for name, said in told if said]


def links(review: Review) -> list[tuple[Lookup, str]]:
    """Where the register can be asked. Nothing of the person goes with the link but a public number."""
    code = None if review.rule is None else review.rule.code
    asked = [(each, each.address()) for each in lookups.lookups(code)]
    if review.case.kind is Kind.CERTIFICATION:
        asked.insert(0, (lookups.CERTIFIER, lookups.CERTIFIER.address()))
    if review.file.entry is not None:
        asked.append((lookups.NPPES, lookups.NPPES.address(review.file.entry.npi)))
    return asked
