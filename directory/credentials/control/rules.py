"""What proves that somebody is the person whom the papers name, and what never does. Pure.

A way counts only where somebody else than the applicant names it: a register, or whoever certifies them. A document
alone proves that somebody has a document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from directory.credentials.control.terms import Answer, LetterState, Look, Origin, Paper
from directory.geo.names import fold
from directory.guide.words import N_

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of codes on paper: nothing that is read as something else."""
CODE_LENGTH: Final = 12
CODE_DAYS: Final = 30
MOST_TRIES: Final = 5
"""Wrong ones; with the last of them the code is dead."""
QUESTION_DAYS: Final = 14
PROOF_LASTS: Final = timedelta(days=180)
"""A proof that nobody decided on says nothing after this."""
OLDEST: Final = timedelta(days=62)
"""A register's page that was read longer ago says nothing of today."""
AHEAD: Final = timedelta(days=1)
"""East of Greenwich it is tomorrow already."""
LONGEST_SAID: Final = 1_000
LONGEST_SOURCE: Final = 300
MOST_LINES: Final = 8
FEWEST_DIGITS: Final = 7

INDEPENDENT: Final = frozenset({Origin.NPPES, Origin.REGISTER, Origin.CERTIFIER})
"""Whoever is not the applicant."""

_TWO_PARTS: Final = frozenset({"ac", "co", "com", "edu", "gov", "govt", "net", "nhs", "org", "or", "ne", "go"})
"""Second labels under which countries give names away, as in ``co.uk``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who says that a person is reached at a number or an address, and of which day that is."""

    origin: Origin
    name: str
    """The register, or the address of its page."""
    day: date | None
    """Of the file that was taken in, or on which the page was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call."""

    source: Source
    number: str
    answer: Answer | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question to a certifying body, at the address that its own page prints."""

    to: str
    body: str
    page: str
    """Where the address was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A look at an identity paper. There is no room here for its number."""

    paper: Paper | None
    look: Look | None
    on: date | None
    is_them: bool | None
    """Whether name and face were those of the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """Where the applicant says that they, or people who speak for them, are reached."""

    emails: frozenset[str]
    """Their own; nobody at the same site counts."""
    sites: frozenset[str] = frozenset()
    """Hosts of their own pages on the web."""
    others: frozenset[str] = frozenset()
    """Addresses of people whom they named."""


# --- calls -----------------------------------------------------------------------------------------------------------


def call_proves(call: Call) -> bool:
    """Whether this call shows that whoever applied is the person whom the register names."""
    return call.source.origin in INDEPENDENT and call.answer is Answer.THEMSELVES


def complaints_call(call: Call, *, today: date) -> dict[str, str]:
    """Why this call cannot be put on record, by field."""
    found = _source(call.source, today)
    if sum(each.isdigit() for each in call.number) < FEWEST_DIGITS or len(call.number) > 40:
        found["number"] = N_("Please give the number that you called, as the register prints it.")
    if call.answer is None:
        found["answer"] = N_("Please say who answered.")
    if not call.said.strip():
        found["said"] = N_("Please write what was said.")
    elif len(call.said) > LONGEST_SAID:
        found["said"] = N_("That is too long. There is room for 1,000 characters.")
    return found


def _source(source: Source, today: date) -> dict[str, str]:
    if source.origin is not Origin.REGISTER:
        return {}
    found = {}
    if not is_page(source.name):
        found["source"] = N_("Please give the address of the register’s page, beginning with https://.")
    if source.day is None:
        found["read_on"] = N_("Please give the day on which you read it there.")
    elif source.day > today + AHEAD:
        found["read_on"] = N_("That day has not come yet.")
    elif source.day < today - OLDEST:
        found["read_on"] = N_("That is more than two months ago. Please read it again.")
    return found


# --- letters ---------------------------------------------------------------------------------------------------------


def code(draw: Callable[[str], str]) -> str:
    """A new code; ``draw`` picks one sign, by chance that nobody can foresee (``secrets.choice``)."""
    return "".join(draw(ALPHABET) for _ in range(CODE_LENGTH))


def in_groups(text: str) -> str:
    """As it is printed: three groups of four."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def read_code(typed: str) -> str:
    """What was typed without what stands between the signs, in capitals."""
    return re.sub(r"[\s\-–.]", "", typed).upper()


def letter_state(*, made_at: datetime, wrong: int, used_at: datetime | None, now: datetime) -> LetterState:
    """How a letter stands now."""
    if used_at is not None:
        return LetterState.USED
    if wrong >= MOST_TRIES:
        return LetterState.DEAD
    if now >= made_at + timedelta(days=CODE_DAYS):
        return LetterState.EXPIRED
    return LetterState.LIVE


def complaints_letter(source: Source, lines: Sequence[str], *, today: date) -> dict[str, str]:
    """Why no letter goes there, by field. Nothing is ever sent to an address that the applicant gave."""
    found = _source(source, today)
    if source.origin not in INDEPENDENT:
        found["origin"] = N_("A letter goes only to the address that a register prints.")
    if not 2 <= len(lines) <= MOST_LINES or any(len(each) > 120 for each in lines):
        found["address"] = N_("Please give the address in two to eight lines, as the register prints it.")
    return found


# --- certifiers ------------------------------------------------------------------------------------------------------


def complaints_asking(asking: Asking, supplied: Supplied) -> dict[str, str]:
    """Why the certifier is not asked at this address, by field."""
    found = {}
    if not asking.body.strip() or len(asking.body) > 200:
        found["body"] = N_("Please give the name of the body that certifies them.")
    if not is_page(asking.page):
        found["page"] = N_("Please give the page of the body on which you read the address, beginning with https://.")
    elif is_supplied(site_of(host_of(asking.page)), supplied):
        found["page"] = N_("That is a page of the applicant’s own. Read the address on the body’s own page.")
    if asking.to.casefold() in supplied.emails | supplied.others:
        found["to"] = N_("The applicant gave this address. It proves nothing.")
    elif is_supplied(site_of(asking.to.rpartition("@")[2]), supplied):
        found["to"] = N_("The applicant gave an address at the same domain. It proves nothing.")
    return found


def is_supplied(site: str, supplied: Supplied) -> bool:
    """Whether a domain is one at which the applicant has mail or pages."""
    theirs = {each.rpartition("@")[2] for each in supplied.emails} | supplied.sites
    return site in {site_of(each) for each in theirs if each}


def site_of(host: str) -> str:
    """The domain that somebody registered, of which this host is a part: ``mail.example.co.uk`` is ``example.co.uk``.

    Countries differ in how many labels they give away; where it is not known one too many is taken for theirs, so that
    two hosts are rather found to be of one domain than of two.
    """
    labels = [each for each in host.casefold().strip(". ").split(".") if each]
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _TWO_PARTS
    return ".".join(labels[-3:] if deep else labels[-2:])


def is_page(address: str) -> bool:
    """Whether this is shaped like the address of a page on the web."""
    return len(address) <= LONGEST_SOURCE and address.startswith(("https://", "http://")) and "." in host_of(address)


def host_of(address: str) -> str:
    """The host in the address of a page; empty where none can be read."""
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""


# --- identity papers -------------------------------------------------------------------------------------------------


def complaints_seen(seen: Seen, *, today: date) -> dict[str, str]:
    """Why this look cannot be put on record, by field."""
    found = {}
    if seen.paper is None:
        found["paper"] = N_("Please say what kind of paper it was.")
    if seen.look is None:
        found["look"] = N_("Please say how you saw it.")
    if seen.on is None:
        found["seen_on"] = N_("Please give the day on which it was seen.")
    elif seen.on > today + AHEAD:
        found["seen_on"] = N_("That day has not come yet.")
    elif seen.on < today - OLDEST:
        found["seen_on"] = N_("That is more than two months ago. Please look again.")
    if seen.is_them is None:
        found["is_them"] = N_("Please say whether it was this person.")
    return found


# --- what stands -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What decides whether a proof still speaks for whoever has the profile."""

    proves: bool
    name: str
    account_id: int | None
    at: datetime


def stands(proof: Stands, *, name: str, account_id: int | None, now: datetime) -> bool:
    """Whether it proved something, and of the very name and account that the profile has today."""
    same = same_name(proof.name, name)
    return proof.proves and same and proof.account_id == account_id and proof.at > now - PROOF_LASTS


def same_name(one: str, other: str) -> bool:
    """Whether both are written alike, whatever their case, accents and the order of their parts."""
    return sorted(fold(one).split()) == sorted(fold(other).split())


def outlives(*, was: str, name: str, published: bool) -> bool:
    """Whether what was decided about who somebody is holds after a change of their name.

    A new name of a profile that was ever published waits until somebody has looked at it; any other applies at once,
    so that nobody would be asked again.
    """
    return published or same_name(was, name)


def names(first: str, last: str, person: str) -> bool:
    """Whether a register's entry is in this person's name; middle names may be lacking on either side."""
    written = {*fold(first).split(), *fold(last).split()}
    return bool(fold(first).strip() and fold(last).strip()) and written <= set(fold(person).split())
