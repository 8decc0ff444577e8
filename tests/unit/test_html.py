"""The short way through a page's tags says what html5lib says, also of pages that are not as they should be."""

from __future__ import annotations

from xml.etree.ElementTree import tostring

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.web.html import Parser
from tests.web.plain import plain_page

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


NESTED = [
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "a",
    "b",
    "em",
    "strong",
    "span",
    "label",
    "button",
    "form",
    "fieldset",
    "legend",
    "h1",
    "h2",
    "pre",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
    "colgroup",
    "select",
    "optgroup",
    "option",
    "datalist",
    "svg",
    "g",
    "path",
    "textarea",
    "script",
    "title",
    "details",
    "summary",
    "object",
]
CLOSED = {"input", "br", "hr", "img", "wbr", "col"}
ATTRIBUTES = (
    "",
    ' id="a"',
    ' hidden class="b\nc"',
    ' title="&amp; &#34; & <p>"',
    ' viewBox="0 0 1 1"',
    ' id="a" id="b"',
    " id=a",
)
WORDS = ("", "", " ", "\n", "x", "\n y", "a &amp; b & c", "&nbsp;&#39;", "&foo;", "&ampx", "<!-- -->", "\r\n", "</p>")
LIKELY = {
    "ul": ["li"],
    "dl": ["dt", "dd", "div"],
    "table": ["caption", "colgroup", "thead", "tbody"],
    "colgroup": ["col"],
    "thead": ["tr"],
    "tbody": ["tr"],
    "tr": ["td", "th"],
    "select": ["option", "optgroup"],
    "svg": ["path", "g"],
}


@st.composite
def written(draw: st.DrawFn, above: str = "body", depth: int = 4) -> str:
    """What stands in an element: mostly as it should be."""
    pieces = [draw(st.sampled_from(WORDS[:6]))]
    for _ in range(draw(st.integers(0, 2 if depth else 0))):
        likely = LIKELY.get(above) if draw(st.integers(0, 9)) else None
        name = draw(st.sampled_from(likely or [*NESTED, *CLOSED]))
        tag = name + draw(st.sampled_from(ATTRIBUTES[:5] * 3 + ATTRIBUTES))
        if name in CLOSED or (name == "path" and draw(st.booleans())):
            pieces.append(f"<{tag}{'/' if name == 'path' else draw(st.sampled_from(['', '/', ' /']))}>")
        else:
            pieces.append(f"<{tag}>{draw(written(name, depth - 1))}</{name}>")
        pieces.append(draw(st.sampled_from(WORDS[:4] * 4 + WORDS)))
    return "".join(pieces)


def page_of(body: str, head: str = "<title>t</title>", space: str = "\n") -> str:
    return f'<!doctype html>{space}<html lang="en">{space}<head>{head}</head>{space}<body>{body}</body>{space}</html>\n'


@settings(max_examples=examples(800))
@given(written(), st.sampled_from(["", "\n", " \t"]))
def test_a_page_that_counts_as_plain_has_no_fault_and_the_same_tree(body: str, space: str) -> None:
    text = page_of(body, space=space)
    plain = plain_page(text)
    if plain is not None:
        assert (tostring(plain), []) == told(html5lib.HTMLParser(namespaceHTMLElements=False), text)


def test_a_page_as_ours_are_counts_as_plain() -> None:
    body = (
        '<p class="a">b &amp; c & <a href="/?a=1&amp;b=2">d</a><br></p><ul>\n<li>e<ul><li>f</li></ul></li></ul>'
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg><table><tbody>\n<tr><td>g</td></tr></tbody></table>'
        "<form><select><option selected>h</option></select><textarea>\r\ni</textarea></form>"
        "<dl><div><dt>j</dt></div></dl>"
    )
    text = page_of(body, '<meta charset="utf-8">\n<title>a &amp; b</title><script src="/a.js"></script>')
    plain = plain_page(text)
    assert plain is not None
    assert (tostring(plain), []) == told(html5lib.HTMLParser(namespaceHTMLElements=False), text)


@pytest.mark.parametrize(
    "body",
    [
        "<p>",
        "</p>",
        "<p><div></div></p>",
        "<b><i></b></i>",
        "<a><span><a></a></span></a>",
        "<form><div><form></form></div></form>",
        "<button><span><button></button></span></button>",
        "<h1><h2></h2></h1>",
        "<div/>",
        '<p id="a" id="b"></p>',
        '<p id="a"class="b"></p>',
        "<p>&foo;</p>",
        "<p>&amp</p>",
        "<p>\0</p>",
        "<p>\x01</p>",
        "<p>a < b</p>",
        "<table><p></p></table>",
        "<table>x</table>",
        "<table><tr></tr></table>",
        "<ul><div><li></li></div></ul>",
        "<select><p></p></select>",
        "<svg><p></p></svg>",
        "<title>x</title>",
        "<body></body>",
        "</body>",
        "<!-- -->",
    ],
)
def test_what_is_a_fault_or_read_in_another_way_is_left_to_html5lib(body: str) -> None:
    assert plain_page(page_of("<p>before</p>")) is not None
    assert plain_page(page_of(f"<p>before</p>{body}")) is None
