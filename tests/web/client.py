"""A test client that reads every page it is given as a careful browser and a careful reader would.

Each HTML answer must parse as HTML5 without an error, have one heading of the first level whose words stand in the
title, a language, ids that are used once and references that lead to one, names on every control, forms that say where
and how they send and carry a token when they post, no inline script or style, nothing loaded from another host, and
links and pictures with words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from flask import Flask
from html5lib.constants import E as HTML5_ERRORS
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.examples import THOROUGH
from tests.web.html import Parser
from tests.web.plain import plain_page

OUTBOUND = {"a"}
"""Only these may name another host, and only as something to follow."""

LOADING = {
    "img": ("src", "srcset"),
    "script": ("src",),
    "link": ("href",),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "form": ("action",),
    "button": ("formaction",),
    "use": ("href",),
    "base": ("href",),
}
DATA = {"application/ld+json"}
"""A script of this type is never run."""
NAMING = {"alternate", "canonical"}
"""A link of this kind is not followed by a browser on its own."""
CONTROLS = {"input", "select", "textarea"}
SCHEMES = {"", "https", "http", "tel", "geo", "mailto"}
VOID_REFERENCES = ("aria-labelledby", "aria-describedby", "for", "aria-controls")


class Page:
    """An HTML answer, parsed when somebody looks: where a redirect leads, nobody reads its page."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.text = response.get_data(as_text=True)

    @cached_property
    def _read(self) -> tuple[Element, list[str]]:
        plain = None if THOROUGH else plain_page(self.text)
        if plain is not None:
            return plain, []
        parser = Parser()
        root: Element = parser.parse(self.text)
        return root, [
            f"line {position[0]}: {HTML5_ERRORS.get(code, code) % details}" for position, code, details in parser.errors
        ]

    @property
    def root(self) -> Element:
        """The tree of the page."""
        return self._read[0]

    @property
    def faults(self) -> list[str]:
        """What is written against the rules of HTML5."""
        return self._read[1]

    @property
    def status(self) -> int:
        """The status code of the answer."""
        return self.response.status_code

    def all(self, *names: str) -> Iterator[Element]:
        """Every element of these names, in the order of the page."""
        return (each for each in self.root.iter() if each.tag in names)

    def by_id(self, id_: str) -> Element:
        """The element with this id."""
        return next(each for each in self.root.iter() if each.get("id") == id_)

    def words(self, element: Element | None = None) -> str:
        """What can be read, in one line."""
        return " ".join("".join((self.root if element is None else element).itertext()).split())

    def links(self) -> list[str]:
        """Where every link leads."""
        return [each.get("href", "") for each in self.all("a")]

    def slugs(self) -> list[str]:
        """The people listed in the main list, in order."""
        lists = [each for each in self.all("ol") if each.get("class") == "cards"]
        found = [link.get("href", "") for each in lists for link in each.iter("a")]
        return [href.rpartition("/")[2] for href in found if href.startswith("/practitioners/")]

    def next_page(self) -> str | None:
        """Where the next page of the list is."""
        return next((each.get("href") for each in self.all("a") if each.get("rel") == "next"), None)

    def form(self, action: str) -> Element:
        """The form that sends to this path."""
        return next(each for each in self.all("form") if urlsplit(each.get("action", "")).path == action)

    def fields(self, form: Element) -> MultiDict[str, str]:
        """What a browser would send from a form as it stands, without pressing a named button."""
        found: MultiDict[str, str] = MultiDict()
        for each in form.iter():
            name = each.get("name")
            if not name or each.tag not in CONTROLS:
                continue
            kind = each.get("type", "text")
            if kind in ("checkbox", "radio") and each.get("checked") is None:
                continue
            if each.tag == "select":
                options = list(each.iter("option"))
                chosen = [option for option in options if option.get("selected") is not None] or options[:1]
                for option in chosen:
                    found.add(name, option.get("value", ""))
            elif each.tag == "textarea":
                found.add(name, "".join(each.itertext()))
            else:
                found.add(name, each.get("value", ""))
        return found

    def errors_at(self) -> dict[str, str]:
        """The complaints, by the id of the control or group they stand at."""
        return {
            each.get("id", "").removesuffix("-error"): self.words(each)
            for each in self.root.iter()
            if each.get("id", "").endswith("-error")
        }


def check(page: Page) -> list[str]:
    """Everything that is wrong with a page, in words."""
    return [
        *page.faults,
        *_head(page),
        *_ids(page),
        *_controls(page),
        *_forms(page),
        *_loads(page),
        *_words(page),
    ]


def _head(page: Page) -> Iterator[str]:
    headings = list(page.all("h1"))
    titles = [page.words(each) for each in page.root.iter("title")]
    if len(headings) != 1:
        yield f"{len(headings)} headings of the first level"
    elif not page.words(headings[0]):
        yield "an empty heading"
    if not titles or not titles[0]:
        yield "no title"
    elif headings and page.words(headings[0]) not in titles[0]:
        yield f"the title “{titles[0]}” does not hold the heading “{page.words(headings[0])}”"
    html = page.root if page.root.tag == "html" else next(page.all("html"))
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", html.get("lang", "")):
        yield "no language"
    levels = [int(each.tag[1]) for each in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def _ids(page: Page) -> Iterator[str]:
    ids = Counter(each.get("id") for each in page.root.iter() if each.get("id") is not None)
    yield from (f"the id “{name}” is used {count} times" for name, count in ids.items() if count > 1)
    for each in page.root.iter():
        for attribute in VOID_REFERENCES:
            for name in (each.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute} of a <{each.tag}> names “{name}”, which is not on the page"
        href = each.get("href", "")
        if each.tag == "a" and href.startswith("#") and href[1:] not in ids:
            yield f"a link leads to {href}, which is not on the page"


def _controls(page: Page) -> Iterator[str]:
    labelled = {each.get("for") for each in page.all("label") if page.words(each)}
    inside = {id(control) for label in page.all("label") for control in label.iter() if control.tag in CONTROLS}
    for each in page.all(*CONTROLS):
        if each.get("type") in ("hidden", "submit"):
            continue
        named = (
            each.get("id") in labelled or id(each) in inside or each.get("aria-label") or each.get("aria-labelledby")
        )
        if not named:
            yield f"the control “{each.get('name')}” has no label"
    for each in page.all("button"):
        if not page.words(each) and not each.get("aria-label"):
            yield "a button without words"
    for each in page.all("fieldset"):
        if not list(each.iter("legend")):
            yield "a fieldset without a legend"


def _forms(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        method = form.get("method", "").lower()
        if not form.get("action") or method not in ("get", "post"):
            yield "a form without action or method"
        tokens = [each for each in form.iter("input") if each.get("name") == "csrf_token" and each.get("value")]
        if method == "post" and len(tokens) != 1:
            yield f"the form to {form.get('action')} has {len(tokens)} tokens"
        if method == "get" and tokens:
            yield f"the form to {form.get('action')} would put its token into the address"
        own = [
            *form.iter("button"),
            *(each for each in page.all("button") if form.get("id") and each.get("form") == form.get("id")),
        ]
        if not [each for each in own if each.get("type", "submit") == "submit"]:
            yield f"the form to {form.get('action')} has no button"


def _loads(page: Page) -> Iterator[str]:
    for each in page.root.iter():
        if not isinstance(each.tag, str):
            continue
        if each.tag == "style" or (each.tag == "script" and not each.get("src") and each.get("type") not in DATA):
            yield f"an inline {each.tag}"
        for attribute in each.attrib:
            name = str(attribute)
            if name == "style" or name.startswith("on"):
                yield f"the attribute {name} on a <{each.tag}>"
        if each.tag == "link" and each.get("rel") in NAMING:
            continue
        for attribute in LOADING.get(each.tag, ()):
            address = each.get(attribute, "")
            if urlsplit(address).netloc or urlsplit(address).scheme not in ("",):
                yield f"<{each.tag}> loads {address}"


def _words(page: Page) -> Iterator[str]:
    for each in page.all("img"):
        if each.get("alt") is None:
            yield "a picture without alt"
    for each in page.all("a"):
        href = each.get("href", "")
        if not page.words(each) and not each.get("aria-label"):
            yield f"a link to {href} without words"
        parts = urlsplit(href)
        if not href or parts.scheme not in SCHEMES:
            yield f"a link to “{href}”"
        if parts.netloc and "noreferrer" not in (each.get("rel") or "").split():
            rel = set((each.get("rel") or "").split())
            if not {"noopener", "external"} <= rel:
                yield f"the link to {href} tells that host who sent it"
        if each.get("target", "_top") != "_top":
            yield f"the link to {href} opens a window of its own"


class Client:
    """Asks the application and checks whatever page comes back."""

    def __init__(self, app: Flask, *, base: str = "http://localhost") -> None:
        self.app = app
        self.inner = app.test_client()
        self.base = base

    def get(self, path: str, status: int = 200, **options: Any) -> Page:
        """GET a page that must be well-formed and have this status."""
        return self._page(self.inner.get(path, base_url=self.base, **options), path, status)

    def post(self, path: str, status: int, **options: Any) -> Page:
        """POST what no form of ours would send; the answer must be well-formed and have this status."""
        return self._page(self.inner.post(path, base_url=self.base, **options), path, status)

    def submit(
        self, page: Page, action: str, fields: Mapping[str, str] | None = None, status: int = 303, **options: Any
    ) -> Page:
        """Send a form of a page with some fields filled in; the token comes from the page."""
        form = page.form(action)
        data = page.fields(form)
        for name, value in (fields or {}).items():
            data.setlist(name, [value])
        target = form.get("action", "")
        if form.get("method", "").lower() == "get":
            response = self.inner.get(target, query_string=data, base_url=self.base, **options)
        else:
            response = self.inner.post(target, data=data, base_url=self.base, **options)
        return self._page(response, action, status)

    def follow(self, page: Page) -> Page:
        """Go where a redirect leads, which must be an address of this site."""
        target = page.response.headers["Location"]
        assert target.startswith("/"), f"a redirect leads to {target}"
        return self.get(target)

    def _page(self, response: TestResponse, path: str, status: int) -> Page:
        page = Page(response)
        assert response.status_code == status, f"{path} answered {response.status_code}: {page.words()[:300]}"
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 304):
            problems = check(page)
            assert not problems, f"{path}: " + "; ".join(problems)
        return page
