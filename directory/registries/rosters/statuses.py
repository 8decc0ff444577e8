"""What boards' words for a status mean, in our words. The board's own word is always kept beside it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from directory.credentials.terms import CredentialStatus as Status

_GAPS = re.compile(r"[^a-z]+")

EXACT: Final[Mapping[str, Status]] = {
    "active": Status.ACTIVE,
    "current": Status.ACTIVE,
    "clear": Status.ACTIVE,
    "licensed": Status.ACTIVE,
    "registered": Status.ACTIVE,
    "valid": Status.ACTIVE,
    "renewed": Status.ACTIVE,
    "reinstated": Status.ACTIVE,
    "in good standing": Status.ACTIVE,
    "good standing": Status.ACTIVE,
    "inactive": Status.INACTIVE,
    "exempt": Status.EXEMPT,
    "registered not practising": Status.REGISTERED_NOT_PRACTISING,
    "expired": Status.EXPIRED,
    "delinquent": Status.DELINQUENT,
    "lapsed": Status.LAPSED,
    "probation": Status.PROBATION,
    "temporary": Status.TEMPORARY,
    "pending": Status.PENDING,
    "retired": Status.RETIRED,
    "cancelled": Status.CANCELLED,
    "canceled": Status.CANCELLED,
    "closed": Status.CLOSED,
    "deceased": Status.DECEASED,
    "suspended": Status.SUSPENDED,
    "revoked": Status.REVOKED,
    "surrendered": Status.SURRENDERED,
    "denied": Status.DENIED,
}

_PATTERNS: Final = tuple(
    (re.compile(pattern), status)
    for pattern, status in (
        (r"\bstay", Status.PROBATION),
        (r"\b(interim|emergency|summar\w*) (order )?suspen", Status.INTERIM_SUSPENDED),
        (r"\brevo[ck]", Status.REVOKED),
        (r"\bsurrender|\brelinquish", Status.SURRENDERED),
        (r"\bsuspen", Status.SUSPENDED),
        (r"\bdenied|\brefused", Status.DENIED),
        (r"\bdeceased|\bdied\b", Status.DECEASED),
        (r"\bprobation", Status.PROBATION),
        (
            r"\bcondition|\brestrict|\bstipulat|\blimited|\bundertaking|\breprimand|\bcensure",
            Status.ACTIVE_WITH_CONDITIONS,
        ),
        (r"\bnot? renew|\bnon renew|\bnull and void|\bexpire", Status.EXPIRED),
        (r"\bdelinquent|\bpast due|\boverdue", Status.DELINQUENT),
        (r"\blapse", Status.LAPSED),
        (r"\bretire", Status.RETIRED),
        (r"\bcancel", Status.CANCELLED),
        (r"\bclosed|\bterminat|\bwithdrawn|\bno longer", Status.CLOSED),
        (r"\b(not|non|in)\s?(active|current|practi)|\binactiv", Status.INACTIVE),
        (r"\bpending|\bapplication|\bapplicant", Status.PENDING),
        (r"\btemporary|\bprovisional", Status.TEMPORARY),
        (r"\bactive\b|\bcurrent\b|\bclear\b|\bgood standing\b|\blicensed\b", Status.ACTIVE),
    )
)

WORST_LAST: Final = (
    Status.ACTIVE,
    Status.TEMPORARY,
    Status.ACTIVE_WITH_CONDITIONS,
    Status.PROBATION,
    Status.PENDING,
    Status.EXEMPT,
    Status.REGISTERED_NOT_PRACTISING,
    Status.INACTIVE,
    Status.EXPIRED_GRACE,
    Status.LAPSED,
    Status.DELINQUENT,
    Status.EXPIRED,
    Status.RETIRED,
    Status.CLOSED,
    Status.CANCELLED,
    Status.UNKNOWN,
    Status.DECEASED,
    Status.DENIED,
    Status.INTERIM_SUSPENDED,
    Status.SUSPENDED,
    Status.SURRENDERED,
    Status.REVOKED,
)
_RANK: Final = {status: rank for rank, status in enumerate(WORST_LAST)}


def severity(status: Status) -> int:
    """How bad a status is; of several words the worst counts."""
    return _RANK[status]


def canonical(raw: str, reasons: Iterable[str] = (), *, own: Mapping[str, Status]) -> Status:
    """The worst of what a board says. ``own`` are words that mean something else with this board than with others.

    ``reasons`` are further columns that only count where they can be understood: Connecticut writes INACTIVE, and says
    beside it that the licence lapsed. ``UNKNOWN`` where the status itself cannot be understood.
    """
    said = _of(raw, own)
    if not said:
        return Status.UNKNOWN
    for reason in reasons:
        said += [status for status in _of(reason, own) if status not in (Status.PENDING, Status.UNKNOWN)]
    return max(said, key=severity)


def _of(raw: str, own: Mapping[str, Status]) -> list[Status]:
    """What the whole says, or each of its parts: "Delinquent/Active", "Active - With Conditions"."""
    whole = _plain(raw)
    if not whole:
        return []
    one = own.get(whole) or EXACT.get(whole)
    if one is not None:
        return [one]
    parts = [_plain(each) for each in re.split(r"[/;,|]|\s-\s", raw)]
    found = [own.get(each) or EXACT.get(each) or _by_pattern(each) for each in parts if each]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else [*known, Status.UNKNOWN]


def _by_pattern(words: str) -> Status | None:
    return next((status for pattern, status in _PATTERNS if pattern.search(words)), None)


def _plain(raw: str) -> str:
    return _GAPS.sub(" ", raw.lower()).strip()


_NO: Final = frozenset(
    {"", "n", "no", "none", "false", "f", "na", "n a", "null", "not applicable", "no action", "clear"}
)


def is_said(raw: str) -> bool:
    """Whether a column about discipline says that there was any: "N", "No" and nothing say that there was none."""
    return _plain(raw) not in _NO or any(sign.isdigit() and sign != "0" for sign in raw)
