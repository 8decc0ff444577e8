"""Words that claim too much are found in whatever dress; facts, and words that deny a claim, are left alone."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.guide.claims import Kind, check, fold, for_script, list_for, rules_for, strictly

REFUSED = [
    ("I cure RLS", Kind.CURE),
    ("Acupuncture cures restless legs", Kind.CURE),
    ("Your legs will be still, permanently: permanent results", Kind.CURE),
    ("Get rid of restless legs", Kind.CURE),
    ("Puedo curar las piernas inquietas", Kind.CURE),
    ("治愈不宁腿", Kind.CURE),
    ("I heal people", Kind.EFFECT),
    ("A natural remedy", Kind.EFFECT),
    ("Find relief here", Kind.EFFECT),
    ("Effective for the legs", Kind.EFFECT),
    ("I help with restless legs", Kind.EFFECT),
    ("It reduces RLS symptoms", Kind.EFFECT),
    ("It eases your legs", Kind.EFFECT),
    ("Acupuncture restores dopamine", Kind.EFFECT),
    ("I look for the root cause", Kind.EFFECT),
    ("It works for everyone", Kind.EFFECT),
    ("I treat RLS", Kind.CONDITION),
    ("I treat many people with restless legs", Kind.CONDITION),
    ("Acupuncture for insomnia and more", Kind.CONDITION),
    ("Clinically proven", Kind.EVIDENCE),
    ("Studies show that acupuncture works", Kind.EVIDENCE),
    ("Results guaranteed", Kind.GUARANTEE),
    ("I promise you good results", Kind.GUARANTEE),
    ("95% success", Kind.GUARANTEE),
    ("It never fails", Kind.GUARANTEE),
    ("Needling is safe", Kind.HARMLESS),
    ("No side effects", Kind.HARMLESS),
    ("Pain-free needling", Kind.HARMLESS),
    ("The best acupuncturist in Leeds", Kind.RANKING),
    ("We are #1 here", Kind.RANKING),
    ("A leading clinic", Kind.RANKING),
    ("RLS specialist", Kind.TITLE),
    ("I specialise in legs", Kind.TITLE),
    ("An expert with needles", Kind.TITLE),
    ("My patients say that they sleep", Kind.TESTIMONIAL),
    ("After three sessions my legs were calm", Kind.TESTIMONIAL),
    ("Half price in May", Kind.INDUCEMENT),
    ("Stop taking your medicine", Kind.MEDICAL_CARE),
    ("An alternative to medication", Kind.MEDICAL_CARE),
    ("Sleep without drugs", Kind.MEDICAL_CARE),
    ("You don't need a doctor", Kind.MEDICAL_CARE),
    ("Everyone should try it", Kind.OVERUSE),
    ("A verified practitioner", Kind.CHECKED),
]


@pytest.mark.parametrize(("text", "kind"), REFUSED)
def test_claims_are_found(text: str, kind: Kind) -> None:
    hits = check(text)
    assert kind in {hit.kind for hit in hits}
    for hit in hits:
        assert text[hit.start : hit.end] == hit.words


FACTS = [
    "Since 2012 I have seen 40 people with RLS",
    "12 people with restless legs syndrome (RLS) in the last 24 months",
    "I ask for your ferritin and write to your GP",
    "Training in acupuncture for restless legs, 12 hours, 2024",
    "We keep a diary to see whether it helps your sleep",
    "You may stand up and move whenever your legs need it",
    "Secure parking; next to a manicure salon; I will procure a chair; curated music",
    "I refer to a sleep specialist when needed, and write to your neurologist or specialist",
    "The best way to reach me is by e-mail, and I do my best to answer within a day",
    "Master of Acupuncture, Oregon School of Healing Arts, 2010",
    "Come only if you feel safe; health and safety training in 2025",
    "Prices effective from 1 March; cost-effective for students; free parking",
    "Dr A. B. C. Smith, L.Ac., M.S.O.M.",
    "Bring a list of your medicines and supplements",
    "I never treat without written consent, and I do not treat children",
    "We review after six visits whether anything has changed",
    "I use single-use sterile needles, 20 minutes at SP6 and KI3",
    "The doctor who treats your RLS should know",
    "The room is quiet and open for anybody who needs a ramp",
]


@pytest.mark.parametrize("text", FACTS)
def test_facts_about_work_are_no_claims(text: str) -> None:
    assert check(text, ("AU", "GB-ENG", "US-OR")) == ()


HONEST = [
    "I cannot promise a cure",
    "There is no known cure",
    "I do not claim to cure restless legs",
    "Acupuncture does not cure RLS",
    "Nobody can promise a cure for RLS",
    "A cure cannot be promised",
    "A cure for RLS is not known",
    "Results are not guaranteed",
    "I can’t say whether acupuncture is effective",
    "It is not known whether it helps RLS",
    "Do not stop taking your medicine",
    "Never come off your medication without asking the person who prescribes it",
    "I am not a specialist",
]


@pytest.mark.parametrize("text", HONEST)
def test_denying_a_claim_is_honest(text: str) -> None:
    assert check(text) == ()


TRICKS = [
    "Why not cure it?",
    "There is nothing we cannot cure",
    "Needling never fails to cure",
    "No one else can cure RLS",
    "It not only cures, it lasts",
    "I do not just cure legs",
    "No drugs. I cure RLS",
    "Do not worry, I cure RLS",
    "I cannot see you on Mondays, but I cure RLS",
]


@pytest.mark.parametrize("text", TRICKS)
def test_denying_something_else_excuses_nothing(text: str) -> None:
    assert check(text)


DRESSED = [
    "c u r e",
    "c.u.r.e.",
    "c-u-r-e",
    "ｃｕｒｅ",
    "сurе",
    "ϲυгε",
    "cu\u200bre",
    "cu\u00adre",
    "c\u0301u\u0308re\u0332",
    "cúrę",
    "CUR3",
    "ⓒⓤⓡⓔ",
    "🅒🅤🅡🅔",
    "𝖈𝖚𝖗𝖊",
    "ᴄᴜʀᴇ",
    "\u202ecure\u202c",
    "cu\u3164re",
]


@pytest.mark.parametrize("dressed", DRESSED)
def test_dress_hides_nothing(dressed: str) -> None:
    text = f"I can {dressed} you"
    (hit,) = check(text)
    assert hit.kind is Kind.CURE
    assert hit.words.strip("\u202e\u202c") in text
    assert text[hit.start : hit.end] == hit.words


def test_what_a_title_is_depends_on_the_place() -> None:
    assert check("Acupuncture Physician in Miami", ["US-FL"]) == ()
    assert check("Acupuncture Physician in Portland", ["US-OR"])
    assert check("Acupuncture Physician in both", ["US-FL", "US-OR"])


def test_a_free_first_talk_is_an_offer_with_terms_in_australia_alone() -> None:
    text = "A free first talk, and a discount for students"
    assert check(text, ["US-OR"]) == ()
    hits = check(text, ["AU"])
    assert {hit.kind for hit in hits} == {Kind.INDUCEMENT}
    assert all("section 133" in hit.rules[0].text for hit in hits)


@pytest.mark.parametrize(
    ("jurisdiction", "kind", "words"),
    [
        ("GB-SCT", Kind.EFFECT, "CAP Code"),
        ("GB-ENG", Kind.MEDICAL_CARE, "12.2"),
        ("US-OR", Kind.CURE, "FTC"),
        ("US-NY", Kind.TESTIMONIAL, "465"),
        ("AU", Kind.TESTIMONIAL, "section 133"),
        ("AU", Kind.TITLE, "sections 115 to 119"),
    ],
)
def test_the_rule_of_the_place_is_named(jurisdiction: str, kind: Kind, words: str) -> None:
    (rule,) = rules_for(kind, [jurisdiction])
    assert words in rule.text
    assert all(source.url.startswith("https://") for source in rule.sources)
    assert rule.sources


def test_places_in_two_countries_name_two_rules() -> None:
    (hit,) = check("I cure legs", ["US-OR", "AU", "US-WA"])
    assert len(hit.rules) == 2
    assert hit.rule == hit.rules[0]


def test_where_no_law_is_known_the_directory_itself_says_no() -> None:
    (hit,) = check("I cure legs", ["NZ"])
    assert hit.rule is None
    assert hit.reason


def test_hits_do_not_overlap_and_stand_in_order() -> None:
    hits = check("Best acupuncturist: guaranteed cure for RLS, I treat RLS, safe and proven relief")
    assert len(hits) >= 5
    assert all(a.end <= b.start for a, b in pairwise(hits))


def test_our_own_sentences_are_held_to_more() -> None:
    assert strictly("The best way to call is by telephone")
    assert not check("The best way to call is by telephone")


ANY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("cureCURE sаfe-.\u200b\u00ad’ noth")), max_size=120)


@given(ANY)
def test_any_text_at_all_can_be_read(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.at)
    assert list(folded.at) == sorted(folded.at)
    for hit in check(text, ["AU", "GB-ENG", "US-OR"]):
        assert 0 <= hit.start < hit.end <= len(text)
        assert text[hit.start : hit.end] == hit.words


@given(st.lists(st.sampled_from("\u200b\u200c\u2060\u00ad\ufe0f\u0301\u0336"), min_size=4, max_size=4))
def test_nothing_unseen_between_letters_helps(unseen: list[str]) -> None:
    assert check("".join(letter + sign for letter, sign in zip("cure", unseen, strict=True)))


@given(st.lists(st.sampled_from([str.lower, str.upper, lambda c: chr(ord(c) + 0xFEE0)]), min_size=10, max_size=10))
def test_case_and_width_change_nothing(dress: list[object]) -> None:
    assert check("".join(how(letter) for how, letter in zip(dress, "guaranteed", strict=True)))  # type: ignore[operator]


def test_a_long_text_is_read_at_once() -> None:
    text = ("I do not " * 400 + "never no not without " * 100 + "restless the a of for treatment " * 100)[:20_000]
    begun = time.process_time()
    check(text, ["AU", "GB-ENG", "US-OR"])
    assert time.process_time() - begun < 2


def test_browsers_understand_the_patterns() -> None:
    """JavaScript has neither named groups in Python's way nor lookbehind of every browser, inline flags or \\Z."""
    patterns = [part for _, *rest, _ in list_for(["AU", "US-OR"]) for part in rest]
    patterns += [for_script()[name] for name in ("clause", "negated", "doubled", "denied")]
    for pattern in patterns:
        assert not re.search(r"\(\?(P|<|#|[aiLmsux])|\\[AZ]", pattern)
