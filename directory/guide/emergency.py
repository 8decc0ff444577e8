"""When to stop looking at this site and get help now, and whom to call in which country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from directory.guide.words import N_, Source, Statement


class Need(StrEnum):
    """What a service is for."""

    EMERGENCY = "emergency"
    ADVICE = "advice"
    PREGNANCY = "pregnancy"
    DISTRESS = "distress"


@dataclass(frozen=True, slots=True)
class Service:
    """Somebody to call. ``number`` is what is dialled, ``said`` how it is written; ``what`` is a msgid."""

    need: Need
    number: str
    said: str
    name: str
    what: str
    source: Source
    brief: str = ""
    """What it is for in a few words that go before the number."""
    text_too: bool = False
    """Whether a text message reaches them as well."""


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

_CDC = Source(
    "CDC, Hear Her: urgent warning signs",
    "https://www.cdc.gov/hearher/resources/news-media/recognizing-urgent-warning-signs.html",
)
_WHEN_TO_CALL = Source(
    "University Hospitals Birmingham NHS, When to call the midwife",
    "https://www.uhb.nhs.uk/services/maternity/when-to-call-the-midwife.htm",
)
_NMH = Source("National Maternity Hospital, Dublin", "https://www.nmh.ie/")
_CAUDA = Source(
    "Oxford University Hospitals, Cauda equina syndrome", "https://www.ouh.nhs.uk/patient-guide/leaflets/library.aspx"
)
_CLOT = Source("NHS, Deep vein thrombosis", "https://www.nhs.uk/conditions/deep-vein-thrombosis-dvt/", reread=False)

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
    sources=(_CDC, _WHEN_TO_CALL, _NMH),
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
    )
)
MOOD: Final = Statement(
    N_(
        "Nights without sleep wear anybody down, and some medicines change how one feels. Tell the person who "
        "prescribes yours what you told us. Do not stop one by yourself."
    )
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

_DANGER = N_("Danger to life")
_NOT_URGENT = N_("Health advice at any hour, when it is not an emergency")
_IN_CRISIS = N_("Somebody to talk to, at any hour, when you are in crisis or thinking of harming yourself")
_PREGNANT_AND_LOW = N_("Support in pregnancy and after birth when you feel low or worried; it is not for an emergency")
_LOW_BRIEFLY = N_("Low or worried, no emergency:")
_QUESTIONS_BRIEFLY = N_("Questions, no emergency:")
_PREGNANT_QUESTIONS = N_("Questions about pregnancy and babies; it is not for an emergency")


def _emergency(number: str, source: Source, said: str | None = None) -> Service:
    return Service(Need.EMERGENCY, number, said or number, N_("Emergency services"), _DANGER, source)


_FCC = Source("FCC, 911 and E911 services", "https://www.fcc.gov/general/9-1-1-and-e9-1-1-services", reread=False)
_LIFELINE_988 = Source("988 Suicide & Crisis Lifeline", "https://988lifeline.org/", reread=False)
_HRSA = Source(
    "HRSA, National Maternal Mental Health Hotline", "https://mchb.hrsa.gov/national-maternal-mental-health-hotline"
)
_NHS_999 = Source("NHS, When to call 999", "https://www.nhs.uk/nhs-services/", reread=False)
_NHS_111 = Source("NHS 111", "https://111.nhs.uk/", reread=False)
_SAMARITANS = Source("Samaritans", "https://www.samaritans.org/", reread=False)
_HSE = Source("HSE, Emergency departments", "https://www2.hse.ie/emergencies/", reread=False)
_CANADA_911 = Source("CRTC, 9-1-1 services", "https://crtc.gc.ca/eng/phone/911/", reread=False)
_CANADA_811 = Source("Government of Canada, health lines", "https://www.canada.ca/en/public-health.html", reread=False)
_CANADA_988 = Source(
    "Mental Health Commission of Canada, 988", "https://mentalhealthcommission.ca/catalyst/988-launches-in-canada/"
)
_TRIPLE_ZERO = Source("Triple Zero", "https://www.triplezero.gov.au/", reread=False)
_HEALTHDIRECT = Source("healthdirect", "https://www.healthdirect.gov.au/", reread=False)
_PREGNANCY_BABY = Source("Pregnancy, Birth and Baby", "https://www.pregnancybirthbaby.org.au/", reread=False)
_LIFELINE = Source("Lifeline Australia", "https://www.lifeline.org.au/", reread=False)
_NZ_111 = Source("New Zealand Government, 111", "https://www.govt.nz/", reread=False)
_HEALTHLINE = Source(
    "Ministry of Health, Healthline",
    "https://www.health.govt.nz/your-health/services-and-support/health-care-services/healthline",
)
_PLUNKET = Source("Whānau Āwhina Plunket", "https://www.plunket.org.nz/plunketline/", reread=False)
_1737 = Source("1737, need to talk?", "https://1737.org.nz/", reread=False)
_GSM = Source("ITU, E.161.1 emergency numbers", "https://www.itu.int/rec/T-REC-E.161.1", reread=False)

_COUNTRIES: Mapping[str, HelpNow] = {
    "US": HelpNow(
        "US",
        (
            _emergency("911", _FCC),
            Service(
                Need.DISTRESS, "988", "988", "988 Suicide & Crisis Lifeline", _IN_CRISIS, _LIFELINE_988, text_too=True
            ),
            Service(
                Need.PREGNANCY,
                "+18338526262",
                "1-833-TLC-MAMA (1-833-852-6262)",
                "National Maternal Mental Health Hotline",
                _PREGNANT_AND_LOW,
                _HRSA,
                brief=_LOW_BRIEFLY,
                text_too=True,
            ),
        ),
        _MIDWIFE_OR_HOSPITAL,
    ),
    "GB": HelpNow(
        "GB",
        (
            _emergency("999", _NHS_999),
            Service(Need.ADVICE, "111", "111", "NHS 111", _NOT_URGENT, _NHS_111),
            Service(Need.DISTRESS, "116123", "116 123", "Samaritans", _IN_CRISIS, _SAMARITANS),
        ),
        _MATERNITY_TRIAGE,
    ),
    "IE": HelpNow(
        "IE",
        (
            _emergency("112", _HSE, said="112 or 999"),
            Service(Need.DISTRESS, "116123", "116 123", "Samaritans", _IN_CRISIS, _SAMARITANS),
        ),
        _MATERNITY_HOSPITAL,
    ),
    "CA": HelpNow(
        "CA",
        (
            _emergency("911", _CANADA_911),
            Service(
                Need.ADVICE,
                "811",
                "811",
                N_("811, the health line of your province or territory"),
                _NOT_URGENT,
                _CANADA_811,
            ),
            Service(
                Need.DISTRESS, "988", "988", "9-8-8: Suicide Crisis Helpline", _IN_CRISIS, _CANADA_988, text_too=True
            ),
        ),
        _MIDWIFE_OR_HOSPITAL,
    ),
    "AU": HelpNow(
        "AU",
        (
            _emergency("000", _TRIPLE_ZERO),
            Service(Need.ADVICE, "1800022222", "1800 022 222", "healthdirect", _NOT_URGENT, _HEALTHDIRECT),
            Service(
                Need.PREGNANCY,
                "1800882436",
                "1800 882 436",
                "Pregnancy, Birth and Baby",
                _PREGNANT_QUESTIONS,
                _PREGNANCY_BABY,
                brief=_QUESTIONS_BRIEFLY,
            ),
            Service(Need.DISTRESS, "131114", "13 11 14", "Lifeline", _IN_CRISIS, _LIFELINE),
        ),
        _MATERNITY_HOSPITAL,
    ),
    "NZ": HelpNow(
        "NZ",
        (
            _emergency("111", _NZ_111),
            Service(Need.ADVICE, "0800611116", "0800 611 116", "Healthline", _NOT_URGENT, _HEALTHLINE),
            Service(
                Need.PREGNANCY,
                "0800933922",
                "0800 933 922",
                "PlunketLine",
                _PREGNANT_QUESTIONS,
                _PLUNKET,
                brief=_QUESTIONS_BRIEFLY,
            ),
            Service(Need.DISTRESS, "1737", "1737", "1737, need to talk?", _IN_CRISIS, _1737, text_too=True),
        ),
        _LEAD_CARER,
    ),
}
COUNTRIES: Final = tuple(_COUNTRIES)
"""The countries whose own services are known here."""

_ELSEWHERE: Final = HelpNow(
    None,
    (
        Service(
            Need.EMERGENCY,
            "112",
            "112",
            N_("Your local emergency number; 112 works on most mobile phones"),
            _DANGER,
            _GSM,
        ),
    ),
    _OTHER,
)


def help_in(country: str | None) -> HelpNow:
    """The services of a country by its ISO code; the general number for any other, and for none."""
    return _COUNTRIES.get((country or "").upper(), _ELSEWHERE)
