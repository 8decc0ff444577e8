"""One of two profiles that are looked at side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from directory.credentials.queries import covers_on_file, papers_on_file
from directory.http.locale import day, gettext
from directory.http.site import session
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner
from directory.web.presenters import case_labels, papers


@dataclass(frozen=True, slots=True)
class Side:
    """What hangs on one of the two."""

    person: Practitioner
    standing: str
    account: str
    places: Sequence[str]
    papers: Sequence[str]
    covers: Sequence[str]


def side(person: Practitioner) -> Side:
    """What hangs on this profile."""
    filed = papers_on_file(session(), person.id)
    standing = [str(case_labels.ACCOUNT_STATUSES[person.account_status])]
    if person.held_since is not None:
        standing.append(str(gettext("held since %(day)s", day=day(person.held_since.date()))))
    if person.account_id is None:
        kept = gettext("nobody keeps it")
    elif person.holder_proved_on is None:
        kept = gettext("an account keeps it; who that is was not proved")
    else:
        kept = gettext("an account keeps it; proved on %(day)s who that is", day=day(person.holder_proved_on))
    return Side(
        person=person,
        standing=", ".join(standing),
        account=str(kept),
        places=[f"{each.label}, {each.locality}" for each in people.places_of(session(), person.id)],
        papers=[
            " – ".join(
                part for part in (papers.what(each.paper), each.paper.number, papers.checked(each.paper)) if part
            )
            for each in filed
        ],
        covers=[
            str(gettext("%(insurer)s, until %(day)s", insurer=each.insurer or "–", day=day(each.expires)))
            for each in covers_on_file(session(), person.id)
        ],
    )
