"""What the words on papers mean: titles, bodies, conditions. Pure.

Registers write freely. A word is read so that a misreading hides somebody rather than showing them, except that a
condition which only limits practice is not taken for one that ends it.
"""

from __future__ import annotations

import re

from directory.credentials.terms import ConditionCode


def codes_in(text: str | None) -> frozenset[ConditionCode]:
    """What a register's words on conditions mean for a listing, read cautiously.

    A reading never lifts anything: it adds codes, and words that say nothing we know count as ``OTHER``.
    """
    if not text or not text.strip():
        return frozenset()
    words = " ".join(text.split())
    found = {code for code, pattern in _CONDITION_WORDS if pattern.search(words)}
    return frozenset(found or {ConditionCode.OTHER})


def names(words: str, body: str) -> bool:
    """Whether these words name the body, under any of its usual names."""
    return re.search(rf"\b({_SYNONYMS.get(body, re.escape(body))})\b", words, re.I) is not None


def is_medical(title: str) -> bool:
    """Whether a title is a physician's, MD or DO, and no other doctor's or therapist's."""
    return _MEDICAL.search(title) is not None and _OTHER_DOCTORS.search(title) is None


_NOT = r"\b(must|may|shall|can|should|will|is|are|agrees|undertakes)( ?not| no longer)( to)?"
_PATIENTS = r"(see|treat|accept|attend)( any)? (patients|clients|members of the public)\b"
_PRACTICE = (
    r"(practi[sc]e|(perform|provide|offer|deliver|carry out) acupuncture|needle|"
    r"(engage|take part) in (the|any) practi[sc]e)"
)
_LIMITED = (
    r"(?! (acupuncture )?(except|unless|without|outside|other than|alone|unsupervised|who|whose|with|under|during|"
    r"on (children|minors|pregnan)))"
)
"""A prohibition that goes on like this limits practice and does not end it."""

_CONDITION_WORDS: tuple[tuple[ConditionCode, re.Pattern[str]], ...] = (
    (
        ConditionCode.EXCLUDES_PREGNANCY,
        re.compile(r"pregnan|obstetric|antenatal|prenatal|perinatal|maternity|expectant|\bgravid", re.I),
    ),
    (ConditionCode.EXCLUDES_MINORS, re.compile(r"\b(minors?|child(ren)?|under (the age of )?(18|eighteen))\b", re.I)),
    (ConditionCode.SUPERVISED_ONLY, re.compile(r"supervis", re.I)),
    (
        ConditionCode.NO_ELECTRO,
        re.compile(
            r"\b(no|not|without|exclud\w*|prohibit\w*|forbid\w*|refrain)\b[^.;]*\belectr"
            r"|\belectr[^.;]*\b(not|prohibited|excluded|forbidden|barred)\b",
            re.I,
        ),
    ),
    (
        ConditionCode.FORBIDS_PRACTICE,
        re.compile(
            rf"{_NOT} ({_PRACTICE}|{_PATIENTS}){_LIMITED}(?! electr)"
            r"|\bnot (permitted|allowed|authori[sz]ed) to practi[sc]e\b"
            r"|\b(cease[sd]?|stop(s|ped)?) (to )?practi[sc](e|ing)\b"
            r"|\b(prohibited|barred|banned|restrained) from (all )?(practi[sc]|treating patients\b)"
            r"|\bpractice( is)? (prohibited|forbidden)\b"
            r"|\bno practice\b(?! (restriction|limit|condition))"
            r"|\b(licen[cs]e|registration)( is| has been)? suspended\b",
            re.I,
        ),
    ),
)

_SYNONYMS: dict[str, str] = {
    "BAcC": r"[mf]?bacc|british acupuncture council",
    "AACP": r"aacp|acupuncture association of chartered physiotherapists",
    "BMAS": r"m?bmas|british medical acupuncture society",
    "HCPC": r"hcpc|health and care professions council",
    "GMC": r"gmc|general medical council",
    "NMC": r"nmc|nursing and midwifery council",
    "NCBAHM": r"ncbahm|nccaom",
    "ABMA": r"d?abma|american board of medical acupuncture",
    "ACI": r"m?aci|tcmci|acupuncture council of ireland",
}
_MEDICAL = re.compile(
    # Not preceded by another letter's full stop, or a naturopath's N.M.D. would read as an M.D.
    r"(?<![\w.])(m\.?d|d\.?o)\b"
    r"|\bphysician (and|&) surgeon\b|\bdoctor of (osteopathic )?medicine\b"
    r"|\b(medical|osteopathic) (doctor|physician)\b",
    re.I,
)
_OTHER_DOCTORS = re.compile(
    r"\b(d\.?c|n\.?(m\.?)?d|p\.?t|dpt|dpm|pa|np|rn|dmd|dds|o\.?m\.?d)\b"
    r"|chiropract|naturopath|podiatr|physical|\bdent|oriental medic",
    re.I,
)
