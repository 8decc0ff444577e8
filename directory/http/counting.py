"""Counting for practitioners how often they are shown: written after the answer, together, and without the visitor.

Neither the question nor anything about whoever asked it goes along: a practitioner's number, a day, a place in a list.
"""

from __future__ import annotations

from flask import request

from directory.figures import service
from directory.figures.rules import is_person
from directory.http import who
from directory.http.site import site
from directory.practitioners.models import Practitioner
from directory.search.results import Results


def listed(found: Results) -> None:
    """These people stood on a page of a list."""
    if _is_seen():
        site().figures.listed(
            [match.practitioner_id for match in found.matches],
            before=found.before,
            apart=[match.practitioner_id for match in found.newcomers],
            now=site().clock(),
        )
        _write()


def viewed(practitioner: Practitioner) -> None:
    """This person's profile was opened, by somebody else."""
    if _is_seen() and not _is_own(practitioner):
        site().figures.viewed(practitioner.id, now=site().clock())
        _write()


def _is_seen() -> bool:
    """Whether somebody is likely to read the answer."""
    purpose = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    return request.method == "GET" and is_person(request.headers.get("User-Agent", ""), purpose=purpose)


def _is_own(practitioner: Practitioner) -> bool:
    account = who.signed_in()
    return account is not None and account.id == practitioner.account_id


def _write() -> None:
    counts = site().figures.due(site().clock())
    if counts:
        site().database.afterwards(lambda own: service.write(own, counts))
