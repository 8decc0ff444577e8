"""Every sentence for people that the source marks for translation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "directory" / "translations"
KEYWORDS = DEFAULT_KEYWORDS | {"N_": None, "_l": None, "lazy_gettext": None}

MessageId = str | tuple[str, str]


@cache
def extracted() -> dict[MessageId, frozenset[str]]:
    """The msgids of the source (a pair for a plural), each with the files it stands in."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found: dict[MessageId, set[str]] = {}
    for folder in ("directory", "templates"):
        messages = extract_from_dir(str(ROOT / folder), methods, options, keywords=KEYWORDS)
        for file_name, _line, msgid, _comments, _context in messages:
            key = (msgid[0], msgid[1]) if isinstance(msgid, tuple) else str(msgid)
            found.setdefault(key, set()).add(f"{folder}/{file_name}")
    # A catalogue keeps a sentence and the plural that begins with it as one message.
    pairs = {key[0] for key in found if isinstance(key, tuple)}
    return {key: frozenset(files) for key, files in found.items() if key not in pairs}


def sentences() -> list[tuple[str, str]]:
    """Each sentence, singular and plural alike, with one file it stands in."""
    return [
        (sentence, min(files))
        for key, files in extracted().items()
        for sentence in (key if isinstance(key, tuple) else (key,))
    ]
