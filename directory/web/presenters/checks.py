"""The words of a check: what was checked, with whom, when, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from directory.credentials.models import Indemnity
from directory.credentials.queries import PaperOnFile
from directory.credentials.rules import late_period
from directory.credentials.terms import CredentialKind, Verification
from directory.http.locale import day, gettext
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.models import Practitioner
from directory.web.presenters import known, labels, papers

_IN_THE_STATES_REGISTER: Final = frozenset(
    {
        CredentialKind.STATUTORY_LICENCE,
        CredentialKind.STATUTORY_REGISTRATION,
        CredentialKind.CERTIFICATION_STATE,
    }
)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list of checks, as the component of that name takes it."""

    claim: str
    state: str
    said: str
    next: str | None = None
    href: str | None = None


def of_papers(
    person: Practitioner,
    on_file: Sequence[PaperOnFile],
    covers: Sequence[Indemnity],
    rules: Mapping[str, Jurisdiction],
    today: date,
) -> Iterator[Check]:
    """The checks of somebody: papers, indemnity insurance, and that the holder of the papers is who is shown."""
    for each in on_file:
        yield _paper(each, rules, today)
    cover = next((each for each in covers if each.verified_on is not None and today <= each.expires), None)
    if cover is not None and cover.verified_on is not None:
        said = gettext(
            "Insurance document of %(insurer)s seen on %(day)s, valid to %(end)s.",
            insurer=cover.insurer or gettext("an insurer"),
            day=day(cover.verified_on),
            end=day(cover.expires),
        )
        more = gettext("It names pregnancy.") if cover.covers_pregnancy else gettext("It does not name pregnancy.")
        yield Check(str(gettext("Indemnity insurance")), "shown", f"{said} {more}")
    if person.holder_proved_on is not None:
        said = gettext(
            "On %(day)s it was shown that the person behind this profile holds the papers above.",
            day=day(person.holder_proved_on),
        )
        yield Check(str(gettext("Whose profile this is")), "checked", str(said))


def _paper(filed: PaperOnFile, rules: Mapping[str, Jurisdiction], today: date) -> Check:
    paper = filed.paper
    rule = rules.get(paper.jurisdiction or "")
    late = late_period(paper, rule, today=today) if rule is not None else None
    checked = papers.checked(paper, whom=rule.body if rule else None)
    parts = [papers.status(paper, late=late), checked, papers.valid_to(paper, late=late)]
    said = ", ".join(part for part in parts if part)
    details = [said[:1].upper() + said[1:] + "."]
    if late is not None and rule is not None and rule.late_days and rule.renewal:
        details.append(str(gettext("The rule of the register: %(rule)s.", rule=rule.renewal)))
    if paper.number:
        details.append(str(gettext("Number %(number)s.", number=paper.number)))
    details += _programme(filed)
    if filed.accredited_by:
        details.append(str(gettext("The programme was accredited by %(body)s.", body=filed.accredited_by)))
    register = website(filed.evidence_url)
    if rule is not None and register is None and paper.kind in _IN_THE_STATES_REGISTER and len(rule.lookup) > 1:
        details.append(str(gettext("Look the licence up at: %(lookup)s.", lookup=rule.lookup)))
    mark = known.mark_of(paper)
    return Check(
        papers.what(paper),
        mark,
        " ".join(details),
        None if mark == "stated" else _next(filed, today),
        register,
    )


def _programme(filed: PaperOnFile) -> Iterator[str]:
    """What was learnt at a school, and when it was finished."""
    if filed.paper.kind is CredentialKind.EDUCATION and filed.paper.title:
        yield str(gettext("Programme: %(title)s.", title=filed.paper.title))
    if filed.completed_year is not None:
        yield str(gettext("Finished in %(year)s.", year=filed.completed_year))


def _next(filed: PaperOnFile, today: date) -> str | None:
    """What comes next for a paper: our next look at it where one is planned, else its renewal; no day that is past."""
    if filed.next_check_on is not None and filed.next_check_on >= today:
        return str(gettext("Next check by %(day)s.", day=day(filed.next_check_on)))
    if filed.paper.expires is not None and filed.paper.expires >= today:
        return str(gettext("Next: its renewal, due by %(day)s.", day=day(filed.paper.expires)))
    return None


def item(claim: object, said: object, verification: Verification, stated: bool) -> Check:
    """One thing declared, with how far it was verified; said to be missing where nothing was stated."""
    if not stated:
        return Check(str(claim), "missing", str(gettext("Nothing told us")))
    how = labels.word(labels.VERIFICATION, verification)
    return Check(str(claim), known.MARKS[verification], f"{said} ({how}).")


def detailed(said: object, *details: str | None) -> str:
    """What is said, with its details behind a colon."""
    known_details = "; ".join(each for each in details if each)
    return f"{said}: {known_details}" if known_details else str(said)


def website(address: str | None) -> str | None:
    """The address when it is one that a browser may be sent to."""
    if not address:
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    return address.strip() if parts.scheme in ("http", "https") and parts.hostname else None
