"""html5lib with a short way for the tags that make up almost every page.

html5lib walks through a tag letter by letter. A tag that is written plainly — quoted values, nothing to decode, no
name twice — says the same when it is taken in one piece, in a fraction of the time. Whatever is written in any other
way is left to html5lib, with all that it has to complain about; ``tests/unit/test_html.py`` compares the two.
"""

from __future__ import annotations

import re
from typing import Any

from html5lib import HTMLParser
from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import tokenTypes

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[ \n]+[A-Za-z][A-Za-z0-9:-]*(?:="[^"&\0]*")?)*)[ \n]*(/?)>')
_ATTRIBUTE = re.compile(r'([A-Za-z][A-Za-z0-9:-]*)(?:="([^"]*)")?')
_START, _END = tokenTypes["StartTag"], tokenTypes["EndTag"]


class _Tokenizer(HTMLTokenizer):
    def dataState(self) -> bool:  # noqa: N802 - html5lib's name
        """Take a plain tag in one piece, and anything else as html5lib does."""
        found = _TAG.match(self.stream.chunk, self.stream.chunkOffset)
        if found is None:
            return bool(super().dataState())
        ends, name, written, closed = found.groups()
        attributes = [[each.lower(), value] for each, value in _ATTRIBUTE.findall(written)]
        if (ends and (written or closed)) or len({each for each, _ in attributes}) < len(attributes):
            return bool(super().dataState())
        self.stream.chunkOffset = found.end()
        self.currentToken: dict[str, Any] = {
            "type": _END if ends else _START,
            "name": name,
            "data": attributes,
            "selfClosing": bool(closed),
            "selfClosingAcknowledged": False,
        }
        self.emitCurrentToken()
        return True


class Parser(HTMLParser):
    """The strict parser of HTML5, with its list of ``errors``; elements carry no namespace."""

    def __init__(self) -> None:
        super().__init__(namespaceHTMLElements=False)

    def _parse(self, stream: str, *_: object, **__: object) -> None:
        self.innerHTMLMode, self.container, self.scripting = False, None, False
        self.tokenizer = _Tokenizer(stream, parser=self)
        self.reset()
        self.mainLoop()
