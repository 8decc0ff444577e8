"""The list of words that claim too much, as the browser takes it, in the visitor's language and for their places."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from directory.guide import claims
from directory.guide.words import Statement
from directory.http.locale import gettext


def for_script(jurisdictions: Collection[str]) -> str:
    """JSON for ``static/claims.js``: the patterns of ``guide.claims``, how to fold a text, reasons and rules."""
    kinds: dict[str, list[str]] = {}
    patterns = []
    for kind, pattern, before, after, deniable in claims.list_for(jurisdictions):
        patterns.append([kind.value, pattern, before, after, deniable])
        kinds.setdefault(kind.value, said(claims.REASONS[kind], claims.rules_for(kind, jurisdictions)))
    told: dict[str, Any] = {**claims.for_script(), "claims": patterns, "kinds": kinds}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def said(reason: str, rules: Collection[Statement]) -> list[str]:
    """Why words are refused, and whose rule says so: that of each place, or the one of this directory."""
    return [str(gettext(reason)), *(str(gettext(rule.text)) for rule in (rules or (claims.HOUSE_RULE,)))]


def complaint(hit: claims.Hit) -> str:
    """One hit as a complaint at its field."""
    words = gettext("“%(words)s”: %(why)s", words=hit.words, why=" ".join(said(hit.reason, hit.rules)))
    return str(words)
