"""The layouts of eight boards, each described in a few lines, and how a file's layout is known by its header. Pure.

The same data set is exported under different headings, in different orders and with columns left away, so a heading is
compared in lower case without spaces and signs, a field has several possible headings, and a board is known by what
its headings have that others' have not. The name of the file says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from directory.credentials.terms import CredentialStatus as Status
from directory.downloads import BrokenFile
from directory.registries.rosters import numbers

_SIGNS = re.compile(r"[^a-z0-9]+")

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": (
        "license number", "license no", "license num", "license #", "license", "licence number", "lic number", "lic no",
        "credential number", "registration number", "full credential code", "number",
    ),
    "family": ("last name", "org/last name", "licensee last name", "surname", "family name", "l name", "last"),
    "given": ("first name", "licensee first name", "given name", "forename", "f name", "first"),
    "middle": ("middle name", "middle", "middle initial", "mi", "m name"),
    "suffix": ("suffix", "name suffix", "generation"),
    "name": ("name", "full name", "combined name", "licensee name", "licensee", "individual name"),
    "status": (
        "license status", "status", "license status description", "status description", "credential status",
        "licence status", "lic status",
    ),
    "expires": (
        "expiration date", "license expiration date", "expire date", "expiry date", "exp date", "expires", "expiration",
        "date expires", "valid until",
    ),
    "issued": (
        "original issue date", "issue date", "first issue date", "license first issue date", "date issued",
        "original date", "issued", "effective date",
    ),
    "city": ("practice location address city", "city", "mailing address city", "mail city", "town"),
    "region": ("practice location address state", "state", "mailing address state", "mail state"),
}  # fmt: skip
"""What each field may be called by any board; what a board calls it itself is looked for first."""

_REQUIRED: Final = {
    "number": "the licence number",
    "status": "the status",
    "expires": "the day of expiry",
}
_LEAST_KNOWN = 3
"""So many headings of one board make a line worth calling its header."""

_ACUPUNCTURE = re.compile(r"acup|eastasianmed|easternmed|orientalmed|\beamp\b|\baemp\b")
_OTHER_LICENCE = re.compile(r"detox|auricular|acupressure|student|trainee|assistant|technician|animal|veterinar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One board's way of publishing its licensees."""

    jurisdiction: str
    board: str
    headings: str
    """Every heading the board is known to publish, with ``|`` between them."""
    types: tuple[str, ...] = ()
    """Headings that say what licence it is. Without any of them everybody in the file is an acupuncturist."""
    codes: frozenset[str] = frozenset()
    """What stands for acupuncture in them, in lower case, where no word does."""
    prefixes: tuple[str, ...] = ()
    code: str = ""
    digits: int = 0
    """What belongs to every number and is not always written; see ``numbers.key``."""
    reasons: tuple[str, ...] = ()
    """Headings that say more about the status."""
    discipline: tuple[str, ...] = ()
    business: tuple[str, frozenset[str]] = ("", frozenset())
    """The heading that tells people from organisations, and what it says of an organisation, in lower case."""
    words: Mapping[str, Status] = field(default_factory=dict)
    """Words for a status that only this board uses, or uses otherwise."""

    def number_key(self, number: str) -> str:
        """The number as it is compared."""
        return numbers.key(number, prefixes=self.prefixes, code=self.code, digits=self.digits)

    def is_acupuncture(self, types: Sequence[str]) -> bool:
        """Whether a licence of these types lets somebody practise acupuncture; without types it does."""
        said = [each.strip().lower() for each in types if each.strip()]
        if not said:
            return True
        if any(_OTHER_LICENCE.search(each) for each in said):
            return False
        return any(each in self.codes or _ACUPUNCTURE.search(each.replace(" ", "")) for each in said)


LAYOUTS: Final = (
    Layout(
        jurisdiction="US-CA",
        board="California Acupuncture Board",
        headings="Agency Name|LicTypeCode|License Type|License Number|Indiv/Org|Org/Last Name|First Name|Middle Name|"
        "Suffix|Address Line 1|Address Line 2|City|County|State|Zip|Country|Original Issue Date|Expiration Date|"
        "License Status",
        types=("LicTypeCode", "License Type"),
        codes=frozenset({"ac"}),
        prefixes=("AC", "CA"),
        business=("Indiv/Org", frozenset({"org", "organization", "organisation", "o"})),
    ),
    Layout(
        jurisdiction="US-CO",
        board="Colorado Department of Regulatory Agencies",
        headings="lastname|firstname|middlename|suffix|entityname|city|state|mailzipcode|licensetype|subcategory|"
        "licensenumber|licensefirstissuedate|licenselastreneweddate|licenseexpirationdate|licensestatusdescription|"
        "specialty|programaction|disciplineeffectivedate|casenumber|linktoverifylicense|linktoviewhealthcareprofile",
        types=("licensetype",),
        codes=frozenset({"acu"}),
        prefixes=("ACU", "CO"),
        discipline=("programaction", "casenumber"),
    ),
    Layout(
        jurisdiction="US-CT",
        board="Connecticut Department of Public Health",
        headings="credentialid|name|type|businessname|dba|fullcredentialcode|credentialnumber|credentialtype|"
        "credential|status|statusreason|active|issuedate|effectivedate|expirationdate|address|city|state|zip|"
        "recordrefreshedon|credentialsubcategory",
        types=("credentialtype", "credential"),
        codes=frozenset({"36"}),
        prefixes=("CT",),
        code="36",
        digits=6,
        reasons=("statusreason",),
        business=("type", frozenset({"business", "organization", "organisation", "entity", "facility"})),
    ),
    Layout(
        jurisdiction="US-DE",
        board="Delaware Division of Professional Regulation",
        headings="last_name|first_name|combined_name|license_no|profession_id|license_type|city|state|zip_code|"
        "country|issue_date|expiration_date|disciplinary_action|license_status",
        types=("license_type", "profession_id"),
        prefixes=("CT", "DE"),
        discipline=("disciplinary_action",),
    ),
    Layout(
        jurisdiction="US-FL",
        board="Florida Board of Acupuncture",
        headings="pro_cde|Profession-Name|lic_id|Expire-Date|Original-Date|Rank-Code|License-Number|"
        "Status-Effective-Date|Board-Action-Indicator|License-Status-Description|Last-Name|First-Name|Middle-Name|"
        "Name-Suffix|Business-Name|License-Active-Status-Description|County|County-Description|"
        "Mailing-Address-Line1|Mailing-Address-line2|Mailing-Address-line3|Mailing-Address-City|"
        "Mailing-Address-State|Mailing-Address-ZIPcode|Mailing-Address-Area-Code|Mailing-Address-Phone-Number|"
        "Mailing-Address-Phone-Extension|Practice-Location-Address-Line1|Practice-Location-Address-line2|"
        "Practice-Location-Address-line3|Practice-Location-Address-City|Practice-Location-Address-State|"
        "Practice-Location-Address-ZIPcode|Email|Mod-Cdes|Prescribe-Ind|Dispensing-Ind|Birth-Year-Range|Other-License",
        types=("pro_cde", "Profession-Name", "Rank-Code"),
        codes=frozenset({"2701", "ap"}),
        prefixes=("AP", "FL"),
        reasons=("License-Active-Status-Description",),
        discipline=("Board-Action-Indicator",),
    ),
    Layout(
        jurisdiction="US-IL",
        board="Illinois Department of Financial and Professional Regulation",
        headings="license_type|description|license_number|license_status|business|title|first_name|middle|last_name|"
        "prefix|suffix|business_name|businessdba|original_issue_date|effective_date|expiration_date|city|state|zip|"
        "county|specialty_qualifier|controlled_substance_schedule|delegated_controlled_substance_schedule|"
        "ever_disciplined|lastmodifieddate|case_number|action|discipline_start_date|discipline_end_date|"
        "discipline_reason",
        types=("license_type", "description"),
        prefixes=("IL",),
        code="198",
        digits=6,
        discipline=("ever_disciplined", "action", "discipline_reason"),
        business=("business", frozenset({"y", "yes", "true"})),
    ),
    Layout(
        jurisdiction="US-MD",
        board="Maryland State Acupuncture Board",
        headings="Profession|License #|Last Name|First Name|Status|Expire Date|Date Issued|Discipline",
        types=("Profession",),
        prefixes=("U", "MD"),
        discipline=("Discipline",),
        words={
            "a": Status.ACTIVE,
            "d": Status.DECEASED,
            "e": Status.EXPIRED,
            "i": Status.INACTIVE,
            "l": Status.LAPSED,
            "n": Status.EXPIRED,
            "p": Status.PROBATION,
            "r": Status.REVOKED,
            "s": Status.SUSPENDED,
        },
    ),
    Layout(
        jurisdiction="US-WA",
        board="Washington State Department of Health",
        headings="credentialnumber|lastname|firstname|middlename|credentialtype|status|birthyear|ceduedate|"
        "firstissuedate|lastissuedate|expirationdate|actiontaken",
        types=("credentialtype",),
        prefixes=("ACAC", "AC", "WA"),
        discipline=("actiontaken",),
    ),
)
BY_JURISDICTION: Final[Mapping[str, Layout]] = {each.jurisdiction: each for each in LAYOUTS}


def normalised(heading: str) -> str:
    """A heading in lower case without spaces and signs, as exports agree on it."""
    return _SIGNS.sub("", heading.lower())


_OWN: Final = {each.jurisdiction: frozenset(map(normalised, each.headings.split("|"))) for each in LAYOUTS}
_SHARED_BY: Final = Counter(heading for own in _OWN.values() for heading in own)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field of a layout stands in one file. Fields that it does not have are empty."""

    layout: Layout
    width: int
    at: Mapping[str, int]
    types: tuple[int, ...]
    reasons: tuple[int, ...]
    discipline: tuple[int, ...]
    business: int | None

    @property
    def furthest(self) -> int:
        """The last column that is read."""
        others = (*self.types, *self.reasons, *self.discipline, self.business or 0)
        return max(*self.at.values(), *others)


def recognised(cells: Sequence[str]) -> Layout | None:
    """The board whose header this line is, if it is one: whose headings it has, the rarer ones counting for more."""
    names = {normalised(each) for each in cells} - {""}
    points = {
        each.jurisdiction: sum(1 / _SHARED_BY[name] for name in names & _OWN[each.jurisdiction]) for each in LAYOUTS
    }
    best = max(points, key=lambda jurisdiction: points[jurisdiction])
    known = len(names & _OWN[best])
    if known < _LEAST_KNOWN or known * 2 < min(len(names), len(_OWN[best])):
        return None
    if list(points.values()).count(points[best]) > 1:
        return None
    return BY_JURISDICTION[best]


def columns(layout: Layout, cells: Sequence[str], *, line: int) -> Columns:
    """Where the fields stand. ``BrokenFile`` names what is missing or stands there twice."""
    names = [normalised(each) for each in cells]
    while names and not names[-1]:
        names.pop()
    own = _OWN[layout.jurisdiction]
    at = {}
    for name, headings in HEADINGS.items():
        known = [normalised(each) for each in headings]
        wanted = [each for each in known if each in own] + [each for each in known if each not in own]
        found = next((each for each in wanted if each in names), None)
        if found is None:
            continue
        if names.count(found) > 1:
            raise BrokenFile(f"The header in line {line:,} names a column twice: {cells[names.index(found)].strip()}.")
        at[name] = names.index(found)
    missing = [words for name, words in _REQUIRED.items() if name not in at]
    if "family" not in at and "name" not in at:
        missing.append("the name")
    if missing:
        raise BrokenFile(
            f"The header in line {line:,} looks like the roster of {layout.board} but has no column for"
            f" {' and '.join(missing)}."
        )

    def where(headings: Sequence[str]) -> tuple[int, ...]:
        return tuple(names.index(each) for each in map(normalised, headings) if each in names)

    return Columns(
        layout=layout,
        width=len(names),
        at=at,
        types=where(layout.types),
        reasons=where(layout.reasons),
        discipline=where(layout.discipline),
        business=next(iter(where((layout.business[0],))), None) if layout.business[0] else None,
    )
