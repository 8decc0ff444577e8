"""From the pairs of an address or a form to a search: what was understood, what was left out, and what is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from directory.api.fhir import formats, preferences
from directory.api.fhir.chains import Named, Unknown, meant
from directory.api.fhir.conditions import Asked, Condition, one_of_theirs
from directory.api.fhir.escapes import plain, split
from directory.api.fhir.formats import Unacceptable
from directory.api.fhir.kinds import Kind
from directory.api.fhir.outcomes import Issue, Refused, invalid, unsupported
from directory.api.fhir.preferences import Control, Handling, Include
from directory.api.fhir.sources import presence

Pairs: TypeAlias = Sequence[tuple[str, str]]

MOST_PARAMETERS: Final = 40
MOST_VALUES: Final = 100
LONGEST_NAME: Final = 120
LONGEST_VALUE: Final = 2000
_TOLD: Final = "information"


@dataclass(frozen=True, slots=True)
class Search:
    """A search that was understood."""

    kind: Kind
    conditions: tuple[Condition, ...]
    control: Control
    understood: tuple[tuple[str, str], ...]
    """As the links of the answer carry it."""
    left_out: tuple[Issue, ...]
    """What nobody here knows, to be told in the answer."""
    in_vain: tuple[Issue, ...]
    """What nobody can meet, to be told where nobody was found."""


def read(
    pairs: Pairs, kind: Kind, table: Mapping[str, Kind], *, base: str, handling: Handling, now: datetime
) -> Search:
    """The search that these pairs ask for; ``Refused`` with every fault that was found."""
    _sane(pairs)
    conditions: list[Condition] = []
    understood: list[tuple[str, str]] = []
    left_out: list[Issue] = []
    in_vain: list[Issue] = []
    faults: list[Issue] = []
    for name, value in pairs:
        if name in preferences.RESULT:
            continue
        if name.partition(":")[0] in preferences.NOT_DONE:
            faults += _not_done(name, value)
            continue
        if not value:
            left_out.append(Issue("invalid", "it has no value and was left out", name, "warning"))
            continue
        try:
            condition = _condition(meant(name, kind, table), kind, name, value, base, now)
            conditions.append(condition)
            understood.append((name, value))
            if condition.clause is False:
                in_vain.append(Issue("informational", "no resource here is so, whatever else is asked", name, _TOLD))
        except Unknown:
            says = f"a search of {kind.name} knows no such parameter, and it was left out"
            left_out.append(Issue("not-supported", says, name[:LONGEST_NAME], "warning"))
        except Refused as refused:
            faults += refused.issues
    try:
        control, shaping, unknown = _control(pairs, kind, table, near=any(each.near for each in conditions))
        understood += shaping
        left_out += unknown
    except Refused as refused:
        faults += refused.issues
        control = Control()
    except Unacceptable as error:
        faults.append(Issue("invalid", str(error), error.about))
        control = Control()
    if handling is Handling.STRICT:
        faults += [Issue(each.code, each.says.removesuffix(", and it was left out"), each.about) for each in left_out]
    if faults:
        raise Refused(*faults)
    return Search(kind, tuple(conditions), control, tuple(understood), tuple(left_out), tuple(in_vain))


def hangs_on_the_instant(pairs: Pairs) -> bool:
    """Whether the answer may be another one a moment later though nothing happens: "nearly now" widens with time."""
    return any("_lastUpdated" in name and "ap" in value for name, value in pairs)


def _not_done(name: str, value: str) -> list[Issue]:
    if (name, value) in preferences.AS_USUAL:
        return []
    return [Issue("not-supported", "FHIR knows this and this server does not do it", name)]


def _sane(pairs: Pairs) -> None:
    if len(pairs) > MOST_PARAMETERS:
        raise Refused(Issue("too-costly", f"a search has at most {MOST_PARAMETERS} parameters"))
    for name, value in pairs:
        shown = "".join(each for each in name[:LONGEST_NAME] if each.isprintable())
        if len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
            raise Refused(Issue("too-long", f"a value has at most {LONGEST_VALUE} signs", shown))
        if any(unicodedata.category(each) in ("Cc", "Cs") for each in name + value):
            raise invalid("it holds a sign that cannot be written, such as a line break", shown)


def _condition(named: Named, kind: Kind, name: str, value: str, base: str, now: datetime) -> Condition:
    condition = _asked(named, name, value, base, now)
    if named.nobody:
        return Condition(False)
    # What is at a place has the number of the place, so that there is only one of each type that refers to it.
    if named.through is None or named.through is kind.of:
        return condition
    return one_of_theirs(named.through, condition)


def _asked(named: Named, name: str, value: str, base: str, now: datetime) -> Condition:
    source = named.parameter.source
    if named.modifier == "missing":
        wanted = plain(value)
        if wanted not in ("true", "false"):
            raise invalid("behind :missing stands true or false", name)
        return presence(source, Asked(name, (), "missing", base, now), lacking=wanted == "true")
    values = tuple(split(value, ","))
    if len(values) > MOST_VALUES:
        raise Refused(Issue("too-costly", f"one parameter has at most {MOST_VALUES} values", name))
    if not all(plain(each).strip() for each in values):
        raise invalid("one of the values between the commas is empty", name)
    if named.parameter.type == "string":
        values = tuple(plain(each) for each in values)
    return source.condition(Asked(name, values, named.modifier, base, now))


# --- the answer's shape -------------------------------------------------------------------------------------------


def _control(
    pairs: Pairs, kind: Kind, table: Mapping[str, Kind], *, near: bool
) -> tuple[Control, list[tuple[str, str]], list[Issue]]:
    once = preferences.only_once(pairs)
    left_out: list[Issue] = []
    shaping: list[tuple[str, str]] = []
    includes = []
    for name, value in pairs:
        if name in preferences.INCLUDES:
            found = _includes(name, value, kind, table)
            if not found:
                says = f"{kind.name} has no {name.partition(':')[0]} of this name, and it was left out"
                left_out.append(Issue("not-supported", says, name, "warning"))
                continue
            includes += found
            shaping.append((name, value))
    values: dict[str, str] = {name: value for name, value in once.items() if value}
    count = preferences.count(values.get("_count", str(preferences.PAGE_SIZE)))
    sort, issues = _sort(values.pop("_sort", ""), kind, near=near)
    left_out += issues
    part = formats.part(values.get("_summary"), [values.get("_elements", "")], [kind.name])
    control = Control(
        count=count,
        part=part,
        total=preferences.one_of(values.get("_total", "accurate"), preferences.TOTALS, "_total"),
        sort=sort,
        page=values.pop(preferences.PAGE, ""),
        includes=tuple(dict.fromkeys(includes)),
    )
    if sort:
        shaping.append(("_sort", sort))
    shaping += [(name, value) for name, value in values.items() if name != "_count"]
    return control, [*shaping, ("_count", str(count))], left_out


def _sort(text: str, kind: Kind, *, near: bool) -> tuple[str, list[Issue]]:
    """What it is sorted by. What is alike is always sorted by its number, so that may stand behind."""
    names = [each for each in text.split(",") if each]
    if len(names) > 1 and names[-1] == "_id":
        names.pop()
    if not names:
        return "", []
    if len(names) > 1:
        raise unsupported("one thing to sort by is enough here; what is alike is sorted by _id", "_sort")
    name = names[0]
    if name == "-near":
        raise unsupported("the farthest first is not an order that anybody is helped by", "_sort")
    if name.lstrip("-") not in kind.sorts or name.startswith("--"):
        says = f"{kind.name} can be sorted by {', '.join(kind.sorts)}; the order asked for, and it was left out"
        return "", [Issue("not-supported", says, "_sort", "warning")]
    if name == "near" and not near:
        raise invalid("it can be sorted by near where the search says near what", "_sort")
    return name, []


def _includes(name: str, value: str, kind: Kind, table: Mapping[str, Kind]) -> list[Include]:
    """What is to come along; nothing where that is not known. ``*`` is all that is."""
    which, _, iterate = name.partition(":")
    reverse = which == "_revinclude"
    known = list(_known(kind, table, reverse=reverse, iterate=bool(iterate)))
    if value == "*":
        return [Include(source, parameter, "", reverse, bool(iterate)) for source, parameter in known]
    source, _, rest = value.partition(":")
    parameter, _, target = rest.partition(":")
    wanted = (
        [(source, each) for each in table[source].includes]
        if parameter == "*" and source in table
        else [(source, parameter)]
    )
    if target and target not in table:
        return []
    return [Include(*each, target, reverse, bool(iterate)) for each in wanted if each in known]


def _known(kind: Kind, table: Mapping[str, Kind], *, reverse: bool, iterate: bool) -> Iterable[tuple[str, str]]:
    kinds = table.values() if iterate else [kind]
    for each in kinds:
        if reverse:
            yield from (
                (source, parameter) for source, _, parameter in (name.partition(":") for name in each.revincludes)
            )
        else:
            yield from ((each.name, parameter) for parameter in each.includes)
