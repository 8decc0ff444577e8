"""Every kind of page a visitor can stand on, and how they came there."""

from __future__ import annotations

from tests.browser.asking import ASKING
from tests.browser.belonging import BELONGING, BELONGING_SIGNED_IN
from tests.browser.finding import FINDING
from tests.browser.reading import READING
from tests.browser.registering import REGISTERING, REGISTERING_SIGNED_IN
from tests.browser.working import WORKING

VISITORS = FINDING | REGISTERING | BELONGING | READING | ASKING
"""Pages for everybody."""

MEMBERS = REGISTERING_SIGNED_IN | BELONGING_SIGNED_IN | WORKING
"""Pages for people who have signed in: whoever only looks shares a seat, and whoever changes something is new."""

STOPS = VISITORS | MEMBERS
"""By name: what a visitor does to stand there, and sees when it is so."""

LIKE = {
    "home": "home-refused",
    "list": "list-told",
    "list-not-pregnant": "list-told",
    "list-pregnant": "list-told",
    "list-refused": "list-told",
    "list-far": "list-empty",
    "list-with-map": "map",
    "by-name-nobody": "by-name",
    "by-name-refused": "by-name",
    "profile": "profile-while-pregnant",
    "harm": "harm-by-refused",
    "embed-refused": "embed",
    "guide-reading": "guide-page",
    "plan": "plan-made",
    "plan-refused": "plan-made",
    "care-bring-refused": "care-bring-made",
    "care-letter-refused": "care-letter-made",
    "compare-empty": "compare",
    "match-question": "match",
    "visit-asked": "visit-refused",
    "visit-choose": "visit-refused",
    "visit-agreed": "visit-refused",
    "visit-over": "visit-refused",
    "place-pin": "place-unknown",
    "practice-begun": "practice",
    "practice-request-agreed": "practice-request-refused",
    "desk-queue-refused": "desk-queue",
    "desk-case-hold": "desk-case-refused",
    "desk-case-exclusion": "desk-case-refused",
    "desk-case-harm": "desk-case-refused",
    "desk-case-feedback": "desk-case-refused",
    "desk-case-second-look": "desk-case-refused",
    "desk-case-news": "desk-case-refused",
    "desk-case-edit": "desk-case-refused",
}
"""Pages made by the template of another, which holds more: with ``THOROUGH=1`` they are visited too."""

EVERY_DAY = [stop for stop in STOPS if stop not in LIKE]
"""One page of every template, or more where they share little but their frame."""
