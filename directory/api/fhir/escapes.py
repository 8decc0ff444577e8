"""How several values stand in one text: between signs, each of which a backslash makes a plain one."""

from __future__ import annotations


def split(text: str, sign: str) -> list[str]:
    """The parts between these signs, where a backslash does not make the sign a plain one; still escaped."""
    parts: list[list[str]] = [[]]
    escaped = False
    for each in text:
        if each == sign and not escaped:
            parts.append([])
            continue
        parts[-1].append(each)
        escaped = each == "\\" and not escaped
    return ["".join(part) for part in parts]


def plain(text: str) -> str:
    """The text with its escapes undone: ``\\,`` ``\\|`` ``\\$`` and ``\\\\``."""
    if "\\" not in text:
        return text
    signs = iter(text)
    return "".join(next(signs, "\\") if each == "\\" else each for each in signs)
