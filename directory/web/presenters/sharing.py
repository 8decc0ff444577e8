"""What a page says of itself to others: its one address, the same page in another language, and how a link to it looks.

Pages that are shaped by what somebody told us, and pages that belong to somebody, say none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from flask import Flask, g, has_request_context, request, url_for

from directory.http import locale
from directory.http.site import site
from directory.jurisdictions.names import name_of
from directory.jurisdictions.rules import Jurisdiction
from directory.search.visible import Open
from directory.web import addresses
from directory.web.presenters import structured
from directory.web.presenters.pictures import Words

PUBLIC: Final = frozenset(
    {
        "home.ask",
        "practitioners.find",
        "practitioners.profile",
        "search.results",
        "guide.index",
        "guide.page",
        "about.index",
        "about.ranking",
        "about.privacy",
        "about.terms",
        "about.accessibility",
        "accuracy.index",
        "care.index",
        "care.bring",
        "care.prepare",
        "care.questions",
        "care.letter",
        "care.superbill",
        "care.after",
        "care.empty_plan",
        "care.review",
        "diary.index",
        "embed.index",
        "data.index",
        "api.index",
    }
)
"""Pages that have one address for everybody."""

_COUNTRIES: Final[Mapping[str, str]] = {"en": "en-US", "es": "es-ES"}
"""Of a language that is read everywhere, the country that programs know it by."""
_SLUG: Final = "a-slug-of-nobody"

_HEAD: Final = "Find an acupuncturist, with reasons you can check"
_INSTEAD: Final = "A practitioner’s profile"
_CHECKED: Final = "What was checked, with whom and when, stands on the page."
_NOT_A_RATING: Final = "We check papers, not skill or results."
_FICTIONAL: Final = "Fictional person"
_DEMONSTRATION: Final = "Demonstration"


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in one language."""

    language: str
    address: str


@dataclass(frozen=True, slots=True)
class Shared:
    """The head of a public page."""

    address: str
    kind: str
    """In the words of https://ogp.me/."""
    alternates: tuple[Alternate, ...]
    picture: str
    picture_says: str
    locale: str
    """With a country, as https://ogp.me/ wants it."""
    other_locales: tuple[str, ...]


def init_app(app: Flask) -> None:
    """Give templates ``shared()``, which is ``None`` where a page has no address for everybody."""
    app.jinja_env.globals.update(shared=shared)


def full(path: str) -> str:
    """The address of a path of ours as others need it."""
    return f"{site().config.site_url}{path}"


def full_profile() -> Callable[[str], str]:
    """From a slug to the address of a profile as others need it, also when the request has ended."""
    pattern = full(url_for("practitioners.profile", slug=_SLUG, lang=None))
    return partial(pattern.replace, _SLUG)


def shared() -> Shared | None:
    """What the page of this request says of itself."""
    if not has_request_context() or request.endpoint not in PUBLIC:
        return None
    plain = _path()
    offered = locale.offer() is not None
    others = locale.languages() - {locale.lang().partition("-")[0]}
    words: Words = g.get("picture_words") or of_the_site(site().config.site_name, demo=not site().config.production)
    return Shared(
        address=full(_in(plain, locale.by_address())),
        kind="profile" if request.endpoint == "practitioners.profile" else "website",
        alternates=tuple(_alternates(plain)) if offered else (),
        picture=full(g.get("picture_path") or url_for("crawlers.picture", mark=words.mark)),
        picture_says=". ".join(part for part in (words.label, words.head, words.line) if part),
        locale=_with_country(locale.lang()),
        other_locales=tuple(_with_country(code) for code in sorted(others)) if offered else (),
    )


def of_profile(shown: Sequence[Open], rules: Mapping[str, Jurisdiction]) -> Words:
    """What the picture of a profile says: a name, a title that the law there grants, and a town."""
    listing = shown[0].listing
    where = ", ".join(part for part in (listing.place.locality, name_of(listing.place.jurisdiction)) if part)
    return Words(
        site=site().config.site_name,
        head=listing.practitioner.display_name,
        instead=_INSTEAD,
        line=f"{structured.job_title(shown[0], rules)} · {where}",
        foot=_CHECKED,
        label=_FICTIONAL if listing.practitioner.fictional else "",
    )


def show(words: Words, path: str) -> None:
    """Let this page be passed on with a picture of its own, which is at this path."""
    g.picture_words, g.picture_path = words, path


@lru_cache(maxsize=4)
def of_the_site(name: str, *, demo: bool) -> Words:
    """What the picture of every other page says."""
    return Words(
        site=name,
        head=_HEAD,
        instead=name,
        line="For people with restless legs syndrome (RLS)",
        foot=_NOT_A_RATING,
        label=_DEMONSTRATION if demo else "",
    )


def _with_country(language: str) -> str:
    return _COUNTRIES.get(language, language).replace("-", "_")


def _path() -> str:
    """The path of this page without what only says how somebody came to it: no page of a list, no rotation, no mode."""
    if request.endpoint == "search.results":
        found = addresses.of(addresses.asked(request.args))
        # Whoever reads in another language by the address keeps it on every address of ours, and so on this one.
        named = f"{locale.PARAMETER}={locale.by_address()}"
        return found.removesuffix(f"?{named}").removesuffix(f"&{named}")
    values = {name: value for name, value in (request.view_args or {}).items() if value is not None}
    return url_for(str(request.endpoint), **values | {locale.PARAMETER: None})


def _alternates(plain: str) -> list[Alternate]:
    found = [Alternate("en", full(plain))]
    found += [Alternate(code, full(_in(plain, code))) for code in sorted(locale.languages() - {"en"})]
    return [*found, Alternate("x-default", full(plain))]


def _in(plain: str, language: str | None) -> str:
    if language is None:
        return plain
    return f"{plain}{'&' if '?' in plain else '?'}{locale.PARAMETER}={language}"
