"""The log: one JSON object a line on stderr, our own events and those of libraries alike.

What may not stand in a log is taken out here, whoever wrote it: query strings, anything under a name that speaks of
health, identity or secrets, and the messages and values of exceptions, which may hold what somebody typed. An exception
is logged as its kind, the database's code for it, and where it came from. JSON escapes line breaks and control
characters, so nobody can forge a second line or colour a terminal.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

WITHHELD = "(withheld)"

FORBIDDEN_WORDS = frozenset(
    {
        "address",
        "age",
        "authorisation",
        "authorization",
        "body",
        "condition",
        "conditions",
        "cookie",
        "cookies",
        "csrf",
        "due",
        "email",
        "form",
        "headers",
        "health",
        "needle",
        "needles",
        "params",
        "parameters",
        "password",
        "pregnancy",
        "pregnant",
        "query",
        "referer",
        "referrer",
        "screening",
        "secret",
        "telephone",
        "token",
        "trimester",
        "week",
        "weeks",
    }
)
"""A key with one of these words in it (``due_date``, ``Set-Cookie``) never shows its value."""

FORBIDDEN_KEYS = frozenset({"args", "latitude", "longitude", "place", "q", "url", "words"})
"""Keys that never show their value, though longer ones with the same word (``place_id``) do."""

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_QUERY = re.compile(r"\?[^\s\"'<>]+")
_QUIET_LIBRARIES = ("alembic", "psycopg", "sqlalchemy", "werkzeug")
_LONGEST = 2_000


class _OurHandler(logging.StreamHandler[Any]):
    """Writes to whatever stderr is now, and can be told from other people's handlers."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)


def configure(level: str) -> None:
    """Send everything from this level up to stderr as JSON lines; may be called again."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _exceptions,
        _withhold,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _OurHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=True, default=repr),
            ],
        )
    )
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _OurHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    threshold = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(threshold)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))


def _exceptions(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put the kind and the place of an exception where its text would have stood."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = described(error)
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        # The standard formatter would append the text of the exception again.
        record.exc_info = None
        record.exc_text = None
    return event


def described(error: BaseException) -> dict[str, Any]:
    """The kind of an exception, the database's code, the kinds behind it and the stack, without any value."""
    told: dict[str, Any] = {"type": _kind(error)}
    original = getattr(error, "orig", error)
    code = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
    if code:
        told["code"] = code
    behind: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(behind) < 5:
        behind.append(_kind(cause))
        cause = cause.__cause__ or cause.__context__
    if behind:
        told["behind"] = behind
    frames = traceback.extract_tb(error.__traceback__)
    told["stack"] = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames[-30:]]
    return told


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _withhold(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {
        key: value if key in {"_record", "_from_structlog"} else _cleared(key, value) for key, value in event.items()
    }


def _cleared(key: str, value: Any) -> Any:
    if _forbidden(key):
        return WITHHELD
    if isinstance(value, str):
        return _QUERY.sub("?" + WITHHELD, value)[:_LONGEST]
    if isinstance(value, Mapping):
        return {str(name): _cleared(str(name), each) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_cleared("", each) for each in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    # Anything else would be shown by its repr, and a form's or a patient's repr tells everything.
    return f"({type(value).__qualname__})"


def _forbidden(key: str) -> bool:
    return key in FORBIDDEN_KEYS or any(word.lower() in FORBIDDEN_WORDS for word in _WORDS.findall(key))
