"""A letter as a mail server takes it: plain text, and the same as a page without anything remote.

The same letter makes the same bytes each time, so that one that is handed over twice is recognisably one.
"""

from __future__ import annotations

import html
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Final

from email_validator import EmailNotValidError, validate_email

from directory.mail import calendar
from directory.mail.letters import N_, Entry, Worded, phrase, say

if TYPE_CHECKING:
    from config import Config

_RUN_BY: Final = N_("%(site)s is run by %(operator)s, %(address)s.")
_QUESTIONS: Final = N_("Questions? Answer this letter, or write to %(email)s.")
_COPY: Final = N_("If the button does not work, copy this address into your browser:")


def compose(worded: Worded, *, to: str, mark: str, written_at: datetime, config: Config) -> EmailMessage:
    """The message, with stable bytes for the same ``mark``, ``written_at`` and settings."""
    recipient = _on_the_wire(to)
    message = EmailMessage(policy=SMTP if recipient.isascii() else SMTPUTF8)
    message["From"] = config.smtp_from
    message["To"] = recipient
    message["Subject"] = worded.subject
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = f"<{mark}@{sender(config).rpartition('@')[2]}>"
    reply_to = _address_or_nothing(config.operator_email)
    if reply_to:
        message["Reply-To"] = reply_to
    # No machine that is on holiday shall answer.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(plain_text(worded, config=config), cte="quoted-printable")
    message.add_alternative(_page(worded, config=config), subtype="html", cte="quoted-printable")
    message["Content-Language"] = worded.language.replace("_", "-")
    message.set_boundary(f"=_{mark}")
    if worded.entry is not None:
        _attach(message, worded, worded.entry, to=recipient, mark=mark, written_at=written_at, config=config)
    return message


def _attach(
    message: EmailMessage, worded: Worded, entry: Entry, *, to: str, mark: str, written_at: datetime, config: Config
) -> None:
    """The calendar entry, as a part that calendars take by themselves and people can open."""
    content = calendar.file(
        entry,
        language=worded.language,
        to=to,
        organizer=sender(config),
        site=config.site_name,
        written_at=written_at,
    )
    message.make_mixed(boundary=f"=+{mark}")
    part = EmailMessage(policy=message.policy)
    part.set_content(content.decode(), subtype="calendar", cte="base64")
    part.set_param("method", calendar.method(entry))
    part.add_header("Content-Disposition", "attachment", filename=calendar.FILE_NAME)
    del part["MIME-Version"]
    message.attach(part)


def sender(config: Config) -> str:
    """The bare address that letters come from."""
    return parseaddr(config.smtp_from)[1]


def plain_text(worded: Worded, *, config: Config) -> str:
    """The letter as text; lines are as long as their paragraphs, so that every screen may break them its own way."""
    parts = [*worded.paragraphs]
    if worded.path:
        parts.append(f"{worded.label}:\n{config.site_url}{worded.path}")
    parts += worded.closing
    return "\n\n".join([*parts, "-- \n" + "\n".join(_foot(worded, config))]) + "\n"


def _foot(worded: Worded, config: Config) -> tuple[str, str, str]:
    run_by = say(_RUN_BY, site=config.site_name, operator=config.operator_name, address=config.operator_address)
    return (
        phrase(run_by, worded.language),
        phrase(say(_QUESTIONS, email=config.operator_email), worded.language),
        config.site_url,
    )


_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:24px 16px;background:#f6f3ec;color:#23262b;font:17px/1.55 system-ui,-apple-system,"
    "'Segoe UI',Roboto,sans-serif}"
    ".letter{max-width:560px;margin:0 auto;padding:28px 24px;background:#fffdf9;border:1px solid #ddd6c8;"
    "border-radius:12px}"
    ".name{margin:0 0 24px;font-weight:700;font-size:20px}"
    "p{margin:0 0 16px}"
    ".button{display:inline-block;padding:12px 22px;border-radius:8px;background:#14545a;color:#ffffff;"
    "font-weight:600;text-decoration:none}"
    ".fine{color:#555a60;font-size:14px;overflow-wrap:anywhere}"
    ".foot{max-width:560px;margin:16px auto 0;padding:0 24px}"
    "@media (prefers-color-scheme:dark){body{background:#14120f;color:#d8d0c3}.letter{background:#1d1a16;"
    "border-color:#37312a}.button{background:#9cc4b2;color:#10170f}.fine{color:#aba294}}"
)


def _page(worded: Worded, *, config: Config) -> str:
    def paragraph(text: str, kind: str = "text") -> str:
        return f"<p class='{kind}'>{html.escape(text)}</p>"

    inside = [paragraph(config.site_name, "name"), *(paragraph(each) for each in worded.paragraphs)]
    address = html.escape(config.site_url + worded.path)
    if worded.path:
        inside.append(f"<p><a class='button' href=\"{address}\">{html.escape(worded.label)}</a></p>")
    inside += [paragraph(each) for each in worded.closing]
    if worded.path:
        inside.append(f"<p class='fine'>{html.escape(phrase(_COPY, worded.language))}<br>{address}</p>")
    foot = "".join(paragraph(each, "fine") for each in _foot(worded, config)[:2])
    language = worded.language.replace("_", "-")
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{html.escape(worded.subject)}</title>\n<style>{_STYLE}</style></head>\n"
        f"<body><div class='letter'>\n{chr(10).join(inside)}\n</div>\n<div class='foot'>{foot}</div></body></html>\n"
    )


def _on_the_wire(address: str) -> str:
    """The address with its domain as name servers know it."""
    found = validate_email(address, check_deliverability=False, allow_smtputf8=True)
    return str(found.ascii_email or found.normalized)


def _address_or_nothing(text: str) -> str:
    try:
        return _on_the_wire(text)
    except (EmailNotValidError, UnicodeError):
        return ""
