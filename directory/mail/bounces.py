"""Reading the letters that mail servers write when one of ours came back (RFC 3464), with the standard library.

Nothing in them is believed but which letter they are about and a code. The address is taken from our own letter, so a
forged one harms nobody whose Message-ID its forger does not know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Final

from directory.errors import InvalidInput
from directory.mail import rules

MOST_BYTES: Final = 1 << 20
_MARK = re.compile(r"<([0-9a-f]{32})@")
_STATUS = re.compile(r"\b([245])\.([0-9]{1,3})\.([0-9]{1,3})\b")


@dataclass(frozen=True, slots=True)
class Bounce:
    """Which letter came back, and how; ``for_good`` when waiting does not mend it."""

    mark: str
    status: str
    for_good: bool


def read(raw: bytes) -> Bounce | None:
    """What a message says; ``None`` for a report of a letter that is only late or did arrive.

    ``InvalidInput`` for whatever is no report, or does not say of which letter.
    """
    if len(raw) > MOST_BYTES:
        raise InvalidInput("This message is too long to be a report that a letter came back.", code="no_report")
    message = message_from_bytes(raw, policy=policy.default)
    parts = list(message.walk())
    fields = _fields(parts)
    if message.get_content_type() != "multipart/report" or fields is None:
        raise InvalidInput("This is no report that a letter came back (RFC 3464).", code="no_report")
    action, status = fields
    if action != "failed":
        return None
    mark = _mark(parts)
    if mark is None:
        raise InvalidInput("The report does not say which of our letters came back.", code="no_letter")
    return Bounce(mark, status, rules.nobody_there(status))


def _fields(parts: list[Message[str, str]] | list[EmailMessage]) -> tuple[str, str] | None:
    """Action and status of the recipient: a letter of ours has one."""
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if not isinstance(block, Message):
                continue
            action, status = str(block.get("Action", "")).strip().lower(), _STATUS.search(str(block.get("Status", "")))
            if action:
                return action, status[0] if status else ""
    return None


def _mark(parts: list[Message[str, str]] | list[EmailMessage]) -> str | None:
    for part in parts:
        kind = part.get_content_type()
        found = None
        if kind == "message/rfc822":
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else None
            found = _MARK.search(str(first.get("Message-ID", ""))) if isinstance(first, Message) else None
        elif kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            heads = message_from_bytes(payload if isinstance(payload, bytes) else b"", policy=policy.default)
            found = _MARK.search(str(heads.get("Message-ID", "")))
        if found:
            return found[1]
    return None
