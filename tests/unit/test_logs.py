"""What a log line looks like, and what can never stand in one."""

from __future__ import annotations

import io
import json
import logging
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from directory import logs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def lines(out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    monkeypatch.setattr(sys, "stderr", out)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure("info")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


def test_a_line_says_when_how_grave_what_where_and_for_which_request(lines: Any) -> None:
    structlog.contextvars.bind_contextvars(request_id="abc123")
    structlog.get_logger("stillpoint.web").info("request", path="/search", status=200)
    (line,) = lines()
    assert line["level"] == "info"
    assert line["event"] == "request"
    assert line["logger"] == "stillpoint.web"
    assert line["request_id"] == "abc123"
    assert (line["path"], line["status"]) == ("/search", 200)
    assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0)


def test_the_logging_of_libraries_comes_out_in_the_same_form(lines: Any) -> None:
    logging.getLogger("gunicorn.error").info("Booting worker with pid: %s", 7)
    (line,) = lines()
    assert line["event"] == "Booting worker with pid: 7"
    assert (line["level"], line["logger"]) == ("info", "gunicorn.error")


def test_what_is_below_the_level_is_left_out_and_chatty_libraries_are_kept_short(lines: Any) -> None:
    structlog.get_logger("stillpoint").debug("fine print")
    logging.getLogger("sqlalchemy.engine").info("SELECT words FROM practitioner")
    logging.getLogger("alembic.runtime").info("Running upgrade")
    assert lines() == []


@pytest.mark.parametrize(
    "key",
    [
        "Cookie",
        "set-cookie",
        "HTTP_AUTHORIZATION",
        "pregnancy",
        "pregnancyStatus",
        "due_date",
        "weeks",
        "patient_age",
        "screening",
        "needle_wishes",
        "csrf_token",
        "query_string",
        "form",
        "place",
        "email",
        "latitude",
    ],
)
def test_a_forbidden_name_never_shows_its_value(lines: Any, key: str) -> None:
    structlog.get_logger().warning("event", **{key: "twelve", "nested": {key: ["twelve"]}})
    (line,) = lines()
    assert line[key] == line["nested"][key] == logs.WITHHELD


def test_harmless_names_that_only_look_alike_are_shown(lines: Any) -> None:
    structlog.get_logger().warning("event", page=3, message_id=4, place_id=5, manager="m")
    (line,) = lines()
    assert (line["page"], line["message_id"], line["place_id"], line["manager"]) == (3, 4, 5, "m")


def test_a_query_string_is_cut_wherever_it_stands(lines: Any) -> None:
    structlog.get_logger().info("GET /search?place=97214&x=1 HTTP/1.1", path="/search?place=97214")
    logging.getLogger("gunicorn.error").warning("Invalid request: %s", "/a?pregnant=yes#b")
    first, second = lines()
    for text in (first["event"], first["path"], second["event"]):
        assert "97214" not in text
        assert "pregnant" not in text
        assert logs.WITHHELD in text


def test_an_object_is_named_and_not_shown(lines: Any) -> None:
    class Patient:
        def __repr__(self) -> str:
            return "Patient(weeks=12)"

    structlog.get_logger().info("event", patient=Patient(), several=[Patient()])
    (line,) = lines()
    assert "12" not in json.dumps({**line, "time": ""})


def test_line_breaks_and_terminal_codes_stay_in_one_line(lines: Any) -> None:
    forged = 'Mozilla\r\n{"level": "info"}\n\x1b[31mred\u2028\x85'
    structlog.get_logger().info("event", agent=forged)
    logging.getLogger("other").warning("agent %s", forged)
    first, second = lines()
    assert first["agent"] == forged
    assert second["event"].endswith(forged)


@pytest.mark.usefixtures("lines")
def test_no_control_character_leaves_the_process(out: io.StringIO) -> None:
    structlog.get_logger().info("event", agent="a\r\n\x1b[31m\u2028\x9b\x00")
    written = out.getvalue()
    assert written.endswith("\n")
    assert written.rstrip("\n").isascii()
    assert written.rstrip("\n").isprintable()


@pytest.mark.parametrize("how", ["structlog", "logging"])
def test_an_exception_is_its_kind_and_its_place_without_its_words(lines: Any, how: str) -> None:
    secret = "twelve weeks"
    try:
        try:
            int(secret)
        except ValueError as error:
            raise LookupError(f"cannot find {secret}") from error
    except LookupError as error:
        if how == "structlog":
            structlog.get_logger().error("unexpected", exc_info=error)
        else:
            logging.getLogger("somebody").exception("unexpected")
    (line,) = lines()
    assert secret not in json.dumps(line)
    assert line["exception"]["type"] == "builtins.LookupError"
    assert line["exception"]["behind"] == ["builtins.ValueError"]
    assert __name__.rpartition(".")[2] in line["exception"]["stack"][-1]


def test_configuring_twice_does_not_write_twice(lines: Any, out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", out)
    logs.configure("info")
    structlog.get_logger().info("once")
    assert len(lines()) == 1
