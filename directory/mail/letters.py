"""What a letter says: sentences (msgids) with values, put into words in the recipient's language.

The subject and the sender's name can be read over a shoulder and on a locked screen, so a subject is one sentence
without values and never names a condition, pregnancy or a profession (``INDISCREET``).

A letter to an address that nobody has confirmed yet must not carry what its sender typed: anybody could make us write
to anybody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from directory.paths import TRANSLATIONS

DEFAULT_LANGUAGE: Final = "en_US"
UNREAD: Final = frozenset({"es"})
"""Languages whose translation nobody who speaks them fluently has read yet. Whatever is said in one says so."""

INDISCREET: Final = re.compile(
    r"restless|\bleg|\brls\b|willis|ekbom|pregnan|midwi|matern|birth|trimester|acupunct|needl|patient|practitioner"
    r"|therap|treat|licen[cs]|regist|credential|clinic|doctor|physician|nurse|health|medic|symptom|condition|appointment"
    r"|inquiet|pierna|embaraz|matron|parto\b|acupunt|aguja|pacient|profesional|tratam|médic|salud|síntoma|\bcita\b|clínic",
    re.IGNORECASE,
)
"""What no subject says, in the source or in a translation."""

_PURPOSE = re.compile(r"[a-z][a-z0-9_]{0,47}")
_PATH = re.compile(r"/(?!/)[!-~]{0,1000}")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_VALUE = re.compile("%")
_LONGEST_VALUE = 300


def N_(text: str) -> str:  # noqa: N802 - the name gettext knows a marked text by
    """Mark a sentence for translation and leave it as it is: this package knows no request."""
    return text


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, said with the day and the hour of a zone and that zone's name."""

    at: datetime
    timezone: str
    of_the_day: bool = False
    """Only the hour and the zone, because the day was said already."""


Value: TypeAlias = "str | int | date | Moment | Sentence"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A msgid with what is put into it. Days are written out and numbers grouped as the recipient's country does."""

    text: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))


def say(text: str, /, **values: Value) -> Sentence:
    """``say(N_("Your profile is off the list from %(day)s."), day=date(2026, 11, 3))``."""
    return Sentence(text, values)


@dataclass(frozen=True, slots=True)
class Link:
    """The one button of a letter: its words (a msgid) and a path of our own site, such as ``/account/confirm/…``.

    It leads to a page that asks once more: scanners of mail open every link.
    """

    label: str
    path: str

    def __post_init__(self) -> None:
        if not _PATH.fullmatch(self.path):
            raise ValueError("a letter links to a path of our own site, and to nothing else")


class Standing(StrEnum):
    """How firm a calendar entry is."""

    AGREED = "agreed"
    PAUSED = "paused"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What goes into somebody's calendar with a letter. Others see calendars: the summary is as discreet as a subject.

    ``uid`` stays the same for good, ``sequence`` grows with every change, as iCalendar (RFC 5545) asks.
    """

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    summary: str | Sentence
    """A msgid or ``say(…)``; the name of the site is added."""
    standing: Standing = Standing.AGREED


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter before it has a language.

    ``purpose`` is a stable code such as ``confirm_address``, for the log and for counting. ``subject`` is a msgid
    without values. Paragraphs and closing words, which stand below the button, are msgids or ``say(…)``.
    """

    purpose: str
    subject: str
    paragraphs: tuple[str | Sentence, ...]
    link: Link | None = None
    closing: tuple[str | Sentence, ...] = ()
    stop: str = ""
    """A path of our own that ends such letters by one POST without a page, for the button of mail programs (RFC 8058);
    empty for a letter that somebody needs."""
    entry: Entry | None = None
    """An entry for the calendar, which is attached."""

    def __post_init__(self) -> None:
        if self.stop and not _PATH.fullmatch(self.stop):
            raise ValueError("letters are stopped at a path of our own site")
        if not _PURPOSE.fullmatch(self.purpose):
            raise ValueError("the purpose of a letter is a code of small letters, digits and _")
        if not discreet(self.subject):
            raise ValueError("a subject takes no values and names no condition, pregnancy or profession")
        if not self.paragraphs:
            raise ValueError("a letter says something")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A letter in its recipient's language, as it lies in the outbox."""

    language: str
    subject: str
    paragraphs: tuple[str, ...]
    closing: tuple[str, ...] = ()
    label: str = ""
    path: str = ""
    """Empty where there is no button."""
    stop: str = ""
    """Empty where such letters are not stopped."""
    entry: Entry | None = None
    """Its summary in words."""

    def to_json(self) -> str:
        """For the sealed column."""
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Worded:
        """Out of the sealed column."""
        told = json.loads(text)
        entry = told.get("entry")
        if entry is not None:
            starts_at, standing = datetime.fromisoformat(entry["starts_at"]), Standing(entry["standing"])
            told["entry"] = Entry(**{**entry, "starts_at": starts_at, "standing": standing})
        return cls(**{**told, "paragraphs": tuple(told["paragraphs"]), "closing": tuple(told["closing"])})


def discreet(subject: str) -> bool:
    """Whether this may stand where others can read it."""
    return (
        bool(subject.strip()) and "%" not in subject and not _UNSEEN.search(subject) and not INDISCREET.search(subject)
    )


def word(letter: Letter, language: str) -> Worded:
    """The letter in this language, or in American English where we do not speak it."""
    locale = _locale(language)
    return Worded(
        language=str(locale),
        subject=_one_line(_catalogue(str(locale)).ugettext(letter.subject)),
        paragraphs=tuple(_said(each, locale) for each in letter.paragraphs),
        closing=_closing(letter, locale),
        label="" if letter.link is None else _said(letter.link.label, locale),
        path="" if letter.link is None else letter.link.path,
        stop=letter.stop,
        entry=None if letter.entry is None else replace(letter.entry, summary=_said(letter.entry.summary, locale)),
    )


_SAME_IN_ENGLISH: Final = N_(
    "Nobody who speaks this language fluently has read this translation yet. The same in English, which counts:"
)


def _closing(letter: Letter, locale: Locale) -> tuple[str, ...]:
    """The last paragraphs, and after a translation that nobody fluent has read the whole letter in English."""
    said = tuple(_said(each, locale) for each in letter.closing)
    if locale.language not in UNREAD:
        return said
    english = Locale.parse(DEFAULT_LANGUAGE)
    whole = (*letter.paragraphs, *letter.closing)
    return (*said, _said(_SAME_IN_ENGLISH, locale), *(_said(each, english) for each in whole))


def phrase(sentence: str | Sentence, language: str) -> str:
    """One sentence in this language."""
    return _said(sentence, _locale(language))


def moment(at: datetime, timezone: str, locale: Locale) -> str:
    """Day, hour and zone as this country writes them: "Tuesday, 1 December 2026, 10:30 (Pacific Standard Time)"."""
    day = format_date(at.astimezone(ZoneInfo(timezone)).date(), format="full", locale=locale)
    return f"{day}, {hour(at, timezone, locale)}"


def hour(at: datetime, timezone: str, locale: Locale) -> str:
    """The hour and the zone alone, for a day that was said already: "10:30 (Pacific Standard Time)"."""
    zone = ZoneInfo(timezone)
    name = get_timezone_name(at.astimezone(zone), width="long", locale=locale)
    return f"{format_time(at, format='short', tzinfo=zone, locale=locale)} ({name})"


def _said(sentence: str | Sentence, locale: Locale) -> str:
    sentence = Sentence(sentence) if isinstance(sentence, str) else sentence
    text = _catalogue(str(locale)).ugettext(sentence.text)
    return text % {name: _shown(value, locale) for name, value in sentence.values.items()} if sentence.values else text


def _shown(value: Value, locale: Locale) -> str:
    if isinstance(value, Sentence):
        return _said(value, locale)
    if isinstance(value, int):
        return str(format_decimal(value, locale=locale))
    if isinstance(value, Moment):
        said = hour if value.of_the_day else moment
        return said(value.at, value.timezone, locale)
    if isinstance(value, (date, datetime)):
        return str(format_date(value, format="long", locale=locale))
    return _one_line(value)


def _one_line(text: str) -> str:
    """What somebody typed, unable to begin a line of its own or to turn the direction of the words around it."""
    return _UNSEEN.sub(" ", text).strip()[:_LONGEST_VALUE]


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        found = Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse(DEFAULT_LANGUAGE)
    return found if (TRANSLATIONS / str(found)).is_dir() else Locale.parse(DEFAULT_LANGUAGE)


@lru_cache(maxsize=64)
def _catalogue(language: str) -> NullTranslations:
    found: NullTranslations = Translations.load(str(TRANSLATIONS), [language])
    return found
