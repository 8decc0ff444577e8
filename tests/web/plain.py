"""A short way for pages that are written plainly, as ours are: every element closed by its own tag, every value quoted.

Such a page is read in one walk. Whatever could be read in two ways, could be a fault, or is only rare is not judged
here at all: ``plain_page`` then says ``None``, and html5lib decides. ``tests/unit/test_html.py`` compares the two.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, TreeBuilder

from html5lib._inputstream import invalid_unicode_re as _odd
from html5lib.constants import adjustSVGAttributes

_BEGINS = re.compile(r"<!doctype html>[ \n\t]*(?=<html[ >])")
_ENDS = re.compile(r"</body>([ \n\t]*)</html>([ \n\t]*)\Z")
_NEXT = re.compile(
    r'([^<]*)(?:<([a-z][a-z0-9]*)((?:[ \n]+[A-Za-z][A-Za-z0-9:-]*(?:="[^"]*")?)*)[ \n]*(/?)>|</([a-z][a-z0-9]*)>)'
)
_ATTRIBUTE = re.compile(r'([A-Za-z][A-Za-z0-9:-]*)(?:="([^"]*)")?')
_REFERENCE = re.compile(r"&([a-z]*;|#[0-9]*;|(?=[ \n\t]|\Z))?")
_MEANS = {"": "&", "amp;": "&", "lt;": "<", "gt;": ">", "quot;": '"', "nbsp;": "\xa0", "#34;": '"', "#39;": "'"}

_VOID = frozenset({"br", "hr", "img", "input", "wbr", "source"})
_IN_HEAD_VOID = frozenset({"link", "meta", "base"})
_RAW = frozenset({"script", "style", "title", "textarea"})
_CLOSES_P = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "details",
        "dir",
        "div",
        "dl",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "header",
        "hgroup",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "section",
        "summary",
        "ul",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "form",
        "li",
        "dd",
        "dt",
        "table",
        "hr",
    ]
)
_FORMATTING = frozenset(["a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_ORDINARY = frozenset(
    [
        "abbr",
        "bdi",
        "bdo",
        "button",
        "cite",
        "data",
        "datalist",
        "del",
        "dfn",
        "dialog",
        "ins",
        "kbd",
        "label",
        "legend",
        "mark",
        "meter",
        "optgroup",
        "option",
        "output",
        "progress",
        "q",
        "samp",
        "select",
        "span",
        "sub",
        "sup",
        "time",
        "var",
        "video",
        "audio",
        "picture",
        "caption",
        "colgroup",
        "col",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "textarea",
        "svg",
    ]
)
_KNOWN = _CLOSES_P | _FORMATTING | _ORDINARY | _VOID | {"script"}
_ALONE = frozenset({"a", "button", "form", "p", "select"}) | _FORMATTING
"""Never inside another of its kind; for some that is a fault, for others only a rarity."""
_PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "option": {"select", "optgroup", "datalist"},
    "optgroup": {"select"},
    "caption": {"table"},
    "colgroup": {"table"},
    "col": {"colgroup"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "tr": {"thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
}
"""What stands in these elements only, where nothing is left out."""
_CHILDREN = {
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "colgroup": {"col"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup"},
    "optgroup": {"option"},
    "option": set[str](),
}
"""The only elements in these."""
_ONLY_SPACE = frozenset({"html", "head", "table", "colgroup", "thead", "tbody", "tfoot", "tr"})
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWN = frozenset(["circle", "defs", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "symbol", "use"])


class _Unsure(Exception):
    """This is not plain."""


def plain_page(text: str) -> Element | None:
    """The root of a page without a fault, as html5lib builds it; ``None`` where html5lib must look itself."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    begin, end = _BEGINS.match(text), _ENDS.search(text)
    if begin is None or end is None or "\0" in text or "\f" in text or _odd.search(text):
        return None
    try:
        return _Reader(text, begin.end(), end.start()).read("".join(end.groups()))
    except _Unsure:
        return None


class _Reader:
    def __init__(self, text: str, begin: int, end: int) -> None:
        self._text, self._at, self._end = text, begin, end
        self._tree = TreeBuilder()
        self._open: list[str] = []
        """Names of what is open, from the root; of drawings with their namespace."""

    def read(self, after: str) -> Element:
        """Everything from the tag of the root to the last tag but two; ``after`` is the space behind."""
        seen: list[str] = []
        while self._at < self._end:
            found = _NEXT.match(self._text, self._at, self._end)
            if found is None:
                break
            self._at = found.end()
            between, starts, written, closed, ends = found.groups()
            self._words(between)
            if starts:
                self._start(starts, written, bool(closed))
                if len(self._open) <= 2 and starts in ("html", "head", "body"):
                    seen.append(starts)
            elif self._open[-1] in (ends, _SVG + ends) and len(self._open) > 1:
                self._tree.end(self._open.pop())
            else:
                raise _Unsure
        if seen != ["html", "head", "body"] or self._open != ["html", "body"]:
            raise _Unsure
        self._words(self._text[self._at : self._end] + after)
        self._tree.end("body")
        self._tree.end("html")
        return self._tree.close()

    def _words(self, text: str) -> None:
        if not text:
            return
        if "<" in text:
            raise _Unsure
        if not self._open or (self._open[-1] in _ONLY_SPACE and text.strip(" \n\t")):
            raise _Unsure
        self._tree.data(_decoded(text))

    def _start(self, name: str, written: str, closed: bool) -> None:
        above = self._open[-1] if self._open else ""
        attributes = _attributes(written)
        if above.startswith(_SVG) or name == "svg":
            self._draw(name, attributes, closed)
        elif len(self._open) < 2 and name in ("html", "head", "body"):
            self._frame(name, attributes, closed)
        elif above == "head":
            self._inform(name, attributes, closed)
        else:
            self._place(name, attributes, closed, above)

    def _frame(self, name: str, attributes: dict[str, str], closed: bool) -> None:
        if closed or (name == "html") != (not self._open):
            raise _Unsure
        self._begin(name, attributes)
        if name == "html":
            # The space before the head is no part of the page.
            self._at += len(self._text[self._at :]) - len(self._text[self._at :].lstrip(" \n\t"))
            if not self._text.startswith("<head>", self._at):
                raise _Unsure

    def _inform(self, name: str, attributes: dict[str, str], closed: bool) -> None:
        if name in _IN_HEAD_VOID:
            self._tree.start(name, attributes)
            self._tree.end(name)
        elif name in ("title", "script") and not closed:
            self._raw(name, attributes)
        else:
            raise _Unsure

    def _place(self, name: str, attributes: dict[str, str], closed: bool, above: str) -> None:
        void = name in _VOID or name == "col"
        if (
            name not in _KNOWN
            or "body" not in self._open[1:2]
            or (closed and not void)
            or (name in _CLOSES_P and "p" in self._open)
            or (name in _ALONE and name in self._open)
            or (name in _HEADINGS and above in _HEADINGS)
            or (name in _PARENTS and above not in _PARENTS[name])
            or (above in _CHILDREN and name not in _CHILDREN[above])
            or (name in ("dt", "dd") and above == "div" and self._open[-2] != "dl")
        ):
            raise _Unsure
        if void:
            self._tree.start(name, attributes)
            self._tree.end(name)
        elif name in _RAW:
            self._raw(name, attributes)
        else:
            self._begin(name, attributes)
            if name == "pre" and self._text.startswith("\n", self._at):
                self._at += 1

    def _raw(self, name: str, attributes: dict[str, str]) -> None:
        """An element whose words are no tags; those of a script are not decoded either."""
        end = self._text.find("</", self._at, self._end)
        if end < 0 or not self._text.startswith(f"</{name}>", end):
            raise _Unsure
        words = self._text[self._at : end]
        if "<" in words or (name == "script" and "--" in words):
            raise _Unsure
        if name == "textarea":
            words = words.removeprefix("\n")
        self._tree.start(name, attributes)
        if words:
            self._tree.data(words if name == "script" else _decoded(words))
        self._tree.end(name)
        self._at = end + len(name) + 3

    def _draw(self, name: str, attributes: dict[str, str], closed: bool) -> None:
        above = self._open[-1] if self._open else ""
        inside = above.startswith(_SVG)
        if (
            "body" not in self._open[1:2]
            or (inside and name not in _DRAWN)
            or above in _CHILDREN
            or any(each.startswith(("xml", "xlink")) for each in attributes)
        ):
            raise _Unsure
        tag = _SVG + name
        adjusted = {adjustSVGAttributes.get(each, each): value for each, value in attributes.items()}
        if closed:
            self._tree.start(tag, adjusted)
            self._tree.end(tag)
        else:
            self._begin(tag, adjusted)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._tree.start(name, attributes)
        self._open.append(name)


def _attributes(written: str) -> dict[str, str]:
    if not written:
        return {}
    found = _ATTRIBUTE.findall(written)
    attributes = {name.lower(): _decoded(value) if "&" in value else value for name, value in found}
    if len(attributes) < len(found):
        raise _Unsure
    return attributes


def _decoded(text: str) -> str:
    return _REFERENCE.sub(_meant, text) if "&" in text else text


def _meant(found: re.Match[str]) -> str:
    if found[1] not in _MEANS:
        raise _Unsure
    return _MEANS[found[1]]
