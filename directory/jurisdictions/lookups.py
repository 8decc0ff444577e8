"""Where registers can be asked on the web: public addresses of the boards themselves.

Each stands here because the body itself names it on a page of its own, or because published software that asks that
register uses it; none was opened when the table was written and none is read again by machine, so a page that shows one
says so. An address holds nothing about anybody, unless it has a place for a number that is public anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

WRITTEN_ON: Final = date(2026, 11, 26)
"""The day on which each address was last found named elsewhere. Not re-read since."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A page on which a register is searched."""

    name: str
    template: str

    def address(self, number: str | None = None) -> str:
        """The address, with the number in it where the register has a page for each."""
        return self.template.replace("{number}", quote(number or "", safe=""))


NPPES: Final = Lookup("NPPES NPI Registry", "https://npiregistry.cms.hhs.gov/provider-view/{number}")
CERTIFIER: Final = Lookup("NCBAHM (before 2026 NCCAOM)", "https://directory.ncbahm.org/")

_BRITISH: Final = (
    Lookup("British Acupuncture Council", "https://acupuncture.org.uk/"),
    Lookup("HCPC register", "https://www.hcpc-uk.org/check-the-register/"),
    Lookup("NMC register", "https://www.nmc.org.uk/"),
    Lookup("GMC register", "https://www.gmc-uk.org/"),
)

_LOOKUPS: Final[Mapping[str, tuple[Lookup, ...]]] = {
    "US-AZ": (Lookup("Arizona eLicense", "https://elicense.az.gov/"),),
    "US-CA": (Lookup("DCA License Search", "https://search.dca.ca.gov/"),),
    "US-CO": (Lookup("DORA License Lookup", "https://apps2.colorado.gov/dora/licensing/lookup/licenselookup.aspx"),),
    "US-CT": (Lookup("Connecticut eLicense", "https://www.elicense.ct.gov/Lookup/LicenseLookup.aspx"),),
    "US-DE": (Lookup("DELPROS", "https://delpros.delaware.gov/OH_VerifyLicense"),),
    "US-FL": (Lookup("Florida DOH MQA", "https://mqa-internet.doh.state.fl.us/MQASearchServices/HealthCareProviders"),),
    "US-IN": (Lookup("Indiana PLA", "https://mylicense.in.gov/everification/"),),
    "US-ME": (Lookup("ALMS Online", "https://www.pfr.maine.gov/ALMSOnline/ALMSQuery/SearchIndividual.aspx"),),
    "US-MO": (Lookup("Missouri licensee search", "https://pr.mo.gov/licensee-search.asp"),),
    "US-NE": (Lookup("Nebraska DHHS", "https://www.nebraska.gov/LISSearch/search.cgi"),),
    "US-NJ": (Lookup("New Jersey DCA", "https://newjersey.mylicense.com/verification/"),),
    "US-NY": (Lookup("NYSED OP Verification Search", "https://www.op.nysed.gov/verification-search"),),
    "US-OH": (Lookup("eLicense Ohio", "https://elicense.ohio.gov/oh_verifylicense"),),
    "US-PA": (Lookup("PALS", "https://www.pals.pa.gov/"),),
    "US-RI": (Lookup("RIDOH", "https://healthri.mylicense.com/verification/"),),
    "US-SC": (Lookup("SC LLR", "https://verify.llronline.com/LicLookup/LookupMain.aspx"),),
    "US-TX": (Lookup("Texas Medical Board", "https://profile.tmb.state.tx.us/"),),
    "US-UT": (Lookup("Utah DOPL", "https://secure.utah.gov/llv/search/index.html"),),
    "US-VA": (Lookup("Virginia DHP", "https://dhp.virginiainteractive.org/Lookup/Index"),),
    "US-WA": (Lookup("Washington DOH", "https://fortress.wa.gov/doh/providercredentialsearch/"),),
    "US-WI": (Lookup("Wisconsin DSPS", "https://licensesearch.wi.gov/"),),
    "AU": (Lookup("Ahpra", "https://www.ahpra.gov.au/Registration.aspx"),),
    "NZ": (
        Lookup(
            "Chinese Medicine Council of New Zealand",
            "https://www.chinesemedicinecouncil.org.nz/Public/Public-Register/Find-a-Practitioner.aspx",
        ),
    ),
    "CA-ON": (Lookup("CTCMPAO", "https://www.ctcmpao.on.ca/"),),
    "GB-ENG": _BRITISH,
    "GB-LDN": _BRITISH,
    "GB-WLS": _BRITISH,
    "GB-SCT": _BRITISH,
    "GB-NIR": _BRITISH,
}


def lookups(code: str | None) -> tuple[Lookup, ...]:
    """The pages of the registers of this jurisdiction; none where no address is known for certain."""
    return _LOOKUPS.get(code or "", ())
