"""About 15 in 100 demonstration people take on somebody in the first trimester, in small regions too."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from directory.cli.demo.declarations import indemnity, pregnancy
from directory.credentials.rules import Cover, Declaration, Person, admits_pregnancy
from directory.jurisdictions.rules import read
from directory.paths import SEEDS
from directory.practitioners.terms import AccountStatus, Profession
from directory.screening.rules import Weeks

TODAY = date(2026, 11, 23)
OREGON = read(SEEDS / "jurisdictions.csv")["US-OR"]


def _taken_on(number: int, weeks: Weeks) -> bool:
    random = Random(number)
    draft = pregnancy(TODAY, number, random)
    if draft is None:
        return False
    cover = indemnity(TODAY, draft, random)
    person = Person(
        profession=Profession.ACUPUNCTURIST,
        account_status=AccountStatus.PUBLISHED,
        held=False,
        holder_proved_on=TODAY,
        attested_on=TODAY,
        papers=(),
        covers=(Cover(expires=cover.expires, covers_pregnancy=True, verified_on=cover.verified_on),),
        declaration=Declaration(
            treats=draft.treats,
            min_week=draft.min_week,
            max_week=draft.max_week,
            training_hours=draft.training_hours,
            training_verification=draft.training_verification,
            point_policy=draft.point_policy,
            written_consent=draft.written_consent,
            emergency_policy=draft.emergency_policy,
            truth_declared=draft.truth_declared,
            signed_on=draft.signed_on,
        ),
    )
    return not admits_pregnancy(person, OREGON, weeks=weeks, today=TODAY)


@pytest.mark.parametrize(("weeks", "share"), [(Weeks(5, 6), 0.13), (Weeks(12, 13), 0.15), (Weeks(20, 21), 0.18)])
def test_the_share_that_takes_on_a_pregnancy(weeks: Weeks, share: float) -> None:
    assert sum(_taken_on(number, weeks) for number in range(4000)) / 4000 == pytest.approx(share, abs=0.015)


def test_every_neighbourhood_of_numbers_has_its_share() -> None:
    for first in range(1, 1000, 50):
        assert 3 <= sum(_taken_on(number, Weeks(12, 13)) for number in range(first, first + 50)) <= 10
