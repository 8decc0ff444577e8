"""What practitioners say of their papers. Pure.

These forms have no place for anything that only a check can say: no day or way of checking, no match of a name with a
register. Whoever builds one from what was posted cannot smuggle any in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from directory.credentials.terms import STATABLE, CredentialKind, CredentialStatus
from directory.errors import InvalidInput
from directory.guide.words import N_

OLDEST: Final = date(1930, 1, 1)
AHEAD: Final = timedelta(days=366)
"""How far ahead a paper may begin: a renewal, a move."""
LONGEST_RUN: Final = timedelta(days=366 * 30)
LONGEST_TEXT: Final = 4_000

LEARNT: Final = frozenset({CredentialKind.EDUCATION, CredentialKind.CLEAN_NEEDLE_TECHNIQUE})
"""What somebody learnt runs out in no register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPaper:
    """A paper as its holder describes it."""

    kind: CredentialKind
    jurisdiction: str | None = None
    place_id: int | None = None
    body: str | None = None
    title: str | None = None
    number: str | None = None
    name_on_record: str | None = None
    raw_status: str | None = None
    status: CredentialStatus = CredentialStatus.ACTIVE
    valid_from: date | None = None
    expires: date | None = None
    no_expiry: bool = False
    conditions_text: str | None = None
    accredited_by: str | None = None
    completed_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedCover:
    """Indemnity insurance as its holder describes it."""

    insurer: str
    expires: date
    covers_acupuncture: bool
    covers_pregnancy: bool = False


_PAPER_TEXTS: Final = (
    ("body", 200),
    ("title", 200),
    ("number", 80),
    ("name_on_record", 200),
    ("raw_status", 200),
    ("accredited_by", 120),
)


def checked_paper(stated: StatedPaper, *, today: date) -> StatedPaper:
    """The paper with its texts in order; ``InvalidInput`` at the first field that cannot be kept."""
    tidy = replace(
        stated,
        **lines(stated, _PAPER_TEXTS),
        conditions_text=text("conditions_text", stated.conditions_text),
    )
    if tidy.status not in STATABLE:
        raise InvalidInput(N_("Please choose one of the answers offered."), field="status")
    if tidy.kind in LEARNT:
        _check_learnt(tidy, today)
    else:
        _check_number(tidy)
    _check_days(tidy, today)
    return tidy


def _check_learnt(stated: StatedPaper, today: date) -> None:
    if not stated.body:
        message = (
            N_("Please name the school.")
            if stated.kind is CredentialKind.EDUCATION
            else N_("Please say who held the course.")
        )
        raise InvalidInput(message, field="body")
    year = stated.completed_year
    if year is not None and year > today.year:
        raise InvalidInput(
            N_("That year has not come yet. Please give the year in which you finished."), field="completed_year"
        )
    if year is not None and year < OLDEST.year:
        raise InvalidInput(N_("That is very long ago. Please check the year."), field="completed_year")
    if stated.valid_from is not None and stated.valid_from > today:
        raise InvalidInput(N_("That day has not come yet. Please give the day of the certificate."), field="valid_from")


def _check_number(stated: StatedPaper) -> None:
    if not stated.number:
        raise InvalidInput(N_("Please give the number, as the register writes it."), field="number")
    if stated.jurisdiction is None and not stated.body:
        raise InvalidInput(N_("Please say who issued it."), field="body")
    if stated.kind is CredentialKind.PREMISES_APPROVAL and stated.place_id is None:
        raise InvalidInput(N_("Please say which of your places it is for."), field="place_id")


def _check_days(stated: StatedPaper, today: date) -> None:
    begins, ends = stated.valid_from, stated.expires
    if begins is not None and begins < OLDEST:
        raise InvalidInput(N_("That is very long ago. Please check the year."), field="valid_from")
    if begins is not None and begins > today + AHEAD:
        raise InvalidInput(N_("That is more than a year ahead. Please check the year."), field="valid_from")
    if ends is not None and stated.no_expiry:
        raise InvalidInput(N_("Please give a last day or say that none is printed, not both."), field="expires")
    if ends is not None and ends < OLDEST:
        raise InvalidInput(N_("That is very long ago. Please check the year."), field="expires")
    if ends is not None and ends > today + LONGEST_RUN:
        raise InvalidInput(
            N_("That is more than thirty years ahead. If no last day is printed, say so below."), field="expires"
        )
    if begins is not None and ends is not None and ends < begins:
        raise InvalidInput(N_("The last day lies before the day of issue. Please look at both again."), field="expires")


def checked_cover(stated: StatedCover, *, today: date) -> StatedCover:
    """The cover with its texts in order; ``InvalidInput`` at the first field that cannot be kept."""
    insurer = line("insurer", stated.insurer, 200)
    if insurer is None:
        raise InvalidInput(N_("Please name the insurer."), field="insurer")
    if not OLDEST <= stated.expires <= today + LONGEST_RUN:
        raise InvalidInput(N_("Please check the year."), field="expires")
    return replace(stated, insurer=insurer)


def number_key(number: str | None) -> str:
    """A number without what people write differently: case, spaces, hyphens, full stops."""
    return "".join(sign for sign in (number or "").casefold() if sign.isalnum())


def line(name: str, value: str | None, longest: int) -> str | None:
    """One line without spare spaces; ``None`` when nothing is left of it."""
    tidy = " ".join((value or "").split())
    _readable(name, tidy, longest)
    return tidy or None


def lines(stated: Any, names: Iterable[tuple[str, int]]) -> dict[str, Any]:
    """These fields, each as one line of at most so many signs."""
    return {name: line(name, getattr(stated, name), longest) for name, longest in names}


def text(name: str, value: str | None) -> str | None:
    """Several lines without spare spaces; ``None`` when nothing is left of them."""
    split = (value or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tidy = "\n".join(" ".join(each.split()) for each in split).strip()
    _readable(name, tidy.replace("\n", " "), LONGEST_TEXT)
    return tidy or None


def _readable(name: str, tidy: str, longest: int) -> None:
    if len(tidy) > longest:
        raise InvalidInput(N_("That is too long. Please shorten it."), field=name)
    if "\N{REPLACEMENT CHARACTER}" in tidy or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in tidy):
        raise InvalidInput(N_("That contains signs that cannot be read."), field=name)


def number(name: str, value: float, largest: int) -> None:
    """``InvalidInput`` unless it lies between nothing and the largest one would believe."""
    if not 0 <= value <= largest:
        raise InvalidInput(N_("Please check this number."), field=name)
