"""The profile and the card exactly as patients see them, or would: before publishing with everything as it is checked
so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from directory.credentials import queries as credentials
from directory.credentials.evidence import queries as evidence_queries
from directory.credentials.rules import Paper, Permit, permits
from directory.credentials.terms import STATUTORY_ACUPUNCTURE, CredentialKind, Mode
from directory.geo.timezones import is_zone
from directory.guide import cautions, emergency, evidence
from directory.http import who
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import Jurisdiction, Regime, rule_for
from directory.search import cards as of_search
from directory.search import listings
from directory.search.criteria import Criteria, PageKey, Point
from directory.search.listings import Listing
from directory.search.results import Match, Score
from directory.search.visible import Open, open_places
from directory.web import stories
from directory.web.practice.blueprint import pages
from directory.web.presenters import cards, portraits, profiles, talks

_LICENCES = STATUTORY_ACUPUNCTURE | {
    CredentialKind.ACCREDITED_REGISTER,
    CredentialKind.PROFESSIONAL_BODY,
    CredentialKind.STATUTORY_OTHER_PROFESSION,
    CredentialKind.NATIONAL_CERTIFICATION,
}
"""Papers on which a listing could rest."""


@pages.get("/preview")
def preview() -> ResponseReturnValue:
    """The public page with a banner that says who sees it."""
    found = evidence_queries.own_profile(session(), who.account().id)
    person = found.person
    rules = jurisdictions.all_rules(session())
    own = sorted(listings.read(session(), practitioner_ids=[person.id]), key=lambda each: each.place.id)
    now = site().clock()
    shown = open_places(own, rules, now=now)
    public = bool(shown)
    if not public:
        shown = [as_if_open(each, rules, now) for each in own if is_zone(each.place.timezone)]
    if not shown:
        return render_template("practice/no_preview.html", person=person)
    view = profiles.view(
        person,
        shown,
        on_file=credentials.papers_on_file(session(), person.id),
        covers=credentials.covers_on_file(session(), person.id),
        way=found.way,
        rules=rules,
    )
    return render_template(
        "practice/preview.html",
        person=person,
        view=view,
        card=_card(shown, rules, public=public),
        public=public,
        photo=portraits.public(person, found.photo) if public else portraits.own(found.photo, found.newer),
        stories=stories.published(person.id, rules),
        answers_within=talks.answers_within(person.id),
        told_pregnant=None,
        picked=(),
        to_raise=(),
        questions=cautions.QUESTIONS,
        evidence=evidence,
        emergency=emergency,
        help=emergency.help_in(shown[0].listing.place.country),
    )


def as_if_open(listing: Listing, rules: Mapping[str, Jurisdiction], now: datetime) -> Open:
    """A place that is not shown, as it would look with what is checked today and what is only said."""
    today = now.astimezone(ZoneInfo(listing.place.timezone)).date()
    rule = rule_for(listing.place.jurisdiction, rules)
    permit = permits(listing.person, rule, place_id=listing.place.id, today=today)
    basis = permit.basis or tuple(_said(listing.person.papers, rule))
    return Open(listing, Permit((), basis, no_licence_exists=permit.no_licence_exists), today)


def _said(papers: Sequence[Paper], rule: Jurisdiction | None) -> list[Paper]:
    """The papers that could carry a listing here, once they are checked."""
    if rule is None:
        return []
    return [paper for paper in papers if paper.kind in _LICENCES and not paper.superseded and _speaks_of(paper, rule)]


def _speaks_of(paper: Paper, rule: Jurisdiction) -> bool:
    if rule.regime is Regime.STATUTORY:
        return paper.jurisdiction == rule.code
    return paper.jurisdiction is None or paper.jurisdiction.partition("-")[0] == rule.country


def _card(shown: Sequence[Open], rules: Mapping[str, Jurisdiction], *, public: bool) -> cards.Card | None:
    """The card as it stands in a list, for somebody at the door of the first practice who asked for nothing."""
    first = shown[0]
    place, rule = first.listing.place, rule_for(first.listing.place.jurisdiction, rules)
    if rule is None:
        return None
    match: Match = of_search.card(
        first.listing,
        permit=first.permit,
        rule=rule,
        mode=Mode.IN_PERSON,
        today=first.today,
        there=first.today,
        km=0.0,
        wishes_met=(),
        wishes_unmet=(),
        protocols_met=(),
        score=Score((), 0.0),
        key=PageKey(0, 0, 0, first.listing.practitioner.id),
    )
    point = Point(place.latitude, place.longitude, place.country, place.jurisdiction, place.timezone)
    found = cards.card(match, Criteria(point=point), today=first.today)
    # A page that nobody may see yet cannot be linked to.
    return found if public else replace(found, href=url_for("practice.preview"))
