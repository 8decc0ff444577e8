"""Which change is shown at once and which somebody looks at first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from directory.credentials.edits import rules
from directory.credentials.edits.terms import FieldClass
from directory.practitioners.service import CHANGEABLE

changes = st.dictionaries(st.sampled_from(sorted(rules.PERSON)), st.text(max_size=5))


def test_every_field_of_a_person_has_a_class() -> None:
    assert rules.PERSON.keys() == CHANGEABLE


@given(changes, st.booleans())
def test_nothing_is_lost_and_nothing_done_twice(changed: dict[str, str], published: bool) -> None:
    parts = rules.split(changed, rules.PERSON, published=published)
    assert not parts.at_once.keys() & parts.to_be_seen.keys()
    assert parts.at_once | parts.to_be_seen == changed


@given(changes)
def test_a_profile_nobody_ever_saw_is_changed_at_once(changed: dict[str, str]) -> None:
    assert rules.split(changed, rules.PERSON, published=False).to_be_seen == {}


@given(changes)
def test_of_a_published_one_only_free_fields_are(changed: dict[str, str]) -> None:
    parts = rules.split(changed, rules.PERSON, published=True)
    assert all(rules.PERSON[name] is FieldClass.FREE for name in parts.at_once)
    assert all(rules.PERSON[name] is not FieldClass.FREE for name in parts.to_be_seen)


def test_one_careful_field_makes_the_whole_change_careful() -> None:
    both = {"biography": "x", "website": "https://example.org"}
    assert rules.split(both, rules.PERSON, published=True).field_class is FieldClass.REVERIFY
    assert rules.split({"biography": "x"}, rules.PERSON, published=True).field_class is FieldClass.REVIEWED
