"""The visitor's language and country, and how their country writes dates, distances and money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Final

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal, format_percent
from babel.support import NullTranslations
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, LazyString, get_locale, get_translations
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from directory.geo.distance import MILES_PER_KM
from directory.http import headers, readable
from directory.http.site import site
from directory.mail import letters
from directory.paths import TRANSLATIONS

AMERICAN: Final = "en_US"
BRITISH: Final = "en_GB"
_BRITISH_SPELLERS = frozenset({"GB", "AU", "CA", "NZ", "IE", "ZA", "IN"})
MILES_COUNTRIES: Final = frozenset({"US", "GB"})
"""Where roads are measured in miles."""


SPANISH: Final = "es"
LANGUAGE_COOKIE: Final = "language"
_SPOKEN_ON: Final[Mapping[str, frozenset[str]]] = {
    SPANISH: frozenset(
        {
            "home",
            "search",
            "about_you",
            "urgent",
            "practitioners",
            "shortlist",
            "compare",
            "match",
            "visits",
            "saved",
            "outcome",
            "feedback",
        }
    )
}
"""Besides English: the parts of the site that are offered in a language, and only to whoever asked for it there."""
_READ_IN: Final = {SPANISH: "Leer en español", "en": "Read in English"}
PARAMETER: Final = "lang"
"""Says in an address in which language it is read, for whoever comes from elsewhere and has not chosen one here."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Another language for this page; ``unread`` is whether the one it stands in was never read by a fluent person."""

    code: str
    said: str
    """The offer, in its own language."""
    unread: bool
    here: str
    """Where this page can be read again."""


def offer() -> Offer | None:
    """The other language in which this page can be read, if there is one."""
    if not has_request_context() or request.blueprint not in _SPOKEN_ON[SPANISH]:
        return None
    now = current().language
    code = "en" if now == SPANISH else SPANISH
    return Offer(code, _READ_IN[code], now in letters.UNREAD, readable.here())


def by_address() -> str | None:
    """The language that the address of this page asks for, besides English; what was chosen here goes before it."""
    wanted = request.args.get(PARAMETER, "")
    return wanted if wanted in _SPOKEN_ON and request.blueprint in _SPOKEN_ON[wanted] else None


def _chosen() -> str:
    return request.cookies.get(headers.cookie_name(LANGUAGE_COOKIE, site().config), "")


def languages() -> frozenset[str]:
    """The languages one may ask for."""
    return frozenset(_READ_IN)


def select() -> str:
    """The locale of this request: Spanish where that is offered and was asked for, otherwise the first English the
    visitor's browser asks for, and American where it asks for none."""
    wanted = _chosen() or by_address() or ""
    if wanted in _SPOKEN_ON and request.blueprint in _SPOKEN_ON[wanted]:
        return wanted
    return _english(request.headers.get("Accept-Language", ""))


# Programs and browsers send the same few texts over and over; taking one apart costs more than all else here.
@lru_cache(maxsize=256)
def _english(accepted: str) -> str:
    for tag in parse_accept_header(accepted, LanguageAccept).values():
        language, _, country = tag.replace("_", "-").partition("-")
        if language.lower() == "en":
            return BRITISH if country.upper() in _BRITISH_SPELLERS else AMERICAN
    return AMERICAN


def init_app(app: Flask) -> None:
    """Translate, and give templates the words for dates, distances and money."""
    app.url_defaults(_keep_the_language)
    Babel(app, locale_selector=select, default_locale=AMERICAN, default_translation_directories=str(TRANSLATIONS))
    app.jinja_env.filters.update(
        moment=moment,
        zone_name=zone_name,
        day=day,
        money=money,
        distance=distance,
        number=number,
        decimalformat=decimal,
    )
    app.jinja_env.globals.update(lang=lang, language_offer=offer)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that Babel brought
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )


def _keep_the_language(endpoint: str, values: dict[str, Any]) -> None:
    """Whoever came by an address that names a language goes on in it, until they choose one."""
    if not has_request_context() or PARAMETER in values or not request.args.get(PARAMETER):
        return
    language = by_address()
    if language is not None and not _chosen() and endpoint.partition(".")[0] in _SPOKEN_ON[language]:
        values[PARAMETER] = language


def gettext(text: str, /, **values: object) -> str:
    """The sentence in the visitor's language, with these values put in.

    A page of results asks a thousand times; flask_babel, which would find the request, its language and its catalogue
    anew each time, spent more on that than on everything else together.
    """
    return _filled(_catalogue().ugettext(text), values)


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """The sentence for this number, which is put in as ``num``."""
    return _filled(_catalogue().ungettext(one, many, num), {"num": num, **values})


def lazy_gettext(text: str, /, **values: object) -> Any:
    """A sentence that is translated when it is shown, for constants and forms."""
    return LazyString(partial(gettext, text, **values))


def _filled(text: str, values: Mapping[str, object]) -> str:
    return text % values if values else text


def _catalogue() -> NullTranslations:
    """The sentences in the language of this request; the sentences as written where there is no request."""
    if not has_app_context():
        return NullTranslations()
    found: NullTranslations | None = g.get(_CATALOGUE)
    if found is None:
        found = get_translations()
        setattr(g, _CATALOGUE, found)
    return found


_CATALOGUE: Final = "stillpoint_catalogue"


def lang() -> str:
    """The language tag of the page, such as "en-GB"."""
    return str(current()).replace("_", "-")


def day(value: date) -> str:
    """A date in words: "3 November 2026", "November 3, 2026"."""
    return _day(value, current())


def moment(at: datetime, timezone: str) -> str:
    """An instant with the day, the hour and the name of a zone: "Tuesday, 1 December 2026, 10:30 (…)"."""
    return letters.moment(at, timezone, current())


def hour(at: datetime, timezone: str) -> str:
    """The hour and the zone of an instant whose day was said already."""
    return letters.hour(at, timezone, current())


def zone_name(timezone: str) -> str:
    """What people call the clock of a zone, whatever the season: "Alaska Time"."""
    return str(get_timezone_name(timezone, width="long", locale=current()))


def clock(at: time) -> str:
    """An hour of the day as the visitor's country writes it: "2:00 PM", "14:00"."""
    return str(format_time(at, format="short", locale=current()))


def number(value: float) -> str:
    """A number with the visitor's separators, at most one decimal."""
    return decimal(value, "#,##0.#")


def percent(value: float) -> str:
    """A share from 0 to 1 as whole percent, as the visitor's country writes it."""
    return str(format_percent(value, locale=current()))


def decimal(value: float, pattern: str) -> str:
    """A number in this pattern of Unicode's (CLDR) with the visitor's separators."""
    return _decimal(value, pattern, current())


# A page says the same few numbers and days over and over, and every page nearly the same.
@lru_cache(maxsize=4096)
def _day(value: date, locale: Locale) -> str:
    return format_date(value, format="long", locale=locale)


@lru_cache(maxsize=4096)
def _decimal(value: float, pattern: str, locale: Locale) -> str:
    return format_decimal(value, format=pattern, locale=locale)


@lru_cache(maxsize=4096)
def _money(value: Decimal, currency: str, locale: Locale) -> str:
    plain = value == value.to_integral_value()
    return format_currency(
        value, currency, format="¤#,##0" if plain else None, currency_digits=not plain, locale=locale
    )


def span(years: float) -> str:
    """How long somebody has done something: "6 years", and below one year in months."""
    if 0 < years < 1:
        months = max(1, round(years * 12))
        return str(ngettext("about %(num)s month", "about %(num)s months", months))
    return str(ngettext("%(years)s year", "%(years)s years", 1 if years == 1 else 2, years=number(years)))


def money(value: Decimal, currency: str) -> str:
    """An amount with its currency; the pence are left out when there are none."""
    return _money(value, currency, current())


def miles(country: str) -> bool:
    """Whether distances in this country are said in miles."""
    return country in MILES_COUNTRIES


def distance(km: float, country: str) -> str:
    """A distance with its unit, rounded as far as a straight line between two centres deserves."""
    value = km * MILES_PER_KM if miles(country) else km
    if value < 0.1:
        return str(gettext("less than 0.1 miles") if miles(country) else gettext("less than 100 metres"))
    rounded = round(value, 1) if value < 10 else round(value)
    shown = number(rounded)
    if miles(country):
        return str(ngettext("%(number)s mile", "%(number)s miles", 1 if rounded == 1 else 2, number=shown))
    return str(gettext("%(number)s km", number=shown))


def current() -> Locale:
    """The locale of this request."""
    if not has_app_context():
        return _parsed(AMERICAN)
    found: Locale | None = g.get(_LOCALE)
    if found is None:
        found = _parsed(select()) if has_request_context() else get_locale() or _parsed(AMERICAN)
        setattr(g, _LOCALE, found)
    return found


@lru_cache(maxsize=8)
def _parsed(name: str) -> Locale:
    return Locale.parse(name)


_LOCALE: Final = "stillpoint_locale"
