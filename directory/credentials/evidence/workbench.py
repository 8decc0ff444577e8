"""Making files of strangers anew, in a process of its own with little memory, little time and no secrets.

A decoder that is led astray by a prepared file finds there nothing worth having. ``Unavailable`` when the workbench is
crowded, ``FileRefused`` when the file is at fault.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Final

import structlog

from directory.credentials.evidence import sniffing
from directory.credentials.evidence.child import ANSWER_BYTES
from directory.credentials.evidence.terms import Fault, FileRefused, MediaType
from directory.errors import Unavailable
from directory.guide.words import N_

_CHILD: Final = "directory.credentials.evidence.child"
_AT_ONCE: Final = 2
_SECONDS: Final = 25
_QUEUE_SECONDS: Final = 10
_log = structlog.get_logger("stillpoint.evidence")
_places = threading.BoundedSemaphore(_AT_ONCE)

CROWDED: Final = N_("Many files are being looked at just now. Nothing was kept; please send yours again in a minute.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """A file made anew. ``sent_sha256`` is that of what was sent, in hexadecimal."""

    media_type: MediaType
    content: bytes
    pages: int
    sent_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """The two sizes of a profile's photo, JPEG."""

    large: bytes
    small: bytes
    sent_sha256: str


def renew(content: bytes, name: str) -> Renewed:
    """A document or picture, judged by its bytes and made anew; of the name only its ending is looked at."""
    kind = sniffing.check(content, name)
    facts, (made,) = _in_a_child("renew", kind, content, parts=1)
    if sniffing.holds_archive(made):
        raise FileRefused(Fault.SECOND_FILE)
    return Renewed(
        media_type=MediaType(str(facts["media_type"])),
        content=made,
        pages=int(str(facts["pages"])),
        sent_sha256=hashlib.sha256(content).hexdigest(),
    )


def portrait(content: bytes, name: str) -> Portrait:
    """A photo for a profile, made anew in its sizes."""
    kind = sniffing.check(content, name)
    if kind is MediaType.PDF:
        raise FileRefused(Fault.NO_PICTURE)
    _, (large, small) = _in_a_child("photo", kind, content, parts=2)
    return Portrait(large=large, small=small, sent_sha256=hashlib.sha256(content).hexdigest())


def _in_a_child(work: str, kind: MediaType, content: bytes, *, parts: int) -> tuple[dict[str, object], list[bytes]]:
    if not _places.acquire(timeout=_QUEUE_SECONDS):
        raise Unavailable(CROWDED)
    try:
        answer = _ask(work, kind, content)
    finally:
        _places.release()
    if answer is None:
        raise FileRefused(Fault.TOO_DEMANDING)
    head, _, body = answer.partition(b"\n")
    facts: dict[str, object] = json.loads(head)
    if "fault" in facts:
        raise FileRefused(Fault(str(facts["fault"])))
    lengths = [int(each) for each in facts["parts"]] if isinstance(facts["parts"], list) else []
    if len(lengths) != parts or sum(lengths) != len(body):
        raise FileRefused(Fault.BROKEN)
    ends = [sum(lengths[: at + 1]) for at in range(parts)]
    return facts, [body[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def _ask(work: str, kind: MediaType, content: bytes) -> bytes | None:
    """What the child answered; ``None`` when it took too long, wanted too much or fell over."""
    with subprocess.Popen(  # noqa: S603 - our own program, with arguments from closed lists
        [sys.executable, "-I", "-m", _CHILD, work, kind.value],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
    ) as child:
        if child.stdout is None:
            raise AssertionError("the child was started with a pipe")
        alarm = threading.Timer(_SECONDS, child.kill)
        feeder = threading.Thread(target=_feed, args=(child, content))
        alarm.start()
        feeder.start()
        try:
            answer = child.stdout.read(ANSWER_BYTES + 1)
            if len(answer) > ANSWER_BYTES:
                child.kill()
            child.stdout.close()
            code = child.wait()
        finally:
            alarm.cancel()
            feeder.join()
    if code > 0:
        # Not the file: what a decoder does is caught in the child, and what the kernel does to it is a signal.
        _log.error("the process that opens files does not start", code=code)
        raise Unavailable(CROWDED)
    return answer if code == 0 and len(answer) <= ANSWER_BYTES else None


def _feed(child: subprocess.Popen[bytes], content: bytes) -> None:
    if child.stdin is None:
        return
    try:
        child.stdin.write(content)
        child.stdin.close()
    except OSError:
        # It fell over before it had read everything, and its exit code says so.
        return
