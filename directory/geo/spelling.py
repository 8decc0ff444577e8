"""Names that are spelled like another, among a hundred thousand, within some milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

_ALIKE = 0.75
_SHORTLIST = 150


class Spelling:
    """Counts of each letter tell which names could be meant at all; only those are compared sign by sign."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        encoded = [name.encode("ascii", "replace") for name in names]
        lengths = np.fromiter((len(name) for name in encoded), dtype=np.int64, count=len(encoded))
        signs = np.frombuffer(b"".join(encoded), dtype=np.uint8).astype(np.int64)
        rows = np.repeat(np.arange(len(encoded), dtype=np.int64), lengths)
        counts = np.bincount(rows * 32 + signs % 32, minlength=32 * len(encoded))
        self._counts: npt.NDArray[np.int8] = np.minimum(counts, 100).astype(np.int8).reshape(len(encoded), 32)

    def near(self, name: str, most: int = 8) -> list[str]:
        """Names like this one, the likest first."""
        if not name:
            return []
        signs = np.frombuffer(name.encode("ascii", "replace")[:60], dtype=np.uint8) % 32
        wanted = np.bincount(signs, minlength=32).astype(np.int8)
        difference = np.abs(self._counts - wanted).sum(axis=1, dtype=np.int64)
        shortlist = np.argpartition(difference, min(_SHORTLIST, len(difference) - 1))[:_SHORTLIST]
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(name)
        scored: list[tuple[float, str]] = []
        for index in sorted(int(index) for index in shortlist):
            matcher.set_seq1(self._names[index])
            if matcher.quick_ratio() >= _ALIKE and (ratio := matcher.ratio()) >= _ALIKE:
                # People get the first letter right more often than any other.
                same_start = self._names[index][:1] == name[:1]
                scored.append((ratio + 0.05 * same_start, self._names[index]))
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return [alike for _, alike in scored[:most]]
