"""Counting practitioners and what they hold, over rows of which one practitioner may have several. Pure."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bits: TypeAlias = npt.NDArray[np.uint64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]
Seats: TypeAlias = npt.NDArray[np.int32]


def one_each(person: Seats, people: int) -> tuple[Bools, Seats]:
    """For each entry whether it is the one that stands for its person, and the position of the one that does.

    ``person`` holds numbers below ``people``. Nothing is sorted: everybody takes their own seat and then looks who sits
    in it, which for people who live close together touches little memory.
    """
    seat = np.empty(people, dtype=np.int32)
    place = np.arange(len(person), dtype=np.int32)
    seat[person] = place
    sitting = seat[person]
    return sitting == place, sitting


def joined(held: Bits, person: Seats, people: int) -> Bits:
    """One column of bits for each person: what they hold in any entry. ``held`` has shape (words, entries)."""
    stands, sitting = one_each(person, people)
    others = np.flatnonzero(~stands)
    if len(others) == 0:
        return held
    held = held.copy()
    for word in held:
        np.bitwise_or.at(word, sitting[others], word[others])
    return held[:, stands]


def bit_counts(words: Bits) -> Ints:
    """For each bit, number 64 × word + bit, how many columns have it set. ``words`` has shape (words, columns).

    Three columns of bits are added into a sum and a carry of twice the weight, for all 64 bits and all columns at once
    (a carry-save adder), until few are left; those few are unpacked. It takes about five operations a column.
    """
    counts = np.zeros(len(words) * 64, dtype=np.int64)
    weight = 1
    while words.shape[1]:
        carries = []
        while (third := words.shape[1] // 3) >= _FEW:
            a, b, c = words[:, :third], words[:, third : 2 * third], words[:, 2 * third : 3 * third]
            either = a ^ b
            carries.append((a & b) | (either & c))
            words = np.concatenate([either ^ c, words[:, 3 * third :]], axis=1)
        octets = np.ascontiguousarray(words.T).astype("<u8").view(np.uint8)
        counts += weight * np.unpackbits(octets, axis=1, bitorder="little").sum(axis=0, dtype=np.int64)
        words = np.concatenate(carries, axis=1) if carries else words[:, :0]
        weight *= 2
    return counts


_FEW = 16
"""Below this, unpacking costs less than adding."""
