"""How many examples a property is tried with: a quarter in each run of ``make test``, and all with ``THOROUGH=1``."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("THOROUGH", "").lower() in {"1", "true", "yes"}
"""Whether time does not matter: properties then get all their examples, other ones each time."""

_SHARE = 4
_LEAST = 10


def examples(thorough: int = 100) -> int:
    """The number of examples of a property that deserves so many where time does not matter."""
    return thorough if THOROUGH else max(_LEAST, thorough // _SHARE)
