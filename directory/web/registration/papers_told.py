"""Papers and what a jurisdiction asks for, in words to the practitioner themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from directory.credentials.models import Credential, Indemnity
from directory.credentials.owner import service as owner
from directory.credentials.queries import as_paper
from directory.credentials.rules import Paper, late_period, replaced
from directory.credentials.stating.requirements import BODY_NAMES, Asked, Choice, Way, asked_in
from directory.credentials.stating.stated import LEARNT
from directory.credentials.terms import ORDERED_TO_STOP, CredentialKind, CredentialStatus
from directory.http.locale import day, gettext
from directory.jurisdictions.names import name_of
from directory.jurisdictions.rules import Jurisdiction, Regime, rule_for
from directory.jurisdictions.words import Told, told
from directory.practitioners.terms import Profession
from directory.web.presenters import known, labels, papers


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper in the list of its holder."""

    what: str
    said: str
    mark: str
    href: str
    notes: tuple[str, ...] = ()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper that can be added."""

    what: str
    href: str


@dataclass(frozen=True, slots=True)
class Asking:
    """One jurisdiction: what is asked there, what is on file, what can be added."""

    told: Told
    sentence: str
    ways: tuple[str, ...]
    local: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[PaperLine, ...]
    offers: tuple[Offer, ...]
    """What is still lacking, and no more: whoever is on one register need not be on another."""
    others: str
    """Where every paper of this place can be added."""


def name_of_choice(choice: Choice) -> str:
    """The paper's name: "Oregon acupuncture licence", the body that keeps a register."""
    if choice.code == "physician":
        return str(gettext("%(place)s licence as a physician", place=name_of(choice.jurisdiction)))
    if choice.code == "licence":
        return papers.what(Paper(kind=choice.kind, status=CredentialStatus.ACTIVE, jurisdiction=choice.jurisdiction))
    if choice.body is not None:
        return BODY_NAMES.get(choice.body, choice.body)
    kind = labels.word(labels.KINDS, choice.kind)
    return kind[:1].upper() + kind[1:]


def lines_of(rows: Sequence[Credential], rules: Mapping[str, Jurisdiction], *, today: date) -> list[PaperLine]:
    """These papers, replaced ones left out."""
    older = replaced((row.supersedes_id, row.verified_on) for row in rows)
    return [_line(row, rules, today) for row in rows if row.id not in older]


def asking(
    rule: Jurisdiction, rows: Sequence[Credential], rules: Mapping[str, Jurisdiction], who: Profession, *, today: date
) -> Asking:
    """What this jurisdiction asks of somebody of this profession, beside these papers of theirs."""
    asked, said = asked_in(rule, who), told(rule, rules)
    here = [row for row in rows if row.jurisdiction == rule.code]
    held = {(row.kind, row.body) for row in rows if row.given_up_on is None}
    return Asking(
        told=said,
        sentence=_sentence(rule, said),
        ways=tuple(_way(way, said) for way in asked.ways) if rule.regime is not Regime.STATUTORY else (),
        local=_local(asked),
        facts=tuple(facts(said, licensed=rule.regime is Regime.STATUTORY)),
        lines=tuple(lines_of(here, rules, today=today)),
        offers=tuple(Offer(name_of_choice(each), address(each)) for each in _lacking(asked, held)),
        others=url_for("registration.licence_where", jurisdiction=rule.code),
    )


def choices_in(rule: Jurisdiction, profession: Profession) -> list[Choice]:
    """Every paper that can be added for a jurisdiction."""
    return list(asked_in(rule, profession))


def facts(said: Told, *, licensed: bool) -> Iterable[tuple[str, str]]:
    """What helps to copy a number without a slip."""
    if licensed and said.titles:
        yield str(gettext("Title")), said.titles
    if licensed and said.body:
        yield str(gettext("Issued by")), said.body
    if said.lookup:
        yield str(gettext("Look-up")), said.lookup
    if said.example:
        yield str(gettext("A number usually looks like")), said.example
    if said.cluster:
        month, on = said.cluster
        # Any leap year: only the day and the month of it are read.
        yield str(gettext("Everybody renews by")), day(date(2028, month, on)).replace("2028", "").strip(", ")
    elif said.renewal:
        yield str(gettext("Renewal")), said.renewal
    if said.source:
        yield str(gettext("Source")), said.source


def address(choice: Choice) -> str:
    """Where this paper is added."""
    return url_for("registration.licence_new", jurisdiction=choice.jurisdiction or NATIONAL, what=choice.code)


NATIONAL = "national"
"""Stands in an address for a paper that knows no jurisdiction."""


def cover_lines(rows: Sequence[Indemnity], *, today: date) -> list[PaperLine]:
    """Covers as their holder sees them."""
    return [_cover(row, today) for row in rows]


def _sentence(rule: Jurisdiction, said: Told) -> str:
    if rule.hidden:
        return str(gettext("We list nobody in %(place)s at present. What you add is kept.", place=said.name))
    if not rule.open:
        return str(
            gettext(
                "%(place)s issues no acupuncture licence, and we list nobody there yet. What you add is kept.",
                place=said.name,
            )
        )
    match rule.regime:
        case Regime.STATUTORY:
            return str(
                gettext(
                    "%(place)s licenses acupuncturists by law. For a place there we need the licence it issues itself.",
                    place=said.name,
                )
            )
        case Regime.VOLUNTARY:
            return str(
                gettext(
                    "No law licenses acupuncturists in %(place)s. We list people who are on one of these registers:",
                    place=said.name,
                )
            )
    return str(
        gettext(
            "%(place)s issues no acupuncture licence, and no state board takes complaints there. We list people with "
            "one of these, and say so on their page:",
            place=said.name,
        )
    )


def _way(way: Way, said: Told) -> str:
    names = [name_of_choice(each) for each in way.choices]
    first = gettext(" together with ").join(names)
    if not way.one_of:
        return first
    others = [each.body or "" for each in way.one_of]
    listed = str(gettext(" or ")).join([", ".join(others[:-1]), others[-1]] if len(others) > 1 else others)
    return str(gettext("%(body)s, together with the register of %(registers)s", body=first, registers=listed))


def _local(asked: Asked) -> str:
    if not asked.local:
        return ""
    listed = ", ".join(labels.word(labels.KINDS, each.kind) for each in asked.local)
    if not asked.local_required:
        return str(gettext("Local paper, asked for and shown, not required: %(papers)s.", papers=listed))
    if asked.exempt:
        exempt = ", ".join(asked.exempt)
        return str(
            gettext(
                "Local paper, required unless you are exempt (%(exempt)s): %(papers)s.", exempt=exempt, papers=listed
            )
        )
    return str(gettext("Local papers, required: %(papers)s.", papers=listed))


def _lacking(asked: Asked, held: set[tuple[CredentialKind, str | None]]) -> list[Choice]:
    begun = [way for way in asked.ways if any(_is_held(each, held) for each in way.choices)]
    found: list[Choice] = []
    if not any(_is_walked(way, held) for way in begun):
        for way in begun or asked.ways:
            found += [each for each in way.choices if not _is_held(each, held)]
            found += way.one_of if way in begun else ()
    found += [each for each in asked.local if not _is_held(each, held)]
    here = [each for each in found if each.jurisdiction is not None]
    return list(dict.fromkeys(here))


def _is_walked(way: Way, held: set[tuple[CredentialKind, str | None]]) -> bool:
    whole = all(_is_held(each, held) for each in way.choices)
    return whole and (not way.one_of or any(_is_held(each, held) for each in way.one_of))


def _is_held(choice: Choice, held: set[tuple[CredentialKind, str | None]]) -> bool:
    if choice.per_place:
        return False
    bodies = {body for kind, body in held if kind is choice.kind}
    return bool(bodies) if choice.body is None or choice.code == "licence" else choice.body in bodies


def _line(row: Credential, rules: Mapping[str, Jurisdiction], today: date) -> PaperLine:
    paper, rule = as_paper(row), rule_for(row.jurisdiction, rules)
    notes = tuple(_notes(row, rule, today))
    if row.given_up_on is not None:
        said = gettext("You gave it up on %(day)s. Nothing rests on it any more.", day=day(row.given_up_on))
        return PaperLine(_what(row), str(said), "missing", _href(row), ended=True)
    late = late_period(paper, rule, today=today) if rule is not None else None
    told_parts = [_number(row), papers.status(paper, late=late), papers.valid_to(paper, late=late)]
    first = ", ".join(part for part in told_parts if part)
    parts = [first[:1].upper() + first[1:] + "." if first else "", _standing(row, paper, rule)]
    return PaperLine(_what(row), " ".join(part for part in parts if part), known.mark_of(paper), _href(row), notes)


def _what(row: Credential) -> str:
    if row.kind is CredentialKind.EDUCATION:
        year = str(row.completed_year or "")
        return ", ".join(part for part in (row.title, row.body, year) if part)
    if row.kind is CredentialKind.CLEAN_NEEDLE_TECHNIQUE:
        return row.title or papers.what(Paper(kind=row.kind, status=row.status))
    return BODY_NAMES.get(row.body or "") or papers.what(as_paper(row))


def _number(row: Credential) -> str:
    return str(gettext("number %(number)s", number=row.number)) if row.number else ""


def _standing(row: Credential, paper: Paper, rule: Jurisdiction | None) -> str:
    if owner.is_own_word(row):
        if row.supersedes_id is not None:
            return str(gettext("Your change. The paper we checked stays as it is until this one is checked too."))
        return str(gettext("Your statement; we check it with whoever issued it."))
    said = papers.checked(paper, whom=rule.body if rule else None)
    return said[:1].upper() + said[1:] + "."


def _notes(row: Credential, rule: Jurisdiction | None, today: date) -> Iterable[str]:
    unusual = rule is not None and row.number and not rule.number_looks_usual(row.number)
    if unusual and rule is not None and owner.is_own_word(row) and _by_the_state(row):
        example = told(rule, {}).example
        yield str(
            gettext(
                "This number looks different from the usual ones there, such as %(example)s. If it is printed like "
                "this, leave it: boards change their numbers.",
                example=example,
            )
        )
    if row.expires is not None and row.expires < today:
        yield str(gettext("Its last day has passed. Once you have renewed it, change the date here."))
    if row.status in ORDERED_TO_STOP:
        yield str(gettext("We list nobody under a paper that is suspended or taken away."))
    if row.conditions_text:
        yield str(gettext("Shown beside it: %(text)s", text=row.conditions_text))


def _by_the_state(row: Credential) -> bool:
    return row.kind in (
        CredentialKind.STATUTORY_LICENCE,
        CredentialKind.STATUTORY_REGISTRATION,
        CredentialKind.CERTIFICATION_STATE,
    )


def _href(row: Credential) -> str:
    if row.kind in LEARNT:
        return url_for("registration.education_item", school_id=row.id)
    return url_for("registration.licence", credential_id=row.id)


def _cover(row: Indemnity, today: date) -> PaperLine:
    parts = [str(gettext("Valid to %(day)s.", day=day(row.expires)))]
    parts.append(
        str(gettext("It names pregnancy.") if row.covers_pregnancy else gettext("It does not name pregnancy."))
    )
    if row.verified_on is not None:
        parts.append(str(gettext("We have seen the document on %(day)s.", day=day(row.verified_on))))
    else:
        parts.append(str(gettext("Your statement; it counts once we have seen the document.")))
    if row.ended_on is not None:
        parts = [str(gettext("You ended it on %(day)s.", day=day(row.ended_on)))]
    notes = (
        (str(gettext("Its last day has passed. Add the policy that follows it.")),)
        if row.expires < today and row.ended_on is None
        else ()
    )
    return PaperLine(
        row.insurer or str(gettext("Indemnity insurance")),
        " ".join(parts),
        "missing" if row.ended_on else "shown" if row.verified_on else "stated",
        url_for("registration.cover", indemnity_id=row.id),
        notes,
        ended=row.ended_on is not None,
    )
