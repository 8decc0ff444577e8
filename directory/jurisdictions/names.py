"""What people call each jurisdiction: proper names, the same in every English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
NAMES: Final[Mapping[str, str]] = {
    "US-AL": "Alabama", "US-AK": "Alaska", "US-AZ": "Arizona", "US-AR": "Arkansas", "US-CA": "California",
    "US-CO": "Colorado", "US-CT": "Connecticut", "US-DE": "Delaware", "US-DC": "District of Columbia",
    "US-FL": "Florida", "US-GA": "Georgia", "US-HI": "Hawaii", "US-ID": "Idaho", "US-IL": "Illinois",
    "US-IN": "Indiana", "US-IA": "Iowa", "US-KS": "Kansas", "US-KY": "Kentucky", "US-LA": "Louisiana",
    "US-ME": "Maine", "US-MD": "Maryland", "US-MA": "Massachusetts", "US-MI": "Michigan", "US-MN": "Minnesota",
    "US-MS": "Mississippi", "US-MO": "Missouri", "US-MT": "Montana", "US-NE": "Nebraska", "US-NV": "Nevada",
    "US-NH": "New Hampshire", "US-NJ": "New Jersey", "US-NM": "New Mexico", "US-NY": "New York",
    "US-NC": "North Carolina", "US-ND": "North Dakota", "US-OH": "Ohio", "US-OK": "Oklahoma", "US-OR": "Oregon",
    "US-PA": "Pennsylvania", "US-RI": "Rhode Island", "US-SC": "South Carolina", "US-SD": "South Dakota",
    "US-TN": "Tennessee", "US-TX": "Texas", "US-UT": "Utah", "US-VT": "Vermont", "US-VA": "Virginia",
    "US-WA": "Washington", "US-WV": "West Virginia", "US-WI": "Wisconsin", "US-WY": "Wyoming",
    "GB-ENG": "England", "GB-LDN": "London", "GB-WLS": "Wales", "GB-SCT": "Scotland", "GB-NIR": "Northern Ireland",
    "IE": "Ireland", "AU": "Australia", "NZ": "New Zealand",
    "CA-BC": "British Columbia", "CA-AB": "Alberta", "CA-ON": "Ontario", "CA-QC": "Quebec",
    "CA-NL": "Newfoundland and Labrador", "CA-NS": "Nova Scotia", "CA-NB": "New Brunswick",
    "CA-PE": "Prince Edward Island", "CA-SK": "Saskatchewan", "CA-MB": "Manitoba", "CA-YT": "Yukon",
    "CA-NT": "Northwest Territories", "CA-NU": "Nunavut", "CA-other": "Canada",
}
# fmt: on


def name_of(code: str | None) -> str:
    """The name of a jurisdiction; its code where it has none, nothing where there is no jurisdiction."""
    return NAMES.get(code or "", code or "")
