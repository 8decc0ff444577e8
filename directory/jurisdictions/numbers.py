"""What a number of each register usually looks like, for a person who copies theirs. Boards change their numbers, so
nothing is ever refused for looking different."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
EXAMPLES: Final[Mapping[str, str]] = {
    "US-CA": "AC12345", "US-CO": "ACU.0001234", "US-FL": "AP1234", "US-HI": "ACU-1234", "US-ID": "ACU-123",
    "US-IL": "198.001234", "US-MD": "U01234", "US-MI": "5401001234", "US-MO": "2010012345", "US-MT": "MED-ACU-LIC-1234",
    "US-NJ": "25MZ00123400", "US-NY": "001234", "US-OH": "65.001234", "US-OR": "AC123456", "US-PA": "AK001234",
    "US-TX": "AC01234", "US-UT": "123456-1201", "US-VA": "0121001234", "US-WA": "AC60123456", "US-WI": "1234-55",
    "CA-QC": "A-123-45", "AU": "CMR0001234567",
}
# fmt: on
"""Invented numbers of the usual shape, by code; every row of the table with a pattern has one."""
