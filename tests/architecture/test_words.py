"""No page promises anything: words that claim a result, a rank or more than was checked are refused."""

from __future__ import annotations

import re

import pytest

from directory.guide import claims
from tests.architecture.messages import ROOT, sentences

EVERYWHERE = ("AU", "GB-ENG", "US-OR")
"""Our own sentences are read everywhere, so every law we know of speaks."""

EXCEPTIONS: dict[str, str] = {
    "reviews, stars and testimonials": "it stands in the list of what never counts here",
}
"""Sentences that may stand although a pattern hits, each with its reason."""


PROPER_NAMES = (
    r"GeoNames \(geonames\.org\)",
    r"CC BY 4\.0",
    r"GDPR",
    r"RCW 19\.373",
    r"ASA \(UK\)",
    r"Ahpra",
    r"FTC, Health Products Compliance Guidance",
)
"""What may stand between tags untranslated."""


def _visible(template: str) -> str:
    """A template's text without its comments and its program."""
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", template, flags=re.S)


def _offences(text: str) -> list[str]:
    ours = [f"“{words}”: {why}" for words, why in claims.strictly(text)]
    return ours + [f"“{hit.words}”: {hit.reason}" for hit in claims.check(text, EVERYWHERE)]


def test_sentences_for_people_claim_nothing() -> None:
    offences = [
        f"{file}: {offence} in: {sentence}"
        for sentence, file in sentences()
        if sentence not in EXCEPTIONS
        for offence in _offences(sentence)
    ]
    assert not offences, "\n".join(offences)


def test_templates_say_nothing_that_is_not_translated_and_checked() -> None:
    """Text between the tags would escape both translation and the check of words, so there is none but names."""
    allowed = re.compile(
        r"GeoNames \(geonames\.org\)|CC BY 4\.0|CSV on the Web|Data Package"
        r"|GDPR|RCW 19\.373|ASA \(UK\)|Ahpra|FTC, [A-Za-z ]+|&\w+;"
    )
    loose = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for word in re.findall(r"[^\W\d_]{2,}", allowed.sub(" ", _visible(path.read_text(encoding="utf-8"))))
    ]
    assert not loose, "\n".join(loose)


def test_every_exception_is_still_needed() -> None:
    known = {sentence for sentence, _ in sentences() if _offences(sentence)}
    assert EXCEPTIONS.keys() <= known


@pytest.mark.parametrize(
    "claim",
    [
        "Acupuncture cures restless legs",
        "A verified practitioner",
        "Find a safe acupuncturist",
        "RLS specialist near you",
        "She treats RLS",
        "Results guaranteed",
        "The best acupuncturist",
        "The #1 choice",
        "Proven relief",
    ],
)
def test_claims_are_refused(claim: str) -> None:
    assert _offences(claim)
