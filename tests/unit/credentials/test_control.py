"""What proves who somebody is, and what never does."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.cases.terms import Kind
from directory.credentials.control import rules
from directory.credentials.control.rules import Asking, Call, Seen, Source, Stands, Supplied
from directory.credentials.control.terms import Answer, Channel, LetterState, Look, Origin, Paper
from directory.credentials.decisions.rules import METHODS
from directory.credentials.decisions.terms import Method

TODAY = date(2026, 5, 4)
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NPPES = Source(origin=Origin.NPPES, name="NPPES 1234567893", day=TODAY)
CALL = Call(source=NPPES, number="+1 503 555 0100", answer=Answer.THEMSELVES, said="It is hers.")
ASKS = Asking(to="roll@board.example", body="The board", page="https://board.example/contact")
OWN = Supplied(emails=frozenset({"ada@fern-rooms.co.uk"}), sites=frozenset({"www.ada.example"}))


def test_the_desk_decides_on_these_ways_and_on_no_document() -> None:
    assert {each.value for each in METHODS[Kind.CONTROL]} == {each.value for each in Channel}
    assert Method.DOCUMENT_ONLY not in METHODS[Kind.CONTROL]


@given(st.sampled_from(Origin), st.sampled_from(Answer))
def test_a_call_proves_only_over_a_number_of_somebody_elses(origin: Origin, answer: Answer) -> None:
    proves = rules.call_proves(replace(CALL, source=replace(NPPES, origin=origin), answer=answer))
    assert proves == (origin is not Origin.APPLICANT and answer is Answer.THEMSELVES)


def test_a_call_says_what_number_and_what_was_said() -> None:
    assert rules.complaints_call(CALL, today=TODAY) == {}
    empty = replace(CALL, number="", answer=None, said=" ")
    assert set(rules.complaints_call(empty, today=TODAY)) == {"number", "answer", "said"}
    page = Source(origin=Origin.REGISTER, name="the register", day=None)
    assert set(rules.complaints_call(replace(CALL, source=page), today=TODAY)) == {"source", "read_on"}
    old = Source(origin=Origin.REGISTER, name="https://board.example/1", day=TODAY - timedelta(days=63))
    assert set(rules.complaints_call(replace(CALL, source=old), today=TODAY)) == {"read_on"}


@given(st.integers(0, 2**32))
def test_a_code_is_typed_as_it_is_printed_or_in_any_other_way(seed: int) -> None:
    signs = iter(range(seed, seed + rules.CODE_LENGTH))
    code = rules.code(lambda alphabet: alphabet[next(signs) * 7 % len(alphabet)])
    printed = rules.in_groups(code)
    assert rules.read_code(printed) == rules.read_code(f" {printed.lower().replace(' ', '-')} ") == code
    assert not set(code) & set("0O1IL")


@given(st.integers(0, 60 * 24), st.integers(0, 5), st.booleans())
def test_a_code_is_good_for_thirty_days_and_five_wrong_tries(hours: int, wrong: int, used: bool) -> None:
    state = rules.letter_state(
        made_at=NOW, wrong=wrong, used_at=NOW if used else None, now=NOW + timedelta(hours=hours)
    )
    assert (state is LetterState.LIVE) == (not used and wrong < 5 and hours < 30 * 24)


def test_no_letter_goes_where_the_applicant_says() -> None:
    lines = ("Ada Byron", "12 Fern Way", "Portland OR 97214")
    assert rules.complaints_letter(NPPES, lines, today=TODAY) == {}
    assert "origin" in rules.complaints_letter(replace(NPPES, origin=Origin.APPLICANT), lines, today=TODAY)
    assert "address" in rules.complaints_letter(NPPES, lines[:1], today=TODAY)


@pytest.mark.parametrize(
    ("to", "page", "wrong"),
    [
        ("roll@board.example", "https://board.example/contact", set()),
        ("ada@fern-rooms.co.uk", "https://board.example", {"to"}),
        ("ADA@FERN-ROOMS.CO.UK", "https://board.example", {"to"}),
        ("roll@mail.fern-rooms.co.uk", "https://board.example", {"to"}),
        ("roll@other.co.uk", "https://board.example", set()),
        ("roll@ada.example", "https://board.example", {"to"}),
        ("roll@board.example", "https://blog.ada.example/board", {"page"}),
        ("friend@elsewhere.example", "https://board.example", {"to"}),
        ("roll@board.example", "board.example", {"page"}),
    ],
)
def test_a_certifier_is_asked_at_an_address_of_its_own(to: str, page: str, wrong: set[str]) -> None:
    supplied = replace(OWN, others=frozenset({"friend@elsewhere.example"}))
    assert set(rules.complaints_asking(replace(ASKS, to=to, page=page), supplied)) == wrong


_LABEL = st.text(string.ascii_lowercase, min_size=1, max_size=8)


@given(_LABEL, _LABEL, st.lists(_LABEL, max_size=3))
def test_whatever_lies_below_a_domain_is_of_that_domain(name: str, end: str, below: list[str]) -> None:
    domain = f"{name}.{end}museum"
    supplied = Supplied(emails=frozenset({f"me@{domain}"}))
    assert "to" in rules.complaints_asking(replace(ASKS, to=f"x@{'.'.join([*below, domain])}"), supplied)


def test_a_look_at_a_paper_says_what_how_and_when() -> None:
    seen = Seen(paper=Paper.PASSPORT, look=Look.VIDEO, on=TODAY, is_them=True)
    assert rules.complaints_seen(seen, today=TODAY) == {}
    nothing = Seen(paper=None, look=None, on=None, is_them=None)
    assert set(rules.complaints_seen(nothing, today=TODAY)) == {"paper", "look", "seen_on", "is_them"}


def test_a_proof_is_of_one_name_and_one_account_for_a_while() -> None:
    proof = Stands(proves=True, name="Ada Byron", account_id=5, at=NOW)
    assert rules.stands(proof, name="BYRON, ada".replace(",", ""), account_id=5, now=NOW)
    assert not rules.stands(proof, name="Mary Byron", account_id=5, now=NOW)
    assert not rules.stands(proof, name="Ada Byron", account_id=6, now=NOW)
    assert not rules.stands(proof, name="Ada Byron", account_id=5, now=NOW + rules.PROOF_LASTS)
    assert not rules.stands(replace(proof, proves=False), name="Ada Byron", account_id=5, now=NOW)


def test_only_a_new_name_that_nobody_looks_at_undoes_what_was_proved() -> None:
    assert rules.outlives(was="Ada Byron", name="byron ADA", published=False)
    assert not rules.outlives(was="Ada Byron", name="Mary Byron", published=False)
    assert rules.outlives(was="Ada Byron", name="Mary Byron", published=True)


def test_an_entry_in_another_name_is_no_way_to_this_person() -> None:
    assert rules.names("JUNIPER", "UNDERHILL", "Juniper M. Underhill")
    assert not rules.names("JUNIPER", "UNDERHILL", "Mallory Underhill")
    assert not rules.names("", "", "Anybody")
