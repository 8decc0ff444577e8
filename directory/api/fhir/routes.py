"""The addresses below /fhir, made of the table: what a client sends becomes a search, and what is found a Bundle."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from directory.api.fhir import answers, capability, parameters, preferences, searches
from directory.api.fhir.formats import Unacceptable
from directory.api.fhir.held import Held
from directory.api.fhir.outcomes import Issue, Refused
from directory.api.fhir.table import TABLE
from directory.http import conditional
from directory.http.site import session, site

fhir = Blueprint("fhir", __name__, url_prefix="/fhir")

HELD: Final = "stillpoint-fhir"
FORM: Final = "application/x-www-form-urlencoded"


@fhir.errorhandler(Refused)
def _refused(refused: Refused) -> Response:
    return answers.refusal(refused)


@fhir.errorhandler(Unacceptable)
def _unacceptable(error: Unacceptable) -> Response:
    return answers.unacceptable(error)


@fhir.after_app_request
def _before_asking(response: Response) -> Response:
    """Tell a browser that asks whether another site's script may read here that it may."""
    if request.method == "OPTIONS" and request.path.startswith(f"{fhir.url_prefix}/"):
        return answers.public(response)
    return response


@fhir.get("/metadata")
def metadata() -> Response:
    """What this server can do."""
    config = site().config
    told = capability.statement(
        TABLE,
        base=answers.base(),
        name=config.site_name,
        publisher=config.operator_name,
        version=version("stillpoint"),
        at=site().clock(),
    )
    return answers.resource(told)


def search(kind: str) -> Response:
    """Who fits what the address asks; 304 for whoever has it already."""
    pairs = list(request.args.items(multi=True))
    if parameters.hangs_on_the_instant(pairs):
        return _search(kind, pairs)
    etag = conditional.of_shown(answers.form(), preferences.handling(request.headers.getlist("Prefer")))
    if conditional.is_known(etag):
        response = answers.public(conditional.same(etag, weak=True))
    else:
        response = conditional.marked(_search(kind, pairs), etag, weak=True)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers.add("Vary", "Prefer")
    return response


def search_by_post(kind: str) -> Response:
    """Who fits what the address and the form ask."""
    if request.mimetype != FORM:
        raise Refused(Issue("not-supported", f"a search is sent as {FORM}"), status=415)
    return _search(kind, [*request.args.items(multi=True), *request.form.items(multi=True)])


for _kind in TABLE:
    fhir.add_url_rule(f"/{_kind}", "search", search, defaults={"kind": _kind}, strict_slashes=False)
    fhir.add_url_rule(f"/{_kind}/_search", "search_by_post", search_by_post, defaults={"kind": _kind}, methods=["POST"])


@fhir.record_once
def _with_strings(state: BlueprintSetupState) -> None:
    state.app.extensions[HELD] = Held()


def _held() -> Held:
    """What the process of this application holds."""
    found: Held = current_app.extensions[HELD]
    return found


def _search(kind: str, pairs: list[tuple[str, str]]) -> Response:
    now, base = site().clock(), answers.base()
    handling = preferences.handling(request.headers.getlist("Prefer"))
    asked = parameters.read(pairs, TABLE[kind], TABLE, base=base, handling=handling, now=now)
    shown = site().shown.current(session(), site().index, now=now)
    secret = site().config.secret_key
    bundle = searches.page(session(), asked, shown, _held(), base=base, secret=secret, now=now)
    return answers.resource(bundle)
