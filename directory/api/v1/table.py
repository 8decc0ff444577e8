"""How an operation is described: what routes, checks of parameters, the OpenAPI document and the page are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from directory.api.problems import Fault

Kind = Literal["text", "whole", "number", "flag"]
LARGEST: Final = 2**53 - 1
"""The largest number that every reader of JSON knows exactly."""
YES_NO: Final = ("yes", "no")
_WHOLE: Final = re.compile(r"[0-9]{1,19}")
_NUMBER: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of an address. ``several`` may be given more than once, and any of the values counts."""

    name: str
    said: str
    kind: Kind = "text"
    codes: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    longest: int = 200
    several: bool = False
    needed: bool = False
    example: str | None = None

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON schema, in the words of OpenAPI 3.1."""
        one = self._one()
        return {"type": "array", "items": one, "maxItems": 20} if self.several else one

    def _one(self) -> dict[str, Any]:
        if self.kind == "flag":
            return {"type": "string", "enum": list(YES_NO)}
        if self.kind in ("whole", "number"):
            bounds = {"minimum": self.least or 0, "maximum": self.most or LARGEST}
            return {"type": "integer" if self.kind == "whole" else "number", **bounds}
        if self.codes:
            return {"type": "string", "enum": list(self.codes)}
        return {"type": "string", "minLength": 1, "maxLength": self.longest}

    def faults(self, values: Sequence[str]) -> Iterator[str]:
        """What is wrong with these values, by the schema above."""
        if self.needed and not values:
            yield f"Please give “{self.name}”."
        if len(values) > 1 and not self.several:
            yield f"“{self.name}” may be given once only."
        for value in values:
            fault = self._fault(value)
            if fault:
                yield fault

    def _fault(self, value: str) -> str | None:
        if not value or len(value) > self.longest or _UNREADABLE.search(value):
            return f"“{self.name}” must be a text of 1 to {self.longest} signs."
        codes = YES_NO if self.kind == "flag" else self.codes
        if codes and value not in codes:
            return f"“{self.name}” must be one of {', '.join(codes)}."
        if self.kind in ("whole", "number"):
            shape = _WHOLE if self.kind == "whole" else _NUMBER
            least, most = self.least or 0, self.most or LARGEST
            if not shape.fullmatch(value) or not least <= float(value) <= most:
                return f"“{self.name}” must be a plain number from {least} to {most}."
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An answer that can be recognised before it is made: by its tag, where one is known; else by its content."""

    make: Callable[[], BaseModel]
    tag: str | None = None
    changed_at: datetime | None = None


View = Callable[..., Prepared]
"""Given the parameters of the address by keyword as ``asked``, those of the path by name, and the body as ``sent``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation. ``name`` is its endpoint and its ``operationId``; ``path`` as OpenAPI writes it."""

    name: str
    method: Literal["GET", "POST"]
    path: str
    group: str
    summary: str
    said: str
    answer: type[BaseModel]
    view: View
    parameters: tuple[Parameter, ...] = ()
    of_path: tuple[Parameter, ...] = ()
    body: type[BaseModel] | None = None
    refuses: Callable[[MultiDict[str, str]], list[Fault]] | None = None
    """What else may not stand in an address, told in words of its own."""
    refusals: Mapping[int, str] = field(default_factory=dict)
    """Statuses besides those that every operation may answer, and what they mean."""
    dated: bool = False
    """Whether the answer says when it last changed."""
    example_path: str = ""
    """The address after the prefix that an example asks."""
    example_body: Mapping[str, Any] | None = None

    @property
    def rule(self) -> str:
        """The path as the router writes it."""
        whole = {each.name for each in self.of_path if each.kind == "whole"}
        return re.sub(r"\{(\w+)\}", lambda found: f"<{'int:' if found[1] in whole else ''}{found[1]}>", self.path)

    def faults(self, asked: MultiDict[str, str]) -> list[Fault]:
        """Everything that is wrong with the parameters of an address."""
        known = {each.name: each for each in self.parameters}
        found = [] if self.refuses is None else self.refuses(asked)
        told = {each.parameter for each in found}
        found += [
            Fault(detail=f"There is no parameter “{name[:40]}” here.", parameter=name[:40])
            for name in asked
            if name not in known and name not in told
        ]
        for name, parameter in known.items():
            found += (Fault(detail=said, parameter=name) for said in parameter.faults(asked.getlist(name)))
        return found
