"""What may be said, who may say it, and how long it is shown. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from directory.jurisdictions.rules import Jurisdiction, PraiseRule

LONGEST: Final = 300
"""Signs of words, of a patient and of the answer."""
SHOWN_FOR: Final = timedelta(days=730)
"""How long words are shown; older ones say little about today, and are erased."""
REFUSED_KEPT: Final = timedelta(days=90)
"""How long what was refused stays readable, for an appeal of either side."""

_TREATMENT: Final = re.compile(
    r"\b(?:rls|legs?|restless\w*|symptoms?|pains?|painless\w*|painful\w*|ache\w*|sleep\w*|slept|insomnia|heal\w*|cur(?:e|es|ed|ing)|"
    r"reliev\w*|relief|recover\w*|improv\w*|worse\w*|remission|pregnan\w*|trimester|midwi\w*|baby|birth|miscarr\w*|"
    r"diagnos\w*|disease|illness|medic(?:ine|ines|ation|ations|al)|drugs?|tablets?|pills?|dos(?:e|es|age)|iron|ferritin|"
    r"side effects?|bruis\w*|bleed\w*|"
    r"(?:treatment|needles?|acupuncture|sessions?|therapy)\s+(?:really\s+|did(?:n.t| not)?\s+|has(?:n.t| not)?\s+)?"
    r"(?:work\w*|help\w*|effective\w*|made)|(?:feel|felt|feeling)\s+(?:\w+\s+)?(?:better|well|good|great))\b",
    re.IGNORECASE,
)
_WAY_TO_REACH: Final = re.compile(
    r"https?:|www\.|@|\b\w[\w-]*\.(?:com|org|net|co|info|biz|io|uk|de|au)\b|(?:\d[\s().-]?){6,}", re.I
)


def speaks_of_treatment(words: str) -> str | None:
    """The first words that speak of health or of what a treatment did; ``None`` where nothing does. They are refused
    whoever is praised: nobody here can know whether it is so, and it is somebody's health."""
    found = _TREATMENT.search(words)
    return None if found is None else found.group()


def names_a_way(words: str) -> bool:
    """Whether a link, an address or a telephone number stands in it."""
    return _WAY_TO_REACH.search(words) is not None


def may_be_shown(rule: Jurisdiction | None) -> bool:
    """Whether the law of a place lets words of patients be shown. Where nobody knows the law, they are not."""
    return rule is not None and rule.testimonials is not PraiseRule.FORBIDDEN


def ends_at(decided_at: datetime, *, published: bool) -> datetime:
    """When words are erased."""
    return decided_at + (SHOWN_FOR if published else REFUSED_KEPT)
