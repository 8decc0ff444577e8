"""When to stop looking at this site and get help now, and whom to call in which country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from directory.guide.evidence import AASM
from directory.guide.numbers import Need, Service, numbers
from directory.guide.words import N_, Source, Statement


@dataclass(frozen=True, slots=True)
class HelpNow:
    """The services of one country, the emergency number first. ``maternity`` says who is called about a pregnancy."""

    country: str | None
    services: tuple[Service, ...]
    maternity: str

    @property
    def pregnancy(self) -> Service | None:
        """The line for pregnant people, where the country has one."""
        return next((service for service in self.services if service.need is Need.PREGNANCY), None)

    @property
    def talk(self) -> tuple[Service, ...]:
        """Lines of people to talk to when somebody thinks of harming themselves."""
        return tuple(service for service in self.services if service.need is Need.DISTRESS)

    @property
    def emergency(self) -> Service:
        """The number for danger to life."""
        return self.services[0]

    def shown(self, *, pregnant: bool) -> tuple[Service, ...]:
        """The services for this patient: those for pregnancy only where they concern somebody."""
        return tuple(service for service in self.services if pregnant or service.need is not Need.PREGNANCY)


@dataclass(frozen=True, slots=True)
class WarningSigns:
    """Signs that cannot wait. ``lead`` is the heading and begins a sentence that each of the signs ends; ``after`` is
    what must be read with them. All are msgids."""

    lead: str
    signs: tuple[str, ...]
    after: str = ""
    sources: tuple[Source, ...] = ()


WHOM_TO_CALL: Final = N_("Whom to call")
"""The heading above the numbers, on a page that is about nothing else."""

SIGNS: Final[Mapping[str, str]] = {
    "vaginal_bleeding": N_("bleeding from the vagina"),
    "fluid_leak": N_("fluid leaking from the vagina"),
    "regular_contractions_before_37w": N_("regular tightenings or contractions before 37 weeks"),
    "reduced_fetal_movement": N_("your baby moving less than usual, or not at all"),
    "severe_headache": N_("a severe headache"),
    "visual_change": N_("a change in your sight, such as flashing lights or blurring"),
    "sudden_swelling": N_("sudden swelling of your face, hands or feet"),
    "upper_abdominal_pain": N_("strong pain in your belly, above all under the ribs"),
    "one_sided_calf_swelling": N_("one calf or leg that is swollen, painful or red"),
    "chest_pain": N_("chest pain"),
    "breathlessness": N_("trouble breathing"),
    "fever": N_("a fever"),
    "intense_itching_palms_soles": N_("strong itching of your palms or soles"),
    "fainting": N_("fainting"),
    "thoughts_of_self_harm": N_("thoughts of harming yourself"),
    "new_leg_weakness": N_("new weakness or numbness in a leg"),
    "bladder_or_bowel_change": N_("a sudden change in how your bladder or bowel works"),
}
"""Each sign by the code the screening keeps, in plain words that go on from "if you have"."""

EVERYONE_SIGNS: Final = (
    "new_leg_weakness",
    "bladder_or_bowel_change",
    "one_sided_calf_swelling",
    "chest_pain",
    "breathlessness",
    "thoughts_of_self_harm",
)
PREGNANCY_SIGNS: Final = tuple(code for code in SIGNS if code not in ("new_leg_weakness", "bladder_or_bowel_change"))

CDC = Source(
    "CDC, Hear Her: urgent warning signs",
    "https://www.cdc.gov/hearher/resources/news-media/recognizing-urgent-warning-signs.html",
)
WHEN_TO_CALL = Source(
    "University Hospitals Birmingham NHS, When to call the midwife",
    "https://www.uhb.nhs.uk/services/maternity/when-to-call-the-midwife.htm",
)
_NMH = Source("National Maternity Hospital, Dublin", "https://www.nmh.ie/")
_CAUDA = Source(
    "Oxford University Hospitals, Cauda equina syndrome", "https://www.ouh.nhs.uk/patient-guide/leaflets/library.aspx"
)
_CLOT = Source("NHS, Deep vein thrombosis", "https://www.nhs.uk/conditions/deep-vein-thrombosis-dvt/", reread=False)
_SUICIDAL = Source(
    "NHS, Help for suicidal thoughts",
    "https://www.nhs.uk/mental-health/feelings-symptoms-behaviours/behaviours/help-for-suicidal-thoughts/",
    reread=False,
)

EVERYONE: Final = WarningSigns(
    N_("Get help now if you have:"),
    (
        N_("new weakness or numbness in a leg"),
        N_("a sudden change in how your bladder or bowel works"),
        N_("one calf that is swollen, painful or red"),
        N_("chest pain or trouble breathing"),
        N_("thoughts of harming yourself"),
    ),
    N_("These are not restless legs syndrome (RLS), and no practitioner here is the right person for them."),
    (_CAUDA, _CLOT),
)
PREGNANCY: Final = WarningSigns(
    N_("Get help now if you are pregnant and have:"),
    (
        N_("bleeding or fluid from the vagina, or regular contractions before 37 weeks"),
        N_("a baby who moves less than usual"),
        N_("a severe headache, a change in your sight, or sudden swelling"),
        N_("strong pain in your belly, chest pain, trouble breathing, or fainting"),
        N_("one calf that is swollen or painful, a fever, or strong itching of your palms or soles"),
        N_("thoughts of harming yourself"),
    ),
    sources=(CDC, WHEN_TO_CALL, _NMH),
)
STOPPED: Final = Statement(
    N_(
        "What you told us needs a doctor or midwife now, so we show no practitioners. Please call. You can come back "
        "to this page when somebody has looked at it."
    )
)

TALK: Final = Statement(
    N_(
        "Thinking of harming yourself is more common than people say, and it can pass. You do not have to be alone "
        "with it: people listen at any hour, and you need not say who you are."
    ),
    (_SUICIDAL,),
)
MOOD: Final = Statement(
    N_(
        "Nights without sleep wear anybody down, and some medicines change how one feels. Tell the person who "
        "prescribes yours what you told us. Do not stop one by yourself."
    ),
    (AASM,),
)
LINES: Final = Source("Find A Helpline", "https://findahelpline.com/", reread=False)
"""Lines in countries whose own are not known here."""

_MIDWIFE_OR_HOSPITAL = N_(
    "Call your midwife, your doctor or the labour and delivery unit of your hospital, at any hour."
)
_MATERNITY_TRIAGE = N_("Call the maternity triage or assessment unit on your maternity notes, at any hour.")
_MATERNITY_HOSPITAL = N_("Call your maternity hospital or unit, at any hour.")
_LEAD_CARER = N_("Call your lead maternity carer or the maternity unit, at any hour.")
_OTHER = N_("Call your midwife, your doctor or the nearest maternity unit, at any hour.")

_MATERNITY: Final[Mapping[str, str]] = {
    "US": _MIDWIFE_OR_HOSPITAL,
    "GB": _MATERNITY_TRIAGE,
    "IE": _MATERNITY_HOSPITAL,
    "CA": _MIDWIFE_OR_HOSPITAL,
    "AU": _MATERNITY_HOSPITAL,
    "NZ": _LEAD_CARER,
}
"""Who is called about a pregnancy."""

COUNTRIES: Final = tuple(country for country in numbers("now") if country)
"""The countries whose own services are known here."""


def help_in(country: str | None) -> HelpNow:
    """The services of a country by its ISO code; the general number for any other, and for none."""
    code = (country or "").upper()
    services = numbers("now").get(code) if code else None
    if services is None:
        return HelpNow(None, numbers("now")[""], _OTHER)
    return HelpNow(code, services, _MATERNITY.get(code, _OTHER))
