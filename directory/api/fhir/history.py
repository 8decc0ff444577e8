"""One resource, its version, and what changed since when: with the tombstones of what is to be taken out again.

Only current versions are kept. What somebody once said and took back is nobody's business any more, so an older version
is not found (404), and of what is gone its history says just that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request

from directory.api.fhir import answers, deltas, entries, formats, resources, seals
from directory.api.fhir.deltas import Gone
from directory.api.fhir.elements import instant, version
from directory.api.fhir.entries import Entry
from directory.api.fhir.formats import Part
from directory.api.fhir.outcomes import invalid, unsupported
from directory.api.fhir.resources import AT_A_PLACE, PAPER, PERSON
from directory.entries import queries as ledger
from directory.entries.queries import Changed
from directory.errors import Gone as GoneError
from directory.errors import NotFound
from directory.http import conditional
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions

PAGE_SIZE: Final = 50
LARGEST_PAGE: Final = 200
_DIGITS: Final = re.compile(r"[1-9][0-9]{0,17}")
_PAGE: Final = "_page"
_SHAPING: Final = ("_format", "_pretty", "_summary", "_elements")
_PURPOSE: Final = "history"
_NOT_THERE: Final = "There is no resource at this address."
_NOT_ANY_MORE: Final = "This was shown once and is not now. Please remove it from your copy."


# --- one resource -------------------------------------------------------------------------------------------------


def read(kind: str, id: str) -> Response:  # noqa: A002 -- FHIR's own word for it
    """The resource as it is now; ``NotFound`` for what nobody ever saw, ``Gone`` for what is not shown any more."""
    _only(_SHAPING)
    wanted = _part(kind)
    if _brings_something() and (number := _number(id)) is not None:
        stamp = deltas.settled(session(), kind, number, now=site().clock())
        if stamp is not None and _is_known(stamp):
            return _cached(answers.public(conditional.same(version(stamp), stamp, weak=True)))
    number, owner = _whose(kind, id)
    # Where something happened that is not noted yet, the stamp may be that of what was said before: no "same as yours".
    found, entry = _found(kind, number, owner)
    return _tagged(answers.resource(formats.reduced(found, wanted)), entry.last_updated)


def vread(kind: str, id: str, version_id: str) -> Response:  # noqa: A002
    """The resource, where this is its version; older ones are not kept."""
    _only(_SHAPING)
    number, owner = _whose(kind, id)
    found, entry = _found(kind, number, owner)
    if version(entry.last_updated) != version_id:
        raise NotFound("Only the current version of a resource is kept.")
    return _tagged(answers.resource(formats.reduced(found, _part(kind))), entry.last_updated)


def _whose(kind: str, id: str) -> tuple[int, int]:  # noqa: A002
    """The number in the id, and the number of the person to whom such a resource belongs."""
    number = _number(id)
    owner = None if number is None else deltas.owner(session(), kind, number)
    if number is None or owner is None:
        raise NotFound(_NOT_THERE)
    return number, owner


def _number(id: str) -> int | None:  # noqa: A002
    return int(id) if _DIGITS.fullmatch(id) else None


def _found(kind: str, number: int, owner: int) -> tuple[dict[str, Any], Entry]:
    entry = _read([owner]).get(owner)
    found = None if entry is None else resources.plain_one(entry, kind, number, answers.base())
    if entry is None or found is None:
        if deltas.was_shown(session(), kind, number, owner):
            raise GoneError(_NOT_ANY_MORE)
        raise NotFound(_NOT_THERE)
    return found, entry


def _read(people: Sequence[int]) -> dict[int, Entry]:
    rules = jurisdictions.all_rules(session())
    return entries.read(session(), people, now=site().clock(), rules=rules)


def _part(kind: str) -> Part:
    return formats.part(request.args.get("_summary"), request.args.getlist("_elements"), [kind])


def _brings_something() -> bool:
    """Whether the client says what it has already."""
    return "If-None-Match" in request.headers or "If-Modified-Since" in request.headers


def _is_known(stamp: datetime) -> bool:
    """Whether the client holds what was stamped then, as it says itself."""
    if request.if_none_match:
        return conditional.is_known(version(stamp))
    since = request.if_modified_since
    return since is not None and stamp.replace(microsecond=0) <= since


def _tagged(response: Response, stamp: datetime) -> Response:
    return _cached(conditional.marked(response, version(stamp), stamp, weak=True))


def _cached(response: Response) -> Response:
    """Anybody may keep it, and asks each time whether it still holds: a person may be gone the next minute."""
    response.headers["Cache-Control"] = "public, no-cache"
    return response


# --- what changed -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Window:
    """Which changes are asked for, and where the page before ended."""

    since: datetime | None
    until: datetime
    before: tuple[datetime, int] | None
    skip: int
    """How many lines of that person the page before had already."""
    count: int


def of_one(kind: str, id: str) -> Response:  # noqa: A002
    """The history of one resource: its current version, or that it is gone."""
    _only(("_count", "_since", *_SHAPING))
    number, owner = _whose(kind, id)
    since = instant_of(request.args.get("_since"), "_since")
    try:
        found, entry = _found(kind, number, owner)
        line = _put(found, entry.last_updated, answers.base())
        at = entry.last_updated
    except GoneError:
        at = _gone_at(kind, number, owner)
        line = _delete(kind, number, at, answers.base())
    lines = [line] if since is None or at >= since else []
    return _bundle(lines, at=ledger.ledger(session()).looked_at, links=[("self", request.url)], kinds=[kind])


def of_type(kind: str) -> Response:
    """Every change to resources of this type, the newest first."""
    return _feed([kind], f"{answers.base()}/{kind}/_history")


def of_all() -> Response:
    """Every change, the newest first."""
    return _feed(resources.KINDS, f"{answers.base()}/_history")


def _feed(kinds: Sequence[str], address: str) -> Response:
    _only(("_count", "_since", _PAGE, *_SHAPING))
    window = _window()
    tag = conditional.of_shown(answers.form())
    if conditional.is_known(tag):
        return _cached(answers.public(conditional.same(tag, weak=True)))
    # Somebody who is shown has a line of each kind at least; where others have fewer, the page is shorter.
    limit = window.count // len(kinds) + 2
    moved = deltas.moved(session(), since=window.since, until=window.until, before=window.before, limit=limit)
    lines: list[dict[str, Any]] = []
    onward = None
    for changed, of_person in _told(moved, kinds, since=window.since):
        here = (changed.changed_at, changed.practitioner_id)
        skip = window.skip if window.before == here else 0
        ends = min(len(of_person), skip + window.count - len(lines))
        lines += of_person[skip:ends]
        if ends < len(of_person):
            onward = _token(window, here, ends)
            break
        if changed is moved[-1] and len(moved) == limit:
            onward = _token(window, here, ends)
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != _PAGE]
    links = [("self", request.url), *([("next", _link(address, [*asked, (_PAGE, onward)]))] if onward else [])]
    return conditional.marked(_bundle(lines, at=window.until, links=links, kinds=kinds), tag, weak=True)


def _told(
    moved: Sequence[Changed], kinds: Iterable[str], *, since: datetime | None
) -> Iterator[tuple[Changed, list[dict[str, Any]]]]:
    """Each person with the lines about them: what there is, and what there is no more."""
    people = [each.practitioner_id for each in moved]
    shown, gone = _read(people), deltas.gone(session(), people)
    wanted = list(kinds)
    for each in moved:
        entry = shown.get(each.practitioner_id)
        yield each, list(lines_of(entry, each, gone[each.practitioner_id], wanted, answers.base(), since=since))


def lines_of(
    entry: Entry | None, changed: Changed, gone: Gone, kinds: Sequence[str], base: str, *, since: datetime | None
) -> Iterator[dict[str, Any]]:
    """The lines of a history about one person."""
    for kind in kinds:
        if entry is not None:
            yield from (_put(each, entry.last_updated, base) for each in resources.plain(entry, kind, base))
    yield from tombstones(entry, changed, gone, kinds, base, since=since)


def tombstones(
    entry: Entry | None, changed: Changed, gone: Gone, kinds: Sequence[str], base: str, *, since: datetime | None
) -> Iterator[dict[str, Any]]:
    """The lines about what one person has no more."""
    shown = set() if entry is None else {each.listing.place.id for each in entry.places}
    papers = set() if entry is None else {each.id for each in entry.papers}
    for kind in kinds:
        if kind == PERSON and entry is None:
            yield _delete(kind, changed.practitioner_id, changed.changed_at, base)
        elif kind in AT_A_PLACE:
            for place, at in gone.places.items():
                if place not in shown and (since is None or at >= since):
                    yield _delete(kind, place, at, base)
        elif kind == PAPER:
            yield from (_delete(kind, paper, changed.changed_at, base) for paper in gone.papers if paper not in papers)


def _gone_at(kind: str, number: int, owner: int) -> datetime:
    if kind in AT_A_PLACE:
        noted = ledger.place_stamps(session(), [number]).get(number)
        if noted is not None and noted.gone_at is not None:
            return noted.changed_at
    return ledger.stamps(session(), [owner])[owner].changed_at


def _put(resource: Mapping[str, Any], at: datetime, base: str) -> dict[str, Any]:
    name = f"{resource['resourceType']}/{resource['id']}"
    return {
        "fullUrl": f"{base}/{name}",
        "resource": resource,
        "request": {"method": "PUT", "url": name},
        "response": {"status": "200", "etag": f'W/"{version(at)}"', "lastModified": instant(at)},
    }


def _delete(kind: str, number: int, at: datetime, base: str) -> dict[str, Any]:
    name = f"{kind}/{number}"
    return {
        "fullUrl": f"{base}/{name}",
        "request": {"method": "DELETE", "url": name},
        "response": {"status": "410", "lastModified": instant(at)},
    }


def _bundle(
    lines: Sequence[dict[str, Any]], *, at: datetime, links: Iterable[tuple[str, str]], kinds: Sequence[str]
) -> Response:
    wanted = formats.part(request.args.get("_summary"), request.args.getlist("_elements"), kinds)
    if not wanted.whole:
        lines = [
            line if "resource" not in line else line | {"resource": formats.reduced(line["resource"], wanted)}
            for line in lines
        ]
    told: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "history",
        "timestamp": instant(at),
        "link": [{"relation": relation, "url": url} for relation, url in links],
    }
    if lines:
        told["entry"] = list(lines)
    return _cached(answers.resource(told))


# --- what is asked ------------------------------------------------------------------------------------------------


def _window() -> _Window:
    count = count_of(request.args.get("_count"))
    since = instant_of(request.args.get("_since"), "_since")
    page = request.args.get(_PAGE)
    if page is None:
        return _Window(since, ledger.ledger(session()).looked_at, None, 0, count)
    told = seals.opened(page, purpose=_PURPOSE, secret=site().config.secret_key)
    if told is None or told["since"] != (None if since is None else instant(since)) or told["at"] != request.path:
        says = "The link to this page is damaged, or belongs to another question. Begin again without it."
        raise invalid(says, _PAGE)
    until, changed_at = _parsed(told["until"]), _parsed(told["changed"])
    return _Window(since, until, (changed_at, told["person"]), told["skip"], count)


def _token(window: _Window, here: tuple[datetime, int], skip: int) -> str:
    payload = {
        "since": None if window.since is None else instant(window.since),
        "until": instant(window.until),
        "at": request.path,
        "changed": instant(here[0]),
        "person": here[1],
        "skip": skip,
    }
    return seals.sealed(payload, purpose=_PURPOSE, secret=site().config.secret_key)


def _link(address: str, pairs: Iterable[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(list(pairs))}"


def count_of(text: str | None) -> int:
    """How many lines a page has; too many are made fewer, as FHIR allows."""
    if text is None or text == "":
        return PAGE_SIZE
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) == 0:
        raise invalid("The number of lines is a whole number from 1 on.", "_count")
    return min(int(text), LARGEST_PAGE)


def instant_of(text: str | None, name: str) -> datetime | None:
    """An instant, or the beginning of a day in UTC; a plus sign that was not escaped is read as one."""
    if text is None or text == "":
        return None
    says = "An instant is written as 2026-11-23T20:00:00Z, a day as 2026-11-23."
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise invalid(says, name) from None
    if len(text.strip()) != len("2026-11-23") and found.tzinfo is None:
        raise invalid(f"This says no time zone. {says}", name)
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        raise invalid(says, name) from None


def _parsed(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _only(names: Iterable[str]) -> None:
    """Refuse what an answer would not heed: a client that asked for less must not take all for it."""
    known = set(names)
    for name in request.args:
        if name not in known:
            raise unsupported("This parameter is not known here.", name)
