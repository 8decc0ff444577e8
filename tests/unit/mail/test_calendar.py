"""An entry for a calendar: what a calendar reads from it, and what stands in nobody else's view."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.policy import default as modern

import pytest
from icalendar import Calendar

from config import Config
from directory.mail import calendar
from directory.mail.letters import DEFAULT_LANGUAGE, Entry, Letter, Moment, Standing, Worded, phrase, say, word
from directory.mail.messages import compose

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
STARTS = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)
NAME = "Zoë O'Neill;, \\ 楊\r\nATTENDEE:mailto:all@example.org " + "long " * 30
ENTRY = Entry(
    uid="6f1c2d34-0000-4000-8000-000000000000",
    sequence=2,
    starts_at=STARTS,
    minutes=45,
    summary=say("Talk with %(name)s", name=NAME),
)
LETTER = Letter(purpose="talk_agreed", subject="Your talk is set", paragraphs=("It is agreed.",), entry=ENTRY)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config.from_environment(
        {"SMTP_FROM": "Stillpoint <hello@directory.example.org>"}, cwd=tmp_path_factory.mktemp("settings")
    )


def attached(config: Config, letter: Letter = LETTER) -> tuple[str, bytes, bytes]:
    worded = Worded.from_json(word(letter, DEFAULT_LANGUAGE).to_json())
    raw = compose(worded, to="maria@example.org", mark="0" * 32, written_at=AT, config=config).as_bytes()
    message = email.message_from_bytes(raw, policy=modern)
    (part,) = [each for each in message.walk() if each.get_content_type() == "text/calendar"]
    assert part.get_filename() == "talk.ics"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return str(part["Content-Type"].params["method"]), content, raw


def test_a_calendar_reads_when_it_is_and_which_entry_it_updates(config: Config) -> None:
    method, content, _ = attached(config)
    read = Calendar.from_ical(content)
    (event,) = read.walk("VEVENT")
    assert method == read["method"] == "REQUEST"
    assert (str(event["uid"]), event["sequence"]) == (ENTRY.uid, 2)
    assert event.decoded("dtstart") == STARTS
    assert event.decoded("dtend") == STARTS + timedelta(minutes=45)
    assert event["status"] == "CONFIRMED"
    assert [each.decoded("trigger") for each in event.walk("VALARM")] == [timedelta(hours=-1)]


def test_a_name_begins_no_line_of_its_own_and_only_one_address_stands_in_it(config: Config) -> None:
    _, content, _ = attached(config)
    lines = content.split(b"\r\n")
    assert all(len(each) <= 75 for each in lines)
    assert sum(each.startswith(b"ATTENDEE") for each in lines) == 1
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["attendee"]) == "mailto:maria@example.org"
    assert str(event["organizer"]) == "mailto:hello@directory.example.org"
    assert "楊" in str(event["summary"])
    assert str(event["summary"]).endswith("arranged through Stillpoint")


def test_what_is_called_off_is_taken_out_again(config: Config) -> None:
    off = replace(LETTER, entry=replace(ENTRY, sequence=3, standing=Standing.CALLED_OFF))
    method, content, _ = attached(config, off)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert (method, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 3)
    assert event.walk("VALARM") == []


def test_what_is_on_hold_is_tentative(config: Config) -> None:
    held = replace(LETTER, entry=replace(ENTRY, standing=Standing.PAUSED))
    method, content, _ = attached(config, held)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert (method, event["status"]) == ("REQUEST", "TENTATIVE")


def test_the_same_letter_is_the_same_bytes_and_still_reads_as_a_letter(config: Config) -> None:
    _, _, raw = attached(config)
    assert raw == attached(config)[2]
    message = email.message_from_bytes(raw, policy=modern)
    body = message.get_body(("plain",))
    assert body is not None
    assert "It is agreed." in body.get_content()
    assert message.get_body(("html",)) is not None


def test_a_letter_that_lay_in_the_outbox_before_there_were_entries_can_be_read() -> None:
    old = '{"language": "en_GB", "subject": "Hello", "paragraphs": ["Hi."], "closing": [], "label": "", "path": ""}'
    assert Worded.from_json(old).entry is None


def test_a_moment_is_said_with_its_zone() -> None:
    sentence = say("When: %(moment)s.", moment=Moment(STARTS, "Asia/Kathmandu"))
    said = phrase(sentence, "en_GB")
    assert "2 December 2026" in said
    assert "00:15" in said
    assert "GMT+05:45" in said
    at_home = say("When: %(moment)s.", moment=Moment(STARTS, "America/Los_Angeles"))
    assert "(Pacific Standard Time)" in phrase(at_home, "en_US")
    assert calendar.method(ENTRY) == "REQUEST"
