"""Counting without sorting, against sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.search.tallies import bit_counts, joined, one_each
from tests.examples import examples

people = st.lists(st.integers(0, 9), max_size=40)
words = st.integers(0, 2**64 - 1)


@given(person=people)
def test_one_of_each_stands_for_all_of_theirs(person: list[int]) -> None:
    seats = np.array(person, dtype=np.int32)
    stands, sitting = one_each(seats, 10)
    assert sorted(seats[stands].tolist()) == sorted(set(person))
    assert all(person[at] == person[number] and stands[at] for number, at in enumerate(sitting.tolist()))


@given(entries=st.lists(st.tuples(st.integers(0, 9), words, words), max_size=40))
def test_what_somebody_holds_anywhere_is_held_once(entries: list[tuple[int, int, int]]) -> None:
    person = np.array([each for each, *_ in entries], dtype=np.int32)
    held = np.array([[one for _, one, _ in entries], [two for *_, two in entries]], dtype=np.uint64)
    before = held.copy()
    together = joined(held, person, 10)
    by_hand: dict[int, tuple[int, int]] = {}
    for each, one, two in entries:
        old = by_hand.get(each, (0, 0))
        by_hand[each] = (old[0] | one, old[1] | two)
    assert sorted(zip(*together.tolist(), strict=True)) == sorted(by_hand.values())
    assert np.array_equal(held, before), "the index itself is never written to"


@settings(max_examples=examples(60))
@given(
    size=st.integers(0, 400) | st.sampled_from([47, 48, 49, 143, 144, 145, 3**6]),
    rows=st.integers(1, 3),
    seed=st.integers(0, 2**32 - 1),
    density=st.floats(0, 1),
)
def test_bits_are_counted_as_one_by_one(size: int, rows: int, seed: int, density: float) -> None:
    bits = np.random.default_rng(seed).random((rows * 64, size)) < density
    packed = np.zeros((rows, size), dtype=np.uint64)
    for number, held in enumerate(bits):
        packed[number // 64] |= held.astype(np.uint64) << np.uint64(number % 64)
    before = packed.copy()
    assert bit_counts(packed).tolist() == bits.sum(axis=1).tolist()
    assert np.array_equal(packed, before)
