"""Everything at once: FHIR Bulk Data Access 2.0 (https://hl7.org/fhir/uv/bulkdata/export.html) at the whole system.

What is public is not prepared and kept for anybody. The address at which a client asks whether its files are ready says
yes at once and names them, and each file is read from the database while it is sent, some people at a time. A file that
breaks off is never taken for a whole one: it is sent in chunks, and the last of them comes only when nothing failed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy.orm import Session

from directory import changes, db
from directory.api.fhir import answers, deltas, entries, formats, history, resources, seals
from directory.api.fhir.elements import instant
from directory.api.fhir.outcomes import Issue, Refused, invalid, outcome
from directory.entries import queries as ledger
from directory.errors import NotFound, Unavailable
from directory.http.site import Site, session, site
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction

Pairs: TypeAlias = Sequence[tuple[str, str]]

NDJSON: Final = "application/fhir+ndjson"
AT_A_TIME: Final = 100
"""People who are read and sent together: so many are in memory, however many there are."""
DELETED: Final = "deleted"
LINES_OF_A_BUNDLE: Final = 500
KEPT: Final = timedelta(days=1)
"""So long at least a list of files may be relied on. Its files are made of what is shown when they are read."""
AT_ONCE: Final = 2
"""Files that one process sends at the same time: each keeps a thread busy for minutes."""

_FORMATS: Final = frozenset({NDJSON, "application/ndjson", "ndjson"})
_END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)
_LENIENT: Final = "handling=lenient"
_PURPOSE: Final = "export"
_sending = threading.BoundedSemaphore(AT_ONCE)


def begin() -> Response:
    """Accept the wish for everything (202) and say where the list of files is. A client asks with the header ``Prefer:
    respond-async``; whoever does not say so means the same, as the standard allows."""
    return _begun(list(request.args.items(multi=True)))


def begin_by_post() -> Response:
    """The same, with the parameters in a resource of the type Parameters, in JSON."""
    return _begun([*request.args.items(multi=True), *_sent()])


def _begun(pairs: Pairs) -> Response:
    wishes = {each.strip().lower() for header in request.headers.getlist("Prefer") for each in header.split(",")}
    wish = _wish(pairs, lenient=_LENIENT in wishes)
    order = {
        "asked": request.url,
        "at": instant(ledger.ledger(session()).looked_at),
        "since": None if wish.since is None else instant(wish.since),
        "kinds": wish.kinds,
    }
    token = seals.sealed(order, purpose=_PURPOSE, secret=site().config.secret_key)
    if len(token) > seals.LONGEST:
        raise Refused(
            Issue("too-long", "This asks for too much at once; each type need be named only once."), status=414
        )
    says = "The export is ready. Its files are listed at the address in Content-Location."
    response = _accepted(Issue("informational", says, "", "information"), *wish.left_out)
    response.headers["Content-Location"] = f"{answers.base()}/export/status/{token}"
    response.headers["Access-Control-Expose-Headers"] = "Content-Location"
    return response


def _accepted(*told: Issue) -> Response:
    """Yes (202), with an OperationOutcome for whoever reads it, as the standard allows."""
    content_type = formats.Form.JSON.content_type
    return answers.public(Response(formats.as_json(outcome(told)), 202, content_type=content_type))


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
    response.expires = site().clock() + KEPT
    response.headers["Cache-Control"] = "no-cache"
    return response


def cancel(token: str) -> Response:
    """Forget the wish (202). Nothing was kept for it."""
    _order(token)
    return _accepted(Issue("informational", "Nothing is kept of this export.", "", "information"))


def file(name: str) -> Response:
    """One file: all resources of a type, one in each line, or what was deleted."""
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        says = "Please ask with HTTP/1.1: with 1.0 a file that broke off would look like a whole one."
        raise Refused(Issue("not-supported", says), status=505)
    since = _behind(history.instant_of(request.args.get("_since"), "_since"))
    if name == DELETED:
        if since is None:
            raise invalid("What was deleted is told from an instant on.", "_since")
        wish = _wish(list(request.args.items(multi=True)), lenient=False)
        lines = _deleted(site(), answers.base(), wish.kinds, since)
    elif name in resources.KINDS:
        lines = _resources(site(), answers.base(), name, since)
    else:
        raise NotFound("There is no such file.")
    return _streamed(lines)


# --- what is asked ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody wants to have."""

    kinds: Sequence[str]
    since: datetime | None
    left_out: Sequence[Issue]
    """What else they asked for, and is not done."""


def _wish(pairs: Pairs, *, lenient: bool) -> _Wish:
    """What these parameters ask for; ``lenient`` leaves out what is not known here, which else is refused."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    left_out = [_unknown(name) for name in given if name not in ("_type", "_since", "_outputFormat")]
    form = given.get("_outputFormat", [NDJSON])[0].replace(" ", "+")
    if form not in _FORMATS:
        raise Refused(Issue("not-supported", f"Files are written as {NDJSON}.", "_outputFormat"))
    asked = [kind.strip() for each in given.get("_type", ()) for kind in each.split(",") if kind.strip()]
    left_out += [
        Issue("not-supported", f"There are no resources of the type “{kind}” here.", "_type")
        for kind in dict.fromkeys(asked)
        if kind not in resources.KINDS
    ]
    found = [kind for kind in resources.KINDS if kind in asked]
    if (left_out and not lenient) or (asked and not found):
        raise Refused(*left_out)
    since = history.instant_of(given.get("_since", [""])[0], "_since")
    told = [replace(each, severity="warning") for each in left_out]
    return _Wish(found or list(resources.KINDS), since, told)


def _unknown(name: str) -> Issue:
    """That nobody here knows such a parameter."""
    return Issue("not-supported", "This parameter is not known here.", name)


def _sent() -> Iterator[tuple[str, str]]:
    """The parameters of a request that sends them as a resource."""
    if request.mimetype not in ("application/fhir+json", "application/json"):
        says = f"The parameters of an export are sent as {formats.Form.JSON.value}."
        raise Refused(Issue("not-supported", says), status=415)
    try:
        told = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise invalid("This is no JSON.") from None
    given = told.get("parameter", []) if isinstance(told, dict) else None
    if not isinstance(given, list) or told.get("resourceType") != "Parameters":
        raise invalid("What is sent is a resource of the type Parameters.")
    for each in given:
        values = [each[key] for key in each if key.startswith("value")] if isinstance(each, dict) else []
        if len(values) != 1 or not isinstance(values[0], str) or not isinstance(each.get("name"), str):
            raise invalid("Each parameter has a name and one value, which is a text.", "parameter")
        yield each["name"], values[0]


def _behind(since: datetime | None) -> datetime | None:
    """The first instant behind this one. What was stamped with the ``transactionTime`` of an export stood in it, and
    ``_since`` means what came after."""
    return None if since is None else since + min(datetime.resolution, _END_OF_TIME - since)


def _order(token: str) -> Mapping[str, Any]:
    order = seals.opened(token, purpose=_PURPOSE, secret=site().config.secret_key)
    if order is None:
        raise NotFound("There is no such export. Please begin again.")
    found: Mapping[str, Any] = order
    return found


# --- sending ------------------------------------------------------------------------------------------------------


def _streamed(lines: Generator[bytes]) -> Response:
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


class _Rules:
    """The rules of the jurisdictions, read once for many people. Another rule, or a jurisdiction that was hidden,
    begins another history; until then those at hand hold."""

    def __init__(self) -> None:
        self._token: str | None = None
        self._rules: Mapping[str, Jurisdiction] = {}

    def of(self, session: Session) -> Mapping[str, Jurisdiction]:
        """Those that hold now."""
        token = changes.position(session).token
        if token != self._token:
            self._rules, self._token = jurisdictions.all_rules(session), token
        return self._rules


def _resources(of: Site, base: str, kind: str, since: datetime | None) -> Generator[bytes]:
    last, rules = 0, _Rules()
    while True:
        with _reading(of) as own:
            people = deltas.shown_after(own, last, since=since, limit=AT_A_TIME)
            found = entries.read(own, people, now=of.clock(), rules=rules.of(own))
        if not people:
            return
        last = people[-1]
        lines = [_line(each) for entry in found.values() for each in resources.plain(entry, kind, base)]
        if lines:
            yield b"".join(lines)


def _deleted(of: Site, base: str, kinds: Sequence[str], since: datetime) -> Generator[bytes]:
    """Bundles that say what to delete."""
    last, rules = 0, _Rules()
    while True:
        with _reading(of) as own:
            people = deltas.changed_after(own, last, since=since, limit=AT_A_TIME)
            shown = entries.read(own, people, now=of.clock(), rules=rules.of(own))
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
