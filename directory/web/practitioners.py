"""The public page of one practitioner, shown while the rules allow it at one of their places and not a day longer, and
the way to it by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.credentials import queries as credentials
from directory.credentials.evidence import photos
from directory.credentials.evidence import queries as evidence_queries
from directory.credentials.evidence.queries import Profile
from directory.credentials.evidence.store import Store
from directory.credentials.rules import admits_pregnancy
from directory.entries import queries as entries
from directory.errors import Gone, NotFound
from directory.guide import cautions as guide
from directory.guide import emergency, evidence
from directory.http import conditional, counting
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.practitioners import queries as people
from directory.practitioners.closing import queries as closings
from directory.practitioners.closing.rules import is_told
from directory.practitioners.merging import queries as merging
from directory.practitioners.models import Practitioner
from directory.privacy import queries as privacy
from directory.search import listings
from directory.search.by_name import find_by_name
from directory.search.visible import Open, open_places
from directory.web import facts, picks, stories
from directory.web.forms.practitioners import NameForm
from directory.web.presenters import (
    checks,
    contact_card,
    gone,
    named,
    pictures,
    portraits,
    profiles,
    sharing,
    since,
    structured,
    talks,
    told,
)

pages = Blueprint("practitioners", __name__, url_prefix="/practitioners")

_PHOTO_SECONDS: Final = 3600
"""How long a browser keeps a photo, and so at most how long after its end somebody may still see it."""


@pages.get("")
def find() -> ResponseReturnValue:
    """Who bears a name, among those who may be shown today; 422 with what was typed when it is no name."""
    asked = "name" in request.args
    form = NameForm(request.args if asked else None)
    found = None
    if asked and form.validate():
        found = find_by_name(session(), form.name.data, now=site().clock(), holder=site().names)
    page = render_template(
        "practitioners/find.html",
        form=form,
        asked=asked,
        found=found,
        heading_of_named=named.heading(found) if found is not None else "",
        named=named.lines(found.named) if found is not None else [],
        close=named.lines(found.close) if found is not None else [],
        evidence=evidence,
    )
    return page, 422 if form.errors else 200


@pages.get("/<slug>")
def profile(slug: str) -> ResponseReturnValue:
    """Everything a patient may know about somebody: 404 when never published, 410 when not allowed to show now."""
    found = _by_slug(slug)
    practitioner = found.person
    if practitioner.published_at is None:
        raise NotFound(gettext("There is no practitioner at this address."))
    rules = jurisdictions.all_rules(session())
    shown = _shown(practitioner, rules)
    if not shown:
        return _gone(practitioner, rules)
    counting.viewed(practitioner)
    words = sharing.of_profile(shown, rules)
    sharing.show(words, url_for("practitioners.picture", slug=slug, mark=words.mark, lang=None))
    return render_template(
        "practitioners/profile.html",
        person=practitioner,
        data=structured.as_script(structured.profile(shown, rules, address=_address(practitioner))),
        view=profiles.view(
            practitioner,
            shown,
            on_file=credentials.papers_on_file(session(), practitioner.id),
            covers=credentials.covers_on_file(session(), practitioner.id),
            way=found.way,
            rules=rules,
        ),
        photo=portraits.public(practitioner, found.photo),
        stories=stories.published(practitioner.id, rules),
        told_pregnant=_told_pregnant(shown, rules),
        picked=picks.read(),
        to_raise=told.to_raise(
            facts.read(), protocols=shown[0].listing.protocols, techniques=shown[0].listing.techniques
        ),
        questions=guide.QUESTIONS,
        answers_within=talks.answers_within(practitioner.id),
        evidence=evidence,
        emergency=emergency,
        help=emergency.help_in(shown[0].listing.place.country),
    )


def _by_slug(slug: str) -> Profile:
    """The person at this address; ``Gone`` for one who has left for good, ``NotFound`` where nobody ever was, and a way
    on (301) to the profile into which another one went."""
    try:
        return evidence_queries.profile(session(), slug)
    except NotFound:
        into = merging.leads_to(session(), slug)
        onward = merging.slug_of(session(), into) if into is not None else None
        if onward is not None:
            abort(redirect(url_for("practitioners.profile", slug=onward), 301))
        if into is not None or privacy.gone_since(session(), slug=slug) is not None:
            raise Gone(gettext("This page was here once and is not now.")) from None
        raise


@pages.get("/<slug>/photo-<mark>.jpg")
@pages.get("/<slug>/photo-<mark>-small.jpg", endpoint="small_photo")
def photo(slug: str, mark: str) -> ResponseReturnValue:
    """The accepted photo of somebody who may be shown today; its address changes with the picture."""
    practitioner = people.by_slug(session(), slug)
    live = evidence_queries.live_photo(session(), practitioner.id)
    rules = jurisdictions.all_rules(session())
    if live is None or portraits.mark(live) != mark or not _shown(practitioner, rules):
        raise NotFound(gettext("There is no photo at this address."))
    small = request.endpoint == "practitioners.small_photo"
    response = Response(photos.read(Store(site().config.evidence_dir), live, small=small), mimetype="image/jpeg")
    response.headers["Cache-Control"] = f"public, max-age={_PHOTO_SECONDS}"
    return response


@pages.get("/<slug>.vcf")
def contact(slug: str) -> ResponseReturnValue:
    """Somebody who may be shown today as a contact to save: what reaches them, and nothing about health."""
    stand = entries.stand_at(session(), slug, now=site().clock())
    etag = conditional.tag(None if stand is None else stand.tag)
    if conditional.is_known(etag):
        return conditional.same(etag)
    practitioner = people.by_slug(session(), slug)
    rules = jurisdictions.all_rules(session())
    shown = _shown(practitioner, rules)
    if not shown:
        raise (NotFound if practitioner.published_at is None else Gone)(gettext("There is no contact at this address."))
    said = [gettext("Saved from %(site)s. What we checked, and whether it still holds:", site=site().config.site_name)]
    if practitioner.fictional:
        said.insert(0, gettext(structured.FICTIONAL) + ".")
    text = contact_card.card(
        shown,
        address=_address(practitioner),
        title=structured.job_title(shown[0], rules),
        website=checks.website(practitioner.website),
        note=" ".join((*(str(each) for each in said), _address(practitioner))),
        changed=since.of(session(), [practitioner])[practitioner.id].changed,
    )
    response = Response(text, content_type=f"{contact_card.MEDIA_TYPE}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{practitioner.slug}.vcf"'
    response.headers["X-Robots-Tag"] = "noindex"
    return conditional.marked(response, etag)


@pages.get("/<slug>/picture-<mark>.png")
def picture(slug: str, mark: str) -> ResponseReturnValue:
    """What stands beside a link to a profile that somebody passes on. Its address changes with the picture; one that is
    no longer its own shows what is right now, and is not kept."""
    practitioner = people.by_slug(session(), slug)
    rules = jurisdictions.all_rules(session())
    shown = _shown(practitioner, rules)
    if not shown:
        raise (NotFound if practitioner.published_at is None else Gone)(gettext("There is no picture at this address."))
    words = sharing.of_profile(shown, rules)
    return pictures.answer(words, right=mark == words.mark)


def _address(practitioner: Practitioner) -> str:
    return sharing.full(url_for("practitioners.profile", slug=practitioner.slug, lang=None))


def _shown(practitioner: Practitioner, rules: Mapping[str, Jurisdiction]) -> list[Open]:
    return open_places(listings.read(session(), practitioner_ids=[practitioner.id]), rules, now=site().clock())


def _gone(practitioner: Practitioner, rules: Mapping[str, Jurisdiction]) -> ResponseReturnValue:
    """Who was shown once and is not now. The page names nobody, whoever the address does."""
    places = people.whereabouts(session(), practitioner.id)
    closed = closings.closing(session(), practitioner.id)
    told = closed is not None and is_told(closed.noted_at, now=site().clock())
    view = gone.view(places, rules, practises_no_longer=told)
    return render_template("practitioners/gone.html", view=view, evidence=evidence), 410


def _told_pregnant(shown: list[Open], rules: Mapping[str, Jurisdiction]) -> str | None:
    """A warning for a visitor who told us of a pregnancy that this person does not, or may not, take on."""
    known = facts.read()
    for each in shown:
        patient = known.patient(today=each.today)
        rule = rule_for(each.listing.place.jurisdiction, rules)
        if patient.gestation is None or rule is None:
            return None
        if not admits_pregnancy(each.listing.person, rule, weeks=patient.gestation, today=each.today):
            return None
    return str(
        gettext(
            "You told us that you are or may be pregnant. This person is not in your list, because not everything we "
            "ask for in pregnancy is in place for these weeks."
        )
    )
