"""The addresses below /fhir at which resources are read one by one, followed as they change, and taken all at once."""

from __future__ import annotations

from flask import Blueprint, Response

from directory.api.fhir import answers, export, history
from directory.api.fhir.formats import Unacceptable
from directory.api.fhir.outcomes import Issue, Refused
from directory.api.fhir.resources import KINDS

pages = Blueprint("fhir_files", __name__, url_prefix="/fhir")


@pages.errorhandler(Refused)
def _refused(refused: Refused) -> Response:
    return answers.refusal(refused)


@pages.errorhandler(Unacceptable)
def _unacceptable(error: Unacceptable) -> Response:
    return answers.unacceptable(error)


def read(kind: str, id: str) -> Response:  # noqa: A002 -- FHIR's own word for it
    """One resource; what is asked of a type as an operation is none."""
    if id.startswith("$"):
        says = "There are no operations on a type. Everything is exported by /fhir/$export, one type of it with _type."
        raise Refused(Issue("not-supported", says), status=404)
    return history.read(kind, id)


def vread(kind: str, id: str, version: str) -> Response:  # noqa: A002
    """One version of one resource."""
    return history.vread(kind, id, version)


def history_of_one(kind: str, id: str) -> Response:  # noqa: A002
    """What became of one resource."""
    return history.of_one(kind, id)


def history_of_type(kind: str) -> Response:
    """What changed among the resources of a type."""
    return history.of_type(kind)


for _kind in KINDS:
    pages.add_url_rule(f"/{_kind}/<id>", "read", read, defaults={"kind": _kind})
    pages.add_url_rule(f"/{_kind}/<id>/_history/<version>", "vread", vread, defaults={"kind": _kind})
    pages.add_url_rule(f"/{_kind}/<id>/_history", "history_of_one", history_of_one, defaults={"kind": _kind})
    pages.add_url_rule(f"/{_kind}/_history", "history_of_type", history_of_type, defaults={"kind": _kind})


@pages.get("/_history")
def history_of_all() -> Response:
    """What changed."""
    return history.of_all()


@pages.get("/$export")
def begin_export() -> Response:
    """The wish for everything."""
    return export.begin()


@pages.post("/$export", endpoint="begin_export_by_post")
def begin_export_by_post() -> Response:
    """The same, sent as a resource."""
    return export.begin_by_post()


@pages.get("/export/status/<token>")
def export_status(token: str) -> Response:
    """Where everything is."""
    return export.status(token)


@pages.delete("/export/status/<token>", endpoint="cancel_export")
def cancel_export(token: str) -> Response:
    """The wish is taken back."""
    return export.cancel(token)


@pages.get("/export/<name>.ndjson")
def export_file(name: str) -> Response:
    """All of one type."""
    return export.file(name)
