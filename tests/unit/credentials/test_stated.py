"""What can be kept of what somebody types about a paper, and at which field it is told when it cannot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from directory.credentials.models import Credential, PregnancyDeclaration, RlsExperience
from directory.credentials.stating.declared import PREGNANCY_ITEMS, RLS_ITEMS, PregnancyStated, RlsStated
from directory.credentials.stating.stated import StatedCover, StatedPaper, checked_cover, checked_paper, number_key
from directory.credentials.terms import CredentialKind, CredentialStatus
from directory.errors import InvalidInput
from tests.unit.credentials.people import TODAY, day

ONLY_A_CHECK_SAYS = {
    "verified_on",
    "check_method",
    "identity_match",
    "last_checked_at",
    "next_check_on",
    "unknown_since",
    "last_known_status",
    "evidence_url",
    "evidence_hash",
    "late_until",
    "renewal_pending",
    "discipline",
    "supersedes_id",
    "given_up_on",
    "practitioner_id",
    "id",
    "created_at",
}


def _licence(**facts: Any) -> StatedPaper:
    standard: dict[str, Any] = {
        "kind": CredentialKind.STATUTORY_LICENCE,
        "jurisdiction": "US-OR",
        "number": "AC123456",
        "valid_from": day(-400),
        "expires": day(300),
    }
    return StatedPaper(**(standard | facts))


def _school(**facts: Any) -> StatedPaper:
    return StatedPaper(**({"kind": CredentialKind.EDUCATION, "body": "A College", "completed_year": 2010} | facts))


def test_a_statement_has_no_place_for_what_only_a_check_can_say() -> None:
    assert not ONLY_A_CHECK_SAYS & set(StatedPaper.__dataclass_fields__)
    assert set(StatedPaper.__dataclass_fields__) | ONLY_A_CHECK_SAYS | {"scope", "registration_type"} == set(
        Credential.__table__.columns.keys()
    )
    for stated, row in ((RlsStated, RlsExperience), (PregnancyStated, PregnancyDeclaration)):
        names = set(stated.__dataclass_fields__)
        assert not {name for name in names if "verif" in name or "signed" in name or "attested" in name}
        assert names <= set(row.__table__.columns.keys()) | {"supervisor_reach"}


def test_every_declared_field_belongs_to_one_item() -> None:
    for items, stated, alone in (
        (RLS_ITEMS, RlsStated, {"visits_per_week"}),
        (PREGNANCY_ITEMS, PregnancyStated, set()),
    ):
        named = [name for names in items.values() for name in names]
        assert len(named) == len(set(named))
        assert set(named) | alone == set(stated.__dataclass_fields__)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"expires": day(-401)}, "expires"),
        ({"expires": day(365 * 40)}, "expires"),
        ({"no_expiry": True}, "expires"),
        ({"valid_from": TODAY.replace(year=1207)}, "valid_from"),
        ({"valid_from": TODAY + timedelta(days=500), "expires": None}, "valid_from"),
        ({"number": "  "}, "number"),
        ({"number": "7" * 81}, "number"),
        ({"number": "AC\x00123"}, "number"),
        ({"jurisdiction": None}, "body"),
        ({"kind": CredentialKind.PREMISES_APPROVAL}, "place_id"),
        ({"status": CredentialStatus.UNKNOWN}, "status"),
        ({"status": CredentialStatus.REVOKED}, "status"),
        ({"conditions_text": "x" * 5000}, "conditions_text"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_paper(_licence(**facts), today=TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "facts",
    [
        {"expires": day(-1)},
        {"expires": day(-400), "valid_from": day(-400)},
        {"valid_from": day(30)},
        {"expires": None, "no_expiry": True},
        {"expires": None, "valid_from": None},
        {"number": "not at all like an Oregon number"},
        {"name_on_record": "\u200fليلى حداد\u200f "},
        {"status": CredentialStatus.SUSPENDED, "raw_status": "Suspended pending hearing"},
    ],
)
def test_what_is_only_unusual_is_kept(facts: dict[str, Any]) -> None:
    checked_paper(_licence(**facts), today=TODAY)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"body": ""}, "body"),
        ({"completed_year": TODAY.year + 1}, "completed_year"),
        ({"completed_year": 1066}, "completed_year"),
        ({"kind": CredentialKind.CLEAN_NEEDLE_TECHNIQUE, "valid_from": day(1)}, "valid_from"),
    ],
)
def test_what_was_learnt_lies_behind(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_paper(_school(**facts), today=TODAY)
    assert refused.value.field == field


def test_a_school_needs_no_number() -> None:
    assert checked_paper(_school(body="  A   College "), today=TODAY).body == "A College"


@pytest.mark.parametrize(("facts", "field"), [({"insurer": " "}, "insurer"), ({"expires": day(365 * 50)}, "expires")])
def test_a_cover_needs_an_insurer_and_a_year_one_believes(facts: dict[str, Any], field: str) -> None:
    stated = StatedCover(**({"insurer": "A Mutual", "expires": day(30), "covers_acupuncture": True} | facts))
    with pytest.raises(InvalidInput) as refused:
        checked_cover(stated, today=TODAY)
    assert refused.value.field == field


def test_one_number_is_written_in_many_ways() -> None:
    assert number_key("ac-12 34.56") == number_key("AC123456") != number_key("AC123457")
    assert number_key(None) == ""
