"""What the table of searches is made of: types of resources, their parameters, and what each of those can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Final

from directory.api.fhir.conditions import Of
from directory.api.fhir.prefixes import PREFIXES
from directory.api.fhir.sources import Reference, Source

HAS: Final = "_has"
FHIR, PLAN_NET, MCSD, NDH = "FHIR R4", "Plan-Net", "mCSD", "NDH"

MODIFIERS: Final[Mapping[str, tuple[str, ...]]] = {
    "string": ("exact", "contains", "missing"),
    "token": ("not", "missing"),
    "reference": ("missing",),
    "date": ("missing",),
    "special": ("missing",),
    "uri": ("missing",),
}
"""By type of parameter. ``reference`` also takes the type that is referred to, as in ``target:Practitioner``."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a search."""

    name: str
    type: str
    expression: str
    """What it reads."""
    standards: tuple[str, ...]
    """Who asks for it."""
    source: Source
    _: KW_ONLY
    definition: str = ""
    """The address of its definition, where one of the standards gives it."""
    says: str = ""
    """What else there is to know."""
    chains: tuple[str, ...] = ()
    """Which parameters of what is referred to may follow behind a full stop."""
    target: tuple[str, ...] = ()

    @property
    def modifiers(self) -> tuple[str, ...]:
        """What may stand behind a colon."""
        found = MODIFIERS[self.type]
        return found if self.name != "_id" else ("not",)

    @property
    def nobody_refers(self) -> bool:
        """Whether it is a reference that no resource here has."""
        return isinstance(self.source, Reference) and not self.source.present

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What may stand before a value."""
        return PREFIXES if self.type == "date" else ()

    @property
    def documentation(self) -> str:
        """The whole in words."""
        parts = [f"Reads {self.expression}."]
        if self.modifiers:
            parts.append(f"Modifiers: {', '.join(f':{each}' for each in self.modifiers)}.")
        if self.prefixes:
            parts.append(f"Prefixes: {', '.join(self.prefixes)}; without a time zone a time is in UTC.")
        if self.chains:
            parts.append(f"Chains: {', '.join(f'{self.name}.{each}' for each in self.chains)}.")
        if self.says:
            parts.append(self.says)
        return " ".join([*parts, f"Asked for by {', '.join(self.standards)}."])


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of resource."""

    name: str
    of: Of
    one_each: str
    """What one resource of it stands for, in words."""
    parameters: Mapping[str, Parameter]
    includes: Mapping[str, str]
    """``_include`` without the type before the colon, with the expression of the element that refers."""
    revincludes: tuple[str, ...]
    sorts: tuple[str, ...]
    """What ``_sort`` knows."""
    profiles: tuple[str, ...] = ()
