"""Everything at once: FHIR Bulk Data Access 2.0 (https://hl7.org/fhir/uv/bulkdata/export.html) at the whole system.

What is public is not prepared and kept for anybody. The address at which a client asks whether its files are ready says
yes at once and names them, and each file is read from the database while it is sent, some people at a time. A file that
breaks off is never taken for a whole one: it is sent in chunks, and the last of them comes only when nothing failed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy.orm import Session

from directory import db
from directory.api.fhir import answers, deltas, entries, formats, history, resources, seals
from directory.api.fhir.elements import instant
from directory.api.fhir.outcomes import Issue, Refused, invalid, outcome, unsupported
from directory.entries import queries as ledger
from directory.errors import NotFound, Unavailable
from directory.http.site import Site, session, site
from directory.jurisdictions import queries as jurisdictions

NDJSON: Final = "application/fhir+ndjson"
AT_A_TIME: Final = 100
"""People who are read and sent together: so many are in memory, however many there are."""
DELETED: Final = "deleted"
LINES_OF_A_BUNDLE: Final = 500
AT_ONCE: Final = 2
"""Files that one process sends at the same time: each keeps a thread busy for minutes."""

_FORMATS: Final = frozenset({NDJSON, "application/ndjson", "ndjson"})
_LENIENT: Final = "handling=lenient"
_PURPOSE: Final = "export"
_sending = threading.BoundedSemaphore(AT_ONCE)


def begin() -> Response:
    """Accept the wish for everything (202) and say where the list of files is. A client asks with the header ``Prefer:
    respond-async``; whoever does not say so means the same, as the standard allows."""
    wishes = {each.strip().lower() for header in request.headers.getlist("Prefer") for each in header.split(",")}
    kinds = _kinds(lenient=_LENIENT in wishes)
    since = history.instant_of(request.args.get("_since"), "_since")
    order = {
        "asked": request.url,
        "at": instant(ledger.ledger(session()).looked_at),
        "since": None if since is None else instant(since),
        "kinds": kinds,
    }
    token = seals.sealed(order, purpose=_PURPOSE, secret=site().config.secret_key)
    response = _accepted("The export is ready. Its files are listed at the address in Content-Location.")
    response.headers["Content-Location"] = f"{answers.base()}/export/status/{token}"
    response.headers["Access-Control-Expose-Headers"] = "Content-Location"
    return response


def _accepted(says: str) -> Response:
    """Yes (202), with an OperationOutcome for whoever reads it, as the standard allows."""
    told = outcome([Issue("informational", says, "", "information")])
    return answers.public(Response(formats.as_json(told), 202, content_type=formats.Form.JSON.content_type))


def status(token: str) -> Response:
    """The list of files, which are ready at once."""
    order = _order(token)
    base = answers.base()
    since = [] if order["since"] is None else [("_since", order["since"])]
    query = f"?{urlencode(since)}" if since else ""
    manifest = {
        "transactionTime": order["at"],
        "request": order["asked"],
        "requiresAccessToken": False,
        "output": [{"type": kind, "url": f"{base}/export/{kind}.ndjson{query}"} for kind in order["kinds"]],
        "deleted": [],
        "error": [],
    }
    if since:
        deleted = urlencode([*since, ("_type", ",".join(order["kinds"]))])
        manifest["deleted"] = [{"type": "Bundle", "url": f"{base}/export/{DELETED}.ndjson?{deleted}"}]
    response = answers.public(Response(formats.as_json(manifest), content_type="application/json"))
    response.headers["Expires"] = "0"
    response.headers["Cache-Control"] = "no-cache"
    return response


def cancel(token: str) -> Response:
    """Forget the wish (202). Nothing was kept for it."""
    _order(token)
    return _accepted("The export is forgotten.")


def file(name: str) -> Response:
    """One file: all resources of a type, one in each line, or what was deleted."""
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        says = "Please ask with HTTP/1.1: with 1.0 a file that broke off would look like a whole one."
        raise Refused(Issue("not-supported", says), status=505)
    since = history.instant_of(request.args.get("_since"), "_since")
    if name == DELETED:
        if since is None:
            raise invalid("What was deleted is told from an instant on.", "_since")
        lines = _deleted(site(), answers.base(), _kinds(lenient=False), since)
    elif name in resources.KINDS:
        lines = _resources(site(), answers.base(), name, since)
    else:
        raise NotFound("There is no such file.")
    return _streamed(lines)


# --- what is asked ------------------------------------------------------------------------------------------------


def _kinds(*, lenient: bool) -> list[str]:
    """The types of ``_type``, or all of them."""
    for name in request.args:
        if name not in ("_type", "_since", "_outputFormat") and not lenient:
            raise unsupported("This parameter is not known here.", name)
    form = request.args.get("_outputFormat", NDJSON).replace(" ", "+")
    if form not in _FORMATS:
        raise Refused(Issue("not-supported", f"Files are written as {NDJSON}.", "_outputFormat"))
    asked = [kind.strip() for each in request.args.getlist("_type") for kind in each.split(",") if kind.strip()]
    strange = [kind for kind in asked if kind not in resources.KINDS]
    if strange and not lenient:
        raise unsupported(f"There are no resources of the type “{strange[0]}” here.", "_type")
    found = [kind for kind in resources.KINDS if kind in asked]
    if asked and not found:
        raise unsupported("There are no resources of these types here.", "_type")
    return found or list(resources.KINDS)


def _order(token: str) -> Mapping[str, Any]:
    order = seals.opened(token, purpose=_PURPOSE, secret=site().config.secret_key)
    if order is None:
        raise NotFound("There is no such export. Please begin again.")
    found: Mapping[str, Any] = order
    return found


# --- sending ------------------------------------------------------------------------------------------------------


def _streamed(lines: Iterator[bytes]) -> Response:
    """The lines as they come. The place among those that are sent is given back when the answer ends, however."""
    if not _sending.acquire(blocking=False):
        raise Unavailable("Other files are being sent just now. Please try again in a minute.")
    begun = _Once()
    try:
        response = answers.public(Response(lines, content_type=NDJSON))
        response.call_on_close(begun.give_back)
    except BaseException:
        begun.give_back()
        raise
    response.headers["Cache-Control"] = "no-cache"
    return response


class _Once:
    """Gives a place back, and not a second time."""

    def __init__(self) -> None:
        self._held = True

    def give_back(self) -> None:
        """Let somebody else have the place."""
        if self._held:
            self._held = False
            _sending.release()


@contextmanager
def _reading(of: Site) -> Iterator[Session]:
    """A session of its own for a few people: no transaction stays open while a slow client reads."""
    with Session(of.database.engine) as own, db.unhurried(own.connection()):
        yield own


def _resources(of: Site, base: str, kind: str, since: datetime | None) -> Iterator[bytes]:
    last = 0
    while True:
        with _reading(of) as own:
            people = deltas.shown_after(own, last, since=since, limit=AT_A_TIME)
            rules = jurisdictions.all_rules(own)
            found = entries.read(own, people, now=of.clock(), rules=rules)
        if not people:
            return
        last = people[-1]
        lines = [_line(each) for entry in found.values() for each in resources.plain(entry, kind, base)]
        if lines:
            yield b"".join(lines)


def _deleted(of: Site, base: str, kinds: Sequence[str], since: datetime) -> Iterator[bytes]:
    """Bundles that say what to delete."""
    last = 0
    while True:
        with _reading(of) as own:
            people = deltas.changed_after(own, last, since=since, limit=AT_A_TIME)
            shown = entries.read(own, people, now=of.clock(), rules=jurisdictions.all_rules(own))
            stamps, gone = ledger.stamps(own, people), deltas.gone(own, people)
        if not people:
            return
        last = people[-1]
        requests = []
        for person in people:
            changed = ledger.Changed(person, person, stamps[person].changed_at, stamps[person].gone_at)
            lines = history.tombstones(shown.get(person), changed, gone[person], kinds, base, since=since)
            requests += [{"request": line["request"]} for line in lines]
        for start in range(0, len(requests), LINES_OF_A_BUNDLE):
            part = requests[start : start + LINES_OF_A_BUNDLE]
            yield _line({"resourceType": "Bundle", "type": "transaction", "entry": part})


def _line(resource: Mapping[str, Any]) -> bytes:
    return formats.as_json(resource) + b"\n"
