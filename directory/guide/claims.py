"""Words that claim more than anybody may: which they are, why they are refused, and whose rule says so. Pure.

One list serves practitioners' own words (``check``, and the same patterns in the browser, ``for_script``) and the
sentences of this service, which are held to more (``strictly``). A pattern is read on folded text: what looks like a
letter counts as that letter, and what nobody sees counts as nothing. Facts about experience, and words that deny a
claim ("I cannot promise a cure"), pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from directory.guide.words import N_, Source, Statement


class Kind(StrEnum):
    """What a phrase claims, or does to whoever reads it."""

    CURE = "cure"
    EFFECT = "effect"
    CONDITION = "condition"
    EVIDENCE = "evidence"
    GUARANTEE = "guarantee"
    HARMLESS = "harmless"
    RANKING = "ranking"
    TITLE = "title"
    TESTIMONIAL = "testimonial"
    INDUCEMENT = "inducement"
    MEDICAL_CARE = "medical_care"
    OVERUSE = "overuse"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that are refused: where they stand in the text as typed, and why."""

    start: int
    end: int
    words: str
    kind: Kind
    reason: str
    """A msgid: why, in plain words, and what may be said instead."""
    rules: tuple[Statement, ...]
    """The rules of the places where the person works; empty where only the rule of this directory says no."""

    @property
    def rule(self) -> Statement | None:
        """The first of the rules, where there is one."""
        return self.rules[0] if self.rules else None


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as the patterns see it; sign ``i`` comes from sign ``at[i]`` of the text as typed."""

    text: str
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Claim:
    """A pattern on folded text, in what Python and browsers both understand. A space in it is any gap."""

    kind: Kind
    pattern: str
    before: str = ""
    """What stands right before it where it is no claim."""
    after: str = ""
    """What stands right after it where it is no claim."""
    ours: str = ""
    """What the sentences of this service may not say at all, whatever stands around it."""
    countries: frozenset[str] = frozenset()
    """Where alone it is refused; empty for everywhere."""
    unless: frozenset[str] = frozenset()
    """Jurisdictions in which the words are somebody's lawful title."""


# --- the list --------------------------------------------------------------------------------------------------------

_RLS_NAMES = r"r\.?l\.?s\b|restless ?legs?\b|willis ekbom"
_RLS = rf"({_RLS_NAMES})"
_CONDITIONS = (
    rf"({_RLS}|insomnia|sleeplessness|anxiety|depression|(in)?fertility|stress\b|fatigue|neuropath|cancer|asthma"
    r"|autism|adhd|menopaus|breech|morning sickness)"
)
_TROUBLE = (
    rf"({_RLS}|insomnia|sleep\b|sleeplessness|symptoms?\b|pains?\b|anxiety|depression|neuropath|cramps?\b|cravings?\b"
    r"|(urge|need) to move|(your|their) legs)"
)
_MEDICINES = (
    r"(medicines?|medications?|drugs?|tablets?|pills?|pramipexole|ropinirole|rotigotine|levodopa|gabapentin"
    r"|pregabalin|opioids?|antidepressants?|blood thinners?|prescriptions?)\b"
)
_PEOPLE = r"(acupuncturists?|practitioners?|therapists?|clinics?|practices?|providers?|healers?|cent(re|er)s?)"
_STUDYING = (
    r"\b(training|trained|course|courses|workshop|seminar|conference|hours|lectures?|lectured|articles?|research"
    r"|stud(y|ied|ies)|taught|teach|teaching|wrote|written|papers?|thesis|dissertation|trials?)( [\w']+){0,4} $"
)
_HYPOTHETICAL = r"\b(whether|if|how far|how much)( [\w']+){0,3} $"
_SOMEBODY_ELSE = (
    r"\b(your|their|her|his|other|refer|refers|referred|referral|see|ask|asked|write|writes|writing|letters?|reports?"
    r"|consult|with a|with the|to a|to the|from|by|medical|hospital)( [\w']+){0,3} $"
)
_MEDICAL_PEOPLE = (
    r"\b(doctors?|gps?|neurologists?|physicians?|consultants?|sleep clinics?|prescribers?|midwi(fe|ves))"
    r"( [\w']+){0,2} $"
)

_CLAIMS: Final[tuple[_Claim, ...]] = (
    _Claim(Kind.CURE, r"\bcur(e|es|ed|ing|able|ative|atives)\b", ours=r"\bcur(e|es|ed|ing|able|ative)\b"),
    _Claim(Kind.CURE, r"\bmiracles?\b|\bmiraculous\w*|\bpanacea\b", ours=r"\bmiracle\b|\bpermanent\b"),
    _Claim(
        Kind.CURE,
        r"\b(permanent|permanently|lasting|once and for all|for good|forever)( \w+){0,2} "
        r"(results?|effects?|improvements?|relie\w+|recovery|solutions?|changes?|end)\b"
        r"|\b(end|ends|ended|gone|free|rid|stop|stops|over)( [\w']+){0,4} (permanently|for good|forever"
        r"|once and for all)\b",
    ),
    _Claim(Kind.CURE, r"\b(rid|rids|ridding)( \w+){0,3} of( \w+){0,3} " + _TROUBLE + r"|\bget rid of\b"),
    _Claim(
        Kind.CURE,
        # Short words of the same meaning in the languages patients ask for most.
        r"\bcur(a|an|ar|amos|acion)\b|\bguer(ir|it|ison|issons)\b|\bgeheilt\b|\bheil(t|en|ung)\b"
        r"|治愈|治癒|根治|包治|完治",
    ),
    _Claim(
        Kind.EFFECT,
        r"\bheal(s|ed|ing|er|ers)?\b",
        after=r"^ (arts|centre for)\b",
        ours=r"\bheal(s|ed|ing|er|ers)?\b",
    ),
    _Claim(Kind.EFFECT, r"\bremed(y|ies)\b", ours=r"\bremed(y|ies)\b"),
    _Claim(
        Kind.EFFECT,
        r"\b(relieves?|relieved|relieving|relief)\b",
        before=_HYPOTHETICAL,
        ours=r"\b(reliev\w+|relief)\b",
    ),
    _Claim(
        Kind.EFFECT,
        r"\beffective(ness)?\b|\befficac(y|ious)\b",
        before=r"\bcost $|" + _HYPOTHETICAL,
        after=r"^ (date|from|as of|[0-9])",
        ours=r"\b(effective\w*|proven|clinically)\b",
    ),
    _Claim(
        Kind.EFFECT,
        r"\b(eas|reduc|improv|calm|sooth|stop|end|eliminat|fix|banish|beat|conquer|overcom|resolv|revers|prevent"
        r"|alleviat|settl|quiet|control|lessen|diminish|abolish|vanquish)(e|es|ed|ing|s|ped|ping|en|ens|ened"
        r"|ening"
        rf"|ten|tens)?( [\w']+){{0,3}} {_TROUBLE}",
        before=_HYPOTHETICAL + r"|" + _STUDYING,
    ),
    _Claim(
        Kind.EFFECT,
        rf"\bhelp(s|ed|ing)?( [\w']+){{0,3}} {_TROUBLE}",
        before=_HYPOTHETICAL + r"|" + _STUDYING + r"|" + _MEDICAL_PEOPLE,
    ),
    _Claim(
        Kind.EFFECT,
        r"\b(works|worked|works wonders)( [\w']+){0,2} (for|against) (everyone|everybody|every patient|you|all"
        r"|most|" + _RLS_NAMES + r")",
    ),
    _Claim(
        Kind.EFFECT,
        r"\b(success rates?|success stor(y|ies)|high success|success(ful|fully) (treat\w*|help\w*|results?)"
        r"|(great|amazing|excellent|fantastic|outstanding|dramatic|rapid|fast|instant|immediate|quick|visible) "
        r"(results?|improvements?|changes?|effects?))\b|\bwork(s|ed)? wonders\b",
        ours=r"\bpatients? of the (month|year)\b|\bsuccess stor(y|ies)\b",
    ),
    _Claim(
        Kind.EFFECT,
        r"\b(balanc|rebalanc|restor|boost|regulat|normalis|normaliz|correct)(e|es|ed|ing|s)( [\w']+){0,3} "
        r"(dopamine|iron|ferritin|hormones?|immune|nervous system|brain|circulation|root cause)\b"
        r"|\b(root|underlying) causes?\b|\bdetox\w*",
    ),
    _Claim(
        Kind.CONDITION,
        rf"\btreat(s|ed|ing|able|ment|ments)?( [\w']+){{0,4}} {_RLS}",
        before=_MEDICAL_PEOPLE + r"|" + _STUDYING + r"|" + _HYPOTHETICAL + r"|\b(before|after|other|any) $",
        ours=r"\btreat(s|ing|ed|ment of)? (RLS|restless)",
    ),
    _Claim(
        Kind.CONDITION,
        rf"\bacupuncture (treatments? |sessions? |therapy )?(for|against)( [\w']+){{0,2}} {_CONDITIONS}",
        before=_STUDYING + r"|" + _HYPOTHETICAL,
    ),
    _Claim(
        Kind.EVIDENCE,
        r"\bproven\b|\bclinically (tested|shown|effective)\b|\bscientific(ally)? (tested|shown|backed|supported"
        r"|proof)\b"
        r"|\bevidence based (treatment|acupuncture|relief)\b|\b(backed|supported) by (science|research|studies"
        r"|evidence)\b"
        r"|\bscience backed\b",
    ),
    _Claim(
        Kind.EVIDENCE,
        r"\b(stud(y|ies)|research|trials?|science|evidence) (has |have |clearly )?(show|shows|shown|prove|proves"
        r"|proved|confirm|confirms"
        r"|confirmed|demonstrate|demonstrates|support|supports)\b"
        r"|\b(recommended|endorsed|approved|recogni[sz]ed) by (the )?(who|world health|nhs|fda|nice|doctors"
        r"|government)\b"
        r"|\b(fda|nhs|who|nice|government) (approved|recommends|endorses|endorsed|recogni[sz]es)\b",
    ),
    _Claim(
        Kind.GUARANTEE,
        r"\bguarantee\w*|\bgarant(i|ie|iert|iza|izado|izamos|it|imos)\b|\bassured results?\b|\bsure results?\b|保证"
        r"|保證|包好",
        after=r"^ (you |your |that )?(privacy|confidential\w*|an appointment)",
        ours=r"\bguarantee\w*",
    ),
    _Claim(
        Kind.GUARANTEE,
        r"\bpromis(e|es|ed|ing)(?! no\b)( you)?( \w+){0,2} (results?|relie\w+|improvements?|success|better|recovery)\b"
        r"|\bmoney back\b|\b(100|hundred) ?(%|per ?cent)( \w+){0,2} (success\w*|results?|of (my |our )?(patients"
        r"|people|clients))"
        r"|\b[0-9]{1,3} ?(%|per ?cent) (of (my |our )?(patients|people|clients|cases)|success)"
        r"|\b(never|cannot|can't|won't) fails?\b|\bresults? (is|are) (assured|certain)\b",
    ),
    _Claim(
        Kind.HARMLESS,
        r"\bsafe(r|st)?\b",
        before=r"\b(feel|feels|feeling|is it|be) $|\b(whether|if)( [\w']+){0,4} $",
        ours=r"\bsafe(r|st|ly|ty)?\b",
    ),
    _Claim(
        Kind.HARMLESS,
        r"\bsafely (treat\w*|needl\w*|help\w*|used?)\b|\b(no|without|zero|free (of|from)) (any |known |serious "
        r"|harmful )?"
        r"(side effects?|risks?|pain)\b|\bharmless\b|\brisk free\b|\bpain ?(free|less)\b|\b(100|hundred) ?(%"
        r"|per ?cent)( \w+)? (natural|gentle)\b",
    ),
    _Claim(
        Kind.RANKING,
        rf"\b(best|top|leading|finest|foremost|premier|greatest|number one|no\.? ?1"
        rf"|most [a-z]+)( [\w']+){{0,2}} {_PEOPLE}\b"
        r"|\bbest (possible )?(care|treatment|results?|outcomes?|choice|rated|trained|qualified|in (town|the|my"
        r"|our|your))\b"
        r"|\b(simply|are|am|is) the (very )?best\b(?! (way|time|to|day|number))",
        ours=r"\b(best|top|leading|finest|number one|expert\w*|trusted|top-rated)\b|#1\b",
    ),
    _Claim(
        Kind.RANKING,
        r"#1\b|\bnumber 1 (choice|clinic|acupuncturist)|\b(top|highest|best) rated\b|\b(5|five) stars?\b"
        r"|\bworld (class|famous|leading)\b|\baward winning\b"
        r"|\b(renowned|unrivalled|unrivaled|unmatched|unsurpassed|second to none|better than (other|any|most))\b"
        r"|\btrusted (by|acupuncturists?|practitioners?|name)\b|\b(grand ?master|master) (acupuncturist|healer"
        r"|practitioner)\b",
    ),
    _Claim(
        Kind.TITLE,
        r"\bspecialists?\b",
        before=_SOMEBODY_ELSE,
        ours=r"\bspeciali[sz]\w*|\bspecialists?\b",
    ),
    _Claim(Kind.TITLE, r"\bspeciali[sz](e|es|ed|ing)\b|\bspecialit(y|ies)\b|\bspecialt(y|ies)\b|\bespecialista\b"),
    _Claim(Kind.TITLE, r"\bexperts?\b|\bexpertise\b|\bauthority on\b|\bguru\b", before=_SOMEBODY_ELSE),
    _Claim(Kind.TITLE, r"\bacupuncture physicians?\b", unless=frozenset({"US-FL"})),
    _Claim(
        Kind.TESTIMONIAL,
        r"\btestimonials?\b|\b(my|our) (patients|clients) (say|tell|report|love|rave|agree|often say|often tell)\b"
        r"|\b(a|one|another) (patient|client)( of mine)? (said|says|told|wrote|writes|reported)\b"
        r"|\blife changing\b|\bchang(ed|es) (my|your|her|his|their) li(fe|ves)\b"
        r"|\bread (my|our) reviews\b|\b(google|yelp|facebook|trustpilot) reviews?\b"
        r"|\b(after|within|in) (just |only )?(a few|[0-9]{1,2}|one|two|three|four|five|six) (sessions?"
        r"|treatments?|visits?) (my|her|his|their|she|he|the) "
        r"(legs?|sleep|sleeps|slept|symptoms?|rls|restless)",
    ),
    _Claim(
        Kind.INDUCEMENT,
        r"\b(limited time|today only|special offers?|half price|buy one|book now|act now|hurry|last chance"
        r"|refer a friend"
        r"|free (treatments?|sessions?|acupuncture|gifts?|trials?)|first (treatment|session|visit) (is )?free"
        r"|vouchers?|gift (cards?|certificates?)"
        r"|lucky draw|giveaways?)\b|\b[0-9]{1,2} ?(%|per ?cent) (off|discount)",
    ),
    _Claim(
        Kind.INDUCEMENT,
        r"\bdiscount(s|ed)?\b|\bfree (first )?(consultations?|talks?|calls?|visits?|assessments?)\b"
        r"|\bpackage deals?\b",
        countries=frozenset({"AU"}),
    ),
    _Claim(
        Kind.MEDICAL_CARE,
        rf"\b(stop|stopped|stopping|quit|give up|gave up|come off|came off|get off|got off|cut out|throw away"
        rf"|throw out|ditch|drop|replac(e|es|ed|ing)|avoid(s|ed|ing)?"
        rf"|instead of|alternatives? to|no need for|not needing|free (of|from)|wean(ed)? off"
        rf"|rather than)( (taking|using|your|the|their|all|any|of|prescribed|prescription|conventional|western"
        rf"|strong|sleeping|a))* {_MEDICINES}",
        ours=r"\bstop (taking|using) (your|the) (medicine|medication|tablets)",
    ),
    _Claim(
        Kind.MEDICAL_CARE,
        rf"\bwithout( (taking|using|your|the|all|any|prescription|conventional|western"
        rf"|strong))* {_MEDICINES}(?! (check|advice|review))"
        rf"|\b(drug|medication|medicine) free\b",
        before=r"\b(visit|day|morning|come|arrive) $",
    ),
    _Claim(
        Kind.MEDICAL_CARE,
        r"\b(do not|don't|won't|will not|no longer|never) (need|have to see|bother with|trust)( (a|an|your|the"
        r"|any|to see|to take|to ask|more))* "
        r"(doctors?|gps?|medicines?|medications?|drugs?|neurologists?|surgery|iron|blood tests?|tests?)\b"
        r"|\bno (need for|need to see)( (a|an|your|the|any|more))* (doctors?|gps?|tests?|iron|neurologists?)\b"
        r"|\bdoctors? (don't|do not|cannot|can't|won't|will not|never) (help|understand|tell|know|listen)\b"
        r"|\bwhere (conventional |western )?(medicine|doctors) (fails?|failed|cannot|can't)\b|\bbig pharma\b"
        r"|\btoxic (drugs|medicines?|medications?)\b"
        r"|\binstead of( (a|your|the|seeing))* (doctors?|gps?|neurologists?)\b",
    ),
    _Claim(
        Kind.OVERUSE,
        r"\b(everyone|everybody|anyone|anybody) (needs|should (have|try|get)|can benefit|benefits)\b"
        r"|\b(treatments?|sessions?|acupuncture) for life\b|\bthe more (sessions|treatments|acupuncture)\b",
    ),
    _Claim(
        Kind.CHECKED,
        r"\bverified\b|\b(vetted|approved|endorsed|recommended) by (this|the) (site|directory|service)\b",
        ours=r"\bverified\b",
    ),
)

REASONS: Final[Mapping[Kind, str]] = {
    Kind.CURE: N_(
        "Nothing is known that ends restless legs syndrome (RLS) for good, so these words can only mislead. Say "
        "how many "
        "people with RLS you have seen instead."
    ),
    Kind.EFFECT: N_(
        "This says that the treatment works, and the studies are too few and too weak to say so. Say what you do "
        "and how "
        "you find out together whether anything changes."
    ),
    Kind.CONDITION: N_(
        "This reads as a promise that needling works for a condition. Say instead how many people with it you "
        "have seen, "
        "and in which years."
    ),
    Kind.EVIDENCE: N_(
        "What studies found, and how good they are, is told on this site in the same words for everybody. Leave "
        "it out "
        "of your own words."
    ),
    Kind.GUARANTEE: N_("Nobody can promise a result. Say when you would look together at whether to go on."),
    Kind.HARMLESS: N_(
        "Every treatment has risks, and most people have a small mark or ache now and then. Say what you do to "
        "keep risks low."
    ),
    Kind.RANKING: N_(
        "This is no contest, and nobody has checked who is better. Say what you have done and where you learned it."
    ),
    Kind.TITLE: N_(
        "This reads as a rank or title that no register gives acupuncturists. Say how long you have worked with "
        "whom, "
        "and what you trained in."
    ),
    Kind.TESTIMONIAL: N_(
        "What patients said about a treatment, or a story of one of them, cannot stand here: readers take it for "
        "what "
        "they may expect."
    ),
    Kind.INDUCEMENT: N_(
        "Offers push people to decide quickly about their health. Put what a visit costs into the price fields."
    ),
    Kind.MEDICAL_CARE: N_(
        "This may keep somebody from medical care or from their medicine, which only the person who prescribes it "
        "may "
        "change. Leave it out."
    ),
    Kind.OVERUSE: N_(
        "This urges people to more treatment than they may need. Say what a usual plan is and when you review it."
    ),
    Kind.CHECKED: N_(
        "What was checked, with whom and when, stands beside your papers. Nobody checks skill or results."
    ),
}
"""Why each kind is refused, in words for the person who wrote it."""

_CAP = Source(
    "CAP Code, section 12 (medicines, treatments and health)",
    "https://www.asa.org.uk/type/non_broadcast/code_section/12.html",
    reread=False,
)
_CAP_MISLEADING = Source(
    "CAP Code, section 3 (misleading advertising)",
    "https://www.asa.org.uk/type/non_broadcast/code_section/03.html",
    reread=False,
)
_ASA = Source("ASA and CAP, advice on acupuncture", "https://www.asa.org.uk/advice-online/health-acupuncture.html")
_FTC = Source(
    "FTC, Health Products Compliance Guidance, December 2022",
    "https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
    reread=False,
)
_REVIEWS = Source(
    "16 CFR part 465, in force since 21 October 2024",
    "https://www.ecfr.gov/current/title-16/chapter-I/subchapter-D/part-465",
    reread=False,
)
_AHPRA = Source(
    "Ahpra, Guidelines for advertising a regulated health service",
    "https://www.ahpra.gov.au/Resources/Advertising-hub/Advertising-guidelines-and-other-guidance/Advertising-guidelines.aspx",
    reread=False,
)

_UK_WORKS = Statement(
    N_(
        "United Kingdom (CAP Code, section 12): robust trials must stand behind every claim that a treatment works. "
        "Restless legs syndrome (RLS) is not among the claims accepted for acupuncture, and even offering "
        "acupuncture "
        "for a condition has been ruled such a claim."
    ),
    (_CAP, _ASA),
)
_UK_MISLEADING = Statement(
    N_(
        "United Kingdom (CAP Code, section 3): an advertisement must not mislead, exaggerate, or compare without "
        "evidence."
    ),
    (_CAP_MISLEADING,),
)
_UK_MEDICAL = Statement(
    N_(
        "United Kingdom (CAP Code, rule 12.2): nothing may discourage essential treatment for which a doctor "
        "should be seen."
    ),
    (_CAP, _ASA),
)
_UK_STORIES = Statement(
    N_("United Kingdom (CAP Code, section 3): what patients say is held to the same trials as your own words."),
    (_CAP_MISLEADING,),
)
_US_WORKS = Statement(
    N_(
        "United States (FTC guidance of December 2022): a claim about health needs competent and reliable scientific "
        "evidence, as a rule from randomised trials with people."
    ),
    (_FTC,),
)
_US_STORIES = Statement(
    N_(
        "United States (FTC rule on reviews, 16 CFR part 465, since October 2024, and its guidance of December "
        "2022): "
        "no invented or bought praise, and no story that is not typical."
    ),
    (_REVIEWS, _FTC),
)
_AU_MISLEADING = Statement(
    N_("Australia (National Law, section 133): advertising must not be false, misleading or likely to mislead."),
    (_AHPRA,),
)
_AU_EXPECTATION = Statement(
    N_("Australia (National Law, section 133): advertising must not raise an unreasonable hope of benefit."),
    (_AHPRA,),
)
_AU_STORIES = Statement(
    N_("Australia (National Law, section 133): using what patients say about treatment in advertising is an offence."),
    (_AHPRA,),
)
_AU_OFFERS = Statement(
    N_("Australia (National Law, section 133): a gift, a lower price or another offer must state its terms."),
    (_AHPRA,),
)
_AU_OVERUSE = Statement(
    N_("Australia (National Law, section 133): advertising must not encourage treatment that is not needed."),
    (_AHPRA,),
)
_AU_TITLES = Statement(
    N_(
        "Australia (National Law, sections 115 to 119): no acupuncturist is registered in a higher class, so none "
        "may seem to be."
    ),
    (_AHPRA,),
)

_WORKS = (Kind.CURE, Kind.EFFECT, Kind.CONDITION, Kind.EVIDENCE, Kind.GUARANTEE, Kind.HARMLESS)
_RULES: Final[Mapping[str, Mapping[Kind, Statement]]] = {
    "AU": dict.fromkeys(_WORKS, _AU_EXPECTATION)
    | {
        Kind.EVIDENCE: _AU_MISLEADING,
        Kind.HARMLESS: _AU_MISLEADING,
        Kind.RANKING: _AU_MISLEADING,
        Kind.TITLE: _AU_TITLES,
        Kind.TESTIMONIAL: _AU_STORIES,
        Kind.INDUCEMENT: _AU_OFFERS,
        Kind.MEDICAL_CARE: _AU_MISLEADING,
        Kind.OVERUSE: _AU_OVERUSE,
        Kind.CHECKED: _AU_MISLEADING,
    },
    "GB": dict.fromkeys(_WORKS, _UK_WORKS)
    | {
        Kind.RANKING: _UK_MISLEADING,
        Kind.TITLE: _UK_MISLEADING,
        Kind.TESTIMONIAL: _UK_STORIES,
        Kind.MEDICAL_CARE: _UK_MEDICAL,
        Kind.CHECKED: _UK_MISLEADING,
    },
    "US": dict.fromkeys(_WORKS, _US_WORKS) | {Kind.MEDICAL_CARE: _US_WORKS, Kind.TESTIMONIAL: _US_STORIES},
}
"""By country, the rule that speaks of each kind."""

HOUSE_RULE: Final = Statement(
    N_("The rule of this directory, everywhere: no promises, no ranks, no praise. Facts about your work are welcome.")
)
"""What is shown where no law that we know of speaks."""


# --- folding ---------------------------------------------------------------------------------------------------------

_WRITTEN_AS: Final[Mapping[str, str]] = {
    "a": "аαɑᴀ", "b": "ьвβʙ", "c": "сϲςᴄƈ", "d": "ԁᴅđ", "e": "еєεᴇɛ", "f": "ꜰ", "g": "ɡɢցɠ",
    "h": "һհнʜħ", "i": "іıιɪɩ", "j": "јϳȷᴊ",
    "k": "кκᴋ", "l": "ӏʟł", "m": "мᴍ", "n": "пηոɴ", "o": "оοօσᴏø", "p": "рρᴘ", "q": "ԛզ", "r": "гʀɾ",
    "s": "ѕꜱʂ", "t": "тτᴛŧ",
    "u": "υսᴜʋ", "v": "νѵᴠ", "w": "ԝωաᴡ", "x": "хχ", "y": "уγʏү", "z": "ᴢ", "ss": "ß", "ae": "æӕ", "oe": "œ",
    "'": "’‘ʼ′`´", "-": "‐‑‒–—―−",
}  # fmt: skip
"""Plain letters, each with what looks like it: Cyrillic, Greek, Armenian, small capitals, letters with a stroke."""

_LOOKALIKES: Final[Mapping[str, str]] = {
    **{sign: plain for plain, signs in _WRITTEN_AS.items() for sign in signs},
    # Letters in black circles and squares.
    **{chr(first + i): chr(ord("a") + i) for first in (0x1F150, 0x1F170) for i in range(26)},
}
"""What looks like a plain letter, in lower case, with that letter."""

_DIGITS: Final[Mapping[str, str]] = {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "@": "a",
    "$": "s",
    "!": "i",
}
"""What stands for a letter inside a word."""

_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and signs that leave no mark."""


def fold(text: str) -> Folded:
    """The text in plain lower-case letters: full width, accents, look-alikes, unseen signs and letters spelt one "
    "by one
    are undone."""
    signs: list[str] = []
    at: list[int] = []
    for index, sign in enumerate(text):
        for plain in _plain(sign):
            if plain == " " and signs and signs[-1] in " \n":
                continue
            signs.append(plain)
            at.append(index)
    _undo_digits(signs)
    return _join_spelt("".join(signs), at)


def _plain(sign: str) -> str:
    if sign.isascii():
        if sign.isspace():
            return "\n" if sign in "\n\r" else " "
        return sign.lower() if sign.isprintable() else ""
    if sign in _FILLERS:
        return ""
    decomposed = unicodedata.normalize("NFKD", sign).lower()
    plain = ""
    for part in decomposed:
        category = unicodedata.category(part)
        if category[0] == "M" or category in ("Cf", "Cc"):
            continue
        plain += " " if part.isspace() else _LOOKALIKES.get(part, part)
    return plain


def _undo_digits(signs: list[str]) -> None:
    """Read digits inside a word as the letters they look like: a letter before them, and two before one at the "
    "end."""
    before = list(signs)
    for index, sign in enumerate(before):
        if sign in _DIGITS and index and before[index - 1].isalpha():
            ahead = index + 1 < len(before) and before[index + 1].isalpha()
            word = index > 1 and before[index - 2].isalpha()
            if (ahead or word) and not (sign == "!" and not ahead):
                signs[index] = _DIGITS[sign]


_SPELT = re.compile(r"(?<![a-z0-9'])[a-z](?:[\s.\-_*·|/,]{1,3}[a-z]){2,}(?![a-z0-9'])")
_LETTER = re.compile(r"[a-z]")


def _join_spelt(text: str, at: list[int]) -> Folded:
    """Letters that stand one by one become a word, as "c u r e" does."""
    kept: list[int] = []
    end = 0
    for spelt in _SPELT.finditer(text):
        kept += range(end, spelt.start())
        kept += [spelt.start() + letter.start() for letter in _LETTER.finditer(spelt[0])]
        end = spelt.end()
    kept += range(end, len(text))
    return Folded("".join(text[i] for i in kept), tuple(at[i] for i in kept))


# --- reading ---------------------------------------------------------------------------------------------------------

_DENIALS = (
    r"(no|not|never|cannot|can't|don't|doesn't|isn't|aren't|won't|didn't|nor|neither|nobody|nothing|without|hardly)"
)
_BETWEEN = (
    r"(a|an|any|the|that|this|it|to|be|been|being|is|are|as|of|for|in|you|i|we|they|he|she|known|quick|simple|magic"
    r"|promise|promising|promised|claim|claims|claiming|offer|offers|offering|say|saying|said|give|state|know"
    r"|tell|call|expect"
    r"|one|can|could|will|would|should|may|must|does|do|has|have|acupuncture|needling|treatment|treatments"
    r"|permanent|lasting|myself|proven"
    r"|proof|results?|evidence|whether|effective|guarantee|guarantees|there|yet|my|your|work|or|rls|medicine|ever"
    r"|start|change|anything|fully|such)"
)
NEGATED: Final = rf"(^|[^\w']){_DENIALS}( {_BETWEEN}){{0,7}} $"
"""What stands right before words that are denied, with nothing but plain small words in between."""

DOUBLED: Final = rf"\b(why|{_DENIALS[1:-1]})( [\w']+)* {_DENIALS}( {_BETWEEN}){{0,7}} $"
"""Denying what is denied says it again: "nothing we cannot …"."""

DENIED: Final = (
    r"^( (for|of|from)( [\w']+){1,4})? (cannot|can not|can't|could not|is not|isn't|are not|aren't|has not"
    r"|was not|will never|can never|is never|should not|must not)"
    r"( be| been| yet| ever)* (known|promised?|guaranteed?|claimed?|offered|expected|assured|possible|given"
    r"|implied|shown|established|certain|meant)"
    r"|^( (for|of|from)( [\w']+){1,4})? (is|are|remains?) (unknown|unproven|uncertain)"
)
"""What stands right after words that are denied."""

_CLAUSE = re.compile(r"[.,;:!?\n()]|\b(?:but|however|yet|although|and then)\b")
_REACH = 160
"""How many signs around a phrase are looked at."""

_HARD = frozenset({Kind.INDUCEMENT, Kind.TESTIMONIAL})
"""Denying these changes nothing."""


@dataclass(frozen=True, slots=True)
class _Ready:
    claim: _Claim
    pattern: re.Pattern[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


def _gaps(pattern: str) -> str:
    """The pattern with each space as a gap between words: at the edge of what stands around a hit, also none."""
    pattern = re.sub(r" \$", r"[\\s\\-]*$", pattern)
    pattern = re.sub(r"\^ ", r"^[\\s\\-]*", pattern)
    return pattern.replace(" ?", r"[\s\-]?").replace(" ", r"[\s\-]+")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_gaps(pattern), re.ASCII)


_READY: Final = tuple(
    _Ready(
        claim,
        _compiled(claim.pattern),
        _compiled(claim.before) if claim.before else None,
        _compiled(claim.after) if claim.after else None,
    )
    for claim in _CLAIMS
)
_NEGATED, _DOUBLED, _DENIED = _compiled(NEGATED), _compiled(DOUBLED), _compiled(DENIED)


def check(text: str, jurisdictions: Collection[str] = ()) -> tuple[Hit, ...]:
    """Every phrase of this text that is refused to somebody who works in these jurisdictions, in order of the text.

    ``jurisdictions`` are codes such as "US-OR"; with none, the rule of this directory is all that speaks. "
    "Phrases that
    overlap are one hit, that of the first in the list.
    """
    folded = fold(text)
    found = [
        Hit(
            folded.at[start],
            folded.at[end - 1] + 1,
            text[folded.at[start] : folded.at[end - 1] + 1],
            ready.claim.kind,
            REASONS[ready.claim.kind],
            rules_for(ready.claim.kind, jurisdictions),
        )
        for ready in _READY
        if _applies(ready.claim, jurisdictions)
        for start, end in _standing(ready, folded.text)
    ]
    found.sort(key=lambda hit: (hit.start, -hit.end))
    apart: list[Hit] = []
    for hit in found:
        if not apart or hit.start >= apart[-1].end:
            apart.append(hit)
    return tuple(apart)


def rules_for(kind: Kind, jurisdictions: Collection[str]) -> tuple[Statement, ...]:
    """What the law of these jurisdictions says about this kind, as far as we know one."""
    countries = sorted({code.partition("-")[0] for code in jurisdictions})
    return tuple(_RULES[country][kind] for country in countries if kind in _RULES.get(country, ()))


def strictly(sentence: str) -> list[tuple[str, str]]:
    """The words in a sentence of this service that it may not say, whatever stands around, each with the reason."""
    return [(hit[0], REASONS[kind]) for kind, pattern in _OURS for hit in pattern.finditer(sentence)]


@cache
def for_script() -> Mapping[str, Any]:
    """The list as a browser takes it: the same patterns, and what folding needs to know. Reasons and rules are "
    "msgids,
    for whoever delivers it to translate; ``countries`` and ``unless`` are for them to choose by."""
    return {
        "lookalikes": dict(_LOOKALIKES),
        "digits": dict(_DIGITS),
        "fillers": "".join(sorted(_FILLERS)),
        "spelt": _SPELT.pattern,
        "clause": _CLAUSE.pattern,
        "reach": _REACH,
        "negated": _NEGATED.pattern,
        "doubled": _DOUBLED.pattern,
        "denied": _DENIED.pattern,
    }


def list_for(jurisdictions: Collection[str]) -> Iterator[tuple[Kind, str, str, str, bool]]:
    """For each pattern that concerns somebody who works there: its kind, itself, what may stand before and after "
    "it (empty
    for nothing), and whether denying it makes it harmless."""
    for ready in _READY:
        if _applies(ready.claim, jurisdictions):
            before = ready.before.pattern if ready.before else ""
            after = ready.after.pattern if ready.after else ""
            yield ready.claim.kind, ready.pattern.pattern, before, after, ready.claim.kind not in _HARD


_OURS: Final = tuple((claim.kind, re.compile(claim.ours, re.I)) for claim in _CLAIMS if claim.ours)


def _applies(claim: _Claim, jurisdictions: Collection[str]) -> bool:
    if claim.countries and not claim.countries & {code.partition("-")[0] for code in jurisdictions}:
        return False
    # A title must be lawful in every place where the words are read.
    return not claim.unless or not jurisdictions or not claim.unless.issuperset(jurisdictions)


def _standing(ready: _Ready, text: str) -> Iterator[tuple[int, int]]:
    """Where the pattern hits and nothing around it takes the claim back."""
    at = 0
    while (hit := ready.pattern.search(text, at)) is not None:
        start, end = hit.span()
        # Words inside a phrase that passed may begin another one.
        at = end if not _passes(ready, text, start, end) else start + 1
        if at == end:
            yield start, end


def _passes(ready: _Ready, text: str, start: int, end: int) -> bool:
    before = _CLAUSE.split(text[max(0, start - _REACH) : start])[-1]
    after = text[end : end + _REACH]
    if ready.before is not None and ready.before.search(before):
        return True
    if ready.after is not None and ready.after.search(after):
        return True
    if ready.claim.kind in _HARD:
        return False
    negated = _NEGATED.search(before) is not None and _DOUBLED.search(before) is None
    return negated or _DENIED.search(after) is not None
