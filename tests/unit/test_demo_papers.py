"""Papers of demonstration people are what their place asks for, and fall short when they should."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from directory.cli.demo.papers import LACKS, Lack, PaperMaker, Papers, title_in
from directory.credentials.rules import Cover, Paper, Person, permits
from directory.credentials.service import CredentialDraft
from directory.jurisdictions.rules import read
from directory.paths import SEEDS
from directory.practitioners.terms import AccountStatus

TODAY = date(2026, 11, 23)
RULES = read(SEEDS / "jurisdictions.csv")
OPEN = [code for code, rule in RULES.items() if rule.open]
PLACE = 7


def _paper(draft: CredentialDraft, place_id: int | None) -> Paper:
    return Paper(
        kind=draft.kind,
        status=draft.status,
        jurisdiction=draft.jurisdiction,
        place_id=place_id,
        body=draft.body,
        title=draft.title,
        valid_from=draft.valid_from,
        expires=draft.expires,
        verified_on=draft.check.verified_on if draft.check else None,
        check_method=draft.check.method if draft.check else None,
        identity_match=draft.check.identity_match if draft.check else False,
    )


def _allowed(papers: Papers, code: str) -> bool:
    person = Person(
        profession=papers.profession,
        account_status=AccountStatus.PUBLISHED,
        held=False,
        holder_proved_on=TODAY,
        attested_on=TODAY,
        papers=(*(_paper(each, None) for each in papers.held), *(_paper(each, PLACE) for each in papers.premises)),
        covers=(Cover(expires=TODAY, covers_pregnancy=False, verified_on=TODAY),),
    )
    return permits(person, RULES[code], place_id=PLACE, today=TODAY).allowed


@pytest.mark.parametrize("code", OPEN)
def test_most_may_be_listed_wherever_anybody_may(code: str) -> None:
    maker = PaperMaker(RULES, TODAY)
    listed = sum(_allowed(maker.make(seed, code, None, Random(seed)), code) for seed in range(60))
    assert listed >= 45


@pytest.mark.parametrize("lack", [Lack.EXPIRED, Lack.NOT_VERIFIED, Lack.LICENCE_SUSPENDED])
@pytest.mark.parametrize("code", ["US-OR", "US-OK", "GB-ENG", "CA-other", "AU", "NZ"])
def test_nobody_with_such_a_lack_may(code: str, lack: Lack) -> None:
    maker = PaperMaker(RULES, TODAY)
    made = [maker.make(seed, code, lack, Random(seed)) for seed in range(30)]
    assert not any(_allowed(each, code) for each in made)
    dates = [(paper.valid_from, paper.expires) for each in made for paper in each.held]
    assert all(start is None or end is None or start <= end for start, end in dates)


def test_no_two_papers_bear_one_number() -> None:
    """Not even of another kind or place: people whose checked papers bear one number hide each other."""
    maker = PaperMaker(RULES, TODAY)
    made = [maker.make(person, OPEN[person % len(OPEN)], None, Random(person)) for person in range(1, 4000)]
    numbers = [paper.number for each in made for paper in (*each.held, *each.premises)]
    assert len(numbers) > 4000
    assert len(set(numbers)) == len(numbers)


def test_most_papers_were_checked_in_the_last_month() -> None:
    maker = PaperMaker(RULES, TODAY)
    papers = [paper for person in range(400) for paper in maker.make(person, "US-OR", None, Random(person)).held]
    days = [(TODAY - paper.check.verified_on).days for paper in papers if paper.check and paper.check.verified_on]
    assert len(days) == len(papers)
    assert 0.85 < sum(each < 30 for each in days) / len(days) < 1
    assert min(days) > 0


def test_about_one_in_ten_lacks_something() -> None:
    assert sum(LACKS.values()) == pytest.approx(100)
    assert LACKS[None] == pytest.approx(90, abs=2)


def test_titles_come_from_the_table() -> None:
    assert title_in(RULES["US-OR"]) == "Licensed Acupuncturist"
    assert title_in(RULES["CA-BC"]) == "R.Ac."
    assert title_in(RULES["US-OK"]) is None
    assert title_in(replace(RULES["US-OR"], titles="(none)")) is None
