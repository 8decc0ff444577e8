"""A page's Markdown as HTML, and as plain text to check and to search. Markup in the text is shown as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.container import container_plugin

from directory.guide.library.pages import Page, Reader

READERS: Final[tuple[Reader, ...]] = ("pregnant", "not-pregnant")
CITATION: Final = re.compile(r"\[\^([a-z0-9-]+)\]")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text as people read it."""

    text: str
    line: int
    """Of the file."""
    is_heading: bool
    anchor: str | None
    """The address inside the page of a heading."""


def html(page: Page, *, pregnant: bool) -> str:
    """The page's body; boxes for other readers are left out."""
    numbers = {source.id: number for number, source in enumerate(page.sources, 1)}
    rendered: str = _markdown().render(_for(page, pregnant=pregnant))
    linked = CITATION.sub(lambda found: _link(found, numbers), rendered)
    # A table that is wider than a telephone is moved inside its own frame, which the keyboard reaches.
    framed = linked.replace("<table>", '<div class="table-wrap" tabindex="0"><table class="table">')
    return framed.replace("</table>", "</table></div>").replace("<th>", '<th scope="col">')


def blocks(page: Page) -> Iterator[Block]:
    """The texts of the body in order, for every reader, without citations."""
    tokens = _markdown().parse(page.body)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type != "inline":
            continue
        heading = before is not None and before.type == "heading_open"
        yield Block(
            text=CITATION.sub("", _plain(token)).strip(),
            line=page.first_line + (token.map[0] if token.map else 0),
            is_heading=heading,
            anchor=str(before.attrGet("id")) if heading and before is not None else None,
        )


def asides(page: Page) -> Iterator[tuple[str, int]]:
    """What is said without standing in the text: in place of pictures, and in the titles of pictures and links; each
    with its line of the file."""
    for token in _markdown().parse(page.body):
        for child in token.children or []:
            said = [child.content] if child.type == "image" else []
            if child.type in ("image", "link_open"):
                said.append(str(child.attrGet("title") or ""))
            line = page.first_line + (token.map[0] if token.map else 0)
            yield from ((text, line) for text in said if text)


def links(page: Page) -> Iterator[str]:
    """Where the body leads to."""
    for token in _markdown().parse(page.body):
        for child in token.children or []:
            if child.type == "link_open":
                yield str(child.attrGet("href"))


def citations(page: Page) -> set[str]:
    """The ids of the sources that the body cites."""
    return set(CITATION.findall(page.body))


def differs(page: Page) -> bool:
    """Whether the page has boxes, so that it is another page for somebody who is pregnant."""
    return any(f"::: {reader}" in page.body for reader in READERS)


def _for(page: Page, *, pregnant: bool) -> str:
    """The Markdown without the boxes of other readers."""
    other = "not-pregnant" if pregnant else "pregnant"
    return re.sub(rf"^::: {other}\n.*?^:::\n?", "", page.body + "\n", flags=re.S | re.M)


def _link(found: re.Match[str], numbers: dict[str, int]) -> str:
    number = numbers.get(found[1])
    if number is None:
        return ""
    return f'<sup class="cited"><a href="#source-{escape(found[1])}">{number}</a></sup>'


def _plain(token: Token) -> str:
    return "".join(
        child.content if child.type in ("text", "code_inline") else " "
        for child in token.children or []
        if child.type in ("text", "code_inline", "softbreak", "hardbreak")
    )


@cache
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
        ["table", "smartquotes", "replacements"]
    )
    anchors_plugin(reader, min_level=2, max_level=3)
    for name in READERS:
        container_plugin(reader, name)
    return reader
