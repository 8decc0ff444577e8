"""A letter on the wire: its headers, its text and its page."""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime
from email.policy import default as modern
from pathlib import Path

import html5lib
import pytest

from config import Config
from directory.mail.letters import Worded
from directory.mail.messages import compose, plain_text

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
MARK = "0123456789abcdef0123456789abcdef"
WORDED = Worded(
    language="en_GB",
    subject="Please confirm this address",
    paragraphs=("Hello Zoë 楊 <b>&\"'.", "x" * 2_000),
    closing=("If it was not you, do nothing.",),
    label="Confirm",
    path="/account/confirm/a-b_c?d=1&e=2",
)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config.from_environment(
        {
            "SITE_URL": "https://directory.example.org",
            "SMTP_FROM": "Stillpoint <hello@directory.example.org>",
            "OPERATOR_EMAIL": "desk@directory.example.org",
        },
        cwd=tmp_path_factory.mktemp("settings"),
    )


def _sent(config: Config, worded: Worded = WORDED, to: str = "zoe@example.org") -> bytes:
    return compose(worded, to=to, mark=MARK, written_at=AT, config=config).as_bytes()


def test_the_headers_say_who_to_whom_and_that_no_machine_shall_answer(config: Config) -> None:
    message = email.message_from_bytes(_sent(config), policy=modern)
    assert message["From"] == "Stillpoint <hello@directory.example.org>"
    assert message["To"] == "zoe@example.org"
    assert message["Reply-To"] == "desk@directory.example.org"
    assert message["Message-ID"] == f"<{MARK}@directory.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en-GB"
    assert message["Date"].datetime == AT


def test_the_same_letter_is_the_same_bytes(config: Config) -> None:
    assert _sent(config) == _sent(config)


def test_the_text_holds_every_word_and_the_whole_address(config: Config) -> None:
    message = email.message_from_bytes(_sent(config), policy=modern)
    part = message.get_body(("plain",))
    assert part is not None
    text = part.get_content().replace("\r\n", "\n")
    assert text == plain_text(WORDED, config=config)
    assert "\nhttps://directory.example.org/account/confirm/a-b_c?d=1&e=2\n" in text
    assert "write to desk@directory.example.org" in text


def test_lines_on_the_wire_are_short_and_end_as_mail_asks(config: Config) -> None:
    raw = _sent(config)
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert raw.isascii()


def test_the_page_is_html_and_asks_nobody_for_anything(config: Config) -> None:
    message = email.message_from_bytes(_sent(config), policy=modern)
    part = message.get_body(("html",))
    assert part is not None
    page = part.get_content()
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(page)
    assert parser.errors == []
    names = {each.tag for each in root.iter() if isinstance(each.tag, str)}
    assert names <= {"html", "head", "meta", "title", "style", "body", "div", "p", "a", "br"}
    assert "url(" not in page
    (link,) = root.iter("a")
    assert link.get("href") == "https://directory.example.org/account/confirm/a-b_c?d=1&e=2"
    assert WORDED.paragraphs[0] in "".join(root.itertext())


def test_a_letter_without_a_button_has_none(config: Config) -> None:
    worded = Worded(language="en_US", subject="A short word", paragraphs=("Hello.",))
    raw = _sent(config, worded)
    assert b"<a " not in raw
    assert plain_text(worded, config=config).startswith("Hello.\n\n-- \n")


def test_an_operators_address_that_is_none_is_left_out(tmp_path: Path) -> None:
    config = Config.from_environment({"OPERATOR_EMAIL": "our web form"}, cwd=tmp_path)
    assert email.message_from_bytes(_sent(config), policy=modern)["Reply-To"] is None


@pytest.mark.parametrize("to", ["a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "a", "a@b@c.d"])
def test_what_is_no_address_goes_nowhere(config: Config, to: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whoever refuses it
        _sent(config, to=to)
