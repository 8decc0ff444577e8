"""The process in which files of strangers are opened: it knows no key, no database and no address, and has few means.

Started by ``workbench``, with the kind of work as its argument and the file on its standard input. It answers on its
standard output with one line of JSON and the bytes it made. Whatever goes wrong in a decoder ends here.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from typing import Final

from directory.credentials.evidence.terms import Fault, FileRefused, MediaType

MEMORY_BYTES: Final = {"photo": 1_500_000_000, MediaType.PDF: 900_000_000}
"""Of addresses, of which the libraries alone take some 300 million; pictures need room for 50 million pixels."""

CPU_SECONDS: Final = 20
ANSWER_BYTES: Final = 32_000_000


def main() -> None:
    """Do one piece of work and say what came of it."""
    work, kind = sys.argv[1], MediaType(sys.argv[2])
    _live_with_little(MEMORY_BYTES.get(kind, MEMORY_BYTES["photo"]))
    content = sys.stdin.buffer.read()
    try:
        facts, parts = _done(work, kind, content)
    except FileRefused as refusal:
        facts, parts = {"fault": refusal.fault.value}, []
    except MemoryError:
        facts, parts = {"fault": Fault.TOO_DEMANDING.value}, []
    except ImportError:
        raise
    except Exception:  # noqa: BLE001 - whatever a decoder raises about a file, the file is at fault
        facts, parts = {"fault": Fault.BROKEN.value}, []
    head = json.dumps({**facts, "parts": [len(part) for part in parts]}).encode()
    sys.stdout.buffer.write(head + b"\n" + b"".join(parts))
    sys.stdout.buffer.flush()


def _done(work: str, kind: MediaType, content: bytes) -> tuple[dict[str, object], list[bytes]]:
    # Each library takes a tenth of a second to load, and only one of them is needed.
    if kind is MediaType.PDF:
        documents = importlib.import_module("directory.credentials.evidence.documents")
        made, pages = documents.renew(content)
        return {"media_type": MediaType.PDF.value, "pages": pages}, [made]
    pictures = importlib.import_module("directory.credentials.evidence.pictures")
    if work == "photo":
        return {"media_type": MediaType.JPEG.value}, pictures.photo(content, kind)
    media_type, made = pictures.renew(content, kind)
    return {"media_type": media_type.value, "pages": 1}, [made]


def _live_with_little(memory: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
