"""What falls due, by date: the days by which the rules decide, each told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from directory.credentials.keeping.upcoming import RECENT_DAYS, Event, upcoming
from directory.credentials.rules import Cover, Paper
from directory.credentials.terms import CredentialKind, CredentialStatus
from directory.practitioners.rules import ATTESTATION_DAYS, WARN_DAYS
from tests.unit.credentials.people import person

TODAY = date(2026, 11, 23)
LICENCE = Paper(
    kind=CredentialKind.STATUTORY_LICENCE,
    status=CredentialStatus.ACTIVE,
    jurisdiction="US-OR",
    number="AC1",
    expires=TODAY + timedelta(days=60),
    verified_on=TODAY,
)


def somebody(**facts: object) -> object:
    standard = {"attested_on": TODAY, "papers": (LICENCE,), "covers": (), "declaration": None}
    return replace(person(), **(standard | facts))


def told(*people: object) -> list[tuple[int, Event]]:
    return [((each.on - TODAY).days, each.event) for each in upcoming(people, today=TODAY)]  # type: ignore[arg-type]


def test_the_nearest_comes_first() -> None:
    assert told(somebody()) == [
        (60, Event.PAPER_ENDS),
        (WARN_DAYS, Event.SEARCHERS_WARNED),
        (ATTESTATION_DAYS, Event.HIDDEN),
    ]


def test_two_places_of_one_person_tell_a_paper_once_and_each_confirmation() -> None:
    found = told(somebody(), somebody(attested_on=TODAY - timedelta(days=10)))
    assert [day for day, event in found if event is Event.PAPER_ENDS] == [60]
    assert [day for day, event in found if event is Event.SEARCHERS_WARNED] == [80, 90]


def test_what_ended_lately_is_still_told_and_what_ended_long_ago_is_not() -> None:
    for days, number in ((RECENT_DAYS, 1), (RECENT_DAYS + 1, 0)):
        paper = replace(LICENCE, expires=TODAY - timedelta(days=days))
        found = told(somebody(papers=(paper,)))
        assert len([event for _, event in found if event is Event.PAPER_ENDS]) == number


def test_of_several_insurances_the_longest_counts_and_only_where_it_was_checked() -> None:
    covers = tuple(
        Cover(expires=TODAY + timedelta(days=days), covers_pregnancy=False, verified_on=seen)
        for days, seen in ((10, TODAY), (40, TODAY), (300, None))
    )
    assert (40, Event.COVER_ENDS) in told(somebody(covers=covers))


def test_a_paper_that_a_newer_one_has_replaced_falls_due_no_more() -> None:
    assert not [
        each for each in told(somebody(papers=(replace(LICENCE, superseded=True),))) if each[1] is Event.PAPER_ENDS
    ]
