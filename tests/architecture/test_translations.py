"""Catalogues are in step with the source, compiled as they stand, and American English is spelled as Americans do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from directory.guide import cautions, emergency, evidence
from directory.guide.words import Statement
from tests.architecture.messages import TRANSLATIONS, extracted

LOCALES = ("en_GB", "en_US")
SPANISH = "es"
"""Partial: what is not translated is shown in English, and only some pages are offered in it at all."""

COMPLETE_IN_SPANISH = (
    "templates/about_you/",
    "templates/base.html",
    "templates/compare/",
    "templates/components/cards.html",
    "templates/components/find_by_name.html",
    "templates/components/notices.html",
    "templates/components/place.html",
    "templates/components/talks.html",
    "templates/components/told.html",
    "templates/components/urgent.html",
    "templates/errors/",
    "templates/feedback/",
    "templates/home/",
    "templates/match/",
    "templates/outcome/",
    "templates/practitioners/",
    "templates/saved/",
    "templates/search/",
    "templates/shortlist/",
    "templates/urgent/",
    "templates/visits/",
    "directory/alerts/",
    "directory/consultations/answering.py",
    "directory/consultations/booking.py",
    "directory/consultations/choosing.py",
    "directory/consultations/consent.py",
    "directory/consultations/course.py",
    "directory/consultations/feedback/",
    "directory/consultations/letters/parts.py",
    "directory/consultations/letters/patients.py",
    "directory/consultations/links.py",
    "directory/consultations/outcomes/",
    "directory/consultations/drafts.py",
    "directory/consultations/service.py",
    "directory/consultations/taking.py",
    "directory/consultations/writing.py",
    "directory/guide/cautions.py",
    "directory/guide/emergency.py",
    "directory/guide/evidence.py",
    "directory/guide/numbers.py",
    "directory/mail/",
    "directory/web/about_you/",
    "directory/web/presenters/cards.py",
    "directory/web/compare.py",
    "directory/http/errors.py",
    "directory/web/feedback.py",
    "directory/web/forms/about_you.py",
    "directory/web/forms/feedback.py",
    "directory/web/forms/match.py",
    "directory/web/forms/outcome.py",
    "directory/web/forms/posted.py",
    "directory/web/forms/practitioners.py",
    "directory/web/forms/saved.py",
    "directory/web/forms/talks.py",
    "directory/web/forms/shortlist.py",
    "directory/web/forms/times.py",
    "directory/web/forms/visits.py",
    "directory/web/forms/wishes.py",
    "directory/web/presenters/gone.py",
    "directory/web/presenters/labels.py",
    "directory/http/locale.py",
    "directory/web/match/",
    "directory/web/presenters/named.py",
    "directory/web/outcome.py",
    "directory/web/practitioners.py",
    "directory/web/presenters/checks.py",
    "directory/web/presenters/declarations.py",
    "directory/web/presenters/practices.py",
    "directory/web/presenters/profiles.py",
    "directory/web/saved.py",
    "directory/web/shortlist.py",
    "directory/web/stories.py",
    "directory/web/presenters/talks.py",
    "directory/web/presenters/told.py",
    "directory/web/visits/",
    "directory/web/presenters/zones.py",
)
"""What the pages and the letters to patients that must be complete in Spanish take their sentences from."""

AMERICAN = {
    r"licence(s?)": r"license\1",
    r"centre(s?)": r"center\1",
    r"programme(s?)": r"program\1",
    r"practise(s|d)?": r"practice\1",
    r"practising": "practicing",
    r"(kilo|centi)?metre(s?)": r"\1meter\2",
    r"(\w+)(?<!w)isation(s?)": r"\1ization\2",
    r"(recogn|organ|special|real|apolog|emphas|final|summar)is(e|es|ed|ing)": r"\1iz\2",
    r"(col|fav|hon|neighb|behavi|lab)our(\w*)": r"\1or\2",
    r"lymphoedema": "lymphedema",
    r"oedema": "edema",
    r"foetal": "fetal",
    r"haem(\w+)": r"hem\1",
    r"anaesth(\w+)": r"anesth\1",
    r"paediatric(\w*)": r"pediatric\1",
    r"judgement": "judgment",
    r"cancelled": "canceled",
    r"enquir(y|ies|e)": r"inquir\1",
    r"whilst": "while",
    r"catalogue": "catalog",
    r"grey": "gray",
    r"postcode(s?)": r"ZIP code\1",
}
"""Spellings an American reader trips over, as patterns of whole words, and what to write instead."""


def _file(locale: str, suffix: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES" / f"messages.{suffix}"


def _catalogue(locale: str) -> Catalog:
    with _file(locale, "po").open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def _forms(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, (list, tuple)) else (str(value),)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _pairs(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {_forms(message.id): _forms(message.string) for message in _messages(catalogue)}


def test_template_is_in_step_with_the_source() -> None:
    with (TRANSLATIONS / "messages.pot").open("rb") as file:
        template = {message.id for message in _messages(read_po(file))}
    source = set(extracted())
    assert template == source, (
        f"new: {sorted(map(str, source - template))}; gone: {sorted(map(str, template - source))}"
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_catalogue_is_in_step_with_the_source(locale: str) -> None:
    catalogue = _catalogue(locale)
    ids = {message.id for message in _messages(catalogue)}
    assert ids == set(extracted())
    assert not [message.id for message in _messages(catalogue) if message.fuzzy]


def test_spanish_translates_only_sentences_of_the_source() -> None:
    catalogue = _catalogue(SPANISH)
    assert {message.id for message in _messages(catalogue)} <= set(extracted())
    assert not [message.id for message in _messages(catalogue) if message.fuzzy]


def test_spanish_is_complete_where_it_must_be() -> None:
    translated = {message.id for message in _messages(_catalogue(SPANISH)) if all(_forms(message.string))}
    lacking = [
        str(key)
        for key, files in extracted().items()
        if key not in translated and any(file.startswith(COMPLETE_IN_SPANISH) for file in files)
    ]
    assert not lacking, "\n".join(sorted(lacking))


@pytest.mark.parametrize("locale", [*LOCALES, SPANISH])
def test_compiled_catalogue_is_the_written_one(locale: str) -> None:
    fresh = BytesIO()
    write_mo(fresh, _catalogue(locale))
    fresh.seek(0)
    with _file(locale, "mo").open("rb") as kept:
        assert _pairs(read_mo(kept)) == _pairs(read_mo(fresh))


def test_source_is_british_and_needs_no_catalogue_of_its_own() -> None:
    assert not [message.id for message in _messages(_catalogue("en_GB")) if any(_forms(message.string))]


def test_american_english_is_spelled_as_americans_do() -> None:
    wrong = []
    for message in _messages(_catalogue("en_US")):
        shown = message.string if any(_forms(message.string)) else message.id
        for form in _forms(shown):
            wrong += [
                f"“{hit.group()}” should be “{hit.expand(american)}” in: {form}"
                for british, american in AMERICAN.items()
                for hit in re.finditer(rf"\b{british}\b", form, re.I)
            ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("locale", [*LOCALES, SPANISH])
def test_translations_keep_the_places_of_values(locale: str) -> None:
    names = re.compile(r"%\((\w+)\)[sd]")
    for message in _messages(_catalogue(locale)):
        if any(_forms(message.string)):
            wanted = {name for form in _forms(message.id) for name in names.findall(form)}
            for form in _forms(message.string):
                assert set(names.findall(form)) <= wanted, message.id
            assert {name for form in _forms(message.string) for name in names.findall(form)} == wanted, message.id


def test_sentences_of_the_guide_can_be_translated() -> None:
    """They are translated by value where a page is made, so each must be among the marked ones, without a per cent."""
    statements = [
        each for part in (evidence, emergency, cautions) for each in vars(part).values() if isinstance(each, Statement)
    ]
    texts = [each.text for each in statements] + list(emergency.SIGNS.values())
    for words in cautions.CAUTIONS.values():
        texts += [words.name, words.advice.text, words.ask]
    texts += [*cautions.ANSWERS.values(), *cautions.QUESTIONS]
    for warning in (emergency.EVERYONE, emergency.PREGNANCY):
        texts += [each for each in (warning.lead, *warning.signs, warning.after) if each]
    for country in (*emergency.COUNTRIES, None):
        help_now = emergency.help_in(country)
        texts += [help_now.maternity, *(service.what for service in help_now.services)]
    assert statements
    for text in texts:
        assert text in extracted()
        assert "%" not in text
