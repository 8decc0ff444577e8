"""People whom a public register names: unclaimed and unchecked. No search engine keeps these pages, no search of ours
finds them, and whoever is meant can claim theirs or have it taken down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.cases import service as cases
from directory.cases.models import Contact
from directory.cases.rules import WORKING_DAYS
from directory.cases.terms import Kind
from directory.errors import NotFound
from directory.http.locale import current, gettext
from directory.http.site import session, site
from directory.practitioners.rules import npi_is_valid
from directory.registries import queries, rules, service
from directory.registries.models import RegistryEntry
from directory.registries.terms import Standing
from directory.web.forms.registry import STATES, ClaimForm, LookupForm, RemovalForm

pages = Blueprint("registry", __name__, url_prefix="/registry")

READ_ON = date(2026, 11, 26)
"""When the register's own words about itself were last read."""


@pages.after_request
def _keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@dataclass(frozen=True, slots=True)
class Named:
    """What is shown of an entry."""

    npi: str
    name: str
    where: str
    as_of: date


@pages.get("")
def index() -> ResponseReturnValue:
    """Find one's own entry, by number or by family name and state."""
    asked = any(name in request.args for name in ("npi", "name", "state"))
    form = LookupForm(request.args if asked else None)
    if asked and not form.validate():
        return render_template("registry/index.html", form=form, found=None, more=False, newest=_newest()), 422
    if not asked:
        return render_template("registry/index.html", form=form, found=None, more=False, newest=_newest())
    if form.npi.data:
        if queries.entry(session(), form.npi.data) or queries.is_removed(session(), form.npi.data):
            return redirect(url_for("registry.entry", npi=form.npi.data), 303)
        return render_template("registry/index.html", form=form, found=[], more=False, newest=_newest())
    people = queries.of_name(session(), form.name.data, form.state.data)
    found = [_named(each) for each in people.entries]
    return render_template("registry/index.html", form=form, found=found, more=people.more, newest=_newest())


@pages.get("/<npi>")
def entry(npi: str) -> ResponseReturnValue:
    """What the register says: 404 where it never named anybody, 410 where the page was taken down."""
    slug = queries.profile_of(session(), npi) if npi_is_valid(npi) else None
    if slug is not None:
        return redirect(url_for("practitioners.profile", slug=slug))
    return _entry(npi, RemovalForm())


@pages.post("/<npi>/remove")
def remove(npi: str) -> ResponseReturnValue:
    """Take the page down, at once and without proof: there is nothing on it that anybody checked."""
    form = RemovalForm()
    if not form.validate():
        return _entry(npi, form)
    if not npi_is_valid(npi):
        raise _nobody()
    service.remove(session(), npi, now=site().clock())
    return redirect(url_for("registry.removed"), 303)


@pages.get("/removed")
def removed() -> str:
    """What happens after a removal."""
    return render_template("registry/removed.html")


@pages.get("/<npi>/claim")
def claim(npi: str) -> ResponseReturnValue:
    """The form of somebody who says "this is me"."""
    return _claim(npi, ClaimForm())


@pages.post("/<npi>/claim")
def send_claim(npi: str) -> ResponseReturnValue:
    """Open a case for it; a form that cannot be used comes back with 422 as it was typed."""
    form = ClaimForm()
    if not form.validate():
        return _claim(npi, form, status=422)
    _must_be_claimable(npi)
    contact = Contact(name=form.name.data, email=form.email.data, reach=form.reach.data, note=form.note.data)
    try:
        cases.open_case(session(), Kind.PROFILE_CLAIM, f"npi:{npi}", contact, now=site().clock())
    except cases.TooMany:
        form.form_errors.append(
            gettext("Several people wrote to us about this today, so we cannot take another message. Try tomorrow.")
        )
        return _claim(npi, form, status=429)
    return redirect(url_for("registry.claimed"), 303)


@pages.get("/claimed")
def claimed() -> str:
    """What happens after a claim."""
    return render_template("registry/claimed.html", working_days=WORKING_DAYS)


def _entry(npi: str, form: RemovalForm) -> ResponseReturnValue:
    found = queries.entry(session(), npi) if npi_is_valid(npi) else None
    is_removed = found is None and npi_is_valid(npi) and queries.is_removed(session(), npi)
    if found is None and not is_removed:
        raise _nobody()
    if found is None or found.standing is not Standing.SHOWN:
        return render_template("registry/gone.html", npi=npi, why=_why_gone(found), removed=is_removed), 410
    page = render_template("registry/entry.html", person=_named(found), form=form, read_on=READ_ON)
    return (page, 422) if form.errors else page


def _claim(npi: str, form: ClaimForm, *, status: int = 200) -> ResponseReturnValue:
    found = _must_be_claimable(npi)
    person = None if found is None else _named(found)
    return render_template("registry/claim.html", npi=npi, person=person, form=form), status


def _must_be_claimable(npi: str) -> RegistryEntry | None:
    """The entry that may be claimed, ``None`` for one that was taken down by request; otherwise ``NotFound``."""
    found = queries.entry(session(), npi) if npi_is_valid(npi) else None
    if found is not None and found.standing is Standing.SHOWN:
        return found
    if found is None and npi_is_valid(npi) and queries.is_removed(session(), npi):
        return None
    raise _nobody()


def _nobody() -> NotFound:
    return NotFound(gettext("There is no entry under this number."))


def _why_gone(entry: RegistryEntry | None) -> str:
    if entry is None:
        return str(
            gettext(
                "Somebody asked us to take this page down, and we did. We keep the number alone, so that no later "
                "copy of the register brings the page back."
            )
        )
    if entry.standing is Standing.DEACTIVATED:
        return str(
            gettext(
                "The national register says that this number is not in use any more. That may have an ordinary "
                "reason, such as retirement or a change of work."
            )
        )
    if entry.standing is Standing.OTHER_WORK:
        return str(gettext("The national register does not name this person as an acupuncturist any more."))
    return str(gettext("The newest copy of the national register does not name this person."))


def _named(entry: RegistryEntry) -> Named:
    region = STATES.get(entry.region, rules.readable(entry.region)) if entry.country == "US" else entry.region
    country = "" if entry.country == "US" else current().territories.get(entry.country, entry.country)
    return Named(
        npi=entry.npi,
        name=rules.full_name(entry.first_name, entry.middle_name, entry.last_name, entry.suffix),
        where=", ".join(part for part in (rules.readable(entry.city), region, country) if part),
        as_of=entry.as_of,
    )


def _newest() -> date | None:
    return queries.newest_day(session())
