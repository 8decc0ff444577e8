"""What this server can do, as a CapabilityStatement: read off the table by which it does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from directory.api.fhir.kinds import HAS, Kind, Parameter
from directory.api.fhir.preferences import LARGEST_PAGE, PAGE_SIZE

FHIR_VERSION: Final = "4.0.1"
INSTANTIATES: Final = (
    "http://hl7.org/fhir/us/davinci-pdex-plan-net/CapabilityStatement/plan-net",
    "https://profiles.ihe.net/ITI/mCSD/CapabilityStatement/IHE.mCSD.Directory",
)
FORMATS: Final = ("application/fhir+json", "application/fhir+xml", "json", "xml")
EXPORT: Final = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export"

_SAYS: Final = (
    "Practitioners of acupuncture whose papers were checked, and where they work. Only who may be shown today is "
    "found; who may not be any more answers 410 and is told by the history as deleted. Nobody has to say who they are, "
    "and what was asked is not kept. GET and POST _search do the same. A parameter that is not known is left out and "
    "told in the Bundle, or refused where the request says Prefer: handling=strict. Bundle.total counts everybody who "
    f"fits. A page has {PAGE_SIZE} entries, or _count, and {LARGEST_PAGE} at most; included resources are not counted. "
    "Pages follow one another by the number of the entry, by distance where the search is for what is near, or by "
    "_sort."
)


def statement(
    table: Mapping[str, Kind], *, base: str, name: str, publisher: str, version: str, at: datetime
) -> dict[str, Any]:
    """The resource."""
    return {
        "resourceType": "CapabilityStatement",
        "id": "directory",
        "url": f"{base}/metadata",
        "version": version,
        "name": "PractitionerDirectory",
        "title": f"{name}: FHIR R4",
        "status": "active",
        "date": at.date().isoformat(),
        "publisher": publisher,
        "description": _SAYS,
        "kind": "instance",
        "instantiates": list(INSTANTIATES),
        "software": {"name": name, "version": version},
        "implementation": {"description": name, "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": list(FORMATS),
        "rest": [
            {
                "mode": "server",
                "documentation": _SAYS,
                "security": {"cors": True, "description": "Everything is public and nobody signs in."},
                "resource": [_resource(each) for each in table.values()],
                "interaction": [{"code": "history-system", "documentation": "With _since, and what is gone since."}],
                "operation": [
                    {
                        "name": "export",
                        "definition": EXPORT,
                        "documentation": "Everything as NDJSON, with _type and _since; Prefer: respond-async.",
                    }
                ],
            }
        ],
    }


def _resource(kind: Kind) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": kind.name,
        "supportedProfile": list(kind.profiles),
        "documentation": kind.one_each,
        "interaction": [
            {"code": code} for code in ("read", "vread", "history-instance", "history-type", "search-type")
        ],
        "versioning": "versioned",
        "readHistory": False,
        "updateCreate": False,
        "conditionalCreate": False,
        "conditionalRead": "full-support",
        "conditionalUpdate": False,
        "conditionalDelete": "not-supported",
        "referencePolicy": ["literal"],
        "searchInclude": [f"{kind.name}:{each}" for each in kind.includes],
        "searchRevInclude": list(kind.revincludes),
        "searchParam": [*(_parameter(each) for each in kind.parameters.values()), *_reversed(kind)],
    }
    # An empty list is no JSON that FHIR allows.
    return {name: value for name, value in told.items() if value != []}


def _reversed(kind: Kind) -> list[dict[str, Any]]:
    if not kind.revincludes:
        return []
    ways = ", ".join(f"{HAS}:{each}:…" for each in kind.revincludes)
    says = f"A parameter of what refers to it, one step back: {ways}. It may be a chain, as in location.near."
    return [{"name": HAS, "type": "special", "documentation": says}]


def _parameter(parameter: Parameter) -> dict[str, Any]:
    told = {"name": parameter.name, "type": parameter.type, "documentation": parameter.documentation}
    if parameter.definition:
        told["definition"] = parameter.definition
    return told
