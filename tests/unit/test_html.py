"""The short way through a page's tags says what html5lib says, also of pages that are not as they should be."""

from __future__ import annotations

from xml.etree.ElementTree import tostring

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.html import Parser

PIECES = (
    "<!doctype html>\n",
    '<html lang="en-GB">',
    "<title>a & b</title>",
    "<p>",
    "<p class=\"a\" class='b'>",
    '<p id="a" hidden\n  title="&amp; <b> &nbsp">',
    '<p id="a"class="b">',
    '<p id="a" id="b">',
    "<P ID=a>",
    "</p>",
    '</p id="a">',
    "</p/>",
    "<br/>",
    "<br />",
    "<div/>",
    "</div\n>",
    '<input type="checkbox" checked>',
    '<svg viewBox="0 0 1 1"><path d="M0 0"/>',
    '<use xlink:href="#a"/></svg>',
    "<textarea>\n<p>",
    "</textarea>",
    "<script>if (a<b) {}</script>",
    "<table><tr><td>",
    "</table>",
    "<!-- <p> -->",
    "<p title='a\0b'>",
    '<p title="a\0b">',
    '<p title="never closed',
    "&eacute; &amp &#x80; \r\n",
    "< p>",
    "\0",
    "x" * 10_235,  # so that a tag lies across the end of what is read at once
    "<select><option selected>",
    "</select>",
    "<a><b></a></b>",
)


def told(parser: html5lib.HTMLParser, text: str) -> tuple[bytes, list[object]]:
    root = parser.parse(text)
    return tostring(root), parser.errors


@given(st.lists(st.sampled_from(PIECES) | st.text("<>/=\"'& \npx\t", max_size=12)).map("".join))
def test_any_page_is_read_as_html5lib_reads_it(text: str) -> None:
    assert told(Parser(), text) == told(html5lib.HTMLParser(namespaceHTMLElements=False), text)


@pytest.mark.parametrize("piece", PIECES)
def test_each_way_to_write_is_read_as_html5lib_reads_it(piece: str) -> None:
    text = f"<!doctype html><title>t</title><body>{piece}<p>after"
    assert told(Parser(), text) == told(html5lib.HTMLParser(namespaceHTMLElements=False), text)


def test_a_fault_is_still_told_at_its_line() -> None:
    parser = Parser()
    parser.parse('<!doctype html>\n<title>t</title>\n<p id="a">\n<p id="a" id="b">')
    assert [(position[0], code) for position, code, _ in parser.errors] == [(4, "duplicate-attribute")]
