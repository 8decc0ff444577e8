"""What several people say against an entry counts; what one of them says, however often, never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.consultations.feedback import rules as feedback
from directory.consultations.outcomes import rules
from directory.consultations.outcomes.rules import Word, contradicted
from directory.consultations.outcomes.terms import Contact
from directory.consultations.terms import State
from directory.jurisdictions.rules import read
from directory.paths import SEEDS

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
DAY = timedelta(days=1)
AGAINST = sorted(rules.AGAINST)

words = st.lists(
    st.builds(
        Word,
        contact=st.sampled_from(Contact),
        at=st.integers(0, 90).map(lambda days: NOW - days * DAY),
        mailbox=st.sampled_from("abcd"),
        network=st.sampled_from("xyz"),
        used=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda word: (word.mailbox, word.at),
)


def said(contact: Contact, mailbox: str, *, days: int = 1, network: str | None = None, used: bool = False) -> Word:
    return Word(contact=contact, at=NOW - days * DAY, mailbox=mailbox, network=network or f"net-{mailbox}", used=used)


@pytest.mark.parametrize("contact", AGAINST)
def test_two_different_people_are_enough_and_one_is_not(contact: Contact) -> None:
    assert contradicted([said(contact, "a"), said(contact, "b")], now=NOW) == {contact}
    assert contradicted([said(contact, "a")], now=NOW) == frozenset()
    assert contradicted([said(contact, "a", days=n) for n in range(1, 9)], now=NOW) == frozenset()


def test_two_who_say_different_things_are_not_enough() -> None:
    assert contradicted([said(Contact.NO_ANSWER, "a"), said(Contact.WRONG_NUMBER, "b")], now=NOW) == frozenset()


def test_the_first_word_counts_for_sixty_days() -> None:
    pair = [said(Contact.NO_ANSWER, "a", days=59), said(Contact.NO_ANSWER, "b")]
    assert contradicted(pair, now=NOW)
    assert not contradicted(pair, now=NOW + DAY)


def test_as_many_who_were_reached_do_not_weigh_it_up_and_more_do() -> None:
    pair = [said(Contact.NO_ANSWER, "a"), said(Contact.NO_ANSWER, "b")]
    reached = [said(Contact.REACHED, mailbox) for mailbox in "cde"]
    assert contradicted(pair + reached[:2], now=NOW) == {Contact.NO_ANSWER}
    assert contradicted(pair + reached, now=NOW) == frozenset()


@given(words, st.sampled_from(AGAINST))
def test_from_one_mailbox_or_one_network_nothing_ever_comes(some: list[Word], contact: Contact) -> None:
    assert contradicted([replace(each, mailbox="a", contact=contact) for each in some], now=NOW) == frozenset()
    assert contradicted([replace(each, network="x") for each in some], now=NOW) == frozenset()


@given(words, st.randoms())
def test_the_order_in_which_words_are_read_does_not_matter(some: list[Word], chance: Random) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert contradicted(shuffled, now=NOW) == contradicted(some, now=NOW)


@given(words)
def test_somebody_who_was_reached_never_makes_it_worse(some: list[Word]) -> None:
    more = [*some, said(Contact.REACHED, "new", days=0)]
    assert contradicted(more, now=NOW) <= contradicted(some, now=NOW)


@given(words)
def test_what_counts_is_new_recent_and_said_by_enough(some: list[Word]) -> None:
    for contact in contradicted(some, now=NOW):
        fresh = [each for each in some if each.contact is contact and not each.used and each.at > NOW - rules.WITHIN]
        assert len({each.mailbox for each in fresh}) >= rules.DIFFERENT
        assert len({each.network for each in fresh}) >= rules.DIFFERENT


@given(words)
def test_over_words_that_opened_a_case_no_second_one_is_opened(some: list[Word]) -> None:
    assert contradicted([replace(each, used=True) for each in some], now=NOW) == frozenset()


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (State.LAPSED, 5),
        (State.ASKED, 5),
        (State.HAPPENED, 3),
        (State.CONFIRMED, 3),
        (State.DECLINED, None),
        (State.WITHDRAWN, None),
        (State.CANCELLED, None),
        (State.ELSEWHERE, None),
        (State.QUEUED, None),
    ],
)
def test_a_patient_is_asked_days_after_the_request_or_the_day_after_the_talk(state: State, due: int | None) -> None:
    sent, starts = NOW, NOW + 2 * DAY
    asked = [day for day in range(40) if rules.is_due(state, request_sent=sent, starts_at=starts, now=NOW + day * DAY)]
    assert asked == ([] if due is None else list(range(due, due + 21)))


def test_nobody_met_before_the_talk_is_over() -> None:
    assert not rules.met(State.CONFIRMED, NOW, 30, now=NOW + timedelta(minutes=29))
    assert rules.met(State.CONFIRMED, NOW, 30, now=NOW + timedelta(minutes=30))
    assert not rules.met(State.CANCELLED, NOW, 30, now=NOW + DAY)


# --- words about a service -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "My legs are quiet since then.",
        "I slept through the night!",
        "The treatment really worked.",
        "It cured my RLS",
        "no more pain",
        "I felt much better afterwards",
        "I was 20 weeks pregnant",
        "I could halve my medication",
        "The needles left bruises",
    ],
)
def test_words_about_health_or_a_treatment_are_found(words: str) -> None:
    assert feedback.speaks_of_treatment(words)


@pytest.mark.parametrize(
    "words",
    [
        "Answered the same day, was on time, and told me the price before I came.",
        "The room was on the third floor without a lift, which the page does not say.",
        "Kind on the telephone. Waited twenty minutes.",
        "A secure place, and easy to find.",
    ],
)
def test_words_about_the_service_pass(words: str) -> None:
    assert feedback.speaks_of_treatment(words) is None
    assert not feedback.names_a_way(words)


@pytest.mark.parametrize("words", ["see www.example.org", "me@example.org", "ring 503 555 0142", "mysite.com"])
def test_no_way_to_reach_anybody_stands_in_them(words: str) -> None:
    assert feedback.names_a_way(words)


def test_the_law_of_australia_lets_nothing_be_shown_and_an_unknown_law_neither() -> None:
    law = read(SEEDS / "jurisdictions.csv")
    assert not feedback.may_be_shown(law["AU"])
    assert not feedback.may_be_shown(None)
    assert feedback.may_be_shown(law["US-OR"])
    assert feedback.may_be_shown(law["GB-ENG"])
